//! Reports of files: answers that are judged here and now, results of `score`, exports.

use super::results::{self, Texts};
use super::{Args, Gathered};
use crate::batch::{self, CsvRows, Detail, InputFormat, Outcome, Plan, Record};
use crate::cli::Context;
use crate::cli::score::judge;
use crate::history::Digest;
use crate::report::Delivery;
use crate::report::cohort::Row;
use crate::report::dossier::{Audience, Dossier, Item, Vintage};
use anyhow::{Context as _, Result};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How many answers of files are shown whole.
const FULL: usize = 50;

/// The largest record, as for `score`.
pub(super) const LARGEST: usize = 1 << 20;

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
            let plan = Plan { inputs, max_record: LARGEST, jobs: None };
            let judge = |record: Record| judge(library, record, args.rubric.as_deref(), args.question.as_deref());
            let mut failed = None;
            let mut watch = |outcome: &Outcome, _: u64| {
                if let Err(e) = take(outcome, person.as_deref(), most, &mut gathered, context) {
                    failed.get_or_insert(e);
                }
                Ok(())
            };
            // The outcomes are taken by the watch; what the writer makes of them goes nowhere.
            batch::run(plan, &judge, &mut CsvRows(Detail::default()), &mut io::sink(), &mut watch)?;
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
            gathered.bad.push(format!("{}: {} [{}]", outcome.origin.place(), bad.message, bad.code));
            return Ok(());
        }
    };
    let id = judged.record.question.as_deref().unwrap_or_default().trim();
    let theme = context.library()?.question(id).map(|q| q.theme.clone());
    gathered.rows.push(Row {
        person: person.map(str::to_owned),
        at: String::new(),
        name: judged.record.id.clone(),
        question: judged.asked.clone(),
        theme,
        digest: Digest::of(&judged.assessment),
    });
    gathered.show(most, || {
        Ok(Item {
            name: judged.record.id.clone(),
            question: judged.asked.clone(),
            facts: person.map(str::to_owned).into_iter().collect(),
            text: judged.record.answer.text().to_owned(),
            assessment: judged.assessment.clone(),
            rubric: judged.rubric.clone(),
            vintage: Vintage::Today,
            ratings: Vec::new(),
            notes: Vec::new(),
            remarks: Vec::new(),
            delivery: Delivery::default(),
        })
    })
}

/// Whether a file is of this kind by its name.
pub(super) fn is_json(path: &Path) -> bool {
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    json || InputFormat::of(path) == Some(InputFormat::Jsonl)
}
