//! `rubrics try`: how a rule sees a text.

use super::{Context, Status, To, write_json};
use crate::report;
use crate::{Answer, Asked, trace};
use anyhow::{Result, bail};
use std::io::Write as _;

/// What is tried.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the rule; `all` for every rule
    rule: String,
    /// The text
    text: String,
    /// Id of the rubric
    #[arg(long, default_value = "behavioural", value_name = "ID")]
    rubric: String,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Shows how a rule sees a text.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let rubric = context.library()?.rubric(&args.rubric)?;
    if args.rule != "all" && rubric.rule(&args.rule).is_none() {
        let near = crate::diagnostics::did_you_mean(&args.rule, rubric.rules().iter().map(|r| &*r.id));
        let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        bail!("rubric `{}` has no rule `{}`{near}", rubric.id, report::clean(&args.rule));
    }
    let seen = trace(&rubric, Asked::default(), &Answer::whole(&args.text));
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &seen)?,
        To::Human => report::trace::write(&mut out, &seen, &args.rule)?,
    }
    out.flush()?;
    Ok(Status::Done)
}
