//! Text: words, sentences and clauses, with byte spans of the original.

pub(crate) mod clauses;
pub(crate) mod language;
pub(crate) mod lexer;
pub(crate) mod rows;
pub(crate) mod sentences;
pub(crate) mod vocabulary;

pub(crate) use clauses::{Actor, Clause, Mood, Voice};
pub(crate) use language::Traits;
pub(crate) use lexer::{Mark, Token};
pub(crate) use vocabulary::{Vocabulary, WordId};

use crate::answer::Answer;
use std::ops::Range;

/// A text cut into tokens, sentences and clauses. All ranges are over `tokens`.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// Words, numbers and punctuation, in order.
    pub(crate) tokens: Vec<Token>,
    /// Sentences, or parts of run-on ones: what a section is given to.
    pub(crate) sentences: Vec<Range<usize>>,
    /// Clauses: where actor, mood and negation live.
    pub(crate) clauses: Vec<Clause>,
    /// Filler words that were left out of `tokens`.
    pub(crate) fillers: usize,
}

impl Text {
    /// Cuts an answer.
    pub(crate) fn of(answer: &Answer, vocabulary: &Vocabulary) -> Self {
        let (tokens, fillers) = lexer::lex(answer.text(), vocabulary);
        let starts: Vec<usize> = answer.parts().iter().map(|p| p.range.start).collect();
        let sentences = sentences::split(answer.text(), &tokens, &starts, vocabulary);
        let mut text = Self { tokens, sentences, clauses: Vec::new(), fillers };
        text.clauses = clauses::split(&text, vocabulary);
        text.sentences = sentences::cut_run_ons(&text);
        clauses::number_sentences(&mut text);
        text
    }

    /// The clauses of a sentence, in order.
    pub(crate) fn clauses_of(&self, sentence: usize) -> &[Clause] {
        let from = self.clauses.partition_point(|c| c.sentence < sentence);
        let to = self.clauses.partition_point(|c| c.sentence <= sentence);
        &self.clauses[from..to]
    }

    /// The clause that a token stands in.
    pub(crate) fn clause_at(&self, token: usize) -> &Clause {
        let at = self.clauses.partition_point(|c| c.tokens.start <= token);
        &self.clauses[at.saturating_sub(1)]
    }

    /// The index of the sentence that a token stands in.
    pub(crate) fn sentence_at(&self, token: usize) -> usize {
        self.sentences.partition_point(|s| s.start <= token).saturating_sub(1)
    }

    /// The byte range of a range of tokens; empty at 0 where there is none.
    pub(crate) fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        if tokens.is_empty() {
            return 0..0;
        }
        self.tokens[tokens.start].start as usize..self.tokens[tokens.end - 1].end as usize
    }

    /// How many words a range of tokens has.
    pub(crate) fn words(&self, tokens: &Range<usize>) -> usize {
        self.tokens[tokens.clone()].iter().filter(|t| t.is_word()).count()
    }
}
