//! All that an evaluation has to say, as data: JSON writes it as it is, the other formats show it.

use super::baseline::{Baseline, baselines};
use super::bootstrap::{DRAWS, intervals};
use super::causes::{Cause, causes};
use super::dismissed::Alarms;
use super::figures::{ROLES, Table};
use super::gold::FAMILIES;
use super::judge::Case;
use super::statistics::Hits;
use crate::Kind;
use serde::Serialize;
use std::collections::BTreeMap;

/// A figure with its interval of 95 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Figure {
    /// Its name, such as `overall.qwk` or `minefields.blames-customer.f1`.
    pub(crate) name: String,
    /// Its value; nothing where there are no labels to count it by.
    pub(crate) value: Option<f64>,
    /// Lower and upper end.
    pub(crate) interval: Option<[f64; 2]>,
}

/// How an id, or a rule behind it, agrees with the labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Tally {
    /// Its family.
    pub(crate) family: &'static str,
    /// The id.
    pub(crate) id: String,
    /// The rule that fired; for the id as a whole nothing. `(absence)`: something missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) rule: Option<String>,
    /// Found and labelled.
    pub(crate) right: u32,
    /// Found and not labelled.
    pub(crate) wrong: u32,
    /// Labelled and not found (by this rule).
    pub(crate) missed: u32,
    /// Share of findings that are right.
    pub(crate) precision: f64,
    /// Share of labels that are found.
    pub(crate) recall: f64,
    /// Harmonic mean of the two.
    pub(crate) f1: f64,
    /// Whether it stays out of the totals.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) soft: bool,
}

impl Tally {
    fn new(family: usize, id: &str, rule: Option<&str>, hits: Hits, soft: bool) -> Self {
        Self {
            family: FAMILIES[family],
            id: id.to_owned(),
            rule: rule.map(str::to_owned),
            right: hits.right,
            wrong: hits.wrong,
            missed: hits.missed,
            precision: hits.precision(),
            recall: hits.recall(),
            f1: hits.f1(),
            soft,
        }
    }
}

/// How often answers of one label were taken for each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct KindRow {
    /// What readers said: a kind, or whether they called it hypothetical.
    pub(crate) labelled: String,
    /// How many answers starcue took for a story, general talk, hypothetical, no answer.
    pub(crate) taken_for: [u32; 4],
}

/// A figure that somebody wants reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Target {
    /// Name of the figure.
    pub(crate) name: String,
    /// What is wanted: at least, or at most where less is better.
    pub(crate) want: f64,
    /// Whether less is better.
    pub(crate) at_most: bool,
    /// What it came to.
    pub(crate) value: f64,
    /// Its interval.
    pub(crate) interval: Option<[f64; 2]>,
}

impl Target {
    /// Whether the figure itself is there.
    pub(crate) fn reached(&self) -> bool {
        if self.at_most { self.value <= self.want } else { self.value >= self.want }
    }

    /// Whether its interval goes as far.
    pub(crate) fn within(&self) -> bool {
        self.reached()
            || self.interval.is_some_and(|[low, high]| if self.at_most { low <= self.want } else { high >= self.want })
    }
}

/// The figures that sum up a file.
pub(crate) const HEADLINES: [(&str, &str); 8] = [
    ("QWK", "overall.qwk"),
    ("Spearman", "overall.spearman"),
    ("levels", "star.mean"),
    ("sections", "roles.accuracy"),
    ("minefields", "minefields.f1"),
    ("behaviours", "behaviours.f1"),
    ("motivations", "motivations.f1"),
    ("false alarms", "false_alarms_per_good_answer"),
];

/// One of several files, by itself.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct OfFile {
    /// Its name.
    pub(crate) file: String,
    /// Answers in it.
    pub(crate) answers: usize,
    /// The figures of [`HEADLINES`].
    pub(crate) figures: Vec<Figure>,
}

/// All that an evaluation has to say.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Report {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = "starcue.agreement/1")))]
    schema: &'static str,
    /// Files that were read.
    pub(crate) files: Vec<String>,
    /// Rubrics, each with its hash.
    pub(crate) rubrics: BTreeMap<String, String>,
    /// Answers that were judged.
    pub(crate) answers: usize,
    /// Records that could not be read or judged.
    pub(crate) bad_records: usize,
    /// Samples behind the intervals.
    pub(crate) draws: u64,
    /// The figures.
    pub(crate) figures: Vec<Figure>,
    /// By id.
    pub(crate) ids: Vec<Tally>,
    /// By rule: how often its words stand behind a finding that readers share.
    pub(crate) rules: Vec<Tally>,
    /// Readers' bands 1 to 5 (rows) and starcue's (columns).
    pub(crate) bands: [[u32; 5]; 5],
    /// Why bands differ.
    pub(crate) causes: Vec<Cause>,
    /// Kinds of answer.
    pub(crate) kinds: Vec<KindRow>,
    /// Evidence: spans, and those that do not address the text.
    pub(crate) spans: u32,
    /// Spans that do not address the text.
    pub(crate) broken_spans: u32,
    /// What one gets for nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) baselines: Vec<Baseline>,
    /// Each of several files by itself, counted by the ids that are labelled in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) by_file: Vec<OfFile>,
    /// What was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) targets: Vec<Target>,
    /// What people have dismissed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Alarms"))]
    pub(crate) dismissals: Option<Alarms>,
}

