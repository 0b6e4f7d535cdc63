//! One answer with its judgement: the next step first.

use super::answer::{Cause, Sort, causes, marked};
use super::{T, chart};
use crate::assessment::{Evidence, Finding, Section};
use crate::report::dossier::{Audience, Item, Rating, Vintage};
use crate::report::spans::whole_words;
use crate::report::{clean, kind_words, level_word};
use maud::{Markup, html};

/// The article of one answer; `number` makes its ids unique, `several` says whether it has siblings.
pub(super) fn article(item: &Item, number: usize, audience: Audience, several: bool) -> Markup {
    let causes = causes(item, audience);
    let page = Article { item, number, audience, causes: &causes };
    html! {
        article aria-labelledby={ "a" (number) } {
            h2 id={ "a" (number) } {
                @if several { (number) ". " }
                @if several { (T(item.question.as_deref().unwrap_or(&item.name))) } @else { "Assessment" }
            }
            p.meta { (T(&page.facts().join(" · "))) }
            (page.next_step())
            (page.verdict())
            (page.told())
            @for rating in &item.ratings { (page.rating(rating)) }
            h3 { (page.by_reader("Your answer", "The answer")) }
            p.legend {
                mark.shown { "shown" } " " mark.mine { "minefield" }
                @if causes.iter().any(|c| c.sort == Sort::Note) { " " mark.note { "a coach’s note" } }
                " Point at the marked words, or go through them with the Tab key. The small numbers are those of the findings below."
            }
            (marked(item, number, &causes))
            (page.sections())
            (page.minefields())
            (page.shown())
            (page.notes())
            (page.missing())
            (page.motivations())
            (page.probes())
            (page.receipt())
        }
    }
}

struct Article<'a> {
    item: &'a Item,
    number: usize,
    audience: Audience,
    causes: &'a [Cause],
}

