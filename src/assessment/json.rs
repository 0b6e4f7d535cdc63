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

/// Words that show something.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Evidence"))]
struct EvidenceJson<'a> {
    /// First byte in the text of the answer, in UTF-8.
    start: usize,
    /// One past the last byte.
    end: usize,
    /// Exactly that slice; with `--evidence quotes` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    quote: Option<&'a str>,
    /// Id of the rule that fired.
    rule: &'a str,
}

struct EvidenceList<'a>(&'a AssessmentJson<'a>, &'a [Evidence]);

impl Serialize for EvidenceList<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Self(view, list) = self;
        if view.detail == EvidenceDetail::None {
            return s.serialize_seq(Some(0))?.end();
        }
        let mut seq = s.serialize_seq(Some(list.len()))?;
        for e in *list {
            let quote = (view.detail == EvidenceDetail::Quotes).then(|| e.quote(view.text));
            seq.serialize_element(&EvidenceJson { start: e.start, end: e.end, quote, rule: &e.rule })?;
        }
        seq.end()
    }
}

/// How one section of the answer stands.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Section"))]
struct SectionJson<'a> {
    /// 0 absent, 1 partial, 2 clear.
    #[cfg_attr(test, schemars(range(min = 0, max = 2)))]
    level: u8,
    /// Words in the sentences of this section.
    words: usize,
    /// The words that speak for the level, in text order.
    #[cfg_attr(test, schemars(with = "Vec<EvidenceJson<'static>>"))]
    evidence: EvidenceList<'a>,
    /// How to do better; empty at level 2.
    advice: &'a str,
}

struct SectionsJson<'a>(&'a AssessmentJson<'a>);

impl Serialize for SectionsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(4))?;
        for section in Section::ALL {
            let f = self.0.assessment.section(section);
            let one = SectionJson {
                level: f.level,
                words: f.words,
                evidence: EvidenceList(self.0, &f.evidence),
                advice: &f.advice,
            };
            map.serialize_entry(section.id(), &one)?;
        }
        map.end()
    }
}

/// A behaviour or a motivation that was found.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Finding"))]
struct FindingJson<'a> {
    /// Its id; `starcue explain ID` tells what it means.
    id: &'a str,
    /// The words that show it, in text order.
    #[cfg_attr(test, schemars(with = "Vec<EvidenceJson<'static>>"))]
    evidence: EvidenceList<'a>,
}

struct FindingsJson<'a>(&'a AssessmentJson<'a>, &'a [Finding]);

impl Serialize for FindingsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.1.iter().map(|f| FindingJson { id: &f.id, evidence: EvidenceList(self.0, &f.evidence) }))
    }
}

/// A red flag that was found, by words or by absence.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Minefield"))]
struct MinefieldJson<'a> {
    /// Its id; `starcue explain ID` tells what it means.
    id: &'a str,
    /// `mild`: a fair interviewer notes it and goes on; `serious`: it alone can sink an answer.
    #[cfg_attr(test, schemars(extend("enum" = ["mild", "serious"])))]
    severity: &'a str,
    /// The words that caused it, in text order; empty where it comes from absence.
    #[cfg_attr(test, schemars(with = "Vec<EvidenceJson<'static>>"))]
    evidence: EvidenceList<'a>,
    /// What is missing, where it comes from absence.
    #[serde(skip_serializing_if = "IdsJson::is_empty")]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    absent: IdsJson<'a>,
    /// How to do better.
    advice: &'a str,
}

struct MinefieldsJson<'a>(&'a AssessmentJson<'a>);

impl Serialize for MinefieldsJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.0.assessment.minefields.iter().map(|m| MinefieldJson {
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

/// A sentence and the section that it serves.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Sentence"))]
struct SentenceJson<'a> {
    /// First byte in the text of the answer, in UTF-8.
    start: usize,
    /// One past the last byte.
    end: usize,
    /// The section, or `other`.
    #[cfg_attr(test, schemars(extend("enum" = ["situation", "task", "action", "result", "other"])))]
    section: &'a str,
}

struct SentencesJson<'a>(&'a [SentenceSpan]);

impl Serialize for SentencesJson<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.0.iter().map(|x| SentenceJson {
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

/// What [`AssessmentJson`] writes key by key, as its JSON Schema describes it.
#[cfg(test)]
pub(crate) mod shape {
    use super::{FindingJson, MinefieldJson, SectionJson, SentenceJson};
    use crate::assessment::{Metrics, ReceiptLine};
    use schemars::JsonSchema;

    /// The judgement of one answer (`starcue.assessment/1`), a line of `starcue score --to jsonl`.
    #[derive(JsonSchema)]
    #[schemars(rename = "Assessment")]
    #[expect(dead_code, reason = "it is only described")]
    pub(crate) struct Shape {
        /// What this is, and the number of its form.
        #[schemars(extend("const" = "starcue.assessment/1"))]
        schema: String,
        /// Id of the record: its own, or the path of its file, or its number.
        id: String,
        /// The question as the record gave it: an id or a text.
        question: Option<String>,
        /// Id of the rubric that judged.
        rubric: String,
        /// Hash of all that the rubric says.
        #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
        rubric_hash: String,
        /// Version that the rubric's author gave it.
        rubric_version: Option<String>,
        /// What kind of answer it is: one past event; habits and opinions; what one would do; none.
        #[schemars(extend("enum" = ["story", "general", "hypothetical", "not-an-answer"]))]
        kind: String,
        /// In tenths; the sum of the points of the receipt.
        #[schemars(range(min = 0, max = 100))]
        score: f64,
        /// 1 poor to 5 outstanding, cut from the score at the rubric's thresholds.
        #[schemars(range(min = 1, max = 5))]
        band: u8,
        /// How each of the four sections stands.
        sections: Sections,
        /// The text in order, white space apart.
        sentences: Vec<SentenceJson<'static>>,
        /// Behaviours that were shown.
        behaviours: Vec<FindingJson<'static>>,
        /// Ids of behaviours that were expected and not found.
        missing_behaviours: Vec<String>,
        /// What interviewers look for, and found.
        motivations: Vec<FindingJson<'static>>,
        /// Red flags that were hit.
        minefields: Vec<MinefieldJson<'static>>,
        /// Plain counts.
        metrics: Metrics,
        /// Where the points come from, caps last.
        receipt: Vec<ReceiptLine>,
        /// What to change, the one next step first.
        advice: Vec<String>,
        /// What an interviewer would ask next.
        probes: Vec<String>,
        /// The text that all offsets address; with `--include text` alone.
        #[schemars(skip_serializing_if = "Option::is_none", with = "String")]
        text: Option<String>,
    }

    /// The four sections of an answer.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "it is only described")]
    struct Sections {
        /// The context, and what was wrong.
        situation: SectionJson<'static>,
        /// The speaker's own duty or goal.
        task: SectionJson<'static>,
        /// What the speaker did.
        action: SectionJson<'static>,
        /// How it ended, and what was learned.
        result: SectionJson<'static>,
    }
}
