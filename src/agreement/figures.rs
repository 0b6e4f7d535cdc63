//! The figures of agreement over a set of judged answers, by name.
//!
//! Every answer is first reduced to a [`Row`] of small numbers, so that the figures of a sample
//! cost little: the bootstrap asks for a thousand of them.

use super::gold::{FAMILIES, OTHER};
use super::judge::{Case, Shown};
use super::statistics::{Confusion, Hits, count, share, spearman, weighted_kappa};
use crate::Section;
use std::collections::BTreeSet;

/// Minefields on which careful readers differ most: shown, but out of totals and false alarms.
pub(crate) const SOFT: [&str; 1] = ["no-follow-up"];

/// The minefields of the labelling guide: only these can be false alarms, and those that the
/// labels name beside them.
const GUIDE: [&str; 15] = [
    "blames-customer",
    "blames-others",
    "breaks-procedure",
    "confrontational",
    "hypothetical",
    "lacks-empathy",
    "no-follow-up",
    "no-resolution",
    "no-solution",
    "not-own-actions",
    "overcomplicated",
    "passes-the-buck",
    "poor-communication",
    "takes-it-personally",
    "unstructured",
];

/// A good answer is one of at least this band: what is alleged against it is a false alarm.
const GOOD: u8 = 4;

/// The names of the sections and of what serves none.
pub(crate) const ROLES: [&str; 5] = ["situation", "task", "action", "result", "other"];

/// An id that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// Place of its family in [`FAMILIES`].
    pub(crate) family: usize,
    /// The id.
    pub(crate) id: String,
    /// Whether it stays out of the totals.
    pub(crate) soft: bool,
}

/// What agreement on one id in one answer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Right,
    Wrong,
    Missed,
}

/// A judged answer, reduced to what is counted.
#[derive(Debug, Default)]
struct Row {
    /// Band of the readers, band and score (in tenths) of starcue.
    overall: Option<(u8, u8, i32)>,
    /// Levels of the readers and of starcue.
    star: [Option<(u8, u8)>; 4],
    /// By label: what came of it, where it was found or labelled.
    marks: Vec<(usize, Mark)>,
    /// False alarms, where the answer is good.
    alarms: Option<u32>,
    /// Roles of its sentences: the readers' and starcue's.
    roles: Vec<(usize, usize)>,
    /// What came of its evidence.
    shown: Shown,
}

/// The answers of an evaluation, ready to be counted in any sample.
#[derive(Debug)]
pub(crate) struct Table {
    /// The ids that are counted: those that readers gave at least once.
    pub(crate) labels: Vec<Label>,
    rows: Vec<Row>,
}

impl Table {
    /// Reduces judged answers.
    pub(crate) fn new(cases: &[&Case]) -> Self {
        let mut known: [BTreeSet<&str>; 3] = Default::default();
        let mut counted: [BTreeSet<&str>; 3] = Default::default();
        for case in cases {
            for family in 0..FAMILIES.len() {
                let labelled = case.gold.labels.ids[family].iter().flatten().map(String::as_str);
                known[family].extend(labelled.clone());
                let found = case.found(family).into_iter().map(|(id, _)| id);
                counted[family].extend(labelled.chain(found).filter(|id| case.counts(family, id)));
            }
        }
        let mut labels = Vec::new();
        for family in 0..FAMILIES.len() {
            for id in known[family].intersection(&counted[family]) {
                let soft = FAMILIES[family] == "minefields" && SOFT.contains(id);
                labels.push(Label { family, id: (*id).to_owned(), soft });
            }
        }
        let alarming = |id: &str| (GUIDE.contains(&id) || known[0].contains(id)) && !SOFT.contains(&id);
        let rows = cases.iter().map(|case| Row::of(case, &labels, &alarming)).collect();
        Self { labels, rows }
    }

