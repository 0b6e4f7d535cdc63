//! What starcue writes for other programs, and its JSON Schemas.
//!
//! They are made of what is serialised, committed under `schemas/`, and kept current by a test here;
//! `tests/schemas.rs` validates what the program really writes. They leave room for further keys: a
//! later version may add some, and removes or changes none under the same number.

/// A kind of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// The judgement of an answer: a line of `score --to jsonl`.
    Assessment,
    /// Some keys of it: a line of `score --select`.
    Selection,
    /// A record that could not be judged.
    Error,
    /// The summary of a batch.
    Summary,
    /// What changed between two results.
    Diff,
    /// How far a rubric agrees with labels.
    Agreement,
    /// An export of history.
    History,
}

impl OutputKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Assessment, Self::Selection, Self::Error, Self::Summary, Self::Diff, Self::Agreement, Self::History];

    /// The word on the command line, and the name of the file.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Selection => "selection",
            Self::Error => "error",
            Self::Summary => "summary",
            Self::Diff => "diff",
            Self::Agreement => "agreement",
            Self::History => "history",
        }
    }

    /// The JSON Schema, as it is committed.
    #[must_use]
    pub const fn schema(self) -> &'static str {
        match self {
            Self::Assessment => include_str!("../schemas/assessment.json"),
            Self::Selection => include_str!("../schemas/selection.json"),
            Self::Error => include_str!("../schemas/error.json"),
            Self::Summary => include_str!("../schemas/summary.json"),
            Self::Diff => include_str!("../schemas/diff.json"),
            Self::Agreement => include_str!("../schemas/agreement.json"),
            Self::History => include_str!("../schemas/history.json"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::report::Report;
    use crate::assessment::{KEYS, Shape};
    use crate::batch::ErrorJson;
    use crate::check::bare_keys;
    use crate::cli::Diff;
    use crate::history::transfer::Export;
    use crate::report::summary::Summary;
    use schemars::{JsonSchema, Schema, generate::SchemaSettings};
    use serde_json::{Value, json};

    fn described<T: JsonSchema>(kind: OutputKind) -> Value {
        let generator = SchemaSettings::draft07().for_serialize().into_generator();
        let mut schema = generator.into_root_schema_for::<T>().to_value();
        schema["title"] = format!("starcue {}", kind.id()).into();
        schema
    }

    /// Says which form of several it is by the key that names it, so that a reader need not guess.
    fn by_schema(mut root: Value) -> Value {
        for form in root["anyOf"].as_array_mut().unwrap() {
            *form = json!({ "allOf": [form.take(), { "required": ["schema"] }] });
        }
        root
    }

    fn made(kind: OutputKind) -> Value {
        match kind {
            OutputKind::Assessment => described::<Shape>(kind),
            OutputKind::Selection => {
                let mut some = described::<Shape>(kind);
                let root = some.as_object_mut().unwrap();
                root.remove("required");
                root.insert("minProperties".into(), 1.into());
                root["description"] =
                    "What `starcue score --select` keeps of the judgement of one answer: the keys that were asked for."
                        .into();
                some
            }
            OutputKind::Error => described::<ErrorJson<'static>>(kind),
            OutputKind::Summary => described::<Summary>(kind),
            OutputKind::Diff => by_schema(described::<Diff>(kind)),
            OutputKind::Agreement => described::<Report>(kind),
            OutputKind::History => {
                let mut root = by_schema(described::<Export>(kind));
                // Other hands and earlier versions may have left out what `history::stored` does not need.
                root["definitions"]["Assessment"]["required"] =
                    json!(["schema", "rubric", "rubric_hash", "kind", "score", "band"]);
                // A mock interview goes out as it came in.
                for name in ["Interview", "Turn"] {
                    let part = &mut root["definitions"][name];
                    let defaults = part["properties"].clone();
                    let required = part["required"].as_array_mut().unwrap();
                    required.retain(|key| defaults[key.as_str().unwrap()]["default"].is_null());
                }
                root
            }
        }
    }

    #[test]
    fn the_committed_schemas_are_those_of_what_is_written() {
        for kind in OutputKind::ALL {
            // As a schema, so that its keys stand in the order in which one reads them.
            let made = Schema::try_from(made(kind)).unwrap();
            let made = serde_json::to_string_pretty(&made).unwrap() + "\n";
            let path = format!("{}/schemas/{}.json", env!("CARGO_MANIFEST_DIR"), kind.id());
            if std::env::var_os("STARCUE_RENEW").is_some() {
                std::fs::write(&path, &made).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(committed, made, "{path} is old: `STARCUE_RENEW=1 cargo test --lib schemas` writes it anew");
        }
    }

    #[test]
    fn every_key_of_the_schemas_is_described() {
        let bare: Vec<String> = OutputKind::ALL.iter().flat_map(|kind| bare_keys(kind.id(), &made(*kind))).collect();
        assert!(bare.is_empty(), "keys without a description: {bare:?}");
    }

    #[test]
    fn the_schema_of_the_assessment_has_the_keys_of_the_json() {
        let schema = made(OutputKind::Assessment);
        let mut keys = [&KEYS[..], &["text"]].concat();
        keys.sort_unstable();
        assert_eq!(schema["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), keys);
        keys.retain(|k| *k != "text");
        let mut required: Vec<&str> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        required.sort_unstable();
        assert_eq!(required, keys);
    }
}
