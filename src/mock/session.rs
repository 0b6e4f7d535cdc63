//! One mock interview, question by question.
//!
//! All that is typed goes to the desk before anything else happens to it, so that whatever ends an
//! interview early (Ctrl-C, a closed terminal, a crash) loses nothing: it goes on where it stopped.

use super::coach;
use super::interview::{Interview, State};
use super::{Desk, Note};
use crate::Section;
use crate::practice::brief::{asked, para};
use crate::practice::{Beside, Coach, Judge, Page, Prompted, Prompter, Stop, Then, face, files};
use crate::report::{Delivery, span};
use crate::words::{Place, Reply, heading, tidy};
use jiff::Timestamp;
use std::fs;
use std::time::Instant;

/// How an interview ended for now.
#[derive(Debug)]
pub(crate) enum End {
    /// All was asked, and the tool's judgements may be shown.
    Done,
    /// All was asked, and a coach rates later: the tool's judgements stay hidden.
    RateLater,
    /// It goes on later.
    Paused,
    /// Ctrl-C, the end of input or a failure: it goes on later.
    Stopped(Stop),
}

/// Where one question leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    On,
    Back,
    Stay,
    Pause,
}

/// A running interview.
pub(crate) struct Session<'p, 'a> {
    /// Whom it is with.
    pub(crate) prompter: &'p mut dyn Prompter,
    /// Where it is kept; none where nothing is saved.
    pub(crate) desk: Option<Desk>,
    /// Questions, and who judges.
    pub(crate) coach: &'a Coach<'a>,
    /// What is kept of it.
    pub(crate) interview: Interview,
    /// Tells the time.
    pub(crate) now: &'p dyn Fn() -> Timestamp,
    started: Instant,
    before: u32,
}

impl<'p, 'a> Session<'p, 'a> {
    /// An interview that begins, or goes on where it stopped.
    pub(crate) fn new(
        prompter: &'p mut dyn Prompter,
        desk: Option<Desk>,
        coach: &'a Coach<'a>,
        interview: Interview,
        now: &'p dyn Fn() -> Timestamp,
    ) -> Self {
        let before = interview.elapsed;
        Self { prompter, desk, coach, interview, now, started: Instant::now(), before }
    }

    /// Leads through it until it ends or stops; what is known of it then, and how it ended.
    pub(crate) fn run(mut self) -> (Interview, Option<Desk>, End) {
        let end = self.play().unwrap_or_else(End::Stopped);
        self.save(true);
        (self.interview, self.desk, end)
    }

    /// Saves it. That it can't be saved is told at the next prompt.
    fn save(&mut self, durable: bool) {
        self.interview.elapsed = self.before.saturating_add(seconds(self.started));
        if let Some(desk) = &mut self.desk {
            desk.save(&self.interview, durable);
        }
    }

    fn tell_trouble(&mut self) -> Prompted<()> {
        if let Some(why) = self.desk.as_ref().and_then(|d| d.trouble.clone()) {
            let text = format!("\nThis interview can't be saved just now ({why}). It is tried again with every key.\n");
            self.prompter.say(&text)?;
        }
        Ok(())
    }

    fn play(&mut self) -> Prompted<End> {
        self.open()?;
        while !self.interview.finished {
            let at = self.interview.place;
            if at < self.interview.turns.len() {
                match self.turn(at)? {
                    Move::On => self.interview.place = at + 1,
                    Move::Back => self.interview.place = at.saturating_sub(1),
                    Move::Stay => {}
                    Move::Pause => return Ok(End::Paused),
                }
                self.save(true);
                self.tell_trouble()?;
                continue;
            }
            if let Some(back) = self.skipped()? {
                self.interview.place = back;
                continue;
            }
            self.interview.finished = true;
            self.save(true);
            let look = self.prompter.look();
            let closing = crate::report::clean_lines(&self.interview.closing);
            let told = format!(
                "\n{}That was the last question, after {}.\n",
                para(&look, &closing),
                face(self.interview.elapsed)
            );
            self.prompter.say(&told)?;
        }
        self.rate_all()
    }

