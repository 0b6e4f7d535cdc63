//! The words of a candidate: sections or one text, with replies to follow-ups.

use crate::answer::Answer;
use crate::assessment::Section;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How an answer is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Section by section, in S, T, A, R order.
    Sections([String; 4]),
    /// In one go.
    Free(String),
}

/// A follow-up question and what was said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Reply {
    /// The follow-up.
    pub(crate) probe: String,
    /// The reply.
    pub(crate) text: String,
}

/// All that a candidate has said to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    /// The answer itself.
    pub(crate) form: Form,
    /// Replies to follow-ups, in order.
    pub(crate) replies: Vec<Reply>,
}

/// One place in the words of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A section.
    Section(Section),
    /// The free-form answer.
    Whole,
    /// The reply with this number.
    Reply(usize),
}

impl Words {
    /// Nothing said yet, section by section or in one go.
    pub(crate) fn new(free: bool) -> Self {
        let form = if free { Form::Free(String::new()) } else { Form::Sections(Default::default()) };
        Self { form, replies: Vec::new() }
    }

    /// Reads what was kept as JSON. What can't be read is taken as it stands, rather than lost.
    pub(crate) fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_else(|_| Self { form: Form::Free(json.to_owned()), replies: Vec::new() })
    }

    /// Whether the answer is written in one go.
    pub(crate) fn is_free(&self) -> bool {
        matches!(self.form, Form::Free(_))
    }

    /// The answer that is assessed.
    pub(crate) fn answer(&self) -> Answer {
        let answer = match &self.form {
            Form::Sections(s) => {
                Answer::sectioned([s[0].trim_end(), s[1].trim_end(), s[2].trim_end(), s[3].trim_end()])
            }
            Form::Free(text) => Answer::whole(text.trim_end()),
        };
        self.replies.iter().fold(answer, |answer, reply| answer.with_reply(reply.text.trim_end()))
    }

    /// The same answer before any follow-up.
    pub(crate) fn without_replies(&self) -> Self {
        Self { form: self.form.clone(), replies: Vec::new() }
    }

    /// Whether nothing but white space was typed.
    pub(crate) fn is_blank(&self) -> bool {
        let form = match &self.form {
            Form::Sections(s) => s.iter().all(|s| s.trim().is_empty()),
            Form::Free(text) => text.trim().is_empty(),
        };
        form && self.replies.iter().all(|r| r.text.trim().is_empty())
    }

    /// What stands at a place; empty where nothing does.
    pub(crate) fn at(&self, place: Place) -> &str {
        match (place, &self.form) {
            (Place::Section(section), Form::Sections(s)) => &s[section.index()],
            (Place::Whole, Form::Free(text)) => text,
            (Place::Reply(n), _) => self.replies.get(n).map_or("", |r| &r.text),
            _ => "",
        }
    }

    /// Puts a text at a place. A place that this form does not have is left alone.
    pub(crate) fn put(&mut self, place: Place, text: &str) {
        let slot = match (place, &mut self.form) {
            (Place::Section(section), Form::Sections(s)) => Some(&mut s[section.index()]),
            (Place::Whole, Form::Free(whole)) => Some(whole),
            (Place::Reply(n), _) => self.replies.get_mut(n).map(|r| &mut r.text),
            _ => None,
        };
        if let Some(slot) = slot {
            text.clone_into(slot);
        }
    }

    /// The first section that is still empty.
    pub(crate) fn first_gap(&self) -> Option<Section> {
        match &self.form {
            Form::Sections(s) => Section::ALL.into_iter().find(|x| s[x.index()].trim().is_empty()),
            Form::Free(_) => None,
        }
    }

    /// How many words were typed.
    pub(crate) fn count(&self) -> usize {
        self.answer().text().split_whitespace().count()
    }

    /// All of it as plain text that a person can read and `starcue score` too.
    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        match &self.form {
            Form::Sections(s) => {
                for (section, text) in Section::ALL.into_iter().zip(s) {
                    if !text.trim().is_empty() {
                        out.push_str(&format!("{}:\n{}\n\n", heading(section), text.trim_end()));
                    }
                }
            }
            Form::Free(text) => out.push_str(&format!("{}\n\n", text.trim_end())),
        }
        for reply in &self.replies {
            out.push_str(&format!("{}\n{}\n\n", reply.probe, reply.text.trim_end()));
        }
        out
    }
}

