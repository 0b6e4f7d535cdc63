//! The formats of a batch: each record is rendered on any thread and written in its place.

use super::bad::ErrorJson;
use super::{Done, Judged, Keep, Outcome, Tally};
use crate::assessment::{AssessmentJson, EvidenceDetail, Fields};
use crate::report::{Delivery, Look, View, markdown, table, terminal};
use crate::{Asked, trace};
use std::io::{self, Write};
use std::sync::Arc;

/// Makes bytes of one outcome; on any thread, in any order.
pub(crate) trait Render: Send + Sync {
    /// Adds the bytes of one outcome.
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>);
}

/// One format: puts the bytes of the outcomes together, in order.
pub(crate) trait Writer {
    /// What makes the bytes of each outcome; of itself nothing, for who writes what it has kept.
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(Nothing)
    }
    /// Which outcomes are needed once they have been rendered.
    fn keep(&self) -> Keep {
        Keep::Nothing
    }
    /// Whether a run that was cut off can be gone on with: not where all that was kept is lost.
    fn is_resumable(&self) -> bool {
        self.keep() != Keep::Everything
    }
    /// What stands before the first record.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    /// Goes on where so many records stand already; instead of `begin`.
    fn resume(&mut self, _records: usize) {}
    /// Writes a batch; called in order.
    fn put(&mut self, out: &mut dyn Write, done: Done) -> io::Result<()> {
        out.write_all(&done.bytes)
    }
    /// What stands after the last record.
    fn end(&mut self, _out: &mut dyn Write, _tally: &Tally) -> io::Result<()> {
        Ok(())
    }
}

/// Writes no records at all: a summary is enough.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Writer for Nothing {}

impl Render for Nothing {
    fn render(&self, _outcome: &Outcome, _into: &mut Vec<u8>) {}
}

/// How much of each assessment is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Detail {
    /// How much evidence.
    pub(crate) evidence: EvidenceDetail,
    /// Whether the text itself.
    pub(crate) text: bool,
    /// Which keys of the JSON.
    pub(crate) fields: Fields,
}

impl Judged {
    /// The public JSON, in so much detail.
    pub(crate) fn json(&self, detail: Detail) -> AssessmentJson<'_> {
        AssessmentJson {
            id: &self.record.id,
            question: self.record.question.as_deref(),
            assessment: &self.assessment,
            text: self.record.answer.text(),
            detail: detail.evidence,
            include_text: detail.text,
            fields: detail.fields,
        }
    }

    pub(super) fn view(&self) -> View<'_> {
        View {
            assessment: &self.assessment,
            rubric: &self.rubric,
            question: self.asked.as_deref(),
            text: self.record.answer.text(),
            remarks: &[],
            delivery: Delivery::default(),
        }
    }
}

fn json(outcome: &Outcome, detail: Detail, into: &mut Vec<u8>) {
    let written = match &outcome.result {
        Ok(judged) => serde_json::to_writer(into, &judged.json(detail)),
        Err(bad) => serde_json::to_writer(into, &ErrorJson::new(&outcome.origin, bad)),
    };
    debug_assert!(written.is_ok(), "JSON of texts and finite numbers, into memory");
}

/// `jsonl`: an object a line.
#[derive(Debug, Clone)]
pub(crate) struct Lines(pub(crate) Detail);

impl Writer for Lines {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(self.clone())
    }
}

impl Render for Lines {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        json(outcome, self.0, into);
        into.push(b'\n');
    }
}

/// `--trace`: how the engine saw each answer, as text or as an object a line.
#[derive(Debug, Clone)]
pub(crate) struct Traces {
    /// Whether as JSON.
    pub(crate) json: bool,
}

impl Writer for Traces {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(self.clone())
    }
}

impl Render for Traces {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        let Ok(judged) = &outcome.result else { return Lines(Detail::default()).render(outcome, into) };
        let asked = judged.asked.as_deref().map(Asked::text).unwrap_or_default();
        let seen = trace(&judged.rubric, asked, &judged.record.answer);
        let written = if self.json {
            let line = serde_json::json!({ "schema": "starcue.trace/1", "id": judged.record.id, "trace": seen });
            serde_json::to_writer(&mut *into, &line).map_err(io::Error::from)
        } else {
            writeln!(into, "== {}", crate::report::clean(&judged.record.id))
                .and_then(|()| crate::report::trace::write(into, &seen, "all"))
        };
        debug_assert!(written.is_ok(), "into memory");
        into.push(b'\n');
    }
}

/// Records are rendered with a sign of one byte before each; the very first goes without it.
#[derive(Debug)]
pub(super) struct Between {
    any: bool,
}

impl Between {
    /// Where `records` have been written before.
    pub(super) const fn after(records: usize) -> Self {
        Self { any: records > 0 }
    }

