//! Results of `starcue score`, and exports of history, as a report takes them.

use super::Gathered;
use super::files::is_json;
use super::past::{item, row};
use crate::batch::{self, LARGEST_RECORD, decode};
use crate::cli::Context;
use crate::cli::history::titles;
use crate::history::{Clock as _, Digest, SystemClock, assessment_of, transfer};
use crate::report::Delivery;
use crate::report::cohort::Row;
use crate::report::dossier::{Item, Unjudged, Vintage};
use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// The texts of answers, by the ids of their records.
#[derive(Debug, Default)]
pub(super) struct Texts(BTreeMap<String, String>);

impl Texts {
    /// Reads the answers in files.
    ///
    /// # Errors
    /// A file can't be read. Records that can't be are passed over: their results say so.
    pub(super) fn read(names: &[PathBuf]) -> Result<Self> {
        let mut texts = BTreeMap::new();
        let mut count = 0;
        for input in batch::inputs(names, None)? {
            batch::split(&input, LARGEST_RECORD, &mut count, &mut |raw, _| {
                if let (_, Ok(record)) = decode(raw) {
                    texts.insert(record.id, record.answer.text().to_owned());
                }
                true
            });
        }
        Ok(Self(texts))
    }
}

/// What every line of results says of itself.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(default)]
    schema: String,
    #[serde(default)]
    id: serde_json::Value,
    question: Option<String>,
    person: Option<String>,
    text: Option<String>,
    error: Option<String>,
}

impl Head {
    fn name(&self, line: usize) -> String {
        match &self.id {
            serde_json::Value::String(id) => id.clone(),
            serde_json::Value::Null => line.to_string(),
            other => other.to_string(),
        }
    }
}

/// Whether a file holds results or an export rather than answers: its first line says so.
pub(super) fn are_in(path: &Path) -> bool {
    const ENOUGH: u64 = 1 << 16;
    if !is_json(path) {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let mut start = String::new();
    let mut reader = BufReader::new(file).take(ENOUGH);
    while start.trim().is_empty() || start.trim() == "[" {
        start.clear();
        if reader.read_line(&mut start).unwrap_or(0) == 0 {
            break;
        }
    }
    ["assessment", "attempt", "history", "error"].iter().any(|s| start.contains(&format!("\"schema\":\"starcue.{s}/")))
}

/// Takes in the results in a text.
///
/// # Errors
/// It is none, or an answer's text is nowhere to be found.
pub(super) fn read(
    text: &str,
    file: &str,
    texts: &Texts,
    most: usize,
    gathered: &mut Gathered,
    context: &Context,
) -> Result<()> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut number = 0;
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let value = value.with_context(|| format!("{file} holds broken JSON"))?;
        if value.get().starts_with('[') {
            let list: Vec<&RawValue> = serde_json::from_str(value.get())?;
            for one in list {
                number += 1;
                take(one.get(), file, number, texts, most, gathered, context)?;
            }
        } else {
            number += 1;
            take(value.get(), file, number, texts, most, gathered, context)?;
        }
    }
    if number == 0 {
        bail!("{file} holds no results");
    }
    Ok(())
}

fn take(
    json: &str,
    file: &str,
    number: usize,
    texts: &Texts,
    most: usize,
    gathered: &mut Gathered,
    context: &Context,
) -> Result<()> {
    let place = format!("{file}, record {number}");
    let head: Head = serde_json::from_str(json).with_context(|| place.clone())?;
    if head.schema.starts_with("starcue.error/") {
        let why = head.error.clone().unwrap_or_default();
        let name = head.name(number);
        gathered.bad.push(Unjudged { why: format!("{place} ({name}): {why}"), name, after: None });
        return Ok(());
    }
    if head.schema.starts_with("starcue.attempt/") || head.schema.starts_with("starcue.history/") {
        return attempts(json, &place, most, gathered, context);
    }
    if !head.schema.starts_with("starcue.assessment/") {
        bail!("{place} is no result of `starcue score --to jsonl`, nor of `starcue history export`");
    }
    let name = head.name(number);
    let text = head.text.as_deref().or_else(|| texts.0.get(&name).map(String::as_str));
    let needed = most > gathered.items.len();
    let text = match text {
        None if needed => bail!(
            "{place} ({name}): the text of the answer is not there: run `starcue score --include text`, or name the \
             file with the answers with `--answers FILE`"
        ),
        text => text.unwrap_or_default(),
    };
    let assessment = assessment_of(json, text).map_err(|e| anyhow!("{place}: {e}"))?;
    let library = context.library()?;
    let known = head.question.as_deref().and_then(|q| library.question(q.trim()));
    let question = known.map(|q| q.text.clone()).or(head.question);
    gathered.rows.push(Row {
        person: head.person.clone(),
        at: String::new(),
        name: name.clone(),
        question: question.clone(),
        theme: known.map(|q| q.theme.clone()),
        digest: Digest::of(&assessment),
    });
    gathered.show(most, || {
        let (rubric, gone) = titles(library, &assessment.rubric)?;
        let vintage = Vintage::of(&assessment, &rubric, gone);
        let facts = head.person.into_iter().collect();
        let text = text.to_owned();
        Ok(Item {
            name,
            question,
            facts,
            text,
            assessment,
            rubric,
            vintage,
            ratings: Vec::new(),
            notes: Vec::new(),
            remarks: Vec::new(),
            delivery: Delivery::default(),
        })
    })
}

fn attempts(json: &str, place: &str, most: usize, gathered: &mut Gathered, context: &Context) -> Result<()> {
    let zone = SystemClock.zone();
    for (attempt, _) in transfer::read(json).map_err(|e| anyhow!("{place}: {e}"))?.attempts {
        gathered.rows.push(row(attempt.uid.clone(), &attempt, &zone));
        gathered.show(most, || item(attempt.uid.clone(), &attempt, &zone, context))?;
    }
    Ok(())
}
