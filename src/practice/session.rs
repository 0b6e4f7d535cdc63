//! One rehearsal of one question, as a state machine.
//!
//! Every text goes to the draft before anything else happens to it. Whatever ends a rehearsal early
//! comes out of a prompt as a [`Stop`], passes through here, and leaves a draft and a message.

use super::brief;
use super::compare::Change;
use super::draft::{Draft, Stage};
use super::editor;
use super::judge::Judge;
use super::past::{Past, attempts};
use super::prompter::{Page, Prompted, Prompter, Stop, Then, Typed};
use super::store::{self, Slot, Store};
use super::timing::WORD_FOR_WORD;
use crate::assessment::{Assessment, Section};
use crate::content::question::Question;
use crate::history::Story;
use crate::report::{Look, clean};
use crate::words::{Place, Reply, Words, heading, tidy};
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

    fn write(&mut self, from: Option<Section>) -> Prompted<Step> {
        if self.draft.words.is_free() {
            self.explain(if self.is_spoken() { WORD_FOR_WORD } else { "Tell it as you would say it." })?;
            self.draft.stage = Stage::Answering(None);
            return Ok(
                match self.type_at(Place::Whole, if self.is_spoken() { "What you said" } else { "Your answer" })?.then {
                    Then::Quit => Over(End::Left),
                    Then::Edit => To(State::Edit),
                    Then::Next | Then::Skip | Then::Back => To(State::Judge),
                },
            );
        }
        self.explain("Section by section: what you type is kept as you type it.")?;
        let mut at = from.unwrap_or(Section::Situation).index();
        while let Some(&section) = Section::ALL.get(at) {
            self.draft.stage = Stage::Answering(Some(section));
            match self.type_section(section)?.then {
                Then::Next | Then::Skip => at += 1,
                Then::Back => at = at.saturating_sub(1),
                Then::Edit => return Ok(To(State::Edit)),
                Then::Quit => return Ok(Over(End::Left)),
            }
        }
        Ok(To(State::Judge))
    }

    fn rewrite(&mut self, section: Section) -> Prompted<Step> {
        self.draft.stage = Stage::Answering(Some(section));
        Ok(match self.type_section(section)?.then {
            Then::Quit => Over(End::Left),
            Then::Edit => To(State::Edit),
            Then::Next | Then::Skip | Then::Back => To(State::Judge),
        })
    }

    fn edit(&mut self) -> Prompted<Step> {
        let text = editor::template(&self.draft.topic.text, &self.draft.words, |s| self.judge.purpose(s));
        let file = self.slot.editor_file();
        Ok(match self.in_editor(file, &text)? {
            Some(text) => {
                editor::read(&text, &mut self.draft.words);
                self.save();
                self.tell_notices()?;
                To(State::Judge)
            }
            None => To(State::Write(self.draft.words.first_gap())),
        })
    }

    fn judge(&mut self) -> Prompted<Step> {
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
    fn judge_yourself(&mut self) -> Prompted<()> {
        if !self.options.judge_first || self.draft.self_band.is_some() {
            return Ok(());
        }
        let bands = [5, 4, 3, 2, 1].map(|band| format!("Band {band}: {}", self.judge.band(band)));
        let items: Vec<&str> = bands.iter().map(String::as_str).chain(["I would rather not say"]).collect();
        let at = self.prompter.choose("Before you see it: how good was your answer?", &items, bands.len())?;
        self.draft.self_band = [5, 4, 3, 2, 1].get(at).copied();
        Ok(())
    }

    fn nothing_typed(&mut self) -> Prompted<Step> {
        self.prompter.say("\nNothing was typed, so there is nothing to assess.\n")?;
        let items = ["Answer now", "Another question", "Leave"];
        Ok(match self.prompter.choose("What next?", &items, 2)? {
            0 => To(State::Begin(None)),
            1 => Over(End::Another),
            _ => Over(End::Done),
        })
    }

    fn probes(&mut self) -> Prompted<Step> {
        let Some(first) = self.assessed.clone() else { return Ok(To(State::Judge)) };
        let mut before = first.clone();
        for probe in open_probes(&first, &self.draft.words) {
            let number = self.draft.words.replies.len();
            self.draft.words.replies.push(Reply { probe: probe.clone(), text: String::new() });
            let look = self.prompter.look();
            self.prompter.say(&brief::asked(&probe, &look))?;
            let typed = self.type_at(Place::Reply(number), "Your reply")?;
            if typed.then == Then::Edit {
                self.edit_reply(number)?;
            }
            if self.draft.words.at(Place::Reply(number)).trim().is_empty() {
                self.draft.words.replies.truncate(number);
                self.save();
            } else {
                let after = self.judge.assess(&self.draft.words.answer());
                let change = Change::between(&before, &after);
                self.prompter.say(&format!("Worth of this reply: {}\n", change.score_line(&look)))?;
                before = after;
            }
            match typed.then {
                Then::Next | Then::Skip | Then::Edit => {}
                Then::Back => break,
                Then::Quit => return Ok(Over(End::Left)),
            }
        }
        let after = self.judge.assess(&self.draft.words.answer());
        if !self.draft.words.replies.is_empty() {
            let look = self.prompter.look();
            self.prompter.product(&Change::between(&first, &after).report(self.judge, &look))?;
        }
        self.assessed = Some(after);
        Ok(To(State::Menu))
    }

    fn edit_reply(&mut self, number: usize) -> Prompted<()> {
        let text = self.draft.words.at(Place::Reply(number)).to_owned();
        let file = self.slot.editor_file().map(|f| f.with_extension("reply.md"));
        if let Some(text) = self.in_editor(file, &text)? {
            self.draft.words.put(Place::Reply(number), tidy(&text).trim());
            self.save();
        }
        Ok(())
    }

    fn menu(&mut self) -> Prompted<Step> {
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

    fn which_section(&mut self) -> Prompted<Option<Section>> {
        let titles = Section::ALL.map(heading);
        let names: Vec<&str> = titles.into_iter().chain(["None: back"]).collect();
        let at = self.prompter.choose("Which section?", &names, titles.len())?;
        Ok(Section::ALL.get(at).copied())
    }

    fn show_report(&mut self) -> Prompted<()> {
        let Some(assessment) = &self.assessed else { return Ok(()) };
        let look = self.prompter.look();
        let report = self.report(&look, assessment);
        self.prompter.product(&report)
    }

    fn explain(&mut self, first: &str) -> Prompted<()> {
        let look = self.prompter.look();
        let how = "End with a line that holds only a full stop, or with Ctrl-D. Commands, on a line of their own: \
                   :back goes back, :skip goes on, :edit opens your editor, :quit leaves and keeps your text.";
        self.prompter.say(&format!("\n{}", brief::para(&look, &format!("{first} {how}"))))
    }

    fn type_section(&mut self, section: Section) -> Prompted<Typed> {
        let look = self.prompter.look();
        let title = format!("{} ({} of 4)", heading(section), section.index() + 1);
        let text = format!("\n{}\n{}", look.heading(&title), brief::para(&look, &self.judge.purpose(section)));
        self.prompter.say(&text)?;
        self.type_at(Place::Section(section), heading(section))
    }

    /// Has a text typed. Each change of it is in the draft before the next key.
    fn type_at(&mut self, place: Place, title: &str) -> Prompted<Typed> {
        let seed = self.draft.words.at(place).to_owned();
        let mut lines = seed.matches('\n').count();
        let limit = self.left().filter(|_| !matches!(place, Place::Reply(_)) && !self.is_spoken());
        let (begun, before) = (self.past.clock.now(), self.draft.seconds.unwrap_or(0));
        let Self { prompter, store, slot, draft, .. } = self;
        let typed = prompter.write(&Page { title, seed: &seed, limit }, &mut |text| {
            let text = tidy(text);
            if draft.words.at(place) == text {
                return;
            }
            draft.words.put(place, &text);
            let now = text.matches('\n').count();
            store.save(slot, draft, now != lines);
            lines = now;
        });
        if limit.is_some() {
            let passed = self.past.clock.now().duration_since(begun).as_secs();
            self.draft.seconds = Some(before.saturating_add(u32::try_from(passed).unwrap_or(0)));
        }
        if let Ok(typed) = &typed {
            self.draft.words.put(place, &tidy(&typed.text));
        }
        self.save();
        self.tell_notices()?;
        typed
    }

    /// Opens a text in the candidate's editor. `None` where that did not work, which was said; the
    /// file then stays.
    fn in_editor(&mut self, file: Option<PathBuf>, text: &str) -> Prompted<Option<String>> {
        self.save();
        let temporary = file.is_none();
        let file = match file.map_or_else(temporary_file, Ok) {
            Ok(file) => file,
            Err(e) => {
                self.prompter.say(&format!("The editor's file can't be written: {e}. Type here instead.\n"))?;
                return Ok(None);
            }
        };
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(None) };
        if let Err(e) = store::put(folder, &name.to_string_lossy(), text, true) {
            self.prompter.say(&format!("{} can't be written: {e}. Type here instead.\n", file.display()))?;
            return Ok(None);
        }
        let opened = self.prompter.edit(&file)?;
        let read = opened.and_then(|()| fs::read(&file).map_err(|e| format!("Its file can't be read: {e}.")));
        match read {
            Ok(bytes) => {
                // What stays behind is small and the user's alone.
                let _ = fs::remove_file(&file);
                if temporary {
                    let _ = fs::remove_dir(folder);
                }
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
            }
            Err(why) => {
                let text = format!("{why} Its file is kept: {}. Type here instead.\n", file.display());
                self.prompter.say(&text)?;
                Ok(None)
            }
        }
    }

    /// What stands in an editor's file that is younger than the draft: the editor outlived us.
    fn found_in_editor(&self) -> Option<Words> {
        let changed = |p: &Path| fs::metadata(p).and_then(|m| m.modified()).ok();
        let file = self.slot.editor_file()?;
        if changed(&file)? <= changed(&self.slot.path()?)? {
            return None;
        }
        let mut words = self.draft.words.clone();
        editor::read(&String::from_utf8_lossy(&fs::read(&file).ok()?), &mut words);
        (!words.is_blank() && words != self.draft.words).then_some(words)
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
    Ok(store::temporary_folder(&std::env::temp_dir())?.join("answer.md"))
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
