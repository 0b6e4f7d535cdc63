//! Ids that are named somewhere, and must be defined somewhere else.

use super::codes::{DUPLICATE_ID, EXTENDS_CYCLE, NEEDS_NEWER, UNKNOWN_ID, UNKNOWN_WORD};
use super::finding::Findings;
use super::tree::{Step, at};
use super::world::{Body, DEEPEST, Unit, World, families};
use crate::content::raw::{BankFile, GuideFile, PackFile, RawWhen, RubricFile};
use crate::engine::measures::{PLAIN, measure};
use crate::engine::program::FEATURES;
use crate::packs::{PackVersion, at_least};
use crate::{Family, Section};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Measures of sections that feed a rule most often, for "did you mean".
const OF_SECTIONS: [&str; 8] = [
    "level.situation",
    "level.task",
    "level.action",
    "level.result",
    "words.situation",
    "words.task",
    "words.action",
    "words.result",
];

/// Checks every id that a file names.
pub(super) fn check(world: &World<'_>, packs: &[PackVersion], out: &mut Findings) {
    duplicates(world, out);
    let wanted: Vec<&Unit<'_>> = world.units.iter().filter(|u| u.file.wanted).collect();
    let found: Vec<Findings> = wanted
        .par_iter()
        .map(|unit| {
            let mut out = Findings::default();
            match &unit.body {
                Body::Bank(bank) => of_bank(world, unit, bank, &mut out),
                Body::Guide(guide) => of_guide(world, unit, guide, &mut out),
                Body::Rubric(rubric) => of_rubric(world, unit, rubric, &mut out),
                Body::Pack(pack) => of_pack(unit, pack, packs, &mut out),
                Body::Plan(plan) => super::plans::of_plan(world, unit, plan, &mut out),
                Body::Language(_) | Body::Broken => {}
            }
            out
        })
        .collect();
    found.into_iter().for_each(|found| out.merge(found));
}

/// Says that nothing has an id.
pub(super) fn unknown<'k>(
    unit: &Unit<'_>,
    path: &[Step],
    what: &str,
    id: &str,
    known: impl IntoIterator<Item = &'k str>,
    out: &mut Findings,
) {
    let finding = unit.at(UNKNOWN_ID, path, format!("there is no {what} `{id}`"));
    out.extend(finding.map(|f| f.suggest(id, known)));
}

/// Ids that stand twice in one layer: a higher layer may take the place of a lower one.
fn duplicates(world: &World<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<(usize, String), String> = BTreeMap::new();
    let mut rules: BTreeMap<(usize, &str, &str), (Family, String)> = BTreeMap::new();
    for unit in &world.units {
        let file = unit.file;
        let mut once = |what: &str, id: &str, path: &[Step], out: &mut Findings| {
            if let Some(first) = seen.insert((file.layer, format!("{what} {id}")), file.path.clone()) {
                let other = if first == file.path { "above".to_owned() } else { format!("in {first}") };
                out.extend(unit.at(DUPLICATE_ID, path, format!("{what} `{id}` stands twice, here and {other}")));
            }
        };
        match &unit.body {
            Body::Bank(bank) => {
                for (i, q) in bank.questions.iter().enumerate() {
                    once("question", &q.id, &at!["question", i, "id"], out);
                }
            }
            Body::Guide(guide) => once("guide", &guide.id, &at!["id"], out),
            Body::Plan(plan) => once("plan", &plan.id, &at!["id"], out),
            Body::Language(language) => once("language", &language.id, &at!["id"], out),
            Body::Rubric(rubric) => {
                for (family, key, all) in families(rubric) {
                    for (i, rule) in all.iter().enumerate() {
                        let place = (family, file.path.clone());
                        if let Some((other, first)) = rules.insert((file.layer, &rubric.id, &rule.id), place) {
                            let first = if first == file.path { "above".to_owned() } else { format!("in {first}") };
                            let said = format!(
                                "`{}` is the id of a {} here, and of a {} {first}",
                                rule.id,
                                family.id(),
                                other.id()
                            );
                            out.extend(unit.at(DUPLICATE_ID, &at![key, i, "id"], said));
                        }
                    }
                }
            }
            Body::Pack(_) | Body::Broken => {}
        }
    }
}

