//! What leads to which phrases.
//!
//! Each is looked up by its rarest element, and tried only where words of its other elements stand
//! near enough: before it or behind it, and with no more between than the phrase has room for.

use super::pattern::{First, Node, SetId, Tables, number};
use super::print::{Prints, Token, after_each};
use crate::text::language::Traits;
use crate::text::rows::fixed;
use crate::text::vocabulary::{Vocabulary, WordId};
use std::collections::HashMap;

/// What must stand around a place: a glance at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sides {
    /// What must follow.
    pub(crate) right: Prints,
    /// What must come before.
    pub(crate) left: Prints,
}

fixed!(Sides { right: Prints, left: Prints });

/// Where a phrase is tried from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// Index of the phrase.
    pub(crate) phrase: u32,
    /// The element that leads to it.
    pub(crate) element: u32,
    /// Words that must be near.
    needs: [Need; NEEDS],
}

impl Place {
    /// The words that must be near, the rarest first.
    #[inline]
    pub(crate) fn needs(&self) -> impl Iterator<Item = Need> {
        self.needs.into_iter().take_while(|need| !need.of.is_anything())
    }
}

fixed!(Place { phrase: u32, element: u32, needs: [Need; NEEDS] });

/// How many words a place asks for at most.
const NEEDS: usize = 4;

/// Words that an element may start with: those of a set, and those of some classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OneOf {
    set: u32,
    /// The classes.
    pub(crate) traits: Traits,
}

fixed!(OneOf { set: u32, traits: Traits });

/// What a [`OneOf`] names beside classes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Among {
    /// No word.
    Nothing,
    /// This one.
    Word(WordId),
    /// Those of a set, by its number among all that are asked for.
    Set(u32),
}

impl OneOf {
    const NOTHING: u32 = u32::MAX;
    /// Set for a single word.
    const WORD: u32 = 1 << 31;
    /// Nothing is asked for.
    pub(crate) const ANYTHING: Self = Self { set: Self::NOTHING, traits: Traits::NONE };

    /// Whether nothing is asked for.
    #[inline]
    pub(crate) fn is_anything(self) -> bool {
        self == Self::ANYTHING
    }

    #[inline]
    pub(crate) const fn among(self) -> Among {
        match self.set {
            Self::NOTHING => Among::Nothing,
            word if word & Self::WORD != 0 => Among::Word(word & !Self::WORD),
            set => Among::Set(set),
        }
    }
}

/// Such a word must stand near a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Need {
    /// The word.
    pub(crate) of: OneOf,
    /// How far it may be, in words that are no light ones: it is one of so many, or anywhere at 255.
    pub(crate) reach: u8,
    /// Whether it comes before the place, and not behind it.
    pub(crate) before: bool,
}

fixed!(Need { of: OneOf, reach: u8, before: bool });

impl Need {
    /// Nothing is needed.
    pub(crate) const NONE: Self = Self { of: OneOf::ANYTHING, reach: 0, before: false };

    /// How many words that are no light ones it is away at most.
    pub(crate) const fn words(self) -> usize {
        // More than any text has.
        if self.reach == u8::MAX { usize::MAX / 4 } else { self.reach as usize }
    }
}

/// Sets of words that places, rows and gaps ask for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) tables: &'a mut Tables,
    vocabulary: &'a Vocabulary,
    /// By number.
    pub(super) sets: Vec<SetId>,
    numbers: HashMap<SetId, u32>,
    /// What word lists begin and end with.
    lists: HashMap<(u32, bool), Option<Opening>>,
    /// How many words word lists stand for at most.
    extents: HashMap<u32, u8>,
}

/// What a match of some elements starts with, and how often that leads to nothing.
#[derive(Debug, Clone, Copy)]
struct Opening {
    set: SetId,
    traits: Traits,
    /// Whether it may be a number as well.
    number: bool,
    /// Whether each of its words begins a match: nothing that may be left out stands before them, and nothing
    /// but words begins one.
    sure: bool,
    /// Rare words are cheap.
    cost: usize,
}

/// A common word costs as much as many rare ones: it stands in every answer.
const COMMON_COST: usize = 100;

/// The commonest stand in every sentence.
const COMMONEST_COST: usize = 800;

/// Of some classes there is a word in most sentences.
const CLASS_COST: usize = 2_000;

