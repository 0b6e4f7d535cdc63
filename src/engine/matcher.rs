//! Finds all phrases of a rubric in one pass over the tokens.
//!
//! Each phrase is looked up by its rarest word; from there it is verified to the right and to the
//! left. Spans are those of the tokens, never searched for again.

use super::pattern::SetId;
use super::phrases::{Op, Phrases, Place};
use crate::text::language::Traits;
use crate::text::vocabulary::WordId;
use crate::text::{Mark, Text};
use std::cell::Cell;
use std::ops::Range;

/// How many light words in a row a phrase may step over.
const LIGHT_STEPS: usize = 3;

/// How many elements may be tried for one phrase at one place: a phrase whose alternatives and
/// gaps ask for more is given up there, so that no pattern can stall the program.
const MOST_STEPS: u32 = 2_000;

/// A phrase found in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Index of the phrase.
    pub(crate) phrase: usize,
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
}

impl Hit {
    /// The tokens of the hit.
    pub(crate) const fn tokens(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// All hits, in the order of phrases and then of the text.
pub(crate) fn find(phrases: &Phrases, text: &Text) -> Vec<Hit> {
    let starts = clause_starts(text);
    let mut hits = Vec::new();
    let mut present = Present::new(phrases.sets());
    for range in &text.sentences {
        present.clear();
        for token in &text.tokens[range.clone()] {
            for set in phrases.asked_of(token.word) {
                present.add(*set);
            }
        }
        let search = Search { text, phrases, bounds: range.clone(), starts: &starts, left: Cell::new(0) };
        for at in range.clone() {
            let token = &text.tokens[at];
            let of_words = phrases.leads_of(token.word).iter().flat_map(|set| phrases.groups(*set));
            let of_numbers = if token.is_number() { phrases.number_groups() } else { &[] };
            for group in of_words.chain(of_numbers).filter(|g| present.has(g.needs)) {
                for place in phrases.places(group).iter().filter(|p| present.has(p.needs)) {
                    if let Some(hit) = search.verify(place, at) {
                        hits.push(hit);
                    }
                }
            }
        }
    }
    hits.sort_unstable();
    hits.dedup();
    hits
}

/// Sets that a sentence has a word of: a bit for each.
struct Present {
    bits: Vec<u64>,
}

impl Present {
    fn new(sets: usize) -> Self {
        Self { bits: vec![0; sets.div_ceil(64)] }
    }

    fn clear(&mut self) {
        self.bits.fill(0);
    }

    fn add(&mut self, set: SetId) {
        self.bits[set as usize / 64] |= 1 << (set % 64);
    }

    /// Whether a word of the set is there; no set asks for nothing.
    fn has(&self, set: Option<SetId>) -> bool {
        set.is_none_or(|set| self.bits[set as usize / 64] & (1 << (set % 64)) != 0)
    }
}

fn clause_starts(text: &Text) -> Vec<bool> {
    let mut starts = vec![false; text.tokens.len() + 1];
    for clause in &text.clauses {
        starts[clause.tokens.start] = true;
    }
    starts
}

/// What is left to match: the elements here, then those of the frames around.
struct Frame<'a> {
    ops: &'a [Op],
    next: Option<&'a Frame<'a>>,
}

struct Search<'a> {
    text: &'a Text,
    phrases: &'a Phrases,
    bounds: Range<usize>,
    starts: &'a [bool],
    /// Elements that may still be tried.
    left: Cell<u32>,
}

