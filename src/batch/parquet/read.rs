//! Rows of a Parquet file, a page of each column at a time.

use crate::Section;
use crate::batch::map::{Map, NAMES};
use crate::batch::source::Reach;
use crate::batch::{Bad, Code};
use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::Path;

/// Rows that are taken from the pages at once.
const STEP: usize = 64;

/// The index of the whole answer, and of the first of its four sections, in [`NAMES`].
const ANSWER: usize = 3;
const SECTIONS: usize = 4;

/// The rows of a file, each as the JSON object that a line of JSONL would be.
pub(in crate::batch) struct Rows {
    reader: SerializedFileReader<File>,
    columns: Vec<Column>,
    limit: usize,
    total: u64,
    /// The row group after the one that is being read.
    next_group: usize,
    /// Of the row group that is being read, a reader for each column.
    readers: Vec<ColumnReader>,
    ready: VecDeque<Row>,
    number: usize,
    bytes: u64,
    crc: crc32fast::Hasher,
}

/// A column that holds something of ours.
struct Column {
    /// Index among the leaves of the schema.
    leaf: usize,
    /// Index into [`NAMES`].
    ours: usize,
    /// From this definition level on there is a value.
    defined: i16,
}

/// What a row has of each of [`NAMES`].
type Row = [Cell; NAMES.len()];

#[derive(Debug, Clone, Default)]
enum Cell {
    #[default]
    Nothing,
    Text(ByteArray),
    /// A number, true or false, as JSON writes it.
    Plain(String),
}

impl Cell {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Nothing => &[],
            Self::Text(text) => text.data(),
            Self::Plain(plain) => plain.as_bytes(),
        }
    }

    /// Whether it says nothing: empty cells are as good as missing ones.
    fn is_blank(&self) -> bool {
        self.bytes().iter().all(u8::is_ascii_whitespace)
    }

    fn json(&self, name: &str, into: &mut Vec<u8>) -> Result<(), Bad> {
        match self {
            Self::Nothing => into.extend_from_slice(b"null"),
            Self::Plain(plain) => into.extend_from_slice(plain.as_bytes()),
            Self::Text(text) => {
                let text = std::str::from_utf8(text.data()).map_err(|e| {
                    let at = e.valid_up_to() + 1;
                    Bad::new(
                        Code::NotUtf8,
                        format!("byte {at} of `{name}` is not UTF-8: write the column anew as text"),
                    )
                })?;
                into.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
            }
        }
        Ok(())
    }
}

/// A file that was opened.
pub(in crate::batch) enum Opened {
    /// It has a column for the answer.
    Rows(Box<Rows>),
    /// It has none.
    Bad(Bad),
}

fn broken(error: &ParquetError) -> io::Error {
    let said = error.to_string();
    let said = said.strip_prefix("Parquet error: ").unwrap_or(&said);
    io::Error::new(io::ErrorKind::InvalidData, format!("the Parquet file is cut short or broken: {said}"))
}

impl Rows {
    /// Opens a file, and finds the columns that hold something of ours.
    pub(in crate::batch) fn open(path: &Path, map: Option<&Map>, limit: usize) -> io::Result<Opened> {
        let reader = SerializedFileReader::new(File::open(path)?).map_err(|e| broken(&e))?;
        let about = reader.metadata().file_metadata();
        let schema = about.schema_descr();
        let names = schema.columns().iter().map(|c| c.path().parts().join(".").to_lowercase()).collect();
        let columns = match find(schema.columns().iter().map(AsRef::as_ref), names, map) {
            Ok(columns) => columns,
            Err(bad) => return Ok(Opened::Bad(bad)),
        };
        let total = u64::try_from(about.num_rows()).unwrap_or(0);
        Ok(Opened::Rows(Box::new(Self {
            reader,
            columns,
            limit,
            total,
            next_group: 0,
            readers: Vec::new(),
            ready: VecDeque::new(),
            number: 0,
            bytes: 0,
            crc: crc32fast::Hasher::new(),
        })))
    }

