//! The shape of a file: keys, types, words and numbers, as its JSON Schema has them.

use super::codes::{
    BAD_ID, EMPTY_TEXT, MISSING_KEY, NEWER_SCHEMA, OUT_OF_RANGE, SYNTAX, UNKNOWN_KEY, UNKNOWN_WORD, WRONG_TYPE,
};
use super::files::File;
use super::finding::{Finding, Findings};
use super::tree::{Tree, at};
use super::words;
use crate::content::raw::SCHEMA;
use crate::diagnostics::did_you_mean;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Checks the shape of a file, and whether its texts can be shown; false where it can't be read on.
pub(super) fn check(file: &File, tree: &Tree<'_>, errors: Vec<super::tree::SyntaxError>, out: &mut Findings) -> bool {
    let before = out.errors();
    let broken = !errors.is_empty();
    for e in errors {
        let span = e.span.map(|s| tree.tidy(s));
        out.push(Finding::new(SYNTAX, file, span, e.message));
    }
    let newer = tree.root().get("schema").and_then(|v| v.get_ref().as_integer()).and_then(integer);
    if let Some(schema) = newer.filter(|s| *s > i64::from(SCHEMA)) {
        let message = format!("this file has format {schema}; this starcue reads up to {SCHEMA}");
        let help = "update starcue, or ask the author for an older version";
        out.push(Finding::new(NEWER_SCHEMA, file, Some(tree.value(&at!["schema"])), message).help(help));
        return false;
    }
    let schema = file.kind.parsed();
    let mut walk = Walk { file, tree, root: schema, broken, patterns: BTreeMap::new(), out };
    walk.table(tree.root(), schema, tree.head(), &format!("a {}", file.kind.id()));
    out.errors() == before
}

struct Walk<'a> {
    file: &'a File,
    tree: &'a Tree<'a>,
    root: &'static Value,
    /// Where the syntax is broken, what is missing may be there.
    broken: bool,
    /// Patterns of texts, compiled; nothing for one that can't be.
    patterns: BTreeMap<&'static str, Option<Regex>>,
    out: &'a mut Findings,
}

