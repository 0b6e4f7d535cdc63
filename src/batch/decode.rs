//! From raw bytes to a record: JSON, TOML, a row of a table, or prose.

use super::lines::{LineMap, Lined};
use super::map::{Map, NAMES};
use super::rows::{Header, cells};
use super::split::{Layout, Raw};
use super::{Bad, Code, Origin, Record, prose};
use crate::diagnostics::line_of;
use crate::{Answer, PartKind, Section};
use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The record in the bytes, or what is wrong with them.
pub(crate) fn decode(raw: Raw) -> (Origin, Result<Record, Bad>) {
    let Raw { origin, layout, body } = raw;
    let record = body.and_then(|bytes| match String::from_utf8(bytes) {
        Ok(text) => read(&text, &layout, &origin),
        Err(e) => {
            let at = e.utf8_error().valid_up_to() + 1;
            Err(Bad::new(
                Code::NotUtf8,
                format!("byte {at} is not UTF-8: convert it, for example with `iconv -t UTF-8`"),
            ))
        }
    });
    (origin, record)
}

fn read(text: &str, layout: &Layout, origin: &Origin) -> Result<Record, Bad> {
    let path = || origin.file.to_string();
    match layout {
        Layout::Prose => {
            let (answer, lines) = prose::answer(text);
            filled(Record { id: path(), question: None, rubric: None, answer, lines }, "the file is empty")
        }
        Layout::Toml => toml(text, path()),
        Layout::Json => loose(json_keys(text)?, origin.record.to_string()),
        Layout::Mapped(map) => loose(mapped_keys(text, map)?, origin.record.to_string()),
        #[cfg(feature = "parquet")]
        Layout::Parquet(row) => {
            json_keys(text).and_then(|keys| loose(keys, origin.record.to_string())).map_err(|bad| {
                let message = format!("row {row}: {}", bad.message);
                Bad { message, ..bad }
            })
        }
        Layout::Row(header) => row(text, header, origin.record.to_string()),
    }
}

/// The keys of a record before their types are known. Other keys are passed over.
#[derive(Debug, Default, Deserialize)]
struct Keys {
    id: Option<Value>,
    question: Option<Value>,
    rubric: Option<Value>,
    answer: Option<Value>,
}

fn json_keys(text: &str) -> Result<Keys, Bad> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|e| broken_json(&e));
    }
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Err(Bad::new(Code::WrongType, "a record is a JSON object such as {\"answer\": \"…\"}")),
        Err(e) => Err(broken_json(&e)),
    }
}

/// Keys by other names.
struct Mapped<'a>(&'a Map);

