//! `mock PLAN`: an interview from its beginning, or from where it stopped.

use crate::cli::data::{DataArgs, judges};
use crate::cli::{Context, Status};
use crate::content::question::Difficulty;
use crate::history::{Attempt, Clock as _, History, Mock, SystemClock};
use crate::mock::plan::{Draw, Made, find};
use crate::mock::session::{End, Session};
use crate::mock::{Desk, Form, Interview, Plan, State, desk};
use crate::practice::brief::para;
use crate::practice::face;
use crate::practice::{Coach, Dice, Interrupt, Prompter, Stop, Terminal, stamp};
use crate::report::{clean, clean_lines};
use anyhow::{Result, anyhow, bail};
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// Id of a plan (see `mock plans`), or a TOML file [default: one made of the options]
    plan: Option<String>,
    /// Name of the coach who rates and notes at this keyboard
    #[arg(long, value_name = "NAME")]
    coach: Option<String>,
    /// Ids of questions to ask
    #[arg(long, value_name = "IDS", value_delimiter = ',', conflicts_with = "plan")]
    questions: Vec<String>,
    /// Draw questions of this theme
    #[arg(long, conflicts_with = "plan")]
    theme: Option<String>,
    /// Draw questions for this role
    #[arg(long, conflicts_with = "plan")]
    role: Option<String>,
    /// Draw questions of this difficulty
    #[arg(long, value_name = "LEVEL", conflicts_with = "plan", value_parser = level)]
    difficulty: Option<String>,
    /// How many questions to draw [default: 3]
    #[arg(long, value_name = "N", conflicts_with = "plan")]
    number: Option<usize>,
    /// Seconds to think before an answer [default: 30]
    #[arg(long, value_name = "SECONDS", conflicts_with = "plan")]
    think: Option<u32>,
    /// Seconds to answer, 0 for no limit [default: 180]
    #[arg(long, value_name = "SECONDS", conflicts_with = "plan")]
    answer: Option<u32>,
    /// Follow-ups to each question [default: 0]
    #[arg(long, value_name = "N", conflicts_with = "plan", value_parser = clap::value_parser!(u32).range(0..=5))]
    probes: Option<u32>,
    /// Rubric that judges the answers [default: the questions']
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// The same number draws the same questions
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Answer section by section instead of in one go
    #[arg(long)]
    sections: bool,
    /// Show each assessment at once instead of at the end
    #[arg(long)]
    feedback: bool,
    /// Go on with the newest unfinished interview
    #[arg(long, conflicts_with_all = ["questions", "theme", "role", "difficulty", "number"])]
    resume: bool,
}

fn level(text: &str) -> Result<String, String> {
    Difficulty::from_id(text)
        .map(|d| d.id().to_owned())
        .ok_or_else(|| "write beginner, intermediate or advanced".to_owned())
}

/// A name on one line.
pub(super) fn name(text: &str) -> String {
    clean(text).trim().to_owned()
}

/// Leads through an interview.
pub(super) fn run(args: Wanted, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(mut terminal) = Terminal::open(context.look) else {
        bail!(
            "`mock` is a conversation and needs a terminal for input and messages; `starcue mock plans` and `starcue mock list` \
             work without one"
        );
    };
    terminal.interrupt = Interrupt::watch()?;
    let library = context.library()?;
    let judge = judges(library);
    let coach = Coach { questions: library.questions(), judge: &judge };
    let folder = data.folder(context)?;
    let Some((interview, desk)) = begin(&args, data, &coach, &folder, &mut terminal, context)? else {
        return Ok(Status::Done);
    };
    let now = || SystemClock.now();
    let (interview, desk, end) = Session::new(&mut terminal, Some(desk), &coach, interview, &now).run();
    close(interview, desk, end, &coach, &folder, &mut terminal)
}

