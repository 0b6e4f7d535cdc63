//! `history export` and `history import`.

use super::super::data::DataArgs;
use super::super::{Context, Status};
use super::delete::Unfinished;
use super::nothing_yet;
use crate::cli::story;
use crate::history::redact::{self, Masker, Vocabulary};
use crate::history::transfer::{self, Counts, Layout};
use crate::history::{History, Which};
use crate::practice::files::private_file;
use crate::report::clean;
use anyhow::{Context as _, Result};
use clap::ValueEnum;
use std::fs::File;
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
    /// Mask names, employers, addresses, e-mails and numbers that identify, in answers and evidence alike
    #[arg(long)]
    redact: bool,
    /// Mask these words too, wherever they stand
    #[arg(long, value_name = "WORDS", value_delimiter = ',', requires = "redact")]
    mask: Vec<String>,
}

/// What `--redact` knows of ordinary words: what the bank says in small letters.
fn vocabulary(context: &Context) -> Result<Vocabulary> {
    let mut vocabulary = Vocabulary::default();
    for q in context.library()?.questions() {
        q.sample.sections().iter().for_each(|text| vocabulary.learn(text));
        [&q.text, &q.why_it_works].iter().for_each(|text| vocabulary.learn(text));
        q.probes.iter().chain(&q.tips).chain(&q.stories).for_each(|text| vocabulary.learn(text));
        q.weak.iter().for_each(|weak| vocabulary.learn(&weak.answer));
    }
    Ok(vocabulary)
}

/// Writes an export, masked where that was wished; what was masked is told to whoever exports.
fn write_export(
    args: &Export,
    history: &History,
    which: &Which,
    context: &Context,
    out: &mut dyn Write,
) -> Result<Counts> {
    let layout = if args.to == Format::Json { Layout::Json } else { Layout::Lines };
    if !args.redact {
        return Ok(transfer::export(history, which, layout, out)?);
    }
    let vocabulary = vocabulary(context)?;
    let mut masker = Masker::new(&vocabulary, &args.mask);
    let counts = redact::export(history, which, layout, &mut masker, out)?;
    let masked: Vec<String> =
        masker.counts().map(|(what, n)| format!("{n} {what}{}", if n == 1 { "" } else { "s" })).collect();
    let masked = if masked.is_empty() { "nothing but the names of people".to_owned() } else { masked.join(", ") };
    writeln!(io::stderr(), "starcue: masked: {masked}")?;
    for line in masker.told() {
        writeln!(io::stderr(), "  {}", clean(&line))?;
    }
    writeln!(
        io::stderr(),
        "starcue: rules did this, and they miss things: read the file before you hand it on; `--mask WORD` masks more"
    )?;
    Ok(counts)
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
    match &args.output {
        Some(path) => {
            let what = || format!("`{}` can't be written", path.display());
            let mut file = BufWriter::with_capacity(1 << 16, private(path).with_context(what)?);
            let count = write_export(args, &history, &which, context, &mut file)?;
            file.flush().with_context(what)?;
            writeln!(io::stderr(), "starcue: {} written to {}", counted(count), path.display())?;
        }
        None => {
            let mut out = context.out();
            write_export(args, &history, &which, context, &mut out)?;
            out.flush()?;
        }
    }
    if let Some(open) = Unfinished::of(&data.folder(context)?, which.person.as_deref()).told() {
        writeln!(io::stderr(), "starcue: not in it: {open}; an export has what is finished")?;
    }
    Ok(Status::Done)
}

/// A file for the user alone.
pub(in crate::cli) fn private(path: &Path) -> io::Result<File> {
    private_file().create(true).truncate(true).open(path)
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
            Counts { attempts: 0, stories: 0, mocks: 0 } => String::new(),
            Counts { attempts, stories: 0, mocks: 0 } => format!(", {attempts} there already"),
            known => format!(", {} there already", counted(known)),
        };
        writeln!(io::stderr(), "starcue: {name}: {} taken in{known}", counted(done.new))?;
    }
    Ok(Status::Done)
}

/// `3 attempts`, `3 attempts and 1 story`.
pub(super) fn counted(counts: Counts) -> String {
    let mut parts = Vec::new();
    if counts.attempts > 0 || (counts.stories == 0 && counts.mocks == 0) {
        parts.push(attempts(counts.attempts));
    }
    if counts.stories > 0 {
        parts.push(story::count(counts.stories));
    }
    match counts.mocks {
        0 => {}
        1 => parts.push("1 mock interview".to_owned()),
        n => parts.push(format!("{n} mock interviews")),
    }
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// `1 attempt`, `2 attempts`.
pub(super) fn attempts(count: usize) -> String {
    if count == 1 { "1 attempt".to_owned() } else { format!("{count} attempts") }
}
