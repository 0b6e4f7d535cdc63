//! A finding: a diagnostic at a place.

use super::codes::{Code, Level};
use super::files::File;
use crate::diagnostics::did_you_mean;
use std::collections::BTreeSet;
use std::ops::Range;

/// What is wrong, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which diagnostic it is.
    pub code: &'static Code,
    /// The file, as it was named.
    pub file: String,
    /// Bytes of the file's text that it is about, on char boundaries; `None` for the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// Said beside the span, where that helps.
    pub label: Option<String>,
    /// What to write instead, and what else helps.
    pub help: Vec<String>,
}

impl Finding {
    pub(super) fn new(
        code: &'static Code,
        file: &File,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> Self {
        let span = span.filter(|s| file.text.get(s.clone()).is_some());
        Self { code, file: file.path.clone(), span, message: message.into(), label: None, help: Vec::new() }
    }

    /// A finding about what is no file of ours.
    pub(super) fn of_path(code: &'static Code, path: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, file: path.to_owned(), span: None, message, label: None, help: Vec::new() }
    }

    pub(super) fn help(mut self, help: &str) -> Self {
        self.help.push(help.to_owned());
        self
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says which of the known words was likely meant, if one is near.
    pub(super) fn suggest<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match did_you_mean(wrong, known) {
            Some(near) => self.label(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// How grave it is.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.code.level
    }
}

/// The findings so far; one that was told is not told again.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    told: BTreeSet<(&'static str, String, usize, String)>,
}

impl Findings {
    pub(super) fn push(&mut self, finding: Finding) {
        let start = finding.span.as_ref().map_or(0, |s| s.start);
        if self.told.insert((finding.code.id, finding.file.clone(), start, finding.message.clone())) {
            self.all.push(finding);
        }
    }

    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.push(finding);
        }
    }

    /// Takes over what was found apart.
    pub(super) fn merge(&mut self, other: Self) {
        self.extend(other.all);
    }

    /// Whether anything was told of a file.
    pub(super) fn tells(&self, file: &str) -> bool {
        self.all.iter().any(|f| f.file == file)
    }

    /// Whether a file has an error.
    pub(super) fn has_error(&self, file: &str) -> bool {
        self.all.iter().any(|f| f.file == file && f.level() == Level::Error)
    }

    /// How many are errors.
    pub(super) fn errors(&self) -> usize {
        self.all.iter().filter(|f| f.level() == Level::Error).count()
    }

    /// All of them, by file and place.
    pub(super) fn into_sorted(mut self) -> Vec<Finding> {
        self.all.sort_by(|a, b| {
            let key = |f: &Finding| (f.span.as_ref().map_or(0, |s| s.start), std::cmp::Reverse(f.level()));
            a.file.cmp(&b.file).then_with(|| key(a).cmp(&key(b)))
        });
        self.all
    }
}
