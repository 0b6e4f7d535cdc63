//! What is shown of a question: before the answer the brief, after it the sample.

use super::judge::Judge;
use crate::assessment::Section;
use crate::content::question::Question;
use crate::report::{Look, clean, clean_lines};
use crate::words::heading;

/// The question as it is asked.
pub(crate) fn asked(text: &str, look: &Look) -> String {
    format!("\n{}\n", look.heading(&fill(look, "", "", &clean(text))))
}

/// The role, what they really ask, and the red flags.
pub(crate) fn brief(question: &Question, judge: &dyn Judge, look: &Look) -> String {
    let mut out = String::new();
    out.push_str(&para(look, &format!("{}: {}", question.role, question.about_role)));
    if !question.motivations.is_empty() {
        out.push_str(&format!("\n{}\n", look.heading("What they really ask")));
        for ask in &question.motivations {
            out.push_str(&point(look, &format!("{}: {}", judge.title(&ask.id), ask.line)));
        }
    }
    if !question.minefields.is_empty() {
        out.push_str(&format!("\n{}\n", look.heading("Red flags, and how to avoid them")));
        for trap in &question.minefields {
            out.push_str(&point(look, &format!("{}: {}", judge.title(&trap.id), trap.avoid)));
        }
    }
    out
}

/// The sample answer by section, why it works, and what a strong answer shows.
pub(crate) fn sample(question: &Question, look: &Look) -> String {
    let mut out = format!("\n{}\n", look.heading("A sample answer"));
    for (section, text) in Section::ALL.into_iter().zip(question.sample.sections()) {
        if !text.trim().is_empty() {
            out.push_str(&format!("\n  {}\n{}", look.heading(heading(section)), para(look, text)));
        }
    }
    if !question.why_it_works.trim().is_empty() {
        out.push_str(&format!("\n{}\n{}", look.heading("Why it works"), para(look, &question.why_it_works)));
    }
    if !question.key_points.is_empty() {
        out.push_str(&format!("\n{}\n", look.heading("What a strong answer shows")));
        for key in &question.key_points {
            out.push_str(&point(look, &key.text));
        }
    }
    if !question.tips.is_empty() {
        out.push_str(&format!("\n{}\n", look.heading("Tips")));
        for tip in &question.tips {
            out.push_str(&point(look, tip));
        }
    }
    out
}

/// A paragraph, wrapped and indented.
pub(crate) fn para(look: &Look, text: &str) -> String {
    let lines = clean_lines(text.trim());
    let paragraphs: Vec<String> = lines.split("\n\n").map(|p| fill(look, "  ", "  ", &clean(p))).collect();
    format!("{}\n", paragraphs.join("\n\n"))
}

/// A point of a list, wrapped and indented.
pub(crate) fn point(look: &Look, text: &str) -> String {
    format!("{}\n", fill(look, "  - ", "    ", &clean(text.trim())))
}

fn fill(look: &Look, first: &str, rest: &str, text: &str) -> String {
    let options = textwrap::Options::new(look.width.max(20)).initial_indent(first).subsequent_indent(rest);
    textwrap::fill(text, options)
}
