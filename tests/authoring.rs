//! Starting a file of one's own, and sharing it: `new`, `schema`, `pack`, `questions --origin`.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The program as somebody has it who keeps all in one folder.
fn starcue(home: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    command.current_dir(home).env("STARCUE_DATA", home.join("data")).env("STARCUE_CONFIG", "");
    command.env_remove("STARCUE_CONTENT").env("NO_COLOR", "1").env("COLUMNS", "100");
    command
}

#[test]
fn whatever_is_started_passes_the_check_as_it_is_and_is_never_overwritten() {
    let home = tempfile::tempdir().unwrap();
    for (kind, file) in [
        ("rubric", "my/rubrics/night-shift.toml"),
        ("bank", "my/questions/night-shift.toml"),
        ("guide", "my/questions/guides/night-shift.toml"),
        ("plan", "my/plans/night-shift.toml"),
    ] {
        let args = ["new", kind, "night-shift", "--dir", "my"];
        starcue(home.path()).args(args).assert().success().stderr(contains(format!("starcue check {file}")));
        starcue(home.path()).args(args).assert().code(2).stderr(contains("nothing is overwritten"));
        starcue(home.path()).args(["check", "--strict", file]).assert().success();
    }
    starcue(home.path()).args(["check", "--strict", "my"]).assert().success().stdout(contains("4 files, 1 question"));
    starcue(home.path()).args(["new", "guide", "x", "--output", "-"]).assert().success().stdout(contains("id = \"x\""));
    starcue(home.path()).args(["new", "rubric", "../x"]).assert().code(2);
}

#[test]
fn a_pack_is_started_shared_used_and_taken_away() {
    let home = tempfile::tempdir().unwrap();
    starcue(home.path()).args(["new", "pack", "nursing"]).assert().success();
    starcue(home.path()).args(["check", "--strict", "nursing"]).assert().success();
    starcue(home.path()).args(["pack", "add", "nursing"]).assert().success().stderr(contains("Added nursing 0.1.0"));

    let listed = starcue(home.path()).args(["pack", "--to", "json"]).output().unwrap();
    let listed: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&listed[0]["id"], &listed[0]["licence"]), (&"nursing".into(), &"CC-BY-4.0".into()));

    let id = "nursing-first-question";
    starcue(home.path()).args(["questions", "show", id, "--origin"]).assert().stdout(contains("pack nursing 0.1.0"));
    let all = starcue(home.path()).args(["questions", "--origin", "--to", "json"]).output().unwrap();
    let all: Vec<Value> = serde_json::from_slice(&all.stdout).unwrap();
    let built_in = all.iter().filter(|q| q["origin"] == "built in").count();
    assert_eq!(built_in + 1, all.len());
    let answer = "Last May I read the order back to the doctor before I gave the dose to anybody on the ward.";
    starcue(home.path())
        .args(["score", "--rubric", "nursing", "--from", "text", "-"])
        .write_stdin(answer)
        .assert()
        .success()
        .stdout(contains("\"rubric\":\"nursing\""));

    starcue(home.path())
        .args(["pack", "remove", "nursin"])
        .assert()
        .code(2)
        .stderr(contains("did you mean `nursing`?"));
    starcue(home.path()).args(["pack", "remove", "nursing"]).assert().success();
    starcue(home.path()).args(["questions", "show", id]).assert().code(2);
}

#[test]
fn ones_own_folder_lies_over_packs_and_packs_over_what_is_built_in() {
    let home = tempfile::tempdir().unwrap();
    starcue(home.path()).args(["new", "pack", "nursing"]).assert().success();
    starcue(home.path()).args(["pack", "add", "nursing"]).assert().success();
    fs::create_dir_all(home.path().join("my/questions")).unwrap();
    let bank = fs::read_to_string(home.path().join("nursing/questions/nursing.toml")).unwrap();
    let mine = bank.replace("calm somebody who was upset", "calm a whole ward");
    fs::write(home.path().join("my/questions/mine.toml"), mine).unwrap();
    let show = ["questions", "show", "nursing-first-question", "--origin"];
    starcue(home.path()).args(show).assert().stdout(contains("who was upset"));
    starcue(home.path())
        .args(["--content", "my"])
        .args(show)
        .assert()
        .stdout(contains("calm a whole ward").and(contains("my")).and(contains("pack nursing").not()));
    starcue(home.path())
        .args(["check", "my"])
        .assert()
        .success()
        .stdout(contains("replaces").and(contains("pack nursing")));
}

