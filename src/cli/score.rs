//! `starcue score`: assess written answers, from files or standard input.

use super::{Context, Status};
use crate::assessment::{EvidenceDetail, Tenths};
use crate::batch::{self, Bad, Bar, Code, Detail, InputFormat, Judged, Outcome, Plan, Record, Tally, Traces};
use crate::batch::{CsvRows, Human, Json, Lines, Markdown, Writer};
use crate::diagnostics::did_you_mean;
use crate::report::{Delivery, Look, clean};
use crate::{Asked, Family, Library, Rubric, RubricError, assess};
use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Assess written answers, from files or standard input
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  starcue score answer.md                         the whole report of one answer
  starcue score --question esc-handle answer.txt  with the question it answers
  starcue score answers/ --to csv --output scores.csv
  cat answers.jsonl | starcue score - --to jsonl --jobs 4
  starcue score drafts/*.md --fail-under 60 --fail-on serious

JSONL is one object a line: `answer` (a text, or an object with `situation`, `task`, `action`, `result`), and
where they are known `id`, `question` (an id or any text) and `rubric`. TOML and CSV use the same names. Text and
Markdown files hold one answer each; labels or headings such as `Situation:` split it into sections.

A record that cannot be read never stops the others: an error stands in its place, and the exit status is 2.

Exit status: 0 done; 1 an answer is below --fail-under or matches --fail-on; 2 wrong usage, a missing file or
bad records (2 wins over 1).")]
pub(crate) struct Args {
    /// Files or folders of answers; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the answers are written [default: by the file's ending; JSONL for standard input]
    #[arg(long, value_name = "FORMAT")]
    from: Option<InputFormat>,
    /// How the assessments are written [default: human on a terminal, else jsonl]
    #[arg(long, value_name = "FORMAT")]
    to: Option<OutputFormat>,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Judge every answer by this rubric, whatever the records say
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// What was asked, for answers that name no question: an id of the bank, or any text
    #[arg(long, value_name = "ID|TEXT")]
    question: Option<String>,
    /// Exit with status 1 where any score is below N
    #[arg(long, value_name = "N", value_parser = points)]
    fail_under: Option<Tenths>,
    /// Exit with status 1 where any answer hits one of these minefields; `serious` for any serious one
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    fail_on: Vec<String>,
    /// Threads [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// The largest record, in bytes; KiB and MiB are understood
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size)]
    max_record: usize,
    /// Exit with status 0 in spite of bad records
    #[arg(long)]
    allow_errors: bool,
    /// The answer was spoken, and is a transcript: the report of one answer tells pace and fillers too
    #[arg(long)]
    spoken: bool,
    /// How long it took to tell, in seconds: the report of one answer tells whether that is a good length
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    duration: Option<u32>,
    /// How much evidence jsonl and json carry
    #[arg(long, value_name = "DETAIL", default_value = "quotes")]
    evidence: Evidence,
    /// What else jsonl, json and csv carry
    #[arg(long, value_name = "WHAT")]
    include: Vec<Include>,
    /// Show how the engine sees each answer instead: clauses, actors, moods, cues and why they count
    /// (as text, or with `--to jsonl` as an object a line)
    #[arg(long)]
    trace: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For people: a report of one answer, a line for each of several
    Human,
    /// One array
    Json,
    /// One object a line, as they come
    Jsonl,
    /// A row an answer, for spreadsheets
    Csv,
    /// A report an answer
    Markdown,
}

impl OutputFormat {
    /// The format that the ending of an output file tells.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "jsonl" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Evidence {
    /// Nothing
    None,
    /// Byte offsets and rules
    Spans,
    /// Byte offsets, rules and the words themselves
    Quotes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Include {
    /// The text that the offsets address
    Text,
}

fn points(text: &str) -> Result<Tenths, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=100.0).contains(&n) => Ok(Tenths::from_points(n)),
        _ => Err("a score is a number from 0 to 100".to_owned()),
    }
}

fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("write a number of bytes, or such as 64KiB or 2MiB".to_owned()),
    };
    let bytes = digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit)).filter(|n| (1..=1 << 40).contains(n));
    bytes.ok_or_else(|| "write a number of bytes from 1 on, such as 65536 or 2MiB".to_owned())
}

/// Assesses the answers that the arguments name.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let names = if args.files.is_empty() { vec![stdin_or_usage()?] } else { args.files };
    let inputs = batch::inputs(&names, args.from)?;
    let library = context.library()?;
    if let Some(id) = &args.rubric {
        library.rubric(id).map_err(|e| hint(&e))?;
    }
    let bar = bar(library, args.fail_under, &args.fail_on)?;
    let to = args.to.or_else(|| OutputFormat::of(args.output.as_deref()?));
    let human_by_default = context.terminal && args.output.is_none();
    let to = to.unwrap_or(if human_by_default { OutputFormat::Human } else { OutputFormat::Jsonl });

    // Opened before the long work, so that a wrong path costs nothing.
    let mut out: Box<dyn Write> = match &args.output {
        None => Box::new(context.out()),
        Some(path) => {
            let same = |i: &batch::Input| i.path.as_deref().is_some_and(|p| same_file(p, path));
            if inputs.iter().any(same) {
                bail!("`{}` is an input: write to another file", path.display());
            }
            let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
            Box::new(BufWriter::new(file))
        }
    };
    let detail = Detail {
        evidence: match args.evidence {
            Evidence::None => EvidenceDetail::None,
            Evidence::Spans => EvidenceDetail::Spans,
            Evidence::Quotes => EvidenceDetail::Quotes,
        },
        text: args.include.contains(&Include::Text),
    };
    let quiet_terminal = !context.terminal || args.output.is_some();
    let mut watch = Watch {
        tally: Tally::new(bar),
        people: to == OutputFormat::Human,
        progress: Progress::new(context.progress && quiet_terminal, &inputs),
    };
    let judge = |record: Record| judge(library, record, args.rubric.as_deref(), args.question.as_deref());
    let delivery = Delivery { spoken: args.spoken, seconds: args.duration };
    let plan = Plan { inputs, max_record: args.max_record, jobs: args.jobs.map(usize::from) };
    let mut writer = if args.trace {
        Box::new(Traces { json: to == OutputFormat::Jsonl })
    } else {
        writer(to, detail, context.look, delivery)
    };
    batch::run(plan, &judge, writer.as_mut(), &mut *out, &mut |outcome, bytes| watch.see(outcome, bytes))?;
    watch.progress.finish();
    Ok(watch.close(args.allow_errors))
}

/// With no file named: standard input, unless a person sits there.
fn stdin_or_usage() -> Result<PathBuf> {
    if io::stdin().is_terminal() {
        bail!(
            "nothing to score: name a file, as in `starcue score answer.md`, or pipe JSONL to `starcue score -`. \
             To answer a question here and now: `starcue practice`"
        );
    }
    Ok("-".into())
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b && a.is_file())
}

fn hint(error: &RubricError) -> anyhow::Error {
    match error {
        RubricError::Unknown { near: None, .. } => anyhow!("{error}; `starcue rubrics` lists them"),
        _ => anyhow!("{error}"),
    }
}

/// What flags a record. The ids must be there, or a slip of the finger would pass everything.
fn bar(library: &Library, under: Option<Tenths>, fail_on: &[String]) -> Result<Bar> {
    let (serious, ids): (Vec<_>, Vec<_>) =
        fail_on.iter().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).partition(|id| id == "serious");
    if !ids.is_empty() {
        let rubrics = library.rubric_ids().map(|id| library.rubric(id)).collect::<Result<Vec<_>, _>>()?;
        let known = || {
            let rules = rubrics.iter().flat_map(|r| r.rules()).filter(|r| r.family == Family::Minefield);
            rules.map(|r| &*r.id).chain(["serious"])
        };
        for id in &ids {
            if !known().any(|k| k == id) {
                let near = did_you_mean(id, known()).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                bail!("--fail-on: there is no minefield `{}`{near}", clean(id));
            }
        }
    }
    Ok(Bar { under, minefields: ids, serious: !serious.is_empty() })
}

/// Judges one record by the rubric that holds for it: the one of the command line, else its own,
/// else its question's, else `behavioural`.
pub(super) fn judge(
    library: &Library,
    record: Record,
    rubric: Option<&str>,
    question: Option<&str>,
) -> Result<Judged, Bad> {
    let asked = record.question.as_deref().filter(|q| !q.trim().is_empty()).or(question);
    let known = asked.and_then(|q| library.question(q.trim()));
    let id = rubric.or(record.rubric.as_deref()).or(known.map(|q| q.rubric.as_str())).unwrap_or("behavioural");
    let bad = |e: RubricError| {
        let code = if matches!(e, RubricError::Unknown { .. }) { Code::UnknownRubric } else { Code::BrokenRubric };
        Bad { id: Some(record.id.clone()), ..Bad::new(code, hint(&e).to_string()) }
    };
    let rubric: Arc<Rubric> = library.rubric(id).map_err(bad)?;
    let to_engine = match (known, asked) {
        (Some(question), _) => Asked::bank(question),
        (None, Some(text)) => Asked::text(text),
        (None, None) => Asked::default(),
    };
    let assessment = assess(&rubric, to_engine, &record.answer);
    let question = asked.map(str::to_owned);
    let asked = to_engine.text.map(str::to_owned);
    Ok(Judged { record: Record { question, ..record }, asked, rubric, assessment })
}

fn writer(to: OutputFormat, detail: Detail, look: Look, delivery: Delivery) -> Box<dyn Writer> {
    match to {
        OutputFormat::Human => Box::new(Human::new(look, delivery)),
        OutputFormat::Json => Box::new(Json::new(detail)),
        OutputFormat::Jsonl => Box::new(Lines(detail)),
        OutputFormat::Csv => Box::new(CsvRows(detail)),
        OutputFormat::Markdown => Box::new(Markdown::new()),
    }
}

/// Sees every outcome: counts, shows progress, tells people of bad records.
struct Watch {
    tally: Tally,
    people: bool,
    progress: Progress,
}

impl Watch {
    fn see(&mut self, outcome: &Outcome, bytes: u64) -> io::Result<()> {
        self.tally.add(outcome);
        self.progress.advance(bytes, self.tally.records());
        if let (true, Err(bad)) = (self.people, &outcome.result) {
            let line = format!("{}: {} [{}]", outcome.origin.place(), bad.message, bad.code);
            self.progress.aside(|| writeln!(io::stderr(), "{}", clean(&line)))?;
        }
        Ok(())
    }

    /// Says what must be said at the end, and gives the exit status.
    fn close(&self, allow_errors: bool) -> Status {
        for said in [self.tally.bad_summary(), self.tally.bar_summary()].into_iter().flatten() {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "starcue: {said}");
        }
        if self.tally.bad_records() > 0 && !allow_errors {
            Status::Bad
        } else if self.tally.under + self.tally.matched > 0 {
            Status::Flagged
        } else {
            Status::Done
        }
    }
}

/// A progress bar that shows itself only where the work is long.
struct Progress {
    bar: Option<ProgressBar>,
    wanted: bool,
    total: Option<u64>,
    started: Instant,
    done: u64,
}

impl Progress {
    fn new(wanted: bool, inputs: &[batch::Input]) -> Self {
        let total = inputs.iter().map(|i| i.bytes).sum();
        Self { bar: None, wanted, total, started: Instant::now(), done: 0 }
    }

    fn advance(&mut self, bytes: u64, records: usize) {
        const LONG: Duration = Duration::from_millis(400);
        self.done += bytes;
        if !self.wanted || self.started.elapsed() < LONG {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let (bar, template) = match self.total {
                Some(total) => (ProgressBar::new(total), "{msg:>18} {wide_bar} {percent:>3} %  {eta} left"),
                None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
            };
            bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_position(self.done);
        bar.set_message(format!("{records} answers"));
    }

    /// Runs something that writes to standard error, with the bar out of its way.
    fn aside(&self, write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_write_them() {
        assert_eq!((size("65536"), size("64KiB"), size("2 MiB")), (Ok(65536), Ok(65536), Ok(2 << 20)));
        assert!(size("0").is_err() && size("many").is_err() && size("9 acres").is_err());
    }

    #[test]
    fn a_score_to_fail_under_lies_between_none_and_all() {
        assert_eq!(points("62.5"), Ok(Tenths(625)));
        assert!(points("101").is_err() && points("NaN").is_err() && points("-1").is_err());
    }
}