impl Search<'_> {
    /// Matches a phrase whose element stands at a token.
    fn verify(&self, place: &Place, at: usize) -> Option<Hit> {
        let ops = self.phrases.phrase(place.phrase);
        let (before, after) = ops.split_at(place.element as usize);
        self.left.set(MOST_STEPS);
        let end = self.step::<true>(&Frame { ops: after, next: None }, at, true)?;
        let start = self.step::<false>(&Frame { ops: before, next: None }, at, before.is_empty())?;
        (start < end).then_some(Hit { phrase: place.phrase as usize, start, end })
    }

    /// Matches a frame from a place on, to the right (`FORWARD`) or to the left; returns where it
    /// ends. `first`: nothing was matched yet, so no light word is stepped over.
    fn step<const FORWARD: bool>(&self, frame: &Frame<'_>, at: usize, first: bool) -> Option<usize> {
        self.left.set(self.left.get().checked_sub(1)?);
        let peeled = if FORWARD { frame.ops.split_first() } else { frame.ops.split_last() };
        let Some((op, rest)) = peeled else {
            return match frame.next {
                Some(next) => self.step::<FORWARD>(next, at, first),
                None => Some(at),
            };
        };
        let rest = Frame { ops: rest, next: frame.next };
        match op {
            Op::Optional(inner) => self
                .step::<FORWARD>(&Frame { ops: self.phrases.ops(*inner), next: Some(&rest) }, at, first)
                .or_else(|| self.step::<FORWARD>(&rest, at, first)),
            Op::Choice(choice) => self.choose::<FORWARD>(*choice, &rest, at, first),
            Op::List(list) => {
                self.step::<FORWARD>(&Frame { ops: self.phrases.list(*list), next: Some(&rest) }, at, first)
            }
            Op::Gap(min, max) => self.gap::<FORWARD>(*min, *max, &rest, at),
            Op::Start => (self.skipped_back(at) == self.bounds.start)
                .then_some(())
                .and_then(|()| self.step::<FORWARD>(&rest, at, first)),
            Op::End => self.at_end(at).then_some(()).and_then(|()| self.step::<FORWARD>(&rest, at, first)),
            word => {
                let mut at = at;
                for _ in 0..=LIGHT_STEPS {
                    let token = self.token::<FORWARD>(at)?;
                    if self.matches(word, token)
                        && let Some(end) = self.step::<FORWARD>(&rest, Self::over::<FORWARD>(at), false)
                    {
                        return Some(end);
                    }
                    if first || !self.is_light(token) {
                        return None;
                    }
                    at = Self::over::<FORWARD>(at);
                }
                None
            }
        }
    }

    /// Tries the rows of a choice that the tokens here may lead into, in their order.
    fn choose<const FORWARD: bool>(&self, choice: u32, rest: &Frame<'_>, at: usize, first: bool) -> Option<usize> {
        let rows = self.phrases.rows(choice);
        let go = |row: &u32| {
            let ops = self.phrases.ops(rows[*row as usize]);
            self.step::<FORWARD>(&Frame { ops, next: Some(rest) }, at, first)
        };
        let any = self.phrases.led_by_any::<FORWARD>(choice);
        let mut led: Vec<u32> = Vec::new();
        let mut place = at;
        for _ in 0..=LIGHT_STEPS {
            let Some(token) = self.token::<FORWARD>(place) else { break };
            let by_word = self.phrases.led_by::<FORWARD>(choice, self.text.tokens[token].word);
            // Nearly always there is one word to go by and nothing else.
            if any.is_empty() && led.is_empty() && (first || !self.is_light(token)) {
                return by_word.iter().find_map(go);
            }
            led.extend_from_slice(by_word);
            if first || !self.is_light(token) {
                break;
            }
            place = Self::over::<FORWARD>(place);
        }
        led.extend_from_slice(any);
        led.sort_unstable();
        led.dedup();
        led.iter().find_map(go)
    }

    fn gap<const FORWARD: bool>(&self, min: u8, max: u8, rest: &Frame<'_>, at: usize) -> Option<usize> {
        let mut at = at;
        let mut words = 0;
        // Light words cost nothing, but a gap is no bridge over a page of them.
        let mut light = LIGHT_STEPS * (usize::from(max) + 1);
        loop {
            if words >= min
                && let Some(end) = self.step::<FORWARD>(rest, at, false)
            {
                return Some(end);
            }
            let token = self.token::<FORWARD>(at)?;
            let t = &self.text.tokens[token];
            if self.starts[token] || t.is(Traits::NEGATION) || t.mark.any(Mark::PUNCTUATION) && !t.mark.any(Mark::COMMA)
            {
                return None;
            }
            if t.is_word() && !self.is_light(token) {
                if words == max {
                    return None;
                }
                words += 1;
            } else if light == 0 {
                return None;
            } else {
                light -= 1;
            }
            at = Self::over::<FORWARD>(at);
        }
    }

    const fn over<const FORWARD: bool>(at: usize) -> usize {
        if FORWARD { at + 1 } else { at - 1 }
    }

    /// The token that is next in the direction, within the sentence.
    fn token<const FORWARD: bool>(&self, at: usize) -> Option<usize> {
        if FORWARD { (at < self.bounds.end).then_some(at) } else { (at > self.bounds.start).then(|| at - 1) }
    }

    fn is_light(&self, at: usize) -> bool {
        let t = &self.text.tokens[at];
        t.is(Traits::LIGHT) || t.mark.any(Mark::REPEATED.with(Mark::COMMA))
    }

    fn skipped_back(&self, at: usize) -> usize {
        (self.bounds.start..at)
            .rev()
            .find(|t| {
                self.text.tokens[*t].is_word() && !self.text.tokens[*t].is(Traits::LIGHT.with(Traits::COORDINATOR))
            })
            .map_or(self.bounds.start, |t| t + 1)
    }

    /// Whether nothing but punctuation follows in the sentence, and it ends where its writer ended
    /// it: not where a run-on one was cut.
    fn at_end(&self, at: usize) -> bool {
        let tokens = &self.text.tokens;
        let typed = tokens[self.bounds.end - 1].mark.any(Mark::STOP.with(Mark::QUOTE))
            || tokens.get(self.bounds.end).is_none_or(|t| t.mark.any(Mark::LINE));
        typed && (at..self.bounds.end).all(|t| !tokens[t].is_word())
    }

    fn matches(&self, op: &Op, at: usize) -> bool {
        let token = &self.text.tokens[at];
        match op {
            Op::Word(id) => token.word == *id,
            Op::Set(set) => contains(self.phrases.set(*set), token.word),
            Op::Traits(traits) => token.is_word() && token.is(*traits),
            Op::Number => token.is_number(),
            Op::Money => token.mark.any(Mark::MONEY),
            Op::Name => {
                token.is_word() && token.mark.any(Mark::CAPITAL) && at > self.bounds.start && !token.is(Traits::SPEAKER)
            }
            Op::Any => token.is_word(),
            _ => false,
        }
    }
}

fn contains(ids: &[WordId], word: WordId) -> bool {
    if ids.len() < 8 { ids.contains(&word) } else { ids.binary_search(&word).is_ok() }
}
