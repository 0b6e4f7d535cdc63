//! `starcue practice`: rehearse one answer.

use super::{Context, Status};
use crate::content::question::Difficulty;
use crate::practice::{
    Coach, Dice, Failure, Filter, Interrupt, Judge, Options, Pick, Plan, RubricJudge, Stop, Store, Terminal, practise,
};
use anyhow::{Result, anyhow, bail};
use etcetera::BaseStrategy as _;
use std::path::PathBuf;

/// Rehearse one answer: the brief, your answer, the assessment, and again
///
/// Without QUESTION you pick one from a list. You answer section by section, in one go or in your
/// editor, see what the answer was worth and why, and may answer again. What you type is kept as
/// you type it: Ctrl-C loses nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of a question of the bank
    question: Option<String>,
    /// A question of your own
    #[arg(long = "question", value_name = "TEXT", conflicts_with = "question")]
    own: Option<String>,
    /// Rubric that judges the answer [default: the question's, or `behavioural`]
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// Only questions of this theme
    #[arg(long)]
    theme: Option<String>,
    /// Only questions for this role
    #[arg(long)]
    role: Option<String>,
    /// Only questions of this difficulty
    #[arg(long, value_name = "LEVEL", value_parser = difficulty)]
    difficulty: Option<Difficulty>,
    /// Take a question at random
    #[arg(long, conflicts_with_all = ["question", "own"])]
    random: bool,
    /// The same number gives the same random questions
    #[arg(long, value_name = "NUMBER", requires = "random")]
    seed: Option<u64>,
    /// Without the brief, as in an interview
    #[arg(long)]
    cold: bool,
    /// Answer in one go instead of section by section
    #[arg(long)]
    free: bool,
    /// Answer in your editor (VISUAL or EDITOR)
    #[arg(long)]
    editor: bool,
    /// Go on with the newest unfinished answer
    #[arg(long, conflicts_with_all = ["question", "own", "random", "no_save"])]
    resume: bool,
    /// Write nothing to the disk
    #[arg(long)]
    no_save: bool,
    /// Folder where your answers are kept
    #[arg(long, value_name = "DIR", env = "STARCUE_DATA", hide_env_values = true)]
    data: Option<PathBuf>,
}

fn difficulty(text: &str) -> Result<Difficulty, String> {
    Difficulty::from_id(text).ok_or_else(|| "write beginner, intermediate or advanced".to_owned())
}

/// Runs rehearsals.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let Some(mut terminal) = Terminal::open(context.look) else {
        bail!(
            "`practice` is a conversation and needs a terminal for input and messages; to assess a written answer use \
             `starcue score FILE`, or `starcue score -` with records on standard input"
        );
    };
    // The prompt that Ctrl-C breaks ends the rehearsal in order.
    terminal.interrupt = Interrupt::watch()?;

    let library = context.library()?;
    let judge = |rubric: &str, question, text: &str| -> Result<Box<dyn Judge>, String> {
        let rubric = library.rubric(rubric).map_err(|e| e.to_string())?;
        Ok(Box::new(RubricJudge { rubric, question, text: text.to_owned() }))
    };
    let coach = Coach { questions: library.questions(), judge: &judge };
    let mut store = Store::new(data_folder(&args)?, std::env::temp_dir());
    match practise(&mut terminal, &mut store, &coach, plan(args)) {
        Ok(()) | Err(Failure::Stopped(Stop::Ended)) => Ok(Status::Done),
        Err(Failure::Stopped(Stop::Interrupted)) => Ok(Status::Interrupted),
        Err(Failure::Stopped(Stop::Failed(e))) => Err(e.into()),
        Err(Failure::Wish(why)) => Err(anyhow!(why)),
    }
}

/// The folder for what is kept; `None` where nothing is.
fn data_folder(args: &Args) -> Result<Option<PathBuf>> {
    if args.no_save {
        return Ok(None);
    }
    let chosen = args.data.as_ref().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = chosen {
        return Ok(Some(std::path::absolute(folder)?));
    }
    let base = etcetera::choose_base_strategy()
        .map_err(|_| anyhow!("there is no home folder: name one with `--data`, or use `--no-save`"))?;
    Ok(Some(base.data_dir().join("starcue")))
}

fn plan(args: Args) -> Plan {
    // What the environment says, it will say again.
    let named = args.data.is_some() && std::env::var_os("STARCUE_DATA").is_none();
    let pick = match (args.question, args.own) {
        _ if args.resume => Pick::Resume,
        (Some(id), _) => Pick::Id(id),
        (None, Some(text)) => Pick::Own(text),
        (None, None) if args.random => Pick::Random(args.seed.map_or_else(Dice::unseeded, Dice::seeded)),
        (None, None) => Pick::Any,
    };
    Plan {
        pick,
        filter: Filter { theme: args.theme, role: args.role, difficulty: args.difficulty },
        rubric: args.rubric,
        options: Options { cold: args.cold, free: args.free, editor: args.editor },
        named,
    }
}
