//! Mock interviews that history has: list, rate later, delete, report.

use super::run::{name, said, stopped};
use crate::cli::confirmed;
use crate::cli::data::{DataArgs, judges};
use crate::cli::history::Remarks;
use crate::cli::report::item;
use crate::cli::{Context, Status, To, write_json};
use crate::history::{Clock as _, History, Mock, SystemClock, moment};
use crate::mock::{Interview, Note, Rating, State, Turn, coach, desk};
use crate::practice::face;
use crate::practice::{Interrupt, Terminal};
use crate::report::cohort::Row;
use crate::report::dossier::{self, Item};
use crate::report::{Paper, clean, span};
use anyhow::{Result, anyhow, bail};
use std::io::{self, Write as _};

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

#[derive(Debug, clap::Args)]
pub(super) struct RateArgs {
    /// Number of the interview [default: the newest]
    number: Option<i64>,
    /// Your name
    #[arg(long, value_name = "NAME")]
    coach: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct DeleteArgs {
    /// Number of the interview
    number: i64,
    /// Without a question
    #[arg(long)]
    yes: bool,
}

/// The interview in a row of history.
pub(super) fn of(mock: &Mock) -> Result<Interview> {
    Interview::from_json(&mock.body).map_err(|why| anyhow!("mock interview {}: {why}", mock.id))
}

/// The interview with this number, or the newest of the person.
fn one(history: &History, number: Option<i64>, data: &DataArgs) -> Result<Mock> {
    match number {
        Some(number) => history
            .mock(number)?
            .ok_or_else(|| anyhow!("there is no mock interview {number}: `starcue mock list` lists them")),
        None => history
            .mocks(data.named_person())?
            .into_iter()
            .next()
            .ok_or_else(|| anyhow!("there is no mock interview yet")),
    }
}

/// Lists them.
pub(super) fn list(args: &ListArgs, data: &DataArgs, context: &Context) -> Result<Status> {
    let history = data.history(context)?;
    let mocks = history.map_or_else(|| Ok(Vec::new()), |h| h.mocks(data.named_person()))?;
    let waiting = desk::waiting(&data.folder(context)?).interviews;
    let waiting: Vec<_> = waiting.into_iter().filter(|i| data.named_person().is_none_or(|p| p == i.person)).collect();
    let kept = mocks.iter().map(|m| Ok((Some(m.id), of(m)?))).collect::<Result<Vec<_>>>()?;
    let all: Vec<(Option<i64>, Interview)> = waiting.into_iter().map(|i| (None, i)).chain(kept).collect();
    let mut out = context.out();
    if args.to == To::Json {
        let list: Vec<serde_json::Value> = all
            .iter()
            .map(|(id, i)| {
                serde_json::json!({ "number": id, "id": i.id, "person": i.person, "at": i.at, "title": i.title, "plan": i.plan,
                    "questions": i.turns.len(), "answered": i.places(State::Answered).len(), "raters": raters(i) })
            })
            .collect();
        write_json(&mut out, &list)?;
    } else {
        let mut paper = Paper::new(&mut out, context.look);
        let zone = SystemClock.zone();
        for (id, i) in &all {
            let number = id.map_or_else(|| "unfinished".to_owned(), |id| id.to_string());
            let answered = format!("{} of {} answered", i.places(State::Answered).len(), i.turns.len());
            let raters = raters(i);
            let rated = if raters.is_empty() {
                "not rated".to_owned()
            } else {
                format!("rated by {}", clean(&raters.join(", ")))
            };
            let lead = format!("{number:>4}  {}  ", moment(i.at, &zone));
            paper.item(&lead, &format!("{}: {}; {answered}, {rated}", clean(&i.person), clean(&i.title)))?;
        }
        if all.is_empty() {
            writeln!(io::stderr(), "starcue: there is no mock interview yet; `starcue mock quick-10` is a short one")?;
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

fn raters(interview: &Interview) -> Vec<String> {
    let mut names: Vec<String> = interview.turns.iter().flat_map(|t| &t.ratings).map(|r| r.rater.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// Takes a coach's ratings and notes, without showing the tool's judgement.
pub(super) fn rate(args: &RateArgs, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(mut history) = data.history(context)? else { bail!("there is no mock interview yet") };
    let mock = one(&history, args.number, data)?;
    let interview = of(&mock)?;
    let Some(rater) = args.coach.as_deref().map(name).or_else(|| interview.coach.clone()).filter(|n| !n.is_empty())
    else {
        bail!("say who rates: `starcue mock rate {} --coach NAME`", mock.id)
    };
    let Some(mut terminal) = Terminal::open(context.look) else {
        bail!("`mock rate` is a conversation and needs a terminal")
    };
    terminal.interrupt = Interrupt::watch()?;
    let library = context.library()?;
    let judges = judges(library);
    let answered = interview.places(State::Answered);
    for (n, at) in answered.iter().enumerate() {
        let turn = &interview.turns[*at];
        let Some((_, attempt)) = history.attempt_named(&interview.attempt_of(turn))? else {
            said(&mut terminal, &format!("\n{}\nThis answer was deleted.\n", clean(&turn.asked)))?;
            continue;
        };
        let text = attempt.words.answer().text().to_owned();
        let question = turn.question.as_deref().and_then(|id| library.question(id));
        let judge = judges(&turn.rubric, question, &turn.asked).map_err(|why| anyhow!(why))?;
        let now = SystemClock.now().to_string();
        let head = format!("\nAnswer {} of {}\n", n + 1, answered.len());
        said(&mut terminal, &head)?;
        let mut desk = coach::Desk { prompter: &mut terminal, rater: &rater, now };
        if stopped(desk.show(&turn.asked, &text))?.is_none() {
            return Ok(Status::Interrupted);
        }
        let mut rated = turn.rating(&rater).is_some();
        loop {
            let rate = if rated { "Rate it again" } else { "Rate it" };
            let items = [rate, "Write a note", "The next answer", "Enough for now"];
            let chosen = desk.prompter.choose(&format!("{rater}, what now?"), &items, if rated { 2 } else { 0 });
            match stopped(chosen)? {
                Some(0) => {
                    let blind = !interview.revealed && !turn.shown;
                    let Some(rating) = stopped(desk.rate(&*judge, blind))?.flatten() else { continue };
                    keep(&mut history, mock.id, *at, &mut |turn| turn.rate(rating.clone()))?;
                    rated = true;
                    break;
                }
                Some(1) => {
                    let mut last: Option<Note> = None;
                    let noted = desk.note(&text, None, &mut |note| last = Some(note.clone()));
                    if let Some(note) = last {
                        keep(&mut history, mock.id, *at, &mut |turn| turn.notes.push(note.clone()))?;
                    }
                    if stopped(noted)?.is_none() {
                        return Ok(Status::Interrupted);
                    }
                }
                Some(2) => break,
                Some(_) => return Ok(Status::Done),
                None => return Ok(Status::Interrupted),
            }
        }
    }
    said(
        &mut terminal,
        &format!("\nThank you. Both ratings side by side: starcue report --mock {} --for coach\n", mock.id),
    )?;
    Ok(Status::Done)
}

/// Changes one turn of an interview as history has it now.
fn keep(history: &mut History, id: i64, at: usize, change: &mut dyn FnMut(&mut Turn)) -> Result<()> {
    let there = history.change_mock(id, &mut |body| {
        let mut interview = Interview::from_json(body)?;
        if let Some(turn) = interview.turns.get_mut(at) {
            change(turn);
        }
        Ok(interview.to_json())
    })?;
    if there { Ok(()) } else { bail!("mock interview {id} was deleted meanwhile") }
}

/// Deletes one with all that belongs to it.
pub(super) fn delete(args: &DeleteArgs, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(mut history) = data.history(context)? else { bail!("there is no mock interview yet") };
    let mock = one(&history, Some(args.number), data)?;
    let interview = of(&mock)?;
    let mut attempts = Vec::new();
    for turn in &interview.turns {
        attempts.extend(history.attempt_named(&interview.attempt_of(turn))?.map(|(id, _)| id));
    }
    let what = format!("interview {} of `{}` with {} answers", mock.id, clean(&mock.person), attempts.len());
    if !args.yes && !confirmed(&format!("Delete {what} for good? Type yes: "))? {
        writeln!(io::stderr(), "starcue: nothing was deleted")?;
        return Ok(Status::Done);
    }
    history.delete(&attempts)?;
    history.delete_mocks(&[mock.id])?;
    writeln!(io::stderr(), "starcue: {what} deleted")?;
    Ok(Status::Done)
}

/// What a report of an interview is made of.
pub(in crate::cli) struct Told {
    /// Its title.
    pub(in crate::cli) title: String,
    /// What is said first.
    pub(in crate::cli) lead: Vec<String>,
    /// The answers.
    pub(in crate::cli) items: Vec<Item>,
    /// The answers as they are counted.
    pub(in crate::cli) rows: Vec<Row>,
}

/// What a report of an interview is made of: its title, its lead, the answers and their counts. From
/// then on the tool's judgement counts as shown.
pub(in crate::cli) fn dossier(number: i64, data: &DataArgs, context: &Context) -> Result<Told> {
    let Some(mut history) = data.history(context)? else {
        bail!("there is no mock interview {number}: there is no history yet")
    };
    let mock = one(&history, Some(number), data)?;
    let interview = of(&mock)?;
    let zone = SystemClock.zone();
    let mut remarks = Remarks::new(&history);
    let (mut items, mut rows) = (Vec::new(), Vec::new());
    let mut left_out = Vec::new();
    for (i, turn) in interview.turns.iter().enumerate() {
        let Some((id, attempt)) = history.attempt_named(&interview.attempt_of(turn))? else {
            left_out.push(format!(
                "Question {} was {}: {}",
                i + 1,
                if turn.state == State::Answered { "deleted" } else { "left out" },
                turn.asked
            ));
            continue;
        };
        let mut item = item(format!("Question {}", i + 1), &attempt, &zone, context)?;
        item.remarks = remarks.of(id, &attempt, &item.assessment)?;
        item.facts.push(times(turn));
        item.ratings = turn.ratings.iter().map(rating).collect();
        item.notes = turn.notes.iter().map(|n| note(n, &item.text)).collect();
        rows.push(Row {
            person: Some(attempt.person.clone()),
            at: moment(attempt.at, &zone),
            name: format!("Question {}", i + 1),
            question: Some(turn.asked.clone()),
            theme: turn.theme.clone(),
            digest: attempt.digest.clone(),
        });
        items.push(item);
    }
    let mut lead = vec![format!(
        "{} on {}: {} of {} questions answered in {}. Plan {}, draw {}.",
        interview.person,
        moment(interview.at, &zone),
        items.len(),
        interview.turns.len(),
        face(interview.elapsed),
        interview.plan,
        interview.seed
    )];
    lead.extend(left_out);
    history.change_mock(mock.id, &mut |body| {
        let mut interview = Interview::from_json(body)?;
        interview.revealed = true;
        Ok(interview.to_json())
    })?;
    Ok(Told { title: interview.title, lead, items, rows })
}

/// How long thinking and answering took, beside what was given for them.
fn times(turn: &Turn) -> String {
    let beside = |used: u32, given: u32| match given {
        0 => span(used),
        _ => format!("{} of {}", span(used), span(given)),
    };
    format!("thought for {}, answered in {}", beside(turn.thought, turn.think), beside(turn.seconds, turn.answer))
}

fn rating(r: &Rating) -> dossier::Rating {
    dossier::Rating { rater: r.rater.clone(), overall: r.overall, sections: r.sections, blind: r.blind }
}

fn note(n: &Note, text: &str) -> dossier::Note {
    let span = n.span.map(|[start, end]| start..end).filter(|s| text.get(s.clone()).is_some());
    let clock = n.clock.map_or_else(|| "later".to_owned(), face);
    dossier::Note { by: n.by.clone(), clock, text: n.text.clone(), span, private: n.private }
}
