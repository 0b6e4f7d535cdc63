//! One rehearsal of one question, as a state machine.
//!
//! Every text goes to the draft before anything else happens to it. Whatever ends a rehearsal early
//! comes out of a prompt as a [`Stop`], passes through here, and leaves a draft and a message.

mod judging;
mod typing;

use super::draft::{Draft, Stage};
use super::judge::Judge;
use super::past::{Past, attempts};
use super::prompter::{Prompted, Prompter, Stop};
use super::store::{Slot, Store};
use super::{brief, files};
use crate::assessment::{Assessment, Section};
use crate::content::question::Question;
use crate::history::Story;
use crate::report::{Look, clean};
use crate::words::Words;
use std::fs;
use std::path::{Path, PathBuf};

/// How many follow-ups are asked.
const MOST_PROBES: usize = 3;

/// A report of more lines has its top, which matters most, scrolled away.
const SCREENFUL: usize = 20;

/// How a rehearsal is to go.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    /// Without the brief.
    pub(crate) cold: bool,
    /// The answer in one go.
    pub(crate) free: bool,
    /// In the candidate's editor.
    pub(crate) editor: bool,
    /// The candidate judges before the tool does.
    pub(crate) judge_first: bool,
    /// The answer is told aloud, and what is typed is a transcript.
    pub(crate) spoken: bool,
    /// A clock runs.
    pub(crate) timing: Option<Timing>,
}

/// How much time there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timing {
    /// Seconds to think.
    pub(crate) think: u32,
    /// Seconds to answer; the longest that the rubric finds comfortable where nobody says.
    pub(crate) answer: Option<u32>,
}

/// How a rehearsal ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Another question is wanted.
    Another,
    /// Enough for today.
    Done,
    /// Left before the end; the draft is kept.
    Left,
    /// Stopped by Ctrl-C, the end of input or a failure; the draft is kept.
    Stopped(Stop),
}

/// Where a rehearsal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Show what is asked.
    Brief,
    /// Hear the question, think, and tell the answer.
    Begin(Option<Section>),
    /// Write the answer, from this section on.
    Write(Option<Section>),
    /// Write the answer in the editor.
    Edit,
    /// Write one section of it again.
    Rewrite(Section),
    /// Assess it.
    Judge,
    /// Answer the follow-ups.
    Probes,
    /// Ask what to do next.
    Menu,
}

/// What comes next.
pub(super) enum Step {
    /// This.
    To(State),
    /// Nothing.
    Over(End),
}

use Step::{Over, To};

/// One rehearsal.
pub(crate) struct Rehearsal<'a> {
    /// Whom it is with.
    pub(crate) prompter: &'a mut dyn Prompter,
    /// Where the draft goes.
    pub(crate) store: &'a mut Store,
    /// Who assesses.
    pub(crate) judge: &'a dyn Judge,
    /// The question of the bank, where it is one.
    pub(crate) question: Option<&'a Question>,
    /// How it is to go.
    pub(crate) options: Options,
    /// The story that it is told from, with its number.
    pub(crate) story: Option<&'a (i64, Story)>,
    /// Whether the data folder was named on the command line, and must be again.
    pub(crate) named: bool,
    /// The past, where finished answers go.
    pub(crate) past: &'a mut Past,
    /// The place of the draft.
    pub(crate) slot: Slot,
    /// What was said.
    pub(crate) draft: Draft,
    /// The judgement of what was said, once there is one.
    pub(crate) assessed: Option<Assessment>,
}

