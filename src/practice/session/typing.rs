//! What the candidate types: sections, follow-ups, and text from an editor.

use super::Step::{Over, To};
use super::{End, Rehearsal, State, Step, open_probes, temporary_file};
use crate::assessment::Section;
use crate::practice::compare::Change;
use crate::practice::draft::Stage;
use crate::practice::prompter::{Page, Prompted, Then, Typed};
use crate::practice::timing::WORD_FOR_WORD;
use crate::practice::{brief, editor, files};
use crate::words::{Place, Reply, Words, heading, tidy};
use std::fs;
use std::path::{Path, PathBuf};

impl Rehearsal<'_> {
    pub(super) fn write(&mut self, from: Option<Section>) -> Prompted<Step> {
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

    pub(super) fn rewrite(&mut self, section: Section) -> Prompted<Step> {
        self.draft.stage = Stage::Answering(Some(section));
        Ok(match self.type_section(section)?.then {
            Then::Quit => Over(End::Left),
            Then::Edit => To(State::Edit),
            Then::Next | Then::Skip | Then::Back => To(State::Judge),
        })
    }

    pub(super) fn edit(&mut self) -> Prompted<Step> {
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

    pub(super) fn nothing_typed(&mut self) -> Prompted<Step> {
        self.prompter.say("\nNothing was typed, so there is nothing to assess.\n")?;
        let items = ["Answer now", "Another question", "Leave"];
        Ok(match self.prompter.choose("What next?", &items, 2)? {
            0 => To(State::Begin(None)),
            1 => Over(End::Another),
            _ => Over(End::Done),
        })
    }

    pub(super) fn probes(&mut self) -> Prompted<Step> {
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

    pub(super) fn edit_reply(&mut self, number: usize) -> Prompted<()> {
        let text = self.draft.words.at(Place::Reply(number)).to_owned();
        let file = self.slot.editor_file().map(|f| f.with_extension("reply.md"));
        if let Some(text) = self.in_editor(file, &text)? {
            self.draft.words.put(Place::Reply(number), tidy(&text).trim());
            self.save();
        }
        Ok(())
    }

    pub(super) fn type_section(&mut self, section: Section) -> Prompted<Typed> {
        let look = self.prompter.look();
        let title = format!("{} ({} of 4)", heading(section), section.index() + 1);
        let text = format!("\n{}\n{}", look.heading(&title), brief::para(&look, &self.judge.purpose(section)));
        self.prompter.say(&text)?;
        self.type_at(Place::Section(section), heading(section))
    }

    /// Has a text typed. Each change of it is in the draft before the next key.
    pub(super) fn type_at(&mut self, place: Place, title: &str) -> Prompted<Typed> {
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
    pub(super) fn in_editor(&mut self, file: Option<PathBuf>, text: &str) -> Prompted<Option<String>> {
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
        if let Err(e) = files::put(folder, &name.to_string_lossy(), text, true) {
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
    pub(super) fn found_in_editor(&self) -> Option<Words> {
        let changed = |p: &Path| fs::metadata(p).and_then(|m| m.modified()).ok();
        let file = self.slot.editor_file()?;
        if changed(&file)? <= changed(&self.slot.path()?)? {
            return None;
        }
        let mut words = self.draft.words.clone();
        editor::read(&String::from_utf8_lossy(&fs::read(&file).ok()?), &mut words);
        (!words.is_blank() && words != self.draft.words).then_some(words)
    }
}
