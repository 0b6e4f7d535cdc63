//! Answers that are handed on: masked, in one file that another starcue takes in; and one person's
//! data, out and gone.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn starcue(data: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    command.env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "").env("STARCUE_DATA", data).env("TZ", "UTC");
    command
}

const ANSWER: [&str; 4] = [
    "Last May I worked at Globex in support. Mrs. Lindqvist from Acme Ltd rang about order 48213, and she was shouting.",
    "It was my case, and my boss Priya wanted it solved that day.",
    "I let Mrs. Lindqvist finish and I told her that I could understand it. I asked her when it stopped. I wrote to \
     lindqvist@acme.example and I called Priya on +44 20 7946 0958.",
    "Mrs. Lindqvist got it at 12 Old Mill Lane on Friday, and she thanked me. Anna Berg, she said, you saved my week.",
];

/// A data folder with one attempt of Anna Berg, a mock interview of it, and one of Ben.
fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let answer = json!({"situation": ANSWER[0], "task": ANSWER[1], "action": ANSWER[2], "result": ANSWER[3]});
    let record = json!({"id": "m1.0", "question": "calm-an-angry-customer", "answer": answer});
    let file = dir.path().join("answers.jsonl");
    fs::write(&file, format!("{record}\n")).unwrap();
    let judged = starcue(dir.path()).args(["score", "--to", "jsonl"]).arg(&file).output().unwrap().stdout;
    let assessment: Value = serde_json::from_slice(&judged).unwrap();
    let attempt = |id: &str, person: &str| {
        json!({"schema": "starcue.attempt/1", "id": id, "person": person, "at": "2026-11-20T10:00:00Z",
               "question": "calm-an-angry-customer", "asked": "Tell me.", "theme": "Escalation Management", "mode": "written",
               "answer": answer, "replies": [], "assessment": assessment})
    };
    let text = ANSWER.join("\n\n");
    let at = text.find("let Mrs. Lindqvist finish").unwrap();
    let turn = json!({"question": "calm-an-angry-customer", "asked": "Tell me.", "theme": null, "rubric": "behavioural",
        "think": 30, "answer": 180, "probes": 0, "state": "answered", "number": 0,
        "ratings": [{"rater": "Kim Doe", "at": "", "blind": true, "overall": 3, "sections": [2, 2, 2, null]}],
        "notes": [{"by": "Kim Doe", "at": "", "clock": 65, "text": "Priya again.", "span": [at, at + 25], "private": true}]});
    let mock = json!({"schema": "starcue.mock/1", "id": "m1", "person": "Anna Berg", "coach": "Kim Doe",
        "at": "2026-11-20T10:00:00Z", "plan": "own", "title": "Mock interview", "opening": "", "closing": "", "seed": 1,
        "feedback": false, "turns": [turn], "place": 1, "elapsed": 200, "finished": true, "revealed": false});
    let past = [attempt("m1.0", "Anna Berg"), attempt("b.0", "Ben"), mock].map(|v| v.to_string()).join("\n");
    let file = dir.path().join("past.jsonl");
    fs::write(&file, past).unwrap();
    starcue(dir.path())
        .args(["history", "import"])
        .arg(&file)
        .assert()
        .success()
        .stderr(contains("2 attempts and 1 mock interview"));
    dir
}

/// Every piece of evidence of an assessment.
fn evidence(assessment: &Value) -> Vec<Value> {
    let sections = assessment["sections"].as_object().unwrap().values();
    let lists =
        ["behaviours", "motivations", "minefields"].into_iter().flat_map(|key| assessment[key].as_array().unwrap());
    sections.chain(lists).flat_map(|f| f["evidence"].as_array().unwrap().clone()).collect()
}

