//! What a phrase needs around a place: words of its other elements, near enough.

use super::pattern::{First, Node, SetId, Tables, number};
use super::print;
use crate::text::language::Traits;
use crate::text::rows::fixed;
use crate::text::vocabulary::{Vocabulary, WordId};
use std::collections::HashMap;
use std::hash::Hash;

/// Words that an element may start with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OneOf {
    code: u32,
}

fixed!(OneOf { code: u32 });

/// What a [`OneOf`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Among {
    /// This word.
    Word(WordId),
    /// Those of a set, by its number among all that are asked for.
    Set(u32),
    /// A [`Mixed`], by its number.
    Mixed(u32),
}

impl OneOf {
    /// Set for a single word.
    const WORD: u32 = 1 << 31;
    /// Set for what classes are in.
    const MIXED: u32 = 1 << 30;
    /// Nothing is asked for.
    pub(crate) const ANYTHING: Self = Self { code: u32::MAX };

    /// Whether nothing is asked for.
    #[inline]
    pub(crate) fn is_anything(self) -> bool {
        self == Self::ANYTHING
    }

    const fn of(among: Among) -> Self {
        let code = match among {
            Among::Word(word) => word | Self::WORD,
            Among::Set(set) => set,
            Among::Mixed(mixed) => mixed | Self::MIXED,
        };
        Self { code }
    }

    /// What it names, where something is asked for.
    #[inline]
    pub(crate) const fn among(self) -> Among {
        if self.code & Self::WORD != 0 {
            Among::Word(self.code & !Self::WORD)
        } else if self.code & Self::MIXED != 0 {
            Among::Mixed(self.code & !Self::MIXED)
        } else {
            Among::Set(self.code)
        }
    }
}

/// Words of some classes, and others beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mixed {
    /// The classes.
    pub(crate) traits: Traits,
    /// The others, where there are any.
    pub(crate) others: OneOf,
}

fixed!(Mixed { traits: Traits, others: OneOf });

/// Such a word must stand near a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Near {
    /// The word.
    pub(crate) of: OneOf,
    /// How far it may be, in words that are no light ones: it is one of so many, or anywhere at 255.
    pub(super) reach: u8,
}

fixed!(Near { of: OneOf, reach: u8 });

impl Near {
    /// Nothing is needed.
    pub(super) const NONE: Self = Self { of: OneOf::ANYTHING, reach: u8::MAX };
    /// The same, with its print.
    pub(super) const NOTHING: (u64, Self) = (u64::MAX, Self::NONE);

    /// How many words that are no light ones it is away at most.
    pub(crate) const fn words(self) -> usize {
        // More than any text has.
        if self.reach == u8::MAX { usize::MAX / 4 } else { self.reach as usize }
    }
}

/// Things that are given a number when they are first asked for.
#[derive(Debug)]
pub(super) struct Numbered<T> {
    /// By number.
    pub(super) items: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { items: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Copy + Eq + Hash> Numbered<T> {
    fn number(&mut self, item: T) -> u32 {
        *self.numbers.entry(item).or_insert_with(|| {
            self.items.push(item);
            number(self.items.len() - 1)
        })
    }
}

/// Sets of words that places, rows and gaps ask for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) tables: &'a mut Tables,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) sets: Numbered<SetId>,
    pub(super) mixed: Numbered<Mixed>,
    /// What word lists begin and end with.
    lists: HashMap<(u32, bool), Option<Opening>>,
    /// How many words word lists stand for at most.
    extents: HashMap<u32, u8>,
}

/// What a match of some elements starts with, and how often that leads to nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    set: SetId,
    traits: Traits,
    /// Whether it may be a number as well.
    pub(super) number: bool,
    /// Whether each of its words begins a match: nothing that may be left out stands before them, and nothing
    /// but words begins one.
    pub(super) sure: bool,
    /// Rare words are cheap.
    pub(super) cost: usize,
}

/// A common word costs as much as many rare ones: it stands in every answer.
const COMMON_COST: usize = 100;

/// The commonest stand in every sentence.
const COMMONEST_COST: usize = 800;

/// Of some classes there is a word in most sentences.
const CLASS_COST: usize = 2_000;

impl<'a> Asked<'a> {
    pub(super) fn new(tables: &'a mut Tables, vocabulary: &'a Vocabulary) -> Self {
        let (sets, mixed) = (Numbered::default(), Numbered::default());
        Self { tables, vocabulary, sets, mixed, lists: HashMap::new(), extents: HashMap::new() }
    }

