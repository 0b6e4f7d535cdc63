//! Typing a text of many lines in the terminal: rustyline with a keeper behind every key.

use super::prompter::{Keep, Page, Prompted, Stop, Then, Typed};
use super::speech::{announcement, face};
use crate::words::tidy;
use rustyline::completion::Completer;
use rustyline::config::{Behavior, ColorMode, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, ExternalPrinter, Helper, KeyEvent,
    RepeatCount,
};
use std::cell::{Cell, RefCell};
use std::io::{self, Write as _};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Between two saves at the least, while more is on its way, as in what is pasted. A line that ends, and
/// the last key for now, are saved at once.
const PAUSE: Duration = Duration::from_millis(150);

/// Has a text typed: see [`super::prompter::Prompter::write`].
pub(crate) fn write(page: &Page<'_>, rows: usize, columns: usize, plain: bool, keep: &mut Keep<'_>) -> Prompted<Typed> {
    let mut editor: Editor<Keeper<'_, '_>, MemHistory> =
        Editor::with_history(config(), MemHistory::new()).map_err(stop)?;
    editor.set_helper(Some(Keeper::new(keep, rows, columns)));
    editor.bind_sequence(Event::from(KeyEvent::ctrl('D')), EventHandler::Conditional(Box::new(EndOfText)));
    let _clock = match page.limit {
        Some(seconds) => Some(Running::start(seconds, plain, editor.create_external_printer().map_err(stop)?)?),
        None => None,
    };
    let mut seed = page.seed.trim_end().to_owned();
    if seed.ends_with(['.', '!', '?', '”', '"']) {
        // What is a whole sentence is likely finished: the order that ends the text wants a line of its own.
        seed.push('\n');
    }
    // The line that says how to end is in the prompt itself, so that whoever waits for it can type.
    // A prompt that ended with its line would be drawn twice (rustyline 19).
    let mut prompt = format!("{}, then \".\" on a line of its own:\n> ", page.title);
    loop {
        let read = editor.readline_with_initial(&prompt, (&seed, ""));
        let Some(keeper) = editor.helper_mut() else { return Err(Stop::Ended) };
        let line = match read {
            Ok(line) => line,
            // Ctrl-D on an empty line, below what outgrew the screen, ends that text.
            Err(ReadlineError::Eof) if !keeper.before.borrow().is_empty() => String::from("."),
            Err(e) => {
                keeper.keep_now();
                return Err(stop(e));
            }
        };
        if let Some(typed) = keeper.take(&line) {
            return Ok(typed);
        }
        // The text is taller than the screen: what was typed stands, and the next lines follow it.
        seed.clear();
        "> ".clone_into(&mut prompt);
    }
}

/// A clock that runs while a text is typed: in the title of the window, and above the text a few
/// times. It stops when it is dropped.
struct Running {
    end: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
    plain: bool,
}

impl Running {
    fn start(seconds: u32, plain: bool, mut printer: impl ExternalPrinter + Send + 'static) -> Prompted<Self> {
        let (end, ended) = mpsc::channel();
        let started = Instant::now();
        let tick = move || {
            let mut shown = None;
            while ended.recv_timeout(Duration::from_millis(200)) == Err(mpsc::RecvTimeoutError::Timeout) {
                let now = u32::try_from(started.elapsed().as_secs()).unwrap_or(u32::MAX);
                if shown.replace(now) == Some(now) {
                    continue;
                }
                if !plain {
                    let mut err = io::stderr().lock();
                    // A clock that can't be shown is no reason to disturb who types.
                    let _ = write!(err, "\u{1b}]2;{} of {}\u{7}", face(now), face(seconds)).and_then(|()| err.flush());
                }
                if let Some(text) = announcement(now, seconds) {
                    let _ = printer.print(format!("[{text}]\n"));
                }
            }
        };
        let thread = thread::Builder::new().spawn(tick)?;
        Ok(Self { end: Some(end), thread: Some(thread), plain })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if !self.plain {
            let _ = write!(io::stderr(), "\u{1b}]2;\u{7}");
        }
    }
}

/// Has one line typed.
pub(crate) fn line(prompt: &str) -> Prompted<String> {
    let mut editor: Editor<(), MemHistory> = Editor::with_history(config(), MemHistory::new()).map_err(stop)?;
    Ok(tidy(&editor.readline(prompt).map_err(stop)?))
}

fn config() -> Config {
    // The hints and colours of rustyline are not used; its output goes to the terminal even where
    // standard output does not.
    Config::builder().behavior(Behavior::PreferTerm).color_mode(ColorMode::Disabled).auto_add_history(false).build()
}

fn stop(error: ReadlineError) -> Stop {
    match error {
        ReadlineError::Interrupted => Stop::Interrupted,
        ReadlineError::Eof => Stop::Ended,
        ReadlineError::Io(e) => e.into(),
        other => Stop::Failed(io::Error::other(other.to_string())),
    }
}

/// Ctrl-D at the end of a text ends it; elsewhere it deletes the next character, and in an empty
/// text it is the end of input, as everywhere.
struct EndOfText;

