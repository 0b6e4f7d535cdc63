//! Examples that rules carry: run, and told where they stand.

use super::Scope;
use super::codes::{Code, UNFIRED_RULE};
use super::finding::{Finding, Findings};
use super::rules::places;
use super::tree::at;
use super::world::World;
use crate::engine::examples::{ExampleFault, ExampleReport, Runner};
use crate::report::clean;
use crate::{Answer, Asked, Family, Library, Rubric, RuleInfo, trace};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Runs the examples of a rubric.
pub(super) fn check(world: &World<'_>, library: &Library, rubric: &Rubric, scope: &Scope, out: &mut Findings) {
    let parent = rubric.extends.as_ref().and_then(|id| library.rubric(id).ok());
    let touches = |rule: &RuleInfo| !places(world, &rubric.id, rule.family, &rule.id).is_empty();
    // What a rule sees in a sentence is the same in both where neither its words nor those around it
    // have changed; the parent's own run tells of it.
    let same_words = world.rubric(&rubric.id).all(|(_, f)| f.immune.is_empty() && f.lexicon.is_empty());
    let told_above = |rule: &RuleInfo| {
        same_words
            && parent.as_ref().is_some_and(|p| p.rules().iter().any(|r| r.family == rule.family && same(r, rule)))
    };
    let wanted: BTreeSet<(Family, &str)> =
        rubric.rules().iter().filter(|r| scope.wants(&r.id) && touches(r)).map(|r| (r.family, &*r.id)).collect();
    let runs =
        |rule: &RuleInfo, whole: bool| wanted.contains(&(rule.family, &*rule.id)) && (whole || !told_above(rule));
    let runner = Runner::new(rubric);
    let of_rule = |(index, rule)| runner.run(index, &|whole| runs(rule, whole));
    let reports: Vec<ExampleReport> = rubric.rules().par_iter().enumerate().flat_map_iter(of_rule).collect();
    for report in &reports {
        tell(world, rubric, report, out);
    }
    unfired(world, library, rubric, &wanted, &reports, out);
}

fn same(a: &RuleInfo, b: &RuleInfo) -> bool {
    (&a.id, &a.cues, &a.regex, &a.guards, &a.matches, &a.no_match, &a.known_miss, &a.known_noise)
        == (&b.id, &b.cues, &b.regex, &b.guards, &b.matches, &b.no_match, &b.known_miss, &b.known_noise)
}

fn tell(world: &World<'_>, rubric: &Rubric, report: &ExampleReport, out: &mut Findings) {
    let Some(code) = Code::of(report.fault.code()) else { return };
    let rule = &report.rule;
    let key = match report.fault {
        ExampleFault::Missing | ExampleFault::Elsewhere | ExampleFault::BadMarks => "match",
        ExampleFault::Noisy => "no_match",
        ExampleFault::MissPasses => "known_miss",
        ExampleFault::NoisePasses => "known_noise",
        ExampleFault::NoMatch | ExampleFault::NoNoMatch => "id",
    };
    let places = places(world, &rubric.id, report.family, rule);
    let at_example = places.iter().find_map(|p| {
        let list = match key {
            "match" => &p.raw.matches,
            "no_match" => &p.raw.no_match,
            "known_miss" => &p.raw.known_miss,
            _ => &p.raw.known_noise,
        };
        Some((p, p.find(key, list, &report.example)?))
    });
    let place = match key {
        "id" => places.first().map(|p| (p, p.path(at!["id"]))),
        _ => at_example,
    };
    let Some((place, path)) = place else { return };
    let family = report.family.id();
    let message = match report.fault {
        ExampleFault::Missing => format!("the {family} `{rule}` does not fire: {}", report.seen),
        ExampleFault::Elsewhere => format!("the {family} `{rule}` is found at other words: {}", report.seen),
        ExampleFault::Noisy => format!("the {family} `{rule}` must leave this alone: {}", report.seen),
        ExampleFault::BadMarks => "the `**` of this example do not come in pairs".to_owned(),
        ExampleFault::MissPasses => format!("`{rule}` catches this by now"),
        ExampleFault::NoisePasses => format!("`{rule}` leaves this alone by now"),
        ExampleFault::NoMatch => format!("the {family} `{rule}` has no example that it must catch"),
        ExampleFault::NoNoMatch => format!("the {family} `{rule}` has no example that it must leave alone"),
    };
    let inherits = place.unit.rubric().is_some_and(|f| *f.id != *rubric.id);
    let mut finding = place.unit.at(code, &path, message);
    if inherits {
        finding = finding.map(|f| f.help(&format!("as rubric `{}` judges it, which extends this one", rubric.id)));
    }
    let example = report.example.replace("**", "");
    finding = match report.fault {
        ExampleFault::Missing | ExampleFault::Noisy | ExampleFault::Elsewhere if example.len() <= 160 => {
            let quoted = clean(&example).replace('"', "'");
            let tried = format!("see why: starcue rubrics try {rule} --rubric {} \"{quoted}\"", rubric.id);
            finding.map(|f| f.help(&tried))
        }
        ExampleFault::MissPasses => finding.map(|f| f.help("move it to `match`, so that it stays caught")),
        ExampleFault::NoisePasses => finding.map(|f| f.help("move it to `no_match`, so that it stays so")),
        _ => finding,
    };
    out.extend(finding);
}

/// Rules that neither their own examples nor the answers of the banks fire.
fn unfired(
    world: &World<'_>,
    library: &Library,
    rubric: &Rubric,
    wanted: &BTreeSet<(Family, &str)>,
    reports: &[ExampleReport],
    out: &mut Findings,
) {
    let silent: Vec<&RuleInfo> = rubric
        .rules()
        .iter()
        .filter(|r| wanted.contains(&(r.family, &*r.id)))
        .filter(|r| {
            let missed = reports.iter().filter(|x| {
                x.rule == *r.id
                    && x.family == r.family
                    && matches!(x.fault, ExampleFault::Missing | ExampleFault::BadMarks)
            });
            missed.count() >= r.matches.len()
        })
        .collect();
    if silent.is_empty() {
        return;
    }
    let mut fired: BTreeSet<String> = BTreeSet::new();
    for q in library.questions().iter().filter(|q| *q.rubric == *rubric.id) {
        let sample = Answer::sectioned(q.sample.sections());
        for answer in std::iter::once(sample).chain(q.weak.as_ref().map(|w| Answer::whole(&w.answer))) {
            let seen = trace(rubric, Asked::bank(q), &answer);
            fired.extend(seen.fired.into_iter().map(|(_, id)| id));
        }
    }
    for rule in silent.into_iter().filter(|r| !fired.contains(&*r.id)) {
        let own = places(world, &rubric.id, rule.family, &rule.id)
            .into_iter()
            .find(|p| p.unit.rubric().is_some_and(|f| *f.id == *rubric.id));
        let Some(place) = own else { continue };
        let said = format!("nothing fires the {} `{}`", rule.family.id(), rule.id);
        let finding: Option<Finding> = place.unit.at(UNFIRED_RULE, &place.path(at!["id"]), said);
        out.extend(finding);
    }
}