    /// The next row, or what is wrong with it; `None` at the end.
    pub(in crate::batch) fn next(&mut self) -> io::Result<Option<Result<Vec<u8>, Bad>>> {
        let Some(row) = self.row()? else { return Ok(None) };
        self.number += 1;
        let size: usize = row.iter().map(|cell| cell.bytes().len()).sum();
        self.bytes += size as u64 + 1;
        for cell in &row {
            self.crc.update(&(cell.bytes().len() as u64).to_le_bytes());
            self.crc.update(cell.bytes());
        }
        if size > self.limit {
            let limit = self.limit;
            let message = format!("larger than {limit} bytes: raise `--max-record` if that is meant");
            return Ok(Some(Err(self.named(&row, Bad::new(Code::TooLarge, message)))));
        }
        Ok(Some(object(&row).map_err(|bad| self.named(&row, bad))))
    }

    /// How many rows were taken.
    pub(in crate::batch) const fn number(&self) -> usize {
        self.number
    }

    /// The same share of `size` as of the rows was taken.
    pub(in crate::batch) fn share_of(&self, size: u64) -> u64 {
        let part = u128::from(size) * self.number as u128 / u128::from(self.total.max(1));
        u64::try_from(part).unwrap_or(size).min(size)
    }

    /// How much was taken, counted in bytes of what the cells hold.
    pub(in crate::batch) fn reach(&self) -> Reach {
        Reach { bytes: self.bytes, crc: self.crc.clone().finalize() }
    }

    /// Goes on to a place that an earlier run had reached; says whether the rows before it are the
    /// same as then.
    pub(in crate::batch) fn skip_to(&mut self, place: Reach) -> io::Result<bool> {
        while self.bytes < place.bytes {
            if self.next()?.is_none() {
                return Ok(false);
            }
        }
        Ok(self.reach() == place)
    }

    /// A bad row with its number, and its id where that can be read.
    fn named(&self, row: &Row, bad: Bad) -> Bad {
        let id = std::str::from_utf8(row[0].bytes()).ok().map(str::trim).filter(|id| !id.is_empty());
        let message = format!("row {}: {}", self.number, bad.message);
        Bad { id: id.map(str::to_owned), message, ..bad }
    }

    fn row(&mut self) -> io::Result<Option<Row>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(Some(row));
            }
            if !self.step().map_err(|e| broken(&e))? {
                return Ok(None);
            }
        }
    }

    /// Makes some rows ready, or opens the next row group; says whether there was one.
    fn step(&mut self) -> Result<bool, ParquetError> {
        let mut rows: Vec<Row> = Vec::new();
        for (at, (column, reader)) in self.columns.iter().zip(&mut self.readers).enumerate() {
            let cells = cells(reader, column.defined)?;
            if at == 0 {
                rows.resize_with(cells.len(), Row::default);
            }
            if cells.len() != rows.len() {
                return Err(ParquetError::General("its columns have different numbers of rows".to_owned()));
            }
            for (row, cell) in rows.iter_mut().zip(cells) {
                // Of two columns for the same the first that says something holds.
                if row[column.ours].is_blank() {
                    row[column.ours] = cell;
                }
            }
        }
        if !rows.is_empty() {
            self.ready.extend(rows);
            return Ok(true);
        }
        if self.next_group == self.reader.num_row_groups() {
            return Ok(false);
        }
        let group = self.reader.get_row_group(self.next_group)?;
        self.next_group += 1;
        self.readers = self.columns.iter().map(|c| group.get_column_reader(c.leaf)).collect::<Result<_, _>>()?;
        Ok(true)
    }
}

