//! A report for people, as aligned text or as Markdown: the same lines and tables in both.

use super::causes::Cause;
use super::report::{HEADLINES, Report, Tally};
use crate::Kind;
use crate::report::{Look, Paper, clean, markdown};
use std::io::{self, Write};

/// How a report is written for people.
pub(crate) trait Page {
    /// A heading.
    fn heading(&mut self, text: &str) -> io::Result<()>;
    /// A paragraph.
    fn text(&mut self, text: &str) -> io::Result<()>;
    /// A table; numbers stand to the right, the first column to the left.
    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> io::Result<()>;
}

/// Text for a terminal.
pub(crate) struct Plain<'a>(pub(crate) Paper<'a>);

impl<'a> Plain<'a> {
    /// A page on `out`.
    pub(crate) fn new(out: &'a mut dyn Write, look: Look) -> Self {
        Self(Paper::new(out, look))
    }
}

impl Page for Plain<'_> {
    fn heading(&mut self, text: &str) -> io::Result<()> {
        self.0.heading(text)
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.0.item("", text)
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        let mut widths: Vec<usize> = head.iter().map(|h| h.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let mut line = String::from(" ");
            for (at, (cell, width)) in cells.zip(&widths).enumerate() {
                let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
                line += &(if at == 0 { format!(" {cell}{pad}") } else { format!("  {pad}{cell}") });
            }
            line
        };
        let heading = line(&mut head.iter().copied());
        self.0.line(&self.0.look.faint(&heading))?;
        for row in rows {
            self.0.line(&line(&mut row.iter().map(String::as_str)))?;
        }
        Ok(())
    }
}

/// Markdown.
pub(crate) struct Marked<'a>(pub(crate) &'a mut dyn Write);

