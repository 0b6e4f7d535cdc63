//! Labelled answers, judged by the engine.

use super::gold::{FAMILIES, Gold, OTHER};
use super::statistics::Hits;
use crate::assessment::Evidence;
use crate::content::RubricError;
use crate::engine::Judgement;
use crate::engine::score::Ingredients;
use crate::{Asked, Assessment, Library, Rubric};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// A labelled answer with what starcue says of it.
#[derive(Debug)]
pub(crate) struct Case {
    /// The answer and its labels.
    pub(crate) gold: Gold,
    /// The rubric that judged it.
    pub(crate) rubric: Arc<Rubric>,
    /// The judgement.
    pub(crate) assessment: Assessment,
    /// What the score is made of.
    pub(crate) ingredients: Ingredients,
}

impl Case {
    /// Judges an answer: by the rubric of the command line, else its own, else its question's,
    /// else `behavioural`.
    #[allow(clippy::result_large_err, reason = "it carries the answer on, as the case does")]
    fn new(gold: Gold, library: &Library, rubric: Option<&str>) -> Result<Self, (Gold, RubricError)> {
        let known = gold.question.as_deref().and_then(|q| library.question(q.trim()));
        let id = rubric.or(gold.rubric.as_deref()).or(known.map(|q| q.rubric.as_str())).unwrap_or("behavioural");
        let rubric = match library.rubric(id) {
            Ok(rubric) => rubric,
            Err(e) => return Err((gold, e)),
        };
        let asked = match (known, gold.question.as_deref()) {
            (Some(question), _) => Asked::bank(question),
            (None, Some(text)) => Asked::text(text),
            (None, None) => Asked::default(),
        };
        let judgement = Judgement::of(&rubric.program, asked, &gold.answer);
        let ingredients = Ingredients::of(&rubric.program, judgement.kind, &judgement.facts);
        let assessment = judgement.assessment(&rubric, asked);
        Ok(Self { gold, rubric, assessment, ingredients })
    }

    /// The ids found of one of [`FAMILIES`], with the words that show each.
    pub(crate) fn found(&self, family: usize) -> Vec<(&str, &[Evidence])> {
        let a = &self.assessment;
        match FAMILIES[family] {
            "minefields" => a.minefields.iter().map(|m| (&*m.id, m.evidence.as_slice())).collect(),
            "behaviours" => a.behaviours.iter().map(|f| (&*f.id, f.evidence.as_slice())).collect(),
            _ => a.motivations.iter().map(|f| (&*f.id, f.evidence.as_slice())).collect(),
        }
    }

    /// Whether an id counts for this answer: labelled at all, and no matter of dispute.
    pub(crate) fn counts(&self, family: usize, id: &str) -> bool {
        self.gold.labels.ids[family].is_some() && !self.gold.unsure[family].contains(id)
    }

    /// Whether readers saw the id in the answer.
    pub(crate) fn labelled(&self, family: usize, id: &str) -> bool {
        self.gold.labels.ids[family].as_ref().is_some_and(|ids| ids.contains(id))
    }

    /// What each labelled sentence serves, for the reader and for starcue: for starcue the role
    /// that covers most of its bytes, the first of equals.
    pub(crate) fn roles(&self) -> Vec<(usize, usize)> {
        let seen = |bytes: &Range<usize>| {
            let mut covered: Vec<(usize, usize)> = Vec::new();
            for span in &self.assessment.sentences {
                let overlap = bytes.end.min(span.end).saturating_sub(bytes.start.max(span.start));
                if overlap == 0 {
                    continue;
                }
                let role = span.section.map_or(OTHER, crate::Section::index);
                match covered.iter_mut().find(|(r, _)| *r == role) {
                    Some((_, sum)) => *sum += overlap,
                    None => covered.push((role, overlap)),
                }
            }
            covered.iter().rev().max_by_key(|(_, sum)| *sum).map_or(OTHER, |(role, _)| *role)
        };
        self.gold.roles.iter().map(|(role, bytes)| (*role, seen(bytes))).collect()
    }

    /// Of the evidence of an id, what stands outside the sentences that readers marked for it; and of these
    /// sentences, those without evidence. Where none are marked, nothing stands apart.
    pub(crate) fn apart<'e>(&self, id: &str, evidence: &'e [Evidence]) -> (Vec<&'e Evidence>, Vec<Range<usize>>) {
        let Some(marked) = self.gold.passages.get(id).filter(|marked| !marked.is_empty()) else {
            return Default::default();
        };
        let meet = |e: &Evidence, m: &Range<usize>| e.start < m.end && m.start < e.end;
        let outside = evidence.iter().filter(|e| !marked.iter().any(|m| meet(e, m))).collect();
        let unshown = marked.iter().filter(|m| !evidence.iter().any(|e| meet(e, m))).cloned().collect();
        (outside, unshown)
    }

    /// Whether the words of what was rightly found stand in the sentences that readers marked.
    pub(crate) fn shown(&self) -> Shown {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let hits = |right, wrong, missed| Hits { right: number(right), wrong: number(wrong), missed: number(missed) };
        let mut shown = Shown::default();
        for family in 0..FAMILIES.len() {
            for (id, evidence) in self.found(family) {
                let marked = self.gold.passages.get(id).map_or(0, Vec::len);
                if marked == 0 || evidence.is_empty() || !self.counts(family, id) || !self.labelled(family, id) {
                    continue;
                }
                let (outside, unshown) = self.apart(id, evidence);
                let is_seen = outside.len() < evidence.len();
                shown = shown.plus(Shown {
                    findings: hits(usize::from(is_seen), usize::from(!is_seen), 0),
                    spans: hits(evidence.len() - outside.len(), outside.len(), 0),
                    sentences: hits(marked - unshown.len(), 0, unshown.len()),
                });
            }
        }
        shown
    }

    /// How many spans the findings cite, and how many of them do not address the text.
    pub(crate) fn spans(&self) -> (u32, u32) {
        let text = self.gold.answer.text();
        let spans = (0..FAMILIES.len()).flat_map(|f| self.found(f)).flat_map(|(_, evidence)| evidence);
        spans.fold((0, 0), |(all, broken), e| {
            let whole = e.start < e.end && text.get(e.start..e.end).is_some();
            (all + 1, broken + u32::from(!whole))
        })
    }
}

/// What came of the evidence, where readers marked sentences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Findings: right with a passage in a marked sentence, else wrong.
    pub(crate) findings: Hits,
    /// Passages: right in a marked sentence, else wrong.
    pub(crate) spans: Hits,
    /// Marked sentences: right with a passage, else missed.
    pub(crate) sentences: Hits,
}

impl Shown {
    /// The sum of both.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            findings: self.findings.plus(other.findings),
            spans: self.spans.plus(other.spans),
            sentences: self.sentences.plus(other.sentences),
        }
    }
}

/// Judges labelled answers on all threads, in their order; those whose rubric is not there stand
/// in their places.
#[allow(clippy::result_large_err, reason = "an answer without its rubric is told as one")]
pub(crate) fn judge(
    gold: Vec<Gold>,
    library: &Library,
    rubric: Option<&str>,
) -> Vec<Result<Case, (Gold, RubricError)>> {
    gold.into_par_iter().map(|g| Case::new(g, library, rubric)).collect()
}
