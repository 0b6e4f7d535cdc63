//! The candidate's part: the answer against the clock, the follow-ups, and the assessment where it is
//! wanted at once.

use super::{Session, seconds};
use crate::Section;
use crate::mock::Desk;
use crate::practice::brief::asked;
use crate::practice::{Beside, Page, Prompted, Then, files};
use crate::report::{Delivery, clean, span};
use crate::words::{Place, Reply, heading, tidy};
use std::fs;
use std::time::Instant;

impl Session<'_, '_> {
    /// Has the answer typed; how it ended.
    pub(super) fn answer(&mut self, at: usize) -> Prompted<Then> {
        if self.interview.turns[at].words().is_free() {
            return self.type_at(at, Place::Whole, "Your answer");
        }
        let mut section = 0;
        while let Some(&s) = Section::ALL.get(section) {
            match self.type_at(at, Place::Section(s), heading(s))? {
                Then::Next => section += 1,
                Then::Back if section > 0 => section -= 1,
                other => return Ok(other),
            }
        }
        Ok(Then::Next)
    }

    /// Has one text typed, against the clock.
    pub(super) fn type_at(&mut self, at: usize, place: Place, title: &str) -> Prompted<Then> {
        let turn = &self.interview.turns[at];
        let words = turn.words();
        let seed = words.at(place).to_owned();
        // Follow-ups have no clock.
        let left = turn.answer.saturating_sub(turn.seconds);
        let limit = (left > 0 && !matches!(place, Place::Reply(_))).then_some(left);
        let (answer, used) = (turn.answer, turn.seconds);
        let begun = Instant::now();
        let mut lines = seed.matches('\n').count();
        let Self { prompter, desk, interview, started, before, .. } = self;
        let typed = prompter.write(&Page { title, seed: &seed, limit }, &mut |text| {
            let text = tidy(text);
            let turn = &mut interview.turns[at];
            let mut words = turn.words();
            if words.at(place) == text {
                return;
            }
            words.put(place, &text);
            turn.said = Some(words);
            turn.seconds = used.saturating_add(seconds(begun));
            interview.elapsed = before.saturating_add(seconds(*started));
            let now = text.matches('\n').count();
            if let Some(desk) = desk {
                desk.save(interview, now != lines);
            }
            lines = now;
        });
        let turn = &mut self.interview.turns[at];
        turn.seconds = used.saturating_add(seconds(begun));
        if let Ok(typed) = &typed {
            let mut words = turn.words();
            words.put(place, &tidy(&typed.text));
            turn.said = Some(words);
        }
        let mut dropped = Vec::new();
        if turn.words().at(place).trim_end() != seed.trim_end() {
            // A changed answer is another one: what was given for the old does not hold for it.
            for rating in std::mem::take(&mut turn.ratings) {
                dropped.push(rating.rater);
            }
        }
        let used = turn.seconds;
        self.save(true);
        self.tell_trouble()?;
        let typed = typed?;
        if let Some(rater) = dropped.first() {
            let text = format!("The answer is another one now, so the rating of {} was dropped.\n", clean(rater));
            self.prompter.say(&text)?;
        }
        if typed.then == Then::Edit {
            self.edit(at, place)?;
            return Ok(Then::Next);
        }
        if typed.then == Then::Next && answer > 0 && used > answer && !matches!(place, Place::Reply(_)) {
            let over = format!("That took {}, {} more than were given.\n", span(used), span(used - answer));
            self.prompter.say(&over)?;
        }
        Ok(typed.then)
    }

    /// Lets the candidate write on in an editor.
    pub(super) fn edit(&mut self, at: usize, place: Place) -> Prompted<()> {
        let Some(file) = self.desk.as_ref().map(Desk::editor_file) else {
            return self.prompter.say("Nothing is saved, so there is no file to open.\n");
        };
        let words = self.interview.turns[at].words();
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(()) };
        let text = words.at(place).to_owned();
        if let Err(e) = files::put(folder, &name.to_string_lossy(), &text, true) {
            return self.prompter.say(&format!("{} can't be written: {e}.\n", file.display()));
        }
        let opened = self.prompter.edit(&file)?;
        match opened.and_then(|()| fs::read(&file).map_err(|e| format!("Its file can't be read: {e}."))) {
            Ok(bytes) => {
                let mut words = words;
                words.put(place, tidy(&String::from_utf8_lossy(&bytes)).trim());
                self.interview.turns[at].said = Some(words);
                self.save(true);
                let _ = fs::remove_file(&file);
                Ok(())
            }
            Err(why) => self.prompter.say(&format!("{why} Its file is kept: {}.\n", file.display())),
        }
    }

    /// Asks the follow-ups that the plan allows.
    pub(super) fn probe(&mut self, at: usize) -> Prompted<Then> {
        let most = usize::try_from(self.interview.turns[at].probes).unwrap_or(0);
        if most == 0 || self.interview.turns[at].probed {
            return Ok(Then::Next);
        }
        let probes = self.judge(at)?.assess(&self.interview.turns[at].words().answer()).probes;
        for probe in probes.into_iter().take(most) {
            let turn = &mut self.interview.turns[at];
            let mut words = turn.words();
            if words.replies.iter().any(|r| r.probe == probe) {
                continue;
            }
            let number = words.replies.len();
            words.replies.push(Reply { probe: probe.clone(), text: String::new() });
            turn.said = Some(words);
            let look = self.prompter.look();
            self.prompter.say(&asked(&probe, &look))?;
            let then = self.type_at(at, Place::Reply(number), "Your reply")?;
            let turn = &mut self.interview.turns[at];
            let mut words = turn.words();
            if words.at(Place::Reply(number)).trim().is_empty() {
                words.replies.truncate(number);
                turn.said = Some(words);
            }
            match then {
                Then::Quit => return Ok(then),
                Then::Back => break,
                Then::Next | Then::Skip | Then::Edit => {}
            }
        }
        self.interview.turns[at].probed = true;
        self.save(true);
        Ok(Then::Next)
    }

    /// Shows the assessment at once, where that was wanted.
    pub(super) fn feedback(&mut self, at: usize) -> Prompted<()> {
        if !self.interview.feedback {
            return Ok(());
        }
        // A coach at the same keyboard rates first.
        if self.interview.coach.is_some() && self.interview.turns[at].ratings.is_empty() {
            self.rate(at)?;
        }
        let judge = self.judge(at)?;
        let answer = self.interview.turns[at].words().answer();
        let look = self.prompter.look();
        let report = judge.report(
            &look,
            &answer,
            &judge.assess(&answer),
            Beside { remarks: &[], delivery: Delivery { spoken: false, seconds: None } },
        );
        self.interview.turns[at].shown = true;
        self.save(true);
        self.prompter.say("\n")?;
        self.prompter.product(&report)
    }
}
