//! `starcue history`: past attempts.

mod compare;
mod delete;
mod dismiss;
mod list;
mod progress;
mod show;
mod transfer;

pub(in crate::cli) use show::{Remarks, judge_today, titles};
pub(in crate::cli) use transfer::private;

use super::data::DataArgs;
use super::{Context, Status};
use crate::history::{Attempt, History, Which};
use anyhow::{Result, anyhow};
use clap::{Subcommand, ValueEnum};
use std::io::{self, Write as _};

/// Past attempts: list, show, compare, see your progress, take them elsewhere, delete them
///
/// Every answer that you finish in `practice` is kept in one file on this machine that only you can
/// read. Nothing ever leaves the machine.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue history                       the newest attempts
  starcue history show 12               one attempt with its assessment
  starcue history compare 12            what changed since the attempt before it
  starcue history progress              bands over time, minefields cleared, themes untouched
  starcue history dismiss 12 blames-others --reason \"I quote her\"
  starcue history export -o past.json   all of it, for another machine")]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(list::Wanted),
    Show(show::Args),
    Compare(compare::Args),
    Progress(progress::Args),
    Export(transfer::Export),
    Import(transfer::Import),
    Delete(delete::Args),
    Dismiss(dismiss::Args),
}

/// How attempts and stories are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// For people
    Human,
    /// As one JSON value
    Json,
    /// As JSON, one object a line
    Jsonl,
}

/// Runs the verb.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let data = &args.data;
    match args.verb {
        None => list::run(&list::Wanted::default(), data, context),
        Some(Verb::List(args)) => list::run(&args, data, context),
        Some(Verb::Show(args)) => show::run(&args, data, context),
        Some(Verb::Compare(args)) => compare::run(&args, data, context),
        Some(Verb::Progress(args)) => progress::run(&args, data, context),
        Some(Verb::Export(args)) => transfer::export(&args, data, context),
        Some(Verb::Import(args)) => transfer::import(&args, data, context),
        Some(Verb::Delete(args)) => delete::run(&args, data, context),
        Some(Verb::Dismiss(args)) => dismiss::run(&args, data, context),
    }
}

/// Says that there is nothing yet, and how to begin.
pub(in crate::cli) fn nothing_yet(data: &DataArgs, context: &Context) -> Result<Status> {
    let person = crate::report::clean(data.person(context));
    writeln!(io::stderr(), "starcue: there are no attempts of `{person}` yet; `starcue practice` makes the first")?;
    Ok(Status::Done)
}

/// The number of the attempt that is meant: the one that was named, else the person's newest.
fn number(history: &History, data: &DataArgs, context: &Context, named: Option<i64>) -> Result<Option<i64>> {
    if named.is_some() {
        return Ok(named);
    }
    let which = Which { person: Some(data.person(context).to_owned()), limit: Some(1), ..Which::default() };
    Ok(history.list(&which)?.first().map(|e| e.id))
}

/// The attempt with this number.
pub(in crate::cli) fn attempt(history: &History, number: i64) -> Result<Attempt> {
    history
        .get(number)?
        .ok_or_else(|| anyhow!("there is no attempt {number}: `starcue history list --limit 0` lists them all"))
}
