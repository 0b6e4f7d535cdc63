//! How a clause is meant.

use super::{Clause, LINK, Mood, Opening, next_word};
use crate::text::{Token, Traits};
use std::ops::Range;

pub(super) fn mood(
    tokens: &[Token],
    clauses: &[Clause],
    at: usize,
    verb: Option<usize>,
    before: Option<usize>,
) -> Mood {
    let clause = &clauses[at];
    let range = clause.tokens.clone();
    let inherited = before.map_or(Mood::None, |b| clauses[b].mood);
    let Some(verb) = verb else { return inherited };
    let governor = before.and_then(|b| governor(tokens, clauses, b, range.start));
    let reported = governor.is_some();
    let opens = |t: Traits| {
        tokens[range.start..range.end.min(range.start + 3)]
            .iter()
            .take_while(|x| x.is(LINK.with(Traits::LIGHT)))
            .any(|x| x.is(t))
    };
    let conditional = !reported && (opens(Traits::CONDITION) || is_inverted(tokens, clauses, at));
    let habitual = tokens[range.clone()].iter().any(|t| t.is(Traits::HABIT));
    let v = &tokens[verb];
    let next = next_word(tokens, verb, range.end).map(|n| &tokens[n]);
    let tense = if v.is(Traits::MAYBE_WOULD) {
        // "I'd got", and as some say it "I'd wrote": no form that could follow "would".
        let past = Traits::PARTICIPLE.with(Traits::PAST).with(Traits::HAVE).with(Traits::DO);
        let had = next.is_some_and(|n| n.is(past) && !n.is(Traits::BASE.with(Traits::PRESENT_AUXILIARY)));
        if had { Mood::Past } else { Mood::Hypothetical }
    } else if v.is(Traits::WOULD.with(Traits::WILL)) {
        Mood::Hypothetical
    } else if v.is(Traits::CAN) {
        if next.is_some_and(|n| n.is(Traits::HAVE)) || conditional {
            Mood::Hypothetical
        } else {
            inherited_or(inherited, Mood::Present)
        }
    } else if v.is(Traits::PRESENT_AUXILIARY) && v.is(Traits::HAVE) && next.is_some_and(|n| n.is(Traits::PARTICIPLE)) {
        // The perfect tells of something done; "I have always been" is a claim.
        if habitual { Mood::Habit } else { Mood::Past }
    } else if v.is(Traits::PAST) && v.is(Traits::BASE) {
        // "put", "let", "read": the tense of what surrounds it.
        let third = clause_subject_is_third(tokens, range.start..verb);
        if third { Mood::Past } else { inherited_or(previous_tense(clauses, at), Mood::Past) }
    } else if v.is(Traits::PAST.with(Traits::PAST_AUXILIARY)) {
        Mood::Past
    } else if v.is(Traits::PRESENT_AUXILIARY.with(Traits::THIRD).with(Traits::BASE)) {
        Mood::Present
    } else {
        inherited
    };
    match tense {
        // "I told her I would call" is a promise in a real event, "I think one should call" an
        // opinion; "I would have told her" is neither.
        Mood::Hypothetical if !conditional && !next.is_some_and(|n| n.is(Traits::HAVE)) => {
            match governor.map(|g| clauses[g].mood) {
                Some(Mood::Past | Mood::None) => Mood::Past,
                Some(Mood::Present | Mood::Habit) => Mood::Present,
                Some(Mood::Hypothetical) | None => Mood::Hypothetical,
            }
        }
        Mood::Present if habitual => Mood::Habit,
        Mood::Present if conditional => Mood::Habit,
        Mood::Past if conditional => Mood::Hypothetical,
        other => other,
    }
}

/// Whether a sentence begins with a condition without "if": "Had I known, I would have called."
fn is_inverted(tokens: &[Token], clauses: &[Clause], at: usize) -> bool {
    let Some(had) = at.checked_sub(1).map(|b| &clauses[b]).filter(|b| b.sentence == clauses[at].sentence) else {
        return false;
    };
    let alone = had.opening == Opening::Sentence && clauses[at].opening == Opening::Subject;
    let mut words = tokens[had.tokens.clone()].iter().filter(|t| t.is_word() && !t.is(LINK.with(Traits::LIGHT)));
    let is_had =
        words.next().is_some_and(|t| t.is(Traits::HAVE) && t.is(Traits::PAST_AUXILIARY)) && words.next().is_none();
    let mut rest = clauses[at + 1..].iter().take_while(|c| c.sentence == had.sentence);
    alone && is_had && rest.any(|c| tokens[c.tokens.clone()].iter().any(|t| t.is(Traits::WOULD)))
}

const fn inherited_or(mood: Mood, otherwise: Mood) -> Mood {
    match mood {
        Mood::None => otherwise,
        known => known,
    }
}

fn previous_tense(clauses: &[Clause], at: usize) -> Mood {
    // What would be says nothing of the tense in which the rest is told.
    let told = clauses[..at].iter().rev().map(|c| c.mood);
    told.into_iter().find(|m| !matches!(m, Mood::None | Mood::Hypothetical)).unwrap_or(Mood::None)
}

fn clause_subject_is_third(tokens: &[Token], range: Range<usize>) -> bool {
    // "he put", "she let" with no -s is the past.
    tokens[range].iter().any(|t| t.is(Traits::OTHERS) && !t.is(Traits::BREAKER) && t.end - t.start <= 3)
}

/// The clause whose verb of saying or thinking governs what starts at `next`: the one before it, or
/// where "and" goes on with a report, the one that governs the report.
fn governor(tokens: &[Token], clauses: &[Clause], before: usize, next: usize) -> Option<usize> {
    if !tokens[next].is(Traits::COORDINATOR) {
        return governs(tokens, clauses, before, next).then_some(before);
    }
    let above = before.checked_sub(1).filter(|a| clauses[*a].sentence == clauses[before].sentence)?;
    governs(tokens, clauses, above, clauses[before].tokens.start).then_some(above)
}

/// Whether a clause ends in a verb of saying or thinking that governs the next clause.
pub(super) fn governs(tokens: &[Token], clauses: &[Clause], at: usize, next: usize) -> bool {
    let from = next.saturating_sub(6).max(clauses[at].tokens.start);
    tokens[from..next].iter().any(|t| t.is(Traits::SPEECH))
}
