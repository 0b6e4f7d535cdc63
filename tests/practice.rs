//! `starcue practice` in a pseudo-terminal, as a person drives it: a whole answer, and every way
//! to lose one. `survival.rs` has what kills a process or a disk.
#![cfg(unix)]

mod tty;

use expectrl::process::unix::Signal;
use std::time::Duration;
use tty::{QUESTION, Tty, draft, files, kept};

#[test]
fn a_whole_practice_with_follow_ups_and_a_second_try() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--plain", QUESTION]);
    tty.see("What they really ask");
    tty.see("Red flags");
    tty.answer("Situation", "Last March a customer rang because her order had been lost twice.\rShe shouted at me.");
    tty.answer("Task", "As the agent on duty it was my job to put it right that day.");
    tty.answer("Action", "I let her finish.");
    tty.answer("Result", "She got her order on Friday and thanked me.");
    tty.see(" of 100");
    tty.choose("follow-up");
    tty.answer("Your reply", "I called the warehouse myself and told her every hour where her parcel was.");
    tty.see("Worth of this reply: ");
    tty.entry("Your reply");
    tty.keys(":back\r");
    tty.choose("Answer one section again");
    tty.choose("Action");
    tty.entry("Action");
    tty.see("I let her finish.");
    tty.keys(" Then I apologised, offered her two options and booked the one she chose.\r.\r");
    tty.see("Before and after");
    tty.choose("See a sample answer");
    tty.see("Why it works");
    tty.choose("Done");
    let (status, seen) = tty.end();
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("See it again: starcue history show 2\r\n"), "{seen}");
    assert!(!seen.contains("\u{1b}[?25l"), "plain output never hides the cursor");
    assert!(seen.is_ascii(), "{seen}");
    assert!(files(&dir.path().join("drafts"), "json").is_empty());
    let kept = kept(dir.path());
    assert_eq!(kept.len(), 2, "the first answer and the second: {kept:?}");
    assert_eq!(kept[1]["parent"], kept[0]["id"]);
    let answer = kept[1]["answer"].to_string();
    assert!(answer.contains("booked the one she chose"), "{answer}");
    assert!(answer.contains("lost twice.\\nShe shouted at me."), "{answer}");
    assert_eq!(kept[0]["replies"].as_array().map(Vec::len), Some(1), "{:?}", kept[0]);
}

#[test]
fn ctrl_c_in_the_middle_of_a_line_keeps_it_and_says_how_to_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--plain", "--cold", QUESTION]);
    tty.answer("Situation", "She shouted.");
    tty.entry("Task");
    tty.keys("I had to calm h");
    tty.see("calm h");
    tty.keys("\u{3}");
    let (status, seen) = tty.end();
    assert_eq!(status, 130, "{seen}");
    assert!(seen.contains("Your text is kept in ") && seen.contains("starcue practice --resume"), "{seen}");
    assert!(draft(dir.path()).contains("I had to calm h"));

    let mut tty = Tty::practice(dir.path(), &["--plain", "--cold", QUESTION]);
    tty.see("There is an unfinished answer");
    tty.choose("Go on with it");
    tty.entry("Task");
    tty.see("I had to calm h");
    tty.keys("er.\r:quit\r");
    let (status, seen) = tty.end();
    assert_eq!(status, 0, "{seen}");
    assert!(draft(dir.path()).contains("I had to calm her."));
}

#[test]
fn ctrl_c_in_a_menu_shows_the_cursor_again() {
    let dir = tempfile::tempdir().unwrap();
    for args in [&[][..], &["--theme", "escalation"]] {
        let mut tty = Tty::practice(dir.path(), args);
        tty.see("Which question?");
        tty.see("customer");
        tty.keys("\u{3}");
        let (status, seen) = tty.end();
        assert_eq!(status, 130, "{seen}");
        assert!(seen.rfind("\u{1b}[?25h") >= seen.rfind("\u{1b}[?25l"), "{seen:?}");
    }
}

#[test]
fn ctrl_c_in_the_menu_after_the_assessment_keeps_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--free", QUESTION]);
    tty.answer("Your answer", "She shouted, I let her finish and solved it, and she thanked me in the end.");
    tty.see("What next?");
    tty.see("Done");
    tty.keys("\u{3}");
    let (status, seen) = tty.end();
    assert_eq!(status, 130, "{seen}");
    assert!(seen.rfind("\u{1b}[?25h") > seen.rfind("\u{1b}[?25l"), "the cursor is visible: {seen:?}");
    assert!(draft(dir.path()).contains("she thanked me"));
}

#[test]
fn a_request_to_end_and_a_closed_terminal_keep_the_text_too() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let dir = tempfile::tempdir().unwrap();
        let mut tty = Tty::practice(dir.path(), &["--free", "--cold", QUESTION]);
        tty.entry("Your answer");
        tty.keys("She shouted and I");
        tty.see("and I");
        tty.session.get_process_mut().signal(signal).unwrap();
        let (status, seen) = tty.end();
        assert_eq!(status, 130, "{seen}");
        assert!(draft(dir.path()).contains("She shouted and I"));
    }
}

