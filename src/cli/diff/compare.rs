//! Counts what changed, by band and by rule.

use super::pairs::Line;
use crate::Tenths;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one rule.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RuleChange {
    /// Answers that it counts in now, and did not before.
    pub(super) gained: usize,
    /// Answers that it counted in, and does no more.
    pub(super) lost: usize,
    /// Answers in which it gives other points.
    pub(super) other_points: usize,
    /// What all that adds to the scores.
    #[cfg_attr(test, schemars(with = "f64"))]
    pub(super) points: Tenths,
}

impl RuleChange {
    /// Answers that it touches.
    pub(super) const fn answers(&self) -> usize {
        self.gained + self.lost + self.other_points
    }
}

/// What changed in one answer (`starcue.diff/1`).
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Change {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = "starcue.diff/1")))]
    schema: &'static str,
    /// Its id.
    pub(super) id: String,
    /// Scores before and now; none where it was not there, or not judged.
    #[cfg_attr(test, schemars(with = "[Option<f64>; 2]"))]
    pub(super) score: [Option<Tenths>; 2],
    /// Bands before and now.
    pub(super) band: [Option<u8>; 2],
    /// Kinds of answer before and now.
    kind: [Option<String>; 2],
    /// What each rule that changed gave before and gives now.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, [Option<f64>; 2]>"))]
    pub(super) rules: BTreeMap<String, [Option<Tenths>; 2]>,
}

impl Change {
    /// How far the score moved.
    pub(super) fn moved(&self) -> i32 {
        let [was, is] = self.score.map(|s| s.unwrap_or_default().0);
        is - was
    }
}

/// All that changed.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    most: usize,
    /// Answers in both.
    pub(super) both: usize,
    /// Answers in one alone: before, now.
    pub(super) alone: [usize; 2],
    /// Answers whose findings or points changed.
    pub(super) changed: usize,
    /// Answers whose score rose, and fell.
    pub(super) moved: [usize; 2],
    /// Sums of scores, before and now, of the answers that were judged both times.
    sums: [i64; 2],
    judged: usize,
    /// Answers by their band before and now.
    pub(super) bands: [[usize; 5]; 5],
    /// What became of each rule that changed.
    pub(super) rules: BTreeMap<String, RuleChange>,
    /// Rubrics with their hashes, before and now.
    pub(super) rubrics: [BTreeSet<(String, String)>; 2],
    /// The answers that moved most.
    pub(super) most_moved: Vec<Change>,
}

impl Comparison {
    /// Nothing yet; so many answers that moved most are kept.
    pub(super) fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Whether nothing changed.
    pub(super) fn is_same(&self) -> bool {
        self.changed == 0 && self.alone == [0, 0]
    }

    /// The mean scores before and now, of the answers that were judged both times.
    pub(super) fn means(&self) -> Option<[Tenths; 2]> {
        let n = i64::try_from(self.judged).ok().filter(|n| *n > 0)?;
        Some(self.sums.map(|sum| Tenths(i32::try_from((sum * 2 + n) / (2 * n)).unwrap_or(0))))
    }

    /// Counts a pair, and gives what changed in it.
    pub(super) fn add(&mut self, old: Option<&Line>, new: Option<&Line>) -> Option<Change> {
        let sides = [old, new];
        for (rubrics, line) in self.rubrics.iter_mut().zip(sides) {
            if let Some(line) = line.filter(|l| l.score().is_some()) {
                let known = (line.rubric.clone(), line.rubric_hash.clone());
                rubrics.insert(known);
            }
        }
        let name = old.or(new).map(Line::name).unwrap_or_default();
        let score = sides.map(|line| line.and_then(Line::score));
        let band = sides.map(|line| line.filter(|l| l.score().is_some()).map(|l| l.band));
        match sides {
            [Some(_), Some(_)] => self.both += 1,
            [Some(_), None] => self.alone[0] += 1,
            _ => self.alone[1] += 1,
        }
        if let ([Some(was), Some(is)], [Some(from), Some(to)]) = (score, band) {
            self.judged += 1;
            self.sums[0] += i64::from(was.0);
            self.sums[1] += i64::from(is.0);
            self.bands[usize::from(from.clamp(1, 5)) - 1][usize::from(to.clamp(1, 5)) - 1] += 1;
        }
        let [was, is] = sides.map(|line| line.map(Line::rules).unwrap_or_default());
        let ids: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let rules = ids.into_iter().map(|id| (id.clone(), [was.get(id).copied(), is.get(id).copied()]));
        let rules: BTreeMap<_, _> = rules.filter(|(_, [was, is])| was != is).collect();
        let kind = sides.map(|line| line.filter(|l| l.score().is_some()).map(|l| l.kind.clone()));
        if rules.is_empty() && score[0] == score[1] && kind[0] == kind[1] {
            return None;
        }
        let change = Change { schema: "starcue.diff/1", id: name, score, band, kind, rules };
        if old.is_some() && new.is_some() {
            self.note(&change);
        }
        Some(change)
    }

    fn note(&mut self, change: &Change) {
        self.changed += 1;
        let moved = change.moved();
        self.moved[0] += usize::from(moved > 0);
        self.moved[1] += usize::from(moved < 0);
        for (id, [was, is]) in &change.rules {
            let rule = self.rules.entry(id.clone()).or_default();
            match (was, is) {
                (None, _) => rule.gained += 1,
                (_, None) => rule.lost += 1,
                _ => rule.other_points += 1,
            }
            rule.points.0 += is.unwrap_or_default().0 - was.unwrap_or_default().0;
        }
        // The largest first; equal ones as they came.
        let at = self.most_moved.partition_point(|c| c.moved().abs() >= moved.abs());
        if at < self.most {
            self.most_moved.insert(at, change.clone());
            self.most_moved.truncate(self.most);
        }
    }
}
