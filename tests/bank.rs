//! The bank of questions is what it says it is: wide enough, each question its own, its samples
//! strong, its weak answers as weak as they are declared, as far as rules see that.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it is surprised")]

#[path = "bank/judged.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, clippy::cast_precision_loss, reason = "shared with an example")]
mod judged;

use assert_cmd::Command;
use judged::Agreement;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use starcue::{Answer, Asked, Difficulty, Library, Question, Severity, assess};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::builtin().unwrap());

fn questions() -> &'static [Question] {
    LIBRARY.questions()
}

/// Words as they are spoken: lower case, without punctuation.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty());
    words.map(str::to_owned).collect()
}

/// Runs of `n` words that stand in two texts, with the ids of both.
fn shared_runs<'q>(texts: impl Iterator<Item = (&'q str, Vec<String>)>, n: usize) -> Vec<String> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut shared = Vec::new();
    for (id, words) in texts {
        for run in words.windows(n).map(|w| w.join(" ")) {
            match seen.get(&run) {
                Some(other) if *other != id => shared.push(format!("{other}, {id}: {run}")),
                _ => {
                    seen.insert(run, id);
                }
            }
        }
    }
    shared
}

#[test]
fn it_covers_the_whole_behavioural_interview() {
    let count = |of: fn(&Question) -> &str| questions().iter().map(of).collect::<BTreeSet<&str>>().len();
    assert!(questions().len() >= 200, "{} questions", questions().len());
    assert!(count(|q| &q.theme) >= 16, "themes");
    assert!(count(|q| &q.role) >= 25, "roles");
    assert!(count(|q| &q.function) >= 8, "functions");
    let mut themes: BTreeMap<&str, BTreeSet<Difficulty>> = BTreeMap::new();
    for q in questions() {
        themes.entry(&q.theme).or_default().insert(q.difficulty);
    }
    let gaps: Vec<_> = themes.iter().filter(|(_, levels)| levels.len() < Difficulty::ALL.len()).collect();
    assert!(gaps.is_empty(), "a theme lacks a difficulty: {gaps:?}");
}

#[test]
fn no_two_questions_and_no_two_samples_are_the_same_in_other_clothes() {
    let samples = questions().iter().map(|q| (q.id.as_str(), words(&q.sample.sections().join(" "))));
    let shared = shared_runs(samples, 8);
    assert!(shared.is_empty(), "samples share a run of eight words: {shared:#?}");

    // What interviewers say before they come to it, and after.
    let stock = regex::Regex::new(
        "^(please )?(tell me about|describe|give me an example of|can you think of|have you ever|what did you do when)\
         ( (a|the last|a recent) (time|situation|day|moment|occasion))?( when| where| on which)?( you| a customer)?( had to)?\
         |(and )?(how did you (handle|deal with) (it|that)|how did you go about it|what (did you do|you did) about it)$",
    )
    .unwrap();
    let texts = questions().iter().map(|q| {
        let text = words(&q.text).join(" ");
        (q.id.as_str(), words(&stock.replace_all(&text, " ")))
    });
    let shared = shared_runs(texts, 6);
    assert!(shared.is_empty(), "questions share a run of six words: {shared:#?}");
}

#[test]
fn ids_are_never_taken_back() {
    let there: BTreeSet<&str> = questions().iter().map(|q| q.id.as_str()).collect();
    let promised: BTreeSet<&str> = include_str!("bank/ids.txt").lines().collect();
    let gone: Vec<_> = promised.difference(&there).collect();
    assert!(gone.is_empty(), "histories and packs name these ids, and they are gone: {gone:?}");
    let new: Vec<_> = there.difference(&promised).collect();
    assert!(new.is_empty(), "add these to tests/bank/ids.txt, which only grows: {new:?}");
}

