//! Which words are of which sets.

use super::pattern::{SetId, number};
use crate::text::language::Traits;
use crate::text::rows::{Items, Row, fixed};
use crate::text::vocabulary::{Vocabulary, WordId};
use serde::{Deserialize, Serialize};

/// What a number is looked up by among others. Keys are spread evenly over all numbers (Fibonacci hashing), each
/// of one number: among sorted ones, the place of a key is told by its size.
pub(super) const fn key(number: u32) -> u32 {
    number.wrapping_mul(SPREAD)
}

/// The number of a [`key`].
const fn of_key(key: u32) -> u32 {
    key.wrapping_mul(GATHER)
}

/// The keys of some numbers, sorted.
fn keys(numbers: &[u32]) -> Vec<u32> {
    let mut keys: Vec<u32> = numbers.iter().map(|number| key(*number)).collect();
    keys.sort_unstable();
    keys
}

/// 2^32 through the golden ratio, as an odd number.
const SPREAD: u32 = 0x9e37_79b1;

/// What undoes [`SPREAD`]: their product is 1 modulo 2^32.
const GATHER: u32 = 0x0e8b_2f51;

const _: () = assert!(SPREAD.wrapping_mul(GATHER) == 1);

/// Where the first of some sorted keys stands that is not smaller: about where its size says.
#[inline]
pub(super) fn place_of(key: u32, count: usize, at: impl Fn(usize) -> u32) -> usize {
    #[allow(clippy::cast_possible_truncation, reason = "it is at most the count")]
    let mut place = ((u64::from(key) * count as u64) >> u32::BITS) as usize;
    while place > 0 && at(place - 1) >= key {
        place -= 1;
    }
    while place < count && at(place) < key {
        place += 1;
    }
    place
}

/// Whether a key is among sorted ones.
#[inline]
fn has_key(keys: Items<'_, u32>, key: u32) -> bool {
    let at = place_of(key, keys.len(), |at| keys.at(at));
    at < keys.len() && keys.at(at) == key
}

/// Sets of words, by number.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Sets {
    /// The keys of the words of each, sorted.
    keys: Rows,
}

impl Sets {
    pub(super) fn of<'a>(sets: impl Iterator<Item = &'a [WordId]>) -> Self {
        Self { keys: Rows::of(sets.map(keys)) }
    }

    /// The words of a set, in no order.
    pub(crate) fn words(&self, set: SetId) -> impl ExactSizeIterator<Item = WordId> {
        self.keys.row(set as usize).iter().map(of_key)
    }

    /// Whether a word is of a set.
    #[inline]
    pub(super) fn has(&self, set: SetId, word: WordId) -> bool {
        has_key(self.keys.row(set as usize), key(word))
    }
}

/// A bit for each of some common words, of which sets know which of them are in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Common {
    bits: [u64; 4],
}

fixed!(Common { bits: [u64; 4] });

impl Common {
    /// None of them.
    pub(super) const NONE: Self = Self { bits: [0; 4] };
    /// How many there are: more make the sets larger, fewer leave words in very many sets.
    const COUNT: u8 = 255;

    /// One of them, by its number; none at [`Self::COUNT`].
    #[inline]
    fn one(number: u8) -> Self {
        let mut one = Self::NONE;
        if number != Self::COUNT {
            one.bits[usize::from(number / 64)] = 1 << (number % 64);
        }
        one
    }

    /// Those of either.
    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        Self { bits: std::array::from_fn(|at| self.bits[at] | other.bits[at]) }
    }

    /// Whether the two share one.
    #[inline]
    pub(super) fn any(self, other: Self) -> bool {
        self.bits.iter().zip(other.bits).fold(0, |all, (a, b)| all | a & b) != 0
    }
}

/// In which of the sets that are asked for a word is: a glance.
#[derive(Debug, Clone, Copy)]
struct Glance {
    /// The number of a common word.
    common: u8,
    /// The bits of the sets that any other is in.
    sets: u64,
}

fixed!(Glance { common: u8, sets: u64 });

/// The sets with a word that are asked for.
#[derive(Clone, Copy)]
pub(super) struct SetsOf<'a> {
    /// The word itself, where it is a common one.
    pub(super) common: Common,
    /// The bits of its sets.
    bits: u64,
    /// The keys of their numbers, sorted; none for a common word.
    keys: Items<'a, u32>,
}

