//! Findings weighed against all else that an answer shows.
//!
//! A phrase is a weak witness alone: a sharp word in a kind answer is rarely a fault, and a fault
//! told without any phrase of its rule leaves traces in ten other places. So when all rules have
//! been read, a sum of few weights decides. It is fitted to labelled answers, and stands in the rubric.

use super::program::{Feed, Weighing};
use super::{HAIR, Judgement, facts};
use crate::assessment::Evidence;
use crate::content::rubric::Family;
use crate::text::WordId;
use std::sync::Arc;

/// So many passages show a finding that its own rule did not make.
const PASSAGES: usize = 4;

impl Judgement<'_> {
    /// Weighs findings against all else that was read; what the rules said before stays the ground
    /// for all of them, so that none depends on the order in which they are weighed.
    pub(super) fn weigh(&mut self) {
        let program = self.program;
        self.weighed = program.weighing.iter().map(|w| self.weight_of(w)).collect();
        let sums = program.weighing.iter().zip(&self.weighed);
        let weighed: Vec<(usize, bool)> = sums.map(|(w, sum)| (w.rule, self.stands(w, *sum))).collect();
        for (rule, stands) in weighed {
            self.facts.fired[rule] = stands;
        }
        // Sums of measures alone can reach a threshold, too: nothing is found that nothing shows.
        for (index, rule) in program.rules.iter().enumerate() {
            let shown = |j: &Self| !rule.absent.is_empty() || !j.evidence_with_feeds(index).is_empty();
            if rule.family == Family::Minefield && self.facts.fired[index] && !shown(self) {
                self.facts.fired[index] = false;
            }
        }
        facts::count_behaviours(self.program, &mut self.facts);
    }

    fn stands(&self, weighing: &Weighing, sum: f64) -> bool {
        if sum < weighing.threshold - HAIR {
            return false;
        }
        let shown = || !self.program.rules[weighing.rule].absent.is_empty() || !self.shown_by(weighing).is_empty();
        self.facts.fired[weighing.rule] || shown()
    }

    /// The sum by which a finding is weighed.
    fn weight_of(&self, weighing: &Weighing) -> f64 {
        let own = if self.facts.fired[weighing.rule] {
            #[allow(clippy::cast_precision_loss, reason = "two at most")]
            let further = self.evidence_by_rules(weighing.rule).len().saturating_sub(1).min(2) as f64;
            weighing.own + weighing.further * further
        } else {
            0.0
        };
        let words = weighing.words.iter().filter(|(word, _)| self.place_of(*word).is_some());
        own + self.fed(&weighing.feeds) + words.map(|(_, weight)| weight).sum::<f64>()
    }

    /// The first token that is a word.
    fn place_of(&self, word: WordId) -> Option<usize> {
        self.text.tokens.iter().position(|t| t.word == word)
    }

    /// What shows a finding that its own rule did not make: passages of its rule and of rules that
    /// speak for it, else the words that do; the four weightiest.
    pub(super) fn shown_by(&self, weighing: &Weighing) -> Vec<Evidence> {
        let own = self.evidence_by_rules(weighing.rule);
        if !own.is_empty() {
            return own;
        }
        let mut shown: Vec<(f64, Evidence)> = Vec::new();
        for (feed, weight) in weighing.feeds.iter().filter(|(_, weight)| *weight > 0.0) {
            if let Feed::Rule(fed) = feed
                && self.facts.fired[*fed]
            {
                shown.extend(self.evidence_by_rules(*fed).into_iter().map(|e| (*weight, e)));
            }
        }
        if shown.is_empty() {
            let id = &self.program.rules[weighing.rule].id;
            let words = weighing.words.iter().filter(|(_, weight)| *weight > 0.0);
            shown.extend(words.filter_map(|(word, weight)| {
                let token = &self.text.tokens[self.place_of(*word)?];
                Some((*weight, Evidence { start: token.start as usize, end: token.end as usize, rule: Arc::clone(id) }))
            }));
        }
        shown.sort_by(|(a, x), (b, y)| b.total_cmp(a).then((x.start, x.end).cmp(&(y.start, y.end))));
        shown.truncate(PASSAGES);
        let mut shown: Vec<Evidence> = shown.into_iter().map(|(_, e)| e).collect();
        shown.sort_by_key(|e| (e.start, e.end));
        shown.dedup_by_key(|e| (e.start, e.end));
        shown
    }
}
