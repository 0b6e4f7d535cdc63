//! One self-contained HTML page: no script, no network, light and dark, and readable on paper.
//!
//! Every text of others goes through [`T`], which makes it harmless and escapes it; `maud` escapes
//! the rest. A content security policy in the page forbids whatever might slip through.

mod answer;
mod assessment;
mod book;
mod chart;
mod overview;

pub(crate) use book::book;

use super::dossier::{Audience, Dossier, Shown, Unjudged};
use super::harmless;
use maud::{DOCTYPE, Escaper, Markup, PreEscaped, Render, html};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");

/// A text of others: control characters and bidirectional controls are dropped, markup is escaped.
/// Line ends stay.
struct T<'a>(&'a str);

impl Render for T<'_> {
    fn render_to(&self, out: &mut String) {
        let mut safe = Escaper::new(out);
        let mut chars = self.0.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\r' && chars.peek() == Some(&'\n') {
                continue;
            }
            if let Some(c) = harmless(c) {
                // Writing to memory does not fail.
                let _ = safe.write_char(c);
            }
        }
    }
}

/// The page of a dossier.
pub(crate) fn page(d: &Dossier) -> String {
    let shown = d.shown();
    let body = html! {
        a.skip href="#main" { "Skip to the report" }
        header {
            h1 { (T(&d.title)) }
            @if !d.items.is_empty() { p.meta { (audience(d.audience)) } }
            @for line in &d.lead { p { (T(line)) } }
        }
        main #main {
            @if let Some(progress) = &d.progress { (overview::progress(progress, d)) }
            @if let Some(cohort) = d.together() { (overview::cohort(cohort, d)) }
            @for (i, one) in shown.iter().enumerate() {
                @match one {
                    Shown::Answer(item) => { (assessment::article(item, i + 1, d.audience, shown.len() > 1)) }
                    Shown::Unjudged(one) => { (unjudged(one, i + 1)) }
                }
            }
            @if d.listed().next().is_some() { (bad(d)) }
        }
        (foot(d))
    };
    shell(&d.title, &body)
}

/// A whole page with this body.
fn shell(title: &str, body: &Markup) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="generator" content={ "starcue " (env!("CARGO_PKG_VERSION")) };
                meta name="color-scheme" content="light dark";
                title { (T(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    let mut text = markup.into_string();
    text.push('\n');
    text
}

const fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Candidate => "The candidate’s version",
        Audience::Coach => "The coach’s version: it may hold notes that are not for the candidate",
    }
}

/// A bad record among the answers.
fn unjudged(one: &Unjudged, number: usize) -> Markup {
    html! {
        article aria-labelledby={ "a" (number) } {
            h2 id={ "a" (number) } { (number) ". Not judged: " (T(&one.name)) }
            p { (T(&one.why)) }
        }
    }
}

fn bad(d: &Dossier) -> Markup {
    html! {
        section aria-labelledby="bad" {
            h2 #bad { "Not judged" }
            ul { @for one in d.listed() { li { (T(&one.why)) } } }
        }
    }
}

fn foot(d: &Dossier) -> Markup {
    html! {
        footer {
            @let rubrics = d.judged_by();
            @if !rubrics.is_empty() {
                p {
                    (if rubrics.len() == 1 { "Rubric: " } else { "Rubrics: " })
                    @for (i, by) in rubrics.iter().enumerate() {
                        @if i > 0 { "; " }
                        (T(&by.title)) ", " code { (T(&by.id)) }
                        @if let Some(version) = &by.version { ", version " (T(version)) }
                        ", hash " code { (T(&by.hash)) } " (of all its rules)"
                    }
                    "; starcue " (env!("CARGO_PKG_VERSION")) "."
                }
            }
            p {
                "A score of rules, for rehearsal and not for selection: every point names the rule that gave it, and every "
                "finding the words that caused it. What no rule saw may still be there."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_harmless() {
        let text = "<script>alert('x')</script> & \"q\" \u{1b}[31m\u{202e}abc\r\nnext\u{0}";
        assert_eq!(
            T(text).render().into_string(),
            "&lt;script&gt;alert('x')&lt;/script&gt; &amp; &quot;q&quot; [31mabc\nnext"
        );
    }
}
