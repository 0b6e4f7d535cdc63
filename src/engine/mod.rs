//! The engine: from an answer to its assessment, downhill.
//!
//! text → cues in their context → sections → kind → behaviours → levels → minefields →
//! motivations → score → advice. Nothing here knows a customer, a theme or a rule: such words live
//! in TOML.

mod advice;
pub(crate) mod context;
pub(crate) mod examples;
mod facts;
pub(crate) mod gate;
pub(crate) mod index;
pub(crate) mod matcher;
pub(crate) mod measures;
mod near;
mod needs;
pub(crate) mod pattern;
pub(crate) mod phrases;
pub(crate) mod print;
pub(crate) mod program;
pub(crate) mod score;
pub(crate) mod segment;
mod sets;
pub(crate) mod trace;
mod weigh;
mod why;

use crate::answer::Answer;
use crate::assessment::{Assessment, Evidence, Finding, Kind, Minefield, Section, SectionFinding, SentenceSpan};
use crate::content::question::Question;
use crate::content::rubric::{Family, Rubric};
use crate::text::Text;
use context::{Cue, verdict};
use measures::{Facts, Measure};
use program::{Feed, KindRule, Program};
use score::Ingredients;
use std::sync::Arc;

/// Sums of tenths are not exact in binary: a hair below a threshold is the threshold.
const HAIR: f64 = 1e-9;

/// Of the rules that feed a finding, those are shown that add at least this share of what the one that
/// adds most does, or its own words: a faint hint beside a plain word only puzzles who reads it.
const WEIGHTY: f64 = 0.5;

/// What was asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The text of the question, where it is known.
    pub text: Option<&'a str>,
    /// The question of the bank, where it is one.
    pub question: Option<&'a Question>,
}

impl<'a> Asked<'a> {
    /// A question of the bank.
    #[must_use]
    pub fn bank(question: &'a Question) -> Self {
        Self { text: Some(&question.text), question: Some(question) }
    }

    /// A question of one's own.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self { text: Some(text), question: None }
    }
}

/// Judges an answer by a rubric. Pure: the same input gives the same assessment, byte for byte.
#[must_use]
pub fn assess(rubric: &Rubric, asked: Asked<'_>, answer: &Answer) -> Assessment {
    Judgement::of(&rubric.program, asked, answer).assessment(rubric, asked)
}

/// All that is known of an answer when it has been judged.
pub(crate) struct Judgement<'a> {
    pub(crate) program: &'a Program,
    pub(crate) source: &'a str,
    pub(crate) text: Text,
    /// Every cue of every rule, whether it counts or not.
    pub(crate) cues: Vec<Cue>,
    /// Section of each sentence.
    pub(crate) sections: Vec<Option<Section>>,
    pub(crate) facts: Facts,
    /// By rule, where its cues begin in `cues`; one more than there are rules.
    begins: Vec<usize>,
    /// Cues that count, by rule: indexes into `cues`.
    pub(crate) counted: Vec<Vec<usize>>,
    pub(crate) kind: &'a KindRule,
    /// Families whose rules had their turn.
    passed: Vec<Family>,
    /// The sum by which each finding of the rubric's weighing was weighed.
    pub(crate) weighed: Vec<f64>,
}

impl<'a> Judgement<'a> {
    /// Judges an answer.
    pub(crate) fn of(program: &'a Program, asked: Asked<'_>, answer: &'a Answer) -> Self {
        let source = answer.text();
        let text = Text::of(answer, &program.vocabulary);
        let cues = context::cues(program, &text, source);
        let mut facts = Facts::new(program.rules.len());
        facts::count(program, &text, source, asked.text, &mut facts);
        let sections = segment::sections(program, &text, source, answer, &cues, &facts);
        let kind = &program.kinds[0];
        let counted = vec![Vec::new(); program.rules.len()];
        let begins = begins(program.rules.len(), &cues);
        let (passed, weighed) = (Vec::new(), Vec::new());
        let mut judgement =
            Self { program, source, text, cues, sections, facts, begins, counted, kind, passed, weighed };
        judgement.fire(Family::SectionCue);
        judgement.fire(Family::Signal);
        facts::count_sections(&judgement.text, &judgement.sections, &mut judgement.facts);
        judgement.decide_kind();
        judgement.fire(Family::SectionCue);
        judgement.fire(Family::Signal);
        judgement.fire(Family::Behaviour);
        facts::count_behaviours(program, &mut judgement.facts);
        // Signals may ask for behaviours, levels for signals, and signals for levels.
        judgement.fire(Family::Signal);
        judgement.levels();
        judgement.fire(Family::Signal);
        judgement.fire(Family::Minefield);
        // What they look for is not shown by somebody who did the opposite.
        judgement.fire(Family::Motivation);
        judgement.weigh();
        judgement
    }

