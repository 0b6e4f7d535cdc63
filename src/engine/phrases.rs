//! All phrases of a rubric in the form in which they are matched.
//!
//! They lie flat in a few rows, so that they are unpacked in no time, and each is looked up by its
//! rarest word (`index`): a token leads to places in phrases, and a place is tried only where other words
//! that its phrase must have are near.

use super::index::{Asked, Index, Need, OneOf, Place, Sides};
use super::pattern::{First, Node, SetId, Tables, number};
use super::print::Prints;
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
            Self::Choice(choice) => (8, choice.into()),
            Self::Optional(span) => (9, u64::from(span.from) | u64::from(span.to) << 32),
            Self::Start => (10, 0),
            Self::End => (11, 0),
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
            8 => Self::Choice(low),
            9 => Self::Optional(Span { from: low, to: high }),
            10 => Self::Start,
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

/// A row of a choice that a word leads into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Led {
    row: u32,
    /// Whether the first element of the row is this very word, or a set with it.
    by_word: bool,
}

fixed!(Led { row: u32, by_word: bool });

impl Led {
    /// The row, by its place in the choice.
    pub(crate) const fn row(self) -> usize {
        self.row as usize
    }

    /// Whether the word that led to it is all that its first element asks for.
    pub(crate) const fn is_by_word(self) -> bool {
        self.by_word
    }
}

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

/// What must stand after a gap, on one side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AfterGap {
    pub(crate) prints: Prints,
    /// The next word.
    pub(crate) next: OneOf,
}

fixed!(AfterGap { prints: Prints, next: OneOf });

/// One of the rows of a choice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChoiceRow {
    pub(crate) ops: Span,
    /// What it needs beside its first word, and beside its last one.
    needs: [Need; 2],
}

fixed!(ChoiceRow { ops: Span, needs: [Need; 2] });

impl ChoiceRow {
    /// What it needs beside the word where it is entered, from the left (`FORWARD`) or from the right.
    #[inline]
    pub(crate) const fn need<const FORWARD: bool>(&self) -> Need {
        self.needs[if FORWARD { 0 } else { 1 }]
    }
}

/// The sets with a word that are asked for.
pub(crate) enum AskedOf<'a> {
    /// Their numbers.
    Few(Items<'a, u32>),
    /// A bit for each number.
    Many(Items<'a, u64>),
}

/// A compiled set of phrases.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Phrases {
    ops: Row<Op>,
    choices: Row<Choice>,
    /// What those of each choice begin and end with.
    opens: Row<Prints>,
    /// The rows of choices, each some `ops`.
    rows: Row<ChoiceRow>,
    /// Words that lead into rows of a choice, sorted within it; beside them, in `leading_to`, where
    /// the rows of each end in `led`.
    leading: Row<WordId>,
    leading_to: Row<u32>,
    led: Row<Led>,
    /// What must stand after each gap, to the right and to the left.
    after_gaps: Row<AfterGap>,
    /// By phrase: its `ops`.
    phrases: Row<Span>,
    /// By set: its words, sorted.
    sets: Rows,
    /// The places that words lead to, by word, and where those of each word end.
    leads: Row<Lead>,
    lead_ends: Row<u32>,
    /// By word: the sets with it that are asked for.
    asked: Rows,
    /// The same as rows of bits, for words that stand in many of them, and which row that is, from 1 on.
    dense: Row<u64>,
    dense_row: Row<u32>,
    /// How many sets are asked for.
    asked_sets: u32,
    /// The places that any number leads to.
    by_number: Row<Lead>,
    places: Row<Place>,
    /// By place.
    sides: Row<Sides>,
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
    pub(crate) fn rows(&self, choice: &Choice) -> Items<'_, ChoiceRow> {
        choice.rows.of(&self.rows)
    }

    /// What must stand after a gap, seen from the left (`FORWARD`) or from the right.
    #[inline]
    pub(crate) fn after_gap<const FORWARD: bool>(&self, gap: u32) -> AfterGap {
        self.after_gaps.at(2 * gap as usize + usize::from(!FORWARD))
    }

    /// The rows of a choice that a word may lead into, from the left (`FORWARD`) or from the right.
    pub(crate) fn led_by<const FORWARD: bool>(&self, choice: &Choice, word: WordId) -> Items<'_, Led> {
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
    pub(crate) fn led_by_any<const FORWARD: bool>(&self, choice: &Choice) -> Items<'_, Led> {
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

    /// How many sets are asked for.
    #[inline]
    pub(crate) const fn asked_sets(&self) -> usize {
        self.asked_sets as usize
    }

    /// How many numbers a row of bits has, one bit for each set that is asked for.
    const fn width(&self) -> usize {
        self.asked_sets().div_ceil(64)
    }

    /// The sets with this word that are asked for.
    #[inline]
    pub(crate) fn asked_of(&self, word: WordId) -> AskedOf<'_> {
        match (self.dense_row.at(word as usize) as usize).checked_sub(1) {
            Some(row) => {
                let width = self.width();
                AskedOf::Many(self.dense.range(row * width..(row + 1) * width))
            }
            None => AskedOf::Few(self.asked.row(word as usize)),
        }
    }

    /// What must stand around a place, by its number.
    #[inline]
    pub(crate) fn sides(&self, at: u32) -> Sides {
        self.sides.at(at as usize)
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
        let lists = vec![None; self.tables.lists().len()];
        let mut asked = Asked::new(&mut self.tables, vocabulary);
        let index = Index::of(&self.trees, &mut asked);
        let mut layer = Layer { flat: &mut flat, asked: &mut asked, lists };
        for tree in &self.trees {
            let span = layer.put(tree);
            layer.flat.phrases.push(&span);
        }
        let asked_sets = asked.sets;
        let sets = self.tables.sets();
        flat.sets = Rows::of(sets.iter().map(|words| &**words));
        let lead = |place: &u32| {
            let Sides { right, left } = index.sides[*place as usize];
            Lead { right: right.bits[0], left: left.bits[0], place: *place }
        };
        flat.by_number = index.by_number.iter().map(lead).collect();
        for places in &index.by_word {
            flat.leads.extend(places.iter().map(lead));
            flat.lead_ends.push(&number(flat.leads.len()));
        }
        flat.places = index.places.into_iter().collect();
        flat.sides = index.sides.into_iter().collect();
        let mut asked: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
        for (number, set) in (0..).zip(&asked_sets) {
            for word in self.tables.set(*set) {
                asked[*word as usize].push(number);
            }
        }
        flat.asked_sets = number(asked_sets.len());
        flat.lay_asked(&asked);
        flat
    }
}

