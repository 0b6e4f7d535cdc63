//! Inputs that the fuzzer found worth keeping, replayed: none may panic, hang, or eat the memory.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it is surprised")]

#[path = "../fuzz/runs.rs"]
#[allow(unreachable_pub, reason = "the fuzzer includes it too")]
mod runs;

use starcue::Library;
use starcue::check::{FileKind, check, check_text, find_phrase};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Far more than any honest input takes, even in a build for debugging.
const PATIENCE: Duration = Duration::from_secs(20);

fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let started = Instant::now();
        run(&fs::read(&path).unwrap());
        assert!(started.elapsed() < PATIENCE, "{} takes {:?}", path.display(), started.elapsed());
        count += 1;
    }
    assert!(count >= 10, "the corpus of `{target}` is there");
}

#[test]
fn the_loader_survives_its_corpus() {
    replay("loader", runs::loader);
}

#[test]
fn the_rule_language_survives_its_corpus() {
    replay("phrases", runs::phrases);
}

#[test]
fn the_text_engine_survives_its_corpus() {
    replay("answers", runs::answers);
}

#[test]
fn a_hostile_phrase_is_refused_or_done_with_soon() {
    let deep = "(".repeat(100_000) + "a" + &")".repeat(100_000);
    let wide = "(a|b|c)? ".repeat(400) + "end";
    let gaps = "{0,12} ".repeat(200) + "end";
    for phrase in [deep, wide, gaps, "(".repeat(1_000_000), "a~~".into(), "{9,1}".into(), "@".into(), "<".into()] {
        let started = Instant::now();
        let _ = find_phrase(&phrase, &"a b c d ".repeat(200));
        assert!(started.elapsed() < PATIENCE, "{:.40} takes {:?}", phrase, started.elapsed());
    }
    assert!(find_phrase(&"(".repeat(1_000_000), "x").unwrap_err().contains("nested"));
}

#[test]
fn word_lists_that_multiply_are_refused() {
    let mut text = String::from("schema = 1\nid = \"x\"\n[lexicon]\na0 = [\"a b\", \"c d\"]\n");
    for n in 1..12 {
        let inner = format!("\"@a{}\"", n - 1);
        text.push_str(&format!("a{n} = [{}]\n", vec![inner; 10].join(", ")));
    }
    text.push_str("[[behaviour]]\nid = \"y\"\ncues = [\"@a11 x\"]\nmatch = [\"x\"]\nno_match = [\"z\"]\n");
    let started = Instant::now();
    let report = check_text(FileKind::Rubric, &text);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    assert!(report.findings.iter().any(|f| f.code.id == "bad-phrase"), "{:?}", report.findings);
}

#[test]
fn a_file_of_50_megabytes_gets_an_error() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("rubrics")).unwrap();
    let file = dir.path().join("rubrics/huge.toml");
    fs::File::create(&file).unwrap().set_len(50 << 20).unwrap();
    let problems = Library::open(Some(dir.path())).unwrap_err();
    assert_eq!(problems.0[0].code, "too-large");
    let report = check(&[file]);
    assert_eq!(report.findings[0].code.id, "too-large");
}
