//! Prose: one answer a file, split at labels or headings where it has them.
//!
//! `Situation:`, `**Action:** …`, `## Result`, `3. Action - …` are all seen. It takes two
//! different sections to make a sectioned answer: one label alone may be a figure of speech.

use super::lines::{LineMap, Lined};
use crate::{Answer, PartKind, Section};

/// The answer in a text file, and where its lines stand.
pub(crate) fn answer(text: &str) -> (Answer, LineMap) {
    match sections(text) {
        None => {
            let lined = Lined::whole(text);
            let answer = Answer::whole(text);
            let map = LineMap::new(&answer, |_| Some(&lined));
            (answer, map)
        }
        Some(parts) => by_section(&parts),
    }
}

/// An answer by section, and where its lines stand.
pub(super) fn by_section(parts: &[Lined; 4]) -> (Answer, LineMap) {
    let answer = Answer::sectioned(parts.each_ref().map(|part| part.text.as_str()));
    let map = LineMap::new(&answer, |kind| match kind {
        PartKind::Section(section) => Some(&parts[section.index()]),
        PartKind::Whole | PartKind::Reply => None,
    });
    (answer, map)
}

/// Lines of a file, each with its number.
type Block<'t> = Vec<(usize, &'t str)>;

/// The four sections, where the text labels at least two of them.
fn sections(text: &str) -> Option<[Lined; 4]> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut blocks: [Vec<Block<'_>>; 4] = Default::default();
    let mut opening = Block::new();
    let mut current: Option<(Section, Block<'_>)> = None;
    let mut first = None;
    for (number, line) in text.lines().enumerate().map(|(before, line)| (before + 1, line)) {
        if let Some((section, rest)) = label(line) {
            first.get_or_insert(section);
            if let Some((done, block)) = current.replace((section, vec![(number, rest)])) {
                blocks[done.index()].push(block);
            }
        } else if let Some((_, block)) = &mut current {
            block.push((number, line));
        } else if !is_heading(line) {
            opening.push((number, line));
        }
    }
    if let Some((done, block)) = current {
        blocks[done.index()].push(block);
    }
    if blocks.iter().filter(|b| !b.is_empty()).count() < 2 {
        return None;
    }
    // What stands before the first label belongs to the answer too; a title does not.
    if let Some(first) = first {
        blocks[first.index()].insert(0, opening);
    }
    Some(blocks.map(|section| {
        let mut lined = Lined::default();
        section.iter().for_each(|block| lined.add_block(block));
        lined
    }))
}

fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches('#');
    rest.len() < line.len() && rest.starts_with(' ')
}

/// The section that a line opens, and what follows the label on the same line.
fn label(line: &str) -> Option<(Section, &str)> {
    let heading = is_heading(line);
    let start = line.trim_start().trim_start_matches(['#', '*', '_', '-', '>', '[', '(', ' ']);
    let start = start.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')', ' ', '*', '_']);
    let word_end = start.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(start.len());
    let (word, rest) = start.split_at(word_end);
    let section = match word.to_ascii_lowercase().as_str() {
        "situation" => Section::Situation,
        "task" | "tasks" => Section::Task,
        "action" | "actions" => Section::Action,
        "result" | "results" => Section::Result,
        _ => return None,
    };
    let after = rest.trim_start_matches(['*', '_', ']', ')', ' ']);
    let marks_left = &rest[..rest.len() - after.len()];
    if let Some(text) = after.strip_prefix([':', '：']) {
        return Some((section, text.trim_start_matches(['*', '_']).trim_start()));
    }
    let dashed = after.strip_prefix(['–', '—']).or_else(|| after.strip_prefix("- "));
    if heading || marks_left.contains("**") || marks_left.contains("__") {
        // `## Result` or `**Result** – it held`: a heading, or a label in bold.
        if after.is_empty() {
            return Some((section, ""));
        }
        return dashed.map(|text| (section, text.trim_start()));
    }
    // A line that is nothing but the word.
    (after.is_empty() && rest.trim().is_empty() && word.starts_with(|c: char| c.is_ascii_uppercase()))
        .then_some((section, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_split_an_answer_and_bring_it_into_star_order() {
        let (a, _) = answer("Result: It held.\nAction: I fixed it.\nThen I tested.\n\nAction: I wrote it up.\n");
        assert_eq!(a.text(), "I fixed it.\nThen I tested.\n\nI wrote it up.\n\nIt held.");
    }

    #[test]
    fn headings_split_a_markdown_file_and_its_title_is_no_answer() {
        let (a, _) = answer("# My escalation\n\nIn May,\n\n## Situation\n\nIt broke.\n\n## 3. Action\n\nI fixed it.\n");
        assert_eq!(a.section(Section::Situation), "In May,\n\nIt broke.");
        assert_eq!(a.section(Section::Action), "I fixed it.");
    }

    #[test]
    fn bold_labels_and_bare_words_are_labels_too() {
        let (a, _) =
            answer("**Situation:** It broke.\n\n- **Task** – Mend it.\n\n**Action**\nI did.\n\nResult\nIt held.");
        assert_eq!(Section::ALL.map(|s| a.section(s).to_owned()), ["It broke.", "Mend it.", "I did.", "It held."]);
    }

    #[test]
    fn prose_that_merely_uses_the_words_stays_whole_as_it_was_read() {
        for text in [
            "The result: we won.\nAction was needed - and taken.\n",
            "Result: we won.\n",
            "Situation normal, they said.\nTask forces came.\nResults mattered.\n",
        ] {
            assert_eq!(answer(text).0.text(), text);
        }
    }
}
