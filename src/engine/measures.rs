//! What can be counted in an answer, and conditions over it: the `when` of the rule language.

use crate::assessment::{Kind, Section};
use crate::content::raw::RawWhen;
use crate::diagnostics::did_you_mean;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Index of a rule in its rubric.
pub(crate) type RuleIndex = usize;

/// Something that is counted in every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Measure {
    /// A plain count, by its place in [`PLAIN`].
    Plain(usize),
    /// Level of a section, 0 to 2.
    Level(Section),
    /// Words in a section.
    Words(Section),
    /// Sentences in a section.
    Sentences(Section),
    /// Share of a section in all words, in percent.
    Share(Section),
    /// How often a rule was hit.
    Hits(RuleIndex),
    /// The sum of a rule's feeds.
    Sum(RuleIndex),
}

/// In a sum, a count says no more beyond this.
const ENOUGH: f64 = 5.0;

/// In a sum, words are counted in tens, and no more than so many tens.
const ENOUGH_TENS_OF_WORDS: f64 = 4.0;

/// Plain counts with what they mean.
pub(crate) const PLAIN: &[(&str, &str)] = &[
    ("words", "words"),
    ("sentences", "sentences, run-on ones in parts"),
    ("numbers", "numbers, in figures or in words"),
    ("figures", "numbers in figures"),
    ("fillers", "filler words"),
    ("first_singular", "I, me, my, mine, myself"),
    ("first_plural", "we, us, our, ours, ourselves"),
    ("clauses", "clauses with a verb"),
    ("deeds.speaker", "past clauses in which the speaker does something"),
    ("deeds.team", "past clauses in which the team does something"),
    ("deeds.other", "past clauses in which others do something"),
    ("deeds.unknown", "past clauses in which it is not said who does it"),
    ("now.speaker", "present clauses in which the speaker does something"),
    ("past", "clauses in the past"),
    ("present", "clauses in the present"),
    ("habit", "clauses about habits"),
    ("hypothetical", "clauses about what would be"),
    ("past_share", "past clauses, in percent of those with a verb"),
    ("present_share", "present clauses, in percent of those with a verb"),
    ("habit_share", "clauses about habits, in percent of those with a verb"),
    ("hypothetical_share", "clauses about what would be, in percent of those with a verb"),
    ("behaviours", "behaviours found"),
    ("question_overlap", "words of the answer that stand in the question, in percent (small words apart)"),
    ("question_shared", "words that answer and question share (small words apart)"),
    ("repeated_share", "words in sentences that stand there already, in percent"),
    ("variety", "different words, in percent of all words"),
    ("known_share", "words of the language that are small or known to a rule, in percent"),
    ("longest_sentence", "words of the longest sentence"),
    ("mean_sentence", "words of a sentence, on average"),
    ("other_share", "words in sentences that serve no section, in percent"),
    ("order_breaks", "times that the answer goes back to an earlier section"),
    ("names", "words with a capital inside a sentence"),
    ("quotes", "clauses of quoted speech"),
    ("signs", "signs of code, such as brackets, bars and equals signs, for each 100 words"),
    ("capitals", "words of two letters and more in capitals alone, in percent of all words"),
    ("tangles", "words that cannot stand where they stand, such as “the” before “of”, for each 100 words"),
    ("words_per_behaviour", "words for each behaviour found"),
];

/// The index of a plain count. Where its name is none, the program is not built.
pub(crate) const fn plain(name: &str) -> usize {
    let mut at = 0;
    while at < PLAIN.len() {
        if same(PLAIN[at].0.as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no such plain measure")
}

/// Whether two names are the same, told while the program is built.
pub(crate) const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// What is known of an answer while it is judged.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The kind, once it is known.
    pub(crate) kind: Option<Kind>,
    /// Plain counts, in the order of [`PLAIN`].
    pub(crate) plain: Vec<f64>,
    /// Levels by section.
    pub(crate) levels: [u8; 4],
    /// Words by section.
    pub(crate) words: [usize; 4],
    /// Sentences by section.
    pub(crate) sentences: [usize; 4],
    /// Hits by rule.
    pub(crate) hits: Vec<usize>,
    /// Sums of feeds by rule.
    pub(crate) sums: Vec<f64>,
    /// Which rules fired, by hits or by condition.
    pub(crate) fired: Vec<bool>,
}

impl Facts {
    /// Nothing known yet of an answer to a rubric with so many rules.
    pub(crate) fn new(rules: usize) -> Self {
        Self {
            kind: None,
            plain: vec![0.0; PLAIN.len()],
            levels: [0; 4],
            words: [0; 4],
            sentences: [0; 4],
            hits: vec![0; rules],
            sums: vec![0.0; rules],
            fired: vec![false; rules],
        }
    }

    /// The value of a measure.
    #[allow(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
    pub(crate) fn value(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Plain(at) => self.plain[at],
            Measure::Level(s) => f64::from(self.levels[s.index()]),
            Measure::Words(s) => self.words[s.index()] as f64,
            Measure::Sentences(s) => self.sentences[s.index()] as f64,
            Measure::Share(s) => {
                let all = self.plain[const { plain("words") }].max(1.0);
                100.0 * self.words[s.index()] as f64 / all
            }
            Measure::Hits(rule) => self.hits[rule] as f64,
            Measure::Sum(rule) => self.sums[rule],
        }
    }

    /// The value of a measure as a sum takes it: counts up to five, words in tens up to four tens,
    /// shares and levels as they are. More of the same says nothing new, and stuffing earns nothing.
    pub(crate) fn contribution(&self, measure: Measure) -> f64 {
        let value = self.value(measure);
        match measure {
            Measure::Level(_) | Measure::Share(_) | Measure::Sum(_) => value,
            Measure::Words(_) => (value / 10.0).min(ENOUGH_TENS_OF_WORDS),
            Measure::Plain(at) if PLAIN[at].0 == "words" => (value / 10.0).min(ENOUGH_TENS_OF_WORDS),
            Measure::Plain(at) if PLAIN[at].0.ends_with("share") || PLAIN[at].0.ends_with("sentence") => value,
            Measure::Plain(_) | Measure::Sentences(_) | Measure::Hits(_) => value.min(ENOUGH),
        }
    }
}