    /// How many answers there are.
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// How often each label was found rightly and wrongly, and missed.
    pub(crate) fn hits(&self) -> Vec<Hits> {
        self.hits_of(&(0..self.rows.len()).collect::<Vec<_>>())
    }

    fn hits_of(&self, sample: &[usize]) -> Vec<Hits> {
        let mut hits = vec![Hits::default(); self.labels.len()];
        for at in sample {
            for (label, mark) in &self.rows[*at].marks {
                match mark {
                    Mark::Right => hits[*label].right += 1,
                    Mark::Wrong => hits[*label].wrong += 1,
                    Mark::Missed => hits[*label].missed += 1,
                }
            }
        }
        hits
    }

    /// How the readers' bands (rows) meet starcue's (columns).
    pub(crate) fn bands(&self) -> Confusion<5> {
        bands(self.rows.iter())
    }

    /// The names of the figures, in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            ["qwk", "spearman", "mae", "exact", "within_one"].map(|n| format!("overall.{n}")).into();
        names.extend(Section::ALL.map(|s| format!("star.{s}")));
        names.push("star.mean".to_owned());
        names.extend(["accuracy", "macro_f1"].map(|n| format!("roles.{n}")));
        names.extend(ROLES.map(|r| format!("roles.{r}.f1")));
        for family in FAMILIES {
            names.extend(["macro_f1", "precision", "recall", "f1"].map(|n| format!("{family}.{n}")));
        }
        names.push("false_alarms_per_good_answer".to_owned());
        names.extend(["findings", "spans", "sentences"].map(|n| format!("evidence.{n}")));
        for label in &self.labels {
            let family = FAMILIES[label.family];
            names.extend(["precision", "recall", "f1"].map(|n| format!("{family}.{}.{n}", label.id)));
        }
        names
    }

    /// The figures of a sample of the answers (their places, any as often as one likes), in the
    /// order of [`Table::names`]. What cannot be counted, for want of labels, is NaN.
    pub(crate) fn figures(&self, sample: &[usize]) -> Vec<f64> {
        let rows = || sample.iter().map(|at| &self.rows[*at]);
        let mut out = overall(rows());
        let levels: Vec<f64> = (0..4)
            .map(|s| {
                let mut pairs: Confusion<3> = [[0; 3]; 3];
                for (want, got) in rows().filter_map(|r| r.star[s]) {
                    pairs[usize::from(want)][usize::from(got)] += 1;
                }
                weighted_kappa(&pairs)
            })
            .collect();
        let there: Vec<f64> = levels.iter().copied().filter(|l| !l.is_nan()).collect();
        out.extend(levels);
        out.push(if there.is_empty() { f64::NAN } else { there.iter().sum::<f64>() / count(there.len()) });
        out.extend(roles(rows()));
        let hits = self.hits_of(sample);
        for family in 0..FAMILIES.len() {
            let of_family = || {
                let pairs = self.labels.iter().zip(&hits);
                pairs.filter(move |(l, h)| l.family == family && !l.soft && **h != Hits::default()).map(|(_, h)| *h)
            };
            let n = of_family().count();
            let all = of_family().fold(Hits::default(), Hits::plus);
            let macro_f1 = of_family().map(Hits::f1).sum::<f64>() / count(n.max(1));
            let told = if n == 0 { f64::NAN } else { 0.0 };
            out.extend([macro_f1, all.precision(), all.recall(), all.f1()].map(|v| v + told));
        }
        let alarms: Vec<u32> = rows().filter_map(|r| r.alarms).collect();
        out.push(if alarms.is_empty() {
            f64::NAN
        } else {
            f64::from(alarms.iter().sum::<u32>()) / count(alarms.len())
        });
        let shown = rows().fold(Shown::default(), |sum, r| sum.plus(r.shown));
        let told = |hits: Hits, share: f64| if hits == Hits::default() { f64::NAN } else { share };
        out.extend([
            told(shown.findings, shown.findings.precision()),
            told(shown.spans, shown.spans.precision()),
            told(shown.sentences, shown.sentences.recall()),
        ]);
        out.extend(hits.iter().flat_map(|h| [h.precision(), h.recall(), h.f1()]));
        out
    }
}

