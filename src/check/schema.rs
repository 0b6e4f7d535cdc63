//! The JSON Schemas of the files that people write.
//!
//! They are made of the shapes that the loader reads (`src/content/raw.rs`, of plans
//! `src/mock/plan/file.rs`), committed under
//! `schemas/`, and kept current by a test here: the checker, editors and the reference all read
//! the same description.

use crate::mock::plan;
use crate::packs::MANIFEST;
use serde_json::Value;
use std::sync::OnceLock;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Questions.
    Bank,
    /// A guide.
    Guide,
    /// A rubric, or a part of one.
    Rubric,
    /// What is particular to a language.
    Language,
    /// The manifest of a pack.
    Pack,
    /// The plan of a mock interview.
    Plan,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Bank, Self::Guide, Self::Rubric, Self::Language, Self::Pack, Self::Plan];

    /// The word in messages and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Guide => "guide",
            Self::Rubric => "rubric",
            Self::Language => "language",
            Self::Pack => "pack",
            Self::Plan => "plan",
        }
    }

    /// The JSON Schema, as it is committed.
    #[must_use]
    pub const fn schema(self) -> &'static str {
        match self {
            Self::Bank => include_str!("../../schemas/bank.json"),
            Self::Guide => include_str!("../../schemas/guide.json"),
            Self::Rubric => include_str!("../../schemas/rubric.json"),
            Self::Language => include_str!("../../schemas/language.json"),
            Self::Pack => include_str!("../../schemas/pack.json"),
            Self::Plan => include_str!("../../schemas/plan.json"),
        }
    }

    /// The JSON Schema, parsed once.
    pub(super) fn parsed(self) -> &'static Value {
        static PARSED: [OnceLock<Value>; FileKind::ALL.len()] = [const { OnceLock::new() }; FileKind::ALL.len()];
        // The committed schemas are parsed by a test.
        PARSED[self as usize].get_or_init(|| serde_json::from_str(self.schema()).unwrap_or_default())
    }

    /// The kind of file that stands at a place in a content folder.
    pub(super) fn of_place(place: &str) -> Option<Self> {
        let kind = match place {
            MANIFEST => Self::Pack,
            p if p.starts_with("questions/guides/") => Self::Guide,
            p if p.starts_with("questions/") => Self::Bank,
            p if p.starts_with("rubrics/language/") => Self::Language,
            p if p.starts_with("rubrics/") => Self::Rubric,
            p if p.starts_with(plan::FOLDER) => Self::Plan,
            _ => return None,
        };
        Some(kind)
    }

    /// A place for a file of this kind that stands alone.
    pub(super) fn place(self, stem: &str) -> String {
        match self {
            Self::Bank => format!("questions/{stem}.toml"),
            Self::Guide => format!("questions/guides/{stem}.toml"),
            Self::Rubric => format!("rubrics/{stem}.toml"),
            Self::Language => format!("rubrics/language/{stem}.toml"),
            Self::Pack => MANIFEST.to_owned(),
            Self::Plan => plan::place(stem),
        }
    }
}

/// The keys of a schema that nobody has described.
#[cfg(test)]
pub(crate) fn bare_keys(of: &str, schema: &Value) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let bare = properties.filter(|(_, s)| s["description"].is_null()).map(|(key, _)| format!("{of}.{key}"));
    let parts = schema["definitions"].as_object().into_iter().flatten();
    bare.chain(parts.flat_map(|(name, part)| bare_keys(&format!("{of}.{name}"), part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::raw;
    use crate::text::language::LanguageFile;
    use schemars::{JsonSchema, generate::SchemaSettings};

    fn made<T: JsonSchema>(kind: FileKind) -> String {
        let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
        let root = schema.ensure_object();
        root.insert("title".into(), format!("starcue {}", kind.id()).into());
        let mut text = serde_json::to_string_pretty(&schema).unwrap();
        text.push('\n');
        text
    }

    #[test]
    fn the_committed_schemas_are_those_of_the_loader() {
        for (kind, made) in [
            (FileKind::Bank, made::<raw::BankFile>(FileKind::Bank)),
            (FileKind::Guide, made::<raw::GuideFile>(FileKind::Guide)),
            (FileKind::Rubric, made::<raw::RubricFile>(FileKind::Rubric)),
            (FileKind::Language, made::<LanguageFile>(FileKind::Language)),
            (FileKind::Pack, made::<raw::PackFile>(FileKind::Pack)),
            (FileKind::Plan, made::<plan::Plan>(FileKind::Plan)),
        ] {
            let path = format!("{}/schemas/{}.json", env!("CARGO_MANIFEST_DIR"), kind.id());
            if std::env::var_os("STARCUE_RENEW").is_some() {
                std::fs::write(&path, &made).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(committed, made, "{path} is old: `STARCUE_RENEW=1 cargo test --lib schema` writes it anew");
        }
    }

    #[test]
    fn every_key_is_described() {
        let mut found = Vec::new();
        for kind in FileKind::ALL {
            assert!(kind.parsed().is_object());
            found.extend(bare_keys(kind.id(), kind.parsed()));
        }
        assert!(found.is_empty(), "keys without a description: {found:?}");
    }
}
