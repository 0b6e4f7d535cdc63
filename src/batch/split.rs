//! Cuts an input into raw records, each within its limit, without reading more than that.

use super::input::{Input, InputFormat};
use super::{Bad, Code, Origin};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

/// How the bytes of a record are written.
#[derive(Debug, Clone)]
pub(crate) enum Layout {
    /// One answer, with or without labels.
    Prose,
    /// A TOML file.
    Toml,
    /// A JSON object.
    Json,
    /// A row of a table, under the header of its file.
    Row(std::sync::Arc<Header>),
}

/// The first row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// What stands between the cells: `,`, `;` or a tab.
    pub(crate) delimiter: u8,
    /// Names of the columns, in lower case.
    pub(crate) names: Vec<String>,
}

/// A record as it was read.
#[derive(Debug)]
pub(crate) struct Raw {
    /// Where it stands.
    pub(crate) origin: Origin,
    /// How it is written.
    pub(crate) layout: Layout,
    /// Its bytes, or why there are none.
    pub(crate) body: Result<Vec<u8>, Bad>,
    /// How many bytes of the input it took.
    pub(crate) taken: u64,
}

/// Reads the records of one input and hands each to `send`, until that says stop.
///
/// `count` is the number of the last record; it goes on from input to input.
pub(crate) fn split(input: &Input, limit: usize, count: &mut usize, send: &mut dyn FnMut(Raw, bool) -> bool) -> bool {
    let opened: io::Result<Box<dyn Read>> = match &input.path {
        None => Ok(Box::new(io::stdin().lock())),
        Some(path) => File::open(path).map(|f| Box::new(f) as Box<dyn Read>),
    };
    let mut cutter = Cutter { input, limit, count, send, line: 0 };
    match opened {
        Ok(reader) => {
            let mut reader = BufReader::with_capacity(1 << 18, reader);
            match cutter.cut(&mut reader) {
                Ok(go_on) => go_on,
                Err(e) => cutter.unreadable(&e),
            }
        }
        Err(e) => cutter.unreadable(&e),
    }
}

struct Cutter<'a> {
    input: &'a Input,
    limit: usize,
    count: &'a mut usize,
    send: &'a mut dyn FnMut(Raw, bool) -> bool,
    /// Line ends seen so far.
    line: usize,
}

/// What a capped read found.
enum Piece {
    End,
    Whole,
    TooLarge,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

impl Cutter<'_> {
    fn cut(&mut self, reader: &mut BufReader<Box<dyn Read>>) -> io::Result<bool> {
        match self.input.format {
            InputFormat::Text | InputFormat::Markdown => self.file(reader, Layout::Prose),
            InputFormat::Toml => self.file(reader, Layout::Toml),
            InputFormat::Jsonl => self.lines(reader),
            InputFormat::Csv => self.rows(reader),
        }
    }

    /// Sends a record; `idle` tells that nothing more is at hand, so that a slow pipe need not
    /// fill a batch before its first answers are judged.
    fn emit(
        &mut self,
        layout: Layout,
        line: Option<usize>,
        body: Result<Vec<u8>, Bad>,
        taken: u64,
        idle: bool,
    ) -> bool {
        *self.count += 1;
        let origin = Origin { file: self.input.name.clone(), record: *self.count, line };
        (self.send)(Raw { origin, layout, body, taken }, idle)
    }

    fn unreadable(&mut self, error: &io::Error) -> bool {
        let bad = Bad::new(Code::Unreadable, format!("cannot read on: {error}"));
        let line = (self.line > 0).then_some(self.line + 1);
        self.emit(Layout::Prose, line, Err(bad), 0, true)
    }

    fn too_large(&self) -> Bad {
        Bad::new(Code::TooLarge, format!("larger than {} bytes: raise `--max-record` if that is meant", self.limit))
    }

    fn file(&mut self, reader: &mut dyn Read, layout: Layout) -> io::Result<bool> {
        let mut bytes = Vec::new();
        reader.take(self.limit as u64 + 1).read_to_end(&mut bytes)?;
        let taken = bytes.len() as u64;
        let body = if bytes.len() > self.limit { Err(self.too_large()) } else { Ok(bytes) };
        Ok(self.emit(layout, None, body, taken, false))
    }

