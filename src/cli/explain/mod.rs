//! `starcue explain`: what any id means, why it matters and how it is detected.
//!
//! An id is looked up everywhere: rules of every rubric, sections, kinds of answer, questions,
//! guides, rubrics, lines of a receipt and codes of errors. What is found in several rubrics with
//! the same words is told once.

mod entry;
mod receipt;

pub(crate) use entry::RuleJson;

use super::{Context, Status, To, write_json};
use crate::batch::Code;
use crate::check::{self, CODES};
use crate::diagnostics::did_you_mean;
use crate::report::{Paper, clean};
use crate::{Kind, Library, Rubric, Section};
use anyhow::{Result, bail};
use entry::Entry;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

/// Tell what an id means, why it matters and how it is detected
///
/// Any id will do: a behaviour, motivation, minefield, section or kind of answer, a question, guide or rubric, a line of
/// a receipt such as `cap.no-resolution`, the code of a bad record such as `too-large` or of a finding of `check`
/// such as `example-missing`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue explain no-resolution
  starcue explain cap.no-resolution
  starcue explain listens --to json")]
pub(crate) struct Args {
    /// The id
    id: String,
    /// Only what this rubric says
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Explains an id.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let library = context.library()?;
    let rubrics = match &args.rubric {
        Some(id) => vec![library.rubric(id)?],
        None => library.rubric_ids().map(|id| library.rubric(id)).collect::<Result<Vec<_>, _>>()?,
    };
    let id = args.id.trim();
    let entries = look_up(id, library, &rubrics);
    if entries.is_empty() {
        let known = known(library, &rubrics);
        let near = did_you_mean(id, known.iter().map(String::as_str));
        match near {
            Some(near) => bail!("nothing is called `{}`; did you mean `{near}`?", clean(id)),
            None => bail!("nothing is called `{}`: `starcue rubrics show behavioural` lists ids", clean(id)),
        }
    }
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &entries)?,
        To::Human => {
            let mut paper = Paper::new(&mut out, context.look);
            for (i, entry) in entries.iter().enumerate() {
                if i > 0 {
                    paper.line("")?;
                }
                entry.show(&mut paper)?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// Everything that bears this id.
fn look_up(id: &str, library: &Library, rubrics: &[Arc<Rubric>]) -> Vec<Entry> {
    let mut entries = of_rules(id, library, rubrics);
    for rubric in rubrics {
        entries.extend(Section::from_id(id).map(|s| Entry::section(s, rubric)));
        entries
            .extend(rubric.kinds.iter().filter(|k| k.kind.id() == id || k.name == id).map(|k| Entry::kind(k, rubric)));
    }
    entries.extend(rubrics.iter().filter(|r| &*r.id == id).map(|r| Entry::rubric(r)));
    entries.extend(library.question(id).map(Entry::question));
    entries.extend(library.guide(id).map(Entry::guide));
    entries.extend(Code::ALL.into_iter().find(|c| c.id() == id).map(Entry::code));
    entries.extend(check::Code::of(id).map(Entry::diagnostic));
    if entries.is_empty() {
        entries.extend(receipt::explain(id, rubrics, |rest| look_up(rest, library, rubrics)));
    }
    entry::merge(entries)
}

fn of_rules(id: &str, library: &Library, rubrics: &[Arc<Rubric>]) -> Vec<Entry> {
    let rules = rubrics.iter().flat_map(|rubric| {
        rubric.rules().iter().filter(|rule| &*rule.id == id).map(move |rule| Entry::rule(rule, rubric, library))
    });
    entry::merge(rules.collect())
}

/// Every id that there is, for a near miss.
fn known(library: &Library, rubrics: &[Arc<Rubric>]) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for rubric in rubrics {
        ids.extend(rubric.rules().iter().map(|r| r.id.to_string()));
        ids.extend(rubric.kinds.iter().map(|k| k.name.clone()));
        ids.insert(rubric.id.to_string());
    }
    ids.extend(Section::ALL.map(|s| s.id().to_owned()));
    ids.extend(Kind::ALL.map(|k| k.id().to_owned()));
    ids.extend(Code::ALL.map(|c| c.id().to_owned()));
    ids.extend(CODES.iter().map(|c| c.id.to_owned()));
    ids.extend(library.questions().iter().map(|q| q.id.clone()));
    ids.extend(library.guides().iter().map(|g| g.id.clone()));
    ids
}
