//! Reports as whoever gets them meets them: golden pages, and texts that mean harm.
//!
//! `UPDATE=1 cargo test --test report` writes the golden pages anew.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::json;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn starcue(data: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    command.env_remove("STARCUE_CONTENT").env("STARCUE_CONFIG", "").env("STARCUE_DATA", data).env("TZ", "UTC");
    command
}

/// What a command writes to standard output.
fn text(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A report of answers that are judged by the small rubric of the tests.
fn drill(args: &[&str]) -> String {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = starcue(nowhere.path());
    text(command.arg("report").args(args).args(["--content", "tests/cli/content"]))
}

/// Compares with a golden page; the hash of the rubric and the version may change.
fn golden(name: &str, page: &str) {
    let mut page = page.replace(concat!("starcue ", env!("CARGO_PKG_VERSION")), "starcue VERSION");
    for quote in ["<code>", "`"] {
        let mut from = 0;
        while let Some(at) = page[from..].find(quote).map(|at| from + at + quote.len()) {
            let hash = page.get(at..at + 16).is_some_and(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
            if hash {
                page.replace_range(at..at + 16, "HASH");
            }
            from = at;
        }
    }
    let path = Path::new("tests/report").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let want = fs::read_to_string(&path).unwrap();
    let differs = want.lines().zip(page.lines()).position(|(a, b)| a != b);
    assert!(want == page, "{name} differs in line {:?}: look at it, then UPDATE=1", differs.map(|n| n + 1));
}

#[test]
fn one_answer_is_the_page_that_was_looked_at() {
    let one = ["tests/cli/answers/good.md", "--question", "first-drill"];
    golden("answer.html", &drill(&one));
    golden("answer.md", &drill(&[&one[..], &["--to", "markdown"]].concat()));
}

#[test]
fn a_cohort_is_the_page_that_was_looked_at() {
    let cohort = ["tests/cli/answers/drills.jsonl", "--cohort", "--for", "coach"];
    golden("cohort.html", &drill(&cohort));
    golden("cohort.md", &drill(&[&cohort[..], &["--to", "markdown"]].concat()));
    golden("cohort.csv", &drill(&[&cohort[..], &["--to", "csv"]].concat()));
}

#[test]
fn a_page_says_the_next_step_before_the_score_and_each_mark_leads_to_its_finding() {
    let page = drill(&["tests/cli/answers/good.md", "--question", "first-drill"]);
    assert!(page.find("Next step").unwrap() < page.find(" of 100").unwrap());
    let marks: Vec<&str> = page.split("<mark class=\"").skip(1).filter(|m| m.contains("href=\"#a")).collect();
    assert!(marks.len() > 1, "{page}");
    for mark in page.split("href=\"#a1-f").skip(1) {
        let number = mark.split('"').next().unwrap();
        assert!(page.contains(&format!("<li class=\"shown\" id=\"a1-f{number}\">")), "finding {number}");
    }
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
}

#[test]
fn results_of_score_become_a_page_with_the_texts_beside_them_or_in_them() {
    let dir = tempfile::tempdir().unwrap();
    let answers = "tests/cli/answers/drills.jsonl";
    let content = ["--content", "tests/cli/content"];
    let score =
        |more: &[&str]| text(starcue(dir.path()).args(["score", answers, "--to", "jsonl"]).args(content).args(more));
    let (bare, whole) = (dir.path().join("bare.jsonl"), dir.path().join("whole.jsonl"));
    fs::write(&bare, score(&[])).unwrap();
    fs::write(&whole, score(&["--include", "text"])).unwrap();
    let report = |args: &[&str]| text(starcue(dir.path()).arg("report").args(args).args(content));
    let page = report(&[whole.to_str().unwrap()]);
    assert_eq!(page.matches("<article").count(), 3);
    assert_eq!(report(&[bare.to_str().unwrap(), "--answers", answers]), page);
    assert!(report(&["--cohort", bare.to_str().unwrap(), "--to", "csv"]).contains("\nall,all,3,"));
    let mut torn = starcue(dir.path());
    torn.arg("report").arg(&bare).args(content);
    torn.assert().code(2).stderr(contains("record 1 (good)").and(contains("--answers FILE")));
}

#[test]
fn a_folder_is_a_cohort_of_the_people_whose_folders_are_in_it() {
    let dir = tempfile::tempdir().unwrap();
    for person in ["anna", "ben"] {
        fs::create_dir(dir.path().join(person)).unwrap();
        fs::copy("tests/cli/answers/good.md", dir.path().join(person).join("one.md")).unwrap();
    }
    fs::write(dir.path().join("anna/two.txt"), "I ran to the lift and we took the lift down.").unwrap();
    let csv = drill(&["--cohort", dir.path().to_str().unwrap(), "--question", "first-drill", "--to", "csv"]);
    assert!(csv.contains("\nperson,anna,2,") && csv.contains("\nperson,ben,1,"), "{csv}");
    assert!(csv.contains("\ntheme,Fire drills,3,"), "{csv}");
    let page = drill(&["--cohort", dir.path().to_str().unwrap(), "--question", "first-drill"]);
    assert!(page.contains("Takes the lift") || page.contains("lift"), "titles stand for ids");
    assert_eq!(page.matches("<article").count(), 0);
}

#[test]
fn a_coachs_own_criteria_weigh_what_they_say_and_are_shown_like_the_built_in_ones() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("rubrics")).unwrap();
    let rubric = |weight: &str| {
        let text = format!(
            "schema = 1\nid = \"our-desk\"\ntitle = \"Our help desk\"\nextends = \"behavioural\"\n\n[[behaviour]]\n\
             id = \"names-the-ticket\"\ntitle = \"Names the ticket\"\nwhy = \"Whoever comes next finds the case.\"\n\
             weight = {weight}\nadvice = \"Say the number.\"\ncues = [\"gave @person the (ticket|case) number\"]\n\
             match = [\"I **gave him the ticket number** then.\"]\nno_match = [\"He lost the ticket number.\"]\n\n\
             [[minefield]]\nid = \"closes-unread\"\ntitle = \"Closes cases unread\"\nseverity = \"mild\"\nweight = 2\n\
             why = \"It comes back.\"\nadvice = \"Say that you read it.\"\nactor = [\"speaker\"]\n\
             cues = [\"closed it unread\"]\nmatch = [\"I **closed it unread**.\"]\nno_match = [\"I closed it.\"]\n"
        );
        fs::write(dir.path().join("rubrics/our-desk.toml"), text).unwrap();
    };
    let answer = dir.path().join("answer.txt");
    fs::write(
        &answer,
        "Last May a customer called about a dead line. It was my case. I asked him what had failed, and I gave him the \
         ticket number. In March I closed it unread. It worked again on Friday and he thanked me.",
    )
    .unwrap();
    let report = || {
        let mut command = starcue(dir.path());
        command.arg("report").arg(&answer).args(["--rubric", "our-desk", "--content"]).arg(dir.path());
        command
    };
    rubric("3");
    let page = text(&mut report());
    for said in [
        "Names the ticket",
        "Whoever comes next finds the case.",
        "Closes cases unread",
        "Rubric: Our help desk, <code>our-desk</code>",
        "<code>behaviour.names-the-ticket</code></td><td class=\"n\">+12.0</td>",
        "<code>minefield.closes-unread</code></td><td class=\"n\">-12.0</td>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    rubric("7");
    report().assert().code(2).stderr(contains("weight 7: write 1, 2 or 3"));
}

/// What `score` writes by the small rubric of the tests, whatever its exit status.
fn scored(args: &[&str]) -> String {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = starcue(nowhere.path());
    command.arg("score").args(args).args(["--content", "tests/cli/content"]);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn score_writes_the_page_that_report_writes() {
    let one = ["tests/cli/answers/good.md", "--question", "first-drill"];
    assert_eq!(scored(&[&one[..], &["--to", "html"]].concat()), drill(&one));
    let many = ["tests/cli/answers/drills.jsonl"];
    assert_eq!(scored(&[&many[..], &["--to", "html", "--jobs", "2"]].concat()), drill(&many));
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("page.html");
    assert_eq!(scored(&[&many[..], &["-o", page.to_str().unwrap()]].concat()), "", "the ending tells the format");
    assert_eq!(fs::read_to_string(&page).unwrap(), drill(&many));
    let spoken = scored(&[&one[..], &["--to", "html", "--spoken", "--duration", "65"]].concat());
    assert!(spoken.contains("words a minute") && spoken.contains("Time: 1 min 5 s"), "{spoken}");
    let best = scored(&[&many[..], &["--to", "html", "--top", "2"]].concat());
    assert_eq!((best.matches("<article").count(), best.contains("<h1>2 answers</h1>")), (2, true));
}

#[test]
fn bad_records_stand_in_their_places_on_a_page_of_score() {
    let page = scored(&["tests/cli/answers/broken.jsonl", "--to", "html", "--rubric", "drill"]);
    golden("score-batch.html", &page);
    let numbers: Vec<&str> = page.split("<h2 id=\"a").skip(1).filter_map(|h| h.split('"').next()).collect();
    assert_eq!(numbers, (1..=numbers.len()).map(|n| n.to_string()).collect::<Vec<_>>());
    let bad = page.matches(". Not judged: ").count();
    assert!(bad > 0 && page.contains(&format!("{bad} records could not be judged; they stand in their places below.")));
    let nothing = scored(&["/dev/null", "--from", "jsonl", "--to", "html"]);
    assert!(nothing.contains("<h1>0 answers</h1>") && nothing.ends_with("</html>\n"), "{nothing}");
}

/// A history that other hands have filled with all that could do harm.
fn hostile() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let evil =
        "</style><script>alert(1)</script><img src=x onerror=alert(1)>\u{1b}[31m\u{1b}]0;t\u{7}\u{202e}gnp\u{200f}";
    let long = "w".repeat(100_000);
    let answer = format!("=HYPERLINK(\"http://x\") {evil} In May I let her finish. {long} It held.");
    fs::write(dir.path().join("a.jsonl"), format!("{}\n", json!({"id": "=1+1", "answer": answer}))).unwrap();
    let judged = text(starcue(dir.path()).args(["score", "--to", "jsonl"]).arg(dir.path().join("a.jsonl")));
    let assessment: serde_json::Value = serde_json::from_str(&judged).unwrap();
    let attempt = json!({
        "schema": "starcue.attempt/1", "id": evil, "person": format!("=cmd|{evil}"), "at": "2026-11-22T10:00:00Z",
        "question": format!("@{evil}"), "asked": format!("+{evil}"), "own": true, "theme": format!("-{evil}"), "mode": "written",
        "answer": answer, "replies": [], "assessment": assessment,
    });
    let file = dir.path().join("past.jsonl");
    fs::write(&file, attempt.to_string()).unwrap();
    starcue(dir.path()).args(["history", "import"]).arg(&file).assert().success();
    dir
}

#[test]
fn hostile_text_is_harmless_in_every_format() {
    let dir = hostile();
    let report = |args: &[&str]| text(starcue(dir.path()).arg("report").args(args));
    let harmful = ['\u{1b}', '\u{7}', '\u{202e}', '\u{200f}'];
    for args in [&["1"][..], &["--cohort"], &["--cohort", "--for", "coach", "--full", "9"]] {
        let page = report(args);
        assert!(!page.contains(harmful), "{args:?}");
        assert_eq!((page.matches("<script").count(), page.matches("<img").count()), (0, 0), "{args:?}");
        assert_eq!((page.matches("<style>").count(), page.matches("</style>").count()), (1, 1), "{args:?}");
        let markdown = report(&[args, &["--to", "markdown"]].concat());
        // What stands after a backslash is no markup.
        let live = markdown.replace("\\<", "");
        assert!(!markdown.contains(harmful) && !live.contains("<script") && !live.contains("<img"), "{args:?}");
        let csv = report(&[args, &["--to", "csv"]].concat());
        assert!(!csv.contains(harmful), "{args:?}: {csv:?}");
        let mut rows = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
        for row in rows.records() {
            for cell in &row.unwrap() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
            }
        }
    }
    let answers = dir.path().join("a.jsonl");
    let bad =
        [json!({"id": "<img src=x>\u{1b}[31m", "answer": 7}), json!({"answer": "<script>", "rubric": "<img>\u{202e}"})];
    let lines = bad.map(|record| format!("{record}\n")).concat();
    fs::write(&answers, fs::read_to_string(&answers).unwrap() + &lines).unwrap();
    let page =
        String::from_utf8(starcue(dir.path()).args(["score", "--to", "html"]).arg(&answers).output().unwrap().stdout);
    let page = page.unwrap();
    assert_eq!(page.matches(". Not judged: ").count(), 2, "{page}");
    assert!(!page.contains(harmful) && page.contains("&lt;img src=x&gt;"));
    assert_eq!((page.matches("<script").count(), page.matches("<img").count()), (0, 0));
    let long = report(&["1"]);
    assert!(long.contains(&"w".repeat(100_000)), "the long word is there, and the style breaks it");
    let shown = text(starcue(dir.path()).args(["history", "show", "1", "--color", "never"]));
    assert!(!shown.contains(harmful));
}

#[test]
fn what_cannot_be_reported_is_said_with_the_next_step() {
    let dir = tempfile::tempdir().unwrap();
    let report = |args: &[&str]| {
        let mut command = starcue(dir.path());
        command.arg("report").args(args);
        command.assert()
    };
    report(&["12"]).code(2).stderr(contains("there is no attempt 12"));
    report(&[]).success().stderr(contains("`starcue practice` makes the first"));
    report(&["nowhere.md"]).code(2).stderr(contains("nowhere.md"));
    let file = dir.path().join("other.json");
    fs::write(&file, "{\"schema\":\"starcue.assessment/1\"}").unwrap();
    report(&[file.to_str().unwrap()]).code(2).stderr(contains("record 1"));
}

#[test]
#[cfg(unix)]
fn a_report_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("page.html");
    let mut command = starcue(dir.path());
    command.args(["report", "tests/cli/answers/good.md", "-o"]).arg(&page).assert().success().stdout("");
    assert_eq!(fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o600);
}
