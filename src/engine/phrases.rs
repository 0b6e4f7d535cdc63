//! All phrases of a rubric in the form in which they are matched.
//!
//! They lie flat in a few rows, so that they are unpacked in no time, and each is looked up by its
//! rarest word: a token leads to sets of words, a set to groups of phrases, and a group is tried
//! only where the sentence has the other words that its phrases must have.

use super::pattern::{First, Node, SetId, Tables, number};
use crate::text::language::Traits;
use crate::text::numbers;
use crate::text::vocabulary::{Vocabulary, WordId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Some items of a row, from the first to one past the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Span {
    from: u32,
    to: u32,
}

impl Span {
    fn of<T>(self, row: &[T]) -> &[T] {
        &row[self.from as usize..self.to as usize]
    }
}

/// One element of a phrase: a [`Node`] without its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// So many words, none of them a negation or the start of a clause.
    Gap(u8, u8),
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

/// Rows of elements of which one is to match.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Choice {
    rows: Span,
    /// Which rows a token may lead into, from the left and from the right.
    by_first: Span,
    by_last: Span,
}

/// Stands for any word where a row may begin with anything.
const ANY_WORD: WordId = WordId::MAX;

/// Where a phrase is tried from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Index of the phrase.
    pub(crate) phrase: u32,
    /// The element that leads to it.
    pub(crate) element: u32,
    /// A further set that the sentence must have a word of.
    pub(crate) needs: Option<SetId>,
}

/// Places that ask for the same set.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Group {
    /// The set that the sentence must have a word of.
    pub(crate) needs: Option<SetId>,
    places: Span,
}

/// A compiled set of phrases.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Phrases {
    ops: Vec<Op>,
    choices: Vec<Choice>,
    /// The rows of choices, each some `ops`.
    rows: Vec<Span>,
    /// Words that lead into rows of a choice, sorted within it; beside them, in `led`, the row.
    #[serde(with = "numbers")]
    leading: Vec<WordId>,
    #[serde(with = "numbers")]
    led: Vec<u32>,
    /// By phrase: its `ops`.
    phrases: Vec<Span>,
    /// By word list: its `ops`.
    lists: Vec<Span>,
    /// By set: its words, sorted.
    sets: Rows,
    /// By word: the sets that lead to phrases.
    leads: Rows,
    /// By word: the sets that groups and places ask for.
    asked: Rows,
    groups: Vec<Group>,
    /// By set: its `groups`.
    by_set: Vec<Span>,
    /// The `groups` that any number leads to.
    by_number: Span,
    places: Vec<Place>,
}

impl Phrases {
    /// The elements of a phrase.
    pub(crate) fn phrase(&self, phrase: u32) -> &[Op] {
        self.ops(self.phrases[phrase as usize])
    }

    /// Some elements.
    pub(crate) fn ops(&self, span: Span) -> &[Op] {
        span.of(&self.ops)
    }

    /// The elements of a word list.
    pub(crate) fn list(&self, list: u32) -> &[Op] {
        self.ops(self.lists[list as usize])
    }

    /// The rows of a choice, in the order in which they are tried.
    pub(crate) fn rows(&self, choice: u32) -> &[Span] {
        self.choices[choice as usize].rows.of(&self.rows)
    }

    /// The rows of a choice that a word may lead into, from the left (`FORWARD`) or from the right.
    pub(crate) fn led_by<const FORWARD: bool>(&self, choice: u32, word: WordId) -> &[u32] {
        let choice = self.choices[choice as usize];
        let span = if FORWARD { choice.by_first } else { choice.by_last };
        let words = span.of(&self.leading);
        let from = words.partition_point(|w| *w < word);
        let count = words[from..].iter().take_while(|w| **w == word).count();
        &span.of(&self.led)[from..from + count]
    }

    /// The rows of a choice that any token may lead into.
    pub(crate) fn led_by_any<const FORWARD: bool>(&self, choice: u32) -> &[u32] {
        self.led_by::<FORWARD>(choice, ANY_WORD)
    }

    /// The words of a set, sorted.
    pub(crate) fn set(&self, set: SetId) -> &[WordId] {
        self.sets.row(set as usize)
    }

    /// How many sets there are.
    pub(crate) fn sets(&self) -> usize {
        self.sets.len()
    }

    /// The sets with this word that lead to phrases.
    pub(crate) fn leads_of(&self, word: WordId) -> &[SetId] {
        self.leads.row(word as usize)
    }

    /// The sets with this word that are asked for.
    pub(crate) fn asked_of(&self, word: WordId) -> &[SetId] {
        self.asked.row(word as usize)
    }

    /// The groups that a set leads to.
    pub(crate) fn groups(&self, set: SetId) -> &[Group] {
        self.by_set[set as usize].of(&self.groups)
    }

    /// The groups that any number leads to.
    pub(crate) fn number_groups(&self) -> &[Group] {
        self.by_number.of(&self.groups)
    }