/// The interview that is taken up again, or a new one, with its place; `None` where none is wanted.
fn begin(
    args: &Wanted,
    data: &DataArgs,
    coach: &Coach<'_>,
    folder: &Path,
    terminal: &mut Terminal,
    context: &Context,
) -> Result<Option<(Interview, Desk)>> {
    let person = data.person(context);
    let waiting = desk::waiting(folder);
    for problem in &waiting.problems {
        said(terminal, &format!("{}\n", clean(problem)))?;
    }
    let left = waiting.interviews.into_iter().find(|i| i.person == person);
    if let Some(left) = left {
        let answered = left.places(State::Answered).len();
        let text = format!(
            "An interview of {} is unfinished: {}, {answered} of {} questions answered, {} on the clock.",
            clean(&left.person),
            clean(&left.title),
            left.turns.len(),
            face(left.elapsed)
        );
        let text = para(&terminal.look(), &text);
        said(terminal, &format!("\n{text}"))?;
        let items = ["Go on with it", "Begin a new one (it is kept)", "Throw it away and begin a new one"];
        let chosen =
            if args.resume { 0 } else { stopped(terminal.choose("What shall become of it?", &items, 1))?.unwrap_or(1) };
        if chosen != 1 {
            let Some(desk) = taken(folder, &left.id)? else { bail!("another starcue has this interview open") };
            if chosen == 0 {
                let mut left = left;
                if let Some(coach) = &args.coach {
                    left.coach = Some(name(coach));
                }
                return Ok(Some((left, desk)));
            }
            desk.clear();
        }
    } else if args.resume {
        bail!("there is no unfinished interview of `{}`", clean(person));
    }
    let mut plan = match &args.plan {
        Some(name) => find(name, &context.layers()?.0).map_err(|why| anyhow!(why))?,
        None => Plan::made(Made {
            draw: Draw {
                theme: args.theme.clone(),
                role: args.role.clone(),
                level: args.difficulty.clone(),
                number: args.number.unwrap_or(3),
            },
            questions: args.questions.clone(),
            think: args.think,
            answer: args.answer,
            probes: args.probes,
            rubric: None,
        }),
    };
    if args.rubric.is_some() {
        plan.rubric.clone_from(&args.rubric);
    }
    if args.sections {
        plan.form = Form::Sections;
    }
    let seed = args.seed.unwrap_or_else(|| Dice::unseeded().number());
    let turns = plan.turns(coach.questions, &mut Dice::seeded(seed)).map_err(|why| anyhow!(why))?;
    // Told before anything is typed: a rubric that does not exist, or is broken.
    for turn in &turns {
        let question = coach.question(turn.question.as_deref());
        (coach.judge)(&turn.rubric, question, &turn.asked).map_err(|why| anyhow!(why))?;
    }
    let id = format!("mock-{}", stamp());
    let Some(desk) = taken(folder, &id)? else { bail!("another starcue has this interview open") };
    let rater = args.coach.as_deref().map(name).filter(|n| !n.is_empty());
    let mut interview = Interview::new(id, person, rater, SystemClock.now(), &plan, turns);
    interview.seed = seed;
    interview.feedback = args.feedback;
    Ok(Some((interview, desk)))
}

fn taken(folder: &Path, id: &str) -> Result<Option<Desk>> {
    Desk::take(folder, id).map_err(|e| {
        anyhow!("interviews can't be kept in {} ({e}): name another folder with `--data`", folder.display())
    })
}

/// What a prompt brought; `None` where the person stopped it.
pub(super) fn stopped<T>(prompted: Result<T, Stop>) -> Result<Option<T>> {
    match prompted {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Failed(e)) => Err(e.into()),
        Err(_) => Ok(None),
    }
}

pub(super) fn said(terminal: &mut dyn Prompter, text: &str) -> Result<()> {
    stopped(terminal.say(text)).map(|_| ())
}

