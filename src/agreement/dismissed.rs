//! What people have dismissed, as false alarms of the rules that found it.

use super::report::Tally;
use super::show::Page;
use crate::assessment::{Assessment, Evidence};
use crate::history::{Dismissed, findings};
use crate::report::clean;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// How often one finding was found in kept answers, and how often it was dismissed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Alarm {
    /// Id of the minefield, behaviour or motivation.
    pub(crate) id: String,
    /// The rule whose words were found; none for what comes from absence.
    pub(crate) rule: Option<String>,
    /// Kept answers in which today's rules find it.
    pub(crate) found: u32,
    /// Those of them in which it was dismissed.
    pub(crate) dismissed: u32,
    /// Labelled answers in which it is right and wrong, where labels were given too.
    pub(crate) labelled: Option<[u32; 2]>,
    /// Share of findings that are right: of the labelled ones, where there are any, with every
    /// dismissal as a wrong one; else the share that nobody has dismissed.
    pub(crate) precision: f64,
}

/// All that was dismissed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Alarms {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = "starcue.dismissals/1")))]
    schema: &'static str,
    /// Kept answers that were read.
    pub(crate) answers: u32,
    /// Dismissals that concern nothing which today's rules still find.
    pub(crate) settled: u32,
    /// By finding and rule, most dismissed first.
    pub(crate) rules: Vec<Alarm>,
}

/// Counts, answer by answer.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    answers: u32,
    counts: BTreeMap<(String, Option<String>), [u32; 2]>,
    met: BTreeMap<(i64, String), bool>,
}

impl Counter {
    /// Adds an answer as today's rules judge it. `dismissed`: all that its person has dismissed.
    pub(crate) fn add(&mut self, number: i64, assessment: &Assessment, text: &str, dismissed: &Dismissed) {
        self.answers += 1;
        for id in findings(assessment) {
            let placed = dismissed.of(assessment, id, text, number);
            if let Some(placed) = placed {
                self.met.insert((placed.attempt, id.to_owned()), true);
            }
            let mut rules: Vec<Option<String>> =
                evidence(assessment, id).iter().map(|e| Some(e.rule.to_string())).collect();
            if rules.is_empty() {
                rules.push(None);
            }
            rules.sort();
            rules.dedup();
            for rule in rules {
                let [found, wrong] = self.counts.entry((id.to_owned(), rule)).or_default();
                *found += 1;
                *wrong += u32::from(placed.is_some());
            }
        }
    }

    /// What was counted. `all`: how many dismissals there are; `tallies`: those of labelled answers.
    pub(crate) fn finish(self, all: usize, tallies: &[Tally]) -> Alarms {
        let label = |id: &str, rule: Option<&str>| {
            let name = rule.unwrap_or("(absence)");
            let tally = tallies.iter().find(|t| t.id == id && t.rule.as_deref() == Some(name))?;
            Some([tally.right, tally.wrong])
        };
        let counts = self.counts.into_iter().filter(|(_, [_, dismissed])| *dismissed > 0);
        let mut rules: Vec<Alarm> = counts
            .map(|((id, rule), [found, dismissed])| {
                let labelled = label(&id, rule.as_deref());
                let [right, wrong] = labelled.map_or([found - dismissed, dismissed], |[r, w]| [r, w + dismissed]);
                let precision = f64::from(right) / f64::from((right + wrong).max(1));
                Alarm { id, rule, found, dismissed, labelled, precision }
            })
            .collect();
        rules.sort_by(|a, b| (b.dismissed, &a.id, &a.rule).cmp(&(a.dismissed, &b.id, &b.rule)));
        let settled = u32::try_from(all.saturating_sub(self.met.len())).unwrap_or(u32::MAX);
        Alarms { schema: "starcue.dismissals/1", answers: self.answers, settled, rules }
    }
}

fn evidence<'a>(assessment: &'a Assessment, id: &str) -> &'a [Evidence] {
    let mines = assessment.minefields.iter().map(|m| (&*m.id, m.evidence.as_slice()));
    let found = assessment.behaviours.iter().chain(&assessment.motivations).map(|f| (&*f.id, f.evidence.as_slice()));
    mines.chain(found).find(|(have, _)| *have == id).map_or(&[], |(_, evidence)| evidence)
}

/// Writes them for people.
pub(crate) fn show(alarms: &Alarms, page: &mut dyn Page) -> io::Result<()> {
    page.heading("Dismissed by those who gave the answers")?;
    if alarms.rules.is_empty() {
        page.text(&format!("Nothing that today's rules find in {} kept answers was dismissed.", alarms.answers))?;
    } else {
        let rows: Vec<Vec<String>> = alarms
            .rules
            .iter()
            .map(|a| {
                let rule = a.rule.as_deref().unwrap_or("(absence)");
                let labelled = a.labelled.map_or_else(|| "–".to_owned(), |[r, w]| format!("{r} / {w}"));
                vec![
                    clean(&a.id),
                    clean(rule),
                    a.found.to_string(),
                    a.dismissed.to_string(),
                    labelled,
                    format!("{:.2}", a.precision),
                ]
            })
            .collect();
        page.table(&["finding", "rule", "kept", "dismissed", "labelled right / wrong", "precision"], &rows)?;
        page.text(&format!(
            "Of {} kept answers, judged by today's rules. A dismissal is a false alarm.",
            alarms.answers
        ))?;
    }
    if alarms.settled > 0 {
        page.text(&format!("Dismissed, and no longer found by today's rules: {}.", alarms.settled))?;
    }
    Ok(())
}