/// The columns that hold something of ours.
fn find<'a>(
    leaves: impl Iterator<Item = &'a ColumnDescriptor>,
    names: Vec<String>,
    map: Option<&Map>,
) -> Result<Vec<Column>, Bad> {
    let have = names.join(", ");
    let names = match map {
        Some(map) => map.columns(names)?,
        None => names,
    };
    let mut columns = Vec::new();
    for (leaf, (about, name)) in leaves.zip(&names).enumerate() {
        // The sections may stand in a structure of their own: `answer.situation`.
        let part = name.strip_prefix("answer.").filter(|part| Section::from_id(part).is_some());
        let Some(ours) = NAMES.iter().position(|n| *n == part.unwrap_or(name)) else { continue };
        let fits = matches!(
            about.physical_type(),
            Type::BYTE_ARRAY | Type::BOOLEAN | Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE
        );
        if !fits || about.max_rep_level() > 0 {
            let kind = if about.max_rep_level() > 0 { "lists".to_owned() } else { about.physical_type().to_string() };
            return Err(Bad::new(Code::WrongType, format!("the column `{name}` holds {kind}: write it anew as text")));
        }
        columns.push(Column { leaf, ours, defined: about.max_def_level() });
    }
    if !columns.iter().any(|c| c.ours >= ANSWER) {
        return Err(Bad::new(
            Code::NoAnswer,
            format!(
                "there is no column `answer`, nor one of `situation`, `task`, `action`, `result`: it has {have}; \
                 `--map answer=COLUMN` names another"
            ),
        ));
    }
    Ok(columns)
}

/// The next cells of a column; none at the end of its row group.
fn cells(reader: &mut ColumnReader, defined: i16) -> Result<Vec<Cell>, ParquetError> {
    match reader {
        ColumnReader::ByteArrayColumnReader(r) => take(r, defined, Cell::Text),
        ColumnReader::BoolColumnReader(r) => take(r, defined, |v| Cell::Plain(v.to_string())),
        ColumnReader::Int32ColumnReader(r) => take(r, defined, |v| Cell::Plain(v.to_string())),
        ColumnReader::Int64ColumnReader(r) => take(r, defined, |v| Cell::Plain(v.to_string())),
        ColumnReader::FloatColumnReader(r) => take(r, defined, |v| real(v.into())),
        ColumnReader::DoubleColumnReader(r) => take(r, defined, real),
        ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => Ok(Vec::new()),
    }
}

/// A number as JSON writes it; what is no number is nothing.
fn real(value: f64) -> Cell {
    serde_json::Number::from_f64(value).map_or(Cell::Nothing, |n| Cell::Plain(n.to_string()))
}

fn take<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    defined: i16,
    cell: impl Fn(T::T) -> Cell,
) -> Result<Vec<Cell>, ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let mut rows = 0;
    while rows < STEP {
        let (more, _, _) = reader.read_records(STEP - rows, Some(&mut levels), None, &mut values)?;
        if more == 0 {
            break;
        }
        rows += more;
    }
    let mut values = values.into_iter();
    if defined == 0 {
        return Ok(values.map(cell).collect());
    }
    let one = |level: &i16| if *level == defined { values.next().map_or(Cell::Nothing, &cell) } else { Cell::Nothing };
    Ok(levels.iter().map(one).collect())
}

/// The object that a line of JSONL would be. As in CSV an empty cell is a missing one.
fn object(row: &Row) -> Result<Vec<u8>, Bad> {
    let mut json = vec![b'{'];
    let sections = SECTIONS..NAMES.len();
    let whole = !row[ANSWER].is_blank() || row[sections.clone()].iter().all(Cell::is_blank);
    for (name, cell) in NAMES.into_iter().zip(row).take(if whole { SECTIONS } else { ANSWER }) {
        if !cell.is_blank() || name == NAMES[ANSWER] {
            key(name, &mut json);
            cell.json(name, &mut json)?;
        }
    }
    if !whole {
        key(NAMES[ANSWER], &mut json);
        json.push(b'{');
        for (name, cell) in NAMES[sections.clone()].iter().zip(&row[sections]) {
            key(name, &mut json);
            cell.json(name, &mut json)?;
        }
        json.push(b'}');
    }
    json.push(b'}');
    Ok(json)
}

fn key(name: &str, into: &mut Vec<u8>) {
    if into.last() != Some(&b'{') {
        into.push(b',');
    }
    into.push(b'"');
    into.extend_from_slice(name.as_bytes());
    into.extend_from_slice(b"\":");
}
