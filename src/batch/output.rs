//! Where the product goes: a stream, or a file that grows under another name until it is whole.
//!
//! `OUT.partial` holds what is done; `OUT.partial.json` beside it says, from time to time, how far
//! that can be trusted and where the input stood then. An interrupted run goes on from there: what
//! was written after the last checkpoint is cut off and made again, so nothing is there twice and
//! nothing is missing.

use super::Tally;
use super::stage::Place;
use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A checkpoint as it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    schema: String,
    /// What the run was asked to do: only the same can be gone on with.
    run: Value,
    /// Bytes of the partial output that are whole.
    written: u64,
    place: Place,
    tally: Tally,
}

const SCHEMA: &str = "starcue.checkpoint/1";

/// What a run was asked to do, as far as its output depends on it.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// All of it, as JSON.
    pub(crate) asked: Value,
    /// Whether to go on with an earlier one.
    pub(crate) resume: bool,
    /// Time between two checkpoints.
    pub(crate) every: Duration,
}

/// Where the product goes.
pub(crate) struct Output {
    out: BufWriter<Box<dyn Write>>,
    /// For complaints.
    name: String,
    file: Option<Growing>,
}

/// A file that is not whole yet.
struct Growing {
    file: File,
    whole: PathBuf,
    partial: PathBuf,
    mark: PathBuf,
    run: Option<Run>,
    written: u64,
    place: Place,
    earlier: Option<Tally>,
    last: Instant,
    marked: bool,
}

impl Output {
    /// A stream, such as standard output.
    pub(crate) fn stream(out: Box<dyn Write>) -> Self {
        Self { out: BufWriter::new(out), name: "standard output".to_owned(), file: None }
    }

