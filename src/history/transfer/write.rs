//! Out of the store into an export.

use super::{ATTEMPT, Counts, HISTORY, Layout, STORY, StoryJson, dismissed_by_attempt};
use crate::history::attempt::{Attempt, Entry};
use crate::history::dismissal::Dismissal;
use crate::history::error::Error;
use crate::history::query::{Which, entry};
use crate::history::store::History;
use crate::history::story::Story;
use crate::words::Words;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

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
pub(in crate::history) fn write_masked(
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
pub(in crate::history) fn frame(
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

/// What stands of an attempt before the words and the assessment.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Out<'a> {
    /// What this is, where it stands on a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String", extend("const" = ATTEMPT)))]
    schema: Option<&'a str>,
    /// Its name everywhere.
    id: &'a str,
    /// Whose it is.
    person: &'a str,
    /// When it was finished.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    at: String,
    /// Id of the question, or its text where it is a question of one's own.
    question: &'a str,
    /// The question as it was asked.
    asked: &'a str,
    /// Whether it is a question of one's own, which no bank has.
    own: bool,
    /// Theme of the question.
    theme: Option<&'a str>,
    /// Id of the rubric.
    rubric: &'a str,
    /// Hash of all that the rubric said then.
    rubric_hash: &'a str,
    /// In tenths.
    #[cfg_attr(test, schemars(range(min = 0, max = 100)))]
    score: f64,
    /// 1 poor to 5 outstanding.
    #[cfg_attr(test, schemars(range(min = 1, max = 5)))]
    band: u8,
    /// Whether it was written, or spoken and is a transcript.
    #[cfg_attr(test, schemars(extend("enum" = ["written", "spoken"])))]
    mode: &'a str,
    /// Seconds that it took, where that is known.
    seconds: Option<u32>,
    /// The band that the candidate gave before seeing the tool's, 1 to 5.
    #[cfg_attr(test, schemars(range(min = 1, max = 5)))]
    self_band: Option<u8>,
    /// Id of the attempt that this one revises.
    parent: Option<&'a str>,
    /// Id of the story that it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    story: Option<&'a str>,
    /// Findings that were set aside.
    #[serde(skip_serializing_if = "<[Dismissal]>::is_empty")]
    #[cfg_attr(test, schemars(with = "Vec<Dismissal>"))]
    dismissed: &'a [Dismissal],
}
