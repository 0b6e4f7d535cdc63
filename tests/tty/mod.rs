//! A starcue in a pseudo-terminal, and what it leaves on the disk.
//!
//! rustyline forgets what is typed before it reads, so each step waits for its prompt.

#![allow(dead_code, reason = "each test takes what it needs")]

use expectrl::process::unix::{Signal, WaitStatus};
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Session};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(crate) const QUESTION: &str = "calm-an-angry-customer";

/// A starcue in a terminal.
pub(crate) struct Tty {
    pub(crate) session: OsSession,
    pub(crate) seen: String,
}

impl Tty {
    pub(crate) fn practice(data: &Path, args: &[&str]) -> Self {
        Self::with(data, args, &[])
    }

    pub(crate) fn with(data: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.arg("practice").args(args);
        command.env("STARCUE_DATA", data).env("TERM", "xterm").env("NO_COLOR", "1").env_remove("VISUAL");
        command.env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "").envs(env.iter().copied());
        Self::spawn(command)
    }

    /// Starts a command in a terminal of 100 columns.
    pub(crate) fn spawn(command: Command) -> Self {
        let mut session = Session::spawn(command).expect("starcue starts");
        session.get_process_mut().set_window_size(100, 40).expect("a size");
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        Self { session, seen: String::new() }
    }

    /// Waits until this is on the screen.
    pub(crate) fn see(&mut self, text: &str) {
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

    pub(crate) fn keys(&mut self, keys: &str) {
        self.session.send(keys).expect("the terminal takes keys");
    }

    /// Waits until this text may be typed. Its prompt is drawn again with every line, so the title
    /// of the text must be a new one.
    pub(crate) fn entry(&mut self, title: &str) {
        self.see(&format!("{title}, then \".\" on a line of its own:\r\n> "));
    }

    /// Types this text and ends it.
    pub(crate) fn answer(&mut self, title: &str, text: &str) {
        self.entry(title);
        self.keys(&format!("{text}\r.\r"));
    }

    /// Chooses the item with this name from the next plain menu.
    pub(crate) fn choose(&mut self, name: &str) {
        self.see("Number, 1 to ");
        let line = self.seen.lines().rev().find(|l| l.contains(name));
        let line = line.unwrap_or_else(|| panic!("{name} is not in the menu; seen:\n{}", self.seen));
        let number: String = line.trim_start().chars().take_while(char::is_ascii_digit).collect();
        self.keys(&format!("{number}\r"));
    }

    /// Waits for the end; the exit status.
    pub(crate) fn end(mut self) -> (i32, String) {
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

    pub(crate) fn kill(&mut self) {
        self.session.get_process_mut().signal(Signal::SIGKILL).expect("it is alive");
        let _ = self.session.get_process().wait();
    }
}

pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == ending)).collect()
}

/// The attempts in history, oldest first.
pub(crate) fn kept(data: &Path) -> Vec<serde_json::Value> {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_starcue"));
    let export = command.args(["history", "export", "--to", "jsonl", "--data"]).arg(data).output().expect("it runs");
    let lines = String::from_utf8(export.stdout).expect("it is text");
    lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

pub(crate) fn draft(data: &Path) -> String {
    let drafts = files(&data.join("drafts"), "json");
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    std::fs::read_to_string(&drafts[0]).expect("the draft is readable")
}

/// Waits until the draft holds this: it is written while one types.
pub(crate) fn wait_for_draft(data: &Path, text: &str) {
    wait_for_file(&data.join("drafts"), text);
}

/// Waits until a file of a folder holds this.
pub(crate) fn wait_for_file(folder: &Path, text: &str) {
    for _ in 0..200 {
        if files(folder, "json").iter().any(|f| std::fs::read_to_string(f).is_ok_and(|f| f.contains(text))) {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("no file of {} holds {text:?}", folder.display());
}
