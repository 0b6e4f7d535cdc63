//! What an answer is worth, and what can be done about it.

use super::Step::{Over, To};
use super::{End, Rehearsal, SCREENFUL, State, Step, open_probes, recap};
use crate::assessment::Section;
use crate::practice::brief;
use crate::practice::compare::Change;
use crate::practice::draft::Stage;
use crate::practice::prompter::Prompted;
use crate::words::{Words, heading};

impl Rehearsal<'_> {
    pub(super) fn judge(&mut self) -> Prompted<Step> {
        if self.draft.words.is_blank() {
            return self.nothing_typed();
        }
        self.save();
        self.judge_yourself()?;
        let answer = self.draft.words.answer();
        let assessment = self.judge.assess(&answer);
        self.draft.stage = Stage::Assessed;
        self.save();
        let look = self.prompter.look();
        let report = self.report(&look, &assessment);
        self.prompter.say("\n")?;
        self.prompter.product(&report)?;
        if let Some(before) = self.draft.earlier.last() {
            // Like with like: an answer that was written again has no replies yet.
            let before = if self.draft.words.replies.is_empty() { before.without_replies() } else { before.clone() };
            let change = Change::between(&self.judge.assess(&before.answer()), &assessment);
            self.prompter.product(&change.report(self.judge, &look))?;
        }
        if report.lines().count() > SCREENFUL {
            self.prompter.say(&recap(&assessment, &look))?;
        }
        if let Some(own) = self.draft.self_band {
            let band = assessment.band;
            let text = if own == band {
                format!("You gave it band {own} too.")
            } else {
                format!("You gave it band {own}, the rules give it band {band}. Look at what they quote.")
            };
            self.prompter.say(&format!("\n{}", brief::para(&look, &text)))?;
        }
        self.assessed = Some(assessment);
        self.tell_notices()?;
        Ok(To(State::Menu))
    }

    /// Asks for the candidate's own judgement before the reveal, once for each answer.
    pub(super) fn judge_yourself(&mut self) -> Prompted<()> {
        if !self.options.judge_first || self.draft.self_band.is_some() {
            return Ok(());
        }
        let bands = [5, 4, 3, 2, 1].map(|band| format!("Band {band}: {}", self.judge.band(band)));
        let items: Vec<&str> = bands.iter().map(String::as_str).chain(["I would rather not say"]).collect();
        let at = self.prompter.choose("Before you see it: how good was your answer?", &items, bands.len())?;
        self.draft.self_band = [5, 4, 3, 2, 1].get(at).copied();
        Ok(())
    }

    pub(super) fn menu(&mut self) -> Prompted<Step> {
        #[derive(Clone, Copy)]
        enum Do {
            Probes,
            Again,
            Section,
            Sample,
            Dismiss,
            Report,
            Another,
            Done,
        }
        let open = self.assessed.as_ref().map_or(0, |a| open_probes(a, &self.draft.words).len());
        let probes = match open {
            1 => "Answer the follow-up question".to_owned(),
            n => format!("Answer {n} follow-up questions"),
        };
        let mut items: Vec<(Do, &str)> = Vec::new();
        if open > 0 {
            items.push((Do::Probes, &probes));
        }
        items.push((Do::Again, "Answer again"));
        if !self.draft.words.is_free() {
            items.push((Do::Section, "Answer one section again"));
        }
        if self.question.is_some() {
            items.push((Do::Sample, "See a sample answer and why it works"));
        }
        if self.assessed.as_ref().is_some_and(|a| !self.open_findings(a).is_empty()) {
            items.push((Do::Dismiss, "Dismiss a finding that does not hold"));
        }
        items.push((Do::Report, "See the assessment again"));
        items.push((Do::Another, "Another question"));
        items.push((Do::Done, "Done"));
        let names: Vec<&str> = items.iter().map(|(_, name)| *name).collect();
        let at = self.prompter.choose("What next?", &names, items.len() - 1)?;
        Ok(match items.get(at).map_or(Do::Done, |(what, _)| *what) {
            Do::Probes => To(State::Probes),
            Do::Again => {
                self.file_away();
                self.draft.earlier.push(self.draft.words.clone());
                self.draft.self_band = None;
                self.draft.seconds = None;
                self.draft.words.replies.clear();
                if self.is_spoken() {
                    // What was said is said anew.
                    self.draft.words = Words::new(true);
                }
                To(if self.options.editor && !self.is_spoken() { State::Edit } else { State::Begin(None) })
            }
            Do::Section => match self.which_section()? {
                Some(section) => {
                    self.file_away();
                    self.draft.earlier.push(self.draft.words.clone());
                    self.draft.self_band = None;
                    To(State::Rewrite(section))
                }
                None => To(State::Menu),
            },
            Do::Sample => {
                if let Some(question) = self.question {
                    let look = self.prompter.look();
                    self.prompter.say(&brief::sample(question, &look))?;
                }
                To(State::Menu)
            }
            Do::Dismiss => {
                self.dismiss()?;
                To(State::Menu)
            }
            Do::Report => {
                self.show_report()?;
                To(State::Menu)
            }
            Do::Another => Over(End::Another),
            Do::Done => Over(End::Done),
        })
    }

    pub(super) fn which_section(&mut self) -> Prompted<Option<Section>> {
        let titles = Section::ALL.map(heading);
        let names: Vec<&str> = titles.into_iter().chain(["None: back"]).collect();
        let at = self.prompter.choose("Which section?", &names, titles.len())?;
        Ok(Section::ALL.get(at).copied())
    }

    pub(super) fn show_report(&mut self) -> Prompted<()> {
        let Some(assessment) = &self.assessed else { return Ok(()) };
        let look = self.prompter.look();
        let report = self.report(&look, assessment);
        self.prompter.product(&report)
    }

    pub(super) fn explain(&mut self, first: &str) -> Prompted<()> {
        let look = self.prompter.look();
        let how = "End with a line that holds only a full stop, or with Ctrl-D. Commands, on a line of their own: \
                   :back goes back, :skip goes on, :edit opens your editor, :quit leaves and keeps your text.";
        self.prompter.say(&format!("\n{}", brief::para(&look, &format!("{first} {how}"))))
    }
}
