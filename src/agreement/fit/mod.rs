//! Weights that agree better with the labels: a proposal, never an act.
//!
//! Few weights are varied, one at a time, in steps of a point and more, within bounds that
//! keep the rubric sane; what counts is the weighted kappa of the bands, then exact agreement,
//! then rank correlation. Whether the gain would hold on other answers is measured by
//! cross-validation (Stone 1974): weights found on some folds judge the fold that was left out.

mod proposal;
mod weights;

pub(crate) use proposal::write;
pub(crate) use weights::{Names, Values};

use super::judge::Case;
use super::random::{self, Random};
use super::statistics::{Confusion, count, spearman, weighted_kappa};
use crate::Rubric;
use rayon::prelude::*;
use std::sync::Arc;
use weights::{Fixed, Item, Key, band};

/// Steps of a search, in tenths: coarse ones first. No weight needs to be finer than a point.
const STEPS: [i32; 4] = [60, 40, 20, 10];
/// How often a search starts anew from weights that chance has moved a little.
const RESTARTS: u64 = 24;
/// A change must gain so much kappa, or it is not worth a reader's time.
const WORTH: f64 = 0.001;
/// The seed of the folds and of the restarts.
const SEED: u64 = 1968;

/// How well bands and scores agree with the labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Agreement {
    /// Quadratic weighted kappa of the bands.
    pub(crate) kappa: f64,
    /// Share of bands that are equal.
    pub(crate) exact: f64,
    /// Rank correlation of score and band.
    pub(crate) spearman: f64,
}

impl Agreement {
    fn of(judged: &[(u8, u8, i32)]) -> Self {
        let (kappa, exact) = bands(judged.iter().map(|(want, got, _)| (*want, *got)));
        let want: Vec<f64> = judged.iter().map(|(want, ..)| f64::from(*want)).collect();
        let score: Vec<f64> = judged.iter().map(|(.., score)| f64::from(*score)).collect();
        Self { kappa, exact, spearman: spearman(&want, &score) }
    }
}

fn bands(pairs: impl Iterator<Item = (u8, u8)>) -> (f64, f64) {
    let mut confusion: Confusion<5> = [[0; 5]; 5];
    for (want, got) in pairs {
        confusion[usize::from(want) - 1][usize::from(got) - 1] += 1;
    }
    let all: u32 = confusion.iter().flatten().sum();
    let equal: u32 = (0..5).map(|i| confusion[i][i]).sum();
    (weighted_kappa(&confusion), super::statistics::share(equal, all))
}

/// What a fit found.
#[derive(Debug)]
pub(crate) struct Fit {
    /// Answers with a band.
    pub(crate) answers: usize,
    /// Folds of the cross-validation.
    pub(crate) folds: usize,
    /// With the present weights.
    pub(crate) before: Agreement,
    /// With the proposed weights, on the answers that they were found on.
    pub(crate) after: Agreement,
    /// With weights found without the answer's fold.
    pub(crate) crossed: Agreement,
    /// The names of the weights.
    pub(crate) names: Names,
    /// Their present values.
    pub(crate) present: Values,
    /// Their proposed values.
    pub(crate) proposed: Values,
}

impl Fit {
    /// Weights that change: name, present and proposed value.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Key, i32, i32)> {
        let values = self.present.iter().zip(&self.proposed);
        self.names.keys().iter().zip(values).filter(|(_, (a, b))| a != b).map(|(key, (a, b))| (key, *a, *b))
    }
}

/// Looks for weights that agree better with the labels.
///
/// # Errors
/// Where there is nothing to fit to, or the rubrics of the answers differ in their weights.
pub(crate) fn fit(cases: &[Case], folds: usize) -> Result<Fit, String> {
    let mut rubrics: Vec<Arc<Rubric>> = Vec::new();
    for case in cases {
        if !rubrics.iter().any(|r| r.id == case.rubric.id) {
            rubrics.push(Arc::clone(&case.rubric));
        }
    }
    let (names, present) = Names::of(&rubrics)?;
    let fixed = Fixed::of(&names).ok_or("the rubric has no bands 1 to 5")?;
    let mut items = Vec::new();
    for case in cases {
        let Some(item) = Item::of(case, &names) else { continue };
        let (ours, engine) = (item.score(&fixed, &present), case.assessment.score.0);
        if ours != engine {
            return Err(format!(
                "the score of `{}` comes out at {ours} tenths here and at {engine} in the engine: a bug of starcue, please report it",
                case.gold.id
            ));
        }
        items.push(item);
    }
    if items.len() < folds.max(2) * 5 {
        return Err(format!("{} answers with a band are too few to fit weights to", items.len()));
    }
    if !names.sane(&present) {
        return Err("the present weights are out of bounds: sections up to 35 points, at most three quarters of them at level 1, \
            at least 8 points between bands, kinds other than a story below band 3, serious minefields below band 4, \
            90 to 110 points in all"
            .to_owned());
    }
    let search = Search { names: &names, fixed };
    let all: Vec<&Item> = items.iter().collect();
    let classes: Vec<u8> = items.iter().map(|i| i.want).collect();
    let fold = random::folds(&classes, folds, SEED);
    // The last job is the fit on all answers.
    let mut found: Vec<Values> = (0..=folds)
        .into_par_iter()
        .map(|out| {
            let train: Vec<&Item> = items.iter().zip(&fold).filter(|(_, f)| **f != out).map(|(i, _)| i).collect();
            search.run(&present, &train)
        })
        .collect();
    let proposed = found.pop().unwrap_or_else(|| present.clone());
    let judge = |item: &Item, values: &[i32]| {
        let score = item.score(&fixed, values);
        (item.want, band(&fixed, values, score), score)
    };
    let with = |values: &[i32]| Agreement::of(&all.iter().map(|i| judge(i, values)).collect::<Vec<_>>());
    let crossed: Vec<_> = items.iter().zip(&fold).map(|(i, f)| judge(i, &found[*f])).collect();
    Ok(Fit {
        answers: items.len(),
        folds,
        before: with(&present),
        after: with(&proposed),
        crossed: Agreement::of(&crossed),
        names,
        present,
        proposed,
    })
}

