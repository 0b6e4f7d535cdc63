//! The shapes of the TOML files, as they are written. Unknown keys are refused.
//!
//! These types never leave `content`: loading turns them into validated ones. `build.rs` compiles
//! this file too; the JSON Schemas under `schemas/` are made of it by a test, so that neither the
//! build nor the program needs more.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The newest format that this program reads.
pub const SCHEMA: u32 = 1;

/// A file of questions: `questions/*.toml`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BankFile {
    /// Format version.
    pub schema: u32,
    /// The questions, in the order in which they are listed.
    #[serde(default, rename = "question")]
    pub questions: Vec<RawQuestion>,
}

/// One question of a bank.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawQuestion {
    /// Public id, never reused.
    #[cfg_attr(test, schemars(extend("pattern" = "^[a-z0-9]+([-.][a-z0-9]+)*$")))]
    pub id: String,
    /// The question as it is asked.
    pub text: String,
    /// Theme, such as "Escalation Management".
    pub theme: String,
    /// The job it is asked for.
    pub role: String,
    /// One line about the role.
    pub about_role: String,
    /// Function of a firm, such as "Customer Service".
    pub function: String,
    /// `beginner`, `intermediate` or `advanced`.
    #[cfg_attr(test, schemars(extend("enum" = ["beginner", "intermediate", "advanced"])))]
    pub difficulty: String,
    /// Id of the rubric that scores it.
    pub rubric: String,
    /// What they really ask.
    #[serde(default, rename = "motivation")]
    pub motivations: Vec<RawAsk>,
    /// Where candidates blow themselves up.
    #[serde(default, rename = "minefield")]
    pub minefields: Vec<RawTrap>,
    /// Key points of a strong answer.
    #[serde(default, rename = "key_point")]
    pub key_points: Vec<RawKeyPoint>,
    /// A sample answer by section.
    pub sample: RawSample,
    /// Why the sample works.
    pub why_it_works: String,
    /// Follow-ups that an interviewer may ask.
    #[serde(default)]
    pub probes: Vec<String>,
    /// Tips for the answer.
    #[serde(default)]
    pub tips: Vec<String>,
    /// What kind of own experience fits it, a line each.
    #[serde(default)]
    pub stories: Vec<String>,
    /// Ids of questions that are worth practising beside it.
    #[serde(default)]
    pub related: Vec<String>,
    /// The same story told badly.
    pub weak: Option<RawWeak>,
}

/// A weak answer with what is wrong with it; a test holds the scorer to its band and minefields.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawWeak {
    /// The band that a fair interviewer would give: 1 to 3.
    #[cfg_attr(test, schemars(range(min = 1, max = 3)))]
    pub band: u8,
    /// Ids of the minefields that are in it.
    #[serde(default)]
    pub minefields: Vec<String>,
    /// What is wrong with it.
    pub why: String,
    /// The answer, free-form.
    pub answer: String,
}

/// A motivation of a question: its id and one line that is true to this question.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawAsk {
    /// Id of the motivation in the rubric.
    pub id: String,
    /// What the interviewer wants to find out here.
    pub line: String,
}

/// A minefield of a question: its id and how to avoid it here.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawTrap {
    /// Id of the minefield in the rubric.
    pub id: String,
    /// How to avoid it in this answer.
    pub avoid: String,
}

/// A key point of a strong answer, tied to the behaviours that show it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawKeyPoint {
    /// The point, in one line.
    pub text: String,
    /// Ids of the behaviours that show it; these are what the question expects.
    #[serde(default)]
    pub behaviours: Vec<String>,
}

/// A sample answer by section.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawSample {
    /// Situation.
    pub situation: String,
    /// Task.
    pub task: String,
    /// Action.
    pub action: String,
    /// Result.
    pub result: String,
}

