//! A draft: everything that must survive a rehearsal that ends too early, and its file format.
//!
//! A draft file is one JSON object on one line that `starcue score --from jsonl` reads as well:
//! `id`, `question`, `rubric` and `answer` are those of a record, the other keys are the draft's.

use crate::assessment::Section;
use crate::fnv;
use crate::history::{DEFAULT_PERSON, Dismissal, Mode};
use crate::words::{Words, tidy};
use serde::{Deserialize, Serialize};

/// What `schema` says in a draft file.
const SCHEMA: &str = "starcue.draft/1";

/// What is being rehearsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Topic {
    /// Id of the question, where it is one of a bank.
    pub(crate) id: Option<String>,
    /// The question as it is asked.
    pub(crate) text: String,
    /// Id of the rubric that judges it.
    pub(crate) rubric: String,
}

impl Topic {
    /// Whether this is the same question: by id where both have one, else by text.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.text.trim() == other.text.trim(),
            _ => false,
        }
    }

    /// A short name for files: the id, or a hash of the text.
    pub(crate) fn slug(&self) -> String {
        let clean = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        match &self.id {
            Some(id) => id.chars().map(clean).take(48).collect(),
            None => format!("own-{:08x}", fnv::fnv(fnv::EMPTY, self.text.trim().as_bytes()) >> 32),
        }
    }
}

/// How far a rehearsal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The answer is being written; the section that was at hand, of a sectioned one.
    Answering(Option<Section>),
    /// The answer was assessed.
    Assessed,
}

/// One rehearsal of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Who rehearses.
    pub(crate) person: String,
    /// What is being rehearsed.
    pub(crate) topic: Topic,
    /// What was said so far.
    pub(crate) words: Words,
    /// Earlier answers of the same rehearsal that were assessed, oldest first.
    pub(crate) earlier: Vec<Words>,
    /// The band that the candidate gave the answer before the reveal.
    pub(crate) self_band: Option<u8>,
    /// How the answer is given.
    pub(crate) mode: Mode,
    /// How long it took so far, in seconds, where a clock ran.
    pub(crate) seconds: Option<u32>,
    /// Name of the story that the answer tells.
    pub(crate) story: Option<String>,
    /// Findings that the candidate has dismissed.
    pub(crate) dismissed: Vec<SetAside>,
    /// How far it has come.
    pub(crate) stage: Stage,
    /// When it was saved last, in seconds since 1970.
    pub(crate) saved: u64,
}

/// A finding of one answer of a rehearsal that was dismissed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetAside {
    /// Number of the answer: how many were given before it.
    pub(crate) answer: usize,
    /// What was dismissed.
    #[serde(flatten)]
    pub(crate) dismissal: Dismissal,
}

/// Why a draft can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// The file is not a draft, or only a part of one.
    #[error("it is no draft: {0}")]
    Broken(String),
    /// A later starcue wrote it.
    #[error("a later starcue wrote it ({0})")]
    Newer(String),
}

impl Draft {
    /// A rehearsal in which nothing was said yet.
    pub(crate) fn new(person: &str, topic: Topic, free: bool) -> Self {
        let stage = Stage::Answering((!free).then_some(Section::Situation));
        Self {
            person: person.to_owned(),
            topic,
            words: Words::new(free),
            earlier: Vec::new(),
            self_band: None,
            mode: Mode::Written,
            seconds: None,
            story: None,
            dismissed: Vec::new(),
            stage,
            saved: 0,
        }
    }