    fn lines(&mut self, reader: &mut BufReader<Box<dyn Read>>) -> io::Result<bool> {
        loop {
            let mut bytes = Vec::new();
            let (piece, taken) = read_line(reader, self.limit, &mut bytes)?;
            let body = match piece {
                Piece::End => return Ok(true),
                Piece::TooLarge => Err(self.too_large()),
                Piece::Whole => Ok(bytes),
            };
            self.line += 1;
            let body = body.map(|b| if self.line == 1 { without_bom(b) } else { b });
            if body.as_ref().is_ok_and(|b| b.iter().all(u8::is_ascii_whitespace)) {
                continue;
            }
            let idle = reader.buffer().is_empty();
            if !self.emit(Layout::Json, Some(self.line), body, taken, idle) {
                return Ok(false);
            }
        }
    }

    fn rows(&mut self, reader: &mut BufReader<Box<dyn Read>>) -> io::Result<bool> {
        let mut header: Option<std::sync::Arc<Header>> = None;
        loop {
            let mut bytes = Vec::new();
            let start = self.line + 1;
            let delimiter = header.as_ref().map_or(0, |h| h.delimiter);
            let row = read_row(reader, self.limit, delimiter, &mut bytes)?;
            self.line += row.line_ends;
            let blank = bytes.iter().all(u8::is_ascii_whitespace);
            let body = match row.piece {
                Piece::End => return Ok(true),
                Piece::TooLarge => Err(self.too_large()),
                Piece::Whole if blank => continue,
                Piece::Whole if row.open => {
                    Err(Bad::new(Code::Syntax, "a quote opens here and never closes: double the quotes inside a cell"))
                }
                Piece::Whole => Ok(bytes),
            };
            let idle = reader.buffer().is_empty();
            match &header {
                Some(header) => {
                    let layout = Layout::Row(header.clone());
                    if !self.emit(layout, Some(start), body, row.taken, idle) {
                        return Ok(false);
                    }
                }
                None => match body.and_then(|b| Header::read(&without_bom(b))) {
                    Ok(read) => header = Some(read.into()),
                    // Without a header no row means anything: the file is one bad record.
                    Err(bad) => return Ok(self.emit(Layout::Prose, Some(start), Err(bad), row.taken, true)),
                },
            }
        }
    }
}

