//! What is seen while a batch runs: progress, and bad records where people look on.

use crate::batch::{Done, Keep, Plan, Tally, Watch};
use crate::report::clean;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Shows progress, and tells people of bad records.
pub(super) struct Watching {
    /// Whether people look on.
    pub(super) people: bool,
    /// The progress bar.
    pub(super) progress: Progress,
}

impl Watch for Watching {
    fn keep(&self) -> Keep {
        if self.people { Keep::Bad } else { Keep::Nothing }
    }

    fn see(&mut self, done: &Done, tally: &Tally) -> io::Result<()> {
        self.progress.advance(tally.records());
        for outcome in done.kept.iter().filter(|_| self.people) {
            if let Err(bad) = &outcome.result {
                let line = format!("{}: {} [{}]", outcome.origin.place(), bad.message, bad.code);
                self.progress.aside(|| writeln!(io::stderr(), "{}", clean(&line)))?;
            }
        }
        Ok(())
    }
}

/// A progress bar that shows itself only where the work is long.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    wanted: bool,
    total: Option<u64>,
    read: Arc<AtomicU64>,
    started: Instant,
    /// Records that an earlier run had done, and bytes that were read only to find the place again.
    before: Option<(usize, u64)>,
}

impl Progress {
    /// Nothing done yet.
    pub(super) fn new(wanted: bool, plan: &Plan) -> Self {
        let total = plan.inputs.iter().map(|i| i.bytes).sum();
        Self { bar: None, wanted, total, read: Arc::clone(&plan.read), started: Instant::now(), before: None }
    }

    fn advance(&mut self, records: usize) {
        const LONG: Duration = Duration::from_millis(400);
        let elapsed = self.started.elapsed();
        let read = self.read.load(Ordering::Relaxed);
        let (records_before, read_before) = *self.before.get_or_insert((records, read));
        if !self.wanted || elapsed < LONG {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let (bar, template) = match self.total {
                Some(total) => (ProgressBar::new(total), "{wide_bar} {percent:>3} %  {msg}"),
                None => (ProgressBar::new_spinner(), "{spinner} {elapsed}  {msg}"),
            };
            bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_position(read);
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        let per_second = |n: f64| n / elapsed.as_secs_f64().max(0.001);
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        let rate = per_second((records - records_before) as f64);
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        let left = self.total.map(|total| {
            let speed = per_second(read.saturating_sub(read_before) as f64).max(1.0);
            let seconds = (total.saturating_sub(read) as f64 / speed).min(1e9);
            format!("  {} left", indicatif::HumanDuration(Duration::from_secs_f64(seconds)))
        });
        bar.set_message(format!("{records} answers  {rate:.0}/s{}", left.unwrap_or_default()));
    }

    /// Runs something that writes to standard error, with the bar out of its way.
    fn aside(&self, write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
