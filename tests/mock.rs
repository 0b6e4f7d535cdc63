//! `starcue mock` in a pseudo-terminal, as a candidate and a coach drive it together: a whole
//! interview with ratings, notes and a crash in the middle.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod tty;

use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tty::{Tty, wait_for_file};

fn starcue(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
    command.env("STARCUE_DATA", data).env("STARCUE_CONFIG", "").env("TERM", "xterm").env("NO_COLOR", "1");
    command.env("TZ", "UTC").env_remove("STARCUE_CONTENT").env_remove("VISUAL").env_remove("EDITOR");
    command
}

/// What a command writes to standard output.
fn text(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A mock interview in a terminal.
fn mock(data: &Path, args: &[&str]) -> Tty {
    let mut command = starcue(data);
    command.arg("mock").args(args).arg("--plain");
    Tty::spawn(command)
}

/// Gives a band and the four levels.
fn rate(tty: &mut Tty, band: &str, levels: [&str; 4]) {
    tty.see("What the bands mean");
    tty.choose(band);
    for level in levels {
        tty.see("told?");
        tty.choose(level);
    }
}

const QUESTIONS: &str = "mistake-at-work,calm-an-angry-customer,beyond-the-job";

#[test]
fn a_whole_interview_with_a_coach_and_a_crash_in_the_middle() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let mut tty = mock(data, &["--questions", QUESTIONS, "--person", "anna", "--coach", "kim"]);
    tty.see("There is no feedback until the end.");
    tty.see("Question 1 of 3");
    tty.choose("Answer");
    tty.answer(
        "Your answer",
        "Last May I sent the wrong pallet to Leeds. I rang the driver and he came back the same day.",
    );
    tty.see("kim, what now?");
    tty.choose("Rate this answer");
    rate(&mut tty, "Band 3", ["clear", "absent", "partial", "clear"]);
    tty.choose("Write a note");
    tty.answer("Your note", "Good that she rang at once.");
    tty.answer("The words of the answer that it is about, or nothing", "Rang  the driver");
    tty.choose("For the candidate too");
    tty.see("on \"rang the driver\".");
    tty.choose("Go on");
    tty.see("Question 2 of 3");
    tty.choose("Answer");
    tty.see("Your answer, then \".\" on a line of its own:\r\n> ");
    tty.keys("A guest was shouting at the desk.\rI let him f");
    wait_for_file(&data.join("mocks"), "I let him f");
    // The power goes.
    tty.kill();

    let mut tty = mock(data, &["--person", "anna", "--resume"]);
    tty.see("1 of 3 questions answered");
    tty.see("Question 2 of 3");
    tty.choose("Back to the question before");
    tty.see("This one is answered.");
    tty.choose("Leave the answer as it is");
    tty.see("Question 2 of 3");
    tty.choose("Go on with the answer");
    tty.see("I let him f");
    tty.keys("inish, and he thanked me.\r.\r");
    tty.see("kim, what now?");
    tty.choose("Go on");
    tty.see("Question 3 of 3");
    tty.choose("Leave it out");
    tty.see("1 question was left out.");
    tty.choose("Leave it so");
    tty.see("That was the last question");
    tty.see("kim: 1 of your ratings is missing");
    let before = tty.seen.clone();
    assert!(!before.contains(" of 100"), "nothing of the tool's is shown before the coach has rated:\n{before}");
    tty.choose("Rate the next answer now");
    tty.see("A guest was shouting at the desk.");
    rate(&mut tty, "Band 1", ["clear", "absent", "partial", "partial"]);
    tty.see("kim: all is rated.");
    // A slip is mended before the tool's are shown.
    tty.choose("Rate answer 2 again (band 1)");
    rate(&mut tty, "Band 2", ["clear", "absent", "partial", "partial"]);
    tty.choose("Show the tool's now");
    tty.see(" of 100");
    tty.see("kim gave band 2");
    let (status, seen) = tty.end();
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("starcue report --mock 1"), "{seen}");
    assert_eq!(std::fs::read_dir(data.join("mocks")).unwrap().count(), 0, "nothing is left behind");

    let attempts = text(starcue(data).args(["history", "list", "--person", "anna", "--to", "json"]));
    let attempts: Value = serde_json::from_str(&attempts).unwrap();
    assert_eq!(attempts.as_array().unwrap().len(), 2);
    let page = text(starcue(data).args(["report", "--mock", "1", "--for", "coach"]));
    assert!(page.contains("kim gave band 3") && page.contains("kim gave band 2"), "{page}");
    assert!(page.contains("Good that she rang at once.") && page.contains("<mark class=\"note\">"), "{page}");
    assert!(page.contains("let him finish"), "what was typed before the crash is there");
    assert!(page.contains("Question 3 was left out"), "{page}");
    let agreement = text(starcue(data).args(["mock", "agreement", "--to", "json"]));
    let agreement: Value = serde_json::from_str(&agreement).unwrap();
    assert_eq!((&agreement[0]["first"], &agreement[0]["answers"]), (&Value::from("kim"), &Value::from(2)));
    assert_eq!(agreement[0]["late"], 0);
}

