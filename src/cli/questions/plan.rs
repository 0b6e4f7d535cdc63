//! `questions plan`: what to rehearse on which day.

use super::super::data::DataArgs;
use super::{Context, To, part_of, write_json};
use crate::bank::plan::{Day, Item, Why, Wish, plan, untouched};
use crate::bank::search::search;
use crate::history::{Clock as _, Latest, SystemClock, day_of};
use crate::report::{Paper, clean};
use crate::{Difficulty, Question};
use anyhow::{Result, bail};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Lay out what to rehearse on which day until an interview
///
/// From what is due again by your history, and from the themes that you have not touched yet:
/// questions for the role first, easy ones before hard ones. What is new comes back once, four days
/// later; the last day brings nothing new.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The job of the interview: its questions come first, then those of its function
    #[arg(long, value_name = "TEXT")]
    role: Option<String>,
    /// The function of the job, such as `nursing` [default: that of the role's questions]
    #[arg(long, value_name = "TEXT")]
    function: Option<String>,
    /// Only of this theme (a part of its name will do)
    #[arg(long, value_name = "TEXT")]
    theme: Option<String>,
    /// Only of this difficulty
    #[arg(long, value_name = "LEVEL", visible_alias = "level")]
    difficulty: Option<Difficulty>,
    /// How many days there are
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
    /// How many rehearsals a day holds
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=50))]
    per_day: u16,
    /// The first day, as 2026-11-22 [default: today]
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
    #[command(flatten)]
    data: DataArgs,
}

/// A plan for a script.
#[derive(Serialize)]
struct Json<'a> {
    schema: &'static str,
    days: Vec<JsonDay<'a>>,
    /// Themes that neither history nor the plan touches.
    untouched: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonDay<'a> {
    date: Date,
    questions: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    text: &'a str,
    theme: &'a str,
    role: &'a str,
    difficulty: &'a str,
    why: Why,
    band: Option<u8>,
}

/// What the role and function of a question are worth to the candidate.
struct Job<'a> {
    args: &'a Args,
    /// Words of the role: `nurse` of `registered nurse` finds the staff nurse.
    words: Vec<String>,
    /// Functions of the questions for such roles.
    functions: BTreeSet<&'a str>,
    /// Where no role is like that: questions whose texts have its words.
    near: BTreeSet<&'a str>,
}

impl<'a> Job<'a> {
    fn of(args: &'a Args, questions: &'a [Question]) -> Self {
        let role = args.role.as_deref().unwrap_or_default();
        let words = role.to_lowercase();
        let words = words.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= 3);
        let mut job =
            Self { args, words: words.map(str::to_owned).collect(), functions: BTreeSet::new(), near: BTreeSet::new() };
        job.functions = questions.iter().filter(|q| job.likeness(q) > 0).map(|q| q.function.as_str()).collect();
        if !job.is_known() {
            job.near = search(questions, role).into_iter().take(20).map(|f| f.question.id.as_str()).collect();
        }
        job
    }

    /// Whether a question is for such a role, or no role was named.
    fn is_known(&self) -> bool {
        self.words.is_empty() || !self.functions.is_empty()
    }

    /// How like the wanted role that of the question is: 2 where the one has the whole of the other,
    /// 1 where they have a word in common.
    fn likeness(&self, q: &Question) -> u8 {
        let role = q.role.to_lowercase();
        let common = role.split(|c: char| !c.is_alphanumeric()).any(|w| self.words.iter().any(|own| own == w));
        let whole = !self.words.is_empty() && part_of(self.args.role.as_deref(), &q.role);
        u8::from(common || whole) + u8::from(whole)
    }

    fn fit(&self, q: &Question) -> u8 {
        let function = match &self.args.function {
            Some(wanted) => part_of(Some(wanted), &q.function),
            None => self.functions.contains(q.function.as_str()),
        };
        self.likeness(q) * 3 + u8::from(function) * 2 + u8::from(self.near.contains(q.id.as_str()))
    }
}

