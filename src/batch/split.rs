//! Cuts an input into raw records, each within its limit, without reading more than that.

use super::input::{Input, InputFormat};
use super::map::Map;
use super::rows::{Header, read_row};
use super::source::{Reach, Source};
use super::{Bad, Code, LARGEST_RECORD, Origin, Record};
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// How the bytes of a record are written.
#[derive(Debug, Clone)]
pub(crate) enum Layout {
    /// One answer, with or without labels.
    Prose,
    /// A TOML file.
    Toml,
    /// A JSON object.
    Json,
    /// A JSON object whose keys have other names than ours.
    Mapped(Arc<Map>),
    /// A row of a table, under the header of its file.
    Row(Arc<Header>),
    /// A row of a Parquet file, as a JSON object; with its number in the file, from 1.
    #[cfg(feature = "parquet")]
    Parquet(usize),
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
}

/// What is known of the input once a record was cut from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    /// Nothing more is at hand: a slow pipe need not fill a batch before its first answers are
    /// judged.
    pub(super) idle: bool,
    /// Where the next record starts; `None` where the input has nothing more.
    pub(super) next: Option<Reach>,
    /// Line ends before it.
    pub(super) line: usize,
}

/// How an input is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Manner {
    /// The largest record, in bytes.
    pub(super) limit: usize,
    /// Names of keys and columns, where they are not ours.
    pub(super) map: Option<Arc<Map>>,
    /// Bytes that the system has read, for progress.
    pub(super) read: Arc<AtomicU64>,
    /// Where to begin, and on which line that is.
    pub(super) from: Option<(Reach, usize)>,
}

/// The input is not the one of which a part was read before.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not what it was: its answers up to the place where the earlier run stopped are others now")]
pub(crate) struct Changed(String);

/// Reads the records of one input and hands each to `send`, until that says stop.
///
/// `count` is the number of the last record; it goes on from input to input.
pub(crate) fn split(input: &Input, limit: usize, count: &mut usize, send: &mut dyn FnMut(Raw, Mark) -> bool) -> bool {
    let manner = Manner { limit, ..Manner::default() };
    // Only a place to begin at can be found changed.
    split_from(input, &manner, count, send).unwrap_or(false)
}

/// The first record of an input; `None` where it has none.
pub(crate) fn first(input: &Input) -> Option<Result<Record, Bad>> {
    let mut found = None;
    split(input, LARGEST_RECORD, &mut 0, &mut |raw, _| {
        found = Some(super::decode(raw).1);
        false
    });
    found
}

/// As [`split`], in a manner of one's own. Says whether to go on with the next input.
pub(super) fn split_from(
    input: &Input,
    manner: &Manner,
    count: &mut usize,
    send: &mut dyn FnMut(Raw, Mark) -> bool,
) -> Result<bool, Changed> {
    let mut cutter = Cutter { input, manner, count, send, line: 0 };
    let cut = match input.format {
        InputFormat::Parquet => cutter.parquet(),
        _ => Source::open(input, &manner.read).and_then(|mut source| cutter.cut(&mut source)),
    };
    match cut {
        Ok(Cut::GoOn) => Ok(true),
        Ok(Cut::Stop) => Ok(false),
        Ok(Cut::Changed) => Err(Changed(input.name.to_string())),
        Err(e) => Ok(cutter.unreadable(&e)),
    }
}

struct Cutter<'a> {
    input: &'a Input,
    manner: &'a Manner,
    count: &'a mut usize,
    send: &'a mut dyn FnMut(Raw, Mark) -> bool,
    /// Line ends seen so far.
    line: usize,
}

/// How the reading of an input ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// At its end.
    GoOn,
    /// Nobody wants more.
    Stop,
    /// Before it began: it is another input than before.
    Changed,
}

impl Cut {
    const fn after(wanted: bool) -> Self {
        if wanted { Self::GoOn } else { Self::Stop }
    }
}

/// What a capped read found.
pub(super) enum Piece {
    End,
    Whole,
    TooLarge,
}

pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

