//! What build servers read: JUnit, SARIF and the commands of GitHub's workflows.
//!
//! A failure is what makes the exit status 1 (`--fail-under`, `--fail-on`), an error what makes it 2.

use super::writer::Between;
use super::{Bar, Judged, Origin, Outcome, Render, Tally, Writer};
use crate::assessment::{Assessment, Minefield};
use crate::report::clean;
use crate::report::findings::github;
use crate::{Library, Severity};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

/// What a record fails by: one line each.
fn failures(bar: &Bar, a: &Assessment) -> Vec<String> {
    let mut failed = Vec::new();
    if let (true, Some(under)) = (bar.is_under(a), bar.under) {
        failed.push(format!("{} of 100 is below {under}", a.score));
    }
    failed.extend(a.minefields.iter().filter(|m| bar.catches(m)).map(|m| format!("{}: {}", m.id, m.advice)));
    failed
}

/// The lines of a minefield's first words, first and last, where they are known: of a record among
/// several the line on which it begins, else the lines of the words themselves.
fn lines(origin: &Origin, judged: &Judged, minefield: &Minefield) -> Option<(usize, usize)> {
    let words = || {
        let first = minefield.evidence.first()?;
        let line = |at| judged.record.lines.line(at);
        Some((line(first.start)?, line(first.end.saturating_sub(1))?))
    };
    origin.line.map(|line| (line, line)).or_else(words)
}

/// A text in XML, without what XML forbids.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' => safe.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// `junit`: a test case a record.
#[derive(Debug, Clone)]
pub(crate) struct Junit(pub(crate) Arc<Bar>);

impl Writer for Junit {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(self.clone())
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"starcue\">\n")
    }

    fn end(&mut self, out: &mut dyn Write, _tally: &Tally) -> io::Result<()> {
        out.write_all(b"</testsuite>\n</testsuites>\n")
    }
}

impl Render for Junit {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        let origin = &outcome.origin;
        let mut case = String::new();
        let id = match &outcome.result {
            Ok(judged) => judged.record.id.clone(),
            Err(bad) => bad.id.clone().unwrap_or_else(|| origin.record.to_string()),
        };
        let _ = write!(case, "<testcase name=\"{}\" classname=\"{}\">", xml(&id), xml(&origin.file));
        match &outcome.result {
            Ok(judged) => {
                let a = &judged.assessment;
                let failed = failures(&self.0, a);
                if let Some(first) = failed.first() {
                    let (first, all) = (xml(first), xml(&failed.join("\n")));
                    let _ = write!(case, "<failure message=\"{first}\">{all}</failure>");
                }
                let next = a.advice.first().map_or("", String::as_str);
                let _ = write!(case, "<system-out>{} of 100, band {}. {}</system-out>", a.score, a.band, xml(next));
            }
            Err(bad) => {
                let _ = write!(case, "<error type=\"{}\" message=\"{}\"/>", bad.code, xml(&bad.message));
            }
        }
        case.push_str("</testcase>\n");
        into.extend_from_slice(case.as_bytes());
    }
}

/// `github`: a command a finding, which GitHub shows beside the line.
#[derive(Debug, Clone)]
pub(crate) struct Github(pub(crate) Arc<Bar>);

impl Writer for Github {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(self.clone())
    }
}

impl Render for Github {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        let origin = &outcome.origin;
        let mut say = |level: &str, lines: Option<(usize, usize)>, title: &str, message: &str| {
            let mut command = format!("::{level} file={}", property(&origin.file));
            if let Some((first, last)) = lines {
                let _ = write!(command, ",line={first}");
                if last > first {
                    let _ = write!(command, ",endLine={last}");
                }
            }
            let _ = writeln!(command, ",title={}::{}", property(title), data(message));
            into.extend_from_slice(command.as_bytes());
        };
        let here = origin.line.map(|line| (line, line));
        let judged = match &outcome.result {
            Ok(judged) => judged,
            Err(bad) => return say("error", here, bad.code.id(), &bad.message),
        };
        let (a, id) = (&judged.assessment, &judged.record.id);
        if let (true, Some(under)) = (self.0.is_under(a), self.0.under) {
            say("error", here, "score", &format!("{id}: {} of 100 is below {under}", a.score));
        }
        for m in &a.minefields {
            let level = match m.severity {
                _ if self.0.catches(m) => "error",
                Severity::Serious => "warning",
                Severity::Mild => "notice",
            };
            let quote =
                m.evidence.first().map_or(String::new(), |e| format!(" \"{}\"", e.quote(judged.record.answer.text())));
            say(level, lines(origin, judged, m), &m.id, &format!("{id}:{quote} {}", m.advice));
        }
    }
}

