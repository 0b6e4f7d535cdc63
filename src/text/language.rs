//! What is English (or another language): kept in a file, not in code.

/// A language file.
#[derive(Debug)]
pub(crate) struct Language {
    /// Id, such as `en`.
    pub(crate) id: String,
}

impl Language {
    pub(crate) fn parse(_text: &str) -> Result<Self, String> {
        Ok(Self { id: "en".to_owned() })
    }
}
