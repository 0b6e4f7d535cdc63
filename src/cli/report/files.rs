//! Reports of files: answers that are judged here and now, results of `score`, exports.

use super::results::{self, Texts};
use super::{Args, Gathered};
use crate::batch::{
    self, Done, InputFormat, Keep, LARGEST_RECORD, Nothing, Outcome, Output, Plan, Record, Tally, Watch,
};
use crate::cli::Context;
use crate::cli::score::judge;
use crate::report::cohort::Row;
use crate::report::dossier::{Audience, Dossier, Item, Unjudged};
use anyhow::{Context as _, Result};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How many answers of files are shown whole.
const FULL: usize = 50;

/// The report of the files that the arguments name.
pub(super) fn dossier(args: &Args, audience: Audience, context: &Context) -> Result<Option<Dossier>> {
    let library = context.library()?;
    let most = args.full.unwrap_or(if args.cohort { 0 } else { FULL });
    let texts = Texts::read(&args.answers)?;
    let mut gathered = Gathered::default();
    for name in &args.what {
        if let Some(text) = of_standard_input(name)? {
            results::read(&text, "standard input", &texts, most, &mut gathered, context)?;
            continue;
        }
        for path in expand(name)? {
            let shown = path.display().to_string();
            if results::are_in(&path) {
                let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{shown}`"))?;
                results::read(&text, &shown, &texts, most, &mut gathered, context)?;
                continue;
            }
            let inputs = batch::inputs(std::slice::from_ref(&path), None)?;
            let person = person_of(name, &path);
            let judge = |record: Record| judge(library, record, args.rubric.as_deref(), args.question.as_deref());
            let mut taking = Taking { gathered: &mut gathered, person, most, context, failed: None };
            // The outcomes are taken as they pass by; nothing is written.
            let mut nowhere = Output::stream(Box::new(io::sink()));
            batch::run(Plan::new(inputs, LARGEST_RECORD), &judge, &mut Nothing, &mut nowhere, &mut taking)?;
            let failed = taking.failed;
            if let Some(error) = failed {
                return Err(error);
            }
        }
    }
    let title = match (gathered.rows.as_slice(), args.cohort) {
        ([one], false) => one.question.clone().unwrap_or_else(|| one.name.clone()),
        (rows, _) => format!("{} answers", rows.len()),
    };
    Ok(Some(gathered.dossier(title, audience, None, context)?))
}

/// Takes in the outcomes as they pass by.
struct Taking<'a> {
    gathered: &'a mut Gathered,
    person: Option<String>,
    most: usize,
    context: &'a Context,
    failed: Option<anyhow::Error>,
}

impl Watch for Taking<'_> {
    fn keep(&self) -> Keep {
        Keep::Everything
    }

    fn see(&mut self, done: &Done, _tally: &Tally) -> io::Result<()> {
        for outcome in &done.kept {
            if let Err(e) = take(outcome, self.person.as_deref(), self.most, self.gathered, self.context) {
                self.failed.get_or_insert(e);
            }
        }
        Ok(())
    }
}

/// What standard input holds, where that was named.
fn of_standard_input(name: &Path) -> Result<Option<String>> {
    if name.as_os_str() != "-" {
        return Ok(None);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).context("standard input can't be read")?;
    Ok(Some(text))
}

/// The files of a folder that hold answers, by name; a file as it is.
fn expand(name: &Path) -> Result<Vec<PathBuf>> {
    if !name.is_dir() {
        return Ok(vec![name.to_path_buf()]);
    }
    let inputs = batch::inputs(&[name.to_path_buf()], None)?;
    Ok(inputs.into_iter().filter_map(|i| i.path).collect())
}

/// Whose answers a file holds: the folder below the one that was named.
fn person_of(named: &Path, file: &Path) -> Option<String> {
    let below = file.strip_prefix(named).ok()?;
    let mut parts = below.components();
    let first = parts.next()?;
    parts.next()?;
    Some(first.as_os_str().to_string_lossy().into_owned())
}

fn take(
    outcome: &Outcome,
    person: Option<&str>,
    most: usize,
    gathered: &mut Gathered,
    context: &Context,
) -> Result<()> {
    let judged = match &outcome.result {
        Ok(judged) => judged,
        Err(bad) => {
            gathered.bad.push(Unjudged::new(&outcome.origin, bad, None));
            return Ok(());
        }
    };
    gathered.rows.push(Row::judged(judged, person, context.library()?));
    gathered.show(most, || Ok(Item::judged(judged, person.map(str::to_owned).into_iter().collect())))
}

/// Whether a file is of this kind by its name.
pub(super) fn is_json(path: &Path) -> bool {
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    json || InputFormat::of(path) == Some(InputFormat::Jsonl)
}