impl<'a> Asked<'a> {
    pub(super) fn new(tables: &'a mut Tables, vocabulary: &'a Vocabulary) -> Self {
        let (sets, numbers, lists, extents) = (Vec::new(), HashMap::new(), HashMap::new(), HashMap::new());
        Self { tables, vocabulary, sets, numbers, lists, extents }
    }

    /// What a row of elements must begin with, or end with.
    pub(super) fn at_edge_of(&mut self, row: &[Node], forward: bool) -> OneOf {
        self.opening(row, forward).map_or(OneOf::ANYTHING, |o| self.one_of(&o))
    }

    /// What a row of elements needs beside what it begins with (`forward`) or ends with.
    pub(super) fn need_of_row(&mut self, row: &[Node], forward: bool) -> Need {
        let must = |node: &Node| !matches!(node, Node::Optional(_));
        let edge = if forward { row.iter().position(must) } else { row.iter().rposition(must) };
        let Some(edge) = edge else { return Need::NONE };
        let others = if forward { edge + 1..row.len() } else { 0..edge };
        let openings: Vec<(usize, Opening)> =
            others.filter_map(|at| Some((at, self.of_element(&row[at]).filter(|o| !o.number)?))).collect();
        let Some((at, opening)) = openings.into_iter().min_by_key(|(at, o)| (o.cost, *at)) else { return Need::NONE };
        // Of the words between, and its own, one is where the row is entered.
        let reach = self.extent_of_row(if forward { &row[..at] } else { &row[at..] });
        Need {
            of: self.one_of(&opening),
            reach: if forward || reach == u8::MAX { reach } else { reach.saturating_sub(1) },
            before: !forward,
        }
    }

    /// Nothing is asked of what may be a number: numbers are in no set of words.
    fn one_of(&mut self, opening: &Opening) -> OneOf {
        let set = match self.tables.set(opening.set) {
            _ if opening.number => return OneOf::ANYTHING,
            [] => OneOf::NOTHING,
            [word] => *word | OneOf::WORD,
            _ => *self.numbers.entry(opening.set).or_insert_with(|| {
                self.sets.push(opening.set);
                number(self.sets.len() - 1)
            }),
        };
        OneOf { set, traits: opening.traits }
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

    fn of_element(&mut self, node: &Node) -> Option<Opening> {
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

    fn extent_of_row(&mut self, row: &[Node]) -> u8 {
        row.iter().map(|node| self.extent(node)).fold(0, u8::saturating_add)
    }
}

/// What leads to which phrases.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) by_word: Vec<Vec<u32>>,
    pub(super) by_number: Vec<u32>,
    pub(super) places: Vec<Place>,
    /// By place.
    pub(super) sides: Vec<Sides>,
}

impl Index {
    pub(super) fn of(trees: &[Vec<Node>], asked: &mut Asked<'_>) -> Self {
        let mut index = Self { by_word: vec![Vec::new(); asked.vocabulary.len()], ..Self::default() };
        for (phrase, tree) in (0..).zip(trees) {
            index.add(phrase, tree, asked);
        }
        index
    }

    fn add(&mut self, phrase: u32, tree: &[Node], asked: &mut Asked<'_>) {
        let mut openings: Vec<(usize, Opening)> =
            tree.iter().enumerate().filter_map(|(at, node)| Some((at, asked.of_element(node)?))).collect();
        openings.sort_by_key(|(element, opening)| (opening.cost, *element));
        // `compile` refuses phrases without a word of their own.
        let Some(lead) = openings.iter().position(|(_, o)| o.sure) else { return };
        let (element, _) = openings.remove(lead);
        let mut needs = [Need::NONE; NEEDS];
        for (need, (at, opening)) in needs.iter_mut().zip(openings.iter().filter(|(_, o)| !o.number)) {
            // Both words are the first of their elements, so the one that comes earlier counts with all of its own.
            let reach = asked.extent_of_row(&tree[element.min(*at)..element.max(*at)]);
            *need = Need { of: asked.one_of(opening), reach, before: *at < element };
        }
        let (before, after) = tree.split_at(element);
        let left = Prints::of_row(before, false, asked.tables);
        let mut known: HashMap<Prints, u32> = HashMap::new();
        for (token, right) in after_each(after, asked.tables) {
            let place = *known.entry(right).or_insert_with(|| {
                self.places.push(Place { phrase, element: number(element), needs });
                self.sides.push(Sides { right, left });
                number(self.places.len() - 1)
            });
            match token {
                Token::Word(word) => self.by_word[word as usize].push(place),
                Token::Number => self.by_number.push(place),
            }
        }
    }
}
