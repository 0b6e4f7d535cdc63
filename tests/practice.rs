//! `starcue practice` in a pseudo-terminal, as a person drives it: a whole answer, and every way
//! to lose one.
//!
//! rustyline forgets what is typed before it reads, so each step waits for its prompt.
#![cfg(unix)]

use expectrl::process::unix::{Signal, WaitStatus};
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Session};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const QUESTION: &str = "calm-an-angry-customer";

/// A starcue in a terminal.
struct Tty {
    session: OsSession,
    seen: String,
}

impl Tty {
    fn practice(data: &Path, args: &[&str]) -> Self {
        Self::with(data, args, &[])
    }

    fn with(data: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.arg("practice").args(args);
        command.env("STARCUE_DATA", data).env("TERM", "xterm").env("NO_COLOR", "1").env_remove("VISUAL");
        command.env_remove("STARCUE_CONTENT").envs(env.iter().copied());
        let mut session = Session::spawn(command).expect("starcue starts");
        session.get_process_mut().set_window_size(100, 40).expect("a size");
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        Self { session, seen: String::new() }
    }

    /// Waits until this is on the screen.
    fn see(&mut self, text: &str) {
        match self.session.expect(text) {
            Ok(found) => {
                self.seen.push_str(&String::from_utf8_lossy(found.before()));
                self.seen.push_str(text);
            }
            Err(e) => {
                let mut rest = [0; 4096];
                let count = self.session.try_read(&mut rest).unwrap_or(0);
                self.seen.push_str(&String::from_utf8_lossy(&rest[..count]));
                panic!("{text:?} did not come ({e}); seen:\n{}", self.seen);
            }
        }
    }

    fn keys(&mut self, keys: &str) {
        self.session.send(keys).expect("the terminal takes keys");
    }

    /// Waits until this text may be typed. Its prompt is drawn again with every line, so the title
    /// of the text must be a new one.
    fn entry(&mut self, title: &str) {
        self.see(&format!("{title}, then \".\" on a line of its own:\r\n> "));
    }

    /// Types this text and ends it.
    fn answer(&mut self, title: &str, text: &str) {
        self.entry(title);
        self.keys(&format!("{text}\r.\r"));
    }

    /// Chooses the item with this name from the next plain menu.
    fn choose(&mut self, name: &str) {
        self.see("Number, 1 to ");
        let line = self.seen.lines().rev().find(|l| l.contains(name)).expect("the item is in the menu");
        let number: String = line.trim_start().chars().take_while(char::is_ascii_digit).collect();
        self.keys(&format!("{number}\r"));
    }

    /// Waits for the end; the exit status.
    fn end(mut self) -> (i32, String) {
        match self.session.expect(Eof) {
            Ok(found) => self.seen.push_str(&String::from_utf8_lossy(found.as_bytes())),
            Err(e) => {
                self.kill();
                panic!("it does not end ({e}); seen:\n{}", self.seen);
            }
        }
        match self.session.get_process().wait() {
            Ok(WaitStatus::Exited(_, status)) => (status, self.seen),
            other => panic!("{other:?}; seen:\n{}", self.seen),
        }
    }

    fn kill(&mut self) {
        self.session.get_process_mut().signal(Signal::SIGKILL).expect("it is alive");
        let _ = self.session.get_process().wait();
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == ending)).collect()
}

/// The attempts in history, oldest first.
fn kept(data: &Path) -> Vec<serde_json::Value> {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_starcue"));
    let export = command.args(["history", "export", "--to", "jsonl", "--data"]).arg(data).output().expect("it runs");
    let lines = String::from_utf8(export.stdout).expect("it is text");
    lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

fn draft(data: &Path) -> String {
    let drafts = files(&data.join("drafts"), "json");
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    std::fs::read_to_string(&drafts[0]).expect("the draft is readable")
}

/// Waits until the draft holds this: it is written while one types.
fn wait_for_draft(data: &Path, text: &str) {
    for _ in 0..200 {
        let drafts = files(&data.join("drafts"), "json");
        if drafts.iter().any(|d| std::fs::read_to_string(d).is_ok_and(|d| d.contains(text))) {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("no draft holds {text:?}");
}

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
fn a_killed_practice_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut tty = Tty::practice(dir.path(), &["--plain", QUESTION]);
    tty.answer("Situation", "She shouted.");
    tty.entry("Task");
    tty.keys("I was on duty.\rAlone, an");
    tty.see("Alone, an");
    // Half a second is more than the pause between two saves; the last key may be younger than it.
    std::thread::sleep(Duration::from_millis(500));
    tty.keys("d");
    wait_for_draft(dir.path(), "I was on duty.\\nAlone, and");
    tty.kill();

    let mut tty = Tty::practice(dir.path(), &["--plain", "--resume"]);
    tty.see("Task (2 of 4)");
    tty.see("Alone, and");
    tty.keys(" new.\r.\r");
    tty.answer("Action", "I let her finish.");
    tty.answer("Result", "She stayed.");
    tty.see(" of 100");
    tty.choose("Done");
    assert_eq!(tty.end().0, 0);
    let kept = kept(dir.path());
    assert_eq!(kept[0]["answer"]["task"], "I was on duty.\nAlone, and new.");
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
fn without_a_terminal_it_says_what_to_use() {
    let command = |args: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.arg("practice").args(args).timeout(Duration::from_secs(20)).write_stdin("").assert().code(2)
    };
    for args in [&[][..], &[QUESTION], &["--resume"], &["--random"]] {
        command(args).stderr(predicates::str::contains("starcue score FILE")).stdout("");
    }
}
