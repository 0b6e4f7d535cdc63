//! The coach's part: ratings and notes beside the machine.

use super::{End, Move, Session};
use crate::mock::interview::Interview;
use crate::mock::{Note, State, coach};
use crate::practice::Prompted;

impl Session<'_, '_> {
    /// What the coach beside the machine does after an answer.
    pub(super) fn beside(&mut self, at: usize) -> Prompted<Move> {
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

    pub(super) fn rate(&mut self, at: usize) -> Prompted<()> {
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

    pub(super) fn note(&mut self, at: usize) -> Prompted<()> {
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

    /// Shows an answer and asks for its rating.
    fn rate_shown(&mut self, at: usize, rater: &str) -> Prompted<()> {
        let turn = &self.interview.turns[at];
        let (asked, text) = (turn.asked.clone(), turn.words().answer().text().to_owned());
        coach::Desk { prompter: &mut *self.prompter, rater, now: String::new() }.show(&asked, &text)?;
        self.rate(at)
    }

    /// The last chance to mend a slip: what is rated after the tool's are shown no longer counts as own.
    fn rate_again(&mut self, rater: &str) -> Prompted<()> {
        loop {
            let rated: Vec<(usize, u8)> = self
                .interview
                .turns
                .iter()
                .enumerate()
                .filter_map(|(at, turn)| Some((at, turn.rating(rater)?.overall)))
                .collect();
            if rated.is_empty() {
                return Ok(());
            }
            let change: Vec<String> =
                rated.iter().map(|(at, band)| format!("Rate answer {} again (band {band})", at + 1)).collect();
            let items: Vec<&str> =
                std::iter::once("Show the tool's now").chain(change.iter().map(String::as_str)).collect();
            match self.prompter.choose(&format!("{rater}: all is rated."), &items, 0)? {
                0 => return Ok(()),
                n => self.rate_shown(rated[n - 1].0, rater)?,
            }
        }
    }

    /// The coach's ratings of what was not rated yet, before anything is shown.
    pub(super) fn rate_all(&mut self) -> Prompted<End> {
        let Some(rater) = self.interview.coach.clone() else { return Ok(End::Done) };
        let open = |i: &Interview| -> Vec<usize> {
            i.places(State::Answered).into_iter().filter(|at| i.turns[*at].rating(&rater).is_none()).collect()
        };
        while let Some(&at) = open(&self.interview).first() {
            let left = open(&self.interview).len();
            let are = if left == 1 { "is" } else { "are" };
            let question = format!("{rater}: {left} of your ratings {are} missing, and the tool's come after them.");
            let items = ["Rate the next answer now", "Rate later: the tool's stay hidden", "Show the tool's now"];
            match self.prompter.choose(&question, &items, 1)? {
                0 => self.rate_shown(at, &rater)?,
                1 => return Ok(End::RateLater),
                _ => return Ok(End::Done),
            }
        }
        self.rate_again(&rater)?;
        Ok(End::Done)
    }
}
