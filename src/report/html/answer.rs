//! The text of an answer: what each stretch serves, and which findings its words caused.

use super::T;
use crate::assessment::{Assessment, Section};
use crate::report::dossier::{Audience, Item};
use crate::report::spans::whole_words;
use maud::{Markup, html};
use std::ops::Range;

/// A finding that words of the answer caused, under its number in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    /// Its number: findings are listed under it.
    pub(super) number: usize,
    /// What it is.
    pub(super) sort: Sort,
    /// What is said of it where one points.
    pub(super) told: String,
    spans: Vec<Range<usize>>,
}

/// What sort of finding it is; the greater one gives the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// A note of a coach.
    Note,
    /// A behaviour that was shown.
    Shown,
    /// A minefield that was hit.
    Minefield,
}

impl Sort {
    const fn class(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Shown => "shown",
            Self::Minefield => "mine",
        }
    }
}

/// The findings of an answer in the order of the report: minefields, behaviours, notes.
pub(super) fn causes(item: &Item, audience: Audience) -> Vec<Cause> {
    let a = &item.assessment;
    let view = item.view();
    let mut list: Vec<Cause> = Vec::new();
    let mut add = |sort, told, spans| {
        let number = list.len() + 1;
        list.push(Cause { number, sort, told, spans });
    };
    for m in &a.minefields {
        let remark = view.remark(&m.id).map_or_else(String::new, |r| format!(" [{r}]"));
        let told = format!("Minefield, {}: {}. {}{remark}", m.severity.id(), view.title(&m.id), m.advice);
        add(Sort::Minefield, told, m.evidence.iter().map(|e| e.start..e.end).collect());
    }
    for f in &a.behaviours {
        let why = item.rubric.rule(&f.id).map_or("", |r| r.why.as_str());
        add(
            Sort::Shown,
            format!(
                "Shown: {}. {why}{}",
                view.title(&f.id),
                view.remark(&f.id).map_or_else(String::new, |r| format!(" [{r}]"))
            ),
            f.evidence.iter().map(|e| e.start..e.end).collect(),
        );
    }
    for note in item.notes_for(audience) {
        add(Sort::Note, format!("{} notes: {}", note.by, note.text), note.span.iter().cloned().collect());
    }
    list
}

/// A stretch of the text with the findings that it caused.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    range: Range<usize>,
    causes: Vec<usize>,
}

/// Cuts the text at every end of evidence and of `runs`, so that no stretch lies across another.
fn stretches(text: &str, causes: &[Cause], runs: &[(Range<usize>, Option<Section>)]) -> Vec<Stretch> {
    let spans: Vec<(Range<usize>, usize)> = causes
        .iter()
        .enumerate()
        .flat_map(|(i, c)| c.spans.iter().filter(|s| !s.is_empty()).map(move |s| (whole_words(text, s.clone()), i)))
        .filter(|(s, _)| text.get(s.clone()).is_some())
        .collect();
    let mut edges: Vec<usize> = spans.iter().flat_map(|(s, _)| [s.start, s.end]).collect();
    edges.extend(runs.iter().flat_map(|(run, _)| [run.start, run.end]));
    edges.extend([0, text.len()]);
    edges.sort_unstable();
    edges.dedup();
    let cut = edges.windows(2).map(|pair| {
        let mut causes: Vec<usize> =
            spans.iter().filter(|(s, _)| s.start <= pair[0] && pair[1] <= s.end).map(|(_, i)| *i).collect();
        causes.sort_unstable();
        causes.dedup();
        Stretch { range: pair[0]..pair[1], causes }
    });
    cut.collect()
}