/// A guide: `questions/guides/*.toml`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GuideFile {
    /// Format version.
    pub schema: u32,
    /// Public id.
    #[cfg_attr(test, schemars(extend("pattern" = "^[a-z0-9]+([-.][a-z0-9]+)*$")))]
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is for, in two or three lines.
    pub summary: String,
    /// The steps, in order.
    #[serde(default, rename = "step")]
    pub steps: Vec<RawStep>,
    /// What an interviewer probes with this method.
    #[serde(default, rename = "competency")]
    pub competencies: Vec<RawAsk>,
    /// Common mistakes.
    #[serde(default, rename = "mistake")]
    pub mistakes: Vec<RawTrap>,
    /// Ids of questions that serve as worked scenarios, from beginner to advanced.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// Tips.
    #[serde(default)]
    pub tips: Vec<String>,
}

/// One step of a guide.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawStep {
    /// Title of the step.
    pub title: String,
    /// What it is for.
    pub text: String,
    /// The STAR section that it is about, if any.
    #[cfg_attr(test, schemars(extend("enum" = ["situation", "task", "action", "result"])))]
    pub section: Option<String>,
    /// Ids of the behaviours that it shows.
    #[serde(default)]
    pub behaviours: Vec<String>,
    /// What to do.
    #[serde(default)]
    pub practices: Vec<String>,
    /// Words that show it.
    #[serde(default)]
    pub phrases: Vec<String>,
}

/// One file of a rubric: `rubrics/ID.toml`, or any `rubrics/ID/*.toml`, which are read as one.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RubricFile {
    /// Format version.
    pub schema: u32,
    /// Public id; every file of one rubric names the same.
    #[cfg_attr(test, schemars(extend("pattern" = "^[a-z0-9]+([-.][a-z0-9]+)*$")))]
    pub id: String,
    /// Title, in one of the files.
    pub title: Option<String>,
    /// What it judges, in one of the files.
    pub description: Option<String>,
    /// Version for people, in one of the files: numbers with dots between them, such as "1.2.0". It stands
    /// beside the hash wherever the rubric is named; raise it when you change what it finds.
    #[cfg_attr(test, schemars(extend("pattern" = "^[0-9]+(\\.[0-9]+)*$")))]
    pub version: Option<String>,
    /// Id of the language file; `en` unless told.
    pub language: Option<String>,
    /// Id of the rubric that this one builds on.
    pub extends: Option<String>,
    /// Ids of inherited rules that are dropped.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Word lists for `@name`; a list of the same name adds to the inherited one.
    #[serde(default)]
    pub lexicon: BTreeMap<String, Vec<String>>,
    /// Phrases that no rule of this rubric may touch.
    #[serde(default)]
    pub immune: Vec<String>,
    /// Words of the theme: an answer without any of them may be off topic.
    #[serde(default, rename = "band")]
    pub bands: Vec<RawBand>,
    /// Norms of length and pace.
    pub norms: Option<RawNorms>,
    /// How sentences are given to sections.
    pub segmentation: Option<RawSegmentation>,
    /// Points and caps.
    pub score: Option<RawScore>,
    /// How findings are weighed against all else that an answer shows.
    #[serde(default)]
    pub weighing: Vec<RawWeighing>,
    /// When the words of a minefield are doubted.
    pub doubt: Option<RawDoubt>,
    /// Cues with no finding of their own, for use in `when` and weights.
    #[serde(default, rename = "signal")]
    pub signals: Vec<RawRule>,
    /// Cues that speak for a section of a sentence.
    #[serde(default, rename = "section_cue")]
    pub section_cues: Vec<RawRule>,
    /// The four sections: titles, purposes, advice, levels.
    #[serde(default, rename = "section")]
    pub sections: Vec<RawSection>,
    /// Kinds of answer, tried in order; the first whose `when` holds wins.
    #[serde(default, rename = "kind")]
    pub kinds: Vec<RawKind>,
    /// Behaviours.
    #[serde(default, rename = "behaviour")]
    pub behaviours: Vec<RawRule>,
    /// Motivations.
    #[serde(default, rename = "motivation")]
    pub motivations: Vec<RawRule>,
    /// Minefields.
    #[serde(default, rename = "minefield")]
    pub minefields: Vec<RawRule>,
}

