//! One mock interview, question by question; `answer` is the candidate's part, `beside` the coach's.
//!
//! All that is typed goes to the desk before anything else happens to it, so that whatever ends an
//! interview early (Ctrl-C, a closed terminal, a crash) loses nothing: it goes on where it stopped.

mod answer;
mod beside;

use super::Desk;
use super::interview::{Interview, State};
use crate::practice::brief::{asked, para};
use crate::practice::{Coach, Judge, Prompted, Prompter, Stop, Then, face};
use crate::report::span;
use jiff::Timestamp;
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
            // Whoever comes back to an answer has had the time to think of it.
            None if !self.interview.turns[at].words().is_blank() => {}
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
            let turn = &self.interview.turns[at];
            let answered = turn.state == State::Answered;
            let begun = !turn.words().is_blank();
            let note = self.interview.coach.as_ref().map(|coach| format!("Write a note ({coach})"));
            let mut items: Vec<(&str, Ready)> = Vec::new();
            if answered {
                items.push(("Leave the answer as it is", Ready::Keep));
            }
            let answer = match (answered, begun) {
                (true, _) => "Change the answer",
                (false, true) => "Go on with the answer",
                (false, false) => "Answer",
            };
            items.push((answer, Ready::Answer));
            items.push((if answered { "Take the answer out" } else { "Leave it out" }, Ready::Skip));
            items.push(("Pause: leave now, go on later", Ready::Pause));
            let pause = items.len() - 1;
            if at > 0 {
                items.push(("Back to the question before", Ready::Back));
            }
            if let Some(note) = &note {
                items.push((note, Ready::Note));
            }
            let titles: Vec<&str> = items.iter().map(|(title, _)| *title).collect();
            let question = if answered { "This one is answered." } else { "Ready?" };
            let chosen = self.prompter.choose(question, &titles, pause)?;
            return Ok(match items[chosen].1 {
                Ready::Answer => None,
                Ready::Keep => Some(Move::On),
                Ready::Skip => {
                    self.interview.turns[at].state = State::Skipped;
                    Some(Move::On)
                }
                Ready::Back => Some(Move::Back),
                Ready::Pause => Some(Move::Pause),
                Ready::Note => {
                    self.note(at)?;
                    continue;
                }
            });
        }
    }
}

/// What can be done before a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ready {
    Answer,
    Keep,
    Skip,
    Pause,
    Back,
    Note,
}

fn seconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_secs()).unwrap_or(u32::MAX)
}
