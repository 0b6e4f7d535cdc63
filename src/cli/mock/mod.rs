//! `starcue mock`: timed interviews of several questions, with a coach beside the machine.

mod calibrate;
mod kept;
mod numbers;
mod run;

pub(in crate::cli) use kept::{Told, dossier};

use super::data::DataArgs;
use super::{Context, Status, To, write_json};
use crate::mock::plan;
use crate::report::{Paper, clean};
use anyhow::Result;
use clap::Subcommand;
use std::io::Write as _;

/// A timed interview of several questions; a coach may rate and note beside the machine
///
/// Question by question, without feedback until the end. With `--coach NAME` a coach at the same
/// keyboard rates each answer before the tool's judgement is shown, so that the one does not lean on
/// the other. What is typed is kept as it is typed: after Ctrl-C or a crash, `--resume` goes on.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  starcue mock quick-10                          two questions, ten minutes
  starcue mock customer-support-30 --person anna --coach kim
  starcue mock --theme leadership --number 3 --answer 240
  starcue mock my-plan.toml --resume
  starcue mock rate 4 --coach bo                 a second coach, later, without seeing the tool's bands
  starcue report --mock 4 --for coach -o interview.html
  starcue mock agreement                         coaches and tool, coaches and coaches"
)]
pub(crate) struct Args {
    #[command(flatten)]
    interview: run::Wanted,
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the plans that there are, or show one
    Plans(PlansArgs),
    /// List mock interviews, finished and unfinished
    List(kept::ListArgs),
    /// Rate the answers of an interview, or write notes, without seeing the tool's judgement
    Rate(kept::RateArgs),
    /// Delete an interview with its answers, ratings and notes
    Delete(kept::DeleteArgs),
    /// How far coaches agree with the tool, and with one another
    Agreement(numbers::Args),
    /// Rate a few answers of known bands, and see how far you agree
    Calibrate(calibrate::Args),
}

#[derive(Debug, clap::Args)]
struct PlansArgs {
    /// Id of a plan, or a file
    plan: Option<String>,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Runs the verb.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let data = &args.data;
    match args.verb {
        None => run::run(args.interview, data, context),
        Some(Verb::Plans(args)) => plans(&args, context),
        Some(Verb::List(args)) => kept::list(&args, data, context),
        Some(Verb::Rate(args)) => kept::rate(&args, data, context),
        Some(Verb::Delete(args)) => kept::delete(&args, data, context),
        Some(Verb::Agreement(args)) => numbers::run(&args, data, context),
        Some(Verb::Calibrate(args)) => calibrate::run(&args, context),
    }
}

fn plans(args: &PlansArgs, context: &Context) -> Result<Status> {
    let (layers, _) = context.layers()?;
    let plans = match &args.plan {
        Some(name) => vec![plan::find(name, &layers)],
        None => plan::all(&layers),
    };
    let mut out = context.out();
    let mut bad = Vec::new();
    if args.to == To::Json {
        let list: Vec<serde_json::Value> = plans
            .iter()
            .flatten()
            .map(|p| {
                serde_json::json!({ "id": p.id, "title": p.title, "about": p.about, "role": p.role, "minutes": p.minutes,
                    "questions": p.questions() })
            })
            .collect();
        write_json(&mut out, &list)?;
    } else {
        let mut paper = Paper::new(&mut out, context.look);
        for p in plans.iter().flatten() {
            paper.line(&format!("{}  {}", paper.look.heading(&p.id), clean(&p.title)))?;
            paper.item("  ", &clean(&p.about))?;
            let number = p.questions();
            let questions = if number == 1 { "1 question".to_owned() } else { format!("{number} questions") };
            let role = if p.role.is_empty() { String::new() } else { format!("; {}", clean(&p.role)) };
            let minutes = if p.minutes == 0 { String::new() } else { format!(", about {} minutes", p.minutes) };
            paper.faint("  ", &format!("{questions}{minutes}{role}"))?;
            if args.plan.is_some() {
                let turns = p.turns(context.library()?.questions(), &mut crate::practice::Dice::seeded(0));
                for (i, turn) in turns.map_err(|why| anyhow::anyhow!(why))?.iter().enumerate() {
                    let asked =
                        format!("{} ({} s to think, {} s to answer)", clean(&turn.asked), turn.think, turn.answer);
                    paper.item(&format!("  {}. ", i + 1), &asked)?;
                }
                paper.faint("  ", "What is drawn differs from one interview to the next; `--seed` fixes it.")?;
            }
        }
    }
    out.flush()?;
    for why in plans.iter().filter_map(|p| p.as_ref().err()) {
        bad.push(why);
        writeln!(std::io::stderr(), "starcue: {}", clean(why))?;
    }
    Ok(if bad.is_empty() { Status::Done } else { Status::Bad })
}
