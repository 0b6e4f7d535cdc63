//! `starcue history` as people and scripts meet it.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::LazyLock;

const WEAK: &str = "A customer shouted at me about a late order. It was all her own fault, and she was stupid. My manager \
                    called her back.";
const BETTER: &str = "Last March a customer shouted at me because her order was late twice. I was on duty and it was my \
                      job to mend it. I let her finish, apologised and called the warehouse myself. She got her order \
                      on Friday and has ordered three times since.";

fn starcue(data: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    for key in ["STARCUE_CONTENT", "NO_COLOR"] {
        command.env_remove(key);
    }
    command.env("STARCUE_DATA", data).env("TZ", "UTC").env("COLUMNS", "80");
    command
}

fn history(data: &Path, args: &[&str]) -> Command {
    let mut command = starcue(data);
    command.arg("history").args(args);
    command
}

fn text(command: &mut Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

/// An attempt as `history export --to jsonl` writes one.
fn attempt(id: &str, at: &str, question: &str, answer: &str, parent: Option<&str>) -> String {
    let mut score = Command::cargo_bin("starcue").unwrap();
    score.args(["score", "-", "--to", "jsonl"]);
    let record = json!({"id": id, "question": question, "answer": answer}).to_string();
    let output = score.write_stdin(record).output().unwrap();
    let assessment: Value = serde_json::from_slice(&output.stdout).unwrap();
    json!({
        "schema": "starcue.attempt/1", "id": id, "person": "me", "at": at, "question": question,
        "asked": "How do you calm\u{1b}[31m an angry customer?", "own": false, "theme": "Escalation Management",
        "mode": "written", "self_band": 4, "parent": parent, "answer": answer, "replies": [],
        "assessment": assessment,
    })
    .to_string()
}

/// Two attempts at one question and one at another, as an export has them.
static LINES: LazyLock<String> = LazyLock::new(|| {
    let question = "calm-an-angry-customer";
    let lines = [
        attempt("a.0", "2026-10-01T09:00:00Z", question, WEAK, None),
        attempt("a.1", "2026-10-01T09:10:00Z", question, BETTER, Some("a.0")),
        attempt("b.0", "2026-10-02T09:00:00Z", "another", WEAK, None),
    ];
    lines.join("\n")
});

/// A folder with these attempts.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    history(dir.path(), &["import", "-"])
        .write_stdin(LINES.as_str())
        .assert()
        .success()
        .stdout("")
        .stderr("starcue: -: 3 attempts taken in\n");
    dir
}

#[test]
fn without_a_history_it_says_how_to_begin_and_makes_none() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for verb in ["list", "show", "compare", "progress", "export"] {
        history(&data, &[verb]).assert().success().stdout("").stderr(contains("`starcue practice` makes the first"));
    }
    history(&data, &["show", "3"]).assert().code(2).stderr(contains("there is no attempt 3"));
    assert!(!data.exists());
}

#[test]
fn a_list_is_newest_first_and_its_texts_are_harmless() {
    let dir = filled();
    let list = text(&mut history(dir.path(), &[]));
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 4, "{list}");
    assert!(lines[1].starts_with("     3  2026-10-02 09:00 "), "{list}");
    assert!(lines[2].contains("[again]") || lines[2].contains("[again,"), "{list}");
    assert!(!list.contains('\u{1b}') && lines.iter().all(|l| l.chars().count() <= 80), "{list}");
    let json = text(&mut history(dir.path(), &["list", "--to", "jsonl", "--limit", "1"]));
    let row: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&row["number"], &row["question"]), (&json!(3), &json!("another")));
    assert_eq!(text(&mut history(dir.path(), &["list", "--question", "another"])).lines().count(), 2);
    let short = text(&mut history(dir.path(), &["list", "--limit", "2"]));
    assert!(short.ends_with("2 of 3; `--limit 0` lists them all\n"), "{short}");
    history(dir.path(), &["list", "--person", "ben"])
        .assert()
        .success()
        .stdout("")
        .stderr(contains("there are: me (3)"));
    history(dir.path(), &["list", "--theme", "None"]).assert().success().stderr(contains("drop a filter"));
}

