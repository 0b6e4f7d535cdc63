//! Counts over a batch: what the summary says and what the exit status follows from.

use super::{Code, Outcome};
use crate::{Kind, Severity, Tenths};
use std::collections::BTreeMap;

/// When a record is flagged (`--fail-under`, `--fail-on`).
#[derive(Debug, Clone, Default)]
pub(crate) struct Bar {
    /// Any score below this.
    pub(crate) under: Option<Tenths>,
    /// Any of these minefields.
    pub(crate) minefields: Vec<String>,
    /// Any serious minefield.
    pub(crate) serious: bool,
}

/// Counts over a batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    bar: Bar,
    /// Records that were judged.
    pub(crate) judged: usize,
    /// Sum of their scores.
    sum: i64,
    /// How many of each band, 1 to 5.
    pub(crate) bands: [usize; 5],
    /// How many of each kind of answer, in the order of [`Kind::ALL`].
    pub(crate) kinds: [usize; 4],
    /// How many records hit each minefield, with its severity.
    pub(crate) minefields: BTreeMap<String, (Severity, usize)>,
    /// How many bad records of each code.
    pub(crate) bad: BTreeMap<Code, usize>,
    /// Records below `--fail-under`.
    pub(crate) under: usize,
    /// Records that match `--fail-on`.
    pub(crate) matched: usize,
}

impl Tally {
    /// Counts by this bar, from nothing.
    pub(crate) fn new(bar: Bar) -> Self {
        Self { bar, ..Self::default() }
    }

    /// Counts one more outcome.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        let a = match &outcome.result {
            Ok(judged) => &judged.assessment,
            Err(bad) => {
                *self.bad.entry(bad.code).or_default() += 1;
                return;
            }
        };
        self.judged += 1;
        self.sum += i64::from(a.score.0);
        self.bands[usize::from(a.band.clamp(1, 5)) - 1] += 1;
        self.kinds[Kind::ALL.iter().position(|k| *k == a.kind).unwrap_or(0)] += 1;
        for m in &a.minefields {
            self.minefields.entry(m.id.to_string()).or_insert((m.severity, 0)).1 += 1;
        }
        self.under += usize::from(self.bar.under.is_some_and(|bar| a.score < bar));
        let matches = (self.bar.serious && a.has_serious_minefield())
            || a.minefields.iter().any(|m| self.bar.minefields.iter().any(|id| **id == *m.id));
        self.matched += usize::from(matches);
    }

    /// Bad records in all.
    pub(crate) fn bad_records(&self) -> usize {
        self.bad.values().sum()
    }

    /// Records in all.
    pub(crate) fn records(&self) -> usize {
        self.judged + self.bad_records()
    }

    /// How many were judged, in words.
    pub(crate) fn answers(&self) -> String {
        format!("{} {}", self.judged, if self.judged == 1 { "answer" } else { "answers" })
    }

    /// The mean score, where anything was judged.
    pub(crate) fn mean(&self) -> Option<Tenths> {
        let n = i64::try_from(self.judged).ok().filter(|n| *n > 0)?;
        i32::try_from((self.sum * 2 + n) / (2 * n)).ok().map(Tenths)
    }

    /// The minefields that were hit most, most frequent first, serious ones before mild ones.
    pub(crate) fn commonest(&self) -> Vec<(&str, Severity, usize)> {
        let mut list: Vec<_> = self.minefields.iter().map(|(id, (severity, n))| (id.as_str(), *severity, *n)).collect();
        list.sort_by(|a, b| (b.2, b.1).cmp(&(a.2, a.1)).then(a.0.cmp(b.0)));
        list
    }

    /// What to say of bad records, if there were any: `3 bad records of 100: 2 syntax, 1 too-large`.
    pub(crate) fn bad_summary(&self) -> Option<String> {
        let bad = self.bad_records();
        let codes: Vec<_> = self.bad.iter().map(|(code, n)| format!("{n} {code}")).collect();
        let word = if bad == 1 { "record" } else { "records" };
        (bad > 0).then(|| format!("{bad} bad {word} of {}: {}", self.records(), codes.join(", ")))
    }

    /// What to say of the bar, if anything failed it.
    pub(crate) fn bar_summary(&self) -> Option<String> {
        let mut said = Vec::new();
        if self.under > 0
            && let Some(bar) = self.bar.under
        {
            said.push(format!("{} of {} below --fail-under {bar}", self.under, self.judged));
        }
        if self.matched > 0 {
            said.push(format!("{} of {} with a minefield of --fail-on", self.matched, self.judged));
        }
        (!said.is_empty()).then(|| said.join("; "))
    }
}
