//! History as JSON: out of one store, into another, without loss. `docs/history.md` describes it.
//!
//! `starcue.history/1` is one object with all attempts and stories; `starcue.attempt/1` and
//! `starcue.story/1` are one of them a line. Each is a record for `starcue score --from jsonl` as
//! well: `id`, `question`, `rubric` and `answer` are those of a record.

use super::attempt::{Attempt, Digest, Entry, Mode, Topic};
use super::dismissal::{self, Dismissal};
use super::error::Error;
use super::mocks::{self, Mock};
use super::query::{Which, entry};
use super::store::{self, History};
use super::stored::assessment_of;
use super::story::{self, Kept, Link, Story};
use crate::words::{Words, tidy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{self, Write};

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

/// Writes attempts, oldest first, then stories; how many.
///
/// # Errors
/// History can't be read, or `out` fails.
pub(crate) fn export(history: &History, which: &Which, layout: Layout, out: &mut dyn Write) -> Result<Counts, Error> {
    let dismissed = dismissed_by_attempt(history, which)?;
    let stories = history.stories(which.person.as_deref())?;
    let lines = layout == Layout::Lines;
    let mut counts = Counts::default();
    if !lines {
        write!(out, "{{\"schema\":\"{HISTORY}\",\"attempts\":[")?;
    }
    let mut json = Vec::with_capacity(1 << 14);
    history.each_row(which, &mut |row| {
        let failed = history.failed();
        let entry = entry(row).map_err(&failed)?;
        let column = |at: usize| -> Result<&str, Error> {
            row.get_ref(at).map_err(&failed)?.as_str().map_err(|e| failed(e.into()))
        };
        json.clear();
        json.extend_from_slice(separator(lines, counts.attempts));
        let dismissed = dismissed.get(&entry.id).map_or(&[][..], Vec::as_slice);
        one(&mut json, &entry, column(20)?, column(21)?, dismissed, lines)?;
        out.write_all(&json)?;
        counts.attempts += 1;
        Ok(())
    })?;
    if !lines {
        out.write_all(b"\n],\"stories\":[")?;
    }
    for (_, story) in &stories {
        out.write_all(separator(lines, counts.stories))?;
        write_story(story, lines, out)?;
        if lines {
            out.write_all(b"\n")?;
        }
        counts.stories += 1;
    }
    if !lines {
        out.write_all(b"\n],\"mocks\":[")?;
    }
    for mock in history.mocks(which.person.as_deref())?.iter().rev() {
        out.write_all(separator(lines, counts.mocks))?;
        out.write_all(mock.body.as_bytes())?;
        if lines {
            out.write_all(b"\n")?;
        }
        counts.mocks += 1;
    }
    if !lines {
        out.write_all(b"\n]}\n")?;
    }
    Ok(counts)
}

const fn separator(lines: bool, before: usize) -> &'static [u8] {
    match (lines, before) {
        (true, _) => b"",
        (false, 0) => b"\n",
        (false, _) => b",\n",
    }
}

/// Writes the attempt with this number as JSON; false where there is none.
///
/// # Errors
/// History can't be read, or `out` fails.
pub(crate) fn write_attempt(history: &History, a: &Attempt, id: i64, out: &mut dyn Write) -> Result<(), Error> {
    let all = history.dismissals(Some(&a.person))?;
    let dismissed: Vec<Dismissal> = all.into_iter().filter(|p| p.attempt == id).map(|p| p.dismissal).collect();
    let mut json = Vec::new();
    write_masked(a, id, &dismissed, true, &mut json)?;
    Ok(out.write_all(&json)?)
}

/// An attempt without its texts.
fn entry_of(a: &Attempt, id: i64) -> Entry {
    Entry {
        id,
        uid: a.uid.clone(),
        person: a.person.clone(),
        at: a.at,
        topic: a.topic.clone(),
        mode: a.mode,
        seconds: a.seconds,
        self_band: a.self_band,
        parent: a.parent.clone(),
        story: a.story.clone(),
        digest: a.digest.clone(),
    }
}

/// One attempt that is not as the store has it, as JSON.
///
/// # Errors
/// `out` fails.
pub(super) fn write_masked(
    a: &Attempt,
    id: i64,
    dismissed: &[Dismissal],
    line: bool,
    json: &mut Vec<u8>,
) -> Result<(), Error> {
    let said = serde_json::to_string(&a.words).map_err(io::Error::from)?;
    one(json, &entry_of(a, id), &said, &a.assessment, dismissed, line)
}

/// Lays out attempts, stories and mock interviews that are JSON already; `masked` says what is masked
/// in them, and how often.
///
/// # Errors
/// `out` fails.
pub(super) fn frame(
    lines: bool,
    [attempts, stories, mocks]: [Vec<Vec<u8>>; 3],
    masked: Option<&BTreeMap<&str, usize>>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    if lines {
        for json in attempts.iter().chain(&stories).chain(&mocks) {
            out.write_all(json.trim_ascii_end())?;
            out.write_all(b"\n")?;
        }
        return Ok(());
    }
    write!(out, "{{\"schema\":\"{HISTORY}\"")?;
    if let Some(masked) = masked {
        write!(out, ",\"redacted\":{}", serde_json::to_string(masked).map_err(io::Error::from)?)?;
    }
    for (name, list) in [("attempts", attempts), ("stories", stories), ("mocks", mocks)] {
        write!(out, ",\"{name}\":[")?;
        for (i, json) in list.iter().enumerate() {
            out.write_all(separator(false, i))?;
            out.write_all(json)?;
        }
        out.write_all(b"\n]")?;
    }
    Ok(out.write_all(b"}\n")?)
}

