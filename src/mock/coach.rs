//! What a coach does beside the machine: rate, and write notes. Nothing here shows the tool's
//! judgement.

use super::interview::{Note, Rating, find_words};
use crate::Section;
use crate::practice::brief::{para, point};
use crate::practice::{Judge, Page, Prompted, Prompter, Then, face};
use crate::report::{clean, clean_lines};
use crate::words::tidy;

/// What a coach did when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It is done.
    Yes,
    /// Not now.
    No,
}

/// The words that a coach puts to one answer.
pub(crate) struct Desk<'a> {
    /// Whom it is with.
    pub(crate) prompter: &'a mut dyn Prompter,
    /// The coach.
    pub(crate) rater: &'a str,
    /// Now, as it is kept.
    pub(crate) now: String,
}

impl Desk<'_> {
    /// Shows an answer as it was given, without any mark.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(crate) fn show(&mut self, asked: &str, text: &str) -> Prompted<()> {
        let look = self.prompter.look();
        let mut out = format!("\n{}\n", look.heading(&clean(asked)));
        for line in clean_lines(text).lines() {
            out.push_str(&para(&look, line));
        }
        self.prompter.say(&out)
    }

    /// Asks for the coach's own rating, with the anchors of the bands in view.
    ///
    /// # Errors
    /// Interrupted, at the end of input, or the terminal is gone.
    pub(crate) fn rate(&mut self, judge: &dyn Judge, blind: bool) -> Prompted<Option<Rating>> {
        let look = self.prompter.look();
        let mut anchors = format!("\n{}\n", look.heading("What the bands mean"));
        for band in [5, 4, 3, 2, 1] {
            anchors.push_str(&point(&look, &format!("{band}, {}: {}", judge.band(band), judge.anchor(band))));
        }
        self.prompter.say(&anchors)?;
        let bands = [5, 4, 3, 2, 1].map(|band| format!("Band {band}, {}", judge.band(band)));
        let items: Vec<&str> = bands.iter().map(String::as_str).chain(["Not now"]).collect();
        // The cursor begins where no band is: a band that one Enter gives would draw ratings to itself.
        let not_now = bands.len();
        let question = format!("{}: your band for the whole answer?", self.rater);
        let at = self.prompter.choose_from(&question, &items, not_now, not_now)?;
        let Some(overall) = [5, 4, 3, 2, 1].get(at).copied() else { return Ok(None) };
        let mut sections = [None; 4];
        for section in Section::ALL {
            self.prompter.say(&format!("\n{}", para(&look, &judge.purpose(section))))?;
            let items = ["clear", "partial", "absent", "I can't say"];
            let at = self.prompter.choose_from(&format!("How was the {section} told?"), &items, 3, 3)?;
            sections[section.index()] = [2, 1, 0].get(at).copied();
        }
        Ok(Some(Rating { rater: self.rater.to_owned(), at: self.now.clone(), blind, overall, sections }))
    }

    /// Asks for a note, and for the words of the answer that it is about. What is typed is handed to
    /// `keep` before anything else is asked, and again when all of it is known.
    ///
    /// # Errors
    /// As [`Prompter::write`]; `keep` has what was typed until then.
    pub(crate) fn note(&mut self, answer: &str, clock: Option<u32>, keep: &mut dyn FnMut(&Note)) -> Prompted<Done> {
        let mut note = Note {
            by: self.rater.to_owned(),
            at: self.now.clone(),
            clock,
            text: String::new(),
            span: None,
            private: true,
        };
        let page = Page { title: "Your note", seed: "", limit: None };
        let typed = self.prompter.write(&page, &mut |text| {
            text.clone_into(&mut note.text);
            if !text.trim().is_empty() {
                keep(&note);
            }
        })?;
        note.text = tidy(&typed.text).trim().to_owned();
        if note.text.is_empty() || typed.then == Then::Back {
            return Ok(Done::No);
        }
        keep(&note);
        if !answer.trim().is_empty() {
            let page = Page { title: "The words of the answer that it is about, or nothing", seed: "", limit: None };
            let words = self.prompter.write(&page, &mut |_| ())?.text;
            note.span = find_words(answer, &words);
            if note.span.is_none() && !words.trim().is_empty() {
                // Not lost: they stand in the note.
                note.text = format!("“{}”: {}", tidy(&words).trim(), note.text);
                self.prompter.say("These words are not in the answer: they were put before the note.\n")?;
            }
            keep(&note);
        }
        let at = self.prompter.choose("Whom is it for?", &["For coaches alone", "For the candidate too"], 0)?;
        note.private = at == 0;
        keep(&note);
        let mut kept = String::from("The note is kept");
        if let Some(clock) = clock {
            kept.push_str(&format!(", at {} of the interview", face(clock)));
        }
        if let Some(words) = note.span.and_then(|[start, end]| answer.get(start..end)) {
            kept.push_str(&format!(", on “{}”", clean(words)));
        }
        let look = self.prompter.look();
        self.prompter.say(&para(&look, &format!("{kept}.")))?;
        Ok(Done::Yes)
    }
}