impl Walk<'_> {
    fn wrong(&mut self, finding: Finding) {
        self.out.push(finding);
    }

    fn finding(&self, code: &'static super::Code, span: Range<usize>, message: String) -> Finding {
        Finding::new(code, self.file, Some(self.tree.tidy(span)), message)
    }

    /// The schema itself, behind a reference and without the choice of `null`, which TOML has not.
    fn resolve(&self, schema: &'static Value) -> &'static Value {
        let mut schema = schema;
        for _ in 0..8 {
            let next = if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/definitions/")) {
                &self.root["definitions"][name]
            } else if let Some(one) = schema["allOf"].get(0) {
                one
            } else if let Some(any) = schema["anyOf"].as_array() {
                let some = any.iter().find(|s| s["type"] != "null");
                some.unwrap_or(schema)
            } else {
                return schema;
            };
            schema = next;
        }
        schema
    }

    fn table(&mut self, table: &DeTable<'_>, schema: &'static Value, span: Range<usize>, what: &str) {
        let properties = schema["properties"].as_object();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if let Some(of_key) = properties.and_then(|p| p.get(name)) {
                self.value(value, of_key, name);
                continue;
            }
            if let Some(allowed) = schema["propertyNames"]["enum"].as_array()
                && !allowed.iter().any(|a| a == name)
            {
                let said = format!("there is no `{name}` in {what}");
                let finding = self.finding(UNKNOWN_WORD, key.span(), said).suggest(name, strings(allowed));
                let finding = finding.help(&format!("write {}", listed(strings(allowed))));
                self.wrong(finding);
            } else if schema["additionalProperties"].is_object() {
                self.value(value, &schema["additionalProperties"], name);
            } else if properties.is_some() {
                let known = properties.into_iter().flatten().map(|(k, _)| k.as_str());
                let said = format!("there is no key `{name}` in {what}");
                let mut finding = self.finding(UNKNOWN_KEY, key.span(), said).suggest(name, known.clone());
                if did_you_mean(name, known.clone()).is_none() {
                    finding = finding.help(&format!("the keys are {}", listed(known)));
                }
                self.wrong(finding);
            }
        }
        if self.broken {
            return;
        }
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if table.get(key).is_none() {
                let meant = schema["properties"][key]["description"].as_str().unwrap_or_default();
                let said = format!("{what} needs the key `{key}`");
                let finding = self.finding(MISSING_KEY, span.clone(), said);
                self.wrong(finding.help(&format!("`{key}`: {meant}")));
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'static Value, key: &str) {
        let schema = self.resolve(schema);
        let span = value.span();
        let wanted = schema["type"].as_str().or_else(|| {
            schema["type"].as_array().and_then(|all| all.iter().filter_map(Value::as_str).find(|t| *t != "null"))
        });
        match (wanted.unwrap_or("any"), value.get_ref()) {
            ("string", DeValue::String(text)) => self.text(text, span, schema, key),
            ("integer" | "number", DeValue::Integer(n)) => match integer(n) {
                #[allow(clippy::cast_precision_loss, reason = "ranges are small numbers")]
                Some(n) => self.number(n as f64, span, schema, key),
                None => self.mistyped(span, value.get_ref(), schema, key),
            },
            ("number", DeValue::Float(n)) => match n.as_str().replace('_', "").parse::<f64>() {
                Ok(n) if n.is_finite() => self.number(n, span, schema, key),
                _ => {
                    let finding = self.finding(OUT_OF_RANGE, span, format!("`{key}` wants a number that is finite"));
                    self.wrong(finding);
                }
            },
            ("boolean", DeValue::Boolean(_)) | ("any", _) => {}
            ("array", DeValue::Array(all)) => {
                let count = |name: &str| schema[name].as_u64().and_then(|n| usize::try_from(n).ok());
                let (least, most) = (count("minItems").unwrap_or(0), count("maxItems").unwrap_or(usize::MAX));
                if all.len() < least || all.len() > most {
                    let said = format!("`{key}` wants {least} values, and has {}", all.len());
                    let finding = self.finding(WRONG_TYPE, span, said);
                    self.wrong(finding);
                }
                for one in all {
                    self.value(one, &schema["items"], key);
                }
            }
            ("object", DeValue::Table(table)) => self.table(table, schema, span, &format!("`{key}`")),
            (_, other) => self.mistyped(span, other, schema, key),
        }
    }

    fn mistyped(&mut self, span: Range<usize>, value: &DeValue<'_>, schema: &'static Value, key: &str) {
        let (want, example) = self.wants(schema, key);
        let said = format!("`{key}` wants {want}, and this is {}", name_of(value));
        let finding = self.finding(WRONG_TYPE, span, said).help(&format!("write it like `{example}`"));
        self.wrong(finding);
    }

    /// What a key wants, in words and as an example.
    fn wants(&self, schema: &'static Value, key: &str) -> (String, String) {
        let schema = self.resolve(schema);
        let kind = schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str));
        match kind.unwrap_or_default() {
            "string" => ("a text in quotes".to_owned(), format!("{key} = \"…\"")),
            "integer" => ("a whole number".to_owned(), format!("{key} = 1")),
            "number" => ("a number".to_owned(), format!("{key} = 1.5")),
            "boolean" => ("true or false".to_owned(), format!("{key} = true")),
            "array" => match self.resolve(&schema["items"])["type"].as_str().unwrap_or_default() {
                "string" => ("a list of texts".to_owned(), format!("{key} = [\"…\", \"…\"]")),
                "object" => ("tables".to_owned(), format!("[[{key}]]")),
                _ => ("a list".to_owned(), format!("{key} = [1, 2]")),
            },
            _ => ("a table".to_owned(), format!("{key} = {{ … }}")),
        }
    }

    fn text(&mut self, text: &str, span: Range<usize>, schema: &'static Value, key: &str) {
        if let Some(allowed) = schema["enum"].as_array() {
            if !allowed.iter().any(|a| a == text) {
                let words = strings(allowed);
                let finding = self.finding(UNKNOWN_WORD, span, format!("`{key}` does not take `{text}`"));
                let finding = finding.suggest(text, words.clone()).help(&format!("write {}", listed(words)));
                self.wrong(finding);
            }
            return;
        }
        if let Some(pattern) = schema["pattern"].as_str() {
            let pattern = self.patterns.entry(pattern).or_insert_with(|| Regex::new(pattern).ok());
            if !pattern.as_ref().is_some_and(|r| r.is_match(text)) {
                let said = format!("`{text}` can't be the `{key}`");
                let example = if key == "version" { "1.0.2" } else { "calm-under-fire" };
                let finding = self.finding(BAD_ID, span, said).help(&format!("write it like `{example}`"));
                self.wrong(finding);
            }
            return;
        }
        if text.trim().is_empty() && words::is_shown(key) {
            let finding = self.finding(EMPTY_TEXT, span, format!("`{key}` is empty"));
            self.wrong(finding);
            return;
        }
        if let Some(finding) = words::steers(self.file, self.tree, text, span.clone(), key) {
            self.wrong(finding);
        }
        if let Some(finding) = words::too_long(self.file, self.tree, text, span, key) {
            self.wrong(finding);
        }
    }

    fn number(&mut self, n: f64, span: Range<usize>, schema: &'static Value, key: &str) {
        let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
        if least.is_some_and(|l| n < l) || most.is_some_and(|m| n > m) {
            let range = match (least, most) {
                (Some(l), Some(m)) => format!("{l} to {m}"),
                (Some(l), None) => format!("{l} or more"),
                (_, m) => format!("{} at most", m.unwrap_or_default()),
            };
            let finding = self.finding(OUT_OF_RANGE, span, format!("`{key}` wants {range}, and this is {n}"));
            self.wrong(finding);
        }
    }
}

fn integer(n: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok()
}

fn name_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn strings(all: &[Value]) -> impl Iterator<Item = &str> + Clone {
    all.iter().filter_map(Value::as_str)
}

/// Words as a sentence lists them.
pub(super) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|w| format!("`{w}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