/// A compiled condition: all of it must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct When {
    kinds: Vec<Kind>,
    all: Vec<RuleIndex>,
    any: Vec<RuleIndex>,
    none: Vec<RuleIndex>,
    min: Vec<(Measure, f64)>,
    max: Vec<(Measure, f64)>,
}

impl When {
    /// Compiles a condition against the rules of its rubric.
    ///
    /// # Errors
    /// One sentence for each name that is not known.
    pub(crate) fn compile(raw: &RawWhen, rules: &BTreeMap<String, RuleIndex>) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let mut kinds = Vec::new();
        for id in &raw.kind {
            match Kind::from_id(id) {
                Some(kind) => kinds.push(kind),
                None => wrong.push(unknown("kind", id, Kind::ALL.iter().map(|k| k.id()))),
            }
        }
        let mut resolve = |ids: &[String]| -> Vec<RuleIndex> {
            let mut found = Vec::new();
            for id in ids {
                match rules.get(id) {
                    Some(rule) => found.push(*rule),
                    None => wrong.push(unknown("rule", id, rules.keys().map(String::as_str))),
                }
            }
            found
        };
        let (all, any, none) = (resolve(&raw.all), resolve(&raw.any), resolve(&raw.none));
        let mut limits = |table: &BTreeMap<String, f64>| -> Vec<(Measure, f64)> {
            let mut found = Vec::new();
            for (name, limit) in table {
                match measure(name, rules) {
                    Ok(m) => found.push((m, *limit)),
                    Err(e) => wrong.push(e),
                }
            }
            found
        };
        let (min, max) = (limits(&raw.min), limits(&raw.max));
        if wrong.is_empty() { Ok(Self { kinds, all, any, none, min, max }) } else { Err(wrong) }
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, facts: &Facts) -> bool {
        (self.kinds.is_empty() || facts.kind.is_some_and(|k| self.kinds.contains(&k)))
            && self.all.iter().all(|r| facts.fired[*r])
            && (self.any.is_empty() || self.any.iter().any(|r| facts.fired[*r]))
            && !self.none.iter().any(|r| facts.fired[*r])
            && self.min.iter().all(|(m, limit)| facts.value(*m) >= *limit)
            && self.max.iter().all(|(m, limit)| facts.value(*m) <= *limit)
    }
}

/// The measure with this name.
///
/// # Errors
/// One sentence that names the nearest one.
pub(crate) fn measure(name: &str, rules: &BTreeMap<String, RuleIndex>) -> Result<Measure, String> {
    if let Some(at) = PLAIN.iter().position(|(n, _)| *n == name) {
        return Ok(Measure::Plain(at));
    }
    if let Some((what, of)) = name.split_once('.') {
        if let Some(section) = Section::from_id(of) {
            match what {
                "level" => return Ok(Measure::Level(section)),
                "words" => return Ok(Measure::Words(section)),
                "sentences" => return Ok(Measure::Sentences(section)),
                "share" => return Ok(Measure::Share(section)),
                _ => {}
            }
        }
        if what == "hits" || what == "sum" {
            return match rules.get(of) {
                Some(rule) if what == "sum" => Ok(Measure::Sum(*rule)),
                Some(rule) => Ok(Measure::Hits(*rule)),
                None => Err(unknown("rule", of, rules.keys().map(String::as_str))),
            };
        }
    }
    let sections = ["level", "words", "sentences", "share"]
        .into_iter()
        .flat_map(|w| Section::ALL.into_iter().map(move |s| format!("{w}.{s}")))
        .collect::<Vec<_>>();
    let known = PLAIN.iter().map(|(n, _)| *n).chain(sections.iter().map(String::as_str));
    Err(unknown("measure", name, known))
}

fn unknown<'a>(what: &str, id: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = did_you_mean(id, known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
    format!("there is no {what} `{id}`{near}")
}
