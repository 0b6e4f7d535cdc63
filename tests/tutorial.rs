//! The tutorial is true: its commands are run, in order, with its own texts.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use std::fs;
use std::path::Path;

/// Fenced blocks of a page: their language and text, in order.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("```") {
        let (head, body) = rest[start + 3..].split_once('\n').unwrap();
        let end = body.find("```").unwrap();
        found.push((head.trim(), &body[..end]));
        rest = &body[end + 3..];
    }
    found
}

/// A line of a shell as words; double quotes hold together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// Runs the commands of a block; gives what they said and their last exit status.
fn run(home: &Path, block: &str) -> (String, i32) {
    let (mut said, mut status) = (String::new(), 0);
    for line in block.lines().filter(|l| !l.trim().is_empty()) {
        let words = words(line);
        assert_eq!(words[0], "starcue", "{line}");
        let output = Command::cargo_bin("starcue")
            .unwrap()
            .current_dir(home)
            .env("STARCUE_DATA", home.join("data"))
            .env("STARCUE_CONFIG", "")
            .env_remove("STARCUE_CONTENT")
            .args(&words[1..])
            .output()
            .unwrap();
        said += &String::from_utf8(output.stdout).unwrap();
        said += &String::from_utf8(output.stderr).unwrap();
        status = output.status.code().unwrap();
        assert!(status < 2, "{line}\n{said}");
    }
    (said, status)
}

#[test]
fn twenty_minutes_from_nothing_to_tested() {
    let page = include_str!("../docs/tutorial.md");
    let blocks = blocks(page);
    let of = |language: &str| blocks.iter().filter(|(l, _)| *l == language).map(|(_, b)| *b).collect::<Vec<_>>();
    let (commands, tomls, texts, tables) = (of(""), of("toml"), of("text"), of("csv"));
    let home = tempfile::tempdir().unwrap();
    let rubric = home.path().join("ward/rubrics/ward.toml");
    let bank = home.path().join("ward/questions/ward.toml");

    let (said, status) = run(home.path(), commands[0]);
    assert!(status == 0 && said.contains(texts[0].trim()), "{said}");

    let narrow = fs::read_to_string(&rubric).unwrap() + "\n" + tomls[0];
    fs::write(&rubric, &narrow).unwrap();
    let (said, status) = run(home.path(), commands[1]);
    assert!(status == 1 && said.contains(texts[1].trim()), "{said}");
    let (said, _) = run(home.path(), commands[2]);
    assert!(said.contains("asks-for-help-in-time"), "{said}");

    let cue = tomls[0].lines().find(|l| l.starts_with("cues")).unwrap();
    fs::write(&rubric, narrow.replace(cue, tomls[1].trim())).unwrap();
    let (said, status) = run(home.path(), commands[3]);
    assert!(status == 0 && said.contains("0 errors, 0 warnings"), "{said}");

    let text = fs::read_to_string(&bank).unwrap();
    let place = text.find("  [[question.key_point]]").unwrap();
    fs::write(&bank, format!("{}{}\n{}", &text[..place], tomls[2], &text[place..])).unwrap();
    let (said, status) = run(home.path(), commands[4]);
    assert!(status == 0 && said.contains("You call for help before it is too late."), "{said}");

    let answer = "Last May a patient's pressure fell on my night shift. As the nurse in charge it was my job to keep him \
                  safe. I called the registrar at once and told her the figures. He was stable within the hour.";
    fs::write(home.path().join("answer.txt"), answer).unwrap();
    let (said, status) = run(home.path(), commands[5]);
    assert!(status == 0 && said.contains("asks-for-help-in-time"), "{said}");

    fs::write(home.path().join("labelled.csv"), tables[0]).unwrap();
    let (said, status) = run(home.path(), commands[6]);
    assert!(status == 0 && said.contains("asks-for-help-in-time"), "{said}");

    let (said, status) = run(home.path(), commands[7]);
    assert!(status == 0 && said.contains("Added ward") && said.contains("pack ward 0.1.0"), "{said}");
    assert_eq!(commands.len(), 8, "every command is run");
}
