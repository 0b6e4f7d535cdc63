//! All phrases of a rubric in the form in which they are matched.
//!
//! They lie flat in a few rows, so that they are unpacked in no time, and each is looked up by its
//! rarest word (`index`): a token leads to places in phrases, and a place is tried only where other words
//! that its phrase must have are near.

use super::index::{Index, Lead, Place};
use super::needs::{Asked, Mixed, Near, OneOf};
use super::pattern::{First, Node, SetId, Tables, number};
use super::print::Prints;
use super::sets::{AskedSets, Sets, key, place_of};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Led {
    /// The [`key`] of the word.
    word: u32,
    /// The row, by its place in the choice, and two bits.
    row: u32,
    /// What the row needs beside the word, and its print.
    pub(crate) need: Near,
    pub(crate) print: u64,
}

fixed!(Led { word: u32, row: u32, need: Near, print: u64 });

impl Led {
    /// The first element of the row is this very word, or a set with it.
    const BY_WORD: u32 = 1 << 31;
    /// And the row has no other.
    const WHOLE: u32 = 1 << 30;

    /// What it needs is said later.
    fn new(word: WordId, row: u32, of: &[Node], forward: bool) -> Self {
        let (print, need) = Near::NOTHING;
        let edge = if forward { of.first() } else { of.last() };
        let by_word = matches!(edge, Some(Node::Word(_) | Node::Set(_)));
        let bits = match of.len() {
            1 if by_word => Self::BY_WORD | Self::WHOLE,
            _ if by_word => Self::BY_WORD,
            _ => 0,
        };
        Self { word: key(word), row: if word == ANY_WORD { row } else { row | bits }, need, print }
    }

    /// The row, by its place in the choice.
    pub(crate) const fn row(self) -> usize {
        (self.row & !(Self::BY_WORD | Self::WHOLE)) as usize
    }

    /// Whether the word that led to it is all that its first element asks for.
    pub(crate) const fn is_by_word(self) -> bool {
        self.row & Self::BY_WORD != 0
    }

    /// Whether the word that led to it is all that the row asks for.
    pub(crate) const fn is_whole(self) -> bool {
        self.row & Self::WHOLE != 0
    }
}

/// Stands for any word where a row may begin with anything.
const ANY_WORD: WordId = WordId::MAX;

/// What must stand after a gap, on one side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AfterGap {
    pub(crate) prints: Prints,
    /// The next word.
    pub(crate) next: OneOf,
}

fixed!(AfterGap { prints: Prints, next: OneOf });

/// A compiled set of phrases.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Phrases {
    ops: Row<Op>,
    choices: Row<Choice>,
    /// The rows of choices, each some `ops`.
    rows: Row<Span>,
    /// Words that lead into rows of a choice, by their keys, then by row.
    led: Row<Led>,
    /// What must stand after each gap, to the right and to the left.
    after_gaps: Row<AfterGap>,
    /// By phrase: its `ops`.
    phrases: Row<Span>,
    /// The sets of words that elements ask for.
    pub(crate) sets: Sets,
    /// The places that words lead to, by word, and where those of each word end.
    leads: Row<Lead>,
    lead_ends: Row<u32>,
    /// The sets that are asked for near a place.
    pub(crate) asked: AskedSets,
    /// Classes of words that are asked for.
    mixed: Row<Mixed>,
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

    /// A choice by its number.
    #[inline]
    pub(crate) fn choice(&self, choice: u32) -> Choice {
        self.choices.at(choice as usize)
    }

    /// The rows of a choice, in the order in which they are tried.
    #[inline]
    pub(crate) fn rows(&self, choice: &Choice) -> Items<'_, Span> {
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
        let led = span.of(&self.led);
        let key = key(word);
        let from = place_of(key, led.len(), |at| led.at(at).word);
        let (_, led) = led.split_at(from);
        let of_word = led.iter().take_while(|led| led.word == key).count();
        led.split_at(of_word).0
    }

    /// The rows of a choice that any token may lead into.
    #[inline]
    pub(crate) fn led_by_any<const FORWARD: bool>(&self, choice: &Choice) -> Items<'_, Led> {
        if !choice.loose[usize::from(!FORWARD)] {
            return Items::NONE;
        }
        self.led_by::<FORWARD>(choice, ANY_WORD)
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

    /// Classes of words that are asked for, by their number.
    #[inline]
    pub(crate) fn mixed(&self, at: u32) -> Mixed {
        self.mixed.at(at as usize)
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
        let (asked_sets, mixed) = (asked.sets.items, asked.mixed.items);
        flat.sets = Sets::of(self.tables.sets().iter().map(|words| &**words));
        flat.by_number = index.by_number.into_iter().collect();
        for leads in index.by_word {
            flat.leads.extend(leads);
            flat.lead_ends.push(&number(flat.leads.len()));
        }
        flat.places = index.places.into_iter().collect();
        flat.mixed = mixed.into_iter().collect();
        let asked_sets: Vec<&[WordId]> = asked_sets.iter().map(|set| self.tables.set(*set)).collect();
        flat.asked = AskedSets::of(&asked_sets, vocabulary);
        flat
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
                let put: Vec<Span> = all.iter().map(|row| self.put(row)).collect();
                let from = number(self.flat.rows.len());
                self.flat.rows.extend(put);
                let rows = Span { from, to: number(self.flat.rows.len()) };
                let [by_first, by_last] = [true, false].map(|forward| self.put_leading(all, forward));
                let loose = [by_first, by_last]
                    .map(|span| span.of(&self.flat.led).iter().any(|led| led.word == const { key(ANY_WORD) }));
                self.flat.choices.push(&Choice { rows, by_first, by_last, loose });
                Op::Choice(number(self.flat.choices.len() - 1))
            }
            Node::Optional(inner) => Op::Optional(self.put(inner)),
            Node::Start => Op::Start,
            Node::End => Op::End,
        }
    }

    fn after_gap(&mut self, row: &[Node], forward: bool) -> AfterGap {
        let prints = Prints::of_row(row, forward, self.asked.tables);
        AfterGap { prints, next: self.asked.at_edge_of(row, forward) }
    }

    /// Which rows of a choice a word may lead into, seen from the left (`forward`) or from the right.
    fn put_leading(&mut self, rows: &[Vec<Node>], forward: bool) -> Span {
        let mut led: Vec<Led> = Vec::new();
        for (number, row) in (0..).zip(rows) {
            match First::of_row(row, forward, self.asked.tables) {
                Some(First { words, number: false, traits: Traits::NONE, .. }) => {
                    led.extend(words.into_iter().map(|word| Led::new(word, number, row, forward)));
                }
                _ => led.push(Led::new(ANY_WORD, number, row, forward)),
            }
        }
        led.sort_unstable_by_key(|led| (led.word, led.row()));
        led.dedup();
        // In their order, so that the sets that are asked for together stand together.
        let mut needs = vec![None; rows.len()];
        for led in &mut led {
            let row = led.row();
            (led.print, led.need) = *needs[row].get_or_insert_with(|| self.asked.need_of_row(&rows[row], forward));
        }
        let from = number(self.flat.led.len());
        self.flat.led.extend(led);
        Span { from, to: number(self.flat.led.len()) }
    }
}
