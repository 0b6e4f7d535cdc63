//! `history delete`: for good.

use super::super::data::DataArgs;
use super::super::{Context, Status};
use super::transfer::attempts;
use super::{attempt, nothing_yet};
use crate::history::Which;
use crate::report::clean;
use anyhow::{Result, bail};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Delete attempts for good: nothing of them stays in the file
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Numbers of the attempts
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    numbers: Vec<i64>,
    /// All attempts of the person
    #[arg(long)]
    all: bool,
    /// Without a question
    #[arg(long)]
    yes: bool,
}

/// Deletes, after a question.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(mut history) = data.history(context)? else { return nothing_yet(data, context) };
    let mut numbers = args.numbers.clone();
    if args.all {
        let which = Which { person: Some(data.person(context).to_owned()), ..Which::default() };
        numbers = history.list(&which)?.iter().map(|e| e.id).collect();
    }
    numbers.sort_unstable();
    numbers.dedup();
    for number in &args.numbers {
        attempt(&history, *number)?;
    }
    if numbers.is_empty() {
        return nothing_yet(data, context);
    }
    let what = if args.all {
        format!("all {} of `{}`", attempts(numbers.len()), clean(data.person(context)))
    } else {
        attempts(numbers.len())
    };
    if !args.yes && !asked(&format!("Delete {what} for good? Type yes: "))? {
        writeln!(io::stderr(), "starcue: nothing was deleted")?;
        return Ok(Status::Done);
    }
    let count = history.delete(&numbers)?;
    writeln!(io::stderr(), "starcue: {} deleted", attempts(count))?;
    Ok(Status::Done)
}

fn asked(question: &str) -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here: add `--yes` to delete without a question");
    }
    write!(io::stderr(), "{question}")?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}