    /// The places of a group.
    pub(crate) fn places(&self, group: &Group) -> &[Place] {
        group.places.of(&self.places)
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
            flat.phrases.push(span);
        }
        for list in self.tables.lists() {
            let span = flat.put(std::slice::from_ref(list), &self.tables);
            flat.lists.push(span);
        }
        let sets = self.tables.sets();
        flat.sets = Rows::of(sets.iter().map(|words| &**words));
        for by_need in &index.by_set {
            let span = flat.put_groups(by_need);
            flat.by_set.push(span);
        }
        flat.by_set.resize(sets.len(), Span::default());
        flat.by_number = flat.put_groups(&index.by_number);
        let of_word = |wanted: &dyn Fn(SetId) -> bool| {
            let mut rows: Vec<Vec<SetId>> = vec![Vec::new(); vocabulary.len()];
            for (set, words) in (0..).zip(sets).filter(|(set, _)| wanted(*set)) {
                for word in words {
                    rows[*word as usize].push(set);
                }
            }
            Rows::of(rows.iter().map(Vec::as_slice))
        };
        flat.leads = of_word(&|set| index.by_set.get(set as usize).is_some_and(|groups| !groups.is_empty()));
        flat.asked = of_word(&|set| index.asked.contains(&set));
        flat
    }
}

impl Phrases {
    fn put(&mut self, tree: &[Node], tables: &Tables) -> Span {
        let ops: Vec<Op> = tree.iter().map(|node| self.op(node, tables)).collect();
        let from = number(self.ops.len());
        self.ops.extend(ops);
        Span { from, to: number(self.ops.len()) }
    }

    fn op(&mut self, node: &Node, tables: &Tables) -> Op {
        match node {
            Node::Word(word) => Op::Word(*word),
            Node::Set(set) => Op::Set(*set),
            Node::Traits(traits) => Op::Traits(*traits),
            Node::Number => Op::Number,
            Node::Money => Op::Money,
            Node::Name => Op::Name,
            Node::Any => Op::Any,
            Node::Gap(min, max) => Op::Gap(*min, *max),
            Node::List(list) => Op::List(*list),
            Node::Alternatives(all) => {
                let spans: Vec<Span> = all.iter().map(|one| self.put(one, tables)).collect();
                let from = number(self.rows.len());
                self.rows.extend(spans);
                let rows = Span { from, to: number(self.rows.len()) };
                let by_first = self.put_leading(all, |row| First::of(row.first()?, tables));
                let by_last = self.put_leading(all, |row| First::last(row.last()?, tables));
                self.choices.push(Choice { rows, by_first, by_last });
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
        for (word, row) in pairs {
            self.leading.push(word);
            self.led.push(row);
        }
        Span { from, to: number(self.leading.len()) }
    }

    fn put_groups(&mut self, by_need: &ByNeed) -> Span {
        let from = number(self.groups.len());
        for (needs, places) in by_need {
            let first = number(self.places.len());
            self.places.extend(places);
            self.groups.push(Group { needs: *needs, places: Span { from: first, to: number(self.places.len()) } });
        }
        Span { from, to: number(self.groups.len()) }
    }
}

/// Places by the set that they ask for.
type ByNeed = BTreeMap<Option<SetId>, Vec<Place>>;

/// What leads to which phrases.
#[derive(Debug, Default)]
struct Index {
    by_set: Vec<ByNeed>,
    by_number: ByNeed,
    asked: std::collections::HashSet<SetId>,
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

impl Index {
    fn of(trees: &[Vec<Node>], tables: &mut Tables, vocabulary: &Vocabulary) -> Self {
        let mut index = Self::default();
        let mut lists: HashMap<u32, Option<Lead>> = HashMap::new();
        for (phrase, tree) in (0..).zip(trees) {
            let mut leads: Vec<(u32, Lead)> = (0..)
                .zip(tree)
                .filter_map(|(element, node)| {
                    let lead = match node {
                        Node::List(list) => *lists.entry(*list).or_insert_with(|| Lead::of(node, tables, vocabulary)),
                        _ => Lead::of(node, tables, vocabulary),
                    };
                    lead.map(|l| (element, l))
                })
                .collect();
            leads.sort_by_key(|(element, lead)| (lead.cost, *element));
            // `compile` refuses phrases without a word of their own.
            let Some(((element, first), others)) = leads.split_first() else { continue };
            // A number has no place in a set of words: it asks for nothing.
            let mut others = others.iter().filter(|(_, l)| !l.number && l.set != first.set).map(|(_, l)| l.set);
            let (group, needs) = (others.next(), others.next());
            index.asked.extend([group, needs].into_iter().flatten());
            let place = Place { phrase, element: *element, needs };
            let at = first.set as usize;
            if index.by_set.len() <= at {
                index.by_set.resize_with(at + 1, ByNeed::new);
            }
            index.by_set[at].entry(group).or_default().push(place);
            if first.number {
                index.by_number.entry(group).or_default().push(place);
            }
        }
        index
    }
}

impl Lead {
    fn of(node: &Node, tables: &mut Tables, vocabulary: &Vocabulary) -> Option<Self> {
        let First { words, number } = First::of(node, tables)?;
        let of_word = |w: &WordId| if vocabulary.traits_of(*w).any(Traits::COMMON) { COMMON_COST } else { 1 };
        let cost = words.iter().map(of_word).sum::<usize>() + if number { COMMON_COST } else { 0 };
        Some(Self { set: tables.of(words), number, cost })
    }
}

/// Rows of numbers, end to end.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Rows {
    #[serde(with = "numbers")]
    starts: Vec<u32>,
    #[serde(with = "numbers")]
    items: Vec<u32>,
}

impl Rows {
    fn of<'a>(rows: impl Iterator<Item = &'a [u32]>) -> Self {
        let mut all = Self { starts: vec![0], items: Vec::new() };
        for row in rows {
            all.items.extend_from_slice(row);
            all.starts.push(number(all.items.len()));
        }
        all
    }

    fn row(&self, at: usize) -> &[u32] {
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }
}