#[test]
fn a_pack_that_is_newer_broken_or_in_need_is_refused_kindly() {
    let home = tempfile::tempdir().unwrap();
    starcue(home.path()).args(["new", "pack", "nursing"]).assert().success();
    let manifest = home.path().join("nursing/pack.toml");
    let good = fs::read_to_string(&manifest).unwrap();
    let add = || starcue(home.path()).args(["pack", "add", "nursing"]).assert();

    fs::write(&manifest, good.replace("schema = 1", "schema = 7")).unwrap();
    add().code(2).stderr(contains("format 7").and(contains("update starcue")));
    fs::write(&manifest, good.replace("starcue = \"0.1.0\"", "ward-basics = \"1.0\"")).unwrap();
    add().code(1).stdout(contains("unknown-id").and(contains("starcue pack add")));
    fs::write(&manifest, &good).unwrap();
    let rubric = home.path().join("nursing/rubrics/nursing.toml");
    let rules = fs::read_to_string(&rubric).unwrap();
    fs::write(&rubric, rules.replace("cues =", "cuse =")).unwrap();
    add().code(1).stdout(contains("did you mean `cues`?")).stderr(contains("was not added"));
    fs::write(&rubric, rules).unwrap();
    add().success();

    // An older one takes the place of a newer one only where that is said.
    fs::write(&manifest, good.replace("0.1.0\"                    #", "0.0.9\" #")).unwrap();
    add().code(2).stderr(contains("--older"));
    starcue(home.path()).args(["pack", "add", "nursing", "--older"]).assert().success();
    starcue(home.path()).args(["pack", "add", "nowhere"]).assert().code(2).stderr(contains("is no pack"));
}

#[test]
fn schemas_are_written_for_editors() {
    let home = tempfile::tempdir().unwrap();
    starcue(home.path()).args(["schema", "--into", ".schemas"]).assert().success();
    for kind in ["bank", "guide", "rubric", "language", "pack", "plan"] {
        let file = fs::read_to_string(home.path().join(format!(".schemas/{kind}.json"))).unwrap();
        let schema: Value = serde_json::from_str(&file).unwrap();
        assert_eq!(schema["title"], format!("starcue {kind}"));
        starcue(home.path()).args(["schema", kind]).assert().success().stdout(file);
    }
}

#[test]
fn an_author_is_told_why_a_rule_fired_or_did_not() {
    let home = tempfile::tempdir().unwrap();
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/content");
    let tries = |rule: &str, text: &str| {
        let mut command = starcue(home.path());
        command.arg("--content").arg(&content).args(["rubrics", "try", rule, text, "--rubric", "drill"]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let rule = "counts-heads";
    assert!(tries(rule, "I counted heads.").contains("as an example: counts-heads fires at “counted heads”"));
    assert!(tries(rule, "The teacher counted heads.").contains("who acts is `other`, and the rule wants `speaker`"));
    assert!(
        tries(rule, "I would have counted heads.").contains("the clause is `hypothetical`, and the rule wants `past`")
    );
    assert!(tries(rule, "I never counted heads.").contains("it is denied"));
    let lost = tries(rule, "I looked around.");
    assert!(lost.contains("no cue matches") && lost.contains("counted (heads|everybody|everyone)"), "{lost}");
}

#[cfg(unix)]
#[test]
fn a_try_is_renewed_on_every_save_of_the_text_or_of_the_rubric() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    let home = tempfile::tempdir().unwrap();
    let rubric = home.path().join("case.toml");
    let text =
        "schema = 1\nid = \"case\"\nextends = \"drill\"\n[[behaviour]]\nid = \"names-the-door\"\ncues = [\"CUE\"]\n";
    fs::write(&rubric, text.replace("CUE", "show~ the door")).unwrap();
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/content");
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("starcue"))
        .arg("--content")
        .arg(content)
        .args(["rubrics", "try", "names-the-door", "I named the door.", "--rubric", "case", "--watch"])
        .arg(&rubric)
        .env("STARCUE_DATA", home.path())
        .env("STARCUE_CONFIG", "")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(|l| l.unwrap());
    assert!(lines.any(|l| l.contains("does not fire: no cue matches")));
    fs::write(&rubric, text.replace("CUE", "name~ the door")).unwrap();
    assert!(lines.any(|l| l.contains("fires at “named the door”")));
    child.kill().unwrap();
    child.wait().unwrap();
}
