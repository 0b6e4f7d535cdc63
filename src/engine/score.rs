//! Points that add up: the receipt, the score and the band.

use super::measures::{Facts, RuleIndex};
use super::program::{Program, Rule};
use crate::assessment::{Kind, ReceiptLine, Section, Severity, Tenths};
use crate::content::rubric::{Band, Family};

/// What a score is made of.
#[derive(Debug, Clone)]
pub(crate) struct Ingredients {
    pub(crate) kind: Kind,
    pub(crate) kind_name: String,
    pub(crate) levels: [u8; 4],
    /// Behaviours found, in the rubric's order.
    pub(crate) behaviours: Vec<RuleIndex>,
    /// Minefields hit, in the rubric's order.
    pub(crate) minefields: Vec<RuleIndex>,
    /// Signals that give points and fired.
    pub(crate) signals: Vec<(RuleIndex, Tenths)>,
    /// Caps whose condition holds: id and highest score.
    pub(crate) caps: Vec<(String, Tenths)>,
}

impl Ingredients {
    /// Gathers what a score is made of from the facts of an answer.
    pub(crate) fn of(program: &Program, kind_name: &str, facts: &Facts) -> Self {
        let fired = |family: Family| -> Vec<RuleIndex> {
            program
                .rules
                .iter()
                .enumerate()
                .filter(|(i, r)| r.family == family && facts.fired[*i])
                .map(|(i, _)| i)
                .collect()
        };
        Self {
            kind: facts.kind.unwrap_or(Kind::NotAnAnswer),
            kind_name: kind_name.to_owned(),
            levels: facts.levels,
            behaviours: fired(Family::Behaviour),
            minefields: fired(Family::Minefield),
            signals: program.points.signals.iter().filter(|(r, _)| facts.fired[*r]).copied().collect(),
            caps: program.points.caps.iter().filter(|c| c.when.holds(facts)).map(|c| (c.id.clone(), c.at)).collect(),
        }
    }

    /// The receipt; the sum of its points is the score, 0 to 100.
    pub(crate) fn receipt(&self, program: &Program) -> Vec<ReceiptLine> {
        let points = &program.points;
        let mut lines = Vec::new();
        let mut total = 0;
        let mut add = |lines: &mut Vec<ReceiptLine>, rule: String, tenths: i32| {
            if tenths != 0 {
                total += tenths;
                lines.push(ReceiptLine { rule, points: Tenths(tenths) });
            }
            total
        };
        for section in Section::ALL {
            let level = self.levels[section.index()];
            let given = if level == 0 { 0 } else { points.sections[section.index()][usize::from(level.min(2)) - 1].0 };
            add(&mut lines, format!("section.{section}"), given);
        }
        let mut left = points.behaviours_at_most.0;
        for rule in &self.behaviours {
            let given = (points.behaviour.0 * i32::from(program.rules[*rule].weight)).min(left);
            left -= given;
            add(&mut lines, format!("behaviour.{}", program.rules[*rule].id), given);
        }
        for (rule, given) in &self.signals {
            add(&mut lines, format!("signal.{}", program.rules[*rule].id), given.0);
        }
        let mut left = points.minefields_at_most.0;
        for rule in &self.minefields {
            let rule = &program.rules[*rule];
            let taken = (match rule.severity {
                Severity::Mild => points.mild.0,
                Severity::Serious => points.serious.0,
            } * i32::from(rule.weight))
            .min(left);
            left -= taken;
            add(&mut lines, format!("minefield.{}", rule.id), -taken);
        }
        let sum = add(&mut lines, String::new(), 0);
        if sum < 0 {
            add(&mut lines, "floor".to_owned(), -sum);
        }
        let sum = sum.max(0);
        if let Some((cap, id)) = self.lowest_cap(program)
            && cap.0 < sum
        {
            add(&mut lines, format!("cap.{id}"), cap.0 - sum);
        }
        lines
    }

    /// The lowest of the caps that hold, and what sets it.
    fn lowest_cap(&self, program: &Program) -> Option<(Tenths, String)> {
        let kind = program
            .points
            .kind_caps
            .iter()
            .find(|(k, _)| *k == self.kind)
            .map(|(_, cap)| (*cap, self.kind_name.clone()));
        let minefields = self.minefields.iter().filter_map(|r| {
            let rule: &Rule = &program.rules[*r];
            rule.cap.map(|cap| (cap, rule.id.to_string()))
        });
        let others = self.caps.iter().map(|(id, cap)| (*cap, id.clone()));
        let top = (Tenths(1000), "ceiling".to_owned());
        kind.into_iter().chain(minefields).chain(others).chain([top]).min_by_key(|(cap, _)| *cap)
    }

    /// The score alone.
    pub(crate) fn score(&self, program: &Program) -> Tenths {
        sum(&self.receipt(program))
    }
}

/// The sum of a receipt.
pub(crate) fn sum(receipt: &[ReceiptLine]) -> Tenths {
    Tenths(receipt.iter().map(|l| l.points.0).sum())
}

/// The band that a score falls into.
pub(crate) fn band(bands: &[Band], score: Tenths) -> u8 {
    bands.iter().rev().find(|b| score >= b.from).map_or(1, |b| b.band)
}
