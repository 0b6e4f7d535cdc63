//! `starcue evaluate`: the same figures as an independent count, and honest words for bad records.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

const LABELLED: &str = "tests/evaluate/labelled.jsonl";
const PARTIAL: &str = "tests/evaluate/partial.jsonl";

fn starcue(args: &[&str]) -> Output {
    Command::cargo_bin("starcue")
        .unwrap()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("STARCUE_CONTENT")
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn figures(args: &[&str]) -> BTreeMap<String, Value> {
    let output = starcue(&[&["evaluate", "--to", "json"], args].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let figures = report["figures"].as_array().unwrap().iter();
    figures.map(|f| (f["name"].as_str().unwrap().to_owned(), f["value"].clone())).collect()
}

/// Labels and assessments, as files hold them.
struct Case {
    gold: Value,
    seen: Value,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LABELLED);
    let gold: Vec<Value> =
        std::fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let records: Vec<String> = gold
        .iter()
        .map(|g| {
            let sentences: Vec<&str> =
                g["sentences"].as_array().unwrap().iter().map(|s| s[1].as_str().unwrap()).collect();
            let rubric = if g["theme"] == "customer-escalation" { "customer-escalation" } else { "behavioural" };
            json!({"id": g["id"], "question": g["question"], "rubric": rubric, "answer": sentences.join(" ")})
                .to_string()
        })
        .collect();
    let scored = Command::cargo_bin("starcue")
        .unwrap()
        .env_remove("STARCUE_CONTENT")
        .args(["score", "--from", "jsonl", "--to", "jsonl", "-"])
        .write_stdin(records.join("\n"))
        .output()
        .unwrap();
    let seen = text(&scored.stdout);
    let seen = seen.lines().map(|l| serde_json::from_str(l).unwrap());
    gold.into_iter().zip(seen).map(|(gold, seen)| Case { gold, seen }).collect()
}

fn ids(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|e| e.as_str().or_else(|| e["id"].as_str()).unwrap().to_owned()).collect()
}

/// Weighted kappa as a formula over pairs, in another way than the program's.
fn kappa(pairs: &[(i64, i64)]) -> f64 {
    let square = |a: i64, b: i64| ((a - b) * (a - b)) as f64;
    let seen: f64 = pairs.iter().map(|(a, b)| square(*a, *b)).sum();
    let chance: f64 = pairs.iter().flat_map(|(a, _)| pairs.iter().map(move |(_, b)| square(*a, *b))).sum();
    if chance == 0.0 { 1.0 } else { 1.0 - seen * pairs.len() as f64 / chance }
}

/// The share of bytes decides which role a sentence was given.
fn roles(case: &Case) -> Vec<(String, String)> {
    let name = |r: &str| match r {
        "S" => "situation",
        "T" => "task",
        "A" => "action",
        "R" => "result",
        _ => "other",
    };
    let mut at = 0;
    let mut found = Vec::new();
    for sentence in case.gold["sentences"].as_array().unwrap() {
        let size = sentence[1].as_str().unwrap().len() as i64;
        let mut by_role: Vec<(String, i64)> = Vec::new();
        for span in case.seen["sentences"].as_array().unwrap() {
            let (start, end) = (span["start"].as_i64().unwrap(), span["end"].as_i64().unwrap());
            let overlap = (at + size).min(end) - at.max(start);
            let role = span["section"].as_str().unwrap().to_owned();
            if overlap > 0 {
                match by_role.iter_mut().find(|(r, _)| *r == role) {
                    Some((_, sum)) => *sum += overlap,
                    None => by_role.push((role, overlap)),
                }
            }
        }
        let mut best = ("other".to_owned(), 0);
        for (role, sum) in by_role {
            if sum > best.1 {
                best = (role, sum);
            }
        }
        found.push((name(sentence[0].as_str().unwrap()).to_owned(), best.0));
        at += size + 1;
    }
    found
}

