//! Runs the examples that rules carry: what must be caught, and what must be left alone.

use super::context::{self, verdict};
use super::measures::Facts;
use super::program::Rule;
use super::{Asked, Judgement};
use crate::answer::Answer;
use crate::assessment::Kind;
use crate::content::rubric::{Family, Rubric};
use crate::text::Text;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// An example of at least so many words is judged as a whole answer, a shorter one by its cues
/// alone: conditions over an answer mean nothing for a sentence.
pub(crate) const WHOLE_ANSWER_WORDS: usize = 40;

/// What is wrong with a rule's example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleFault {
    /// It must be caught and is not.
    Missing,
    /// It is caught at other words than the marked ones.
    Elsewhere,
    /// It must be left alone and is caught.
    Noisy,
    /// A known miss is caught by now: move it to `match`.
    MissPasses,
    /// A known noise is left alone by now: move it to `no_match`.
    NoisePasses,
    /// The rule has no example that must be caught.
    NoMatch,
    /// The rule has no example that must be left alone.
    NoNoMatch,
    /// The `**` of an example do not come in pairs.
    BadMarks,
}

impl ExampleFault {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "example-missing",
            Self::Elsewhere => "example-elsewhere",
            Self::Noisy => "example-noisy",
            Self::MissPasses => "known-miss-passes",
            Self::NoisePasses => "known-noise-passes",
            Self::NoMatch => "no-match-example",
            Self::NoNoMatch => "no-no-match-example",
            Self::BadMarks => "bad-marks",
        }
    }

    /// Whether the rubric must be mended, or is only told of.
    #[must_use]
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::MissPasses | Self::NoisePasses)
    }
}

/// An example that is not as its rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleReport {
    /// What the rule looks for.
    pub family: Family,
    /// The rule.
    pub rule: String,
    /// What is wrong.
    pub fault: ExampleFault,
    /// The example, or the cue that is idle.
    pub example: String,
    /// What matched instead, or why nothing counted.
    pub seen: String,
}

/// Runs all examples of a rubric's rules.
#[must_use]
pub fn run_examples(rubric: &Rubric) -> Vec<ExampleReport> {
    let runner = Runner::new(rubric);
    (0..rubric.rules().len()).flat_map(|index| runner.run(index, &|_| true)).collect()
}

/// Runs examples of a rubric's rules. What several rules have as an example is judged once.
pub(crate) struct Runner<'a> {
    rubric: &'a Rubric,
    judged: Mutex<HashMap<String, Arc<OnceLock<Whole>>>>,
}

/// A whole answer, as all rules see it.
struct Whole {
    /// By rule: whether it fired.
    fired: Vec<bool>,
    /// By rule: the words that count for it.
    spans: Vec<Vec<Range<usize>>>,
    kind: Arc<str>,
}

impl<'a> Runner<'a> {
    pub(crate) fn new(rubric: &'a Rubric) -> Self {
        Self { rubric, judged: Mutex::default() }
    }

    /// Runs the examples of one rule; `wanted` says whether those are run that are judged as a whole
    /// answer (`true`), and those that are judged by cues alone.
    pub(crate) fn run(&self, index: usize, wanted: &dyn Fn(bool) -> bool) -> Vec<ExampleReport> {
        let info = &self.rubric.rules()[index];
        let mut reports = Vec::new();
        let mut report = |fault, example: &str, seen: String| {
            reports.push(ExampleReport {
                family: info.family,
                rule: info.id.to_string(),
                fault,
                example: example.to_owned(),
                seen,
            });
        };
        let runs = |example: &&String| wanted(is_whole(example));
        for example in info.matches.iter().filter(runs) {
            let Some((text, marks)) = unmark(example) else {
                report(ExampleFault::BadMarks, example, "write `**` before and after the evidence".to_owned());
                continue;
            };
            let seen = self.see(index, &text);
            if !seen.fired {
                report(ExampleFault::Missing, example, seen.why);
            } else if let Some(mark) =
                marks.iter().find(|m| !seen.spans.iter().any(|s| s.start < m.end && m.start < s.end))
            {
                let quotes: Vec<&str> = seen.spans.iter().map(|s| &text[s.clone()]).collect();
                report(ExampleFault::Elsewhere, example, format!("not `{}` but {quotes:?}", &text[mark.clone()]));
            }
        }
        for example in info.no_match.iter().filter(runs) {
            let seen = self.see(index, example);
            if seen.fired {
                let quotes: Vec<&str> = seen.spans.iter().map(|s| &example[s.clone()]).collect();
                report(ExampleFault::Noisy, example, format!("caught {quotes:?}"));
            }
        }
        for example in info.known_miss.iter().filter(runs) {
            let (text, _) = unmark(example).unwrap_or_default();
            if self.see(index, &text).fired {
                report(ExampleFault::MissPasses, example, "move it to `match`".to_owned());
            }
        }
        for example in info.known_noise.iter().filter(runs) {
            if !self.see(index, example).fired {
                report(ExampleFault::NoisePasses, example, "move it to `no_match`".to_owned());
            }
        }
        if info.matches.is_empty() && wanted(false) {
            report(ExampleFault::NoMatch, "", String::new());
        }
        if info.no_match.is_empty() && wanted(false) {
            report(ExampleFault::NoNoMatch, "", String::new());
        }
        reports
    }

