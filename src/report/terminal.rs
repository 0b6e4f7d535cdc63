//! The report of one assessment on a terminal: the next step first, the score second.

use super::{Look, View};
use std::io::{self, Write};

/// Writes the report of one assessment.
pub(crate) fn assessment(out: &mut dyn Write, look: &Look, view: &View<'_>) -> io::Result<()> {
    let a = view.assessment;
    writeln!(out, "{}", look.heading(&format!("{} of 100, band {} of 5", a.score, a.band)))
}
