//! How fast reports on a thousand answers are: `cargo bench --bench report`.
//!
//! Each report runs as a process, from its start to its end, as a person waits for it.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops where it is surprised")]

use divan::Bencher;
use serde_json::{Value, json};
use std::fs;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

const ANSWERS: usize = 1_000;

fn main() {
    divan::main();
}

fn starcue() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
    command.env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "");
    command
}

/// A folder with `results.jsonl` of `score`, and a history of the same answers.
static FULL: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let questions = starcue().args(["questions", "--to", "json"]).output().unwrap().stdout;
    let questions: Vec<Value> = serde_json::from_slice(&questions).unwrap();
    let record = |i: usize| {
        let q = &questions[i % questions.len()];
        let half = json!({"situation": q["sample"]["situation"], "action": q["sample"]["action"]});
        let answer = if i.is_multiple_of(3) { &half } else { &q["sample"] };
        json!({"id": i.to_string(), "question": q["id"], "answer": answer})
    };
    let records: Vec<Value> = (0..ANSWERS).map(record).collect();
    let file = dir.path().join("answers.jsonl");
    fs::write(&file, records.iter().map(|r| format!("{r}\n")).collect::<String>()).unwrap();
    let results = starcue().args(["score", "--to", "jsonl", "--include", "text"]).arg(&file).output().unwrap().stdout;
    fs::write(dir.path().join("results.jsonl"), &results).unwrap();
    let results: Vec<Value> = results.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice(l).ok()).collect();
    let past = records.iter().zip(&results).enumerate().map(|(i, (record, judged))| {
        json!({
            "schema": "starcue.attempt/1", "id": format!("bench-{i}"), "person": format!("person {}", i % 20),
            "at": format!("2025-{:02}-{:02}T10:00:00Z", i / 28 % 12 + 1, i % 28 + 1), "question": record["question"],
            "asked": record["question"], "theme": "Bench", "mode": "written", "answer": record["answer"], "replies": [],
            "assessment": judged,
        })
    });
    let file = dir.path().join("past.jsonl");
    fs::write(&file, past.map(|a| format!("{a}\n")).collect::<String>()).unwrap();
    for args in [&["history", "import"][..], &["history", "import", "--person", "all of them", "--data"]] {
        let mut command = starcue();
        let data = dir.path().join(if args.len() == 2 { "many" } else { "one" });
        command.args(args);
        match args.len() {
            2 => command.env("STARCUE_DATA", data),
            _ => command.arg(data),
        };
        assert!(command.arg(&file).stderr(Stdio::null()).status().unwrap().success());
    }
    dir
});

fn timed(bencher: Bencher<'_, '_>, data: &str, args: &[&str]) {
    let folder = FULL.path();
    bencher.bench_local(|| {
        let mut command = starcue();
        command.env("STARCUE_DATA", folder.join(data)).current_dir(folder).arg("report").args(args);
        assert!(command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success(), "{args:?}");
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn person_with_all_answers_whole(bencher: Bencher<'_, '_>) {
    timed(bencher, "one", &["--person", "all of them", "--full", "1000"]);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn person(bencher: Bencher<'_, '_>) {
    timed(bencher, "one", &["--person", "all of them"]);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn cohort_of_history(bencher: Bencher<'_, '_>) {
    timed(bencher, "many", &["--cohort"]);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn batch_with_all_answers_whole(bencher: Bencher<'_, '_>) {
    timed(bencher, "one", &["results.jsonl", "--full", "1000"]);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn answers_judged_and_shown_whole(bencher: Bencher<'_, '_>) {
    timed(bencher, "one", &["answers.jsonl", "--full", "1000"]);
}
