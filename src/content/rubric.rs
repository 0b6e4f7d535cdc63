//! A rubric: merged from its files and from the rubric that it extends, then compiled.

use super::Source;
use super::merge::{Merged, merge};
use super::pack;
use super::raw::{RawCap, RawRule, RawWeighing, RawWhen, RubricFile};
use crate::assessment::{Kind, Section, Severity, Tenths};
use crate::diagnostics::{Problem, Problems, did_you_mean};
use crate::engine::gate::Gate;
use crate::engine::measures::{RuleIndex, When, measure};
use crate::engine::pattern;
use crate::engine::phrases::Gathered;
use crate::engine::program::{
    Cap, Doubt, FEATURES, Feed, KindRule, LazyRegex, Neighbour, Points, Polarity, Program, Rule, STATES, SectionRule,
    Segmentation, Trigger, Use, Uses, Weighing, WhoseWords,
};
use crate::fnv;
use crate::text::language::Language;
use crate::text::{Actor, Mood, Vocabulary, WordId};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The files of one rubric, as they were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct RubricSource {
    /// Path and content of each file.
    pub(super) files: Vec<(String, RubricFile)>,
    /// Hash of the files' text.
    pub(super) hash: u64,
    /// Whether a file of the user's is among them: built-in ones are tested before they ship.
    foreign: bool,
}

impl RubricSource {
    pub(super) fn add(&mut self, source: &Source, file: RubricFile) {
        self.foreign |= matches!(source.text, Cow::Owned(_));
        self.hash = hash(self.hash, source.text.as_bytes());
        self.files.push((source.path.clone(), file));
    }
}

/// The hash of a rubric, of which `seed` has seen a part; 0 has seen nothing.
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    fnv::fnv(if seed == 0 { fnv::EMPTY } else { seed }, bytes)
}

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Family {
    /// Cues for use in conditions and weights.
    Signal,
    /// Cues that speak for a section.
    SectionCue,
    /// A behavioural indicator.
    Behaviour,
    /// What the interviewer probes.
    Motivation,
    /// A red flag.
    Minefield,
}

impl Family {
    /// The word for people and JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::SectionCue => "section-cue",
            Self::Behaviour => "behaviour",
            Self::Motivation => "motivation",
            Self::Minefield => "minefield",
        }
    }
}

/// What a rule says of itself: for `explain` and `rubrics show`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Public id.
    pub id: Arc<str>,
    /// What it looks for.
    pub family: Family,
    /// Title for people.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How to do better.
    pub advice: Arc<str>,
    /// What an interviewer asks.
    pub probe: String,
    /// For a minefield: how grave.
    pub severity: Option<Severity>,
    /// For a minefield: the highest score with it.
    pub cap: Option<Tenths>,
    /// Phrases in the rule language.
    pub cues: Vec<String>,
    /// Regular expressions.
    pub regex: Vec<String>,
    /// Phrases that make an overlapping cue void.
    pub guards: Vec<String>,
    /// Whether it can also fire because something is missing.
    pub from_absence: bool,
    /// Examples that must be caught (`**` marks the evidence).
    pub matches: Vec<String>,
    /// Examples that must be left alone.
    pub no_match: Vec<String>,
    /// Known misses.
    pub known_miss: Vec<String>,
    /// Known noise.
    pub known_noise: Vec<String>,
    /// Numbers of the phrases of `cues` and of `guards`, in their order.
    pub(crate) phrases: [Vec<usize>; 2],
}

/// A band with its anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// 1 to 5.
    pub band: u8,
    /// One word, such as "strong".
    pub title: String,
    /// The lowest score of this band.
    pub from: Tenths,
    /// What such an answer looks like.
    pub anchor: String,
}

/// What a section is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionInfo {
    /// Title for people.
    pub title: String,
    /// What it is for: the prompt in practice.
    pub purpose: String,
    /// Least and greatest share of the words, in percent.
    pub share: [u32; 2],
}