#[test]
fn ctrl_d_ends_a_text_and_in_an_empty_one_the_practice() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--plain", QUESTION]);
    tty.entry("Situation");
    tty.keys("She shouted.\u{4}");
    tty.see("Task (2 of 4)");
    tty.entry("Task");
    tty.keys("\u{4}");
    let (status, seen) = tty.end();
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("Your text is kept in "), "{seen}");
    assert!(draft(dir.path()).contains("She shouted."));
}

#[test]
fn a_bracketed_paste_is_one_text_with_its_lines() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--plain", QUESTION]);
    tty.entry("Situation");
    tty.keys("\u{1b}[200~She shouted.\n\nTwice,\u{7} loudly.\u{1b}[201~");
    tty.see("loudly.");
    tty.keys("\r:quit\r");
    assert_eq!(tty.end().0, 0);
    assert!(draft(dir.path()).contains("She shouted.\\n\\nTwice, loudly."), "{}", draft(dir.path()));
}

#[test]
fn the_editor_takes_the_whole_answer_and_may_fail() {
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("editor");
    std::fs::write(&script, "sed -i 's/^# Action/# Action\\nI let her finish./' \"$1\"\n").unwrap();
    let editor = format!("sh '{}'", script.display());
    let mut tty = Tty::with(dir.path(), &["--plain", "--editor", QUESTION], &[("EDITOR", &editor), ("VISUAL", "")]);
    tty.see(" of 100");
    tty.choose("Done");
    assert_eq!(tty.end().0, 0);

    let mut tty = Tty::with(dir.path(), &["--plain", "--editor", QUESTION], &[("EDITOR", "false")]);
    tty.see("ended with status 1. Its file is kept: ");
    tty.entry("Situation");
    tty.keys(":quit\r");
    assert_eq!(tty.end().0, 0);
}

#[test]
fn a_spoken_answer_is_heard_by_a_command_of_the_users_own() {
    let dir = tempfile::tempdir().unwrap();
    let (asked, script) = (dir.path().join("asked"), dir.path().join("listen.sh"));
    std::fs::write(&script, "read stop; echo 'seconds: 65'; echo \"Um, she shouted. I let her finish in $1 s.\"\n")
        .unwrap();
    let config = dir.path().join("config.toml");
    let (asked_at, script) = (asked.display(), script.display());
    let text = format!(
        "[speech]\nread_aloud = ['sh', '-c', 'cat > {asked_at}']\ntranscribe = ['sh', '{script}', '{{seconds}}']\n"
    );
    std::fs::write(&config, text).unwrap();
    let args = ["--plain", "--cold", "--spoken", "--time", "90", "--think", "20", QUESTION];
    let mut tty = Tty::with(dir.path(), &args, &[("STARCUE_CONFIG", &config.to_string_lossy())]);
    tty.see("Think: 20 s.");
    tty.keys("\r");
    tty.see("Speak: 1 min 30 s. Your own command is listening.");
    tty.keys("\r");
    tty.see("You spoke for 1 min 5 s.");
    tty.entry("What you said");
    tty.see("in 90 s.");
    tty.keys("\r.\r");
    tty.see("Pace: ");
    tty.choose("Done");
    assert_eq!(tty.end().0, 0);
    assert!(std::fs::read_to_string(asked).unwrap().contains("angry customer"));
    let kept = kept(dir.path());
    assert_eq!((&kept[0]["mode"], &kept[0]["seconds"]), (&"spoken".into(), &65.into()));
}

#[test]
fn a_clock_runs_while_an_answer_is_typed_and_does_not_disturb_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--free", "--cold", "--time", "12", "--think", "1", QUESTION]);
    tty.see("0:01 of 0:01");
    tty.entry("Your answer");
    tty.keys("She shouted");
    tty.see("\u{1b}]2;0:02 of 0:12");
    tty.keys(" and I listened.\r.\r");
    tty.see("Time: ");
    tty.see("Done");
    tty.keys("\u{1b}");
    assert_eq!(tty.end().0, 0);
    let kept = kept(dir.path());
    assert_eq!(kept[0]["answer"], "She shouted and I listened.");
    assert!(kept[0]["seconds"].as_u64().is_some_and(|s| (1..12).contains(&s)), "{}", kept[0]["seconds"]);
}

#[test]
fn without_a_terminal_it_says_what_to_use() {
    let command = |args: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.arg("practice").args(args).timeout(Duration::from_secs(20)).write_stdin("").assert().code(2)
    };
    for args in [&[][..], &[QUESTION], &["--resume"], &["--random"]] {
        command(args).stderr(predicates::str::contains("starcue score FILE")).stdout("");
    }
}
