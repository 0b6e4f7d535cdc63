//! What `score` makes: records in a format, or only the best, or a summary.

use super::args::{Args, Evidence, Include, OutputFormat};
use crate::Library;
use crate::assessment::{EvidenceDetail, Fields, KEYS};
use crate::batch::{Bar, CsvRows, Detail, Github, Html, Human, Json, Junit, Lines, Markdown, Nothing, Ranked, Sarif};
use crate::batch::{Tally, Traces, Writer};
use crate::cli::Context;
use crate::diagnostics::did_you_mean;
use crate::report::table::Columns;
use crate::report::{Delivery, Look, clean, summary};
use anyhow::{Context as _, Result, anyhow, bail};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What `score` makes.
pub(super) struct Product<'a> {
    /// What writes the records.
    pub(super) writer: Box<dyn Writer + 'a>,
    /// Where a summary goes beside them.
    summary: Option<(Box<dyn Write>, PathBuf, Look)>,
}

impl<'a> Product<'a> {
    /// What the arguments ask for.
    pub(super) fn of(
        args: &Args,
        to: OutputFormat,
        bar: &Arc<Bar>,
        library: &'a Library,
        context: &Context,
    ) -> Result<Self> {
        let only_summary = args.summary.as_deref() == Some(Path::new("-"));
        if only_summary {
            if args.top.is_some() || args.bottom.is_some() || args.trace || !args.select.is_empty() {
                bail!("`--summary` writes no records: give it a file, as in `--summary=summary.md`, to have both");
            }
            let form = match to {
                OutputFormat::Human => Form::Human,
                OutputFormat::Json | OutputFormat::Jsonl => Form::Json,
                OutputFormat::Csv => Form::Csv,
                OutputFormat::Markdown => Form::Markdown,
                _ => bail!("`--summary` is written as human, json, csv or markdown"),
            };
            return Ok(Self { writer: Box::new(Summary { form, look: context.look }), summary: None });
        }
        let writer = records(args, to, bar, library, context)?;
        let writer = match (args.top, args.bottom) {
            (Some(most), _) => Box::new(Ranked::new(writer, most, false)),
            (None, Some(most)) => Box::new(Ranked::new(writer, most, true)),
            (None, None) => writer,
        };
        let summary = match &args.summary {
            None => None,
            Some(path) => {
                let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
                let look = Look { color: false, width: 80, ..context.look };
                Some((Box::new(file) as Box<dyn Write>, path.clone(), look))
            }
        };
        Ok(Self { writer, summary })
    }

    /// Writes the summary that stands beside the records.
    pub(super) fn summarise(&mut self, tally: &Tally) -> Result<()> {
        let Some((out, path, look)) = &mut self.summary else { return Ok(()) };
        let form = match path.extension().and_then(|e| e.to_str()) {
            Some("json") => Form::Json,
            Some("csv") => Form::Csv,
            Some("md") => Form::Markdown,
            _ => Form::Human,
        };
        let written = out.write_all(form.text(tally, look).as_bytes());
        written.with_context(|| format!("cannot write `{}`", path.display()))
    }
}

/// How a summary is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    Human,
    Json,
    Csv,
    Markdown,
}

impl Form {
    fn text(self, tally: &Tally, look: &Look) -> String {
        match self {
            Self::Human => summary::human(tally, look),
            Self::Json => summary::json(tally),
            Self::Csv => summary::csv(tally),
            Self::Markdown => summary::markdown(tally),
        }
    }
}

/// A summary and no records.
struct Summary {
    form: Form,
    look: Look,
}

impl Writer for Summary {
    fn renderer(&self) -> Arc<dyn crate::batch::Render> {
        Nothing.renderer()
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> std::io::Result<()> {
        out.write_all(self.form.text(tally, &self.look).as_bytes())
    }
}

fn records<'a>(
    args: &Args,
    to: OutputFormat,
    bar: &Arc<Bar>,
    library: &'a Library,
    context: &Context,
) -> Result<Box<dyn Writer + 'a>> {
    if args.trace {
        return Ok(Box::new(Traces { json: to == OutputFormat::Jsonl }));
    }
    let select: Vec<&str> = args.select.iter().map(|f| f.trim()).filter(|f| !f.is_empty()).collect();
    let text = args.include.contains(&Include::Text) || select.contains(&"text");
    let as_json = matches!(to, OutputFormat::Json | OutputFormat::Jsonl);
    let fields = match select.as_slice() {
        [] => Fields::default(),
        names if as_json => {
            Fields::only(names.iter().copied().filter(|f| *f != "text")).map_err(|name| no_field(name, &KEYS))?
        }
        _ if matches!(to, OutputFormat::Csv | OutputFormat::Parquet) => Fields::default(),
        _ => bail!("`--select` chooses keys of jsonl and json, or columns of csv and parquet"),
    };
    let evidence = match args.evidence {
        Evidence::None => EvidenceDetail::None,
        Evidence::Spans => EvidenceDetail::Spans,
        Evidence::Quotes => EvidenceDetail::Quotes,
    };
    let delivery = Delivery { spoken: args.spoken, seconds: args.duration };
    let detail = Detail { evidence, text, fields };
    Ok(match to {
        OutputFormat::Human => Box::new(Human::new(context.look, delivery)),
        OutputFormat::Json => Box::new(Json::new(detail)),
        OutputFormat::Jsonl => Box::new(Lines(detail)),
        OutputFormat::Csv => Box::new(CsvRows::new(columns(select, detail)?)),
        #[cfg(feature = "parquet")]
        OutputFormat::Parquet => Box::new(crate::batch::ParquetRows::new(columns(select, detail)?)?),
        #[cfg(not(feature = "parquet"))]
        OutputFormat::Parquet => bail!("{}", crate::batch::NO_PARQUET),
        OutputFormat::Markdown => Box::new(Markdown::new()),
        OutputFormat::Html => Box::new(Html::new(library, delivery)),
        OutputFormat::Junit => Box::new(Junit(Arc::clone(bar))),
        OutputFormat::Sarif => Box::new(Sarif::new(library)),
        OutputFormat::Github => Box::new(Github(Arc::clone(bar))),
    })
}

/// The columns of a table: all, unless some are chosen.
fn columns(select: Vec<&str>, detail: Detail) -> Result<Columns> {
    if select.is_empty() {
        return Ok(Columns::all(detail));
    }
    Columns::only(select, detail).map_err(|(name, known)| no_field(name, known))
}

fn no_field(name: &str, known: &[&str]) -> anyhow::Error {
    let near = did_you_mean(name, known.iter().copied()).map(|n| format!("; did you mean `{n}`?"));
    let list = || format!(": there are {}", known.join(", "));
    anyhow!("--select: there is no `{}`{}", clean(name), near.unwrap_or_else(list))
}
