//! The flow of a batch: a reader ahead, whole batches on all threads, the writer in order.
//!
//! The reader gets a place for each batch that is under way, and there are few of them, so memory
//! is bounded whatever the size of the input. Batches that are done out of turn wait for those
//! before them, so the order is that of the input on any number of threads. Everything that
//! happens comes to the writer's thread as an [`Event`].

use super::input::Input;
use super::split::{Changed, Manner, split_from};
use super::stage::{Batch, Done, Judge, Keep, Place, Stage};
use super::{Bar, Map, Output, Tally, Writer};
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// What is read, and on how many threads it is judged.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The inputs, in order.
    pub(crate) inputs: Vec<Input>,
    /// The largest record, in bytes.
    pub(crate) max_record: usize,
    /// Names of keys and columns, where they are not ours.
    pub(crate) map: Option<Map>,
    /// Threads; `None` for as many as there are processors.
    pub(crate) jobs: Option<usize>,
    /// Stop after more bad records than this.
    pub(crate) max_errors: Option<usize>,
    /// When a record is flagged.
    pub(crate) bar: Arc<Bar>,
    /// Bytes that the system has read so far, for progress.
    pub(crate) read: Arc<AtomicU64>,
    /// Whether Ctrl-C ends the run in order. The process can have one who hears it.
    pub(crate) interruptible: bool,
}

impl Plan {
    /// A plan for these inputs, on all processors, with nothing else.
    pub(crate) fn new(inputs: Vec<Input>, max_record: usize) -> Self {
        Self {
            inputs,
            max_record,
            map: None,
            jobs: None,
            max_errors: None,
            bar: Arc::default(),
            read: Arc::default(),
            interruptible: false,
        }
    }
}

/// Sees every batch before it is written, with the counts so far.
pub(crate) trait Watch {
    /// Which outcomes it wants to see.
    fn keep(&self) -> Keep {
        Keep::Nothing
    }
    /// Sees a batch.
    fn see(&mut self, done: &Done, tally: &Tally) -> io::Result<()>;
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With the input.
    Whole,
    /// By Ctrl-C, or by who asked the process to end.
    Interrupted,
    /// By too many bad records.
    TooManyErrors,
}

/// A batch ends when it holds so many bytes or so many records, whichever comes first.
const BATCH_BYTES: usize = 128 << 10;
const BATCH_RECORDS: usize = 512;
/// So few records are judged at once by the thread that has them: a pool would cost more.
const FEW: usize = 4;

const BROKEN_DOWN: &str = "a thread broke down: please report this";

enum Event {
    Read(Batch),
    Done(Box<Done>),
    End,
    Changed(Changed),
    Interrupted,
    Panicked,
}

/// Reads, judges and writes everything, in order.
pub(crate) fn run(
    plan: Plan,
    judge: &impl Judge,
    writer: &mut dyn Writer,
    out: &mut Output,
    watch: &mut dyn Watch,
) -> Result<(Tally, Ended)> {
    let jobs = plan.jobs.or_else(|| thread::available_parallelism().ok().map(Into::into)).unwrap_or(1);
    let (events, inbox) = channel();
    if plan.interruptible {
        let events = events.clone();
        // Who can't be told by Ctrl-C dies of it: nothing is lost but the last batch.
        let _ = ctrlc::set_handler(move || drop(events.send(Event::Interrupted)));
    }
    let stage = Stage {
        judge,
        render: writer.renderer(),
        // To cut a batch at the one bad record that is too many, all of it must be at hand.
        keep: if plan.max_errors.is_some() { Keep::Everything } else { writer.keep().max(watch.keep()) },
        bar: Arc::clone(&plan.bar),
    };
    let (start, earlier) = out.start();
    let mut tally = Tally::new(Arc::clone(&plan.bar));
    match earlier {
        Some(earlier) => {
            tally.take_in(&earlier);
            writer.resume(tally.records());
        }
        None => writer.begin(out).with_context(|| out.complaint())?,
    }
    let max_errors = plan.max_errors;
    let places = read_ahead(plan, start, jobs + 2, events.clone())?;
    let mut desk = Desk { writer, out, watch, tally, max_errors, inbox, places: Some(places), next: 0 };
    // Until there is much to do, the thread that writes does it.
    let ended = match desk.alone(&stage, jobs == 1)? {
        Step::Ended(ended) => ended,
        Step::Much(first) => {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(jobs)
                .build()
                .context("cannot start the threads: try a smaller `--jobs`")?;
            pool.in_place_scope(|scope| {
                desk.together(first, |batch| {
                    let (stage, events) = (&stage, Bell(events.clone()));
                    scope.spawn(move |_| events.ring(Event::Done(Box::new(stage.work(batch)))));
                })
            })?
        }
    };
    let Desk { writer, out, tally, .. } = desk;
    if ended == Ended::Whole || !out.is_resumable() {
        writer.end(out, &tally).with_context(|| out.complaint())?;
    }
    out.close(ended == Ended::Whole, &tally).with_context(|| out.complaint())?;
    Ok((tally, ended))
}

