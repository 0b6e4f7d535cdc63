//! Questions to the store.

use super::attempt::{Attempt, Digest, Entry, Mode, Topic};
use super::error::Error;
use super::store::History;
use crate::assessment::{Kind, Tenths};
use crate::words::Words;
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

/// Which attempts are meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Which {
    /// Only this person's.
    pub(crate) person: Option<String>,
    /// Only answers to this question: an id, or the text of one.
    pub(crate) question: Option<String>,
    /// Only of this theme.
    pub(crate) theme: Option<String>,
    /// The newest of them, so many.
    pub(crate) limit: Option<usize>,
}

impl Which {
    /// The condition in SQL, which takes person, question and theme as its first three values. Only
    /// what is asked stands in it, so that an index is found for it.
    fn condition(&self) -> String {
        let asked = [(self.person.is_some(), "person = ?1"), (self.question.is_some(), "topic = ?2")];
        let asked = asked.into_iter().chain([(self.theme.is_some(), "theme = ?3")]);
        let conditions: Vec<&str> = asked.filter(|(is, _)| *is).map(|(_, sql)| sql).collect();
        // Every value has its place, whether it is asked or not.
        let all = "coalesce(?1, ?2, ?3, 1) IS NOT NULL";
        if conditions.is_empty() { all.to_owned() } else { format!("{} AND {all}", conditions.join(" AND ")) }
    }
}

/// The last attempt at a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Latest {
    /// The question's id, else its text.
    pub(crate) key: String,
    /// Whether it is a question of one's own, that no bank has.
    pub(crate) own: bool,
    /// When it was answered last.
    pub(crate) at: Timestamp,
    /// How well.
    pub(crate) band: u8,
}

pub(super) const COLUMNS: &str = "a.id, a.uid, a.person, a.at, a.question_id, a.question, a.theme, a.rubric, a.rubric_hash, \
                       a.kind, a.score, a.band, a.levels, a.minefields, a.words, a.mode, a.seconds, a.self_band, a.parent, \
                       a.story";

/// What the columns of a row say.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let levels: String = row.get(12)?;
    let mut digits = levels.bytes().map(|b| b.wrapping_sub(b'0').min(2));
    Ok(Entry {
        id: row.get(0)?,
        uid: row.get(1)?,
        person: row.get(2)?,
        at: Timestamp::from_millisecond(row.get(3)?).unwrap_or(Timestamp::UNIX_EPOCH),
        topic: Topic { id: row.get(4)?, text: row.get(5)?, theme: row.get(6)? },
        mode: Mode::from_id(row.get_ref(15)?.as_str().unwrap_or_default()),
        seconds: row.get(16)?,
        self_band: row.get(17)?,
        parent: row.get(18)?,
        story: row.get(19)?,
        digest: Digest {
            rubric: row.get(7)?,
            rubric_hash: row.get(8)?,
            kind: Kind::from_id(row.get_ref(9)?.as_str().unwrap_or_default()).unwrap_or(Kind::NotAnAnswer),
            score: Tenths(row.get(10)?),
            band: row.get(11)?,
            levels: [(); 4].map(|()| digits.next().unwrap_or(0)),
            minefields: Digest::read_mines(row.get_ref(13)?.as_str().unwrap_or_default()),
            words: usize::try_from(row.get::<_, i64>(14)?).unwrap_or(0),
        },
    })
}

/// An attempt of which the body comes after the columns of the entry.
pub(super) fn attempt(row: &Row<'_>) -> rusqlite::Result<(i64, Attempt)> {
    let e = entry(row)?;
    let said: String = row.get(20)?;
    let attempt = Attempt {
        uid: e.uid,
        person: e.person,
        at: e.at,
        topic: e.topic,
        mode: e.mode,
        seconds: e.seconds,
        self_band: e.self_band,
        parent: e.parent,
        story: e.story,
        words: Words::read(&said),
        digest: e.digest,
        assessment: row.get(21)?,
    };
    Ok((e.id, attempt))
}

