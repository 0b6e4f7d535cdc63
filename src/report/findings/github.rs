//! Findings as commands of a workflow on GitHub, which shows them at their lines.

use super::{region, whole_message};
use crate::check::{Level, Report};
use std::io::{self, Write};

/// Writes a command a line.
pub(crate) fn github(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for finding in &report.findings {
        let word = match finding.level() {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        write!(out, "::{word} file={}", property(&finding.file))?;
        if let Some((_, start, end)) = region(report, finding) {
            write!(out, ",line={},endLine={},col={}", start.line, end.line, start.column)?;
            if start.line == end.line {
                write!(out, ",endColumn={}", end.column)?;
            }
        }
        writeln!(out, ",title={}::{}", property(finding.code.id), data(&whole_message(finding)))?;
    }
    Ok(())
}

/// The text of a command, on one line.
pub(crate) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
pub(crate) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_its_command() {
        assert_eq!(data("50 %\n::error::x"), "50 %25%0A::error::x");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
