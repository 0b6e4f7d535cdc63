//! Chance that comes out the same everywhere.

/// `SplitMix64` (Steele, Lea and Flood 2014): small, fast, and good enough to draw samples with.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The generator with this seed; neighbouring seeds give unrelated draws.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0. (The bias of the multiplication is below 2⁻⁴⁰ for
    /// any set of answers that fits a disk.)
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Puts a list into a random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// The fold of each of several items, 0 to `folds - 1`: items of one class are spread evenly.
pub(crate) fn folds(classes: &[u8], folds: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    Random::new(seed).shuffle(&mut order);
    order.sort_by_key(|at| classes[*at]);
    let mut fold = vec![0; classes.len()];
    for (place, at) in order.into_iter().enumerate() {
        fold[at] = place % folds;
    }
    fold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_reference_implementation() {
        let mut random = Random::new(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn folds_are_of_one_size_and_each_has_its_share_of_every_class() {
        let classes: Vec<u8> = (0..100).map(|i| u8::from(i % 4 == 0)).collect();
        let fold = folds(&classes, 5, 7);
        for f in 0..5 {
            let of_fold: Vec<u8> = classes.iter().zip(&fold).filter(|(_, g)| **g == f).map(|(c, _)| *c).collect();
            assert_eq!((of_fold.len(), of_fold.iter().filter(|c| **c == 1).count()), (20, 5));
        }
    }
}
