//! What many answers say together: a person's progress, a cohort's numbers.

use super::{T, chart};
use crate::assessment::{Section, Severity};
use crate::history::progress::{Progress, RECENT, Stretch};
use crate::report::cohort::{Cohort, Group};
use crate::report::dossier::Dossier;
use maud::{Markup, html};

/// The progress of one person.
pub(super) fn progress(p: &Progress, d: &Dossier) -> Markup {
    let unit = match p.unit {
        Stretch::Day => "day",
        Stretch::Week => "week",
        Stretch::Month => "month",
    };
    let points: Vec<(String, Option<usize>)> = p.bands.iter().map(|b| (b.from.to_string(), b.mean())).collect();
    let told: Vec<String> = p
        .bands
        .iter()
        .filter_map(|b| Some((b, b.mean()?)))
        .map(|(b, mean)| format!("{}: {}.{}", b.from, mean / 10, mean % 10))
        .collect();
    let desc = format!("Mean band of each {unit} with answers. {}.", told.join("; "));
    html! {
        section aria-labelledby="progress" {
            h2 #progress { "Progress" }
            p {
                (p.extent()) ". "
                "Days in a row: " (p.streak) " now, " (p.longest) " at most."
            }
            // One point is no line.
            @if points.len() > 1 { figure {
                (chart::line("bands-over-time", &format!("Mean band by {unit}"), &desc, &points))
                figcaption { "Mean band by " (unit) ": " (T(&told.join(" · "))) }
            } }
            h3 { "Sections of the last " (p.attempts.min(RECENT)) " answers" }
            div.scroll tabindex="0" role="group" aria-label="Sections" { table {
                thead { tr { th scope="col" { "Section" } th.n scope="col" { "absent" } th.n scope="col" { "partial" }
                    th.n scope="col" { "clear" } @if p.sections_before.is_some() { th.n scope="col" { "clear before" } } } }
                tbody { @for section in Section::ALL {
                    @let [absent, partial, clear] = p.sections[section.index()];
                    tr {
                        th scope="row" { (section.id()) } td.n { (absent) } td.n { (partial) } td.n { (clear) }
                        @if let Some(before) = &p.sections_before {
                            @let of: usize = before[section.index()].iter().sum();
                            td.n { (before[section.index()][2]) " of " (of) }
                        }
                    }
                } }
            } }
            @if !p.hit.is_empty() { h3 { "Minefields of late" } (mines(&p.hit, d)) }
            @if !p.cleared.is_empty() { h3 { "Minefields cleared" } (mines(&p.cleared, d)) }
            @if let Some((answers, tenths)) = p.judged {
                p { "Own judgement before the reveal: " (answers) (if answers == 1 { " answer, " } else { " answers, " })
                    @if tenths == 0 { "on average that of the tool." } @else {
                        "on average " (format!("{:.1}", f64::from(tenths.abs()) / 10.0))
                        (if tenths > 0 { " bands above the tool." } else { " bands below the tool." })
                    } }
            }
        }
    }
}

fn mines(list: &[(String, Severity, usize)], d: &Dossier) -> Markup {
    html! { ul { @for (id, severity, n) in list { li { (T(d.title(id))) " (" (severity.id()) "): " (n) } } } }
}

