//! The words that a rubric and its language know, by number.

use super::language::{Language, Respell, Traits};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Number of a word; 0 is every word that nobody named.
pub(crate) type WordId = u32;

/// The word that nobody named.
pub(crate) const UNKNOWN: WordId = 0;

/// A fast hasher for short words (FNV-1a, 64 bits).
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        let mut hash = if self.0 == 0 { 0xcbf2_9ce4_8422_2325 } else { self.0 };
        for b in bytes {
            hash = (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A map with the fast hasher: its order is never looked at.
pub(crate) type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// Words by number, with what each does in a sentence.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Vocabulary {
    ids: FastMap<Box<str>, WordId>,
    traits: Vec<Traits>,
    joined: FastMap<Box<str>, Vec<usize>>,
    respell: Vec<Respell>,
    suffixes: Vec<(String, Traits)>,
    abbreviations: Vec<WordId>,
}

impl Vocabulary {
    /// The words of a language.
    pub(crate) fn of(language: &Language) -> Self {
        let mut vocabulary = Self {
            ids: FastMap::default(),
            traits: vec![Traits::NONE],
            joined: language.joined.iter().map(|(k, v)| (k.as_str().into(), v.clone())).collect(),
            respell: language.respell.clone(),
            suffixes: language.suffixes.clone(),
            abbreviations: Vec::new(),
        };
        for (word, traits) in &language.words {
            if !language.alias.contains_key(word) {
                let id = vocabulary.add(word);
                vocabulary.traits[id as usize] = *traits;
            }
        }
        for (word, meant) in &language.alias {
            let id = vocabulary.add(meant);
            vocabulary.ids.insert(word.as_str().into(), id);
        }
        for word in &language.abbreviations {
            let id = vocabulary.add(word);
            vocabulary.abbreviations.push(id);
        }
        vocabulary
    }

    /// The number of a lower-case word, given one where it has none.
    pub(crate) fn add(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = WordId::try_from(self.traits.len()).unwrap_or(UNKNOWN);
        let traits = self.by_suffix(word);
        self.traits.push(traits);
        self.ids.insert(word.into(), id);
        id
    }

    /// How many numbers are in use, [`UNKNOWN`] among them.
    pub(crate) fn len(&self) -> usize {
        self.traits.len()
    }

    /// The number of a lower-case word, by another spelling where that is known.
    pub(crate) fn find(&self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        for r in &self.respell {
            // One change a word, wherever it fits: "organized", "behavior", "canceled".
            for (at, _) in word.match_indices(r.from.as_str()) {
                if at == 0 {
                    continue;
                }
                let respelled = format!("{}{}{}", &word[..at], r.to, &word[at + r.from.len()..]);
                if let Some(id) = self.ids.get(respelled.as_str()) {
                    return *id;
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

    fn by_suffix(&self, word: &str) -> Traits {
        self.suffixes
            .iter()
            .find(|(s, _)| word.len() > s.len() + 2 && word.ends_with(s.as_str()))
            .map_or(Traits::NONE, |(_, t)| *t)
    }
}
