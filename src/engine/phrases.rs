//! All phrases of a rubric in the form in which they are matched.
//!
//! They lie flat in a few rows, so that they are unpacked in no time, and each is looked up by its
//! rarest word: a token leads to sets of words, a set to groups of phrases, and a group is tried
//! only where the sentence has the other words that its phrases must have.

use super::pattern::{First, Node, SetId, Tables, number};
use super::print::{Prints, Token, after_each};
use crate::text::language::Traits;
use crate::text::rows::{Item, Items, Part, Row, fixed, items};
use crate::text::vocabulary::{Vocabulary, WordId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Some items of a row, from the first to one past the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    from: u32,
    to: u32,
}

fixed!(Span { from: u32, to: u32 });

impl Span {
    fn of<T: Item>(self, row: &Row<T>) -> Items<'_, T> {
        row.range(self.from as usize..self.to as usize)
    }
}

/// One element of a phrase: a [`Node`] without its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Exactly this word.
    Word(WordId),
    /// Any word of this set.
    Set(SetId),
    /// Any word with one of these traits.
    Traits(Traits),
    /// A number.
    Number,
    /// A figure with a currency sign.
    Money,
    /// A word with a capital inside a sentence.
    Name,
    /// Any one word.
    Any,
    /// So many words, none of them a negation or the start of a clause; what may follow, by its number.
    Gap(u8, u8, u32),
    /// A word list.
    List(u32),
    /// One of several rows of elements, by its number.
    Choice(u32),
    /// The elements, or nothing.
    Optional(Span),
    /// The start of a sentence.
    Start,
    /// The end of a sentence.
    End,
}

impl Part for Op {
    const SIZE: usize = 9;

    fn put(&self, bytes: &mut &mut [u8]) {
        let (kind, what): (u8, u64) = match *self {
            Self::Word(word) => (0, word.into()),
            Self::Set(set) => (1, set.into()),
            Self::Traits(traits) => (2, traits.0),
            Self::Number => (3, 0),
            Self::Money => (4, 0),
            Self::Name => (5, 0),
            Self::Any => (6, 0),
            Self::Gap(min, max, after) => (7, u64::from(min) | u64::from(max) << 8 | u64::from(after) << 32),
            Self::List(list) => (8, list.into()),
            Self::Choice(choice) => (9, choice.into()),
            Self::Optional(span) => (10, u64::from(span.from) | u64::from(span.to) << 32),
            Self::Start => (11, 0),
            Self::End => (12, 0),
        };
        kind.put(bytes);
        what.put(bytes);
    }

    #[allow(clippy::cast_possible_truncation, reason = "each was put where it is taken from")]
    #[inline]
    fn take(bytes: &mut &[u8]) -> Self {
        let (kind, what) = (u8::take(bytes), u64::take(bytes));
        let (low, high) = (what as u32, (what >> 32) as u32);
        match kind {
            0 => Self::Word(low),
            1 => Self::Set(low),
            2 => Self::Traits(Traits(what)),
            3 => Self::Number,
            4 => Self::Money,
            5 => Self::Name,
            6 => Self::Any,
            7 => Self::Gap(low as u8, (low >> 8) as u8, high),
            8 => Self::List(low),
            9 => Self::Choice(low),
            10 => Self::Optional(Span { from: low, to: high }),
            11 => Self::Start,
            _ => Self::End,
        }
    }
}

items!(Op);

/// Rows of elements of which one is to match.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    rows: Span,
    /// Which rows a token may lead into, from the left and from the right.
    by_first: Span,
    by_last: Span,
    /// Whether some of them may begin or end with any word.
    loose: [bool; 2],
}

fixed!(Choice { rows: Span, by_first: Span, by_last: Span, loose: [bool; 2] });

/// Stands for any word where a row may begin with anything.
const ANY_WORD: WordId = WordId::MAX;

/// A place that a word leads to, with what must stand next to it on both sides: most are seen to be
/// none at this glance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lead {
    right: u64,
    left: u64,
    /// Number of the place.
    pub(crate) place: u32,
}

