//! How the engine sees a text: the tool with which rules are written.

use super::context::verdict;
use super::measures::{Measure, PLAIN};
use super::segment;
use super::why::why;
use super::{Asked, Judgement};
use crate::answer::Answer;
use crate::assessment::Section;
use crate::content::rubric::Rubric;
use crate::text::{Token, Traits, Voice, WordId};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// A clause as the engine sees it.
#[derive(Debug, Serialize)]
pub struct ClauseTrace {
    /// Its words.
    pub text: String,
    /// Who acts.
    pub actor: &'static str,
    /// How it is meant.
    pub mood: &'static str,
    /// Whether it is somebody else's words.
    pub others_words: bool,
    /// Whether it is passive.
    pub passive: bool,
    /// Whether it tells of a deed.
    pub deed: bool,
    /// Whether a negation stands in it.
    pub negation: bool,
}

/// A sentence as the engine sees it.
#[derive(Debug, Serialize)]
pub struct SentenceTrace {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its words as the engine reads them; a word that no rule knows as it is written.
    pub words: Vec<String>,
    /// Its section.
    pub section: &'static str,
    /// Its features, by name.
    pub features: Vec<(&'static str, f64)>,
    /// Section cues that count in it.
    pub cues: Vec<String>,
    /// What cues and features say for situation, task, action, result and other.
    pub scores: Vec<f64>,
    /// Its clauses.
    pub clauses: Vec<ClauseTrace>,
}

/// A cue as the engine sees it.
#[derive(Debug, Serialize)]
pub struct CueTrace {
    /// The rule.
    pub rule: String,
    /// What the rule looks for.
    pub family: &'static str,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The words.
    pub quote: String,
    /// Who acts.
    pub actor: &'static str,
    /// How the clause is meant.
    pub mood: &'static str,
    /// Whether it is denied.
    pub negated: bool,
    /// The key of the rule that voids it; absent where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<&'static str>,
    /// Why it does not count, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// All that the engine sees in an answer.
#[derive(Debug, Serialize)]
pub struct Trace {
    /// The kind of answer.
    pub kind: &'static str,
    /// The way of being so.
    pub kind_name: String,
    /// Sentences and clauses.
    pub sentences: Vec<SentenceTrace>,
    /// Cues, whether they count or not.
    pub cues: Vec<CueTrace>,
    /// Rules that fired, by family.
    pub fired: Vec<(&'static str, String)>,
    /// What was counted.
    pub measures: Vec<(String, f64)>,
    /// Findings that are weighed: id, sum and threshold.
    pub weighed: Vec<(String, f64, f64)>,
}

/// Everything that a condition can ask for, by name.
fn measures(j: &Judgement<'_>) -> Vec<(String, f64)> {
    let plain = PLAIN.iter().map(|(n, _)| (*n).to_owned()).zip(j.facts.plain.iter().copied());
    let sections = Section::ALL.into_iter().flat_map(|s| {
        [
            (format!("level.{s}"), j.facts.value(Measure::Level(s))),
            (format!("words.{s}"), j.facts.value(Measure::Words(s))),
            (format!("sentences.{s}"), j.facts.value(Measure::Sentences(s))),
            (format!("share.{s}"), j.facts.value(Measure::Share(s))),
        ]
    });
    let sums = j.program.rules.iter().enumerate().filter(|(_, r)| !r.feeds.is_empty());
    let sums = sums.map(|(i, r)| (format!("sum.{}", r.id), j.facts.sums[i]));
    plain.chain(sections).chain(sums).collect()
}

/// The words of a sentence as rules name them: contractions taken apart, spellings made one.
fn words(j: &Judgement<'_>, names: &BTreeMap<WordId, &str>, sentence: Range<usize>) -> Vec<String> {
    let tokens = j.text.tokens[sentence].iter().filter(|t| t.is_word());
    let written = |t: &Token| j.source[t.start as usize..t.end as usize].to_lowercase();
    tokens.map(|t| names.get(&t.word).map_or_else(|| written(t), |name| (*name).to_owned())).collect()
}

/// Shows how a rubric sees an answer.
#[must_use]
pub fn trace(rubric: &Rubric, asked: Asked<'_>, answer: &Answer) -> Trace {
    let program = &rubric.program;
    let j = Judgement::of(program, asked, answer);
    let features = segment::features(&j.text, j.source, &j.cues);
    let scores = segment::emissions(program, &j.text, j.source, answer, &j.cues, &j.facts);
    let mut names: BTreeMap<WordId, &str> = BTreeMap::new();
    for (word, id) in program.vocabulary.words() {
        names.entry(id).or_insert(word);
    }
    let sentences = j
        .text
        .sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| {
            let bytes = j.text.bytes(sentence);
            let row = &features[at];
            let mut cues: Vec<String> = Vec::new();
            for (rule, counted) in j.counted.iter().enumerate() {
                if program.rules[rule].speaks.is_some() && counted.iter().any(|c| j.cues[*c].sentence == at) {
                    cues.push(program.rules[rule].id.to_string());
                }
            }
            let clauses = j.text.clauses.iter().filter(|c| c.sentence == at).map(|c| {
                let b = j.text.bytes(&c.tokens);
                ClauseTrace {
                    text: j.source[b].to_owned(),
                    actor: c.actor.id(),
                    mood: c.mood.id(),
                    others_words: c.voice == Voice::Others,
                    passive: c.passive,
                    deed: c.is_deed(&j.text),
                    negation: j.text.tokens[c.tokens.clone()].iter().any(|t| t.is(Traits::NEGATION)),
                }
            });
            SentenceTrace {
                start: bytes.start,
                end: bytes.end,
                words: words(&j, &names, sentence.clone()),
                section: j.sections[at].map_or("other", Section::id),
                features: super::program::FEATURES
                    .iter()
                    .copied()
                    .zip(row.iter().copied())
                    .filter(|(_, v)| *v != 0.0)
                    .collect(),
                cues,
                scores: scores[at].to_vec(),
                clauses: clauses.collect(),
            }
        })
        .collect();
    let cues = j
        .cues
        .iter()
        .map(|c| {
            let rule = &program.rules[c.rule];
            let void = verdict(rule, c, &j.facts, &j.sections).err();
            CueTrace {
                rule: rule.id.to_string(),
                family: rule.family.id(),
                start: c.bytes.start,
                end: c.bytes.end,
                quote: j.source[c.bytes.clone()].to_owned(),
                actor: c.actor.id(),
                mood: c.mood.id(),
                negated: c.negated,
                void: void.map(super::context::Void::id),
                why: void.map(|v| why(rule, c, v, &j.text, j.source)),
            }
        })
        .collect();
    let fired = program
        .rules
        .iter()
        .enumerate()
        .filter(|(i, _)| j.facts.fired[*i])
        .map(|(_, r)| (r.family.id(), r.id.to_string()));
    let weighed = program.weighing.iter().zip(&j.weighed);
    let weighed = weighed.map(|(w, sum)| (program.rules[w.rule].id.to_string(), *sum, w.threshold));
    Trace {
        kind: j.kind.kind.id(),
        kind_name: j.kind.name.to_string(),
        sentences,
        cues,
        fired: fired.collect(),
        measures: measures(&j),
        weighed: weighed.collect(),
    }
}
