//! A rubric in the form in which the engine runs it.

use super::gate::Gate;
use super::measures::{Measure, RuleIndex, When};
use super::pattern::number;
use super::phrases::Phrases;
use crate::assessment::{Kind, Section, Severity, Tenths};
use crate::content::rubric::Family;
use crate::text::rows::{Items, Part, Row, items};
use crate::text::{Actor, Mood, Vocabulary, WordId};
use regex_automata::meta::Regex;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// What a phrase is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A cue of a rule.
    Cue(RuleIndex),
    /// A guard of a rule.
    Guard(RuleIndex),
    /// No rule may touch it.
    Immune,
    /// It denies what follows in its clause.
    Negation,
    /// It looks like a negation and is none.
    PseudoNegation,
}

impl Part for Use {
    const SIZE: usize = 5;

    fn put(&self, bytes: &mut &mut [u8]) {
        let (kind, rule): (u8, _) = match *self {
            Self::Cue(rule) => (0, rule),
            Self::Guard(rule) => (1, rule),
            Self::Immune => (2, 0),
            Self::Negation => (3, 0),
            Self::PseudoNegation => (4, 0),
        };
        kind.put(bytes);
        number(rule).put(bytes);
    }

    #[inline]
    fn take(bytes: &mut &[u8]) -> Self {
        let (kind, rule) = (u8::take(bytes), u32::take(bytes) as RuleIndex);
        match kind {
            0 => Self::Cue(rule),
            1 => Self::Guard(rule),
            2 => Self::Immune,
            3 => Self::Negation,
            _ => Self::PseudoNegation,
        }
    }
}

items!(Use);

/// What each phrase is for; several rules may share one.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Uses {
    all: Row<Use>,
    /// Where those of each phrase end in `all`.
    ends: Row<u32>,
}

impl Uses {
    /// By phrase.
    pub(crate) fn of(by_phrase: &[Vec<Use>]) -> Self {
        let mut uses = Self::default();
        for of_phrase in by_phrase {
            uses.all.extend(of_phrase.iter().copied());
            uses.ends.push(&number(uses.all.len()));
        }
        uses
    }

    /// What a phrase is for.
    #[inline]
    pub(crate) fn of_phrase(&self, phrase: usize) -> Items<'_, Use> {
        let from = phrase.checked_sub(1).map_or(0, |before| self.ends.at(before));
        self.all.range(from as usize..self.ends.at(phrase) as usize)
    }
}

/// Which polarity a cue must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Polarity {
    /// Not denied.
    #[default]
    Affirmed,
    /// Denied.
    Negated,
    /// Either.
    Any,
}

/// Whose words a cue must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum WhoseWords {
    /// The candidate's.
    #[default]
    Own,
    /// Somebody else's.
    Others,
    /// Anybody's.
    Any,
}

/// A regular expression, compiled when it is first needed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LazyRegex {
    pub(crate) source: String,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// Largest compiled size in bytes: a hostile pattern is refused, not run.
    const SIZE: usize = 1 << 20;

    pub(crate) fn new(source: String) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// Compiles a pattern: case is ignored.
    pub(crate) fn build(source: &str) -> Result<regex::Regex, regex::Error> {
        regex::RegexBuilder::new(source).case_insensitive(true).size_limit(Self::SIZE).build()
    }

    /// The expression, ready to run. The [`Gate`] has seen the text before: what would make long
    /// searches quicker and building slower is left out.
    pub(crate) fn get(&self) -> Option<&Regex> {
        let build = || {
            let plain =
                Regex::config().nfa_size_limit(Some(Self::SIZE)).auto_prefilter(false).onepass(false).dfa(false);
            let syntax = regex_automata::util::syntax::Config::new().case_insensitive(true);
            Regex::builder().configure(plain).syntax(syntax).build(&self.source).ok()
        };
        self.compiled.get_or_init(build).as_ref()
    }
}

/// A compiled rule.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: Arc<str>,
    pub(crate) family: Family,
    pub(crate) actors: Vec<Actor>,
    /// Moods in a story; empty: any.
    pub(crate) moods: Vec<Mood>,
    pub(crate) polarity: Polarity,
    pub(crate) voice: WhoseWords,
    pub(crate) within: Vec<Option<Section>>,
    pub(crate) only: Vec<When>,
    pub(crate) when: Vec<When>,
    pub(crate) feeds: Vec<(Feed, f64)>,
    pub(crate) threshold: f64,
    pub(crate) at_least: usize,
    /// Whether its words are weighed by [`Doubt`].
    pub(crate) weigh: bool,
    /// What a cue says for each section of its sentence, and for "other".
    pub(crate) speaks: Option<[f64; STATES]>,
    /// How many times the points of its family a behaviour gives or a minefield takes: 1 to 3.
    pub(crate) weight: u8,
    pub(crate) severity: Severity,
    pub(crate) cap: Option<Tenths>,
    pub(crate) absent: Vec<Arc<str>>,
    pub(crate) advice: Arc<str>,
    pub(crate) probe: Arc<str>,
    pub(crate) title: Arc<str>,
}

/// What a pass over the rules asks of each before it looks at it: side by side, as there are many passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trigger {
    pub(crate) family: Family,
    /// Whether it may fire without a cue.
    pub(crate) by_others: bool,
    /// Whether its cues decide alone: then it is settled in the first pass.
    pub(crate) by_cues: bool,
}