/// The manifest of a pack: `pack.toml`, beside `questions/` and `rubrics/`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Format version of all files of the pack.
    pub schema: u32,
    /// Public id of the pack.
    #[cfg_attr(test, schemars(extend("pattern" = "^[a-z0-9]+([-.][a-z0-9]+)*$")))]
    pub id: String,
    /// Version of the pack, numbers with dots between them, such as "1.2.0".
    #[cfg_attr(test, schemars(extend("pattern" = "^[0-9]+(\\.[0-9]+)*$")))]
    pub version: String,
    /// Title for people.
    pub title: String,
    /// What is in it and for whom, in a line or two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Under which licence it may be used and shared, such as "CC-BY-4.0".
    pub licence: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Packs that it builds on, by id, each with the oldest version that will do; `starcue` names
    /// the program itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub needs: BTreeMap<String, String>,
}

/// A band with its anchor.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawBand {
    /// 1 to 5.
    #[cfg_attr(test, schemars(range(min = 1, max = 5)))]
    pub band: u8,
    /// One word, such as "strong".
    pub title: String,
    /// The lowest score of this band.
    #[cfg_attr(test, schemars(range(min = 0, max = 100)))]
    pub from: f64,
    /// What such an answer looks like.
    pub anchor: String,
}

/// Norms of length and pace: conventions, not findings.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawNorms {
    /// Words a minute, for the speaking time.
    #[cfg_attr(test, schemars(range(min = 1, max = 1000)))]
    pub words_per_minute: u32,
    /// Shortest and longest comfortable answer, in seconds.
    pub seconds: [u32; 2],
    /// Least and greatest share of words by section, in percent: S, T, A, R.
    pub shares: [[u32; 2]; 4],
}

/// Weights of the path through the sections.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawSegmentation {
    /// What it costs to go from one section (row) to the next sentence's (column); keys and
    /// columns are start, situation, task, action, result, other.
    pub transitions: BTreeMap<String, BTreeMap<String, f64>>,
    /// What a feature of a sentence (row) says for each section.
    pub features: BTreeMap<String, BTreeMap<String, f64>>,
    /// What a cue of a rule says for each section of the sentence that it stands in.
    #[serde(default)]
    pub rules: BTreeMap<String, BTreeMap<String, f64>>,
    /// What a feature, or a cue of a rule, in the sentence before says.
    #[serde(default)]
    pub previous: BTreeMap<String, BTreeMap<String, f64>>,
    /// What a feature, or a cue of a rule, in the sentence after says.
    #[serde(default)]
    pub next: BTreeMap<String, BTreeMap<String, f64>>,
    /// What a word says for each section of its sentence, each time that it stands there: "him"
    /// leans to action, "since" to result.
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, f64>>,
    /// What the first word of a sentence says beside that.
    #[serde(default)]
    pub openers: BTreeMap<String, BTreeMap<String, f64>>,
    /// What the section that the candidate typed says for its sentences.
    pub typed: f64,
}

/// Points of the score. Few, readable, and fitted only with a person's consent.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawScore {
    /// Points at level 1 and 2 of each section: S, T, A, R.
    #[cfg_attr(test, schemars(extend("propertyNames" = {"enum": ["situation", "task", "action", "result"]})))]
    pub sections: BTreeMap<String, [f64; 2]>,
    /// Points for each expected or unexpected behaviour shown.
    pub behaviour: f64,
    /// The most that behaviours may give together.
    pub behaviours_at_most: f64,
    /// Points for signals, once each.
    #[serde(default)]
    pub signals: BTreeMap<String, f64>,
    /// Points taken for each mild and each serious minefield, and the most together.
    pub minefields: RawPenalty,
    /// The highest score of each kind of answer.
    #[cfg_attr(test, schemars(extend("propertyNames" = {"enum": ["story", "general", "hypothetical", "not-an-answer"]})))]
    pub kind_caps: BTreeMap<String, f64>,
    /// Further caps: the first `when` that holds, each on its own.
    #[serde(default, rename = "cap")]
    pub caps: Vec<RawCap>,
}

