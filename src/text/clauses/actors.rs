//! Who acts in a clause.

use super::moods::governs;
use super::{Actor, Clause, FINITE, LINK, Opening, VERBAL, next_word};
use crate::text::{Mark, Token, Traits, Vocabulary};
use std::ops::Range;

/// So many words may stand before the verb of a note, and a comma.
const NOTE_OPENING: usize = 4;

/// Who acts by the form of a verb alone, in languages where no subject needs to stand.
pub(super) fn said_by_form(verb: &Token) -> Option<Actor> {
    let forms =
        [(Traits::SAYS_SPEAKER, Actor::Speaker), (Traits::SAYS_TEAM, Actor::Team), (Traits::SAYS_OTHER, Actor::Other)];
    forms.into_iter().find(|(form, _)| verb.is(*form)).map(|(_, actor)| actor)
}

/// Whether a verb opens a note after a few words and a comma: "Step two, called the bank". "The call, made at
/// noon, helped" is none.
pub(super) fn is_noted(tokens: &[Token], range: &Range<usize>, verb: usize) -> bool {
    let opening = &tokens[range.start..verb];
    let words = opening.iter().filter(|t| t.is_word()).count();
    let comma = opening.iter().rev().find(|t| !t.is(Traits::LIGHT)).is_some_and(|t| t.mark.any(Mark::COMMA));
    let thing = opening.first().is_some_and(|t| t.is(Traits::DETERMINER))
        || opening.iter().any(|t| t.is(FINITE) || t.mark.any(Mark::QUOTE));
    let v = &tokens[verb];
    let of_thing = v.is(Traits::PARTICIPLE)
        && next_word(tokens, verb, range.end).is_none_or(|n| tokens[n].is(Traits::PREPOSITION));
    let told = v.is(Traits::PAST) && !v.is(Traits::BASE.with(Traits::STATIVE));
    told && !of_thing && comma && words <= NOTE_OPENING && !thing
}

/// Whether what stands before is no clause but the head of a list: "Steps:", "1)", "-".
pub(super) fn heads_a_list(tokens: &[Token], clauses: &[Clause], at: usize, before: usize) -> bool {
    let head = &clauses[before];
    // A word before a colon is a heading, even where it could be a verb.
    let words = tokens[head.tokens.clone()].iter().filter(|t| t.is_word()).count();
    let heading = head.opening == Opening::Sentence && words == 1;
    clauses[at].opening == Opening::Break && head.subject.is_none() && (head.verb.is_none() || heading)
}

/// Whether a clause opens with "because", "before", "where" and the like.
pub(super) fn is_subordinate(tokens: &[Token], clause: &Clause) -> bool {
    let first = &tokens[clause.tokens.start];
    first.is(Traits::SUBORDINATOR) && !first.is(Traits::COORDINATOR)
}

/// Whether a clause only tells which thing is meant, without a word that says so: "every number
/// we had", "what they'd get". It has a subject and a verb and no object, right behind a noun.
fn is_contact(tokens: &[Token], clauses: &[Clause], at: usize) -> bool {
    let clause = &clauses[at];
    let start = clause.tokens.start;
    let (Some(subject), Some(behind)) = (clause.subject, start.checked_sub(1).map(|b| &tokens[b])) else {
        return false;
    };
    let noun = behind.is_word() && !behind.is(VERBAL.with(LINK).with(Traits::PREPOSITION).with(Traits::LIGHT));
    let bare = Traits::LIGHT.with(Traits::NEGATION).with(Traits::PREPOSITION);
    clause.opening == Opening::Subject
        && subject == start
        && noun
        && at > 0
        && clauses[at - 1].sentence == clause.sentence
        && clauses[at - 1].verb.is_some()
        && tokens[start + 1..clause.tokens.end].iter().all(|t| !t.is_word() || t.is(VERBAL.with(bare)))
}

/// Whether it is "who" or "which".
fn is_relative(token: &Token) -> bool {
    token.is(Traits::BREAKER) && token.is(Traits::OTHERS.with(Traits::THINGS))
}

/// Whether there is nothing here but "which": the clause that follows tells which thing is meant.
fn is_relative_alone(tokens: &[Token], clause: &Clause) -> bool {
    let mut words = tokens[clause.tokens.clone()].iter().filter(|t| t.is_word());
    words.next().is_some_and(is_relative) && words.next().is_none()
}

/// The clause whose subject a further verb shares: the one before it, or, after a comma, the one
/// that governs it ("I said I understood why he was mad, and looked it up").
pub(super) fn main_clause(tokens: &[Token], clauses: &[Clause], at: usize, before: usize) -> usize {
    let start = clauses[at].tokens.start;
    let comma = tokens[start].mark.any(Mark::COMMA) || start > 0 && tokens[start - 1].mark.any(Mark::COMMA);
    // "I called the man who had written and asked him": a relative clause rarely goes on.
    let first = &tokens[clauses[before].tokens.start];
    let relative = is_relative(first);
    // "It was a blown fuse and told him": what speaks is a person.
    let said = clauses[at].tokens.clone().find(|t| tokens[*t].is(VERBAL)).is_some_and(|v| tokens[v].is(Traits::SPEECH));
    let mute = said && clauses[before].actor == Actor::Unknown && clauses[before].subject.is_none();
    let contact = is_contact(tokens, clauses, before);
    // "I looked for what we could do and found two", "until she could breathe and said": "could found" is no
    // verb, so it is not hers.
    let modal = Traits::WOULD.with(Traits::WILL).with(Traits::CAN).with(Traits::MAYBE_WOULD);
    let verb = clauses[at].tokens.clone().find(|t| tokens[*t].is(FINITE));
    let told = verb.is_some_and(|v| tokens[v].is(Traits::PAST) && !tokens[v].is(Traits::BASE));
    let goes_on = |v: usize| leaves_a_report(tokens, clauses, before, v, clauses[at].tokens.end);
    let unlike = told && (clauses[before].verb.is_some_and(|v| tokens[v].is(modal)) || verb.is_some_and(goes_on));
    let mut main = before;
    while (comma || relative || mute || contact || unlike)
        && clauses[at].opening == Opening::Verb
        && main > 0
        && clauses[main - 1].sentence == clauses[at].sentence
    {
        let clause = &clauses[main];
        let depends = clause.opening == Opening::Subordinate
            || clause.opening == Opening::Verb
            || mute && clause.actor == Actor::Unknown
            || unlike && main == before
            || is_subordinate(tokens, clause)
            || is_contact(tokens, clauses, main)
            || is_relative_alone(tokens, &clauses[main - 1])
            || clause.opening == Opening::Subject && governs(tokens, clauses, main - 1, clause.tokens.start);
        if !depends {
            break;
        }
        main -= 1;
    }
    main
}