    /// What a row of elements must begin with, or end with.
    pub(super) fn at_edge_of(&mut self, row: &[Node], forward: bool) -> OneOf {
        self.opening(row, forward).map_or(OneOf::ANYTHING, |o| self.one_of(&o))
    }

    /// What a row of elements needs beside what it begins with (`forward`) or ends with, from where it is
    /// entered, and the print of that.
    pub(super) fn need_of_row(&mut self, row: &[Node], forward: bool) -> (u64, Near) {
        let must = |node: &Node| !matches!(node, Node::Optional(_));
        let edge = if forward { row.iter().position(must) } else { row.iter().rposition(must) };
        let Some(edge) = edge else { return Near::NOTHING };
        let others = if forward { edge + 1..row.len() } else { 0..edge };
        let openings: Vec<(usize, Opening)> =
            others.filter_map(|at| Some((at, self.of_element(&row[at]).filter(|o| !o.number)?))).collect();
        let Some((at, opening)) = openings.into_iter().min_by_key(|(at, o)| (o.cost, *at)) else {
            return Near::NOTHING;
        };
        // Seen from the left it is the first word of its element, from the right the last but what it stands for.
        let reach =
            if forward { self.extent_of_row(&row[..at]).saturating_add(1) } else { self.extent_of_row(&row[at..]) };
        (self.print(&opening), Near { of: self.one_of(&opening), reach })
    }

    /// What a match that begins so shows of itself at a glance.
    fn print(&self, opening: &Opening) -> u64 {
        if opening.number { u64::MAX } else { print::of_words(self.tables.set(opening.set), opening.traits) }
    }

    /// Nothing is asked of what may be a number: numbers are in no set of words.
    pub(super) fn one_of(&mut self, opening: &Opening) -> OneOf {
        let others = match self.tables.set(opening.set) {
            _ if opening.number => return OneOf::ANYTHING,
            [] => OneOf::ANYTHING,
            [word] => OneOf::of(Among::Word(*word)),
            _ => OneOf::of(Among::Set(self.sets.number(opening.set))),
        };
        if opening.traits == Traits::NONE {
            return others;
        }
        OneOf::of(Among::Mixed(self.mixed.number(Mixed { traits: opening.traits, others })))
    }

    fn of_list(&mut self, list: u32, forward: bool) -> Option<Opening> {
        if let Some(known) = self.lists.get(&(list, forward)) {
            return *known;
        }
        let first = First::of_row(std::slice::from_ref(self.tables.list(list)), forward, self.tables);
        let opening = first.map(|first| self.opening_of(first));
        self.lists.insert((list, forward), opening);
        opening
    }

    pub(super) fn of_element(&mut self, node: &Node) -> Option<Opening> {
        self.opening(std::slice::from_ref(node), true)
    }

    fn opening(&mut self, row: &[Node], forward: bool) -> Option<Opening> {
        if let Some(Node::List(list)) = if forward { row.first() } else { row.last() } {
            return self.of_list(*list, forward);
        }
        let first = First::of_row(row, forward, self.tables)?;
        Some(self.opening_of(first))
    }

    fn opening_of(&mut self, first: First) -> Opening {
        let First { words, number, traits, sure } = first;
        let of_word = |w: &WordId| match self.vocabulary.traits_of(*w) {
            traits if traits.any(Traits::COMMONEST) => COMMONEST_COST,
            traits if traits.any(Traits::COMMON) => COMMON_COST,
            _ => 1,
        };
        let cost = words.iter().map(of_word).sum::<usize>()
            + if number { COMMON_COST } else { 0 }
            + if traits == Traits::NONE { 0 } else { CLASS_COST };
        Opening { set: self.tables.of(words), traits, number, sure, cost }
    }

    /// How many words that are no light ones an element stands for at most.
    fn extent(&mut self, node: &Node) -> u8 {
        match node {
            Node::Gap(_, most) => *most,
            Node::Start | Node::End => 0,
            Node::Optional(inner) => self.extent_of_row(inner),
            Node::Alternatives(rows) => rows.iter().map(|row| self.extent_of_row(row)).max().unwrap_or(0),
            Node::List(list) => {
                if let Some(known) = self.extents.get(list) {
                    return *known;
                }
                let node = self.tables.list(*list).clone();
                let extent = self.extent(&node);
                self.extents.insert(*list, extent);
                extent
            }
            _ => 1,
        }
    }

    pub(super) fn extent_of_row(&mut self, row: &[Node]) -> u8 {
        row.iter().map(|node| self.extent(node)).fold(0, u8::saturating_add)
    }
}
