//! The measures of agreement, each as its authors define it.

/// Shares of ratings that agree in their own right: counts of pairs by (first, second) rating.
pub(crate) type Confusion<const N: usize> = [[u32; N]; N];

/// Weighted kappa (Cohen 1968) with quadratic weights: 1 is full agreement, 0 what chance with
/// the same marginals gives; a disagreement by two steps counts four times one by a single step.
/// Where both raters gave one and the same rating throughout it is 1; without pairs it is NaN.
pub(crate) fn weighted_kappa<const N: usize>(pairs: &Confusion<N>) -> f64 {
    let all: u32 = pairs.iter().flatten().sum();
    if all == 0 {
        return f64::NAN;
    }
    let rows: [u32; N] = std::array::from_fn(|i| pairs[i].iter().sum());
    let columns: [u32; N] = std::array::from_fn(|j| pairs.iter().map(|row| row[j]).sum());
    let (mut seen, mut by_chance) = (0.0, 0.0);
    for i in 0..N {
        for j in 0..N {
            let apart = f64::from(u32::try_from(i.abs_diff(j)).unwrap_or(0));
            seen += apart * apart * f64::from(pairs[i][j]);
            by_chance += apart * apart * f64::from(rows[i]) * f64::from(columns[j]) / f64::from(all);
        }
    }
    if by_chance > 0.0 { 1.0 - seen / by_chance } else { 1.0 }
}

/// Spearman's rank correlation (1904): Pearson's of the ranks, ties at their mean rank; 0 where
/// one side does not vary.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> f64 {
    pearson(&ranks(a), &ranks(b))
}

/// The rank of each value, from 0; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let alike = order[from..].iter().take_while(|at| values[**at].total_cmp(&values[order[from]]).is_eq()).count();
        let mean = (count(from) + count(from + alike - 1)) / 2.0;
        for at in &order[from..from + alike] {
            ranks[*at] = mean;
        }
        from += alike;
    }
    ranks
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let n = count(a.len());
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let variance = |v: &[f64], mean: f64| v.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
    let (var_a, var_b) = (variance(a, mean_a), variance(b, mean_b));
    if a.is_empty() || var_a <= 0.0 || var_b <= 0.0 {
        return if a.is_empty() { f64::NAN } else { 0.0 };
    }
    a.iter().zip(b).map(|(x, y)| (x - mean_a) * (y - mean_b)).sum::<f64>() / (var_a * var_b).sqrt()
}

/// How often an id was found rightly, found wrongly, and missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hits {
    /// Found and labelled.
    pub(crate) right: u32,
    /// Found and not labelled.
    pub(crate) wrong: u32,
    /// Labelled and not found.
    pub(crate) missed: u32,
}

impl Hits {
    /// The share of findings that are right; 0 where there are none.
    pub(crate) fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// The share of labels that are found; 0 where there are none.
    pub(crate) fn recall(self) -> f64 {
        share(self.right, self.labelled())
    }

    /// The harmonic mean of precision and recall (van Rijsbergen 1979).
    pub(crate) fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }

    /// How often it is labelled.
    pub(crate) const fn labelled(self) -> u32 {
        self.right + self.missed
    }

    /// Both together.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self { right: self.right + other.right, wrong: self.wrong + other.wrong, missed: self.missed + other.missed }
    }
}

/// A part of a whole; 0 of nothing.
pub(crate) fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// A count as a number to calculate with.
#[allow(clippy::cast_precision_loss, reason = "counts of answers and words are far below 2^52")]
pub(crate) const fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn kappa_is_one_for_twins_nothing_for_chance_and_forgives_neighbours() {
        assert!(near(weighted_kappa(&[[3, 0], [0, 4]]), 1.0));
        assert!(near(weighted_kappa(&[[2, 2], [2, 2]]), 0.0));
        assert!(near(weighted_kappa(&[[0, 2], [2, 0]]), -1.0));
        let neighbours = weighted_kappa(&[[5, 1, 0], [0, 5, 1], [0, 0, 5]]);
        let strangers = weighted_kappa(&[[5, 0, 1], [0, 5, 0], [1, 0, 5]]);
        assert!(neighbours > strangers);
        assert!(near(weighted_kappa(&[[7, 0], [0, 0]]), 1.0));
        assert!(weighted_kappa(&[[0; 3]; 3]).is_nan());
    }

    #[test]
    fn ranks_share_their_mean_and_order_is_all_that_counts() {
        assert_eq!(ranks(&[10.0, 30.0, 10.0, 20.0]), [0.5, 3.0, 0.5, 2.0]);
        assert!(near(spearman(&[1.0, 2.0, 3.0], &[10.0, 200.0, 3000.0]), 1.0));
        assert!(near(spearman(&[1.0, 2.0, 3.0], &[5.0, 4.0, 3.0]), -1.0));
        assert!(near(spearman(&[1.0, 2.0], &[4.0, 4.0]), 0.0));
    }

    #[test]
    fn precision_and_recall_meet_in_f1() {
        let hits = Hits { right: 6, wrong: 2, missed: 6 };
        assert!(near(hits.precision(), 0.75) && near(hits.recall(), 0.5) && near(hits.f1(), 0.6));
        assert!(near(Hits::default().f1(), 0.0));
    }
}