impl<'de> DeserializeSeed<'de> for Mapped<'_> {
    type Value = [Option<Value>; NAMES.len()];

    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Mapped<'_> {
    type Value = [Option<Value>; NAMES.len()];

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<Self::Value, A::Error> {
        let mut found = Self::Value::default();
        while let Some(key) = keys.next_key::<std::borrow::Cow<'_, str>>()? {
            match self.0.key(&key) {
                Some(at) => found[at] = keys.next_value::<Option<Value>>()?,
                None => {
                    keys.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

fn mapped_keys(text: &str, map: &Map) -> Result<Keys, Bad> {
    if !text.trim_start().starts_with('{') {
        return json_keys(text);
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let found = Mapped(map).deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
    let [id, question, rubric, answer, situation, task, action, result] = found.map_err(|e| broken_json(&e))?;
    let parts = [situation, task, action, result];
    let answer = answer.or_else(|| {
        let named = Section::ALL.into_iter().zip(parts).filter_map(|(s, part)| Some((s.id().to_owned(), part?)));
        let named: serde_json::Map<_, _> = named.collect();
        (!named.is_empty()).then_some(Value::Object(named))
    });
    Ok(Keys { id, question, rubric, answer })
}

fn broken_json(error: &serde_json::Error) -> Bad {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    let column = error.column();
    Bad::new(Code::Syntax, format!("broken JSON at column {column}: {what} (JSONL wants one whole object a line)"))
}

/// A file of TOML, with the lines of its strings.
fn toml(text: &str, default_id: String) -> Result<Record, Bad> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let broken = |e: toml::de::Error| {
        let line = e.span().map_or(1, |s| line_of(text, s.start));
        Bad::new(Code::Syntax, format!("broken TOML on line {line}: {}", e.message().trim()))
    };
    let table = DeTable::parse(text).map_err(broken)?;
    let lined = |value: &Spanned<DeValue<'_>>| {
        value.get_ref().as_str().map(|said| Lined::toml(said, text, value.span())).unwrap_or_default()
    };
    let parts = table.get_ref().get("answer").map(|answer| match answer.get_ref() {
        DeValue::Table(parts) => Section::ALL.map(|s| parts.get(s.id()).map(lined).unwrap_or_default()),
        // A whole answer is its own first part.
        _ => [lined(answer), Lined::default(), Lined::default(), Lined::default()],
    });
    let keys = Keys::deserialize(toml::Deserializer::from(table)).map_err(broken)?;
    let record = loose(keys, default_id)?;
    let lines = LineMap::new(&record.answer, |kind| match kind {
        PartKind::Section(section) => parts.as_ref().map(|p| &p[section.index()]),
        PartKind::Whole => parts.as_ref().map(|p| &p[0]),
        PartKind::Reply => None,
    });
    Ok(Record { lines, ..record })
}

/// A record from keys whose values may be anything.
fn loose(keys: Keys, default_id: String) -> Result<Record, Bad> {
    // A number is a fair id; it comes out as a text.
    let id = match keys.id {
        Some(Value::Number(n)) => n.to_string(),
        other => text(other, "id")?.unwrap_or(default_id),
    };
    let of_this = |bad: Bad| Bad { id: Some(id.clone()), ..bad };
    let question = text(keys.question, "question").map_err(of_this)?;
    let rubric = text(keys.rubric, "rubric").map_err(of_this)?;
    let answer = match keys.answer {
        None => Err(Bad::new(Code::NoAnswer, "there is no `answer`")),
        Some(Value::String(whole)) => Ok(Answer::from(whole)),
        Some(Value::Object(mut sections)) => {
            let mut texts: [String; 4] = Default::default();
            let mut read = || {
                for (section, slot) in Section::ALL.into_iter().zip(&mut texts) {
                    let key = format!("answer.{section}");
                    let value = sections.remove(section.id()).filter(|v| !v.is_null());
                    *slot = text(value, &key)?.unwrap_or_default();
                }
                Ok(())
            };
            read().map(|()| Answer::sectioned(texts.each_ref().map(String::as_str)))
        }
        Some(other) => {
            Err(Bad::new(Code::WrongType, format!("`answer` is {}: give a text, or the four sections", kind(&other))))
        }
    };
    let answer = answer.map_err(of_this)?;
    filled(Record { id: id.clone(), question, rubric, answer, lines: LineMap::default() }, "`answer` is empty")
}

fn text(value: Option<Value>, key: &str) -> Result<Option<String>, Bad> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Bad::new(Code::WrongType, format!("`{key}` is {}: give a text", kind(&other)))),
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn row(text: &str, header: &Header, default_id: String) -> Result<Record, Bad> {
    let cells = cells(text, header.delimiter).map_err(|e| Bad::new(Code::Syntax, format!("broken row: {e}")))?;
    let (have, want) = (cells.len(), header.names.len());
    let cell = |name: &str| {
        let at = header.names.iter().position(|n| n == name)?;
        cells.get(at).filter(|c| !c.trim().is_empty())
    };
    let id = cell("id").map_or(default_id, |id| id.trim().to_owned());
    if have != want {
        let bad = Bad::new(
            Code::Syntax,
            format!(
                "{have} cells where the header has {want}: put cells that hold a delimiter, a quote or a line end in quotes"
            ),
        );
        return Err(Bad { id: Some(id), ..bad });
    }
    let answer = match cell("answer") {
        Some(whole) => Answer::whole(whole),
        None => Answer::sectioned(Section::ALL.map(|s| cell(s.id()).map_or("", String::as_str))),
    };
    let trimmed = |name: &str| cell(name).map(|c| c.trim().to_owned());
    filled(
        Record { id, question: trimmed("question"), rubric: trimmed("rubric"), answer, lines: LineMap::default() },
        "the answer's cell is empty",
    )
}

fn filled(record: Record, otherwise: &str) -> Result<Record, Bad> {
    if record.answer.is_blank() {
        return Err(Bad { id: Some(record.id), ..Bad::new(Code::NoAnswer, otherwise) });
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(line: &str) -> Result<Record, (Code, Option<String>, String)> {
        let origin = Origin { file: "f.jsonl".into(), record: 3, line: Some(4) };
        read(line, &Layout::Json, &origin).map_err(|b| (b.code, b.id, b.message))
    }

    fn code(line: &str) -> Code {
        json(line).unwrap_err().0
    }

    #[test]
    fn a_record_may_say_little_or_much() {
        let little = json(r#"{"answer":"I fixed it.","mood":["good"]}"#).unwrap();
        assert_eq!((little.id.as_str(), little.question), ("3", None));
        let much =
            json(r#"{"id":7,"question":"q","rubric":"r","answer":{"result":"Held.","action":"Fixed.","task":null}}"#);
        let much = much.unwrap();
        assert_eq!((much.id.as_str(), much.answer.text()), ("7", "Fixed.\n\nHeld."));
        assert_eq!((much.question.as_deref(), much.rubric.as_deref()), (Some("q"), Some("r")));
    }

    #[test]
    fn what_is_wrong_with_a_record_has_a_code_and_keeps_its_id() {
        assert_eq!(code("{\"answer\": \"half"), Code::Syntax);
        assert_eq!(code("\u{1}"), Code::Syntax);
        assert_eq!(code("[1]"), Code::WrongType);
        assert_eq!(code("{}"), Code::NoAnswer);
        assert_eq!(code(r#"{"answer":null}"#), Code::NoAnswer);
        assert_eq!(code(r#"{"answer":{"task":" "}}"#), Code::NoAnswer);
        assert_eq!(code(r#"{"answer":{"task":3}}"#), Code::WrongType);
        assert_eq!(code(r#"{"answer":["x"]}"#), Code::WrongType);
        assert_eq!(code(r#"{"answer":"x","rubric":false}"#), Code::WrongType);
        let (_, id, message) = json(r#"{"id":"a","answer":" \n"}"#).unwrap_err();
        assert_eq!((id.as_deref(), message.as_str()), (Some("a"), "`answer` is empty"));
        assert!(json(r#"{"answer": x}"#).unwrap_err().2.starts_with("broken JSON at column 12: expected value"));
    }

    #[test]
    fn toml_carries_the_answer_whole_or_by_section() {
        let origin = Origin { file: "a.toml".into(), record: 1, line: None };
        let read = |text: &str| read(text, &Layout::Toml, &origin);
        let whole = read("question = \"q\"\nanswer = \"\"\"\nIt broke.\n\"\"\"").unwrap();
        assert_eq!((whole.id.as_str(), whole.answer.text()), ("a.toml", "It broke.\n"));
        let parts = read("[answer]\nresult = \"Held.\"\nsituation = \"Broke.\"").unwrap();
        assert_eq!(parts.answer.text(), "Broke.\n\nHeld.");
        let bad = read("question = \"q\"\nanswer = ").unwrap_err();
        assert_eq!(bad.code, Code::Syntax);
        assert!(bad.message.starts_with("broken TOML on line 2"), "{}", bad.message);
    }

    #[test]
    fn a_row_has_the_answer_or_its_four_sections() {
        let header =
            Header { delimiter: b',', names: ["id", "answer", "action", "result"].map(str::to_owned).to_vec() };
        let whole = row("7,\"Fixed, and held.\",,", &header, "1".to_owned()).unwrap();
        assert_eq!((whole.id.as_str(), whole.answer.text()), ("7", "Fixed, and held."));
        let parts = row(",,Fixed.,Held.", &header, "1".to_owned()).unwrap();
        assert_eq!((parts.id.as_str(), parts.answer.text()), ("1", "Fixed.\n\nHeld."));
        let torn = row("7,Fixed, and held.,,,", &header, "1".to_owned()).unwrap_err();
        assert_eq!((torn.code, torn.id.as_deref()), (Code::Syntax, Some("7")));
        assert_eq!(row("7,,,", &header, "1".to_owned()).unwrap_err().code, Code::NoAnswer);
    }
}
