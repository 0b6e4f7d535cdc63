//! `history export` and `history import`.

use super::super::data::DataArgs;
use super::super::{Context, Status};
use super::nothing_yet;
use crate::cli::story;
use crate::history::Which;
use crate::history::transfer::{self, Counts, Layout};
use anyhow::{Context as _, Result};
use clap::ValueEnum;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

/// Write all attempts and stories as JSON, for a backup or another machine
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Write to this file instead of standard output; it is readable by you alone
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    to: Format,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As one JSON object
    Json,
    /// As JSON, one attempt a line
    Jsonl,
}

/// Take in what `export` has written; attempts that are there already stay as they are
///
/// All of a file comes in, or nothing of it. With `--person` all of it becomes that person's.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// Files of `export`; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Exports: everybody's attempts, or one person's.
pub(super) fn export(args: &Export, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(history) = data.history(context)? else { return nothing_yet(data, context) };
    let which = Which { person: data.named_person().map(str::to_owned), ..Which::default() };
    let layout = if args.to == Format::Json { Layout::Json } else { Layout::Lines };
    match &args.output {
        Some(path) => {
            let what = || format!("`{}` can't be written", path.display());
            let mut file = BufWriter::with_capacity(1 << 16, private(path).with_context(what)?);
            let count = transfer::export(&history, &which, layout, &mut file)?;
            file.flush().with_context(what)?;
            writeln!(io::stderr(), "starcue: {} written to {}", counted(count), path.display())?;
        }
        None => {
            let mut out = context.out();
            transfer::export(&history, &which, layout, &mut out)?;
            out.flush()?;
        }
    }
    Ok(Status::Done)
}

/// A file for the user alone.
pub(in crate::cli) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Imports.
pub(super) fn import(args: &Import, data: &DataArgs, context: &Context) -> Result<Status> {
    // What `practice` left beside comes in first.
    let mut history = data.history_to_write(context)?;
    for path in &args.files {
        let name = path.display();
        let mut text = String::new();
        let read = if path.as_os_str() == "-" {
            io::stdin().read_to_string(&mut text)
        } else {
            File::open(path).and_then(|mut file| file.read_to_string(&mut text))
        };
        read.with_context(|| format!("`{name}` can't be read"))?;
        let done = transfer::import(&mut history, &text, data.named_person()).with_context(|| format!("`{name}`"))?;
        let known = match done.known {
            Counts { attempts: 0, stories: 0 } => String::new(),
            Counts { attempts, stories: 0 } => format!(", {attempts} there already"),
            known => format!(", {} there already", counted(known)),
        };
        writeln!(io::stderr(), "starcue: {name}: {} taken in{known}", counted(done.new))?;
    }
    Ok(Status::Done)
}

/// `3 attempts`, `3 attempts and 1 story`.
pub(super) fn counted(counts: Counts) -> String {
    match (counts.attempts, counts.stories) {
        (n, 0) => attempts(n),
        (0, stories) => story::count(stories),
        (n, stories) => format!("{} and {}", attempts(n), story::count(stories)),
    }
}

/// `1 attempt`, `2 attempts`.
pub(super) fn attempts(count: usize) -> String {
    if count == 1 { "1 attempt".to_owned() } else { format!("{count} attempts") }
}
