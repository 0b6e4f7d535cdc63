//! Dismissals: findings that a person has set aside, with a reason.
//!
//! A dismissal lies over an attempt and never changes its assessment. It holds for the same finding
//! by the same words in the other answers of the person too; a finding that comes from absence has
//! the whole answer for its words.

use super::error::Error;
use super::store::History;
use crate::assessment::{Assessment, Evidence};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A finding that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Dismissal {
    /// Id of the minefield, behaviour or motivation.
    pub(crate) finding: String,
    /// When.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    pub(crate) at: Timestamp,
    /// Why.
    pub(crate) reason: String,
    /// The words that had caused it, each once and in small letters; of a finding from absence the whole answer.
    pub(crate) words: Vec<String>,
}

/// A dismissal with the attempt in which it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Number of the attempt.
    pub(crate) attempt: i64,
    /// What was set aside.
    pub(crate) dismissal: Dismissal,
}

impl Placed {
    /// What is said beside the finding where this attempt is shown.
    pub(crate) fn note(&self, attempt: i64) -> String {
        let reason = &self.dismissal.reason;
        if self.attempt == attempt {
            format!("dismissed: {reason}")
        } else {
            format!("dismissed in attempt {}: {reason}", self.attempt)
        }
    }
}

/// The evidence of a finding of an assessment; `None` where it was not found.
fn evidence_of<'a>(assessment: &'a Assessment, id: &str) -> Option<&'a [Evidence]> {
    let mines = assessment.minefields.iter().map(|m| (&*m.id, m.evidence.as_slice()));
    let found = assessment.behaviours.iter().chain(&assessment.motivations);
    let mut all = mines.chain(found.map(|f| (&*f.id, f.evidence.as_slice())));
    all.find(|(have, _)| *have == id).map(|(_, evidence)| evidence)
}

/// The ids of all findings that can be dismissed: minefields, behaviours, motivations.
pub(crate) fn findings(assessment: &Assessment) -> impl Iterator<Item = &str> {
    let found = assessment.behaviours.iter().chain(&assessment.motivations).map(|f| &*f.id);
    assessment.minefields.iter().map(|m| &*m.id).chain(found)
}

/// The words of evidence, each once, in order and without what a change of case or of line ends
/// changes. Of a finding from absence they are the whole text: what it lacks, it lacks as a whole.
fn words_of(evidence: &[Evidence], text: &str) -> Vec<String> {
    let plain = |words: &str| words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let mut words: Vec<String> = evidence.iter().filter_map(|e| text.get(e.start..e.end)).map(plain).collect();
    if words.is_empty() {
        words.push(plain(text));
    }
    words.sort();
    words.dedup();
    words
}

/// What a person has dismissed so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dismissed {
    by_finding: BTreeMap<String, Vec<Placed>>,
}

impl Dismissed {
    /// Of these dismissals, latest last.
    pub(crate) fn new(placed: impl IntoIterator<Item = Placed>) -> Self {
        let mut by_finding: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
        for one in placed {
            by_finding.entry(one.dismissal.finding.clone()).or_default().push(one);
        }
        Self { by_finding }
    }

    /// Whether nothing was dismissed.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_finding.is_empty()
    }

    /// The dismissal that covers a finding of this attempt: it was made there, or all words of the
    /// finding were dismissed elsewhere. `None` where there is none, or where the finding is not there.
    pub(crate) fn of(&self, assessment: &Assessment, id: &str, text: &str, attempt: i64) -> Option<&Placed> {
        let placed = self.by_finding.get(id)?;
        if let Some(here) = placed.iter().find(|p| p.attempt == attempt) {
            return evidence_of(assessment, id).map(|_| here);
        }
        let words = words_of(evidence_of(assessment, id)?, text);
        let covered = |word: &String| placed.iter().any(|p| p.dismissal.words.contains(word));
        let last = placed.iter().rev().find(|p| words.iter().any(|w| p.dismissal.words.contains(w)))?;
        words.iter().all(covered).then_some(last)
    }

    /// All findings of an assessment that are covered, with the dismissal.
    pub(crate) fn all<'a>(
        &'a self,
        assessment: &'a Assessment,
        text: &str,
        attempt: i64,
    ) -> Vec<(&'a str, &'a Placed)> {
        if self.is_empty() {
            return Vec::new();
        }
        findings(assessment).filter_map(|id| Some((id, self.of(assessment, id, text, attempt)?))).collect()
    }
}

impl History {
    /// Sets a finding of an attempt aside; again with another reason, the reason is changed.
    ///
    /// # Errors
    /// The disk is full, or can't be written.
    pub(crate) fn dismiss(&mut self, attempt: i64, dismissal: &Dismissal) -> Result<(), Error> {
        self.write(|connection| {
            let sql = "DELETE FROM dismissal WHERE attempt = ? AND finding = ?";
            connection.execute(sql, params![attempt, dismissal.finding])?;
            put(connection, attempt, dismissal)
        })
    }

    /// Takes a dismissal back; whether it was there.
    ///
    /// # Errors
    /// The file can't be written.
    pub(crate) fn restore(&mut self, attempt: i64, finding: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM dismissal WHERE attempt = ? AND finding = ?";
        let count = self.write(|c| c.execute(sql, params![attempt, finding]))?;
        self.forget()?;
        Ok(count > 0)
    }

    /// What a person has dismissed, of everybody without a name, oldest first.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn dismissals(&self, person: Option<&str>) -> Result<Vec<Placed>, Error> {
        let query = || -> rusqlite::Result<Vec<Placed>> {
            let mut statement = self.connection.prepare_cached(
                "SELECT d.attempt, d.finding, d.at, d.reason, d.words FROM dismissal d
                 JOIN attempt a ON a.id = d.attempt WHERE ?1 IS NULL OR a.person = ?1
                 ORDER BY d.at, d.attempt, d.finding",
            )?;
            let rows = statement.query_map([person], |row| {
                let words = row.get_ref(4)?.as_str().unwrap_or_default();
                let dismissal = Dismissal {
                    finding: row.get(1)?,
                    at: Timestamp::from_millisecond(row.get(2)?).unwrap_or(Timestamp::UNIX_EPOCH),
                    reason: row.get(3)?,
                    words: serde_json::from_str(words).unwrap_or_default(),
                };
                Ok(Placed { attempt: row.get(0)?, dismissal })
            })?;
            rows.collect()
        };
        query().map_err(self.failed())
    }
}

/// Saves a dismissal, unless the finding of this attempt is dismissed already.
pub(super) fn put(connection: &Connection, attempt: i64, d: &Dismissal) -> rusqlite::Result<()> {
    let words = serde_json::to_string(&d.words).unwrap_or_default();
    let sql = "INSERT OR IGNORE INTO dismissal (attempt, finding, at, reason, words) VALUES (?, ?, ?, ?, ?)";
    let values = params![attempt, d.finding, d.at.as_millisecond(), d.reason, words];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

/// The words that a dismissal of this finding holds for; `None` where the finding is not there.
pub(crate) fn dismissed_words(assessment: &Assessment, finding: &str, text: &str) -> Option<Vec<String>> {
    Some(words_of(evidence_of(assessment, finding)?, text))
}
