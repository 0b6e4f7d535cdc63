//! `check --coverage`: which rules fire on which labelled answers, and which never do.

use super::labelled::cases;
use super::{Context, Status, write_json};
use crate::agreement::gold::FAMILIES;
use crate::agreement::judge::Case;
use crate::batch::Input;
use crate::report::{Paper, clean};
use crate::{Asked, Family, Library, Rubric, trace};
use anyhow::Result;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

/// How often a rule fires, and on what.
#[derive(Debug, Clone, Serialize)]
struct Row {
    rubric: String,
    rule: String,
    family: &'static str,
    /// Answers judged by its rubric.
    answers: usize,
    /// Answers on which it fires.
    fires: usize,
    /// Of these, answers whose labels name it; absent for what is not labelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    agrees: Option<usize>,
    /// Answers whose labels name it, and on which it does not fire.
    #[serde(skip_serializing_if = "Option::is_none")]
    misses: Option<usize>,
    /// Ids of the answers on which it fires.
    on: Vec<String>,
}

/// Tells them.
pub(super) fn run(
    library: &Library,
    inputs: &[Input],
    rubric: Option<&str>,
    json: bool,
    context: &Context,
) -> Result<Status> {
    let (cases, bad) = cases(library, inputs, None, rubric)?;
    let rows = rows(&cases);
    let mut out = context.out();
    if json {
        write_json(&mut out, &rows)?;
    } else {
        show(&mut Paper::new(&mut out, context.look), &rows, cases.len())?;
    }
    out.flush()?;
    Ok(if bad > 0 { Status::Bad } else { Status::Done })
}

fn rows(cases: &[Case]) -> Vec<Row> {
    let mut rubrics: BTreeMap<&str, (Arc<Rubric>, Vec<&Case>)> = BTreeMap::new();
    for case in cases {
        rubrics.entry(&case.rubric.id).or_insert_with(|| (Arc::clone(&case.rubric), Vec::new())).1.push(case);
    }
    let mut rows = Vec::new();
    for (rubric, cases) in rubrics.into_values() {
        let mut on: BTreeMap<(&str, String), Vec<&Case>> = BTreeMap::new();
        for case in &cases {
            let asked = case.gold.question.as_deref().map_or_else(Asked::default, Asked::text);
            let seen: BTreeSet<(&str, String)> = trace(&rubric, asked, &case.gold.answer).fired.into_iter().collect();
            for fired in seen {
                on.entry(fired).or_default().push(case);
            }
        }
        for rule in rubric.rules() {
            let fires = on.get(&(rule.family.id(), rule.id.to_string())).map_or(&[][..], Vec::as_slice);
            let family = match rule.family {
                Family::Minefield => FAMILIES.iter().position(|f| *f == "minefields"),
                Family::Behaviour => FAMILIES.iter().position(|f| *f == "behaviours"),
                Family::Motivation => FAMILIES.iter().position(|f| *f == "motivations"),
                Family::Signal | Family::SectionCue => None,
            };
            let family = family.filter(|f| cases.iter().any(|c| c.counts(*f, &rule.id)));
            let agrees = family.map(|f| fires.iter().filter(|c| c.labelled(f, &rule.id)).count());
            let named = family.map(|f| cases.iter().filter(|c| c.labelled(f, &rule.id)).count());
            rows.push(Row {
                rubric: rubric.id.to_string(),
                rule: rule.id.to_string(),
                family: rule.family.id(),
                answers: cases.len(),
                fires: fires.len(),
                agrees,
                misses: named.zip(agrees).map(|(named, agrees)| named - agrees),
                on: fires.iter().map(|c| c.gold.id.clone()).collect(),
            });
        }
    }
    rows
}

fn show(paper: &mut Paper<'_>, rows: &[Row], answers: usize) -> io::Result<()> {
    let mut rubric = "";
    for row in rows {
        if row.rubric != rubric {
            rubric = &row.rubric;
            let head = format!("{} ({} answers)", clean(rubric), row.answers);
            paper.heading(&head)?;
            paper.line(&paper.look.faint("  fires  agrees  misses  rule"))?;
        }
        let cell = |n: Option<usize>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let line = format!(
            "  {:>5}  {:>6}  {:>6}  {} {}",
            row.fires,
            cell(row.agrees),
            cell(row.misses),
            clean(&row.rule),
            paper.look.faint(row.family)
        );
        paper.line(&line)?;
    }
    let never: Vec<String> =
        rows.iter().filter(|r| r.fires == 0).map(|r| format!("{}: {}", r.rubric, r.rule)).collect();
    let bullet = paper.bullet();
    paper.list(&format!("Never fired on any of {answers} answers"), bullet, &never)?;
    if never.is_empty() {
        paper.line(&format!("\nEvery rule fires on at least one of {answers} answers."))?;
    }
    Ok(())
}
