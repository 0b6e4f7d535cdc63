//! What changed, for people, for scripts and for spreadsheets.

use super::compare::{Change, Comparison, RuleChange};
use crate::Tenths;
use crate::report::table::{encode, guard};
use crate::report::{Look, clean};
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

/// One object (`starcue.diff-summary/1`).
pub(super) fn json(c: &Comparison) -> Value {
    let rubrics = c
        .rubrics
        .each_ref()
        .map(|list| list.iter().map(|(id, hash)| json!({ "id": id, "hash": hash })).collect::<Vec<_>>());
    let rules = rules(c).into_iter().map(|(id, change)| {
        let mut value = json!(change);
        value["rule"] = id.as_str().into();
        value
    });
    json!({
        "schema": "starcue.diff-summary/1",
        "answers": c.both,
        "changed": c.changed,
        "up": c.moved[0],
        "down": c.moved[1],
        "only_old": c.alone[0],
        "only_new": c.alone[1],
        "mean": c.means(),
        "bands": c.bands,
        "rubrics": { "old": rubrics[0], "new": rubrics[1] },
        "rules": rules.collect::<Vec<_>>(),
        "most_moved": c.most_moved,
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
