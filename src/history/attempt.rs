//! An attempt: one answer that was saved with its assessment.

use crate::assessment::{Assessment, AssessmentJson, EvidenceDetail, Fields, Kind, Severity, Tenths};
use crate::report::Delivery;
use crate::words::Words;
use jiff::Timestamp;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Topic {
    /// Id of the question, where a bank has it.
    pub(crate) id: Option<String>,
    /// The question as it was asked.
    pub(crate) text: String,
    /// Its theme, where a bank has it.
    pub(crate) theme: Option<String>,
}

impl Topic {
    /// What tells one question from another: its id, else its text.
    pub(crate) fn key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.text)
    }
}

/// How an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mode {
    /// It was written.
    #[default]
    Written,
    /// It was spoken, and is a transcript.
    Spoken,
}

impl Mode {
    /// The public id.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Spoken => "spoken",
        }
    }

    /// The mode with this id; whatever is no transcript was written.
    pub(crate) fn from_id(id: &str) -> Self {
        if id == "spoken" { Self::Spoken } else { Self::Written }
    }
}

/// What lists and progress need of an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Id of the rubric.
    pub(crate) rubric: String,
    /// Hash of the rubric.
    pub(crate) rubric_hash: String,
    /// What kind of answer it is.
    pub(crate) kind: Kind,
    /// Score.
    pub(crate) score: Tenths,
    /// Band.
    pub(crate) band: u8,
    /// Levels of the sections, in STAR order.
    pub(crate) levels: [u8; 4],
    /// Minefields that were hit.
    pub(crate) minefields: Vec<(String, Severity)>,
    /// Number of words.
    pub(crate) words: usize,
}

impl Digest {
    /// The digest of an assessment.
    pub(crate) fn of(a: &Assessment) -> Self {
        Self {
            rubric: a.rubric.to_string(),
            rubric_hash: a.rubric_hash.to_string(),
            kind: a.kind,
            score: a.score,
            band: a.band,
            levels: [0, 1, 2, 3].map(|i| a.sections[i].level),
            minefields: a.minefields.iter().map(|m| (m.id.to_string(), m.severity)).collect(),
            words: a.metrics.words,
        }
    }

    /// The minefields in one word each, serious ones with a mark: `no-resolution! unstructured`.
    pub(super) fn mines(&self) -> String {
        let word = |(id, severity): &(String, Severity)| match severity {
            Severity::Serious => format!("{id}!"),
            Severity::Mild => id.clone(),
        };
        self.minefields.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Self::mines`] wrote.
    pub(super) fn read_mines(text: &str) -> Vec<(String, Severity)> {
        let mine = |word: &str| match word.strip_suffix('!') {
            Some(id) => (id.to_owned(), Severity::Serious),
            None => (word.to_owned(), Severity::Mild),
        };
        text.split_whitespace().map(mine).collect()
    }
}

/// One answer with its assessment, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Its name everywhere: an attempt that is saved or imported twice is there once.
    pub(crate) uid: String,
    /// Whose it is.
    pub(crate) person: String,
    /// When it was finished.
    pub(crate) at: Timestamp,
    /// What was asked.
    pub(crate) topic: Topic,
    /// How it was given.
    pub(crate) mode: Mode,
    /// How long it took to tell, in seconds, where that is known.
    pub(crate) seconds: Option<u32>,
    /// The band that the person gave it before the reveal.
    pub(crate) self_band: Option<u8>,
    /// The attempt that it revises.
    pub(crate) parent: Option<String>,
    /// The story that it tells.
    pub(crate) story: Option<String>,
    /// What was said.
    pub(crate) words: Words,
    /// What lists and progress need of the assessment.
    pub(crate) digest: Digest,
    /// The assessment as JSON (`starcue.assessment/1`).
    pub(crate) assessment: String,
}

impl Attempt {
    /// How it was told.
    pub(crate) fn delivery(&self) -> Delivery {
        Delivery { spoken: self.mode == Mode::Spoken, seconds: self.seconds }
    }

    /// The JSON of an assessment, as history keeps it.
    pub(crate) fn json_of(uid: &str, topic: &Topic, assessment: &Assessment, text: &str) -> String {
        let json = AssessmentJson {
            id: uid,
            question: Some(topic.key()),
            assessment,
            text,
            detail: EvidenceDetail::Quotes,
            include_text: false,
            fields: Fields::default(),
        };
        // Strings, numbers and lists alone: this can't fail.
        serde_json::to_string(&json).unwrap_or_default()
    }
}

/// An attempt as lists show it: everything but the text and the whole assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its number in this history.
    pub(crate) id: i64,
    /// Its name everywhere.
    pub(crate) uid: String,
    /// Whose it is.
    pub(crate) person: String,
    /// When it was finished.
    pub(crate) at: Timestamp,
    /// What was asked.
    pub(crate) topic: Topic,
    /// How it was given.
    pub(crate) mode: Mode,
    /// How long it took to tell, in seconds.
    pub(crate) seconds: Option<u32>,
    /// The band that the person gave it.
    pub(crate) self_band: Option<u8>,
    /// The attempt that it revises.
    pub(crate) parent: Option<String>,
    /// The story that it tells.
    pub(crate) story: Option<String>,
    /// What the assessment says in short.
    pub(crate) digest: Digest,
}