impl Row {
    fn of(case: &Case, labels: &[Label], alarming: &dyn Fn(&str) -> bool) -> Self {
        let (gold, a) = (&case.gold.labels, &case.assessment);
        let mut row = Self { roles: case.roles(), shown: case.shown(), ..Self::default() };
        row.overall = gold.overall.map(|want| (want, a.band, a.score.0));
        row.star = std::array::from_fn(|s| gold.star[s].map(|want| (want, a.sections[s].level.min(2))));
        let found: [Vec<&str>; 3] = std::array::from_fn(|f| case.found(f).into_iter().map(|(id, _)| id).collect());
        for (at, label) in labels.iter().enumerate().filter(|(_, l)| case.counts(l.family, &l.id)) {
            let is_found = found[label.family].contains(&label.id.as_str());
            match (case.labelled(label.family, &label.id), is_found) {
                (true, true) => row.marks.push((at, Mark::Right)),
                (false, true) => row.marks.push((at, Mark::Wrong)),
                (true, false) => row.marks.push((at, Mark::Missed)),
                (false, false) => {}
            }
        }
        if gold.overall.is_some_and(|band| band >= GOOD) && gold.ids[0].is_some() {
            let alarms = found[0].iter().filter(|id| alarming(id) && case.counts(0, id) && !case.labelled(0, id));
            row.alarms = u32::try_from(alarms.count()).ok();
        }
        row
    }
}

fn bands<'a>(rows: impl Iterator<Item = &'a Row>) -> Confusion<5> {
    let mut pairs: Confusion<5> = [[0; 5]; 5];
    for (want, got, _) in rows.filter_map(|r| r.overall) {
        pairs[usize::from(want) - 1][usize::from(got) - 1] += 1;
    }
    pairs
}

/// Kappa, rank correlation, mean distance, and shares of equal and neighbouring bands.
fn overall<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> Vec<f64> {
    let rated = rows.clone().filter_map(|r| r.overall);
    let want: Vec<f64> = rated.clone().map(|(want, ..)| f64::from(want)).collect();
    let score: Vec<f64> = rated.clone().map(|(.., score)| f64::from(score)).collect();
    let n = count(want.len());
    let of_distance = |f: &dyn Fn(u8) -> f64| rated.clone().map(|(a, b, _)| f(a.abs_diff(b))).sum::<f64>() / n;
    vec![
        weighted_kappa(&bands(rows)),
        spearman(&want, &score),
        of_distance(&|d| f64::from(d)),
        of_distance(&|d| f64::from(u8::from(d == 0))),
        of_distance(&|d| f64::from(u8::from(d <= 1))),
    ]
}

/// Accuracy, macro F1 and F1 by role of the sentences.
fn roles<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<f64> {
    let mut pairs: Confusion<5> = [[0; 5]; 5];
    for (want, got) in rows.flat_map(|r| &r.roles) {
        pairs[*want][*got] += 1;
    }
    let all: u32 = pairs.iter().flatten().sum();
    if all == 0 {
        return vec![f64::NAN; 2 + ROLES.len()];
    }
    let equal: u32 = (0..=OTHER).map(|r| pairs[r][r]).sum();
    let f1: Vec<f64> = (0..=OTHER)
        .map(|r| {
            let labelled: u32 = pairs[r].iter().sum();
            let found: u32 = pairs.iter().map(|row| row[r]).sum();
            let right = pairs[r][r];
            Hits { right, wrong: found - right, missed: labelled - right }.f1()
        })
        .collect();
    let mut out = vec![share(equal, all), f1.iter().sum::<f64>() / count(f1.len())];
    out.extend(f1);
    out
}
