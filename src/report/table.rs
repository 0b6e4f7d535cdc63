//! CSV: a row an answer, safe to open in a spreadsheet.

use crate::batch::Outcome;
use std::borrow::Cow;

const COLUMNS: [&str; 22] = [
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
];

/// The header; with a column for the text where that is wanted.
pub(crate) fn header(text: bool) -> Vec<u8> {
    let mut cells: Vec<Cow<'_, str>> = COLUMNS.iter().map(|c| Cow::Borrowed(*c)).collect();
    if text {
        cells.push("text".into());
    }
    encode(&cells)
}

/// The row of one outcome.
pub(crate) fn row(outcome: &Outcome, text: bool) -> Vec<u8> {
    let mut cells: Vec<Cow<'_, str>> = vec![outcome.origin.record.to_string().into(), guard(&outcome.origin.file)];
    match &outcome.result {
        Ok(judged) => {
            let (a, record) = (&judged.assessment, &judged.record);
            let serious = a.minefields.iter().filter(|m| m.severity == crate::Severity::Serious);
            cells.push(guard(&record.id));
            cells.push(guard(record.question.as_deref().unwrap_or_default()));
            cells.extend([guard(&a.rubric), a.kind.id().into(), a.score.to_string().into(), a.band.to_string().into()]);
            cells.extend(a.sections.iter().map(|s| s.level.to_string().into()));
            cells.push(ids(a.behaviours.iter().map(|f| &*f.id)));
            cells.push(ids(a.missing.iter().map(AsRef::as_ref)));
            cells.push(ids(a.motivations.iter().map(|f| &*f.id)));
            cells.push(ids(a.minefields.iter().map(|m| &*m.id)));
            cells.push(ids(serious.map(|m| &*m.id)));
            cells.extend([a.metrics.words.to_string().into(), a.metrics.speaking_seconds.to_string().into()]);
            cells.push(guard(a.advice.first().map_or("", String::as_str)));
            cells.extend(["".into(), "".into()]);
            if text {
                cells.push(guard(record.answer.text()));
            }
        }
        Err(bad) => {
            cells.push(guard(bad.id.as_deref().unwrap_or_default()));
            cells.resize(COLUMNS.len() - 2, "".into());
            cells.extend([bad.code.id().into(), guard(&bad.message)]);
            if text {
                cells.push("".into());
            }
        }
    }
    encode(&cells)
}

fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let joined = ids.collect::<Vec<_>>().join(" ");
    guard(&joined).into_owned().into()
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}").into() } else { text.into() }
}

pub(super) fn encode(cells: &[Cow<'_, str>]) -> Vec<u8> {
    let mut line = String::new();
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        if cell.contains([',', '"', '\n', '\r', ';', '\t']) {
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
    use crate::batch::{Bad, Code, Origin};

    #[test]
    fn a_bad_record_fills_a_whole_row_and_no_cell_is_a_formula() {
        let bad = Bad { id: Some("=1+1".to_owned()), ..Bad::new(Code::NoAnswer, "say \"what\", please") };
        let origin = Origin { file: "-".into(), record: 2, line: None };
        let line = String::from_utf8(row(&Outcome { origin, result: Err(bad) }, true)).unwrap();
        assert_eq!(line, "2,'-,'=1+1,,,,,,,,,,,,,,,,,,no-answer,\"say \"\"what\"\", please\",\n");
        let header = String::from_utf8(header(true)).unwrap();
        assert_eq!(header.matches(',').count(), COLUMNS.len());
    }
}
