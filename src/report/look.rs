//! How text for people looks: colour, width, and what stands in for signs that ASCII lacks.

use console::Style;
use std::borrow::Cow;

/// How text for people looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Whether to use colour.
    pub(crate) color: bool,
    /// ASCII only.
    pub(crate) plain: bool,
    /// Columns.
    pub(crate) width: usize,
}

impl Look {
    /// `text` in a style, or as it is where there is no colour.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        style.force_styling(self.color).apply_to(text).to_string()
    }

    /// A heading.
    pub(crate) fn heading(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// Something of lesser weight.
    pub(crate) fn faint(&self, text: &str) -> String {
        self.paint(Style::new().dim(), text)
    }

    /// The text with ASCII for typographic signs, where that is wanted. Letters stay as they are:
    /// a name is a name.
    pub(crate) fn plainly<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.plain || text.is_ascii() {
            return text.into();
        }
        let mut ascii = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '“' | '”' | '„' | '«' | '»' => ascii.push('"'),
                '‘' | '’' | '‚' => ascii.push('\''),
                '–' | '—' | '‑' => ascii.push('-'),
                '…' => ascii.push_str("..."),
                '→' => ascii.push_str("->"),
                '•' | '·' => ascii.push('-'),
                '\u{a0}' | '\u{202f}' => ascii.push(' '),
                c => ascii.push(c),
            }
        }
        ascii.into()
    }

    /// The first of two signs, or its ASCII stand-in.
    pub(crate) const fn sign(&self, fine: &'static str, ascii: &'static str) -> &'static str {
        if self.plain { ascii } else { fine }
    }
}