    /// A file. Without a run it can't be gone on with later; what is no plain file, such as a pipe
    /// or `/dev/null`, is written as it comes.
    pub(crate) fn file(path: &Path, run: Option<Run>) -> Result<Self> {
        let name = format!("`{}`", path.display());
        let cannot = || format!("cannot write {name}");
        // A link stays one: the file that it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&path).is_ok_and(|m| !m.is_file()) {
            if path.is_dir() {
                bail!("{}: it is a folder", cannot());
            }
            let file = OpenOptions::new().write(true).open(&path).with_context(cannot)?;
            return Ok(Self { out: BufWriter::new(Box::new(file)), name, file: None });
        }
        let beside = |ending: &str| {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(ending);
            path.with_file_name(name)
        };
        let (partial, mark) = (beside(".partial"), beside(".partial.json"));
        let found = run.as_ref().map(|run| earlier(run, &partial, &mark)).transpose()?.flatten();
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(found.is_none()).open(&partial).with_context(cannot)?;
        let (written, place, earlier) = match found {
            Some(Checkpoint { written, place, tally, .. }) => (written, place, Some(tally)),
            None => (0, Place::default(), None),
        };
        file.set_len(written).with_context(cannot)?;
        file.seek(SeekFrom::End(0)).with_context(cannot)?;
        let marked = earlier.is_some();
        if !marked {
            remove(&mark).with_context(cannot)?;
        }
        let out: Box<dyn Write> = Box::new(file.try_clone().with_context(cannot)?);
        let growing =
            Growing { file, whole: path, partial, mark, run, written, place, earlier, last: Instant::now(), marked };
        Ok(Self { out: BufWriter::new(out), name, file: Some(growing) })
    }

    /// What to say where it can't be written.
    pub(crate) fn complaint(&self) -> String {
        match self.kept() {
            Some(_) => format!("cannot write {}; `--resume` goes on from the last checkpoint", self.name),
            None => format!("cannot write {}", self.name),
        }
    }

    /// The partial file that a later run can go on with.
    pub(crate) fn kept(&self) -> Option<&Path> {
        self.file.as_ref().filter(|f| f.marked).map(|f| &*f.partial)
    }

    /// The file that holds what is done of a run that did not end.
    pub(crate) fn partial(&self) -> Option<&Path> {
        self.file.as_ref().map(|f| &*f.partial)
    }

    /// What an earlier run had counted, where this one goes on with it.
    pub(crate) fn earlier(&self) -> Option<&Tally> {
        self.file.as_ref()?.earlier.as_ref()
    }

    /// Whether a later run can go on with it.
    pub(super) fn is_resumable(&self) -> bool {
        self.file.as_ref().is_some_and(|f| f.run.is_some())
    }

    /// Where to begin, and what was counted before that.
    pub(super) fn start(&mut self) -> (Place, Option<Tally>) {
        self.file.as_mut().map_or((Place::default(), None), |f| (f.place, f.earlier.take()))
    }

    /// Notes where the input stands now that all before it has been written.
    pub(super) fn reached(&mut self, place: Place) {
        if let Some(file) = &mut self.file {
            file.place = place;
        }
    }

    /// Makes what was written last beyond this process: of a file from time to time, or `now`.
    pub(super) fn checkpoint(&mut self, tally: &Tally, now: bool) -> io::Result<()> {
        let Some(growing) = &mut self.file else { return self.out.flush() };
        let Some(run) = &growing.run else { return Ok(()) };
        if !now && growing.last.elapsed() < run.every {
            return Ok(());
        }
        self.out.flush()?;
        // The checkpoint must never promise more than the disk has.
        growing.file.sync_data()?;
        let checkpoint = Checkpoint {
            schema: SCHEMA.to_owned(),
            run: run.asked.clone(),
            written: growing.written,
            place: growing.place,
            tally: tally.clone(),
        };
        let fresh = growing.mark.with_extension("json.new");
        let mut file = File::create(&fresh)?;
        serde_json::to_writer(&mut file, &checkpoint)?;
        file.sync_data()?;
        fs::rename(&fresh, &growing.mark)?;
        growing.marked = true;
        growing.last = Instant::now();
        Ok(())
    }

    /// Ends it: a whole file gets its name, of another one what is done is kept.
    pub(super) fn close(&mut self, whole: bool, tally: &Tally) -> io::Result<()> {
        self.out.flush()?;
        if !whole {
            // After too many errors the checkpoint was made before them.
            let due = self.file.as_ref().is_some_and(|f| f.place.record > 0 && f.place.record == tally.records());
            return if due { self.checkpoint(tally, true) } else { Ok(()) };
        }
        if let Some(growing) = &self.file {
            fs::rename(&growing.partial, &growing.whole)?;
            remove(&growing.mark)?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        if let Some(growing) = &mut self.file {
            growing.written += n as u64;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// The checkpoint of an earlier run, where there is one to go on with.
fn earlier(run: &Run, partial: &Path, mark: &Path) -> Result<Option<Checkpoint>> {
    let Ok(bytes) = fs::read(mark) else { return Ok(None) };
    let Ok(length) = fs::metadata(partial).map(|m| m.len()) else { return Ok(None) };
    let (partial, mark) = (partial.display(), mark.display());
    let restart = format!("delete `{partial}` and `{mark}` to start over");
    let found: Checkpoint = serde_json::from_slice(&bytes)
        .with_context(|| format!("`{mark}` is not the checkpoint of a run of this version: {restart}"))?;
    if !run.resume {
        let records = found.place.record;
        bail!("`{partial}` holds {records} answers of a run that did not end: add `--resume` to go on, or {restart}");
    }
    if found.schema != SCHEMA || found.run != run.asked {
        let other = differing(&found.run, &run.asked);
        bail!("`{partial}` comes from a run with another {other}: ask for the same, or {restart}");
    }
    if length < found.written {
        bail!("`{partial}` has lost its end: {restart}");
    }
    Ok(Some(found))
}

/// What two runs were asked differently.
fn differing(was: &Value, is: &Value) -> String {
    let (Some(was), Some(is)) = (was.as_object(), is.as_object()) else { return "version".to_owned() };
    let keys: Vec<_> = is.iter().filter(|(k, v)| was.get(*k) != Some(v)).map(|(k, _)| k.replace('_', " ")).collect();
    if keys.is_empty() { "version".to_owned() } else { keys.join(" and ") }
}
