//! CSV: a row an answer, safe to open in a spreadsheet.

use crate::Tenths;
use crate::batch::{Bad, Detail, Judged, Origin, Outcome};
use std::borrow::Cow;
use std::io::Write as _;

const COLUMNS: [&str; 24] = [
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
    "assessment",
];

/// Which columns a table has, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    at: Vec<usize>,
    /// What the column `assessment` carries.
    detail: Detail,
}

/// Columns that stand in a table only where they are asked for.
const ON_DEMAND: [&str; 2] = ["text", "assessment"];

impl Columns {
    /// The usual columns; with one for the text where that is wanted.
    pub(crate) fn all(detail: Detail) -> Self {
        let usual = |name: &str| !ON_DEMAND.contains(&name) || (name == "text" && detail.text);
        Self { at: (0..COLUMNS.len()).filter(|at| usual(COLUMNS[*at])).collect(), detail }
    }

    /// These columns, in this order.
    ///
    /// # Errors
    /// The first name that is none, and the names that there are.
    pub(crate) fn only<'n>(
        names: impl IntoIterator<Item = &'n str>,
        detail: Detail,
    ) -> Result<Self, (&'n str, &'static [&'static str])> {
        let at = |name| COLUMNS.iter().position(|c| *c == name).ok_or((name, COLUMNS.as_slice()));
        Ok(Self { at: names.into_iter().map(at).collect::<Result<_, _>>()?, detail })
    }

    /// The name of each column, and what it holds.
    #[cfg(feature = "parquet")]
    pub(crate) fn names(&self) -> impl Iterator<Item = (&'static str, Holds)> + '_ {
        self.at.iter().map(|at| (COLUMNS[*at], holds(*at)))
    }

    /// What one outcome has in each column.
    pub(crate) fn values<'a>(&'a self, outcome: &'a Outcome) -> impl Iterator<Item = Value<'a>> + 'a {
        self.at.iter().map(|at| match &outcome.result {
            Ok(judged) if COLUMNS[*at] == "assessment" => Value::Made(whole(judged, self.detail)),
            Ok(judged) => judged_value(*at, &outcome.origin, judged),
            Err(bad) => bad_value(*at, &outcome.origin, bad),
        })
    }

    /// The header.
    pub(crate) fn header(&self, into: &mut Vec<u8>) {
        self.at.iter().for_each(|at| cell(into, COLUMNS[*at]));
        end(into);
    }

    /// The row of one outcome.
    pub(crate) fn row(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        for value in self.values(outcome) {
            match value {
                Value::Nothing => cell(into, ""),
                Value::Text(text) => cell(into, text),
                Value::Made(text) => cell(into, &text),
                Value::Number(n) => plain(into, n),
                Value::Points(points) => plain(into, points),
                Value::Ids(ids) => cell(into, &ids.join(" ")),
            }
        }
        end(into);
    }
}

/// What a record has in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Nothing,
    /// A text of the record, or an id.
    Text(&'a str),
    /// A text that was made for the column.
    Made(String),
    /// A count, a level or a number.
    Number(usize),
    /// A score.
    Points(Tenths),
    /// Ids.
    Ids(Vec<&'a str>),
}

/// What a column holds.
#[cfg(feature = "parquet")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Texts.
    Text,
    /// Whole numbers.
    Numbers,
    /// Scores.
    Points,
    /// Lists of ids.
    Ids,
}

#[cfg(feature = "parquet")]
const fn holds(column: usize) -> Holds {
    match column {
        0 | 7..12 | 17 | 18 => Holds::Numbers,
        6 => Holds::Points,
        12..17 => Holds::Ids,
        _ => Holds::Text,
    }
}

fn judged_value<'a>(column: usize, origin: &'a Origin, judged: &'a Judged) -> Value<'a> {
    let (a, record) = (&judged.assessment, &judged.record);
    match column {
        0 => Value::Number(origin.record),
        1 => Value::Text(&origin.file),
        2 => Value::Text(&record.id),
        3 => record.question.as_deref().map_or(Value::Nothing, Value::Text),
        4 => Value::Text(&a.rubric),
        5 => Value::Text(a.kind.id()),
        6 => Value::Points(a.score),
        7 => Value::Number(a.band.into()),
        8..12 => Value::Number(a.sections[column - 8].level.into()),
        12 => Value::Ids(a.behaviours.iter().map(|f| &*f.id).collect()),
        13 => Value::Ids(a.missing.iter().map(AsRef::as_ref).collect()),
        14 => Value::Ids(a.motivations.iter().map(|f| &*f.id).collect()),
        15 => Value::Ids(a.minefields.iter().map(|m| &*m.id).collect()),
        16 => {
            let serious = a.minefields.iter().filter(|m| m.severity == crate::Severity::Serious);
            Value::Ids(serious.map(|m| &*m.id).collect())
        }
        17 => Value::Number(a.metrics.words),
        18 => Value::Number(a.metrics.speaking_seconds),
        19 => a.advice.first().map_or(Value::Nothing, |first| Value::Text(first)),
        22 => Value::Text(record.answer.text()),
        _ => Value::Nothing,
    }
}

fn bad_value<'a>(column: usize, origin: &'a Origin, bad: &'a Bad) -> Value<'a> {
    match column {
        0 => Value::Number(origin.record),
        1 => Value::Text(&origin.file),
        2 => bad.id.as_deref().map_or(Value::Nothing, Value::Text),
        20 => Value::Text(bad.code.id()),
        21 => Value::Text(&bad.message),
        _ => Value::Nothing,
    }
}

/// The whole assessment, as jsonl has it.
fn whole(judged: &Judged, detail: Detail) -> String {
    let json = serde_json::to_string(&judged.json(detail));
    debug_assert!(json.is_ok(), "JSON of texts and finite numbers, into memory");
    json.unwrap_or_default()
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
        let with_text = Detail { text: true, ..Detail::default() };
        let (columns, outcome) = (Columns::all(with_text), Outcome { origin, result: Err(bad) });
        let text = |fill: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = Vec::new();
            fill(&mut bytes);
            String::from_utf8(bytes).unwrap()
        };
        let line = text(&|into| columns.row(&outcome, into));
        assert_eq!(line, "2,'-,'=1+1,,,,,,,,,,,,,,,,,,no-answer,\"say \"\"what\"\", please\",\n");
        assert_eq!(text(&|into| columns.header(into)).matches(',').count(), COLUMNS.len() - 2);
        let few = Columns::only(["error_code", "id"], Detail::default()).unwrap();
        assert_eq!(
            text(&|into| few.header(into)) + &text(&|into| few.row(&outcome, into)),
            "error_code,id\nno-answer,'=1+1\n"
        );
    }
}
