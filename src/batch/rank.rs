//! The best or the worst of a batch: `--top N`, `--bottom N`.

use super::{Done, Keep, Outcome, Render, Tally, Writer};
use crate::Tenths;
use std::cmp::Reverse;
use std::io::{self, Write};
use std::sync::Arc;

/// Keeps the highest or the lowest scores, and writes only them, the most extreme first; equal ones
/// in the order of the input. Bad records have no rank.
pub(crate) struct Ranked<'a> {
    inner: Box<dyn Writer + 'a>,
    most: usize,
    lowest: bool,
    /// In the order in which they will be written.
    best: Vec<(Outcome, Vec<u8>)>,
}

impl<'a> Ranked<'a> {
    /// The `most` highest scores, or the lowest.
    pub(crate) fn new(inner: Box<dyn Writer + 'a>, most: usize, lowest: bool) -> Self {
        Self { inner, most, lowest, best: Vec::new() }
    }

    fn rank(&self, outcome: &Outcome) -> Option<(Reverse<Tenths>, usize)> {
        let score = outcome.result.as_ref().ok()?.assessment.score;
        let score = if self.lowest { Tenths(-score.0) } else { score };
        Some((Reverse(score), outcome.origin.record))
    }
}

impl Writer for Ranked<'_> {
    fn renderer(&self) -> Arc<dyn Render> {
        self.inner.renderer()
    }

    fn keep(&self) -> Keep {
        Keep::Everything
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.inner.begin(out)
    }

    fn put(&mut self, _out: &mut dyn Write, mut done: Done) -> io::Result<()> {
        let outcomes = std::mem::take(&mut done.kept);
        for (outcome, bytes) in outcomes.into_iter().zip(done.pieces()) {
            let Some(rank) = self.rank(&outcome) else { continue };
            let at = self.best.partition_point(|(o, _)| self.rank(o) < Some(rank));
            if at < self.most {
                self.best.insert(at, (outcome, bytes.to_vec()));
                self.best.truncate(self.most);
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let mut done = Done::empty();
        for (outcome, bytes) in self.best.drain(..) {
            done.bytes.extend(bytes);
            done.ends.push(done.bytes.len());
            done.kept.push(outcome);
        }
        self.inner.put(out, done)?;
        self.inner.end(out, tally)
    }
}
