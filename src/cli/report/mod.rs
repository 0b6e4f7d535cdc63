//! `starcue report`: answers as one page that can be handed on.

mod files;
mod past;
mod results;

pub(in crate::cli) use past::item;

use super::data::DataArgs;
use super::history::{private, titles};
use super::{Context, Status};
use crate::history::progress::Progress;
use crate::practice::Filter;
use crate::report::cohort::{Cohort, Row};
use crate::report::dossier::{Audience, Dossier, Item, Unjudged};
use crate::report::{clean, html, markdown};
use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Turn answers into one page that can be handed on: HTML, Markdown, or numbers as CSV
///
/// Without WHAT: your whole history, or with `--person` somebody else's. The HTML page is one file
/// that needs no network and no script, in a light and a dark scheme, and prints well.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  starcue report -o me.html                             your progress and your newest answers
  starcue report 12 --output attempt.html               one attempt of history
  starcue report answer.md --question esc-handle -o answer.html
  starcue score answers.jsonl --to jsonl --include text > results.jsonl
  starcue report results.jsonl -o batch.html            what `score` said, as a page
  starcue report --mock 4 --for coach -o interview.html both ratings, notes, where they differ
  starcue report --cohort answers/ --to csv             the numbers of many candidates
  starcue report --bank --theme conflict -o bank.html   questions with samples, as a book to print
  starcue report --cohort --for coach -o cohort.html    of everybody in history

Folders: answers in a folder below the one that is named are taken for those of a person of that name.")]
pub(crate) struct Args {
    /// Numbers of attempts, or files: answers, results of `score --to jsonl`, exports of history
    #[arg(value_name = "WHAT")]
    what: Vec<PathBuf>,
    /// For whom it is written: the coach's version has ids and notes that are not for the candidate
    #[arg(long = "for", value_name = "WHOM", default_value = "candidate")]
    audience: For,
    /// How it is written [default: by the ending of --output, else html]
    #[arg(long, value_name = "FORMAT")]
    to: Option<To>,
    /// Write to this file; it is readable by you alone
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A mock interview, by its number (see `mock list`)
    #[arg(long, value_name = "N", conflicts_with_all = ["what", "cohort"])]
    mock: Option<i64>,
    /// Count many candidates together: bands, minefields, sections, by question, theme and person
    #[arg(long)]
    cohort: bool,
    /// The bank of questions as a book to print, with samples and weak answers
    #[arg(long, conflicts_with_all = ["what", "mock", "cohort", "rubric", "question", "answers", "full"])]
    bank: bool,
    /// Of the bank, only this theme (a part of its name will do)
    #[arg(long, value_name = "TEXT", requires = "bank")]
    theme: Option<String>,
    /// Of the bank, only for this job (a part of its name will do)
    #[arg(long, value_name = "TEXT", requires = "bank")]
    role: Option<String>,
    /// What was asked, for answers that name no question: an id of the bank, or any text
    #[arg(long, value_name = "ID|TEXT")]
    question: Option<String>,
    /// Judge answers in files by this rubric
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// The answers that results of `score` belong to, where the results do not hold their texts
    #[arg(long, value_name = "FILE")]
    answers: Vec<PathBuf>,
    /// Show so many answers whole [default: 10 of history, 50 of files, none of a cohort]
    #[arg(long, value_name = "N")]
    full: Option<usize>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum For {
    /// Whoever gave the answers
    Candidate,
    /// Their coach
    Coach,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// One self-contained page
    Html,
    /// Markdown
    Markdown,
    /// The numbers, a row a group
    Csv,
}

impl To {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// What was gathered for a report.
#[derive(Default)]
struct Gathered {
    rows: Vec<Row>,
    items: Vec<Item>,
    /// How many answers could be shown whole.
    showable: usize,
    bad: Vec<Unjudged>,
}

impl Gathered {
    /// Keeps an item, as long as there is room.
    fn show(&mut self, most: usize, item: impl FnOnce() -> Result<Item>) -> Result<()> {
        self.showable += 1;
        if self.items.len() < most {
            self.items.push(item()?);
        }
        Ok(())
    }