/// Neighbouring sentences of one section as one stretch; words that no sentence covers stand by
/// themselves, so that none is lost.
fn runs(a: &Assessment, text: &str) -> Vec<(Range<usize>, Option<Section>)> {
    let mut runs: Vec<(Range<usize>, Option<Section>)> = Vec::new();
    let sentences = a.sentences.iter().filter(|s| text.get(s.start..s.end).is_some());
    let mut put = |range: Range<usize>, section: Option<Section>, sentence: bool| {
        let end = runs.last().map_or(0, |(run, _)| run.end);
        let blank = |range: Range<usize>| text.get(range).is_none_or(|t| t.trim().is_empty());
        if range.start < end || (!sentence && blank(range.clone())) {
            return;
        }
        match runs.last_mut() {
            Some((run, have)) if *have == section && blank(run.end..range.start) => run.end = range.end,
            _ => runs.push((range, section)),
        }
    };
    let mut end = 0;
    for s in sentences {
        put(end..s.start.max(end), None, false);
        put(s.start..s.end, s.section, true);
        end = end.max(s.end);
    }
    put(end..text.len(), None, false);
    runs
}

/// The answer with its evidence marked: each mark can be reached by the Tab key, says what it is
/// evidence of, and leads to its finding.
pub(super) fn marked(item: &Item, article: usize, causes: &[Cause]) -> Markup {
    let text = item.text.as_str();
    let runs = runs(&item.assessment, text);
    let stretches = stretches(text, causes, &runs);
    html! {
        div.answer {
            @for (run, section) in &runs {
                div.run {
                    div.label { (section.map_or("", |s| &item.rubric.section(s).title)) }
                    div.say dir="auto" {
                        @for s in stretches.iter().filter(|s| run.start <= s.range.start && s.range.end <= run.end) {
                            (stretch(s, text, article, causes))
                        }
                    }
                }
            }
        }
    }
}

fn stretch(s: &Stretch, text: &str, article: usize, causes: &[Cause]) -> Markup {
    let words = &text[s.range.clone()];
    let of: Vec<&Cause> = s.causes.iter().map(|i| &causes[*i]).collect();
    let Some(gravest) = of.iter().max_by_key(|c| c.sort) else { return html! { (T(words)) } };
    if words.trim().is_empty() {
        return html! { (T(words)) };
    }
    let id = format!("a{article}-m{}", s.range.start);
    html! {
        mark class=(gravest.sort.class()) {
            a href={ "#a" (article) "-f" (gravest.number) } aria-describedby=(id) {
                (T(words))
                @for c in &of { sup { (c.number) } }
            }
            span.tip role="tooltip" id=(id) {
                @for c in &of { span { (c.number) " " (T(&c.told)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(number: usize, sort: Sort, spans: &[[usize; 2]]) -> Cause {
        let spans = spans.iter().map(|[start, end]| *start..*end).collect();
        Cause { number, sort, told: String::new(), spans }
    }

    #[test]
    fn words_that_no_sentence_covers_are_shown_too() {
        let library = crate::Library::builtin().unwrap();
        let rubric = library.rubric("behavioural").unwrap();
        let text = "It broke in May. I fixed it. It held.";
        let mut a = crate::assess(&rubric, crate::Asked::default(), &crate::Answer::whole(text));
        let words = |a: &Assessment| runs(a, text).iter().map(|(r, _)| text[r.clone()].to_owned()).collect::<String>();
        let letters = |t: &str| t.replace(' ', "");
        assert_eq!(letters(&words(&a)), letters(text));
        a.sentences.remove(1);
        assert_eq!(letters(&words(&a)), letters(text));
        a.sentences.clear();
        assert_eq!(words(&a), text);
    }

    #[test]
    fn overlapping_evidence_is_cut_and_every_letter_comes_once() {
        let text = "I let her finish. It held.";
        let causes = [cause(1, Sort::Shown, &[[2, 16], [18, 20]]), cause(2, Sort::Minefield, &[[6, 9]])];
        let cut = stretches(text, &causes, &[(0..17, Some(Section::Action)), (18..26, None)]);
        let all: String = cut.iter().map(|s| &text[s.range.clone()]).collect();
        assert_eq!(all, text);
        let of = |words: &str| &cut.iter().find(|s| &text[s.range.clone()] == words).unwrap().causes;
        assert_eq!((of("her"), of("let "), of("It")), (&vec![0, 1], &vec![0], &vec![0]));
    }
}
