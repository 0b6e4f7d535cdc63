//! Markdown: an assessment as a page, a batch as pages and a summary.

mod dossier;

pub(crate) use dossier::page;

use super::spans::{self, Mark};
use super::{View, clean, clean_lines, kind_words, level_word};
use crate::assessment::Evidence;
use crate::batch::{Bad, Origin, Tally};
use crate::{Kind, Section, Severity};
use std::fmt::Write as _;

/// The report of one assessment.
pub(crate) fn assessment(id: &str, view: &View<'_>) -> String {
    let a = view.assessment;
    let mut page = Page { text: String::new(), view };
    page.line(&format!("# {}", escape(id)));
    if let Some(question) = view.question {
        page.paragraph(&format!("> {}", escape(question)));
    }
    let mut advice = a.advice.iter();
    page.paragraph(&format!(
        "**Next step:** {}",
        escape(advice.next().map_or("no rule asks for a change. Tell it aloud, and keep it short.", String::as_str))
    ));
    if let Some(words) = kind_words(a.kind) {
        page.paragraph(&format!("**{words}**"));
    }
    let band = view.rubric.band(a.band);
    let (title, anchor) = band.map_or(("", ""), |b| (&b.title, &b.anchor));
    page.paragraph(&format!("**{} of 100, band {} of 5, {}.** {}", a.score, a.band, escape(title), escape(anchor)));
    let told = view.delivery.lines(view.rubric, &a.metrics);
    if !told.is_empty() {
        page.heading("How you told it");
        told.iter().for_each(|line| page.line(&format!("- {}", escape(line))));
    }
    page.sections();
    page.minefields();
    page.findings();
    page.rest(&advice.map(String::as_str).collect::<Vec<_>>());
    page.answer();
    page.receipt();
    page.text
}

/// What a person has said of a finding, to be put after it.
fn remark(view: &View<'_>, id: &str) -> String {
    view.remark(id).map_or_else(String::new, |remark| format!(" *{}*", escape(remark)))
}

/// A bad record, in its place.
pub(crate) fn bad(origin: &Origin, bad: &Bad) -> String {
    let id = bad.id.clone().unwrap_or_else(|| format!("record {}", origin.record));
    format!(
        "# {}\n\n**Not judged** (`{}`): {}: {}\n",
        escape(&id),
        bad.code,
        escape(&origin.place()),
        escape(&bad.message)
    )
}

/// The summary of a batch.
pub(crate) fn summary(tally: &Tally) -> String {
    let mut text = String::from("\n# Summary\n");
    if let Some(mean) = tally.mean() {
        let _ = writeln!(text, "\n{}, {mean} of 100 on average.", tally.answers());
        let _ = writeln!(text, "\n| band | answers |\n| ---: | ---: |");
        for (i, n) in tally.bands.iter().enumerate().rev() {
            let _ = writeln!(text, "| {} | {n} |", i + 1);
        }
        let _ = writeln!(text, "\n| kind | answers |\n| --- | ---: |");
        for (kind, n) in Kind::ALL.iter().zip(tally.kinds).filter(|(_, n)| *n > 0) {
            let _ = writeln!(text, "| {} | {n} |", kind.id());
        }
    }
    let commonest = tally.commonest();
    if !commonest.is_empty() {
        let _ = writeln!(text, "\n| minefield | severity | answers |\n| --- | --- | ---: |");
        for (id, severity, n) in commonest {
            let _ = writeln!(text, "| {} | {} | {n} |", escape(id), severity.id());
        }
    }
    if let Some(bad) = tally.bad_summary() {
        let _ = writeln!(text, "\n{}.", escape(&bad));
    }
    text
}

