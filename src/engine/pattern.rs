//! The phrases of the rule language: parsed, and compiled against a vocabulary.
//!
//! ```text
//! phrase  = element+
//! element = atom ["?"]  |  "{" min "," max "}"          a gap of so many words
//! atom    = word  |  word"~"  |  "@"lexicon  |  "<"class">"  |  "#"  |  "*"  |  "^"  |  "$"
//!         | "(" phrase ("|" phrase)* ")"
//! ```
//! `word~` is every inflection; `@name` a word list of the rubric or the language; `<class>` any
//! word of a class (`<past>`, `<ing>`, `<person>`, `<name>`, `<money>` and the classes of the
//! language file); `#` a number; `*` any one word; `^` and `$` the ends of a sentence. Gaps never
//! jump over a negation or the start of a clause. Light words ("just", "then", "really") and
//! stutters are stepped over by themselves.

use crate::diagnostics::did_you_mean;
use crate::text::language::{Language, Traits};
use crate::text::lexer;
use crate::text::vocabulary::{UNKNOWN, Vocabulary, WordId};
use std::collections::{BTreeMap, HashMap};

/// Number of a set of words in [`Tables`].
pub(crate) type SetId = u32;

/// One element of a phrase, as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
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
    /// A word list that is more than a set of words, by its number in [`Tables`].
    List(u32),
    /// One of several phrases.
    Alternatives(Vec<Vec<Node>>),
    /// The phrase, or nothing.
    Optional(Vec<Node>),
    /// The start of a sentence.
    Start,
    /// The end of a sentence.
    End,
}

/// What phrases share: sets of words, and word lists.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// Sets of words, each sorted.
    sets: Vec<Box<[WordId]>>,
    /// Word lists that hold more than single words.
    lists: Vec<Node>,
    /// How many elements each stands for.
    sizes: Vec<usize>,
    /// Sets by their words.
    known: HashMap<Box<[WordId]>, SetId>,
    /// Word lists (by name) and inflected words (as `word~`) that are compiled already.
    named: HashMap<String, Node>,
}

impl Tables {
    /// The words of a set, sorted.
    pub(crate) fn set(&self, id: SetId) -> &[WordId] {
        &self.sets[id as usize]
    }

    /// All sets, each sorted.
    pub(crate) fn sets(&self) -> &[Box<[WordId]>] {
        &self.sets
    }

    /// The elements that word lists stand for.
    pub(crate) fn lists(&self) -> &[Node] {
        &self.lists
    }

    /// The element that a word list stands for.
    pub(crate) fn list(&self, id: u32) -> &Node {
        &self.lists[id as usize]
    }

    /// How many elements a node stands for, those of the lists in it among them.
    fn size(&self, node: &Node) -> usize {
        let all = |nodes: &[Node]| nodes.iter().map(|n| self.size(n)).fold(0, usize::saturating_add);
        match node {
            Node::List(list) => self.sizes[*list as usize],
            Node::Alternatives(rows) => rows.iter().map(|row| all(row)).fold(1, usize::saturating_add),
            Node::Optional(inner) => all(inner).saturating_add(1),
            _ => 1,
        }
    }

    /// The set of these words, in any order.
    pub(crate) fn of(&mut self, mut words: Vec<WordId>) -> SetId {
        words.sort_unstable();
        words.dedup();
        if let Some(id) = self.known.get(words.as_slice()) {
            return *id;
        }
        let id = number(self.sets.len());
        let words: Box<[WordId]> = words.into();
        self.sets.push(words.clone());
        self.known.insert(words, id);
        id
    }

    /// An element for these words.
    fn any_of(&mut self, words: Vec<WordId>) -> Option<Node> {
        match words.as_slice() {
            [] => None,
            [one] => Some(Node::Word(*one)),
            _ => Some(Node::Set(self.of(words))),
        }
    }
}

/// Far fewer than four thousand million phrases, sets and lists fit into memory.
pub(crate) fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Word lists by name: those of the rubric, then those of the language.
pub(crate) type Lexicon = BTreeMap<String, Vec<String>>;

/// Longest gap that a phrase may ask for: beyond it, two ideas rarely belong together.
const LONGEST_GAP: u8 = 12;

/// How many elements a word list may stand for: lists that name each other multiply.
const LARGEST_LIST: usize = 50_000;

/// How deep `@lexicon` and brackets may nest.
const DEEPEST: usize = 12;

