//! An assessment as it was: the way back from its public JSON.

use crate::assessment::{
    Assessment, Evidence, Finding, Kind, Metrics, Minefield, ReceiptLine, Section, SectionFinding, SentenceSpan,
    Severity, Tenths,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads the JSON of an assessment of this text. Spans that the text does not have are left out: the
/// file may have been changed by other hands.
///
/// # Errors
/// It is no assessment.
pub(crate) fn assessment_of(json: &str, text: &str) -> Result<Assessment, String> {
    let raw: Raw = serde_json::from_str(json).map_err(|e| format!("it holds no assessment: {e}"))?;
    if raw.schema != "starcue.assessment/1" {
        return Err(format!("its assessment has the schema `{}`", raw.schema));
    }
    let kind = Kind::from_id(&raw.kind).ok_or_else(|| format!("there is no kind of answer `{}`", raw.kind))?;
    if !raw.score.is_finite() || !(1..=5).contains(&raw.band) {
        return Err(format!("score {} and band {} are none", raw.score, raw.band));
    }
    let mut sections = raw.sections;
    let findings = |list: Vec<RawFinding>| {
        list.into_iter().map(|f| Finding { id: f.id, evidence: spans(f.evidence, text) }).collect()
    };
    Ok(Assessment {
        rubric: raw.rubric,
        rubric_hash: raw.rubric_hash,
        rubric_version: raw.rubric_version.map(Arc::from),
        kind,
        score: Tenths::from_points(raw.score),
        band: raw.band,
        sections: Section::ALL.map(|s| {
            let f = sections.remove(s.id()).unwrap_or_default();
            let evidence = spans(f.evidence, text);
            SectionFinding { level: f.level.min(2), words: f.words, evidence, advice: f.advice }
        }),
        sentences: raw
            .sentences
            .into_iter()
            .filter(|s| text.get(s.start..s.end).is_some())
            .map(|s| SentenceSpan { start: s.start, end: s.end, section: Section::from_id(&s.section) })
            .collect(),
        behaviours: findings(raw.behaviours),
        missing: raw.missing_behaviours,
        motivations: findings(raw.motivations),
        minefields: raw
            .minefields
            .into_iter()
            .map(|m| Minefield {
                id: m.id,
                severity: if m.severity == "serious" { Severity::Serious } else { Severity::Mild },
                evidence: spans(m.evidence, text),
                absent: m.absent,
                advice: m.advice,
            })
            .collect(),
        metrics: Metrics {
            words: raw.metrics.words,
            speaking_seconds: raw.metrics.speaking_seconds,
            first_person_singular: raw.metrics.first_person_singular,
            first_person_plural: raw.metrics.first_person_plural,
            numbers: raw.metrics.numbers,
            fillers: raw.metrics.fillers,
        },
        receipt: raw
            .receipt
            .into_iter()
            .map(|l| ReceiptLine { rule: l.rule, points: Tenths::from_points(l.points) })
            .collect(),
        advice: raw.advice,
        probes: raw.probes,
    })
}

fn spans(list: Vec<RawEvidence>, text: &str) -> Vec<Evidence> {
    list.into_iter()
        .filter(|e| text.get(e.start..e.end).is_some())
        .map(|e| Evidence { start: e.start, end: e.end, rule: e.rule })
        .collect()
}

#[derive(Deserialize)]
struct Raw {
    schema: String,
    #[serde(deserialize_with = "arc")]
    rubric: Arc<str>,
    #[serde(deserialize_with = "arc")]
    rubric_hash: Arc<str>,
    #[serde(default)]
    rubric_version: Option<String>,
    kind: String,
    score: f64,
    band: u8,
    #[serde(default)]
    sections: BTreeMap<String, RawSection>,
    #[serde(default)]
    sentences: Vec<RawSentence>,
    #[serde(default)]
    behaviours: Vec<RawFinding>,
    #[serde(default, deserialize_with = "arcs")]
    missing_behaviours: Vec<Arc<str>>,
    #[serde(default)]
    motivations: Vec<RawFinding>,
    #[serde(default)]
    minefields: Vec<RawMinefield>,
    #[serde(default)]
    metrics: RawMetrics,
    #[serde(default)]
    receipt: Vec<RawLine>,
    #[serde(default)]
    advice: Vec<String>,
    #[serde(default)]
    probes: Vec<String>,
}

#[derive(Deserialize, Default)]
struct RawSection {
    #[serde(default)]
    level: u8,
    #[serde(default)]
    words: usize,
    #[serde(default)]
    evidence: Vec<RawEvidence>,
    #[serde(default)]
    advice: String,
}

#[derive(Deserialize)]
struct RawSentence {
    start: usize,
    end: usize,
    section: String,
}

#[derive(Deserialize)]
struct RawEvidence {
    start: usize,
    end: usize,
    #[serde(deserialize_with = "arc")]
    rule: Arc<str>,
}

#[derive(Deserialize)]
struct RawFinding {
    #[serde(deserialize_with = "arc")]
    id: Arc<str>,
    #[serde(default)]
    evidence: Vec<RawEvidence>,
}

#[derive(Deserialize)]
struct RawMinefield {
    #[serde(deserialize_with = "arc")]
    id: Arc<str>,
    severity: String,
    #[serde(default)]
    evidence: Vec<RawEvidence>,
    #[serde(default, deserialize_with = "arcs")]
    absent: Vec<Arc<str>>,
    #[serde(deserialize_with = "arc")]
    advice: Arc<str>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawMetrics {
    words: usize,
    speaking_seconds: usize,
    first_person_singular: usize,
    first_person_plural: usize,
    numbers: usize,
    fillers: usize,
}

#[derive(Deserialize)]
struct RawLine {
    rule: String,
    points: f64,
}

fn arc<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    String::deserialize(deserializer).map(Arc::from)
}

fn arcs<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<str>>, D::Error> {
    Ok(Vec::<String>::deserialize(deserializer)?.into_iter().map(Arc::from).collect())
}