/// Points taken for minefields.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawPenalty {
    /// For each mild one.
    pub mild: f64,
    /// For each serious one.
    pub serious: f64,
    /// Never more than this together.
    pub at_most: f64,
}

/// How the words of a minefield are weighed against the rest of the answer: they count where
/// `first`, `further` for each passage after the first, and the `feeds` reach 1.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawDoubt {
    /// What the first passage is worth.
    pub first: f64,
    /// What each further one adds.
    pub further: f64,
    /// What speaks for or against, by measure or rule.
    #[serde(default)]
    pub feeds: BTreeMap<String, f64>,
}

/// How a finding is weighed against all else that an answer shows, when every rule has been read:
/// it stands where the sum reaches the threshold, whether its own rule found it or not.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawWeighing {
    /// Id of the behaviour, minefield or motivation.
    pub id: String,
    /// What it is worth that its own rule found it.
    pub own: f64,
    /// What each further passage adds, two at most.
    #[serde(default)]
    pub further: f64,
    /// How much is enough.
    pub threshold: f64,
    /// What speaks for or against: rules that fired (one each) and measures.
    #[serde(default)]
    pub feeds: BTreeMap<String, f64>,
    /// Words that speak for or against, once each, wherever they stand in the answer.
    #[serde(default)]
    pub words: BTreeMap<String, f64>,
}

/// A cap with its condition.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawCap {
    /// Id that stands in the receipt.
    pub id: String,
    /// The highest score.
    #[cfg_attr(test, schemars(range(min = 0, max = 100)))]
    pub at: f64,
    /// When it holds.
    pub when: RawWhen,
    /// Why, in one line, for the reader of the receipt.
    pub why: String,
}

/// A section of the answer.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawSection {
    /// `situation`, `task`, `action` or `result`.
    #[cfg_attr(test, schemars(extend("enum" = ["situation", "task", "action", "result"])))]
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is for: shown as the prompt in practice.
    pub purpose: String,
    /// Advice at level 0.
    pub advice_absent: String,
    /// Advice at level 1.
    pub advice_partial: String,
    /// What an interviewer asks where it is missing or thin.
    pub probe: String,
    /// Level 2 where any of these holds.
    #[serde(default)]
    pub clear: Vec<RawWhen>,
    /// Level 1 where any of these holds.
    #[serde(default)]
    pub partial: Vec<RawWhen>,
    /// Ids of signals, section cues or behaviours whose words are shown as evidence.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// A kind of answer.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawKind {
    /// `story`, `general`, `hypothetical` or `not-an-answer`.
    #[cfg_attr(test, schemars(extend("enum" = ["story", "general", "hypothetical", "not-an-answer"])))]
    pub id: String,
    /// Name of this way of being so, such as "copied-question".
    pub name: String,
    /// When it holds: any of these.
    pub when: Vec<RawWhen>,
    /// Said first to the candidate; empty for a story.
    #[serde(default)]
    pub advice: String,
}

/// A condition over what is known of the answer. All that it names must hold.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawWhen {
    /// The kind of answer is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(extend("items" = {"type": "string", "enum": ["story", "general", "hypothetical", "not-an-answer"]})))]
    pub kind: Vec<String>,
    /// All of these rules fired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<String>,
    /// Any of these rules fired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<String>,
    /// None of these rules fired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
    /// Measures that must be at least so much.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub min: BTreeMap<String, f64>,
    /// Measures that must be at most so much.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub max: BTreeMap<String, f64>,
}

