//! The answers of the bank as three have judged them: the writer who declared what is wrong with a
//! weak answer, a blind reader who labelled some of them by `tests/eval/LABELS.md`, and the scorer.
//!
//! Shared by `tests/bank.rs`, which holds them to it, and `examples/bank.rs`, which writes `docs/bank.md`.

use starcue::{Answer, Asked, Assessment, Library, Question, assess};
use std::collections::{BTreeMap, BTreeSet};

/// One judgement of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Band, 1 to 5.
    pub band: u8,
    /// Ids of the minefields in it.
    pub minefields: BTreeSet<String>,
}

/// One answer of the bank with its judgements.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// The question.
    pub question: &'a Question,
    /// Whether it is the weak answer, else the sample.
    pub weak: bool,
    /// Whether the bank has it in these words.
    pub in_bank: bool,
    /// As its writer meant it; a sample is meant to be of band 5, without a minefield.
    pub writer: Verdict,
    /// As the blind reader labelled it, where they did.
    pub reader: Option<Verdict>,
    /// As starcue scores it, told in one go.
    pub scorer: Verdict,
    /// The scorer's points.
    pub points: i32,
}

impl Verdict {
    fn of(value: &serde_json::Value) -> Option<Self> {
        let mines = value["minefields"].as_array()?;
        Some(Self {
            band: u8::try_from(value["overall"].as_u64()?).ok()?,
            minefields: mines.iter().filter_map(|m| m.as_str().map(str::to_owned)).collect(),
        })
    }

    fn by_scorer(assessment: &Assessment) -> Self {
        let minefields = assessment.minefields.iter().map(|m| m.id.to_string()).collect();
        Self { band: assessment.band, minefields }
    }
}

/// The labels of the blind reader by question and by whether it is the weak answer.
pub type Labels = BTreeMap<(String, bool), Verdict>;

/// Reads the labels of `tests/bank/blind.jsonl`.
pub fn labels(jsonl: &str) -> Labels {
    let label = |line: &str| -> Option<((String, bool), Verdict)> {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let verdict = Verdict::of(&value)?;
        Some(((value["question"].as_str()?.to_owned(), value["which"] == "weak"), verdict))
    };
    jsonl.lines().map(|line| label(line).expect("a line of labels")).collect()
}

/// Judges every sample and every weak answer of the bank.
pub fn judge<'a>(library: &'a Library, labels: &Labels) -> Vec<Judged<'a>> {
    let mut judged = Vec::new();
    for question in library.questions() {
        let rubric = library.rubric(&question.rubric).expect("the rubric of a question");
        let sample = question.sample.sections().map(str::trim).join(" ");
        let told = [(false, sample)].into_iter().chain(question.weak.iter().map(|w| (true, w.answer.clone())));
        for (weak, text) in told {
            let a = assess(&rubric, Asked::bank(question), &Answer::whole(&text));
            let declared = question.weak.as_ref().filter(|_| weak);
            judged.push(Judged {
                question,
                weak,
                in_bank: true,
                writer: Verdict {
                    band: declared.map_or(5, |w| w.band),
                    minefields: declared.map(|w| w.minefields.iter().cloned().collect()).unwrap_or_default(),
                },
                reader: labels.get(&(question.id.clone(), weak)).cloned(),
                scorer: Verdict::by_scorer(&a),
                points: a.score.0,
            });
        }
    }
    judged
}

/// Judges the weak answers as they were first written, before anybody had seen what the scorer makes of
/// them (`tests/bank/first.jsonl`): only on these does its agreement say something.
pub fn judge_first<'a>(library: &'a Library, jsonl: &str) -> Vec<Judged<'a>> {
    let judge = |line: &str| -> Option<Judged<'a>> {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let question = library.question(value["question"].as_str()?)?;
        let rubric = library.rubric(&question.rubric).ok()?;
        let text = value["answer"].as_str()?;
        let a = assess(&rubric, Asked::bank(question), &Answer::whole(text));
        Some(Judged {
            question,
            weak: true,
            in_bank: question.weak.as_ref().is_some_and(|w| w.answer == text),
            writer: Verdict::of(&value["writer"])?,
            reader: Some(Verdict::of(&value["reader"])?),
            scorer: Verdict::by_scorer(&a),
            points: a.score.0,
        })
    };
    jsonl.lines().map(|line| judge(line).expect("a first version")).collect()
}

/// How far two judges agree.
#[derive(Debug, Clone, Copy, Default)]
pub struct Agreement {
    /// Answers that both judged.
    pub answers: u32,
    /// Of these, with the same band.
    pub exact: u32,
    /// Of these, within one band.
    pub near: u32,
    /// Weighted kappa of the bands with quadratic weights (Cohen 1968).
    pub kappa: f64,
    /// Minefields that both see.
    pub both: u32,
    /// Minefields that only the first sees.
    pub first: u32,
    /// Minefields that only the second sees.
    pub second: u32,
}

impl Agreement {
    /// Compares pairs of verdicts.
    pub fn of<'v>(pairs: impl Iterator<Item = (&'v Verdict, &'v Verdict)>) -> Self {
        let mut sums = Self::default();
        let mut table = [[0.0_f64; 5]; 5];
        for (a, b) in pairs {
            sums.answers += 1;
            sums.exact += u32::from(a.band == b.band);
            sums.near += u32::from(a.band.abs_diff(b.band) <= 1);
            table[usize::from(a.band.clamp(1, 5)) - 1][usize::from(b.band.clamp(1, 5)) - 1] += 1.0;
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            sums.both += count(a.minefields.intersection(&b.minefields).count());
            sums.first += count(a.minefields.difference(&b.minefields).count());
            sums.second += count(b.minefields.difference(&a.minefields).count());
        }
        sums.kappa = kappa(&table);
        sums
    }

    /// The harmonic mean of precision and recall; it is the same from both sides.
    pub fn f1(&self) -> f64 {
        let both = 2.0 * f64::from(self.both);
        both / (both + f64::from(self.first) + f64::from(self.second))
    }

    /// The share of the second's minefields that the first sees too.
    pub fn precision(&self) -> f64 {
        f64::from(self.both) / f64::from(self.both + self.second)
    }

    /// The share of the first's minefields that the second sees too.
    pub fn recall(&self) -> f64 {
        f64::from(self.both) / f64::from(self.both + self.first)
    }
}

fn kappa(table: &[[f64; 5]; 5]) -> f64 {
    let all: f64 = table.iter().flatten().sum();
    let (mut seen, mut chance) = (0.0, 0.0);
    for (i, row) in table.iter().enumerate() {
        for (j, pairs) in row.iter().enumerate() {
            let apart = (i.abs_diff(j) * i.abs_diff(j)) as f64;
            let column: f64 = table.iter().map(|r| r[j]).sum();
            seen += apart * pairs;
            chance += apart * row.iter().sum::<f64>() * column / all;
        }
    }
    1.0 - seen / chance
}
