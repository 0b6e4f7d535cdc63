//! What an export holds, as its JSON Schema describes it.

use super::write::Out;
use super::{HISTORY, StoryJson};
use crate::assessment::Shape;
use crate::mock::Interview;
use crate::words::Words;
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// What `starcue history export` writes: with `--to json` one history, with `--to jsonl` an attempt, a story or a mock
/// interview a line, each with its `schema`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it is only described")]
pub(crate) enum Export {
    History(History),
    Attempt(Box<Attempt<'static>>),
    Story(StoryJson),
    Mock(Interview),
}

/// A whole history.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is only described")]
pub(crate) struct History {
    /// What this is, and the number of its form.
    #[schemars(extend("const" = HISTORY))]
    schema: String,
    /// What was masked (`--redact`), and how often.
    #[schemars(skip_serializing_if = "Option::is_none", with = "BTreeMap<String, usize>")]
    redacted: Option<BTreeMap<String, usize>>,
    /// Attempts, oldest first.
    attempts: Vec<Attempt<'static>>,
    /// Stories.
    stories: Vec<StoryJson>,
    /// Mock interviews, oldest first.
    mocks: Vec<Interview>,
}

/// A finished answer.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is only described")]
pub(crate) struct Attempt<'a> {
    #[schemars(flatten)]
    head: Out<'a>,
    #[schemars(flatten)]
    words: Words,
    /// The judgement, as it was written then; null where another hand has broken it.
    assessment: Option<Shape>,
}
