//! History as JSON: out of one store, into another, without loss. `docs/history.md` describes it.
//!
//! `starcue.history/1` is one object with all attempts and stories; `starcue.attempt/1` and
//! `starcue.story/1` are one of them a line. Each is a record for `starcue score --from jsonl` as
//! well: `id`, `question`, `rubric` and `answer` are those of a record.

mod read;
#[cfg(test)]
mod shape;
mod write;

pub(crate) use read::{import, read};
#[cfg(test)]
pub(crate) use shape::Export;
pub(crate) use write::{export, write_attempt, write_story};
pub(in crate::history) use write::{frame, write_masked};

use super::dismissal::Dismissal;
use super::error::Error;
use super::query::Which;
use super::store::History;
use crate::words::Words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const HISTORY: &str = "starcue.history/1";
const ATTEMPT: &str = "starcue.attempt/1";
const STORY: &str = "starcue.story/1";
const MOCK: &str = "starcue.mock/1";

/// How attempts and stories are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One object.
    Json,
    /// One of them a line.
    Lines,
}

/// How many attempts and stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// Attempts.
    pub(crate) attempts: usize,
    /// Stories.
    pub(crate) stories: usize,
    /// Mock interviews.
    pub(crate) mocks: usize,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Imported {
    /// What came in.
    pub(crate) new: Counts,
    /// What was there already.
    pub(crate) known: Counts,
}

/// What was dismissed in each attempt that has anything dismissed.
pub(super) fn dismissed_by_attempt(history: &History, which: &Which) -> Result<BTreeMap<i64, Vec<Dismissal>>, Error> {
    let mut dismissed: BTreeMap<i64, Vec<Dismissal>> = BTreeMap::new();
    for placed in history.dismissals(which.person.as_deref())? {
        dismissed.entry(placed.attempt).or_default().push(placed.dismissal);
    }
    Ok(dismissed)
}

/// An experience of a candidate.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Story"))]
pub(crate) struct StoryJson {
    /// What this is, where it stands on a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String", extend("const" = STORY)))]
    schema: Option<String>,
    /// Its name everywhere.
    id: String,
    /// Whose it is.
    person: String,
    /// When it was first told.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    at: Timestamp,
    /// When it was changed last.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    changed: Timestamp,
    /// Its title.
    title: String,
    /// Ids of the questions that it is linked to.
    #[serde(default)]
    questions: Vec<String>,
    /// Themes that it is linked to.
    #[serde(default)]
    themes: Vec<String>,
    #[serde(flatten)]
    words: Words,
}