#[test]
fn show_has_the_assessment_and_what_the_attempt_hangs_on() {
    let dir = filled();
    let shown = text(&mut history(dir.path(), &["show", "2"]));
    assert!(shown.starts_with("Attempt 2 of me, 2026-10-01 09:10\n"), "{shown}");
    for part in ["It revises attempt 1: starcue history compare 1 2", "you gave it band 4", "Next step", "of 100"] {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
    assert!(!shown.contains('\u{1b}'));
    assert!(text(&mut history(dir.path(), &["show", "1"])).contains("Revised by attempt 2"));
    assert!(text(&mut history(dir.path(), &["show"])).starts_with("Attempt 3 of me"), "the newest");
    let json: Value = serde_json::from_str(&text(&mut history(dir.path(), &["show", "1", "--to", "json"]))).unwrap();
    assert_eq!((&json["answer"], &json["assessment"]["schema"]), (&json!(WEAK), &json!("starcue.assessment/1")));
}

#[test]
fn compare_names_what_was_fixed_and_sets_texts_side_by_side_where_there_is_room() {
    let dir = filled();
    let narrow = text(&mut history(dir.path(), &["compare", "2"]));
    for part in ["Attempt 1, 2026-10-01 09:00 → Attempt 2", "Before and after", "Score", "Fixed", "Points", WEAK_START]
    {
        assert!(narrow.contains(part), "no {part:?} in {narrow}");
    }
    let wide = text(history(dir.path(), &["compare", "1", "2"]).env("COLUMNS", "120"));
    assert!(wide.lines().any(|l| l.contains("A customer shouted") && l.contains("│ Last March")), "{wide}");
    let plain = text(history(dir.path(), &["compare", "1", "2", "--plain"]).env("COLUMNS", "120"));
    assert!(plain.is_ascii() && !plain.contains(" | Last"), "{plain}");
    let json: Value = serde_json::from_str(&text(&mut history(dir.path(), &["compare", "2", "--to", "json"]))).unwrap();
    assert_eq!((&json["before"]["number"], &json["after"]["number"]), (&json!(1), &json!(2)));
    let points = json["points"].as_array().unwrap().iter().map(|p| p["points"].as_f64().unwrap()).sum::<f64>();
    assert!((points - json["gain"].as_f64().unwrap()).abs() < 0.01, "{json}");
    history(dir.path(), &["compare", "3"]).assert().code(2).stderr(contains("is the first at its question"));
    history(dir.path(), &["compare", "9"]).assert().code(2).stderr(contains("there is no attempt 9"));
}

const WEAK_START: &str = "A customer shouted at me about a late order.";

#[test]
fn progress_is_drawn_and_plain_is_ascii() {
    let dir = filled();
    let drawn = text(&mut history(dir.path(), &["progress"]));
    for part in [
        "me: 3 answers to 2 questions on 2 days, since 2026-10-01",
        "No streak now; the longest was 2 days.",
        "Bands by day\n  2026-10-01  ■",
        "Sections in your last 3 answers",
        "Minefields",
        "Escalation Management",
        "Untouched: ",
        "Your own judgement",
        "Due today: 2 questions.",
    ] {
        assert!(drawn.contains(part), "no {part:?} in {drawn}");
    }
    let plain = text(&mut history(dir.path(), &["progress", "--plain"]));
    assert!(plain.is_ascii(), "{plain}");
    let json: Value = serde_json::from_str(&text(&mut history(dir.path(), &["progress", "--to", "json"]))).unwrap();
    assert_eq!((&json["attempts"], &json["longest_streak"]), (&json!(3), &json!(2)));
}

#[test]
fn an_export_fills_another_folder_and_comes_out_the_same() {
    let dir = filled();
    let other = tempfile::tempdir().unwrap();
    let file = other.path().join("past.json");
    history(dir.path(), &["export", "-o"]).arg(&file).assert().success().stderr(contains("3 attempts written to"));
    let data = other.path().join("data");
    history(&data, &["import"]).arg(&file).assert().success();
    history(&data, &["import"]).arg(&file).assert().success().stderr(contains("0 attempts taken in, 3 there already"));
    assert_eq!(text(&mut history(&data, &["export"])), std::fs::read_to_string(&file).unwrap());
    // What comes out is what `score` reads.
    let lines = text(&mut history(&data, &["export", "--to", "jsonl", "--person", "me"]));
    starcue(&data).args(["score", "-", "--to", "jsonl"]).write_stdin(lines).assert().success();
    history(&data, &["import", "-"]).write_stdin("{}").assert().code(2).stderr(contains("record 1 is none of"));
}

#[test]
fn deleting_asks_first_and_says_what_went() {
    let dir = filled();
    history(dir.path(), &["delete", "1"]).write_stdin("").assert().code(2).stderr(contains("--yes"));
    history(dir.path(), &["delete", "9", "--yes"]).assert().code(2).stderr(contains("there is no attempt 9"));
    history(dir.path(), &["delete", "1", "--yes"]).assert().success().stderr(contains("1 attempt deleted"));
    assert!(text(&mut history(dir.path(), &["show", "2"])).contains("revises an attempt that is no longer there"));
    history(dir.path(), &["delete", "--all", "--yes"]).assert().success().stderr(contains("2 attempts deleted"));
    history(dir.path(), &["list"]).assert().success().stderr(contains("makes the first"));
}

#[test]
fn a_database_that_cannot_be_used_is_a_clear_message_and_status_2() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("history.db"), "not a database, said its owner").unwrap();
    history(dir.path(), &["list"]).assert().code(2).stderr(contains("is damaged").and(contains("left as it is")));
    history(Path::new("/dev/null/data"), &["list"]).assert().code(2).stderr(contains("can't be opened"));
}

