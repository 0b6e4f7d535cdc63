//! What the program writes is what its published JSON Schemas say, no more and no less.
//!
//! The published schemas leave room for further keys, as later versions may add some. Here they are
//! closed first, so that a key that nobody described, or one that was renamed, is found.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

#[path = "common/data.rs"]
mod data;

use data::{lines, starcue, written};
use jsonschema::Validator;
use serde_json::{Value, json};
use starcue::{Library, OutputKind};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

fn published(kind: OutputKind) -> Value {
    serde_json::from_str(kind.schema()).unwrap()
}

/// The same schema with no room for other keys, and none for other words than it lists as examples.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            for (_, part) in map.iter_mut() {
                *part = closed(part.take());
            }
            if map.contains_key("properties") {
                map.insert("additionalProperties".into(), false.into());
            }
            if map.get("type") == Some(&json!("string"))
                && let Some(words) = map.remove("examples")
            {
                map.insert("enum".into(), words);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|part| *part = closed(part.take())),
        _ => {}
    }
    schema
}

fn closed_validator(kind: OutputKind) -> Validator {
    jsonschema::validator_for(&closed(published(kind))).unwrap()
}

/// Holds outputs against a schema, as it is published and closed.
fn hold(kind: OutputKind, outputs: &[Value]) {
    assert!(!outputs.is_empty(), "nothing was written");
    let (open, closed) = (jsonschema::validator_for(&published(kind)).unwrap(), closed_validator(kind));
    for output in outputs {
        for validator in [&open, &closed] {
            if let Some(error) = validator.iter_errors(output).next() {
                panic!("{}: {error} at `{}` of {output}", kind.id(), error.instance_path());
            }
        }
    }
}

/// Every object in a value, by the way to it.
fn objects(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(k, v)| (k.replace('~', "~0").replace('/', "~1"), v)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    let below = inner.iter().flat_map(|(key, v)| objects(v).into_iter().map(move |way| format!("/{key}{way}")));
    value.is_object().then(String::new).into_iter().chain(below).collect()
}

/// Sample answers and weak ones of the whole bank, as records.
static ANSWERS: LazyLock<String> = LazyLock::new(|| {
    let library = Library::builtin().unwrap();
    let mut records = String::new();
    for q in library.questions() {
        let s = &q.sample;
        let answer = json!({"situation": s.situation, "task": s.task, "action": s.action, "result": s.result});
        records += &format!("{}\n", json!({"id": q.id, "question": q.id, "answer": answer}));
        if let Some(weak) = &q.weak {
            records +=
                &format!("{}\n", json!({"id": format!("{}-weak", q.id), "question": q.text, "answer": weak.answer}));
        }
    }
    records + "{\"answer\":\"Um.\"}\n"
});

fn score(args: &[&str]) -> Vec<u8> {
    let nowhere = tempfile::tempdir().unwrap();
    written(starcue(nowhere.path()).args(["score", "-"]).args(args).write_stdin(ANSWERS.as_str()))
}

/// All of them judged, with everything that there is to say.
static JUDGED: LazyLock<Vec<Value>> =
    LazyLock::new(|| lines(&score(&["--to", "jsonl", "--evidence", "quotes", "--include", "text"])));

#[test]
fn assessments_of_all_samples_are_as_the_schema_says() {
    assert!(JUDGED.len() > 400, "{}", JUDGED.len());
    hold(OutputKind::Assessment, &JUDGED);
    for evidence in ["none", "spans", "quotes"] {
        hold(OutputKind::Assessment, &lines(&score(&["--to", "jsonl", "--evidence", evidence])));
    }
    let array: Value = serde_json::from_slice(&score(&["--to", "json"])).unwrap();
    hold(OutputKind::Assessment, array.as_array().unwrap());
}

