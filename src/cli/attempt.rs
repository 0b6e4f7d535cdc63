//! `rubrics try`: how a rule sees a text.

use super::stamp::on_every_save;
use super::{Context, Status, To, write_json};
use crate::content::folder;
use crate::diagnostics::did_you_mean;
use crate::engine::examples::{is_whole, try_example};
use crate::report::{self, clean};
use crate::{Answer, Asked, Library, Rubric, trace};
use anyhow::{Context as _, Result, bail};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is tried.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue rubrics try listens \"I let her finish.\"
  starcue rubrics try all \"I let her finish.\"               every rule
  starcue rubrics try listens --watch draft.txt             a text in your editor, again on every save
  starcue rubrics try promises \"I promised her.\" --rubric sales --watch my/rubrics/sales.toml")]
pub(crate) struct Args {
    /// Id of the rule; `all` for every rule
    rule: String,
    /// The text
    #[arg(required_unless_present = "watch")]
    text: Option<String>,
    /// Id of the rubric
    #[arg(long, default_value = "behavioural", value_name = "ID")]
    rubric: String,
    /// Try again on every save of this file, until Ctrl-C: the text, or (ending in .toml) the rubric
    #[arg(long, value_name = "FILE")]
    watch: Option<PathBuf>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Shows how a rule sees a text.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let Some(file) = &args.watch else {
        let text = args.text.as_deref().unwrap_or_default();
        once(args, context.library()?, text, context)?;
        return Ok(Status::Done);
    };
    let rules = file.extension().is_some_and(|e| e == "toml");
    if rules && args.text.is_none() {
        bail!("`--watch {}` watches a rubric: say the text too", file.display());
    }
    if !rules && args.text.is_some() {
        bail!("the text is given twice: on the command line, and in `{}`", file.display());
    }
    let mut paths = vec![file.clone()];
    paths.extend(context.content_folder().map(Path::to_path_buf));
    on_every_save(&paths, args.to == To::Human, context, || again(args, file, rules, context))
}

fn again(args: &Args, file: &Path, rules: bool, context: &Context) -> Result<()> {
    let more = if rules { vec![file.to_path_buf()] } else { Vec::new() };
    let library = context.library_with(&more)?;
    match &args.text {
        Some(text) => once(args, &library, text, context),
        None => {
            let text = folder::read_file(file).with_context(|| format!("cannot read `{}`", file.display()))?;
            once(args, &library, &text, context)
        }
    }
}

fn once(args: &Args, library: &Library, text: &str, context: &Context) -> Result<()> {
    let rubric = library.rubric(&args.rubric)?;
    if args.rule != "all" && rubric.rule(&args.rule).is_none() {
        let near = did_you_mean(&args.rule, rubric.rules().iter().map(|r| &*r.id));
        let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        bail!("rubric `{}` has no rule `{}`{near}", rubric.id, clean(&args.rule));
    }
    let seen = trace(&rubric, Asked::default(), &Answer::whole(text));
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &seen)?,
        To::Human => {
            report::trace::write(&mut out, &seen, &args.rule)?;
            as_example(&mut out, &rubric, &args.rule, text)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// A short text is no whole answer: as an example of the rule it is judged by its cues alone.
fn as_example(out: &mut dyn Write, rubric: &Rubric, id: &str, text: &str) -> io::Result<()> {
    if is_whole(text) {
        return Ok(());
    }
    for (index, rule) in rubric.rules().iter().enumerate().filter(|(_, r)| &*r.id == id) {
        match try_example(rubric, index, text) {
            Ok(words) => {
                let words: Vec<String> = words.iter().map(|w| format!("“{}”", clean(w))).collect();
                writeln!(out, "as an example: {} fires at {}", rule.id, words.join(", "))?;
            }
            Err(why) => {
                writeln!(out, "as an example: {} does not fire: {}", rule.id, clean(&why))?;
                if !rule.cues.is_empty() && why == "no cue matches" {
                    writeln!(out, "its cues:")?;
                    for cue in &rule.cues {
                        writeln!(out, "    {}", clean(cue))?;
                    }
                }
            }
        }
    }
    Ok(())
}
