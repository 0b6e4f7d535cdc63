//! What changed between two answers to one question.

use super::judge::Judge;
use crate::assessment::{Assessment, Section, Tenths};
use crate::report::Look;
use std::collections::BTreeMap;

/// The difference of two assessments, by rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Change {
    /// Score before and after.
    pub(crate) score: [Tenths; 2],
    /// Band before and after.
    pub(crate) band: [u8; 2],
    /// Minefields that are gone.
    pub(crate) fixed: Vec<String>,
    /// Minefields that are there still.
    pub(crate) still: Vec<String>,
    /// Minefields that are new.
    pub(crate) new: Vec<String>,
    /// Behaviours that came in.
    pub(crate) gained: Vec<String>,
    /// Behaviours that went.
    pub(crate) lost: Vec<String>,
    /// Sections whose level changed, with the level before and after.
    pub(crate) sections: Vec<(Section, u8, u8)>,
    /// Points by rule that changed, greatest change first.
    pub(crate) points: Vec<(String, Tenths)>,
    /// Findings that were dismissed, of either answer.
    pub(crate) dismissed: Vec<String>,
}

impl Change {
    /// Compares two assessments.
    pub(crate) fn between(before: &Assessment, after: &Assessment) -> Self {
        let mines = |a: &Assessment| ids(a.minefields.iter().map(|m| &*m.id));
        let shown = |a: &Assessment| ids(a.behaviours.iter().map(|b| &*b.id));
        let (mines_before, mines_after) = (mines(before), mines(after));
        let (shown_before, shown_after) = (shown(before), shown(after));
        let mut points: BTreeMap<&str, i32> = BTreeMap::new();
        for (sign, assessment) in [(-1, before), (1, after)] {
            for line in &assessment.receipt {
                *points.entry(&line.rule).or_default() += sign * line.points.0;
            }
        }
        let changed = points.into_iter().filter(|(_, p)| *p != 0);
        let mut points: Vec<(String, Tenths)> = changed.map(|(rule, p)| (rule.to_owned(), Tenths(p))).collect();
        points.sort_by_key(|(_, p)| -p.0.abs());
        let levels = Section::ALL.into_iter().map(|s| (s, before.section(s).level, after.section(s).level));
        Self {
            score: [before.score, after.score],
            band: [before.band, after.band],
            fixed: without(&mines_before, &mines_after),
            still: mines_after.iter().filter(|m| mines_before.contains(m)).cloned().collect(),
            new: without(&mines_after, &mines_before),
            gained: without(&shown_after, &shown_before),
            lost: without(&shown_before, &shown_after),
            sections: levels.filter(|(_, b, a)| b != a).collect(),
            points,
            dismissed: Vec::new(),
        }
    }

    /// The change as one line: `46.0 -> 61.5 (+15.5)`.
    pub(crate) fn score_line(&self, look: &Look) -> String {
        let [before, after] = self.score;
        let arrow = look.sign("→", "->");
        format!("{before} {arrow} {after} ({})", signed(Tenths(after.0 - before.0)))
    }

    /// The change for people.
    pub(crate) fn report(&self, judge: &dyn Judge, look: &Look) -> String {
        let arrow = look.sign("→", "->");
        let mut out = format!("\n{}\n", look.heading("Before and after"));
        let mut row = |name: &str, text: String| {
            let rest = " ".repeat(12);
            let options = textwrap::Options::new(look.width.max(30)).subsequent_indent(&rest);
            out.push_str(&textwrap::fill(&format!("  {name:<8}  {text}"), options));
            out.push('\n');
        };
        let band = match self.band {
            [before, after] if before == after => format!("band {after}, as before"),
            [before, after] => format!("band {before} {arrow} {after}"),
        };
        row("Score", format!("{}, {band}", self.score_line(look)));
        for (section, before, after) in &self.sections {
            row("Section", format!("{section}: {} {arrow} {}", level(*before), level(*after)));
        }
        let lists = [
            ("Fixed", &self.fixed),
            ("New", &self.new),
            ("Still", &self.still),
            ("Gained", &self.gained),
            ("Lost", &self.lost),
        ];
        for (name, list) in lists {
            for id in list {
                let note = if self.dismissed.contains(id) { " (dismissed)" } else { "" };
                row(name, format!("{}{note}", judge.title(id)));
            }
        }
        for (rule, points) in self.points.iter().take(MOST_RULES) {
            row("Points", format!("{} {rule}", signed(*points)));
        }
        if self.points.len() > MOST_RULES {
            row("Points", format!("and {} smaller changes", self.points.len() - MOST_RULES));
        }
        out
    }
}

/// How many rules are listed with the points that they changed.
const MOST_RULES: usize = 6;

fn ids<'a>(list: impl Iterator<Item = &'a str>) -> Vec<String> {
    list.map(str::to_owned).collect()
}

fn without(list: &[String], other: &[String]) -> Vec<String> {
    list.iter().filter(|x| !other.contains(x)).cloned().collect()
}

fn level(level: u8) -> &'static str {
    match level {
        0 => "absent",
        1 => "partial",
        _ => "clear",
    }
}

fn signed(points: Tenths) -> String {
    if points.0 > 0 { format!("+{points}") } else { points.to_string() }
}