/// A compiled rubric, ready to assess answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Rubric {
    /// Public id.
    pub id: Arc<str>,
    /// Hash of its content and of all that it extends, 16 hexadecimal digits.
    pub hash: Arc<str>,
    /// Version that its author gave it, such as `1.2.0`, if any; the hash tells what it does not.
    pub version: Option<Arc<str>>,
    /// Title.
    pub title: String,
    /// What it judges.
    pub description: String,
    /// Id of the rubric that it extends, if any.
    pub extends: Option<String>,
    /// Bands, lowest first.
    pub bands: Vec<Band>,
    /// The four sections, in STAR order.
    pub sections: [SectionInfo; 4],
    /// What the rules say of themselves.
    #[serde(skip)]
    pub(super) rules: Rules,
    /// Kinds of answer with their names and what is said first of each.
    pub kinds: Vec<KindInfo>,
    /// Caps that no minefield sets, with the reason for each.
    pub caps: Vec<CapInfo>,
    /// Comfortable speaking time in seconds: shortest and longest.
    pub seconds: [u32; 2],
    pub(crate) program: Program,
}

/// What rules say of themselves: scoring needs none of it, so it is unpacked when first asked for.
#[derive(Debug, Default)]
pub(super) struct Rules {
    packed: &'static [u8],
    list: OnceLock<Vec<RuleInfo>>,
}

impl Rules {
    /// Rules that are packed still.
    pub(super) const fn packed(packed: &'static [u8]) -> Self {
        Self { packed, list: OnceLock::new() }
    }
}

impl From<Vec<RuleInfo>> for Rules {
    fn from(list: Vec<RuleInfo>) -> Self {
        Self { packed: &[], list: list.into() }
    }
}

/// A cap on the score and why it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapInfo {
    /// Id that stands in the receipt.
    pub id: String,
    /// The highest score.
    pub at: Tenths,
    /// Why, in one line.
    pub why: String,
}

impl CapInfo {
    fn of(raw: &RawCap) -> Self {
        Self { id: raw.id.clone(), at: Tenths::from_points(raw.at), why: raw.why.clone() }
    }
}

/// A way of being a kind of answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Name of this way of being so, such as "copied-question".
    pub name: String,
    /// What is said first; empty for a story.
    pub advice: String,
}

impl Rubric {
    /// All rules, by family and in the order of the files.
    #[must_use]
    pub fn rules(&self) -> &[RuleInfo] {
        self.rules.list.get_or_init(|| pack::unpack(self.rules.packed))
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        self.rules().iter().find(|r| &*r.id == id)
    }

    /// The title of a rule for people; its id where it has none, or where there is no such rule.
    #[must_use]
    pub fn title_of<'a>(&'a self, id: &'a str) -> &'a str {
        self.rule(id).map(|r| r.title.as_str()).filter(|t| !t.is_empty()).unwrap_or(id)
    }

    /// What a section is for.
    #[must_use]
    pub fn section(&self, section: Section) -> &SectionInfo {
        &self.sections[section.index()]
    }

    /// The band with this number (1 to 5).
    #[must_use]
    pub fn band(&self, band: u8) -> Option<&Band> {
        self.bands.iter().find(|b| b.band == band)
    }
}

/// Compiles the rubric with this id, with all that it extends.
pub(super) fn compile(
    id: &str,
    sources: &BTreeMap<String, RubricSource>,
    languages: &BTreeMap<String, Arc<Language>>,
) -> Result<Rubric, Problems> {
    let mut problems = Vec::new();
    let merged = merge(id, sources, &mut problems);
    let language_id = merged.language.clone().unwrap_or_else(|| "en".to_owned());
    let Some(language) = languages.get(&language_id) else {
        let near = did_you_mean(&language_id, languages.keys().map(String::as_str));
        problems.push(Problem {
            code: "unknown-id",
            file: merged.file.clone(),
            line: None,
            message: format!("rubric `{id}` is in language `{language_id}`, of which there is no file"),
            help: near.map(|n| format!("did you mean `{n}`?")),
        });
        return Err(Problems(problems));
    };
    let mut compiler = Compiler {
        language,
        lexicon: merged.lexicon.clone(),
        vocabulary: Vocabulary::of(language),
        phrases: Gathered::default(),
        uses: Vec::new(),
        regexes: Vec::new(),
        by_id: BTreeMap::new(),
        file: merged.file.clone(),
        foreign: sources.values().any(|s| s.foreign),
        problems,
    };
    let rubric = compiler.rubric(id, &merged, language);
    match rubric {
        Some(rubric) if compiler.problems.is_empty() => Ok(rubric),
        _ => Err(Problems(compiler.problems)),
    }
}

