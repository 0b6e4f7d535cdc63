//! What is kept of a mock interview (`starcue.mock/1`).

use super::plan::Form;
use crate::content::question::Question;
use crate::history::{Attempt, Digest, Mode, Topic};
use crate::practice::Judge;
use crate::words::{Words, tidy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `schema` says.
const SCHEMA: &str = "starcue.mock/1";

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Not answered yet.
    #[default]
    Open,
    /// Answered.
    Answered,
    /// Left out.
    Skipped,
}

/// What a coach gave an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Rating {
    /// The coach.
    pub(crate) rater: String,
    /// When.
    pub(crate) at: String,
    /// Whether the tool's judgement had not been shown.
    pub(crate) blind: bool,
    /// Band of the whole, 1 to 5.
    #[cfg_attr(test, schemars(range(min = 1, max = 5)))]
    pub(crate) overall: u8,
    /// Levels of the sections, 0 to 2, in STAR order, where they were given.
    pub(crate) sections: [Option<u8>; 4],
}

/// What a coach wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Note {
    /// The coach.
    pub(crate) by: String,
    /// When.
    pub(crate) at: String,
    /// Seconds since the interview began, without pauses; none where it was written later.
    pub(crate) clock: Option<u32>,
    /// What.
    pub(crate) text: String,
    /// Byte offsets of the words of the answer that it is about.
    pub(crate) span: Option<[usize; 2]>,
    /// Whether it is for coaches alone.
    pub(crate) private: bool,
}

/// One question of an interview, with all that was said to it and about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Turn {
    /// Id of the question, where a bank has it.
    pub(crate) question: Option<String>,
    /// The question as it is asked.
    pub(crate) asked: String,
    /// Its theme.
    pub(crate) theme: Option<String>,
    /// Id of the rubric.
    pub(crate) rubric: String,
    /// Seconds to think.
    pub(crate) think: u32,
    /// Seconds to answer; 0 for as long as it takes.
    pub(crate) answer: u32,
    /// Most follow-ups.
    pub(crate) probes: u32,
    /// Where it stands.
    pub(crate) state: State,
    /// What was said, until history has it as an attempt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, schemars(with = "Words"))]
    pub(crate) said: Option<Words>,
    /// Whether the follow-ups were asked.
    #[serde(default)]
    pub(crate) probed: bool,
    /// Seconds that it was thought about.
    #[serde(default)]
    pub(crate) thought: u32,
    /// Seconds that it was answered.
    #[serde(default)]
    pub(crate) seconds: u32,
    /// Whether the tool's judgement was shown.
    #[serde(default)]
    pub(crate) shown: bool,
    /// What coaches gave it.
    #[serde(default)]
    pub(crate) ratings: Vec<Rating>,
    /// What coaches wrote.
    #[serde(default)]
    pub(crate) notes: Vec<Note>,
    /// Number of the turn in the name of its attempt.
    pub(crate) number: usize,
}

impl Turn {
    /// A question that was not asked yet; `[think, answer, probes]`.
    pub(crate) fn new(
        number: usize,
        asked: &str,
        question: Option<&Question>,
        rubric: &str,
        [think, answer, probes]: [u32; 3],
        form: Form,
    ) -> Self {
        Self {
            question: question.map(|q| q.id.clone()),
            asked: asked.to_owned(),
            theme: question.map(|q| q.theme.clone()),
            rubric: rubric.to_owned(),
            think,
            answer,
            probes,
            state: State::Open,
            said: Some(Words::new(form == Form::Free)),
            probed: false,
            thought: 0,
            seconds: 0,
            shown: false,
            ratings: Vec::new(),
            notes: Vec::new(),
            number,
        }
    }

    /// The rating of a coach.
    pub(crate) fn rating(&self, rater: &str) -> Option<&Rating> {
        self.ratings.iter().find(|r| r.rater == rater)
    }

    /// Takes a rating; one of the same coach is replaced.
    pub(crate) fn rate(&mut self, rating: Rating) {
        self.ratings.retain(|r| r.rater != rating.rater);
        self.ratings.push(rating);
    }

    /// What was said; nothing where history has it.
    pub(crate) fn words(&self) -> Words {
        self.said.clone().unwrap_or_else(|| Words::new(true))
    }
}

/// A mock interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Interview {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA)))]
    schema: String,
    /// Its name everywhere.
    pub(crate) id: String,
    /// The candidate.
    pub(crate) person: String,
    /// The coach who rates at the same keyboard.
    pub(crate) coach: Option<String>,
    /// When it began.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    pub(crate) at: Timestamp,
    /// Id of the plan.
    pub(crate) plan: String,
    /// Title.
    pub(crate) title: String,
    /// What is said first.
    pub(crate) opening: String,
    /// What is said last.
    pub(crate) closing: String,
    /// Seed of the draws.
    pub(crate) seed: u64,
    /// Whether each assessment is shown at once.
    pub(crate) feedback: bool,
    /// The questions, in order.
    pub(crate) turns: Vec<Turn>,
    /// The question at hand.
    #[serde(default)]
    pub(crate) place: usize,
    /// Seconds since it began, without pauses.
    #[serde(default)]
    pub(crate) elapsed: u32,
    /// Whether all was asked.
    #[serde(default)]
    pub(crate) finished: bool,
    /// Whether the tool's judgements were shown.
    #[serde(default)]
    pub(crate) revealed: bool,
}

