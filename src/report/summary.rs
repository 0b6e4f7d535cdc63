//! The summary of a batch: how bands, kinds, sections, minefields and behaviours are spread.

use super::{Look, level_word, markdown, terminal};
use crate::batch::Tally;
use crate::{Kind, Section};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A share in tenths of a percent, rounded.
fn share(n: usize, of: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a share is rounded anyway")]
    let percent = (n * 1000 + of / 2).checked_div(of).unwrap_or(0) as f64 / 10.0;
    percent
}

/// One line of the summary: what it counts, and how many.
struct Line {
    group: &'static str,
    id: String,
    note: &'static str,
    n: usize,
    of: usize,
}

fn lines(tally: &Tally) -> Vec<Line> {
    let of = tally.judged;
    let line = |group, id: String, n| Line { group, id, note: "", n, of };
    let mut all = Vec::new();
    all.extend(tally.bands.iter().enumerate().rev().map(|(i, n)| line("band", (i + 1).to_string(), *n)));
    all.extend(Kind::ALL.iter().zip(tally.kinds).map(|(kind, n)| line("kind", kind.id().to_owned(), n)));
    for (section, levels) in Section::ALL.iter().zip(&tally.sections) {
        all.extend((0..3).map(|at| line("section", format!("{section}.{}", level_word(at)), levels[usize::from(at)])));
    }
    for (id, severity, n) in tally.commonest() {
        all.push(Line { group: "minefield", id: id.to_owned(), note: severity.id(), n, of });
    }
    for (group, counts) in [("behaviour", &tally.behaviours), ("motivation", &tally.motivations)] {
        let mut list: Vec<_> = counts.iter().collect();
        list.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        all.extend(list.into_iter().map(|(id, n)| line(group, id.to_string(), *n)));
    }
    all.extend(tally.bad.iter().map(|(code, n)| Line { of: tally.records(), ..line("error", code.to_string(), *n) }));
    all
}

/// Scores in a few numbers: mean, and the score below which a tenth, a quarter, … of the answers lie.
fn scores(tally: &Tally) -> Vec<(&'static str, f64)> {
    const QUANTILES: [(&str, f64); 7] =
        [("min", 0.0), ("p10", 0.1), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9), ("max", 1.0)];
    let quantile = |(name, at): (&'static str, f64)| Some((name, tally.quantile(at)?.points()));
    let mean = tally.mean().map(|m| ("mean", m.points()));
    mean.into_iter().chain(QUANTILES.into_iter().filter_map(quantile)).collect()
}

/// How many answers, or records, something holds of.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Count {
    /// How many.
    answers: usize,
    /// Of all that were judged; of errors, of all records. In tenths.
    #[cfg_attr(test, schemars(range(min = 0, max = 100)))]
    percent: f64,
    /// Of a minefield: how grave it is.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[cfg_attr(test, schemars(extend("enum" = ["mild", "serious"])))]
    severity: &'static str,
}

type Counts = BTreeMap<String, Count>;

/// The summary of a batch (`starcue.summary/1`), as `starcue score --summary --to json` writes it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Summary {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = "starcue.summary/1")))]
    schema: &'static str,
    /// Records, judged or not.
    records: usize,
    /// Answers that were judged.
    answers: usize,
    /// Words of all of them.
    words: usize,
    /// Rubrics that judged, each with its hash.
    rubrics: BTreeMap<String, String>,
    /// `mean`, `min`, `max` and `median` of the scores, and below which a tenth (`p10`), a quarter (`p25`) and so on lie; empty
    /// where nothing was judged.
    scores: BTreeMap<&'static str, f64>,
    /// Answers by band, 1 to 5.
    bands: Counts,
    /// Answers by kind.
    kinds: Counts,
    /// Answers by section and level, such as `task.partial`.
    sections: Counts,
    /// Answers by minefield that was hit.
    minefields: Counts,
    /// Answers by behaviour that was shown.
    behaviours: Counts,
    /// Answers by motivation that was found.
    motivations: Counts,
    /// Records that could not be judged, by code.
    errors: Counts,
    /// Answers below `--fail-under`.
    below_fail_under: usize,
    /// Answers that match `--fail-on`.
    match_fail_on: usize,
}

