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
pub(crate) fn marks(assessment: &Assessment) -> Vec<(Range<usize>, Mark)> {
    let shown = assessment.behaviours.iter().flat_map(|f| &f.evidence).map(|e| (e.start..e.end, Mark::Shown));
    let hit = assessment.minefields.iter().flat_map(|m| &m.evidence).map(|e| (e.start..e.end, Mark::Minefield));
    flatten(shown.chain(hit).filter(|(range, _)| !range.is_empty()).collect())
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
    fn overlapping_evidence_is_cut_and_the_minefield_wins() {
        let flat =
            flatten(vec![(0..10, Mark::Shown), (4..6, Mark::Minefield), (8..12, Mark::Shown), (20..21, Mark::Shown)]);
        assert_eq!(flat, [(0..4, Mark::Shown), (4..6, Mark::Minefield), (6..12, Mark::Shown), (20..21, Mark::Shown)]);
    }
}
