//! The flow of a batch: a reader ahead, all threads on the records, the writer in order.
//!
//! Raw records come in batches counted in bytes, through a channel that holds one, so memory is
//! bounded; within a batch the results keep their places, so the order is that of the input on
//! any number of threads.

use super::input::Input;
use super::split::{Raw, split};
use super::{Bad, Judged, Outcome, Record, Writer, decode};
use anyhow::{Context as _, Result};
use rayon::prelude::*;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

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

/// What is read, and on how many threads it is judged.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The inputs, in order.
    pub(crate) inputs: Vec<Input>,
    /// The largest record, in bytes.
    pub(crate) max_record: usize,
    /// Threads; `None` for as many as there are processors.
    pub(crate) jobs: Option<usize>,
}

/// A batch ends when it holds so many bytes or so many records, whichever comes first.
const BATCH_BYTES: usize = 2 << 20;
const BATCH_RECORDS: usize = 2048;

/// Reads, judges and writes everything, in order. `watch` sees every outcome before it is
/// written, and how many bytes of the input have been worked off.
pub(crate) fn run(
    plan: Plan,
    judge: &impl Judge,
    writer: &mut dyn Writer,
    out: &mut dyn Write,
    watch: &mut dyn FnMut(&Outcome, u64) -> io::Result<()>,
) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.jobs.unwrap_or(0))
        .build()
        .context("cannot start the threads: try a smaller `--jobs`")?;
    writer.begin(out)?;
    for batch in read_ahead(plan)? {
        let shared: &dyn Writer = writer;
        let done: Vec<(u64, Outcome, Vec<u8>)> = pool.install(|| {
            batch
                .into_par_iter()
                .map(|raw| {
                    let taken = raw.taken;
                    let (origin, record) = decode(raw);
                    let result = record.and_then(|r| judge.judge(r)).map(Box::new);
                    let outcome = Outcome { origin, result };
                    let rendered = shared.render(&outcome);
                    (taken, outcome, rendered)
                })
                .collect()
        });
        for (taken, outcome, rendered) in done {
            watch(&outcome, taken)?;
            writer.put(out, outcome, rendered)?;
        }
        out.flush()?;
    }
    writer.end(out)?;
    out.flush()?;
    Ok(())
}

/// Reads the inputs on a thread of its own. The thread is not waited for: where the writer gives
/// up, it may be sitting on a pipe that says nothing more.
fn read_ahead(plan: Plan) -> Result<Receiver<Vec<Raw>>> {
    let (sender, receiver) = sync_channel(1);
    let read = move || {
        let (mut batch, mut bytes, mut count) = (Vec::new(), 0, 0);
        let mut send = |raw: Raw, idle: bool| {
            bytes += raw.body.as_ref().map_or(0, Vec::len);
            batch.push(raw);
            if !idle && bytes < BATCH_BYTES && batch.len() < BATCH_RECORDS {
                return true;
            }
            bytes = 0;
            sender.send(std::mem::take(&mut batch)).is_ok()
        };
        for input in &plan.inputs {
            if !split(input, plan.max_record, &mut count, &mut send) {
                return;
            }
        }
        if !batch.is_empty() {
            // Where nobody listens any more, nobody misses it.
            let _ = sender.send(batch);
        }
    };
    thread::Builder::new().name("reader".to_owned()).spawn(read).context("cannot start the reader")?;
    Ok(receiver)
}
