//! `starcue guides`: list and show the guides.

use super::{Context, Status, To, unknown, write_json};
use crate::Guide;
use crate::report::{Paper, clean};
use anyhow::Result;
use clap::Subcommand;
use std::io::{self, Write};

/// List and show the guides: the STAR method, handling an escalation, …
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  starcue guides                what there is
  starcue guides show star      the whole of one
  starcue guides show star --to json"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the guides (the same as no word at all)
    List {
        /// How they are written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
    /// Show one guide: its steps, practices, phrases, mistakes and scenarios
    Show {
        /// Id of the guide
        id: String,
        /// How it is written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
}

/// Lists or shows guides.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let library = context.library()?;
    let mut out = context.out();
    match args.verb.unwrap_or(Verb::List { to: args.to }) {
        Verb::List { to: To::Json } => write_json(&mut out, library.guides())?,
        Verb::List { to: To::Human } => {
            let mut paper = Paper::new(&mut out, context.look);
            for guide in library.guides() {
                paper.line(&format!("{}  {}", paper.look.heading(&clean(&guide.id)), clean(&guide.title)))?;
                paper.prose("  ", &guide.summary)?;
            }
        }
        Verb::Show { id, to } => {
            let Some(guide) = library.guide(&id) else {
                let ids = library.guides().iter().map(|g| g.id.as_str());
                return Err(unknown("guide", &id, ids, "starcue guides"));
            };
            match to {
                To::Json => write_json(&mut out, guide)?,
                To::Human => show(&mut Paper::new(&mut out, context.look), guide, context)?,
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// The whole of one guide.
fn show(paper: &mut Paper<'_>, guide: &Guide, context: &Context) -> Result<()> {
    paper.item("", &paper.look.heading(&clean(&guide.title)))?;
    paper.prose("", &guide.summary)?;
    for (i, step) in guide.steps.iter().enumerate() {
        steps(paper, i + 1, step)?;
    }
    let bullet = paper.bullet();
    paper.list(
        "What they probe with it",
        bullet,
        guide.competencies.iter().map(|c| format!("{}: {}", c.id, c.line)),
    )?;
    paper.list("Common mistakes", "!", guide.mistakes.iter().map(|m| format!("{}: {}", m.id, m.avoid)))?;
    paper.list("Tips", bullet, &guide.tips)?;
    let library = context.library()?;
    let scenarios = guide.scenarios.iter().map(|id| match library.question(id) {
        Some(q) => format!("{} ({}): {}", q.id, q.difficulty.id(), q.text),
        None => id.clone(),
    });
    paper.list("Worked scenarios (`starcue questions show ID`)", bullet, scenarios)?;
    Ok(())
}

fn steps(paper: &mut Paper<'_>, number: usize, step: &crate::Step) -> io::Result<()> {
    let section = step.section.as_ref().map(|s| format!("  ({s})")).unwrap_or_default();
    paper.heading(&clean(&format!("{number}. {}{section}", step.title)))?;
    paper.prose("   ", &step.text)?;
    let bullet = paper.bullet();
    for practice in &step.practices {
        paper.prose(&format!("   {bullet} "), practice)?;
    }
    let (open, close) = (paper.look.sign("“", "\""), paper.look.sign("”", "\""));
    for phrase in &step.phrases {
        paper.prose(&format!("   {} ", paper.look.sign("»", ">")), &format!("{open}{phrase}{close}"))?;
    }
    if step.behaviours.is_empty() {
        return Ok(());
    }
    let shows = format!("shows {}", clean(&step.behaviours.join(", ")));
    paper.faint("   ", &shows)
}
