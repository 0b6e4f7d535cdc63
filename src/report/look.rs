//! How text for people looks: colour, width, and what stands in for signs that ASCII lacks.

use console::Style;

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

    /// The first of two signs, or its ASCII stand-in.
    pub(crate) const fn sign(&self, fine: &'static str, ascii: &'static str) -> &'static str {
        if self.plain { ascii } else { fine }
    }
}