fn of_bank(world: &World<'_>, unit: &Unit<'_>, bank: &BankFile, out: &mut Findings) {
    // The questions of a file share a rubric or two.
    let mut rules_of: BTreeMap<&str, BTreeMap<String, Family>> = BTreeMap::new();
    for (i, q) in bank.questions.iter().enumerate() {
        for (n, id) in q.related.iter().enumerate() {
            if !world.questions.contains_key(id) {
                let known = world.questions.keys().map(String::as_str);
                unknown(unit, &at!["question", i, "related", n], "question", id, known, out);
            }
        }
        if !world.rubric_ids().any(|id| id == q.rubric) {
            unknown(unit, &at!["question", i, "rubric"], "rubric", &q.rubric, world.rubric_ids(), out);
            continue;
        }
        let rules = rules_of.entry(&q.rubric).or_insert_with(|| world.rules(&q.rubric));
        let mut named = |family: Family, id: &str, path: &[Step]| {
            let known = rules.iter().filter(|(_, f)| **f == family).map(|(id, _)| id.as_str());
            if !known.clone().any(|k| k == id) {
                let what = format!("{} in rubric `{}` called", family.id(), q.rubric);
                unknown(unit, path, &what, id, known, out);
            }
        };
        for (n, ask) in q.motivations.iter().enumerate() {
            named(Family::Motivation, &ask.id, &at!["question", i, "motivation", n, "id"]);
        }
        for (n, trap) in q.minefields.iter().enumerate() {
            named(Family::Minefield, &trap.id, &at!["question", i, "minefield", n, "id"]);
        }
        for (n, point) in q.key_points.iter().enumerate() {
            for (b, id) in point.behaviours.iter().enumerate() {
                named(Family::Behaviour, id, &at!["question", i, "key_point", n, "behaviours", b]);
            }
        }
        for (n, id) in q.weak.iter().flat_map(|w| &w.minefields).enumerate() {
            named(Family::Minefield, id, &at!["question", i, "weak", "minefields", n]);
        }
    }
}

fn of_guide(world: &World<'_>, unit: &Unit<'_>, guide: &GuideFile, out: &mut Findings) {
    // A guide belongs to no rubric: what it names may stand in any.
    let mut rules: BTreeSet<(String, Family)> = BTreeSet::new();
    for id in world.rubric_ids() {
        rules.extend(world.rules(id));
    }
    let mut named = |family: Family, id: &str, path: &[Step]| {
        if !rules.contains(&(id.to_owned(), family)) {
            let known = rules.iter().filter(|(_, f)| *f == family).map(|(id, _)| id.as_str());
            unknown(unit, path, &format!("{} called", family.id()), id, known, out);
        }
    };
    for (i, step) in guide.steps.iter().enumerate() {
        for (n, id) in step.behaviours.iter().enumerate() {
            named(Family::Behaviour, id, &at!["step", i, "behaviours", n]);
        }
    }
    for (i, ask) in guide.competencies.iter().enumerate() {
        named(Family::Motivation, &ask.id, &at!["competency", i, "id"]);
    }
    for (i, trap) in guide.mistakes.iter().enumerate() {
        named(Family::Minefield, &trap.id, &at!["mistake", i, "id"]);
    }
    for (i, id) in guide.scenarios.iter().enumerate() {
        if !world.questions.contains_key(id) {
            unknown(unit, &at!["scenarios", i], "question", id, world.questions.keys().map(String::as_str), out);
        }
    }
}

