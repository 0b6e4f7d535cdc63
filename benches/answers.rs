//! How fast it is: `cargo bench`.
//!
//! `start` is what a person waits for; `assess` what a batch is made of; `content` what is paid
//! once a process.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops where it is surprised")]

mod corpus;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use starcue::bank::search::search;
use starcue::{Answer, Asked, Library, assess, run_examples};
use std::hint::black_box;
use std::process::{Command, Stdio};

fn main() {
    divan::main();
}

/// One answer, from the start of the process to its end.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn start_score_one_answer() {
    let status = Command::new(env!("CARGO_BIN_EXE_starcue"))
        .args(["score", "--to", "jsonl", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/answer.toml")])
        .env_remove("STARCUE_CONTENT")
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

/// What of that is the process itself.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn start_print_version() {
    let status = Command::new(env!("CARGO_BIN_EXE_starcue")).arg("--version").stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
}

/// Answers a second on one thread, once the rubric is compiled.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn assess_generated_answers(bencher: Bencher<'_, '_>) {
    let library = Library::builtin().unwrap();
    let rubric = library.rubric("behavioural").unwrap();
    let corpus = corpus::answers(2_000, corpus::SEED);
    let answers: Vec<(Answer, &str)> = corpus.iter().map(|g| (Answer::whole(&g.answer), g.question.as_str())).collect();
    let bytes: usize = answers.iter().map(|(a, _)| a.text().len()).sum();
    bencher.counter(ItemsCount::new(answers.len())).counter(BytesCount::new(bytes)).bench(|| {
        for (answer, question) in &answers {
            black_box(assess(&rubric, Asked::text(question), answer));
        }
    });
}

/// Reading the files of all questions, guides and rubrics.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn content_open() -> Library {
    Library::builtin().unwrap()
}

/// Searching the bank, as `starcue questions search` does once it is unpacked.
#[divan::bench(sample_count = 50, sample_size = 1, args = ["refund", "angry guest at the desk", "told the boss that it was my mistake and put it right"])]
fn search_the_bank(bencher: Bencher<'_, '_>, words: &str) {
    let library = Library::builtin().unwrap();
    let questions = library.questions();
    bencher.counter(ItemsCount::new(questions.len())).bench(|| search(questions, words).len());
}

/// Compiling the rubric for customer escalations.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn content_compile(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| Library::builtin().unwrap()).bench_values(|library| {
        library.rubric("customer-escalation").unwrap();
        library
    });
}

/// Running the examples of all rules, as `starcue check` does.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn content_check(bencher: Bencher<'_, '_>) {
    let library = Library::builtin().unwrap();
    let rubrics: Vec<_> = library.rubric_ids().map(|id| library.rubric(id).unwrap()).collect();
    bencher.bench(|| rubrics.iter().map(|r| run_examples(r).len()).sum::<usize>());
}