impl History {
    /// Attempts without their texts, newest first.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn list(&self, which: &Which) -> Result<Vec<Entry>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM attempt a WHERE {} ORDER BY at DESC, id DESC LIMIT ?4", which.condition());
        let limit = which.limit.map_or(-1, |n| i64::try_from(n).unwrap_or(-1));
        let query = || -> rusqlite::Result<Vec<Entry>> {
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![which.person, which.question, which.theme, limit], entry)?;
            rows.collect()
        };
        query().map_err(self.failed())
    }

    /// How many attempts there are, without a limit.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn count(&self, which: &Which) -> Result<usize, Error> {
        let sql = format!("SELECT count(*) FROM attempt WHERE {}", which.condition());
        let count: i64 = self
            .connection
            .query_row(&sql, params![which.person, which.question, which.theme], |row| row.get(0))
            .map_err(self.failed())?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The attempt with this number.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn get(&self, id: i64) -> Result<Option<Attempt>, Error> {
        let sql = format!(
            "SELECT {COLUMNS}, b.said, b.assessment FROM attempt a JOIN body b ON b.attempt = a.id WHERE a.id = ?"
        );
        let found = self.connection.query_row(&sql, [id], attempt).optional().map_err(self.failed())?;
        Ok(found.map(|(_, attempt)| attempt))
    }

    /// The number of the attempt with this name.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn id_of(&self, uid: &str) -> Result<Option<i64>, Error> {
        let sql = "SELECT id FROM attempt WHERE uid = ?";
        self.connection.query_row(sql, [uid], |row| row.get(0)).optional().map_err(self.failed())
    }

    /// The attempt that came before this one: the one that it revises, else the last one at the same
    /// question by the same person.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn before(&self, id: i64) -> Result<Option<i64>, Error> {
        let sql = "SELECT coalesce(
                       (SELECT p.id FROM attempt p WHERE p.uid = a.parent),
                       (SELECT p.id FROM attempt p WHERE p.person = a.person AND p.topic = a.topic
                        AND (p.at, p.id) < (a.at, a.id) ORDER BY p.at DESC, p.id DESC LIMIT 1))
                   FROM attempt a WHERE a.id = ?";
        self.connection.query_row(sql, [id], |row| row.get(0)).optional().map(Option::flatten).map_err(self.failed())
    }

    /// The attempts that revise this one.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn revisions(&self, uid: &str) -> Result<Vec<i64>, Error> {
        let query = || -> rusqlite::Result<Vec<i64>> {
            let mut statement =
                self.connection.prepare_cached("SELECT id FROM attempt WHERE parent = ? ORDER BY id")?;
            statement.query_map([uid], |row| row.get(0))?.collect()
        };
        query().map_err(self.failed())
    }

    /// The last attempt of a person at every question that they have tried.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn latest(&self, person: &str) -> Result<Vec<Latest>, Error> {
        // With one max() SQLite takes the other columns from the row that has it.
        let sql = "SELECT topic, max(at), band, question_id IS NULL FROM attempt WHERE person = ? GROUP BY topic";
        let query = || -> rusqlite::Result<Vec<Latest>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map([person], |row| {
                let at = Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
                Ok(Latest { key: row.get(0)?, own: row.get(3)?, at, band: row.get(2)? })
            })?;
            rows.collect()
        };
        query().map_err(self.failed())
    }

    /// Everybody who has attempts, with how many.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn people(&self) -> Result<Vec<(String, usize)>, Error> {
        let query = || -> rusqlite::Result<Vec<(String, usize)>> {
            let mut statement = self
                .connection
                .prepare_cached("SELECT person, count(*) FROM attempt GROUP BY person ORDER BY person")?;
            let rows = statement
                .query_map([], |row| Ok((row.get(0)?, usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0))))?;
            rows.collect()
        };
        query().map_err(self.failed())
    }

    /// Calls `see` with every attempt and its number, oldest first.
    ///
    /// # Errors
    /// The file can't be read, or `see` fails.
    pub(crate) fn each(
        &self,
        which: &Which,
        see: &mut dyn FnMut(i64, Attempt) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.each_row(which, &mut |row| {
            let (id, attempt) = attempt(row).map_err(self.failed())?;
            see(id, attempt)
        })
    }

    /// The same with the row as it stands: the words and the assessment are columns 20 and 21.
    pub(super) fn each_row(
        &self,
        which: &Which,
        see: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT {COLUMNS}, b.said, b.assessment FROM attempt a JOIN body b ON b.attempt = a.id
             WHERE {} ORDER BY a.at, a.id",
            which.condition()
        );
        let failed = self.failed();
        let mut statement = self.connection.prepare_cached(&sql).map_err(&failed)?;
        let mut rows = statement.query(params![which.person, which.question, which.theme]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            see(row)?;
        }
        Ok(())
    }
}