fixed!(Lead { right: u64, left: u64, place: u32 });

impl Lead {
    /// Whether what is next to the left and to the right may be what must stand there.
    pub(crate) const fn may_be(&self, left: u64, right: u64) -> bool {
        self.right & right != 0 && self.left & left != 0
    }
}

/// Where a phrase is tried from, and what must stand around that: all that can be told at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// What must follow, and what must come before.
    pub(crate) right: Prints,
    pub(crate) left: Prints,
    /// Index of the phrase.
    pub(crate) phrase: u32,
    /// The element that leads to it.
    pub(crate) element: u32,
    /// Sets that the sentence must have a word of, by their places among all that are asked for.
    needs: [u32; NEEDS],
}

impl Place {
    /// Whether the sentence has words of the sets that it must have, given the bits of those it has.
    pub(crate) fn needs_are_met(&self, present: &[u64]) -> bool {
        let has = |set: u32| present[(set / 64) as usize] & 1 << (set % 64) != 0;
        self.needs.iter().all(|set| *set == NOTHING || has(*set))
    }
}

fixed!(Place { right: Prints, left: Prints, phrase: u32, element: u32, needs: [u32; NEEDS] });

/// How many sets a place asks for.
const NEEDS: usize = 3;

/// Stands for a set that is not there.
const NOTHING: u32 = u32::MAX;

/// A compiled set of phrases.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Phrases {
    ops: Row<Op>,
    choices: Row<Choice>,
    /// What those of each choice begin and end with.
    opens: Row<Prints>,
    /// The rows of choices, each some `ops`.
    rows: Row<Span>,
    /// Words that lead into rows of a choice, sorted within it; beside them, in `leading_to`, where
    /// the rows of each end in `led`.
    leading: Row<WordId>,
    leading_to: Row<u32>,
    led: Row<u32>,
    /// What must stand after each gap, to the right and to the left.
    after_gaps: Row<Prints>,
    /// By phrase: its `ops`.
    phrases: Row<Span>,
    /// By word list: its `ops`.
    lists: Row<Span>,
    /// By set: its words, sorted.
    sets: Rows,
    /// The places that words lead to, by word, and where those of each word end.
    leads: Row<Lead>,
    lead_ends: Row<u32>,
    /// By word: the sets with it that places ask for.
    asked: Rows,
    /// The same as rows of bits, for words that stand in many of them, and which row that is.
    dense: Row<u64>,
    dense_row: Row<u32>,
    /// How many sets are asked for.
    asked_sets: u32,
    /// The places that any number leads to.
    by_number: Row<Lead>,
    places: Row<Place>,
}