/// Compiles a phrase; its words are added to the vocabulary.
///
/// # Errors
/// One sentence that says what is wrong and what to write instead.
pub(crate) fn compile(
    phrase: &str,
    lexicon: &Lexicon,
    tables: &mut Tables,
    language: &Language,
    vocabulary: &mut Vocabulary,
) -> Result<Vec<Node>, String> {
    let mut compiler = Compiler { lexicon, tables, language, vocabulary, depth: 0 };
    let nodes = compiler.phrase(phrase)?;
    if !nodes.iter().any(|node| First::of(node, compiler.tables).is_some_and(|first| first.sure)) {
        return Err(format!("`{phrase}` names no word of its own: add one that must be there"));
    }
    Ok(nodes)
}

struct Compiler<'a> {
    lexicon: &'a Lexicon,
    tables: &'a mut Tables,
    language: &'a Language,
    vocabulary: &'a mut Vocabulary,
    depth: usize,
}

impl Compiler<'_> {
    fn phrase(&mut self, text: &str) -> Result<Vec<Node>, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("`{text}` is nested deeper than {DEEPEST}: does a word list name itself?"));
        }
        let mut chars = Chars { text, at: 0 };
        let nodes = self.sequence(&mut chars)?;
        if chars.peek().is_some() {
            return Err(format!("`{text}` has a `)` or `|` outside of brackets"));
        }
        self.depth -= 1;
        if nodes.is_empty() {
            return Err("an empty phrase matches nothing: write some words".to_owned());
        }
        Ok(nodes)
    }

    fn sequence(&mut self, chars: &mut Chars<'_>) -> Result<Vec<Node>, String> {
        let mut nodes: Vec<Node> = Vec::new();
        while let Some(c) = chars.peek() {
            match c {
                ' ' | '\t' | '\n' => chars.skip(),
                ')' | '|' => break,
                '?' => {
                    chars.skip();
                    let Some(last) = nodes.pop() else {
                        return Err("`?` follows a word or a bracket".to_owned());
                    };
                    nodes.push(Node::Optional(vec![last]));
                }
                '{' => nodes.push(Self::gap(chars)?),
                '(' => {
                    chars.skip();
                    nodes.push(self.alternatives(chars)?);
                }
                '#' => {
                    chars.skip();
                    nodes.push(Node::Number);
                }
                '*' => {
                    chars.skip();
                    nodes.push(Node::Any);
                }
                '^' => {
                    chars.skip();
                    nodes.push(Node::Start);
                }
                '$' => {
                    chars.skip();
                    nodes.push(Node::End);
                }
                '<' => nodes.push(Self::class(chars)?),
                '@' => {
                    chars.skip();
                    nodes.push(self.list(chars.take(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))?);
                }
                _ => {
                    let word =
                        chars.take(|c| !matches!(c, ' ' | '\t' | '\n' | '(' | ')' | '|' | '?' | '{' | '@' | '<'));
                    self.word(word, &mut nodes)?;
                }
            }
        }
        Ok(nodes)
    }

    fn alternatives(&mut self, chars: &mut Chars<'_>) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("brackets are nested deeper than {DEEPEST}"));
        }
        let node = self.bracket(chars)?;
        self.depth -= 1;
        Ok(node)
    }

    fn bracket(&mut self, chars: &mut Chars<'_>) -> Result<Node, String> {
        let mut all = Vec::new();
        loop {
            let one = self.sequence(chars)?;
            if one.is_empty() {
                return Err(format!("`{}` has an empty alternative: use `?` after a bracket instead", chars.text));
            }
            all.push(one);
            match chars.peek() {
                Some('|') => chars.skip(),
                Some(')') => {
                    chars.skip();
                    return Ok(self.joined(all));
                }
                _ => return Err(format!("`{}` lacks a closing bracket", chars.text)),
            }
        }
    }

    /// Alternatives of single words become one set.
    fn joined(&mut self, all: Vec<Vec<Node>>) -> Node {
        let mut words: Vec<WordId> = Vec::new();
        let mut rest: Vec<Vec<Node>> = Vec::new();
        let mut open: Vec<Vec<Node>> = all;
        open.reverse();
        while let Some(one) = open.pop() {
            match one.as_slice() {
                [Node::Word(id)] => words.push(*id),
                [Node::Set(set)] => words.extend_from_slice(self.tables.set(*set)),
                [Node::Alternatives(inner)] => open.extend(inner.iter().rev().cloned()),
                _ => rest.push(one),
            }
        }
        match (self.tables.any_of(words), rest.is_empty()) {
            (Some(set), true) => set,
            (Some(set), false) => {
                rest.insert(0, vec![set]);
                Node::Alternatives(rest)
            }
            (None, _) => Node::Alternatives(rest),
        }
    }

    fn gap(chars: &mut Chars<'_>) -> Result<Node, String> {
        chars.skip();
        let inner = chars.take(|c| c != '}');
        chars.skip();
        let bad = || format!("`{{{inner}}}` is no gap: write `{{0,3}}` for none to three words");
        let (min, max) = inner.split_once(',').ok_or_else(bad)?;
        let min: u8 = min.trim().parse().map_err(|_| bad())?;
        let max: u8 = max.trim().parse().map_err(|_| bad())?;
        if min > max || max > LONGEST_GAP {
            return Err(format!("`{{{inner}}}`: a gap goes from few to many words, {LONGEST_GAP} at most"));
        }
        Ok(Node::Gap(min, max))
    }

    fn class(chars: &mut Chars<'_>) -> Result<Node, String> {
        chars.skip();
        let name = chars.take(|c| c != '>');
        chars.skip();
        Ok(match name {
            "past" => Node::Traits(Traits::PAST),
            "participle" => Node::Traits(Traits::PARTICIPLE),
            "ing" => Node::Traits(Traits::ING),
            "verb" => Node::Traits(
                Traits::PAST.with(Traits::BASE).with(Traits::THIRD).with(Traits::PARTICIPLE).with(Traits::ING),
            ),
            "money" => Node::Money,
            "name" => Node::Name,
            other => {
                let known = Traits::KEYS.iter().copied();
                Node::Traits(Traits::from_key(other).ok_or_else(|| {
                    let near = did_you_mean(other, known.chain(["past", "ing", "verb", "money", "name"]));
                    let near = near.map(|n| format!("; did you mean `<{n}>`?")).unwrap_or_default();
                    format!("there is no class of words `<{other}>`{near}")
                })?)
            }
        })
    }

    fn list(&mut self, name: &str) -> Result<Node, String> {
        if let Some(list) = self.tables.named.get(name) {
            return Ok(list.clone());
        }
        let entries: Vec<String> = [self.lexicon.get(name), self.language.lexicon.get(name)]
            .into_iter()
            .flatten()
            .flatten()
            .cloned()
            .collect();
        if entries.is_empty() {
            let known = self.lexicon.keys().chain(self.language.lexicon.keys()).map(String::as_str);
            let near = did_you_mean(name, known);
            let near = near.map(|n| format!("; did you mean `@{n}`?")).unwrap_or_default();
            return Err(format!("there is no word list `@{name}`{near}"));
        }
        let mut all = Vec::with_capacity(entries.len());
        for entry in &entries {
            all.push(self.phrase(entry)?);
        }
        let list = match self.joined(all) {
            words @ (Node::Word(_) | Node::Set(_)) => words,
            other => {
                let size = self.tables.size(&other);
                if size > LARGEST_LIST {
                    return Err(format!("the word list `@{name}` stands for more than {LARGEST_LIST} phrases"));
                }
                self.tables.lists.push(other);
                self.tables.sizes.push(size);
                Node::List(number(self.tables.lists.len() - 1))
            }
        };
        self.tables.named.insert(name.to_owned(), list.clone());
        Ok(list)
    }

    fn inflected(&mut self, base: &str) -> Node {
        let key = format!("{base}~");
        if let Some(known) = self.tables.named.get(&key) {
            return known.clone();
        }
        let words = self.language.inflect(base).iter().map(|form| self.vocabulary.add(form)).collect();
        let node = Node::Set(self.tables.of(words));
        self.tables.named.insert(key, node.clone());
        node
    }

    /// A word as it is, or as a piece of a contraction: "is" is "'s" as well.
    fn plain(&mut self, word: &str, id: WordId) -> Node {
        let Some(pieces) = self.language.contracted.get(word) else { return Node::Word(id) };
        let mut words = vec![id];
        words.extend(pieces.iter().map(|piece| self.vocabulary.add(piece)));
        Node::Set(self.tables.of(words))
    }

    /// A written word: the lexer cuts it as it cuts the text, so "didn't" is "did not".
    fn word(&mut self, word: &str, nodes: &mut Vec<Node>) -> Result<(), String> {
        let (bare, inflected) = word.strip_suffix('~').map_or((word, false), |w| (w, true));
        if bare.contains('~') || bare.is_empty() {
            return Err(format!("`{word}`: `~` stands at the end of a word"));
        }
        // Nearly every word is plain letters: no need to cut it up.
        if bare.bytes().all(|b| b.is_ascii_lowercase()) && self.vocabulary.pieces(bare).is_none() {
            let id = self.vocabulary.add(bare);
            if !self.vocabulary.traits_of(id).any(Traits::FILLER) {
                nodes.push(if inflected { self.inflected(bare) } else { self.plain(bare, id) });
                return Ok(());
            }
        }
        // A piece of a contraction written alone: "'s", "'d".
        let piece = self.vocabulary.find(&bare.replace('\u{2019}', "'"));
        if bare.starts_with(['\'', '\u{2019}']) && piece != UNKNOWN {
            nodes.push(Node::Word(piece));
            return Ok(());
        }
        let (tokens, fillers) = lexer::lex(bare, self.vocabulary);
        if tokens.is_empty() || bare.starts_with(['\'', '\u{2019}']) {
            let why = if fillers > 0 { "is a filler, which the text is read without" } else { "is no word" };
            return Err(format!("`{word}` {why}"));
        }
        for (n, token) in tokens.iter().enumerate() {
            let written: String = bare[token.start as usize..token.end as usize]
                .chars()
                .map(|c| if c == '\u{2019}' { '\'' } else { c })
                .flat_map(char::to_lowercase)
                .collect();
            if token.is_number() && token.word == UNKNOWN {
                return Err(format!("`{word}`: write `#` for a number, or use `regex`"));
            }
            if inflected && n + 1 == tokens.len() {
                nodes.push(self.inflected(&written));
            } else {
                let id = self.vocabulary.add(&written);
                nodes.push(self.plain(&written, id));
            }
        }
        Ok(())
    }
}

