//! `starcue evaluate`: agreement of a rubric with human labels, and weights that agree better.

use super::data::DataArgs;
use super::history::judge_today;
use super::labelled::cases;
use super::{Context, Status, write_json};
use crate::agreement::dismissed::{self, Alarms, Counter};
use crate::agreement::fit;
use crate::agreement::gold::Division;
use crate::agreement::judge::Case;
use crate::agreement::misses::{Miss, misses};
use crate::agreement::report::{Report, Tally};
use crate::agreement::show::{Marked, Page, Plain, show};
use crate::batch;
use crate::history::{Dismissed, Which};
use crate::report::{Look, Paper, clean};
use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// Measure how far a rubric agrees with human labels, and propose weights
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  starcue evaluate labelled.jsonl                         how far the rubric agrees, with 95 % intervals
  starcue evaluate a.jsonl b.jsonl --part dev --to json   both together, the part to write rules on
  starcue evaluate labelled.jsonl --misses blames-customer   the answers it gets wrong
  starcue evaluate labelled.jsonl --fit --output fitted.toml   propose weights; nothing is changed
  starcue evaluate --dismissals                           what you have dismissed, by rule
  starcue evaluate labelled.jsonl --target overall.qwk=0.8   exit with status 1 where that is out of reach

A labelled answer is one JSON object: `answer` (a text) or `sentences` ([[\"S\", \"…\"], …] with the roles S, T, A, R,
O), `labels` with any of `overall` (1-5), `star` (levels 0-2 by section), `behaviours`, `motivations`, `minefields`
(ids) and `kind`, and where they are known `id`, `question`, `rubric`, and `unsure` (ids that count neither way).
Beside `sentences`, `passages` may say which of them show an id, by numbers from 1: {\"listens\": [2, 3]}; then the
words that starcue cites are held against them. What is not labelled is not counted. CSV has columns of the same
names; ids stand in one cell, `none` for none.

Exit status: 0 done; 1 a figure's interval does not reach its --target; 2 wrong usage, a missing file or bad records.")]
pub(crate) struct Args {
    /// Labelled answers: JSON lines or CSV; several files are taken together
    #[arg(value_name = "LABELLED", required_unless_present = "dismissals")]
    files: Vec<PathBuf>,
    /// Judge every answer by this rubric, whatever the records say
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// Only the answers to write rules on, or only those held back, by the hash of their ids
    #[arg(long, value_name = "PART")]
    part: Option<Division>,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
    /// Add what one gets for nothing: the most frequent band, and the number of words
    #[arg(long)]
    baseline: bool,
    /// Add every rule behind the findings, not only those with most false ones
    #[arg(long)]
    rules: bool,
    /// Parts of the cross-validation, for --baseline and --fit
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=20))]
    folds: u8,
    /// A figure that must be within reach, by its name in the JSON, such as `overall.qwk=0.88`
    #[arg(long, value_name = "NAME=VALUE", value_parser = target)]
    target: Vec<(String, f64)>,
    /// Count what was dismissed in history as false alarms of its rules; alone, or beside labelled answers
    #[arg(long, conflicts_with_all = ["misses", "fit"])]
    dismissals: bool,
    /// List the answers that differ in this id (or in the sentences that show it), section, or `overall`, instead
    #[arg(long, value_name = "ID", conflicts_with = "fit")]
    misses: Option<String>,
    /// Propose weights that agree better, as a rubric in TOML, instead; nothing is changed
    #[arg(long)]
    fit: bool,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// For people
    Human,
    /// One object (`starcue.agreement/1`)
    Json,
    /// Tables for a page
    Markdown,
}

fn target(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("write such as `overall.qwk=0.88`")?;
    let value = value.trim().parse::<f64>().ok().filter(|v| v.is_finite()).ok_or("the value is a number")?;
    Ok((name.trim().to_owned(), value))
}