fn of_rubric(world: &World<'_>, unit: &Unit<'_>, rubric: &RubricFile, out: &mut Findings) {
    let rules = world.rules(&rubric.id);
    let index: BTreeMap<String, usize> = rules.keys().cloned().zip(0..).collect();
    if let Some(parent) = &rubric.extends {
        extends(world, unit, rubric, parent, out);
        let inherited = world.rules(parent);
        for (i, id) in rubric.remove.iter().enumerate() {
            if !inherited.contains_key(id) {
                let known = inherited.keys().map(String::as_str);
                unknown(unit, &at!["remove", i], "inherited rule", id, known, out);
            }
        }
    } else if let Some(id) = rubric.remove.first() {
        let said = format!("`remove` names `{id}`, and this rubric extends none");
        out.extend(unit.at(UNKNOWN_ID, &at!["remove", 0], said));
    }
    if let Some(language) = &rubric.language
        && !world.languages().any(|l| l == language)
    {
        let finding = unit.at(UNKNOWN_ID, &at!["language"], format!("there is no language `{language}`"));
        let help = "a language is a file of its own: `rubrics/language/ID.toml`";
        out.extend(finding.map(|f| f.suggest(language, world.languages()).help(help)));
    }
    let rule = |id: &String, path: &[Step], out: &mut Findings| {
        if !rules.contains_key(id) {
            unknown(unit, path, "rule", id, rules.keys().map(String::as_str), out);
        }
    };
    let condition = |when: &RawWhen, path: &[Step], out: &mut Findings| {
        for (key, ids) in [("all", &when.all), ("any", &when.any), ("none", &when.none)] {
            for (i, id) in ids.iter().enumerate() {
                if !rules.contains_key(id) {
                    let path = [path, &at![key, i]].concat();
                    unknown(unit, &path, "rule", id, rules.keys().map(String::as_str), out);
                }
            }
        }
        for (key, limits) in [("min", &when.min), ("max", &when.max)] {
            for name in limits.keys() {
                if let Err(message) = measure(name, &index) {
                    out.extend(at_key(unit, &[path, &at![key, name]].concat(), message));
                }
            }
        }
    };
    for (_, key, all) in families(rubric) {
        for (i, raw) in all.iter().enumerate() {
            for (name, conditions) in [("when", &raw.when), ("only", &raw.only)] {
                for (n, when) in conditions.iter().enumerate() {
                    condition(when, &at![key, i, name, n], out);
                }
            }
            for name in raw.feeds.keys().filter(|n| !rules.contains_key(*n)) {
                if measure(name, &index).is_err() {
                    let said = format!("there is no rule and no measure `{name}`");
                    let measures = PLAIN.iter().map(|(n, _)| *n).chain(OF_SECTIONS);
                    let known: Vec<&str> = rules.keys().map(String::as_str).chain(measures).collect();
                    let finding = at_key(unit, &at![key, i, "feeds", name], said);
                    out.extend(finding.map(|f| f.suggest(name, known)));
                }
            }
        }
    }
    for (i, section) in rubric.sections.iter().enumerate() {
        for (name, conditions) in [("clear", &section.clear), ("partial", &section.partial)] {
            for (n, when) in conditions.iter().enumerate() {
                condition(when, &at!["section", i, name, n], out);
            }
        }
        for (n, id) in section.evidence.iter().enumerate() {
            rule(id, &at!["section", i, "evidence", n], out);
        }
    }
    for (i, kind) in rubric.kinds.iter().enumerate() {
        for (n, when) in kind.when.iter().enumerate() {
            condition(when, &at!["kind", i, "when", n], out);
        }
    }
    if let Some(score) = &rubric.score {
        for id in score.signals.keys() {
            if !rules.contains_key(id) {
                let finding = at_key(unit, &at!["score", "signals", id], format!("there is no rule `{id}`"));
                out.extend(finding.map(|f| f.suggest(id, rules.keys().map(String::as_str))));
            }
        }
        for (i, cap) in score.caps.iter().enumerate() {
            condition(&cap.when, &at!["score", "cap", i, "when"], out);
        }
    }
    let feeds = rubric.doubt.iter().flat_map(|d| d.feeds.keys());
    for name in feeds.filter(|n| !rules.contains_key(*n)) {
        if let Err(message) = measure(name, &index) {
            out.extend(at_key(unit, &at!["doubt", "feeds", name], message));
        }
    }
    for (i, weighing) in rubric.weighing.iter().enumerate() {
        rule(&weighing.id, &at!["weighing", i, "id"], out);
        for name in weighing.feeds.keys().filter(|n| !rules.contains_key(*n)) {
            if let Err(message) = measure(name, &index) {
                out.extend(at_key(unit, &at!["weighing", i, "feeds", name], message));
            }
        }
    }
    for id in rubric.segmentation.iter().flat_map(|s| s.rules.keys()).filter(|id| !rules.contains_key(*id)) {
        let finding = at_key(unit, &at!["segmentation", "rules", id], format!("there is no rule `{id}`"));
        out.extend(finding.map(|f| f.suggest(id, rules.keys().map(String::as_str))));
    }
    segmentation(unit, rubric, out);
}

