//! Each cue in its context: who acts, in which mood, denied or not, and in whose words.

use super::matcher::{self, Hit};
use super::measures::{Facts, RuleIndex};
use super::program::{Polarity, Program, Rule, Use, WhoseWords};
use crate::assessment::{Kind, Section};
use crate::content::rubric::Family;
use crate::text::{Actor, Mark, Mood, Text, Token, Traits, Voice};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many tokens a negation reaches within its clause.
const NEGATION_REACH: usize = 10;

/// A cue of a rule, found in the text.
#[derive(Debug, Clone)]
pub(crate) struct Cue {
    /// The rule.
    pub(crate) rule: RuleIndex,
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its bytes.
    pub(crate) bytes: Range<usize>,
    /// The sentence that it starts in.
    pub(crate) sentence: usize,
    /// Who acts.
    pub(crate) actor: Actor,
    /// How the clause is meant.
    pub(crate) mood: Mood,
    /// Whether it is denied.
    pub(crate) negated: bool,
    /// Whose words it is.
    pub(crate) voice: Voice,
    /// The guard or immune phrase that voids it, as tokens.
    pub(crate) guarded: Option<Range<usize>>,
}

/// Why a cue does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Void {
    /// A guard or an immune phrase covers it.
    Guarded,
    /// The wrong actor.
    Actor,
    /// The wrong mood.
    Mood,
    /// Denied, or not denied where it must be.
    Polarity,
    /// Somebody else's words, or not.
    Voice,
    /// The wrong section.
    Section,
    /// None of the rule's `only` conditions holds.
    Only,
    /// What is no answer shows no behaviour.
    Kind,
}

impl Void {
    /// The key of the rule that voids it, for traces.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Guarded => "guards",
            Self::Actor => "actor",
            Self::Mood => "mood",
            Self::Polarity => "polarity",
            Self::Voice => "voice",
            Self::Section => "within",
            Self::Only => "only",
            Self::Kind => "kind",
        }
    }
}

/// Finds all cues of all rules, each in its context, by rule and then by place.
pub(crate) fn cues(program: &Program, text: &Text, source: &str) -> Vec<Cue> {
    in_context_of(program, text, source, &matcher::find(&program.phrases, text), |_| true)
}

/// The same of the wanted rules alone.
pub(crate) fn cues_of(program: &Program, text: &Text, source: &str, wanted: impl Fn(RuleIndex) -> bool) -> Vec<Cue> {
    let serves = |of: Use| match of {
        Use::Cue(rule) | Use::Guard(rule) => wanted(rule),
        Use::Immune | Use::Negation | Use::PseudoNegation => true,
    };
    let hits = matcher::find_those(&program.phrases, text, |p| program.uses.of_phrase(p).iter().any(serves));
    in_context_of(program, text, source, &hits, wanted)
}

fn in_context_of(
    program: &Program,
    text: &Text,
    source: &str,
    hits: &[Hit],
    wanted: impl Fn(RuleIndex) -> bool,
) -> Vec<Cue> {
    let mut negations: Vec<Range<usize>> = Vec::new();
    let mut pseudo: Vec<Range<usize>> = Vec::new();
    let mut immune: Vec<Range<usize>> = Vec::new();
    let mut guards: Vec<(RuleIndex, Range<usize>)> = Vec::new();
    for hit in hits {
        for of in program.uses.of_phrase(hit.phrase).iter() {
            match of {
                Use::Negation => negations.push(hit.tokens()),
                Use::PseudoNegation => pseudo.push(hit.tokens()),
                Use::Immune => immune.push(hit.tokens()),
                Use::Guard(rule) => guards.push((rule, hit.tokens())),
                Use::Cue(_) => {}
            }
        }
    }
    let pseudo = Spans::of(pseudo);
    negations.retain(|n| pseudo.overlapping(n).is_none());
    let context = Context { text, negations: Spans::of(negations), immune: Spans::of(immune), guards: by_rule(guards) };
    let mut found: Vec<Cue> = Vec::new();
    for hit in hits {
        for of in program.uses.of_phrase(hit.phrase).iter() {
            if let Use::Cue(rule) = of
                && wanted(rule)
            {
                found.push(context.cue(rule, hit.tokens(), None));
            }
        }
    }
    for (rule, regex) in program.gate.open(source).map(|at| &program.regexes[at]).filter(|(rule, _)| wanted(*rule)) {
        let Some(regex) = regex.get() else { continue };
        for m in regex.find_iter(source).filter(|m| !m.is_empty()) {
            if let Some(tokens) = tokens_of(text, &m.range()) {
                found.push(context.cue(*rule, tokens, Some(m.range())));
            }
        }
    }
    found.sort_by(|a, b| {
        (a.rule, a.tokens.start, std::cmp::Reverse(a.tokens.end)).cmp(&(
            b.rule,
            b.tokens.start,
            std::cmp::Reverse(b.tokens.end),
        ))
    });
    found
}

/// Spans of tokens in the order of their starts.
#[derive(Debug, Default)]
struct Spans {
    spans: Vec<Range<usize>>,
    /// Length of the longest.
    longest: usize,
}

impl Spans {
    fn of(mut spans: Vec<Range<usize>>) -> Self {
        spans.sort_unstable_by_key(|s| (s.start, s.end));
        let longest = spans.iter().map(Range::len).max().unwrap_or(0);
        Self { spans, longest }
    }

    /// Those that start in a range, from the last to the first.
    fn starting_in(&self, range: Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let from = self.spans.partition_point(|s| s.start < range.start);
        let to = self.spans.partition_point(|s| s.start < range.end).max(from);
        self.spans[from..to].iter().rev()
    }

