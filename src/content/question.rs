//! Questions and guides as the rest of the program sees them.

use serde::{Deserialize, Serialize};

/// How hard a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// A first interview.
    Beginner,
    /// Some years in the job.
    Intermediate,
    /// Where judgement is what is bought.
    Advanced,
}

impl Difficulty {
    /// All difficulties, easiest first.
    pub const ALL: [Self; 3] = [Self::Beginner, Self::Intermediate, Self::Advanced];

    /// The public id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }

    /// The difficulty with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.id() == id)
    }
}

/// What an interviewer wants to find out, with a line that is true to its question or guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Id of the motivation.
    pub id: String,
    /// The line.
    pub line: String,
}

/// Where candidates blow themselves up, and how not to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trap {
    /// Id of the minefield.
    pub id: String,
    /// How to avoid it.
    pub avoid: String,
}

/// A key point of a strong answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPoint {
    /// The point, in one line.
    pub text: String,
    /// Ids of the behaviours that show it.
    pub behaviours: Vec<String>,
}

/// A sample answer by section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Situation.
    pub situation: String,
    /// Task.
    pub task: String,
    /// Action.
    pub action: String,
    /// Result.
    pub result: String,
}

impl Sample {
    /// The sections in S, T, A, R order.
    #[must_use]
    pub fn sections(&self) -> [&str; 4] {
        [&self.situation, &self.task, &self.action, &self.result]
    }
}

/// One question of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Public id.
    pub id: String,
    /// The question as it is asked.
    pub text: String,
    /// Theme.
    pub theme: String,
    /// The job it is asked for.
    pub role: String,
    /// One line about the role.
    pub about_role: String,
    /// Function of a firm.
    pub function: String,
    /// How hard it is.
    pub difficulty: Difficulty,
    /// Id of the rubric that scores it.
    pub rubric: String,
    /// What they really ask.
    pub motivations: Vec<Ask>,
    /// Red flags of this question.
    pub minefields: Vec<Trap>,
    /// Key points of a strong answer.
    pub key_points: Vec<KeyPoint>,
    /// A sample answer.
    pub sample: Sample,
    /// Why the sample works.
    pub why_it_works: String,
    /// Follow-ups.
    pub probes: Vec<String>,
    /// Tips.
    pub tips: Vec<String>,
    /// What kind of own experience fits it, a line each.
    pub stories: Vec<String>,
    /// Ids of questions that are worth practising beside it.
    pub related: Vec<String>,
    /// The same story told badly, where the bank has one.
    pub weak: Option<Weak>,
}

/// A weak answer with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weak {
    /// The band that a fair interviewer would give: 1 to 3.
    pub band: u8,
    /// Ids of the minefields that are in it.
    pub minefields: Vec<String>,
    /// What is wrong with it.
    pub why: String,
    /// The answer, free-form.
    pub answer: String,
}

impl Question {
    /// Ids of the behaviours that a strong answer shows: only these can be called missing.
    pub fn expects(&self) -> impl Iterator<Item = &str> {
        self.key_points.iter().flat_map(|k| k.behaviours.iter().map(String::as_str))
    }
}

/// One step of a guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Title.
    pub title: String,
    /// What it is for.
    pub text: String,
    /// The STAR section that it is about, if any.
    pub section: Option<String>,
    /// Ids of the behaviours that it shows.
    pub behaviours: Vec<String>,
    /// What to do.
    pub practices: Vec<String>,
    /// Words that show it.
    pub phrases: Vec<String>,
}

/// A guide: a method or a playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// Public id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Steps, in order.
    pub steps: Vec<Step>,
    /// What an interviewer probes with it.
    pub competencies: Vec<Ask>,
    /// Common mistakes.
    pub mistakes: Vec<Trap>,
    /// Ids of questions that serve as worked scenarios.
    pub scenarios: Vec<String>,
    /// Tips.
    pub tips: Vec<String>,
}