/// A rule: what is looked for, in whose mouth, with what examples.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawRule {
    /// Public id, never reused.
    #[cfg_attr(test, schemars(extend("pattern" = "^[a-z0-9]+([-.][a-z0-9]+)*$")))]
    pub id: String,
    /// Title for people.
    #[serde(default)]
    pub title: String,
    /// Why it matters, in a line or two.
    #[serde(default)]
    pub why: String,
    /// How to do better.
    #[serde(default)]
    pub advice: String,
    /// What an interviewer asks where it is missing (behaviour) or was hit (minefield).
    #[serde(default)]
    pub probe: String,
    /// For a `section_cue`: the section that it speaks for.
    #[cfg_attr(test, schemars(extend("enum" = ["situation", "task", "action", "result", "other"])))]
    pub section: Option<String>,
    /// For a `section_cue`: how strongly, 0.5 (a hint) to 4 (almost certain). For a behaviour or a
    /// minefield: how many times the points of its family, 1 to 3.
    pub weight: Option<f64>,
    /// Phrases in the rule language.
    #[serde(default)]
    pub cues: Vec<String>,
    /// Regular expressions, where they are the right tool.
    #[serde(default)]
    pub regex: Vec<String>,
    /// Phrases that make an overlapping cue of this rule void.
    #[serde(default)]
    pub guards: Vec<String>,
    /// Who must act: `speaker`, `team`, `other`, `unknown`; empty: anybody.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("items" = {"type": "string", "enum": ["speaker", "team", "other", "unknown", "any"]})))]
    pub actor: Vec<String>,
    /// Mood of the clause: `real`, `habitual`, `hypothetical`; empty: any.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("items" = {"type": "string", "enum": ["real", "past", "present", "habitual", "hypothetical", "any"]})))]
    pub mood: Vec<String>,
    /// `affirmed` (default), `negated` or `any`.
    #[cfg_attr(test, schemars(extend("enum" = ["affirmed", "negated", "any"])))]
    pub polarity: Option<String>,
    /// Whose words: `own` (default: not inside somebody else's quoted speech), `other` or `any`.
    #[cfg_attr(test, schemars(extend("enum" = ["own", "other", "any"])))]
    pub voice: Option<String>,
    /// Sections of the sentence in which it counts; empty: any.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("items" = {"type": "string", "enum": ["situation", "task", "action", "result", "other"]})))]
    pub within: Vec<String>,
    /// For a motivation: how much each behaviour or signal speaks for it.
    #[serde(default)]
    pub feeds: BTreeMap<String, f64>,
    /// For a motivation: how much is enough.
    pub threshold: Option<f64>,
    /// For a minefield: `mild` or `serious`.
    #[cfg_attr(test, schemars(extend("enum" = ["mild", "serious"])))]
    pub severity: Option<String>,
    /// For a minefield: the highest score that an answer with it may reach.
    #[cfg_attr(test, schemars(range(min = 0, max = 100)))]
    pub cap: Option<f64>,
    /// For a minefield: how many cues must be hit before it counts; 1 unless told.
    pub at_least: Option<usize>,
    /// For a minefield: whether its words are weighed against the rest of the answer, by `[doubt]`.
    pub weigh: Option<bool>,
    /// For a minefield or a signal: conditions, any of which makes it fire by itself.
    #[serde(default)]
    pub when: Vec<RawWhen>,
    /// For cues: they count only where any of these conditions holds.
    #[serde(default)]
    pub only: Vec<RawWhen>,
    /// For a minefield that comes from absence: what is missing.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Examples that must be caught; `**` marks the evidence.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Examples that must be left alone.
    #[serde(default)]
    pub no_match: Vec<String>,
    /// Examples that ought to be caught and are not yet.
    #[serde(default)]
    pub known_miss: Vec<String>,
    /// Examples that ought to be left alone and are not yet.
    #[serde(default)]
    pub known_noise: Vec<String>,
    /// For a rule that an inherited one has already: replace it whole instead of adding to it.
    #[serde(default)]
    pub replace: bool,
}
