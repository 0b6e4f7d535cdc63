//! Labelled answers, judged by the engine.

use super::gold::{FAMILIES, Gold, OTHER};
use crate::assessment::Evidence;
use crate::content::RubricError;
use crate::engine::Judgement;
use crate::engine::score::Ingredients;
use crate::{Asked, Assessment, Library, Rubric};
use rayon::prelude::*;
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
        let seen = |bytes: &std::ops::Range<usize>| {
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