struct Page<'a> {
    text: String,
    view: &'a View<'a>,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        self.line("");
        self.line(text.trim_end());
    }

    /// A heading with an empty line on either side.
    fn heading(&mut self, text: &str) {
        self.paragraph(&format!("## {text}"));
        self.line("");
    }

    fn sections(&mut self) {
        let view = self.view;
        self.paragraph("| section | level | words | advice |\n| --- | --- | ---: | --- |");
        for section in Section::ALL {
            let f = view.assessment.section(section);
            let title = escape(&view.rubric.section(section).title);
            let row = format!("| {title} | {} | {} | {} |", level_word(f.level), f.words, escape(&f.advice));
            self.line(&row);
        }
    }

    fn minefields(&mut self) {
        let view = self.view;
        if view.assessment.minefields.is_empty() {
            return;
        }
        self.heading("Minefields");
        for m in &view.assessment.minefields {
            let grave = if m.severity == Severity::Serious { "**serious**" } else { "mild" };
            let mut why = quotes(&m.evidence, view);
            if why.is_empty() && !m.absent.is_empty() {
                why = format!("missing {}", escape(&view.absent(m).join(", ")));
            }
            let item = format!("- {} ({grave}): {why}. {}", escape(view.title(&m.id)), escape(&m.advice));
            self.line(&(item + &remark(view, &m.id)));
        }
    }

    fn findings(&mut self) {
        let view = self.view;
        let a = view.assessment;
        for (heading, findings) in [("Shown", &a.behaviours), ("What they look for, and found", &a.motivations)] {
            if findings.is_empty() {
                continue;
            }
            self.heading(heading);
            for f in findings {
                let quotes = quotes(&f.evidence, view);
                let item = format!("- {}: {quotes}", escape(view.title(&f.id)));
                self.line(&(item.trim_end_matches([':', ' ']).to_owned() + &remark(view, &f.id)));
            }
        }
        if !a.missing.is_empty() {
            self.heading("Expected, and not found");
            for id in &a.missing {
                let advice = view.rubric.rule(id).map_or("", |r| &r.advice);
                let item = format!("- {}: {}", escape(view.title(id)), escape(advice));
                self.line(item.trim_end_matches([':', ' ']));
            }
        }
    }

    fn rest(&mut self, advice: &[&str]) {
        for (heading, lines) in [
            ("Then", advice.to_vec()),
            ("They may ask next", self.view.assessment.probes.iter().map(String::as_str).collect()),
        ] {
            if !lines.is_empty() {
                self.heading(heading);
                for line in lines {
                    self.line(&format!("- {}", escape(line)));
                }
            }
        }
    }

    /// The answer as a quotation, what it shows in bold and minefields in bold with a mark.
    fn answer(&mut self) {
        let view = self.view;
        self.heading("The answer");
        let mut marked = String::new();
        let mut at = 0;
        for (range, mark) in spans::marks(view.assessment, view.text) {
            marked.push_str(&escape_lines(view.text.get(at..range.start).unwrap_or_default()));
            let words = escape_lines(view.text.get(range.clone()).unwrap_or_default());
            let sign = if mark == Mark::Minefield { "\\[!\\] " } else { "" };
            let lines: Vec<_> = words
                .split('\n')
                .map(|l| if l.trim().is_empty() { l.to_owned() } else { format!("**{sign}{}**", l.trim()) })
                .collect();
            marked.push_str(&lines.join("\n"));
            at = range.end;
        }
        marked.push_str(&escape_lines(view.text.get(at..).unwrap_or_default()));
        for line in marked.trim().lines() {
            self.line(format!("> {}", line.trim_end()).trim_end());
        }
    }

    fn receipt(&mut self) {
        let a = self.view.assessment;
        self.paragraph("## Where the points come from\n\n| rule | points |\n| --- | ---: |");
        for line in &a.receipt {
            self.line(&format!("| {} | {:+.1} |", escape(&line.rule), line.points.points()));
        }
        let version = a.rubric_version.as_ref().map(|v| format!(", version {},", escape(v))).unwrap_or_default();
        let rubric = format!("{}{version} `{}`", escape(&a.rubric), a.rubric_hash);
        self.line(&format!("| **score** by rubric {rubric} | **{}** |", a.score));
    }
}

fn quotes(evidence: &[Evidence], view: &View<'_>) -> String {
    let mut quotes: Vec<String> = Vec::new();
    for e in evidence {
        let quote =
            format!("“{}”", escape(view.text.get(spans::whole_words(view.text, e.start..e.end)).unwrap_or_default()));
        if !quotes.contains(&quote) {
            quotes.push(quote);
        }
    }
    quotes.join(" · ")
}

/// Text of others on one line, with no meaning to Markdown.
pub(crate) fn escape(text: &str) -> String {
    escape_lines(&clean(text))
}

/// The same for several lines.
fn escape_lines(text: &str) -> String {
    let text = clean_lines(text);
    let mut safe = String::with_capacity(text.len() + 8);
    let mut line_start = true;
    let mut digits = false;
    for (i, c) in text.char_indices() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' | '$' | '@' => true,
            // A link by itself: `http:`, `www.`.
            ':' => text[i..].starts_with("://"),
            '.' if text.as_bytes()[i.saturating_sub(3)..i].eq_ignore_ascii_case(b"www") => true,
            '-' | '+' | '=' => line_start,
            '.' | ')' => digits,
            _ => false,
        };
        if special {
            safe.push('\\');
        }
        safe.push(c);
        digits = c.is_ascii_digit() && (line_start || digits);
        line_start = c == '\n' || (line_start && c == ' ');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_cannot_write_markdown_of_its_own() {
        assert_eq!(escape("<script>*x*</script> [a](b) `c` | d"), r"\<script\>\*x\*\</script\> \[a\](b) \`c\` \| d");
        assert_eq!(
            escape_lines("# one\n- two\n12. three\nwell-known 3.5"),
            "\\# one\n\\- two\n12\\. three\nwell-known 3.5"
        );
        assert_eq!(escape("see https://x.y and www.z"), r"see https\://x.y and www\.z");
    }
}
