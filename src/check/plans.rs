//! Plans of mock interviews: what they ask must be there, and must fit into their time.

use super::codes::{DUPLICATE_ID, KEY_CONFLICT, MISSING_KEY, PLAN_TIME, THIN_DRAW, UNKNOWN_ID};
use super::finding::Findings;
use super::references::unknown;
use super::tree::{Step, at};
use super::world::{Body, Unit, World};
use crate::content::question::Difficulty;
use crate::mock::Plan;
use crate::mock::plan::Draw;
use crate::practice::Filter;
use crate::report::span;
use crate::{Library, Question};
use std::collections::BTreeSet;

/// Seconds in which nobody tells a story.
const TOO_SHORT: u32 = 20;

/// Checks what a plan names, and its times.
pub(super) fn of_plan(world: &World<'_>, unit: &Unit<'_>, plan: &Plan, out: &mut Findings) {
    let mut rubric = |id: Option<&String>, path: &[Step]| {
        if let Some(id) = id.filter(|id| !world.rubric_ids().any(|r| r == *id)) {
            unknown(unit, path, "rubric", id, world.rubric_ids(), out);
        }
    };
    rubric(plan.rubric.as_ref(), &at!["rubric"]);
    for (i, slot) in plan.slots.iter().enumerate() {
        rubric(slot.rubric.as_ref(), &at!["question", i, "rubric"]);
    }
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for (i, slot) in plan.slots.iter().enumerate() {
        let keys = [("id", slot.id.is_some()), ("text", slot.text.is_some()), ("draw", slot.draw.is_some())];
        let mut named = keys.iter().filter(|(_, is)| *is).map(|(key, _)| *key);
        match (named.next(), named.next()) {
            (None, _) => {
                let said = "this question needs one of the keys `id`, `text` and `draw`";
                let help = "`id`: a question of the bank; `text`: your own words; `draw = {}`: any of the bank";
                out.extend(unit.at(MISSING_KEY, &at!["question", i], said).map(|f| f.help(help)));
            }
            (Some(first), Some(second)) => {
                let said = format!("this question has `{first}` and `{second}`, and can only be one of them");
                out.extend(unit.at(KEY_CONFLICT, &at!["question", i, second], said));
            }
            (Some(_), None) => {}
        }
        let Some(id) = &slot.id else { continue };
        let path = at!["question", i, "id"];
        if !world.questions.contains_key(id) {
            unknown(unit, &path, "question", id, world.questions.keys().map(String::as_str), out);
        } else if !asked.insert(id) {
            out.extend(unit.at(DUPLICATE_ID, &path, format!("the plan asks `{id}` twice")));
        }
    }
    times(unit, plan, out);
}

fn times(unit: &Unit<'_>, plan: &Plan, out: &mut Findings) {
    let mut short = |seconds: u32, path: &[Step]| {
        if (1..TOO_SHORT).contains(&seconds) {
            let said = format!("nobody tells a story in {seconds} seconds");
            out.extend(unit.at(PLAN_TIME, path, said).map(|f| f.help("`answer` is in seconds; 0 is no limit")));
        }
    };
    short(plan.answer, &at!["answer"]);
    for (i, slot) in plan.slots.iter().enumerate() {
        short(slot.answer.unwrap_or_default(), &at!["question", i, "answer"]);
    }
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let seconds = plan.slots.iter().map(|s| {
        let each = s.think.unwrap_or(plan.think).saturating_add(s.answer.unwrap_or(plan.answer));
        each.saturating_mul(number(s.number()))
    });
    let seconds = seconds.fold(0_u32, u32::saturating_add);
    if plan.minutes > 0 && seconds > plan.minutes.saturating_mul(60) {
        let said = format!(
            "{} questions take {} to think and to answer, and the plan announces {} minutes",
            plan.questions(),
            span(seconds),
            plan.minutes
        );
        out.extend(unit.at(PLAN_TIME, &at!["minutes"], said));
    }
}

/// Checks the draws of all plans whose findings are told.
pub(super) fn check(world: &World<'_>, library: &Library, out: &mut Findings) {
    for unit in world.units.iter().filter(|u| u.file.wanted) {
        if let Body::Plan(plan) = &unit.body {
            draws(unit, plan, library.questions(), out);
        }
    }
}

fn draws(unit: &Unit<'_>, plan: &Plan, bank: &[Question], out: &mut Findings) {
    let named: BTreeSet<&str> = plan.slots.iter().filter_map(|s| s.id.as_deref()).collect();
    // What earlier draws may have taken: how many, and out of which.
    let mut before: Vec<(usize, BTreeSet<&str>)> = Vec::new();
    for (i, slot) in plan.slots.iter().enumerate() {
        let Some(draw) = &slot.draw else { continue };
        let path = at!["question", i, "draw"];
        if !names(unit, draw, &path, bank, out) {
            continue;
        }
        let filter = Filter {
            theme: draw.theme.clone(),
            role: draw.role.clone(),
            difficulty: draw.level.as_deref().and_then(Difficulty::from_id),
        };
        let like = filter.of(bank).unwrap_or_default();
        let pool: BTreeSet<&str> = like.iter().map(|q| q.id.as_str()).filter(|id| !named.contains(id)).collect();
        let shared = |of: &BTreeSet<&str>| of.intersection(&pool).count();
        let most: usize = before.iter().map(|(number, of)| (*number).min(shared(of))).sum();
        let all: BTreeSet<&str> = before.iter().flat_map(|(_, of)| of.intersection(&pool).copied()).collect();
        let taken = most.min(all.len());
        if pool.len() < draw.number + taken {
            let are = |n: usize| if n == 1 { "1 question is".to_owned() } else { format!("{n} questions are") };
            let elsewhere = like.len() - pool.len() + taken;
            let beside = match elsewhere {
                0 => String::new(),
                n => format!("; other places of the plan may take {n}"),
            };
            let said = format!("{} drawn, and {} like that{beside}", are(draw.number), are(like.len()));
            out.extend(unit.at(THIN_DRAW, &path, said));
        }
        before.push((draw.number, pool));
    }
}

/// Whether there are questions of the theme and for the role of a draw.
fn names(unit: &Unit<'_>, draw: &Draw, path: &[Step], bank: &[Question], out: &mut Findings) -> bool {
    let before = out.errors();
    let open = Filter::default;
    let themes = Filter { theme: draw.theme.clone(), ..open() };
    let roles = Filter { role: draw.role.clone(), ..open() };
    for (key, filter, asked, known) in [
        ("theme", themes, &draw.theme, bank.iter().map(|q| &q.theme).collect::<BTreeSet<_>>()),
        ("role", roles, &draw.role, bank.iter().map(|q| &q.role).collect()),
    ] {
        let Some(asked) = asked.as_ref().filter(|_| filter.of(bank).is_err()) else { continue };
        let said = format!("no question has the {key} `{asked}`");
        let finding = unit.at(UNKNOWN_ID, &[path, &at![key]].concat(), said);
        let help = "a part of its name will do; `starcue questions` lists what there is";
        out.extend(finding.map(|f| f.suggest(asked, known.iter().map(|k| k.as_str())).help(help)));
    }
    out.errors() == before
}
