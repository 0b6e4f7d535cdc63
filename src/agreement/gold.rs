//! Labelled answers: what careful readers saw in them.
//!
//! JSON lines as people label them: the text as `sentences` with roles, or as a plain `answer`;
//! under `labels` the band (`overall`), the levels (`star`) and the ids of each family; under
//! `passages`, by id, the numbers of the sentences that show it. Every
//! label may be missing: what is missing is not counted. A row of a table (CSV) carries the same
//! labels in columns of their own.

use crate::batch::{Bad, Code, Input, LARGEST_RECORD, Layout, Origin, Raw, cells, split};
use crate::{Answer, Kind, Section};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The families of ids, in the order in which they are reported.
pub(crate) const FAMILIES: [&str; 3] = ["minefields", "behaviours", "motivations"];

/// The place of "other" among the roles: after the four sections.
pub(crate) const OTHER: usize = 4;

/// What readers said of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    /// The band, 1 to 5.
    pub(crate) overall: Option<u8>,
    /// The level of each section, 0 to 2.
    pub(crate) star: [Option<u8>; 4],
    /// The ids of each of [`FAMILIES`].
    pub(crate) ids: [Option<BTreeSet<String>>; 3],
    /// The kind of answer.
    pub(crate) kind: Option<Kind>,
}

/// A labelled answer.
#[derive(Debug, Clone)]
pub(crate) struct Gold {
    /// Where it stands.
    pub(crate) origin: Origin,
    /// Its id.
    pub(crate) id: String,
    /// What was asked: an id of the bank, or any text.
    pub(crate) question: Option<String>,
    /// The rubric that the record names, or that its theme means.
    pub(crate) rubric: Option<String>,
    /// The answer.
    pub(crate) answer: Answer,
    /// Where its sentences stand, in bytes, and what each serves: a section or [`OTHER`].
    pub(crate) roles: Vec<(usize, Range<usize>)>,
    /// What readers said.
    pub(crate) labels: Labels,
    /// Ids on which two readings differ, by family: they count neither way.
    pub(crate) unsure: [BTreeSet<String>; 3],
    /// By id, the sentences that show it, in bytes: where readers marked them.
    pub(crate) passages: BTreeMap<String, Vec<Range<usize>>>,
}

/// Which part of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Division {
    /// The answers to write rules on: about three quarters
    Dev,
    /// The answers held back: look rarely, and never at their texts
    Held,
}

impl Gold {
    /// The part that the answer is in, by the hash of its id: the same on every machine, and
    /// whatever other answers are in the file.
    pub(crate) fn division(&self) -> Division {
        let first = super::sha256::sha256(self.id.as_bytes())[0];
        if first >> 4 < 4 { Division::Held } else { Division::Dev }
    }
}

/// Reads labelled answers, in their order; records that cannot be read stand in their places.
pub(crate) fn read(inputs: &[Input]) -> Vec<Result<Gold, (Origin, Bad)>> {
    let mut found = Vec::new();
    let mut count = 0;
    for input in inputs {
        split(input, LARGEST_RECORD, &mut count, &mut |raw: Raw, _| {
            let Raw { origin, layout, body, .. } = raw;
            found.push(body.and_then(|bytes| decode(&bytes, &layout, &origin)).map_err(|bad| (origin, bad)));
            true
        });
    }
    found
}

/// A record as it is written, its values not yet looked at.
#[derive(Debug, Deserialize)]
struct Written {
    id: Option<Value>,
    theme: Option<Value>,
    question: Option<Value>,
    rubric: Option<Value>,
    sentences: Option<Vec<(String, String)>>,
    answer: Option<Value>,
    #[serde(default)]
    labels: Map<String, Value>,
    #[serde(default)]
    unsure: Map<String, Value>,
    #[serde(default)]
    passages: BTreeMap<String, Vec<usize>>,
}

