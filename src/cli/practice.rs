//! `starcue practice`: rehearse one answer.

use super::data::{DataArgs, judges};
use super::{Context, Status};
use crate::config::Config;
use crate::content::question::Difficulty;
use crate::history::{History, Story, SystemClock};
use crate::practice::{
    Coach, Dice, Failure, Filter, Interrupt, Journal, Options, Past, Pick, Plan, Speech, Stop, Store, Terminal, Timing,
    practise,
};
use anyhow::{Result, anyhow, bail};

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
    /// Rehearse from this story of yours: its sections are the text to begin with
    #[arg(long, value_name = "NUMBER", conflicts_with = "resume")]
    story: Option<i64>,
    /// Without the brief, as in an interview
    #[arg(long)]
    cold: bool,
    /// Answer in one go instead of section by section
    #[arg(long)]
    free: bool,
    /// Answer in your editor (VISUAL or EDITOR)
    #[arg(long)]
    editor: bool,
    /// Judge your answer yourself before you see the assessment
    #[arg(long)]
    judge_first: bool,
    /// Tell it aloud: what is typed, or written down by your own command, is a transcript
    #[arg(long, conflicts_with = "editor")]
    spoken: bool,
    /// With a clock: time to think, then time to answer
    #[arg(long)]
    timed: bool,
    /// Seconds to think
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=3600))]
    think: u32,
    /// Seconds to answer [default: the longest that the rubric finds comfortable, often 150]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=7200))]
    time: Option<u32>,
    /// Go on with the newest unfinished answer
    #[arg(long, conflicts_with_all = ["question", "own", "random", "no_save"])]
    resume: bool,
    /// Write nothing to the disk
    #[arg(long)]
    no_save: bool,
    #[command(flatten)]
    data: DataArgs,
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
    let (read_aloud, transcribe) = (context.config.read_aloud.clone(), context.config.transcribe.clone());
    terminal.speech = Speech { read_aloud, transcribe };

    let library = context.library()?;
    let judge = judges(library);
    let coach = Coach { questions: library.questions(), judge: &judge };
    let folder = if args.no_save { None } else { Some(args.data.folder(context)?) };
    let story = args.story.map(|number| story(number, &args.data, context)).transpose()?;
    if folder.is_some() {
        // What has grown too old goes first; trouble is told when an answer is to go there.
        let _ = args.data.history(context);
    }
    let journal = folder.as_deref().map(|f| History::open(f).map(|h| Box::new(h) as Box<dyn Journal>));
    let mut past = Past { journal, person: args.data.person(context).to_owned(), clock: Box::new(SystemClock) };
    let mut store = Store::new(folder, std::env::temp_dir());
    match practise(&mut terminal, &mut store, &mut past, &coach, plan(args, story, &context.config)) {
        Ok(()) | Err(Failure::Stopped(Stop::Ended)) => Ok(Status::Done),
        Err(Failure::Stopped(Stop::Interrupted)) => Ok(Status::Interrupted),
        Err(Failure::Stopped(Stop::Failed(e))) => Err(e.into()),
        Err(Failure::Wish(why)) => Err(anyhow!(why)),
    }
}

/// The story with this number.
fn story(number: i64, data: &DataArgs, context: &Context) -> Result<(i64, Story)> {
    let history = History::open_existing(&data.folder(context)?)?;
    let story = history.map_or(Ok(None), |h| h.story(number))?;
    let story = story.ok_or_else(|| anyhow!("there is no story {number}: `starcue story list` lists them all"))?;
    Ok((number, story))
}

fn plan(args: Args, story: Option<(i64, Story)>, config: &Config) -> Plan {
    let named = args.data.is_named();
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
        story,
        options: Options {
            cold: args.cold || config.cold == Some(true),
            free: args.free || config.free == Some(true),
            editor: args.editor || config.editor == Some(true),
            judge_first: args.judge_first || config.judge_first == Some(true),
            spoken: args.spoken || (config.spoken == Some(true) && !args.editor),
            timing: (args.timed || args.time.is_some() || config.timed == Some(true))
                .then_some(Timing { think: args.think, answer: args.time }),
        },
        named,
    }
}