impl Phrases {
    /// The elements of a phrase.
    #[inline]
    pub(crate) fn phrase(&self, phrase: u32) -> Items<'_, Op> {
        self.ops(self.phrases.at(phrase as usize))
    }

    /// Some elements.
    #[inline]
    pub(crate) fn ops(&self, span: Span) -> Items<'_, Op> {
        span.of(&self.ops)
    }

    /// The elements of a word list.
    #[inline]
    pub(crate) fn list(&self, list: u32) -> Items<'_, Op> {
        self.ops(self.lists.at(list as usize))
    }

    /// A choice by its number.
    #[inline]
    pub(crate) fn choice(&self, choice: u32) -> Choice {
        self.choices.at(choice as usize)
    }

    /// What the rows of a choice begin with, seen from the left (`FORWARD`) or from the right.
    #[inline]
    pub(crate) fn opens<const FORWARD: bool>(&self, choice: u32) -> Prints {
        self.opens.at(2 * choice as usize + usize::from(!FORWARD))
    }

    /// The rows of a choice, in the order in which they are tried.
    #[inline]
    pub(crate) fn rows(&self, choice: &Choice) -> Items<'_, Span> {
        choice.rows.of(&self.rows)
    }

    /// What must stand after a gap, seen from the left (`FORWARD`) or from the right.
    #[inline]
    pub(crate) fn after_gap<const FORWARD: bool>(&self, gap: u32) -> Prints {
        self.after_gaps.at(2 * gap as usize + usize::from(!FORWARD))
    }

    /// The rows of a choice that a word may lead into, from the left (`FORWARD`) or from the right.
    pub(crate) fn led_by<const FORWARD: bool>(&self, choice: &Choice, word: WordId) -> Items<'_, u32> {
        let span = if FORWARD { choice.by_first } else { choice.by_last };
        let words = span.of(&self.leading);
        let at = words.partition_point(|w| w < word);
        if at == words.len() || words.at(at) != word {
            return Items::NONE;
        }
        let at = span.from as usize + at;
        let from = at.checked_sub(1).map_or(0, |before| self.leading_to.at(before));
        self.led.range(from as usize..self.leading_to.at(at) as usize)
    }

    /// The rows of a choice that any token may lead into.
    #[inline]
    pub(crate) fn led_by_any<const FORWARD: bool>(&self, choice: &Choice) -> Items<'_, u32> {
        if !choice.loose[usize::from(!FORWARD)] {
            return Items::NONE;
        }
        self.led_by::<FORWARD>(choice, ANY_WORD)
    }

    /// The words of a set, sorted.
    #[inline]
    pub(crate) fn set(&self, set: SetId) -> Items<'_, WordId> {
        self.sets.row(set as usize)
    }

    /// The places that a word leads to.
    #[inline]
    pub(crate) fn leads_of(&self, word: WordId) -> Items<'_, Lead> {
        let word = word as usize;
        let from = word.checked_sub(1).map_or(0, |before| self.lead_ends.at(before));
        self.leads.range(from as usize..self.lead_ends.at(word) as usize)
    }

    /// The places that any number leads to.
    #[inline]
    pub(crate) fn number_leads(&self) -> Items<'_, Lead> {
        self.by_number.items()
    }

    /// How many numbers a row of bits has, one bit for each set that is asked for.
    pub(crate) fn width(&self) -> usize {
        (self.asked_sets as usize).div_ceil(64)
    }

    /// Sets the bits of the sets with this word that are asked for.
    #[inline]
    pub(crate) fn mark(&self, word: WordId, bits: &mut [u64]) {
        match (self.dense_row.at(word as usize) as usize).checked_sub(1) {
            Some(row) => {
                let dense = self.dense.range(row * bits.len()..(row + 1) * bits.len());
                for (bits, more) in bits.iter_mut().zip(dense.iter()) {
                    *bits |= more;
                }
            }
            None => {
                for asked in self.asked.row(word as usize).iter() {
                    bits[(asked / 64) as usize] |= 1 << (asked % 64);
                }
            }
        }
    }

    /// A place by its number.
    #[inline]
    pub(crate) fn place(&self, at: u32) -> Place {
        self.places.at(at as usize)
    }
}

/// Phrases while they are gathered.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// What they share.
    pub(crate) tables: Tables,
    trees: Vec<Vec<Node>>,
    known: HashMap<Vec<Node>, usize>,
}

impl Gathered {
    /// The index of a phrase, which is added where it is new.
    pub(crate) fn add(&mut self, tree: Vec<Node>) -> usize {
        *self.known.entry(tree).or_insert_with_key(|tree| {
            self.trees.push(tree.clone());
            self.trees.len() - 1
        })
    }

    /// Lays them flat and indexes them by rarest word.
    pub(crate) fn lay(mut self, vocabulary: &Vocabulary) -> Phrases {
        let mut flat = Phrases::default();
        let index = Index::of(&self.trees, &mut self.tables, vocabulary);
        for tree in &self.trees {
            let span = flat.put(tree, &self.tables);
            flat.phrases.push(&span);
        }
        for list in self.tables.lists() {
            let span = flat.put(std::slice::from_ref(list), &self.tables);
            flat.lists.push(&span);
        }
        let sets = self.tables.sets();
        flat.sets = Rows::of(sets.iter().map(|words| &**words));
        let lead = |place: &u32| {
            let Place { right, left, .. } = index.places[*place as usize];
            Lead { right: right.bits[0], left: left.bits[0], place: *place }
        };
        flat.by_number = index.by_number.iter().map(lead).collect();
        for places in &index.by_word {
            flat.leads.extend(places.iter().map(lead));
            flat.lead_ends.push(&number(flat.leads.len()));
        }
        flat.places = index.places.into_iter().collect();
        let mut asked: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
        for (number, set) in (0..).zip(&index.asked) {
            for word in self.tables.set(*set) {
                asked[*word as usize].push(number);
            }
        }
        flat.asked_sets = number(index.asked.len());
        flat.lay_dense(&asked);
        flat.asked = Rows::of(asked.iter().map(Vec::as_slice));
        flat
    }
}

