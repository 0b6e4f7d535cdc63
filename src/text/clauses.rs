//! Clauses: who acts, in which mood, and whose words they are.
//!
//! A clause starts at a subject pronoun with the small words before it, at a person who is
//! followed by a finite verb, at a second verb of the same subject ("and apologised"), at a
//! subordinator, and after strong punctuation. It is the scope in which a negation denies and a
//! subject acts.

use super::lexer::{Mark, Token};
use super::vocabulary::Vocabulary;
use super::{Text, Traits};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Who acts in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Actor {
    /// The candidate.
    Speaker,
    /// "We", "my team".
    Team,
    /// Anybody else.
    Other,
    /// A thing, nobody in particular, or a passive without an agent.
    Unknown,
}

impl Actor {
    /// The word in rubrics and traces.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Speaker => "speaker",
            Self::Team => "team",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// How a clause is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Mood {
    /// It happened.
    Past,
    /// Present tense: told as if now, or a state.
    Present,
    /// A habit: "always", "whenever a customer…".
    Habit,
    /// It would, should or might happen, or would have.
    Hypothetical,
    /// No finite verb, and none to inherit.
    None,
}

impl Mood {
    /// The word in traces.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Past => "past",
            Self::Present => "present",
            Self::Habit => "habit",
            Self::Hypothetical => "hypothetical",
            Self::None => "none",
        }
    }
}

/// Whose words a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Voice {
    /// The candidate's, told now or quoted from then.
    Own,
    /// Somebody else's, quoted or reported.
    Others,
}

/// Why a clause starts where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Opening {
    /// The sentence starts.
    Sentence,
    /// Strong punctuation or a quotation mark.
    Break,
    /// A subject of its own.
    Subject,
    /// A further verb of the same subject.
    Verb,
    /// A subordinator.
    Subordinate,
}

/// One clause.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Index of its sentence.
    pub(crate) sentence: usize,
    /// Who acts.
    pub(crate) actor: Actor,
    /// The token that names who acts, where one does.
    pub(crate) subject: Option<usize>,
    /// The finite verb, or the first verb form.
    pub(crate) verb: Option<usize>,
    /// Whether the verb is passive.
    pub(crate) passive: bool,
    /// How it is meant.
    pub(crate) mood: Mood,
    /// Whose words it is.
    pub(crate) voice: Voice,
    /// Why it starts here.
    pub(crate) opening: Opening,
}

impl Clause {
    /// Whether it says what somebody does, and not only how things are.
    pub(crate) fn is_deed(&self, text: &Text) -> bool {
        self.verb.is_some_and(|v| {
            let verb = &text.tokens[v];
            let copula = verb.is(Traits::STATIVE.with(Traits::BE));
            // "was calling" is a deed, "was angry" is none.
            !copula
                || verb.is(Traits::BE)
                    && next_word(&text.tokens, v, self.tokens.end).is_some_and(|n| text.tokens[n].is(Traits::ING))
        })
    }
}

const FINITE: Traits = Traits::PAST
    .with(Traits::PAST_AUXILIARY)
    .with(Traits::PRESENT_AUXILIARY)
    .with(Traits::THIRD)
    .with(Traits::WOULD)
    .with(Traits::WILL)
    .with(Traits::CAN)
    .with(Traits::MAYBE_WOULD);
const VERBAL: Traits = FINITE.with(Traits::BASE).with(Traits::PARTICIPLE).with(Traits::ING).with(Traits::BE);
/// So many words may stand before the verb of a note, and a comma.
const OPENING: usize = 4;
const LINK: Traits = Traits::COORDINATOR.with(Traits::SUBORDINATOR);

/// Cuts the sentences of a text into clauses and says of each who acts, how and in whose words.
pub(crate) fn split(text: &Text, vocabulary: &Vocabulary) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::with_capacity(text.tokens.len() / 6 + 4);
    for (index, sentence) in text.sentences.iter().enumerate() {
        let starts = boundaries(&text.tokens, sentence, vocabulary);
        for (n, (start, opening)) in starts.iter().enumerate() {
            let end = starts.get(n + 1).map_or(sentence.end, |s| s.0);
            clauses.push(Clause {
                tokens: *start..end,
                sentence: index,
                actor: Actor::Unknown,
                subject: None,
                verb: None,
                passive: false,
                mood: Mood::None,
                voice: Voice::Own,
                opening: *opening,
            });
        }
    }
    for at in 0..clauses.len() {
        describe(&text.tokens, &mut clauses, at, vocabulary);
    }
    participles_act_for_their_clause(&text.tokens, &mut clauses);
    voices(&text.tokens, &mut clauses);
    clauses
}

