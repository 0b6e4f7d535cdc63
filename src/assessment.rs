//! The result of judging one answer, and its public JSON (`starcue.assessment/1`).
//!
//! Everything that a person or a script sees of a judgement is in [`Assessment`]: every point
//! stands in the receipt with its rule, every finding carries the spans that caused it or names
//! what is missing. The JSON is written by hand-made views (`json`), so that the inner types may
//! change without changing the contract.

#[path = "assessment/json.rs"] // the build script takes this file in from elsewhere
mod json;

#[cfg(test)]
pub(crate) use json::shape::Shape;
pub use json::{AssessmentJson, EvidenceDetail, Fields, KEYS};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// One of the four parts of a STAR answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// The context, and what was wrong.
    Situation,
    /// The speaker's own duty or goal.
    Task,
    /// What the speaker did.
    Action,
    /// How it ended, and what was learned.
    Result,
}

impl Section {
    /// The four sections in STAR order.
    pub const ALL: [Self; 4] = [Self::Situation, Self::Task, Self::Action, Self::Result];

    /// The public id: `situation`, `task`, `action` or `result`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Situation => "situation",
            Self::Task => "task",
            Self::Action => "action",
            Self::Result => "result",
        }
    }

    /// The section with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }

    /// Its place in STAR order, 0 to 3.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// What kind of answer a text is: the first thing that a listener decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One specific past event.
    Story,
    /// Habits, opinions and general claims.
    General,
    /// What the speaker would do.
    Hypothetical,
    /// Near-empty, off topic, a buzzword list, a copied question, or orders to the scorer.
    NotAnAnswer,
}

impl Kind {
    /// All kinds, in the order in which the documentation lists them.
    pub const ALL: [Self; 4] = [Self::Story, Self::General, Self::Hypothetical, Self::NotAnAnswer];

    /// The public id: `story`, `general`, `hypothetical` or `not-an-answer`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::General => "general",
            Self::Hypothetical => "hypothetical",
            Self::NotAnAnswer => "not-an-answer",
        }
    }

    /// The kind with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.id() == id)
    }
}

/// How grave a minefield is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A fair interviewer would note it, and go on.
    Mild,
    /// It alone can sink an answer.
    Serious,
}

impl Severity {
    /// The public id: `mild` or `serious`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Serious => "serious",
        }
    }
}

/// Points in whole tenths, so that sums are exact everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Tenths(pub i32);

impl Tenths {
    /// The nearest tenth to a number of points.
    #[must_use]
    pub fn from_points(points: f64) -> Self {
        Self((points * 10.0).round() as i32)
    }

    /// The number of points.
    #[must_use]
    pub fn points(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.points())
    }
}

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.points())
    }
}

impl<'de> Deserialize<'de> for Tenths {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        f64::deserialize(d).map(Self::from_points)
    }
}

/// The words that caused a finding: a byte range of the answer's text, and the rule that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Id of the rule that fired.
    pub rule: Arc<str>,
}

impl Evidence {
    /// The quoted words: exactly the slice of `text` at the span.
    #[must_use]
    pub fn quote<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// A behaviour or a motivation that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Public id of the behaviour or motivation.
    pub id: Arc<str>,
    /// The words that show it, in text order.
    pub evidence: Vec<Evidence>,
}

/// A red flag that was found, by words or by absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minefield {
    /// Public id.
    pub id: Arc<str>,
    /// How grave it is.
    pub severity: Severity,
    /// The words that caused it, in text order; empty where it comes from absence.
    pub evidence: Vec<Evidence>,
    /// What is missing, where it comes from absence.
    pub absent: Vec<Arc<str>>,
    /// How to do better.
    pub advice: Arc<str>,
}

/// How one section of the answer stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionFinding {
    /// 0 absent, 1 partial, 2 clear.
    pub level: u8,
    /// Words in the sentences of this section.
    pub words: usize,
    /// The words that speak for the level, in text order.
    pub evidence: Vec<Evidence>,
    /// How to do better; empty at level 2.
    pub advice: String,
}

/// A stretch of text and the section it serves (`None`: other).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Section, or `None` for fillers, asides and general claims.
    pub section: Option<Section>,
}

/// Plain counts over the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Metrics {
    /// Words.
    pub words: usize,
    /// Speaking time in seconds at the rubric's pace (words a minute).
    pub speaking_seconds: usize,
    /// I, me, my, mine, myself.
    pub first_person_singular: usize,
    /// We, us, our, ours, ourselves.
    pub first_person_plural: usize,
    /// Numbers, in figures or in words.
    pub numbers: usize,
    /// Filler words such as "um".
    pub fillers: usize,
}

/// One line of the account of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReceiptLine {
    /// What gave or took the points, such as `section.situation` or `cap.no-resolution`.
    pub rule: String,
    /// Points given (positive) or taken (negative), in tenths.
    #[cfg_attr(test, schemars(with = "f64"))]
    pub points: Tenths,
}

/// The whole judgement of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Id of the rubric.
    pub rubric: Arc<str>,
    /// Hash of the rubric's content, 16 hexadecimal digits.
    pub rubric_hash: Arc<str>,
    /// Version that the rubric's author gave it, if any.
    pub rubric_version: Option<Arc<str>>,
    /// What kind of answer it is.
    pub kind: Kind,
    /// 0 to 100, the sum of the receipt's points.
    pub score: Tenths,
    /// 1 poor to 5 outstanding, cut from the score at the rubric's thresholds.
    pub band: u8,
    /// The four sections, in STAR order.
    pub sections: [SectionFinding; 4],
    /// The text in order, white space apart.
    pub sentences: Vec<SentenceSpan>,
    /// Behaviours shown, in the rubric's order.
    pub behaviours: Vec<Finding>,
    /// Expected behaviours that were not found: ids, in the rubric's order.
    pub missing: Vec<Arc<str>>,
    /// Motivations with concrete evidence, in the rubric's order.
    pub motivations: Vec<Finding>,
    /// Minefields hit, serious ones first, then in the rubric's order.
    pub minefields: Vec<Minefield>,
    /// Plain counts.
    pub metrics: Metrics,
    /// The account of the score; its points sum to it.
    pub receipt: Vec<ReceiptLine>,
    /// What to change, the one next step first.
    pub advice: Vec<String>,
    /// What an interviewer would ask next, one to three questions.
    pub probes: Vec<String>,
}

impl Assessment {
    /// The rubric as a receipt names it: id, version where it has one, and hash.
    #[must_use]
    pub fn rubric_name(&self) -> String {
        let version = self.rubric_version.as_ref().map(|v| format!(", version {v},")).unwrap_or_default();
        format!("{}{version} {}", self.rubric, self.rubric_hash)
    }

    /// The finding of one section.
    #[must_use]
    pub fn section(&self, section: Section) -> &SectionFinding {
        &self.sections[section.index()]
    }

    /// Whether a serious minefield was hit.
    #[must_use]
    pub fn has_serious_minefield(&self) -> bool {
        self.minefields.iter().any(|m| m.severity == Severity::Serious)
    }
}
