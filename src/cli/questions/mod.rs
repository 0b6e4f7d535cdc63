//! `starcue questions`: list, filter, search and show the questions of the bank; lay out a plan.

mod find;
mod plan;
mod show;

use super::{Context, Status, To, unknown, write_json};
use crate::diagnostics::did_you_mean;
use crate::report::{Paper, clean};
use crate::{Difficulty, Library, Question};
use anyhow::Result;
use clap::builder::PossibleValue;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use std::io::{self, Write};

/// List, search and show the questions of the bank, and lay out a plan
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  starcue questions                                  all of them, by theme
  starcue questions --difficulty beginner --motivation empathy
  starcue questions search angry guest refund        by words, the best first
  starcue questions like forgotten-order             what is asked in much the same way
  starcue questions plan --role nurse --days 10      what to rehearse on which day
  starcue questions show forgotten-order             the whole of one"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    filter: Filter,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List questions (the same as no word at all)
    List(Filter),
    /// Show one question: what they really ask, minefields, key points, a sample answer
    Show {
        /// Id of the question
        id: String,
        /// Only the sample answer, and why it works
        #[arg(long)]
        sample: bool,
        /// Only the same story told badly, and what is wrong with it
        #[arg(long, conflicts_with = "sample")]
        weak: bool,
        /// Tell where it comes from: built in, a pack, or a folder
        #[arg(long)]
        origin: bool,
        /// How it is written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
    Search(find::Search),
    Like(find::Like),
    Plan(plan::Args),
}

/// Which questions are listed: those that match all of these.
#[derive(Debug, clap::Args)]
struct Filter {
    /// Only of this theme (a part of its name will do)
    #[arg(long, value_name = "TEXT")]
    theme: Option<String>,
    /// Only for this job (a part of its name will do)
    #[arg(long, value_name = "TEXT")]
    role: Option<String>,
    /// Only of this function of a firm (a part of its name will do)
    #[arg(long, value_name = "TEXT")]
    function: Option<String>,
    /// Only of this difficulty
    #[arg(long, value_name = "LEVEL", visible_alias = "level")]
    difficulty: Option<Difficulty>,
    /// Only where this motivation is probed
    #[arg(long, value_name = "ID")]
    motivation: Option<String>,
    /// Only where this minefield lies
    #[arg(long, value_name = "ID")]
    minefield: Option<String>,
    /// Only where all these words stand somewhere in the question, its key points, sample or tips
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Tell where each comes from: built in, a pack, or a folder
    #[arg(long)]
    origin: bool,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

impl ValueEnum for Difficulty {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

/// Lists or shows questions.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let library = context.library()?;
    let mut out = context.out();
    match args.verb {
        Some(Verb::Show { id, sample, weak, origin, to }) => {
            let question = named(library, &id)?;
            match to {
                To::Json if sample => write_json(&mut out, &question.sample)?,
                To::Json if weak => write_json(&mut out, &question.weak)?,
                To::Json => write_json(&mut out, &Told::new(question, library, origin))?,
                To::Human => {
                    let mut paper = Paper::new(&mut out, context.look);
                    if origin {
                        paper.faint("", &clean(&library.origin_of_question(&id).to_string()))?;
                    }
                    match (sample, weak) {
                        (true, _) => show::sample(&mut paper, question)?,
                        (_, true) => show::weak(&mut paper, question)?,
                        _ => show::whole(&mut paper, question)?,
                    }
                }
            }
        }
        Some(Verb::Search(args)) => find::search(&args, context, &mut out)?,
        Some(Verb::Like(args)) => find::like(&args, context, &mut out)?,
        Some(Verb::Plan(args)) => plan::run(&args, context, &mut out)?,
        Some(Verb::List(filter)) => list(&filter, context, &mut out)?,
        None => list(&args.filter, context, &mut out)?,
    }
    out.flush()?;
    Ok(Status::Done)
}

/// The question with this id.
fn named<'l>(library: &'l Library, id: &str) -> Result<&'l Question> {
    let ids = library.questions().iter().map(|q| q.id.as_str());
    library.question(id).ok_or_else(|| unknown("question", id, ids, "starcue questions"))
}

