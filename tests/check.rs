//! Every diagnostic, as its author meets it.
//!
//! Each code has a folder `tests/check/CODE` with files that earn it and what is said of them
//! (`expected.txt`); `STARCUE_RENEW=1 cargo test --test check` writes the latter anew, and with them
//! `docs/diagnostics.md`.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use rayon::prelude::*;
use serde_json::Value;
use starcue::check::{CODES, Level, check};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn starcue(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    // Paths that are told must be the same on every machine.
    let content = if folder.starts_with(root().join("tests/check")) {
        PathBuf::from("../../cli/content")
    } else {
        root().join("tests/cli/content")
    };
    command.current_dir(folder).args(["--color", "never"]).env("COLUMNS", "100");
    command.env("STARCUE_CONTENT", content).env("STARCUE_CONFIG", "");
    command.env("STARCUE_DATA", root().join("tests/check/no-data"));
    command
}

/// What is checked in the folder of a code: its files, or all of it where it is a content folder.
fn inputs(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    if names.iter().any(|n| n == "questions" || n == "rubrics" || n == "plans") {
        return vec![".".to_owned()];
    }
    names.retain(|n| n.ends_with(".toml"));
    names
}

/// Runs `check` where the files of a code stand; what is too large to commit is made first.
fn run(code: &str) -> String {
    let folder = root().join("tests/check").join(code);
    let made = tempfile::tempdir().unwrap();
    let folder = if code == "too-large" {
        fs::create_dir(made.path().join("questions")).unwrap();
        fs::File::create(made.path().join("questions/huge.toml")).unwrap().set_len(5 << 20).unwrap();
        made.path()
    } else {
        &folder
    };
    let output = starcue(folder).arg("check").args(inputs(folder)).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let level = CODES.iter().find(|c| c.id == code).unwrap().level;
    let status = output.status.code().unwrap();
    assert!(status != 0 || level < Level::Error, "`{code}` is an error, and the exit status is {status}\n{said}");
    said
}

