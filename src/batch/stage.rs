//! The work on one batch, the same on any thread: decode, judge, render, count.

use super::source::Reach;
use super::split::Raw;
use super::{Bad, Bar, Judged, Outcome, Record, Render, Tally, decode};
use std::sync::Arc;

/// Judges a record, or says why it cannot.
pub(crate) trait Judge: Sync {
    /// The judgement of one record.
    fn judge(&self, record: Record) -> Result<Judged, Bad>;
}

impl<F: Fn(Record) -> Result<Judged, Bad> + Sync> Judge for F {
    fn judge(&self, record: Record) -> Result<Judged, Bad> {
        self(record)
    }
}

/// A place in all inputs: what a run needs to go on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Place {
    /// Index of the input.
    pub(super) input: usize,
    /// Bytes of it that are done, after decompression.
    pub(super) bytes: u64,
    /// Their CRC-32.
    pub(super) crc: u32,
    /// Line ends among them.
    pub(super) line: usize,
    /// Number of the last record that is done.
    pub(super) record: usize,
}

impl Place {
    /// How far the input is done; `None` where it was not begun.
    pub(super) const fn reach(&self) -> Option<Reach> {
        if self.bytes == 0 { None } else { Some(Reach { bytes: self.bytes, crc: self.crc }) }
    }
}

/// Raw records that are worked on together.
#[derive(Debug)]
pub(super) struct Batch {
    /// Its number, from 0.
    pub(super) number: u64,
    /// The records, in order.
    pub(super) raws: Vec<Raw>,
    /// Where the next batch begins.
    pub(super) next: Place,
}

/// Which outcomes are still needed once they have been rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Keep {
    /// None: their bytes and counts are enough.
    Nothing,
    /// Those of bad records.
    Bad,
    /// All.
    Everything,
}

/// A batch that has been worked on.
#[derive(Debug)]
pub(crate) struct Done {
    /// Number of the batch.
    pub(super) number: u64,
    /// Where the next batch begins.
    pub(super) next: Place,
    /// What the writer made of its records, one after the other.
    pub(crate) bytes: Vec<u8>,
    /// Where in them each record ends.
    pub(crate) ends: Vec<usize>,
    /// The outcomes that are still needed.
    pub(crate) kept: Vec<Outcome>,
    /// Counts over its records.
    pub(crate) tally: Tally,
}

impl Done {
    /// Nothing done.
    pub(super) fn empty() -> Self {
        let (number, next) = (0, Place::default());
        Self { number, next, bytes: Vec::new(), ends: Vec::new(), kept: Vec::new(), tally: Tally::default() }
    }

    /// Cuts off what comes after the first `records` records; all outcomes must have been kept.
    pub(super) fn truncate(&mut self, records: usize) {
        self.ends.truncate(records);
        self.kept.truncate(records);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
        let mut tally = Tally::new(Arc::clone(self.tally.bar()));
        self.kept.iter().for_each(|o| tally.add(o));
        self.tally = tally;
    }

    /// The bytes of each record.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(from, to)| &self.bytes[from..*to])
    }
}

/// All that the work on a batch takes.
pub(super) struct Stage<'a, J: Judge> {
    /// Who judges.
    pub(super) judge: &'a J,
    /// Who makes bytes of it.
    pub(super) render: Arc<dyn Render>,
    /// What is still needed after that.
    pub(super) keep: Keep,
    /// When a record is flagged.
    pub(super) bar: Arc<Bar>,
}

impl<J: Judge> Stage<'_, J> {
    /// Works on a batch.
    pub(super) fn work(&self, batch: Batch) -> Done {
        let Batch { number, raws, next } = batch;
        let mut done = Done {
            number,
            next,
            bytes: Vec::new(),
            ends: Vec::with_capacity(raws.len()),
            kept: Vec::new(),
            tally: Tally::new(Arc::clone(&self.bar)),
        };
        for raw in raws {
            let (origin, record) = decode(raw);
            let outcome = Outcome { origin, result: record.and_then(|r| self.judge.judge(r)).map(Box::new) };
            done.tally.add(&outcome);
            self.render.render(&outcome, &mut done.bytes);
            done.ends.push(done.bytes.len());
            if self.keep == Keep::Everything || (self.keep == Keep::Bad && outcome.result.is_err()) {
                done.kept.push(outcome);
            }
        }
        done
    }
}
