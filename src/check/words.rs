//! Texts that people will read: whether a terminal can show them.

use super::codes::{CONTROL_CHARACTER, LONG_TEXT};
use super::files::File;
use super::finding::Finding;
use super::tree::Tree;
use crate::report::harmless;
use std::ops::Range;

/// The longest text of a key that is shown to people, in columns; `None` where any length will do.
///
/// A title stands on one line of a terminal of 80 columns, a question in a list on three, advice and
/// the like on six.
fn longest(key: &str) -> Option<usize> {
    match key {
        "title" | "theme" | "role" | "function" => Some(80),
        "text" | "line" | "avoid" | "purpose" | "probe" | "probes" | "related" | "about" => Some(320),
        "why" | "advice" | "about_role" | "advice_absent" | "advice_partial" | "anchor" | "opening" | "closing" => {
            Some(480)
        }
        _ => None,
    }
}

/// The longest word without a break: wider ones are torn on a narrow terminal.
const LONGEST_WORD: usize = 60;

/// Whether the text of a key is shown to people: it must not be empty.
pub(super) fn is_shown(key: &str) -> bool {
    longest(key).is_some()
        || matches!(key, "situation" | "task" | "action" | "result" | "summary" | "why_it_works" | "answer" | "match")
}

/// Tells of a character that would steer a terminal.
pub(super) fn steers(file: &File, tree: &Tree<'_>, text: &str, span: Range<usize>, key: &str) -> Option<Finding> {
    // Nearly all texts are plain.
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return None;
    }
    let bad = text.chars().find(|c| *c != '\r' && harmless(*c).is_none())?;
    let message = format!("`{key}` holds the character U+{:04X}, which can steer a terminal", u32::from(bad));
    // Where it stands as itself, it is pointed at; written as an escape, the text is.
    let source = file.text.get(span.clone()).unwrap_or_default();
    let place = source.find(bad).map(|at| span.start + at..span.start + at + bad.len_utf8());
    Some(Finding::new(CONTROL_CHARACTER, file, Some(tree.tidy(place.unwrap_or(span))), message))
}

/// Tells of a text that fills the screen.
pub(super) fn too_long(file: &File, tree: &Tree<'_>, text: &str, span: Range<usize>, key: &str) -> Option<Finding> {
    let most = longest(key)?;
    let width = console::measure_text_width(text);
    let word = text.split([' ', '\n', '\t', '-', '/']).map(console::measure_text_width).max().unwrap_or(0);
    let message = if width > most {
        format!("`{key}` has {width} columns; {most} are as many as read well")
    } else if word > LONGEST_WORD {
        format!("`{key}` has a word of {word} columns, which no narrow terminal can hold")
    } else {
        return None;
    };
    Some(Finding::new(LONG_TEXT, file, Some(tree.tidy(span)), message))
}