#[test]
fn every_key_of_the_schema_is_written_at_least_once() {
    fn keys(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, inner)| {
                into.insert(key.clone());
                keys(inner, into);
            }),
            Value::Array(list) => list.iter().for_each(|inner| keys(inner, into)),
            _ => {}
        }
    }
    let mut written = BTreeSet::new();
    JUDGED.iter().for_each(|one| keys(one, &mut written));
    let schema = published(OutputKind::Assessment);
    let parts = schema["definitions"].as_object().unwrap().values().chain([&schema]);
    let described: BTreeSet<String> =
        parts.flat_map(|part| part["properties"].as_object().unwrap().keys().cloned()).collect();
    assert_eq!(written, described);
}

#[test]
fn a_key_that_is_renamed_or_gone_is_noticed() {
    let (closed, open) = (
        closed_validator(OutputKind::Assessment),
        jsonschema::validator_for(&published(OutputKind::Assessment)).unwrap(),
    );
    // One with a minefield that comes from words, one with a minefield that comes from absence.
    let by_words = |one: &&Value| !one["minefields"][0]["evidence"][0].is_null();
    let by_absence = |one: &&Value| !one["minefields"][0]["absent"].is_null();
    let mut renamed = 0;
    for whole in [JUDGED.iter().find(by_words).unwrap(), JUDGED.iter().find(by_absence).unwrap()] {
        for way in objects(whole) {
            for key in whole.pointer(&way).unwrap().as_object().unwrap().keys() {
                let mut other = whole.clone();
                let object = other.pointer_mut(&way).unwrap().as_object_mut().unwrap();
                let value = object.remove(key).unwrap();
                let optional = ["quote", "absent", "text"].contains(&key.as_str());
                assert_eq!(open.is_valid(&other), optional, "without {way}/{key}");
                other.pointer_mut(&way).unwrap()[format!("{key}s")] = value;
                assert!(!closed.is_valid(&other), "{way}/{key}s in place of {way}/{key}");
                renamed += 1;
            }
        }
        let mut more = whole.clone();
        more["key_of_a_later_version"] = 1.into();
        assert!(open.is_valid(&more) && !closed.is_valid(&more));
    }
    assert!(renamed > 100, "{renamed}");
}

#[test]
fn selections_hold_the_keys_that_were_asked_for() {
    for select in ["id,score,band", "schema,id,minefields", "sections,sentences,behaviours,motivations", "text"] {
        let selected = lines(&score(&["--to", "jsonl", "--select", select]));
        hold(OutputKind::Selection, &selected);
        assert!(!jsonschema::is_valid(&published(OutputKind::Assessment), &selected[0]), "{select} is not the whole");
    }
    hold(OutputKind::Selection, &JUDGED[..20]);
}

/// A folder with a broken rubric, and files whose records are bad in every way that there is.
fn bad_records(dir: &Path) -> Vec<Value> {
    fs::create_dir_all(dir.join("content/rubrics")).unwrap();
    fs::write(dir.join("content/rubrics/torn.toml"), "schema = 1\nid = \"torn\"\nextends = \"nowhere\"\n").unwrap();
    let mut records = b"{\"answer\":\n{\"id\":\"a\"}\n{\"id\":\"b\",\"answer\":7}\n{\"answer\":\"caf\xe9\"}\n".to_vec();
    records.extend(format!("{}\n", json!({"answer": "w".repeat(5000)})).bytes());
    records.extend(b"{\"id\":\"c\",\"answer\":\"I did.\",\"rubric\":\"none\"}\n");
    records.extend(b"{\"id\":\"d\",\"answer\":\"I did.\",\"rubric\":\"torn\"}\n");
    let file = dir.join("bad.jsonl");
    fs::write(&file, records).unwrap();
    let cut_off = dir.join("cut-off.jsonl.gz");
    fs::write(&cut_off, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b]).unwrap();
    let mut command = starcue(dir);
    command.args(["score", "--to", "jsonl", "--max-record", "4KiB", "--allow-errors", "--content"]);
    lines(&written(command.arg(dir.join("content")).arg(file).arg(cut_off)))
}

