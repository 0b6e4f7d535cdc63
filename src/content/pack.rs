//! Built-in content as the build packs it: parsed, compiled, and ready to be read back.
//!
//! Compiling all rules takes longer than judging a hundred answers, so `build.rs` does it once.
//! The TOML files are embedded beside the pack, for whoever lays a folder over them.

use super::question::{Guide, Question};
use super::rubric::{Rubric, Rules};
use crate::embedded;
use serde::Deserialize;

/// What `build.rs` packs.
#[derive(Debug)]
pub(crate) struct Pack {
    /// The questions, one after the other in the order of their files.
    pub(crate) questions: &'static [u8],
    /// By id, in alphabetical order: where each question begins and ends in `questions`.
    pub(crate) question_ids: &'static [(&'static str, usize, usize)],
    /// The guides.
    pub(crate) guides: &'static [u8],
    /// By rubric id, in alphabetical order: the rubric, and what its rules say of themselves.
    pub(crate) rubrics: &'static [(&'static str, &'static [u8], &'static [u8])],
}

pub(super) fn questions() -> Vec<Question> {
    let mut places: Vec<(usize, usize)> =
        embedded::PACK.question_ids.iter().map(|(_, from, to)| (*from, *to)).collect();
    places.sort_unstable();
    places.into_iter().map(|(from, to)| unpack(&embedded::PACK.questions[from..to])).collect()
}

/// How many questions are packed.
pub(super) fn question_count() -> usize {
    embedded::PACK.question_ids.len()
}

/// The place of the packed question with this id, among all in alphabetical order.
pub(super) fn question_place(id: &str) -> Option<usize> {
    embedded::PACK.question_ids.binary_search_by_key(&id, |(packed, ..)| packed).ok()
}

/// The packed question at a place.
pub(super) fn question(place: usize) -> Question {
    let (_, from, to) = embedded::PACK.question_ids[place];
    unpack(&embedded::PACK.questions[from..to])
}

pub(super) fn guides() -> Vec<Guide> {
    unpack(embedded::PACK.guides)
}

/// The packed rubric with this id.
pub(super) fn rubric(id: &str) -> Option<Rubric> {
    let (_, rubric, rules) = embedded::PACK.rubrics.iter().find(|(packed, ..)| *packed == id)?;
    Some(Rubric { rules: Rules::packed(rules), ..unpack(rubric) })
}

/// Reads back what this very build packed; long rows stay where they lie.
pub(super) fn unpack<T: Deserialize<'static>>(bytes: &'static [u8]) -> T {
    postcard::from_bytes(bytes).expect("the build packed it with these types")
}