/// Tells the writer's thread what happened on another, and if it was the worst.
struct Bell(Sender<Event>);

impl Bell {
    fn ring(&self, event: Event) {
        // Where nobody listens any more, nobody misses it.
        let _ = self.0.send(event);
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        if thread::panicking() {
            self.ring(Event::Panicked);
        }
    }
}

/// The thread that writes, and all that it has before it.
struct Desk<'a> {
    writer: &'a mut dyn Writer,
    out: &'a mut Output,
    watch: &'a mut dyn Watch,
    tally: Tally,
    max_errors: Option<usize>,
    inbox: Receiver<Event>,
    /// Where the reader gets its places from; dropped to stop it.
    places: Option<Receiver<()>>,
    /// Number of the next batch to be written.
    next: u64,
}

enum Step {
    Ended(Ended),
    /// This is more than one thread should do.
    Much(Batch),
}

impl Desk<'_> {
    fn event(&self) -> Result<Event> {
        self.inbox.recv().context("the reader is gone")
    }

    /// Does the work here, until there is more to do than `FEW` records at once, unless `all` of it
    /// is to be done here.
    fn alone(&mut self, stage: &Stage<'_, impl Judge>, all: bool) -> Result<Step> {
        loop {
            let ended = match self.event()? {
                Event::Read(batch) if all || batch.raws.len() <= FEW => self.write(stage.work(batch))?,
                Event::Read(batch) => return Ok(Step::Much(batch)),
                Event::End => Some(Ended::Whole),
                Event::Interrupted => Some(Ended::Interrupted),
                Event::Changed(changed) => return Err(changed.into()),
                Event::Panicked => bail!(BROKEN_DOWN),
                Event::Done(_) => None,
            };
            if let Some(ended) = ended {
                return Ok(Step::Ended(ended));
            }
        }
    }

    /// Has the work done by others, and writes what they bring in the order of the input.
    fn together(&mut self, first: Batch, mut hand_out: impl FnMut(Batch)) -> Result<Ended> {
        hand_out(first);
        let mut under_way = 1;
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let mut ending = None;
        loop {
            if let (Some(ended), 0) = (ending, under_way) {
                return Ok(ended);
            }
            match self.event()? {
                Event::Read(batch) if ending.is_none() => {
                    under_way += 1;
                    hand_out(batch);
                }
                Event::Read(_) => {}
                Event::Done(done) => {
                    under_way -= 1;
                    waiting.insert(done.number, *done);
                    while let Some(done) = waiting.remove(&self.next) {
                        if let Some(ended) = self.write(done)? {
                            return Ok(ended);
                        }
                    }
                }
                Event::End => ending = ending.or(Some(Ended::Whole)),
                Event::Interrupted => {
                    // What is under way is finished and written; the reader is told to stop.
                    ending = Some(Ended::Interrupted);
                    self.places = None;
                }
                Event::Changed(changed) => return Err(changed.into()),
                Event::Panicked => bail!(BROKEN_DOWN),
            }
        }
    }

    /// Writes a batch, and says whether that was the last one.
    fn write(&mut self, mut done: Done) -> Result<Option<Ended>> {
        self.next += 1;
        if let Some(places) = &self.places {
            // The reader took one for this batch.
            let _ = places.try_recv();
        }
        let room = self.max_errors.map(|most| most.saturating_sub(self.tally.bad_records()));
        let too_many = room.is_some_and(|room| done.tally.bad_records() > room);
        if let (true, Some(room)) = (too_many, room) {
            // Who allows more errors later can go on from before this batch.
            self.out.checkpoint(&self.tally, true).with_context(|| self.out.complaint())?;
            let bad = done.kept.iter().enumerate().filter(|(_, o)| o.result.is_err()).map(|(at, _)| at);
            let last = bad.take(room + 1).last().unwrap_or(0);
            done.truncate(last + 1);
        }
        self.tally.take_in(&done.tally);
        self.watch.see(&done, &self.tally)?;
        let next = done.next;
        let written = self.writer.put(self.out, done);
        if too_many {
            written.with_context(|| self.out.complaint())?;
            return Ok(Some(Ended::TooManyErrors));
        }
        self.out.reached(next);
        written.and_then(|()| self.out.checkpoint(&self.tally, false)).with_context(|| self.out.complaint())?;
        Ok(None)
    }
}

