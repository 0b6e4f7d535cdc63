//! The seam between a rehearsal and whoever is in front of it.
//!
//! The session knows this trait alone. The terminal stands behind it when a person practises, a
//! script when a test does.

use crate::report::Look;
use std::io;
use std::path::Path;

/// Why a prompt brought no answer.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// The input ended.
    Ended,
    /// The terminal failed.
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => Self::Interrupted,
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => Self::Ended,
            _ => Self::Failed(error),
        }
    }
}

/// What a prompt brings, or why it brought nothing.
pub(crate) type Prompted<T> = Result<T, Stop>;

/// One text to be typed.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// What is being written, such as "Situation".
    pub(crate) title: &'a str,
    /// The text to start from; empty where there is none.
    pub(crate) seed: &'a str,
    /// How many seconds are left for it, where a clock runs.
    pub(crate) limit: Option<u32>,
}

/// What the candidate wants after a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// The text is complete.
    Next,
    /// Leave it as it is and go on.
    Skip,
    /// Back to the text before it.
    Back,
    /// Go on writing it in the editor.
    Edit,
    /// Leave the rehearsal.
    Quit,
}

impl Then {
    /// What a line on its own orders, if anything: `.`, `:back`, `:skip`, `:edit` or `:quit`.
    pub(crate) fn of(line: &str) -> Option<Self> {
        match line.trim() {
            "." => Some(Self::Next),
            ":skip" => Some(Self::Skip),
            ":back" => Some(Self::Back),
            ":edit" => Some(Self::Edit),
            ":quit" | ":q" => Some(Self::Quit),
            _ => None,
        }
    }
}

/// A text as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    /// The text.
    pub(crate) text: String,
    /// What comes next.
    pub(crate) then: Then,
}

/// A clock that the candidate sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock<'a> {
    /// What the time is for.
    pub(crate) title: &'a str,
    /// How to end it, in a sentence.
    pub(crate) how: &'a str,
    /// How much time there is.
    pub(crate) seconds: u32,
    /// Whether it ends when the time is up; otherwise it goes on and says so.
    pub(crate) ends: bool,
}

/// What was said, written down by a command of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transcript {
    /// The words.
    pub(crate) text: String,
    /// How long it took to say them.
    pub(crate) seconds: u32,
}

/// Called with the whole text whenever it has changed. It must be cheap: it runs while a person types.
pub(crate) type Keep<'a> = dyn FnMut(&str) + 'a;

/// A person, or what stands in for one.
pub(crate) trait Prompter {
    /// How text looks in this conversation.
    fn look(&self) -> Look;

    /// Shows a text of the conversation.
    ///
    /// # Errors
    /// The terminal is gone.
    fn say(&mut self, text: &str) -> Prompted<()>;

    /// Shows an assessment: the product, which goes to standard output.
    ///
    /// # Errors
    /// The terminal is gone.
    fn product(&mut self, text: &str) -> Prompted<()>;

    /// One of a few things to do; `escape` is what Esc means.
    ///
    /// # Errors
    /// Interrupted, at the end of input, or the terminal is gone.
    fn choose(&mut self, question: &str, items: &[&str], escape: usize) -> Prompted<usize> {
        self.choose_from(question, items, 0, escape)
    }

    /// The same, with the cursor on `start` at first.
    ///
    /// # Errors
    /// As [`Prompter::choose`].
    fn choose_from(&mut self, question: &str, items: &[&str], start: usize, escape: usize) -> Prompted<usize>;

    /// One of many, found by typing; `None` where the candidate wants none.
    ///
    /// # Errors
    /// Interrupted, at the end of input, or the terminal is gone.
    fn pick(&mut self, question: &str, items: &[String]) -> Prompted<Option<usize>>;

    /// A text of any number of lines. `keep` is called with all of it while it is typed, and once
    /// more before this returns, whether it returns a text or an error.
    ///
    /// # Errors
    /// Interrupted, at the end of input (of an empty text), or the terminal is gone.
    fn write(&mut self, page: &Page<'_>, keep: &mut Keep<'_>) -> Prompted<Typed>;

    /// Lets a clock run until Enter, or until its time is up; how many seconds it ran.
    ///
    /// # Errors
    /// Interrupted, at the end of input, or the terminal is gone.
    fn clock(&mut self, clock: &Clock<'_>) -> Prompted<u32>;

    /// Reads a text aloud, where the user has a command for it. That it did not work is said.
    ///
    /// # Errors
    /// Interrupted, or the terminal is gone.
    fn read_aloud(&mut self, text: &str) -> Prompted<()>;

    /// Has what is said written down; `None` where the user has no command for it. The inner `Err`
    /// says why it did not work.
    ///
    /// # Errors
    /// Interrupted, or the terminal is gone.
    fn transcribe(&mut self, clock: &Clock<'_>) -> Prompted<Option<Result<Transcript, String>>>;

    /// Opens the candidate's editor on a file; `Err` in the inner result says why it did not work.
    ///
    /// # Errors
    /// Interrupted.
    fn edit(&mut self, file: &Path) -> Prompted<Result<(), String>>;
}