/// A search for better weights.
struct Search<'a> {
    names: &'a Names,
    fixed: Fixed,
}

impl Search<'_> {
    /// Climbs from the present weights, then from their neighbourhood, and returns the best found.
    fn run(&self, present: &Values, items: &[&Item]) -> Values {
        let mut best = self.climb(present.clone(), items);
        let mut goal = self.goal(&best, items);
        for restart in 0..RESTARTS {
            let from = self.stir(&best, &mut Random::new(SEED ^ (restart + 1)));
            let values = self.climb(from, items);
            let reached = self.goal(&values, items);
            if reached.0 > goal.0 + WORTH {
                (best, goal) = (values, reached);
            }
        }
        self.tidy(present, best, items)
    }

    /// Takes back every change that gains too little.
    fn tidy(&self, present: &Values, mut values: Values, items: &[&Item]) -> Values {
        let mut goal = self.goal(&values, items).0;
        for (at, key) in self.names.keys().iter().enumerate() {
            // Caps go with the bands: they stay where the search has put them.
            if key.is_cap() || matches!(key, Key::Band(_)) {
                continue;
            }
            let mut without = values.clone();
            without[at] = present[at];
            if values[at] != present[at] && self.names.sane(&without) {
                let reached = self.goal(&without, items).0;
                if reached + WORTH / 4.0 >= goal {
                    (values, goal) = (without, reached);
                }
            }
        }
        values
    }

    /// Moves one weight at a time for as long as something gets better.
    fn climb(&self, mut values: Values, items: &[&Item]) -> Values {
        let mut goal = self.goal(&values, items);
        for step in STEPS {
            let mut moved = true;
            while moved {
                moved = false;
                for at in 0..values.len() {
                    for next in self.moves(&values, at, step) {
                        let reached = self.goal(&next, items);
                        if better(reached, goal) {
                            (values, goal, moved) = (next, reached, true);
                        }
                    }
                }
            }
        }
        values
    }

    /// Sane weights that differ from these in one, and in what goes with it.
    fn moves(&self, values: &Values, at: usize, step: i32) -> Vec<Values> {
        let keys = self.names.keys();
        let mut all = Vec::new();
        let mut put = |next: Values| {
            if next != *values && self.names.sane(&next) {
                all.push(next);
            }
        };
        match &keys[at] {
            // Caps say how far a score may reach: they stand a point below a band, or nowhere.
            key if key.is_cap() => {
                let below = self.fixed.bands().map(|b| values[b] - 10);
                for cap in below.into_iter().chain([1000]) {
                    let mut next = values.clone();
                    next[at] = cap;
                    put(next);
                }
            }
            Key::Band(_) => {
                for by in [-step, step] {
                    let mut next = values.clone();
                    next[at] += by;
                    // What is capped below a band stays below it, and the other way round.
                    for place in (0..keys.len()).filter(|p| keys[*p].is_cap()) {
                        if (values[place] < values[at]) != (next[place] < next[at]) {
                            next[place] += by;
                        }
                    }
                    put(next);
                }
            }
            _ => {
                for by in [-step, step] {
                    let mut next = values.clone();
                    next[at] += by;
                    put(next);
                }
            }
        }
        all
    }

    /// Moves a few weights at random, within what is sane.
    fn stir(&self, values: &Values, random: &mut Random) -> Values {
        let mut stirred = values.clone();
        for _ in 0..6 {
            let at = random.below(values.len());
            let moves = self.moves(&stirred, at, 10 * (1 + i32::try_from(random.below(4)).unwrap_or(0)));
            if !moves.is_empty() {
                stirred = moves[random.below(moves.len())].clone();
            }
        }
        stirred
    }

    /// What is to be raised: kappa, then exact agreement, then rank correlation.
    fn goal(&self, values: &[i32], items: &[&Item]) -> (f64, f64, f64) {
        let mut confusion: Confusion<5> = [[0; 5]; 5];
        // Rank correlation stands in as the correlation with bands: cheap, and it breaks ties alike.
        let (mut n, mut x, mut y, mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for item in items {
            let score = item.score(&self.fixed, values);
            confusion[usize::from(item.want) - 1][usize::from(band(&self.fixed, values, score)) - 1] += 1;
            let (a, b) = (f64::from(item.want), f64::from(score));
            n += 1.0;
            x += a;
            y += b;
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }
        let equal: u32 = (0..5).map(|i| confusion[i][i]).sum();
        let spread = ((n * xx - x * x) * (n * yy - y * y)).sqrt();
        let correlation = if spread > 0.0 { (n * xy - x * y) / spread } else { 0.0 };
        (weighted_kappa(&confusion), f64::from(equal) / count(items.len()), correlation)
    }
}

/// Whether weights that reach `a` are worth leaving those that reach `b` for.
fn better(a: (f64, f64, f64), b: (f64, f64, f64)) -> bool {
    let hair = 1e-9;
    if (a.0 - b.0).abs() > hair {
        return a.0 > b.0 + WORTH;
    }
    if (a.1 - b.1).abs() > hair { a.1 > b.1 } else { a.2 > b.2 + 1e-4 }
}
