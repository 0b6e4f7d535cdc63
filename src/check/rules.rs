//! Rules of rubrics: phrases that are none, parts that are missing, cues and guards that do nothing.

use super::Scope;
use super::codes::{
    BAD_PHRASE, BAD_REGEX, BROKEN_RUBRIC, Code, DEAD_CUE, DEAD_GUARD, IDLE_CUE, IDLE_GUARD, MISSING_PART,
    UNFED_MOTIVATION,
};
use super::dead::{Fate, Speaker};
use super::finding::{Finding, Findings};
use super::inside;
use super::tree::{Step, at};
use super::world::{Unit, World, families};
use crate::content::raw::RawRule;
use crate::diagnostics::{Problem, Problems};
use crate::engine::examples::unmark;
use crate::engine::pattern;
use crate::engine::program::LazyRegex;
use crate::text::Vocabulary;
use crate::{Family, Rubric, RuleInfo};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A place of a rule: the file, the key of its family, and its number there.
pub(super) struct RulePlace<'w, 'a> {
    pub(super) unit: &'w Unit<'a>,
    key: &'static str,
    index: usize,
    pub(super) raw: &'w RawRule,
}

impl RulePlace<'_, '_> {
    /// The path of something of this rule.
    pub(super) fn path<const N: usize>(&self, rest: [Step; N]) -> Vec<Step> {
        at![self.key, self.index].into_iter().chain(rest).collect()
    }

    /// Where a text stands in one of the rule's lists.
    pub(super) fn find(&self, key: &str, list: &[String], text: &str) -> Option<Vec<Step>> {
        list.iter().position(|t| t == text).map(|n| self.path(at![key, n]))
    }
}

/// Places of a rule in files of a rubric whose findings are told, the rubric itself first.
pub(super) fn places<'w, 'a>(world: &'w World<'a>, rubric: &str, family: Family, id: &str) -> Vec<RulePlace<'w, 'a>> {
    let mut found = Vec::new();
    for part in world.chain(rubric) {
        for (unit, file) in world.rubric(&part).filter(|(u, _)| u.file.wanted) {
            for (_, key, all) in families(file).into_iter().filter(|(f, ..)| *f == family) {
                let of_id = all.iter().enumerate().filter(|(_, r)| r.id == id);
                found.extend(of_id.map(|(index, raw)| RulePlace { unit, key, index, raw }));
            }
        }
    }
    found
}

/// Tells why a rubric can't be compiled, at the place where it is wrong.
pub(super) fn broken(world: &World<'_>, id: &str, problems: &Problems, out: &mut Findings) {
    let before = out.errors();
    phrases(world, id, out);
    let chain = world.chain(id);
    let own = world.rubric(id).find(|(u, _)| u.file.wanted).map(|(u, _)| u);
    let closed = chain.last().is_some_and(|id| world.rubric(id).all(|(_, f)| f.extends.is_none()));
    if closed {
        let has = |code: &str| problems.0.iter().any(|p| p.code == code);
        let sections = problems.0.iter().filter(|p| p.code == "missing-section");
        let mut lacks: Vec<String> =
            sections.filter_map(|p| Some(format!("the section {}", p.message.rsplit(' ').next()?))).collect();
        lacks.extend(has("missing-score").then(|| "a table `[score]`".to_owned()));
        lacks.extend(has("bad-bands").then(|| "bands 1 to 5 that rise from 0".to_owned()));
        if let (Some(unit), Some(_)) = (own, lacks.first()) {
            let finding = unit.at(MISSING_PART, &at!["id"], format!("rubric `{id}` lacks {}", lacks.join(", ")));
            out.extend(finding.map(|f| f.help("to take over what is built in, add `extends = \"behavioural\"`")));
        }
    }
    let told = out.errors() > before
        || chain.iter().flat_map(|p| world.rubric(p).map(|(u, _)| u.file.path.clone())).any(|f| out.has_error(&f));
    // Where nothing of ours has said it, the loader's own words must do.
    if !told {
        for problem in &problems.0 {
            match own {
                Some(unit) if removed(unit, problem, out) => {}
                Some(unit) => out.extend(unit.at(BROKEN_RUBRIC, &at!["id"], problem.message.clone())),
                None => out.push(Finding::of_path(BROKEN_RUBRIC, &problem.file, problem.message.clone())),
            }
        }
    }
}