/// Ends an interview: history takes what is finished, and the tool's judgement is shown where it may.
fn close(
    mut interview: Interview,
    desk: Option<Desk>,
    end: End,
    coach: &Coach<'_>,
    folder: &Path,
    terminal: &mut Terminal,
) -> Result<Status> {
    let status = match &end {
        End::Stopped(Stop::Interrupted) => Status::Interrupted,
        _ => Status::Done,
    };
    let reveal = matches!(end, End::Done);
    if matches!(end, End::Paused | End::Stopped(_)) {
        let blank = interview.turns.iter().all(|t| t.words().is_blank() && t.notes.is_empty());
        match desk {
            Some(desk) if blank => desk.clear(),
            Some(desk) if desk.trouble.is_none() => {
                let text = format!(
                    "\nThe interview is kept in {}\nGo on with: starcue mock --resume\n",
                    desk.path().display()
                );
                // Whoever closed the terminal reads no parting words; the file is there all the same.
                let _ = terminal.say(&text);
            }
            _ => {
                let all: String =
                    interview.turns.iter().map(|t| format!("{}\n{}\n", t.asked, t.words().to_text())).collect();
                let _ =
                    terminal.say(&format!("\nThe interview could not be saved. Here it is:\n\n{}", clean_lines(&all)));
            }
        }
        if let End::Stopped(Stop::Failed(e)) = end {
            return Err(e.into());
        }
        return Ok(status);
    }
    interview.revealed = reveal;
    let id = match record(&interview, coach, folder) {
        Ok(id) => id,
        Err(why) => {
            let text = format!(
                "\nHistory can't take the interview: {why:#}. It is kept; try again with: starcue mock --resume\n"
            );
            said(terminal, &text)?;
            return Ok(Status::Bad);
        }
    };
    if let Some(desk) = desk {
        desk.clear();
    }
    if reveal {
        said(terminal, "\n")?;
        let text = summary(&interview, coach, terminal.look())?;
        stopped(terminal.product(&text))?;
        said(terminal, &format!("\nThe whole report: starcue report --mock {id} --output interview.html\n"))?;
    } else {
        said(terminal, &format!("\nKept as interview {id}. Rate it with: starcue mock rate {id}\n"))?;
    }
    Ok(status)
}

/// Puts an interview into history: its answers as attempts, and all else beside them. Its number.
fn record(interview: &Interview, coach: &Coach<'_>, folder: &Path) -> Result<i64> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut kept = interview.clone();
    for turn in &mut kept.turns {
        if turn.state == State::Answered {
            let question = coach.question(turn.question.as_deref());
            let judge = (coach.judge)(&turn.rubric, question, &turn.asked).map_err(|why| anyhow!(why))?;
            attempts.push(interview.attempt(turn, &*judge));
        }
        turn.said = None;
    }
    let mock = Mock {
        id: 0,
        uid: kept.id.clone(),
        person: kept.person.clone(),
        at: kept.at,
        title: kept.title.clone(),
        body: kept.to_json(),
    };
    let (ids, _) = History::open(folder)?.record_mocks(&attempts, &[mock])?;
    ids.first().copied().ok_or_else(|| anyhow!("nothing was saved"))
}

/// What the tool and the coach gave each answer, and the one next step of each.
fn summary(interview: &Interview, coach: &Coach<'_>, look: crate::report::Look) -> Result<String> {
    let mut bytes = Vec::new();
    let mut paper = crate::report::Paper::new(&mut bytes, look);
    paper.line(&look.heading("How it went"))?;
    for (i, turn) in interview.turns.iter().enumerate() {
        paper.item(&format!("{}. ", i + 1), &clean(&turn.asked))?;
        if turn.state != State::Answered {
            paper.faint("   ", "left out")?;
            continue;
        }
        let question = coach.question(turn.question.as_deref());
        let judge = (coach.judge)(&turn.rubric, question, &turn.asked).map_err(|why| anyhow!(why))?;
        let a = judge.assess(&turn.words().answer());
        let mut line = format!(
            "{} of 100, band {}, {}; {}",
            a.score,
            a.band,
            judge.band(a.band),
            crate::report::span(turn.seconds)
        );
        for r in &turn.ratings {
            line.push_str(&format!("; {} gave band {}", clean(&r.rater), r.overall));
        }
        paper.item("   ", &line)?;
        if let Some(step) = a.advice.first() {
            paper.item(&format!("   {} ", look.sign("→", "->")), &clean(step))?;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