impl Rehearsal<'_> {
    /// Rehearses until the candidate has enough or something stops it.
    pub(crate) fn run(mut self) -> End {
        let end = self.play().unwrap_or_else(End::Stopped);
        self.leave(end)
    }

    fn play(&mut self) -> Prompted<End> {
        self.tell_notices()?;
        let mut state = State::Brief;
        loop {
            let step = match state {
                State::Brief => self.brief()?,
                State::Begin(from) => self.begin(from)?,
                State::Write(from) => self.write(from)?,
                State::Edit => self.edit()?,
                State::Rewrite(section) => self.rewrite(section)?,
                State::Judge => self.judge()?,
                State::Probes => self.probes()?,
                State::Menu => self.menu()?,
            };
            match step {
                To(next) => state = next,
                Over(end) => return Ok(end),
            }
        }
    }

    fn brief(&mut self) -> Prompted<Step> {
        let look = self.prompter.look();
        let mut text = brief::asked(&self.draft.topic.text, &look);
        if let Some(question) = self.question.filter(|_| !self.options.cold) {
            text.push_str(&brief::brief(question, self.judge, &look));
        }
        text.push_str(&self.stories(&look));
        self.prompter.say(&text)?;
        if let Some(words) = self.found_in_editor() {
            self.draft.words = words;
            self.save();
            if let Some(file) = self.slot.editor_file().filter(|_| !self.slot.is_lost()) {
                // The draft has it now.
                let _ = fs::remove_file(file);
            }
            self.prompter.say("What you wrote in the editor was found and taken over.\n")?;
        }
        Ok(To(match self.draft.stage {
            Stage::Assessed => State::Judge,
            Stage::Answering(_) if self.options.editor && !self.is_spoken() => State::Edit,
            Stage::Answering(at) => State::Begin(at),
        }))
    }

    /// The story that is told, or those that could be.
    fn stories(&self, look: &Look) -> String {
        if let Some((number, story)) = self.story {
            let title = look.heading(&clean(&format!("From your story {number}: {}", story.title)));
            let told = if self.options.cold {
                brief::para(look, "Tell it from memory.")
            } else if self.options.free {
                brief::para(look, &story.words.to_text())
            } else {
                brief::para(look, "Its sections stand ready below. Change them until they answer this question.")
            };
            return format!("\n{title}\n{told}");
        }
        let Some(question) = self.question.filter(|_| !self.options.cold) else { return String::new() };
        let fits = self.past.stories_for(question);
        if fits.is_empty() {
            return String::new();
        }
        let mut text = format!("\n{}\n", look.heading("Stories of yours that can answer it"));
        for (number, story) in fits {
            text.push_str(&brief::point(look, &format!("{number}: {}", story.title)));
        }
        let how = format!("Begin from one: starcue practice {} --story NUMBER", question.id);
        text.push_str(&brief::para(look, &how));
        text
    }

    pub(super) fn save(&mut self) {
        if !self.draft.words.is_blank() || !self.draft.earlier.is_empty() {
            self.store.save(&mut self.slot, &mut self.draft, true);
        }
    }

    fn tell_notices(&mut self) -> Prompted<()> {
        for notice in self.store.notices() {
            self.prompter.say(&format!("{notice}\n"))?;
        }
        Ok(())
    }

    /// Saves all answers of this rehearsal in history; the number of the last one, or why that did
    /// not work. `None` where nothing is saved.
    fn file_away(&mut self) -> Option<Result<i64, String>> {
        self.refresh_dismissed();
        let at = self.past.clock.now();
        let attempts = attempts(self.slot.name(), &self.draft, self.judge, self.question, at);
        self.past.record(&attempts, &self.draft.dismissed)
    }

    /// A command that finds the data folder of this rehearsal.
    fn command(&self, verb: &str) -> String {
        command(verb, self.slot.root().filter(|r| self.named || !self.store.is_in(r)))
    }

    /// Puts the draft where it belongs and says where that is.
    fn leave(mut self, end: End) -> End {
        self.save();
        let mut parting: String = self.store.notices().iter().map(|n| format!("{n}\n")).collect();
        let finished = matches!(end, End::Another | End::Done);
        let blank = self.draft.words.is_blank() && self.draft.earlier.is_empty();
        let filed = if finished && !blank { self.file_away() } else { None };
        if let Some(Err(why)) = &filed {
            parting.push_str(&format!("Your answer could not be saved in history: {why}.\n"));
        }
        if blank {
            self.store.discard(self.slot);
        } else if let Some(Ok(id)) = filed {
            let show = command(&format!("history show {id}"), self.store.root().filter(|_| self.named));
            parting.push_str(&format!("Your answer is kept in history. See it again: {show}\n"));
            self.store.discard(self.slot);
        } else if self.slot.is_lost() || (!self.store.keeps() && !finished) {
            parting.push_str(&format!("\nYour answer was not saved. Here it is:\n\n{}", self.draft.words.to_text()));
        } else if finished {
            if let Some(path) = self.store.finish(self.slot, self.draft) {
                let later = "history will take it from there as soon as it can";
                parting.push_str(&format!("Your answer is kept in {}; {later}.\n", path.display()));
            }
        } else if let Some(path) = self.slot.path() {
            let how = self.command("practice --resume");
            parting.push_str(&format!("\nYour text is kept in {}\nGo on with: {how}\n", path.display()));
        }
        // Whoever closed the terminal reads no parting words; the draft is there all the same.
        let _ = self.prompter.say(&parting);
        end
    }
}

fn open_probes(assessment: &Assessment, words: &Words) -> Vec<String> {
    let replied = |probe: &&String| words.replies.iter().any(|r| r.probe == **probe);
    let left = MOST_PROBES.saturating_sub(words.replies.len());
    assessment.probes.iter().filter(|p| !replied(p)).take(left).cloned().collect()
}

/// The next step and the score once more.
fn recap(assessment: &Assessment, look: &Look) -> String {
    let mut out = format!("\n{}\n", look.heading("In short"));
    if let Some(next) = assessment.advice.first() {
        out.push_str(&brief::para(look, &format!("Next step: {next}")));
    }
    out.push_str(&brief::para(look, &format!("{} of 100, band {} of 5", assessment.score, assessment.band)));
    out
}

fn temporary_file() -> std::io::Result<PathBuf> {
    Ok(files::temporary_folder(&std::env::temp_dir())?.join("answer.md"))
}

/// A command of starcue for a data folder; `None` is the usual one.
pub(crate) fn command(verb: &str, root: Option<&Path>) -> String {
    let data = root.map_or_else(String::new, |r| format!(" --data {}", quoted(r)));
    format!("starcue {verb}{data}")
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.chars().all(|c| c.is_alphanumeric() || "/._-+@%,:".contains(c)) {
        path
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