/// The text of a command, on one line.
fn data(text: &str) -> String {
    github::data(&clean(text))
}

/// A property of a command.
fn property(text: &str) -> String {
    github::property(&clean(text))
}

/// `sarif`: a result a minefield or bad record, in SARIF 2.1.0.
pub(crate) struct Sarif<'a> {
    library: &'a Library,
    between: Between,
}

impl<'a> Sarif<'a> {
    /// Nothing yet; rules are described as the library has them.
    pub(crate) const fn new(library: &'a Library) -> Self {
        Self { library, between: Between::after(0) }
    }

    /// The rules that were hit, as SARIF describes them.
    fn rules(&self, tally: &Tally) -> Vec<Value> {
        let rubrics: Vec<_> = tally.rubrics.keys().filter_map(|id| self.library.rubric(id).ok()).collect();
        let minefields = tally.minefields.iter().map(|(id, (severity, _))| {
            let title = rubrics.iter().find_map(|r| r.rule(id)).map_or("", |r| &r.title);
            json!({ "id": id, "shortDescription": { "text": title }, "defaultConfiguration": { "level": level(*severity) } })
        });
        let bad = tally.bad.keys().map(|code| {
            json!({
                "id": code.id(),
                "shortDescription": { "text": code.meaning() },
                "help": { "text": code.remedy() },
                "defaultConfiguration": { "level": "error" }
            })
        });
        minefields.chain(bad).collect()
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Serious => "error",
        Severity::Mild => "warning",
    }
}

impl Writer for Sarif<'_> {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(SarifResult)
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(
            b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[",
        )
    }

    fn is_resumable(&self) -> bool {
        // Whether a comma is due depends on what was found, not on how many records there were.
        false
    }

    fn put(&mut self, out: &mut dyn Write, done: super::Done) -> io::Result<()> {
        self.between.put(out, &done)
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let driver = json!({ "name": "starcue", "version": env!("CARGO_PKG_VERSION"), "rules": self.rules(tally) });
        let tool = json!({ "driver": driver });
        writeln!(out, "\n],\"columnKind\":\"unicodeCodePoints\",\"tool\":{tool}}}]}}")
    }
}

struct SarifResult;

impl Render for SarifResult {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        let origin = &outcome.origin;
        let mut add = |rule: &str, level: &str, lines: Option<(usize, usize)>, text: &str, quote: Option<&str>| {
            let uri = if &*origin.file == "-" { "stdin" } else { &*origin.file };
            let mut place = json!({ "artifactLocation": { "uri": uri } });
            if let Some((first, last)) = lines {
                place["region"] = json!({ "startLine": first });
                if last > first {
                    place["region"]["endLine"] = last.into();
                }
                if let Some(quote) = quote {
                    place["region"]["snippet"] = json!({ "text": quote });
                }
            }
            let result = json!({
                "ruleId": rule,
                "level": level,
                "message": { "text": text },
                "locations": [{ "physicalLocation": place }]
            });
            let written = write!(into, ",\n{result}");
            debug_assert!(written.is_ok(), "into memory");
        };
        match &outcome.result {
            Ok(judged) => {
                for m in &judged.assessment.minefields {
                    let quote = m.evidence.first().map(|e| e.quote(judged.record.answer.text()));
                    let text = format!("{}: {}", judged.record.id, m.advice);
                    add(&m.id, level(m.severity), lines(origin, judged, m), &text, quote);
                }
            }
            Err(bad) => add(bad.code.id(), "error", origin.line.map(|line| (line, line)), &bad.message, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_can_break_out_of_neither_xml_nor_commands() {
        assert_eq!(xml("a<b>&\"c\"\u{1}\n"), "a&lt;b&gt;&amp;&quot;c&quot;\u{fffd}\n");
        assert_eq!(property("a,b:c%\n::error::x").matches([',', ':', '\n']).count(), 0);
    }
}