fn decode(bytes: &[u8], layout: &Layout, origin: &Origin) -> Result<Gold, Bad> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Bad::new(Code::NotUtf8, format!("byte {} is not UTF-8", e.valid_up_to() + 1)))?;
    let written: Written = match layout {
        Layout::Json => serde_json::from_str(text).map_err(|e| {
            let said = e.to_string();
            let what = said.split(" at line ").next().unwrap_or(&said);
            let code = if e.is_data() { Code::WrongType } else { Code::Syntax };
            Bad::new(code, format!("column {}: {what}", e.column()))
        })?,
        Layout::Row(header) => {
            let cells =
                cells(text, header.delimiter).map_err(|e| Bad::new(Code::Syntax, format!("broken row: {e}")))?;
            if cells.len() != header.names.len() {
                let (have, want) = (cells.len(), header.names.len());
                return Err(Bad::new(Code::Syntax, format!("{have} cells where the header has {want}")));
            }
            row(&header.names, cells)
        }
        _ => {
            return Err(Bad::new(Code::WrongType, "labelled answers come as JSON lines or CSV"));
        }
    };
    let id = match written.id {
        Some(Value::String(id)) => id,
        Some(Value::Number(n)) => n.to_string(),
        Some(_) => return Err(wrong("id", "a text")),
        None => origin.record.to_string(),
    };
    let of_this = |bad: Bad| Bad { id: Some(id.clone()), ..bad };
    let theme = string(written.theme, "theme").map_err(of_this)?;
    let rubric = string(written.rubric, "rubric").map_err(of_this)?;
    let question = string(written.question, "question").map_err(of_this)?;
    // The only theme of the labelling guide with a rubric of its own is named like it.
    let rubric = rubric.or_else(|| theme.filter(|t| t == "customer-escalation"));
    let (answer, roles) = text_and_roles(written.sentences, written.answer).map_err(of_this)?;
    if answer.is_blank() {
        return Err(of_this(Bad::new(Code::NoAnswer, "there is no `sentences` and no `answer`, or nothing in it")));
    }
    let labels = labels(&written.labels).map_err(of_this)?;
    let mut unsure: [BTreeSet<String>; 3] = Default::default();
    for (family, into) in FAMILIES.into_iter().zip(&mut unsure) {
        *into = ids(&written.unsure, family, "unsure").map_err(of_this)?.unwrap_or_default();
    }
    let passages = passages(written.passages, &roles).map_err(of_this)?;
    Ok(Gold { origin: origin.clone(), id, question, rubric, answer, roles, labels, unsure, passages })
}

/// Sentences by their numbers from 1, as bytes.
fn passages(
    written: BTreeMap<String, Vec<usize>>,
    sentences: &[(usize, Range<usize>)],
) -> Result<BTreeMap<String, Vec<Range<usize>>>, Bad> {
    let of = |number: usize| number.checked_sub(1).and_then(|at| sentences.get(at)).map(|(_, bytes)| bytes.clone());
    let mut passages = BTreeMap::new();
    for (id, numbers) in written {
        let Some(bytes) = numbers.iter().map(|n| of(*n)).collect::<Option<Vec<_>>>() else {
            let most = sentences.len();
            return Err(wrong(&format!("passages.{id}"), &format!("numbers of `sentences`, from 1 to {most}")));
        };
        passages.insert(id, bytes);
    }
    Ok(passages)
}

/// The answer, and where it came in sentences what each serves.
type Told = (Answer, Vec<(usize, Range<usize>)>);