/// Tells of a rule that is taken out and still asked for; false where that is not the problem.
fn removed(unit: &Unit<'_>, problem: &Problem, out: &mut Findings) -> bool {
    // What feeds a rule may be a measure as well.
    let lost = ["there is no rule `", "there is no measure `"];
    let named = lost.iter().find_map(|lost| problem.message.split_once(lost));
    let named = named.and_then(|(_, rest)| rest.split('`').next());
    let at = named.and_then(|id| unit.rubric()?.remove.iter().position(|r| r == id));
    let Some(at) = at else { return false };
    let finding = unit.at(BROKEN_RUBRIC, &at!["remove", at], problem.message.clone());
    let help = "what asks for it is inherited: take that out too, or say it anew with `replace = true`";
    out.extend(finding.map(|f| f.label("taken out here").help(help)));
    true
}

/// Compiles each phrase and each regular expression by itself.
fn phrases(world: &World<'_>, id: &str, out: &mut Findings) {
    let chain = world.chain(id);
    let language = chain.iter().find_map(|p| world.rubric(p).find_map(|(_, f)| f.language.clone()));
    let Some(language) = world.language(language.as_deref().unwrap_or("en")) else { return };
    let mut lexicon: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in chain.iter().rev() {
        for (_, file) in world.rubric(part) {
            for (name, words) in &file.lexicon {
                lexicon.entry(name.clone()).or_default().extend(words.iter().cloned());
            }
        }
    }
    let mut vocabulary = Vocabulary::of(language);
    let mut tables = pattern::Tables::default();
    let mut of_lists: BTreeSet<String> = BTreeSet::new();
    let mut wrong = |phrase: &str| pattern::compile(phrase, &lexicon, &mut tables, language, &mut vocabulary).err();
    for (unit, file) in chain.iter().flat_map(|p| world.rubric(p)) {
        for (name, words) in &file.lexicon {
            for (n, word) in words.iter().enumerate() {
                // An entry alone need not name a word: the phrase around it may.
                if let Some(why) = wrong(word).filter(|why| !why.contains("names no word of its own")) {
                    of_lists.insert(why.clone());
                    out.extend(bad_phrase(unit, &at!["lexicon", name, n], &why));
                }
            }
        }
    }
    for (unit, file) in chain.iter().flat_map(|p| world.rubric(p)) {
        let mut tell = |phrase: &str, path: &[Step]| {
            let why = wrong(phrase).filter(|why| !of_lists.contains(why));
            out.extend(why.and_then(|why| bad_phrase(unit, path, &why)));
        };
        for (n, phrase) in file.immune.iter().enumerate() {
            tell(phrase, &at!["immune", n]);
        }
        for (_, key, all) in families(file) {
            for (i, rule) in all.iter().enumerate() {
                for (list, phrases) in [("cues", &rule.cues), ("guards", &rule.guards)] {
                    for (n, phrase) in phrases.iter().enumerate() {
                        tell(phrase, &at![key, i, list, n]);
                    }
                }
            }
        }
        if unit.file.wanted {
            out.extend(regexes(unit, file));
        }
    }
}

fn bad_phrase(unit: &Unit<'_>, path: &[Step], why: &str) -> Option<Finding> {
    let (said, near) = match why.split_once("; did you mean ") {
        Some((said, near)) => (said, Some(format!("did you mean {near}"))),
        None => (why, None),
    };
    let finding = unit.within(BAD_PHRASE, path, |phrase| inside::of_phrase(phrase, said), said)?;
    Some(match near {
        Some(near) => finding.label(near),
        None => finding,
    })
}

fn regexes(unit: &Unit<'_>, file: &crate::content::raw::RubricFile) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, key, all) in families(file) {
        for (i, rule) in all.iter().enumerate() {
            for (n, source) in rule.regex.iter().enumerate() {
                if let Err(e) = LazyRegex::build(source) {
                    let why = e.to_string();
                    let last = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
                    let part = |pattern: &str| inside::of_regex(pattern, &why);
                    let said = format!("`{}`: {last}", rule.id);
                    found.extend(unit.within(BAD_REGEX, &at![key, i, "regex", n], part, said));
                }
            }
        }
    }
    found
}

/// Checks the rules of a rubric that compiles.
pub(super) fn check(world: &World<'_>, rubric: &Rubric, scope: &Scope, out: &mut Findings) {
    let files: Vec<_> = world.rubric(&rubric.id).filter(|(u, _)| u.file.wanted).collect();
    let found: Vec<Vec<Finding>> = files.par_iter().map(|(unit, file)| regexes(unit, file)).collect();
    out.extend(found.into_iter().flatten());
    let speaker = Speaker::new(&rubric.program);
    let wanted: Vec<(usize, &RuleInfo)> =
        rubric.rules().iter().enumerate().filter(|(_, r)| scope.wants(&r.id)).collect();
    let found: Vec<Vec<Finding>> = wanted
        .par_iter()
        .map(|(index, rule)| {
            // What is inherited is told of where it stands.
            let places: Vec<_> = places(world, &rubric.id, rule.family, &rule.id)
                .into_iter()
                .filter(|p| p.unit.rubric().is_some_and(|f| *f.id == *rubric.id))
                .collect();
            if places.is_empty() {
                return Vec::new();
            }
            let mut found = Vec::new();
            unfed(rubric, *index, rule, &places, &mut found);
            let dead = dead(&speaker, *index, rule, &places, &mut found);
            if scope.notes {
                idle(&speaker, *index, rule, &places, &dead, &mut found);
            }
            found
        })
        .collect();
    out.extend(found.into_iter().flatten());
}

