//! Reports of what history holds.

use super::{Args, Gathered};
use crate::cli::Context;
use crate::cli::history::{Remarks, attempt, nothing_yet, titles};
use crate::cli::mock::{Told, dossier};
use crate::history::progress::progress;
use crate::history::{Attempt, Clock as _, SystemClock, Which, assessment_of, moment};
use crate::report::cohort::Row;
use crate::report::dossier::{Audience, Dossier, Item, Vintage};
use anyhow::{Result, anyhow};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// How many answers of history are shown whole.
const FULL: usize = 10;

/// Attempts by their numbers.
pub(super) fn attempts(numbers: &[i64], args: &Args, audience: Audience, context: &Context) -> Result<Option<Dossier>> {
    let Some(history) = args.data.history(context)? else {
        return Err(anyhow!("there is no attempt {}: there is no history yet", numbers[0]));
    };
    let zone = SystemClock.zone();
    let mut remarks = Remarks::new(&history);
    let mut gathered = Gathered::default();
    for number in numbers {
        let attempt = attempt(&history, *number)?;
        gathered.rows.push(row(number.to_string(), &attempt, &zone));
        let name = format!("Attempt {number}");
        gathered
            .show(args.full.unwrap_or(usize::MAX), || kept(name, &mut remarks, *number, &attempt, &zone, context))?;
    }
    let title = match (numbers, gathered.items.first()) {
        ([one], Some(item)) => format!("Attempt {one}: {}", item.question.as_deref().unwrap_or_default()),
        _ => format!("{} attempts", numbers.len()),
    };
    Ok(Some(gathered.dossier(title, audience, None, context)?))
}

/// The history of one person.
pub(super) fn person(args: &Args, audience: Audience, context: &Context) -> Result<Option<Dossier>> {
    let Some(history) = args.data.history(context)? else { return nothing_yet(&args.data, context).map(|_| None) };
    let person = args.data.person(context);
    let which = Which { person: Some(person.to_owned()), ..Which::default() };
    let entries = history.list(&which)?;
    let (now, zone) = (SystemClock.now(), SystemClock.zone());
    let Some(progress) = progress(&entries, now, &zone) else {
        return nothing_yet(&args.data, context).map(|_| None);
    };
    let mut remarks = Remarks::new(&history);
    let mut gathered = Gathered::default();
    let most = args.full.unwrap_or(FULL);
    for entry in &entries {
        gathered.rows.push(Row::of(entry, moment(entry.at, &zone)));
        let name = format!("Attempt {}", entry.id);
        gathered.show(most, || kept(name, &mut remarks, entry.id, &attempt(&history, entry.id)?, &zone, context))?;
    }
    Ok(Some(gathered.dossier(format!("Answers of {person}"), audience, Some(progress), context)?))
}

/// Everybody in history, or the person that was named, as a cohort.
pub(super) fn everybody(args: &Args, audience: Audience, context: &Context) -> Result<Option<Dossier>> {
    let Some(history) = args.data.history(context)? else { return nothing_yet(&args.data, context).map(|_| None) };
    let which = Which { person: args.data.named_person().map(str::to_owned), ..Which::default() };
    let zone = SystemClock.zone();
    let mut remarks = Remarks::new(&history);
    let mut gathered = Gathered::default();
    for entry in &history.list(&which)? {
        gathered.rows.push(Row::of(entry, moment(entry.at, &zone)));
        let most = args.full.unwrap_or(0);
        let name = format!("Attempt {}", entry.id);
        gathered.show(most, || kept(name, &mut remarks, entry.id, &attempt(&history, entry.id)?, &zone, context))?;
    }
    let people = gathered.rows.iter().filter_map(|r| r.person.as_deref()).collect::<BTreeSet<_>>().len();
    let title = format!("{people} {} in history", if people == 1 { "person" } else { "people" });
    Ok(Some(gathered.dossier(title, audience, None, context)?))
}

/// A mock interview.
pub(super) fn interview(number: i64, args: &Args, audience: Audience, context: &Context) -> Result<Option<Dossier>> {
    let Told { title, lead, items, rows } = dossier(number, &args.data, context)?;
    let mut gathered = Gathered { showable: items.len(), items, rows, bad: Vec::new() };
    gathered.items.truncate(args.full.unwrap_or(usize::MAX));
    let mut dossier = gathered.dossier(title, audience, None, context)?;
    dossier.lead.splice(0..0, lead);
    Ok(Some(dossier))
}

/// What a cohort counts of an attempt.
pub(super) fn row(name: String, a: &Attempt, zone: &TimeZone) -> Row {
    Row {
        person: Some(a.person.clone()),
        at: moment(a.at, zone),
        name,
        question: Some(a.topic.text.clone()),
        theme: a.topic.theme.clone(),
        digest: a.digest.clone(),
    }
}

/// An attempt as a report shows it, with what was dismissed in it.
fn kept(
    name: String,
    remarks: &mut Remarks<'_>,
    id: i64,
    a: &Attempt,
    zone: &TimeZone,
    context: &Context,
) -> Result<Item> {
    let item = item(name, a, zone, context)?;
    Ok(Item { remarks: remarks.of(id, a, &item.assessment)?, ..item })
}

/// An attempt as a report shows it.
pub(in crate::cli) fn item(name: String, a: &Attempt, zone: &TimeZone, context: &Context) -> Result<Item> {
    let library = context.library()?;
    let text = a.words.answer().text().to_owned();
    let assessment = assessment_of(&a.assessment, &text).map_err(|e| anyhow!("{name}: {e}"))?;
    let (rubric, gone) = titles(library, &a.digest.rubric)?;
    let vintage = Vintage::of(&assessment, &rubric, gone);
    let mut facts = vec![a.person.clone(), moment(a.at, zone), a.mode.id().to_owned()];
    facts.extend(a.seconds.map(|s| format!("{s} s long")));
    facts.extend(a.self_band.map(|b| format!("own judgement: band {b}")));
    let question = Some(a.topic.text.clone());
    Ok(Item {
        name,
        question,
        facts,
        text,
        assessment,
        rubric,
        vintage,
        ratings: Vec::new(),
        notes: Vec::new(),
        remarks: Vec::new(),
        delivery: a.delivery(),
    })
}
