//! Finds all phrases of a rubric in one pass over the tokens.
//!
//! Each phrase is looked up by its rarest word; from there it is verified to the right and to the
//! left. Spans are those of the tokens, never searched for again.

use super::near::{Around, Heavy, Members};
use super::needs::{Among, Mixed, Near, OneOf};
use super::phrases::{Led, Op, Phrases};
use super::print::Window;
use crate::text::language::Traits;
use crate::text::rows::Items;
use crate::text::{Mark, Text, Token};
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
    find_those(phrases, text, |_| true)
}

/// The hits of the phrases that are wanted, by their indexes.
pub(crate) fn find_those(phrases: &Phrases, text: &Text, wanted: impl Fn(usize) -> bool) -> Vec<Hit> {
    let starts = clause_starts(text);
    let mut hits = Vec::new();
    let mut windows = Vec::new();
    let heavy = Heavy::of(text);
    let mut members = Members::of(&phrases.asked);
    let mut around = Around::default();
    let mut places = Vec::new();
    for range in &text.sentences {
        look_around(text, range, &starts, &mut windows);
        members.read(&text.tokens[range.clone()]);
        around.read(&text.tokens[range.clone()]);
        let search = Search {
            text,
            phrases,
            bounds: range.clone(),
            starts: &starts,
            windows: &windows,
            members: &members,
            around: &around,
            heavy: &heavy,
            left: Cell::new(0),
        };
        for at in range.clone() {
            let token = &text.tokens[at];
            let of_words = phrases.leads_of(token.word);
            let of_numbers = if token.is_number() { phrases.number_leads() } else { Items::NONE };
            if of_words.is_empty() && of_numbers.is_empty() {
                continue;
            }
            let (left, right) = (search.window::<false>(at), search.window::<true>(at + 1));
            for leads in [of_words, of_numbers] {
                // Gathered before any is looked at: the processor may fetch them at once.
                places.clear();
                places.resize(leads.len(), 0);
                let mut many = 0;
                for lead in leads.iter() {
                    places[many] = lead.place();
                    many += usize::from(lead.may_be(left, right));
                }
                for place in &places[..many] {
                    let place = phrases.place(*place);
                    if place.right.may_be(right)
                        && place.left.may_be(left)
                        && wanted(place.phrase as usize)
                        && place.needs().all(|(need, before)| search.has(need, before, at))
                        && let Some(hit) = search.verify(place.phrase, place.element, at)
                    {
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

/// What is to the right and to the left of each place between two tokens of a sentence.
fn look_around(text: &Text, sentence: &Range<usize>, starts: &[bool], windows: &mut Vec<[Window; 2]>) {
    let tokens = &text.tokens[sentence.clone()];
    let stops = |at: usize| starts[sentence.start + at] || stops_gap(&tokens[at]);
    let mut edge = true;
    let mut window = Window::at_end(edge);
    windows.clear();
    windows.push([window, window]);
    for (at, token) in tokens.iter().enumerate() {
        edge &= !opens_no_sentence(token);
        window = window.past(token, is_light(token), stops(at), edge);
        windows.push([window, window]);
    }
    edge = is_typed_to_its_end(text, sentence);
    window = Window::at_end(edge);
    windows[tokens.len()][0] = window;
    for (at, token) in tokens.iter().enumerate().rev() {
        edge &= !token.is_word();
        window = window.past(token, is_light(token), stops(at), edge);
        windows[at][0] = window;
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
    ops: Items<'a, Op>,
    next: Option<&'a Frame<'a>>,
}

struct Search<'a> {
    text: &'a Text,
    phrases: &'a Phrases,
    bounds: Range<usize>,
    starts: &'a [bool],
    /// By place in the sentence: what is to its right and to its left.
    windows: &'a [[Window; 2]],
    members: &'a Members<'a>,
    around: &'a Around,
    heavy: &'a Heavy,
    /// Elements that may still be tried.
    left: Cell<u32>,
}

impl Search<'_> {
    /// What can be stepped to from before a token, to the right (`FORWARD`) or to the left.
    fn window<const FORWARD: bool>(&self, at: usize) -> &Window {
        &self.windows[at - self.bounds.start][usize::from(!FORWARD)]
    }

    /// Whether there is a word that a place at this token needs.
    fn has(&self, need: Near, before: bool, at: usize) -> bool {
        if before {
            self.is_near::<false>(need.of, at, need.words())
        } else {
            self.is_near::<true>(need.of, at + 1, need.words())
        }
    }

    /// Whether there is a word that a row needs which is entered here.
    fn may_enter<const FORWARD: bool>(&self, led: Led, at: usize) -> bool {
        let need = led.need;
        self.around.may_have::<FORWARD>(led.print, at - self.bounds.start, need.words())
            && (need.of.is_anything() || self.is_near::<FORWARD>(need.of, at, need.words()))
    }

    /// Whether such a word is among the next tokens, so many heavy ones far.
    fn is_near<const FORWARD: bool>(&self, of: OneOf, at: usize, many: usize) -> bool {
        let near = self.heavy.near::<FORWARD>(at, many);
        self.is_among(of, near.start.max(self.bounds.start)..near.end.min(self.bounds.end))
    }

    /// Whether one of these tokens is such a word.
    fn is_among(&self, of: OneOf, tokens: Range<usize>) -> bool {
        match of.among() {
            Among::Word(word) => self.text.tokens[tokens].iter().any(|token| token.word == word),
            Among::Set(set) => self.members.has(set, tokens.start - self.bounds.start..tokens.end - self.bounds.start),
            Among::Mixed(mixed) => {
                let Mixed { traits, others } = self.phrases.mixed(mixed);
                self.text.tokens[tokens.clone()].iter().any(|token| token.is_word_of(traits))
                    || !others.is_anything() && self.is_among(others, tokens)
            }
        }
    }

    /// Whether a phrase may step from here to such a word.
    fn may_step_to<const FORWARD: bool>(&self, of: OneOf, at: usize) -> bool {
        let mut at = at;
        while let Some(token) = self.token::<FORWARD>(at) {
            if self.is_among(of, token..token + 1) {
                return true;
            }
            if !self.is_light(token) {
                return false;
            }
            at = Self::over::<FORWARD>(at);
        }
        false
    }

    /// Matches a phrase whose element stands at a token.
    fn verify(&self, phrase: u32, element: u32, at: usize) -> Option<Hit> {
        let ops = self.phrases.phrase(phrase);
        let (before, after) = ops.split_at(element as usize);
        self.left.set(MOST_STEPS);
        let end = self.step::<true>(after, None, at, true)?;
        let start = self.step::<false>(before, None, at, before.is_empty())?;
        (start < end).then_some(Hit { phrase: phrase as usize, start, end })
    }

    /// Matches elements, and then those of a frame, from a place on, to the right (`FORWARD`) or to
    /// the left; returns where they end. `first`: nothing was matched yet, so no light word is
    /// stepped over.
    fn step<'f, const FORWARD: bool>(
        &self,
        mut ops: Items<'f, Op>,
        mut next: Option<&'f Frame<'f>>,
        mut at: usize,
        mut first: bool,
    ) -> Option<usize> {
        loop {
            self.left.set(self.left.get().checked_sub(1)?);
            let peeled = if FORWARD { ops.split_first() } else { ops.split_last() };
            let Some((op, rest)) = peeled else {
                let Some(frame) = next else { return Some(at) };
                (ops, next) = (frame.ops, frame.next);
                continue;
            };
            match op {
                Op::Optional(inner) => {
                    let then = Frame { ops: rest, next };
                    let with = self.step::<FORWARD>(self.phrases.ops(inner), Some(&then), at, first);
                    if with.is_some() {
                        return with;
                    }
                }
                Op::Choice(choice) => return self.choose::<FORWARD>(choice, &Frame { ops: rest, next }, at, first),
                Op::Gap(min, max, gap) => {
                    return self.gap::<FORWARD>(min, max, gap, &Frame { ops: rest, next }, at);
                }
                Op::Start if self.skipped_back(at) == self.bounds.start => {}
                Op::End if self.at_end(at) => {}
                Op::Start | Op::End => return None,
                word => {
                    let token = self.token::<FORWARD>(at)?;
                    if !first && self.is_light(token) {
                        return self.step_lightly::<FORWARD>(word, &Frame { ops: rest, next }, at);
                    }
                    if !self.matches(word, token) {
                        return None;
                    }
                    at = Self::over::<FORWARD>(at);
                    first = false;
                }
            }
            ops = rest;
        }
    }

    /// Matches a word and what follows, where the token here is light: it may be stepped over.
    fn step_lightly<const FORWARD: bool>(&self, word: Op, rest: &Frame<'_>, at: usize) -> Option<usize> {
        let mut at = at;
        for _ in 0..=LIGHT_STEPS {
            let token = self.token::<FORWARD>(at)?;
            if self.matches(word, token)
                && let Some(end) = self.step::<FORWARD>(rest.ops, rest.next, Self::over::<FORWARD>(at), false)
            {
                return Some(end);
            }
            if !self.is_light(token) {
                return None;
            }
            at = Self::over::<FORWARD>(at);
        }
        None
    }

    /// Tries the rows of a choice that the tokens here may lead into, in their order.
    fn choose<const FORWARD: bool>(&self, choice: u32, rest: &Frame<'_>, at: usize, first: bool) -> Option<usize> {
        let choice = &self.phrases.choice(choice);
        let rows = self.phrases.rows(choice);
        let enter = |led: Led| self.may_enter::<FORWARD>(led, at).then(|| self.phrases.ops(rows.at(led.row())));
        let go = |led: Led| self.step::<FORWARD>(enter(led)?, Some(rest), at, first);
        // Where the word at a place is the first element of the row, it is matched already.
        let go_on = |led: Led, place: usize| {
            let next = Self::over::<FORWARD>(place);
            if led.is_whole() {
                return self.step::<FORWARD>(rest.ops, rest.next, next, false);
            }
            if !led.is_by_word() {
                return go(led);
            }
            let ops = enter(led)?;
            let (_, ops) = if FORWARD { ops.split_first() } else { ops.split_last() }?;
            self.step::<FORWARD>(ops, Some(rest), next, false)
        };
        // The rows that any token may lead into, and those of each token that may be stepped to.
        let mut led = [Items::NONE; LIGHT_STEPS + 2];
        led[0] = self.phrases.led_by_any::<FORWARD>(choice);
        let mut place = at;
        for n in 1..led.len() {
            let Some(token) = self.token::<FORWARD>(place) else { break };
            led[n] = self.phrases.led_by::<FORWARD>(choice, self.text.tokens[token].word);
            if first || !self.is_light(token) {
                // Nearly always there is one word to go by and nothing else.
                if led[..n].iter().all(|rows| rows.is_empty()) {
                    return led[n].iter().find_map(|led| go_on(led, place));
                }
                break;
            }
            place = Self::over::<FORWARD>(place);
        }
        while let Some(next) = led.iter().filter_map(|rows| rows.first()).min_by_key(|led| led.row()) {
            for rows in &mut led {
                if let Some((_, rest)) = rows.split_first().filter(|(first, _)| first.row() == next.row()) {
                    *rows = rest;
                }
            }
            if let Some(end) = go(next) {
                return Some(end);
            }
        }
        None
    }

    fn gap<const FORWARD: bool>(&self, min: u8, max: u8, then: u32, rest: &Frame<'_>, at: usize) -> Option<usize> {
        let mut at = at;
        let mut words = 0;
        let then = self.phrases.after_gap::<FORWARD>(then);
        // Light words cost nothing, but a gap is no bridge over a page of them.
        let mut light = LIGHT_STEPS * (usize::from(max) + 1);
        loop {
            if words >= min
                && then.prints.may_be(self.window::<FORWARD>(at))
                && (then.next.is_anything() || self.may_step_to::<FORWARD>(then.next, at))
                && let Some(end) = self.step::<FORWARD>(rest.ops, rest.next, at, false)
            {
                return Some(end);
            }
            let token = self.token::<FORWARD>(at)?;
            let t = &self.text.tokens[token];
            if self.starts[token] || stops_gap(t) {
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
        is_light(&self.text.tokens[at])
    }

    fn skipped_back(&self, at: usize) -> usize {
        (self.bounds.start..at)
            .rev()
            .find(|t| opens_no_sentence(&self.text.tokens[*t]))
            .map_or(self.bounds.start, |t| t + 1)
    }

    /// Whether nothing but punctuation follows in the sentence, and it ends where its writer ended
    /// it: not where a run-on one was cut.
    fn at_end(&self, at: usize) -> bool {
        is_typed_to_its_end(self.text, &self.bounds) && (at..self.bounds.end).all(|t| !self.text.tokens[t].is_word())
    }

    fn matches(&self, op: Op, at: usize) -> bool {
        let token = &self.text.tokens[at];
        match op {
            Op::Word(id) => token.word == id,
            Op::Set(set) => self.phrases.sets.has(set, token.word),
            Op::Traits(traits) => token.is_word_of(traits),
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

/// Whether no sentence starts after this: it is a word, and more than "and then".
const fn opens_no_sentence(token: &Token) -> bool {
    token.is_word() && !token.is(Traits::LIGHT.with(Traits::COORDINATOR))
}

/// Whether a phrase may step over it.
pub(super) const fn is_light(token: &Token) -> bool {
    token.is(Traits::LIGHT) || token.mark.any(Mark::REPEATED.with(Mark::COMMA))
}

/// Whether no gap reaches over it.
const fn stops_gap(token: &Token) -> bool {
    token.is(Traits::NEGATION) || token.mark.any(Mark::PUNCTUATION) && !token.mark.any(Mark::COMMA)
}

/// Whether a sentence ends where its writer ended it.
fn is_typed_to_its_end(text: &Text, sentence: &Range<usize>) -> bool {
    text.tokens[sentence.end - 1].mark.any(Mark::STOP.with(Mark::QUOTE))
        || text.tokens.get(sentence.end).is_none_or(|t| t.mark.any(Mark::LINE))
}
