//! Time in a rehearsal: to think, to tell, and what was said aloud.

use super::judge::Beside;
use super::prompter::{Clock, Prompted};
use super::session::{Rehearsal, State, Step};
use crate::assessment::{Assessment, Section};
use crate::history::Mode;
use crate::report::{Delivery, Look, span};
use crate::words::Place;

/// What is typed of an answer that was spoken.
pub(super) const WORD_FOR_WORD: &str =
    "Type, paste or correct what you said, word for word, with every \"um\": they are counted.";

impl Rehearsal<'_> {
    /// Whether the answer is told aloud.
    pub(super) fn is_spoken(&self) -> bool {
        self.draft.mode == Mode::Spoken
    }

    /// Seconds that there are for the answer, where a clock runs.
    fn limit(&self) -> Option<u32> {
        self.options.timing.map(|t| t.answer.unwrap_or(self.judge.seconds()[1]))
    }

    /// Seconds that are left of them.
    pub(super) fn left(&self) -> Option<u32> {
        Some(self.limit()?.saturating_sub(self.draft.seconds.unwrap_or(0)))
    }

    /// Reads the question aloud, gives time to think, and listens to what is spoken.
    pub(super) fn begin(&mut self, from: Option<Section>) -> Prompted<Step> {
        let go_on = Step::To(State::Write(from));
        // A draft that is gone on with, or a story to begin with, needs no second start.
        if !self.draft.words.is_blank() && (self.is_spoken() || self.draft.seconds.is_some()) {
            return Ok(go_on);
        }
        if self.is_spoken() {
            let asked = self.draft.topic.text.clone();
            self.prompter.read_aloud(&asked)?;
        }
        if let Some(timing) = self.options.timing.filter(|t| t.think > 0) {
            let how = "Enter begins at once.";
            self.prompter.clock(&Clock { title: "Think", how, seconds: timing.think, ends: true })?;
        }
        if self.is_spoken() {
            self.listen()?;
        } else if let Some(seconds) = self.left() {
            let text =
                format!("\nYour time begins: {}. You may take longer, and will see by how much.\n", span(seconds));
            self.prompter.say(&text)?;
        }
        Ok(go_on)
    }

    fn listen(&mut self) -> Prompted<()> {
        let seconds = self.limit().unwrap_or(self.judge.seconds()[1]);
        let listening = Clock { title: "Speak", how: "Your own command is listening.", seconds, ends: false };
        match self.prompter.transcribe(&listening)? {
            Some(Ok(said)) => {
                self.draft.words.put(Place::Whole, &said.text);
                self.draft.seconds = Some(said.seconds);
                self.save();
                self.prompter.say(&format!("You spoke for {}.\n", span(said.seconds)))?;
            }
            Some(Err(why)) => self.prompter.say(&format!("{why} Type what you said instead.\n"))?,
            None if self.options.timing.is_some() => {
                let how = "Press Enter when you are done.";
                let spoken = self.prompter.clock(&Clock { title: "Speak", how, seconds, ends: false })?;
                self.draft.seconds = Some(spoken);
                self.prompter.say(&format!("You spoke for {}.\n", span(spoken)))?;
            }
            None => {}
        }
        Ok(())
    }

    /// The judgement as it is shown, with what was dismissed and how the answer was told.
    pub(super) fn report(&self, look: &Look, assessment: &Assessment) -> String {
        let remarks = self.remarks(assessment);
        let delivery = Delivery { spoken: self.is_spoken(), seconds: self.draft.seconds };
        let beside = Beside { remarks: &remarks, delivery };
        self.judge.report(look, &self.draft.words.answer(), assessment, beside)
    }
}
