//! Where a text tells who somebody is.

use regex::Regex;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

/// What sort of thing is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Whose answers they are.
    Person,
    /// A name of somebody or something.
    Name,
    /// A firm.
    Employer,
    /// A street or a post code.
    Address,
    /// An e-mail address.
    Email,
    /// A page or a host.
    Link,
    /// A number that identifies: of a telephone, an account, an order.
    Number,
    /// A word that the user named.
    Named,
}

impl Kind {
    /// The word in the label.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Name => "name",
            Self::Employer => "employer",
            Self::Address => "address",
            Self::Email => "e-mail",
            Self::Link => "link",
            Self::Number => "number",
            Self::Named => "masked",
        }
    }
}

/// Words that are ordinary ones, even at the beginning of a sentence.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    /// The words that texts have in small letters.
    pub(crate) fn learn(&mut self, text: &str) {
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
            if word.chars().next().is_some_and(char::is_lowercase) && !GIVEN.contains(word) {
                self.0.insert(word.to_owned());
            }
        }
    }

    /// Whether a word (in small letters) is an ordinary one.
    pub(super) fn is_ordinary(&self, word: &str) -> bool {
        COMMON.contains(word) || self.0.contains(word)
    }
}

static GIVEN: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| include_str!("given-names.txt").lines().collect());
static COMMON: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| include_str!("common-words.txt").lines().collect());

/// What has a form of its own, the surest first.
static FORMS: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    let forms = [
        (Kind::Email, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        (Kind::Link, r"(?i)\b(?:https?://|www\.)\S+[\w/]|\b[a-z0-9-]+\.(?:com|org|net|io|de|uk|eu|co)\b(?:/\S*)?"),
        (
            Kind::Address,
            r"\b\d{1,5}[a-zA-Z]?,? (?:\p{Lu}[\p{L}'-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Close|Court|Square|Place|Boulevard|Blvd|Terrace|Crescent)\b\.?",
        ),
        (Kind::Address, r"\b\p{Lu}[\p{L}-]*(?:straße|strasse|gasse|platz|weg|allee) \d{1,4}[a-z]?\b"),
        (Kind::Address, r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),
        (Kind::Address, r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
        (Kind::Number, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
        (Kind::Number, r"\+\d[\d ()/.-]{6,}\d|\(?\b0\d{1,5}\)?[ /.-]\d[\d ./-]{3,}\d|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b"),
        (Kind::Number, r"#\s?\d{3,}\b|\b(?:[A-Z]{1,5}[-/ ]?)\d{4,}(?:-\d+)*\b|\b\d{6,}\b|\b\d{3,}(?:-\d{2,}){1,}\b"),
        (
            Kind::Number,
            r"(?i)\b(?:order|ticket|account|case|invoice|customer|reference|policy|badge|employee|passport|serial)(?: (?:number|no\.?|id))?[ :#]+\d{3,}\b",
        ),
        (
            Kind::Employer,
            r"\b(?:\p{Lu}[\p{L}\d&'-]*,? ){1,4}(?:Inc|Ltd|LLC|LLP|GmbH|AG|plc|PLC|Corp|Corporation|Limited|Group|Holdings|Bank|Airlines|Hospital|University|College)\b\.?",
        ),
        (
            Kind::Name,
            r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Herr|Frau|Madame|Monsieur)\b\.? \p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?",
        ),
    ];
    // The patterns are constants, and the tests run them all.
    forms.into_iter().filter_map(|(kind, form)| Some((kind, Regex::new(form).ok()?))).collect()
});

/// What stands before the name of a firm.
static BEFORE_FIRM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:work(?:ed|ing|s)? (?:at|for|with)|job at|joined|left|employed (?:at|by)|hired by|intern(?:ed|ship)? (?:at|with)|career at|position at|role at|shift at|manager at|engineer at|company called|firm called) (?:the )?$").ok()
});

/// A word with where it stands.
struct Word<'t> {
    range: Range<usize>,
    text: &'t str,
    /// Whether a sentence begins with it.
    first: bool,
}

/// All places that tell who somebody is, in order, none across another.
pub(super) fn found(text: &str, vocabulary: &Vocabulary, named: &[(String, Kind)]) -> Vec<(Range<usize>, Kind)> {
    let mut taken: Vec<(Range<usize>, Kind)> = Vec::new();
    let free = |taken: &[(Range<usize>, Kind)], r: &Range<usize>| {
        taken.iter().all(|(t, _)| t.end <= r.start || r.end <= t.start)
    };
    for (kind, form) in FORMS.iter() {
        for m in form.find_iter(text) {
            let mut range = m.range();
            if *kind == Kind::Employer {
                range.start += leading_ordinary(m.as_str(), vocabulary);
            }
            if range.len() > 2 && free(&taken, &range) {
                taken.push((range, *kind));
            }
        }
    }
    let lower = text.to_lowercase();
    // Where small letters are as long as large ones, the offsets are those of the text.
    if lower.len() == text.len() {
        for (word, kind) in named {
            for (at, _) in lower.match_indices(word.as_str()) {
                let range = at..at + word.len();
                let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let whole = text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
                if whole
                    && !inner(text[..range.start].chars().next_back())
                    && !inner(text[range.end..].chars().next())
                    && free(&taken, &range)
                {
                    taken.push((range, *kind));
                }
            }
        }
    }
    let words = words(text);
    let mut i = 0;
    while i < words.len() {
        let begin = i;
        while i < words.len()
            && is_name(&words[i], vocabulary)
            && (i == begin || joined(text, &words[i - 1], &words[i]))
        {
            i += 1;
        }
        if i == begin {
            i += 1;
            continue;
        }
        let range = words[begin].range.start..words[i - 1].range.end;
        if free(&taken, &range) {
            let firm = BEFORE_FIRM.as_ref().is_some_and(|b| b.is_match(&text[..range.start]));
            taken.push((range, if firm { Kind::Employer } else { Kind::Name }));
        }
    }
    taken.sort_by_key(|(r, _)| r.start);
    taken
}

