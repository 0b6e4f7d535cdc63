//! Which words of an answer carry a mark, and which: stretches that never overlap.

use crate::Assessment;
use std::ops::Range;

/// What marked words are evidence of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// A behaviour that was shown.
    Shown,
    /// A minefield that was hit: it covers what else the words may show.
    Minefield,
}

/// The marked stretches of the text, in order.
pub(crate) fn marks(assessment: &Assessment, text: &str) -> Vec<(Range<usize>, Mark)> {
    let shown = assessment.behaviours.iter().flat_map(|f| &f.evidence).map(|e| (e.start..e.end, Mark::Shown));
    let hit = assessment.minefields.iter().flat_map(|m| &m.evidence).map(|e| (e.start..e.end, Mark::Minefield));
    let spans = shown.chain(hit).filter(|(range, _)| !range.is_empty());
    flatten(spans.map(|(range, mark)| (whole_words(text, range), mark)).collect())
}

/// Evidence may begin within a contraction ("n't interrupt"); people are shown whole words.
pub(crate) fn whole_words(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
    let (Some(before), Some(quote), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return range;
    };
    let mut whole = range;
    if quote.starts_with(inner) && before.ends_with(char::is_alphanumeric) {
        whole.start = before.trim_end_matches(inner).len();
    }
    let goes_on = after.starts_with(char::is_alphanumeric)
        || after.starts_with(inner) && after.chars().nth(1).is_some_and(char::is_alphabetic);
    if quote.ends_with(char::is_alphanumeric) && goes_on {
        whole.end += after.len() - after.trim_start_matches(inner).len();
    }
    whole
}

/// Cuts overlapping stretches into ones that stand side by side; the graver mark wins.
fn flatten(spans: Vec<(Range<usize>, Mark)>) -> Vec<(Range<usize>, Mark)> {
    let mut edges: Vec<usize> = spans.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut flat: Vec<(Range<usize>, Mark)> = Vec::new();
    for pair in edges.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let Some(mark) = spans.iter().filter(|(r, _)| r.start <= start && end <= r.end).map(|(_, mark)| *mark).max()
        else {
            continue;
        };
        match flat.last_mut() {
            Some((last, have)) if *have == mark && last.end == start => last.end = end,
            _ => flat.push((start..end, mark)),
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_within_a_contraction_is_shown_by_whole_words() {
        let text = "I didn't interrupt. It's \u{2018}fine\u{2019}.";
        let show = |range| &text[whole_words(text, range)];
        assert_eq!(show(5..18), "didn't interrupt");
        assert_eq!(show(2..5), "didn't");
        assert_eq!(show(20..22), "It's");
        assert_eq!(show(0..1), "I");
        let at = text.find("fine").unwrap();
        assert_eq!(show(at..at + 4), "fine");
    }

    #[test]
    fn overlapping_evidence_is_cut_and_the_minefield_wins() {
        let flat =
            flatten(vec![(0..10, Mark::Shown), (4..6, Mark::Minefield), (8..12, Mark::Shown), (20..21, Mark::Shown)]);
        assert_eq!(flat, [(0..4, Mark::Shown), (4..6, Mark::Minefield), (6..12, Mark::Shown), (20..21, Mark::Shown)]);
    }
}
