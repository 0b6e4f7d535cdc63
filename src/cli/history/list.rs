//! `history list`: attempts, newest first, a line each.

use super::super::data::DataArgs;
use super::super::{Context, Status, write_json, write_line};
use super::{To, nothing_yet};
use crate::Severity;
use crate::history::{Clock as _, Entry, SystemClock, Which, moment};
use crate::report::{Look, clean};
use anyhow::Result;
use console::{Alignment, Style, pad_str, truncate_str};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::io::{self, Write};

/// List attempts, newest first (the same as no word at all)
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// Only answers to this question: an id, or the text of your own
    #[arg(long, value_name = "ID|TEXT")]
    question: Option<String>,
    /// Only of this theme
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = NEWEST)]
    limit: usize,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// So many are listed where nobody says how many.
const NEWEST: usize = 20;

impl Default for Wanted {
    fn default() -> Self {
        Self { question: None, theme: None, limit: NEWEST, to: To::Human }
    }
}

/// Lists.
pub(super) fn run(args: &Wanted, data: &DataArgs, context: &Context) -> Result<Status> {
    let which = Which {
        person: Some(data.person(context).to_owned()),
        question: args.question.as_ref().map(|q| q.trim().to_owned()),
        theme: args.theme.clone(),
        limit: (args.limit > 0).then_some(args.limit),
    };
    let history = data.history(context)?;
    let entries = history.as_ref().map_or_else(|| Ok(Vec::new()), |h| h.list(&which))?;
    let dismissed = history.as_ref().map_or_else(|| Ok(Vec::new()), |h| h.dismissals(which.person.as_deref()))?;
    let of = |e: &Entry| -> Vec<&str> {
        dismissed.iter().filter(|p| p.attempt == e.id).map(|p| p.dismissal.finding.as_str()).collect()
    };
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &entries.iter().map(|e| Row::new(e, of(e))).collect::<Vec<_>>())?,
        To::Jsonl => {
            for entry in &entries {
                write_line(&mut out, &Row::new(entry, of(entry)))?;
            }
        }
        To::Human if entries.is_empty() => {
            out.flush()?;
            return match &history {
                Some(history) => nobody(history, data, context, &which),
                None => nothing_yet(data, context),
            };
        }
        To::Human => {
            let zone = SystemClock.zone();
            writeln!(out, "{}", header(&context.look))?;
            for entry in &entries {
                writeln!(out, "{}", line(&context.look, entry, of(entry).len(), &zone))?;
            }
            if let Some(history) = &history {
                let all = history.count(&which)?;
                if all > entries.len() {
                    let more = format!("{} of {all}; `--limit 0` lists them all", entries.len());
                    writeln!(out, "{}", context.look.faint(&more))?;
                }
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// Says why nothing was found: a filter, or attempts that are other people's.
fn nobody(history: &crate::history::History, data: &DataArgs, context: &Context, which: &Which) -> Result<Status> {
    if which.question.is_some() || which.theme.is_some() {
        writeln!(io::stderr(), "starcue: no attempt is like that; drop a filter")?;
        return Ok(Status::Done);
    }
    let people: Vec<String> = history.people()?.iter().map(|(name, n)| format!("{} ({n})", clean(name))).collect();
    if people.is_empty() {
        return nothing_yet(data, context);
    }
    let (person, people) = (clean(data.person(context)), people.join(", "));
    writeln!(io::stderr(), "starcue: there are no attempts of `{person}`; with `--person` there are: {people}")?;
    Ok(Status::Done)
}

fn header(look: &Look) -> String {
    look.faint("    no  when              score  band  question")
}

/// One attempt on one line.
fn line(look: &Look, e: &Entry, dismissed: usize, zone: &TimeZone) -> String {
    let style = match e.digest.band {
        0..=2 => Style::new().red(),
        3 => Style::new().yellow(),
        _ => Style::new().green(),
    };
    let band = look.paint(style, &format!("{:>4}", e.digest.band));
    let score = e.digest.score.to_string();
    let lead = format!("{:>6}  {}  {score:>5}  {band}  ", e.id, moment(e.at, zone));
    let question = clean(&e.topic.text);
    let mut notes = Vec::new();
    if e.parent.is_some() {
        notes.push("again".to_owned());
    }
    let serious = e.digest.minefields.iter().filter(|(_, s)| *s == Severity::Serious).count();
    if serious > 0 {
        notes.push(format!("{serious} serious"));
    }
    if dismissed > 0 {
        notes.push(format!("{dismissed} dismissed"));
    }
    let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join(", ")) };
    let room = look.width.saturating_sub(console::measure_text_width(&lead) + notes.len()).max(16);
    let tail = look.sign("…", "~");
    let question = pad_str(&truncate_str(&question, room, tail), room, Alignment::Left, None).into_owned();
    look.plainly(format!("{lead}{question}{}", look.faint(&notes)).trim_end()).into_owned()
}

/// An attempt as programs read it: everything but the texts.
#[derive(Serialize)]
struct Row<'a> {
    number: i64,
    id: &'a str,
    person: &'a str,
    at: String,
    question: &'a str,
    asked: &'a str,
    theme: Option<&'a str>,
    rubric: &'a str,
    rubric_hash: &'a str,
    kind: &'a str,
    score: f64,
    band: u8,
    levels: [u8; 4],
    minefields: Vec<&'a str>,
    words: usize,
    mode: &'a str,
    seconds: Option<u32>,
    self_band: Option<u8>,
    parent: Option<&'a str>,
    story: Option<&'a str>,
    dismissed: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn new(e: &'a Entry, dismissed: Vec<&'a str>) -> Self {
        Self {
            number: e.id,
            id: &e.uid,
            person: &e.person,
            at: e.at.to_string(),
            question: e.topic.key(),
            asked: &e.topic.text,
            theme: e.topic.theme.as_deref(),
            rubric: &e.digest.rubric,
            rubric_hash: &e.digest.rubric_hash,
            kind: e.digest.kind.id(),
            score: e.digest.score.points(),
            band: e.digest.band,
            levels: e.digest.levels,
            minefields: e.digest.minefields.iter().map(|(id, _)| id.as_str()).collect(),
            words: e.digest.words,
            mode: e.mode.id(),
            seconds: e.seconds,
            self_band: e.self_band,
            parent: e.parent.as_deref(),
            story: e.story.as_deref(),
            dismissed,
        }
    }
}
