//! `history delete`: for good.

use super::super::data::DataArgs;
use super::super::{Context, Status, confirmed};
use super::transfer::{attempts, counted};
use super::{attempt, nothing_yet};
use crate::history::Which;
use crate::history::transfer::Counts;
use crate::mock::desk;
use crate::report::clean;
use anyhow::Result;
use std::io::{self, Write as _};

/// Delete attempts for good, with what was dismissed in them: nothing of them stays in the file
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Numbers of the attempts
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    numbers: Vec<i64>,
    /// All attempts and stories of the person
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
    let mut stories = Vec::new();
    let mut mocks = Vec::new();
    if args.all {
        let which = Which { person: Some(data.person(context).to_owned()), ..Which::default() };
        numbers = history.list(&which)?.iter().map(|e| e.id).collect();
        stories = history.stories(Some(data.person(context)))?.into_iter().map(|(id, _)| id).collect();
        mocks = history.mocks(Some(data.person(context)))?.into_iter().map(|m| m.id).collect();
    }
    numbers.sort_unstable();
    numbers.dedup();
    for number in &args.numbers {
        attempt(&history, *number)?;
    }
    let unfinished = if args.all { desk::waiting(&data.folder(context)?).interviews } else { Vec::new() };
    let unfinished = unfinished.iter().filter(|i| i.person == data.person(context)).count();
    if unfinished == 0 && numbers.is_empty() && stories.is_empty() && mocks.is_empty() {
        return nothing_yet(data, context);
    }
    let what = if args.all {
        let counts = Counts { attempts: numbers.len(), stories: stories.len(), mocks: mocks.len() };
        format!("all {} of `{}`", counted(counts), clean(data.person(context)))
    } else {
        attempts(numbers.len())
    };
    if !args.yes && !confirmed(&format!("Delete {what} for good? Type yes: "))? {
        writeln!(io::stderr(), "starcue: nothing was deleted")?;
        return Ok(Status::Done);
    }
    let counts = Counts {
        attempts: history.delete(&numbers)?,
        stories: history.delete_stories(&stories)?,
        mocks: history.delete_mocks(&mocks)?,
    };
    if args.all {
        desk::forget(&data.folder(context)?, data.person(context))?;
    }
    writeln!(io::stderr(), "starcue: {} deleted", counted(counts))?;
    Ok(Status::Done)
}
