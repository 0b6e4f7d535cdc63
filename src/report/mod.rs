//! What people see: a terminal, a Markdown page, an HTML page, a table.

mod clean;
pub(crate) mod cohort;
mod delivery;
pub(crate) mod dossier;
pub(crate) mod findings;
pub(crate) mod html;
mod look;
pub(crate) mod markdown;
mod paper;
mod spans;
pub(crate) mod summary;
pub(crate) mod table;
pub(crate) mod terminal;
pub(crate) mod trace;

pub(crate) use clean::{clean, clean_lines, harmless};
pub(crate) use delivery::{Delivery, span};
pub(crate) use look::Look;
pub(crate) use paper::Paper;

use crate::assessment::Minefield;
use crate::{Assessment, Kind, Rubric};

/// One assessment with all that a report of it needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// The judgement.
    pub(crate) assessment: &'a Assessment,
    /// The rubric that it was judged by: titles and anchors.
    pub(crate) rubric: &'a Rubric,
    /// The text of the question, where it is known.
    pub(crate) question: Option<&'a str>,
    /// The text that the spans address.
    pub(crate) text: &'a str,
    /// What is to be said beside findings that were dismissed.
    pub(crate) remarks: &'a [Remark],
    /// How the answer was told.
    pub(crate) delivery: Delivery,
}

/// What is to be said beside a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// Id of the finding.
    pub(crate) finding: String,
    /// What is said: one line.
    pub(crate) text: String,
}

impl<'a> View<'a> {
    /// The title of a rule for people; its id where it has none.
    pub(crate) fn title(&self, id: &'a str) -> &'a str {
        self.rubric.title_of(id)
    }

    /// What is to be said beside this finding.
    pub(crate) fn remark(&self, id: &str) -> Option<&'a str> {
        self.remarks.iter().find(|r| r.finding == id).map(|r| r.text.as_str())
    }

    /// Advice that stands beside its section, minefield or behaviour.
    pub(crate) fn told_elsewhere(&self) -> Vec<&'a str> {
        let a = self.assessment;
        let sections = a.sections.iter().map(|s| s.advice.as_str());
        let minefields = a.minefields.iter().map(|m| &*m.advice);
        let missing = a.missing.iter().filter_map(|id| self.rubric.rule(id)).map(|r| &*r.advice);
        sections.chain(minefields).chain(missing).collect()
    }

    /// What a minefield misses, as people call it.
    pub(crate) fn absent(&self, minefield: &'a Minefield) -> Vec<&'a str> {
        minefield.absent.iter().map(|id| self.title(id)).collect()
    }
}

/// What to say of an answer that is no story.
pub(crate) const fn kind_words(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Story => None,
        Kind::General => Some("General talk: habits or opinions, not one event that happened."),
        Kind::Hypothetical => Some("Hypothetical: what you would do, not what you did."),
        Kind::NotAnAnswer => Some("Not enough to judge: this is no answer to the question yet."),
    }
}

/// The word for the level of a section.
pub(crate) const fn level_word(level: u8) -> &'static str {
    match level {
        0 => "absent",
        1 => "partial",
        _ => "clear",
    }
}
