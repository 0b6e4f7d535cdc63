//! `starcue practice`: rehearse one answer.

use super::{Context, Status};
use anyhow::{Result, bail};

/// Rehearse one answer: the brief, your answer, the assessment, and again
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of a question of the bank
    question: Option<String>,
}

/// Runs a rehearsal.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let _ = (args.question, context.library()?);
    bail!("`practice` is being built")
}
