//! `check`: runs the examples that rules carry.

use super::{Context, Status};
use crate::run_examples;
use anyhow::Result;
use std::io::Write as _;

/// Check rubrics: their files, and the examples that their rules carry
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this rubric
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// Only these rules
    #[arg(value_name = "RULE")]
    rules: Vec<String>,
    /// Leave out what is only told, such as known misses that pass by now
    #[arg(long)]
    errors: bool,
}

/// Runs the verb.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let library = context.library()?;
    let mut out = context.out();
    let ids: Vec<&str> = match &args.rubric {
        Some(id) => vec![id],
        None => library.rubric_ids().collect(),
    };
    let (mut errors, mut told) = (0, 0);
    for id in ids {
        let rubric = library.rubric(id)?;
        for r in run_examples(&rubric) {
            if !args.rules.is_empty() && !args.rules.contains(&r.rule) || args.errors && !r.fault.is_error() {
                continue;
            }
            if r.fault.is_error() {
                errors += 1;
            } else {
                told += 1;
            }
            writeln!(out, "{id}: {} {} [{}] {}", r.family.id(), r.rule, r.fault.code(), r.example)?;
            if !r.seen.is_empty() {
                writeln!(out, "    {}", r.seen)?;
            }
        }
    }
    writeln!(out, "{errors} errors, {told} notes")?;
    out.flush()?;
    Ok(if errors > 0 { Status::Flagged } else { Status::Done })
}
