//! Stories: a candidate's own experiences by section, and what each of them can answer.

use super::error::Error;
use super::store::History;
use crate::words::Words;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// What a story can answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Link {
    /// The question with this id.
    Question(String),
    /// Any question of this theme.
    Theme(String),
}

impl Link {
    /// What it links to: `question` or `theme`.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Question(_) => "question",
            Self::Theme(_) => "theme",
        }
    }

    /// The id of the question, or the name of the theme.
    pub(crate) fn target(&self) -> &str {
        match self {
            Self::Question(target) | Self::Theme(target) => target,
        }
    }

    fn of(kind: &str, target: String) -> Self {
        if kind == "theme" { Self::Theme(target) } else { Self::Question(target) }
    }
}

/// An experience that a candidate can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Story {
    /// Its name everywhere.
    pub(crate) uid: String,
    /// Whose it is.
    pub(crate) person: String,
    /// When it was added.
    pub(crate) at: Timestamp,
    /// When it was changed last.
    pub(crate) changed: Timestamp,
    /// A few words for lists.
    pub(crate) title: String,
    /// What happened, by section.
    pub(crate) words: Words,
    /// What it can answer, in order.
    pub(crate) links: Vec<Link>,
}

/// What became of a story that comes from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It was not there before, or an older form of it was.
    New,
    /// It was there already.
    Known,
}

impl History {
    /// Saves a story: a new one, or a newer form of one that is there; its number.
    ///
    /// # Errors
    /// The disk is full, or can't be written.
    pub(crate) fn put_story(&mut self, story: &Story) -> Result<i64, Error> {
        self.write(|connection| put(connection, story))
    }

    /// The stories of a person, of everybody without a name, in the order of their numbers.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn stories(&self, person: Option<&str>) -> Result<Vec<(i64, Story)>, Error> {
        let query = || -> rusqlite::Result<Vec<(i64, Story)>> {
            let sql = format!("{SELECT} WHERE ?1 IS NULL OR person = ?1 ORDER BY id");
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map([person], row)?;
            let mut stories = rows.collect::<Result<Vec<_>, _>>()?;
            for (id, story) in &mut stories {
                story.links = links(&self.connection, *id)?;
            }
            Ok(stories)
        };
        query().map_err(self.failed())
    }

    /// The story with this number.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn story(&self, id: i64) -> Result<Option<Story>, Error> {
        Ok(self.one_story("id", &id)?.map(|(_, story)| story))
    }

    /// The story with this name, and its number.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn story_named(&self, uid: &str) -> Result<Option<(i64, Story)>, Error> {
        self.one_story("uid", &uid)
    }

    fn one_story(&self, column: &str, value: &dyn rusqlite::ToSql) -> Result<Option<(i64, Story)>, Error> {
        let query = || -> rusqlite::Result<Option<(i64, Story)>> {
            let sql = format!("{SELECT} WHERE {column} = ?");
            let Some((id, mut story)) = self.connection.query_row(&sql, [value], row).optional()? else {
                return Ok(None);
            };
            story.links = links(&self.connection, id)?;
            Ok(Some((id, story)))
        };
        query().map_err(self.failed())
    }

    /// Deletes stories, and whatever the log still holds of them; how many there were.
    ///
    /// # Errors
    /// The file can't be written.
    pub(crate) fn delete_stories(&mut self, ids: &[i64]) -> Result<usize, Error> {
        let delete = |connection: &Connection, id: &i64| connection.execute("DELETE FROM story WHERE id = ?", [id]);
        let count = self.write(|c| ids.iter().map(|id| delete(c, id)).sum())?;
        self.forget()?;
        Ok(count)
    }
}

/// Saves a story that comes from elsewhere, unless the one that is there is as new.
pub(super) fn take(connection: &Connection, story: &Story) -> rusqlite::Result<Kept> {
    let sql = "SELECT changed FROM story WHERE uid = ?";
    let have: Option<i64> = connection.query_row(sql, [&story.uid], |row| row.get(0)).optional()?;
    if have.is_some_and(|have| have >= story.changed.as_millisecond()) {
        return Ok(Kept::Known);
    }
    put(connection, story).map(|_| Kept::New)
}

const SELECT: &str = "SELECT id, uid, person, at, changed, title, said FROM story";

fn put(connection: &Connection, s: &Story) -> rusqlite::Result<i64> {
    let said = serde_json::to_string(&s.words).unwrap_or_default();
    let known = "UPDATE story SET title = ?2, said = ?3, changed = ?4, person = ?5 WHERE uid = ?1 RETURNING id";
    let values = params![s.uid, s.title, said, s.changed.as_millisecond(), s.person];
    let id = connection.query_row(known, values, |row| row.get(0)).optional()?;
    let id: i64 = match id {
        Some(id) => id,
        None => connection.query_row(
            "INSERT INTO story (uid, title, said, changed, person, at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            params![s.uid, s.title, said, s.changed.as_millisecond(), s.person, s.at.as_millisecond()],
            |row| row.get(0),
        )?,
    };
    connection.execute("DELETE FROM story_link WHERE story = ?", [id])?;
    for link in &s.links {
        connection
            .prepare_cached("INSERT OR IGNORE INTO story_link (story, kind, target) VALUES (?, ?, ?)")?
            .execute(params![id, link.kind(), link.target()])?;
    }
    Ok(id)
}

fn links(connection: &Connection, id: i64) -> rusqlite::Result<Vec<Link>> {
    let mut statement =
        connection.prepare_cached("SELECT kind, target FROM story_link WHERE story = ? ORDER BY kind, target")?;
    let rows = statement.query_map([id], |row| {
        let kind: String = row.get(0)?;
        Ok(Link::of(&kind, row.get(1)?))
    })?;
    rows.collect()
}

fn row(row: &Row<'_>) -> rusqlite::Result<(i64, Story)> {
    let moment = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let said: String = row.get(6)?;
    let story = Story {
        uid: row.get(1)?,
        person: row.get(2)?,
        at: moment(row.get(3)?),
        changed: moment(row.get(4)?),
        title: row.get(5)?,
        words: Words::read(&said),
        links: Vec::new(),
    };
    Ok((row.get(0)?, story))
}
