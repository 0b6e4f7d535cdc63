//! What one gets for nothing: figures that a rubric must be far above.

use super::judge::Case;
use super::random;
use super::statistics::{Confusion, count, share, spearman, weighted_kappa};
use serde::Serialize;

/// The seed of the folds.
const SEED: u64 = 1904;

/// How well a way of giving bands agrees with the labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Baseline {
    /// What it does.
    pub(crate) name: &'static str,
    /// Weighted kappa.
    pub(crate) qwk: f64,
    /// Rank correlation; nothing where there is no order.
    pub(crate) spearman: Option<f64>,
    /// Mean distance in bands.
    pub(crate) mae: f64,
    /// Share of equal bands.
    pub(crate) exact: f64,
}

/// The baselines of these answers: the band that most have, and the number of words cut into bands
/// where that agrees best, on folds that the cuts have not seen.
pub(crate) fn baselines(cases: &[Case], folds: usize) -> Vec<Baseline> {
    let rated: Vec<(u8, usize)> =
        cases.iter().filter_map(|c| Some((c.gold.labels.overall?, c.assessment.metrics.words))).collect();
    if rated.len() < folds {
        return Vec::new();
    }
    let mut of_band = [0_u32; 5];
    for (want, _) in &rated {
        of_band[usize::from(*want) - 1] += 1;
    }
    let most = of_band.iter().enumerate().max_by_key(|(_, n)| **n).map_or(0, |(band, _)| band);
    let mut majority: Confusion<5> = [[0; 5]; 5];
    for (want, _) in &rated {
        majority[usize::from(*want) - 1][most] += 1;
    }

    let classes: Vec<u8> = rated.iter().map(|(want, _)| *want).collect();
    let fold = random::folds(&classes, folds, SEED);
    let mut by_words: Confusion<5> = [[0; 5]; 5];
    for out in 0..folds {
        let train: Vec<(u8, usize)> = rated.iter().zip(&fold).filter(|(_, f)| **f != out).map(|(r, _)| *r).collect();
        let cuts = best_cuts(&train);
        for ((want, words), _) in rated.iter().zip(&fold).filter(|(_, f)| **f == out) {
            by_words[usize::from(*want) - 1][place(&cuts, *words)] += 1;
        }
    }
    let want: Vec<f64> = rated.iter().map(|(want, _)| f64::from(*want)).collect();
    let words: Vec<f64> = rated.iter().map(|(_, words)| count(*words)).collect();
    vec![
        of("the most frequent band for all", &majority, None),
        of("number of words, cut into bands by folds", &by_words, Some(spearman(&want, &words))),
    ]
}

fn of(name: &'static str, pairs: &Confusion<5>, spearman: Option<f64>) -> Baseline {
    let all: u32 = pairs.iter().flatten().sum();
    let cells = || (0..5).flat_map(|i| (0..5).map(move |j| (i, j)));
    let apart: u32 = cells().map(|(i, j)| u32::try_from(usize::abs_diff(i, j)).unwrap_or(0) * pairs[i][j]).sum();
    let equal: u32 = (0..5).map(|i| pairs[i][i]).sum();
    Baseline { name, qwk: weighted_kappa(pairs), spearman, mae: share(apart, all), exact: share(equal, all) }
}

/// The band, from 0, of a number of words.
fn place(cuts: &[usize; 4], words: usize) -> usize {
    cuts.iter().filter(|cut| words >= **cut).count()
}

/// Cuts that agree best with the labels: from those that give each band its share, one cut at a
/// time is moved for as long as kappa rises.
fn best_cuts(train: &[(u8, usize)]) -> [usize; 4] {
    let mut words: Vec<usize> = train.iter().map(|(_, w)| *w).collect();
    words.sort_unstable();
    let mut cuts: [usize; 4] = std::array::from_fn(|cut| {
        let below = train.iter().filter(|(want, _)| usize::from(*want) <= cut + 1).count();
        words.get(below).copied().unwrap_or(usize::MAX)
    });
    words.dedup();
    let kappa = |cuts: &[usize; 4]| {
        let mut pairs: Confusion<5> = [[0; 5]; 5];
        for (want, words) in train {
            pairs[usize::from(*want) - 1][place(cuts, *words)] += 1;
        }
        weighted_kappa(&pairs)
    };
    let mut best = kappa(&cuts);
    let mut moved = true;
    while moved {
        moved = false;
        for at in 0..cuts.len() {
            for to in &words {
                let mut next = cuts;
                next[at] = *to;
                let reached = if next.is_sorted() { kappa(&next) } else { f64::NEG_INFINITY };
                if reached > best + 1e-12 {
                    (cuts, best, moved) = (next, reached, true);
                }
            }
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_find_the_bands_where_words_tell_them_exactly() {
        let train: Vec<(u8, usize)> = (0..50).map(|i| (u8::try_from(i / 10).unwrap() + 1, i * 3)).collect();
        let cuts = best_cuts(&train);
        assert!(train.iter().all(|(want, words)| place(&cuts, *words) + 1 == usize::from(*want)), "{cuts:?}");
    }
}
