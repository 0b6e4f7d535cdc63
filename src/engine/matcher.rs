//! Finds all phrases of a rubric in one pass over the tokens.
//!
//! Each phrase is looked up by its rarest word; from there it is verified to the right and to the
//! left. Spans are those of the tokens, never searched for again.

use super::pattern::{Node, anchor};
use crate::text::language::Traits;
use crate::text::vocabulary::{Vocabulary, WordId};
use crate::text::{Mark, Text};
use std::cell::Cell;
use std::ops::Range;

/// How many light words in a row a phrase may step over.
const LIGHT_STEPS: usize = 3;

/// How many elements may be tried for one phrase at one place: a phrase whose alternatives and
/// gaps ask for more is given up there, so that no pattern can stall the program.
const MOST_STEPS: u32 = 2_000;

/// A compiled set of phrases.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    phrases: Vec<Vec<Node>>,
    /// Word to (phrase, element): where a phrase is tried from.
    triggers: Vec<Vec<(u32, u32)>>,
    /// The same for phrases that any number leads to.
    numbers: Vec<(u32, u32)>,
}

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

impl Matcher {
    /// Adds a phrase and returns its index.
    pub(crate) fn add(&mut self, nodes: Vec<Node>) -> usize {
        self.phrases.push(nodes);
        self.phrases.len() - 1
    }

    /// Builds the index by rarest word, once all phrases are in.
    pub(crate) fn index(&mut self, vocabulary: &Vocabulary) {
        self.triggers = vec![Vec::new(); vocabulary.len()];
        for (number, nodes) in self.phrases.iter().enumerate() {
            // `compile` refuses phrases without an anchor.
            let Some(anchor) = anchor(nodes, vocabulary) else { continue };
            let place = (narrow(number), narrow(anchor.element));
            for word in anchor.words {
                self.triggers[word as usize].push(place);
            }
            if anchor.number {
                self.numbers.push(place);
            }
        }
    }

    /// All hits, in the order of phrases and then of the text.
    pub(crate) fn find(&self, text: &Text) -> Vec<Hit> {
        let starts = clause_starts(text);
        let mut hits = Vec::new();
        for range in &text.sentences {
            let search = Search { text, bounds: range.clone(), starts: &starts, left: Cell::new(0) };
            for at in range.clone() {
                let token = &text.tokens[at];
                let numbers: &[(u32, u32)] = if token.is_number() { &self.numbers } else { &[] };
                for &(phrase, element) in self.triggers[token.word as usize].iter().chain(numbers) {
                    let (phrase, element) = (phrase as usize, element as usize);
                    let nodes = &self.phrases[phrase];
                    search.left.set(MOST_STEPS);
                    if let Some(end) = search.step::<true>(&Frame { nodes: &nodes[element..], next: None }, at, true)
                        && let Some(start) =
                            search.step::<false>(&Frame { nodes: &nodes[..element], next: None }, at, element == 0)
                        && start < end
                    {
                        hits.push(Hit { phrase, start, end });
                    }
                }
            }
        }
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

fn narrow(n: usize) -> u32 {
    // Far fewer than four thousand million phrases fit into memory.
    u32::try_from(n).unwrap_or(u32::MAX)
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
    nodes: &'a [Node],
    next: Option<&'a Frame<'a>>,
}

struct Search<'a> {
    text: &'a Text,
    bounds: Range<usize>,
    starts: &'a [bool],
    /// Elements that may still be tried.
    left: Cell<u32>,
}

impl Search<'_> {
    /// Matches a frame from a place on, to the right (`FORWARD`) or to the left; returns where it
    /// ends. `first`: nothing was matched yet, so no light word is stepped over.
    fn step<const FORWARD: bool>(&self, frame: &Frame<'_>, at: usize, first: bool) -> Option<usize> {
        self.left.set(self.left.get().checked_sub(1)?);
        let peeled = if FORWARD { frame.nodes.split_first() } else { frame.nodes.split_last() };
        let Some((node, rest)) = peeled else {
            return match frame.next {
                Some(next) => self.step::<FORWARD>(next, at, first),
                None => Some(at),
            };
        };
        let rest = Frame { nodes: rest, next: frame.next };
        match node {
            Node::Optional(inner) => self
                .step::<FORWARD>(&Frame { nodes: inner, next: Some(&rest) }, at, first)
                .or_else(|| self.step::<FORWARD>(&rest, at, first)),
            Node::Alternatives(all) => {
                all.iter().find_map(|one| self.step::<FORWARD>(&Frame { nodes: one, next: Some(&rest) }, at, first))
            }
            Node::List(inner) => {
                self.step::<FORWARD>(&Frame { nodes: std::slice::from_ref(inner), next: Some(&rest) }, at, first)
            }
            Node::Gap(min, max) => self.gap::<FORWARD>(*min, *max, &rest, at),
            Node::Start => (self.skipped_back(at) == self.bounds.start)
                .then_some(())
                .and_then(|()| self.step::<FORWARD>(&rest, at, first)),
            Node::End => self.at_end(at).then_some(()).and_then(|()| self.step::<FORWARD>(&rest, at, first)),
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

    fn matches(&self, node: &Node, at: usize) -> bool {
        let token = &self.text.tokens[at];
        match node {
            Node::Word(id) => token.word == *id,
            Node::Set(ids) => contains(ids, token.word),
            Node::Traits(traits) => token.is_word() && token.is(*traits),
            Node::Number => token.is_number(),
            Node::Money => token.mark.any(Mark::MONEY),
            Node::Name => {
                token.is_word() && token.mark.any(Mark::CAPITAL) && at > self.bounds.start && !token.is(Traits::SPEAKER)
            }
            Node::Any => token.is_word(),
            _ => false,
        }
    }
}

fn contains(ids: &[WordId], word: WordId) -> bool {
    if ids.len() < 8 { ids.contains(&word) } else { ids.binary_search(&word).is_ok() }
}