    /// The draft as one line of JSON, under this name.
    pub(crate) fn to_json(&self, name: &str) -> String {
        let (stage, section) = match self.stage {
            Stage::Answering(section) => ("answering", section.map(Section::id)),
            Stage::Assessed => ("assessed", None),
        };
        let file = File {
            schema: SCHEMA.into(),
            id: name.into(),
            person: self.person.clone(),
            question: self.topic.id.clone().unwrap_or_else(|| self.topic.text.clone()),
            asked: self.topic.text.clone(),
            own: self.topic.id.is_none(),
            rubric: self.topic.rubric.clone(),
            words: self.words.clone(),
            earlier: self.earlier.clone(),
            self_band: self.self_band,
            mode: self.mode.id().to_owned(),
            seconds: self.seconds,
            story: self.story.clone(),
            dismissed: self.dismissed.clone(),
            stage: stage.into(),
            section: section.map(Into::into),
            saved: self.saved,
        };
        // Strings, numbers and lists alone: this can't fail, and an empty file is reported when it is read.
        let mut json = serde_json::to_string(&file).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads a draft file.
    ///
    /// # Errors
    /// It is broken, or newer than this program.
    pub(crate) fn from_json(text: &str) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let broken = |e: serde_json::Error| Unreadable::Broken(e.to_string());
        let head: Head = serde_json::from_str(text).map_err(broken)?;
        if head.schema != SCHEMA {
            return Err(match head.schema.strip_prefix("starcue.draft/").map(str::parse::<u32>) {
                Some(Ok(2..)) => Unreadable::Newer(head.schema),
                _ => Unreadable::Broken(format!("its schema is `{}`", tidy(&head.schema))),
            });
        }
        let file: File = serde_json::from_str(text).map_err(broken)?;
        let stage = match file.stage.as_str() {
            "assessed" => Stage::Assessed,
            _ => Stage::Answering(file.section.as_deref().and_then(Section::from_id)),
        };
        Ok(Self {
            person: tidy(&file.person),
            topic: Topic { id: (!file.own).then_some(file.question), text: file.asked, rubric: file.rubric },
            words: file.words,
            earlier: file.earlier,
            self_band: file.self_band.filter(|band| (1..=5).contains(band)),
            mode: Mode::from_id(&file.mode),
            seconds: file.seconds,
            story: file.story,
            dismissed: file.dismissed,
            stage,
            saved: file.saved,
        })
    }
}

fn default_person() -> String {
    DEFAULT_PERSON.to_owned()
}

#[derive(Serialize, Deserialize)]
struct File {
    schema: String,
    id: String,
    #[serde(default = "default_person")]
    person: String,
    question: String,
    asked: String,
    own: bool,
    rubric: String,
    #[serde(flatten)]
    words: Words,
    #[serde(default)]
    earlier: Vec<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    self_band: Option<u8>,
    #[serde(default)]
    mode: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    story: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dismissed: Vec<SetAside>,
    stage: String,
    #[serde(default)]
    section: Option<String>,
    #[serde(default)]
    saved: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Place, Reply};

    pub(crate) fn topic() -> Topic {
        Topic { id: Some("failure".into()), text: "Tell me about a failure.".into(), rubric: "behavioural".into() }
    }

    #[test]
    fn a_draft_comes_back_as_it_was_saved() {
        let mut draft = Draft::new("anna", topic(), false);
        draft.words.put(Place::Section(Section::Task), "I had \"one\" day.\nOne.");
        draft.words.replies.push(Reply { probe: "Why?".into(), text: "Because ü.".into() });
        draft.earlier.push(Words::new(true));
        draft.stage = Stage::Answering(Some(Section::Task));
        draft.self_band = Some(4);
        (draft.mode, draft.seconds) = (Mode::Spoken, Some(83));
        draft.story = Some("story-1".into());
        draft.saved = 17;
        let json = draft.to_json("failure-1");
        assert_eq!(json.matches('\n').count(), 1, "one record a line");
        assert_eq!(Draft::from_json(&json).unwrap(), draft);
    }

    #[test]
    fn a_draft_is_a_record_for_score() {
        let json = Draft::new("anna", topic(), false).to_json("failure-1");
        let record: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(record["id"], "failure-1");
        assert_eq!(record["question"], "failure");
        assert_eq!(record["answer"]["situation"], "");
    }

    #[test]
    fn half_a_file_a_stranger_and_a_later_format_are_told_apart() {
        let json = Draft::new("anna", topic(), true).to_json("x");
        assert!(matches!(Draft::from_json(&json[..json.len() / 2]), Err(Unreadable::Broken(_))));
        assert!(matches!(Draft::from_json(r#"{"schema":"other/1"}"#), Err(Unreadable::Broken(_))));
        assert!(matches!(Draft::from_json(r#"{"schema":"starcue.draft/2"}"#), Err(Unreadable::Newer(_))));
    }

    #[test]
    fn a_question_of_ones_own_is_known_by_its_text() {
        let own = |text: &str| Topic { id: None, text: text.into(), rubric: "behavioural".into() };
        assert!(own("Why?").same(&own("Why? ")) && !own("Why?").same(&own("How?")) && !own("Why?").same(&topic()));
        assert_ne!(own("Why?").slug(), own("How?").slug());
        let odd = Topic { id: Some("../Ü/x".into()), ..topic() };
        assert_eq!(odd.slug(), "-----x");
    }
}
