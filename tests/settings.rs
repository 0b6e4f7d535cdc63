//! The config file, and `starcue watch`.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;

fn starcue() -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    for key in ["STARCUE_CONTENT", "STARCUE_DATA", "STARCUE_CONFIG", "NO_COLOR"] {
        command.env_remove(key);
    }
    command
}

fn settings(command: &mut Command) -> Value {
    let output = command.args(["config", "--to", "json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn setting<'a>(settings: &'a Value, key: &str) -> (&'a str, &'a str) {
    let list = settings["settings"].as_array().unwrap();
    let one = list.iter().find(|s| s["key"] == key).unwrap();
    (one["value"].as_str().unwrap(), one["from"].as_str().unwrap())
}

#[test]
fn the_config_file_is_found_where_the_platform_expects_it_and_every_value_has_its_source() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("starcue");
    let home = || {
        let mut command = starcue();
        command.env("XDG_CONFIG_HOME", dir.path()).env("HOME", dir.path());
        command
    };
    let none = settings(&mut home());
    assert_eq!((&none["found"], setting(&none, "person")), (&json!(false), ("me", "default")));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config.toml"), "person = 'anna'\ndata = 'kept'\n[practice]\ncold = true\n").unwrap();
    let found = settings(&mut home());
    assert_eq!(found["file"], json!(folder.join("config.toml")));
    assert_eq!(setting(&found, "person"), ("anna", "config file"));
    assert_eq!(setting(&found, "data"), (folder.join("kept").to_str().unwrap(), "config file"));
    assert_eq!(setting(&found, "practice.cold"), ("true", "config file"));
    let over = settings(home().env("STARCUE_DATA", "/elsewhere").arg("--plain"));
    assert_eq!(setting(&over, "data"), ("/elsewhere", "STARCUE_DATA"));
    assert_eq!(setting(&over, "plain"), ("true", "command line"));
    let off = settings(home().env("STARCUE_CONFIG", ""));
    assert_eq!((&off["file"], setting(&off, "person")), (&Value::Null, ("me", "default")));
    home().args(["history", "list"]).assert().success().stderr(contains("no attempts of `anna`"));
    home().arg("config").assert().success().stdout(contains("  person                anna  (config file)\n"));
}

#[test]
fn a_config_file_that_is_wrong_is_told_with_its_line_and_status_2() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("my.toml");
    fs::write(&file, "\nplain = 1\n").unwrap();
    for verb in [&["config"][..], &["questions"], &["history"]] {
        let mut command = starcue();
        command.arg("--config").arg(&file).args(verb);
        command.assert().code(2).stdout("").stderr(contains("my.toml:2: `plain` wants true or false"));
    }
    starcue().args(["--config", "/nowhere.toml", "config"]).assert().code(2).stderr(contains("can't be read"));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    starcue().args(["watch", "answers.jsonl"]).assert().code(2).stderr(contains("`starcue score` reads it"));
    starcue().args(["watch", "/"]).assert().code(2).stderr(contains("is a folder"));
}

#[cfg(unix)]
#[test]
fn every_save_is_assessed_anew_until_ctrl_c() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("answer.md");
    fs::write(&file, "I fixed the lift.").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_starcue"))
        .args(["watch", "--question", "Tell me about a failure."])
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["metrics"]["words"], 4);
    // As an editor saves: beside, and then over it.
    fs::write(dir.path().join("new"), [0xff]).unwrap();
    fs::rename(dir.path().join("new"), &file).unwrap();
    let mut told = String::new();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    errors.read_line(&mut told).unwrap();
    assert!(told.contains("not UTF-8"), "{told}");
    fs::write(&file, "# Situation\nThe lift stood still.\n\n# Action\nI fixed the lift.\n").unwrap();
    assert_eq!(next()["metrics"]["words"], 8);
    // Whatever becomes of the file, the next save may mend it.
    fs::remove_file(&file).unwrap();
    let mut told = || {
        let mut line = String::new();
        errors.read_line(&mut line).unwrap();
        line
    };
    let gone = told();
    assert!(gone.contains("answer.md` is gone; waiting for it"), "{gone}");
    fs::create_dir(&file).unwrap();
    let folder = told();
    assert!(folder.contains("answer.md` can't be read"), "{folder}");
    fs::remove_dir(&file).unwrap();
    fs::write(&file, "I fixed the lift.").unwrap();
    assert_eq!(next()["metrics"]["words"], 4);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