#[test]
fn two_imports_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let line =
        |i: usize| attempt("x", "2026-10-01T09:00:00Z", "another", WEAK, None).replace("\"x\"", &format!("\"x{i}\""));
    let one = line(0);
    let batch = |from: usize| {
        (from..from + 40).map(|i| one.replace("\"x0\"", &format!("\"x{i}\""))).collect::<Vec<_>>().join("\n")
    };
    std::thread::scope(|scope| {
        for from in [0, 40, 80] {
            let input = batch(from);
            let folder = dir.path();
            scope.spawn(move || history(folder, &["import", "-"]).write_stdin(input).assert().success());
        }
    });
    assert_eq!(text(&mut history(dir.path(), &["export", "--to", "jsonl"])).lines().count(), 120);
}

#[test]
fn a_dismissed_finding_is_marked_wherever_the_attempt_is_shown_and_counts_against_its_rule() {
    let dir = filled();
    let before = text(&mut history(dir.path(), &["show", "1", "--to", "json"]));
    let attempt: Value = serde_json::from_str(&before).unwrap();
    let mine = attempt["assessment"]["minefields"][0]["id"].as_str().unwrap().to_owned();
    let dismiss = |args: &[&str]| history(dir.path(), &[&["dismiss"], args].concat());
    dismiss(&["1", &mine]).assert().code(2).stderr(contains("--reason"));
    dismiss(&["1", "no-such", "--reason", "x"]).assert().code(2).stderr(contains("attempt 1 has no finding `no-such`"));
    dismiss(&["9", &mine, "--reason", "x"]).assert().code(2).stderr(contains("there is no attempt 9"));
    let reason = "She \u{1b}[31msaid so\nherself";
    dismiss(&["1", &mine, "--reason", reason]).assert().success().stderr(contains("is dismissed in attempt 1"));
    let mark = "dismissed: She said so herself";
    assert!(text(&mut history(dir.path(), &["show", "1"])).contains(mark));
    assert!(text(&mut dismiss(&["1"])).contains(mark));
    assert!(text(&mut dismiss(&[])).contains(&mine));
    assert!(text(&mut history(dir.path(), &["list"])).contains("1 dismissed]"));
    assert!(text(&mut history(dir.path(), &["compare", "1", "2"])).contains("(dismissed)"));
    // Attempt 3 has the words of attempt 1.
    assert!(text(&mut history(dir.path(), &["show", "3"])).contains("dismissed in attempt 1: She said so herself"));
    assert!(text(&mut history(dir.path(), &["progress"])).contains(", dismissed in 2"));
    let shown: Value = serde_json::from_str(&text(&mut history(dir.path(), &["show", "1", "--to", "json"]))).unwrap();
    assert_eq!(shown["assessment"], attempt["assessment"], "the assessment never changes");
    assert_eq!(shown["dismissed"][0]["finding"], json!(mine));
    let counted = starcue(dir.path()).args(["evaluate", "--dismissals", "--to", "json"]).output().unwrap();
    let counted: Value = serde_json::from_slice(&counted.stdout).unwrap();
    let rule = &counted["rules"][0];
    assert_eq!((&rule["id"], &rule["dismissed"]), (&json!(mine), &json!(2)), "{counted}");
    starcue(dir.path()).args(["evaluate", "--dismissals"]).assert().success().stdout(contains(mine.clone()));
    dismiss(&["1", &mine, "--undo"]).assert().success().stderr(contains("counts again in attempt 1"));
    dismiss(&["1", &mine, "--undo"]).assert().code(2).stderr(contains("has no dismissal of"));
    assert!(!text(&mut history(dir.path(), &["show", "1"])).contains("dismissed"));
}