fn text_and_roles(sentences: Option<Vec<(String, String)>>, answer: Option<Value>) -> Result<Told, Bad> {
    let Some(sentences) = sentences else {
        let answer = match answer {
            None => return Err(Bad::new(Code::NoAnswer, "there is no `sentences` and no `answer`")),
            Some(Value::String(whole)) => Answer::whole(&whole),
            Some(Value::Object(parts)) => {
                let part = |s: Section| parts.get(s.id()).and_then(Value::as_str).unwrap_or_default();
                Answer::sectioned(Section::ALL.map(part))
            }
            Some(_) => return Err(wrong("answer", "a text, or an object with the four sections")),
        };
        return Ok((answer, Vec::new()));
    };
    let mut text = String::new();
    let mut roles = Vec::with_capacity(sentences.len());
    for (role, sentence) in &sentences {
        let Some(role) = ["S", "T", "A", "R", "O"].iter().position(|r| r == role) else {
            return Err(Bad::new(Code::WrongType, format!("a sentence has the role `{role}`: write S, T, A, R or O")));
        };
        if !roles.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(sentence);
        roles.push((role, start..text.len()));
    }
    Ok((Answer::whole(&text), roles))
}

fn labels(map: &Map<String, Value>) -> Result<Labels, Bad> {
    let mut labels = Labels { overall: rating(map.get("overall"), "overall", 1, 5)?, ..Labels::default() };
    if let Some(star) = map.get("star").filter(|s| !s.is_null()) {
        let Value::Object(star) = star else { return Err(wrong("labels.star", "an object with levels by section")) };
        for section in Section::ALL {
            labels.star[section.index()] = rating(star.get(section.id()), &format!("star.{section}"), 0, 2)?;
        }
    }
    for (family, into) in FAMILIES.into_iter().zip(&mut labels.ids) {
        *into = ids(map, family, "labels")?;
    }
    labels.kind = match string(map.get("kind").cloned(), "labels.kind")? {
        None => None,
        Some(id) => Some(Kind::from_id(&id).ok_or_else(|| {
            let kinds = Kind::ALL.map(Kind::id).join(", ");
            Bad::new(Code::WrongType, format!("`labels.kind` is `{id}`: write one of {kinds}"))
        })?),
    };
    Ok(labels)
}

fn rating(value: Option<&Value>, key: &str, low: u8, high: u8) -> Result<Option<u8>, Bad> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .and_then(|n| u8::try_from(n).ok())
            .filter(|n| (low..=high).contains(n))
            .map(Some)
            .ok_or_else(|| wrong(&format!("labels.{key}"), &format!("a whole number from {low} to {high}"))),
    }
}

fn ids(map: &Map<String, Value>, family: &str, under: &str) -> Result<Option<BTreeSet<String>>, Bad> {
    match map.get(family) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => {
            Ok(Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
        }
        Some(_) => Err(wrong(&format!("{under}.{family}"), "a list of ids")),
    }
}

fn string(value: Option<Value>, key: &str) -> Result<Option<String>, Bad> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text).filter(|t| !t.trim().is_empty())),
        Some(_) => Err(wrong(key, "a text")),
    }
}

fn wrong(key: &str, want: &str) -> Bad {
    Bad::new(Code::WrongType, format!("`{key}` must be {want}"))
}

