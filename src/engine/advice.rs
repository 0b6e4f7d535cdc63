//! What to change, the one next step first, and what an interviewer would ask next.

use super::Asked;
use super::program::{KindRule, Program};
use super::score::Ingredients;
use crate::assessment::{Kind, Section};
use std::sync::Arc;

/// How many follow-ups are offered: more is an interrogation.
const PROBES: usize = 3;

/// Advice and probes, the change that would raise the score most first.
pub(crate) fn advice(
    program: &Program,
    kind: &KindRule,
    ingredients: &Ingredients,
    missing: &[Arc<str>],
    asked: Asked<'_>,
) -> (Vec<String>, Vec<String>) {
    let score = ingredients.score(program);
    let gain = |changed: Ingredients| changed.score(program).0 - score.0;
    let mut steps: Vec<(i32, &str, &str)> = Vec::new();
    for at in 0..ingredients.minefields.len() {
        let mut changed = ingredients.clone();
        let rule = &program.rules[changed.minefields.remove(at)];
        steps.push((gain(changed), &rule.advice, &rule.probe));
    }
    for section in Section::ALL {
        let rule = &program.sections[section.index()];
        let level = ingredients.levels[section.index()];
        let text = match level {
            0 => &rule.advice_absent,
            1 => &rule.advice_partial,
            _ => continue,
        };
        let mut changed = ingredients.clone();
        changed.levels[section.index()] = 2;
        // What a section lacks is often what a minefield is about: both go together.
        changed.minefields.retain(|m| !program.rules[*m].absent.iter().any(|a| &**a == section.id()));
        steps.push((gain(changed), text, &rule.probe));
    }
    for id in missing {
        if let Some(at) = program.rules.iter().position(|r| r.id == *id) {
            let mut changed = ingredients.clone();
            changed.behaviours.push(at);
            let rule = &program.rules[at];
            steps.push((gain(changed), &rule.advice, &rule.probe));
        }
    }
    // The sort is stable: of equal gains, minefields come before sections before behaviours.
    steps.sort_by_key(|(gain, ..)| -gain);
    let mut advice: Vec<String> = Vec::new();
    let mut probes: Vec<String> = Vec::new();
    let say = |list: &mut Vec<String>, text: &str| {
        if !text.is_empty() && !list.iter().any(|have| have == text) {
            list.push(text.to_owned());
        }
    };
    if ingredients.kind != Kind::Story {
        say(&mut advice, &kind.advice);
    }
    for (_, text, probe) in steps {
        say(&mut advice, text);
        if probes.len() < PROBES {
            say(&mut probes, probe);
        }
    }
    for probe in asked.question.iter().flat_map(|q| &q.probes) {
        if probes.len() < PROBES {
            say(&mut probes, probe);
        }
    }
    (advice, probes)
}