struct Compiler<'a> {
    language: &'a Language,
    lexicon: BTreeMap<String, Vec<String>>,
    vocabulary: Vocabulary,
    phrases: Gathered,
    uses: Vec<Vec<Use>>,
    regexes: Vec<(RuleIndex, LazyRegex)>,
    by_id: BTreeMap<String, RuleIndex>,
    file: String,
    foreign: bool,
    problems: Vec<Problem>,
}

impl Compiler<'_> {
    fn wrong(&mut self, code: &'static str, message: String) {
        let file = self.file.clone();
        self.problems.push(Problem { code, file, line: None, message, help: None });
    }

    /// Compiles a phrase and gives its number.
    fn phrase(&mut self, phrase: &str, of: &str, to: Use) -> Option<usize> {
        let tables = &mut self.phrases.tables;
        match pattern::compile(phrase, &self.lexicon, tables, self.language, &mut self.vocabulary) {
            Ok(nodes) => {
                let phrase = self.phrases.add(nodes);
                if phrase == self.uses.len() {
                    self.uses.push(Vec::new());
                }
                self.uses[phrase].push(to);
                Some(phrase)
            }
            Err(e) => {
                self.wrong("bad-phrase", format!("{of}: {e}"));
                None
            }
        }
    }

    fn rubric(&mut self, id: &str, merged: &Merged, language: &Language) -> Option<Rubric> {
        let _ = self.vocabulary.add("%");
        let _ = self.vocabulary.add("?");
        for phrase in &language.negation {
            let _ = self.phrase(phrase, "negation", Use::Negation);
        }
        for phrase in &language.pseudo_negation {
            let _ = self.phrase(phrase, "pseudo negation", Use::PseudoNegation);
        }
        for phrase in &merged.immune {
            let _ = self.phrase(phrase, "immune", Use::Immune);
        }
        for (index, (_, raw, file)) in merged.rules.iter().enumerate() {
            if let Some(first) = self.by_id.insert(raw.id.clone(), index) {
                self.file.clone_from(file);
                let (a, b) = (merged.rules[first].0.id(), merged.rules[index].0.id());
                self.wrong("duplicate-id", format!("`{}` is the id of a {a} and of a {b}", raw.id));
            }
        }
        let mut rules = Vec::with_capacity(merged.rules.len());
        let mut infos = Vec::with_capacity(merged.rules.len());
        for (index, (family, raw, file)) in merged.rules.iter().enumerate() {
            self.file.clone_from(file);
            let (rule, phrases) = self.rule(index, *family, raw);
            infos.push(info(*family, raw, &rule, phrases));
            rules.push(rule);
        }
        self.file.clone_from(&merged.file);
        let kinds: Vec<KindRule> = merged
            .kinds
            .iter()
            .filter_map(|k| {
                let Some(kind) = Kind::from_id(&k.id) else {
                    self.wrong("unknown-word", format!("there is no kind of answer `{}`", k.id));
                    return None;
                };
                let when = self.whens(&k.when, &format!("kind `{}`", k.name));
                Some(KindRule { kind, name: k.name.as_str().into(), when, advice: k.advice.as_str().into() })
            })
            .collect();
        let mut sections: [SectionRule; 4] = Default::default();
        let mut section_infos: Vec<SectionInfo> = Vec::new();
        for section in Section::ALL {
            let Some(raw) = merged.sections.get(section.id()) else {
                self.wrong("missing-section", format!("rubric `{id}` lacks the section `{section}`"));
                continue;
            };
            let of = format!("section `{section}`");
            let evidence = raw.evidence.iter().filter_map(|e| self.rule_id(e, &of)).collect();
            sections[section.index()] = SectionRule {
                clear: self.whens(&raw.clear, &of),
                partial: self.whens(&raw.partial, &of),
                evidence,
                advice_absent: raw.advice_absent.clone(),
                advice_partial: raw.advice_partial.clone(),
                probe: raw.probe.clone(),
            };
            let share = merged.norms.as_ref().map_or([0, 100], |n| n.shares[section.index()]);
            section_infos.push(SectionInfo { title: raw.title.clone(), purpose: raw.purpose.clone(), share });
        }
        let segmentation = self.segmentation(merged, &mut rules);
        let points = self.points(merged);
        let doubt = merged.doubt.as_ref().map(|raw| Doubt {
            first: raw.first,
            further: raw.further,
            feeds: self.feeds(&raw.feeds, "doubt"),
        });
        let weighing = merged.weighing.iter().filter_map(|raw| self.weighing(raw)).collect();
        let mut bands: Vec<Band> = merged
            .bands
            .iter()
            .map(|b| Band {
                band: b.band,
                title: b.title.clone(),
                from: Tenths::from_points(b.from),
                anchor: b.anchor.clone(),
            })
            .collect();
        bands.sort_by_key(|b| b.band);
        let rising = bands.windows(2).all(|w| w[0].from < w[1].from);
        if bands.iter().map(|b| b.band).ne(1..=5) || !rising || bands.first().is_none_or(|b| b.from != Tenths(0)) {
            self.wrong("bad-bands", format!("rubric `{id}` needs bands 1 to 5, from 0 upwards"));
        }
        let phrases = std::mem::take(&mut self.phrases).lay(&self.vocabulary);
        let hash = hash(merged.hash, language.source.as_bytes());
        let norms = merged.norms.as_ref();
        Some(Rubric {
            id: id.into(),
            hash: format!("{hash:016x}").into(),
            version: merged.version.as_deref().map(Arc::from),
            title: merged.title.clone().unwrap_or_else(|| id.to_owned()),
            description: merged.description.clone().unwrap_or_default(),
            extends: merged.extends.clone(),
            bands,
            sections: section_infos.try_into().ok()?,
            rules: infos.into(),
            kinds: kinds
                .iter()
                .map(|k| KindInfo { kind: k.kind, name: k.name.to_string(), advice: k.advice.to_string() })
                .collect(),
            caps: merged.score.iter().flat_map(|s| &s.caps).map(CapInfo::of).collect(),
            seconds: norms.map_or([60, 150], |n| n.seconds),
            program: Program {
                vocabulary: std::mem::replace(&mut self.vocabulary, Vocabulary::of(language)),
                phrases,
                uses: Uses::of(&self.uses),
                triggers: rules.iter().map(Trigger::of).collect(),
                rules,
                gate: Gate::of(&self.regexes.iter().map(|(_, r)| r.source.as_str()).collect::<Vec<_>>()),
                regexes: std::mem::take(&mut self.regexes),
                kinds,
                sections,
                segmentation,
                points,
                doubt,
                weighing,
                words_per_minute: norms.map_or(150, |n| n.words_per_minute),
            },
        })
    }

    fn weighing(&mut self, raw: &RawWeighing) -> Option<Weighing> {
        let of = format!("weighing of `{}`", raw.id);
        let rule = self.rule_id(&raw.id, "weighing")?;
        let feeds = self.feeds(&raw.feeds, &of);
        let words =
            raw.words.iter().map(|(word, weight)| (self.vocabulary.add(&word.to_lowercase()), *weight)).collect();
        Some(Weighing { rule, own: raw.own, further: raw.further, threshold: raw.threshold, feeds, words })
    }

    fn rule_id(&mut self, id: &str, of: &str) -> Option<RuleIndex> {
        let found = self.by_id.get(id).copied();
        if found.is_none() {
            let near = did_you_mean(id, self.by_id.keys().map(String::as_str));
            let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            self.wrong("unknown-id", format!("{of}: there is no rule `{id}`{near}"));
        }
        found
    }

    fn whens(&mut self, raw: &[RawWhen], of: &str) -> Vec<When> {
        raw.iter()
            .filter_map(|w| match When::compile(w, &self.by_id) {
                Ok(when) => Some(when),
                Err(wrong) => {
                    for message in wrong {
                        self.wrong("unknown-id", format!("{of}: {message}"));
                    }
                    None
                }
            })
            .collect()
    }

    fn feeds(&mut self, raw: &BTreeMap<String, f64>, of: &str) -> Vec<(Feed, f64)> {
        raw.iter()
            .filter_map(|(name, weight)| {
                if let Some(rule) = self.by_id.get(name) {
                    return Some((Feed::Rule(*rule), *weight));
                }
                match measure(name, &self.by_id) {
                    Ok(m) => Some((Feed::Measure(m), *weight)),
                    Err(e) => {
                        self.wrong("unknown-id", format!("{of}: {e}"));
                        None
                    }
                }
            })
            .collect()
    }

    /// Compiles a rule; beside it stand the numbers of the phrases of its cues and guards.
    fn rule(&mut self, index: RuleIndex, family: Family, raw: &RawRule) -> (Rule, [Vec<usize>; 2]) {
        let of = format!("{} `{}`", family.id(), raw.id);
        let cues = raw.cues.iter().filter_map(|cue| self.phrase(cue, &of, Use::Cue(index))).collect();
        let guards = raw.guards.iter().filter_map(|guard| self.phrase(guard, &of, Use::Guard(index))).collect();
        for source in &raw.regex {
            // Built-in ones are built when they are first needed: a test has built them all.
            match self.foreign.then(|| LazyRegex::build(source)) {
                Some(Err(e)) => self.wrong("bad-regex", format!("{of}: {e}")),
                _ => self.regexes.push((index, LazyRegex::new(source.clone()))),
            }
        }
        let actors = if raw.actor.is_empty() && family == Family::Behaviour {
            vec![Actor::Speaker]
        } else {
            raw.actor.iter().flat_map(|a| self.actor(a, &of)).collect()
        };
        let moods = if raw.mood.is_empty() {
            match family {
                Family::Behaviour | Family::Motivation => REAL.to_vec(),
                Family::Minefield => [REAL, &[Mood::Habit]].concat(),
                Family::Signal | Family::SectionCue => Vec::new(),
            }
        } else {
            raw.mood.iter().flat_map(|m| self.mood(m, &of)).collect()
        };
        let polarity = match raw.polarity.as_deref() {
            None | Some("affirmed") => Polarity::Affirmed,
            Some("negated") => Polarity::Negated,
            Some("any") => Polarity::Any,
            Some(other) => {
                self.wrong("unknown-word", format!("{of}: polarity `{other}`: write affirmed, negated or any"));
                Polarity::Any
            }
        };
        let voice = match raw.voice.as_deref() {
            None | Some("own") => WhoseWords::Own,
            Some("other") => WhoseWords::Others,
            Some("any") => WhoseWords::Any,
            Some(other) => {
                self.wrong("unknown-word", format!("{of}: voice `{other}`: write own, other or any"));
                WhoseWords::Any
            }
        };
        let within = raw.within.iter().filter_map(|s| self.section_or_other(s, &of)).collect();
        let speaks = (family == Family::SectionCue)
            .then(|| self.section_or_other(raw.section.as_deref().unwrap_or(""), &of))
            .flatten()
            .map(|section| {
                let mut weights = [0.0; STATES];
                weights[section.map_or(STATES - 1, Section::index)] = raw.weight.unwrap_or(1.0);
                weights
            });
        let severity = match raw.severity.as_deref() {
            Some("serious") => Severity::Serious,
            Some("mild") | None => Severity::Mild,
            Some(other) => {
                self.wrong("unknown-word", format!("{of}: severity `{other}`: write mild or serious"));
                Severity::Mild
            }
        };
        let feeds = self.feeds(&raw.feeds, &of);
        let rule = Rule {
            id: raw.id.as_str().into(),
            family,
            actors,
            moods,
            polarity,
            voice,
            within,
            only: self.whens(&raw.only, &of),
            when: self.whens(&raw.when, &of),
            feeds,
            threshold: raw.threshold.unwrap_or(1.0),
            at_least: raw.at_least.unwrap_or(1),
            weigh: raw.weigh.unwrap_or(false),
            speaks,
            weight: self.weight(family, raw, &of),
            severity,
            cap: raw.cap.map(Tenths::from_points),
            absent: raw.absent.iter().map(|a| a.as_str().into()).collect(),
            advice: raw.advice.as_str().into(),
            probe: raw.probe.as_str().into(),
            title: if raw.title.is_empty() { raw.id.as_str().into() } else { raw.title.as_str().into() },
        };
        (rule, [cues, guards])
    }

    /// How many times the points of its family a behaviour gives or a minefield takes.
    fn weight(&mut self, family: Family, raw: &RawRule, of: &str) -> u8 {
        match raw.weight {
            Some(weight) if matches!(family, Family::Behaviour | Family::Minefield) => {
                let known = [1_u8, 2, 3].into_iter().find(|w| (f64::from(*w) - weight).abs() < f64::EPSILON);
                known.unwrap_or_else(|| {
                    self.wrong("bad-weight", format!("{of}: weight {weight}: write 1, 2 or 3"));
                    1
                })
            }
            _ => 1,
        }
    }

    fn actor(&mut self, word: &str, of: &str) -> Option<Actor> {
        let found = [Actor::Speaker, Actor::Team, Actor::Other, Actor::Unknown].into_iter().find(|a| a.id() == word);
        if found.is_none() && word != "any" {
            self.wrong("unknown-word", format!("{of}: actor `{word}`: write speaker, team, other or unknown"));
        }
        found
    }

    fn mood(&mut self, word: &str, of: &str) -> Vec<Mood> {
        match word {
            "real" => REAL.to_vec(),
            "past" => vec![Mood::Past],
            "present" => vec![Mood::Present],
            "habitual" => vec![Mood::Habit],
            "hypothetical" => vec![Mood::Hypothetical],
            "any" => Vec::new(),
            _ => {
                let words = "real, past, present, habitual, hypothetical or any";
                self.wrong("unknown-word", format!("{of}: mood `{word}`: write {words}"));
                Vec::new()
            }
        }
    }

    #[allow(clippy::option_option, reason = "outer: known at all; inner: `other` is no section")]
    fn section_or_other(&mut self, word: &str, of: &str) -> Option<Option<Section>> {
        match Section::from_id(word) {
            Some(section) => Some(Some(section)),
            None if word == "other" => Some(None),
            None => {
                let words = "situation, task, action, result or other";
                self.wrong("unknown-word", format!("{of}: section `{word}`: write {words}"));
                None
            }
        }
    }

    fn segmentation(&mut self, merged: &Merged, rules: &mut [Rule]) -> Segmentation {
        let mut out = Segmentation { features: vec![[0.0; STATES]; FEATURES.len()], ..Segmentation::default() };
        let Some(raw) = &merged.segmentation else { return out };
        out.typed = raw.typed;
        for (from, row) in &raw.transitions {
            let Some(at) = self.state(from, true) else { continue };
            self.row(row, &mut out.transitions[at]);
        }
        for (feature, row) in &raw.features {
            let Some(at) = FEATURES.iter().position(|f| f == feature) else {
                let near = did_you_mean(feature, FEATURES.iter().copied());
                let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                self.wrong("unknown-word", format!("segmentation: there is no feature `{feature}`{near}"));
                continue;
            };
            self.row(row, &mut out.features[at]);
        }
        out.previous = self.neighbour(&raw.previous, rules);
        out.next = self.neighbour(&raw.next, rules);
        for (id, row) in &raw.rules {
            if let Some(rule) = self.rule_id(id, "segmentation") {
                self.row(row, rules[rule].speaks.get_or_insert_default());
            }
        }
        out.words = self.words(&raw.words);
        out.openers = self.words(&raw.openers);
        out
    }

    /// Reads what a neighbouring sentence says, by feature or rule.
    fn neighbour(&mut self, raw: &BTreeMap<String, BTreeMap<String, f64>>, rules: &mut [Rule]) -> Neighbour {
        let mut out = Neighbour::default();
        for (name, row) in raw {
            if let Some(feature) = FEATURES.iter().position(|f| f == name) {
                self.row(row, &mut out.features[feature]);
            } else if let Some(rule) = self.rule_id(name, "segmentation") {
                let mut weights = [0.0; STATES];
                self.row(row, &mut weights);
                out.rules.push((rule, weights));
                // Only rules that speak are heard at all.
                let _ = rules[rule].speaks.get_or_insert_default();
            }
        }
        out.rules.sort_unstable_by_key(|(rule, _)| *rule);
        out
    }

    /// Reads weights by word and section.
    fn words(&mut self, raw: &BTreeMap<String, BTreeMap<String, f64>>) -> Vec<(WordId, [f64; STATES])> {
        let mut rows: Vec<(WordId, [f64; STATES])> = raw
            .iter()
            .map(|(word, row)| {
                let mut weights = [0.0; STATES];
                self.row(row, &mut weights);
                (self.vocabulary.add(&word.to_lowercase()), weights)
            })
            .collect();
        rows.sort_unstable_by_key(|(word, _)| *word);
        rows
    }

    /// Reads weights by section.
    fn row(&mut self, row: &BTreeMap<String, f64>, into: &mut [f64; STATES]) {
        for (to, weight) in row {
            if let Some(column) = self.state(to, false) {
                into[column] = *weight;
            }
        }
    }

    fn state(&mut self, word: &str, start: bool) -> Option<usize> {
        if start && word == "start" {
            return Some(STATES);
        }
        self.section_or_other(word, "segmentation").map(|s| s.map_or(STATES - 1, Section::index))
    }

    fn points(&mut self, merged: &Merged) -> Points {
        let mut points = Points::default();
        let Some(raw) = &merged.score else {
            self.wrong("missing-score", "no file of the rubric has a table `[score]`".to_owned());
            return points;
        };
        for (section, [partial, clear]) in &raw.sections {
            if let Some(s) = Section::from_id(section) {
                points.sections[s.index()] = [Tenths::from_points(*partial), Tenths::from_points(*clear)];
            } else {
                self.wrong("unknown-word", format!("score: there is no section `{section}`"));
            }
        }
        points.behaviour = Tenths::from_points(raw.behaviour);
        points.behaviours_at_most = Tenths::from_points(raw.behaviours_at_most);
        for (signal, given) in &raw.signals {
            if let Some(rule) = self.rule_id(signal, "score") {
                points.signals.push((rule, Tenths::from_points(*given)));
            }
        }
        points.mild = Tenths::from_points(raw.minefields.mild);
        points.serious = Tenths::from_points(raw.minefields.serious);
        points.minefields_at_most = Tenths::from_points(raw.minefields.at_most);
        for (kind, cap) in &raw.kind_caps {
            match Kind::from_id(kind) {
                Some(kind) => points.kind_caps.push((kind, Tenths::from_points(*cap))),
                None => self.wrong("unknown-word", format!("score: there is no kind of answer `{kind}`")),
            }
        }
        for cap in &raw.caps {
            let of = format!("cap `{}`", cap.id);
            if let Some(when) = self.whens(std::slice::from_ref(&cap.when), &of).pop() {
                points.caps.push(Cap { id: cap.id.clone(), at: Tenths::from_points(cap.at), when });
            }
        }
        points
    }
}

