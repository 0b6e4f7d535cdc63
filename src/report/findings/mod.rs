//! What a check has found: for people, scripts, code scanners and pull requests.

mod drawn;
pub(crate) mod github;
mod sarif;

pub(crate) use drawn::drawn;
pub(crate) use github::github;
pub(crate) use sarif::sarif;

use crate::check::{Finding, Level, Report};
use serde::Serialize;
use std::ops::Range;

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    line: usize,
    column: usize,
}

fn position(text: &str, at: usize) -> Position {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    Position { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
}

/// Where a finding starts and ends, if it has a place.
fn region(report: &Report, finding: &Finding) -> Option<(Range<usize>, Position, Position)> {
    let span = finding.span.clone()?;
    let text = report.texts.get(&finding.file)?;
    let (start, end) = (position(text, span.start), position(text, span.end));
    Some((span, start, end))
}

/// What is wrong with what helps against it, in one text.
fn whole_message(finding: &Finding) -> String {
    let mut said = finding.message.clone();
    for more in finding.label.iter().chain(&finding.help) {
        said.push_str("; ");
        said.push_str(more);
    }
    said
}

/// A finding as JSON.
#[derive(Debug, Serialize)]
struct FindingJson<'a> {
    code: &'static str,
    level: &'static str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    help: &'a [String],
}

/// A check as JSON (`starcue.check/1`).
#[derive(Debug, Serialize)]
pub(crate) struct ReportJson<'a> {
    schema: &'static str,
    files: usize,
    questions: usize,
    rules: usize,
    examples: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<FindingJson<'a>>,
}

impl<'a> ReportJson<'a> {
    /// The public face of a check.
    pub(crate) fn new(report: &'a Report) -> Self {
        let findings = report.findings.iter().map(|f| {
            let region = region(report, f);
            FindingJson {
                code: f.code.id,
                level: f.level().id(),
                file: &f.file,
                line: region.as_ref().map(|r| r.1.line),
                column: region.as_ref().map(|r| r.1.column),
                end_line: region.as_ref().map(|r| r.2.line),
                end_column: region.as_ref().map(|r| r.2.column),
                start: region.as_ref().map(|r| r.0.start),
                end: region.as_ref().map(|r| r.0.end),
                message: &f.message,
                label: f.label.as_deref(),
                help: &f.help,
            }
        });
        Self {
            schema: "starcue.check/1",
            files: report.files,
            questions: report.questions,
            rules: report.rules,
            examples: report.examples,
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            notes: report.count(Level::Note),
            findings: findings.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let at = |text: &str, at: usize| {
            let p = position(text, at);
            (p.line, p.column)
        };
        assert_eq!(at("id = \"é\"\nx", 8), (1, 8));
        assert_eq!(at("a\nb", 2), (2, 1));
        assert_eq!(at("", 0), (1, 1));
    }
}