    /// Lets all rules of a family fire on what is known so far.
    fn fire(&mut self, family: Family) {
        let program = self.program;
        let again = self.passed.contains(&family);
        self.passed.push(family);
        let first = program.triggers.partition_point(|t| t.family < family);
        let of_family = program.triggers[first..].iter().take_while(|t| t.family == family);
        for (index, trigger) in (first..).zip(of_family) {
            let (from, to) = (self.begins[index], self.begins[index + 1]);
            if from == to && !trigger.by_others || again && trigger.by_cues {
                continue;
            }
            let rule = &program.rules[index];
            let mut counted = std::mem::take(&mut self.counted[index]);
            counted.clear();
            for at in from..to {
                let cue = &self.cues[at];
                let covered = counted.last().is_some_and(|l| self.cues[*l].tokens.end > cue.tokens.start);
                if !covered && verdict(rule, cue, &self.facts, &self.sections).is_ok() {
                    counted.push(at);
                }
            }
            let hits = counted.len();
            self.counted[index] = counted;
            self.facts.hits[index] = hits;
            let by_cues = hits >= rule.at_least && hits > 0;
            let by_sum = !rule.feeds.is_empty() && {
                let own = if hits > 0 { rule.threshold } else { 0.0 };
                let sum = own + self.fed(&rule.feeds);
                self.facts.sums[index] = sum;
                sum >= rule.threshold - HAIR && (rule.only.is_empty() || rule.only.iter().any(|w| w.holds(&self.facts)))
            };
            let by_words = (by_cues || by_sum) && !(rule.weigh && self.doubted(index));
            self.facts.fired[index] = by_words || rule.when.iter().any(|w| w.holds(&self.facts));
        }
    }

    fn fed(&self, feeds: &[(Feed, f64)]) -> f64 {
        feeds.iter().map(|(feed, weight)| weight * self.value(feed)).sum()
    }

    fn value(&self, feed: &Feed) -> f64 {
        match feed {
            Feed::Rule(rule) => f64::from(u8::from(self.facts.fired[*rule])),
            Feed::Measure(measure) => self.facts.contribution(*measure),
        }
    }

    /// Whether the words of a minefield are too few against what else the answer shows.
    fn doubted(&self, rule: usize) -> bool {
        let Some(doubt) = &self.program.doubt else { return false };
        let mut passages: Vec<(usize, usize)> =
            self.evidence(rule).iter().chain(&self.evidence_of_feeds(rule, false)).map(|e| (e.start, e.end)).collect();
        passages.sort_unstable();
        passages.dedup_by(|b, a| b.0 < a.1);
        let passages = passages.len();
        if passages == 0 {
            return false;
        }
        #[allow(clippy::cast_precision_loss, reason = "counts of passages are far below 2^52")]
        let further = (passages - 1) as f64;
        doubt.first + doubt.further * further + self.fed(&doubt.feeds) < 1.0 - HAIR
    }

    fn decide_kind(&mut self) {
        let last = self.program.kinds.len() - 1;
        let at = self.program.kinds.iter().position(|k| k.when.iter().any(|w| w.holds(&self.facts))).unwrap_or(last);
        self.kind = &self.program.kinds[at];
        self.facts.kind = Some(self.kind.kind);
        if self.kind.kind != Kind::Story {
            // Without an event there is no situation, task, action or result.
            self.sections.fill(None);
            facts::count_sections(&self.text, &self.sections, &mut self.facts);
        }
    }

    fn levels(&mut self) {
        for section in Section::ALL {
            let rule = &self.program.sections[section.index()];
            let level = if rule.clear.iter().any(|w| w.holds(&self.facts)) {
                2
            } else {
                u8::from(rule.partial.iter().any(|w| w.holds(&self.facts)))
            };
            self.facts.levels[section.index()] = level;
        }
    }

    fn evidence(&self, rule: usize) -> Vec<Evidence> {
        let id = &self.program.rules[rule].id;
        let spans = self.counted[rule].iter().map(|at| {
            let bytes = &self.cues[*at].bytes;
            Evidence { start: bytes.start, end: bytes.end, rule: Arc::clone(id) }
        });
        spans.collect()
    }