fn list(filter: &Filter, context: &Context, out: &mut dyn Write) -> Result<()> {
    let library = context.library()?;
    let all = library.questions();
    let found: Vec<&Question> = all.iter().filter(|q| filter.lets(q)).collect();
    match filter.to {
        To::Json => {
            let told: Vec<Told<'_>> = found.iter().map(|q| Told::new(q, library, filter.origin)).collect();
            write_json(out, &told)?;
        }
        To::Human if found.is_empty() => {
            let hint = filter.hint(all).unwrap_or_else(|| "drop a filter".to_owned());
            writeln!(io::stderr(), "starcue: none of {} questions matches: {hint}", all.len())?;
        }
        To::Human => by_theme(&mut Paper::new(out, context.look), &found, filter.origin.then_some(library))?,
    }
    Ok(())
}

/// A question, with where it comes from if that was asked for.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    question: &'a Question,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

impl<'a> Told<'a> {
    fn new(question: &'a Question, library: &Library, origin: bool) -> Self {
        Self { question, origin: origin.then(|| library.origin_of_question(&question.id).to_string()) }
    }
}

impl Filter {
    fn lets(&self, q: &Question) -> bool {
        part_of(self.theme.as_deref(), &q.theme)
            && part_of(self.role.as_deref(), &q.role)
            && part_of(self.function.as_deref(), &q.function)
            && self.difficulty.is_none_or(|d| d == q.difficulty)
            && self.motivation.as_ref().is_none_or(|id| q.motivations.iter().any(|m| m.id == *id))
            && self.minefield.as_ref().is_none_or(|id| q.minefields.iter().any(|m| m.id == *id))
            && self.search.as_ref().is_none_or(|words| holds(q, words))
    }
}

impl Filter {
    /// What was meant by an id that no question knows.
    fn hint(&self, all: &[Question]) -> Option<String> {
        let motivations = all.iter().flat_map(|q| &q.motivations).map(|m| m.id.as_str());
        let minefields = all.iter().flat_map(|q| &q.minefields).map(|m| m.id.as_str());
        let near = |id: &Option<String>, known: Vec<&str>| {
            let id = id.as_deref().filter(|id| !known.contains(id))?;
            let near = did_you_mean(id, known)?;
            Some(format!("nothing is called `{}`; did you mean `{near}`?", clean(id)))
        };
        near(&self.motivation, motivations.collect()).or_else(|| near(&self.minefield, minefields.collect()))
    }
}

/// Whether `name` has the wanted words in it, whatever their case; `-` stands for a space.
fn part_of(wanted: Option<&str>, name: &str) -> bool {
    let even = |s: &str| s.to_lowercase().replace(['-', '_'], " ");
    wanted.is_none_or(|w| even(name).contains(even(w).trim()))
}

fn holds(q: &Question, words: &str) -> bool {
    let mut text = vec![q.id.as_str(), &q.text, &q.theme, &q.role, &q.function, &q.why_it_works];
    text.extend(q.motivations.iter().map(|m| m.line.as_str()));
    text.extend(q.minefields.iter().map(|m| m.avoid.as_str()));
    text.extend(q.key_points.iter().map(|k| k.text.as_str()));
    text.extend(q.sample.sections());
    text.extend(q.probes.iter().chain(&q.tips).chain(&q.stories).map(String::as_str));
    let text = text.join("\n").to_lowercase();
    words.to_lowercase().split_whitespace().all(|w| text.contains(w))
}

/// Lists questions by theme, with where they come from if the library is there to tell.
fn by_theme(paper: &mut Paper<'_>, questions: &[&Question], origins: Option<&Library>) -> io::Result<()> {
    let mut themes: Vec<&str> = Vec::new();
    for q in questions {
        if !themes.contains(&q.theme.as_str()) {
            themes.push(&q.theme);
        }
    }
    for (i, theme) in themes.into_iter().enumerate() {
        if i > 0 {
            paper.line("")?;
        }
        paper.line(&paper.look.heading(&clean(theme)))?;
        for q in questions.iter().filter(|q| q.theme == theme) {
            let origin = origins.map(|l| format!(", {}", clean(&l.origin_of_question(&q.id).to_string())));
            let rest = format!("{}{}", q.difficulty.id(), origin.unwrap_or_default());
            paper.line(&format!("  {}  {}", clean(&q.id), paper.look.faint(&rest)))?;
            paper.item("      ", &clean(&q.text))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_is_enough_whatever_its_case() {
        assert!(part_of(None, "Customer Service"));
        assert!(part_of(Some("customer-service"), "Customer Service"));
        assert!(part_of(Some("SERVICE"), "Customer Service"));
        assert!(!part_of(Some("sales"), "Customer Service"));
    }
}