/// A row of a table: `overall`, `kind` and the levels are cells, the ids of a family stand in one
/// cell with spaces, commas or semicolons between them. An empty cell says nothing; write `none`
/// where readers looked and found nothing.
fn row(names: &[String], cells: Vec<String>) -> Written {
    let mut written = Written {
        id: None,
        theme: None,
        question: None,
        rubric: None,
        sentences: None,
        answer: None,
        labels: Map::new(),
        unsure: Map::new(),
        passages: BTreeMap::new(),
    };
    let number = |text: &str| text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from);
    let mut star = Map::new();
    for (name, cell) in names.iter().zip(cells) {
        let trimmed = cell.trim();
        if trimmed.is_empty() {
            continue;
        }
        match name.as_str() {
            "id" => written.id = Some(trimmed.into()),
            "theme" => written.theme = Some(trimmed.into()),
            "question" => written.question = Some(trimmed.into()),
            "rubric" => written.rubric = Some(trimmed.into()),
            "answer" => written.answer = Some(cell.into()),
            "overall" => drop(written.labels.insert(name.clone(), number(trimmed))),
            "kind" => drop(written.labels.insert(name.clone(), trimmed.into())),
            family if FAMILIES.contains(&family) => {
                let ids = trimmed.split([' ', ',', ';', '|']).filter(|id| !id.is_empty() && *id != "none");
                written.labels.insert(name.clone(), ids.map(Value::from).collect::<Vec<_>>().into());
            }
            other => {
                if let Some(section) = Section::from_id(other) {
                    star.insert(section.id().to_owned(), number(trimmed));
                }
            }
        }
    }
    written.labels.insert("star".to_owned(), star.into());
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::InputFormat;
    use std::sync::Arc;

    fn of(text: &str, name: &str) -> Vec<Result<Gold, (Origin, Bad)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        let format = InputFormat::of(&path).unwrap();
        read(&[Input { path: Some(path), name: Arc::from(name), format, bytes: None }])
    }

    #[test]
    fn sentences_are_joined_by_a_space_and_their_roles_kept_in_bytes() {
        let found = of(
            r#"{"id":"a","theme":"customer-escalation","sentences":[["S","Café fermé."],["A","I ran."]],"labels":{"overall":2,"star":{"task":0},"minefields":["x"]},"unsure":{"minefields":["y"]},"passages":{"x":[2]}}"#,
            "a.jsonl",
        );
        let gold = found[0].as_ref().unwrap();
        assert_eq!(gold.answer.text(), "Café fermé. I ran.");
        assert_eq!(gold.roles, [(0, 0..13), (2, 14..20)]);
        assert_eq!(gold.rubric.as_deref(), Some("customer-escalation"));
        assert_eq!((gold.labels.overall, gold.labels.star), (Some(2), [None, Some(0), None, None]));
        assert!(gold.labels.ids[0].as_ref().unwrap().contains("x") && gold.labels.ids[1].is_none());
        assert!(gold.unsure[0].contains("y"));
        assert_eq!(gold.passages["x"].first(), Some(&(14..20)));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let found =
            of("{\"answer\":\"x\",\"labels\":{\"overall\":6}}\n\n{\"answer\":7}\n{\"labels\":{}}\n{", "a.jsonl");
        let said: Vec<String> =
            found.into_iter().map(|f| f.unwrap_err()).map(|(o, b)| format!("{} {}", o.place(), b.message)).collect();
        assert_eq!(said[0], "a.jsonl:1 `labels.overall` must be a whole number from 1 to 5");
        assert_eq!(said[1], "a.jsonl:3 `answer` must be a text, or an object with the four sections");
        assert_eq!(said[2], "a.jsonl:4 there is no `sentences` and no `answer`");
        assert!(said[3].starts_with("a.jsonl:5 column 1: EOF"), "{}", said[3]);
        let beyond = of(r#"{"sentences":[["A","I ran."]],"passages":{"listens":[2]}}"#, "a.jsonl");
        let said = &beyond[0].as_ref().unwrap_err().1.message;
        assert_eq!(said, "`passages.listens` must be numbers of `sentences`, from 1 to 1");
    }

    #[test]
    fn a_table_carries_labels_in_columns() {
        let found = of(
            "answer,overall,minefields,result\n\"I ran, and fell.\",2,no-resolution; unstructured,\nx,,none,1\n",
            "a.csv",
        );
        let (a, b) = (&found[0].as_ref().unwrap().labels, &found[1].as_ref().unwrap().labels);
        assert_eq!((a.overall, a.ids[0].as_ref().unwrap().len()), (Some(2), 2));
        assert_eq!((b.overall, b.ids[0].as_ref().unwrap().len(), b.star[3]), (None, 0, Some(1)));
    }

    #[test]
    fn the_division_goes_by_the_hash_of_the_id() {
        let of = |id: &str| of(&format!(r#"{{"id":"{id}","answer":"x"}}"#), "a.jsonl")[0].as_ref().unwrap().division();
        // sha256("a") = ca97…, sha256("d") = 18ac…, sha256("b") = 3e23…
        assert_eq!((of("a"), of("d"), of("b")), (Division::Dev, Division::Held, Division::Held));
    }
}
