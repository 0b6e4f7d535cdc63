//! Where things stand in a TOML file: paths of keys to byte ranges.

use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step down into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// An element of an array.
    At(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<&String> for Step {
    fn from(key: &String) -> Self {
        Self::Key(key.clone())
    }
}

impl From<usize> for Step {
    fn from(at: usize) -> Self {
        Self::At(at)
    }
}

/// A path into a file: `at!["minefield", 2, "cues", 0]`.
macro_rules! at {
    ($($step:expr),* $(,)?) => { [$(crate::check::tree::Step::from($step)),*] };
}
pub(super) use at;

/// A TOML file with the place of everything in it.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    root: Spanned<DeTable<'a>>,
    text: &'a str,
}

/// What is wrong with the syntax at a place.
pub(super) struct SyntaxError {
    pub(super) span: Option<Range<usize>>,
    pub(super) message: String,
}

impl<'a> Tree<'a> {
    /// Parses a text as far as that goes, with all its faults, by place.
    pub(super) fn parse(text: &'a str) -> (Self, Vec<SyntaxError>) {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut errors: Vec<SyntaxError> = errors
            .into_iter()
            .map(|e| SyntaxError { span: e.span(), message: e.message().trim().replace('\n', ", ") })
            .collect();
        errors.sort_by_key(|e| e.span.as_ref().map(|s| s.start));
        // One fault often makes several on its line: the first tells what to mend.
        let line = |e: &SyntaxError| e.span.as_ref().map(|s| text[..s.start.min(text.len())].matches('\n').count());
        errors.dedup_by_key(|e| line(e));
        (Self { root, text }, errors)
    }

    /// The whole file as a value of this type.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, toml::de::Error> {
        T::deserialize(toml::Deserializer::from(self.root.clone()))
    }

    pub(super) fn root(&self) -> &DeTable<'a> {
        self.root.get_ref()
    }

    /// The whole of the first line that says something, for what concerns the file as a whole.
    pub(super) fn head(&self) -> Range<usize> {
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let said = line.trim();
            if !said.is_empty() && !said.starts_with('#') {
                let from = start + (line.len() - line.trim_start().len());
                return from..from + said.len();
            }
            start += line.len();
        }
        0..0
    }

    /// The first line of the value at a path; of the nearest one above it where it is not there.
    pub(super) fn value(&self, path: &[Step]) -> Range<usize> {
        self.tidy(self.whole(path))
    }

    /// The whole range of the value at a path; of the nearest one above it where it is not there.
    pub(super) fn whole(&self, path: &[Step]) -> Range<usize> {
        self.found(path).map_or_else(|| self.head(), |(value, _)| value.span())
    }

    /// The text at a path, with its range: quotes and all.
    pub(super) fn text(&self, path: &[Step]) -> Option<(&str, Range<usize>)> {
        let value = self.found(path).filter(|(_, whole)| *whole)?.0;
        Some((value.get_ref().as_str()?, value.span()))
    }

    /// What stands at a path, or the nearest above it, and whether it is the whole path.
    fn found(&self, path: &[Step]) -> Option<(&Spanned<DeValue<'a>>, bool)> {
        let mut table = Some(self.root());
        let mut value: Option<&Spanned<DeValue<'a>>> = None;
        for step in path {
            let next = match step {
                Step::Key(key) => table.and_then(|t| t.get(key.as_str())),
                Step::At(at) => value.and_then(|v| v.get_ref().as_array()).and_then(|a| a.get(*at)),
            };
            let Some(next) = next else { return value.map(|v| (v, false)) };
            table = next.get_ref().as_table();
            value = Some(next);
        }
        value.map(|v| (v, true))
    }

    /// The range of the last key of a path; of what is nearest where it is not there.
    pub(super) fn key(&self, path: &[Step]) -> Range<usize> {
        let Some((Step::Key(last), above)) = path.split_last() else { return self.value(path) };
        let mut value: Option<&Spanned<DeValue<'a>>> = None;
        for step in above {
            value = match step {
                Step::Key(key) => match value {
                    None => self.root().get(key.as_str()),
                    Some(v) => v.get_ref().as_table().and_then(|t| t.get(key.as_str())),
                },
                Step::At(at) => value.and_then(|v| v.get_ref().as_array()).and_then(|a| a.get(*at)),
            };
            if value.is_none() {
                return self.value(path);
            }
        }
        let table = match value {
            None => Some(self.root()),
            Some(v) => v.get_ref().as_table(),
        };
        let found = table.and_then(|t| t.keys().find(|k| k.get_ref() == last).map(Spanned::span));
        found.unwrap_or_else(|| self.value(path))
    }

    /// A range that a line or two can show: tables and long texts are shown by their first line.
    pub(super) fn tidy(&self, range: Range<usize>) -> Range<usize> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        match text.find('\n') {
            Some(end) => {
                let first = text[..end].trim_end();
                if first.is_empty() { range.start..range.start } else { range.start..range.start + first.len() }
            }
            None => range,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# head\nschema = 1\n[[rule]]\nid = \"a\"\ncues = [\"x\",\n  \"y\"]\n[[rule]]\nwhy = '''\nlong\ntext'''\n";

    #[test]
    fn a_path_finds_its_place_or_the_nearest_above() {
        let (tree, errors) = Tree::parse(TEXT);
        assert!(errors.is_empty());
        let said = |range: Range<usize>| &TEXT[range];
        assert_eq!(said(tree.value(&at!["rule", 0, "cues", 1])), "\"y\"");
        assert_eq!(said(tree.key(&at!["rule", 0, "cues"])), "cues");
        assert_eq!(said(tree.value(&at!["rule", 1, "why"])), "'''");
        assert_eq!(said(tree.value(&at!["rule", 0, "absent"])), "[[rule]]");
        assert_eq!(said(tree.value(&at!["nothing"])), "schema = 1");
    }

    #[test]
    fn every_line_with_a_fault_is_told() {
        let (_, errors) = Tree::parse("a = \nb = 2\nc == 3\nd = [1, 2\n");
        assert!(errors.len() >= 2, "{}", errors.len());
        assert!(errors.is_sorted_by_key(|e| e.span.as_ref().map(|s| s.start)));
    }
}
