//! The tables, and how they grow: one step for each version, never changed once it was released.

use super::error::Error;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// What tells a history from the database of another program ("STRC").
const APPLICATION: i64 = 0x5354_5243;

/// Steps from an empty file to today's tables; the number of steps is the version.
const STEPS: &[&str] = &[
    // 1: attempts. What lists and progress read stands apart from the texts, which are large.
    "CREATE TABLE attempt (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,            -- milliseconds since 1970
        question_id TEXT,
        question TEXT NOT NULL,
        theme TEXT,
        rubric TEXT NOT NULL,
        rubric_hash TEXT NOT NULL,
        kind TEXT NOT NULL,
        score INTEGER NOT NULL,         -- tenths
        band INTEGER NOT NULL,
        levels TEXT NOT NULL,           -- a digit for each section, in STAR order
        minefields TEXT NOT NULL,       -- ids, serious ones with an exclamation mark
        words INTEGER NOT NULL,
        mode TEXT NOT NULL,
        seconds INTEGER,
        self_band INTEGER,
        parent TEXT,                    -- uid of the attempt that this one revises
        topic TEXT NOT NULL GENERATED ALWAYS AS (coalesce(question_id, question)) VIRTUAL
    ) STRICT;
    CREATE INDEX attempt_by_person ON attempt (person, at);
    CREATE INDEX attempt_by_topic ON attempt (person, topic, at, band);
    CREATE INDEX attempt_by_parent ON attempt (parent) WHERE parent IS NOT NULL;
    CREATE TABLE body (
        attempt INTEGER PRIMARY KEY REFERENCES attempt (id) ON DELETE CASCADE,
        said TEXT NOT NULL,             -- JSON: answer and replies
        assessment TEXT NOT NULL        -- JSON: starcue.assessment/1
    ) STRICT;",
    // 2: stories, and which of them an attempt tells.
    "CREATE TABLE story (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,            -- milliseconds since 1970
        changed INTEGER NOT NULL,
        title TEXT NOT NULL,
        said TEXT NOT NULL              -- JSON: the four sections
    ) STRICT;
    CREATE INDEX story_by_person ON story (person, id);
    CREATE TABLE story_link (
        story INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,             -- question or theme
        target TEXT NOT NULL,           -- id of the question, name of the theme
        PRIMARY KEY (story, kind, target)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE attempt ADD COLUMN story TEXT;
    CREATE INDEX attempt_by_story ON attempt (story) WHERE story IS NOT NULL;",
    // 3: findings that people have dismissed. They go with their attempt.
    "CREATE TABLE dismissal (
        attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
        finding TEXT NOT NULL,          -- id of a minefield, behaviour or motivation
        at INTEGER NOT NULL,            -- milliseconds since 1970
        reason TEXT NOT NULL,
        words TEXT NOT NULL,            -- JSON: the words of its evidence, a text each
        PRIMARY KEY (attempt, finding)
    ) STRICT, WITHOUT ROWID;",
    // 4: mock interviews. Their answers are attempts, named by the uid of the interview and a number.
    "CREATE TABLE mock (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,            -- milliseconds since 1970
        title TEXT NOT NULL,
        body TEXT NOT NULL              -- JSON: starcue.mock/1, without the answers
    ) STRICT;
    CREATE INDEX mock_by_person ON mock (person, at);",
];

/// A file as the first version made it: for tests.
#[cfg(test)]
pub(super) fn first_version(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(STEPS[0]).unwrap();
    connection.pragma_update(None, "application_id", APPLICATION).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
}

/// The version that this program writes.
pub(super) fn known() -> i64 {
    STEPS.len() as i64
}

/// Brings the tables up to date. Two programs that do so at once wait for each other.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let failed = |e: rusqlite::Error| Error::of(path, &e);
    // All that is asked is asked of one state of the file: another starcue may be at its first step.
    let seen = connection.transaction().map_err(failed)?;
    let version = check(&seen, path)?;
    drop(seen);
    if version == known() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Another starcue may have been faster.
    let version = check(&transaction, path)?;
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
    transaction.pragma_update(None, "user_version", known()).map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// The version of the file.
///
/// # Errors
/// It is another program's, or of a later version.
fn check(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let failed = |e: rusqlite::Error| Error::of(path, &e);
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(failed);
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION && (application != 0 || version != 0 || tables != 0) {
        return Err(Error::Foreign(path.to_path_buf()));
    }
    if version > known() {
        return Err(Error::Newer { path: path.to_path_buf(), found: version, known: known() });
    }
    Ok(version)
}
