//! Out of an export into the store.

use super::{ATTEMPT, HISTORY, Imported, MOCK, STORY, StoryJson};
use crate::history::attempt::{Attempt, Digest, Mode, Topic};
use crate::history::dismissal::Dismissal;
use crate::history::error::Error;
use crate::history::mocks::Mock;
use crate::history::store::History;
use crate::history::stored::assessment_of;
use crate::history::story::{Kept, Link, Story};
use crate::history::{dismissal, mocks, store, story};
use crate::words::{Words, tidy};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

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