    /// The words that show a finding: those of its rule and of what weighed much for it, else those that feed it
    /// by their number, else what it was weighed by.
    fn evidence_with_feeds(&self, rule: usize) -> Vec<Evidence> {
        let mut evidence = self.evidence(rule);
        for more in self.evidence_of_feeds(rule, true) {
            if !evidence.iter().any(|e| e.start < more.end && more.start < e.end) {
                evidence.push(more);
            }
        }
        in_order(&mut evidence);
        if evidence.is_empty() {
            for (feed, weight) in &self.program.rules[rule].feeds {
                if let Feed::Measure(Measure::Hits(fed)) = feed
                    && *weight > 0.0
                {
                    evidence.extend(self.evidence(*fed));
                }
            }
            in_order(&mut evidence);
        }
        let weighing = self.program.weighing.iter().find(|w| w.rule == rule);
        match weighing {
            Some(weighing) if evidence.is_empty() && self.program.rules[rule].absent.is_empty() => {
                self.shown_by(weighing)
            }
            _ => evidence,
        }
    }

    /// Its own cues, else those of what feeds it, to the end.
    fn evidence_by_rules(&self, rule: usize) -> Vec<Evidence> {
        let evidence = self.evidence(rule);
        if evidence.is_empty() { self.evidence_of_feeds(rule, false) } else { evidence }
    }

    /// What a rule that fired adds to one that it feeds, by itself and by the number of its hits.
    fn adds(&self, fed: usize, to: usize) -> f64 {
        let of_it = |feed: &Feed| match feed {
            Feed::Rule(rule) | Feed::Measure(Measure::Hits(rule)) => *rule == fed,
            Feed::Measure(_) => false,
        };
        let feeds = self.program.rules[to].feeds.iter().filter(|(feed, _)| of_it(feed));
        feeds.map(|(feed, weight)| weight * self.value(feed)).sum()
    }