/// How many bytes of ordinary words a capitalised phrase begins with: "At Acme Ltd".
fn leading_ordinary(phrase: &str, vocabulary: &Vocabulary) -> usize {
    let mut at = 0;
    for word in phrase.split_inclusive(' ') {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if !vocabulary.is_ordinary(&bare) {
            break;
        }
        at += word.len();
    }
    if at >= phrase.len() { 0 } else { at }
}

/// Whether only a space or a hyphen stands between two words.
fn joined(text: &str, a: &Word<'_>, b: &Word<'_>) -> bool {
    matches!(&text[a.range.end..b.range.start], " " | "-" | ". ") && !b.first
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    let mut first = true;
    let mut after = true;
    for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let apostrophe = matches!(c, '\'' | '\u{2019}') && text[i + c.len_utf8()..].starts_with(char::is_alphabetic);
        if c.is_alphanumeric() || (start.is_some() && apostrophe) {
            if start.is_none() {
                (start, first) = (Some(i), after);
            }
            continue;
        }
        if let Some(begin) = start.take() {
            let word = &text[begin..i];
            let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s")).unwrap_or(word);
            words.push(Word { range: begin..begin + bare.len(), text: bare, first });
            after = false;
        }
        if matches!(c, '.' | '!' | '?' | '\n' | ':' | ';' | '"' | '\u{201c}' | '\u{2018}' | '(' | '-' | '•' | '…') {
            after = true;
        }
    }
    words
}

/// Whether a word is a name: capitalised and no ordinary word, or a given name in small letters.
fn is_name(word: &Word<'_>, vocabulary: &Vocabulary) -> bool {
    let lower = word.text.to_lowercase();
    let capital = word.text.chars().next().is_some_and(char::is_uppercase);
    if !capital {
        return GIVEN.contains(lower.as_str()) && !vocabulary.is_ordinary(&lower);
    }
    if COMMON.contains(lower.as_str()) || word.text.contains(['\'', '\u{2019}']) && contraction(&lower) {
        return false;
    }
    if GIVEN.contains(lower.as_str()) {
        return true;
    }
    // Within a sentence a capital is a name's; at its beginning an ordinary word has one too.
    !(word.first && vocabulary.is_ordinary(&lower))
}

/// `I'm`, `Didn't`, `We'd`.
fn contraction(lower: &str) -> bool {
    let tail = lower.rsplit(['\'', '\u{2019}']).next().unwrap_or_default();
    matches!(tail, "m" | "t" | "d" | "ll" | "ve" | "re" | "s")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(String, &'static str)> {
        let mut vocabulary = Vocabulary::default();
        vocabulary
            .learn("the customer called and their manager said that orders were late; nobody listened, mark my words");
        found(text, &vocabulary, &[("zed".to_owned(), Kind::Named)])
            .into_iter()
            .map(|(r, kind)| (text[r].to_owned(), kind.word()))
            .collect()
    }

    #[test]
    fn every_form_is_a_pattern_that_compiles() {
        assert_eq!(FORMS.len(), 12);
        assert!(BEFORE_FIRM.is_some());
    }

    #[test]
    fn who_somebody_is_is_found() {
        for (text, words, kind) in [
            ("I told Priya about it.", "Priya", "name"),
            ("my boss sarah was away", "sarah", "name"),
            ("Then Jan van Dyk\u{2019}s team came.", "Jan", "name"),
            ("Mr. Fox shouted.", "Mr. Fox", "name"),
            ("Orders from Kowalski were late.", "Kowalski", "name"),
            ("I worked at Globex as a clerk.", "Globex", "employer"),
            ("At Stark Industries Ltd we knew.", "Stark Industries Ltd", "employer"),
            ("Write to a.b-c@mail.example.org now.", "a.b-c@mail.example.org", "e-mail"),
            ("She lives at 12 Old Mill Lane now.", "12 Old Mill Lane", "address"),
            ("It went to Gartenstraße 7 in June.", "Gartenstraße 7", "address"),
            ("near SW1A 1AA", "SW1A 1AA", "address"),
            ("I called +44 20 7946 0958 twice.", "+44 20 7946 0958", "number"),
            ("He rang 555-013-2288 again.", "555-013-2288", "number"),
            ("It was order 48213 of that day.", "order 48213", "number"),
            ("Ticket INC-20417 was mine.", "INC-20417", "number"),
            ("the card 4111111111111111 was refused", "4111111111111111", "number"),
            ("see www.acme.example/x today", "www.acme.example/x", "link"),
            ("we call it Zed here", "Zed", "masked"),
        ] {
            assert!(seen(text).contains(&(words.to_owned(), kind)), "{text}: {:?}", seen(text));
        }
    }

    #[test]
    fn ordinary_words_and_plain_numbers_stay() {
        for text in [
            "The customer called on Monday in May. I didn't wait. Nobody listened.",
            "We cut it from 40 to 12 percent in 2023, and saved 3,500 euros.",
            "I'm sure that HR and the CRM were fine. Orders were late.",
            "It took 15 minutes; 31 people were out by 10:30.",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }
}