#[test]
fn every_diagnostic_is_said_as_it_is_committed() {
    let renew = std::env::var_os("STARCUE_RENEW").is_some();
    let wrong: Vec<String> = CODES
        .par_iter()
        .filter_map(|code| {
            let said = run(code.id);
            let path = root().join("tests/check").join(code.id).join("expected.txt");
            if renew {
                fs::write(&path, &said).unwrap();
            }
            let head = format!("{}[{}]", code.level.id(), code.id);
            if !said.contains(&head) {
                return Some(format!("`{}` is not said:\n{said}", code.id));
            }
            let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
            (said != expected).then(|| format!("{}:\n{expected}\nis now\n{said}", path.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_case_and_every_case_a_code() {
    let mut cases: Vec<String> = fs::read_dir(root().join("tests/check"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "no-data")
        .collect();
    cases.sort();
    let mut codes: Vec<&str> = CODES.iter().map(|c| c.id).collect();
    codes.sort_unstable();
    assert_eq!(cases, codes);
}

#[test]
fn the_page_of_diagnostics_is_current() {
    let mut page = String::from(
        "# Diagnostics of `starcue check`\n\nMade of the table in `src/check/codes.rs` and of the files in `tests/check` \
         by `STARCUE_RENEW=1 cargo test --test check`; a test keeps it current.\n\
         `starcue explain CODE` says the same on the command line. Codes are stable: one is never reused.\n\n\
         An *error* sets the exit status to 1; a *warning* does so with `--strict`; a *note* is only worth knowing, and is \
         told where files are named, or with `--level note`.\n\n| code | level | what it is |\n| --- | --- | --- |\n",
    );
    for code in CODES {
        writeln!(page, "| [`{0}`](#{0}) | {1} | {2} |", code.id, code.level.id(), code.title).unwrap();
    }
    for code in CODES {
        write!(page, "\n## {}\n\n*{}*: {}\n\n{}\n\n", code.id, code.level.id(), code.title, code.meaning).unwrap();
        writeln!(page, "**What to do:** {}", code.remedy).unwrap();
        let expected = root().join("tests/check").join(code.id).join("expected.txt");
        if let Ok(said) = fs::read_to_string(expected) {
            let head = format!("{}[{}]", code.level.id(), code.id);
            let block = said.replace("\r\n", "\n");
            let start = block.find(&head).unwrap_or(0);
            let end = block[start..].find("\n\n").map_or(block.len(), |n| start + n);
            write!(page, "\n```text\n{}\n```\n", block[start..end].trim_end()).unwrap();
        }
    }
    let path = root().join("docs/diagnostics.md");
    if std::env::var_os("STARCUE_RENEW").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == page, "docs/diagnostics.md is old: STARCUE_RENEW=1 cargo test --test check");
}

#[test]
fn every_code_can_be_explained() {
    let explained: Vec<&str> = CODES
        .par_iter()
        .map(|c| c.id)
        .filter(|id| {
            let output = starcue(&root()).args(["explain", id, "--to", "json", "--rubric", "drill"]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            said.contains("diagnostic of `check`")
        })
        .collect();
    assert_eq!(explained.len(), CODES.len());
}

#[test]
fn all_that_is_built_in_is_without_an_error_or_a_warning() {
    let report = check(&[]);
    let wrong: Vec<String> = report
        .findings
        .iter()
        .filter(|f| f.level() != Level::Note)
        .map(|f| format!("{} {}: {}", f.file, f.code.id, f.message))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(report.files > 30 && report.rules > 100 && report.examples > 500, "{report:?}");
}

#[test]
fn scripts_scanners_and_workflows_get_the_same_findings() {
    let folder = root().join("tests/check/unknown-key");
    let run = |to: &str| {
        let output = starcue(&folder).args(["check", "bank.toml", "case.toml", "--to", to]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{to}");
        String::from_utf8(output.stdout).unwrap()
    };
    let json: Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(json["schema"], "starcue.check/1");
    let findings = json["findings"].as_array().unwrap();
    let key = findings.iter().find(|f| f["file"] == "case.toml" && f["code"] == "unknown-key").unwrap();
    assert_eq!((&key["line"], &key["column"], &key["end_column"]), (&8.into(), &1.into(), &4.into()));
    let text = fs::read_to_string(folder.join("case.toml")).unwrap();
    let place = |k: &str| usize::try_from(key[k].as_u64().unwrap()).unwrap();
    assert_eq!(&text[place("start")..place("end")], "cue");

    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    let region = &results.iter().find(|r| r["message"]["text"].as_str().unwrap().contains("`cue`")).unwrap();
    let region = &region["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&8.into(), &1.into()));

    let github = run("github");
    assert_eq!(github.lines().count(), findings.len());
    assert!(
        github.contains("::error file=case.toml,line=8,endLine=8,col=1,endColumn=4,title=unknown-key::"),
        "{github}"
    );
}

#[test]
fn the_exit_status_tells_a_warning_from_an_error_where_that_is_asked_for() {
    let folder = root().join("tests/check/dead-cue");
    starcue(&folder).args(["check", "case.toml"]).assert().success().stdout(contains("dead-cue"));
    starcue(&folder).args(["check", "case.toml", "--strict"]).assert().code(1);
    starcue(&folder)
        .args(["check", "case.toml", "--strict", "--errors"])
        .assert()
        .success()
        .stdout(contains("dead-cue").not());
    starcue(&folder).args(["check", "nowhere.toml"]).assert().code(2).stderr(contains("nowhere.toml"));
    starcue(&folder).args(["check", "case.toml", "--rule", "nothing"]).assert().code(2);
}

#[test]
fn coverage_tells_which_rules_fire_on_labelled_answers_and_which_never_do() {
    let dir = tempfile::tempdir().unwrap();
    let labelled = dir.path().join("labelled.jsonl");
    let answers = [
        r#"{"id":"a","rubric":"drill","answer":"The bell rang at ten. I led my class out and counted heads at the gate.","labels":{"behaviours":["counts-heads"]}}"#,
        r#"{"id":"b","rubric":"drill","answer":"The bell rang at nine. I walked out with them by the stairs.","labels":{"behaviours":["leads-out"]}}"#,
    ];
    fs::write(&labelled, answers.join("\n")).unwrap();
    let run = |to: &[&str]| {
        starcue(dir.path()).args(["check", "--coverage"]).arg(&labelled).args(to).output().unwrap().stdout
    };
    let rows: Vec<Value> = serde_json::from_slice(&run(&["--to", "json"])).unwrap();
    let row = |id: &str| rows.iter().find(|r| r["rule"] == id).unwrap();
    assert_eq!(row("counts-heads")["on"], serde_json::json!(["a"]));
    assert_eq!((&row("leads-out")["fires"], &row("leads-out")["misses"]), (&1.into(), &1.into()));
    let said = String::from_utf8(run(&[])).unwrap();
    assert!(said.contains("Never fired on any of 2 answers") && said.contains("drill: takes-the-lift"), "{said}");
}
