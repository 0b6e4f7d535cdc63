//! From bytes to tokens in one pass. Spans are byte offsets of the original and never change.

use super::language::Traits;
use super::vocabulary::{UNKNOWN, Vocabulary, WordId};
use crate::fnv;

/// What a token is, beside its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark(u16);

impl Mark {
    /// Starts with a capital letter.
    pub(crate) const CAPITAL: Self = Self(1);
    /// A number in figures.
    pub(crate) const FIGURE: Self = Self(1 << 1);
    /// A figure with a currency sign.
    pub(crate) const MONEY: Self = Self(1 << 2);
    /// A comma.
    pub(crate) const COMMA: Self = Self(1 << 3);
    /// A full stop, exclamation or question mark, or several.
    pub(crate) const STOP: Self = Self(1 << 4);
    /// Semicolon, colon, dash or bracket: a clause ends here.
    pub(crate) const BREAK: Self = Self(1 << 5);
    /// A double quotation mark.
    pub(crate) const QUOTE: Self = Self(1 << 6);
    /// Any punctuation.
    pub(crate) const PUNCTUATION: Self = Self(1 << 7);
    /// A line starts with this token.
    pub(crate) const LINE: Self = Self(1 << 8);
    /// A paragraph starts with this token.
    pub(crate) const PARAGRAPH: Self = Self(1 << 9);
    /// The same word as the one before: a stutter.
    pub(crate) const REPEATED: Self = Self(1 << 10);
    /// A bullet at the start of a line.
    pub(crate) const BULLET: Self = Self(1 << 11);

    /// Whether the two share a mark.
    pub(crate) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// Both together.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A word, a number or a punctuation mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// Number of the word.
    pub(crate) word: WordId,
    /// What it is.
    pub(crate) mark: Mark,
    /// What it does in a sentence.
    pub(crate) traits: Traits,
    /// The hash of its letters and digits in lower case; [`UNPRINTED`] where nobody has made it.
    pub(crate) print: u64,
}

/// A token without a print.
pub(crate) const UNPRINTED: u64 = 0;

impl Token {
    /// Whether it is a word or a number.
    pub(crate) const fn is_word(&self) -> bool {
        !self.mark.any(Mark::PUNCTUATION)
    }

    /// Whether it has any of the traits.
    pub(crate) const fn is(&self, traits: Traits) -> bool {
        self.traits.any(traits)
    }

    /// Whether it is a word with any of the traits.
    pub(crate) const fn is_word_of(&self, traits: Traits) -> bool {
        self.is_word() && self.is(traits)
    }

    /// Whether it is a number, in figures or in words.
    pub(crate) const fn is_number(&self) -> bool {
        self.mark.any(Mark::FIGURE) || self.is(Traits::NUMBER)
    }
}