impl ConditionalEventHandler for EndOfText {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let (line, at) = (context.line(), context.pos());
        if line.is_empty() { Some(Cmd::EndOfFile) } else { (at == line.len()).then_some(Cmd::AcceptLine) }
    }
}

/// Hands every change to the keeper, and tells when a text is complete.
struct Keeper<'k, 'f> {
    keep: RefCell<&'k mut Keep<'f>>,
    /// What was typed before the text that is edited now, where it outgrew the screen.
    before: RefCell<String>,
    now: RefCell<String>,
    saved: Cell<Option<(Instant, usize)>>,
    rows: usize,
    columns: usize,
}

impl<'k, 'f> Keeper<'k, 'f> {
    fn new(keep: &'k mut Keep<'f>, rows: usize, columns: usize) -> Self {
        let (before, now) = (RefCell::default(), RefCell::default());
        Self { keep: RefCell::new(keep), before, now, saved: Cell::new(None), rows, columns }
    }

    fn changed(&self, text: &str) {
        let lines = text.matches('\n').count();
        text.clone_into(&mut self.now.borrow_mut());
        let due = self.saved.get().is_none_or(|(when, then)| then != lines || when.elapsed() >= PAUSE);
        let due = due || !more_is_coming();
        if due {
            self.keep_now();
            self.saved.set(Some((Instant::now(), lines)));
        }
    }

    fn keep_now(&self) {
        let (text, _) = ending(&self.all());
        (self.keep.borrow_mut())(&text);
    }

    fn all(&self) -> String {
        join(&self.before.borrow(), &self.now.borrow())
    }

    /// The text, where it is complete; otherwise it is put to what was typed before.
    fn take(&mut self, line: &str) -> Option<Typed> {
        line.clone_into(&mut self.now.borrow_mut());
        let (text, then) = ending(&self.all());
        (self.keep.borrow_mut())(&text);
        if then.is_none() && self.is_tall(line) {
            let all = self.all();
            self.before.replace(all);
            self.now.borrow_mut().clear();
            return None;
        }
        Some(Typed { text, then: then.unwrap_or(Then::Next) })
    }

    fn is_tall(&self, text: &str) -> bool {
        is_tall(text, self.rows, self.columns)
    }
}

/// Whether keys wait to be read: what is saved now would be old at once.
#[cfg(unix)]
fn more_is_coming() -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd as _;
    let stdin = io::stdin();
    poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
}

/// Elsewhere nobody can tell.
#[cfg(not(unix))]
const fn more_is_coming() -> bool {
    false
}

/// Whether a text leaves no room to edit it on a screen of this size.
pub(crate) fn is_tall(text: &str, rows: usize, columns: usize) -> bool {
    let needed: usize = text.split('\n').map(|line| console::measure_text_width(line) / columns.max(1) + 1).sum();
    needed + 4 > rows
}

fn join(before: &str, now: &str) -> String {
    if before.is_empty() { now.to_owned() } else { format!("{before}\n{now}") }
}

/// A text without the order in its last line, and the order.
fn ending(text: &str) -> (String, Option<Then>) {
    // The cursor may have stood above the end when the order was given.
    let (body, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text));
    match Then::of(last) {
        Some(then) => (body.trim_end().to_owned(), Some(then)),
        None => (text.to_owned(), None),
    }
}

impl Helper for Keeper<'_, '_> {}
impl Highlighter for Keeper<'_, '_> {}
impl Completer for Keeper<'_, '_> {
    type Candidate = String;
}

impl Hinter for Keeper<'_, '_> {
    type Hint = String;

    /// Called after every change of the text; there is never a hint.
    fn hint(&self, line: &str, _: usize, _: &rustyline::Context<'_>) -> Option<String> {
        self.changed(line);
        None
    }
}

impl Validator for Keeper<'_, '_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let complete = ending(text).1.is_some() || self.is_tall(text);
        Ok(if complete { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_with_an_order_on_a_line_of_its_own() {
        assert_eq!(ending("It broke.\nI fixed it.\n."), ("It broke.\nI fixed it.".into(), Some(Then::Next)));
        assert_eq!(ending("It broke.\n.\n\n"), ("It broke.".into(), Some(Then::Next)));
        assert_eq!(ending(":back"), (String::new(), Some(Then::Back)));
        assert_eq!(ending("It cost 3.\nSee :quit here"), ("It cost 3.\nSee :quit here".into(), None));
        assert_eq!(ending(""), (String::new(), None));
    }

    #[test]
    fn a_text_that_outgrows_the_screen_goes_on_below() {
        let mut kept = String::new();
        let mut keep = |text: &str| text.clone_into(&mut kept);
        let mut keeper = Keeper::new(&mut keep, 8, 20);
        assert!(keeper.take("one\ntwo\nthree\nfour\nfive").is_none());
        let typed = keeper.take("six\n.").unwrap();
        assert_eq!(typed.text, "one\ntwo\nthree\nfour\nfive\nsix");
        assert_eq!(kept, typed.text);
    }
}
