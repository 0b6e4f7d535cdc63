//! Why bands differ: each answer in the wrong band is put down to the first thing that explains it.

use super::figures::SOFT;
use super::judge::Case;
use crate::Kind;
use serde::Serialize;

/// Answers in the wrong band for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Cause {
    /// The reason.
    pub(crate) cause: &'static str,
    /// Answers that starcue puts too low.
    pub(crate) too_low: u32,
    /// Answers that starcue puts too high.
    pub(crate) too_high: u32,
    /// Of these, off by two bands and more.
    pub(crate) far: u32,
}

/// The reasons, in the order in which they are tried: from the gravest.
const CAUSES: [&str; 6] = [
    "taken for another kind of answer",
    "a minefield missed",
    "a minefield found that readers don't see",
    "the level of a section",
    "behaviours found or missed",
    "the same findings, weighed otherwise",
];

/// The answers in the wrong band, by cause.
pub(crate) fn causes(cases: &[Case]) -> Vec<Cause> {
    let mut causes = CAUSES.map(|cause| Cause { cause, too_low: 0, too_high: 0, far: 0 });
    for case in cases {
        let Some(want) = case.gold.labels.overall.filter(|want| *want != case.assessment.band) else { continue };
        let cause = &mut causes[place(case)];
        if case.assessment.band < want {
            cause.too_low += 1;
        } else {
            cause.too_high += 1;
        }
        cause.far += u32::from(case.assessment.band.abs_diff(want) > 1);
    }
    causes.into_iter().filter(|c| c.too_low + c.too_high > 0).collect()
}

/// The place in [`CAUSES`] of what explains that the band differs.
fn place(case: &Case) -> usize {
    let story = case.assessment.kind == Kind::Story;
    if case.counts(0, "hypothetical") && case.labelled(0, "hypothetical") == story {
        return 0;
    }
    let differ = |family: usize| {
        let found: Vec<&str> = case.found(family).into_iter().map(|(id, _)| id).collect();
        let counts = |id: &str| case.counts(family, id) && !SOFT.contains(&id);
        let labelled = case.gold.labels.ids[family].iter().flatten().map(String::as_str);
        let missed = labelled.filter(|id| counts(id) && !found.contains(id)).count();
        let wrong = found.iter().filter(|id| counts(id) && !case.labelled(family, id)).count();
        (missed > 0, wrong > 0)
    };
    let levels = case.gold.labels.star.iter().zip(&case.assessment.sections);
    let level = levels.clone().any(|(want, got)| want.is_some_and(|want| want != got.level));
    match (differ(0), level, differ(1)) {
        ((true, _), ..) => 1,
        ((_, true), ..) => 2,
        (_, true, _) => 3,
        (_, _, (true, _) | (_, true)) => 4,
        _ => 5,
    }
}
