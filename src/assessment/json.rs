//! The public JSON of an assessment: a view of its own, so that inner types may change.

use super::{Assessment, Evidence, Finding, Section, SentenceSpan};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// How much of the evidence the JSON carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EvidenceDetail {
    /// No evidence at all.
    None,
    /// Spans and rules.
    Spans,
    /// Spans, rules and quoted words.
    #[default]
    Quotes,
}

/// The public JSON of an assessment (`starcue.assessment/1`), as `score --to jsonl` writes it.
pub struct AssessmentJson<'a> {
    /// Id of the record.
    pub id: &'a str,
    /// The question as the record gave it: an id or a text.
    pub question: Option<&'a str>,
    /// The judgement.
    pub assessment: &'a Assessment,
    /// The text that every offset addresses.
    pub text: &'a str,
    /// How much evidence to write.
    pub detail: EvidenceDetail,
    /// Whether to add the text itself.
    pub include_text: bool,
    /// Which of the keys to write: all, unless told.
    pub fields: Fields,
}

/// Keys of the JSON of an assessment, in the order in which they stand; without `text`, which has a
/// switch of its own.
pub const KEYS: [&str; 19] = [
    "schema",
    "id",
    "question",
    "rubric",
    "rubric_hash",
    "rubric_version",
    "kind",
    "score",
    "band",
    "sections",
    "sentences",
    "behaviours",
    "missing_behaviours",
    "motivations",
    "minefields",
    "metrics",
    "receipt",
    "advice",
    "probes",
];

/// Some of the [`KEYS`]; all by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields(u32);

impl Default for Fields {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Fields {
    /// These alone.
    ///
    /// # Errors
    /// The first name that is none of the [`KEYS`].
    pub fn only<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, &'n str> {
        let bit = |name| KEYS.iter().position(|k| *k == name).map(|at| 1 << at).ok_or(name);
        names.into_iter().try_fold(0, |all, name| Ok(all | bit(name)?)).map(Self)
    }

    const fn has(self, key: usize) -> bool {
        self.0 & (1 << key) != 0
    }
}

struct EvidenceList<'a>(&'a AssessmentJson<'a>, &'a [Evidence]);

impl Serialize for EvidenceList<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            start: usize,
            end: usize,
            #[serde(skip_serializing_if = "Option::is_none")]
            quote: Option<&'a str>,
            rule: &'a str,
        }
        let Self(view, list) = self;
        if view.detail == EvidenceDetail::None {
            return s.serialize_seq(Some(0))?.end();
        }
        let mut seq = s.serialize_seq(Some(list.len()))?;
        for e in *list {
            let quote = (view.detail == EvidenceDetail::Quotes).then(|| e.quote(view.text));
            seq.serialize_element(&One { start: e.start, end: e.end, quote, rule: &e.rule })?;
        }
        seq.end()
    }
}

struct SectionsJson<'a>(&'a AssessmentJson<'a>);

impl Serialize for SectionsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            level: u8,
            words: usize,
            evidence: EvidenceList<'a>,
            advice: &'a str,
        }
        let mut map = s.serialize_map(Some(4))?;
        for section in Section::ALL {
            let f = self.0.assessment.section(section);
            let one =
                One { level: f.level, words: f.words, evidence: EvidenceList(self.0, &f.evidence), advice: &f.advice };
            map.serialize_entry(section.id(), &one)?;
        }
        map.end()
    }
}

struct FindingsJson<'a>(&'a AssessmentJson<'a>, &'a [Finding]);

impl Serialize for FindingsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            id: &'a str,
            evidence: EvidenceList<'a>,
        }
        s.collect_seq(self.1.iter().map(|f| One { id: &f.id, evidence: EvidenceList(self.0, &f.evidence) }))
    }
}

struct MinefieldsJson<'a>(&'a AssessmentJson<'a>);

impl Serialize for MinefieldsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            id: &'a str,
            severity: &'a str,
            evidence: EvidenceList<'a>,
            #[serde(skip_serializing_if = "IdsJson::is_empty")]
            absent: IdsJson<'a>,
            advice: &'a str,
        }
        s.collect_seq(self.0.assessment.minefields.iter().map(|m| One {
            id: &m.id,
            severity: m.severity.id(),
            evidence: EvidenceList(self.0, &m.evidence),
            absent: IdsJson(&m.absent),
            advice: &m.advice,
        }))
    }
}

/// Ids, as they are.
struct IdsJson<'a>(&'a [Arc<str>]);

impl IdsJson<'_> {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for IdsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.0.iter().map(|id| &**id))
    }
}

struct SentencesJson<'a>(&'a [SentenceSpan]);

impl Serialize for SentencesJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            start: usize,
            end: usize,
            section: &'a str,
        }
        s.collect_seq(self.0.iter().map(|x| One {
            start: x.start,
            end: x.end,
            section: x.section.map_or("other", Section::id),
        }))
    }
}

impl Serialize for AssessmentJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let a = self.assessment;
        let mut map = s.serialize_map(None)?;
        for (at, key) in KEYS.iter().enumerate().filter(|(at, _)| self.fields.has(*at)) {
            match at {
                0 => map.serialize_entry(key, "starcue.assessment/1"),
                1 => map.serialize_entry(key, self.id),
                2 => map.serialize_entry(key, &self.question),
                3 => map.serialize_entry(key, &*a.rubric),
                4 => map.serialize_entry(key, &*a.rubric_hash),
                5 => map.serialize_entry(key, &a.rubric_version.as_deref()),
                6 => map.serialize_entry(key, a.kind.id()),
                7 => map.serialize_entry(key, &a.score),
                8 => map.serialize_entry(key, &a.band),
                9 => map.serialize_entry(key, &SectionsJson(self)),
                10 => map.serialize_entry(key, &SentencesJson(&a.sentences)),
                11 => map.serialize_entry(key, &FindingsJson(self, &a.behaviours)),
                12 => map.serialize_entry(key, &IdsJson(&a.missing)),
                13 => map.serialize_entry(key, &FindingsJson(self, &a.motivations)),
                14 => map.serialize_entry(key, &MinefieldsJson(self)),
                15 => map.serialize_entry(key, &a.metrics),
                16 => map.serialize_entry(key, &a.receipt),
                17 => map.serialize_entry(key, &a.advice),
                _ => map.serialize_entry(key, &a.probes),
            }?;
        }
        if self.include_text {
            map.serialize_entry("text", self.text)?;
        }
        map.end()
    }
}