/// The heading of a section in files that people edit.
pub(crate) fn heading(section: Section) -> &'static str {
    match section {
        Section::Situation => "Situation",
        Section::Task => "Task",
        Section::Action => "Action",
        Section::Result => "Result",
    }
}

/// Typed or pasted text without what would command a terminal: line ends become `\n`, and of the
/// control characters only the line end and the tab stay.
pub(crate) fn tidy(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let text = console::strip_ansi_codes(&text);
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}

/// Tidied text on one line, with one space between words.
pub(crate) fn one_line(text: &str) -> String {
    tidy(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As JSON: `answer`, a text or an object of the four sections, and `replies`.
impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Spoken::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spoken::deserialize(deserializer).map(Self::from)
    }
}

/// What was said.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Words"))]
struct Spoken {
    /// The answer, in one go or section by section.
    answer: AnswerJson,
    /// Replies to follow-ups, in order.
    #[serde(default)]
    replies: Vec<Reply>,
}

/// An answer: a text, or an object of the four sections.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Answer"))]
#[serde(untagged)]
enum AnswerJson {
    /// In one go.
    Free(String),
    /// Section by section.
    Sections {
        /// The context, and what was wrong.
        #[serde(default)]
        situation: String,
        /// The speaker's own duty or goal.
        #[serde(default)]
        task: String,
        /// What the speaker did.
        #[serde(default)]
        action: String,
        /// How it ended, and what was learned.
        #[serde(default)]
        result: String,
    },
}

impl From<&Words> for Spoken {
    fn from(words: &Words) -> Self {
        let answer = match &words.form {
            Form::Free(text) => AnswerJson::Free(text.clone()),
            Form::Sections([s, t, a, r]) => {
                AnswerJson::Sections { situation: s.clone(), task: t.clone(), action: a.clone(), result: r.clone() }
            }
        };
        Self { answer, replies: words.replies.clone() }
    }
}

impl From<Spoken> for Words {
    fn from(spoken: Spoken) -> Self {
        let form = match spoken.answer {
            AnswerJson::Free(text) => Form::Free(tidy(&text)),
            AnswerJson::Sections { situation, task, action, result } => {
                Form::Sections([situation, task, action, result].map(|s| tidy(&s)))
            }
        };
        let replies = spoken.replies.into_iter();
        Self { form, replies: replies.map(|r| Reply { probe: tidy(&r.probe), text: tidy(&r.text) }).collect() }
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Words {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Spoken::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Spoken::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_written_where_the_form_has_them() {
        let mut words = Words::new(false);
        words.put(Place::Section(Section::Action), "I fixed it.\n");
        words.put(Place::Whole, "lost?");
        assert_eq!(words.at(Place::Section(Section::Action)), "I fixed it.\n");
        assert_eq!(words.at(Place::Whole), "");
        assert_eq!(words.answer().text(), "I fixed it.");
        assert_eq!(words.first_gap(), Some(Section::Situation));
    }

    #[test]
    fn replies_follow_the_answer() {
        let mut words = Words::new(true);
        words.put(Place::Whole, "It broke.");
        words.replies.push(Reply { probe: "And then?".into(), text: "I fixed it.".into() });
        assert_eq!(words.answer().text(), "It broke.\n\nI fixed it.");
        assert_eq!(words.without_replies().answer().text(), "It broke.");
        assert_eq!(words.count(), 5);
    }

    #[test]
    fn tidied_text_holds_no_commands_to_a_terminal() {
        assert_eq!(tidy("\u{feff}a\r\nb\rc\u{1b}[31md\u{7}\u{9b}2J\te\u{1b}"), "a\nb\ncd\te");
    }
}