/// Sets each clause's sentence anew, after run-on sentences were cut.
pub(crate) fn number_sentences(text: &mut Text) {
    let mut sentence = 0;
    for clause in &mut text.clauses {
        while sentence + 1 < text.sentences.len() && text.sentences[sentence + 1].start <= clause.tokens.start {
            sentence += 1;
        }
        clause.sentence = sentence;
    }
}

/// The next token that is neither light nor a negation, if it comes before `end`.
fn next_word(tokens: &[Token], at: usize, end: usize) -> Option<usize> {
    (at + 1..end.min(at + 5))
        .find(|n| !tokens[*n].is(Traits::LIGHT.with(Traits::NEGATION)) && !tokens[*n].mark.any(Mark::REPEATED))
}

fn boundaries(tokens: &[Token], sentence: &Range<usize>, vocabulary: &Vocabulary) -> Vec<(usize, Opening)> {
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

/// Whether the token is the head of a noun phrase for people: "the customer", "my team", "Priya".
fn names_person(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> bool {
    let token = &tokens[at];
    if token.is(Traits::PERSON.with(Traits::GROUP)) {
        return !tokens.get(at + 1).is_some_and(|n| n.word == vocabulary.possessive() && n.start == token.end);
    }
    let first = at == 0 || tokens[at - 1].mark.any(Mark::STOP.with(Mark::QUOTE)) || token.mark.any(Mark::LINE);
    let known = vocabulary.traits_of(token.word).any(VERBAL.with(LINK).with(Traits::DETERMINER).with(Traits::LIGHT));
    token.mark.any(Mark::CAPITAL) && !first && !known && token.is_word() && !token.is(Traits::SPEAKER)
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

/// Whether what stands before is no clause but the head of a list: "Steps:", "1)", "-".
fn heads_a_list(tokens: &[Token], clauses: &[Clause], at: usize, before: usize) -> bool {
    let head = &clauses[before];
    // A word before a colon is a heading, even where it could be a verb.
    let words = tokens[head.tokens.clone()].iter().filter(|t| t.is_word()).count();
    let heading = head.opening == Opening::Sentence && words == 1;
    clauses[at].opening == Opening::Break && head.subject.is_none() && (head.verb.is_none() || heading)
}

/// Whether a clause opens with "because", "before", "where" and the like.
fn is_subordinate(tokens: &[Token], clause: &Clause) -> bool {
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

/// Whether there is nothing here but "which" or "whose": the clause that follows tells which thing is meant.
fn is_relative_alone(tokens: &[Token], clause: &Clause) -> bool {
    let mut words = tokens[clause.tokens.clone()].iter().filter(|t| t.is_word());
    words.next().is_some_and(|t| t.is(Traits::BREAKER) && t.is(Traits::THINGS)) && words.next().is_none()
}

/// The clause whose subject a further verb shares: the one before it, or, after a comma, the one
/// that governs it ("I said I understood why he was mad, and looked it up").
fn main_clause(tokens: &[Token], clauses: &[Clause], at: usize, before: usize) -> usize {
    let start = clauses[at].tokens.start;
    let comma = tokens[start].mark.any(Mark::COMMA) || start > 0 && tokens[start - 1].mark.any(Mark::COMMA);
    // "I called the man who had written and asked him": a relative clause rarely goes on.
    let first = &tokens[clauses[before].tokens.start];
    let relative = first.is(Traits::BREAKER) && first.is(Traits::OTHERS.with(Traits::THINGS));
    // "It was a blown fuse and told him": what speaks is a person.
    let said = clauses[at].tokens.clone().find(|t| tokens[*t].is(VERBAL)).is_some_and(|v| tokens[v].is(Traits::SPEECH));
    let mute = said && clauses[before].actor == Actor::Unknown && clauses[before].subject.is_none();
    let contact = is_contact(tokens, clauses, before);
    // "I looked for what we could do and found two", "until she could breathe and said": "could found" is no
    // verb, so it is not hers.
    let modal = Traits::WOULD.with(Traits::WILL).with(Traits::CAN).with(Traits::MAYBE_WOULD);
    let verb = clauses[at].tokens.clone().find(|t| tokens[*t].is(FINITE));
    let told = verb.is_some_and(|v| tokens[v].is(Traits::PAST) && !tokens[v].is(Traits::BASE));
    let unlike = told && clauses[before].verb.is_some_and(|v| tokens[v].is(modal))
        || told && verb.is_some_and(|v| leaves_a_report(tokens, clauses, before, v, clauses[at].tokens.end));
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
    let to_me = |t: &Token| t.is(Traits::FIRST_SINGULAR) && !t.is(Traits::DETERMINER);
    found && state && deed && !tokens[verb..end].iter().any(to_me)
}

/// Fills in subject, verb, actor and mood of one clause; earlier ones are known already.
fn describe(tokens: &[Token], clauses: &mut [Clause], at: usize, vocabulary: &Vocabulary) {
    let range = clauses[at].tokens.clone();
    let before = at.checked_sub(1).filter(|b| clauses[*b].sentence == clauses[at].sentence);

    let verb = finite_verb(tokens, &range);
    let verb_form = || range.clone().find(|t| tokens[*t].is(VERBAL) && !follows_determiner(tokens, &range, *t));
    let until = verb.or_else(verb_form).unwrap_or(range.end);
    let subject = subject(tokens, range.start..until.max(range.start), vocabulary);
    let verb = verb.or_else(verb_form);
    let passive = verb.is_some_and(|v| is_passive(tokens, v, range.end));

    let first = range.clone().find(|t| tokens[*t].is_word() && !tokens[*t].is(LINK.with(Traits::LIGHT)));
    let opener = Traits::TIME.with(LINK).with(Traits::LIGHT).with(Traits::DETERMINER);
    let named = Traits::THINGS.with(Traits::OTHERS).with(Traits::PREPOSITION);
    // "Never checked", "but never got round to it"; "none came" is another's deed.
    let denies = |t: &Token| t.is(Traits::NEGATION) && !t.is(named);
    let opens = |t: &Token| t.is(opener) || t.is_number() || !t.is_word() || denies(t);
    let starts_with_verb = verb.is_some_and(|v| first == Some(v) || tokens[range.start..v].iter().all(opens));
    let formed = verb.and_then(|v| said_by_form(&tokens[v]));
    let noted = clauses[at].opening == Opening::Sentence && verb.is_some_and(|v| is_noted(tokens, &range, v));
    let mut actor = match subject {
        Some(s) => s.1,
        // Spanish "llamé", "llamó": the form of the verb says who acts.
        None if formed.is_some() => formed.unwrap_or(Actor::Unknown),
        None if noted => Actor::Speaker,
        None if starts_with_verb || verb.is_none() => match before {
            Some(b) if clauses[at].opening != Opening::Sentence && !heads_a_list(tokens, clauses, at, b) => {
                clauses[main_clause(tokens, clauses, at, b)].actor
            }
            // "Led the migration.": notes leave the speaker out.
            _ if starts_with_verb
                && verb.is_some_and(|v| {
                    // "Haven't been there since": a question would name its subject.
                    let told = Traits::PAST.with(Traits::PAST_AUXILIARY).with(Traits::ING).with(Traits::HAVE);
                    tokens[v].is(told)
                }) =>
            {
                Actor::Speaker
            }
            _ => Actor::Unknown,
        },
        None => Actor::Unknown,
    };
    if passive {
        actor = agent(tokens, verb.unwrap_or(range.start)..range.end);
    }
    let mood = mood(tokens, clauses, at, verb, before);
    let clause = &mut clauses[at];
    clause.subject = subject.map(|s| s.0);
    clause.verb = verb;
    clause.passive = passive;
    clause.actor = actor;
    clause.mood = mood;
}

/// Whether a verb opens a note after a few words and a comma: "Step two, called the bank". "The call, made at
/// noon, helped" is none.
fn is_noted(tokens: &[Token], range: &Range<usize>, verb: usize) -> bool {
    let opening = &tokens[range.start..verb];
    let words = opening.iter().filter(|t| t.is_word()).count();
    let comma = opening.iter().rev().find(|t| !t.is(Traits::LIGHT)).is_some_and(|t| t.mark.any(Mark::COMMA));
    let thing = opening.first().is_some_and(|t| t.is(Traits::DETERMINER))
        || opening.iter().any(|t| t.is(FINITE) || t.mark.any(Mark::QUOTE));
    let v = &tokens[verb];
    let of_thing = v.is(Traits::PARTICIPLE)
        && next_word(tokens, verb, range.end).is_none_or(|n| tokens[n].is(Traits::PREPOSITION));
    let told = v.is(Traits::PAST) && !v.is(Traits::BASE.with(Traits::STATIVE));
    told && !of_thing && comma && words <= OPENING && !thing
}

/// Who acts by the form of a verb alone, in languages where no subject needs to stand.
fn said_by_form(verb: &Token) -> Option<Actor> {
    let forms =
        [(Traits::SAYS_SPEAKER, Actor::Speaker), (Traits::SAYS_TEAM, Actor::Team), (Traits::SAYS_OTHER, Actor::Other)];
    forms.into_iter().find(|(form, _)| verb.is(*form)).map(|(_, actor)| actor)
}

/// Whether a word that may be a verb is a noun here: "the end", "my call".
fn follows_determiner(tokens: &[Token], range: &Range<usize>, at: usize) -> bool {
    at > range.start && tokens[at - 1].is(Traits::DETERMINER) && !tokens[at - 1].is(Traits::THINGS)
}

/// The first verb form that can carry a clause: finite, or bare after a subject.
fn finite_verb(tokens: &[Token], range: &Range<usize>) -> Option<usize> {
    let mut seen_subject = false;
    for at in range.clone() {
        let t = &tokens[at];
        let infinitive = at > range.start && tokens[at - 1].is(Traits::PREPOSITION);
        let noun = follows_determiner(tokens, range, at);
        if t.is(FINITE) && !infinitive && !noun && !t.mark.any(Mark::PUNCTUATION) {
            return Some(at);
        }
        if t.is(Traits::BASE) && seen_subject && !infinitive && !noun {
            return Some(at);
        }
        seen_subject |= t.is(Traits::SPEAKER
            .with(Traits::TEAM)
            .with(Traits::OTHERS)
            .with(Traits::LISTENER)
            .with(Traits::PERSON)
            .with(Traits::GROUP));
    }
    None
}

/// Who stands before the verb, and the token that says so.
fn subject(tokens: &[Token], range: Range<usize>, vocabulary: &Vocabulary) -> Option<(usize, Actor)> {
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

fn is_passive(tokens: &[Token], verb: usize, end: usize) -> bool {
    let mut be = verb;
    // "had been told", "would be asked": look at the last auxiliary.
    while let Some(next) = next_word(tokens, be, end).filter(|n| tokens[*n].is(Traits::BE.with(Traits::HAVE))) {
        if !tokens[be].is(FINITE.with(Traits::HAVE).with(Traits::BE)) {
            break;
        }
        be = next;
    }
    tokens[be].is(Traits::BE)
        && next_word(tokens, be, end).is_some_and(|n| {
            let t = &tokens[n];
            t.is(Traits::PARTICIPLE) && !t.is(Traits::ING.with(Traits::BE).with(Traits::HAVE).with(Traits::FEELING))
        })
}

/// Who a passive says did it: "by me", "by the courier"; nobody where it does not say.
fn agent(tokens: &[Token], range: Range<usize>) -> Actor {
    for at in range.start..range.end.saturating_sub(1) {
        let by = tokens[at].is(Traits::PREPOSITION) && tokens[at].end - tokens[at].start == 2;
        let next = &tokens[at + 1];
        if by && next.is(Traits::FIRST_SINGULAR) && !next.is(Traits::DETERMINER) {
            return Actor::Speaker;
        }
        if by && tokens[at + 1..range.end.min(at + 4)].iter().any(|t| t.is(Traits::PERSON)) {
            return Actor::Other;
        }
    }
    Actor::Unknown
}

fn mood(tokens: &[Token], clauses: &[Clause], at: usize, verb: Option<usize>, before: Option<usize>) -> Mood {
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
    let would = clauses[at + 1..].iter().take_while(|c| c.sentence == had.sentence);
    alone && is_had && would.clone().any(|c| tokens[c.tokens.clone()].iter().any(|t| t.is(Traits::WOULD)))
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
fn governs(tokens: &[Token], clauses: &[Clause], at: usize, next: usize) -> bool {
    let from = next.saturating_sub(6).max(clauses[at].tokens.start);
    tokens[from..next].iter().any(|t| t.is(Traits::SPEECH))
}

/// "Listening to her, I…", "After checking it, I…": the clause that follows says who did it.
fn participles_act_for_their_clause(tokens: &[Token], clauses: &mut [Clause]) {
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

/// Gives quoted and reported clauses to those who said them.
fn voices(tokens: &[Token], clauses: &mut [Clause]) {
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