impl Cutter<'_> {
    fn cut(&mut self, source: &mut Source) -> io::Result<Cut> {
        match self.input.format {
            InputFormat::Text | InputFormat::Markdown => self.file(source, Layout::Prose),
            InputFormat::Toml => self.file(source, Layout::Toml),
            InputFormat::Jsonl => self.lines(source),
            InputFormat::Csv => self.rows(source),
            InputFormat::Parquet => Err(io::Error::other("Parquet is no stream of bytes")),
        }
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(&mut self) -> io::Result<Cut> {
        Err(io::Error::other(super::NO_PARQUET))
    }

    /// Rows of a Parquet file. A place in it is counted in bytes of its rows as they are handed on.
    #[cfg(feature = "parquet")]
    fn parquet(&mut self) -> io::Result<Cut> {
        use super::parquet::{Opened, Rows};
        let Some(path) = &self.input.path else { return Err(io::Error::other("Parquet needs a file")) };
        let mut rows = match Rows::open(path, self.manner.map.as_deref(), self.manner.limit)? {
            Opened::Rows(rows) => rows,
            // Without a column for the answer no row means anything: the file is one bad record.
            Opened::Bad(bad) => return Ok(Cut::after(self.emit(Layout::Prose, None, Err(bad), self.mark(None, true)))),
        };
        if let Some((place, _)) = self.manner.from
            && !rows.skip_to(place)?
        {
            return Ok(Cut::Changed);
        }
        let size = self.input.bytes.unwrap_or(0);
        let mut told = 0;
        while let Some(body) = rows.next()? {
            // Progress is counted in bytes of the file, as if all rows had the same share.
            let read = rows.share_of(size);
            self.manner.read.fetch_add(read - told, std::sync::atomic::Ordering::Relaxed);
            told = read;
            let mark = self.mark(Some(rows.reach()), false);
            if !self.emit(Layout::Parquet(rows.number()), None, body, mark) {
                return Ok(Cut::Stop);
            }
        }
        Ok(Cut::GoOn)
    }

    /// Goes to where this run begins; says whether the input is the same as then.
    fn begin(&mut self, source: &mut Source) -> io::Result<bool> {
        let Some((place, line)) = self.manner.from else { return Ok(true) };
        self.line = line;
        source.skip_to(place)
    }

    /// Sends a record.
    fn emit(&mut self, layout: Layout, line: Option<usize>, body: Result<Vec<u8>, Bad>, mark: Mark) -> bool {
        *self.count += 1;
        let origin = Origin { file: self.input.name.clone(), record: *self.count, line };
        (self.send)(Raw { origin, layout, body }, mark)
    }

    const fn mark(&self, next: Option<Reach>, idle: bool) -> Mark {
        Mark { idle, next, line: self.line }
    }

    fn unreadable(&mut self, error: &io::Error) -> bool {
        let bad = Bad::new(Code::Unreadable, format!("cannot read on: {error}"));
        let line = (self.line > 0).then_some(self.line + 1);
        self.emit(Layout::Prose, line, Err(bad), self.mark(None, true))
    }

    fn too_large(&self) -> Bad {
        Bad::new(
            Code::TooLarge,
            format!("larger than {} bytes: raise `--max-record` if that is meant", self.manner.limit),
        )
    }

    fn file(&mut self, source: &mut Source, layout: Layout) -> io::Result<Cut> {
        let mut bytes = Vec::new();
        source.take(self.manner.limit as u64 + 1).read_to_end(&mut bytes)?;
        let body = if bytes.len() > self.manner.limit { Err(self.too_large()) } else { Ok(bytes) };
        Ok(Cut::after(self.emit(layout, None, body, self.mark(None, false))))
    }

    fn lines(&mut self, source: &mut Source) -> io::Result<Cut> {
        if !self.begin(source)? {
            return Ok(Cut::Changed);
        }
        let layout = self.manner.map.as_ref().map_or(Layout::Json, |map| Layout::Mapped(Arc::clone(map)));
        let mut bytes = Vec::new();
        loop {
            let piece = read_line(source, self.manner.limit, &mut bytes)?;
            self.line += 1;
            let body = match piece {
                Piece::End => return Ok(Cut::GoOn),
                Piece::TooLarge => Err(self.too_large()),
                Piece::Whole => {
                    let line = if self.line == 1 { bytes.strip_prefix(BOM).unwrap_or(&bytes) } else { &bytes };
                    if line.iter().all(u8::is_ascii_whitespace) {
                        continue;
                    }
                    Ok(line.to_vec())
                }
            };
            let mark = self.mark(Some(source.reach()), source.is_idle());
            if !self.emit(layout.clone(), Some(self.line), body, mark) {
                return Ok(Cut::Stop);
            }
        }
    }

    fn rows(&mut self, source: &mut Source) -> io::Result<Cut> {
        let mut header: Option<Arc<Header>> = None;
        let mut bytes = Vec::new();
        loop {
            let start = self.line + 1;
            let delimiter = header.as_ref().map_or(0, |h| h.delimiter);
            let row = read_row(source, self.manner.limit, delimiter, &mut bytes)?;
            self.line += row.line_ends;
            let blank = bytes.iter().all(u8::is_ascii_whitespace);
            let body = match row.piece {
                Piece::End => return Ok(Cut::GoOn),
                Piece::TooLarge => Err(self.too_large()),
                Piece::Whole if blank => continue,
                Piece::Whole if row.open => {
                    Err(Bad::new(Code::Syntax, "a quote opens here and never closes: double the quotes inside a cell"))
                }
                Piece::Whole => Ok(bytes.as_slice()),
            };
            match &header {
                Some(header) => {
                    let layout = Layout::Row(header.clone());
                    let body = body.map(<[u8]>::to_vec);
                    let mark = self.mark(Some(source.reach()), source.is_idle());
                    if !self.emit(layout, Some(start), body, mark) {
                        return Ok(Cut::Stop);
                    }
                }
                None => {
                    let read =
                        body.and_then(|b| Header::read(b.strip_prefix(BOM).unwrap_or(b), self.manner.map.as_deref()));
                    match read {
                        Ok(read) => header = Some(read.into()),
                        // Without a header no row means anything: the file is one bad record.
                        Err(bad) => {
                            let wanted = self.emit(Layout::Prose, Some(start), Err(bad), self.mark(None, true));
                            return Ok(Cut::after(wanted));
                        }
                    }
                    if !self.begin(source)? {
                        return Ok(Cut::Changed);
                    }
                }
            }
        }
    }
}

/// Reads a line without its end, or skips it where it is longer than `limit`.
fn read_line(reader: &mut impl BufRead, limit: usize, line: &mut Vec<u8>) -> io::Result<Piece> {
    line.clear();
    if reader.take(limit as u64 + 1).read_until(b'\n', line)? == 0 {
        return Ok(Piece::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > limit {
        line.clear();
        reader.skip_until(b'\n')?;
        return Ok(Piece::TooLarge);
    }
    Ok(Piece::Whole)
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
