//! What stands near a place in a sentence: words of sets, and how far away they are.

use super::matcher::is_light;
use super::print;
use super::sets::{AskedSets, Common, SetsOf};
use crate::text::{Text, Token};
use std::ops::Range;

/// Of which sets that are asked for the words of a sentence are.
pub(super) struct Members<'a> {
    sets: &'a AskedSets,
    tokens: Vec<SetsOf<'a>>,
}

impl<'a> Members<'a> {
    pub(super) const fn of(sets: &'a AskedSets) -> Self {
        Self { sets, tokens: Vec::new() }
    }

    /// Reads a sentence in place of the one before.
    pub(super) fn read(&mut self, sentence: &[Token]) {
        self.tokens.clear();
        self.tokens.extend(sentence.iter().map(|token| self.sets.with(token.word)));
    }

    /// Whether one of these tokens of the sentence is of a set.
    #[inline]
    pub(super) fn has(&self, set: u32, tokens: Range<usize>) -> bool {
        let mut common = Common::NONE;
        for asked in &self.tokens[tokens] {
            if asked.has(set) {
                return true;
            }
            common = common.or(asked.common);
        }
        common.any(self.sets.common_in(set))
    }
}

/// Whether it is a word that no phrase steps over.
const fn is_heavy(token: &Token) -> bool {
    token.is_word() && !is_light(token)
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
            if is_heavy(token) {
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

/// The prints of what stands around each place between two tokens of a sentence, so many words far.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// By place: to its right and to its left, by the number of words that are no light ones; the last has all.
    sides: Vec<[[u64; REACHES]; 2]>,
}

/// So many numbers of words are told apart: 0 to 6, and more.
const REACHES: usize = 8;

impl Around {
    /// Reads a sentence in place of the one before.
    pub(super) fn read(&mut self, sentence: &[Token]) {
        let past = |seen: &[u64; REACHES], token: &Token| {
            let print = print::of_token(token);
            let mut now = *seen;
            if is_heavy(token) {
                now[1..REACHES - 1].copy_from_slice(&seen[..REACHES - 2]);
            }
            now[1..].iter_mut().for_each(|bits| *bits |= print);
            now
        };
        self.sides.clear();
        self.sides.resize(sentence.len() + 1, [[print::ALWAYS; REACHES]; 2]);
        for (at, token) in sentence.iter().enumerate() {
            self.sides[at + 1][1] = past(&self.sides[at][1], token);
        }
        for (at, token) in sentence.iter().enumerate().rev() {
            self.sides[at][0] = past(&self.sides[at + 1][0], token);
        }
    }

    /// Whether something with this print may be to the right (`FORWARD`) or to the left of a place in the
    /// sentence, so many words away.
    #[inline]
    pub(super) fn may_have<const FORWARD: bool>(&self, print: u64, place: usize, words: usize) -> bool {
        self.sides[place][usize::from(!FORWARD)][words.min(REACHES - 1)] & print != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Library;
    use crate::answer::Answer;
    use crate::text::Traits;

    #[test]
    fn the_sets_of_common_and_of_rare_words_are_known_by_their_places() {
        let rubric = Library::builtin().unwrap().rubric("behavioural").unwrap();
        let sets = &rubric.program.phrases.asked;
        let answer = Answer::whole("I told the customer that I would call her back, and I apologised for the carrier.");
        let text = Text::of(&answer, &rubric.program.vocabulary);
        let mut members = Members::of(sets);
        // What another sentence left behind is gone.
        members.read(&text.tokens[5..]);
        members.read(&text.tokens);
        let is_in = |set: u32, token: &Token| {
            sets.with(token.word).numbers().any(|of| of == set) || sets.common_in(set).any(sets.with(token.word).common)
        };
        let (mut rare, mut common) = (0, 0);
        for (at, token) in text.tokens.iter().enumerate() {
            for set in sets.with(token.word).numbers() {
                assert!(members.has(set, at..at + 1), "set {set}, token {at}");
                rare += 1;
            }
            common += usize::from(sets.with(token.word).common != Common::NONE);
        }
        assert!(rare > 10 && common > 5, "{rare} memberships of rare words, {common} common words");
        for set in (0..sets.len()).step_by(7) {
            for from in 0..text.tokens.len() {
                for to in [from, from + 1, (from + 4).min(text.tokens.len()), text.tokens.len()] {
                    let there = text.tokens[from..to].iter().any(|token| is_in(set, token));
                    assert_eq!(members.has(set, from..to), there, "set {set}, tokens {from}..{to}");
                }
            }
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

    #[test]
    fn a_glance_around_hides_nothing_that_is_near() {
        let rubric = Library::builtin().unwrap().rubric("behavioural").unwrap();
        let answer =
            Answer::whole("Well, I really just called the bank, and then, at nine, I told her 14 things twice.");
        let text = Text::of(&answer, &rubric.program.vocabulary);
        let heavy = Heavy::of(&text);
        let mut around = Around::default();
        around.read(&text.tokens[3..]);
        around.read(&text.tokens);
        let seen = |range: Range<usize>, may_have: &dyn Fn(u64) -> bool| {
            let near = &text.tokens[range.start..range.end.min(text.tokens.len())];
            assert!(near.iter().all(|token| print::of_token(token) == 0 || may_have(print::of_token(token))));
        };
        for place in 0..=text.tokens.len() {
            for words in 1..12 {
                seen(heavy.near::<true>(place, words), &|print| around.may_have::<true>(print, place, words));
                seen(heavy.near::<false>(place, words), &|print| around.may_have::<false>(print, place, words));
            }
        }
        // "called" is the second word to the right of the start, and not the first.
        let print_of = |word| print::of_words(&[rubric.program.vocabulary.find(word)], Traits::NONE);
        assert!(around.may_have::<true>(print_of("called"), 0, 2));
        assert!(!around.may_have::<true>(print_of("called"), 0, 1));
    }
}