/// A motivation that nothing somebody did can bring about.
fn unfed(rubric: &Rubric, index: usize, rule: &RuleInfo, places: &[RulePlace<'_, '_>], found: &mut Vec<Finding>) {
    use crate::engine::program::Feed;
    let program = &rubric.program.rules[index];
    let fed = program.feeds.iter().any(|(f, weight)| matches!(f, Feed::Rule(_)) && *weight > 0.0);
    let words = !rule.cues.is_empty() || !rule.regex.is_empty() || rule.from_absence;
    if rule.family == Family::Motivation && !fed && !words {
        let said = format!("no behaviour feeds the motivation `{}`", rule.id);
        let place = &places[0];
        let known = rubric.rules().iter().filter(|r| r.family == Family::Behaviour).take(1);
        let example = known.map(|r| r.id.to_string()).next().unwrap_or_else(|| "some-behaviour".to_owned());
        let finding = place.unit.at(UNFED_MOTIVATION, &place.path(at!["id"]), said);
        found.extend(finding.map(|f| f.help(&format!("add such as `feeds = {{ {example} = 1.0 }}`"))));
    }
}

/// Tells of a phrase where it is written.
fn tell(
    code: &'static Code,
    places: &[RulePlace<'_, '_>],
    key: &str,
    phrase: &str,
    message: impl Into<String>,
    found: &mut Vec<Finding>,
) {
    let message = message.into();
    let place = places.iter().find_map(|p| {
        let list = if key == "cues" { &p.raw.cues } else { &p.raw.guards };
        Some((p, p.find(key, list, phrase)?))
    });
    found.extend(place.and_then(|(p, path)| p.unit.at(code, &path, message)));
}

fn dead(
    speaker: &Speaker<'_>,
    index: usize,
    rule: &RuleInfo,
    places: &[RulePlace<'_, '_>],
    found: &mut Vec<Finding>,
) -> Phrases {
    let [cues, guards] = &rule.phrases;
    let mut living = Phrases::default();
    for (phrase, written) in cues.iter().zip(&rule.cues) {
        let said = match speaker.fate(index, *phrase) {
            Fate::Alive => {
                living.cues.push((*phrase, written.clone()));
                continue;
            }
            Fate::Unfound => "no sentence can hold this cue",
            Fate::Covered => "a guard of this rule or an immune phrase always covers this cue",
        };
        tell(DEAD_CUE, places, "cues", written, said, found);
    }
    let room = speaker.room(cues);
    for (phrase, written) in guards.iter().zip(&rule.guards) {
        if !rule.regex.is_empty() || speaker.may_overlap(*phrase, &room) {
            living.guards.push((*phrase, written.clone()));
        } else {
            tell(DEAD_GUARD, places, "guards", written, "this guard can't overlap any cue of its rule", found);
        }
    }
    living
}

/// Phrases of a rule that can do something, with their numbers.
#[derive(Default)]
struct Phrases {
    cues: Vec<(usize, String)>,
    guards: Vec<(usize, String)>,
}

fn idle(
    speaker: &Speaker<'_>,
    index: usize,
    rule: &RuleInfo,
    places: &[RulePlace<'_, '_>],
    phrases: &Phrases,
    found: &mut Vec<Finding>,
) {
    let all = [&rule.matches, &rule.no_match, &rule.known_miss, &rule.known_noise];
    let texts: Vec<String> =
        all.into_iter().flatten().map(|t| unmark(t).map_or_else(|| t.clone(), |(text, _)| text)).collect();
    let used = speaker.used(index, texts.iter().map(String::as_str));
    for (_, written) in phrases.cues.iter().filter(|(p, _)| !used.contains(p)) {
        tell(IDLE_CUE, places, "cues", written, format!("no example of `{}` uses this cue", rule.id), found);
    }
    for (_, written) in phrases.guards.iter().filter(|(p, _)| !used.contains(p)) {
        tell(IDLE_GUARD, places, "guards", written, format!("no example of `{}` needs this guard", rule.id), found);
    }
}
