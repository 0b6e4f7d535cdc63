//! How far coaches and the tool agree, and two coaches with one another.

use super::Interview;
use crate::Section;
use crate::agreement::statistics::{Confusion, count, share, weighted_kappa};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the tool gave an answer: its band, and the levels of its sections.
pub(crate) type Verdict = (u8, [u8; 4]);

/// How two raters agree on the same answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Agreement {
    /// The one.
    pub(crate) first: String,
    /// The other.
    pub(crate) second: String,
    /// How many answers both have rated.
    pub(crate) answers: u32,
    /// Quadratically weighted kappa of the bands; none where it can't be told.
    pub(crate) qwk: Option<f64>,
    /// Share of the answers with one and the same band.
    pub(crate) exact: f64,
    /// Share of the answers with bands that are at most one apart.
    pub(crate) adjacent: f64,
    /// By how many bands the first is above the second, on average.
    pub(crate) bias: f64,
    /// Quadratically weighted kappa of the levels, by section in STAR order.
    pub(crate) sections: [Option<f64>; 4],
    /// Ratings of the first that were given after the tool's had been shown.
    pub(crate) late: u32,
}

/// Pairs of ratings as they come in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    bands: Confusion<5>,
    levels: [Confusion<3>; 4],
    late: u32,
}

impl Pairs {
    /// Adds an answer that both have rated.
    pub(crate) fn add(&mut self, first: (u8, [Option<u8>; 4]), second: (u8, [Option<u8>; 4]), blind: bool) {
        let band = |b: u8| usize::from(b.clamp(1, 5)) - 1;
        self.bands[band(first.0)][band(second.0)] += 1;
        for (s, pairs) in self.levels.iter_mut().enumerate() {
            if let (Some(a), Some(b)) = (first.1[s], second.1[s]) {
                pairs[usize::from(a.min(2))][usize::from(b.min(2))] += 1;
            }
        }
        self.late += u32::from(!blind);
    }

    /// What the pairs say.
    pub(crate) fn agreement(&self, first: &str, second: &str) -> Agreement {
        let answers: u32 = self.bands.iter().flatten().sum();
        let near = |most: usize| -> u32 {
            let cells =
                self.bands.iter().enumerate().flat_map(|(i, row)| row.iter().enumerate().map(move |(j, n)| (i, j, *n)));
            cells.filter(|(i, j, _)| i.abs_diff(*j) <= most).map(|(_, _, n)| n).sum()
        };
        let mut bias = 0.0;
        for (i, row) in self.bands.iter().enumerate() {
            for (j, n) in row.iter().enumerate() {
                bias += (count(i) - count(j)) * f64::from(*n);
            }
        }
        let known = |kappa: f64| (!kappa.is_nan()).then_some(kappa);
        Agreement {
            first: first.to_owned(),
            second: second.to_owned(),
            answers,
            qwk: known(weighted_kappa(&self.bands)),
            exact: share(near(0), answers),
            adjacent: share(near(1), answers),
            bias: if answers == 0 { 0.0 } else { bias / f64::from(answers) },
            sections: Section::ALL.map(|s| known(weighted_kappa(&self.levels[s.index()]))),
            late: self.late,
        }
    }
}

/// The name of the tool in a list of raters.
pub(crate) const TOOL: &str = "starcue";

/// Everybody with everybody who has rated the same answers: coaches with the tool first, then
/// coaches with one another. `verdict` says what the tool gave an answer; `late` counts ratings too
/// that were given after the tool's had been shown.
pub(crate) fn agreements(
    interviews: &[Interview],
    verdict: &dyn Fn(&str) -> Option<Verdict>,
    late: bool,
) -> Vec<Agreement> {
    let mut with_tool: BTreeMap<&str, Pairs> = BTreeMap::new();
    let mut coaches: BTreeMap<(&str, &str), Pairs> = BTreeMap::new();
    let mut all = Pairs::default();
    for interview in interviews {
        for turn in &interview.turns {
            let ratings: Vec<_> = turn.ratings.iter().filter(|r| late || r.blind).collect();
            if let Some((band, levels)) = verdict(&interview.attempt_of(turn)) {
                let tool = (band, levels.map(Some));
                for r in &ratings {
                    with_tool.entry(&r.rater).or_default().add((r.overall, r.sections), tool, r.blind);
                    all.add((r.overall, r.sections), tool, r.blind);
                }
            }
            for (i, a) in ratings.iter().enumerate() {
                for b in &ratings[i + 1..] {
                    let (a, b) = if a.rater <= b.rater { (a, b) } else { (b, a) };
                    let pairs = coaches.entry((&a.rater, &b.rater)).or_default();
                    pairs.add((a.overall, a.sections), (b.overall, b.sections), a.blind && b.blind);
                }
            }
        }
    }
    let mut list: Vec<Agreement> = with_tool.iter().map(|(rater, p)| p.agreement(rater, TOOL)).collect();
    if with_tool.len() > 1 {
        list.insert(0, all.agreement("all coaches", TOOL));
    }
    list.extend(coaches.iter().map(|((a, b), p)| p.agreement(a, b)));
    list
}

#[cfg(test)]
mod tests {
    use super::super::{Form, Plan, Rating, Turn};
    use super::*;
    use jiff::Timestamp;

    fn interview(ratings: &[(&str, u8, bool)]) -> Interview {
        let mut turn = Turn::new(0, "Why?", None, "behavioural", [0, 0, 0], Form::Free);
        for (rater, overall, blind) in ratings {
            let sections = [Some(2), Some(1), None, Some(0)];
            turn.rate(Rating { rater: (*rater).into(), at: String::new(), blind: *blind, overall: *overall, sections });
        }
        let plan = Plan::made(super::super::plan::Made::default());
        Interview::new(format!("m{}", ratings[0].1), "anna", None, Timestamp::UNIX_EPOCH, &plan, vec![turn])
    }

    #[test]
    fn coaches_meet_the_tool_and_one_another() {
        let tool = |_: &str| Some((3, [2, 1, 1, 1]));
        let list = [
            interview(&[("kim", 4, true), ("bo", 3, true)]),
            interview(&[("kim", 3, true), ("bo", 5, true)]),
            interview(&[("kim", 2, false)]),
        ];
        let found = agreements(&list, &tool, false);
        let names: Vec<_> = found.iter().map(|a| (&*a.first, &*a.second, a.answers)).collect();
        assert_eq!(
            names,
            [("all coaches", TOOL, 4), ("bo", TOOL, 2), ("kim", TOOL, 2), ("bo", "kim", 2)],
            "a rating that came after the tool's does not count"
        );
        let kim = &found[2];
        assert_eq!((kim.exact, kim.adjacent, kim.bias, kim.late), (0.5, 1.0, 0.5, 0));
        assert_eq!((kim.sections[0], kim.sections[2]), (Some(1.0), None));
        assert_eq!((found[3].exact, found[3].adjacent, found[3].bias), (0.0, 0.5, 0.5));
        let late = agreements(&list, &tool, true);
        assert_eq!((late[2].answers, late[2].late), (3, 1));
    }
}
