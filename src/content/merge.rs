//! The files of a rubric, and of all that it extends, merged into one.

use super::raw::{RawBand, RawDoubt, RawKind, RawNorms, RawRule, RawScore, RawSection, RawSegmentation, RawWeighing};
use super::rubric::{Family, RubricSource, hash};
use crate::diagnostics::{Problem, did_you_mean};
use std::collections::BTreeMap;

/// How deep `extends` may go.
const DEEPEST: usize = 10;

/// A rubric as its files say it, with all that it inherits.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// The first file of the rubric itself, for messages.
    pub(super) file: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) language: Option<String>,
    pub(super) extends: Option<String>,
    /// Its own: a version says nothing of rubrics that build on it.
    pub(super) version: Option<String>,
    pub(super) lexicon: BTreeMap<String, Vec<String>>,
    pub(super) immune: Vec<String>,
    pub(super) bands: Vec<RawBand>,
    pub(super) norms: Option<RawNorms>,
    pub(super) segmentation: Option<RawSegmentation>,
    pub(super) score: Option<RawScore>,
    pub(super) doubt: Option<RawDoubt>,
    pub(super) weighing: Vec<RawWeighing>,
    pub(super) sections: BTreeMap<String, RawSection>,
    pub(super) kinds: Vec<RawKind>,
    /// Family, rule and file of each rule, by family.
    pub(super) rules: Vec<(Family, RawRule, String)>,
    pub(super) hash: u64,
}

/// Merges a rubric with what it extends: parents first. Lists are added to, single values are
/// replaced, rules of the same id are joined.
pub(super) fn merge(id: &str, sources: &BTreeMap<String, RubricSource>, problems: &mut Vec<Problem>) -> Merged {
    let mut chain: Vec<&RubricSource> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut next = Some(id.to_owned());
    while let Some(name) = next {
        let file = chain.last().and_then(|s| s.files.first()).map(|f| f.0.clone()).unwrap_or_default();
        let mut wrong = |message: String, help: Option<String>| {
            problems.push(Problem { code: "bad-extends", file: file.clone(), line: None, message, help });
        };
        if names.contains(&name) {
            wrong(format!("`extends` goes round in a circle: {} → {name}", names.join(" → ")), None);
            break;
        }
        if names.len() == DEEPEST {
            wrong(format!("`extends` goes deeper than {DEEPEST} rubrics"), None);
            break;
        }
        let Some(source) = sources.get(&name) else {
            let near = did_you_mean(&name, sources.keys().map(String::as_str));
            wrong(
                format!("`extends` names `{name}`, which is no rubric"),
                near.map(|n| format!("did you mean `{n}`?")),
            );
            break;
        };
        next = source.files.iter().find_map(|(_, f)| f.extends.clone());
        names.push(name);
        chain.push(source);
    }
    let mut merged = Merged::default();
    for source in chain.iter().rev() {
        merged.lay(source, problems);
    }
    let own = chain.first();
    merged.file = own.and_then(|s| s.files.first()).map(|f| f.0.clone()).unwrap_or_default();
    merged.extends = own.and_then(|s| s.files.iter().find_map(|(_, f)| f.extends.clone()));
    merged.version = own.and_then(|s| s.files.iter().find_map(|(_, f)| f.version.clone()));
    merged.rules.sort_by_key(|(family, ..)| *family);
    merged
}

