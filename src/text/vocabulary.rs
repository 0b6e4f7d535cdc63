//! The words that a rubric and its language know, by number.

use super::language::{Language, Respell, Traits};
use super::numbers;
use crate::fnv;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Number of a word; 0 is every word that nobody named.
pub(crate) type WordId = u32;

/// The word that nobody named.
pub(crate) const UNKNOWN: WordId = 0;

/// Words with a number each: letters end to end, found by a table of hashes. It is packed and
/// read back as it is.
#[derive(Debug, Serialize, Deserialize)]
struct Words {
    letters: String,
    /// Where each word ends in `letters`.
    #[serde(with = "numbers")]
    ends: Vec<u32>,
    /// The number of each word.
    #[serde(with = "numbers")]
    ids: Vec<WordId>,
    /// Hash table: place in `ends` plus one; 0 is free. Its size is a power of two.
    #[serde(with = "numbers")]
    slots: Vec<u32>,
}

impl Words {
    fn new() -> Self {
        Self { letters: String::new(), ends: Vec::new(), ids: Vec::new(), slots: vec![0; 64] }
    }

    fn word(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.letters[from..self.ends[at] as usize]
    }

    /// The slot that holds a word, or the free one where it belongs.
    fn slot(&self, word: &str) -> usize {
        let hash = fnv::fnv(fnv::EMPTY, word.as_bytes());
        let mask = self.slots.len() - 1;
        #[allow(clippy::cast_possible_truncation, reason = "only the low bits choose the slot")]
        let mut at = (hash ^ (hash >> 32)) as usize & mask;
        while self.slots[at] != 0 && self.word(self.slots[at] as usize - 1) != word {
            at = (at + 1) & mask;
        }
        at
    }

    fn get(&self, word: &str) -> Option<WordId> {
        match self.slots[self.slot(word)] {
            0 => None,
            taken => Some(self.ids[taken as usize - 1]),
        }
    }

    fn insert(&mut self, word: &str, id: WordId) {
        let slot = self.slot(word);
        if self.slots[slot] != 0 {
            self.ids[self.slots[slot] as usize - 1] = id;
            return;
        }
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.letters.push_str(word);
        self.ends.push(narrow(self.letters.len()));
        self.ids.push(id);
        self.slots[slot] = narrow(self.ids.len());
        // At most half full, so that a search ends soon.
        if 2 * self.ids.len() > self.slots.len() {
            self.slots = vec![0; 2 * self.slots.len()];
            for at in 0..self.ids.len() {
                let slot = self.slot(self.word(at));
                self.slots[slot] = narrow(at + 1);
            }
        }
    }
}

/// Words by number, with what each does in a sentence.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Vocabulary {
    ids: Words,
    traits: Vec<Traits>,
    joined: HashMap<Box<str>, Vec<usize>>,
    respell: Vec<Respell>,
    suffixes: Vec<(String, Traits)>,
    abbreviations: Vec<WordId>,
    /// Words that cannot follow each other, both sorted.
    tangles: Vec<(Vec<WordId>, Vec<WordId>)>,
}

impl Vocabulary {
    /// The words of a language.
    pub(crate) fn of(language: &Language) -> Self {
        let mut vocabulary = Self {
            ids: Words::new(),
            traits: vec![Traits::NONE],
            joined: language.joined.iter().map(|(k, v)| (k.as_str().into(), v.clone())).collect(),
            respell: language.respell.clone(),
            suffixes: language.suffixes.clone(),
            abbreviations: Vec::new(),
            tangles: Vec::new(),
        };
        for (word, traits) in &language.words {
            if !language.alias.contains_key(word) {
                let id = vocabulary.add(word);
                vocabulary.traits[id as usize] = *traits;
            }
        }
        for (word, meant) in &language.alias {
            let id = vocabulary.add(meant);
            vocabulary.ids.insert(word, id);
        }
        for word in &language.abbreviations {
            let id = vocabulary.add(word);
            vocabulary.abbreviations.push(id);
        }
        for tangle in &language.tangles {
            let mut sorted = |words: &[String]| {
                let mut ids: Vec<WordId> = words.iter().map(|w| vocabulary.add(w)).collect();
                ids.sort_unstable();
                ids
            };
            let pair = (sorted(&tangle.first), sorted(&tangle.then));
            vocabulary.tangles.push(pair);
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
        self.traits.push(traits);
        self.ids.insert(word, id);
        id
    }

    /// Every written word with its number, in no order.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, WordId)> {
        (0..self.ids.ids.len()).map(|at| (self.ids.word(at), self.ids.ids[at]))
    }

    /// How many numbers are in use, [`UNKNOWN`] among them.
    pub(crate) fn len(&self) -> usize {
        self.traits.len()
    }

    /// The number of a lower-case word, by another spelling where that is known.
    pub(crate) fn find(&self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return id;
        }
        for r in &self.respell {
            // One change a word, wherever it fits: "organized", "behavior", "canceled".
            for (at, _) in word.match_indices(r.from.as_str()) {
                if at == 0 {
                    continue;
                }
                let respelled = format!("{}{}{}", &word[..at], r.to, &word[at + r.from.len()..]);
                if let Some(id) = self.ids.get(&respelled) {
                    return id;
                }
            }
        }
        UNKNOWN
    }

    /// The byte lengths of the pieces of a word that is written in one: "didnt".
    pub(crate) fn pieces(&self, word: &str) -> Option<&[usize]> {
        self.joined.get(word).map(Vec::as_slice)
    }

    /// What a word does; for an unknown one, what its ending tells.
    pub(crate) fn traits(&self, id: WordId, word: &str) -> Traits {
        if id == UNKNOWN { self.by_suffix(word) } else { self.traits[id as usize] }
    }

    /// What a known word does.
    pub(crate) fn traits_of(&self, id: WordId) -> Traits {
        self.traits[id as usize]
    }

    /// Whether a full stop may follow the word within a sentence.
    pub(crate) fn is_abbreviation(&self, id: WordId) -> bool {
        id != UNKNOWN && self.abbreviations.contains(&id)
    }

    /// Whether the second word cannot follow the first.
    pub(crate) fn tangles(&self, first: WordId, then: WordId) -> bool {
        self.tangles.iter().any(|(a, b)| a.binary_search(&first).is_ok() && b.binary_search(&then).is_ok())
    }

    fn by_suffix(&self, word: &str) -> Traits {
        self.suffixes
            .iter()
            .find(|(s, _)| word.len() > s.len() + 2 && word.ends_with(s.as_str()))
            .map_or(Traits::NONE, |(_, t)| *t)
    }
}
