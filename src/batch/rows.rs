//! Rows of tables: the header, and where each row ends.

use super::map::Map;
use super::split::{BOM, Piece};
use super::{Bad, Code};
use std::io::{self, BufRead};

/// The first row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// What stands between the cells: `,`, `;` or a tab.
    pub(crate) delimiter: u8,
    /// Names of the columns, in lower case.
    pub(crate) names: Vec<String>,
}

impl Header {
    /// Reads the first row of a table.
    pub(super) fn read(bytes: &[u8], map: Option<&Map>) -> Result<Self, Bad> {
        let text = std::str::from_utf8(bytes).map_err(|_| Bad::new(Code::NotUtf8, "the header is not UTF-8"))?;
        let count = |d: u8| bytes.iter().filter(|b| **b == d).count();
        let delimiter = if count(b';') > count(b',') {
            b';'
        } else if count(b'\t') > count(b',') {
            b'\t'
        } else {
            b','
        };
        let cells = cells(text, delimiter).map_err(|e| Bad::new(Code::Syntax, format!("broken header: {e}")))?;
        let names: Vec<_> = cells.iter().map(|c| c.trim().to_lowercase()).collect();
        let names = match map {
            Some(map) => map.columns(names)?,
            None => names,
        };
        if !names.iter().any(|n| n == "answer" || crate::Section::from_id(n).is_some()) {
            return Err(Bad::new(
                Code::NoAnswer,
                "the header names no column `answer`, nor one of `situation`, `task`, `action`, `result`: \
                 add a first line such as `id,question,answer`",
            ));
        }
        Ok(Self { delimiter, names })
    }
}

/// The cells of one row.
pub(crate) fn cells(row: &str, delimiter: u8) -> Result<Vec<String>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(row.len().max(1))
        .from_reader(row.as_bytes());
    match reader.records().next() {
        Some(record) => Ok(record?.iter().map(str::to_owned).collect()),
        None => Ok(Vec::new()),
    }
}

/// What a read of one row found.
pub(super) struct Row {
    /// What there was.
    pub(super) piece: Piece,
    taken: u64,
    /// Line ends in it.
    pub(super) line_ends: usize,
    /// The input ended inside quotes.
    pub(super) open: bool,
}

/// Reads a row of a table up to a line end outside quotes, or skips it where it is longer than
/// `limit`. While the delimiter is not known (0), any of the three counts.
pub(super) fn read_row(reader: &mut impl BufRead, limit: usize, delimiter: u8, row: &mut Vec<u8>) -> io::Result<Row> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        CellStart,
        Bare,
        Quoted,
        QuoteInQuoted,
    }
    row.clear();
    let is_delimiter = |b: u8| if delimiter == 0 { matches!(b, b',' | b';' | b'\t') } else { b == delimiter };
    let mut found = Row { piece: Piece::Whole, taken: 0, line_ends: 0, open: false };
    let mut at = At::CellStart;
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            found.open = at == At::Quoted;
            if found.taken == 0 {
                found.piece = Piece::End;
            }
            break;
        }
        let mut used = 0;
        let mut ended = false;
        for &b in chunk {
            used += 1;
            found.line_ends += usize::from(b == b'\n');
            at = match (at, b) {
                (At::Quoted, b'"') => At::QuoteInQuoted,
                (At::Quoted, _) => At::Quoted,
                (At::CellStart | At::QuoteInQuoted, b'"') => At::Quoted,
                (_, b'\n') => {
                    ended = true;
                    break;
                }
                (_, b) if is_delimiter(b) || (found.taken == 0 && used <= BOM.len() && BOM.contains(&b)) => {
                    At::CellStart
                }
                _ => At::Bare,
            };
        }
        let room = (limit + 2).saturating_sub(row.len());
        row.extend_from_slice(&chunk[..used.min(room)]);
        reader.consume(used);
        found.taken += used as u64;
        if ended {
            break;
        }
    }
    while row.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        row.pop();
    }
    if row.len() > limit {
        row.clear();
        found.piece = Piece::TooLarge;
    }
    Ok(found)
}