/// Moods of what happened: told in the past, as if now, or in notes without a verb.
const REAL: &[Mood] = &[Mood::Past, Mood::Present, Mood::None];

fn info(family: Family, raw: &RawRule, rule: &Rule, phrases: [Vec<usize>; 2]) -> RuleInfo {
    RuleInfo {
        id: Arc::clone(&rule.id),
        family,
        title: rule.title.to_string(),
        why: raw.why.clone(),
        advice: Arc::clone(&rule.advice),
        probe: raw.probe.clone(),
        severity: (family == Family::Minefield).then_some(rule.severity),
        cap: rule.cap,
        cues: raw.cues.clone(),
        regex: raw.regex.clone(),
        guards: raw.guards.clone(),
        from_absence: !raw.when.is_empty(),
        matches: raw.matches.clone(),
        no_match: raw.no_match.clone(),
        known_miss: raw.known_miss.clone(),
        known_noise: raw.known_noise.clone(),
        phrases,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Library;

    #[test]
    fn every_built_in_regex_can_be_built() {
        let library = Library::builtin().unwrap();
        for id in library.rubric_ids() {
            let rubric = library.rubric(id).unwrap();
            for rule in rubric.rules() {
                for source in &rule.regex {
                    let built = LazyRegex::build(source);
                    assert!(built.is_ok(), "{id}: {}: {source}: {built:?}", rule.id);
                }
            }
        }
    }
}