    /// The words of the rules that feed a rule, to the end; where only what is [`WEIGHTY`] is wanted, of
    /// those that add so much of what the one that adds most does, or of what its own words are worth.
    fn evidence_of_feeds(&self, rule: usize, weighty: bool) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        let mut open = vec![rule];
        let mut seen = vec![false; self.program.rules.len()];
        while let Some(at) = open.pop() {
            let feeds = self.program.rules[at].feeds.iter().filter_map(|(feed, weight)| match feed {
                Feed::Rule(fed) if *weight > 0.0 && self.facts.fired[*fed] => Some(*fed),
                _ => None,
            });
            let least = weighty.then(|| {
                // Its own words are worth its threshold.
                let own = if self.counted[at].is_empty() { 0.0 } else { self.program.rules[at].threshold };
                WEIGHTY * feeds.clone().map(|fed| self.adds(fed, at)).fold(own, f64::max) - HAIR
            });
            for fed in feeds {
                if least.is_none_or(|least| self.adds(fed, at) >= least) && !std::mem::replace(&mut seen[fed], true) {
                    let own = self.evidence(fed);
                    if own.is_empty() {
                        open.push(fed);
                    }
                    evidence.extend(own);
                }
            }
        }
        in_order(&mut evidence);
        evidence
    }

    fn section_finding(&self, section: Section) -> SectionFinding {
        let rule = &self.program.sections[section.index()];
        let level = self.facts.levels[section.index()];
        let mut evidence: Vec<Evidence> = Vec::new();
        if level > 0 {
            for id in &rule.evidence {
                for at in &self.counted[*id] {
                    let cue = &self.cues[*at];
                    if self.sections[cue.sentence] == Some(section) {
                        let rule = Arc::clone(&self.program.rules[*id].id);
                        evidence.push(Evidence { start: cue.bytes.start, end: cue.bytes.end, rule });
                    }
                }
            }
            if evidence.is_empty() {
                let id: Arc<str> = format!("section.{section}").into();
                for (at, sentence) in self.text.sentences.iter().enumerate() {
                    if self.sections[at] == Some(section) {
                        let bytes = self.text.bytes(sentence);
                        evidence.push(Evidence { start: bytes.start, end: bytes.end, rule: Arc::clone(&id) });
                    }
                }
            }
            in_order(&mut evidence);
        }
        let advice = match level {
            0 => rule.advice_absent.clone(),
            1 => rule.advice_partial.clone(),
            _ => String::new(),
        };
        SectionFinding { level, words: self.facts.words[section.index()], evidence, advice }
    }

    pub(crate) fn assessment(&self, rubric: &Rubric, asked: Asked<'_>) -> Assessment {
        let program = self.program;
        let found = |family: Family| {
            program.rules.iter().enumerate().filter(move |(i, r)| r.family == family && self.facts.fired[*i])
        };
        let ingredients = Ingredients::of(program, self.kind, &self.facts);
        let receipt = ingredients.receipt(program);
        let score = score::sum(&receipt);
        let expected: Vec<&str> = asked.question.iter().flat_map(|q| q.expects()).collect();
        let missing: Vec<Arc<str>> = program
            .rules
            .iter()
            .enumerate()
            .filter(|(i, r)| r.family == Family::Behaviour && !self.facts.fired[*i] && expected.contains(&&*r.id))
            .map(|(_, r)| Arc::clone(&r.id))
            .collect();
        let (advice, probes) = advice::advice(program, self.kind, &ingredients, &missing, asked);
        let mut minefields: Vec<Minefield> = found(Family::Minefield)
            .map(|(i, r)| {
                let evidence = self.evidence_with_feeds(i);
                let absent = if evidence.is_empty() { r.absent.clone() } else { Vec::new() };
                Minefield {
                    id: Arc::clone(&r.id),
                    severity: r.severity,
                    evidence,
                    absent,
                    advice: Arc::clone(&r.advice),
                }
            })
            .collect();
        minefields.sort_by_key(|m| std::cmp::Reverse(m.severity));
        let finding =
            |(i, r): (usize, &program::Rule)| Finding { id: Arc::clone(&r.id), evidence: self.evidence_with_feeds(i) };
        Assessment {
            rubric: Arc::clone(&rubric.id),
            rubric_hash: Arc::clone(&rubric.hash),
            rubric_version: rubric.version.clone(),
            kind: self.kind.kind,
            score,
            band: score::band(&rubric.bands, score),
            sections: Section::ALL.map(|s| self.section_finding(s)),
            sentences: self.sentence_spans(),
            behaviours: found(Family::Behaviour).map(finding).collect(),
            missing,
            motivations: found(Family::Motivation).map(finding).collect(),
            minefields,
            metrics: facts::metrics(program, &self.facts),
            receipt,
            advice,
            probes,
        }
    }

    /// Sentences with their sections; parts of one run-on sentence with one section are joined.
    fn sentence_spans(&self) -> Vec<SentenceSpan> {
        let mut spans: Vec<SentenceSpan> = Vec::with_capacity(self.sections.len());
        for (at, sentence) in self.text.sentences.iter().enumerate() {
            let bytes = self.text.bytes(sentence);
            let continues = at > 0 && !facts::ends_sentence(&self.text, at - 1);
            match spans.last_mut() {
                Some(last) if continues && last.section == self.sections[at] => last.end = bytes.end,
                _ => spans.push(SentenceSpan { start: bytes.start, end: bytes.end, section: self.sections[at] }),
            }
        }
        cover(&mut spans, self.source);
        spans
    }
}

/// Puts evidence in the order of the text, each passage once.
fn in_order(evidence: &mut Vec<Evidence>) {
    evidence.sort_by_key(|e| (e.start, e.end));
    evidence.dedup_by_key(|e| (e.start, e.end));
}

/// Where the cues of each rule begin, and where those of the last one end.
fn begins(rules: usize, cues: &[Cue]) -> Vec<usize> {
    let mut begins = vec![0; rules + 1];
    for cue in cues {
        begins[cue.rule + 1] += 1;
    }
    for rule in 0..rules {
        begins[rule + 1] += begins[rule];
    }
    begins
}

/// Fillers are no tokens: what stands between sentences goes to the one after it, what stands
/// after the last one to that.
fn cover(spans: &mut Vec<SentenceSpan>, source: &str) {
    let mut end = 0;
    for span in spans.iter_mut() {
        span.start -= source[end..span.start].trim_start().len();
        end = span.end;
    }
    let rest = source[end..].trim();
    if !rest.is_empty() {
        let until = source.trim_end().len();
        match spans.last_mut() {
            Some(last) => last.end = until,
            None => spans.push(SentenceSpan { start: until - rest.len(), end: until, section: None }),
        }
    }
}
