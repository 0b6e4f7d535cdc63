//! A person at a terminal.

use super::editor;
use super::entry;
use super::interrupt::Interrupt;
use super::prompter::{Clock, Keep, Page, Prompted, Prompter, Stop, Transcript, Typed};
use super::speech::{self, Speech};
use crate::report::{Look, clean};
use console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{FuzzySelect, Select};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

/// The terminal: conversation on standard error, assessments on standard output.
#[derive(Debug)]
pub(crate) struct Terminal {
    look: Look,
    term: Term,
    /// Commands of the user's own that speak and listen.
    pub(crate) speech: Speech,
    /// Ctrl-C; nobody notes it until [`Interrupt::watch`] stands here.
    pub(crate) interrupt: Interrupt,
}

impl Terminal {
    /// The terminal, where standard input and standard error are one. Without that no prompt may be
    /// shown: some would spin for ever.
    pub(crate) fn open(look: Look) -> Option<Self> {
        let term = Term::stderr();
        (io::stdin().is_terminal() && term.is_term()).then_some(Self {
            look,
            term,
            speech: Speech::default(),
            interrupt: Interrupt::default(),
        })
    }

    fn check(&self) -> Prompted<()> {
        if self.interrupt.take() { Err(Stop::Interrupted) } else { Ok(()) }
    }

    /// Whatever a menu brought: the cursor is visible again, which dialoguer forgets on Ctrl-C.
    fn after<T>(&self, result: dialoguer::Result<T>) -> Prompted<T> {
        let _ = self.term.show_cursor();
        self.check()?;
        result.map_err(|dialoguer::Error::IO(e)| e.into())
    }

    fn theme(&self) -> Box<dyn Theme> {
        if self.look.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) }
    }

    fn columns(&self) -> usize {
        usize::from(self.term.size().1)
    }

    /// A numbered list that is read from top to bottom, for screen readers and simple terminals.
    fn numbered(&mut self, question: &str, items: &[&str]) -> Prompted<()> {
        let list: String = items.iter().enumerate().map(|(i, item)| self.entry(i, item)).collect();
        self.say(&format!("\n{question}\n{list}"))
    }

    fn entry(&self, at: usize, item: &str) -> String {
        let options = textwrap::Options::new(self.look().width).initial_indent("  ").subsequent_indent("     ");
        format!("{}\n", textwrap::fill(&format!("{}. {item}", at + 1), options))
    }
}

impl Prompter for Terminal {
    /// As wide as the terminal is now; of standard output, that may be a file, nothing is asked.
    fn look(&self) -> Look {
        Look { width: self.columns().clamp(40, 120), ..self.look }
    }

    fn say(&mut self, text: &str) -> Prompted<()> {
        io::stderr().lock().write_all(self.look.plainly(text).as_bytes())?;
        Ok(())
    }

    fn product(&mut self, text: &str) -> Prompted<()> {
        let text = &*self.look.plainly(text);
        let mut out = io::stdout().lock();
        if out.is_terminal() {
            out.write_all(text.as_bytes())?;
        } else {
            out.write_all(console::strip_ansi_codes(text).as_bytes())?;
            // The candidate reads it too.
            io::stderr().lock().write_all(text.as_bytes())?;
        }
        out.flush()?;
        Ok(())
    }

    fn choose_from(&mut self, question: &str, items: &[&str], start: usize, escape: usize) -> Prompted<usize> {
        self.check()?;
        if self.look.plain {
            self.numbered(question, items)?;
            loop {
                let typed = entry::line(&format!("Number, 1 to {}: ", items.len()))?;
                match typed.trim().parse::<usize>() {
                    Ok(n) if (1..=items.len()).contains(&n) => return Ok(n - 1),
                    _ => self.say("That is no number of the list.\n")?,
                }
            }
        }
        self.say("\n")?;
        let theme = self.theme();
        let chosen =
            Select::with_theme(&*theme).with_prompt(question).items(items).default(start).interact_on_opt(&self.term);
        Ok(self.after(chosen)?.unwrap_or(escape))
    }

