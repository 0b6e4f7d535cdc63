//! Whose words a clause is.

use super::actors::is_subordinate;
use super::{Actor, Clause, Opening, Voice};
use crate::text::{Mark, Token, Traits};

/// Gives quoted and reported clauses to those who said them.
pub(super) fn voices(tokens: &[Token], clauses: &mut [Clause]) {
    let mut quoting: Option<Actor> = None;
    for at in 0..clauses.len() {
        let range = clauses[at].tokens.clone();
        // Links may stand before the mark: 'and "are you fasting?"'.
        let opens_quote = tokens[range.clone()].iter().filter(|t| t.mark.any(Mark::QUOTE)).count() % 2 == 1;
        let paragraph = tokens[range.start].mark.any(Mark::PARAGRAPH);
        if paragraph {
            quoting = None;
        }
        let before = at.checked_sub(1);
        if opens_quote {
            quoting = match quoting {
                Some(_) => None,
                None => Some(quoted_actor(tokens, clauses, at)),
            };
        }
        let voice = match quoting {
            Some(Actor::Speaker | Actor::Team) => Voice::Own,
            Some(_) => Voice::Others,
            None => match before {
                Some(b) if clauses[b].sentence == clauses[at].sentence && is_reported(tokens, clauses, b, at) => {
                    Voice::Others
                }
                _ => Voice::Own,
            },
        };
        clauses[at].voice = voice;
    }
}

/// Who says the quotation that opens at this clause: the subject before it, or after it.
fn quoted_actor(tokens: &[Token], clauses: &[Clause], at: usize) -> Actor {
    let sentence = clauses[at].sentence;
    let says = |c: &Clause| tokens[c.tokens.clone()].iter().any(|t| t.is(Traits::SPEECH));
    let before = clauses[..at].iter().rev().take(2).find(|c| c.sentence == sentence && says(c));
    if let Some(c) = before {
        return c.actor;
    }
    // A quotation of one's own words in a story about oneself is rarer than one of others'.
    clauses[at..]
        .iter()
        .take(6)
        .skip_while(|c| !tokens[c.tokens.start].mark.any(Mark::QUOTE) || c.tokens.start == clauses[at].tokens.start)
        .find(|c| says(c))
        .map_or(Actor::Unknown, |c| c.actor)
}

fn is_reported(tokens: &[Token], clauses: &[Clause], by: usize, at: usize) -> bool {
    let clause = &clauses[at];
    let first = &tokens[clause.tokens.start];
    if matches!(clause.opening, Opening::Break | Opening::Verb) || first.is(Traits::COORDINATOR) {
        return false;
    }
    if clauses[by].voice == Voice::Others {
        return clause.opening == Opening::Subordinate;
    }
    // "she asked, and the fourth time I answered": what comes between ends the report.
    let from = clause.tokens.start.saturating_sub(6).max(clauses[by].tokens.start);
    let said = (from..clause.tokens.start).rev().find(|t| tokens[*t].is(Traits::SPEECH));
    clauses[by].actor == Actor::Other
        && !first.is(Traits::BREAKER)
        // "Before she said more I explained": said in passing, it reports nothing.
        && !is_subordinate(tokens, &clauses[by])
        && said.is_some_and(|s| {
            !tokens[s..clause.tokens.start].iter().any(|t| t.is(Traits::COORDINATOR) || t.mark.any(Mark::COMMA))
        })
}
