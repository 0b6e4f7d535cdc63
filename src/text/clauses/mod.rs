//! Clauses: who acts, in which mood, and whose words they are.
//!
//! A clause starts at a subject pronoun with the small words before it, at a person who is
//! followed by a finite verb, at a second verb of the same subject ("and apologised"), at a
//! subordinator, and after strong punctuation. It is the scope in which a negation denies and a
//! subject acts.

mod actors;
mod boundaries;
mod moods;
mod voices;

use super::lexer::{Mark, Token};
use super::vocabulary::Vocabulary;
use super::{Text, Traits};
use actors::{agent, heads_a_list, is_noted, main_clause, participles_act_for_their_clause, said_by_form, subject};
use boundaries::boundaries;
use moods::mood;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use voices::voices;

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