    fn open(&mut self) -> Prompted<()> {
        let look = self.prompter.look();
        let i = &self.interview;
        let mut text = format!("\n{}\n", look.heading(&crate::report::clean(&i.title)));
        let answered = i.places(State::Answered).len();
        if i.elapsed == 0 && answered == 0 {
            let opening = crate::report::clean_lines(&i.opening);
            if !opening.is_empty() {
                text.push_str(&para(&look, &opening));
            }
            let how = "There is no feedback until the end. What you type is kept as you type it. End an answer with a line that \
                       holds only a full stop, or with Ctrl-D; on a line of their own, :skip leaves a question out, :back goes \
                       back, :edit opens your editor and :quit is a pause.";
            let how = if i.feedback { how.replace("There is no feedback until the end. ", "") } else { how.to_owned() };
            text.push_str(&format!("\n{}", para(&look, &how)));
        } else {
            let so_far = format!(
                "It goes on: {answered} of {} questions answered, {} on the clock.",
                i.turns.len(),
                face(i.elapsed)
            );
            text.push_str(&para(&look, &so_far));
        }
        self.prompter.say(&text)
    }

    /// Offers the questions that were left out; the place of the first.
    fn skipped(&mut self) -> Prompted<Option<usize>> {
        let skipped = self.interview.places(State::Skipped);
        let Some(first) = skipped.first() else { return Ok(None) };
        let what =
            if skipped.len() == 1 { "1 question was".to_owned() } else { format!("{} questions were", skipped.len()) };
        let items = ["Leave it so", "Go back to the first of them"];
        let at = self.prompter.choose(&format!("{what} left out."), &items, 0)?;
        Ok((at == 1).then_some(*first))
    }

