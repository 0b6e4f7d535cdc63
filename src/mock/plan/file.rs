//! The shape of a plan as it is written: `plans/*.toml`. The JSON Schema `schemas/plan.json` is made of
//! it by a test.

use crate::diagnostics::line_of;
use crate::words::tidy;
use serde::{Deserialize, Serialize};

/// Longest time of a question, in seconds.
const LONGEST: u32 = 3600;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(inline))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// In one go, as they are spoken.
    #[default]
    Free,
    /// Section by section.
    Sections,
}

/// The plan of a mock interview: `plans/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PlanFile"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// Format version.
    pub(super) schema: u32,
    /// Public id; `starcue mock ID` runs it.
    #[cfg_attr(test, schemars(extend("pattern" = "^[a-z0-9]+(-[a-z0-9]+)*$")))]
    pub(crate) id: String,
    /// Title for people.
    pub(crate) title: String,
    /// What it is for, in a line or two.
    #[serde(default)]
    pub(crate) about: String,
    /// The job it is for.
    #[serde(default)]
    pub(crate) role: String,
    /// How long it takes, in minutes, as it is announced; 0 where that is left open.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 0, max = 600)))]
    pub(crate) minutes: u32,
    /// What is said first.
    #[serde(default)]
    pub(crate) opening: String,
    /// What is said last.
    #[serde(default)]
    pub(crate) closing: String,
    /// Id of the rubric that judges all answers, where it is not the questions' own.
    pub(crate) rubric: Option<String>,
    /// Seconds to think before an answer; 30 unless told.
    #[serde(default = "half_a_minute")]
    #[cfg_attr(test, schemars(range(min = 0, max = 3600)))]
    pub(crate) think: u32,
    /// Seconds to answer, 0 for no limit; 180 unless told.
    #[serde(default = "three_minutes")]
    #[cfg_attr(test, schemars(range(min = 0, max = 3600)))]
    pub(crate) answer: u32,
    /// Follow-ups to a question, at most; none unless told.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 0, max = 5)))]
    pub(super) probes: u32,
    /// How answers are written: `free` (in one go) or `sections`; `free` unless told.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("enum" = ["free", "sections"])))]
    pub(crate) form: Form,
    /// The questions, in order.
    #[serde(rename = "question")]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) slots: Vec<Slot>,
}

pub(super) const fn half_a_minute() -> u32 {
    30
}

pub(super) const fn three_minutes() -> u32 {
    180
}

/// One place of a plan: a question of the bank, one of one's own, or a draw; one of the three.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    /// Id of a question of the bank.
    pub(crate) id: Option<String>,
    /// A question in your own words.
    pub(crate) text: Option<String>,
    /// Questions that chance picks among those that are like this.
    pub(crate) draw: Option<Draw>,
    /// Id of the rubric that judges this answer.
    pub(crate) rubric: Option<String>,
    /// Seconds to think, where they differ from the plan's.
    #[cfg_attr(test, schemars(range(min = 0, max = 3600)))]
    pub(crate) think: Option<u32>,
    /// Seconds to answer, where they differ from the plan's; 0 for no limit.
    #[cfg_attr(test, schemars(range(min = 0, max = 3600)))]
    pub(crate) answer: Option<u32>,
    /// Follow-ups at most, where they differ from the plan's.
    #[cfg_attr(test, schemars(range(min = 0, max = 5)))]
    pub(crate) probes: Option<u32>,
}

impl Slot {
    /// How many questions it asks.
    pub(crate) fn number(&self) -> usize {
        self.draw.as_ref().map_or(1, |d| d.number)
    }
}

/// Questions that chance picks among those that are like this; `{}` picks among all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Draw {
    /// Theme, or a part of its name.
    pub(crate) theme: Option<String>,
    /// Role, or a part of its name.
    pub(crate) role: Option<String>,
    /// Difficulty.
    #[cfg_attr(test, schemars(extend("enum" = ["beginner", "intermediate", "advanced"])))]
    pub(crate) level: Option<String>,
    /// How many; one unless told. No question comes twice in an interview.
    #[serde(default = "one")]
    #[cfg_attr(test, schemars(range(min = 1, max = 50)))]
    pub(crate) number: usize,
}

const fn one() -> usize {
    1
}

impl Plan {
    /// The plan in a text.
    ///
    /// # Errors
    /// What is wrong with it, with the file and the line.
    pub(crate) fn parse(text: &str, file: &str) -> Result<Self, String> {
        // Places of faults are those of the text without its byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let plan: Self = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| line_of(text, s.start));
            format!("{file}:{line}: {}", e.message().trim().replace('\n', " "))
        })?;
        let wrong = |why: String| Err(format!("{file}: {why}"));
        if plan.schema != 1 {
            return wrong(format!("`schema` is {}: this starcue knows plans of schema 1", plan.schema));
        }
        let dull = |c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if plan.id.is_empty() || plan.id.contains(dull) {
            return wrong(format!("the id `{}` may hold small letters, digits and hyphens", tidy(&plan.id)));
        }
        if plan.slots.is_empty() {
            return wrong("a plan has at least one [[question]]".to_owned());
        }
        for (i, slot) in plan.slots.iter().enumerate() {
            let named = [slot.id.is_some(), slot.text.is_some(), slot.draw.is_some()];
            if named.iter().filter(|n| **n).count() != 1 {
                return wrong(format!("question {} needs one of `id`, `text` and `draw`", i + 1));
            }
            let times = [slot.think.unwrap_or(plan.think), slot.answer.unwrap_or(plan.answer)];
            if times.iter().any(|t| *t > LONGEST) || slot.probes.unwrap_or(plan.probes) > 5 {
                return wrong(format!("question {}: at most {LONGEST} seconds and 5 follow-ups", i + 1));
            }
        }
        Ok(plan)
    }
}
