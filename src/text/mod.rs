//! Text: words, sentences and clauses, with byte spans of the original.

pub(crate) mod language;
