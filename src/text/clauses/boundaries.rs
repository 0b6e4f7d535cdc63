//! Where clauses start.

use super::actors::names_person;
use super::{FINITE, LINK, Opening, VERBAL, next_word};
use crate::text::{Mark, Token, Traits, Vocabulary};
use std::ops::Range;

pub(super) fn boundaries(tokens: &[Token], sentence: &Range<usize>, vocabulary: &Vocabulary) -> Vec<(usize, Opening)> {
    let mut starts = vec![(sentence.start, Opening::Sentence)];
    let mut has_verb = false;
    for at in sentence.start + 1..sentence.end {
        let token = &tokens[at];
        let last = starts[starts.len() - 1].0;
        let found = if tokens[at - 1].mark.any(Mark::BREAK.with(Mark::QUOTE)) || token.mark.any(Mark::QUOTE) {
            Some((at, Opening::Break))
        } else if is_subject(tokens, at, sentence.end, vocabulary) {
            Some((back_over_links(tokens, noun_phrase_start(tokens, at, last), last), Opening::Subject))
        } else if token.is(Traits::BREAKER) {
            Some((back_over_links(tokens, at, last), Opening::Subordinate))
        } else if token.is(Traits::SUBORDINATOR)
            && next_word(tokens, at, sentence.end).is_some_and(|n| tokens[n].is(Traits::ING))
            && !tokens[at].is(Traits::COORDINATOR)
        {
            Some((at, Opening::Subordinate))
        } else if has_verb && is_further_verb(tokens, at, sentence.end) {
            Some((at, Opening::Verb))
        } else {
            None
        };
        match found {
            // "If a guest complains": what only links is no clause of its own, it opens this one.
            Some((start, opening)) if start > last && !only_links(&tokens[last..start]) => {
                starts.push((start, opening));
                has_verb = tokens[start..=at].iter().any(|t| t.is(VERBAL));
            }
            _ => has_verb |= token.is(VERBAL),
        }
    }
    starts
}

/// Whether there is nothing here but "if", "and when" and the like.
fn only_links(tokens: &[Token]) -> bool {
    tokens.iter().all(|t| t.is(LINK.with(Traits::LIGHT)) && !t.is(VERBAL) && !t.mark.any(Mark::PUNCTUATION))
}

/// Moves a boundary back over "and then because" and the like, so that they open the clause.
fn back_over_links(tokens: &[Token], at: usize, last: usize) -> usize {
    let mut start = at;
    while start > last + 1 {
        let before = &tokens[start - 1];
        let light = before.is(Traits::LIGHT) && !before.is(VERBAL);
        let link = before.is(LINK) && !before.mark.any(Mark::PUNCTUATION);
        // "did I", "had we": an inverted question takes its auxiliary along.
        let inverted = start == at
            && before.is(Traits::PAST_AUXILIARY.with(Traits::PRESENT_AUXILIARY))
            && start >= last + 2
            && tokens[start - 2].is(LINK);
        if link || inverted || light && start > last + 2 && tokens[start - 2].is(LINK) {
            start -= 1;
        } else {
            break;
        }
    }
    start
}

/// Whether the token is a subject that opens a clause.
fn is_subject(tokens: &[Token], at: usize, end: usize, vocabulary: &Vocabulary) -> bool {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|b| &tokens[b]);
    if token.mark.any(Mark::REPEATED) {
        return false;
    }
    if token.is(Traits::SPEAKER.with(Traits::TEAM)) {
        return true;
    }
    let next = next_word(tokens, at, end).map(|n| &tokens[n]);
    let finite_next =
        next.is_some_and(|n| n.is(FINITE) || n.is(Traits::BASE) && token.is(Traits::OTHERS.with(Traits::LISTENER)));
    if token.is(Traits::OTHERS) && !token.is(Traits::BREAKER) {
        let object = before.is_some_and(|b| b.is(Traits::PREPOSITION.with(Traits::DETERMINER)));
        return !object && finite_next;
    }
    if token.is(Traits::LISTENER) {
        let object = before.is_some_and(|b| {
            b.is(VERBAL.with(Traits::PREPOSITION)) && !b.is(Traits::SPEECH) || b.is(Traits::DETERMINER)
        });
        return !object && finite_next && !token.is_number();
    }
    if token.is(Traits::THINGS) && !token.is(Traits::SUBORDINATOR.with(Traits::BREAKER)) {
        let object = before.is_some_and(|b| {
            b.is(VERBAL) && !b.is(Traits::SPEECH) || b.is(Traits::PREPOSITION) && !b.is(Traits::SUBORDINATOR)
        });
        return !object && finite_next;
    }
    if names_person(tokens, at, vocabulary) {
        let next = next_word(tokens, at, end).map(|n| &tokens[n]);
        let start = noun_phrase_start(tokens, at, 0);
        let object = start
            .checked_sub(1)
            .is_some_and(|b| tokens[b].is(Traits::PREPOSITION) && !tokens[b].is(Traits::SUBORDINATOR));
        return !object && next.is_some_and(|n| n.is(FINITE) && n.word != vocabulary.possessive());
    }
    false
}

/// Where the noun phrase starts whose head is at `at`: back to its determiner, a few words at most.
fn noun_phrase_start(tokens: &[Token], at: usize, last: usize) -> usize {
    let head = &tokens[at];
    if !head.is(Traits::PERSON.with(Traits::GROUP)) && !head.mark.any(Mark::CAPITAL) || head.is(Traits::SPEAKER) {
        return at;
    }
    let mut start = at;
    for back in (last.max(at.saturating_sub(4))..at).rev() {
        let t = &tokens[back];
        if t.is(Traits::DETERMINER) {
            return back;
        }
        if t.is(VERBAL.with(LINK).with(Traits::PREPOSITION)) || t.mark.any(Mark::PUNCTUATION) {
            break;
        }
        if t.mark.any(Mark::CAPITAL) && start == back + 1 {
            start = back;
        }
    }
    start
}

/// Whether "and" or a comma here joins a further verb of the same subject.
fn is_further_verb(tokens: &[Token], at: usize, end: usize) -> bool {
    let token = &tokens[at];
    let joins = token.is(Traits::COORDINATOR) || token.mark.any(Mark::COMMA);
    if !joins || at > 0 && (tokens[at - 1].mark.any(Mark::COMMA) || tokens[at - 1].is(Traits::COORDINATOR)) {
        return false;
    }
    let mut next = at + 1;
    while next < end && (tokens[next].is(Traits::LIGHT.with(Traits::COORDINATOR)) && !tokens[next].is(VERBAL)) {
        next += 1;
    }
    let Some(verb) = tokens.get(next).filter(|_| next < end) else { return false };
    if verb.is(Traits::PAST.with(Traits::PAST_AUXILIARY)) {
        return true;
    }
    let follows = tokens.get(next + 1).filter(|_| next + 1 < end);
    verb.is(Traits::BASE.with(Traits::THIRD))
        && !verb.is(Traits::PERSON)
        && follows.is_some_and(|f| f.is(Traits::DETERMINER.with(Traits::PREPOSITION)))
}