#[test]
fn a_masked_export_tells_nobody_and_its_quotes_stand_where_they_say() {
    let dir = folder();
    let export = starcue(dir.path()).args(["history", "export", "--redact", "--person", "Anna Berg"]).output().unwrap();
    let told = String::from_utf8(export.stderr).unwrap();
    assert!(told.contains("masked: ") && told.contains("priya → [name"), "{told}");
    assert!(told.contains("read the file before you hand it on"), "{told}");
    let text = String::from_utf8(export.stdout).unwrap();
    for secret in
        ["Lindqvist", "Priya", "Globex", "Acme", "acme", "48213", "7946", "Old Mill", "Anna", "Berg", "Kim", "Doe"]
    {
        assert!(!text.contains(secret), "{secret} is still there: {text}");
    }
    let bundle: Value = serde_json::from_str(&text).unwrap();
    assert!(bundle["redacted"]["name"].as_u64().unwrap() >= 5, "{}", bundle["redacted"]);
    assert_eq!(bundle["attempts"].as_array().unwrap().len(), 1, "Ben's stay at home");
    let attempt = &bundle["attempts"][0];
    let answer = &attempt["answer"];
    let whole = ["situation", "task", "action", "result"].map(|s| answer[s].as_str().unwrap()).join("\n\n");
    let evidence = evidence(&attempt["assessment"]);
    assert!(evidence.len() > 4, "{attempt}");
    for e in &evidence {
        let at = |key: &str| usize::try_from(e[key].as_u64().unwrap()).unwrap();
        assert_eq!(&whole[at("start")..at("end")], e["quote"].as_str().unwrap());
    }
    assert!(
        evidence.iter().any(|e| e["quote"].as_str().unwrap().contains("[name ")),
        "a quote with a name in it is masked too"
    );
    let note = &bundle["mocks"][0]["turns"][0]["notes"][0];
    let at = |i: usize| usize::try_from(note["span"][i].as_u64().unwrap()).unwrap();
    let words = &whole[at(0)..at(1)];
    assert!(words.starts_with("let [name ") && words.ends_with("] finish"), "{words}");

    let bundle = dir.path().join("bundle.json");
    fs::write(&bundle, &text).unwrap();
    let other = tempfile::tempdir().unwrap();
    let mut import = starcue(other.path());
    import
        .args(["history", "import"])
        .arg(&bundle)
        .assert()
        .success()
        .stderr(contains("1 attempt and 1 mock interview"));
    let page = starcue(other.path()).args(["report", "--mock", "1", "--for", "coach"]).output().unwrap();
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(page.contains("<mark class=\"note\">") && page.contains("gave band 3"), "{page}");
}

#[test]
fn a_word_that_the_user_names_is_masked_too() {
    let dir = folder();
    let mut export = starcue(dir.path());
    export.args(["history", "export", "--redact", "--mask", "support,Friday"]);
    export.assert().success().stdout(contains("in [masked ").and(contains("Friday").not()));
}

#[test]
fn one_persons_data_goes_with_one_command() {
    let dir = folder();
    let mut delete = starcue(dir.path());
    delete.args(["history", "delete", "--all", "--yes", "--person", "Anna Berg"]);
    delete.assert().success().stderr(contains("1 attempt and 1 mock interview deleted"));
    let left = starcue(dir.path()).args(["history", "export"]).output().unwrap().stdout;
    let left: Value = serde_json::from_slice(&left).unwrap();
    assert_eq!((left["attempts"].as_array().unwrap().len(), left["mocks"].as_array().unwrap().len()), (1, 0));
    assert_eq!(left["attempts"][0]["person"], "Ben");
}

#[test]
fn what_is_older_than_the_config_file_lets_it_become_is_deleted_and_told() {
    let dir = folder();
    let config = dir.path().join("config.toml");
    fs::write(&config, "[history]\nkeep_days = 36500\n").unwrap();
    let list = || {
        let mut command = starcue(dir.path());
        command.args(["history", "list", "--person", "Ben", "--config"]).arg(&config);
        command.assert().success()
    };
    list().stdout(contains("2026-11-20"));
    // An attempt of long ago, as a script would bring it.
    let past = fs::read_to_string(dir.path().join("past.jsonl")).unwrap();
    let old = past.lines().nth(1).unwrap().replace("2026-11-20", "1999-11-20").replace("\"b.0\"", "\"b.1\"");
    let file = dir.path().join("old.jsonl");
    fs::write(&file, old).unwrap();
    starcue(dir.path()).args(["history", "import"]).arg(&file).assert().success();
    fs::write(&config, "[history]\nkeep_days = 7300\n").unwrap();
    list().stderr(contains("1 attempt was older than 7300 days and deleted")).stdout(contains("1999").not());
    list().stderr(contains("older").not());
}