fn at_key(unit: &Unit<'_>, path: &[Step], message: String) -> Option<super::Finding> {
    let span = unit.tree.as_ref()?.key(path);
    // The engine's message has the suggestion in it.
    let (said, near) = match message.split_once("; did you mean ") {
        Some((said, near)) => (said.to_owned(), Some(format!("did you mean {near}"))),
        None => (message, None),
    };
    let finding = super::Finding::new(UNKNOWN_ID, unit.file, Some(span), said);
    Some(match near {
        Some(near) => finding.label(near),
        None => finding,
    })
}

fn extends(world: &World<'_>, unit: &Unit<'_>, rubric: &RubricFile, parent: &str, out: &mut Findings) {
    if !world.rubric_ids().any(|id| id == parent) {
        unknown(unit, &at!["extends"], "rubric", parent, world.rubric_ids(), out);
        return;
    }
    let chain = world.chain(&rubric.id);
    let last = chain.last().and_then(|id| world.rubric(id).find_map(|(_, f)| f.extends.clone()));
    let Some(back) = last.filter(|id| world.rubric_ids().any(|r| r == id)) else { return };
    let said = if chain.contains(&back) {
        format!("`extends` goes round in a circle: {} → {back}", chain.join(" → "))
    } else {
        format!("`extends` goes deeper than {DEEPEST} rubrics")
    };
    out.extend(unit.at(EXTENDS_CYCLE, &at!["extends"], said));
}

fn segmentation(unit: &Unit<'_>, rubric: &RubricFile, out: &mut Findings) {
    let Some(raw) = &rubric.segmentation else { return };
    let states: Vec<&str> = Section::ALL.iter().map(|s| s.id()).chain(["other"]).collect();
    let starts: Vec<&str> = states.iter().copied().chain(["start"]).collect();
    let mut word = |path: &[Step], word: &str, known: &[&str]| {
        if !known.contains(&word)
            && let Some(tree) = &unit.tree
        {
            let said = format!("the segmentation knows no `{word}`");
            let finding = super::Finding::new(UNKNOWN_WORD, unit.file, Some(tree.key(path)), said);
            let known = known.iter().copied();
            out.push(finding.suggest(word, known.clone()).help(&format!("it knows {}", super::shape::listed(known))));
        }
    };
    for (table, rows, known) in
        [("transitions", &raw.transitions, starts.as_slice()), ("features", &raw.features, FEATURES)]
    {
        for (row, columns) in rows {
            word(&at!["segmentation", table, row], row, known);
            for column in columns.keys() {
                word(&at!["segmentation", table, row, column], column, &states);
            }
        }
    }
}

fn of_pack(unit: &Unit<'_>, pack: &PackFile, packs: &[PackVersion], out: &mut Findings) {
    let starcue = ("starcue".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    for (id, version) in &pack.needs {
        let path = at!["needs", id];
        match packs.iter().chain([&starcue]).find(|(known, _)| known == id) {
            None => {
                let known = packs.iter().map(|(id, _)| id.as_str()).chain(["starcue"]);
                let finding = at_key(unit, &path, format!("the pack needs the pack `{id}`, which is not there"));
                let help = format!("add it first: `starcue pack add PATH-OF-{}`", id.to_uppercase());
                out.extend(finding.map(|f| f.suggest(id, known).help(&help)));
            }
            Some((_, there)) if !at_least(there, version) => {
                let said = format!("the pack needs `{id}` {version} or newer, and {there} is there");
                out.extend(unit.at(NEEDS_NEWER, &path, said));
            }
            Some(_) => {}
        }
    }
}
