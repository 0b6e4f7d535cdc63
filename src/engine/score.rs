//! Points that add up: the receipt, the score and the band.

use super::measures::{Facts, RuleIndex};
use super::program::{KindRule, Program, Rule};
use crate::assessment::{Kind, ReceiptLine, Section, Severity, Tenths};
use crate::content::rubric::{Band, Family};
use std::fmt;
use std::sync::Arc;

/// What a score is made of.
#[derive(Debug, Clone)]
pub(crate) struct Ingredients {
    pub(crate) kind: Kind,
    pub(crate) kind_name: Arc<str>,
    pub(crate) levels: [u8; 4],
    /// Behaviours found, in the rubric's order.
    pub(crate) behaviours: Vec<RuleIndex>,
    /// Minefields hit, in the rubric's order.
    pub(crate) minefields: Vec<RuleIndex>,
    /// Signals that give points and fired.
    pub(crate) signals: Vec<(RuleIndex, Tenths)>,
    /// Caps whose condition holds, by their place among all.
    pub(crate) caps: Vec<usize>,
}

impl Ingredients {
    /// Gathers what a score is made of from the facts of an answer.
    pub(crate) fn of(program: &Program, kind: &KindRule, facts: &Facts) -> Self {
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
            kind_name: Arc::clone(&kind.name),
            levels: facts.levels,
            behaviours: fired(Family::Behaviour),
            minefields: fired(Family::Minefield),
            signals: program.points.signals.iter().filter(|(r, _)| facts.fired[*r]).copied().collect(),
            caps: (0..).zip(&program.points.caps).filter(|(_, c)| c.when.holds(facts)).map(|(at, _)| at).collect(),
        }
    }

    /// The receipt; the sum of its points is the score, 0 to 100.
    pub(crate) fn receipt(&self, program: &Program) -> Vec<ReceiptLine> {
        let mut lines = Vec::new();
        self.account(program, |rule, tenths| {
            lines.push(ReceiptLine { rule: format!("{rule}"), points: Tenths(tenths) });
        });
        lines
    }

    /// Gives account of the score: each line with its name and what it gives or takes.
    fn account(&self, program: &Program, mut line: impl FnMut(fmt::Arguments<'_>, i32)) -> i32 {
        let points = &program.points;
        let mut total = 0;
        let mut add = |rule: fmt::Arguments<'_>, tenths: i32| {
            if tenths != 0 {
                total += tenths;
                line(rule, tenths);
            }
            total
        };
        for section in Section::ALL {
            let level = self.levels[section.index()];
            let given = if level == 0 { 0 } else { points.sections[section.index()][usize::from(level.min(2)) - 1].0 };
            add(format_args!("section.{section}"), given);
        }
        let mut left = points.behaviours_at_most.0;
        for rule in &self.behaviours {
            let given = (points.behaviour.0 * i32::from(program.rules[*rule].weight)).min(left);
            left -= given;
            add(format_args!("behaviour.{}", program.rules[*rule].id), given);
        }
        for (rule, given) in &self.signals {
            add(format_args!("signal.{}", program.rules[*rule].id), given.0);
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
            add(format_args!("minefield.{}", rule.id), -taken);
        }
        let mut sum = add(format_args!(""), 0);
        if sum < 0 {
            sum = add(format_args!("floor"), -sum);
        }
        let (cap, id) = self.lowest_cap(program);
        if cap.0 < sum {
            sum = add(format_args!("cap.{id}"), cap.0 - sum);
        }
        sum
    }

    /// The lowest of the caps that hold, and what sets it.
    fn lowest_cap<'a>(&'a self, program: &'a Program) -> (Tenths, &'a str) {
        let points = &program.points;
        let kind = points.kind_caps.iter().find(|(k, _)| *k == self.kind).map(|(_, cap)| (*cap, &*self.kind_name));
        let minefields = self.minefields.iter().filter_map(|r| {
            let rule: &Rule = &program.rules[*r];
            rule.cap.map(|cap| (cap, &*rule.id))
        });
        let others = self.caps.iter().map(|at| (points.caps[*at].at, points.caps[*at].id.as_str()));
        let top = (Tenths(1000), "ceiling");
        kind.into_iter().chain(minefields).chain(others).chain([top]).min_by_key(|(cap, _)| *cap).unwrap_or(top)
    }

    /// The score alone.
    pub(crate) fn score(&self, program: &Program) -> Tenths {
        Tenths(self.account(program, |_, _| {}))
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
