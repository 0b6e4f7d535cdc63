//! Many answers: from files to records, from records to outcomes, in the order of the input.
//!
//! A reader thread cuts the inputs into raw records ([`split()`]) and sends them in batches counted
//! in bytes; whole batches are decoded, judged and rendered to bytes on as many threads as there
//! are ([`run`]) and written in order. A record that cannot be judged becomes a [`Bad`] outcome in
//! its place. An output file grows under another name, with checkpoints, until it is whole
//! ([`Output`]).

mod bad;
mod ci;
mod decode;
mod flow;
mod input;
mod lines;
mod map;
mod output;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod prose;
mod rank;
mod rows;
mod source;
mod split;
mod stage;
mod tally;
mod writer;

#[cfg(test)]
pub(crate) use bad::ErrorJson;
pub(crate) use bad::{Bad, Code};
pub(crate) use ci::{Github, Junit, Sarif};
pub(crate) use decode::decode;
pub(crate) use flow::{Ended, Plan, Watch, run};
#[cfg(not(feature = "parquet"))]
pub(crate) use input::NO_PARQUET;
pub(crate) use input::{Input, InputFormat, inputs};
pub(crate) use lines::LineMap;
pub(crate) use map::{Map, Mapping};
pub(crate) use output::{Output, Run};
pub(crate) use page::Html;
#[cfg(feature = "parquet")]
pub(crate) use parquet::ParquetRows;
pub(crate) use rank::Ranked;
pub(crate) use rows::cells;
pub(crate) use source::open;
pub(crate) use split::{Layout, Raw, first, split};
pub(crate) use stage::{Done, Keep};
pub(crate) use tally::{Bar, Tally};
pub(crate) use writer::{CsvRows, Detail, Human, Json, Lines, Markdown, Nothing, Render, Traces, Writer};

use crate::{Answer, Assessment, Rubric};
use std::sync::Arc;

/// The largest record, in bytes, unless `--max-record` says another size.
pub(crate) const LARGEST_RECORD: usize = 1 << 20;

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Path of its file; `-` for standard input.
    pub(crate) file: Arc<str>,
    /// Its number in the whole input, from 1: the same in the output.
    pub(crate) record: usize,
    /// The line on which it starts, from 1, where a file holds several.
    pub(crate) line: Option<usize>,
}

impl Origin {
    /// For messages: `answers.jsonl:17`.
    pub(crate) fn place(&self) -> String {
        let file = if &*self.file == "-" { "standard input" } else { &*self.file };
        match self.line {
            Some(line) => format!("{file}:{line}"),
            None => file.to_owned(),
        }
    }
}

/// One answer with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its own id, or the path of its file, or its number.
    pub(crate) id: String,
    /// What was asked: an id of the bank, or any text.
    pub(crate) question: Option<String>,
    /// Id of the rubric that it asks for.
    pub(crate) rubric: Option<String>,
    /// The answer.
    pub(crate) answer: Answer,
    /// Where its lines stand in its file, where that holds this one answer.
    pub(crate) lines: LineMap,
}

/// A record with its judgement.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// The record.
    pub(crate) record: Record,
    /// The text of its question, where it is known.
    pub(crate) asked: Option<String>,
    /// The rubric that judged it.
    pub(crate) rubric: Arc<Rubric>,
    /// The judgement.
    pub(crate) assessment: Assessment,
}

/// What came of one record.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// Where it stands.
    pub(crate) origin: Origin,
    /// The judgement, or why there is none.
    pub(crate) result: Result<Box<Judged>, Bad>,
}
