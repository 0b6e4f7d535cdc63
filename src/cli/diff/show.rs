//! What changed, for people, for scripts and for spreadsheets.

use super::compare::{Change, Comparison, RuleChange};
use crate::Tenths;
use crate::report::table::{encode, guard};
use crate::report::{Look, clean};
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Rules that changed, those that touch most answers first.
fn rules(comparison: &Comparison) -> Vec<(&String, &RuleChange)> {
    let mut list: Vec<_> = comparison.rules.iter().collect();
    list.sort_by(|a, b| b.1.answers().cmp(&a.1.answers()).then(a.0.cmp(b.0)));
    list
}

/// Points with their sign.
fn signed(points: Tenths) -> String {
    if points.0 > 0 { format!("+{points}") } else { points.to_string() }
}

fn score(score: Option<Tenths>) -> String {
    score.map_or_else(|| "none".to_owned(), |s| s.to_string())
}

/// A rubric as it judged.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Rubric<'a> {
    /// Its id.
    id: &'a str,
    /// Hash of all that it said.
    hash: &'a str,
}

/// The rubrics that judged.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Rubrics<'a> {
    /// Before.
    old: Vec<Rubric<'a>>,
    /// Now.
    new: Vec<Rubric<'a>>,
}

/// What became of one rule.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Rule<'a> {
    /// What gives or takes the points, as receipts name it.
    rule: &'a str,
    #[serde(flatten)]
    #[cfg_attr(test, schemars(with = "RuleChange"))]
    change: &'a RuleChange,
}

/// What changed between two results of `score` (`starcue.diff-summary/1`), as `starcue diff --to json` writes it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Summary<'a> {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = "starcue.diff-summary/1")))]
    schema: &'static str,
    /// Answers in both.
    answers: usize,
    /// Answers whose findings or points changed.
    changed: usize,
    /// Answers whose score rose.
    up: usize,
    /// Answers whose score fell.
    down: usize,
    /// Answers in the old results alone.
    only_old: usize,
    /// Answers in the new results alone.
    only_new: usize,
    /// Mean scores before and now, of the answers that were judged both times; null where there is none.
    #[cfg_attr(test, schemars(with = "Option<[f64; 2]>"))]
    mean: Option<[Tenths; 2]>,
    /// Answers by their band before (rows) and now (columns), 1 to 5.
    bands: [[usize; 5]; 5],
    /// The rubrics that judged.
    rubrics: Rubrics<'a>,
    /// Rules that changed, those that touch most answers first.
    rules: Vec<Rule<'a>>,
    /// The answers that moved most.
    #[cfg_attr(test, schemars(with = "Vec<Change>"))]
    most_moved: &'a [Change],
}

/// One object, its keys in the order of the alphabet.
pub(super) fn json(c: &Comparison) -> Value {
    let [old, new] =
        c.rubrics.each_ref().map(|list| list.iter().map(|(id, hash)| Rubric { id, hash }).collect::<Vec<_>>());
    json!(Summary {
        schema: "starcue.diff-summary/1",
        answers: c.both,
        changed: c.changed,
        up: c.moved[0],
        down: c.moved[1],
        only_old: c.alone[0],
        only_new: c.alone[1],
        mean: c.means(),
        bands: c.bands,
        rubrics: Rubrics { old, new },
        rules: rules(c).into_iter().map(|(rule, change)| Rule { rule, change }).collect(),
        most_moved: &c.most_moved,
    })
}

/// A row a rule.
pub(super) fn csv(c: &Comparison) -> Vec<u8> {
    let mut rows = encode(&["rule", "gained", "lost", "other_points", "points"].map(Cow::Borrowed));
    for (id, change) in rules(c) {
        let numbers = [change.gained, change.lost, change.other_points].map(|n| Cow::Owned(n.to_string()));
        let mut cells = vec![guard(id)];
        cells.extend(numbers);
        cells.push(change.points.to_string().into());
        rows.extend(encode(&cells));
    }
    rows
}

/// For people.
pub(super) fn human(c: &Comparison, look: &Look) -> String {
    let mut text = String::new();
    let [up, down] = c.moved;
    let title = match c.changed {
        0 => format!("Nothing changed in {} answers", c.both),
        n => format!("{n} of {} answers changed: {up} up, {down} down", c.both),
    };
    let _ = writeln!(text, "{}", look.heading(&title));
    if let Some([was, is]) = c.means() {
        let _ = writeln!(text, "  mean {was} before, {is} now");
    }
    for (n, file) in c.alone.iter().zip(["old", "new"]) {
        if *n > 0 {
            let _ = writeln!(text, "  {n} only in the {file} file");
        }
    }
    if c.rubrics[0] != c.rubrics[1] {
        let list = |at: usize| {
            c.rubrics[at].iter().map(|(id, hash)| clean(&format!("{id} {hash}"))).collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(text, "  rubrics before: {}\n  rubrics now:    {}", list(0), list(1));
    }
    if c.is_same() {
        return text;
    }
    let _ = writeln!(text, "\n{}", look.heading("Bands: before (rows), now (columns)"));
    let _ = writeln!(text, "         {}", (1..=5).map(|b| format!("{b:>7}")).collect::<String>());
    for (i, row) in c.bands.iter().enumerate() {
        let _ = writeln!(text, "  band {} {}", i + 1, row.iter().map(|n| format!("{n:>7}")).collect::<String>());
    }
    if !c.rules.is_empty() {
        let _ = writeln!(text, "\n{}", look.heading("By rule:  gained    lost   other    points"));
    }
    for (id, r) in rules(c) {
        let points = signed(r.points);
        let _ = writeln!(text, "         {:>8}{:>8}{:>8}{points:>10}  {}", r.gained, r.lost, r.other_points, clean(id));
    }
    if !c.most_moved.is_empty() {
        let _ = writeln!(text, "\n{}", look.heading("Moved most"));
    }
    for change in &c.most_moved {
        let _ = writeln!(text, "{}", one(change, look));
    }
    text
}

fn one(change: &Change, look: &Look) -> String {
    let [was, is] = change.score.map(score);
    let rules: Vec<_> = change
        .rules
        .iter()
        .map(|(id, [was, is])| {
            let moved = is.unwrap_or_default().0 - was.unwrap_or_default().0;
            let sign = if was.is_none() {
                "+"
            } else if is.is_none() {
                "-"
            } else {
                "~"
            };
            format!("{sign}{} ({})", clean(id), signed(Tenths(moved)))
        })
        .collect();
    let line = format!("  {was:>5} {} {is:<5} {}  {}", look.sign("→", "->"), clean(&change.id), rules.join(", "));
    console::truncate_str(&line, look.width.max(100), look.sign("…", "~")).into_owned()
}
