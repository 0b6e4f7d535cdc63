//! `check`: every problem of every file, the examples of rules, and the answers of questions.

use super::stamp::on_every_save;
use super::{Context, Status, coverage, write_json};
use crate::batch;
use crate::check::{Level, Report, Scope, run as check};
use crate::report::findings::{ReportJson, drawn, github, sarif};
use anyhow::{Result, bail};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::io::Write;
use std::path::PathBuf;

/// Check banks, guides, rubrics and packs, and run the examples that rules carry
///
/// Every problem of every file is told in one run, with its place and what to write instead;
/// `starcue explain CODE` says more of each. Sample answers of questions are scored too.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue check                                    all content: built in, packs, and your folder
  starcue check my/ --watch                        a folder, and again on every save
  starcue check my/rubrics/sales.toml --rule promises-the-moon
  starcue check my/ --to github                    for a workflow; also sarif and json
  starcue check my/ --rubric sales --coverage labelled.jsonl   which rules fire on labelled answers

Exit status: 0 nothing is wrong; 1 there is an error (with --strict: or a warning); 2 a file is missing.")]
pub(crate) struct Args {
    /// Files and folders of content [default: all content]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only this rubric and its questions
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// Only these rules
    #[arg(long = "rule", value_name = "ID")]
    rules: Vec<String>,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
    /// The least grave findings that are told [default: note where files are named, else warning]
    #[arg(long, value_name = "LEVEL")]
    level: Option<Level>,
    /// Tell errors only: the same as `--level error`
    #[arg(long, conflicts_with = "level")]
    errors: bool,
    /// Warnings set the exit status too
    #[arg(long)]
    strict: bool,
    /// Check again on every save, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Tell instead which rules fire on which of these labelled answers, and which never do
    #[arg(long, value_name = "LABELLED", conflicts_with = "watch")]
    coverage: Option<PathBuf>,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// For people, with the line drawn
    Human,
    /// One object (`starcue.check/1`)
    Json,
    /// SARIF 2.1.0, for code scanners
    Sarif,
    /// Commands of a GitHub workflow, shown at their lines
    Github,
}

impl ValueEnum for Level {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

/// Runs the verb.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    for path in &args.files {
        if !path.exists() {
            bail!("there is no file or folder `{}`", path.display());
        }
    }
    if let Some(labelled) = &args.coverage {
        let inputs = batch::inputs(std::slice::from_ref(labelled), None)?;
        let library = context.library_with(&args.files)?;
        return coverage::run(&library, &inputs, args.rubric.as_deref(), args.to == To::Json, context);
    }
    if args.watch {
        return watch(args, context);
    }
    let report = once(args, context)?;
    Ok(status(args, &report))
}

/// Checks once and writes what was found.
fn once(args: &Args, context: &Context) -> Result<Report> {
    let named = !args.files.is_empty() || !args.rules.is_empty();
    let default = if named { Level::Note } else { Level::Warning };
    let level = if args.errors { Level::Error } else { args.level.unwrap_or(default) };
    let (base, packs) = context.layers()?;
    let mut report = check(Scope {
        base,
        packs,
        inputs: args.files.clone(),
        rubric: args.rubric.clone(),
        rules: args.rules.clone(),
        notes: level == Level::Note,
    });
    if let Some(id) = args.rubric.as_ref().filter(|id| !report.rubrics.contains(id)) {
        let known = report.rubrics.iter().map(String::as_str);
        return Err(super::unknown("rubric", id, known, "starcue rubrics"));
    }
    if !args.rules.is_empty() && report.rules == 0 && report.count(Level::Error) == 0 {
        bail!("no rule that is checked here is called `{}`", crate::report::clean(&args.rules.join("`, `")));
    }
    report.findings.retain(|f| f.level() >= level);
    let mut out = context.out();
    match args.to {
        To::Human => {
            drawn(&mut out, &context.look, &report)?;
            writeln!(out, "{}", summary(&report))?;
        }
        To::Json => write_json(&mut out, &ReportJson::new(&report))?,
        To::Sarif => write_json(&mut out, &sarif(&report))?,
        To::Github => github(&mut out, &report)?,
    }
    out.flush()?;
    Ok(report)
}

fn status(args: &Args, report: &Report) -> Status {
    let missing = |f: &crate::check::Finding| f.code.id == "unreadable" && f.span.is_none();
    if report.findings.iter().any(missing) {
        Status::Bad
    } else if report.count(Level::Error) > 0 || args.strict && report.count(Level::Warning) > 0 {
        Status::Flagged
    } else {
        Status::Done
    }
}

/// How much was checked and what was found, in one line.
fn summary(report: &Report) -> String {
    let many = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let mut checked = vec![many(report.files, "file")];
    for (n, what) in [(report.questions, "question"), (report.rules, "rule"), (report.examples, "example")] {
        if n > 0 {
            checked.push(many(n, what));
        }
    }
    let found = Level::ALL.into_iter().rev().map(|l| many(report.count(l), l.id())).collect::<Vec<_>>().join(", ");
    format!("{}: {found}", checked.join(", "))
}

fn watch(args: &Args, context: &Context) -> Result<Status> {
    let mut paths = args.files.clone();
    if paths.is_empty() {
        paths.extend(context.content_folder().map(PathBuf::from));
    }
    if paths.is_empty() {
        bail!("`--watch` follows files: name one, or a folder");
    }
    on_every_save(&paths, args.to == To::Human, context, || once(args, context).map(drop))
}
