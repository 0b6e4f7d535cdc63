//! The built-in content keeps its promises: rules catch their examples, ids exist, samples score well,
//! and a rule is added by one TOML file.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use starcue::{Answer, Asked, Family, Library, Question, Rubric, Section, assess, run_examples};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

fn rubrics(library: &Library) -> Vec<Arc<Rubric>> {
    library.rubric_ids().map(|id| library.rubric(id).unwrap()).collect()
}

#[test]
fn every_rule_catches_what_its_examples_say() {
    let library = Library::builtin().unwrap();
    let mut faults = String::new();
    for rubric in rubrics(&library) {
        for r in run_examples(&rubric).iter().filter(|r| r.fault.is_error()) {
            writeln!(faults, "{}: {} {} {}: {}", rubric.id, r.rule, r.fault.code(), r.example, r.seen).unwrap();
        }
    }
    assert!(faults.is_empty(), "`starcue check` shows these too:\n{faults}");
}

#[test]
fn every_rubric_has_all_that_the_labels_name() {
    let wanted: [(Family, &str); 3] = [
        (
            Family::Behaviour,
            "listens stays-calm acknowledges-feelings apologises takes-ownership gathers-information explains \
             offers-options involves-others keeps-updated follows-up documents prevents-recurrence",
        ),
        (
            Family::Motivation,
            "conflict-resolution problem-solving communication empathy procedure judgment customer-focus composure",
        ),
        (
            Family::Minefield,
            "blames-customer blames-others lacks-empathy no-solution poor-communication no-follow-up unstructured \
             no-resolution overcomplicated not-own-actions hypothetical confrontational takes-it-personally \
             passes-the-buck breaks-procedure",
        ),
    ];
    let library = Library::builtin().unwrap();
    for id in ["behavioural", "conflict", "customer-escalation", "failure", "leadership"] {
        let rubric = library.rubric(id).unwrap();
        for (family, ids) in wanted {
            for wanted in ids.split_whitespace() {
                let rule = rubric.rules().iter().find(|r| r.family == family && *r.id == *wanted);
                let rule = rule.unwrap_or_else(|| panic!("{id} lacks the {} `{wanted}`", family.id()));
                assert!(!rule.title.is_empty() && rule.title != wanted, "`{wanted}` has no title for people");
                assert!(family == Family::Motivation || !rule.advice.is_empty(), "`{wanted}` gives no advice");
            }
        }
        assert_eq!(rubric.bands.iter().map(|b| b.band).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn ids_that_questions_and_guides_name_are_there() {
    let library = Library::builtin().unwrap();
    let mut missing = BTreeSet::new();
    let ids = |rubric: &Rubric, family: Family| -> BTreeSet<String> {
        rubric.rules().iter().filter(|r| r.family == family).map(|r| r.id.to_string()).collect()
    };
    for q in library.questions() {
        let Ok(rubric) = library.rubric(&q.rubric) else {
            missing.insert(format!("{}: rubric `{}`", q.id, q.rubric));
            continue;
        };
        let (behaviours, motivations, minefields) =
            (ids(&rubric, Family::Behaviour), ids(&rubric, Family::Motivation), ids(&rubric, Family::Minefield));
        let named = (q.expects().map(|id| (&behaviours, id)))
            .chain(q.motivations.iter().map(|m| (&motivations, m.id.as_str())))
            .chain(q.minefields.iter().map(|m| (&minefields, m.id.as_str())));
        missing.extend(named.filter(|(known, id)| !known.contains(*id)).map(|(_, id)| format!("{}: `{id}`", q.id)));
    }
    let rubric = library.rubric("customer-escalation").unwrap();
    let (behaviours, motivations, minefields) =
        (ids(&rubric, Family::Behaviour), ids(&rubric, Family::Motivation), ids(&rubric, Family::Minefield));
    for g in library.guides() {
        let named = (g.steps.iter().flat_map(|s| &s.behaviours).map(|id| (&behaviours, id)))
            .chain(g.competencies.iter().map(|c| (&motivations, &c.id)))
            .chain(g.mistakes.iter().map(|m| (&minefields, &m.id)));
        missing.extend(named.filter(|(known, id)| !known.contains(*id)).map(|(_, id)| format!("{}: `{id}`", g.id)));
        missing.extend(
            g.scenarios.iter().filter(|id| library.question(id).is_none()).map(|id| format!("{}: `{id}`", g.id)),
        );
        let sections = g.steps.iter().filter_map(|s| s.section.as_deref());
        missing.extend(sections.filter(|s| Section::from_id(s).is_none()).map(|s| format!("{}: section `{s}`", g.id)));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_bank_holds_what_was_promised() {
    let library = Library::builtin().unwrap();
    for q in library.questions() {
        let empty = q.motivations.is_empty()
            || q.minefields.is_empty()
            || q.key_points.is_empty()
            || q.probes.is_empty()
            || q.tips.is_empty()
            || [&q.text, &q.theme, &q.role, &q.about_role, &q.function, &q.why_it_works].iter().any(|t| t.is_empty())
            || q.sample.sections().iter().any(|s| s.trim().is_empty());
        assert!(!empty, "{} lacks something", q.id);
    }
    let themes: BTreeSet<&str> =
        library.questions().iter().filter(|q| q.rubric == "behavioural").map(|q| q.theme.as_str()).collect();
    assert!(themes.len() >= 12, "questions of themes other than customers: {themes:?}");
    let guide = library.guide("escalations").unwrap();
    let levels: Vec<_> = guide.scenarios.iter().map(|id| library.question(id).unwrap().difficulty).collect();
    assert!(levels.len() >= 3 && levels.is_sorted(), "from beginner to advanced: {levels:?}");
}

/// What keeps a question's sample from being a good answer, by the rubric of its question.
fn weakness(library: &Library, q: &Question) -> Option<String> {
    let rubric = library.rubric(&q.rubric).unwrap();
    let answer = Answer::sectioned(q.sample.sections());
    let a = assess(&rubric, Asked::bank(q), &answer);
    let serious: Vec<String> = a
        .minefields
        .iter()
        .filter(|m| m.severity.id() == "serious")
        .map(|m| {
            let quotes: Vec<&str> = m.evidence.iter().map(|e| e.quote(answer.text())).collect();
            format!("{} {quotes:?}", m.id)
        })
        .collect();
    let levels = a.sections.each_ref().map(|s| s.level);
    (a.band < 4 || !serious.is_empty())
        .then(|| format!("{}: band {}, {} points, levels {levels:?}, serious {serious:?}", q.id, a.band, a.score))
}

#[test]
fn the_samples_of_the_guided_scenarios_are_strong() {
    let library = Library::builtin().unwrap();
    let ids = [
        "frustrated-technical-problem",
        "request-beyond-authority",
        "prevented-escalation",
        "handle-customer-escalations",
    ];
    let weak: Vec<String> = ids.iter().filter_map(|id| weakness(&library, library.question(id).unwrap())).collect();
    assert!(weak.is_empty(), "{weak:#?}");
}

#[test]
fn every_sample_is_strong() {
    let library = Library::builtin().unwrap();
    let weak: Vec<String> = library.questions().iter().filter_map(|q| weakness(&library, q)).collect();
    assert!(weak.is_empty(), "{} of {} samples: {weak:#?}", weak.len(), library.questions().len());
}

fn starcue(content: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    command.env_remove("STARCUE_CONTENT").env("NO_COLOR", "1").arg("--content").arg(content);
    command
}

/// The TOML block of the README that shows how a minefield is added.
fn minefield_of_the_readme() -> &'static str {
    let blocks = include_str!("../README.md").split("```toml\n").skip(1).filter_map(|b| b.split("```").next());
    blocks.into_iter().find(|b| b.contains("[[minefield]]")).unwrap()
}

#[test]
fn adding_a_minefield_with_its_examples_is_a_change_to_one_toml_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rubrics")).unwrap();
    let file = folder.path().join("rubrics/sales.toml");
    std::fs::write(&file, minefield_of_the_readme()).unwrap();

    let check = ["check", "--rubric", "sales", "--rule", "promises-the-moon"];
    starcue(folder.path()).args(check).assert().success().stdout(contains("0 errors"));
    starcue(folder.path())
        .args(["explain", "promises-the-moon"])
        .assert()
        .success()
        .stdout(contains("Promises the moon").and(contains("at most 45.0")));
    let answer = "In March a shop wanted to leave us. I promised them everything to keep the account. They stayed.";
    starcue(folder.path())
        .args(["score", "--rubric", "sales", "--from", "text", "--fail-on", "promises-the-moon", "-"])
        .write_stdin(answer)
        .assert()
        .code(1)
        .stdout(contains("\"quote\":\"promised them everything\""));
    let kept = answer.replace("I promised", "I never promised");
    starcue(folder.path())
        .args(["score", "--rubric", "sales", "--from", "text", "--fail-on", "promises-the-moon", "-"])
        .write_stdin(kept)
        .assert()
        .success();

    // An example that the rule does not catch is told, with the reason.
    let broken = minefield_of_the_readme().replace("I **promised her the moon**", "My boss **promised her the moon**");
    std::fs::write(&file, broken).unwrap();
    starcue(folder.path())
        .args(check)
        .assert()
        .code(1)
        .stdout(contains("example-missing").and(contains("who acts is `other`")));
}

#[test]
fn a_slip_in_a_rule_is_told_with_its_file_and_a_suggestion() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rubrics")).unwrap();
    let file = folder.path().join("rubrics/sales.toml");
    let score = ["score", "--rubric", "sales", "--from", "text", "-"];
    for (right, wrong, said) in [
        ("cues =", "cuse =", "cuse"),
        ("extends = \"behavioural\"", "extends = \"behavioral\"", "behavioural"),
        ("actor = [\"speaker\", \"team\"]", "actor = [\"speeker\"]", "speaker, team, other or unknown"),
        ("they wanted)\"", "they wanted\"", "bracket"),
        ("promise~ {0,2}", "promise~ {0,99}", "gap"),
    ] {
        std::fs::write(&file, minefield_of_the_readme().replace(right, wrong)).unwrap();
        let assert = starcue(folder.path()).args(score).write_stdin("I did it.").assert();
        let output = assert.get_output();
        let told = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {told}");
        assert!(told.contains(said) && told.contains("sales.toml"), "{wrong}: {told}");
    }
}
