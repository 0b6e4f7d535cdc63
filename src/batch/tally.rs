//! Counts over a batch: what the summary says and what the exit status follows from.

use super::{Code, Outcome};
use crate::assessment::Minefield;
use crate::{Assessment, Kind, Severity, Tenths};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

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

impl Bar {
    /// Whether the score is below the bar.
    pub(crate) fn is_under(&self, assessment: &Assessment) -> bool {
        self.under.is_some_and(|bar| assessment.score < bar)
    }

    /// Whether one of the minefields was hit.
    pub(crate) fn matches(&self, assessment: &Assessment) -> bool {
        assessment.minefields.iter().any(|m| self.catches(m))
    }

    /// Whether this minefield is one of those.
    pub(crate) fn catches(&self, minefield: &Minefield) -> bool {
        (self.serious && minefield.severity == Severity::Serious)
            || self.minefields.iter().any(|id| **id == *minefield.id)
    }
}

fn add_each<const N: usize>(own: &mut [usize; N], more: &[usize; N]) {
    own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
}

/// Counts over a batch.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    #[serde(skip)]
    bar: Arc<Bar>,
    /// Records that were judged.
    pub(crate) judged: usize,
    /// Sum of their scores.
    sum: i64,
    /// Sum of their words.
    pub(crate) words: usize,
    /// How many of each score, in tenths.
    scores: BTreeMap<i32, usize>,
    /// How many of each band, 1 to 5.
    pub(crate) bands: [usize; 5],
    /// How many of each kind of answer, in the order of [`Kind::ALL`].
    pub(crate) kinds: [usize; 4],
    /// How many of each level, absent to clear, for each section.
    pub(crate) sections: [[usize; 3]; 4],
    /// How many records show each behaviour.
    pub(crate) behaviours: Counts,
    /// How many records show each motivation.
    pub(crate) motivations: Counts,
    /// How many records hit each minefield, with its severity.
    pub(crate) minefields: BTreeMap<Arc<str>, (Severity, usize)>,
    /// Hash of each rubric that judged.
    pub(crate) rubrics: BTreeMap<Arc<str>, Arc<str>>,
    /// How many bad records of each code.
    pub(crate) bad: BTreeMap<Code, usize>,
    /// Records below `--fail-under`.
    pub(crate) under: usize,
    /// Records that match `--fail-on`.
    pub(crate) matched: usize,
}

/// How many records have each id.
pub(crate) type Counts = BTreeMap<Arc<str>, usize>;

fn count(counts: &mut Counts, id: &Arc<str>, n: usize) {
    match counts.get_mut(id) {
        Some(had) => *had += n,
        None => {
            counts.insert(Arc::clone(id), n);
        }
    }
}

impl Tally {
    /// Counts by this bar, from nothing.
    pub(crate) fn new(bar: Arc<Bar>) -> Self {
        Self { bar, ..Self::default() }
    }

    /// The bar that it counts by.
    pub(crate) const fn bar(&self) -> &Arc<Bar> {
        &self.bar
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
        self.words += a.metrics.words;
        *self.scores.entry(a.score.0).or_default() += 1;
        self.bands[usize::from(a.band.clamp(1, 5)) - 1] += 1;
        self.kinds[Kind::ALL.iter().position(|k| *k == a.kind).unwrap_or(0)] += 1;
        for (counts, section) in self.sections.iter_mut().zip(&a.sections) {
            counts[usize::from(section.level.min(2))] += 1;
        }
        a.behaviours.iter().for_each(|f| count(&mut self.behaviours, &f.id, 1));
        a.motivations.iter().for_each(|f| count(&mut self.motivations, &f.id, 1));
        for m in &a.minefields {
            self.hit(&m.id, m.severity, 1);
        }
        if !self.rubrics.contains_key(&a.rubric) {
            self.rubrics.insert(Arc::clone(&a.rubric), Arc::clone(&a.rubric_hash));
        }
        self.under += usize::from(self.bar.is_under(a));
        self.matched += usize::from(self.bar.matches(a));
    }

    fn hit(&mut self, id: &Arc<str>, severity: Severity, n: usize) {
        match self.minefields.get_mut(id) {
            Some((_, had)) => *had += n,
            None => {
                self.minefields.insert(Arc::clone(id), (severity, n));
            }
        }
    }

    /// Counts what another has counted, too.
    pub(crate) fn take_in(&mut self, other: &Self) {
        self.judged += other.judged;
        self.sum += other.sum;
        self.words += other.words;
        for (score, n) in &other.scores {
            *self.scores.entry(*score).or_default() += n;
        }
        add_each(&mut self.bands, &other.bands);
        add_each(&mut self.kinds, &other.kinds);
        self.sections.iter_mut().zip(&other.sections).for_each(|(own, more)| add_each(own, more));
        other.behaviours.iter().for_each(|(id, n)| count(&mut self.behaviours, id, *n));
        other.motivations.iter().for_each(|(id, n)| count(&mut self.motivations, id, *n));
        for (id, (severity, n)) in &other.minefields {
            self.hit(id, *severity, *n);
        }
        for (id, hash) in &other.rubrics {
            self.rubrics.entry(Arc::clone(id)).or_insert_with(|| Arc::clone(hash));
        }
        for (code, n) in &other.bad {
            *self.bad.entry(*code).or_default() += n;
        }
        self.under += other.under;
        self.matched += other.matched;
    }

    /// The score below which this share of the answers lies, where anything was judged.
    pub(crate) fn quantile(&self, share: f64) -> Option<Tenths> {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rank = ((self.judged.max(1) - 1) as f64 * share).round() as usize;
        let mut seen = 0;
        let at = self.scores.iter().find(|(_, n)| {
            seen += **n;
            seen > rank
        });
        at.map(|(score, _)| Tenths(*score))
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
        let mut list: Vec<_> = self.minefields.iter().map(|(id, (severity, n))| (&**id, *severity, *n)).collect();
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
