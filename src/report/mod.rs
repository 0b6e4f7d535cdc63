//! What people see: a terminal, a Markdown page, a table.

mod clean;
mod look;
pub(crate) mod terminal;

pub(crate) use clean::{clean, clean_lines};
pub(crate) use look::Look;

use crate::{Assessment, Rubric};

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
}