    /// What a rule sees in an example.
    fn see(&self, index: usize, text: &str) -> Seen {
        if is_whole(text) { self.see_whole(index, text) } else { self.see_cues(index, text) }
    }

    fn see_whole(&self, index: usize, text: &str) -> Seen {
        let program = &self.rubric.program;
        // A thread that died while it held the map has left it whole.
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = Arc::clone(judged.entry(text.to_owned()).or_default());
        drop(judged);
        let whole = slot.get_or_init(|| {
            let answer = Answer::whole(text);
            let j = Judgement::of(program, Asked::default(), &answer);
            let of_rule = |counted: &Vec<usize>| counted.iter().map(|c| j.cues[*c].bytes.clone()).collect();
            Whole {
                spans: j.counted.iter().map(of_rule).collect(),
                kind: Arc::clone(&j.kind.name),
                fired: j.facts.fired,
            }
        });
        let why = format!("the answer is judged as `{}`", whole.kind);
        Seen { fired: whole.fired[index], spans: whole.spans[index].clone(), why }
    }

    fn see_cues(&self, index: usize, text: &str) -> Seen {
        let program = &self.rubric.program;
        let rule = &program.rules[index];
        let answer = Answer::whole(text);
        let cut = Text::of(&answer, &program.vocabulary);
        let mut facts = Facts::new(program.rules.len());
        facts.kind = Some(Kind::Story);
        let mut spans = Vec::new();
        let mut why = Vec::new();
        for cue in &context::cues_of(program, &cut, text, |rule| rule == index) {
            match verdict(&bare(rule), cue, &facts, &[]) {
                Ok(()) => spans.push(cue.bytes.clone()),
                Err(void) => {
                    let because = super::why::why(rule, cue, void, &cut, text);
                    why.push(format!("`{}` does not count: {because}", &text[cue.bytes.clone()]));
                }
            }
        }
        let fired = !spans.is_empty();
        let why = if why.is_empty() { "no cue matches".to_owned() } else { why.join("; ") };
        Seen { fired, spans, why }
    }
}

/// Whether an example is judged as a whole answer.
pub(crate) fn is_whole(example: &str) -> bool {
    example.split_whitespace().count() >= WHOLE_ANSWER_WORDS
}

struct Seen {
    fired: bool,
    spans: Vec<Range<usize>>,
    why: String,
}

/// How a rule sees a text that is given as an example: why it does not fire, or the words that
/// make it fire.
///
/// # Errors
/// In words, why it does not fire.
pub(crate) fn try_example(rubric: &Rubric, index: usize, text: &str) -> Result<Vec<String>, String> {
    let seen = Runner::new(rubric).see(index, text);
    if seen.fired { Ok(seen.spans.into_iter().map(|s| text[s].to_owned()).collect()) } else { Err(seen.why) }
}

/// The rule without what needs a whole answer.
fn bare(rule: &Rule) -> Rule {
    Rule {
        id: rule.id.clone(),
        family: rule.family,
        actors: rule.actors.clone(),
        moods: rule.moods.clone(),
        polarity: rule.polarity,
        voice: rule.voice,
        within: Vec::new(),
        only: Vec::new(),
        when: Vec::new(),
        feeds: Vec::new(),
        threshold: rule.threshold,
        at_least: 1,
        weigh: false,
        speaks: rule.speaks,
        weight: rule.weight,
        severity: rule.severity,
        cap: rule.cap,
        absent: Vec::new(),
        advice: rule.advice.clone(),
        probe: rule.probe.clone(),
        title: rule.title.clone(),
    }
}

/// Takes the `**` out of an example: its text, and the marked ranges of it.
pub(crate) fn unmark(example: &str) -> Option<(String, Vec<Range<usize>>)> {
    let mut text = String::with_capacity(example.len());
    let mut marks = Vec::new();
    let pieces: Vec<&str> = example.split("**").collect();
    if pieces.len().is_multiple_of(2) {
        return None;
    }
    for (at, piece) in pieces.into_iter().enumerate() {
        let start = text.len();
        text.push_str(piece);
        if at % 2 == 1 {
            marks.push(start..text.len());
        }
    }
    Some((text, marks))
}