/// One attempt as JSON. What was said and the assessment are JSON already, and pass as they are.
fn one(
    json: &mut Vec<u8>,
    e: &Entry,
    said: &str,
    assessment: &str,
    dismissed: &[Dismissal],
    line: bool,
) -> Result<(), Error> {
    let head = Out {
        schema: line.then_some(ATTEMPT),
        id: &e.uid,
        person: &e.person,
        at: e.at.to_string(),
        question: e.topic.key(),
        asked: &e.topic.text,
        own: e.topic.id.is_none(),
        theme: e.topic.theme.as_deref(),
        rubric: &e.digest.rubric,
        rubric_hash: &e.digest.rubric_hash,
        score: e.digest.score.points(),
        band: e.digest.band,
        mode: e.mode.id(),
        seconds: e.seconds,
        self_band: e.self_band,
        parent: e.parent.as_deref(),
        story: e.story.as_deref(),
        dismissed,
    };
    serde_json::to_writer(&mut *json, &head).map_err(io::Error::from)?;
    json.pop();
    json.push(b',');
    match said.strip_prefix('{').and_then(|s| s.strip_suffix('}')).filter(|_| is_json(said)) {
        Some(keys) => json.extend_from_slice(keys.as_bytes()),
        // Another hand has been here. The words are kept as they stand.
        None => {
            let words = serde_json::to_string(&Words::read(said)).map_err(io::Error::from)?;
            json.extend_from_slice(words.get(1..words.len() - 1).unwrap_or_default().as_bytes());
        }
    }
    json.extend_from_slice(b",\"assessment\":");
    json.extend_from_slice(if is_json(assessment) { assessment.as_bytes() } else { b"null" });
    json.push(b'}');
    if line {
        json.push(b'\n');
    }
    Ok(())
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Writes one story as JSON.
///
/// # Errors
/// `out` fails.
pub(crate) fn write_story(s: &Story, schema: bool, out: &mut dyn Write) -> Result<(), Error> {
    let targets = |kind: &str| s.links.iter().filter(|l| l.kind() == kind).map(|l| l.target().to_owned()).collect();
    let record = StoryJson {
        schema: schema.then(|| STORY.to_owned()),
        id: s.uid.clone(),
        person: s.person.clone(),
        at: s.at,
        changed: s.changed,
        title: s.title.clone(),
        questions: targets("question"),
        themes: targets("theme"),
        words: s.words.clone(),
    };
    serde_json::to_writer(out, &record).map_err(|e| Error::Output(io::Error::from(e)))
}

/// Reads an export into the store: all of it, or nothing. `person` says whose all of it is, whatever
/// the file says.
///
/// # Errors
/// It is no export, or the store can't be written.
pub(crate) fn import(history: &mut History, text: &str, person: Option<&str>) -> Result<Imported, Error> {
    let mut read = read(text).map_err(Error::Import)?;
    if let Some(person) = person {
        read.attempts.iter_mut().for_each(|(a, _)| person.clone_into(&mut a.person));
        read.stories.iter_mut().for_each(|s| person.clone_into(&mut s.person));
        for mock in &mut read.mocks {
            *mock = of_person(mock, person).map_err(Error::Import)?;
        }
    }
    history.write(|connection| {
        let mut done = Imported::default();
        for (attempt, dismissed) in &read.attempts {
            let recorded = store::insert(connection, attempt)?;
            (if recorded.new { &mut done.new } else { &mut done.known }).attempts += 1;
            for one in dismissed {
                dismissal::put(connection, recorded.id, one)?;
            }
        }
        for one in &read.stories {
            match story::take(connection, one)? {
                Kept::New => done.new.stories += 1,
                Kept::Known => done.known.stories += 1,
            }
        }
        for one in &read.mocks {
            let (_, new) = mocks::take(connection, one)?;
            (if new { &mut done.new } else { &mut done.known }).mocks += 1;
        }
        Ok(done)
    })
}

/// What a file holds.
#[derive(Default)]
pub(crate) struct Read {
    /// Attempts, each with what was dismissed in it.
    pub(crate) attempts: Vec<(Attempt, Vec<Dismissal>)>,
    /// Stories.
    pub(crate) stories: Vec<Story>,
    /// Mock interviews.
    pub(crate) mocks: Vec<Mock>,
}

/// What an export holds.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) fn read(text: &str) -> Result<Read, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut read = Read::default();
    for (at, value) in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>().enumerate() {
        let value = value.map_err(|e| format!("this is no JSON: {e}"))?;
        let head: Head = serde_json::from_str(value.get()).map_err(|_| strange(at + 1))?;
        match head.schema {
            HISTORY => {
                let file: File<'_> =
                    serde_json::from_str(value.get()).map_err(|e| format!("this is no history: {e}"))?;
                for one in file.attempts {
                    read.attempts.push(one_of(one.get(), read.attempts.len() + 1)?);
                }
                for one in file.stories {
                    read.stories.push(story_of(one.get(), read.stories.len() + 1)?);
                }
                for one in file.mocks {
                    read.mocks.push(mock_of(one.get(), read.mocks.len() + 1)?);
                }
            }
            ATTEMPT => read.attempts.push(one_of(value.get(), at + 1)?),
            STORY => read.stories.push(story_of(value.get(), at + 1)?),
            MOCK => read.mocks.push(mock_of(value.get(), at + 1)?),
            other
                if ["starcue.history/", "starcue.attempt/", "starcue.story/", "starcue.mock/"]
                    .iter()
                    .any(|s| other.starts_with(s)) =>
            {
                return Err(format!("it was written by a later starcue (`{}`): update starcue", tidy(other)));
            }
            _ => return Err(strange(at + 1)),
        }
    }
    Ok(read)
}

