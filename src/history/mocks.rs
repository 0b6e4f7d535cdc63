//! Mock interviews in the store: the answers are attempts, the rest is one JSON text.

use super::attempt::Attempt;
use super::error::Error;
use super::query::attempt;
use super::store::{History, insert};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

/// A mock interview as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mock {
    /// Its number in this history; 0 where it has none yet.
    pub(crate) id: i64,
    /// Its name everywhere.
    pub(crate) uid: String,
    /// The candidate.
    pub(crate) person: String,
    /// When it began.
    pub(crate) at: Timestamp,
    /// Title.
    pub(crate) title: String,
    /// All else, as JSON (`starcue.mock/1`).
    pub(crate) body: String,
}

const COLUMNS: &str = "id, uid, person, at, title, body";

fn mock(row: &Row<'_>) -> rusqlite::Result<Mock> {
    Ok(Mock {
        id: row.get(0)?,
        uid: row.get(1)?,
        person: row.get(2)?,
        at: Timestamp::from_millisecond(row.get(3)?).unwrap_or(Timestamp::UNIX_EPOCH),
        title: row.get(4)?,
        body: row.get(5)?,
    })
}

/// Inserts an interview, unless it is there; its number, and whether it is new.
pub(super) fn take(connection: &Connection, m: &Mock) -> rusqlite::Result<(i64, bool)> {
    let known = connection.query_row("SELECT id FROM mock WHERE uid = ?", [&m.uid], |row| row.get(0)).optional()?;
    if let Some(id) = known {
        return Ok((id, false));
    }
    let sql = "INSERT INTO mock (uid, person, at, title, body) VALUES (?, ?, ?, ?, ?) RETURNING id";
    let values = params![m.uid, m.person, m.at.as_millisecond(), m.title, m.body];
    Ok((connection.query_row(sql, values, |row| row.get(0))?, true))
}

impl History {
    /// Saves mock interviews with their answers, all or none. An interview that is there already is
    /// left as it is; the numbers of the interviews, and how many are new.
    ///
    /// # Errors
    /// The disk is full, or can't be written.
    pub(crate) fn record_mocks(&mut self, attempts: &[Attempt], mocks: &[Mock]) -> Result<(Vec<i64>, usize), Error> {
        self.write(|connection| {
            for a in attempts {
                insert(connection, a)?;
            }
            let (mut ids, mut new) = (Vec::new(), 0);
            for m in mocks {
                let (id, fresh) = take(connection, m)?;
                ids.push(id);
                new += usize::from(fresh);
            }
            Ok((ids, new))
        })
    }

    /// Changes what is kept of an interview, from what is kept of it now: two coaches who rate at
    /// once lose nothing. `false` where it is not there.
    ///
    /// # Errors
    /// The disk is full, or can't be written; `change` says why it can't be changed.
    pub(crate) fn change_mock(
        &mut self,
        id: i64,
        change: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<bool, Error> {
        let path = self.path.clone();
        let failed = |e: rusqlite::Error| Error::of(&path, &e);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let body: Option<String> = transaction
            .query_row("SELECT body FROM mock WHERE id = ?", [id], |row| row.get(0))
            .optional()
            .map_err(failed)?;
        let Some(body) = body else { return Ok(false) };
        let body = change(&body).map_err(Error::Import)?;
        transaction.execute("UPDATE mock SET body = ? WHERE id = ?", params![body, id]).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(true)
    }

    /// The interviews of a person, or of everybody; the newest first.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn mocks(&self, person: Option<&str>) -> Result<Vec<Mock>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM mock WHERE (?1 IS NULL OR person = ?1) ORDER BY at DESC, id DESC");
        let query = || -> rusqlite::Result<Vec<Mock>> {
            self.connection.prepare_cached(&sql)?.query_map([person], mock)?.collect()
        };
        query().map_err(self.failed())
    }

    /// The interview with this number.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn mock(&self, id: i64) -> Result<Option<Mock>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM mock WHERE id = ?");
        self.connection.query_row(&sql, [id], mock).optional().map_err(self.failed())
    }

    /// The attempt with this name, with its number.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn attempt_named(&self, uid: &str) -> Result<Option<(i64, Attempt)>, Error> {
        let sql = format!(
            "SELECT {}, b.said, b.assessment FROM attempt a JOIN body b ON b.attempt = a.id WHERE a.uid = ?",
            super::query::COLUMNS
        );
        self.connection.query_row(&sql, [uid], attempt).optional().map_err(self.failed())
    }

    /// Deletes mock interviews (not their answers), and whatever the log still holds of them; how many
    /// there were.
    ///
    /// # Errors
    /// The file can't be written.
    pub(crate) fn delete_mocks(&mut self, ids: &[i64]) -> Result<usize, Error> {
        let delete = |connection: &Connection, id: &i64| connection.execute("DELETE FROM mock WHERE id = ?", [id]);
        let count = self.write(|c| ids.iter().map(|id| delete(c, id)).sum())?;
        self.forget()?;
        Ok(count)
    }
}
