//! `starcue questions`: list, filter, search and show the questions of the bank.

use super::{Context, Status, To, unknown, write_json};
use crate::diagnostics::did_you_mean;
use crate::report::{Paper, clean};
use crate::{Difficulty, Library, Question, Section};
use anyhow::Result;
use clap::builder::PossibleValue;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use std::io::{self, Write};

/// List, search and show the questions of the bank
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  starcue questions                                  all of them, by theme
  starcue questions --difficulty beginner --motivation empathy
  starcue questions --search refund --to json
  starcue questions show esc-handle                  the whole of one"
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
        /// Tell where it comes from: built in, a pack, or a folder
        #[arg(long)]
        origin: bool,
        /// How it is written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
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
    #[arg(long, value_name = "LEVEL")]
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
        Some(Verb::Show { id, origin, to }) => {
            let Some(question) = library.question(&id) else {
                let ids = library.questions().iter().map(|q| q.id.as_str());
                return Err(unknown("question", &id, ids, "starcue questions"));
            };
            match to {
                To::Json => write_json(&mut out, &Told::new(question, library, origin))?,
                To::Human => {
                    let mut paper = Paper::new(&mut out, context.look);
                    if origin {
                        paper.faint("", &clean(&library.origin_of_question(&id).to_string()))?;
                    }
                    show(&mut paper, question)?;
                }
            }
        }
        Some(Verb::List(filter)) => list(&filter, context, &mut out)?,
        None => list(&args.filter, context, &mut out)?,
    }
    out.flush()?;
    Ok(Status::Done)
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

/// The whole of one question.
fn show(paper: &mut Paper<'_>, q: &Question) -> io::Result<()> {
    paper.item("", &paper.look.heading(&clean(&q.text)))?;
    let facts = [&q.id, &q.theme, &q.function, q.difficulty.id(), &format!("rubric {}", q.rubric)].map(clean);
    paper.faint("", &facts.join(paper.look.sign(" · ", ", ")))?;
    paper.prose("", &format!("{}: {}", q.role, q.about_role))?;
    let bullet = paper.bullet();
    paper.list("What they really ask", bullet, q.motivations.iter().map(|m| format!("{}: {}", m.id, m.line)))?;
    paper.list("Minefields", "!", q.minefields.iter().map(|m| format!("{}: {}", m.id, m.avoid)))?;
    paper.list("A strong answer", bullet, q.key_points.iter().map(|k| &k.text))?;
    paper.heading("A sample answer")?;
    for (section, text) in Section::ALL.into_iter().zip(q.sample.sections()) {
        paper.prose(&format!("  {:<11}", section.id()), text)?;
    }
    paper.heading("Why it works")?;
    paper.prose("  ", &q.why_it_works)?;
    paper.list("They may ask next", "?", &q.probes)?;
    paper.list("Tips", bullet, &q.tips)?;
    paper.list("Stories that fit", bullet, &q.stories)?;
    if let Some(weak) = &q.weak {
        paper.heading("The same story told badly")?;
        paper.prose("  ", &weak.answer)?;
        paper.heading("What is wrong with it")?;
        paper.prose("  ", &weak.why)?;
    }
    paper.list("Practise beside it", bullet, &q.related)?;
    paper.line("")?;
    paper.line(&paper.look.faint(&format!("Rehearse it: starcue practice {}", clean(&q.id))))
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
