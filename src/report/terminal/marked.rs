//! The text of an answer with its evidence marked, wrapped to a width.

use crate::report::clean::harmless;
use crate::report::spans::{self, Mark};
use crate::report::{Look, View};
use console::Style;

/// Words that show something.
pub(super) fn shown(look: &Look, text: &str) -> String {
    look.paint(Style::new().green().underlined(), text)
}

/// Words that hit a minefield.
pub(super) fn minefield(look: &Look, text: &str) -> String {
    look.paint(Style::new().red().reverse(), text)
}

/// The lines of the answer. Marks show without colour too, by brackets.
pub(super) fn lines(look: &Look, view: &View<'_>, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs(view) {
        let (mut line, mut used): (Vec<Word>, usize) = (Vec::new(), 0);
        for word in paragraph {
            let wide = word.width(look);
            if !line.is_empty() && used + 1 + wide > width {
                lines.push(paint(look, &std::mem::take(&mut line)));
                used = 0;
            }
            used += wide + usize::from(!line.is_empty());
            line.push(word);
        }
        lines.push(paint(look, &line));
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Some text with the mark it carries.
type Run = (Option<Mark>, String);

/// A word, in runs of one mark each.
#[derive(Debug, Default)]
struct Word {
    runs: Vec<Run>,
    /// The mark of the white space before it.
    before: Option<Mark>,
}

impl Word {
    fn width(&self, look: &Look) -> usize {
        let text: usize = self.runs.iter().map(|(_, run)| console::measure_text_width(run)).sum();
        let brackets = if look.color { 0 } else { 4 * self.runs.iter().filter(|(mark, _)| mark.is_some()).count() };
        text + brackets
    }
}

fn push(runs: &mut Vec<Run>, mark: Option<Mark>, text: &str) {
    match runs.last_mut() {
        Some((have, run)) if *have == mark => run.push_str(text),
        _ => runs.push((mark, text.to_owned())),
    }
}

/// The words of each paragraph of the text, harmless for a terminal. A single line end is a space.
fn paragraphs(view: &View<'_>) -> Vec<Vec<Word>> {
    let marks = spans::marks(view.assessment, view.text);
    let mut marks = marks.iter().peekable();
    let mut paragraphs = vec![Vec::new()];
    let mut word = Word::default();
    let mut after_return = false;
    for (i, c) in view.text.char_indices() {
        while marks.next_if(|(range, _)| range.end <= i).is_some() {}
        let mark = marks.peek().filter(|(range, _)| range.start <= i).map(|(_, mark)| *mark);
        let second_half = std::mem::replace(&mut after_return, c == '\r') && c == '\n';
        let Some(c) = harmless(c).filter(|_| !second_half) else { continue };
        if !c.is_whitespace() {
            push(&mut word.runs, mark, c.encode_utf8(&mut [0; 4]));
            continue;
        }
        let next = Word { before: mark, ..Word::default() };
        let done = std::mem::replace(&mut word, next);
        if let Some(line) = paragraphs.last_mut().filter(|_| !done.runs.is_empty()) {
            line.push(done);
        }
        let flowing = paragraphs.last().is_some_and(|line| !line.is_empty());
        if c == '\n' && !(flowing && goes_on(&view.text[i..])) {
            paragraphs.push(Vec::new());
        }
    }
    if let Some(line) = paragraphs.last_mut().filter(|_| !word.runs.is_empty()) {
        line.push(word);
    }
    paragraphs
}

/// Whether the text goes on after a line end as if there were none: the next line is neither
/// blank nor an item of a list.
fn goes_on(rest: &str) -> bool {
    let mut chars = rest.chars();
    let first = chars.next();
    let rest = chars.as_str();
    let rest = if first == Some('\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let next = rest.lines().next().unwrap_or_default().trim();
    let numbered = next.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = numbered.len() < next.len() && numbered.starts_with(['.', ')']);
    !(next.is_empty() || numbered || next.starts_with(['-', '*', '+', '•', '#', '>']))
}

/// One line: neighbours with one mark are painted as one.
fn paint(look: &Look, words: &[Word]) -> String {
    let mut runs: Vec<Run> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            push(&mut runs, word.before, " ");
        }
        for (mark, text) in &word.runs {
            push(&mut runs, *mark, text);
        }
    }
    let painted = runs.iter().map(|(mark, text)| match (mark, look.color) {
        (None, _) => text.clone(),
        (Some(Mark::Shown), true) => shown(look, text),
        (Some(Mark::Minefield), true) => minefield(look, text),
        (Some(Mark::Shown), false) => format!("[+{text}+]"),
        (Some(Mark::Minefield), false) => format!("[!{text}!]"),
    });
    painted.collect()
}