/// A word in more sets than this has a row of bits.
const MANY_SETS: usize = 64;

impl Phrases {
    fn lay_asked(&mut self, asked: &[Vec<u32>]) {
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
        let few = |asked: &Vec<u32>| asked.len() <= MANY_SETS;
        self.asked = Rows::of(asked.iter().map(|asked| if few(asked) { asked.as_slice() } else { &[] }));
    }
}

/// Lays trees flat.
struct Layer<'a, 'b> {
    flat: &'a mut Phrases,
    asked: &'a mut Asked<'b>,
    /// By word list: its element, once it is laid.
    lists: Vec<Option<Op>>,
}

impl Layer<'_, '_> {
    fn put(&mut self, tree: &[Node]) -> Span {
        let ops: Vec<Op> = (0..tree.len()).map(|at| self.op(tree, at)).collect();
        let from = number(self.flat.ops.len());
        self.flat.ops.extend(ops);
        Span { from, to: number(self.flat.ops.len()) }
    }

    fn op(&mut self, tree: &[Node], at: usize) -> Op {
        match &tree[at] {
            Node::Word(word) => Op::Word(*word),
            Node::Set(set) => Op::Set(*set),
            Node::Traits(traits) => Op::Traits(*traits),
            Node::Number => Op::Number,
            Node::Money => Op::Money,
            Node::Name => Op::Name,
            Node::Any => Op::Any,
            Node::Gap(min, max) => {
                let after = self.after_gap(&tree[at + 1..], true);
                let before = self.after_gap(&tree[..at], false);
                self.flat.after_gaps.extend([after, before]);
                Op::Gap(*min, *max, number(self.flat.after_gaps.len() / 2 - 1))
            }
            Node::List(list) => {
                if let Some(known) = self.lists[*list as usize] {
                    return known;
                }
                let node = self.asked.tables.list(*list).clone();
                let op = self.op(&[node], 0);
                self.lists[*list as usize] = Some(op);
                op
            }
            Node::Alternatives(all) => {
                let put: Vec<ChoiceRow> = all.iter().map(|row| self.put_row(row)).collect();
                let from = number(self.flat.rows.len());
                self.flat.rows.extend(put);
                let rows = Span { from, to: number(self.flat.rows.len()) };
                let [by_first, by_last] = [true, false].map(|forward| self.put_leading(all, forward));
                self.flat.opens.extend([true, false].map(|forward| Prints::of_rows(all, forward, self.asked.tables)));
                let loose =
                    [by_first, by_last].map(|span| span.of(&self.flat.leading).iter().next_back() == Some(ANY_WORD));
                self.flat.choices.push(&Choice { rows, by_first, by_last, loose });
                Op::Choice(number(self.flat.choices.len() - 1))
            }
            Node::Optional(inner) => Op::Optional(self.put(inner)),
            Node::Start => Op::Start,
            Node::End => Op::End,
        }
    }

    fn put_row(&mut self, row: &[Node]) -> ChoiceRow {
        let ops = self.put(row);
        ChoiceRow { ops, needs: [true, false].map(|forward| self.asked.need_of_row(row, forward)) }
    }

    fn after_gap(&mut self, row: &[Node], forward: bool) -> AfterGap {
        let prints = Prints::of_row(row, forward, self.asked.tables);
        AfterGap { prints, next: self.asked.at_edge_of(row, forward) }
    }

    /// Which rows of a choice a word may lead into, seen from the left (`forward`) or from the right.
    fn put_leading(&mut self, rows: &[Vec<Node>], forward: bool) -> Span {
        let mut pairs: Vec<(WordId, Led)> = Vec::new();
        for (number, row) in (0..).zip(rows) {
            match First::of_row(row, forward, self.asked.tables) {
                Some(First { words, number: false, traits: Traits::NONE, .. }) => {
                    let edge = if forward { row.first() } else { row.last() };
                    let by_word = matches!(edge, Some(Node::Word(_) | Node::Set(_)));
                    pairs.extend(words.into_iter().map(|word| (word, Led { row: number, by_word })));
                }
                _ => pairs.push((ANY_WORD, Led { row: number, by_word: false })),
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let flat = &mut *self.flat;
        let from = number(flat.leading.len());
        for rows in pairs.chunk_by(|(a, _), (b, _)| a == b) {
            flat.led.extend(rows.iter().map(|(_, row)| *row));
            flat.leading.push(&rows[0].0);
            flat.leading_to.push(&number(flat.led.len()));
        }
        Span { from, to: number(flat.leading.len()) }
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
