//! How fast history is with ten thousand attempts in it: `cargo bench --bench history`.
//!
//! Each verb runs as a process, from its start to its end, as a person waits for it.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops where it is surprised")]

use divan::Bencher;
use divan::counter::BytesCount;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

const ATTEMPTS: usize = 10_000;

fn main() {
    divan::main();
}

fn starcue(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
    command.args(args).env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "").env("STARCUE_DATA", FULL.path());
    command
}

fn timed(bencher: Bencher<'_, '_>, args: &[&str]) {
    bencher.bench_local(|| {
        let status = starcue(args).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{args:?}");
    });
}

/// A data folder with the attempts in it.
static FULL: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("past.jsonl");
    fs::write(&file, attempts(dir.path())).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
    command.env("STARCUE_CONFIG", "").env("STARCUE_DATA", dir.path()).args(["history", "import"]).arg(&file);
    assert!(command.stderr(Stdio::null()).status().unwrap().success());
    dir
});

/// Samples of the bank as attempts over a year, whole and without their last two sections by turns.
fn attempts(folder: &Path) -> String {
    let run = |args: &[&str]| -> Vec<u8> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "").args(args).output().unwrap().stdout
    };
    let questions: Vec<Value> = serde_json::from_slice(&run(&["questions", "--to", "json"])).unwrap();
    let answers: Vec<Value> = questions
        .iter()
        .flat_map(|q| {
            let half = json!({"situation": q["sample"]["situation"], "task": q["sample"]["task"]});
            [&q["sample"], &half].map(|answer| json!({"question": q["id"], "answer": answer}))
        })
        .collect();
    let records = folder.join("records.jsonl");
    fs::write(&records, answers.iter().map(|a| format!("{a}\n")).collect::<String>()).unwrap();
    let judged = run(&["score", records.to_str().unwrap(), "--to", "jsonl"]);
    let judged: Vec<Value> = judged.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice(l).ok()).collect();
    let line = |i: usize| {
        let at = i * 7 % answers.len();
        let question = &questions[at / 2];
        json!({
            "schema": "starcue.attempt/1", "id": format!("bench-{i}"), "person": "me",
            "at": format!("2025-{:02}-{:02}T10:{:02}:{:02}Z", i / 840 + 1, i / 30 % 28 + 1, i % 60, i / 60 % 60),
            "question": question["id"], "asked": question["text"], "theme": question["theme"], "mode": "written",
            "answer": answers[at]["answer"], "replies": [], "assessment": judged[at],
        })
        .to_string()
    };
    (0..ATTEMPTS).map(|i| line(i) + "\n").collect()
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn list(bencher: Bencher<'_, '_>) {
    timed(bencher, &["history", "list"]);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn show(bencher: Bencher<'_, '_>) {
    timed(bencher, &["history", "show", "5000"]);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn compare(bencher: Bencher<'_, '_>) {
    timed(bencher, &["history", "compare", "10000"]);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn progress(bencher: Bencher<'_, '_>) {
    timed(bencher, &["history", "progress"]);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn export(bencher: Bencher<'_, '_>) {
    let bytes = starcue(&["history", "export"]).output().unwrap().stdout.len();
    let bencher = bencher.counter(BytesCount::new(bytes));
    bencher.bench_local(|| assert!(starcue(&["history", "export"]).stdout(Stdio::null()).status().unwrap().success()));
}