    fn overlapping(&self, tokens: &Range<usize>) -> Option<&Range<usize>> {
        self.starting_in(tokens.start.saturating_sub(self.longest)..tokens.end).find(|s| s.end > tokens.start)
    }
}

/// The spans of each rule that has any.
fn by_rule(guards: Vec<(RuleIndex, Range<usize>)>) -> BTreeMap<RuleIndex, Spans> {
    let mut by_rule: BTreeMap<RuleIndex, Vec<Range<usize>>> = BTreeMap::new();
    for (rule, tokens) in guards {
        by_rule.entry(rule).or_default().push(tokens);
    }
    by_rule.into_iter().map(|(rule, spans)| (rule, Spans::of(spans))).collect()
}

/// The tokens that a byte range touches.
fn tokens_of(text: &Text, bytes: &Range<usize>) -> Option<Range<usize>> {
    let start = text.tokens.partition_point(|t| t.end as usize <= bytes.start);
    let end = text.tokens.partition_point(|t| (t.start as usize) < bytes.end);
    (start < end).then_some(start..end)
}

/// Whether a negation does not reach over these: "but", strong punctuation, or ", and".
fn ends_negation(between: &[Token]) -> bool {
    between.iter().any(|t| t.is(Traits::CONTRAST) || t.mark.any(Mark::BREAK))
        || between.windows(2).any(|w| w[0].mark.any(Mark::COMMA) && w[1].is(Traits::COORDINATOR))
}

struct Context<'a> {
    text: &'a Text,
    negations: Spans,
    immune: Spans,
    guards: BTreeMap<RuleIndex, Spans>,
}

impl Context<'_> {
    fn cue(&self, rule: RuleIndex, tokens: Range<usize>, bytes: Option<Range<usize>>) -> Cue {
        let text = self.text;
        // The clause of its first verb: "and then I" may open with words of the clause before.
        let verbal = Traits::PAST
            .with(Traits::BASE)
            .with(Traits::THIRD)
            .with(Traits::PARTICIPLE)
            .with(Traits::ING)
            .with(Traits::BE);
        let carrier = tokens.clone().find(|t| text.tokens[*t].is(verbal)).unwrap_or(tokens.start);
        let clause_index = text.clauses.partition_point(|c| c.tokens.start <= carrier).saturating_sub(1);
        let clause = &text.clauses[clause_index];
        // A subject that the cue itself names acts, whatever the verb's voice.
        let actor = match clause.subject.filter(|s| tokens.contains(s)) {
            Some(s) if text.tokens[s].is(Traits::SPEAKER) => Actor::Speaker,
            Some(s) if text.tokens[s].is(Traits::TEAM) => Actor::Team,
            _ => clause.actor,
        };
        // From the start of its clause, as far as a negation reaches.
        let scope = text.clause_at(tokens.start).tokens.start.min(clause.tokens.start);
        let reach = tokens.start.saturating_sub(NEGATION_REACH + self.negations.longest).max(scope);
        let negated = self.negations.starting_in(reach..tokens.start).any(|n| {
            n.end <= tokens.start
                && tokens.start - n.end <= NEGATION_REACH
                && !ends_negation(&text.tokens[n.end..tokens.start])
        });
        let guarded = self
            .guards
            .get(&rule)
            .and_then(|guards| guards.overlapping(&tokens))
            .or_else(|| self.immune.overlapping(&tokens))
            .cloned();
        Cue {
            rule,
            bytes: bytes.unwrap_or_else(|| text.bytes(&tokens)),
            sentence: text.sentence_at(tokens.start),
            actor,
            mood: clause.mood,
            negated,
            voice: clause.voice,
            guarded,
            tokens,
        }
    }
}

/// Whether a cue counts for its rule, given what is known of the answer.
///
/// In an answer that is no story, habits and hypotheticals are all that the speaker has to offer:
/// there, they count as shown for behaviours.
pub(crate) fn verdict(rule: &Rule, cue: &Cue, facts: &Facts, sections: &[Option<Section>]) -> Result<(), Void> {
    in_context(rule, cue, facts)?;
    if !rule.within.is_empty() && !rule.within.contains(&sections.get(cue.sentence).copied().flatten()) {
        return Err(Void::Section);
    }
    if !rule.only.is_empty() && !rule.only.iter().any(|w| w.holds(facts)) {
        return Err(Void::Only);
    }
    Ok(())
}

/// The part of the [`verdict`] that a clause decides: sections and conditions apart.
pub(crate) fn in_context(rule: &Rule, cue: &Cue, facts: &Facts) -> Result<(), Void> {
    if cue.guarded.is_some() {
        return Err(Void::Guarded);
    }
    let behaviour = rule.family == Family::Behaviour;
    if behaviour && facts.kind == Some(Kind::NotAnAnswer) {
        return Err(Void::Kind);
    }
    let no_story = behaviour && facts.kind.is_some_and(|k| k != Kind::Story);
    let unnamed = no_story && cue.actor == Actor::Unknown;
    if !(rule.actors.is_empty() || rule.actors.contains(&cue.actor) || unnamed) {
        return Err(Void::Actor);
    }
    if !rule.moods.is_empty() && !rule.moods.contains(&cue.mood) && !no_story {
        return Err(Void::Mood);
    }
    match rule.polarity {
        Polarity::Affirmed if cue.negated => return Err(Void::Polarity),
        Polarity::Negated if !cue.negated => return Err(Void::Polarity),
        _ => {}
    }
    match rule.voice {
        WhoseWords::Own if cue.voice == Voice::Others => return Err(Void::Voice),
        WhoseWords::Others if cue.voice == Voice::Own => return Err(Void::Voice),
        _ => {}
    }
    Ok(())
}
