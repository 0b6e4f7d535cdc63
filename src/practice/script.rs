//! A person who follows a script, and a judge who counts words: for tests.

use super::judge::{Beside, Judge};
use super::prompter::{Clock, Keep, Page, Prompted, Prompter, Stop, Then, Transcript, Typed};
use crate::answer::Answer;
use crate::assessment::{
    Assessment, Finding, Kind, Metrics, Minefield, ReceiptLine, Section, SectionFinding, Severity, Tenths,
};
use crate::content::question::{Ask, Difficulty, KeyPoint, Question, Sample, Trap};
use crate::report::{Delivery, Look};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

/// What the person does at the next prompt.
pub(crate) enum Act {
    /// Chooses the item that contains this.
    Choose(&'static str),
    /// Presses Esc.
    Escape,
    /// Picks the question that contains this.
    Pick(&'static str),
    /// Types this over the seed, key by key, and goes on so.
    Type(&'static str, Then),
    /// Leaves the seed as it is and goes on.
    Accept,
    /// Types this and then presses Ctrl-C.
    TypeAndInterrupt(&'static str),
    /// Types this, and the terminal is gone.
    TypeAndVanish(&'static str),
    /// Lets the clock run for so many seconds.
    Wait(u32),
    /// Says this, in so many seconds, to the command that writes it down; an `Err` is one that fails.
    Say(Result<(&'static str, u32), &'static str>),
    /// Saves this in the editor; an `Err` is an editor that fails.
    Edit(Result<fn(String) -> String, &'static str>),
}

/// The person.
#[derive(Default)]
pub(crate) struct Script {
    acts: VecDeque<Act>,
    /// All that was shown, and the prompts.
    pub(crate) seen: String,
}

impl Script {
    pub(crate) fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self { acts: acts.into_iter().collect(), seen: String::new() }
    }

    /// Fails unless every act was played.
    pub(crate) fn assert_played(&self) {
        assert_eq!(self.acts.len(), 0, "acts are left over; seen:\n{}", self.seen);
    }
}

impl Prompter for Script {
    fn look(&self) -> Look {
        Look { color: false, plain: true, width: 80 }
    }

    fn say(&mut self, text: &str) -> Prompted<()> {
        self.seen.push_str(text);
        Ok(())
    }

    fn product(&mut self, text: &str) -> Prompted<()> {
        self.say(text)
    }

    fn choose_from(&mut self, question: &str, items: &[&str], _: usize, escape: usize) -> Prompted<usize> {
        self.seen.push_str(&format!("[{question} {}]\n", items.join(" | ")));
        match self.acts.pop_front() {
            Some(Act::Choose(what)) => Ok(items.iter().position(|i| i.contains(what)).unwrap_or_else(|| {
                panic!("no item has `{what}`; seen:\n{}", self.seen);
            })),
            Some(Act::Escape) => Ok(escape),
            None => Err(Stop::Ended),
            _ => panic!("another act was due at `{question}`; seen:\n{}", self.seen),
        }
    }

    fn pick(&mut self, question: &str, items: &[String]) -> Prompted<Option<usize>> {
        self.seen.push_str(&format!("[{question} {}]\n", items.join(" | ")));
        match self.acts.pop_front() {
            Some(Act::Pick(what)) => Ok(items.iter().position(|i| i.contains(what))),
            Some(Act::Escape) => Ok(None),
            None => Err(Stop::Ended),
            _ => panic!("another act was due at `{question}`; seen:\n{}", self.seen),
        }
    }

    fn write(&mut self, page: &Page<'_>, keep: &mut Keep<'_>) -> Prompted<Typed> {
        self.seen.push_str(&format!("[{}: {:?}]\n", page.title, page.seed));
        let mut key_by_key = |text: &str| {
            for (at, _) in text.char_indices() {
                keep(&text[..at]);
            }
            keep(text);
        };
        match self.acts.pop_front() {
            Some(Act::Type(text, then)) => {
                key_by_key(text);
                Ok(Typed { text: text.to_owned(), then })
            }
            Some(Act::Accept) => Ok(Typed { text: page.seed.to_owned(), then: Then::Next }),
            Some(Act::TypeAndInterrupt(text)) => {
                key_by_key(text);
                Err(Stop::Interrupted)
            }
            Some(Act::TypeAndVanish(text)) => {
                key_by_key(text);
                panic!("the process was killed");
            }
            None => Err(Stop::Ended),
            _ => panic!("another act was due at `{}`; seen:\n{}", page.title, self.seen),
        }
    }

    fn clock(&mut self, clock: &Clock<'_>) -> Prompted<u32> {
        self.seen.push_str(&format!("[{}: {} s]\n", clock.title, clock.seconds));
        match self.acts.pop_front() {
            Some(Act::Wait(seconds)) => Ok(seconds),
            None => Err(Stop::Ended),
            _ => panic!("another act was due at `{}`; seen:\n{}", clock.title, self.seen),
        }
    }

    fn read_aloud(&mut self, text: &str) -> Prompted<()> {
        self.seen.push_str(&format!("<aloud: {text}>\n"));
        Ok(())
    }

    fn transcribe(&mut self, clock: &Clock<'_>) -> Prompted<Option<Result<Transcript, String>>> {
        if !matches!(self.acts.front(), Some(Act::Say(_))) {
            return Ok(None);
        }
        self.seen.push_str(&format!("[{}: {} s, listening]\n", clock.title, clock.seconds));
        let Some(Act::Say(said)) = self.acts.pop_front() else { return Ok(None) };
        let said = said.map(|(text, seconds)| Transcript { text: text.to_owned(), seconds });
        Ok(Some(said.map_err(str::to_owned)))
    }

    fn edit(&mut self, file: &Path) -> Prompted<Result<(), String>> {
        match self.acts.pop_front() {
            Some(Act::Edit(Ok(change))) => {
                let text = std::fs::read_to_string(file).unwrap();
                std::fs::write(file, change(text)).unwrap();
                Ok(Ok(()))
            }
            Some(Act::Edit(Err(why))) => Ok(Err(why.to_owned())),
            None => Err(Stop::Interrupted),
            _ => panic!("another act was due in the editor; seen:\n{}", self.seen),
        }
    }
}

/// How an answer was told, where there is something to tell.
fn delivery(told: Delivery) -> String {
    let how = if told.spoken { "spoken" } else { "written" };
    told.seconds.map_or_else(String::new, |seconds| format!("<{how} in {seconds} s>\n"))
}

/// A judge with one point a word, one minefield (no word `result`) and two follow-ups.
pub(crate) struct WordCount;

impl Judge for WordCount {
    fn assess(&self, answer: &Answer) -> Assessment {
        let words = answer.text().split_whitespace().count();
        let score = Tenths(i32::try_from(words * 10).unwrap());
        let mine = Minefield {
            id: Arc::from("no-resolution"),
            severity: Severity::Serious,
            evidence: Vec::new(),
            absent: vec![Arc::from("result")],
            advice: Arc::from("Say how it ended."),
        };
        let said = Finding { id: Arc::from("listens"), evidence: Vec::new() };
        let has = |word: &str| answer.text().contains(word);
        let section = |s: Section| SectionFinding { level: u8::from(has(s.id())), ..SectionFinding::default() };
        Assessment {
            rubric: Arc::from("behavioural"),
            rubric_hash: Arc::from("0"),
            rubric_version: None,
            kind: Kind::Story,
            score,
            band: if words > 9 { 2 } else { 1 },
            sections: Section::ALL.map(section),
            sentences: Vec::new(),
            behaviours: if has("listen") { vec![said] } else { Vec::new() },
            missing: Vec::new(),
            motivations: Vec::new(),
            minefields: if has("result") { Vec::new() } else { vec![mine] },
            metrics: Metrics { words, ..Metrics::default() },
            receipt: vec![ReceiptLine { rule: "words".into(), points: score }],
            advice: Vec::new(),
            probes: vec!["How did it end?".into(), "What did you do yourself?".into()],
        }
    }

    fn report(&self, _: &Look, answer: &Answer, assessment: &Assessment, beside: Beside<'_>) -> String {
        let remarks: String = beside.remarks.iter().map(|n| format!("<{}: {}>\n", n.finding, n.text)).collect();
        format!("<{} of 100 for {:?}>\n{remarks}{}", assessment.score, answer.text(), delivery(beside.delivery))
    }

    fn seconds(&self) -> [u32; 2] {
        [60, 150]
    }

    fn purpose(&self, section: Section) -> String {
        format!("The purpose of the {section}.")
    }

    fn anchor(&self, band: u8) -> String {
        format!("as a band {band} is")
    }

    fn band(&self, band: u8) -> String {
        format!("Band no {band}")
    }

    fn title(&self, id: &str) -> String {
        format!("Title of {id}")
    }
}

/// A question of the bank.
pub(crate) fn question(id: &str, text: &str, theme: &str) -> Question {
    Question {
        id: id.into(),
        text: text.into(),
        theme: theme.into(),
        role: "Engineer".into(),
        about_role: "Builds things.".into(),
        function: "Engineering".into(),
        difficulty: Difficulty::Beginner,
        rubric: "behavioural".into(),
        motivations: vec![Ask { id: "ownership".into(), line: "Do you own it?".into() }],
        minefields: vec![Trap { id: "no-resolution".into(), avoid: "Say how\u{1b}[2J it ended.".into() }],
        key_points: vec![KeyPoint { text: "They say what they learned.".into(), behaviours: Vec::new() }],
        sample: Sample {
            situation: "Sample situation.".into(),
            task: "Sample task.".into(),
            action: "Sample action.".into(),
            result: "Sample result.".into(),
        },
        why_it_works: "It is honest.".into(),
        probes: Vec::new(),
        tips: Vec::new(),
        stories: Vec::new(),
        related: Vec::new(),
        weak: None,
    }
}