impl Article<'_> {
    fn by_reader(&self, candidate: &'static str, coach: &'static str) -> &'static str {
        if self.audience == Audience::Candidate { candidate } else { coach }
    }

    fn facts(&self) -> Vec<String> {
        let m = &self.item.assessment.metrics;
        let mut facts = Vec::new();
        facts.push(self.item.name.clone());
        facts.extend(self.item.facts.iter().cloned());
        facts.push(format!(
            "{} words, about {} s spoken; I {}, we {}, numbers {}, fillers {}",
            m.words, m.speaking_seconds, m.first_person_singular, m.first_person_plural, m.numbers, m.fillers
        ));
        facts
    }

    fn next_step(&self) -> Markup {
        let item = self.item;
        let mut advice = item.assessment.advice.iter().map(String::as_str);
        let first = advice.next().unwrap_or("No rule asks for a change. Tell it aloud, and keep it short.");
        let view = item.view();
        let elsewhere = view.told_elsewhere();
        let rest: Vec<&str> = advice.filter(|a| !elsewhere.contains(a)).collect();
        html! {
            div.next {
                h3 { "Next step" }
                p { (T(first)) }
                @if !rest.is_empty() { ul { @for line in rest { li { (T(line)) } } } }
            }
        }
    }

    fn verdict(&self) -> Markup {
        let a = &self.item.assessment;
        let band = self.item.rubric.band(a.band);
        html! {
            @if let Some(words) = kind_words(a.kind) { p.kind { strong { (words) } } }
            p.verdict {
                strong { (a.score) " of 100" }
                " "
                span.squares aria-hidden="true" { @for i in 1..=5 { span.full[i <= a.band] {} } }
                " band " (a.band) " of 5"
                @if let Some(band) = band { ", " (T(&band.title)) }
            }
            @if let Some(band) = band { p.anchor { (T(&band.anchor)) } }
            @match self.item.vintage {
                Vintage::Today => {}
                Vintage::Earlier => p.meta { "Judged by an earlier form of the rubric." }
                Vintage::Gone => p.meta { "The rubric that judged it is no longer there." }
            }
        }
    }

    /// Length, pace and fillers of what was told aloud.
    fn told(&self) -> Markup {
        let told = self.item.delivery.lines(&self.item.rubric, &self.item.assessment.metrics);
        html! {
            @if !told.is_empty() {
                h3 { (self.by_reader("How you told it", "How it was told")) }
                ul { @for line in &told { li { (T(line)) } } }
            }
        }
    }

    fn rating(&self, rating: &Rating) -> Markup {
        let differences = self.item.differences(rating);
        let band = self.item.rubric.band(rating.overall);
        html! {
            div.coach {
                h3 { (T(&rating.rater)) " gave band " (rating.overall)
                    @if let Some(band) = band { ", " (T(&band.title)) } }
                @if !rating.blind { p.meta { "Given after the tool’s was shown." } }
                @if differences.is_empty() { p { "Coach and tool agree." } }
                @else {
                    p { "Where coach and tool differ:" }
                    ul { @for line in &differences { li { (T(line)) } } }
                }
            }
        }
    }

    fn sections(&self) -> Markup {
        let (a, rubric) = (&self.item.assessment, &self.item.rubric);
        let all: usize = a.sections.iter().map(|s| s.words).sum();
        html! {
            h3 { "Sections" }
            div.scroll tabindex="0" role="group" aria-label="Sections" {
                table {
                    caption { "How clearly each section is told, and its share of the words beside the customary one (grey)." }
                    thead { tr { th scope="col" { "Section" } th scope="col" { "Told" } th.n scope="col" { "Words" }
                        th.n scope="col" { "Share" } th scope="col" { "" span.sr { "Share drawn" } } } }
                    tbody {
                        @for section in Section::ALL {
                            @let f = a.section(section);
                            @let info = rubric.section(section);
                            @let percent = (f.words * 100 + all / 2).checked_div(all).unwrap_or(0);
                            tr {
                                th scope="row" { (T(&info.title)) }
                                td { span class={ "level l" (f.level) } aria-hidden="true" {} " " (level_word(f.level)) }
                                td.n { (f.words) }
                                td.n { (percent) " %" span.meta { " of " (info.share[0]) "–" (info.share[1]) } }
                                td { (chart::share(percent, info.share)) }
                            }
                        }
                    }
                }
            }
            @let advice: Vec<_> = Section::ALL.into_iter().filter(|s| !a.section(*s).advice.is_empty()).collect();
            @if !advice.is_empty() {
                dl { @for s in advice { dt { (T(&rubric.section(s).title)) } dd { (T(&a.section(s).advice)) } } }
            }
        }
    }

    /// The findings of one sort, with their numbers in the report.
    fn numbered(&self, sort: Sort) -> impl Iterator<Item = &Cause> {
        self.causes.iter().filter(move |c| c.sort == sort)
    }

    fn minefields(&self) -> Markup {
        let view = self.item.view();
        html! {
            @if !self.item.assessment.minefields.is_empty() {
                h3 { "Minefields" }
                ul.findings {
                    @for (m, cause) in self.item.assessment.minefields.iter().zip(self.numbered(Sort::Minefield)) {
                        li.mine id={ "a" (self.number) "-f" (cause.number) } {
                            span.no { (cause.number) } " " strong { (T(view.title(&m.id))) } " (" (m.severity.id()) ")"
                            @if m.evidence.is_empty() && !m.absent.is_empty() {
                                ": missing " (T(&view.absent(m).join(", ")))
                            } @else { (self.quotes(&m.evidence)) }
                            (self.id(&m.id))
                            @if !m.advice.is_empty() { p { (T(&m.advice)) } }
                        }
                    }
                }
            }
        }
    }

    fn shown(&self) -> Markup {
        let view = self.item.view();
        html! {
            @if !self.item.assessment.behaviours.is_empty() {
                h3 { (self.by_reader("What you showed", "What was shown")) }
                ul.findings {
                    @for (f, cause) in self.item.assessment.behaviours.iter().zip(self.numbered(Sort::Shown)) {
                        li.shown id={ "a" (self.number) "-f" (cause.number) } {
                            span.no { (cause.number) } " " strong { (T(view.title(&f.id))) }
                            (self.quotes(&f.evidence)) (self.id(&f.id))
                        }
                    }
                }
            }
        }
    }

    fn notes(&self) -> Markup {
        let notes: Vec<_> = self.item.notes_for(self.audience).zip(self.numbered(Sort::Note)).collect();
        html! {
            @if !notes.is_empty() {
                h3 { "Coach’s notes" }
                ul.findings {
                    @for (note, cause) in notes {
                        li.note id={ "a" (self.number) "-f" (cause.number) } {
                            span.no { (cause.number) } " " span.meta { (T(&note.clock)) " " (T(&note.by)) }
                            @if note.private { " " em { "(for coaches)" } }
                            @if let Some(words) = note.span.as_ref().and_then(|s| self.item.text.get(s.clone())) {
                                " “" (T(words)) "”"
                            }
                            ": " (T(&note.text))
                        }
                    }
                }
            }
        }
    }

    fn missing(&self) -> Markup {
        let (view, missing) = (self.item.view(), &self.item.assessment.missing);
        html! {
            @if !missing.is_empty() {
                h3 { "Expected, and not found" }
                ul { @for id in missing {
                    @let advice = self.item.rubric.rule(id).map_or("", |r| &r.advice);
                    li { strong { (T(view.title(id))) } @if !advice.is_empty() { ": " (T(advice)) } (self.id(id)) }
                } }
            }
        }
    }

    fn motivations(&self) -> Markup {
        let view = self.item.view();
        let names: Vec<&str> = self.item.assessment.motivations.iter().map(|f: &Finding| view.title(&f.id)).collect();
        html! {
            @if !names.is_empty() { h3 { "What they look for, and found" } p { (T(&names.join(" · "))) } }
        }
    }

    fn probes(&self) -> Markup {
        let probes = &self.item.assessment.probes;
        html! {
            @if !probes.is_empty() {
                h3 { (self.by_reader("They may ask next", "What to ask next")) }
                ul { @for probe in probes { li { (T(probe)) } } }
            }
        }
    }

    fn receipt(&self) -> Markup {
        let a = &self.item.assessment;
        html! {
            h3 { "Where the points come from" }
            table.receipt {
                thead { tr { th scope="col" { "Rule" } th.n scope="col" { "Points" } } }
                tbody { @for line in &a.receipt {
                    tr { td { code { (T(&line.rule)) } } td.n { (format!("{:+.1}", line.points.points())) } }
                } }
                tfoot { tr { th scope="row" { "Score by " code { (T(&a.rubric)) }
                        @if let Some(version) = &a.rubric_version { ", version " (T(version)) "," } " " code { (T(&a.rubric_hash)) } }
                    td.n { strong { (a.score) } } } }
            }
        }
    }

    /// The id of a rule, for whoever wants to look it up.
    fn id(&self, id: &str) -> Markup {
        html! { @if self.audience == Audience::Coach { " " code { (T(id)) } } }
    }

    fn quotes(&self, evidence: &[Evidence]) -> Markup {
        const LONGEST: usize = 120;
        let mut quotes: Vec<String> = Vec::new();
        for e in evidence {
            let words = self.item.text.get(whole_words(&self.item.text, e.start..e.end)).unwrap_or_default();
            let mut quote = clean(words);
            if quote.chars().count() > LONGEST {
                quote = quote.chars().take(LONGEST).chain(['…']).collect();
            }
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        html! { @for (i, quote) in quotes.iter().enumerate() { (if i == 0 { ": “" } else { " · “" }) (T(quote)) "”" } }
    }
}
