//! How fast a batch is, from file to file: `cargo bench --bench batch`.
//!
//! Every sample is a whole run of the program over the same 2,000 generated answers.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops where it is surprised")]

mod corpus;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

const ANSWERS: usize = 2_000;

fn main() {
    divan::main();
}

/// The answers as JSONL, CSV and gzip.
fn files() -> &'static [PathBuf; 3] {
    static FILES: OnceLock<[PathBuf; 3]> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let paths = ["batch.jsonl", "batch.csv", "batch.jsonl.gz"].map(|name| folder.join(name));
        let (mut lines, mut table) = (String::new(), csv::Writer::from_path(&paths[1]).unwrap());
        table.write_record(["question", "answer"]).unwrap();
        for g in corpus::answers(ANSWERS, corpus::SEED) {
            lines += &serde_json::json!({ "question": g.question, "answer": g.answer }).to_string();
            lines.push('\n');
            table.write_record([&g.question, &g.answer]).unwrap();
        }
        table.flush().unwrap();
        fs::write(&paths[0], &lines).unwrap();
        let mut gz =
            flate2::write::GzEncoder::new(fs::File::create(&paths[2]).unwrap(), flate2::Compression::default());
        gz.write_all(lines.as_bytes()).unwrap();
        gz.finish().unwrap();
        paths
    })
}

fn score(bencher: Bencher<'_, '_>, file: usize, args: &[&str]) {
    let path = &files()[file];
    let bytes = fs::metadata(path).unwrap().len();
    bencher.counter(ItemsCount::new(ANSWERS)).counter(BytesCount::new(bytes)).bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.arg("score").args(args).arg(path).env_remove("STARCUE_CONTENT").stdout(Stdio::null());
        assert!(command.status().unwrap().success());
    });
}

#[divan::bench(sample_count = 5, sample_size = 1, args = ["1", "2"])]
fn jsonl_to_jsonl(bencher: Bencher<'_, '_>, jobs: &str) {
    score(bencher, 0, &["--to", "jsonl", "--jobs", jobs]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn csv_to_csv(bencher: Bencher<'_, '_>) {
    score(bencher, 1, &["--to", "csv", "--jobs", "1"]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn gzip_to_jsonl(bencher: Bencher<'_, '_>) {
    score(bencher, 2, &["--to", "jsonl", "--jobs", "1"]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn jsonl_to_a_summary(bencher: Bencher<'_, '_>) {
    score(bencher, 0, &["--to", "json", "--summary", "--jobs", "1"]);
}
