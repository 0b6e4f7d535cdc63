//! The command line as scripts and people meet it.
//!
//! The reports stand in `tests/cli/*.trycmd`, judged by a small rubric of their own
//! (`tests/cli/content`); `TRYCMD=overwrite cargo test --test cli` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::fmt::Write as _;

#[test]
fn golden_cases() {
    let cases = trycmd::TestCases::new();
    for (key, value) in [("COLUMNS", "80"), ("NO_COLOR", "1"), ("STARCUE_CONTENT", ""), ("CLICOLOR_FORCE", "0")] {
        cases.env(key, value);
    }
    cases.case("tests/cli/*.trycmd");
}

fn starcue() -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    for key in ["STARCUE_CONTENT", "NO_COLOR", "COLUMNS"] {
        command.env_remove(key);
    }
    command
}

fn score() -> Command {
    let mut command = starcue();
    command.arg("score");
    command
}

/// Runs to the end, and gives the lines of the output as JSON.
fn json_lines(command: &mut Command) -> Vec<Value> {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn standard_input_is_jsonl_unless_told_and_needs_no_dash() {
    let lines = json_lines(
        score().write_stdin("\u{feff}{\"answer\":\"I fixed the lift in May.\"}\r\n\r\n{\"id\":7,\"answer\":\"x\"}"),
    );
    assert_eq!((&lines[0]["id"], &lines[1]["id"]), (&Value::from("1"), &Value::from("7")));
    assert_eq!(lines[0]["schema"], "starcue.assessment/1");
    let text = json_lines(
        score().args(["-", "--from", "text", "--include", "text"]).write_stdin("Action: I did.\nResult: It held.\n"),
    );
    assert_eq!(text[0]["text"], "I did.\n\nIt held.");
}

#[test]
fn every_format_carries_the_same_answer() {
    let dir = tempfile::tempdir().unwrap();
    let [s, t, a, r] = ["It broke in May.", "It was mine to mend.", "I mended it.", "It held, 3 years now."];
    let files = [
        ("a.txt", format!("Situation: {s}\nTask: {t}\nAction: {a}\nResult: {r}\n")),
        ("b.md", format!("# Title\n\n## Situation\n{s}\n\n## Task\n{t}\n\n**Action**: {a}\n\n## Result\n\n{r}\n")),
        ("c.toml", format!("[answer]\nsituation = {s:?}\ntask = {t:?}\naction = {a:?}\nresult = {r:?}\n")),
        (
            "d.jsonl",
            format!("{{\"answer\":{{\"result\":{r:?},\"situation\":{s:?},\"task\":{t:?},\"action\":{a:?}}}}}\n"),
        ),
        ("e.csv", format!("result;task;action;situation\n{r};{t};{a};{s}\n")),
    ];
    for (name, text) in &files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let lines = json_lines(score().arg(dir.path()).args(["--include", "text"]));
    assert_eq!(lines.len(), files.len());
    for line in &lines {
        assert_eq!(line["text"], format!("{s}\n\n{t}\n\n{a}\n\n{r}"), "{}", line["id"]);
        assert_eq!(line["score"], lines[0]["score"]);
    }
    let ids: Vec<_> = lines.iter().map(|l| l["id"].as_str().unwrap()).collect();
    assert!(ids[0].ends_with("a.txt") && ids[2].ends_with("c.toml"), "a file's answer is called by its path: {ids:?}");
    assert_eq!(ids[3], "4", "a line's by its number in the whole input");
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let mut input = String::new();
    for i in 0..1500 {
        let words = "I called the depot and asked what was wrong. ".repeat(1 + i % 7);
        let answer = if i % 50 == 3 { "3".to_owned() } else { format!("{words:?}") };
        writeln!(input, "{{\"id\":\"r{i}\",\"answer\":{answer}}}").unwrap();
    }
    let run = |jobs: &str| score().args(["--jobs", jobs]).write_stdin(input.clone()).output().unwrap();
    let (one, three) = (run("1"), run("3"));
    assert_eq!(one.stdout.iter().filter(|b| **b == b'\n').count(), 1500);
    assert!(one.stdout == three.stdout);
    assert_eq!(one.status.code(), Some(2));
    assert!(String::from_utf8(one.stderr).unwrap().contains("30 bad records of 1500: 30 wrong-type"));
}

#[test]
fn bytes_that_are_no_text_and_records_without_end_are_told_in_their_place() {
    let mut input = b"{\"answer\":\"I fixed it.\"}\n{\"answer\":\"caf\xe9\"}\n{\"answer\":\"".to_vec();
    input.extend(vec![b'a'; 3 << 20]);
    input.extend(b"\"}\n{\"answer\":\"I tested it.\"}\n");
    let lines = json_lines(score().write_stdin(input));
    let codes: Vec<_> = lines.iter().map(|l| l["code"].as_str().unwrap_or("-")).collect();
    assert_eq!(codes, ["-", "not-utf8", "too-large", "-"]);
    assert_eq!((&lines[2]["record"], &lines[2]["line"], &lines[2]["file"]), (&3.into(), &3.into(), &"-".into()));
    assert_eq!(lines[3]["id"], "4");
}

#[test]
fn the_limit_is_ones_own_to_set() {
    let record = "{\"answer\":\"I fixed it.\"}";
    score().args(["--max-record", "10"]).write_stdin(record).assert().code(2).stdout(contains("\"too-large\""));
    score().args(["--max-record", "1KiB"]).write_stdin(record).assert().success();
}

#[test]
fn json_is_one_array_even_of_nothing() {
    score().args(["--to", "json"]).write_stdin("").assert().success().stdout("[]\n");
    let output = score().args(["--to", "json"]).write_stdin("{\"answer\":\"a\"}\n{}\n").output().unwrap();
    let array: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(array[1]["schema"], "starcue.error/1");
}

#[test]
fn an_output_file_gets_the_product_and_tells_its_format() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("scores.csv");
    score()
        .arg("--output")
        .arg(&path)
        .write_stdin("{\"answer\":\"=1+1 is what I did.\"}")
        .assert()
        .success()
        .stdout("");
    let table = std::fs::read_to_string(path).unwrap();
    assert!(table.starts_with("record,file,id,"), "{table}");
    let nowhere = dir.path().join("no/such/folder.csv");
    score().arg("-o").arg(nowhere).write_stdin("").assert().code(2).stderr(contains("cannot write"));
}