impl SetsOf<'_> {
    /// The bit of a set, by its key: one of 64.
    const fn bit(key: u32) -> u64 {
        1 << (key >> (u32::BITS - u64::BITS.ilog2()))
    }

    /// Whether a set is one of them.
    #[inline]
    pub(super) fn has(&self, set: u32) -> bool {
        let key = key(set);
        self.bits & Self::bit(key) != 0 && has_key(self.keys, key)
    }

    /// Their numbers, in no order.
    #[cfg(test)]
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.keys.iter().map(of_key)
    }
}

/// The sets that are asked for near a place: there are many of them, and they are asked for at every turn.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct AskedSets {
    /// By word: the keys of the sets with it, sorted; none for a common word.
    by_word: Rows,
    /// By word.
    glances: Row<Glance>,
    /// By set: the common words in it.
    common: Row<Common>,
}

impl AskedSets {
    /// Sets by number, each with its words.
    pub(super) fn of(sets: &[&[WordId]], vocabulary: &Vocabulary) -> Self {
        let mut asked: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
        for (number, words) in (0..).zip(sets) {
            for word in *words {
                asked[*word as usize].push(number);
            }
        }
        // Those that stand in every answer, and then those that are in most sets.
        let rank = |(word, sets): (WordId, &Vec<u32>)| {
            let traits = vocabulary.traits_of(word);
            (traits.any(Traits::COMMONEST), traits.any(Traits::COMMON), sets.len(), word)
        };
        let mut words: Vec<_> = (0..).zip(&asked).map(rank).collect();
        words.sort_unstable_by(|a, b| b.cmp(a));
        let mut glances = vec![Glance { common: Common::COUNT, sets: 0 }; vocabulary.len()];
        let mut common_in = vec![Common::NONE; sets.len()];
        for (at, (.., word)) in (0..Common::COUNT).zip(&words) {
            glances[*word as usize].common = at;
            for set in std::mem::take(&mut asked[*word as usize]) {
                let common = &mut common_in[set as usize];
                *common = common.or(Common::one(at));
            }
        }
        for (sets, glance) in asked.iter().zip(&mut glances) {
            glance.sets = sets.iter().fold(0, |bits, set| bits | SetsOf::bit(key(*set)));
        }
        Self {
            by_word: Rows::of(asked.iter().map(|sets| keys(sets))),
            glances: glances.into_iter().collect(),
            common: common_in.into_iter().collect(),
        }
    }

    /// The sets with this word; of a common word, none.
    #[inline]
    pub(super) fn with(&self, word: WordId) -> SetsOf<'_> {
        let Glance { common, sets } = self.glances.at(word as usize);
        SetsOf { common: Common::one(common), bits: sets, keys: self.by_word.row(word as usize) }
    }

    /// The common words in a set.
    #[inline]
    pub(super) fn common_in(&self, set: u32) -> Common {
        self.common.at(set as usize)
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> u32 {
        number(self.common.len())
    }
}

/// Rows of numbers, end to end.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Rows {
    starts: Row<u32>,
    items: Row<u32>,
}

impl Rows {
    /// Some rows.
    fn of(rows: impl Iterator<Item = Vec<u32>>) -> Self {
        let mut all = Self { starts: std::iter::once(0).collect(), items: Row::default() };
        for row in rows {
            all.items.extend(row);
            all.starts.push(&number(all.items.len()));
        }
        all
    }

    /// One of them.
    #[inline]
    fn row(&self, at: usize) -> Items<'_, u32> {
        self.items.range(self.starts.at(at) as usize..self.starts.at(at + 1) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_words_and_no_others() {
        // Neighbours, a handful far apart, and one that is a step of the spread: keys side by side.
        let sets: [Vec<WordId>; 4] =
            [(40..300).collect(), vec![1, 7, 90_000], (1..50).map(|n| n * 6_765).collect(), Vec::new()];
        let packed = Sets::of(sets.iter().map(Vec::as_slice));
        for (number, words) in (0..).zip(&sets) {
            let mut back: Vec<WordId> = packed.words(number).collect();
            back.sort_unstable();
            assert_eq!(&back, words);
            for word in (0..400).chain([6_764, 6_765, 13_530, 90_000, u32::MAX]) {
                assert_eq!(packed.has(number, word), words.contains(&word), "set {number}, word {word}");
            }
        }
    }
}