impl Summary {
    fn of(tally: &Tally) -> Self {
        let mut groups: BTreeMap<&str, Counts> = BTreeMap::new();
        for Line { group, id, note, n, of } in lines(tally) {
            let count = Count { answers: n, percent: share(n, of), severity: note };
            groups.entry(group).or_default().insert(id, count);
        }
        let mut group = |name: &str| groups.remove(name).unwrap_or_default();
        Self {
            schema: "starcue.summary/1",
            records: tally.records(),
            answers: tally.judged,
            words: tally.words,
            rubrics: tally.rubrics.iter().map(|(id, hash)| (id.to_string(), hash.to_string())).collect(),
            scores: scores(tally).into_iter().collect(),
            bands: group("band"),
            kinds: group("kind"),
            sections: group("section"),
            minefields: group("minefield"),
            behaviours: group("behaviour"),
            motivations: group("motivation"),
            errors: group("error"),
            below_fail_under: tally.under,
            match_fail_on: tally.matched,
        }
    }
}

/// As one object, its keys in the order of the alphabet.
pub(crate) fn json(tally: &Tally) -> String {
    format!("{}\n", json!(Summary::of(tally)))
}

/// As rows: `group,id,severity,answers,percent`.
pub(crate) fn csv(tally: &Tally) -> String {
    let mut text = String::from("group,id,severity,answers,percent\n");
    let _ = writeln!(text, "records,all,,{},100", tally.records());
    for (name, points) in scores(tally) {
        let _ = writeln!(text, "score,{name},,{points},");
    }
    for Line { group, id, note, n, of } in lines(tally) {
        // Ids come from rubrics, which may be anybody's.
        let id = super::table::encode(&[super::table::guard(&id)]);
        let id = String::from_utf8_lossy(&id);
        let _ = writeln!(text, "{group},{},{note},{n},{}", id.trim_end(), share(n, of));
    }
    text
}

/// As Markdown.
pub(crate) fn markdown(tally: &Tally) -> String {
    let mut text = markdown::summary(tally).trim_start().to_owned();
    let _ = writeln!(text, "\n| section | absent | partial | clear |\n| --- | ---: | ---: | ---: |");
    for (section, [absent, partial, clear]) in Section::ALL.iter().zip(&tally.sections) {
        let _ = writeln!(text, "| {section} | {absent} | {partial} | {clear} |");
    }
    for group in ["behaviour", "motivation"] {
        let _ = writeln!(text, "\n| {group} | answers | share |\n| --- | ---: | ---: |");
        for line in lines(tally).iter().filter(|l| l.group == group) {
            let _ = writeln!(text, "| {} | {} | {} % |", markdown::escape(&line.id), line.n, share(line.n, line.of));
        }
    }
    text
}

/// For people.
pub(crate) fn human(tally: &Tally, look: &Look) -> String {
    let mut bytes = Vec::new();
    let written = terminal::summary(&mut bytes, look, tally);
    debug_assert!(written.is_ok(), "into memory");
    let mut text = String::from_utf8_lossy(&bytes).trim_start().to_owned();
    if tally.judged == 0 {
        text.push_str("no answers\n");
        return text;
    }
    let spread: Vec<_> = scores(tally).iter().map(|(name, n)| format!("{name} {n:.1}")).collect();
    let _ = writeln!(text, "\n{}\n  {}", look.heading("Scores"), spread.join(", "));
    let _ = writeln!(text, "\n{}", look.heading("Sections: absent, partial, clear"));
    for (section, levels) in Section::ALL.iter().zip(&tally.sections) {
        let [absent, partial, clear] = levels.map(|n| share(n, tally.judged));
        let _ = writeln!(text, "  {:<10} {absent:>5.1} % {partial:>5.1} % {clear:>5.1} %", section.id());
    }
    for (group, title) in [("behaviour", "Behaviours"), ("motivation", "Motivations"), ("error", "Bad records")] {
        let list: Vec<_> = lines(tally).into_iter().filter(|l| l.group == group).collect();
        if !list.is_empty() {
            let _ = writeln!(text, "\n{}", look.heading(title));
        }
        for line in list {
            let _ = writeln!(text, "  {:>8}  {:>5.1} %  {}", line.n, share(line.n, line.of), super::clean(&line.id));
        }
    }
    text
}