/// A word in more sets than this has a row of bits.
const MANY_SETS: usize = 16;

impl Phrases {
    fn lay_dense(&mut self, asked: &[Vec<u32>]) {
        let mut rows = 0;
        for asked in asked {
            if asked.len() <= MANY_SETS {
                self.dense_row.push(&0);
                continue;
            }
            let mut bits = vec![0_u64; self.width()];
            for number in asked {
                bits[(number / 64) as usize] |= 1 << (number % 64);
            }
            self.dense.extend(bits);
            rows += 1;
            self.dense_row.push(&rows);
        }
    }

    fn put(&mut self, tree: &[Node], tables: &Tables) -> Span {
        let ops: Vec<Op> = (0..tree.len()).map(|at| self.op(tree, at, tables)).collect();
        let from = number(self.ops.len());
        self.ops.extend(ops);
        Span { from, to: number(self.ops.len()) }
    }

    fn op(&mut self, tree: &[Node], at: usize, tables: &Tables) -> Op {
        match &tree[at] {
            Node::Word(word) => Op::Word(*word),
            Node::Set(set) => Op::Set(*set),
            Node::Traits(traits) => Op::Traits(*traits),
            Node::Number => Op::Number,
            Node::Money => Op::Money,
            Node::Name => Op::Name,
            Node::Any => Op::Any,
            Node::Gap(min, max) => {
                let after = Prints::of_row(&tree[at + 1..], true, tables);
                let before = Prints::of_row(&tree[..at], false, tables);
                self.after_gaps.extend([after, before]);
                Op::Gap(*min, *max, number(self.after_gaps.len() / 2 - 1))
            }
            Node::List(list) => Op::List(*list),
            Node::Alternatives(all) => {
                let spans: Vec<Span> = all.iter().map(|one| self.put(one, tables)).collect();
                let from = number(self.rows.len());
                self.rows.extend(spans);
                let rows = Span { from, to: number(self.rows.len()) };
                let by_first = self.put_leading(all, |row| First::of(row.first()?, tables));
                let by_last = self.put_leading(all, |row| First::last(row.last()?, tables));
                self.opens.extend([true, false].map(|forward| Prints::of_rows(all, forward, tables)));
                let loose = [by_first, by_last].map(|span| span.of(&self.leading).iter().next_back() == Some(ANY_WORD));
                self.choices.push(&Choice { rows, by_first, by_last, loose });
                Op::Choice(number(self.choices.len() - 1))
            }
            Node::Optional(inner) => Op::Optional(self.put(inner, tables)),
            Node::Start => Op::Start,
            Node::End => Op::End,
        }
    }

