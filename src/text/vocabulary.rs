//! The words that a rubric and its language know, by number.

use super::language::{Language, Respell, Traits};
use super::rows::Row;
use crate::fnv;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Number of a word; 0 is every word that nobody named.
pub(crate) type WordId = u32;

/// The word that nobody named.
pub(crate) const UNKNOWN: WordId = 0;

/// Words with a number each: letters end to end, found by a table of hashes. It is packed and
/// read back as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Words {
    letters: String,
    /// Where each word ends in `letters`.
    ends: Row<u32>,
    /// The number of each word; [`UNKNOWN`] where it is only written in one piece and read as several.
    ids: Row<WordId>,
    /// What each word is read as, if it is several: place in [`Vocabulary::pieces`] plus one.
    joined: Row<u32>,
    /// Hash table: place in `ends` plus one; 0 is free. Its size is a power of two.
    slots: Row<u32>,
}

impl Words {
    fn new() -> Self {
        Self {
            letters: String::new(),
            ends: Row::default(),
            ids: Row::default(),
            joined: Row::default(),
            slots: free(64),
        }
    }

    fn word(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends.at(at - 1) as usize };
        &self.letters[from..self.ends.at(at) as usize]
    }

    /// The slot that holds a word with this hash, or the free one where it belongs.
    fn slot(&self, hash: u64, is: impl Fn(&str) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        #[allow(clippy::cast_possible_truncation, reason = "only the low bits choose the slot")]
        let mut at = (hash ^ (hash >> 32)) as usize & mask;
        loop {
            match self.slots.at(at) {
                0 => return at,
                taken if is(self.word(taken as usize - 1)) => return at,
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The place of a word with this hash.
    fn place(&self, hash: u64, is: impl Fn(&str) -> bool) -> Option<usize> {
        (self.slots.at(self.slot(hash, is)) as usize).checked_sub(1)
    }

    fn number(&self, place: Option<usize>) -> Option<WordId> {
        place.map(|at| self.ids.at(at)).filter(|id| *id != UNKNOWN)
    }

    fn get(&self, word: &str) -> Option<WordId> {
        self.number(self.place(hash(word), |w| w == word))
    }

    /// The number of the word that these parts make.
    fn get_parts(&self, [a, b, c]: [&str; 3]) -> Option<WordId> {
        let hash = [a, b, c].iter().fold(fnv::EMPTY, |hash, part| fnv::fnv(hash, part.as_bytes()));
        let is = |w: &str| w.strip_prefix(a).and_then(|w| w.strip_prefix(b)) == Some(c);
        self.number(self.place(hash, is))
    }

    /// The place of a word, which is added where it is new.
    fn entry(&mut self, word: &str) -> usize {
        let slot = self.slot(hash(word), |w| w == word);
        if let Some(at) = (self.slots.at(slot) as usize).checked_sub(1) {
            return at;
        }
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.letters.push_str(word);
        self.ends.push(&narrow(self.letters.len()));
        self.ids.push(&UNKNOWN);
        self.joined.push(&0);
        self.slots.set(slot, &narrow(self.ids.len()));
        // At most half full, so that a search ends soon.
        if 2 * self.ids.len() > self.slots.len() {
            self.slots = free(2 * self.slots.len());
            for at in 0..self.ids.len() {
                let slot = self.slot(hash(self.word(at)), |_| false);
                self.slots.set(slot, &narrow(at + 1));
            }
        }
        self.ids.len() - 1
    }

    fn insert(&mut self, word: &str, id: WordId) {
        let at = self.entry(word);
        self.ids.set(at, &id);
    }
}

/// A table with so many free slots.
fn free(slots: usize) -> Row<u32> {
    std::iter::repeat_n(0, slots).collect()
}

/// The hash by which words are found: that of their bytes, in lower case.
pub(crate) fn hash(word: &str) -> u64 {
    fnv::fnv(fnv::EMPTY, word.as_bytes())
}

/// A word of a text as it was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found(Option<usize>);

/// Words by number, with what each does in a sentence.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Vocabulary {
    ids: Words,
    traits: Row<Traits>,
    /// Byte lengths of the pieces of words that are written in one.
    pieces: Vec<Vec<usize>>,
    respell: Vec<Respell>,
    suffixes: Vec<(String, Traits)>,
    abbreviations: Vec<WordId>,
    /// Words that cannot follow each other, by word: a bit for each pair of groups whose first, and
    /// whose second one it belongs to.
    tangles_first: Row<u32>,
    tangles_then: Row<u32>,
    /// What of them has no bit, both sorted.
    more_tangles: Vec<(Vec<WordId>, Vec<WordId>)>,
    /// The piece "'s", once it was asked for.
    #[serde(skip)]
    possessive: OnceLock<WordId>,
}

impl Vocabulary {
    /// The words of a language.
    pub(crate) fn of(language: &Language) -> Self {
        let mut vocabulary = Self {
            ids: Words::new(),
            traits: std::iter::once(Traits::NONE).collect(),
            pieces: Vec::new(),
            respell: language.respell.clone(),
            suffixes: language.suffixes.clone(),
            abbreviations: Vec::new(),
            tangles_first: Row::default(),
            tangles_then: Row::default(),
            more_tangles: Vec::new(),
            possessive: OnceLock::new(),
        };
        // In an order of their own, so that every build gives each word the same number.
        for (word, pieces) in language.joined.iter().collect::<BTreeMap<_, _>>() {
            let at = vocabulary.ids.entry(word);
            vocabulary.pieces.push(pieces.clone());
            vocabulary.ids.joined.set(at, &u32::try_from(vocabulary.pieces.len()).unwrap_or(0));
        }
        for (word, traits) in language.words.iter().collect::<BTreeMap<_, _>>() {
            if !language.alias.contains_key(word) {
                let id = vocabulary.add(word);
                vocabulary.traits.set(id as usize, traits);
            }
        }
        for (word, meant) in language.alias.iter().collect::<BTreeMap<_, _>>() {
            let id = vocabulary.add(meant);
            vocabulary.ids.insert(word, id);
        }
        for word in &language.abbreviations {
            let id = vocabulary.add(word);
            vocabulary.abbreviations.push(id);
        }
        for (n, tangle) in language.tangles.iter().enumerate() {
            let mut sorted = |words: &[String]| {
                let mut ids: Vec<WordId> = words.iter().map(|w| vocabulary.add(w)).collect();
                ids.sort_unstable();
                ids
            };
            let (first, then) = (sorted(&tangle.first), sorted(&tangle.then));
            let bit = u32::try_from(n).ok().and_then(|n| 1_u32.checked_shl(n));
            match bit {
                Some(bit) => {
                    mark(&mut vocabulary.tangles_first, &first, bit);
                    mark(&mut vocabulary.tangles_then, &then, bit);
                }
                None => vocabulary.more_tangles.push((first, then)),
            }
        }
        vocabulary
    }

    /// The number of a lower-case word, given one where it has none.
    pub(crate) fn add(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return id;
        }
        let id = WordId::try_from(self.traits.len()).unwrap_or(UNKNOWN);
        let traits = self.by_suffix(word);
        self.traits.push(&traits);
        self.ids.insert(word, id);
        id
    }

    /// Every written word with its number, in no order.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, WordId)> {
        let all = (0..self.ids.ids.len()).map(|at| (self.ids.word(at), self.ids.ids.at(at)));
        all.filter(|(_, id)| *id != UNKNOWN)
    }

    /// How many numbers are in use, [`UNKNOWN`] among them.
    pub(crate) fn len(&self) -> usize {
        self.traits.len()
    }

    /// The number of a lower-case word, by another spelling where that is known.
    pub(crate) fn find(&self, word: &str) -> WordId {
        self.ids.get(word).unwrap_or_else(|| self.respelled(word))
    }

    /// Looks a lower-case word up by its [`hash()`].
    pub(crate) fn look_up(&self, word: &str, hash: u64) -> Found {
        Found(self.ids.place(hash, |w| w == word))
    }

    /// The number of a word that was looked up, by another spelling where that is known.
    pub(crate) fn number(&self, found: Found, word: &str) -> WordId {
        self.ids.number(found.0).unwrap_or_else(|| self.respelled(word))
    }

    /// The byte lengths of the pieces of a word that was looked up.
    pub(crate) fn pieces_of(&self, found: Found) -> Option<&[usize]> {
        let at = (self.ids.joined.at(found.0?) as usize).checked_sub(1)?;
        Some(&self.pieces[at])
    }

    fn respelled(&self, word: &str) -> WordId {
        let bytes = word.as_bytes();
        for r in &self.respell {
            // One change a word, wherever it fits: "organized", "behavior", "canceled".
            let (from, length) = (r.from.as_bytes(), r.from.len());
            let Some(first) = from.first() else { continue };
            let mut at = 0;
            while at + length <= bytes.len() {
                if bytes[at] != *first || bytes[at..at + length] != *from {
                    at += 1;
                    continue;
                }
                if at > 0
                    && let Some(id) = self.ids.get_parts([&word[..at], &r.to, &word[at + length..]])
                {
                    return id;
                }
                at += length;
            }
        }
        UNKNOWN
    }

    /// The piece "'s".
    pub(crate) fn possessive(&self) -> WordId {
        *self.possessive.get_or_init(|| self.find("'s"))
    }

    /// The byte lengths of the pieces of a word that is written in one: "didnt".
    pub(crate) fn pieces(&self, word: &str) -> Option<&[usize]> {
        self.pieces_of(self.look_up(word, hash(word)))
    }

    /// What a word does; for an unknown one, what its ending tells.
    pub(crate) fn traits(&self, id: WordId, word: &str) -> Traits {
        if id == UNKNOWN { self.by_suffix(word) } else { self.traits.at(id as usize) }
    }

    /// What a known word does.
    pub(crate) fn traits_of(&self, id: WordId) -> Traits {
        self.traits.at(id as usize)
    }

    /// Whether a full stop may follow the word within a sentence.
    pub(crate) fn is_abbreviation(&self, id: WordId) -> bool {
        id != UNKNOWN && self.abbreviations.contains(&id)
    }

    /// Whether the second word cannot follow the first.
    pub(crate) fn tangles(&self, first: WordId, then: WordId) -> bool {
        let bits = |of: &Row<u32>, word: WordId| if (word as usize) < of.len() { of.at(word as usize) } else { 0 };
        bits(&self.tangles_first, first) & bits(&self.tangles_then, then) != 0
            || self.more_tangles.iter().any(|(a, b)| a.binary_search(&first).is_ok() && b.binary_search(&then).is_ok())
    }

    fn by_suffix(&self, word: &str) -> Traits {
        self.suffixes
            .iter()
            .find(|(s, _)| word.len() > s.len() + 2 && word.ends_with(s.as_str()))
            .map_or(Traits::NONE, |(_, t)| *t)
    }
}

/// Sets a bit for some words.
fn mark(of: &mut Row<u32>, words: &[WordId], bit: u32) {
    for word in words {
        let at = *word as usize;
        of.extend(std::iter::repeat_n(0, (at + 1).saturating_sub(of.len())));
        of.set(at, &(of.at(at) | bit));
    }
}
