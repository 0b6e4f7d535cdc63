//! What may stand beside a word, as prints of 64 bits: a glance that spares most of the matching.
//!
//! A token has a print of few bits, a set of tokens that of all of them. Where the print of what
//! must follow and the print of what does follow share no bit, no match is possible; where they
//! share one, it is tried.

use super::pattern::{Node, Tables};
use super::sets::key;
use crate::text::Mark;
use crate::text::language::Traits;
use crate::text::lexer;
use crate::text::rows::fixed;
use crate::text::vocabulary::{UNKNOWN, WordId};

/// How many tokens of a phrase are looked at on each side of a place.
pub(crate) const DEPTH: usize = 3;

/// What must stand on one side of a place: the prints of all that may be the next token of a phrase
/// that is not stepped over, the one after it, and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Prints {
    pub(crate) bits: [u64; DEPTH],
    /// Whether a gap may lie before it: a bit each.
    pub(crate) far: u8,
}

fixed!(Prints { bits: [u64; DEPTH], far: u8 });

/// What must stand on one side of a place beyond the next token, as the rest of [`Prints`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Beyond {
    bits: [u64; DEPTH - 1],
    far: u8,
}

fixed!(Beyond { bits: [u64; DEPTH - 1], far: u8 });

impl Beyond {
    /// Whether something of it may stand in the window.
    #[inline]
    pub(crate) fn may_be(&self, window: &Window) -> bool {
        (1..DEPTH).all(|at| self.bits[at - 1] & window.at(at, self.far.into()) != 0)
    }
}

/// Every place has it, on both sides: "anything, or nothing".
pub(super) const ALWAYS: u64 = 1;
/// A number.
const NUMBER: u64 = 1 << 1;
/// The end of the sentence on this side.
const EDGE: u64 = 1 << 2;
/// A word with a capital.
const CAPITAL: u64 = 1 << 3;
/// Classes of words that phrases ask for most, a bit each.
const CLASSES: [(Traits, u64); 5] = [
    (Traits::PAST, 1 << 4),
    (Traits::PARTICIPLE, 1 << 5),
    (Traits::ING, 1 << 6),
    (Traits::BASE.with(Traits::THIRD), 1 << 7),
    (Traits::PERSON, 1 << 8),
];
/// The bits after these are those of words.
const WORDS: u32 = 9;

/// The print of a word.
const fn of_word(word: WordId) -> u64 {
    let hash = key(word) >> 16;
    1 << (WORDS + hash % (64 - WORDS))
}

/// The print of a class of words: of all that may be known by one of these traits.
fn of_class(traits: Traits) -> u64 {
    let mut bits = 0;
    let mut left = traits;
    for (class, bit) in CLASSES {
        if class.any(traits) {
            bits |= bit;
            left = left.without(class);
        }
    }
    if left == Traits::NONE { bits } else { ALWAYS }
}

/// The print of words, and of all that is known by one of these traits.
pub(crate) fn of_words(words: &[WordId], traits: Traits) -> u64 {
    words.iter().fold(of_class(traits), |bits, word| bits | of_word(*word))
}

/// The print of a token of a text.
pub(crate) fn of_token(token: &lexer::Token) -> u64 {
    let mut bits = if token.word == UNKNOWN { 0 } else { of_word(token.word) };
    if token.is_number() {
        bits |= NUMBER;
    }
    if token.mark.any(Mark::CAPITAL) {
        bits |= CAPITAL;
    }
    for (class, bit) in CLASSES {
        if token.is(class) {
            bits |= bit;
        }
    }
    bits
}

/// What stands on one side of a place in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// The prints of what can be stepped to over light words: the next token of a phrase, the one
    /// after it, and so on; and beside each those of what can be stepped to over a gap before it.
    ahead: [[u64; 2]; DEPTH],
}

impl Window {
    /// The prints of all that may be so many tokens beyond the next one, directly or after a gap: the bit of `far`.
    #[inline]
    pub(crate) const fn at(&self, beyond: usize, far: u32) -> u64 {
        self.ahead[beyond][(far >> beyond & 1) as usize]
    }

    /// What is seen from the end of a sentence: nothing. `edge`: where a phrase may end or begin.
    pub(crate) const fn at_end(edge: bool) -> Self {
        let bits = if edge { ALWAYS | EDGE } else { ALWAYS };
        let mut ahead = [[bits, ALWAYS | EDGE]; DEPTH];
        ahead[0][1] = bits;
        Self { ahead }
    }

    /// The same seen from the other side of a token. `light`: it may be stepped over; `stops`: no gap
    /// reaches over it; `edge`: what is before it may be the edge.
    pub(crate) fn past(&self, token: &lexer::Token, light: bool, stops: bool, edge: bool) -> Self {
        let print = of_token(token) | ALWAYS | if edge { EDGE } else { 0 };
        let over = if light { u64::MAX } else { 0 };
        let [[first, far], [second, rest], [third, _]] = self.ahead;
        let next = print | first & over & !EDGE;
        let after_gap = if stops { next } else { next | far & !EDGE };
        // Beyond the next token, a gap may lie over all that is on this side.
        let rest = rest | print;
        Self { ahead: [[next, after_gap], [first | second & over, rest], [second | third & over, rest]] }
    }
}

