//! `starcue evaluate`: agreement of a rubric with human labels, and weights that agree better.

use super::{Context, Status};
use crate::agreement::fit;
use crate::agreement::gold::{self, Division, Gold};
use crate::agreement::judge::{Case, judge};
use crate::batch;
use crate::report::clean;
use anyhow::{Context as _, Result, anyhow, bail};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Measure how far a rubric agrees with human labels, and propose weights
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Labelled answers: JSON lines or CSV; several files are taken together
    #[arg(value_name = "LABELLED", required = true)]
    files: Vec<PathBuf>,
    /// Judge every answer by this rubric, whatever the records say
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// Only the answers to write rules on, or only those held back
    #[arg(long, value_name = "PART")]
    part: Option<Division>,
    /// Parts of the cross-validation
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=20))]
    folds: u8,
    /// Propose weights that agree better, as a rubric in TOML; nothing is changed
    #[arg(long)]
    fit: bool,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Measures agreement, or proposes weights.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let inputs = batch::inputs(&args.files, None)?;
    let library = context.library()?;
    if let Some(id) = &args.rubric {
        library.rubric(id)?;
    }
    let mut out: Box<dyn Write> = match &args.output {
        None => Box::new(context.out()),
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
            Box::new(BufWriter::new(file))
        }
    };
    let mut bad = 0;
    let mut complain = |place: String, message: &str| {
        bad += 1;
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "starcue: {}", clean(&format!("{place}: {message}")));
    };
    let mut labelled: Vec<Gold> = Vec::new();
    for record in gold::read(&inputs) {
        match record {
            Ok(gold) => labelled.push(gold),
            Err((origin, bad)) => complain(origin.place(), &format!("{} [{}]", bad.message, bad.code)),
        }
    }
    if let Some(part) = args.part {
        labelled.retain(|g| g.division() == part);
    }
    let mut cases: Vec<Case> = Vec::new();
    for judged in judge(labelled, library, args.rubric.as_deref()) {
        match judged {
            Ok(case) => cases.push(case),
            Err((gold, e)) => complain(gold.origin.place(), &e.to_string()),
        }
    }
    let status = if bad > 0 { Status::Bad } else { Status::Done };
    if cases.is_empty() {
        bail!("there is no labelled answer to judge");
    }
    if args.fit {
        let found = fit::fit(&cases, usize::from(args.folds)).map_err(|e| anyhow!(e))?;
        // Of several rubrics with one set of weights: the one that the others extend.
        let rubric = cases.iter().map(|c| &c.rubric).min_by_key(|r| r.extends.is_some());
        let Some(rubric) = rubric else { bail!("there is no rubric to fit") };
        let score = library.score_as_written(&rubric.id);
        out.write_all(fit::write(&found, rubric, score.as_ref()).as_bytes())?;
        out.flush()?;
        return Ok(status);
    }
    out.flush()?;
    Ok(status)
}
