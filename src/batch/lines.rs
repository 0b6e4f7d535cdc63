//! On which line of its file each line of an answer stands.

use crate::{Answer, PartKind};
use std::ops::Range;

/// The lines of an answer in a file that holds this one answer; empty where a file holds several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LineMap(Vec<Mark>);

/// From this byte of a text on, it stands on this line of the file (from 1).
type Mark = (usize, usize);

/// A text with the places of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lined {
    /// The text.
    pub(super) text: String,
    /// Where its lines begin, in order.
    marks: Vec<Mark>,
}

impl Lined {
    /// A text as it stands in its file, from its first line on.
    pub(super) fn whole(text: &str) -> Self {
        let mut marks = Vec::new();
        let mut at = 0;
        for (before, line) in text.split_inclusive('\n').enumerate() {
            marks.push((at, before + 1));
            at += line.len();
        }
        Self { text: text.to_owned(), marks }
    }

    /// Adds lines of the file, each with its number, without the white space around them; one blank
    /// line stands before them where there is text already.
    pub(super) fn add_block(&mut self, block: &[(usize, &str)]) {
        let has_words = |(_, line): &(usize, &str)| !line.trim().is_empty();
        let (Some(first), Some(last)) = (block.iter().position(has_words), block.iter().rposition(has_words)) else {
            return;
        };
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        for (at, (number, line)) in block.iter().enumerate().take(last + 1).skip(first) {
            let line = if at == first { line.trim_start() } else { line };
            let line = if at == last { line.trim_end() } else { line };
            if at > first {
                self.text.push('\n');
            }
            self.marks.push((self.text.len(), *number));
            self.text.push_str(line);
        }
    }

    /// A string of TOML: what it says, and where it stands in the source, quotes and all.
    pub(super) fn toml(text: &str, source: &str, at: Range<usize>) -> Self {
        let mut line = crate::diagnostics::line_of(source, at.start);
        let raw = source.get(at).unwrap_or_default();
        let multi_line = ["\"\"\"", "'''"].into_iter().find(|quotes| raw.starts_with(quotes));
        let escapes = raw.starts_with('"');
        let mut raw = &raw[multi_line.map_or(1, str::len).min(raw.len())..];
        if multi_line.is_some() {
            // A line end right after the quotes is no part of the text.
            let rest = raw.strip_prefix("\r\n").or_else(|| raw.strip_prefix('\n'));
            line += usize::from(rest.is_some());
            raw = rest.unwrap_or(raw);
        }
        let mut marks = vec![(0, line)];
        for (at, said) in text.char_indices() {
            let mut was = line;
            // A line end behind a backslash goes, and all white space after it.
            while let (true, Some(rest)) = (escapes, raw.strip_prefix('\\'))
                && rest.starts_with([' ', '\t', '\r', '\n'])
            {
                let next = rest.trim_start_matches([' ', '\t', '\r', '\n']);
                line += rest[..rest.len() - next.len()].matches('\n').count();
                raw = next;
            }
            if line > was {
                marks.push((at, line));
                was = line;
            }
            let length = match raw.strip_prefix('\\') {
                Some(rest) if escapes => 1 + escape_length(rest),
                _ if raw.starts_with("\r\n") && said == '\n' => 2,
                _ => raw.chars().next().map_or(0, char::len_utf8),
            };
            line += raw.get(..length).unwrap_or_default().matches('\n').count();
            raw = raw.get(length..).unwrap_or_default();
            if line > was {
                marks.push((at + said.len_utf8(), line));
            }
        }
        Self { text: text.to_owned(), marks }
    }
}

/// How long an escape of TOML is behind its backslash.
fn escape_length(rest: &str) -> usize {
    match rest.bytes().next() {
        Some(b'x') => 3,
        Some(b'u') => 5,
        Some(b'U') => 9,
        Some(_) => 1,
        None => 0,
    }
}

impl LineMap {
    /// The lines of an answer whose parts were written as `written` says.
    pub(super) fn new<'a>(answer: &Answer, written: impl Fn(PartKind) -> Option<&'a Lined>) -> Self {
        let mut marks = Vec::new();
        for part in answer.parts() {
            let Some(lined) = written(part.kind) else { continue };
            // Counted from its end: a byte order mark at its start is no part of an answer.
            let place = |at: usize| (part.range.end + at).saturating_sub(lined.text.len());
            marks.extend(lined.marks.iter().map(|(at, line)| (place(*at), *line)));
        }
        Self(marks)
    }

    /// The line of a byte of the answer, where that is known.
    pub(super) fn line(&self, offset: usize) -> Option<usize> {
        let after = self.0.partition_point(|(start, _)| *start <= offset);
        self.0.get(after.checked_sub(1)?).map(|(_, line)| *line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Section;

    #[test]
    fn lines_of_a_block_keep_their_numbers_without_the_space_around_them() {
        let mut lined = Lined::default();
        lined.add_block(&[(3, " "), (4, "  We had an outage."), (5, ""), (6, "It was late. "), (7, "")]);
        lined.add_block(&[(9, "\t")]);
        lined.add_block(&[(12, "Then more.")]);
        assert_eq!(lined.text, "We had an outage.\n\nIt was late.\n\nThen more.");
        let answer = Answer::sectioned([&lined.text, "", "", ""]);
        let map = LineMap::new(&answer, |kind| (kind == PartKind::Section(Section::Situation)).then_some(&lined));
        let line_of = |words: &str| map.line(answer.text().find(words).unwrap());
        assert_eq!([line_of("outage"), line_of("late"), line_of("Then")], [Some(4), Some(6), Some(12)]);
        assert_eq!(LineMap::default().line(0), None);
    }

    /// The line of each of some words in the first string of a TOML file.
    fn in_toml<const N: usize>(source: &str, words: [&str; N]) -> [Option<usize>; N] {
        let table: toml::Spanned<toml::de::DeTable<'_>> = toml::de::DeTable::parse(source).unwrap();
        let value = table.get_ref().get("answer").unwrap();
        let text = value.get_ref().as_str().unwrap();
        let lined = Lined::toml(text, source, value.span());
        let answer = Answer::whole(text);
        let map = LineMap::new(&answer, |_| Some(&lined));
        words.map(|w| map.line(text.find(w).unwrap()))
    }

    #[test]
    fn strings_of_toml_are_followed_through_escapes_and_joined_lines() {
        let source = "id = \"a\"\nanswer = \"\"\"\nOne \\\"quoted\\\" \\u00e9.\ntwo\\nstill two.\nthree \\\n\n   joined.\nlast\"\"\"\n";
        assert_eq!(
            in_toml(source, ["One", "two", "still", "three", "joined", "last"]),
            [Some(3), Some(4), Some(4), Some(5), Some(7), Some(8)]
        );
        assert_eq!(in_toml("\nanswer = '''a\\n\r\nb'''", ["a", "b"]), [Some(2), Some(3)]);
        assert_eq!(in_toml("\n\nanswer = \"a\\nb\"", ["a", "b"]), [Some(3), Some(3)]);
    }
}