/// Whether a deed goes on with what is told, and not with how things were found to be: "I noticed he was getting
/// angry and lowered my voice", but "and shouted at me".
fn leaves_a_report(tokens: &[Token], clauses: &[Clause], report: usize, verb: usize, end: usize) -> bool {
    let clause = &clauses[report];
    let start = clause.tokens.start;
    let Some(by) = report.checked_sub(1).filter(|by| clauses[*by].sentence == clause.sentence) else { return false };
    let told = governs(tokens, clauses, by, start) || clauses[by].verb.is_some_and(|v| v + 1 == start);
    let found = clauses[by].actor == Actor::Speaker && told;
    let state = clause.verb.is_some_and(|v| tokens[v].is(Traits::STATIVE.with(Traits::BE)));
    let deed = !tokens[verb].is(Traits::STATIVE.with(Traits::PAST_AUXILIARY));
    found && state && deed && !tokens[verb..end].iter().any(is_me)
}

/// Whether it is "I" or "me", and not "my".
fn is_me(token: &Token) -> bool {
    token.is(Traits::FIRST_SINGULAR) && !token.is(Traits::DETERMINER)
}

/// Who stands before the verb, and the token that says so.
pub(super) fn subject(tokens: &[Token], range: Range<usize>, vocabulary: &Vocabulary) -> Option<(usize, Actor)> {
    let mut person = None;
    let mut after_preposition = false;
    for at in range.clone() {
        let t = &tokens[at];
        if at > range.start {
            let before = &tokens[at - 1];
            after_preposition |= before.is(Traits::PREPOSITION) && !before.is(Traits::SUBORDINATOR);
        }
        if t.is(Traits::SPEAKER) {
            return Some((at, Actor::Speaker));
        }
        if t.is(Traits::TEAM) {
            return Some((at, Actor::Team));
        }
        let object = at > range.start && tokens[at - 1].is(VERBAL.with(Traits::PREPOSITION));
        if t.is(Traits::OTHERS) && !object && !(t.is(Traits::BREAKER) && at + 1 < range.end) {
            return Some((at, Actor::Other));
        }
        if t.is(Traits::LISTENER) && !t.is_number() {
            return Some((at, Actor::Unknown));
        }
        if person.is_none() && !after_preposition && names_person(tokens, at, vocabulary) {
            let own = t.is(Traits::GROUP);
            person = Some((at, if own { Actor::Team } else { Actor::Other }));
        }
    }
    person
}

/// Whether the token is the head of a noun phrase for people: "the customer", "my team", "Priya".
pub(super) fn names_person(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> bool {
    let token = &tokens[at];
    if token.is(Traits::PERSON.with(Traits::GROUP)) {
        return !tokens.get(at + 1).is_some_and(|n| n.word == vocabulary.possessive() && n.start == token.end);
    }
    let first = at == 0 || tokens[at - 1].mark.any(Mark::STOP.with(Mark::QUOTE)) || token.mark.any(Mark::LINE);
    let known = vocabulary.traits_of(token.word).any(VERBAL.with(LINK).with(Traits::DETERMINER).with(Traits::LIGHT));
    token.mark.any(Mark::CAPITAL) && !first && !known && token.is_word() && !token.is(Traits::SPEAKER)
}

/// Who a passive says did it: "by me", "by the courier"; nobody where it does not say.
pub(super) fn agent(tokens: &[Token], range: Range<usize>) -> Actor {
    for at in range.start..range.end.saturating_sub(1) {
        let by = tokens[at].is(Traits::PREPOSITION) && tokens[at].end - tokens[at].start == 2;
        let next = &tokens[at + 1];
        if by && is_me(next) {
            return Actor::Speaker;
        }
        if by && tokens[at + 1..range.end.min(at + 4)].iter().any(|t| t.is(Traits::PERSON)) {
            return Actor::Other;
        }
    }
    Actor::Unknown
}

/// "Listening to her, I…", "After checking it, I…": the clause that follows says who did it.
pub(super) fn participles_act_for_their_clause(tokens: &[Token], clauses: &mut [Clause]) {
    for at in 0..clauses.len().saturating_sub(1) {
        let (now, next) = (&clauses[at], &clauses[at + 1]);
        let first = now
            .tokens
            .clone()
            .find(|t| tokens[*t].is_word() && !tokens[*t].is(LINK.with(Traits::LIGHT).with(Traits::PREPOSITION)));
        let participle = now.subject.is_none() && first.is_some_and(|f| tokens[f].is(Traits::ING));
        if participle && now.sentence == next.sentence && now.opening == Opening::Sentence {
            clauses[at].actor = clauses[at + 1].actor;
            clauses[at].mood = clauses[at + 1].mood;
        }
    }
}
