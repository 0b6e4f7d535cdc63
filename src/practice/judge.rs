//! What a rehearsal needs of the engine, and nothing more: tests put a judge of their own here.

use crate::answer::Answer;
use crate::assessment::{Assessment, Section};
use crate::content::question::Question;
use crate::content::rubric::Rubric;
use crate::engine::{Asked, assess};
use crate::report::{Delivery, Look, Remark, View, terminal};
use std::sync::Arc;

/// What is shown beside a judgement, and does not change it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// What is to be said of findings that were dismissed.
    pub(crate) remarks: &'a [Remark],
    /// How the answer was told.
    pub(crate) delivery: Delivery,
}

/// Judges answers to one question.
pub(crate) trait Judge {
    /// The judgement of an answer.
    fn assess(&self, answer: &Answer) -> Assessment;

    /// The judgement as people read it, with what is to be said beside findings.
    fn report(&self, look: &Look, answer: &Answer, assessment: &Assessment, beside: Beside<'_>) -> String;

    /// Comfortable speaking time in seconds: shortest and longest.
    fn seconds(&self) -> [u32; 2];

    /// What a section is for.
    fn purpose(&self, section: Section) -> String;

    /// The title of a band for people.
    fn band(&self, band: u8) -> String;

    /// What an answer of a band is like.
    fn anchor(&self, band: u8) -> String;

    /// The title of a rule for people; the id where it has none.
    fn title(&self, id: &str) -> String;
}

/// The judge of real rehearsals: a rubric and what was asked.
#[derive(Debug)]
pub(crate) struct RubricJudge<'a> {
    /// The rubric.
    pub(crate) rubric: Arc<Rubric>,
    /// The question of the bank, where it is one.
    pub(crate) question: Option<&'a Question>,
    /// The question as it was asked.
    pub(crate) text: String,
}

impl Judge for RubricJudge<'_> {
    fn assess(&self, answer: &Answer) -> Assessment {
        let asked = self.question.map_or_else(|| Asked::text(&self.text), Asked::bank);
        assess(&self.rubric, asked, answer)
    }

    fn seconds(&self) -> [u32; 2] {
        self.rubric.seconds
    }

    fn report(&self, look: &Look, answer: &Answer, assessment: &Assessment, beside: Beside<'_>) -> String {
        let Beside { remarks, delivery } = beside;
        let view = View {
            assessment,
            rubric: &self.rubric,
            question: Some(&self.text),
            text: answer.text(),
            remarks,
            delivery,
        };
        let mut out = Vec::new();
        // Writing to memory does not fail.
        let _ = terminal::assessment(&mut out, look, &view);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn purpose(&self, section: Section) -> String {
        self.rubric.section(section).purpose.clone()
    }

    fn band(&self, band: u8) -> String {
        self.rubric.band(band).map_or_else(String::new, |b| b.title.clone())
    }

    fn anchor(&self, band: u8) -> String {
        self.rubric.band(band).map_or_else(String::new, |b| b.anchor.clone())
    }

    fn title(&self, id: &str) -> String {
        let title = self.rubric.rule(id).map(|r| r.title.as_str()).filter(|title| *title != id && !title.is_empty());
        title.map_or_else(|| spoken(id), str::to_owned)
    }
}

/// An id as a person would write it: `no-follow-up` is "No follow up".
fn spoken(id: &str) -> String {
    let mut letters = id.chars().map(|c| if c == '-' { ' ' } else { c });
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