#[test]
fn a_second_coach_rates_later_and_a_rating_after_the_reveal_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let mut tty = mock(data, &["--questions", "mistake-at-work", "--coach", "kim", "--think", "0"]);
    tty.choose("Answer");
    tty.answer("Your answer", "Last May I sent the wrong pallet to Leeds. I rang the driver and he came back.");
    tty.choose("Go on");
    tty.choose("Rate later");
    let (status, seen) = tty.end();
    assert!(status == 0 && seen.contains("mock rate 1") && !seen.contains(" of 100"), "{seen}");

    for (coach, band) in [("kim", "Band 3"), ("bo", "Band 4")] {
        let mut tty = mock(data, &["rate", "1", "--coach", coach]);
        tty.see("wrong pallet to Leeds");
        tty.choose("Rate it");
        rate(&mut tty, band, ["clear", "absent", "partial", "clear"]);
        let (status, seen) = tty.end();
        assert!(status == 0 && !seen.contains(" of 100"), "{seen}");
    }
    text(starcue(data).args(["report", "--mock", "1"]));
    let mut tty = mock(data, &["rate", "1", "--coach", "zoe"]);
    tty.choose("Rate it");
    rate(&mut tty, "Band 5", ["clear", "clear", "clear", "clear"]);
    assert_eq!(tty.end().0, 0);

    let agreement = |more: &[&str]| -> Vec<(String, String)> {
        let list = text(starcue(data).args(["mock", "agreement", "--to", "json"]).args(more));
        let list: Vec<Value> = serde_json::from_str(&list).unwrap();
        let name = |a: &Value, key: &str| a[key].as_str().unwrap().to_owned();
        list.iter().map(|a| (name(a, "first"), name(a, "second"))).collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        agreement(&[]),
        [pair("all coaches", "starcue"), pair("bo", "starcue"), pair("kim", "starcue"), pair("bo", "kim")]
    );
    assert!(agreement(&["--late"]).contains(&pair("zoe", "starcue")));
}

#[test]
fn a_pause_keeps_all_and_the_time_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let mut tty = mock(data, &["--questions", "mistake-at-work,beyond-the-job", "--answer", "1", "--think", "0"]);
    tty.see("1 s to answer");
    tty.choose("Answer");
    tty.see("Your answer, then \".\" on a line of its own:\r\n> ");
    tty.keys("I sent the wrong pallet.");
    tty.see("Time is up.");
    std::thread::sleep(Duration::from_millis(1100));
    tty.keys("\r.\r");
    tty.see("more than were given");
    tty.see("Question 2 of 2");
    tty.choose("Pause");
    let (status, seen) = tty.end();
    assert!(status == 0 && seen.contains("mock --resume"), "{seen}");
    let list = text(starcue(data).args(["mock", "list"]));
    assert!(list.contains("unfinished") && list.contains("1 of 2 answered"), "{list}");
    let mut tty = mock(data, &["--resume"]);
    tty.see("Question 2 of 2");
    tty.choose("Back to the question before");
    tty.see("Question 1 of 2");
    tty.choose("Change the answer");
    tty.see("I sent the wrong pallet.");
    tty.keys("\u{3}");
    let (status, seen) = tty.end();
    assert_eq!(status, 130, "{seen}");
}

#[test]
fn a_new_rater_sees_how_far_they_agree_with_known_bands() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = mock(dir.path(), &["calibrate", "--coach", "kim"]);
    for n in 1..=8 {
        tty.see(&format!("Answer {n} of 8"));
        rate(&mut tty, "Band 3", ["clear", "partial", "clear", "partial"]);
    }
    tty.see("kim and the known bands");
    let (status, seen) = tty.end();
    assert!(status == 0 && seen.contains("8 answers: QWK 0.00, same band 12 %"), "{seen}");
    assert!(seen.contains("kiln: you band 3, known band 5"), "{seen}");
}

#[test]
fn without_a_terminal_plans_can_be_read_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let output = starcue(dir.path()).args(["mock", "quick-10"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs a terminal"));
    let plans = text(starcue(dir.path()).args(["mock", "plans"]));
    assert!(plans.contains("customer-support-30") && plans.contains("about 30 minutes"), "{plans}");
    let plan = text(starcue(dir.path()).args(["mock", "plans", "engineer-45"]));
    assert!(plan.contains("45 s to think, 240 s to answer"), "{plan}");
    let content = dir.path().join("content");
    std::fs::create_dir_all(content.join("plans")).unwrap();
    std::fs::write(content.join("plans/mine.toml"), "schema = 1\nid = \"mine\"\ntitle = \"Mine\"\nthnk = 3\n").unwrap();
    let output = starcue(dir.path()).args(["mock", "plans", "--content"]).arg(&content).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("mine.toml:4: unknown field `thnk`"));
}
