//! The engine: from an answer to its assessment.

use crate::answer::Answer;
use crate::assessment::Assessment;
use crate::content::question::Question;
use crate::content::rubric::Rubric;

/// What was asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The text of the question, where it is known.
    pub text: Option<&'a str>,
    /// The question of the bank, where it is one.
    pub question: Option<&'a Question>,
}

impl<'a> Asked<'a> {
    /// A question of the bank.
    #[must_use]
    pub fn bank(question: &'a Question) -> Self {
        Self { text: Some(&question.text), question: Some(question) }
    }

    /// A question of one's own.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self { text: Some(text), question: None }
    }
}

/// Judges an answer by a rubric. Pure: the same input gives the same assessment, byte for byte.
#[must_use]
pub fn assess(_rubric: &Rubric, _asked: Asked<'_>, _answer: &Answer) -> Assessment {
    unreachable!("the engine is being written")
}