impl Merged {
    fn lay(&mut self, source: &RubricSource, problems: &mut Vec<Problem>) {
        self.hash = hash(self.hash, &source.hash.to_le_bytes());
        let mut own: Vec<(Family, String)> = Vec::new();
        for (path, file) in &source.files {
            for removed in &file.remove {
                let before = self.rules.len();
                self.rules.retain(|(_, r, _)| r.id != *removed);
                if self.rules.len() == before {
                    problems.push(Problem {
                        code: "unknown-id",
                        file: path.clone(),
                        line: None,
                        message: format!("`remove` names `{removed}`, which is not inherited"),
                        help: None,
                    });
                }
            }
        }
        for (path, file) in &source.files {
            replace(&mut self.title, &file.title);
            replace(&mut self.description, &file.description);
            replace(&mut self.language, &file.language);
            replace(&mut self.norms, &file.norms);
            replace(&mut self.segmentation, &file.segmentation);
            replace(&mut self.score, &file.score);
            replace(&mut self.doubt, &file.doubt);
            for weighing in &file.weighing {
                self.weighing.retain(|w| w.id != weighing.id);
                self.weighing.push(weighing.clone());
            }
            for (name, words) in &file.lexicon {
                self.lexicon.entry(name.clone()).or_default().extend(words.iter().cloned());
            }
            self.immune.extend(file.immune.iter().cloned());
            if !file.bands.is_empty() {
                self.bands.clone_from(&file.bands);
            }
            for section in &file.sections {
                self.sections.insert(section.id.clone(), section.clone());
            }
            for kind in &file.kinds {
                match self.kinds.iter().position(|k| k.name == kind.name) {
                    Some(at) => self.kinds[at] = kind.clone(),
                    None => self.kinds.push(kind.clone()),
                }
            }
            let families = [
                (Family::Signal, &file.signals),
                (Family::SectionCue, &file.section_cues),
                (Family::Behaviour, &file.behaviours),
                (Family::Motivation, &file.motivations),
                (Family::Minefield, &file.minefields),
            ];
            for (family, rules) in families {
                for rule in rules {
                    let key = (family, rule.id.clone());
                    if own.contains(&key) {
                        problems.push(Problem {
                            code: "duplicate-id",
                            file: path.clone(),
                            line: None,
                            message: format!("{} `{}` stands twice in one rubric", family.id(), rule.id),
                            help: Some("give one of them an id of its own, or join them".to_owned()),
                        });
                        continue;
                    }
                    own.push(key);
                    self.put(family, rule, path);
                }
            }
        }
    }

    fn put(&mut self, family: Family, rule: &RawRule, path: &str) {
        let inherited = self.rules.iter_mut().find(|(f, r, _)| *f == family && r.id == rule.id);
        match inherited {
            Some(slot) if rule.replace => {
                slot.1 = rule.clone();
                path.clone_into(&mut slot.2);
            }
            Some(slot) => join(&mut slot.1, rule),
            None => self.rules.push((family, rule.clone(), path.to_owned())),
        }
    }
}

fn replace<T: Clone>(to: &mut Option<T>, from: &Option<T>) {
    if from.is_some() {
        to.clone_from(from);
    }
}

/// Adds what a rubric says of an inherited rule to what was said before.
fn join(to: &mut RawRule, from: &RawRule) {
    for (to, from) in [
        (&mut to.title, &from.title),
        (&mut to.why, &from.why),
        (&mut to.advice, &from.advice),
        (&mut to.probe, &from.probe),
    ] {
        if !from.is_empty() {
            to.clone_from(from);
        }
    }
    for (to, from) in [
        (&mut to.cues, &from.cues),
        (&mut to.regex, &from.regex),
        (&mut to.guards, &from.guards),
        (&mut to.matches, &from.matches),
        (&mut to.no_match, &from.no_match),
        (&mut to.known_miss, &from.known_miss),
        (&mut to.known_noise, &from.known_noise),
        (&mut to.absent, &from.absent),
    ] {
        to.extend(from.iter().cloned());
    }
    for (to, from) in [(&mut to.actor, &from.actor), (&mut to.mood, &from.mood), (&mut to.within, &from.within)] {
        if !from.is_empty() {
            to.clone_from(from);
        }
    }
    replace(&mut to.section, &from.section);
    replace(&mut to.weight, &from.weight);
    replace(&mut to.polarity, &from.polarity);
    replace(&mut to.voice, &from.voice);
    replace(&mut to.threshold, &from.threshold);
    replace(&mut to.severity, &from.severity);
    replace(&mut to.cap, &from.cap);
    replace(&mut to.at_least, &from.at_least);
    replace(&mut to.weigh, &from.weigh);
    to.feeds.extend(from.feeds.iter().map(|(k, v)| (k.clone(), *v)));
    to.when.extend(from.when.iter().cloned());
    to.only.extend(from.only.iter().cloned());
}
