//! CSV: a row an answer, safe to open in a spreadsheet.

use crate::batch::{Bad, Judged, Origin, Outcome};
use std::borrow::Cow;
use std::io::Write as _;

const COLUMNS: [&str; 23] = [
    "record",
    "file",
    "id",
    "question",
    "rubric",
    "kind",
    "score",
    "band",
    "situation",
    "task",
    "action",
    "result",
    "behaviours",
    "missing_behaviours",
    "motivations",
    "minefields",
    "serious_minefields",
    "words",
    "speaking_seconds",
    "next_step",
    "error_code",
    "error",
    "text",
];

/// Which columns a table has, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Columns(Vec<usize>);

impl Columns {
    /// All columns; with one for the text where that is wanted.
    pub(crate) fn all(text: bool) -> Self {
        Self((0..COLUMNS.len() - usize::from(!text)).collect())
    }

    /// These columns, in this order.
    ///
    /// # Errors
    /// The first name that is none, and the names that there are.
    pub(crate) fn only<'n>(
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, (&'n str, &'static [&'static str])> {
        let at = |name| COLUMNS.iter().position(|c| *c == name).ok_or((name, COLUMNS.as_slice()));
        names.into_iter().map(at).collect::<Result<_, _>>().map(Self)
    }

    /// The header.
    pub(crate) fn header(&self, into: &mut Vec<u8>) {
        self.0.iter().for_each(|at| cell(into, COLUMNS[*at]));
        end(into);
    }

    /// The row of one outcome.
    pub(crate) fn row(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        for at in &self.0 {
            match &outcome.result {
                Ok(judged) => judged_cell(into, *at, &outcome.origin, judged),
                Err(bad) => bad_cell(into, *at, &outcome.origin, bad),
            }
        }
        end(into);
    }
}

fn judged_cell(into: &mut Vec<u8>, column: usize, origin: &Origin, judged: &Judged) {
    let (a, record) = (&judged.assessment, &judged.record);
    match column {
        0 => plain(into, origin.record),
        1 => cell(into, &origin.file),
        2 => cell(into, &record.id),
        3 => cell(into, record.question.as_deref().unwrap_or_default()),
        4 => cell(into, &a.rubric),
        5 => plain(into, a.kind.id()),
        6 => plain(into, a.score),
        7 => plain(into, a.band),
        8..12 => plain(into, a.sections[column - 8].level),
        12 => ids(into, a.behaviours.iter().map(|f| &*f.id)),
        13 => ids(into, a.missing.iter().map(AsRef::as_ref)),
        14 => ids(into, a.motivations.iter().map(|f| &*f.id)),
        15 => ids(into, a.minefields.iter().map(|m| &*m.id)),
        16 => ids(into, a.minefields.iter().filter(|m| m.severity == crate::Severity::Serious).map(|m| &*m.id)),
        17 => plain(into, a.metrics.words),
        18 => plain(into, a.metrics.speaking_seconds),
        19 => cell(into, a.advice.first().map_or("", String::as_str)),
        22 => cell(into, record.answer.text()),
        _ => cell(into, ""),
    }
}

fn bad_cell(into: &mut Vec<u8>, column: usize, origin: &Origin, bad: &Bad) {
    match column {
        0 => plain(into, origin.record),
        1 => cell(into, &origin.file),
        2 => cell(into, bad.id.as_deref().unwrap_or_default()),
        20 => plain(into, bad.code),
        21 => cell(into, &bad.message),
        _ => cell(into, ""),
    }
}

/// Ends a row: the comma after its last cell becomes the line's end.
fn end(into: &mut Vec<u8>) {
    into.pop();
    into.push(b'\n');
}

/// A number or an id of ours, which needs neither guard nor quotes.
fn plain(into: &mut Vec<u8>, value: impl std::fmt::Display) {
    let written = write!(into, "{value},");
    debug_assert!(written.is_ok(), "into memory");
}

/// A text, guarded and in quotes where it needs them, and a comma.
fn cell(into: &mut Vec<u8>, text: &str) {
    let guarded = text.starts_with(FORMULA);
    let quoted = text.contains(SPECIAL);
    if quoted {
        into.push(b'"');
    }
    if guarded {
        into.push(b'\'');
    }
    if quoted {
        for (i, piece) in text.split('"').enumerate() {
            if i > 0 {
                into.extend_from_slice(b"\"\"");
            }
            into.extend_from_slice(piece.as_bytes());
        }
        into.push(b'"');
    } else {
        into.extend_from_slice(text.as_bytes());
    }
    into.push(b',');
}

/// Ids with a space between them.
fn ids<'a>(into: &mut Vec<u8>, ids: impl Iterator<Item = &'a str>) {
    let mut joined = String::new();
    for id in ids {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(id);
    }
    cell(into, &joined);
}

/// With these a spreadsheet begins a formula.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// With one of these in it a cell is put in quotes.
const SPECIAL: [char; 6] = [',', '"', '\n', '\r', ';', '\t'];

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { format!("'{text}").into() } else { text.into() }
}

/// A row of these cells, which are guarded already.
pub(crate) fn encode(cells: &[Cow<'_, str>]) -> Vec<u8> {
    let mut line = String::new();
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        if cell.contains(SPECIAL) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(cell);
        }
    }
    line.push('\n');
    line.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Code;

    #[test]
    fn a_bad_record_fills_a_whole_row_and_no_cell_is_a_formula() {
        let bad = Bad { id: Some("=1+1".to_owned()), ..Bad::new(Code::NoAnswer, "say \"what\", please") };
        let origin = Origin { file: "-".into(), record: 2, line: None };
        let (columns, outcome) = (Columns::all(true), Outcome { origin, result: Err(bad) });
        let text = |fill: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = Vec::new();
            fill(&mut bytes);
            String::from_utf8(bytes).unwrap()
        };
        let line = text(&|into| columns.row(&outcome, into));
        assert_eq!(line, "2,'-,'=1+1,,,,,,,,,,,,,,,,,,no-answer,\"say \"\"what\"\", please\",\n");
        assert_eq!(text(&|into| columns.header(into)).matches(',').count(), COLUMNS.len() - 1);
        let few = Columns::only(["error_code", "id"]).unwrap();
        assert_eq!(
            text(&|into| few.header(into)) + &text(&|into| few.row(&outcome, into)),
            "error_code,id\nno-answer,'=1+1\n"
        );
    }
}