    /// The dossier of what was gathered.
    fn dossier(
        self,
        title: String,
        audience: Audience,
        progress: Option<Progress>,
        context: &Context,
    ) -> Result<Dossier> {
        let mut ids: Vec<&str> = self.rows.iter().map(|r| r.digest.rubric.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let library = context.library()?;
        let rubrics = ids.iter().map(|id| Ok(titles(library, id)?.0)).collect::<Result<_>>()?;
        let (shown, all) = (self.items.len(), self.showable);
        let lead = if shown < all && shown > 0 {
            vec![format!("{shown} of {all} answers are shown whole below; `--full {all}` shows all of them.")]
        } else {
            Vec::new()
        };
        let cohort = Some(Cohort::of(self.rows));
        Ok(Dossier { title, audience, lead, progress, cohort, rubrics, items: self.items, bad: self.bad })
    }
}

/// Writes a report.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let to = args.to.or_else(|| To::of(args.output.as_deref()?)).unwrap_or(To::Html);
    if to == To::Html && args.to.is_none() && args.output.is_none() && context.terminal {
        bail!("a page is no text for a terminal: name a file with `--output report.html`, or say `--to markdown`");
    }
    if args.bank {
        let page = book(&args, to, context)?;
        return written(page.as_bytes(), &args, context);
    }
    let audience = if args.audience == For::Coach { Audience::Coach } else { Audience::Candidate };
    let numbers = args.what.iter().map(|w| number(w)).collect::<Option<Vec<i64>>>().filter(|n| !n.is_empty());
    let dossier = match numbers {
        _ if args.mock.is_some() => past::interview(args.mock.unwrap_or(0), &args, audience, context)?,
        Some(numbers) => past::attempts(&numbers, &args, audience, context)?,
        None if args.what.is_empty() && args.cohort => past::everybody(&args, audience, context)?,
        None if args.what.is_empty() => past::person(&args, audience, context)?,
        None => files::dossier(&args, audience, context)?,
    };
    let Some(dossier) = dossier else { return Ok(Status::Done) };
    let bytes = match to {
        To::Html => html::page(&dossier).into_bytes(),
        To::Markdown => markdown::page(&dossier).into_bytes(),
        To::Csv => dossier.cohort.as_ref().map_or_else(Vec::new, Cohort::csv),
    };
    let _ = written(&bytes, &args, context)?;
    const TOLD: usize = 10;
    for bad in dossier.bad.iter().take(TOLD) {
        writeln!(io::stderr(), "starcue: {}", clean(&bad.why))?;
    }
    if dossier.bad.len() > TOLD {
        writeln!(io::stderr(), "starcue: and {} more records that were not judged", dossier.bad.len() - TOLD)?;
    }
    Ok(if dossier.bad.is_empty() { Status::Done } else { Status::Bad })
}

/// Writes a page where it is wanted.
fn written(bytes: &[u8], args: &Args, context: &Context) -> Result<Status> {
    match &args.output {
        Some(path) => {
            let what = || format!("`{}` can't be written", path.display());
            let mut file = private(path).with_context(what)?;
            file.write_all(bytes).with_context(what)?;
            writeln!(io::stderr(), "starcue: written to {}", clean(&path.display().to_string()))?;
        }
        None => {
            let mut out = context.out();
            out.write_all(bytes)?;
            out.flush()?;
        }
    }
    Ok(Status::Done)
}

/// The bank as a book.
fn book(args: &Args, to: To, context: &Context) -> Result<String> {
    if to != To::Html {
        bail!("the bank is printed as HTML; `starcue questions --to json` has it for a script");
    }
    let filter = Filter { theme: args.theme.clone(), role: args.role.clone(), difficulty: None };
    let questions = filter.of(context.library()?.questions()).map_err(|why| anyhow!(why))?;
    let title = args.theme.as_ref().and(questions.first()).map_or("Questions and answers", |q| q.theme.as_str());
    let one = questions.iter().all(|q| q.theme == title);
    Ok(html::book(if one { title } else { "Questions and answers" }, &questions))
}

/// The number of an attempt, where that is what was meant: a file of that name goes first.
fn number(what: &Path) -> Option<i64> {
    let number = what.to_str()?.parse().ok().filter(|n| *n > 0)?;
    (!what.exists()).then_some(number)
}
