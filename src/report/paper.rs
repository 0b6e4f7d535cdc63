//! Headings, paragraphs and lists for people, wrapped to a width.

use super::{Look, clean, clean_lines};
use console::Style;
use std::io::{self, Write};

/// Widest text that reads well.
const WIDEST: usize = 100;

/// A writer for people. What it is given may hold colour of ours; texts of others go through
/// [`clean`] first.
pub(crate) struct Paper<'a> {
    /// Where it goes.
    pub(crate) out: &'a mut dyn Write,
    /// How it looks.
    pub(crate) look: Look,
    /// Columns of text.
    pub(crate) width: usize,
}

impl<'a> Paper<'a> {
    /// A writer as wide as the look says, but never too wide to read.
    pub(crate) fn new(out: &'a mut dyn Write, look: Look) -> Self {
        Self { out, look, width: look.width.min(WIDEST) }
    }

    /// One line as it is.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.look.plainly(text.trim_end()))
    }

    /// An empty line and a heading.
    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.look.heading(text))
    }

    /// A paragraph after `lead`, its further lines under its first.
    pub(crate) fn item(&mut self, lead: &str, text: &str) -> io::Result<()> {
        self.painted(lead, None, text)
    }

    /// The same, of lesser weight.
    pub(crate) fn faint(&mut self, lead: &str, text: &str) -> io::Result<()> {
        self.painted(lead, Some(Style::new().dim()), text)
    }

    /// A paragraph in a style: each line by itself, so that it survives a pager.
    pub(crate) fn painted(&mut self, lead: &str, style: Option<Style>, text: &str) -> io::Result<()> {
        let indent = " ".repeat(console::measure_text_width(lead));
        // Ids such as `no-resolution` stay whole.
        let width = self.width.saturating_sub(indent.len()).max(10);
        let options = textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
        for (i, line) in textwrap::wrap(&self.look.plainly(text), options).iter().enumerate() {
            let lead = if i == 0 { lead } else { &indent };
            match &style {
                Some(style) => self.line(&format!("{lead}{}", self.look.paint(style.clone(), line)))?,
                None => self.line(&format!("{lead}{line}"))?,
            }
        }
        Ok(())
    }

    /// A text of a file, made harmless, paragraph by paragraph.
    pub(crate) fn prose(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let text = clean_lines(text.trim());
        let indent = " ".repeat(console::measure_text_width(lead));
        for (i, paragraph) in text.split("\n\n").enumerate() {
            if i > 0 {
                self.line("")?;
            }
            self.item(if i == 0 { lead } else { &indent }, &clean(paragraph.trim()))?;
        }
        Ok(())
    }

    /// A heading and a list of texts of a file; nothing where the list is empty.
    pub(crate) fn list<T: AsRef<str>>(
        &mut self,
        heading: &str,
        sign: &str,
        texts: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_some() {
            self.heading(heading)?;
        }
        self.items(sign, texts)
    }

    /// The items of a list, each after its sign.
    pub(crate) fn items<T: AsRef<str>>(&mut self, sign: &str, texts: impl IntoIterator<Item = T>) -> io::Result<()> {
        for text in texts {
            self.prose(&format!("  {sign} "), text.as_ref())?;
        }
        Ok(())
    }

    /// The sign before an item of a list.
    pub(crate) const fn bullet(&self) -> &'static str {
        self.look.sign("·", "-")
    }
}
