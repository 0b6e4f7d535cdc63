//! Sentences, and the parts of run-on ones.

use super::clauses::Opening;
use super::lexer::{Mark, Token};
use super::vocabulary::Vocabulary;
use super::{Text, Traits};
use std::ops::Range;

/// A run of words longer than this without a full stop is cut at its clauses. Written sentences
/// average 15-20 words; few pass 30.
const RUN_ON: usize = 28;

/// A part of a run-on sentence is not cut shorter than this.
const PART: usize = 6;

/// Nor shorter than this where no "and" or "so" opens the next one: it may be a relative clause.
const BARE_PART: usize = 11;

/// Cuts tokens into sentences at full stops, paragraphs, bullets and the starts of parts.
pub(crate) fn split(text: &str, tokens: &[Token], parts: &[usize], vocabulary: &Vocabulary) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let new_part = parts.contains(&(token.start as usize));
        let new_line =
            || token.mark.any(Mark::PARAGRAPH) || token.mark.any(Mark::LINE) && starts_line(text, tokens, at);
        if at > from && (new_part || new_line()) {
            sentences.push(from..at);
            from = at;
        }
        if token.mark.any(Mark::STOP) && ends_sentence(text, tokens, at, vocabulary) {
            let mut end = at + 1;
            // A closing quotation mark or bracket belongs to the sentence that it closes.
            while tokens
                .get(end)
                .is_some_and(|t| t.start == tokens[end - 1].end && t.mark.any(Mark::QUOTE.with(Mark::BREAK)))
            {
                end += 1;
            }
            sentences.push(from..end);
            from = end;
            at = end;
        } else {
            at += 1;
        }
    }
    if from < tokens.len() {
        sentences.push(from..tokens.len());
    }
    sentences
}

/// Whether a new line is a new sentence: a bullet, a capital, or a short line before it.
fn starts_line(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let before = &tokens[at - 1];
    let open = before.mark.any(Mark::COMMA);
    let first = text[token.start as usize..].chars().next();
    token.mark.any(Mark::BULLET) || !open && first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

fn ends_sentence(text: &str, tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> bool {
    let Some(next) = tokens.get(at + 1) else { return true };
    let stop = &tokens[at];
    let mark = &text[stop.start as usize..stop.end as usize];
    let glued = next.start == stop.end;
    if glued && next.is_word() {
        // "node.js", "e.g", and "done.Then" of a fast typist.
        return mark == "." && next.mark.any(Mark::CAPITAL) && at > 0 && !tokens[at - 1].mark.any(Mark::CAPITAL);
    }
    if mark != "." {
        return mark != "…" && mark != "..." || next.mark.any(Mark::CAPITAL) || next.mark.any(Mark::LINE);
    }
    let Some(before) = at.checked_sub(1).map(|b| &tokens[b]) else { return true };
    let word = &text[before.start as usize..before.end as usize];
    let initial = word.chars().count() == 1 && before.mark.any(Mark::CAPITAL) && word != "I";
    if (vocabulary.is_abbreviation(before.word) || initial) && !next.mark.any(Mark::LINE) {
        // "at 6 p.m. I left": a capital after a time of day does end it.
        let time = word.eq_ignore_ascii_case("m");
        return time && next.mark.any(Mark::CAPITAL);
    }
    true
}

/// Cuts run-on sentences (speech, typing without full stops) where a new clause with its own
/// subject starts.
pub(crate) fn cut_run_ons(text: &Text) -> Vec<Range<usize>> {
    let mut parts = Vec::with_capacity(text.sentences.len());
    // How many words stand before each token: lengths are asked for at every clause.
    let mut before_token = Vec::with_capacity(text.tokens.len() + 1);
    before_token.push(0);
    for token in &text.tokens {
        before_token.push(before_token[before_token.len() - 1] + usize::from(token.is_word()));
    }
    let words = |range: Range<usize>| before_token[range.end] - before_token[range.start];
    for sentence in &text.sentences {
        if words(sentence.clone()) <= RUN_ON {
            parts.push(sentence.clone());
            continue;
        }
        let mut from = sentence.start;
        // Punctuated prose knows where its sentences end: only speech is cut.
        let speech = !has_commas(text, sentence) || words(sentence.clone()) > 2 * RUN_ON;
        let first = text.clauses.partition_point(|c| c.tokens.start < sentence.start);
        let within = text.clauses[first..].iter().take_while(|c| c.tokens.start < sentence.end);
        for clause in within.filter(|_| speech) {
            let start = clause.tokens.start;
            let before = words(from..start);
            let rest = words(start..sentence.end);
            let coordinated = text.tokens[start].is(Traits::COORDINATOR);
            let fresh = match clause.opening {
                Opening::Subject | Opening::Break if coordinated => before >= PART,
                Opening::Break => before >= PART && !text.tokens[start].mark.any(Mark::QUOTE),
                Opening::Subject => before >= BARE_PART && clause.subject == Some(start) && !is_governed(text, start),
                Opening::Verb | Opening::Subordinate | Opening::Sentence => false,
            };
            if fresh && rest >= PART {
                parts.push(from..start);
                from = start;
            }
        }
        parts.push(from..sentence.end);
    }
    parts
}

/// Whether the words before a clause ask for it: "I told him", "the way", "what".
fn is_governed(text: &Text, start: usize) -> bool {
    text.tokens[start.saturating_sub(4)..start].iter().any(|t| t.is(Traits::SPEECH.with(Traits::CONDITION)))
        || start > 0 && text.tokens[start - 1].is(Traits::PREPOSITION.with(Traits::DETERMINER))
}

/// Whether a sentence is punctuated inside: at least one comma, colon or dash in 25 words.
fn has_commas(text: &Text, sentence: &Range<usize>) -> bool {
    let marks = text.tokens[sentence.clone()].iter().filter(|t| t.mark.any(Mark::COMMA.with(Mark::BREAK))).count();
    marks * 25 >= text.words(sentence)
}
