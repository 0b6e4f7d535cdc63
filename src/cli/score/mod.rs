//! `starcue score`: assess written answers, from files or standard input.

mod args;
mod product;
mod watch;

pub(crate) use args::Args;

use super::{Context, Status};
use crate::batch::{self, Bad, Bar, Code, Ended, Judged, Map, Output, Plan, Record, Run, Tally};
use crate::diagnostics::did_you_mean;
use crate::report::clean;
use crate::{Asked, Family, Library, Rubric, RubricError, Tenths, assess};
use anyhow::{Result, anyhow, bail};
use args::OutputFormat;
use product::Product;
use serde_json::json;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use watch::{Progress, Watching};

/// Assesses the answers that the arguments name.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let names = if args.files.is_empty() { vec![stdin_or_usage()?] } else { args.files.clone() };
    let inputs = batch::inputs(&names, args.from)?;
    let library = context.library()?;
    if let Some(id) = &args.rubric {
        library.rubric(id).map_err(|e| hint(&e))?;
    }
    let bar = Arc::new(bar(library, args.fail_under, &args.fail_on)?);
    let human_by_default = context.terminal && args.output.is_none();
    let to = args.to.or_else(|| OutputFormat::of(args.output.as_deref()?));
    let to = to.unwrap_or(if human_by_default { OutputFormat::Human } else { OutputFormat::Jsonl });
    if to == OutputFormat::Parquet && human_by_default {
        bail!("Parquet is not for terminals: name a file with `--output FILE`");
    }
    let mut product = Product::of(args, to, &bar, library, context)?;

    let mut plan = Plan::new(inputs, args.max_record);
    plan.map = Map::new(&args.map);
    plan.jobs = args.jobs.map(usize::from);
    plan.max_errors = args.max_errors;
    plan.bar = bar;
    plan.interruptible = true;
    // Opened before the long work, so that a wrong path costs nothing.
    let mut out = output(args, to, &plan, product.writer.is_resumable(), library, context)?;
    let quiet_terminal = !context.terminal || args.output.is_some();
    let progress = Progress::new(context.progress && quiet_terminal, &plan);
    let mut watching = Watching { people: to == OutputFormat::Human, progress };
    let judge = |record: Record| judge(library, record, args.rubric.as_deref(), args.question.as_deref());
    let ran = batch::run(plan, &judge, product.writer.as_mut(), &mut out, &mut watching);
    watching.progress.finish();
    let (tally, ended) = ran?;
    product.summarise(&tally)?;
    Ok(close(&tally, ended, &out, args))
}

/// Where the product goes. What it depends on is noted in its checkpoints.
fn output(
    args: &Args,
    to: OutputFormat,
    plan: &Plan,
    resumable: bool,
    library: &Library,
    context: &Context,
) -> Result<Output> {
    let Some(path) = &args.output else { return Ok(Output::stream(Box::new(context.out()))) };
    if plan.inputs.iter().any(|i| i.path.as_deref().is_some_and(|p| same_file(p, path))) {
        bail!("`{}` is an input: write to another file", path.display());
    }
    if args.resume && !resumable {
        bail!(
            "--resume goes on with jsonl, json, csv, markdown, junit and github, not with rankings, reports, html, parquet or sarif"
        );
    }
    let inputs: Vec<_> = plan.inputs.iter().map(|i| json!([&*i.name, format!("{:?}", i.format)])).collect();
    let asked = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "input": inputs,
        "format": format!("{to:?}"),
        "rubric": args.rubric,
        "question": args.question,
        "map": args.map.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "max_record": args.max_record,
        "evidence": format!("{:?} {:?} {:?}", args.evidence, args.include, args.trace),
        "select": args.select,
        "bar": format!("{:?}", plan.bar),
        "summary": args.summary,
    });
    let every = Duration::from_secs(args.checkpoint.into());
    let out = Output::file(path, resumable.then_some(Run { asked, resume: args.resume, every }))?;
    for (id, hash) in out.earlier().into_iter().flat_map(|tally| &tally.rubrics) {
        if library.rubric(id).map_err(|e| hint(&e))?.hash != *hash {
            bail!(
                "the rubric `{}` is another than when `{}` was begun: delete that and start over",
                clean(id),
                out.partial().unwrap_or(path).display()
            );
        }
    }
    Ok(out)
}

