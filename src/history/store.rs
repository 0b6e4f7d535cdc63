//! The file: how it is opened, and how attempts come into it and go.

use super::attempt::Attempt;
use super::error::Error;
use super::schema;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior, params};
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the file in the data folder.
pub(crate) const FILE: &str = "history.db";

/// How long to wait for another starcue that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// The attempts of the past.
#[derive(Debug)]
pub(crate) struct History {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

/// What became of an attempt that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Its number.
    pub(crate) id: i64,
    /// Whether it was not there before.
    pub(crate) new: bool,
}

impl History {
    /// Opens the history in a data folder; both are made where they are not there yet, for the user
    /// alone.
    ///
    /// # Errors
    /// The folder can't be written, or the file is damaged, another program's or of a later starcue.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        private(folder, &path).map_err(|e| Error::of_io(&path, &e))?;
        Self::at(path)
    }

    /// Opens the history in a data folder, if there is one: nothing is made.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn open_existing(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(FILE);
        match fs::symlink_metadata(&path) {
            Ok(_) => Self::at(path).map(Some),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::of_io(&path, &e)),
        }
    }

    fn at(path: PathBuf) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(|e| Error::of(&path, &e))?;
        Self::prepare(connection, path)
    }

    /// A history in memory: for tests.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        Self::prepare(Connection::open_in_memory().unwrap(), PathBuf::from("memory")).unwrap()
    }

    fn prepare(mut connection: Connection, path: PathBuf) -> Result<Self, Error> {
        let failed = |e: rusqlite::Error| Error::of(&path, &e);
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        // A damaged file is told here, before anything is changed.
        connection.pragma_query_value(None, "schema_version", |_| Ok(())).map_err(failed)?;
        schema::migrate(&mut connection, &path)?;
        // With a log, who reads never waits for who writes. Where the disk can't have one, the old
        // journal does. What is deleted is overwritten: it was private.
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
            )
            .map_err(failed)?;
        Ok(Self { connection, path })
    }

    pub(super) fn failed(&self) -> impl Fn(rusqlite::Error) -> Error + '_ {
        |e| Error::of(&self.path, &e)
    }

    /// Saves attempts, all or none. One that is there already stays as it is.
    ///
    /// # Errors
    /// The disk is full, or can't be written.
    pub(crate) fn record(&mut self, attempts: &[Attempt]) -> Result<Vec<Recorded>, Error> {
        self.write(|connection| attempts.iter().map(|a| insert(connection, a)).collect())
    }

    /// Changes something, all or nothing.
    pub(super) fn write<T>(&mut self, change: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let Self { connection, path } = self;
        let changed = (|| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })();
        changed.map_err(|e| Error::of(path, &e))
    }

    /// Empties the log, which may hold what was deleted. Another starcue that reads may hinder it: then
    /// the log is emptied the next time.
    pub(super) fn forget(&self) -> Result<(), Error> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(self.failed())
    }

    /// Deletes attempts and mock interviews of before a moment; how many attempts there were.
    ///
    /// # Errors
    /// The file can't be written.
    pub(crate) fn expire(&mut self, before: jiff::Timestamp) -> Result<usize, Error> {
        let before = before.as_millisecond();
        let (attempts, mocks) = self.write(|c| {
            let mocks = c.execute("DELETE FROM mock WHERE at < ?", [before])?;
            Ok((c.execute("DELETE FROM attempt WHERE at < ?", [before])?, mocks))
        })?;
        if attempts + mocks > 0 {
            self.forget()?;
        }
        Ok(attempts)
    }

    /// Deletes attempts, and whatever the log still holds of them; how many there were.
    ///
    /// # Errors
    /// The file can't be written.
    pub(crate) fn delete(&mut self, ids: &[i64]) -> Result<usize, Error> {
        let delete = |connection: &Connection, id: &i64| connection.execute("DELETE FROM attempt WHERE id = ?", [id]);
        let count = self.write(|c| ids.iter().map(|id| delete(c, id)).sum())?;
        self.forget()?;
        Ok(count)
    }

    /// Lets the file grow to this many pages and no further, as a full disk does.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: u32) {
        self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    }
}

/// Inserts one attempt, unless it is there.
pub(super) fn insert(connection: &Connection, a: &Attempt) -> rusqlite::Result<Recorded> {
    let sql =
        "INSERT INTO attempt (uid, person, at, question_id, question, theme, rubric, rubric_hash, kind, score, band,
               levels, minefields, words, mode, seconds, self_band, parent, story)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    // Asked first, for an insert that fails would use up a number.
    let mut known = connection.prepare_cached("SELECT id FROM attempt WHERE uid = ?")?;
    if let Some(id) = known.query_row([&a.uid], |row| row.get(0)).optional()? {
        return Ok(Recorded { id, new: false });
    }
    let d = &a.digest;
    let levels: String = d.levels.iter().map(u8::to_string).collect();
    let id: i64 = connection.prepare_cached(sql)?.query_row(
        params![
            a.uid,
            a.person,
            a.at.as_millisecond(),
            a.topic.id,
            a.topic.text.trim(),
            a.topic.theme,
            d.rubric,
            d.rubric_hash,
            d.kind.id(),
            d.score.0,
            d.band,
            levels,
            d.mines(),
            d.words as i64,
            a.mode.id(),
            a.seconds,
            a.self_band,
            a.parent,
            a.story,
        ],
        |row| row.get(0),
    )?;
    let said = serde_json::to_string(&a.words).unwrap_or_default();
    connection.prepare_cached("INSERT INTO body (attempt, said, assessment) VALUES (?, ?, ?)")?.execute(params![
        id,
        said,
        a.assessment
    ])?;
    Ok(Recorded { id, new: true })
}

/// The folder and the file for the user alone, before SQLite writes to either.
fn private(folder: &Path, file: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
        builder.mode(0o700).create(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        let opened = options.mode(0o600).open(file)?;
        opened.set_permissions(fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    {
        builder.create(folder)?;
        options.open(file).map(drop)
    }
}
