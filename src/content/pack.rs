//! Built-in content as the build packs it: parsed, compiled, and ready to be read back.
//!
//! Compiling all rules takes longer than judging a hundred answers, so `build.rs` does it once.
//! The TOML files are embedded beside the pack, for whoever lays a folder over them.

use super::question::{Guide, Question};
use super::rubric::{Rubric, Rules};
use crate::embedded;
use serde::de::DeserializeOwned;

/// What `build.rs` packs.
#[derive(Debug)]
pub(crate) struct Pack {
    /// The questions.
    pub(crate) questions: &'static [u8],
    /// The guides.
    pub(crate) guides: &'static [u8],
    /// By rubric id, in alphabetical order: the rubric, and what its rules say of themselves.
    pub(crate) rubrics: &'static [(&'static str, &'static [u8], &'static [u8])],
}

pub(super) fn questions() -> Vec<Question> {
    unpack(embedded::PACK.questions)
}

pub(super) fn guides() -> Vec<Guide> {
    unpack(embedded::PACK.guides)
}

/// The packed rubric with this id.
pub(super) fn rubric(id: &str) -> Option<Rubric> {
    let (_, rubric, rules) = embedded::PACK.rubrics.iter().find(|(packed, ..)| *packed == id)?;
    Some(Rubric { rules: Rules::packed(rules), ..unpack(rubric) })
}

/// Reads back what this very build packed.
pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> T {
    postcard::from_bytes(bytes).expect("the build packed it with these types")
}