impl Report {
    /// Counts everything. `folds` asks for the baselines.
    pub(crate) fn new(cases: &[Case], files: Vec<String>, bad_records: usize, folds: Option<usize>) -> Self {
        let all: Vec<&Case> = cases.iter().collect();
        let table = Table::new(&all);
        let figures = figures(&table);
        let by_file = if files.len() > 1 { by_file(&all) } else { Vec::new() };
        let hits = table.hits();
        let ids = table.labels.iter().zip(&hits).map(|(l, h)| Tally::new(l.family, &l.id, None, *h, l.soft)).collect();
        let (spans, broken_spans) = cases.iter().map(Case::spans).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        Self {
            schema: "starcue.agreement/1",
            files,
            rubrics: cases.iter().map(|c| (c.rubric.id.to_string(), c.rubric.hash.to_string())).collect(),
            answers: cases.len(),
            bad_records,
            draws: DRAWS,
            figures,
            ids,
            rules: rules(cases, &table, &hits),
            bands: table.bands(),
            causes: causes(cases),
            kinds: kinds(cases),
            spans,
            broken_spans,
            baselines: folds.map(|folds| baselines(cases, folds)).unwrap_or_default(),
            by_file,
            targets: Vec::new(),
            dismissals: None,
        }
    }

    /// The figure with this name.
    pub(crate) fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|f| f.name == name)
    }

    /// Adds a target; false where no figure of this name could be counted.
    pub(crate) fn aim(&mut self, name: &str, want: f64) -> bool {
        let Some((value, interval)) = self.figure(name).and_then(|f| Some((f.value?, f.interval))) else {
            return false;
        };
        let at_most = matches!(name, "overall.mae" | "false_alarms_per_good_answer");
        self.targets.push(Target { name: name.to_owned(), want, at_most, value, interval });
        true
    }

    /// The name of a role, for headings.
    pub(crate) const fn roles() -> [&'static str; 5] {
        ROLES
    }
}

/// The figures of a table with their intervals.
fn figures(table: &Table) -> Vec<Figure> {
    let everything: Vec<usize> = (0..table.len()).collect();
    let values = table.figures(&everything).into_iter().map(|v| Some(v).filter(|v| !v.is_nan()));
    let named = table.names().into_iter().zip(values).zip(intervals(table));
    named.map(|((name, value), interval)| Figure { name, value, interval: value.and(interval) }).collect()
}

fn by_file(cases: &[&Case]) -> Vec<OfFile> {
    let of_file = |some: &[&Case]| OfFile {
        file: some.first().map(|c| c.gold.origin.file.to_string()).unwrap_or_default(),
        answers: some.len(),
        figures: figures(&Table::new(some))
            .into_iter()
            .filter(|f| HEADLINES.iter().any(|(_, name)| *name == f.name))
            .collect(),
    };
    // The answers stand in the order of the files.
    cases.chunk_by(|a, b| a.gold.origin.file == b.gold.origin.file).map(of_file).collect()
}

/// How the rules behind the findings agree with the labels: those that the evidence names.
fn rules(cases: &[Case], table: &Table, hits: &[Hits]) -> Vec<Tally> {
    let mut counts: BTreeMap<(usize, &str, &str), (u32, u32)> = BTreeMap::new();
    for case in cases {
        for (family, _) in FAMILIES.iter().enumerate() {
            for (id, evidence) in case.found(family) {
                if !case.counts(family, id) {
                    continue;
                }
                let mut fired: Vec<&str> = evidence.iter().map(|e| &*e.rule).collect();
                fired.sort_unstable();
                fired.dedup();
                if fired.is_empty() {
                    fired.push("(absence)");
                }
                let right = case.labelled(family, id);
                for rule in fired {
                    let count = counts.entry((family, id, rule)).or_default();
                    *(if right { &mut count.0 } else { &mut count.1 }) += 1;
                }
            }
        }
    }
    let told = counts.into_iter().filter_map(|((family, id, rule), (right, wrong))| {
        let at = table.labels.iter().position(|l| l.family == family && l.id == id)?;
        let missed = hits[at].labelled().saturating_sub(right);
        Some(Tally::new(family, id, Some(rule), Hits { right, wrong, missed }, table.labels[at].soft))
    });
    told.collect()
}

/// How kinds meet labels: by the label `kind` where answers carry it, else by whether readers
/// called the answer hypothetical, which covers all that is no story.
fn kinds(cases: &[Case]) -> Vec<KindRow> {
    let mut rows: BTreeMap<String, [u32; 4]> = BTreeMap::new();
    for case in cases {
        let labelled = match case.gold.labels.kind {
            Some(kind) => kind.id().to_owned(),
            None if !case.counts(0, "hypothetical") => continue,
            None if case.labelled(0, "hypothetical") => "labelled hypothetical".to_owned(),
            None => "not labelled so".to_owned(),
        };
        let at = Kind::ALL.iter().position(|k| *k == case.assessment.kind).unwrap_or(0);
        rows.entry(labelled).or_default()[at] += 1;
    }
    rows.into_iter().map(|(labelled, taken_for)| KindRow { labelled, taken_for }).collect()
}
