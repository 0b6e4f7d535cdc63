//! An export without what would tell who somebody is.

use super::{Masker, Moved};
use crate::history::error::Error;
use crate::history::query::Which;
use crate::history::store::History;
use crate::history::transfer::{Counts, Layout, dismissed_by_attempt, frame, write_masked, write_story};
use crate::words::Form;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;

/// Writes what [`crate::history::transfer::export`] does, masked; how many.
///
/// # Errors
/// History can't be read, an assessment in it is none, or `out` fails.
pub(crate) fn export(
    history: &History,
    which: &Which,
    layout: Layout,
    masker: &mut Masker<'_>,
    out: &mut dyn Write,
) -> Result<Counts, Error> {
    // Whoever has answers is known by name before the first text is read.
    for (person, _) in history.people()? {
        masker.person(&person);
    }
    let mocks = history.mocks(which.person.as_deref())?;
    let mut bodies: Vec<Value> = Vec::new();
    for mock in mocks.iter().rev() {
        let body: Value = serde_json::from_str(&mock.body).map_err(|e| Error::Import(e.to_string()))?;
        for rater in raters(&body) {
            masker.person(&rater);
        }
        bodies.push(body);
    }
    let mut dismissed = dismissed_by_attempt(history, which)?;
    let mut attempts: Vec<Vec<u8>> = Vec::new();
    let mut moved: BTreeMap<String, Moved> = BTreeMap::new();
    let lines = layout == Layout::Lines;
    history.each(which, &mut |id, attempt| {
        let (masked, how) = masker.attempt(&attempt).map_err(|why| Error::Import(format!("attempt {id}: {why}")))?;
        moved.insert(attempt.uid.clone(), how);
        let mut dismissed = dismissed.remove(&id).unwrap_or_default();
        for one in &mut dismissed {
            one.reason = masker.text(&one.reason);
            one.words.iter_mut().for_each(|words| *words = masker.text(words));
        }
        let mut json = Vec::new();
        write_masked(&masked, id, &dismissed, lines, &mut json)?;
        attempts.push(json);
        Ok(())
    })?;
    let mut stories: Vec<Vec<u8>> = Vec::new();
    for (_, mut story) in history.stories(which.person.as_deref())? {
        story.person = masker.person(&story.person);
        story.title = masker.text(&story.title);
        match &mut story.words.form {
            Form::Free(text) => *text = masker.text(text),
            Form::Sections(sections) => sections.iter_mut().for_each(|text| *text = masker.text(text)),
        }
        let mut json = Vec::new();
        write_story(&story, lines, &mut json)?;
        stories.push(json);
    }
    let bodies: Vec<Vec<u8>> =
        bodies.into_iter().map(|body| interview(body, masker, &moved).to_string().into_bytes()).collect();
    let counts = Counts { attempts: attempts.len(), stories: stories.len(), mocks: bodies.len() };
    let masked: BTreeMap<&str, usize> = masker.counts().collect();
    frame(lines, [attempts, stories, bodies], Some(&masked), out)?;
    Ok(counts)
}

fn raters(body: &Value) -> Vec<String> {
    let turns = body["turns"].as_array().into_iter().flatten();
    let ratings = turns.clone().flat_map(|t| t["ratings"].as_array().into_iter().flatten()).map(|r| &r["rater"]);
    let notes = turns.flat_map(|t| t["notes"].as_array().into_iter().flatten()).map(|n| &n["by"]);
    ratings.chain(notes).chain([&body["coach"]]).filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// A mock interview with names and notes masked; the spans of notes move with their answers.
fn interview(mut body: Value, masker: &mut Masker<'_>, moved: &BTreeMap<String, Moved>) -> Value {
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    for key in ["person", "coach"] {
        if let Some(name) = body[key].as_str() {
            body[key] = masker.person(name).into();
        }
    }
    for turn in body["turns"].as_array_mut().into_iter().flatten() {
        if turn["question"].is_null() {
            turn["asked"] = masker.text(turn["asked"].as_str().unwrap_or_default()).into();
        }
        let answer = moved.get(&format!("{id}.{}", turn["number"].as_u64().unwrap_or(0)));
        for rating in turn["ratings"].as_array_mut().into_iter().flatten() {
            rating["rater"] = masker.person(rating["rater"].as_str().unwrap_or_default()).into();
        }
        for note in turn["notes"].as_array_mut().into_iter().flatten() {
            note["by"] = masker.person(note["by"].as_str().unwrap_or_default()).into();
            note["text"] = masker.text(note["text"].as_str().unwrap_or_default()).into();
            let at = |i: usize| note["span"][i].as_u64().and_then(|n| usize::try_from(n).ok());
            note["span"] = match (at(0), at(1), answer) {
                (Some(start), Some(end), Some(answer)) => {
                    let span = answer.span(start..end);
                    serde_json::json!([span.start, span.end])
                }
                _ => Value::Null,
            };
        }
    }
    body
}
