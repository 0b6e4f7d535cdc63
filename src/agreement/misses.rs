//! The answers on which starcue and the readers differ in one thing: to write rules by.

use super::gold::FAMILIES;
use super::judge::Case;
use crate::Section;
use crate::assessment::Evidence;
use serde::Serialize;

/// An answer on which starcue and the readers differ.
#[derive(Debug, Serialize)]
pub(crate) struct Miss<'a> {
    /// Where the answer stands.
    pub(crate) place: String,
    /// Its id.
    pub(crate) id: &'a str,
    /// `missed`, `false`, `elsewhere` (rightly found, by other sentences than readers marked), or the two
    /// ratings, readers' first: `4 → 2`.
    pub(crate) what: String,
    /// Words that starcue cites, with their rule; where it is `elsewhere`, those outside the marked sentences.
    pub(crate) evidence: Vec<(&'a str, &'a str)>,
    /// Sentences that readers marked and starcue does not cite.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) marked: Vec<&'a str>,
    /// The text.
    pub(crate) text: &'a str,
}

/// The answers that differ in a minefield, behaviour or motivation (or in the sentences that show it, where
/// readers marked these), in the level of a section, or in the band (`overall`); nothing where no label and
/// no rule is called so.
pub(crate) fn misses<'a>(cases: &'a [Case], what: &str) -> Option<Vec<Miss<'a>>> {
    let section = Section::from_id(what);
    let known = what == "overall"
        || section.is_some()
        || cases.iter().any(|c| c.rubric.rule(what).is_some() || (0..3).any(|f| c.labelled(f, what)));
    known.then(|| cases.iter().flat_map(|case| differences(case, what, section)).collect())
}

fn differences<'a>(case: &'a Case, what: &str, section: Option<Section>) -> Vec<Miss<'a>> {
    let text = case.gold.answer.text();
    let miss = |what: String, evidence: Vec<(&'a str, &'a str)>| Miss {
        place: case.gold.origin.place(),
        id: &case.gold.id,
        what,
        evidence,
        marked: Vec::new(),
        text,
    };
    let rated = |want: Option<u8>, got: u8| want.filter(|w| *w != got).map(|want| format!("{want} → {got}"));
    if what == "overall" {
        return rated(case.gold.labels.overall, case.assessment.band)
            .map(|w| miss(w, Vec::new()))
            .into_iter()
            .collect();
    }
    if let Some(s) = section {
        let finding = case.assessment.section(s);
        let evidence = finding.evidence.iter().map(|e| (e.quote(text), &*e.rule)).collect();
        return rated(case.gold.labels.star[s.index()], finding.level).map(|w| miss(w, evidence)).into_iter().collect();
    }
    let of_family = |family: usize| {
        let found = case.found(family).into_iter().find(|(id, _)| *id == what);
        let spans = found.map(|(_, spans)| spans).unwrap_or_default();
        let (outside, marked) = case.apart(what, spans);
        let (said, cited): (_, Vec<&Evidence>) = match (case.labelled(family, what), found.is_some()) {
            (true, false) => ("missed", Vec::new()),
            (false, true) => ("false", spans.iter().collect()),
            (true, true) if !outside.is_empty() || !marked.is_empty() => ("elsewhere", outside),
            _ => return None,
        };
        let evidence = cited.into_iter().map(|e| (e.quote(text), &*e.rule)).collect();
        let marked = marked.into_iter().map(|m| &text[m]).collect();
        case.counts(family, what).then(|| Miss { marked, ..miss(said.to_owned(), evidence) })
    };
    (0..FAMILIES.len()).filter_map(of_family).collect()
}