/// Cuts a text into tokens; filler words are left out and counted.
pub(crate) fn lex(text: &str, vocabulary: &Vocabulary) -> (Vec<Token>, usize) {
    let mut lexer = Lexer {
        text,
        at: 0,
        vocabulary,
        tokens: Vec::with_capacity(text.len() / 5 + 8),
        fillers: 0,
        line: Mark::default(),
        lower: String::with_capacity(32),
    };
    lexer.run();
    (lexer.tokens, lexer.fillers)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    vocabulary: &'a Vocabulary,
    tokens: Vec<Token>,
    fillers: usize,
    line: Mark,
    lower: String,
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`')
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        // ASCII first: most text is, and a byte look-up is cheaper than decoding.
        match self.text.as_bytes().get(self.at) {
            Some(b) if b.is_ascii() => Some(char::from(*b)),
            Some(_) => self.text[self.at..].chars().next(),
            None => None,
        }
    }

    fn char_after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            if c == ' ' {
                self.at += 1;
            } else if c == '\n' {
                self.at += 1;
                self.line = if self.line.any(Mark::LINE) { Mark::LINE.with(Mark::PARAGRAPH) } else { Mark::LINE };
            } else if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if c.is_alphabetic() {
                self.word();
            } else if c.is_ascii_digit() {
                self.figure(self.at, Mark::FIGURE);
            } else if matches!(c, '$' | '£' | '€' | '¥')
                && self.char_after(self.at + c.len_utf8()).is_some_and(|d| d.is_ascii_digit())
            {
                let start = self.at;
                self.at += c.len_utf8();
                self.figure(start, Mark::FIGURE.with(Mark::MONEY));
            } else {
                self.punctuation(c);
            }
        }
    }

    fn push(&mut self, start: usize, end: usize, word: WordId, mark: Mark, traits: Traits, print: u64) {
        let mut mark = mark;
        if word != UNKNOWN
            && !mark.any(Mark::PUNCTUATION)
            && self.tokens.last().is_some_and(|t| t.word == word && t.is_word())
        {
            mark = mark.with(Mark::REPEATED);
        }
        mark = mark.with(std::mem::take(&mut self.line));
        // The lexer is fed records of at most some megabytes; u32 keeps a token at 40 bytes.
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.tokens.push(Token { start: narrow(start), end: narrow(end), word, mark, traits, print });
    }

    /// A run of letters, digits and inner apostrophes; contractions become several tokens.
    fn word(&mut self) {
        if !self.plain_word() {
            self.any_word();
        }
        // "follow-up" is read as "follow up": an inner hyphen is no token.
        if self.peek() == Some('-') && self.char_after(self.at + 1).is_some_and(char::is_alphanumeric) {
            self.at += 1;
        }
    }

    /// A word of ASCII letters and digits without an apostrophe: nearly every one is.
    fn plain_word(&mut self) -> bool {
        let start = self.at;
        let bytes = &self.text.as_bytes()[start..];
        self.lower.clear();
        let mut hash = fnv::EMPTY;
        let mut letters = true;
        for b in bytes {
            let lower = match b {
                b'a'..=b'z' | b'0'..=b'9' => *b,
                b'A'..=b'Z' => b | 0x20,
                b'_' => {
                    letters = false;
                    *b
                }
                b'\'' | b'`' | 0x80.. => return false,
                _ => break,
            };
            self.lower.push(char::from(lower));
            hash = fnv::fnv(hash, &[lower]);
        }
        let end = start + self.lower.len();
        self.at = end;
        let found = self.vocabulary.look_up(&self.lower, hash);
        if let Some(pieces) = self.vocabulary.pieces_of(found) {
            self.pieces(start, pieces);
            return true;
        }
        let word = self.vocabulary.number(found, &self.lower);
        let print = if letters { hash } else { UNPRINTED };
        self.put(start, end, word, bytes[0].is_ascii_uppercase(), print);
        true
    }

    fn pieces(&mut self, start: usize, pieces: &[usize]) {
        let mut from = start;
        for length in pieces {
            self.piece(from, from + length);
            from += length;
        }
    }

    fn any_word(&mut self) {
        let start = self.at;
        let mut apostrophe = None;
        while let Some(c) = self.peek() {
            if c.is_alphanumeric() || c == '_' || matches!(c, '\u{0300}'..='\u{036f}') {
                self.at += c.len_utf8();
            } else if is_apostrophe(c)
                && self.char_after(self.at + c.len_utf8()).is_some_and(char::is_alphabetic)
                && apostrophe.is_none()
            {
                apostrophe = Some(self.at);
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        let end = self.at;
        match apostrophe.map(|mark| self.split_at(start, mark, end)) {
            Some(Some(at)) => {
                self.piece(start, at);
                self.piece(at, end);
            }
            _ => {
                self.fold(start, end);
                if let Some(pieces) = self.vocabulary.pieces(&self.lower) {
                    self.pieces(start, pieces);
                } else {
                    self.piece(start, end);
                }
            }
        }
    }

    /// Where a contraction falls apart: before "n't", or at the apostrophe of an ending that the
    /// language knows ("'ll", "'s").
    fn split_at(&mut self, start: usize, mark: usize, end: usize) -> Option<usize> {
        let ending_in_t = self.text[mark..end].ends_with(['t', 'T']) && self.text[mark..end].chars().count() == 2;
        if ending_in_t && mark > start + 1 && self.text[start..mark].ends_with(['n', 'N']) {
            return Some(mark - 1);
        }
        self.fold(mark, end);
        (mark > start && self.vocabulary.find(&self.lower) != UNKNOWN).then_some(mark)
    }

    fn fold(&mut self, start: usize, end: usize) {
        self.lower.clear();
        for c in self.text[start..end].chars() {
            if is_apostrophe(c) {
                self.lower.push('\'');
            } else if c.is_ascii() {
                self.lower.push(c.to_ascii_lowercase());
            } else {
                self.lower.extend(c.to_lowercase());
            }
        }
    }

    fn piece(&mut self, start: usize, end: usize) {
        self.fold(start, end);
        let word = self.vocabulary.find(&self.lower);
        let capital = self.text[start..end].chars().next().is_some_and(char::is_uppercase);
        self.put(start, end, word, capital, UNPRINTED);
    }

    /// Adds the word that stands in `lower`, unless it is a filler.
    fn put(&mut self, start: usize, end: usize, word: WordId, capital: bool, print: u64) {
        let traits = self.vocabulary.traits(word, &self.lower);
        if traits.any(Traits::FILLER) {
            self.fillers += 1;
            return;
        }
        // "Last May", "and Will came": within a sentence a capital makes a month or a name of it.
        let written = &self.text[start..end];
        let named = capital
            && traits.any(Traits::WILL)
            && written.ends_with(char::is_lowercase)
            && self.tokens.last().is_some_and(Token::is_word);
        let traits = if named { Traits::NONE } else { traits };
        self.push(start, end, word, if capital { Mark::CAPITAL } else { Mark::default() }, traits, print);
    }

    /// Digits with inner points, commas and colons, and what letters are glued to them: `1,140`, `8:30`, `20k`.
    fn figure(&mut self, start: usize, mark: Mark) {
        while let Some(c) = self.peek() {
            let inner =
                matches!(c, '.' | ',' | ':') && self.char_after(self.at + 1).is_some_and(|d| d.is_ascii_digit());
            if c.is_ascii_alphanumeric() || inner {
                self.at += 1;
            } else {
                break;
            }
        }
        let mut mark = mark;
        if let Some(c) = self.peek()
            && matches!(c, '$' | '£' | '€' | '¥')
        {
            self.at += c.len_utf8();
            mark = mark.with(Mark::MONEY);
        }
        self.push(start, self.at, UNKNOWN, mark, Traits::NONE, UNPRINTED);
        if self.peek() == Some('-') && self.char_after(self.at + 1).is_some_and(char::is_alphanumeric) {
            self.at += 1;
        }
    }

    fn punctuation(&mut self, c: char) {
        let start = self.at;
        self.at += c.len_utf8();
        let kind = match c {
            ',' => Mark::COMMA,
            '.' | '!' | '?' | '…' => {
                while let Some(next @ ('.' | '!' | '?' | '…')) = self.peek() {
                    self.at += next.len_utf8();
                }
                Mark::STOP
            }
            ';' | ':' | '(' | ')' | '[' | ']' | '—' | '–' | '/' | '|' => Mark::BREAK,
            '-' | '*' | '•' | '·' | '‣' | '#' | '>' if self.line.any(Mark::LINE) || self.tokens.is_empty() => {
                while let Some(next @ ('-' | '*' | '#' | '>')) = self.peek() {
                    self.at += next.len_utf8();
                }
                Mark::BULLET.with(Mark::BREAK)
            }
            '-' => {
                while self.peek() == Some('-') {
                    self.at += 1;
                }
                Mark::BREAK
            }
            '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => Mark::QUOTE,
            _ => Mark::default(),
        };
        let word = match c {
            '%' => self.vocabulary.find("%"),
            '?' => self.vocabulary.find("?"),
            _ => UNKNOWN,
        };
        self.push(start, self.at, word, kind.with(Mark::PUNCTUATION), Traits::NONE, UNPRINTED);
    }
}