fn without_bom(bytes: Vec<u8>) -> Vec<u8> {
    match bytes.strip_prefix(BOM) {
        Some(rest) => rest.to_vec(),
        None => bytes,
    }
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, Bad> {
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

/// Reads a line without its end, or skips it where it is longer than `limit`.
fn read_line(reader: &mut impl BufRead, limit: usize, line: &mut Vec<u8>) -> io::Result<(Piece, u64)> {
    let mut taken = reader.take(limit as u64 + 1).read_until(b'\n', line)? as u64;
    if taken == 0 {
        return Ok((Piece::End, 0));
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > limit {
        line.clear();
        taken += reader.skip_until(b'\n')? as u64;
        return Ok((Piece::TooLarge, taken));
    }
    Ok((Piece::Whole, taken))
}

/// What a read of one row found.
struct Row {
    piece: Piece,
    taken: u64,
    line_ends: usize,
    /// The input ended inside quotes.
    open: bool,
}

/// Reads a row of a table up to a line end outside quotes, or skips it where it is longer than
/// `limit`. While the delimiter is not known (0), any of the three counts.
fn read_row(reader: &mut impl BufRead, limit: usize, delimiter: u8, row: &mut Vec<u8>) -> io::Result<Row> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        CellStart,
        Bare,
        Quoted,
        QuoteInQuoted,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    /// All raw records of some bytes, read through a buffer of `step` bytes.
    fn raws(format: InputFormat, limit: usize, step: usize, bytes: &[u8]) -> Vec<Raw> {
        let input = Input { path: None, name: "f".into(), format, bytes: None };
        let (mut count, mut seen) = (0, Vec::new());
        let mut send = |raw: Raw, _| {
            seen.push(raw);
            true
        };
        let mut cutter = Cutter { input: &input, limit, count: &mut count, send: &mut send, line: 0 };
        let source: Box<dyn Read> = Box::new(io::Cursor::new(bytes.to_vec()));
        cutter.cut(&mut BufReader::with_capacity(step, source)).unwrap();
        seen
    }

    /// Lines and bodies, read through a small buffer, so that records lie across its edges.
    fn cut(format: InputFormat, limit: usize, bytes: &[u8]) -> Vec<(Option<usize>, Result<String, Code>)> {
        let body = |raw: &Raw| match &raw.body {
            Ok(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            Err(bad) => Err(bad.code),
        };
        raws(format, limit, 7, bytes).iter().map(|raw| (raw.origin.line, body(raw))).collect()
    }

    proptest! {
        /// Whatever the bytes: nothing panics, no record is over the limit, and the records do not
        /// depend on how the bytes come in.
        #[test]
        fn any_bytes_are_cut_and_decoded(
            bytes in vec(select(b"answer,;\"\n\r{}[]:=#S situation: a\xc3\xa9\xff".to_vec()), 0..200),
            format in select(InputFormat::value_variants()),
            header in any::<bool>(),
        ) {
            let bytes = if header { [b"id,answer\n".as_slice(), &bytes].concat() } else { bytes };
            let told = |step| {
                let raws = raws(format, 40, step, &bytes);
                assert!(raws.iter().all(|r| r.body.as_ref().map_or(0, Vec::len) <= 40));
                raws.into_iter().map(crate::batch::decode).collect::<Vec<_>>()
            };
            prop_assert_eq!(told(1), told(1000));
        }
    }

    #[test]
    fn lines_are_cut_and_blank_ones_passed_over() {
        let seen = cut(InputFormat::Jsonl, 99, b"\xef\xbb\xbf{\"a\":1}\n\n \r\n{\"b\":2}");
        assert_eq!(seen, [(Some(1), Ok("{\"a\":1}".into())), (Some(4), Ok("{\"b\":2}".into()))]);
    }

    #[test]
    fn a_line_over_the_limit_is_told_and_the_next_one_is_read() {
        let seen = cut(InputFormat::Jsonl, 5, b"12345\n123456\n1234\n1234567890");
        let bodies: Vec<_> = seen.into_iter().map(|(_, b)| b).collect();
        assert_eq!(bodies, [Ok("12345".into()), Err(Code::TooLarge), Ok("1234".into()), Err(Code::TooLarge)]);
    }

    #[test]
    fn a_row_may_hold_line_ends_and_quotes_in_its_cells() {
        let table = b"\xef\xbb\xbf\"id\",answer\r\n1,\"He said \"\"no\"\".\nTwice.\"\r\n\r\n2,it's 5\" long\n3,\"open";
        let seen = cut(InputFormat::Csv, 99, table);
        assert_eq!(
            seen,
            [
                (Some(2), Ok("1,\"He said \"\"no\"\".\nTwice.\"".into())),
                (Some(5), Ok("2,it's 5\" long".into())),
                (Some(6), Err(Code::Syntax)),
            ]
        );
    }

    #[test]
    fn a_row_over_the_limit_does_not_swallow_its_neighbours() {
        let seen = cut(InputFormat::Csv, 12, b"id,answer\n1,\"aaaa\naaaaaaaaaaaaaaa\"\n2,ok\n");
        assert_eq!(seen, [(Some(2), Err(Code::TooLarge)), (Some(4), Ok("2,ok".into()))]);
    }

    #[test]
    fn a_table_without_a_column_of_answers_is_one_bad_record() {
        assert_eq!(cut(InputFormat::Csv, 99, b"name,age\nAda,36\n"), [(Some(1), Err(Code::NoAnswer))]);
    }

    #[test]
    fn semicolons_and_tabs_are_seen_in_the_header() {
        assert_eq!(
            Header::read(b"id;Answer").unwrap(),
            Header { delimiter: b';', names: vec!["id".into(), "answer".into()] }
        );
        assert_eq!(Header::read(b"id\tresult").unwrap().delimiter, b'\t');
    }
}
