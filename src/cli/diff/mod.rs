//! `starcue diff`: what changed between two results of `score`, by rule.

mod compare;
mod pairs;
mod show;

use super::{Context, Status, write_line};
use crate::batch::{self, InputFormat};
use anyhow::{Result, bail};
use clap::ValueEnum;
use compare::Comparison;
use std::io::Write as _;
use std::path::PathBuf;

/// Show what changed between two results of `score`, by rule
///
/// Answers are matched by their ids. What a rule gives or takes stands in the receipts, so a change
/// of a rubric shows its effect on a whole archive: judge it with both, and compare.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  starcue score archive.jsonl.gz -o old.jsonl
  starcue score archive.jsonl.gz --content my -o new.jsonl
  starcue diff old.jsonl new.jsonl                      bands, rules, and the answers that moved most
  starcue diff old.jsonl new.jsonl --to csv             a row a rule
  starcue diff old.jsonl new.jsonl --to jsonl           a line for each answer that changed

Exit status: 0 nothing changed; 1 something did; 2 wrong usage, a missing file, or files that are no results.")]
pub(crate) struct Args {
    /// Results of `score --to jsonl`, as they were; may be packed with gzip or zstd
    old: PathBuf,
    /// Results of `score --to jsonl`, as they are now
    new: PathBuf,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: Form,
    /// How many of the answers that moved most are listed
    #[arg(long, value_name = "N", default_value = "10")]
    top: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Human,
    /// One object: bands, rules, and the answers that moved most
    Json,
    /// An object for each answer that changed
    Jsonl,
    /// A row a rule
    Csv,
}

/// Compares the two files that the arguments name.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let names = [args.old.clone(), args.new.clone()];
    let inputs = batch::inputs(&names, Some(InputFormat::Jsonl))?;
    let [old, new] = inputs.as_slice() else { bail!("name two files, as in `starcue diff old.jsonl new.jsonl`") };
    let mut out = context.out();
    let mut comparison = Comparison::new(args.top);
    pairs::each(old, new, |old, new| {
        let changed = comparison.add(old, new);
        if let (Form::Jsonl, Some(change)) = (args.to, changed) {
            write_line(&mut out, &change)?;
        }
        Ok(())
    })?;
    match args.to {
        Form::Human => out.write_all(show::human(&comparison, &context.look).as_bytes())?,
        Form::Json => writeln!(out, "{}", show::json(&comparison))?,
        Form::Csv => out.write_all(&show::csv(&comparison))?,
        Form::Jsonl => {}
    }
    out.flush()?;
    Ok(if comparison.is_same() { Status::Done } else { Status::Flagged })
}

/// What `diff` writes for scripts, as its JSON Schema describes it: with `--to json` a summary, with `--to jsonl` a line for
/// each answer that changed.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[schemars(untagged, rename = "Diff")]
#[expect(dead_code, reason = "it is only described")]
pub(crate) enum Shape {
    Summary(Box<show::Summary<'static>>),
    Change(compare::Change),
}
