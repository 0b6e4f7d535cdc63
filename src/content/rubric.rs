//! A rubric: merged from its files and from the rubric that it extends, then compiled.

use super::Source;
use super::raw::RubricFile;
use crate::assessment::{Section, Severity, Tenths};
use crate::diagnostics::Problems;
use crate::text::language::Language;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of one rubric, as they were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct RubricSource {
    files: Vec<(String, RubricFile)>,
}

impl RubricSource {
    pub(super) fn add(&mut self, source: &Source, file: RubricFile) {
        self.files.push((source.path.clone(), file));
    }
}

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Cues for use in conditions and weights.
    Signal,
    /// Cues that speak for a section.
    SectionCue,
    /// A behavioural indicator.
    Behaviour,
    /// What the interviewer probes.
    Motivation,
    /// A red flag.
    Minefield,
}

impl Family {
    /// The word for people and JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::SectionCue => "section-cue",
            Self::Behaviour => "behaviour",
            Self::Motivation => "motivation",
            Self::Minefield => "minefield",
        }
    }
}

/// What a rule says of itself: for `explain` and `rubrics show`.
#[derive(Debug, Clone)]
pub struct RuleInfo {
    /// Public id.
    pub id: Arc<str>,
    /// What it looks for.
    pub family: Family,
    /// Title for people.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How to do better.
    pub advice: Arc<str>,
    /// What an interviewer asks.
    pub probe: String,
    /// For a minefield: how grave.
    pub severity: Option<Severity>,
    /// For a minefield: the highest score with it.
    pub cap: Option<Tenths>,
    /// Phrases in the rule language.
    pub cues: Vec<String>,
    /// Regular expressions.
    pub regex: Vec<String>,
    /// Phrases that make an overlapping cue void.
    pub guards: Vec<String>,
    /// Whether it can also fire because something is missing.
    pub from_absence: bool,
    /// Examples that must be caught (`**` marks the evidence).
    pub matches: Vec<String>,
    /// Examples that must be left alone.
    pub no_match: Vec<String>,
    /// Known misses.
    pub known_miss: Vec<String>,
    /// Known noise.
    pub known_noise: Vec<String>,
}

/// A band with its anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// 1 to 5.
    pub band: u8,
    /// One word, such as "strong".
    pub title: String,
    /// The lowest score of this band.
    pub from: Tenths,
    /// What such an answer looks like.
    pub anchor: String,
}

/// What a section is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionInfo {
    /// Title for people.
    pub title: String,
    /// What it is for: the prompt in practice.
    pub purpose: String,
    /// Least and greatest share of the words, in percent.
    pub share: [u32; 2],
}

/// A compiled rubric, ready to assess answers.
#[derive(Debug)]
pub struct Rubric {
    /// Public id.
    pub id: Arc<str>,
    /// Hash of its content and of all that it extends, 16 hexadecimal digits.
    pub hash: Arc<str>,
    /// Title.
    pub title: String,
    /// What it judges.
    pub description: String,
    /// Id of the rubric that it extends, if any.
    pub extends: Option<String>,
    /// Bands, lowest first.
    pub bands: Vec<Band>,
    /// The four sections, in STAR order.
    pub sections: [SectionInfo; 4],
    /// All rules, by family and in the order of the files.
    pub rules: Vec<RuleInfo>,
}

impl Rubric {
    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        self.rules.iter().find(|r| &*r.id == id)
    }

    /// What a section is for.
    #[must_use]
    pub fn section(&self, section: Section) -> &SectionInfo {
        &self.sections[section.index()]
    }

    /// The band with this number (1 to 5).
    #[must_use]
    pub fn band(&self, band: u8) -> Option<&Band> {
        self.bands.iter().find(|b| b.band == band)
    }
}

pub(super) fn compile(
    _id: &str,
    _sources: &BTreeMap<String, RubricSource>,
    _languages: &BTreeMap<String, Arc<Language>>,
) -> Result<Rubric, Problems> {
    unreachable!("the engine is being written")
}