/// Lays out the plan.
pub(super) fn run(args: &Args, context: &Context, out: &mut dyn Write) -> Result<()> {
    let questions = context.library()?.questions();
    let lets =
        |q: &&Question| part_of(args.theme.as_deref(), &q.theme) && args.difficulty.is_none_or(|d| d == q.difficulty);
    let chosen: Vec<&Question> = questions.iter().filter(lets).collect();
    if chosen.is_empty() {
        bail!("none of {} questions is like that: `starcue questions` lists them by theme", questions.len());
    }
    if let Some(function) = &args.function
        && !questions.iter().any(|q| part_of(Some(function), &q.function))
    {
        let all: BTreeSet<&str> = questions.iter().map(|q| q.function.as_str()).collect();
        bail!(
            "no question has the function `{function}`; there are: {}",
            all.into_iter().collect::<Vec<_>>().join(", ")
        );
    }
    let latest: Vec<Latest> = match args.data.history(context)? {
        Some(history) => history.latest(args.data.person(context))?,
        None => Vec::new(),
    };
    let (now, zone) = (SystemClock.now(), SystemClock.zone());
    let job = Job::of(args, questions);
    let from = args.from.unwrap_or_else(|| day_of(now, &zone));
    let wish = Wish { from, days: args.days, per_day: args.per_day.into() };
    let days = plan(&chosen, &latest, &|q| job.fit(q), &wish, &zone);
    let left = untouched(questions, &latest, &days);
    match args.to {
        To::Json => write_json(out, &json(&days, left))?,
        To::Human => {
            let mut paper = Paper::new(out, context.look);
            show(&mut paper, &days)?;
            if let Some(role) = args.role.as_deref().filter(|_| !job.is_known()) {
                paper.heading("No question is for such a role")?;
                paper.item(
                    "  ",
                    &clean(&format!("`{role}`: the nearest by their words come first. `--function` names a field.")),
                )?;
            }
            if !left.is_empty() && args.theme.is_none() {
                paper.heading("Themes for which no day is left")?;
                paper.item("  ", &clean(&left.join(", ")))?;
            }
            paper.line("")?;
            paper.line(
                &paper.look.faint("Rehearse one: starcue practice ID. The plan follows what you do: ask for it again."),
            )?;
        }
    }
    Ok(())
}

fn json<'a>(days: &[Day<'a>], untouched: Vec<&'a str>) -> Json<'a> {
    let item = |i: &Item<'a>| JsonItem {
        id: &i.question.id,
        text: &i.question.text,
        theme: &i.question.theme,
        role: &i.question.role,
        difficulty: i.question.difficulty.id(),
        why: i.why,
        band: i.band,
    };
    let day = |d: &Day<'a>| JsonDay { date: d.date, questions: d.items.iter().map(item).collect() };
    Json { schema: "starcue.plan/1", days: days.iter().map(day).collect(), untouched }
}

fn show(paper: &mut Paper<'_>, days: &[Day<'_>]) -> io::Result<()> {
    let items = || days.iter().flat_map(|d| &d.items);
    let themes: BTreeSet<&str> = items().map(|i| i.question.theme.as_str()).collect();
    let new = items().filter(|i| i.why == Why::New).count();
    let (days_word, all) = (if days.len() == 1 { "day" } else { "days" }, items().count());
    paper.line(&format!("{} {days_word}, {all} rehearsals, {new} of them new, {} themes", days.len(), themes.len()))?;
    let bullet = paper.bullet();
    for day in days {
        paper.heading(&day.date.strftime("%A, %-d %B").to_string())?;
        if day.items.is_empty() {
            paper.line("  Nothing is due.")?;
        }
        for item in &day.items {
            let q = item.question;
            let why = match (item.why, item.band) {
                (Why::Due, Some(band)) => format!("due, last band {band}"),
                (Why::Due, None) => "due".to_owned(),
                (Why::New, _) => "new".to_owned(),
                (Why::Again, _) => "again".to_owned(),
            };
            let facts = [why.as_str(), &q.theme, &q.role, q.difficulty.id()].map(clean);
            let facts = facts.join(paper.look.sign(" · ", ", "));
            paper.line(&format!("  {bullet} {}  {}", clean(&q.id), paper.look.faint(&facts)))?;
            paper.item("      ", &clean(&q.text))?;
        }
    }
    Ok(())
}
