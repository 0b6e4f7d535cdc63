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
use std::collections::BTreeMap;
use std::sync::Arc;

/// One element of a compiled phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// Exactly this word.
    Word(WordId),
    /// Any of these words, sorted.
    Set(Box<[WordId]>),
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
    /// A word list, shared by all phrases that name it.
    List(Arc<Node>),
    /// One of several phrases.
    Alternatives(Vec<Vec<Node>>),
    /// The phrase, or nothing.
    Optional(Vec<Node>),
    /// The start of a sentence.
    Start,
    /// The end of a sentence.
    End,
}

/// Word lists (by name) and inflected words (as `word~`) that are compiled already.
pub(crate) type Lists = BTreeMap<String, Arc<Node>>;

/// Word lists by name: those of the rubric, then those of the language.
pub(crate) type Lexicon = BTreeMap<String, Vec<String>>;

/// Longest gap that a phrase may ask for: beyond it, two ideas rarely belong together.
const LONGEST_GAP: u8 = 12;

/// How deep `@lexicon` and brackets may nest.
const DEEPEST: usize = 12;

/// Compiles a phrase; its words are added to the vocabulary.
///
/// # Errors
/// One sentence that says what is wrong and what to write instead.
pub(crate) fn compile(
    phrase: &str,
    lexicon: &Lexicon,
    lists: &mut Lists,
    language: &Language,
    vocabulary: &mut Vocabulary,
) -> Result<Vec<Node>, String> {
    let mut compiler = Compiler { lexicon, lists, language, vocabulary, depth: 0 };
    let nodes = compiler.phrase(phrase)?;
    if anchor(&nodes, compiler.vocabulary).is_none() {
        return Err(format!("`{phrase}` names no word of its own: add one that must be there"));
    }
    Ok(nodes)
}

struct Compiler<'a> {
    lexicon: &'a Lexicon,
    lists: &'a mut Lists,
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
                    return Ok(Self::joined(all));
                }
                _ => return Err(format!("`{}` lacks a closing bracket", chars.text)),
            }
        }
    }

    /// Alternatives of single words become one set.
    fn joined(all: Vec<Vec<Node>>) -> Node {
        let mut words: Vec<WordId> = Vec::new();
        let mut rest: Vec<Vec<Node>> = Vec::new();
        for one in all {
            match one.as_slice() {
                [Node::Word(id)] => words.push(*id),
                [Node::Set(ids)] => words.extend_from_slice(ids),
                [Node::Alternatives(_)] => {
                    if let Some(Node::Alternatives(inner)) = one.into_iter().next() {
                        for phrase in inner {
                            match phrase.as_slice() {
                                [Node::Word(id)] => words.push(*id),
                                [Node::Set(ids)] => words.extend_from_slice(ids),
                                _ => rest.push(phrase),
                            }
                        }
                    }
                }
                _ => rest.push(one),
            }
        }
        words.sort_unstable();
        words.dedup();
        let set = match words.as_slice() {
            [] => None,
            [one] => Some(Node::Word(*one)),
            _ => Some(Node::Set(words.into())),
        };
        match (set, rest.is_empty()) {
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
        if let Some(list) = self.lists.get(name) {
            return Ok(Node::List(Arc::clone(list)));
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
        let list = Arc::new(Self::joined(all));
        self.lists.insert(name.to_owned(), Arc::clone(&list));
        Ok(Node::List(list))
    }

    fn inflected(&mut self, base: &str) -> Node {
        let key = format!("{base}~");
        if let Some(known) = self.lists.get(&key) {
            return Node::clone(known);
        }
        let mut ids: Vec<WordId> = self.language.inflect(base).iter().map(|form| self.vocabulary.add(form)).collect();
        ids.sort_unstable();
        ids.dedup();
        let node = Node::Set(ids.into());
        self.lists.insert(key, Arc::new(node.clone()));
        node
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
                nodes.push(if inflected { self.inflected(bare) } else { Node::Word(id) });
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
                nodes.push(Node::Word(self.vocabulary.add(&written)));
            }
        }
        Ok(())
    }
}

/// What a phrase is looked up by: an element of it, the words that lead there, and whether any
/// number does too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// Index of the element.
    pub(crate) element: usize,
    /// The words that it may start with.
    pub(crate) words: Vec<WordId>,
    /// Whether it may be a number.
    pub(crate) number: bool,
}

/// The rarest element of a phrase that must be there, if it has one.
pub(crate) fn anchor(nodes: &[Node], vocabulary: &Vocabulary) -> Option<Anchor> {
    let mut best: Option<(usize, Anchor)> = None;
    for (element, node) in nodes.iter().enumerate() {
        let mut anchor = Anchor { element, words: Vec::new(), number: false };
        if !first_words(node, &mut anchor) {
            continue;
        }
        // A common word costs as much as many rare ones: it stands in every answer.
        let words: usize =
            anchor.words.iter().map(|w| if vocabulary.traits_of(*w).any(Traits::COMMON) { 100 } else { 1 }).sum();
        let cost = words + if anchor.number { 100 } else { 0 };
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, anchor));
        }
    }
    best.map(|(_, anchor)| anchor)
}

/// Gathers what an element may start with; false where that may be anything.
fn first_words(node: &Node, anchor: &mut Anchor) -> bool {
    match node {
        Node::Word(id) => anchor.words.push(*id),
        Node::Set(ids) => anchor.words.extend_from_slice(ids),
        Node::List(inner) => return first_words(inner, anchor),
        Node::Number | Node::Money => anchor.number = true,
        Node::Alternatives(all) => {
            if !all.iter().all(|one| one.first().is_some_and(|first| first_words(first, anchor))) {
                return false;
            }
            anchor.words.sort_unstable();
            anchor.words.dedup();
        }
        _ => return false,
    }
    true
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