#[test]
fn the_figures_are_those_of_an_independent_count() {
    let cases = cases();
    let figures = figures(&[LABELLED]);
    let near = |name: &str, want: f64| {
        let got = figures[name].as_f64().unwrap();
        assert!((got - want).abs() < 1e-12, "{name}: {got} and not {want}");
    };
    let rated = |of: &dyn Fn(&Case) -> (Value, Value)| -> Vec<(i64, i64)> {
        cases.iter().map(of).map(|(a, b)| (a.as_i64().unwrap(), b.as_i64().unwrap())).collect()
    };
    let bands = rated(&|c| (c.gold["labels"]["overall"].clone(), c.seen["band"].clone()));
    near("overall.qwk", kappa(&bands));
    near("overall.exact", bands.iter().filter(|(a, b)| a == b).count() as f64 / bands.len() as f64);
    near("overall.mae", bands.iter().map(|(a, b)| (a - b).abs() as f64).sum::<f64>() / bands.len() as f64);
    let mut sum = 0.0;
    for section in ["situation", "task", "action", "result"] {
        let levels =
            rated(&|c| (c.gold["labels"]["star"][section].clone(), c.seen["sections"][section]["level"].clone()));
        near(&format!("star.{section}"), kappa(&levels));
        sum += kappa(&levels);
    }
    near("star.mean", sum / 4.0);
    let roles: Vec<_> = cases.iter().flat_map(roles).collect();
    near("roles.accuracy", roles.iter().filter(|(a, b)| a == b).count() as f64 / roles.len() as f64);

    for family in ["minefields", "behaviours", "motivations"] {
        let known: Vec<String> = cases.iter().flat_map(|c| ids(&c.gold["labels"][family])).collect();
        let (mut right, mut wrong, mut missed) = (0.0, 0.0, 0.0);
        for case in &cases {
            let (labelled, found) = (ids(&case.gold["labels"][family]), ids(&case.seen[family]));
            let unsure = ids(&case.gold["unsure"][family]);
            let mut all: Vec<&String> = labelled.iter().chain(&found).collect();
            all.sort();
            all.dedup();
            for id in all.into_iter().filter(|id| known.contains(id) && !unsure.contains(id) && *id != "no-follow-up") {
                match (labelled.contains(id), found.contains(id)) {
                    (true, true) => right += 1.0,
                    (false, true) => wrong += 1.0,
                    _ => missed += 1.0,
                }
            }
        }
        near(&format!("{family}.f1"), if right > 0.0 { 2.0 * right / (2.0 * right + wrong + missed) } else { 0.0 });
        near(&format!("{family}.precision"), if right > 0.0 { right / (right + wrong) } else { 0.0 });
    }
    let good: Vec<&Case> = cases.iter().filter(|c| c.gold["labels"]["overall"].as_i64().unwrap() >= 4).collect();
    let alarms: usize = good
        .iter()
        .map(|c| {
            let (labelled, unsure) = (ids(&c.gold["labels"]["minefields"]), ids(&c.gold["unsure"]["minefields"]));
            let found = ids(&c.seen["minefields"]).into_iter();
            found.filter(|id| id != "no-follow-up" && !labelled.contains(id) && !unsure.contains(id)).count()
        })
        .sum();
    near("false_alarms_per_good_answer", alarms as f64 / good.len() as f64);
}

#[test]
fn what_is_not_labelled_is_not_counted() {
    let figures = figures(&[PARTIAL]);
    assert!(figures["overall.qwk"].is_number() && figures["star.action"].is_number());
    assert!(figures["minefields.f1"].is_number());
    for none in ["star.task", "roles.accuracy", "behaviours.f1", "false_alarms_per_good_answer"] {
        assert!(figures[none].is_null(), "{none}: {}", figures[none]);
    }
}

#[test]
fn every_figure_lies_in_its_interval_and_comes_out_the_same_again() {
    let run = || starcue(&["evaluate", LABELLED, PARTIAL, "--baseline", "--folds", "2", "--to", "json"]).stdout;
    let first = run();
    assert_eq!(text(&first), text(&run()));
    let report: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(report["schema"], "starcue.agreement/1");
    assert_eq!(report["answers"], 11);
    assert_eq!(report["broken_spans"], 0);
    for figure in report["figures"].as_array().unwrap() {
        if let (Some(value), Some([low, high])) =
            (figure["value"].as_f64(), figure["interval"].as_array().map(Vec::as_slice))
        {
            let (low, high) = (low.as_f64().unwrap(), high.as_f64().unwrap());
            assert!(low <= high && (low..=high).contains(&value), "{figure}");
        }
    }
    assert_eq!(report["baselines"].as_array().unwrap().len(), 2);
}

#[test]
fn bad_records_are_told_by_line_and_do_not_stop_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("gold.jsonl");
    let lines = [
        r#"{"answer":"I fixed it.","labels":{"overall":7}}"#,
        r#"{"answer":"I fixed it.","rubric":"behavioral","labels":{"overall":2}}"#,
        r#"{"answer":"I fixed it."#,
        r#"{"answer":"I fixed it on Monday.","labels":{"overall":2}}"#,
    ];
    std::fs::write(&path, lines.join("\n")).unwrap();
    let output = starcue(&["evaluate", path.to_str().unwrap()]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("gold.jsonl:1: `labels.overall` must be a whole number from 1 to 5 [wrong-type]"), "{said}");
    assert!(said.contains("gold.jsonl:2: there is no rubric `behavioral`; did you mean `behavioural`?"), "{said}");
    assert!(said.contains("gold.jsonl:3: column"), "{said}");
    assert!(text(&output.stdout).starts_with("1 answers, 3 bad records"), "{}", text(&output.stdout));
}

