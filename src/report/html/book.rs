//! The bank as a book: every question with what belongs to it, by theme, to read on paper.

use super::{T, shell};
use crate::{Question, Section};
use maud::{Markup, html};

/// The page of these questions.
pub(crate) fn book(title: &str, questions: &[&Question]) -> String {
    let mut themes: Vec<&str> = Vec::new();
    for q in questions {
        if !themes.contains(&q.theme.as_str()) {
            themes.push(&q.theme);
        }
    }
    let of = |theme: &str| questions.iter().copied().filter(|q| q.theme == theme).collect::<Vec<_>>();
    let body = html! {
        a.skip href="#main" { "Skip to the questions" }
        header {
            h1 { (T(title)) }
            p.meta { (questions.len()) " questions, " (themes.len()) (if themes.len() == 1 { " theme" } else { " themes" }) }
        }
        nav aria-label="Contents" {
            @for (i, theme) in themes.iter().enumerate() {
                h2 { a href={ "#theme-" (i + 1) } { (T(theme)) } }
                ul { @for q in of(theme) { li { a href={ "#q-" (q.id) } { (T(&q.text)) } } } }
            }
        }
        main #main {
            @for (i, theme) in themes.iter().enumerate() {
                section.theme aria-labelledby={ "theme-" (i + 1) } {
                    h2 id={ "theme-" (i + 1) } { (T(theme)) }
                    @for q in of(theme) { (question(q)) }
                }
            }
        }
        footer { p { "starcue " (env!("CARGO_PKG_VERSION")) ". Samples are examples to learn from: tell your own story." } }
    };
    shell(title, &body)
}

fn question(q: &Question) -> Markup {
    html! {
        article id={ "q-" (q.id) } {
            h3 { (T(&q.text)) }
            p.meta { (T(&q.role)) ", " (T(&q.function)) ", " (q.difficulty.id()) ", " code { (T(&q.id)) } }
            p { (T(&q.about_role)) }
            dl {
                (list("What they really ask", q.motivations.iter().map(|m| &m.line)))
                (list("Minefields", q.minefields.iter().map(|m| &m.avoid)))
                (list("A strong answer", q.key_points.iter().map(|k| &k.text)))
            }
            div.answer {
                @for (section, text) in Section::ALL.into_iter().zip(q.sample.sections()) {
                    div.run { div.label { (section.id()) } div.say { (T(text.trim())) } }
                }
            }
            dl {
                dt { "Why it works" } dd { (T(&q.why_it_works)) }
                @if let Some(weak) = &q.weak {
                    dt { "The same story told badly" } dd { (T(&weak.answer)) }
                    dt { "What is wrong with it" } dd { (T(&weak.why)) }
                }
                (list("They may ask next", &q.probes))
                (list("Tips", &q.tips))
                (list("Stories that fit", &q.stories))
            }
        }
    }
}

/// A term and what belongs to it; nothing where nothing does.
fn list<'t>(term: &str, texts: impl IntoIterator<Item = &'t String>) -> Markup {
    let mut texts = texts.into_iter().peekable();
    html! {
        @if texts.peek().is_some() {
            dt { (term) }
            dd { ul { @for text in texts { li { (T(text)) } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::script::question;

    #[test]
    fn what_a_pack_says_cannot_become_markup() {
        let mut q = question("a\"><script>", "Why <b>us</b>?", "Th\u{1b}[2Jeme");
        q.tips = vec!["<img src=x onerror=alert(1)>".into()];
        let page = book("Bank", &[&q]);
        assert!(page.contains("Why &lt;b&gt;us&lt;/b&gt;?") && page.contains("&lt;img src=x"));
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{1b}'));
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Content-Security-Policy"));
    }
}