impl Trigger {
    /// What lets a rule fire.
    pub(crate) fn of(rule: &Rule) -> Self {
        let by_others = !(rule.feeds.is_empty() && rule.when.is_empty());
        // Which words show a behaviour depends on the kind of the answer; what is doubted, on everything.
        let free = rule.within.is_empty() && rule.only.is_empty() && !rule.weigh && rule.family != Family::Behaviour;
        Self { family: rule.family, by_others, by_cues: free && !by_others }
    }
}

/// What adds to a sum: a rule that fired (one), or a measure (its value).
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Feed {
    /// One where the rule fired.
    Rule(RuleIndex),
    /// The value of the measure.
    Measure(Measure),
}

/// Sections and "other", as rows and columns of the segmentation.
pub(crate) const STATES: usize = 5;

/// A feature of a sentence, by its place in [`FEATURES`].
pub(crate) const FEATURES: &[&str] = &[
    "bias",
    "speaker_deed",
    "speaker_deeds",
    "team_deed",
    "other_deed",
    "unknown_deed",
    "speaker_state",
    "other_state",
    "thing_state",
    "present",
    "habit",
    "hypothetical",
    "fragment",
    "first",
    "second",
    "early",
    "late",
    "last",
    "figure",
    "others_words",
    "negated",
    "short",
    "question",
    "perfect",
    "before_deeds",
    "after_deeds",
    "other_after_deeds",
    "thing_after_deeds",
    "present_after_deeds",
    "no_deed_to_come",
    "first_deed",
];

/// What a neighbouring sentence says for each section of a sentence.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Neighbour {
    /// By feature.
    pub(crate) features: Vec<[f64; STATES]>,
    /// By rule with a cue there, sorted.
    pub(crate) rules: Vec<(RuleIndex, [f64; STATES])>,
}

impl Default for Neighbour {
    fn default() -> Self {
        Self { features: vec![[0.0; STATES]; FEATURES.len()], rules: Vec::new() }
    }
}

/// Weights of the path through the sections.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Segmentation {
    /// From a section (rows; the last row is the start) to the next.
    pub(crate) transitions: [[f64; STATES]; STATES + 1],
    /// By feature, for each section.
    pub(crate) features: Vec<[f64; STATES]>,
    /// By what stands in the sentence before.
    pub(crate) previous: Neighbour,
    /// By what stands in the sentence after.
    pub(crate) next: Neighbour,
    /// By word wherever it stands in a sentence, sorted.
    pub(crate) words: Vec<(WordId, [f64; STATES])>,
    /// By word that opens a sentence, sorted.
    pub(crate) openers: Vec<(WordId, [f64; STATES])>,
    /// For the section that the candidate typed.
    pub(crate) typed: f64,
}

/// A kind of answer with its conditions.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KindRule {
    pub(crate) kind: Kind,
    pub(crate) name: Arc<str>,
    pub(crate) when: Vec<When>,
    pub(crate) advice: Arc<str>,
}

/// Conditions and words of a section.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SectionRule {
    pub(crate) clear: Vec<When>,
    pub(crate) partial: Vec<When>,
    pub(crate) evidence: Vec<RuleIndex>,
    pub(crate) advice_absent: String,
    pub(crate) advice_partial: String,
    pub(crate) probe: String,
}

/// A cap of the score with its condition.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cap {
    pub(crate) id: String,
    pub(crate) at: Tenths,
    pub(crate) when: When,
}

/// Points of the score.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Points {
    pub(crate) sections: [[Tenths; 2]; 4],
    pub(crate) behaviour: Tenths,
    pub(crate) behaviours_at_most: Tenths,
    pub(crate) signals: Vec<(RuleIndex, Tenths)>,
    pub(crate) mild: Tenths,
    pub(crate) serious: Tenths,
    pub(crate) minefields_at_most: Tenths,
    pub(crate) kind_caps: Vec<(Kind, Tenths)>,
    pub(crate) caps: Vec<Cap>,
}

/// When the words of a minefield are doubted: where one odd phrase stands against much that is
/// good, a misreading is likelier than a fault.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Doubt {
    /// What the first passage is worth.
    pub(crate) first: f64,
    /// What each further one adds.
    pub(crate) further: f64,
    /// What speaks for or against.
    pub(crate) feeds: Vec<(Feed, f64)>,
}

/// How a finding is weighed against all else that an answer shows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Weighing {
    /// The finding.
    pub(crate) rule: RuleIndex,
    /// What it is worth that its own rule found it.
    pub(crate) own: f64,
    /// What each further passage adds, two at most.
    pub(crate) further: f64,
    /// How much is enough.
    pub(crate) threshold: f64,
    /// Rules and measures that speak for or against.
    pub(crate) feeds: Vec<(Feed, f64)>,
    /// Words that speak for or against.
    pub(crate) words: Vec<(WordId, f64)>,
}

/// A rubric in the form in which the engine runs it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Program {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) phrases: Phrases,
    /// What each phrase is for.
    pub(crate) uses: Uses,
    /// Sorted by family.
    pub(crate) rules: Vec<Rule>,
    /// By rule.
    pub(crate) triggers: Vec<Trigger>,
    /// Regular expressions of the rules, in the order of these, and what lets a text through to each.
    pub(crate) regexes: Vec<(RuleIndex, LazyRegex)>,
    pub(crate) gate: Gate,
    pub(crate) kinds: Vec<KindRule>,
    pub(crate) sections: [SectionRule; 4],
    pub(crate) segmentation: Segmentation,
    pub(crate) points: Points,
    pub(crate) doubt: Option<Doubt>,
    pub(crate) weighing: Vec<Weighing>,
    pub(crate) words_per_minute: u32,
}
