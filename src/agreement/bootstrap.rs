//! How sure a figure is: the bootstrap (Efron 1979), percentile intervals of 95 % (Efron and
//! Tibshirani 1993, chapter 13).
//!
//! Answers are drawn with replacement, whole answers with all that belongs to them, because what
//! is found in one answer hangs together. The interval says how the figure would vary over other
//! samples of such answers; it knows nothing of answers of another sort, nor of the labels' own
//! faults.

use super::figures::Table;
use super::random::Random;
use rayon::prelude::*;

/// Samples that are drawn: the ends of an interval are good to about a hundredth.
pub(crate) const DRAWS: u64 = 1000;

/// The share of samples beyond each end of an interval.
const TAIL: f64 = 0.025;

/// The seed of the draws: any would do, but it must stay.
const SEED: u64 = 1979;

/// The interval of each figure of a table, in the order of its names; `None` where a figure cannot
/// be counted.
pub(crate) fn intervals(table: &Table) -> Vec<Option<[f64; 2]>> {
    let n = table.len();
    let drawn: Vec<Vec<f64>> = (0..DRAWS)
        .into_par_iter()
        .map(|draw| {
            // Each draw has its own stream: the threads cannot change what comes out.
            let mut random = Random::new(Random::new(SEED ^ (draw << 32)).next());
            let sample: Vec<usize> = (0..n).map(|_| random.below(n)).collect();
            table.figures(&sample)
        })
        .collect();
    (0..table.names().len()).map(|figure| interval(drawn.iter().map(|d| d[figure]).collect())).collect()
}

/// The middle 95 % of the values, those that could be counted.
fn interval(mut values: Vec<f64>) -> Option<[f64; 2]> {
    values.retain(|v| !v.is_nan());
    values.sort_by(f64::total_cmp);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place")]
    let beyond = (TAIL * values.len() as f64) as usize;
    let last = values.len().checked_sub(1 + beyond)?;
    Some([values[beyond], values[last]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_leaves_out_the_tails_and_what_was_not_counted() {
        let values = (0..1000).map(f64::from).chain([f64::NAN]).collect();
        assert_eq!(interval(values), Some([25.0, 974.0]));
        assert_eq!(interval(vec![f64::NAN]), None);
    }
}
