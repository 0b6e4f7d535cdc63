//! Findings weighed against all else that an answer shows.
//!
//! A phrase is a weak witness alone: a sharp word in a kind answer is rarely a fault, and a fault
//! told without any phrase of its rule leaves traces in ten other places. So when all rules have
//! been read, a sum of few weights decides. It is fitted to labelled answers, and stands in the rubric.

use super::program::{Feed, Weighing};
use super::{HAIR, Judgement, facts, in_order};
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
        let mut said: Vec<WordId> = self.text.tokens.iter().map(|t| t.word).collect();
        said.sort_unstable();
        self.weighed = program.weighing.iter().map(|w| self.weight_of(w, &said)).collect();
        let sums = program.weighing.iter().zip(&self.weighed);
        let weighed: Vec<(usize, bool)> = sums.map(|(w, sum)| (w.rule, self.stands(w, *sum))).collect();
        for (rule, stands) in weighed {
            self.facts.fired[rule] = stands;
        }
        // Sums of measures alone can reach a threshold, too: nothing is found that nothing shows.
        for (index, rule) in program.rules.iter().enumerate() {
            if rule.family == Family::Minefield && self.facts.fired[index] && !self.is_shown(index) {
                self.facts.fired[index] = false;
            }
        }
        facts::count_behaviours(self.program, &mut self.facts);
    }

    fn stands(&self, weighing: &Weighing, sum: f64) -> bool {
        sum >= weighing.threshold - HAIR && (self.facts.fired[weighing.rule] || self.is_shown(weighing.rule))
    }

    /// Whether a finding has words that show it, or says what is missing.
    fn is_shown(&self, rule: usize) -> bool {
        !self.program.rules[rule].absent.is_empty()
            || !self.counted[rule].is_empty()
            || !self.evidence_with_feeds(rule).is_empty()
    }

    /// The sum by which a finding is weighed; beside it the words of the answer, sorted.
    fn weight_of(&self, weighing: &Weighing, said: &[WordId]) -> f64 {
        let own = if self.facts.fired[weighing.rule] {
            #[allow(clippy::cast_precision_loss, reason = "two at most")]
            let further = self.evidence_by_rules(weighing.rule).len().saturating_sub(1).min(2) as f64;
            weighing.own + weighing.further * further
        } else {
            0.0
        };
        let words = weighing.words.iter().filter(|(word, _)| said.binary_search(word).is_ok());
        own + self.fed(&weighing.feeds) + words.map(|(_, weight)| weight).sum::<f64>()
    }

    /// What shows a finding that its own rule does not show: passages of rules that speak for it,
    /// else the words that do; the four weightiest.
    pub(super) fn shown_by(&self, weighing: &Weighing) -> Vec<Evidence> {
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
                let token = self.text.tokens.iter().find(|t| t.word == *word)?;
                Some((*weight, Evidence { start: token.start as usize, end: token.end as usize, rule: Arc::clone(id) }))
            }));
        }
        shown.sort_by(|(a, x), (b, y)| b.total_cmp(a).then((x.start, x.end).cmp(&(y.start, y.end))));
        shown.truncate(PASSAGES);
        let mut shown: Vec<Evidence> = shown.into_iter().map(|(_, e)| e).collect();
        in_order(&mut shown);
        shown
    }
}