/// Reads the inputs on a thread of its own, from a place on, with so many batches under way at
/// most. The thread is not waited for: where the writer gives up, it may be sitting on a pipe that
/// says nothing more.
fn read_ahead(plan: Plan, start: Place, most: usize, events: Sender<Event>) -> Result<Receiver<()>> {
    let (places, places_back) = sync_channel(most);
    let events = Bell(events);
    let read = move || match read(plan, start, &places, &events) {
        Ok(()) => events.ring(Event::End),
        Err(changed) => events.ring(Event::Changed(changed)),
    };
    thread::Builder::new().name("reader".to_owned()).spawn(read).context("cannot start the reader")?;
    Ok(places_back)
}

fn read(plan: Plan, start: Place, places: &SyncSender<()>, events: &Bell) -> Result<(), Changed> {
    let Plan { inputs, max_record, map, read, .. } = plan;
    let mut manner = Manner { limit: max_record, map: map.map(Arc::new), read, from: None };
    let mut batch = Batch { number: 0, raws: Vec::new(), next: start };
    let mut bytes = 0;
    let mut count = start.record;
    let send = |batch: &mut Batch| {
        let next = Batch { number: batch.number + 1, raws: Vec::new(), next: batch.next };
        let ready = std::mem::replace(batch, next);
        if places.send(()).is_err() {
            return false;
        }
        events.ring(Event::Read(ready));
        true
    };
    for (at, input) in inputs.iter().enumerate().skip(start.input) {
        manner.from = if at == start.input { start.reach().map(|reach| (reach, start.line)) } else { None };
        let go_on = split_from(input, &manner, &mut count, &mut |raw, mark| {
            bytes += raw.body.as_ref().map_or(0, Vec::len);
            let record = raw.origin.record;
            batch.raws.push(raw);
            batch.next = match mark.next {
                Some(reach) => Place { input: at, bytes: reach.bytes, crc: reach.crc, line: mark.line, record },
                None => Place { input: at + 1, bytes: 0, crc: 0, line: 0, record },
            };
            // The first batches are small, so that all threads have something soon.
            let full = BATCH_BYTES >> (4 - (batch.number / 4).min(4));
            if !mark.idle && bytes < full && batch.raws.len() < BATCH_RECORDS {
                return true;
            }
            bytes = 0;
            send(&mut batch)
        })?;
        if !go_on {
            return Ok(());
        }
    }
    if !batch.raws.is_empty() {
        send(&mut batch);
    }
    Ok(())
}