/// What a match of elements must start with, or end with, where that is words or numbers.
#[derive(Debug, Clone)]
pub(crate) struct First {
    /// The words.
    pub(crate) words: Vec<WordId>,
    /// Whether it may be a number as well.
    pub(crate) number: bool,
    /// Classes that it may be of as well.
    pub(crate) traits: Traits,
    /// Whether a match starts with one of the words or a number, and with each of them whatever follows:
    /// none was seen behind something that may be left out.
    pub(crate) sure: bool,
}

impl First {
    /// What an element starts with; nothing where it may be anything.
    pub(crate) fn of(node: &Node, tables: &Tables) -> Option<Self> {
        Self::of_row(std::slice::from_ref(node), true, tables)
    }

    /// What elements start with (`forward`) or end with; nothing where it may be anything, or they may
    /// be left out.
    pub(crate) fn of_row(row: &[Node], forward: bool, tables: &Tables) -> Option<Self> {
        let mut first = Self { words: Vec::new(), number: false, traits: Traits::NONE, sure: true };
        first.gather_row(row, forward, tables).then_some(first)
    }

    fn gather_row(&mut self, row: &[Node], forward: bool, tables: &Tables) -> bool {
        let mut row = row.iter();
        while let Some(node) = if forward { row.next() } else { row.next_back() } {
            let Node::Optional(inner) = node else { return self.gather(node, forward, tables) };
            self.sure = false;
            if !self.gather_row(inner, forward, tables) {
                return false;
            }
        }
        false
    }

    fn gather(&mut self, node: &Node, forward: bool, tables: &Tables) -> bool {
        match node {
            Node::Word(id) => self.words.push(*id),
            Node::Set(set) => self.words.extend_from_slice(tables.set(*set)),
            Node::List(list) => return self.gather(tables.list(*list), forward, tables),
            Node::Number | Node::Money => self.number = true,
            Node::Traits(traits) => {
                self.traits = self.traits.with(*traits);
                self.sure = false;
            }
            Node::Alternatives(all) => return all.iter().all(|one| self.gather_row(one, forward, tables)),
            _ => return false,
        }
        true
    }
}

struct Chars<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Chars<'a> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let from = self.at;
        while let Some(c) = self.peek().filter(|c| keep(*c)) {
            self.at += c.len_utf8();
        }
        &self.text[from..self.at]
    }
}