fn strange(number: usize) -> String {
    format!(
        "record {number} is none of `starcue history export`: its `schema` is none of {HISTORY}, {ATTEMPT}, {STORY}, {MOCK}"
    )
}

fn one_of(json: &str, number: usize) -> Result<(Attempt, Vec<Dismissal>), String> {
    let wrong = |what: &dyn std::fmt::Display| format!("attempt {number}: {what}");
    let record: In<'_> = serde_json::from_str(json).map_err(|e| wrong(&e))?;
    let at: Timestamp = record.at.parse().map_err(|e| wrong(&e))?;
    let answer = record.words.answer();
    let assessment = assessment_of(record.assessment.get(), answer.text()).map_err(|e| wrong(&e))?;
    if record.id.is_empty() {
        return Err(wrong(&"it has no id"));
    }
    let attempt = Attempt {
        uid: record.id,
        person: record.person,
        at: whole(at),
        topic: Topic { id: (!record.own).then_some(record.question), text: record.asked, theme: record.theme },
        mode: Mode::from_id(&record.mode),
        seconds: record.seconds,
        self_band: record.self_band.filter(|band| (1..=5).contains(band)),
        parent: record.parent,
        story: record.story,
        words: record.words,
        digest: Digest::of(&assessment),
        assessment: record.assessment.get().to_owned(),
    };
    Ok((attempt, record.dismissed))
}

fn story_of(json: &str, number: usize) -> Result<Story, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("story {number}: {what}");
    let record: StoryJson = serde_json::from_str(json).map_err(|e| wrong(&e))?;
    if record.id.is_empty() {
        return Err(wrong(&"it has no id"));
    }
    let questions = record.questions.into_iter().map(Link::Question);
    Ok(Story {
        uid: record.id,
        person: record.person,
        at: whole(record.at),
        changed: whole(record.changed),
        title: tidy(&record.title).replace('\n', " "),
        words: record.words,
        links: questions.chain(record.themes.into_iter().map(Link::Theme)).collect(),
    })
}

fn mock_of(json: &str, number: usize) -> Result<Mock, String> {
    #[derive(Deserialize)]
    struct Head {
        id: String,
        person: String,
        at: Timestamp,
        title: String,
    }
    let wrong = |what: &dyn std::fmt::Display| format!("mock interview {number}: {what}");
    let head: Head = serde_json::from_str(json).map_err(|e| wrong(&e))?;
    if head.id.is_empty() {
        return Err(wrong(&"it has no id"));
    }
    let (person, title) = (head.person, tidy(&head.title).replace('\n', " "));
    Ok(Mock { id: 0, uid: head.id, person, at: whole(head.at), title, body: json.to_owned() })
}

/// The same interview as another person's.
fn of_person(mock: &Mock, person: &str) -> Result<Mock, String> {
    let mut body: serde_json::Value = serde_json::from_str(&mock.body).map_err(|e| e.to_string())?;
    body["person"] = person.into();
    Ok(Mock { person: person.to_owned(), body: body.to_string(), ..mock.clone() })
}

/// In whole milliseconds, as history keeps it.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
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
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<&'a str>,
    #[serde(skip_serializing_if = "<[Dismissal]>::is_empty")]
    dismissed: &'a [Dismissal],
}

#[derive(Deserialize)]
struct Head<'a> {
    schema: &'a str,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    attempts: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    stories: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    mocks: Vec<&'a RawValue>,
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
    story: Option<String>,
    #[serde(default)]
    dismissed: Vec<Dismissal>,
    #[serde(flatten)]
    words: Words,
    #[serde(borrow)]
    assessment: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct StoryJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    id: String,
    person: String,
    at: Timestamp,
    changed: Timestamp,
    title: String,
    #[serde(default)]
    questions: Vec<String>,
    #[serde(default)]
    themes: Vec<String>,
    #[serde(flatten)]
    words: Words,
}