#[test]
fn a_target_out_of_reach_is_status_one_and_an_unknown_one_two() {
    let status = |target: &str| starcue(&["evaluate", LABELLED, "--target", target]).status.code();
    assert_eq!(status("overall.qwk=-1"), Some(0));
    assert_eq!(status("overall.qwk=1.1"), Some(1));
    assert_eq!(status("overall.kappa=0.5"), Some(2));
}

#[test]
fn misses_show_the_answers_that_differ() {
    let output = starcue(&["evaluate", LABELLED, "--misses", "overall", "--to", "json"]);
    let misses: Value = serde_json::from_slice(&output.stdout).unwrap();
    for miss in misses.as_array().unwrap() {
        let (want, got) = miss["what"].as_str().unwrap().split_once(" → ").unwrap();
        assert_ne!(want, got);
    }
    let unknown = starcue(&["evaluate", LABELLED, "--misses", "blames-custmer"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn cited_words_are_held_against_the_sentences_that_readers_marked() {
    let answer = |passages: &str| {
        format!(
            r#"{{"id":"a","sentences":[["S","A guest came back to the desk, red in the face."],["A","I let her finish without interrupting."],["A","I apologised for the noise."],["R","She stayed another week."]],"labels":{{"behaviours":["listens","apologises"]}},"passages":{passages}}}"#
        )
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("marked.jsonl");
    let path = path.to_str().unwrap();
    let shares = |passages: &str| {
        std::fs::write(path, answer(passages)).unwrap();
        let figures = figures(&[path]);
        ["findings", "spans", "sentences"].map(|f| figures[&format!("evidence.{f}")].as_f64())
    };
    assert_eq!(shares(r#"{"listens":[2],"apologises":[3]}"#), [Some(1.0); 3]);
    // Listening is shown in one of two sentences, the apology in another than the marked one.
    let [findings, spans, sentences] = shares(r#"{"listens":[2,4],"apologises":[1]}"#);
    assert_eq!((findings, sentences), (Some(0.5), Some(1.0 / 3.0)));
    assert!(spans > Some(0.0) && spans < Some(1.0), "{spans:?}");
    assert_eq!(shares("{}"), [None; 3], "nothing is marked, so nothing is counted");

    std::fs::write(path, answer(r#"{"listens":[2],"apologises":[1]}"#)).unwrap();
    let list = |id: &str| -> Value {
        serde_json::from_slice(&starcue(&["evaluate", path, "--misses", id, "--to", "json"]).stdout).unwrap()
    };
    assert_eq!(list("listens"), json!([]));
    let elsewhere = &list("apologises")[0];
    assert_eq!(elsewhere["what"], "elsewhere");
    assert_eq!(elsewhere["marked"], json!(["A guest came back to the desk, red in the face."]));
    assert!(elsewhere["evidence"][0][0].as_str().unwrap().contains("apologised"), "{elsewhere}");

    std::fs::write(path, answer(r#"{"listens":[5]}"#)).unwrap();
    let said = text(&starcue(&["evaluate", path]).stderr);
    assert!(said.contains("marked.jsonl:1") && said.contains("from 1 to 4"), "{said}");
}

#[test]
fn the_division_takes_every_answer_once() {
    let count = |part: &str| {
        let output = starcue(&["evaluate", LABELLED, "--to", "json", "--part", part]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["answers"].as_u64().unwrap()
    };
    assert_eq!(count("dev") + count("held"), 8);
}

/// Many answers of two sorts, so that there is something to fit.
fn many(path: &Path) {
    let cases = cases();
    let mut lines = Vec::new();
    for round in 0..8 {
        for case in &cases {
            let mut gold = case.gold.clone();
            gold["id"] = format!("{}-{round}", gold["id"].as_str().unwrap()).into();
            lines.push(gold.to_string());
        }
    }
    std::fs::write(path, lines.join("\n")).unwrap();
}

#[test]
fn a_proposal_is_a_rubric_that_holds_what_it_promises() {
    let dir = tempfile::tempdir().unwrap();
    let (gold, fitted) = (dir.path().join("gold.jsonl"), dir.path().join("rubrics/fitted.toml"));
    many(&gold);
    std::fs::create_dir(dir.path().join("rubrics")).unwrap();
    let gold = gold.to_str().unwrap();
    let output = starcue(&["evaluate", gold, "--rubric", "behavioural", "--fit", "--output", fitted.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let proposal = std::fs::read_to_string(&fitted).unwrap();
    let promised = proposal.lines().find(|l| l.contains("the same answers")).unwrap();
    let kappa = promised.split("kappa ").nth(1).unwrap().split(' ').next().unwrap().parse::<f64>().unwrap();
    let folder = dir.path().to_str().unwrap();
    let with = figures(&[gold, "--content", folder, "--rubric", "behavioural-fitted"]);
    let held = with["overall.qwk"].as_f64().unwrap();
    assert!((held - kappa).abs() < 0.0006, "promised {kappa}, held {held}\n{proposal}");
}