impl Interview {
    /// An interview that begins now.
    pub(crate) fn new(
        id: String,
        person: &str,
        coach: Option<String>,
        at: Timestamp,
        plan: &super::Plan,
        turns: Vec<Turn>,
    ) -> Self {
        Self {
            schema: SCHEMA.into(),
            id,
            person: person.to_owned(),
            coach,
            at,
            plan: plan.id.clone(),
            title: plan.title.clone(),
            opening: plan.opening.clone(),
            closing: plan.closing.clone(),
            seed: 0,
            feedback: false,
            turns,
            place: 0,
            elapsed: 0,
            finished: false,
            revealed: false,
        }
    }

    /// The interview as JSON.
    pub(crate) fn to_json(&self) -> String {
        // Strings, numbers and lists alone: this can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads an interview.
    ///
    /// # Errors
    /// It is none, or one of a later starcue.
    pub(crate) fn from_json(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_str(text).map_err(|e| format!("it is no mock interview: {e}"))?;
        if head.schema != SCHEMA {
            return Err(format!("it was written by another starcue (`{}`)", tidy(&head.schema)));
        }
        let mut read: Self = serde_json::from_str(text).map_err(|e| format!("it is no mock interview: {e}"))?;
        for turn in &mut read.turns {
            turn.ratings.retain(|r| (1..=5).contains(&r.overall) && r.sections.iter().flatten().all(|l| *l <= 2));
        }
        read.place = read.place.min(read.turns.len());
        Ok(read)
    }

    /// The name of the attempt that a turn becomes.
    pub(crate) fn attempt_of(&self, turn: &Turn) -> String {
        format!("{}.{}", self.id, turn.number)
    }

    /// The places of the questions in this state.
    pub(crate) fn places(&self, state: State) -> Vec<usize> {
        (0..self.turns.len()).filter(|at| self.turns[*at].state == state).collect()
    }

    /// An answered turn as an attempt of history.
    pub(crate) fn attempt(&self, turn: &Turn, judge: &dyn Judge) -> Attempt {
        let uid = self.attempt_of(turn);
        let topic = Topic { id: turn.question.clone(), text: turn.asked.clone(), theme: turn.theme.clone() };
        let words = turn.words();
        let answer = words.answer();
        let assessment = judge.assess(&answer);
        Attempt {
            assessment: Attempt::json_of(&uid, &topic, &assessment, answer.text()),
            uid,
            person: self.person.clone(),
            at: self.at,
            topic,
            mode: Mode::Written,
            seconds: (turn.seconds > 0).then_some(turn.seconds),
            self_band: None,
            parent: None,
            story: None,
            words,
            digest: Digest::of(&assessment),
        }
    }
}

/// The first place in a text where these words stand, whatever the case and the white space.
pub(crate) fn find_words(text: &str, words: &str) -> Option<[usize; 2]> {
    let plain = |c: char| match c {
        '\u{2019}' | '\u{2018}' => '\'',
        c => c.to_lowercase().next().unwrap_or(c),
    };
    let wanted: Vec<char> = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(plain).collect();
    if wanted.is_empty() {
        return None;
    }
    for (start, _) in text.char_indices() {
        let mut at = 0;
        let mut blank = false;
        for (i, c) in text[start..].char_indices() {
            if c.is_whitespace() {
                blank = at > 0;
                if at == 0 {
                    break;
                }
                continue;
            }
            if std::mem::take(&mut blank) {
                if wanted.get(at) != Some(&' ') {
                    break;
                }
                at += 1;
            }
            if wanted.get(at) != Some(&plain(c)) {
                break;
            }
            at += 1;
            if at == wanted.len() {
                return Some([start, start + i + c.len_utf8()]);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_a_person_types_them() {
        let text = "I let  her\nfinish. It\u{2019}s done. I Let her go.";
        let found = |words: &str| find_words(text, words).map(|[a, b]| &text[a..b]);
        assert_eq!(found("let her finish"), Some("let  her\nfinish"));
        assert_eq!(found("it's DONE"), Some("It\u{2019}s done"));
        assert_eq!(found(" let her go "), Some("Let her go"));
        assert_eq!((found("never said"), found("  "), found("lether")), (None, None, None));
    }

    #[test]
    fn an_interview_comes_back_as_it_was_and_wrong_ratings_do_not() {
        let turn = Turn::new(0, "Why?", None, "behavioural", [30, 180, 1], Form::Free);
        let plan = super::super::Plan::made(super::super::plan::Made::default());
        let mut interview =
            Interview::new("m1".into(), "anna", Some("kim".into()), Timestamp::UNIX_EPOCH, &plan, vec![turn]);
        let rating = |overall| Rating {
            rater: "kim".into(),
            at: String::new(),
            blind: true,
            overall,
            sections: [Some(2), None, Some(1), Some(0)],
        };
        interview.turns[0].rate(rating(2));
        interview.turns[0].rate(rating(4));
        assert_eq!(interview.turns[0].ratings.len(), 1);
        assert_eq!(Interview::from_json(&interview.to_json()).unwrap(), interview);
        interview.turns[0].ratings.push(rating(9));
        assert_eq!(Interview::from_json(&interview.to_json()).unwrap().turns[0].ratings.len(), 1);
        assert!(Interview::from_json("{\"schema\":\"starcue.mock/2\"}").unwrap_err().contains("another starcue"));
        assert!(Interview::from_json("[]").is_err());
    }
}
