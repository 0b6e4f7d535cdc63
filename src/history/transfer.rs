//! History as JSON: out of one store, into another, without loss.
//!
//! `starcue.history/1` is one object with all attempts; `starcue.attempt/1` is one attempt a line.
//! An attempt is a record for `starcue score --from jsonl` as well: `id`, `question`, `rubric` and
//! `answer` are those of a record.

use super::attempt::{Attempt, Digest, Mode, Topic};
use super::error::Error;
use super::query::Which;
use super::store::History;
use super::stored::assessment_of;
use crate::words::{Words, tidy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::io::{self, Write};

const HISTORY: &str = "starcue.history/1";
const ATTEMPT: &str = "starcue.attempt/1";

/// How attempts are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One object.
    Json,
    /// One attempt a line.
    Lines,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Attempts that came in.
    pub(crate) new: usize,
    /// Attempts that were there already.
    pub(crate) known: usize,
}

/// Writes attempts, oldest first; how many.
///
/// # Errors
/// History can't be read, or `out` fails.
pub(crate) fn export(history: &History, which: &Which, layout: Layout, out: &mut dyn Write) -> Result<usize, Error> {
    let mut count = 0;
    if layout == Layout::Json {
        write!(out, "{{\"schema\":\"{HISTORY}\",\"attempts\":[")?;
    }
    history.each(which, &mut |attempt| {
        if layout == Layout::Json {
            out.write_all(if count == 0 { b"\n" } else { b",\n" })?;
        }
        write_one(&attempt, layout == Layout::Lines, out)?;
        if layout == Layout::Lines {
            out.write_all(b"\n")?;
        }
        count += 1;
        Ok(())
    })?;
    if layout == Layout::Json {
        out.write_all(b"\n]}\n")?;
    }
    Ok(count)
}

/// Writes one attempt as JSON.
///
/// # Errors
/// `out` fails.
pub(crate) fn write_one(a: &Attempt, schema: bool, out: &mut dyn Write) -> Result<(), Error> {
    let record = Out {
        schema: schema.then_some(ATTEMPT),
        id: &a.uid,
        person: &a.person,
        at: a.at.to_string(),
        question: a.topic.key(),
        asked: &a.topic.text,
        own: a.topic.id.is_none(),
        theme: a.topic.theme.as_deref(),
        rubric: &a.digest.rubric,
        rubric_hash: &a.digest.rubric_hash,
        score: a.digest.score.points(),
        band: a.digest.band,
        mode: a.mode.id(),
        seconds: a.seconds,
        self_band: a.self_band,
        parent: a.parent.as_deref(),
        words: &a.words,
        assessment: serde_json::from_str(&a.assessment).ok(),
    };
    serde_json::to_writer(out, &record).map_err(|e| Error::Output(io::Error::from(e)))
}

/// Reads an export into the store: all of it, or nothing. `person` says whose all of it is, whatever
/// the file says.
///
/// # Errors
/// It is no export, or the store can't be written.
pub(crate) fn import(history: &mut History, text: &str, person: Option<&str>) -> Result<Imported, Error> {
    let mut attempts = read(text).map_err(Error::Import)?;
    if let Some(person) = person {
        attempts.iter_mut().for_each(|a| person.clone_into(&mut a.person));
    }
    let recorded = history.record(&attempts)?;
    let new = recorded.iter().filter(|r| r.new).count();
    Ok(Imported { new, known: recorded.len() - new })
}

/// The attempts of an export.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) fn read(text: &str) -> Result<Vec<Attempt>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut attempts = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let value = value.map_err(|e| format!("this is no JSON: {e}"))?;
        let head: Head = serde_json::from_str(value.get()).map_err(|_| strange(attempts.len() + 1))?;
        match head.schema {
            HISTORY => {
                let file: File<'_> =
                    serde_json::from_str(value.get()).map_err(|e| format!("this is no history: {e}"))?;
                for one in file.attempts {
                    attempts.push(one_of(one.get(), attempts.len() + 1)?);
                }
            }
            ATTEMPT => attempts.push(one_of(value.get(), attempts.len() + 1)?),
            other if other.starts_with("starcue.history/") || other.starts_with("starcue.attempt/") => {
                return Err(format!("it was written by a later starcue (`{}`): update starcue", tidy(other)));
            }
            _ => return Err(strange(attempts.len() + 1)),
        }
    }
    Ok(attempts)
}

fn strange(number: usize) -> String {
    format!("record {number} is none of `starcue history export`: its `schema` is neither {HISTORY} nor {ATTEMPT}")
}

fn one_of(json: &str, number: usize) -> Result<Attempt, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("attempt {number}: {what}");
    let record: In<'_> = serde_json::from_str(json).map_err(|e| wrong(&e))?;
    let at: Timestamp = record.at.parse().map_err(|e| wrong(&e))?;
    let answer = record.words.answer();
    let assessment = assessment_of(record.assessment.get(), answer.text()).map_err(|e| wrong(&e))?;
    if record.id.is_empty() {
        return Err(wrong(&"it has no id"));
    }
    Ok(Attempt {
        uid: record.id,
        person: record.person,
        at: Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at),
        topic: Topic { id: (!record.own).then_some(record.question), text: record.asked, theme: record.theme },
        mode: Mode::from_id(&record.mode),
        seconds: record.seconds,
        self_band: record.self_band.filter(|band| (1..=5).contains(band)),
        parent: record.parent,
        words: record.words,
        digest: Digest::of(&assessment),
        assessment: record.assessment.get().to_owned(),
    })
}

#[derive(Serialize)]
struct Out<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    id: &'a str,
    person: &'a str,
    at: String,
    question: &'a str,
    asked: &'a str,
    own: bool,
    theme: Option<&'a str>,
    rubric: &'a str,
    rubric_hash: &'a str,
    score: f64,
    band: u8,
    mode: &'a str,
    seconds: Option<u32>,
    self_band: Option<u8>,
    parent: Option<&'a str>,
    #[serde(flatten)]
    words: &'a Words,
    assessment: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Head<'a> {
    schema: &'a str,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    attempts: Vec<&'a RawValue>,
}

/// What is read of an attempt: score, band and rubric stand in the assessment.
#[derive(Deserialize)]
struct In<'a> {
    id: String,
    person: String,
    at: String,
    question: String,
    asked: String,
    #[serde(default)]
    own: bool,
    theme: Option<String>,
    #[serde(default)]
    mode: String,
    seconds: Option<u32>,
    self_band: Option<u8>,
    parent: Option<String>,
    #[serde(flatten)]
    words: Words,
    #[serde(borrow)]
    assessment: &'a RawValue,
}