#[test]
fn the_text_of_an_answer_can_steer_neither_terminal_nor_table() {
    let record = r#"{"id":"=cmd|' /C calc'!A0","question":"\u001b]0;owned\u0007 Why?","answer":"I \u001b[2Jfixed \u202eit\u0000 in May <b>now</b>."}"#;
    let human = score().args(["--to", "human", "--color", "always"]).write_stdin(record).output().unwrap();
    let human = String::from_utf8(human.stdout).unwrap();
    assert!(!human.contains("\u{1b}[2J") && !human.contains("\u{1b}]") && !human.contains('\u{202e}'), "{human}");
    assert!(human.contains("\u{1b}["), "colour was asked for");
    score().args(["--to", "csv"]).write_stdin(record).assert().stdout(contains(",'=cmd|"));
    score().args(["--to", "markdown"]).write_stdin(record).assert().stdout(contains(r"\<b\>now\</b\>"));
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let escape = || predicate::str::contains("\u{1b}[");
    let run =
        |arg: &[&str]| score().args(["--to", "human"]).args(arg).write_stdin("{\"answer\":\"I fixed it.\"}").assert();
    run(&[]).stdout(escape().not());
    run(&["--color", "always"]).stdout(escape());
    run(&["--plain"]).stdout(predicate::function(str::is_ascii));
}

#[test]
fn a_report_keeps_to_the_width_of_its_terminal() {
    for columns in [60, 120] {
        for input in
            ["examples/answer.md", "examples/answer.toml", "examples/answers.jsonl", "tests/cli/answers/lift.txt"]
        {
            let run = score().args(["--to", "human", input]).env("COLUMNS", columns.to_string()).output().unwrap();
            let report = String::from_utf8(run.stdout).unwrap();
            assert!(report.contains(" of 100"));
            for line in report.lines() {
                assert!(line.chars().count() <= columns, "{input} at {columns}: {line}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::io::Read as _;
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("many.jsonl");
    std::fs::write(&path, "{\"answer\":\"I called the depot and asked what was wrong.\"}\n".repeat(2_000)).unwrap();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("starcue"))
        .args(["score", "--jobs", "1"])
        .arg(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn the_folder_of_ones_own_content_may_come_from_the_environment() {
    starcue().args(["questions", "show", "first-drill"]).assert().code(2);
    starcue().env("STARCUE_CONTENT", "tests/cli/content").args(["questions", "show", "first-drill"]).assert().success();
}

#[test]
fn what_is_listed_for_people_is_there_for_scripts() {
    for verb in ["questions", "guides", "rubrics"] {
        let output = starcue().args([verb, "--to", "json"]).output().unwrap();
        let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        for id in list.iter().map(|item| item["id"].as_str().unwrap()) {
            let shown = starcue().args([verb, "show", id, "--to", "json"]).output().unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&shown.stdout).unwrap()["id"], id);
            starcue().args(["explain", id]).assert().success().stdout(contains(id));
        }
    }
}

#[test]
fn a_spoken_answer_is_told_its_length_pace_and_fillers() {
    let text = "Um, last March a customer shouted at me. I let her finish and, um, called the depot. She thanked me.";
    let mut command = Command::cargo_bin("starcue").unwrap();
    let args = ["score", "-", "--from", "text", "--to", "human", "--spoken", "--duration", "12"];
    let told = command.args(args).write_stdin(text).assert().success().get_output().stdout.clone();
    let told = String::from_utf8(told).unwrap();
    for part in ["How you told it", "Time: 12 s, where 1 min to 2 min 30 s is comfortable.", "Pace: 9", "\"um\": 2,"] {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
}

#[test]
fn shells_and_the_manual_know_every_verb() {
    let verbs = ["practice", "score", "mock", "evaluate"];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = starcue().args(["completions", shell]).assert().success().get_output().stdout.clone();
        let script = String::from_utf8(script).unwrap();
        assert!(verbs.iter().all(|verb| script.contains(verb)), "{shell}");
    }
    starcue().args(["completions", "tcsh"]).assert().code(2).stderr(contains("possible values"));
    let page = starcue().arg("man").assert().success().get_output().stdout.clone();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains(".TH starcue") && verbs.iter().all(|verb| page.contains(verb)), "{page}");
    let dir = tempfile::tempdir().unwrap();
    starcue().args(["man", "--into"]).arg(dir.path()).assert().success();
    assert!(dir.path().join("starcue-score.1").is_file() && dir.path().join("starcue-mock-rate.1").is_file());
}