    fn put_leading(&mut self, rows: &[Vec<Node>], lead: impl Fn(&[Node]) -> Option<First>) -> Span {
        let mut pairs: Vec<(WordId, u32)> = Vec::new();
        for (at, row) in (0..).zip(rows) {
            match lead(row) {
                Some(First { words, number: false }) => pairs.extend(words.into_iter().map(|w| (w, at))),
                _ => pairs.push((ANY_WORD, at)),
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let from = number(self.leading.len());
        for rows in pairs.chunk_by(|(a, _), (b, _)| a == b) {
            self.led.extend(rows.iter().map(|(_, row)| *row));
            self.leading.push(&rows[0].0);
            self.leading_to.push(&number(self.led.len()));
        }
        Span { from, to: number(self.leading.len()) }
    }
}

/// What leads to which phrases.
#[derive(Debug, Default)]
struct Index {
    by_word: Vec<Vec<u32>>,
    by_number: Vec<u32>,
    places: Vec<Place>,
    /// The sets that are asked for, and the place of each.
    asked: Vec<SetId>,
    asked_at: HashMap<SetId, u32>,
}

/// What a match of one element starts with, and how often that leads to nothing.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    set: SetId,
    number: bool,
    /// Rare words are cheap.
    cost: usize,
}

/// A common word costs as much as many rare ones: it stands in every answer.
const COMMON_COST: usize = 100;

/// The commonest stand in every sentence.
const COMMONEST_COST: usize = 800;

impl Index {
    fn of(trees: &[Vec<Node>], tables: &mut Tables, vocabulary: &Vocabulary) -> Self {
        let mut index = Self { by_word: vec![Vec::new(); vocabulary.len()], ..Self::default() };
        let mut lists: HashMap<u32, Option<Anchor>> = HashMap::new();
        for (phrase, tree) in (0..).zip(trees) {
            let mut leads: Vec<(u32, Anchor)> = (0..)
                .zip(tree)
                .filter_map(|(element, node)| {
                    let lead = match node {
                        Node::List(list) => *lists.entry(*list).or_insert_with(|| Anchor::of(node, tables, vocabulary)),
                        _ => Anchor::of(node, tables, vocabulary),
                    };
                    lead.map(|l| (element, l))
                })
                .collect();
            leads.sort_by_key(|(element, lead)| (lead.cost, *element));
            // `compile` refuses phrases without a word of their own.
            let Some(((element, _), others)) = leads.split_first() else { continue };
            // A number has no place in a set of words: it asks for nothing.
            let mut needs = [NOTHING; NEEDS];
            for (need, (_, lead)) in needs.iter_mut().zip(others.iter().filter(|(_, l)| !l.number)) {
                *need = index.ask_for(lead.set);
            }
            let (before, after) = tree.split_at(*element as usize);
            let left = Prints::of_row(before, false, tables);
            let mut known: HashMap<Prints, u32> = HashMap::new();
            for (token, right) in after_each(after, tables) {
                let place = *known.entry(right).or_insert_with(|| {
                    index.places.push(Place { phrase, element: *element, needs, right, left });
                    number(index.places.len() - 1)
                });
                match token {
                    Token::Word(word) => index.by_word[word as usize].push(place),
                    Token::Number => index.by_number.push(place),
                }
            }
        }
        index
    }

    /// The place of a set among those that are asked for.
    fn ask_for(&mut self, set: SetId) -> u32 {
        *self.asked_at.entry(set).or_insert_with(|| {
            self.asked.push(set);
            number(self.asked.len() - 1)
        })
    }
}

impl Anchor {
    fn of(node: &Node, tables: &mut Tables, vocabulary: &Vocabulary) -> Option<Self> {
        let First { words, number } = First::of(node, tables)?;
        let of_word = |w: &WordId| match vocabulary.traits_of(*w) {
            traits if traits.any(Traits::COMMONEST) => COMMONEST_COST,
            traits if traits.any(Traits::COMMON) => COMMON_COST,
            _ => 1,
        };
        let cost = words.iter().map(of_word).sum::<usize>() + if number { COMMON_COST } else { 0 };
        Some(Self { set: tables.of(words), number, cost })
    }
}

/// Rows of numbers, end to end.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Rows {
    starts: Row<u32>,
    items: Row<u32>,
}

impl Rows {
    /// Some rows.
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a [u32]>) -> Self {
        let mut all = Self { starts: std::iter::once(0).collect(), items: Row::default() };
        for row in rows {
            all.items.extend(row.iter().copied());
            all.starts.push(&number(all.items.len()));
        }
        all
    }

    /// One of them.
    #[inline]
    pub(crate) fn row(&self, at: usize) -> Items<'_, u32> {
        self.items.range(self.starts.at(at) as usize..self.starts.at(at + 1) as usize)
    }
}
