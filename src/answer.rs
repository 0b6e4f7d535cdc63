//! An answer: one text in named parts. Every offset that starcue reports addresses this text.

use crate::assessment::Section;
use std::ops::Range;

/// What a part of an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A free-form answer.
    Whole,
    /// A section that the candidate typed as such.
    Section(Section),
    /// The reply to a probe (a follow-up question).
    Reply,
}

/// A named part and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What the part is.
    pub kind: PartKind,
    /// Its byte range in the text.
    pub range: Range<usize>,
}

/// The text of an answer with its parts, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    text: String,
    parts: Vec<Part>,
}

/// What stands between two parts of an answer.
const BETWEEN: &str = "\n\n";

impl From<String> for Answer {
    /// A free-form answer, as [`Answer::whole`] makes it, without a copy.
    fn from(mut text: String) -> Self {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let parts = vec![Part { kind: PartKind::Whole, range: 0..text.len() }];
        Self { text, parts }
    }
}

impl Answer {
    /// A free-form answer. A byte order mark at its start is dropped.
    #[must_use]
    pub fn whole(text: &str) -> Self {
        text.to_owned().into()
    }

    /// An answer by section, in S, T, A, R order; empty sections are left out.
    #[must_use]
    pub fn sectioned(sections: [&str; 4]) -> Self {
        let mut answer = Self { text: String::new(), parts: Vec::new() };
        for (section, text) in Section::ALL.into_iter().zip(sections) {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            if !text.trim().is_empty() {
                answer.push(PartKind::Section(section), text);
            }
        }
        answer
    }

    /// The same answer with the reply to a probe after it.
    #[must_use]
    pub fn with_reply(mut self, reply: &str) -> Self {
        if !reply.trim().is_empty() {
            self.push(PartKind::Reply, reply);
        }
        self
    }

    fn push(&mut self, kind: PartKind, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str(BETWEEN);
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push(Part { kind, range: start..self.text.len() });
    }

    /// The text that every offset addresses.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What was typed for a section; empty where nothing was.
    #[must_use]
    pub fn section(&self, section: Section) -> &str {
        self.parts.iter().find(|p| p.kind == PartKind::Section(section)).map_or("", |p| &self.text[p.range.clone()])
    }

    /// Whether nothing but white space was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_joined_by_one_blank_line_and_addressable() {
        let a = Answer::sectioned(["It broke.", "", "I fixed it.", "It held."]).with_reply("Two hours.");
        assert_eq!(a.text(), "It broke.\n\nI fixed it.\n\nIt held.\n\nTwo hours.");
        assert_eq!(a.section(Section::Action), "I fixed it.");
        assert_eq!(a.section(Section::Task), "");
        let last = a.parts().last().unwrap();
        assert_eq!((last.kind, &a.text()[last.range.clone()]), (PartKind::Reply, "Two hours."));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(Answer::whole("\u{feff}Hello").text(), "Hello");
    }
}
