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
        command.env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "").envs(env.iter().copied());
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

/// Every prompt of a rehearsal: how to come to it, what is typed there and must be in the draft.
fn prompts() -> Vec<(&'static str, Vec<Key>, Option<&'static str>)> {
    use Key::{Choose, Section, See, Text};
    let whole = || {
        vec![
            Section("Situation", "A customer rang, she shouted."),
            Section("Task", "It was my job."),
            Section("Action", "I let her finish."),
            Section("Result", "She stayed."),
            See(" of 100"),
        ]
    };
    let and = |more: Vec<Key>| whole().into_iter().chain(more).collect::<Vec<_>>();
    let done = Some("I let her finish.");
    vec![
        ("situation", vec![Text("Situation", "She shou")], Some("She shou")),
        ("task", vec![whole().remove(0), Text("Task", "My jo")], Some("My jo")),
        ("action", whole().into_iter().take(2).chain([Text("Action", "I li")]).collect(), Some("I li")),
        ("result", whole().into_iter().take(3).chain([Text("Result", "She st")]).collect(), Some("She st")),
        ("menu", and(vec![See("Number, 1 to ")]), done),
        ("follow-up", and(vec![Choose("follow-up"), Text("Your reply", "I wro")]), Some("I wro")),
        ("which section", and(vec![Choose("one section again"), See("Number, 1 to ")]), done),
        (
            "section again",
            and(vec![Choose("one section again"), Choose("Task"), Text("Task", " And mine alo")]),
            Some("And mine alo"),
        ),
        ("answer again", and(vec![Choose("Answer again"), Text("Situation", " Twi")]), Some("Twi")),
        ("which finding", and(vec![Choose("Dismiss a finding"), See("Number, 1 to ")]), done),
        (
            "reason",
            and(vec![Choose("Dismiss a finding"), Choose("1. "), Text("Why it does not hold", "It is so")]),
            Some("It is so"),
        ),
        ("judgement", vec![], None),
    ]
}

/// A step of a person.
enum Key {
    /// Types a whole text under this title.
    Section(&'static str, &'static str),
    /// Begins to type one.
    Text(&'static str, &'static str),
    /// Chooses an item of a menu.
    Choose(&'static str),
    /// Waits until this is seen.
    See(&'static str),
}

#[test]
fn a_practice_that_is_killed_at_any_prompt_goes_on_with_all_that_was_typed() {
    for (name, keys, typed) in prompts() {
        let dir = tempfile::tempdir().unwrap();
        let judge_first = name == "judgement";
        let args: &[&str] = if judge_first {
            &["--plain", "--cold", "--free", "--judge-first", QUESTION]
        } else {
            &["--plain", "--cold", QUESTION]
        };
        let mut tty = Tty::practice(dir.path(), args);
        if judge_first {
            tty.answer("Your answer", "I let her finish and she stayed.");
            tty.see("how good was your answer?");
            tty.see("Number, 1 to ");
        }
        for key in keys {
            match key {
                Key::Section(title, text) => tty.answer(title, text),
                Key::Choose(item) => tty.choose(item),
                Key::See(text) => tty.see(text),
                Key::Text(title, text) => {
                    tty.entry(title);
                    tty.keys(text);
                    tty.see(text);
                    // More than the pause between two saves; then one more key brings it to the disk.
                    std::thread::sleep(Duration::from_millis(250));
                    tty.keys("x");
                    wait_for_draft(dir.path(), text);
                }
            }
        }
        tty.kill();
        let typed = typed.unwrap_or("I let her finish");
        assert!(draft(dir.path()).contains(typed), "{name}: {}", draft(dir.path()));
        let mut tty = Tty::practice(dir.path(), &["--plain", "--cold", "--resume"]);
        tty.see("angry customer");
        // It stands at a prompt again: of a text with its seed, or after the assessment.
        tty.session
            .expect(expectrl::Regex("on a line of its own:\r\n|Number, 1 to "))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        tty.keys("\u{3}");
        let (status, seen) = tty.end();
        assert_eq!(status, 130, "{name}: {seen}");
        assert!(draft(dir.path()).contains(typed), "{name}: {}", draft(dir.path()));
    }
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