/// Says what must be said at the end, and gives the exit status.
fn close(tally: &Tally, ended: Ended, out: &Output, args: &Args) -> Status {
    let kept = match (out.kept(), out.partial()) {
        (Some(partial), _) => {
            format!("; `{}` holds what is done, and `--resume` goes on from there", partial.display())
        }
        (None, Some(partial)) => format!("; `{}` holds what is done", partial.display()),
        (None, None) => String::new(),
    };
    let end = match ended {
        Ended::Whole => None,
        Ended::Interrupted => Some(format!("interrupted after {} records{kept}", tally.records())),
        Ended::TooManyErrors => {
            let most = args.max_errors.unwrap_or_default();
            Some(format!("stopped after record {}: more than {most} bad records{kept}", tally.records()))
        }
    };
    for said in [end, tally.bad_summary(), tally.bar_summary()].into_iter().flatten() {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "starcue: {said}");
    }
    match ended {
        Ended::Interrupted => Status::Interrupted,
        Ended::TooManyErrors => Status::Bad,
        Ended::Whole if tally.bad_records() > 0 && !args.allow_errors => Status::Bad,
        Ended::Whole if tally.under + tally.matched > 0 => Status::Flagged,
        Ended::Whole => Status::Done,
    }
}

/// With no file named: standard input, unless a person sits there.
fn stdin_or_usage() -> Result<PathBuf> {
    if io::stdin().is_terminal() {
        bail!(
            "nothing to score: name a file, as in `starcue score answer.md`, or pipe JSONL to `starcue score -`. \
             To answer a question here and now: `starcue practice`"
        );
    }
    Ok("-".into())
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b && a.is_file())
}

fn hint(error: &RubricError) -> anyhow::Error {
    match error {
        RubricError::Unknown { near: None, .. } => anyhow!("{error}; `starcue rubrics` lists them"),
        _ => anyhow!("{error}"),
    }
}

/// What flags a record. The ids must be there, or a slip of the finger would pass everything.
fn bar(library: &Library, under: Option<Tenths>, fail_on: &[String]) -> Result<Bar> {
    let (serious, ids): (Vec<_>, Vec<_>) =
        fail_on.iter().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).partition(|id| id == "serious");
    if !ids.is_empty() {
        let rubrics = library.rubric_ids().map(|id| library.rubric(id)).collect::<Result<Vec<_>, _>>()?;
        let known = || {
            let rules = rubrics.iter().flat_map(|r| r.rules()).filter(|r| r.family == Family::Minefield);
            rules.map(|r| &*r.id).chain(["serious"])
        };
        for id in &ids {
            if !known().any(|k| k == id) {
                let near = did_you_mean(id, known()).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                bail!("--fail-on: there is no minefield `{}`{near}", clean(id));
            }
        }
    }
    Ok(Bar { under, minefields: ids, serious: !serious.is_empty() })
}

/// Judges one record by the rubric that holds for it: the one of the command line, else its own,
/// else its question's, else `behavioural`.
pub(super) fn judge(
    library: &Library,
    record: Record,
    rubric: Option<&str>,
    question: Option<&str>,
) -> Result<Judged, Bad> {
    let asked = record.question.as_deref().filter(|q| !q.trim().is_empty()).or(question);
    let known = asked.and_then(|q| library.question(q.trim()));
    let id = rubric.or(record.rubric.as_deref()).or(known.map(|q| q.rubric.as_str())).unwrap_or("behavioural");
    let bad = |e: RubricError| {
        let code = if matches!(e, RubricError::Unknown { .. }) { Code::UnknownRubric } else { Code::BrokenRubric };
        Bad { id: Some(record.id.clone()), ..Bad::new(code, hint(&e).to_string()) }
    };
    let rubric: Arc<Rubric> = library.rubric(id).map_err(bad)?;
    let to_engine = match (known, asked) {
        (Some(question), _) => Asked::bank(question),
        (None, Some(text)) => Asked::text(text),
        (None, None) => Asked::default(),
    };
    let assessment = assess(&rubric, to_engine, &record.answer);
    let question = asked.map(str::to_owned);
    let asked = to_engine.text.map(str::to_owned);
    Ok(Judged { record: Record { question, ..record }, asked, rubric, assessment })
}