/// The numbers of a cohort.
pub(super) fn cohort(c: &Cohort, d: &Dossier) -> Markup {
    let bands: Vec<(String, usize)> =
        c.all.bands.iter().enumerate().map(|(i, n)| (format!("band {}", i + 1), *n)).collect();
    let told: Vec<String> = bands.iter().map(|(band, n)| format!("{band}: {n}")).collect();
    html! {
        section aria-labelledby="cohort" {
            h2 #cohort { "All answers together" }
            @if c.all.answers == 0 { p { "There are no judged answers." } }
            @else {
                p { (c.all.answers) (if c.all.answers == 1 { " answer, " } else { " answers, " }) (c.all.mean_score())
                    " of 100 and band " (c.all.mean_band()) " on average."
                    @if let Some(weakest) = c.all.weakest() { " The weakest section is the " (weakest.id()) "." } }
                figure {
                    (chart::columns("bands", "Distribution of bands", &told.join(", "), &bands))
                    figcaption { "Answers by band: " (told.join(" · ")) }
                }
                h3 { "Sections" }
                div.scroll tabindex="0" role="group" aria-label="Sections of all answers" { table {
                    thead { tr { th scope="col" { "Section" } th.n scope="col" { "absent" } th.n scope="col" { "partial" }
                        th.n scope="col" { "clear" } th.n scope="col" { "mean level (0 to 2)" } } }
                    tbody { @for section in Section::ALL {
                        @let [absent, partial, clear] = c.all.levels[section.index()];
                        tr { th scope="row" { (section.id()) } td.n { (absent) } td.n { (partial) } td.n { (clear) }
                            td.n { (c.all.mean_level(section)) } }
                    } }
                } }
                @if !c.minefields.is_empty() {
                    h3 { "Commonest minefields" }
                    div.scroll tabindex="0" role="group" aria-label="Commonest minefields" { table {
                        thead { tr { th scope="col" { "Minefield" } th scope="col" { "Severity" } th.n scope="col" { "Answers" }
                            th.n scope="col" { "Share" } th.n scope="col" { "Mean score with it" } } }
                        tbody { @for g in &c.minefields {
                            @let severity = c.all.minefields.get(&g.name).map_or("", |(s, _)| s.id());
                            tr { th scope="row" { (T(d.title(&g.name))) } td { (severity) } td.n { (g.answers) }
                                td.n { ((g.answers * 100 + c.all.answers / 2) / c.all.answers) " %" } td.n { (g.mean_score()) } }
                        } }
                    } }
                }
                (groups("Person", c.apart(&c.persons), d))
                (groups("Theme", c.apart(&c.themes), d))
                (groups("Question", c.apart(&c.questions), d))
                (rows(c, d))
                p.meta { "Means of few answers say little: look at the count beside them." }
            }
        }
    }
}

/// Groups that have something in common: what, is `by`.
fn groups(by: &str, groups: &[Group], d: &Dossier) -> Markup {
    let heading = format!("By {}", by.to_lowercase());
    html! {
        @if !groups.is_empty() {
            h3 { (heading) }
            div.scroll tabindex="0" role="group" aria-label=(heading) { table {
                thead { tr { th scope="col" { (by) } th.n scope="col" { "Answers" }
                    th.n scope="col" { "Mean score" } th.n scope="col" { "Mean band" } th scope="col" { "Weakest section" }
                    th scope="col" { "Commonest minefield" } } }
                tbody { @for g in groups {
                    tr { th scope="row" { (T(&g.name)) } td.n { (g.answers) } td.n { (g.mean_score()) } td.n { (g.mean_band()) }
                        td { (g.weakest().map_or("none", Section::id)) }
                        td.wide { @match g.commonest().first() {
                            Some((id, _, n)) => { (T(d.title(id))) " (" (n) ")" }
                            None => { "none" }
                        } } }
                } }
            } }
        }
    }
}

fn rows(c: &Cohort, d: &Dossier) -> Markup {
    // A column that nothing stands in says nothing.
    let (dated, persons, asked) =
        (c.rows.iter().any(|r| !r.at.is_empty()), !c.persons.is_empty(), !c.questions.is_empty());
    html! {
        h3 { "Every answer" }
        div.scroll tabindex="0" role="group" aria-label="Every answer" { table {
            thead { tr { th scope="col" { "Answer" } @if dated { th scope="col" { "When" } } @if persons { th scope="col" { "Person" } }
                @if asked { th scope="col" { "Question" } } th.n scope="col" { "Score" } th.n scope="col" { "Band" } th scope="col" { "Minefields" } } }
            tbody { @for r in &c.rows {
                tr { th scope="row" { (T(&r.name)) } @if dated { td { (T(&r.at)) } }
                    @if persons { td { (T(r.person.as_deref().unwrap_or_default())) } }
                    @if asked { td.wide { (T(r.question.as_deref().unwrap_or_default())) } } td.n { (r.digest.score) } td.n { (r.digest.band) }
                    td.wide { @for (i, (id, severity)) in r.digest.minefields.iter().enumerate() {
                        @if i > 0 { ", " } @if *severity == Severity::Serious { strong { (T(d.title(id))) } } @else { (T(d.title(id))) }
                    } } }
            } }
        } }
    }
}