impl Page for Marked<'_> {
    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.0, "\n### {}\n", markdown::escape(text))
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.0, "{}", markdown::escape(text))
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        writeln!(self.0, "| {} |", head.join(" | "))?;
        let aligned = (0..head.len()).map(|at| if at == 0 { "---" } else { "---:" });
        writeln!(self.0, "| {} |", aligned.collect::<Vec<_>>().join(" | "))?;
        for row in rows {
            let cells: Vec<String> = row.iter().map(|c| cell(c)).collect();
            writeln!(self.0, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// A cell of a table: ids and figures stay as they are, and nothing can end the cell or begin
/// a tag. (Numbers need no guard there: no list begins inside a table.)
fn cell(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('_', "\\_")
}

/// Writes a report. `all_rules`: every rule, not only those with most false findings.
pub(crate) fn show(report: &Report, page: &mut dyn Page, all_rules: bool) -> io::Result<()> {
    let bad = if report.bad_records > 0 { format!(", {} bad records", report.bad_records) } else { String::new() };
    let rubrics: Vec<String> = report.rubrics.iter().map(|(id, hash)| format!("{id} ({hash})")).collect();
    page.text(&format!(
        "{} answers{bad}; rubrics {}. In brackets: 95 % intervals, bootstrap over answers ({} draws).",
        report.answers,
        clean(&rubrics.join(", ")),
        report.draws
    ))?;
    targets(report, page)?;
    totals(report, page)?;
    files(report, page)?;
    ids(report, page)?;
    confusion(report, page)?;
    rules(report, page, all_rules)?;
    if !report.baselines.is_empty() {
        page.heading("For nothing")?;
        let rows: Vec<Vec<String>> = report
            .baselines
            .iter()
            .map(|b| {
                let rank = b.spearman.map_or_else(|| "–".to_owned(), three);
                vec![b.name.to_owned(), three(b.qwk), rank, three(b.mae), three(b.exact)]
            })
            .collect();
        page.table(&["bands by", "QWK", "Spearman", "mean distance", "exact"], &rows)?;
    }
    match &report.dismissals {
        Some(alarms) => super::dismissed::show(alarms, page),
        None => Ok(()),
    }
}

fn targets(report: &Report, page: &mut dyn Page) -> io::Result<()> {
    if report.targets.is_empty() {
        return Ok(());
    }
    page.heading("Targets")?;
    let rows: Vec<Vec<String>> = report
        .targets
        .iter()
        .map(|t| {
            let sign = if t.at_most { "≤" } else { "≥" };
            let verdict = match (t.reached(), t.within()) {
                (true, _) => "reached",
                (false, true) => "within the interval",
                (false, false) => "missed",
            };
            vec![clean(&t.name), format!("{sign} {}", t.want), told(Some(t.value), t.interval), verdict.to_owned()]
        })
        .collect();
    page.table(&["figure", "target", "value", "verdict"], &rows)
}

fn totals(report: &Report, page: &mut dyn Page) -> io::Result<()> {
    let row = |title: &str, name: &str| {
        let figure = report.figure(name)?;
        figure.value.map(|_| vec![title.to_owned(), told(figure.value, figure.interval)])
    };
    let mut rows: Vec<Vec<String>> = [
        ("band: weighted kappa (QWK)", "overall.qwk"),
        ("band: Spearman of the score", "overall.spearman"),
        ("band: mean distance", "overall.mae"),
        ("band: exact", "overall.exact"),
        ("band: within one", "overall.within_one"),
        ("level of the situation (QWK)", "star.situation"),
        ("level of the task (QWK)", "star.task"),
        ("level of the action (QWK)", "star.action"),
        ("level of the result (QWK)", "star.result"),
        ("levels: mean QWK", "star.mean"),
        ("sections of sentences: accuracy", "roles.accuracy"),
        ("sections of sentences: macro F1", "roles.macro_f1"),
    ]
    .into_iter()
    .filter_map(|(title, name)| row(title, name))
    .collect();
    rows.extend(Report::roles().iter().filter_map(|r| row(&format!("sentences of {r}: F1"), &format!("roles.{r}.f1"))));
    for family in super::gold::FAMILIES {
        for (title, name) in
            [("micro precision", "precision"), ("micro recall", "recall"), ("micro F1", "f1"), ("macro F1", "macro_f1")]
        {
            rows.extend(row(&format!("{family}: {title}"), &format!("{family}.{name}")));
        }
    }
    rows.extend(row("false alarms per good answer (band 4 or 5)", "false_alarms_per_good_answer"));
    for (title, name) in [
        ("evidence: findings with words in a marked sentence", "evidence.findings"),
        ("evidence: passages in a marked sentence", "evidence.spans"),
        ("evidence: marked sentences with a passage", "evidence.sentences"),
    ] {
        rows.extend(row(title, name));
    }
    rows.push(vec!["spans of evidence, broken".to_owned(), format!("{}, {}", report.spans, report.broken_spans)]);
    page.heading("In all")?;
    page.table(&["figure", "value"], &rows)
}

fn files(report: &Report, page: &mut dyn Page) -> io::Result<()> {
    if report.by_file.is_empty() {
        return Ok(());
    }
    page.heading("By file")?;
    let rows: Vec<Vec<String>> = report
        .by_file
        .iter()
        .map(|f| {
            let name = f.file.rsplit('/').next().unwrap_or(&f.file);
            let value = |name: &str| f.figures.iter().find(|x| x.name == name).and_then(|x| x.value);
            let told = HEADLINES.iter().map(|(_, name)| value(name).map_or_else(|| "–".to_owned(), two));
            [clean(name), f.answers.to_string()].into_iter().chain(told).collect()
        })
        .collect();
    let mut head = vec!["file", "answers"];
    head.extend(HEADLINES.map(|(title, _)| title));
    page.table(&head, &rows)
}

fn ids(report: &Report, page: &mut dyn Page) -> io::Result<()> {
    for family in super::gold::FAMILIES {
        let rows: Vec<Vec<String>> = report
            .ids
            .iter()
            .filter(|t| t.family == family)
            .map(|t| {
                let interval = report.figure(&format!("{family}.{}.f1", t.id)).and_then(|f| f.interval);
                let soft = if t.soft { " (not in the totals)" } else { "" };
                vec![
                    format!("{}{soft}", clean(&t.id)),
                    two(t.precision),
                    two(t.recall),
                    told_in(Some(t.f1), interval, 2),
                    (t.right + t.missed).to_string(),
                    t.wrong.to_string(),
                    t.missed.to_string(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            let title = format!("{}{}", family[..1].to_uppercase(), &family[1..]);
            page.heading(&title)?;
            page.table(&["id", "precision", "recall", "F1", "labelled", "false", "missed"], &rows)?;
        }
    }
    Ok(())
}

fn confusion(report: &Report, page: &mut dyn Page) -> io::Result<()> {
    if report.bands.iter().flatten().any(|n| *n > 0) {
        page.heading("Bands: readers in rows, starcue in columns")?;
        let rows: Vec<Vec<String>> = report
            .bands
            .iter()
            .enumerate()
            .map(|(at, row)| {
                std::iter::once(format!("band {}", at + 1)).chain(row.iter().map(u32::to_string)).collect()
            })
            .collect();
        page.table(&["", "1", "2", "3", "4", "5"], &rows)?;
    }
    if !report.causes.is_empty() {
        page.heading("Bands that differ, by the first thing that explains it")?;
        let row = |c: &Cause| {
            let counts = [c.too_low, c.too_high, c.far].map(|n| n.to_string());
            std::iter::once(c.cause.to_owned()).chain(counts).collect::<Vec<_>>()
        };
        let rows: Vec<Vec<String>> = report.causes.iter().map(row).collect();
        page.table(&["cause", "too low", "too high", "two bands and more"], &rows)?;
    }
    if !report.kinds.is_empty() {
        page.heading("Kinds of answer: readers in rows, starcue in columns")?;
        let rows: Vec<Vec<String>> = report
            .kinds
            .iter()
            .map(|row| std::iter::once(row.labelled.clone()).chain(row.taken_for.iter().map(u32::to_string)).collect())
            .collect();
        let mut head = vec![""];
        head.extend(Kind::ALL.map(Kind::id));
        page.table(&head, &rows)?;
    }
    Ok(())
}

/// How many rules are shown where not all are asked for.
const WORST: usize = 12;

fn rules(report: &Report, page: &mut dyn Page, all: bool) -> io::Result<()> {
    let mut rules: Vec<&Tally> = report.rules.iter().filter(|t| all || t.wrong > 0).collect();
    if !all {
        rules.sort_by_key(|t| std::cmp::Reverse(t.wrong));
        rules.truncate(WORST);
    }
    if rules.is_empty() {
        return Ok(());
    }
    page.heading(if all { "Rules behind the findings" } else { "Rules with most false findings" })?;
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|t| {
            let rule = t.rule.as_deref().unwrap_or_default();
            let of = if t.id == rule { clean(&t.id) } else { format!("{} by {}", clean(&t.id), clean(rule)) };
            vec![of, t.right.to_string(), t.wrong.to_string(), two(t.precision), two(t.recall)]
        })
        .collect();
    page.table(&["finding", "right", "false", "precision", "recall"], &rows)
}

/// A figure with its interval.
fn told(value: Option<f64>, interval: Option<[f64; 2]>) -> String {
    told_in(value, interval, 3)
}

fn told_in(value: Option<f64>, interval: Option<[f64; 2]>, digits: usize) -> String {
    match (value, interval) {
        (None, _) => "–".to_owned(),
        (Some(v), None) => format!("{v:.digits$}"),
        (Some(v), Some([low, high])) => format!("{v:.digits$} [{low:.digits$}, {high:.digits$}]"),
    }
}

fn three(value: f64) -> String {
    format!("{value:.3}")
}

fn two(value: f64) -> String {
    format!("{value:.2}")
}
