//! `starcue story` as people and scripts meet it.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::str::contains;
use serde_json::{Value, json};
use std::path::Path;

const TOLD: &str = "Last March a parcel was lost. I was on the desk and it was my job to find it. I called the depot and \
                    asked for the van. She got it on Friday and thanked me.";

fn starcue(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    for key in ["STARCUE_CONTENT", "NO_COLOR"] {
        command.env_remove(key);
    }
    command.env("STARCUE_DATA", data).env("STARCUE_CONFIG", "").env("COLUMNS", "80").env("TZ", "UTC").args(args);
    command
}

fn text(data: &Path, args: &[&str]) -> String {
    String::from_utf8(starcue(data, args).assert().success().get_output().stdout.clone()).unwrap()
}

fn json(data: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&text(data, args)).unwrap()
}

/// A folder with a story that was cut into sections, and one that was written by section.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let add = |input: &str, args: &[&str]| {
        let mut all = vec!["story", "add", "--file", "-"];
        all.extend_from_slice(args);
        starcue(dir.path(), &all).write_stdin(input).assert().success().stdout("");
    };
    add(TOLD, &["--link", "failure,teamwork"]);
    add("Situation: The boiler\u{1b}[2J broke.\nAction: I called three firms.", &["The boiler"]);
    dir
}

#[test]
fn a_story_from_a_file_stands_by_section() {
    let dir = filled();
    let first = json(dir.path(), &["story", "show", "1", "--to", "json"]);
    assert_eq!(
        (&first["schema"], &first["title"]),
        (&json!("starcue.story/1"), &json!("Last March a parcel was lost"))
    );
    assert_eq!(first["answer"]["action"], "I called the depot and asked for the van.");
    assert_eq!(first["answer"]["result"], "She got it on Friday and thanked me.");
    assert_eq!(first["themes"], json!(["Failure", "Teamwork"]));
    let list = text(dir.path(), &["story"]);
    assert!(list.contains("   2  The boiler\n") && list.contains("no task, no result · linked to nothing"), "{list}");
    let shown = text(dir.path(), &["story", "show", "2"]);
    assert!(shown.contains("Situation\n  The boiler broke.\n"), "{shown}");
    assert!(shown.contains("Result\n  nothing yet: starcue story edit 2\n") && !shown.contains('\u{1b}'), "{shown}");
    let rows = json(dir.path(), &["story", "list", "--to", "json"]);
    assert_eq!(rows[1]["missing"], json!(["task", "result"]));
}

#[test]
fn links_are_to_what_there_is_and_can_be_taken_away() {
    let dir = filled();
    let linked = |verb, targets: &[&str]| starcue(dir.path(), &[&["story", verb, "2"], targets].concat()).assert();
    linked("link", &["handle-customer-escalations", "escalation management"]).success();
    linked("link", &["conflict", "teamwrok"]).code(2).stderr(contains("did you mean `Teamwork`?"));
    let links = || {
        let story = json(dir.path(), &["story", "show", "2", "--to", "json"]);
        (story["questions"].clone(), story["themes"].clone())
    };
    assert_eq!(links(), (json!(["handle-customer-escalations"]), json!(["Escalation Management"])), "all or none");
    linked("unlink", &["handle-customer-escalations"]).success();
    linked("unlink", &["conflict"]).code(2).stderr(contains("story 2 is not linked to `Conflict`"));
    assert_eq!(links(), (json!([]), json!(["Escalation Management"])));
    starcue(dir.path(), &["story", "edit", "2", "--title", "A cold\nweek"]).assert().success();
    assert_eq!(json(dir.path(), &["story", "show", "2", "--to", "json"])["title"], "A cold week");
}

#[test]
fn coverage_has_the_holes_and_fits_the_terminal() {
    let dir = filled();
    let drawn = text(dir.path(), &["story", "coverage"]);
    for part in ["2 stories, 2 of ", "  Failure  ", "○", "Holes: themes without a story", "Stories that answer nothing"]
    {
        assert!(drawn.contains(part), "no {part:?} in {drawn}");
    }
    let plain = text(dir.path(), &["--plain", "story", "coverage"]);
    assert!(plain.contains("  Failure: story 1 (Last March a parcel was lost): not told yet.\n"), "{plain}");
    assert!(plain.is_ascii(), "{plain}");
    let data = json(dir.path(), &["story", "coverage", "--to", "json"]);
    let failure = data["themes"].as_array().unwrap().iter().find(|t| t["theme"] == "Failure").unwrap();
    assert_eq!(failure["stories"], json!([{"number": 1, "best_band": null}]));
    assert!(data["holes"].as_array().unwrap().contains(&json!("Conflict")));
    assert!(text(dir.path(), &["story", "coverage", "--person", "ben"]).starts_with("0 stories, 0 of "));
}

#[test]
fn stories_go_with_a_person_through_export_import_and_delete() {
    let dir = filled();
    let file = dir.path().join("past.json");
    starcue(dir.path(), &["history", "export", "-o", file.to_str().unwrap()])
        .assert()
        .success()
        .stderr(contains("2 stories written to"));
    let other = tempfile::tempdir().unwrap();
    for said in ["2 stories taken in\n", "0 attempts taken in, 2 stories there already\n"] {
        starcue(other.path(), &["history", "import", file.to_str().unwrap()]).assert().success().stderr(contains(said));
    }
    assert_eq!(text(other.path(), &["history", "export"]), std::fs::read_to_string(&file).unwrap());
    // An attempt becomes a story, and a line of an export is a record that can be scored.
    let lines = text(other.path(), &["history", "export", "--to", "jsonl"]);
    starcue(other.path(), &["score", "-"]).write_stdin(lines).assert().success();
    starcue(other.path(), &["story", "delete", "1"]).write_stdin("").assert().code(2).stderr(contains("--yes"));
    starcue(other.path(), &["story", "delete", "1", "--yes"]).assert().success().stderr(contains("1 story deleted"));
    starcue(other.path(), &["history", "delete", "--all", "--yes"])
        .assert()
        .success()
        .stderr(contains("1 story deleted"));
    starcue(other.path(), &["story"]).assert().success().stdout("").stderr(contains("`starcue story add` makes"));
}

#[test]
fn what_is_not_there_is_told_with_the_next_step() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    starcue(&data, &["story", "show", "4"])
        .assert()
        .code(2)
        .stderr(contains("there is no story 4: `starcue story list`"));
    starcue(&data, &["practice", "--story", "4"]).assert().code(2);
    starcue(&data, &["story", "add"]).write_stdin("").assert().code(2).stderr(contains("`--file FILE`"));
    starcue(&data, &["story", "add", "--file", "/nowhere.md"]).assert().code(2).stderr(contains("/nowhere.md"));
    starcue(&data, &["story", "add", "--file", "-"]).write_stdin(" ").assert().code(2).stderr(contains("empty"));
    starcue(&data, &["story", "add", "--attempt", "3"]).assert().code(2).stderr(contains("no attempt 3"));
}
