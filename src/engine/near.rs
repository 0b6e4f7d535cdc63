//! What stands near a place in a sentence: words of sets, and how far away they are.

use super::matcher::is_light;
use super::phrases::{AskedOf, Phrases};
use crate::text::rows::Items;
use crate::text::{Text, Token};
use std::cell::Cell;
use std::ops::Range;

/// Where the words of each set that is asked for stand in a sentence.
///
/// A token in few sets has a bit in the row of each; one in many, as the commonest words are, keeps its own
/// row of bits: to set thousands for every "the" took longer than all else.
pub(super) struct Members<'a> {
    /// By set: a bit for each token that is in few sets. The last bit stands for all tokens from there on.
    places: Vec<u64>,
    /// Sets with a bit in `places`.
    present: Vec<u32>,
    /// The sets of tokens that are in many.
    common: Vec<Items<'a, u64>>,
    /// By token: how many of `common` are before it.
    before: Vec<usize>,
}

thread_local! {
    /// The `places` of the text before, all zero: to clear them takes longer than to read a sentence.
    static PLACES: Cell<Vec<u64>> = const { Cell::new(Vec::new()) };
}

impl<'a> Members<'a> {
    const LAST: usize = 63;

    pub(super) fn new(phrases: &Phrases) -> Self {
        let mut places = PLACES.take();
        places.resize(phrases.asked_sets().max(places.len()), 0);
        Self { places, present: Vec::new(), common: Vec::new(), before: Vec::new() }
    }

    /// Reads a sentence in place of the one before.
    pub(super) fn read(&mut self, phrases: &'a Phrases, sentence: &[Token]) {
        self.clear();
        for (at, token) in sentence.iter().enumerate() {
            self.before.push(self.common.len());
            match phrases.asked_of(token.word) {
                AskedOf::Many(sets) => self.common.push(sets),
                AskedOf::Few(sets) => {
                    for set in sets.iter() {
                        let places = &mut self.places[set as usize];
                        if *places == 0 {
                            self.present.push(set);
                        }
                        *places |= 1 << at.min(Self::LAST);
                    }
                }
            }
        }
        self.before.push(self.common.len());
    }

    fn clear(&mut self) {
        self.present.drain(..).for_each(|set| self.places[set as usize] = 0);
        self.common.clear();
        self.before.clear();
    }

    /// Whether one of these tokens of the sentence is of a set; from the last bit on, whether it may be.
    #[inline]
    pub(super) fn has(&self, set: u32, tokens: Range<usize>) -> bool {
        let from = |at: usize| u64::MAX << at.min(Self::LAST);
        let all = from(tokens.start);
        let wanted = if tokens.end > Self::LAST { all } else { all & !from(tokens.end) };
        let is_of = |sets: &Items<'_, u64>| sets.at((set / 64) as usize) & 1 << (set % 64) != 0;
        self.places[set as usize] & wanted != 0
            || self.common[self.before[tokens.start]..self.before[tokens.end]].iter().any(is_of)
    }
}

impl Drop for Members<'_> {
    fn drop(&mut self) {
        self.clear();
        PLACES.set(std::mem::take(&mut self.places));
    }
}

/// Words that no phrase steps over.
pub(super) struct Heavy {
    /// Their places.
    places: Vec<usize>,
    /// By token: how many there are before it.
    before: Vec<usize>,
}

impl Heavy {
    pub(super) fn of(text: &Text) -> Self {
        let mut places = Vec::with_capacity(text.tokens.len());
        let mut before = Vec::with_capacity(text.tokens.len() + 1);
        for (at, token) in text.tokens.iter().enumerate() {
            before.push(places.len());
            if token.is_word() && !is_light(token) {
                places.push(at);
            }
        }
        before.push(places.len());
        Self { places, before }
    }

    /// The tokens from a place to the right (`FORWARD`) or to the left, with so many heavy ones among them.
    pub(super) fn near<const FORWARD: bool>(&self, place: usize, many: usize) -> Range<usize> {
        let before = self.before[place];
        if FORWARD {
            place..self.places.get((before + many).wrapping_sub(1)).map_or(usize::MAX, |last| last + 1)
        } else {
            before.checked_sub(many).map_or(0, |first| self.places[first])..place
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Library;
    use crate::answer::Answer;

    /// Every token of every sentence, one by one and by stretches, against the rows that it came from.
    fn agree(phrases: &Phrases, sentence: &[Token]) {
        let mut members = Members::new(phrases);
        // What another sentence left behind is gone.
        members.read(phrases, &sentence[sentence.len() / 2..]);
        members.read(phrases, sentence);
        let is_of = |token: &Token, set: u32| match phrases.asked_of(token.word) {
            AskedOf::Few(sets) => sets.contains(&set),
            AskedOf::Many(sets) => sets.at((set / 64) as usize) & 1 << (set % 64) != 0,
        };
        let sets = u32::try_from(phrases.asked_sets()).unwrap();
        for set in (0..sets).step_by(7) {
            let of_set: Vec<bool> = sentence.iter().map(|token| is_of(token, set)).collect();
            for from in 0..sentence.len() {
                for to in [from, from + 1, (from + 4).min(sentence.len()), sentence.len()] {
                    let there = of_set[from..to].iter().any(|is| *is);
                    let told = members.has(set, from..to);
                    if to <= Members::LAST {
                        assert_eq!(told, there, "set {set}, tokens {from}..{to}");
                    } else {
                        assert!(told || !there, "set {set}, tokens {from}..{to} are hidden");
                    }
                }
            }
        }
    }

    #[test]
    fn the_words_of_a_set_are_known_by_their_places_and_none_is_hidden_in_a_long_sentence() {
        let rubric = Library::builtin().unwrap().rubric("behavioural").unwrap();
        let phrases = &rubric.program.phrases;
        let short = "I told the customer that I would call her back, and I did not forget.";
        let long =
            format!("I said {} and then they apologised", "that the parcel was late and I checked it ".repeat(9));
        for text in [short, &long] {
            let text = Text::of(&Answer::whole(text), &rubric.program.vocabulary);
            agree(phrases, &text.tokens);
        }
    }

    #[test]
    fn light_words_are_no_distance() {
        let rubric = Library::builtin().unwrap().rubric("behavioural").unwrap();
        let text = Text::of(&Answer::whole("I really just called her, then the bank."), &rubric.program.vocabulary);
        let heavy = Heavy::of(&text);
        let words = ["I", "really", "just", "called", "her", ",", "then", "the", "bank", "."];
        assert_eq!(text.tokens.len(), words.len());
        // From "I" on: "called" is the next, "her" the one after it.
        assert_eq!(heavy.near::<true>(1, 1), 1..4);
        assert_eq!(heavy.near::<true>(1, 2), 1..5);
        // Back from "bank": "the", then "her".
        assert_eq!(heavy.near::<false>(8, 1), 7..8);
        assert_eq!(heavy.near::<false>(8, 2), 4..8);
        // As far as the text goes, where there are not so many.
        assert_eq!(heavy.near::<false>(8, 99), 0..8);
        assert_eq!(heavy.near::<true>(8, 99).end, usize::MAX);
    }
}
