//! The whole pipeline over the labelled answers: nothing is missing, nothing is made up.
//!
//! How well the judgement agrees with the labels is another question, and not asked here.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A labelled answer as `score` reads it.
fn record(item: &Value, sectioned: bool) -> Value {
    let rubric = if item["theme"] == "customer-escalation" { "customer-escalation" } else { "behavioural" };
    let sentences = item["sentences"].as_array().unwrap();
    let of = |role: Option<&str>| {
        let chosen = sentences.iter().filter(|s| role.is_none_or(|r| s[0] == r)).map(|s| s[1].as_str().unwrap());
        chosen.collect::<Vec<_>>().join(" ")
    };
    let told = sentences.iter().any(|s| s[0] != "O");
    let answer = if sectioned && told {
        json!({ "situation": of(Some("S")), "task": of(Some("T")), "action": of(Some("A")), "result": of(Some("R")) })
    } else {
        Value::from(of(None))
    };
    json!({ "id": item["id"], "question": item["question"], "rubric": rubric, "answer": answer })
}

fn items() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/eval");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    let text: Vec<String> = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
    text.iter().flat_map(|t| t.lines()).map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn score(records: &[Value], jobs: &str) -> Vec<u8> {
    let input: String = records.iter().map(|r| format!("{r}\n")).collect();
    let args = ["score", "--from", "jsonl", "--to", "jsonl", "--include", "text", "--jobs", jobs, "-"];
    let mut command = Command::cargo_bin("starcue").unwrap();
    let output = command.env_remove("STARCUE_CONTENT").args(args).write_stdin(input).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// What is wrong with one line of output.
fn fault(line: &Value) -> Option<String> {
    let text = line["text"].as_str().unwrap();
    let mut at = 0;
    for s in line["sentences"].as_array().unwrap() {
        let (start, end) = (number(&s["start"]), number(&s["end"]));
        match (text.get(at..start), text.get(start..end)) {
            (Some(between), Some(words)) if between.trim().is_empty() && !words.trim().is_empty() => at = end,
            (between, words) => return Some(format!("sentence {start}..{end}: {between:?} before {words:?}")),
        }
    }
    if !text[at..].trim().is_empty() {
        return Some(format!("no sentence covers {:?}", &text[at..]));
    }
    let tenths = |v: &Value| (v.as_f64().unwrap() * 10.0).round() as i64;
    let sum: i64 = line["receipt"].as_array().unwrap().iter().map(|l| tenths(&l["points"])).sum();
    if sum != tenths(&line["score"]) {
        return Some(format!("the receipt sums to {sum} tenths, the score is {}", line["score"]));
    }
    let sections = line["sections"].as_object().unwrap().values();
    let findings = ["behaviours", "motivations", "minefields"].iter().flat_map(|k| line[k].as_array().unwrap());
    for finding in sections.chain(findings) {
        for e in finding["evidence"].as_array().unwrap() {
            if text.get(number(&e["start"])..number(&e["end"])) != e["quote"].as_str() || e["quote"] == "" {
                return Some(format!("the evidence {e} is not in the text"));
            }
        }
    }
    None
}

fn run(sectioned: bool) {
    let items = items();
    assert!(items.len() >= 540, "all labelled answers are there: {}", items.len());
    let records: Vec<Value> = items.iter().map(|i| record(i, sectioned)).collect();
    let (one, two) = (score(&records, "1"), score(&records, "2"));
    assert!(one == two, "two threads write other bytes than one");
    let lines: Vec<Value> = String::from_utf8(one).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), records.len(), "a line for every record");
    for (line, record) in lines.iter().zip(&records) {
        assert_eq!((&line["schema"], &line["id"]), (&Value::from("starcue.assessment/1"), &record["id"]));
        assert_eq!((&line["rubric"], &line["question"]), (&record["rubric"], &record["question"]));
        if let Value::String(answer) = &record["answer"] {
            assert_eq!(line["text"], *answer);
        }
        if let Some(fault) = fault(line) {
            panic!("{}: {fault}", line["id"]);
        }
    }
}

#[test]
fn labelled_answers_go_through_whole() {
    run(false);
}

#[test]
fn labelled_answers_go_through_by_section() {
    run(true);
}
