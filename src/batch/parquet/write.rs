//! Results as a Parquet file: the columns of CSV, with numbers as numbers and ids as lists.

use crate::batch::{Done, Keep, Tally, Writer};
use crate::report::table::{Columns, Holds, Value};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A row group is written when its cells hold so many bytes or so many rows. That is counted row by row, so
/// the same rows make the same file, however they come.
const GROUP_BYTES: usize = 8 << 20;
const GROUP_ROWS: usize = 1 << 16;

/// Puts rows together column by column.
pub(crate) struct ParquetRows {
    columns: Columns,
    /// What the rows of the next row group have in each column.
    cells: Vec<Cells>,
    rows: usize,
    bytes: usize,
    file: SerializedFileWriter<Sink>,
    sink: Sink,
}

/// What was written, until it is handed on.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The values of a column, and for each row (or each id of a row) what there is of it.
#[derive(Debug, Default)]
struct Cells {
    texts: Vec<ByteArray>,
    numbers: Vec<i64>,
    points: Vec<f64>,
    /// Definition levels: 0 for nothing. Of ids, 1 for an empty list and 2 for one of a list.
    levels: Vec<i16>,
    /// Of ids, 0 for the first of a row.
    repeated: Vec<i16>,
}

impl Cells {
    /// Adds what a row has, and gives its size in bytes.
    fn push(&mut self, value: Value<'_>, holds: Holds) -> usize {
        let defined = match value {
            Value::Nothing => false,
            Value::Text(text) => self.text(text),
            Value::Made(text) => self.text(&text),
            Value::Number(n) => {
                self.numbers.push(i64::try_from(n).unwrap_or(i64::MAX));
                true
            }
            Value::Points(points) => {
                self.points.push(points.points());
                true
            }
            Value::Ids(ids) => return self.ids(&ids),
        };
        self.levels.push(defined.into());
        if holds == Holds::Ids {
            self.repeated.push(0);
        }
        size_of::<i64>() + if defined && holds == Holds::Text { self.texts.last().map_or(0, ByteArray::len) } else { 0 }
    }

    fn text(&mut self, text: &str) -> bool {
        self.texts.push(text.into());
        true
    }

    fn ids(&mut self, ids: &[&str]) -> usize {
        self.levels.extend(if ids.is_empty() { vec![1] } else { vec![2; ids.len()] });
        self.repeated.extend((0..ids.len().max(1)).map(|at| i16::from(at > 0)));
        self.texts.extend(ids.iter().map(|id| ByteArray::from(*id)));
        ids.iter().map(|id| id.len() + size_of::<ByteArray>()).sum::<usize>() + size_of::<i64>()
    }
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => io::Error::other(inner),
        other => io::Error::other(other),
    }
}

impl ParquetRows {
    /// A file with these columns.
    ///
    /// # Errors
    /// Two columns have the same name.
    pub(crate) fn new(columns: Columns) -> anyhow::Result<Self> {
        let schema = schema(&columns)?;
        let level = ZstdLevel::try_new(3)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let sink = Sink::default();
        let file = SerializedFileWriter::new(sink.clone(), schema, Arc::new(properties))?;
        let cells = columns.names().map(|_| Cells::default()).collect();
        Ok(Self { columns, cells, rows: 0, bytes: 0, file, sink })
    }

    /// Writes the rows that were put together as a row group.
    fn group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for ((_, holds), cells) in self.columns.names().zip(&mut self.cells) {
            let cells = std::mem::take(cells);
            match holds {
                Holds::Text | Holds::Ids => column::<ByteArrayType>(&mut group, &cells.texts, &cells)?,
                Holds::Numbers => column::<Int64Type>(&mut group, &cells.numbers, &cells)?,
                Holds::Points => column::<DoubleType>(&mut group, &cells.points, &cells)?,
            }
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Sink>,
    values: &[T::T],
    cells: &Cells,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("there are fewer columns than in the schema".to_owned()));
    };
    let repeated = (!cells.repeated.is_empty()).then_some(cells.repeated.as_slice());
    column.typed::<T>().write_batch(values, Some(&cells.levels), repeated)?;
    column.close()
}

/// Every column may be empty; ids are lists as the format's own rules write them.
fn schema(columns: &Columns) -> Result<TypePtr, ParquetError> {
    let leaf = |name: &str, kind: Physical, is: Repetition| {
        let text = (kind == Physical::BYTE_ARRAY).then_some(LogicalType::String);
        Type::primitive_type_builder(name, kind).with_repetition(is).with_logical_type(text).build().map(Arc::new)
    };
    let field = |(name, holds): (&str, Holds)| match holds {
        Holds::Text => leaf(name, Physical::BYTE_ARRAY, Repetition::OPTIONAL),
        Holds::Numbers => leaf(name, Physical::INT64, Repetition::OPTIONAL),
        Holds::Points => leaf(name, Physical::DOUBLE, Repetition::OPTIONAL),
        Holds::Ids => {
            let element = leaf("element", Physical::BYTE_ARRAY, Repetition::REQUIRED)?;
            let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
            let list = list.with_fields(vec![element]).build()?;
            let ids = Type::group_type_builder(name).with_repetition(Repetition::OPTIONAL);
            ids.with_logical_type(Some(LogicalType::List)).with_fields(vec![list.into()]).build().map(Arc::new)
        }
    };
    let fields = columns.names().map(field).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("starcue").with_fields(fields).build().map(Arc::new)
}

impl Writer for ParquetRows {
    fn keep(&self) -> Keep {
        // The directory of a file stands at its end, too, and is known only to who wrote all of it.
        Keep::Everything
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.sink.take())
    }

    fn put(&mut self, out: &mut dyn Write, done: Done) -> io::Result<()> {
        for outcome in &done.kept {
            for ((value, (_, holds)), cells) in
                self.columns.values(outcome).zip(self.columns.names()).zip(&mut self.cells)
            {
                self.bytes += cells.push(value, holds);
            }
            self.rows += 1;
            if self.rows == GROUP_ROWS || self.bytes >= GROUP_BYTES {
                self.group().map_err(failed)?;
            }
        }
        out.write_all(&self.sink.take())
    }

    fn end(&mut self, out: &mut dyn Write, _tally: &Tally) -> io::Result<()> {
        self.group().map_err(failed)?;
        self.file.finish().map_err(failed)?;
        out.write_all(&self.sink.take())
    }
}