    /// Writes a batch; called in order.
    pub(super) fn put(&mut self, out: &mut dyn Write, done: &Done) -> io::Result<()> {
        let first = usize::from(!self.any).min(done.bytes.len());
        self.any |= !done.bytes.is_empty();
        out.write_all(&done.bytes[first..])
    }
}

/// `json`: one array.
#[derive(Debug)]
pub(crate) struct Json {
    detail: Detail,
    between: Between,
}

impl Json {
    /// An empty array.
    pub(crate) const fn new(detail: Detail) -> Self {
        Self { detail, between: Between::after(0) }
    }
}

/// What stands before each object of an array; before the first one without the comma.
const COMMA: &[u8] = b",\n";

struct Element(Detail);

impl Render for Element {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        into.extend_from_slice(COMMA);
        json(outcome, self.0, into);
    }
}

impl Writer for Json {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(Element(self.detail))
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn resume(&mut self, records: usize) {
        self.between = Between::after(records);
    }

    fn put(&mut self, out: &mut dyn Write, done: Done) -> io::Result<()> {
        self.between.put(out, &done)
    }

    fn end(&mut self, out: &mut dyn Write, _tally: &Tally) -> io::Result<()> {
        out.write_all(if self.between.any { b"\n]\n" } else { b"]\n" })
    }
}

/// `csv`: a row a record.
#[derive(Debug, Clone)]
pub(crate) struct CsvRows(Arc<table::Columns>);

impl CsvRows {
    /// Rows with these columns.
    pub(crate) fn new(columns: table::Columns) -> Self {
        Self(Arc::new(columns))
    }
}

impl Writer for CsvRows {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(self.clone())
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut header = Vec::new();
        self.0.header(&mut header);
        out.write_all(&header)
    }
}

impl Render for CsvRows {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        self.0.row(outcome, into);
    }
}

/// `markdown`: a report a record, and a summary where there are several.
#[derive(Debug)]
pub(crate) struct Markdown {
    between: Between,
}

impl Markdown {
    /// An empty document.
    pub(crate) const fn new() -> Self {
        Self { between: Between::after(0) }
    }
}

struct Chapter;

impl Render for Chapter {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        into.push(b'\n');
        let chapter = match &outcome.result {
            Ok(judged) => markdown::assessment(&judged.record.id, &judged.view()),
            Err(bad) => markdown::bad(&outcome.origin, bad),
        };
        into.extend_from_slice(chapter.as_bytes());
    }
}

impl Writer for Markdown {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(Chapter)
    }

    fn resume(&mut self, records: usize) {
        self.between = Between::after(records);
    }

    fn put(&mut self, out: &mut dyn Write, done: Done) -> io::Result<()> {
        self.between.put(out, &done)
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        if tally.records() > 1 {
            out.write_all(markdown::summary(tally).as_bytes())?;
        }
        Ok(())
    }
}

/// `human`: the whole report of one answer, or a line for each of several and a summary.
#[derive(Debug)]
pub(crate) struct Human {
    look: Look,
    delivery: Delivery,
    /// The first one and its line, as long as it is the only one.
    first: Option<(Outcome, Vec<u8>)>,
    several: bool,
}

impl Human {
    /// Nothing yet. `delivery`: how the one answer was told.
    pub(crate) const fn new(look: Look, delivery: Delivery) -> Self {
        Self { look, delivery, first: None, several: false }
    }
}

struct HumanLine(Look);

impl Render for HumanLine {
    fn render(&self, outcome: &Outcome, into: &mut Vec<u8>) {
        // Bad records are told on standard error.
        if let Ok(judged) = &outcome.result {
            into.extend_from_slice(terminal::line(&self.0, &judged.record.id, &judged.view()).as_bytes());
        }
    }
}

impl Writer for Human {
    fn renderer(&self) -> Arc<dyn Render> {
        Arc::new(HumanLine(self.look))
    }

    fn keep(&self) -> Keep {
        Keep::Everything
    }

    fn is_resumable(&self) -> bool {
        false
    }

    fn put(&mut self, out: &mut dyn Write, mut done: Done) -> io::Result<()> {
        if !self.several && self.first.is_none() && done.kept.len() == 1 {
            self.first = done.kept.pop().map(|only| (only, done.bytes));
            return Ok(());
        }
        if !self.several && !done.kept.is_empty() {
            self.several = true;
            out.write_all(terminal::line_header(&self.look).as_bytes())?;
            if let Some((_, line)) = self.first.take() {
                out.write_all(&line)?;
            }
        }
        out.write_all(&done.bytes)
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        match &self.first {
            Some((Outcome { result: Ok(judged), .. }, _)) => {
                terminal::assessment(out, &self.look, &View { delivery: self.delivery, ..judged.view() })
            }
            Some(_) => Ok(()),
            None => terminal::summary(out, &self.look, tally),
        }
    }
}
