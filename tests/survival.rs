//! What kills a rehearsal, and what is left of it: nothing that was typed is lost.
#![cfg(unix)]

mod tty;

use expectrl::Expect as _;
use std::path::Path;
use std::time::Duration;
use tty::{QUESTION, Tty, draft, files, kept, wait_for_draft};

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

/// A practice of a short answer in one go, up to its end; what was seen.
fn short(data: &Path, env: &[(&str, &str)]) -> String {
    let mut tty = Tty::with(data, &["--plain", "--cold", "--free", QUESTION], env);
    tty.answer("Your answer", "I let her finish and she stayed.");
    tty.see(" of 100");
    tty.choose("Done");
    let (status, seen) = tty.end();
    assert_eq!(status, 0, "{seen}");
    seen
}

/// The path that a message names after these words.
fn named<'s>(seen: &'s str, before: &str) -> &'s Path {
    let rest = seen.split(before).nth(1).unwrap_or_else(|| panic!("no {before:?} in {seen}"));
    Path::new(rest.split(['\r', '\n', ';']).next().unwrap_or_default().trim().trim_end_matches(" instead."))
}

fn holds(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.contains("I let her finish"))
}

#[test]
fn a_damaged_or_later_history_is_told_and_left_alone_and_the_answer_is_kept_beside_it() {
    let ruin = |data: &Path| std::fs::write(data.join("history.db"), "no database, but the user's own text").unwrap();
    let later = |data: &Path| {
        let connection = rusqlite::Connection::open(data.join("history.db")).unwrap();
        connection.execute_batch("PRAGMA application_id = 0x53545243; PRAGMA user_version = 99").unwrap();
    };
    type Spoil<'a> = &'a dyn Fn(&Path);
    let cases: [(Spoil<'_>, &str); 2] = [(&ruin, "is damaged"), (&later, "written by a later starcue (format 99")];
    for (spoil, said) in cases {
        let dir = tempfile::tempdir().unwrap();
        spoil(dir.path());
        let before = std::fs::read(dir.path().join("history.db")).unwrap();
        let seen = short(dir.path(), &[]);
        assert!(seen.replace("\r\n", " ").contains(said), "{seen}");
        assert!(holds(named(&seen, "Your answer is kept in ")), "{seen}");
        assert_eq!(std::fs::read(dir.path().join("history.db")).unwrap(), before, "it is left alone");
        // Moved away, it makes room for a new history, which takes the answer.
        std::fs::rename(dir.path().join("history.db"), dir.path().join("old.db")).unwrap();
        assert_eq!(kept(dir.path()).len(), 1);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_typing_and_the_answer_is_kept_elsewhere() {
    // A file where the folder should be: that stops even root, as which tests may run.
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::write(&data, "").unwrap();
    let spare = dir.path().join("spare");
    std::fs::create_dir(&spare).unwrap();
    let seen = short(&data, &[("TMPDIR", &spare.to_string_lossy())]);
    let told = seen.find("can't be opened").unwrap_or_else(|| panic!("{seen}"));
    assert!(told < seen.find("on a line of its own").unwrap(), "before anything is typed: {seen}");
    let kept = named(&seen, "Your answer is kept in ");
    assert!(kept.starts_with(&spare) && holds(kept), "{seen}");
}

#[test]
fn a_disk_that_takes_nothing_at_all_loses_no_word() {
    // No byte can be written: neither beside nor anywhere else. What was typed is shown at the end.
    let dir = tempfile::tempdir().unwrap();
    let (data, spare) = (dir.path().join("data"), dir.path().join("spare"));
    std::fs::write(&data, "").unwrap();
    std::fs::write(&spare, "").unwrap();
    let seen = short(&data, &[("TMPDIR", &spare.to_string_lossy())]);
    assert!(seen.contains("your text is in memory only"), "{seen}");
    let end = seen.split("Your answer was not saved. Here it is:").nth(1).unwrap_or_else(|| panic!("{seen}"));
    assert!(end.contains("I let her finish and she stayed."), "{seen}");
}

#[test]
fn an_export_to_a_full_disk_is_an_error_and_no_silence() {
    let dir = tempfile::tempdir().unwrap();
    short(dir.path(), &[]);
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_starcue"));
    let export =
        command.args(["history", "export", "-o", "/dev/full"]).env("STARCUE_DATA", dir.path()).assert().code(2);
    export.stderr(predicates::str::contains("`/dev/full` can't be written: No space left on device"));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_starcue"));
    let output = command.args(["history", "export"]).env("STARCUE_DATA", dir.path()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left on device"));
}

#[test]
fn two_practices_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut both = [(); 2].map(|()| Tty::practice(dir.path(), &["--plain", "--cold", "--free", QUESTION]));
    for (tty, text) in both.iter_mut().zip(["I let her finish.", "I gave her a choice."]) {
        tty.answer("Your answer", text);
        tty.see(" of 100");
    }
    std::thread::scope(|scope| {
        for mut tty in both {
            scope.spawn(move || {
                tty.choose("Done");
                assert_eq!(tty.end().0, 0);
            });
        }
    });
    let mut answers: Vec<String> = kept(dir.path()).iter().map(|a| a["answer"].to_string()).collect();
    answers.sort();
    assert_eq!(answers, ["\"I gave her a choice.\"", "\"I let her finish.\""]);
    assert!(files(&dir.path().join("drafts"), "json").is_empty());
}
