//! The formats of a batch: each record is rendered on any thread and written in its place.

use super::bad::ErrorJson;
use super::{Judged, Outcome, Tally};
use crate::assessment::{AssessmentJson, EvidenceDetail};
use crate::report::{Delivery, Look, View, markdown, table, terminal};
use crate::{Asked, trace};
use std::io::{self, Write};

/// One format.
pub(crate) trait Writer: Sync {
    /// What stands before the first record.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    /// The bytes of one outcome; called on any thread, in any order.
    fn render(&self, outcome: &Outcome) -> Vec<u8>;
    /// Writes one outcome; called in order.
    fn put(&mut self, out: &mut dyn Write, _outcome: Outcome, rendered: Vec<u8>) -> io::Result<()> {
        out.write_all(&rendered)
    }
    /// What stands after the last record.
    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// How much of each assessment is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Detail {
    /// How much evidence.
    pub(crate) evidence: EvidenceDetail,
    /// Whether the text itself.
    pub(crate) text: bool,
}

impl Judged {
    fn view(&self) -> View<'_> {
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

fn json(outcome: &Outcome, detail: Detail) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4096);
    let written = match &outcome.result {
        Ok(judged) => serde_json::to_writer(
            &mut bytes,
            &AssessmentJson {
                id: &judged.record.id,
                question: judged.record.question.as_deref(),
                assessment: &judged.assessment,
                text: judged.record.answer.text(),
                detail: detail.evidence,
                include_text: detail.text,
            },
        ),
        Err(bad) => serde_json::to_writer(&mut bytes, &ErrorJson::new(&outcome.origin, bad)),
    };
    debug_assert!(written.is_ok(), "JSON of texts and finite numbers, into memory");
    bytes
}

/// `jsonl`: an object a line.
#[derive(Debug)]
pub(crate) struct Lines(pub(crate) Detail);

impl Writer for Lines {
    fn render(&self, outcome: &Outcome) -> Vec<u8> {
        let mut line = json(outcome, self.0);
        line.push(b'\n');
        line
    }
}

/// `--trace`: how the engine saw each answer, as text or as an object a line.
#[derive(Debug)]
pub(crate) struct Traces {
    /// Whether as JSON.
    pub(crate) json: bool,
}

impl Writer for Traces {
    fn render(&self, outcome: &Outcome) -> Vec<u8> {
        let Ok(judged) = &outcome.result else { return Lines(Detail::default()).render(outcome) };
        let asked = judged.asked.as_deref().map(Asked::text).unwrap_or_default();
        let seen = trace(&judged.rubric, asked, &judged.record.answer);
        let mut bytes = Vec::with_capacity(8192);
        let written = if self.json {
            let line = serde_json::json!({ "schema": "starcue.trace/1", "id": judged.record.id, "trace": seen });
            serde_json::to_writer(&mut bytes, &line).map_err(io::Error::from)
        } else {
            writeln!(bytes, "== {}", crate::report::clean(&judged.record.id))
                .and_then(|()| crate::report::trace::write(&mut bytes, &seen, "all"))
        };
        debug_assert!(written.is_ok(), "into memory");
        bytes.push(b'\n');
        bytes
    }
}

/// `json`: one array.
#[derive(Debug)]
pub(crate) struct Json {
    detail: Detail,
    any: bool,
}

impl Json {
    /// An empty array.
    pub(crate) const fn new(detail: Detail) -> Self {
        Self { detail, any: false }
    }
}

impl Writer for Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn render(&self, outcome: &Outcome) -> Vec<u8> {
        json(outcome, self.detail)
    }

    fn put(&mut self, out: &mut dyn Write, _outcome: Outcome, rendered: Vec<u8>) -> io::Result<()> {
        out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        out.write_all(&rendered)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { b"\n]\n" } else { b"]\n" })
    }
}

/// `csv`: a row a record.
#[derive(Debug)]
pub(crate) struct CsvRows(pub(crate) Detail);

impl Writer for CsvRows {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&table::header(self.0.text))
    }

    fn render(&self, outcome: &Outcome) -> Vec<u8> {
        table::row(outcome, self.0.text)
    }
}

/// `markdown`: a report a record, and a summary where there are several.
#[derive(Debug)]
pub(crate) struct Markdown {
    tally: Tally,
}

impl Markdown {
    /// An empty document.
    pub(crate) fn new() -> Self {
        Self { tally: Tally::default() }
    }
}

impl Writer for Markdown {
    fn render(&self, outcome: &Outcome) -> Vec<u8> {
        match &outcome.result {
            Ok(judged) => markdown::assessment(&judged.record.id, &judged.view()),
            Err(bad) => markdown::bad(&outcome.origin, bad),
        }
        .into_bytes()
    }

    fn put(&mut self, out: &mut dyn Write, outcome: Outcome, rendered: Vec<u8>) -> io::Result<()> {
        if self.tally.records() > 0 {
            out.write_all(b"\n")?;
        }
        self.tally.add(&outcome);
        out.write_all(&rendered)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.tally.records() > 1 {
            out.write_all(markdown::summary(&self.tally).as_bytes())?;
        }
        Ok(())
    }
}

/// `human`: the whole report of one answer, or a line for each of several and a summary.
#[derive(Debug)]
pub(crate) struct Human {
    look: Look,
    delivery: Delivery,
    first: Option<(Outcome, Vec<u8>)>,
    tally: Tally,
}

impl Human {
    /// Nothing yet. `delivery`: how the one answer was told.
    pub(crate) fn new(look: Look, delivery: Delivery) -> Self {
        Self { look, delivery, first: None, tally: Tally::default() }
    }
}

impl Writer for Human {
    fn render(&self, outcome: &Outcome) -> Vec<u8> {
        match &outcome.result {
            Ok(judged) => terminal::line(&self.look, &judged.record.id, &judged.view()).into_bytes(),
            // Bad records are told on standard error.
            Err(_) => Vec::new(),
        }
    }

    fn put(&mut self, out: &mut dyn Write, outcome: Outcome, rendered: Vec<u8>) -> io::Result<()> {
        self.tally.add(&outcome);
        if self.tally.records() == 1 {
            self.first = Some((outcome, rendered));
            return Ok(());
        }
        if let Some((_, line)) = self.first.take() {
            out.write_all(terminal::line_header(&self.look).as_bytes())?;
            out.write_all(&line)?;
        }
        out.write_all(&rendered)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match &self.first {
            Some((Outcome { result: Ok(judged), .. }, _)) => {
                terminal::assessment(out, &self.look, &View { delivery: self.delivery, ..judged.view() })
            }
            Some(_) => Ok(()),
            None => terminal::summary(out, &self.look, &self.tally),
        }
    }
}