impl Prints {
    /// Anything, or nothing.
    const ANYTHING: Self = Self { bits: [ALWAYS; DEPTH], far: 0 };
    /// Nothing at all, not even nothing.
    const NONE: Self = Self { bits: [0; DEPTH], far: 0 };

    /// What must stand next to the place, and whether a gap may lie before it.
    pub(crate) const fn next(&self) -> (u64, bool) {
        (self.bits[0], self.far & 1 != 0)
    }

    /// What must stand beyond that.
    pub(crate) fn beyond(&self) -> Beyond {
        Beyond { bits: std::array::from_fn(|at| self.bits[at + 1]), far: self.far }
    }

    /// Whether something of it may stand in the window.
    #[inline]
    pub(crate) fn may_be(&self, window: &Window) -> bool {
        self.bits[0] & window.at(0, self.far.into()) != 0 && self.beyond().may_be(window)
    }

    /// What elements begin with, seen from the left (`forward`) or from the right.
    pub(crate) fn of_row(nodes: &[Node], forward: bool, tables: &Tables) -> Self {
        Glance { tables, forward }.row(nodes, Self::ANYTHING)
    }

    fn or(self, other: Self) -> Self {
        Self { bits: std::array::from_fn(|at| self.bits[at] | other.bits[at]), far: self.far | other.far }
    }

    /// A token with this print, and then these.
    fn after(self, print: u64) -> Self {
        let mut bits = [print; DEPTH];
        bits[1..].copy_from_slice(&self.bits[..DEPTH - 1]);
        Self { bits, far: self.far << 1 & ((1 << DEPTH) - 1) }
    }
}

/// The token that leads to a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Token {
    /// This word.
    Word(WordId),
    /// Any number.
    Number,
}

/// What must follow each token that elements may begin with, in the order of the tokens.
pub(crate) fn after_each(nodes: &[Node], tables: &Tables) -> Vec<(Token, Prints)> {
    let mut found = Vec::new();
    Glance { tables, forward: true }.after_first(nodes, Prints::ANYTHING, &mut found);
    found.sort_by_key(|(token, _)| *token);
    found.dedup_by(|(token, prints), (before, all)| {
        let same = token == before;
        if same {
            *all = all.or(*prints);
        }
        same
    });
    found
}

struct Glance<'a> {
    tables: &'a Tables,
    forward: bool,
}

impl Glance<'_> {
    fn row(&self, nodes: &[Node], then: Prints) -> Prints {
        let with = |then, node| self.node(node, then);
        if self.forward { nodes.iter().rev().fold(then, with) } else { nodes.iter().fold(then, with) }
    }

    /// An element and what comes after it.
    fn node(&self, node: &Node, then: Prints) -> Prints {
        match node {
            Node::Word(word) => then.after(of_word(*word)),
            Node::Set(set) => then.after(of_words(self.tables.set(*set), Traits::NONE)),
            Node::Traits(traits) => then.after(of_class(*traits)),
            Node::Number | Node::Money => then.after(NUMBER),
            Node::Name => then.after(CAPITAL),
            Node::Any => then.after(ALWAYS),
            Node::Start if !self.forward => Prints::ANYTHING.after(EDGE),
            Node::End if self.forward => Prints::ANYTHING.after(EDGE),
            // Nothing comes before a start, nothing after an end.
            Node::Start | Node::End => Prints::ANYTHING,
            Node::Gap(..) => {
                // How far the edge may be is not seen.
                let seen = |bits: u64| if bits & EDGE == 0 { bits } else { bits | ALWAYS };
                Prints { bits: then.bits.map(seen), far: (1 << DEPTH) - 1 }
            }
            Node::List(list) => self.node(self.tables.list(*list), then),
            Node::Alternatives(rows) => rows.iter().fold(Prints::NONE, |all, row| all.or(self.row(row, then))),
            Node::Optional(inner) => self.row(inner, then).or(then),
        }
    }

    /// What follows the first token of elements, by that token.
    fn after_first(&self, nodes: &[Node], then: Prints, found: &mut Vec<(Token, Prints)>) {
        let Some((first, nodes)) = nodes.split_first() else { return };
        let then = self.row(nodes, then);
        match first {
            Node::Word(word) => found.push((Token::Word(*word), then)),
            Node::Set(set) => found.extend(self.tables.set(*set).iter().map(|word| (Token::Word(*word), then))),
            Node::Number | Node::Money => found.push((Token::Number, then)),
            Node::List(list) => self.after_first(std::slice::from_ref(self.tables.list(*list)), then, found),
            Node::Alternatives(rows) => rows.iter().for_each(|row| self.after_first(row, then, found)),
            // Nothing else leads to a phrase.
            _ => {}
        }
    }
}
