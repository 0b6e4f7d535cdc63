//! Weights that agree better with the labels: a proposal, never an act.
//!
//! Few weights are varied, one at a time, in steps of a point and more, within bounds that keep the
//! rubric sane; what counts is the concordance of scores with bands, then exact agreement. Whether
//! the gain would hold on other answers is measured by cross-validation (Stone 1974): weights found
//! on some folds judge the fold that was left out.

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
/// What it costs to move a weight by a tenth of a point: a change must be worth a reader's time.
const PRICE: f64 = 0.00003;
/// Farther than this, in tenths, a move costs no more.
const FAR: i32 = 150;
/// A step must gain so much, or the search goes on in circles.
const HAIR: f64 = 1e-5;
/// How often the answers are dealt into folds: the means of so many cross-validations are told.
const REPEATS: u64 = 4;
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

impl Agreement {
    fn mean(of: &[Self]) -> Self {
        let mean = |f: fn(&Self) -> f64| of.iter().map(f).sum::<f64>() / count(of.len());
        Self { kappa: mean(|a| a.kappa), exact: mean(|a| a.exact), spearman: mean(|a| a.spearman) }
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
    let search = Search { names: &names, present: &present, fixed, faults: names.faults(&present) };
    let all: Vec<&Item> = items.iter().collect();
    let classes: Vec<u8> = items.iter().map(|i| i.want).collect();
    let split: Vec<Vec<usize>> = (0..REPEATS).map(|r| random::folds(&classes, folds, SEED + r)).collect();
    // A job is a fold to leave out; the last one leaves out none.
    let jobs = split.iter().flat_map(|fold| (0..folds).map(move |out| Some((fold, out)))).chain([None]);
    let mut found: Vec<Values> = jobs
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|job| {
            let left_out = |at: usize| job.is_some_and(|(fold, out)| fold[at] == out);
            let train: Vec<&Item> = items.iter().enumerate().filter(|(at, _)| !left_out(*at)).map(|(_, i)| i).collect();
            search.run(&train)
        })
        .collect();
    let proposed = found.pop().unwrap_or_else(|| present.clone());
    let judge = |item: &Item, values: &[i32]| {
        let score = item.score(&fixed, values);
        (item.want, band(&fixed, values, score), score)
    };
    let with = |values: &[i32]| Agreement::of(&all.iter().map(|i| judge(i, values)).collect::<Vec<_>>());
    let crossed = split.iter().zip(found.chunks_exact(folds)).map(|(fold, found)| {
        Agreement::of(&items.iter().zip(fold).map(|(i, f)| judge(i, &found[*f])).collect::<Vec<_>>())
    });
    let crossed = Agreement::mean(&crossed.collect::<Vec<_>>());
    Ok(Fit {
        answers: items.len(),
        folds,
        before: with(&present),
        after: with(&proposed),
        crossed,
        names,
        present,
        proposed,
    })
}

/// A search for better weights.
struct Search<'a> {
    names: &'a Names,
    present: &'a [i32],
    fixed: Fixed,
    /// What the present weights have against sense: proposals have no more.
    faults: Vec<bool>,
}

impl Search<'_> {
    /// Climbs from the present weights, then from their neighbourhood, and returns the best found.
    fn run(&self, items: &[&Item]) -> Values {
        let mut best = self.climb(self.present.to_vec(), items);
        let mut goal = self.goal(&best, items);
        for restart in 0..RESTARTS {
            let from = self.stir(&best, &mut Random::new(SEED ^ (restart + 1)));
            let values = self.climb(from, items);
            let reached = self.goal(&values, items);
            if better(reached, goal) {
                (best, goal) = (values, reached);
            }
        }
        best
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

    /// Whether these weights go against sense nowhere but where the present ones do.
    fn sound(&self, values: &[i32]) -> bool {
        self.names.faults(values).iter().zip(&self.faults).all(|(now, before)| !now || *before)
    }

    /// Sane weights that differ from these in one, and in what goes with it.
    fn moves(&self, values: &Values, at: usize, step: i32) -> Vec<Values> {
        let keys = self.names.keys();
        let mut all = Vec::new();
        let mut put = |next: Values| {
            if next != *values && self.sound(&next) {
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

    /// What is to be raised: Lin's concordance (1989) of the band that readers gave and the place
    /// of the score on the scale of bands, which is weighted kappa for numbers that are not whole,
    /// less a price for every point by which a weight leaves its present value. Then exact
    /// agreement. (Kappa of whole bands as the goal gives weights that do no better on answers
    /// left out, and are farther from the present ones.)
    fn goal(&self, values: &[i32], items: &[&Item]) -> (f64, f64) {
        let (mut n, mut x, mut y, mut xx, mut yy, mut xy, mut equal) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for item in items {
            let score = item.score(&self.fixed, values);
            equal += f64::from(u8::from(item.want == band(&self.fixed, values, score)));
            let (a, b) = (f64::from(item.want), place(&self.fixed, values, score));
            n += 1.0;
            x += a;
            y += b;
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }
        let apart = (xx + yy - 2.0 * xy) / n;
        let by_chance = (xx - x * x / n) / n + (yy - y * y / n) / n + ((x - y) / n).powi(2);
        let concordance = if by_chance > 0.0 { 1.0 - apart / by_chance } else { 0.0 };
        let moved: i32 = values.iter().zip(self.present).map(|(a, b)| (a - b).abs().min(FAR)).sum();
        (concordance - PRICE * f64::from(moved), equal / n)
    }
}

/// The place of a score on the scale of bands: half a band below a band's threshold to half a
/// band above, in proportion.
fn place(at: &Fixed, values: &[i32], score: i32) -> f64 {
    let [two, three, four, five] = at.bands().map(|b| values[b]);
    let edges = [0, two, three, four, five, (2 * five - four).min(1000).max(five + 1)];
    let band = usize::from(band(at, values, score));
    let (low, high) = (edges[band - 1], edges[band]);
    let share = f64::from(score - low) / f64::from((high - low).max(1));
    f64::from(u8::try_from(band).unwrap_or(1)) - 0.5 + share.clamp(0.0, 1.0)
}

/// Whether weights that reach `a` are worth leaving those that reach `b` for.
fn better(a: (f64, f64), b: (f64, f64)) -> bool {
    if (a.0 - b.0).abs() > 1e-9 { a.0 > b.0 + HAIR } else { a.1 > b.1 }
}