#[test]
fn each_question_is_complete_and_of_a_readable_length() {
    let mut wrong = Vec::new();
    for q in questions() {
        let mut bounds = |what: &str, n: usize, low: usize, high: usize| {
            if !(low..=high).contains(&n) {
                wrong.push(format!("{}: {n} of {what}, not {low} to {high}", q.id));
            }
        };
        let sample = q.sample.sections().join(" ");
        bounds("words in the question", words(&q.text).len(), 5, 25);
        bounds("words in the sample", sample.split_whitespace().count(), 110, 220);
        bounds("words in why it works", words(&q.why_it_works).len(), 25, 80);
        bounds("words about the role", words(&q.about_role).len(), 5, 25);
        bounds("motivations", q.motivations.len(), 2, 5);
        bounds("minefields", q.minefields.len(), 2, 5);
        bounds("key points", q.key_points.len(), 3, 7);
        bounds("probes", q.probes.len(), 2, 4);
        bounds("tips", q.tips.len(), 1, 4);
        bounds("stories", q.stories.len(), 1, 4);
        bounds("related questions", q.related.len(), 2, 4);
        // Spoken language: a listener has lost the start of a sentence of forty words.
        let sentences = sample.split(['.', '!', '?']).filter(|s| !s.trim().is_empty()).count();
        bounds("words in a sentence of the sample", words(&sample).len() / sentences, 4, 22);
        let weak = q.weak.as_ref().unwrap_or_else(|| panic!("{} has no weak answer", q.id));
        bounds("words in the weak answer", words(&weak.answer).len(), 40, 180);
        bounds("words on what is wrong", words(&weak.why).len(), 5, 60);
        bounds("the weak answer's band", weak.band.into(), 1, 3);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn related_questions_are_there_and_others() {
    let wrong = |q: &Question| q.related.iter().any(|r| *r == q.id || LIBRARY.question(r).is_none());
    let wrong: Vec<&str> = questions().iter().filter(|q| wrong(q)).map(|q| q.id.as_str()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_sample_is_strong_typed_by_section_and_told_in_one_go() {
    let mut weak = Vec::new();
    for q in questions() {
        let rubric = LIBRARY.rubric(&q.rubric).unwrap();
        let whole = q.sample.sections().map(str::trim).join(" ");
        for (how, answer) in [("typed", Answer::sectioned(q.sample.sections())), ("told", Answer::whole(&whole))] {
            let a = assess(&rubric, Asked::bank(q), &answer);
            let serious: Vec<String> = (a.minefields.iter())
                .filter(|m| m.severity == Severity::Serious)
                .map(|m| {
                    let quotes: Vec<&str> = m.evidence.iter().map(|e| e.quote(answer.text())).collect();
                    format!("{} {quotes:?}", m.id)
                })
                .collect();
            if a.band < 4 || !serious.is_empty() {
                weak.push(format!("{} {how}: band {}, {} points, serious {serious:?}", q.id, a.band, a.score));
            }
        }
    }
    assert!(weak.is_empty(), "{} samples: {weak:#?}", weak.len());
}

/// A user who scores a weak answer sees what the bank says of it.
#[test]
fn every_weak_answer_lands_on_its_declared_band_and_minefields() {
    let labels = judged::labels(include_str!("bank/blind.jsonl"));
    let all = judged::judge(&LIBRARY, &labels);
    assert_eq!(all.iter().filter(|j| j.reader.is_some()).count(), labels.len(), "labels of answers that are gone");
    let off: Vec<String> = all
        .iter()
        .filter(|j| j.weak && j.writer != j.scorer)
        .map(|j| format!("{}: declared {:?}, found {:?}", j.question.id, j.writer, j.scorer))
        .collect();
    assert!(off.is_empty(), "{} weak answers: {off:#?}", off.len());
    for weak in all.iter().filter(|j| j.weak) {
        let sample = all.iter().find(|s| !s.weak && s.question.id == weak.question.id).unwrap();
        assert!(weak.points < sample.points, "{} scores no less than its sample", weak.question.id);
    }
}

/// Rules do not see all that people see: these are floors under what they see today in answers that
/// nobody fitted to them, not aims. What is above them stands in `docs/bank.md`.
#[test]
fn first_versions_are_judged_as_their_writer_and_reader_do_as_often_as_ever() {
    let first = judged::judge_first(&LIBRARY, include_str!("bank/first.jsonl"));
    let declared = Agreement::of(first.iter().map(|j| (&j.writer, &j.scorer)));
    let all = judged::judge(&LIBRARY, &judged::labels(include_str!("bank/blind.jsonl")));
    let with_samples = first.iter().chain(all.iter().filter(|j| !j.weak));
    let read = Agreement::of(with_samples.filter_map(|j| Some((j.reader.as_ref()?, &j.scorer))));
    let share = |part: u32| f64::from(part) / f64::from(declared.answers);
    let seen = format!("writer and scorer {declared:?}\nreader and scorer {read:?}");
    assert_eq!(first.len(), questions().len());
    assert!(share(declared.exact) >= 0.52, "exact bands\n{seen}");
    assert!(share(declared.near) >= 0.93, "bands within one\n{seen}");
    assert!(declared.precision() >= 0.84, "precision of minefields\n{seen}");
    assert!(declared.recall() >= 0.78, "recall of minefields\n{seen}");
    assert!(read.kappa >= 0.86, "kappa of bands with the reader, samples too\n{seen}");
}

fn starcue(data: &tempfile::TempDir) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    command
        .env_remove("STARCUE_CONTENT")
        .env("STARCUE_CONFIG", "")
        .env("STARCUE_DATA", data.path())
        .env("NO_COLOR", "1");
    command
}

fn told(data: &tempfile::TempDir, args: &[&str]) -> Value {
    let output = starcue(data).args(args).args(["--to", "json"]).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|q| q["id"].as_str().unwrap()).collect()
}

#[test]
fn a_search_finds_what_was_meant_in_any_form_of_the_word() {
    let data = tempfile::tempdir().unwrap();
    let found = told(&data, &["questions", "search", "disagreeing", "managers"]);
    assert_eq!(ids(&found)[0], "disagree-with-your-manager");
    let narrow = told(&data, &["questions", "search", "disagreed", "--theme", "feedback", "--limit", "50"]);
    assert!(narrow.as_array().unwrap().iter().all(|q| q["theme"] == "Feedback") && narrow[0]["score"].is_f64());
    starcue(&data)
        .args(["questions", "search", "colleageu"])
        .assert()
        .success()
        .stdout("")
        .stderr(contains("no question has `colleageu`; did you mean `colleague`?"));
}

#[test]
fn questions_like_another_share_what_it_probes() {
    let data = tempfile::tempdir().unwrap();
    let like = told(&data, &["questions", "like", "forgotten-order"]);
    assert!(!ids(&like).contains(&"forgotten-order") && ids(&like).len() == 8);
    let asked = LIBRARY.question("forgotten-order").unwrap();
    let first = &like[0];
    let same = first["same_theme"] == true || first["related"] == true;
    assert!(same && !first["shared"].as_array().unwrap().is_empty(), "{first} beside {}", asked.text);
    starcue(&data)
        .args(["questions", "like", "forgoten-order"])
        .assert()
        .code(2)
        .stderr(contains("`forgotten-order`?"));
}

#[test]
fn a_plan_fills_its_days_for_the_role_and_starts_from_what_is_due() {
    let data = tempfile::tempdir().unwrap();
    let args = ["questions", "plan", "--role", "nurse", "--days", "10", "--from", "2026-11-23"];
    let plan = told(&data, &args);
    let days = plan["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[0]["date"]), (10, &Value::from("2026-11-23")));
    let of = |why: &str| -> Vec<&Value> {
        days.iter().flat_map(|d| d["questions"].as_array().unwrap()).filter(|q| q["why"] == why).collect()
    };
    let (new, again) = (of("new"), of("again"));
    let themes: BTreeSet<&str> = new.iter().map(|q| q["theme"].as_str().unwrap()).collect();
    assert_eq!(themes.len(), new.len(), "no theme comes twice before all have come once");
    assert!(new[0]["role"].as_str().unwrap().contains("Nurse") && !again.is_empty(), "{plan}");

    // An answer of two days before is weak, and so due on the first day.
    let record = json!({"question": "forgotten-order", "answer": "I forgot it. It was bad."});
    let score = ["score", "--from", "jsonl", "--to", "jsonl", "-"];
    let judged = starcue(&data).args(score).write_stdin(record.to_string()).output().unwrap();
    let attempt = json!({
        "schema": "starcue.attempt/1", "id": "a", "person": "me", "at": "2026-11-21T10:00:00Z",
        "question": "forgotten-order", "asked": "What went wrong?", "own": false, "theme": "Failure", "mode": "written",
        "answer": record["answer"], "replies": [], "assessment": serde_json::from_slice::<Value>(&judged.stdout).unwrap(),
    });
    let file = data.path().join("past.jsonl");
    std::fs::write(&file, attempt.to_string()).unwrap();
    starcue(&data).args(["history", "import"]).arg(&file).assert().success();
    let first = &told(&data, &args)["days"][0]["questions"][0];
    assert_eq!((&first["id"], &first["why"]), (&Value::from("forgotten-order"), &Value::from("due")));
    starcue(&data).args(["questions", "plan", "--days", "0"]).assert().code(2);
    starcue(&data).args(["questions", "plan", "--function", "piracy"]).assert().code(2).stderr(contains("Nursing"));
}

#[test]
fn the_sample_the_weak_answer_and_the_book_can_be_had_alone() {
    let data = tempfile::tempdir().unwrap();
    let show = |flag: &str| starcue(&data).args(["questions", "show", "forgotten-order", flag]).assert().success();
    show("--sample").stdout(contains("Why it works").and(contains("Minefields").not()));
    show("--weak").stdout(contains("What is wrong with it").and(contains("Why it works").not()));
    let page = data.path().join("bank.html");
    starcue(&data).args(["report", "--bank", "--theme", "failure", "-o"]).arg(&page).assert().success();
    let page = std::fs::read_to_string(page).unwrap();
    let failures = questions().iter().filter(|q| q.theme == "Failure").count();
    assert_eq!(page.matches("<article").count(), failures);
    assert!(page.contains("<title>Failure</title>") && !page.contains("<script"));
    starcue(&data).args(["report", "--bank", "--to", "csv"]).assert().code(2).stderr(contains("--to json"));
}
