//! Questions: whether the sample answer is the model that it is shown as, and the weak one weak.

use super::Scope;
use super::codes::{SAMPLE_MINEFIELD, WEAK_MINEFIELD, WEAK_OFF_BAND, WEAK_SAMPLE};
use super::finding::{Finding, Findings};
use super::tree::at;
use super::world::{Body, Unit, World};
use crate::assessment::Assessment;
use crate::{Answer, Asked, Library, Question, Section, Severity, assess};
use rayon::prelude::*;

/// Scores the answers of all questions whose findings are told.
pub(super) fn check(world: &World<'_>, library: &Library, scope: &Scope, out: &mut Findings) {
    let mut wanted = Vec::new();
    for unit in world.units.iter().filter(|u| u.file.wanted) {
        if let Body::Bank(bank) = &unit.body {
            let questions = bank.questions.iter().enumerate();
            wanted.extend(questions.filter(|(_, q)| scope.wants_rubric(&q.rubric)).map(|(i, q)| (unit, i, &q.id)));
        }
    }
    let found: Vec<Vec<Finding>> = wanted
        .par_iter()
        .map(|(unit, index, id)| match library.question(id) {
            Some(question) => of_question(unit, *index, question, library),
            None => Vec::new(),
        })
        .collect();
    out.extend(found.into_iter().flatten());
}

fn of_question(unit: &Unit<'_>, index: usize, q: &Question, library: &Library) -> Vec<Finding> {
    // Without its rubric nothing can be judged: that is told elsewhere.
    let Ok(rubric) = library.rubric(&q.rubric) else { return Vec::new() };
    let mut found = Vec::new();
    let answer = Answer::sectioned(q.sample.sections());
    let a = assess(&rubric, Asked::bank(q), &answer);
    let path = at!["question", index, "sample"];
    if a.band < 4 {
        let said = format!("the sample of `{}` gets band {} ({} of 100): {}", q.id, a.band, a.score, thin(&a));
        let finding = unit.at(WEAK_SAMPLE, &path, said);
        found.extend(finding.map(|f| match a.advice.first() {
            Some(advice) => f.help(&format!("a candidate would be told: {advice}")),
            None => f,
        }));
    }
    for m in a.minefields.iter().filter(|m| m.severity == Severity::Serious) {
        let quote = m.evidence.first().map(|e| e.quote(answer.text()));
        let said = match quote {
            Some(quote) => format!("the sample of `{}` hits the serious minefield `{}`: “{quote}”", q.id, m.id),
            None => format!("the sample of `{}` hits the serious minefield `{}` by what is missing", q.id, m.id),
        };
        let section = m.evidence.first().and_then(|e| {
            let part = answer.parts().iter().find(|p| p.range.contains(&e.start))?;
            match part.kind {
                crate::PartKind::Section(section) => Some(section),
                _ => None,
            }
        });
        let mut finding = match section {
            Some(section) => unit.at(SAMPLE_MINEFIELD, &at!["question", index, "sample", section.id()], said),
            None => unit.at(SAMPLE_MINEFIELD, &path, said),
        };
        if let (Some(quote), Some(section), Some(tree)) = (quote, section, &unit.tree) {
            finding = finding.map(|f| pointed(f, unit, tree, index, section, quote));
        }
        found.extend(finding);
    }
    if let Some(weak) = &q.weak {
        weak_answer(unit, index, q, weak, &rubric, &mut found);
    }
    found
}

/// Points at the words themselves, where they stand in the file as they are read.
fn pointed(
    finding: Finding,
    unit: &Unit<'_>,
    tree: &super::tree::Tree<'_>,
    index: usize,
    section: Section,
    quote: &str,
) -> Finding {
    let whole = tree.whole(&at!["question", index, "sample", section.id()]);
    let source = unit.file.text.get(whole.clone()).unwrap_or_default();
    let span = source.find(quote).map(|at| whole.start + at..whole.start + at + quote.len());
    Finding { span: span.map(|s| tree.tidy(s)).or_else(|| finding.span.clone()), ..finding }
}

fn weak_answer(
    unit: &Unit<'_>,
    index: usize,
    q: &Question,
    weak: &crate::content::question::Weak,
    rubric: &crate::Rubric,
    found: &mut Vec<Finding>,
) {
    let a = assess(rubric, Asked::bank(q), &Answer::whole(&weak.answer));
    if a.band != weak.band {
        let said =
            format!("the weak answer of `{}` gets band {} ({} of 100), not {}", q.id, a.band, a.score, weak.band);
        found.extend(unit.at(WEAK_OFF_BAND, &at!["question", index, "weak", "band"], said));
    }
    for (n, id) in weak.minefields.iter().enumerate() {
        if rubric.rule(id).is_some() && !a.minefields.iter().any(|m| *m.id == **id) {
            let hit: Vec<String> = a.minefields.iter().map(|m| format!("`{}`", m.id)).collect();
            let hit = if hit.is_empty() { "none".to_owned() } else { hit.join(", ") };
            let said = format!("the weak answer of `{}` does not hit `{id}`; found: {hit}", q.id);
            found.extend(unit.at(WEAK_MINEFIELD, &at!["question", index, "weak", "minefields", n], said));
        }
    }
}

/// What is thin or missing in an answer.
fn thin(a: &Assessment) -> String {
    let thin: Vec<String> = Section::ALL
        .into_iter()
        .zip(&a.sections)
        .filter(|(_, s)| s.level < 2)
        .map(|(section, s)| format!("{section} is {}", if s.level == 0 { "absent" } else { "partial" }))
        .collect();
    let hit: Vec<String> = a.minefields.iter().map(|m| format!("it hits `{}`", m.id)).collect();
    if thin.is_empty() && hit.is_empty() {
        return format!("it is judged as `{}`, with too little shown", a.kind.id());
    }
    [thin, hit].concat().join(", ")
}