    fn judge(&self, at: usize) -> Prompted<Box<dyn Judge + 'a>> {
        let turn = &self.interview.turns[at];
        let question = self.coach.question(turn.question.as_deref());
        (self.coach.judge)(&turn.rubric, question, &turn.asked).map_err(|why| Stop::Failed(std::io::Error::other(why)))
    }

    fn turn(&mut self, at: usize) -> Prompted<Move> {
        let look = self.prompter.look();
        let turn = &self.interview.turns[at];
        let mut times = Vec::new();
        if turn.answer > 0 {
            times.push(format!("{} to answer", span(turn.answer)));
        }
        if turn.think > 0 {
            times.push(format!("{} to think", span(turn.think)));
        }
        let head = format!("Question {} of {}", at + 1, self.interview.turns.len());
        let times = if times.is_empty() { String::new() } else { format!(" ({})", times.join(", ")) };
        let text = format!("\n{}{}\n{}", look.heading(&head), look.faint(&times), asked(&turn.asked, &look));
        self.prompter.say(&text)?;
        let thinking = Instant::now();
        match self.ready(at)? {
            Some(other) => return Ok(other),
            None => {
                let turn = &mut self.interview.turns[at];
                turn.thought = turn.thought.saturating_add(seconds(thinking));
                if turn.think > 0 && turn.thought > turn.think {
                    let over = format!("You thought for {}; {} were given.\n", span(turn.thought), span(turn.think));
                    self.prompter.say(&over)?;
                }
            }
        }
        let then = self.answer(at)?;
        match then {
            Then::Back => return Ok(if at == 0 { Move::Stay } else { Move::Back }),
            Then::Quit => return Ok(Move::Pause),
            Then::Skip => {
                self.interview.turns[at].state = State::Skipped;
                return Ok(Move::On);
            }
            Then::Next | Then::Edit => {}
        }
        if self.interview.turns[at].words().is_blank() {
            self.prompter.say("Nothing was typed: the question is left out for now.\n")?;
            self.interview.turns[at].state = State::Skipped;
            return Ok(Move::On);
        }
        self.interview.turns[at].state = State::Answered;
        self.save(true);
        if self.probe(at)? == Then::Quit {
            return Ok(Move::Pause);
        }
        self.feedback(at)?;
        // What stops the interview from here on leads to the next question.
        self.interview.place = at + 1;
        self.save(true);
        self.beside(at)
    }

    /// Waits until the candidate is ready; anything else than an answer is a move.
    fn ready(&mut self, at: usize) -> Prompted<Option<Move>> {
        loop {
            let mut items = vec!["Answer", "Leave it out", "Pause: leave now, go on later"];
            if at > 0 {
                items.push("Back to the question before");
            }
            let note = format!("Note of {}", self.interview.coach.as_deref().unwrap_or_default());
            if self.interview.coach.is_some() {
                items.push(&note);
            }
            let chosen = items[self.prompter.choose("Ready?", &items, 2)?];
            return Ok(match chosen {
                "Answer" => None,
                "Leave it out" => {
                    self.interview.turns[at].state = State::Skipped;
                    Some(Move::On)
                }
                "Back to the question before" => Some(Move::Back),
                chosen if chosen == note => {
                    self.note(at)?;
                    continue;
                }
                _ => Some(Move::Pause),
            });
        }
    }

    /// Has the answer typed; how it ended.
    fn answer(&mut self, at: usize) -> Prompted<Then> {
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
    fn type_at(&mut self, at: usize, place: Place, title: &str) -> Prompted<Then> {
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
        if turn.words().at(place).trim_end() != seed.trim_end() {
            // A changed answer is another one: what was given for the old does not hold for it.
            turn.ratings.clear();
        }
        let used = turn.seconds;
        self.save(true);
        self.tell_trouble()?;
        let typed = typed?;
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
    fn edit(&mut self, at: usize, place: Place) -> Prompted<()> {
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
    fn probe(&mut self, at: usize) -> Prompted<Then> {
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
    fn feedback(&mut self, at: usize) -> Prompted<()> {
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

    /// What the coach beside the machine does after an answer.
    fn beside(&mut self, at: usize) -> Prompted<Move> {
        let Some(rater) = self.interview.coach.clone() else { return Ok(Move::On) };
        loop {
            let rated = self.interview.turns[at].rating(&rater).is_some();
            let rate = if rated { "Rate this answer again" } else { "Rate this answer" };
            let items = ["Go on", rate, "Write a note", "Pause: leave now, go on later"];
            match self.prompter.choose(&format!("{rater}, what now?"), &items, 0)? {
                0 => return Ok(Move::On),
                1 => self.rate(at)?,
                2 => self.note(at)?,
                _ => return Ok(Move::Pause),
            }
        }
    }

    fn rate(&mut self, at: usize) -> Prompted<()> {
        let Some(rater) = self.interview.coach.clone() else { return Ok(()) };
        let judge = self.judge(at)?;
        let blind = !self.interview.revealed && !self.interview.turns[at].shown;
        let now = (self.now)().to_string();
        let mut desk = coach::Desk { prompter: self.prompter, rater: &rater, now };
        if let Some(rating) = desk.rate(&*judge, blind)? {
            self.interview.turns[at].rate(rating);
            self.save(true);
        }
        Ok(())
    }

    fn note(&mut self, at: usize) -> Prompted<()> {
        let Some(rater) = self.interview.coach.clone() else { return Ok(()) };
        self.save(false);
        let answer = self.interview.turns[at].words().answer().text().to_owned();
        let (now, elapsed) = ((self.now)().to_string(), self.interview.elapsed);
        let number = self.interview.turns[at].notes.len();
        let Self { prompter, interview, desk, .. } = self;
        let mut keep = |note: &Note| {
            let notes = &mut interview.turns[at].notes;
            notes.truncate(number);
            notes.push(note.clone());
            if let Some(desk) = desk {
                desk.save(interview, false);
            }
        };
        coach::Desk { prompter: &mut **prompter, rater: &rater, now }.note(&answer, Some(elapsed), &mut keep)?;
        self.save(true);
        Ok(())
    }

    /// The coach's ratings of what was not rated yet, before anything is shown.
    fn rate_all(&mut self) -> Prompted<End> {
        let Some(rater) = self.interview.coach.clone() else { return Ok(End::Done) };
        let open = |i: &Interview| -> Vec<usize> {
            i.places(State::Answered).into_iter().filter(|at| i.turns[*at].rating(&rater).is_none()).collect()
        };
        while let Some(&at) = open(&self.interview).first() {
            let left = open(&self.interview).len();
            let question = format!("{rater}: {left} of your ratings are missing, and the tool's come after them.");
            let items = ["Rate the next answer now", "Rate later: the tool's stay hidden", "Show the tool's now"];
            match self.prompter.choose(&question, &items, 1)? {
                0 => {
                    let turn = &self.interview.turns[at];
                    let (asked, text) = (turn.asked.clone(), turn.words().answer().text().to_owned());
                    let now = String::new();
                    coach::Desk { prompter: &mut *self.prompter, rater: &rater, now }.show(&asked, &text)?;
                    self.rate(at)?;
                }
                1 => return Ok(End::RateLater),
                _ => break,
            }
        }
        Ok(End::Done)
    }
}

fn seconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_secs()).unwrap_or(u32::MAX)
}