/// Measures agreement, lists differences, or proposes weights.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let inputs = batch::inputs(&args.files, None)?;
    if let Some(id) = &args.rubric {
        context.library()?.rubric(id)?;
    }
    let mut out: Box<dyn Write> = match &args.output {
        None => Box::new(context.out()),
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
            Box::new(BufWriter::new(file))
        }
    };
    if args.files.is_empty() {
        let alarms = alarms(&args.data, &[], context)?;
        let look = Look { color: context.look.color && args.output.is_none(), ..context.look };
        match args.to {
            To::Json => write_json(&mut *out, &alarms)?,
            To::Human => dismissed::show(&alarms, &mut Plain::new(&mut *out, look))?,
            To::Markdown => dismissed::show(&alarms, &mut Marked(&mut *out))?,
        }
        out.flush()?;
        return Ok(Status::Done);
    }
    let (cases, bad) = cases(context.library()?, &inputs, args.part, args.rubric.as_deref())?;
    let mut status = if bad > 0 { Status::Bad } else { Status::Done };
    let look = Look { color: context.look.color && args.output.is_none(), ..context.look };
    if let Some(what) = &args.misses {
        let Some(found) = misses(&cases, what) else {
            bail!("no label and no rule is called `{}`: name an id, a section, or `overall`", clean(what));
        };
        write_misses(&mut *out, look, &found, args.to)?;
    } else if args.fit {
        propose(&mut *out, &cases, usize::from(args.folds), context)?;
    } else {
        let files = inputs.iter().map(|i| i.name.to_string()).collect();
        let folds = args.baseline.then_some(usize::from(args.folds));
        let mut report = Report::new(&cases, files, bad, folds);
        for (name, want) in &args.target {
            if !report.aim(name, *want) {
                bail!("there is no figure `{}` of these answers: `--to json` names them", clean(name));
            }
        }
        if args.dismissals {
            report.dismissals = Some(alarms(&args.data, &report.rules, context)?);
        }
        match args.to {
            To::Json => write_json(&mut *out, &report)?,
            To::Human => show(&report, &mut Plain::new(&mut *out, look), args.rules)?,
            To::Markdown => show(&report, &mut Marked(&mut *out) as &mut dyn Page, args.rules)?,
        }
        if status == Status::Done && !report.targets.iter().all(|t| t.within()) {
            status = Status::Flagged;
        }
    }
    out.flush()?;
    Ok(status)
}

/// What was dismissed in history, by everybody or by one person, as today's rules see it.
fn alarms(data: &DataArgs, tallies: &[Tally], context: &Context) -> Result<Alarms> {
    let mut counter = Counter::default();
    let Some(history) = data.history(context)? else { return Ok(counter.finish(0, tallies)) };
    let library = context.library()?;
    let mut people: BTreeMap<String, Dismissed> = BTreeMap::new();
    let mut all = 0;
    for (person, _) in history.people()? {
        if data.named_person().is_none_or(|named| named == person) {
            let placed = history.dismissals(Some(&person))?;
            all += placed.len();
            people.insert(person, Dismissed::new(placed));
        }
    }
    let which = Which { person: data.named_person().map(str::to_owned), ..Which::default() };
    history.each(&which, &mut |number, attempt| {
        // An answer whose rubric is gone says nothing of today's rules.
        if let (Some(dismissed), Ok(rubric)) = (people.get(&attempt.person), library.rubric(&attempt.digest.rubric)) {
            let assessment = judge_today(library, &rubric, &attempt);
            counter.add(number, &assessment, attempt.words.answer().text(), dismissed);
        }
        Ok(())
    })?;
    Ok(counter.finish(all, tallies))
}

fn propose(out: &mut dyn Write, cases: &[Case], folds: usize, context: &Context) -> Result<()> {
    let found = fit::fit(cases, folds).map_err(|e| anyhow!(e))?;
    // Of several rubrics with one set of weights: the one that the others extend.
    let Some(rubric) = cases.iter().map(|c| &c.rubric).min_by_key(|r| r.extends.is_some()) else {
        bail!("there is no rubric to fit");
    };
    let score = context.library()?.score_as_written(&rubric.id);
    out.write_all(fit::write(&found, rubric, score.as_ref()).as_bytes())?;
    Ok(())
}

fn write_misses(out: &mut dyn Write, look: Look, found: &[Miss<'_>], to: To) -> Result<()> {
    if to == To::Json {
        return write_json(out, found);
    }
    let mut paper = Paper::new(out, look);
    for miss in found {
        paper.line(&paper.look.heading(&clean(&format!("{}  {}  {}", miss.what, miss.id, miss.place))))?;
        paper.prose("  ", miss.text)?;
        for (quote, rule) in &miss.evidence {
            paper.faint("    ", &clean(&format!("“{quote}” by {rule}")))?;
        }
        for sentence in &miss.marked {
            paper.faint("    ", &clean(&format!("readers marked: {sentence}")))?;
        }
        paper.line("")?;
    }
    Ok(())
}