#[test]
fn bad_records_of_every_code_are_as_the_schema_says() {
    let dir = tempfile::tempdir().unwrap();
    let bad = bad_records(dir.path());
    hold(OutputKind::Error, &bad);
    let written: BTreeSet<&str> = bad.iter().map(|b| b["code"].as_str().unwrap()).collect();
    let schema = published(OutputKind::Error);
    let known: BTreeSet<&str> =
        schema["properties"]["code"]["examples"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(written, known);
    let closed = closed_validator(OutputKind::Error);
    let whole = bad.iter().find(|b| !b["line"].is_null()).unwrap();
    for key in whole.as_object().unwrap().keys() {
        let mut other = whole.clone();
        let value = other.as_object_mut().unwrap().remove(key).unwrap();
        other[format!("{key}s")] = value;
        assert!(!closed.is_valid(&other), "{key}");
    }
}

/// A history with all that one can hold: revised, spoken and dismissed answers, a story, a mock interview.
fn history(dir: &Path) {
    let judged = |id: &str| JUDGED.iter().find(|one| one["id"] == id).unwrap();
    let without_text = |one: &Value| {
        let mut one = one.clone();
        one.as_object_mut().unwrap().remove("text");
        one
    };
    // In one go, or by section.
    let answer = |of: &Value| {
        let parts: Vec<&str> = of["text"].as_str().unwrap().split("\n\n").collect();
        match parts[..] {
            [s, t, a, r] => json!({"situation": s, "task": t, "action": a, "result": r}),
            _ => of["text"].clone(),
        }
    };
    let attempt = |id: &str, of: &Value, parent: Option<&str>| {
        json!({"schema": "starcue.attempt/1", "id": id, "person": "Anna Berg", "at": "2026-11-20T10:00:00Z",
            "question": of["question"], "asked": "Tell me.", "theme": null, "mode": "spoken", "seconds": 80, "self_band": 3,
            "parent": parent, "story": "s.0", "answer": answer(of), "replies": [], "assessment": without_text(of)})
    };
    let (weak, good) = (judged("calm-an-angry-customer-weak"), judged("calm-an-angry-customer"));
    let story = json!({"schema": "starcue.story/1", "id": "s.0", "person": "Anna Berg", "at": "2026-11-20T10:00:00Z",
        "changed": "2026-11-21T10:00:00Z", "title": "The late order", "questions": ["calm-an-angry-customer"],
        "themes": ["Conflict"], "answer": {"situation": "It was late.", "task": "", "action": "I rang.", "result": ""},
        "replies": [{"probe": "Why?", "text": "It had to be."}]});
    let note = json!({"by": "Kim Doe", "at": "", "clock": 65, "text": "Good.", "span": [0, 4], "private": true});
    let turn = json!({"question": null, "asked": "Tell me.", "theme": null, "rubric": "behavioural", "think": 30,
        "answer": 180, "probes": 0, "state": "answered", "number": 0, "notes": [note],
        "ratings": [{"rater": "Kim Doe", "at": "", "blind": true, "overall": 3, "sections": [2, 2, 2, null]}]});
    let mock = json!({"schema": "starcue.mock/1", "id": "m1", "person": "Anna Berg", "coach": "Kim Doe",
        "at": "2026-11-20T10:00:00Z", "plan": "own", "title": "Mock interview", "opening": "", "closing": "", "seed": 1,
        "feedback": false, "turns": [turn]});
    let file = dir.join("past.jsonl");
    let past = [attempt("m1.0", weak, None), attempt("a.1", good, Some("m1.0")), story, mock];
    fs::write(&file, past.map(|one| one.to_string()).join("\n")).unwrap();
    written(starcue(dir).args(["history", "import"]).arg(&file));
    let minefield = weak["minefields"][0]["id"].as_str().unwrap();
    written(starcue(dir).args(["history", "dismiss", "1", minefield, "--reason", "Anna did not say that."]));
}

#[test]
fn exports_of_history_are_as_the_schema_says() {
    let dir = tempfile::tempdir().unwrap();
    history(dir.path());
    let export = |args: &[&str]| written(starcue(dir.path()).args(["history", "export"]).args(args));
    for masked in [&[][..], &["--redact"]] {
        let whole: Value = serde_json::from_slice(&export(masked)).unwrap();
        let counts = ["attempts", "stories", "mocks"].map(|key| whole[key].as_array().unwrap().len());
        assert_eq!(counts, [2, 1, 1]);
        let forms: Vec<bool> = whole["attempts"].as_array().unwrap().iter().map(|a| a["answer"].is_object()).collect();
        assert_eq!(forms, [false, true]);
        assert_eq!(whole["attempts"].as_array().unwrap().iter().filter(|a| !a["dismissed"].is_null()).count(), 1);
        assert_eq!(whole["redacted"].is_null(), masked.is_empty());
        hold(OutputKind::History, std::slice::from_ref(&whole));
        let each = lines(&export(&[masked, &["--to", "jsonl"]].concat()));
        assert_eq!(each.len(), 4);
        hold(OutputKind::History, &each);
    }
    // The assessment in an attempt may be of another hand: here it is our own, and whole.
    let whole: Value = serde_json::from_slice(&export(&[])).unwrap();
    let assessments: Vec<Value> =
        whole["attempts"].as_array().unwrap().iter().map(|a| a["assessment"].clone()).collect();
    hold(OutputKind::Assessment, &assessments);
    let closed = closed_validator(OutputKind::History);
    for way in objects(&whole).iter().filter(|way| !way.contains("/redacted") && !way.contains("/assessment/")) {
        let mut other = whole.clone();
        other.pointer_mut(way).unwrap()["unknown"] = 1.into();
        assert!(!closed.is_valid(&other), "a key that nobody described, in {way}");
    }
}

#[test]
fn summaries_differences_and_agreement_are_as_their_schemas_say() {
    let summary = |bytes: &[u8]| hold(OutputKind::Summary, &[serde_json::from_slice(bytes).unwrap()]);
    summary(&score(&["--summary", "--to", "json"]));
    let dir = tempfile::tempdir().unwrap();
    bad_records(dir.path());
    let mut command = starcue(dir.path());
    command.args(["score", "--summary", "--to", "json", "--allow-errors"]).arg(dir.path().join("bad.jsonl"));
    summary(&written(&mut command));

    let by = |rubric: &str| {
        let file = dir.path().join(rubric);
        fs::write(&file, score(&["--rubric", rubric, "--to", "jsonl"])).unwrap();
        file
    };
    let (old, new) = (by("behavioural"), by("customer-escalation"));
    for to in ["json", "jsonl"] {
        let changed = starcue(dir.path()).arg("diff").args([&old, &new]).args(["--to", to]).assert().code(1);
        hold(OutputKind::Diff, &lines(&changed.get_output().stdout));
    }
    for labelled in [
        &["tests/evaluate/labelled.jsonl"][..],
        &["tests/eval/spoken.jsonl", "tests/eval/work.jsonl", "--baseline", "--rules", "--target", "overall.qwk=0.1"],
    ] {
        let mut evaluate = starcue(dir.path());
        let report = evaluate.arg("evaluate").args(labelled).args(["--to", "json"]).output().unwrap().stdout;
        hold(OutputKind::Agreement, &[serde_json::from_slice(&report).unwrap()]);
    }
}

#[test]
fn the_program_carries_its_schemas() {
    let dir = tempfile::tempdir().unwrap();
    for kind in OutputKind::ALL {
        assert_eq!(written(starcue(dir.path()).args(["schema", kind.id()])), kind.schema().as_bytes());
    }
    starcue(dir.path()).args(["schema", "--into"]).arg(dir.path().join("all")).assert().success();
    assert_eq!(fs::read_dir(dir.path().join("all")).unwrap().count(), fs::read_dir("schemas").unwrap().count());
}
