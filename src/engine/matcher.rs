//! Finds all phrases of a rubric in one pass over the tokens.
//!
//! Each phrase is looked up by its rarest word; from there it is verified to the right and to the
//! left. Spans are those of the tokens, never searched for again.

use super::pattern::{First, Node, SetId, Tables, number};
use crate::text::language::Traits;
use crate::text::vocabulary::{Vocabulary, WordId};
use crate::text::{Mark, Text};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

/// How many light words in a row a phrase may step over.
const LIGHT_STEPS: usize = 3;

/// How many elements may be tried for one phrase at one place: a phrase whose alternatives and
/// gaps ask for more is given up there, so that no pattern can stall the program.
const MOST_STEPS: u32 = 2_000;

/// A compiled set of phrases.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Matcher {
    phrases: Vec<Vec<Node>>,
    tables: Tables,
    /// By word: the groups of phrases that are tried from there.
    triggers: Vec<Vec<Group>>,
    /// The same for phrases that any number leads to.
    numbers: Vec<Group>,
    /// By word: the sets that a group asks for and that the word is in.
    member_of: Vec<Vec<SetId>>,
}

/// Phrases that are tried from one word, if the sentence has a word of a further set as well.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Group {
    /// The set that the sentence must have a word of.
    needs: Option<SetId>,
    /// Phrase, element, and a second set that the sentence must have a word of.
    places: Vec<(u32, u32, Option<SetId>)>,
}

/// What a match of one element starts with, and how often that leads to nothing.
#[derive(Debug, Clone, Copy)]
struct Lead {
    set: SetId,
    number: bool,
    /// Rare words are cheap.
    cost: usize,
}

/// A common word costs as much as many rare ones: it stands in every answer.
const COMMON_COST: usize = 100;

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
    /// The tables that phrases are compiled into.
    pub(crate) fn tables(&mut self) -> &mut Tables {
        &mut self.tables
    }

    /// Adds a phrase and returns its index.
    pub(crate) fn add(&mut self, nodes: Vec<Node>) -> usize {
        self.phrases.push(nodes);
        self.phrases.len() - 1
    }

    /// Builds the index by rarest word, once all phrases are in.
    pub(crate) fn index(&mut self, vocabulary: &Vocabulary) {
        let mut lists: HashMap<u32, Option<Lead>> = HashMap::new();
        let mut triggers: Vec<HashMap<Option<SetId>, Vec<(u32, u32, Option<SetId>)>>> =
            vec![HashMap::new(); vocabulary.len()];
        let mut numbers: HashMap<Option<SetId>, Vec<(u32, u32, Option<SetId>)>> = HashMap::new();
        let mut asked: Vec<SetId> = Vec::new();
        for (phrase, nodes) in self.phrases.iter().enumerate() {
            let tables = &mut self.tables;
            let mut leads: Vec<(usize, Lead)> = nodes
                .iter()
                .enumerate()
                .filter_map(|(element, node)| {
                    let lead = match node {
                        Node::List(list) => match lists.get(list) {
                            Some(known) => *known,
                            None => *lists.entry(*list).or_insert_with(|| lead(node, tables, vocabulary)),
                        },
                        _ => lead(node, tables, vocabulary),
                    };
                    lead.map(|l| (element, l))
                })
                .collect();
            leads.sort_by_key(|(element, lead)| (lead.cost, *element));
            // `compile` refuses phrases without a word of their own.
            let Some(((element, first), others)) = leads.split_first() else { continue };
            // A number has no place in a set of words: it asks for nothing.
            let mut needs = others.iter().filter(|(_, l)| !l.number && l.set != first.set).map(|(_, l)| l.set);
            let (needs, second) = (needs.next(), needs.next());
            asked.extend([needs, second].into_iter().flatten());
            let place = (number(phrase), number(*element), second);
            for word in self.tables.set(first.set) {
                triggers[*word as usize].entry(needs).or_default().push(place);
            }
            if first.number {
                numbers.entry(needs).or_default().push(place);
            }
        }
        self.triggers = triggers.into_iter().map(groups).collect();
        self.numbers = groups(numbers);
        asked.sort_unstable();
        asked.dedup();
        self.member_of = vec![Vec::new(); vocabulary.len()];
        for set in asked {
            for word in self.tables.set(set) {
                self.member_of[*word as usize].push(set);
            }
        }
    }

    /// All hits, in the order of phrases and then of the text.
    pub(crate) fn find(&self, text: &Text) -> Vec<Hit> {
        let starts = clause_starts(text);
        let mut hits = Vec::new();
        let mut present = Present::new(self.tables.sets());
        for range in &text.sentences {
            present.clear();
            for token in &text.tokens[range.clone()] {
                for set in &self.member_of[token.word as usize] {
                    present.add(*set);
                }
            }
            let tables = &self.tables;
            let search = Search { text, tables, bounds: range.clone(), starts: &starts, left: Cell::new(0) };
            for at in range.clone() {
                let token = &text.tokens[at];
                let numbers: &[Group] = if token.is_number() { &self.numbers } else { &[] };
                let groups = self.triggers[token.word as usize].iter().chain(numbers);
                for group in groups.filter(|g| g.needs.is_none_or(|set| present.has(set))) {
                    for &(phrase, element, _) in
                        group.places.iter().filter(|(.., second)| second.is_none_or(|set| present.has(set)))
                    {
                        if let Some(hit) = self.verify(&search, phrase as usize, element as usize, at) {
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

    /// Matches a phrase whose element stands at a place.
    fn verify(&self, search: &Search<'_>, phrase: usize, element: usize, at: usize) -> Option<Hit> {
        let nodes = &self.phrases[phrase];
        search.left.set(MOST_STEPS);
        let end = search.step::<true>(&Frame { nodes: &nodes[element..], next: None }, at, true)?;
        let start = search.step::<false>(&Frame { nodes: &nodes[..element], next: None }, at, element == 0)?;
        (start < end).then_some(Hit { phrase, start, end })
    }
}

/// What leads to an element.
fn lead(node: &Node, tables: &mut Tables, vocabulary: &Vocabulary) -> Option<Lead> {
    let First { words, number } = First::of(node, tables)?;
    let of_word = |w: &WordId| if vocabulary.traits_of(*w).any(Traits::COMMON) { COMMON_COST } else { 1 };
    let cost = words.iter().map(of_word).sum::<usize>() + if number { COMMON_COST } else { 0 };
    Some(Lead { set: tables.of(words), number, cost })
}

fn groups(by_need: HashMap<Option<SetId>, Vec<(u32, u32, Option<SetId>)>>) -> Vec<Group> {
    let mut groups: Vec<Group> = by_need.into_iter().map(|(needs, places)| Group { needs, places }).collect();
    groups.sort_by_key(|g| g.needs);
    groups
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

    fn has(&self, set: SetId) -> bool {
        self.bits[set as usize / 64] & (1 << (set % 64)) != 0
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
    nodes: &'a [Node],
    next: Option<&'a Frame<'a>>,
}

struct Search<'a> {
    text: &'a Text,
    tables: &'a Tables,
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
            Node::List(list) => {
                let inner = std::slice::from_ref(self.tables.list(*list));
                self.step::<FORWARD>(&Frame { nodes: inner, next: Some(&rest) }, at, first)
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
            Node::Set(set) => contains(self.tables.set(*set), token.word),
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