    fn pick(&mut self, question: &str, items: &[String]) -> Prompted<Option<usize>> {
        self.check()?;
        if self.look.plain {
            return self.pick_plainly(items);
        }
        self.say("\n")?;
        let width = self.columns().saturating_sub(6).max(20);
        let lines: Vec<_> = items.iter().map(|i| console::truncate_str(i, width, "...")).collect();
        let rows = usize::from(self.term.size().0).saturating_sub(4).clamp(3, 15);
        let theme = self.theme();
        let fuzzy = FuzzySelect::with_theme(&*theme)
            .with_prompt(question)
            .items(&lines)
            .default(0)
            .max_length(rows)
            .report(false);
        let picked = fuzzy.interact_on_opt(&self.term);
        self.after(picked)
    }

    fn write(&mut self, page: &Page<'_>, keep: &mut Keep<'_>) -> Prompted<Typed> {
        self.check()?;
        let (rows, columns) = self.term.size();
        let (rows, columns) = (usize::from(rows), usize::from(columns));
        if entry::is_tall(page.seed, rows, columns) {
            self.say("This text is taller than the screen. To change its beginning, :edit opens it in your editor.\n")?;
        }
        let typed = entry::write(page, rows, columns, self.look.plain, keep)?;
        self.check()?;
        Ok(typed)
    }

    fn clock(&mut self, clock: &Clock<'_>) -> Prompted<u32> {
        self.check()?;
        speech::run(clock, self.look(), &self.interrupt)
    }

    fn read_aloud(&mut self, text: &str) -> Prompted<()> {
        self.check()?;
        if let Err(why) = self.speech.read(text) {
            self.say(&format!("{why}\n"))?;
        }
        self.check()
    }

    fn transcribe(&mut self, clock: &Clock<'_>) -> Prompted<Option<Result<Transcript, String>>> {
        self.check()?;
        self.speech.listen(clock, self.look(), &self.interrupt)
    }

    fn edit(&mut self, file: &Path) -> Prompted<Result<(), String>> {
        self.check()?;
        let Some(command) = editor::find() else {
            return Ok(Err("No editor was found: set VISUAL or EDITOR.".to_owned()));
        };
        self.say(&format!(
            "Opening {} in {}\n",
            clean(&file.display().to_string()),
            clean(&command.to_string_lossy())
        ))?;
        let opened = editor::open(&command, file);
        let _ = self.term.show_cursor();
        // Ctrl-C reaches the editor and us. One that lived on has its own use for the key.
        let interrupted = self.interrupt.take();
        if opened.is_err() && interrupted { Err(Stop::Interrupted) } else { Ok(opened) }
    }
}

/// How many lines of a long list are read out at once.
const MOST_LINES: usize = 20;

impl Terminal {
    fn pick_plainly(&mut self, items: &[String]) -> Prompted<Option<usize>> {
        let mut word = String::new();
        loop {
            let like: Vec<(usize, &String)> =
                items.iter().enumerate().filter(|(_, item)| item.to_lowercase().contains(&word)).collect();
            let mut text = String::from("\n");
            for (i, item) in like.iter().take(MOST_LINES) {
                text.push_str(&self.entry(*i, item));
            }
            match like.len() {
                0 => text.push_str("  No question has that.\n"),
                n if n > MOST_LINES => text.push_str(&format!("  and {} more.\n", n - MOST_LINES)),
                _ => {}
            }
            self.say(&text)?;
            let typed = entry::line("Number, a word to search for, or nothing to leave: ")?;
            let typed = typed.trim();
            if typed.is_empty() {
                return Ok(None);
            }
            match typed.parse::<usize>() {
                Ok(n) if (1..=items.len()).contains(&n) => return Ok(Some(n - 1)),
                Ok(_) => self.say("That is no number of the list.\n")?,
                Err(_) => word = typed.to_lowercase(),
            }
        }
    }
}
