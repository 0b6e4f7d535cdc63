//! `history dismiss`: set a finding aside with a reason, or take that back.

use super::super::data::DataArgs;
use super::super::{Context, Status, write_json, write_line};
use super::show::titles;
use super::{To, attempt, nothing_yet};
use crate::Assessment;
use crate::diagnostics::did_you_mean;
use crate::history::{
    Attempt, Clock as _, Dismissal, Dismissed, History, Placed, SystemClock, assessment_of, dismissed_words, findings,
    moment,
};
use crate::report::{Paper, clean};
use crate::words::one_line;
use anyhow::{Result, anyhow, bail};
use serde::Serialize;
use std::io::{self, Write as _};

/// Set a finding aside, with a reason; without a finding, list what can be or was
///
/// The assessment does not change: the finding is marked wherever the attempt is shown, and in your
/// other answers where the same words cause it. `starcue evaluate --dismissals` counts it as a false
/// alarm of its rule.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Number of the attempt [default: list what was dismissed]
    attempt: Option<i64>,
    /// Id of the minefield, behaviour or motivation [default: list those of the attempt]
    rule: Option<String>,
    /// Why it does not hold
    #[arg(long, value_name = "TEXT", requires = "rule")]
    reason: Option<String>,
    /// Take it back
    #[arg(long, requires = "rule", conflicts_with = "reason")]
    undo: bool,
    /// How a list is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Dismisses, restores or lists.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(mut history) = data.history(context)? else {
        return match args.attempt {
            Some(number) => Err(anyhow!("there is no attempt {number}: there is no history yet")),
            None => nothing_yet(data, context),
        };
    };
    let Some(number) = args.attempt else { return list(&history, args.to, data, context) };
    let attempt = attempt(&history, number)?;
    let answer = attempt.words.answer();
    let assessment = assessment_of(&attempt.assessment, answer.text()).map_err(|e| anyhow!("attempt {number}: {e}"))?;
    let Some(rule) = args.rule.as_deref().map(str::trim) else {
        return of_attempt(&history, number, &attempt, &assessment, args.to, context);
    };
    if args.undo {
        if !history.restore(number, rule)? {
            bail!("attempt {number} has no dismissal of `{}`: `starcue history dismiss` lists them", clean(rule));
        }
        writeln!(io::stderr(), "starcue: `{}` counts again in attempt {number}", clean(rule))?;
        return Ok(Status::Done);
    }
    let Some(reason) = args.reason.as_deref().map(one_line).filter(|r| !r.is_empty()) else {
        bail!("say why it does not hold: --reason \"…\"");
    };
    let Some(words) = dismissed_words(&assessment, rule, answer.text()) else {
        let near = did_you_mean(rule, findings(&assessment)).map(|n| format!("; did you mean `{n}`?"));
        let near = near.unwrap_or_else(|| format!(": `starcue history dismiss {number}` lists what it has"));
        bail!("attempt {number} has no finding `{}`{near}", clean(rule));
    };
    let dismissal = Dismissal { finding: rule.to_owned(), at: SystemClock.now(), reason, words };
    history.dismiss(number, &dismissal)?;
    writeln!(io::stderr(), "starcue: `{}` is dismissed in attempt {number}, and where the same words cause it", rule)?;
    Ok(Status::Done)
}

#[derive(Serialize)]
struct Row<'a> {
    attempt: i64,
    finding: &'a str,
    at: String,
    reason: &'a str,
    words: &'a [String],
}

impl<'a> From<&'a Placed> for Row<'a> {
    fn from(p: &'a Placed) -> Self {
        let d = &p.dismissal;
        Self { attempt: p.attempt, finding: &d.finding, at: d.at.to_string(), reason: &d.reason, words: &d.words }
    }
}

/// All that the person has dismissed.
fn list(history: &History, to: To, data: &DataArgs, context: &Context) -> Result<Status> {
    let person = data.person(context);
    let placed = history.dismissals(Some(person))?;
    let mut out = context.out();
    match to {
        To::Json => write_json(&mut out, &placed.iter().map(Row::from).collect::<Vec<_>>())?,
        To::Jsonl => {
            for one in &placed {
                write_line(&mut out, &Row::from(one))?;
            }
        }
        To::Human if placed.is_empty() => {
            writeln!(io::stderr(), "starcue: `{}` has dismissed nothing", clean(person))?;
        }
        To::Human => {
            let mut paper = Paper::new(&mut out, context.look);
            let zone = SystemClock.zone();
            for p in &placed {
                let d = &p.dismissal;
                paper.line(&format!("{:>6}  {}  {}", p.attempt, moment(d.at, &zone), clean(&d.finding)))?;
                paper.item("        ", &clean(&d.reason))?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// What can be dismissed in an attempt, and what was.
fn of_attempt(
    history: &History,
    number: i64,
    attempt: &Attempt,
    assessment: &Assessment,
    to: To,
    context: &Context,
) -> Result<Status> {
    let dismissed = Dismissed::new(history.dismissals(Some(&attempt.person))?);
    let answer = attempt.words.answer();
    let covered = dismissed.all(assessment, answer.text(), number);
    let mut out = context.out();
    if to != To::Human {
        let rows: Vec<Row<'_>> = covered.iter().map(|(_, p)| Row::from(*p)).collect();
        write_json(&mut out, &rows)?;
        out.flush()?;
        return Ok(Status::Done);
    }
    let (rubric, _) = titles(context.library()?, &attempt.digest.rubric)?;
    let mut paper = Paper::new(&mut out, context.look);
    for id in findings(assessment) {
        let note = covered.iter().find(|(have, _)| *have == id).map(|(_, p)| clean(&p.note(number)));
        let title = rubric.title_of(id);
        paper.item(&format!("  {} ", paper.bullet()), &format!("{id}: {title}"))?;
        if let Some(note) = note {
            paper.faint("    ", &note)?;
        }
    }
    paper.line("")?;
    paper.faint("", &format!("starcue history dismiss {number} ID --reason \"why it does not hold\""))?;
    out.flush()?;
    Ok(Status::Done)
}
