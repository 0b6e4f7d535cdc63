//! `starcue story`: a candidate's experiences, and what each of them can answer.

mod add;
mod coverage;
mod show;

use super::data::DataArgs;
use super::history::To;
use super::{Context, Status, confirmed};
use crate::Library;
use crate::diagnostics::did_you_mean;
use crate::history::{Clock as _, History, Link, Story, SystemClock};
use crate::report::clean;
use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use std::io::{self, Write as _};

/// Your stories: what you have lived through, which questions each can answer, and where a hole is
///
/// A story is kept by section (situation, task, action, result) and linked to questions or whole
/// themes. `starcue practice --story 3` rehearses a question from one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue story add \"The import that failed\"       tell it section by section
  starcue story add --file notes.md --link failure  from a file; without headings it is cut into sections
  starcue story link 1 conflict teamwork            questions by id, themes by name
  starcue story coverage                            stories against themes, with the holes
  starcue practice --story 1                        rehearse a question that it can answer")]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Add(add::Args),
    Edit(add::Edit),
    List(show::List),
    Show(show::Args),
    /// Link a story to questions (ids) or themes (names) that it can answer
    Link(Linked),
    /// Take links away
    Unlink(Linked),
    Delete(Delete),
    Coverage(coverage::Args),
}

#[derive(Debug, clap::Args)]
struct Linked {
    /// Number of the story
    number: i64,
    /// Ids of questions, names of themes
    #[arg(required = true, value_name = "ID|THEME")]
    targets: Vec<String>,
}

/// Delete stories for good: nothing of them stays in the file
#[derive(Debug, clap::Args)]
struct Delete {
    /// Numbers of the stories
    #[arg(required = true)]
    numbers: Vec<i64>,
    /// Without a question
    #[arg(long)]
    yes: bool,
}

/// Runs the verb.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let data = &args.data;
    match args.verb {
        None => show::list(&show::List::default(), data, context),
        Some(Verb::Add(args)) => add::add(&args, data, context),
        Some(Verb::Edit(args)) => add::edit(&args, data, context),
        Some(Verb::List(args)) => show::list(&args, data, context),
        Some(Verb::Show(args)) => show::show(&args, data, context),
        Some(Verb::Link(args)) => link(&args, true, data, context),
        Some(Verb::Unlink(args)) => link(&args, false, data, context),
        Some(Verb::Delete(args)) => delete(&args, data, context),
        Some(Verb::Coverage(args)) => coverage::run(&args, data, context),
    }
}

/// Says that there is nothing yet, and how to begin.
fn none_yet(data: &DataArgs, context: &Context) -> Result<Status> {
    let person = clean(data.person(context));
    writeln!(io::stderr(), "starcue: there are no stories of `{person}` yet; `starcue story add` makes the first")?;
    Ok(Status::Done)
}

/// The story with this number.
fn story(history: Option<&History>, number: i64) -> Result<Story> {
    let found = history.map_or(Ok(None), |h| h.story(number))?;
    found.ok_or_else(|| anyhow!("there is no story {number}: `starcue story list` lists them all"))
}

/// What a name links to: the question with this id, else the theme.
fn target(library: &Library, name: &str) -> Result<Link> {
    let name = name.trim();
    if library.question(name).is_some() {
        return Ok(Link::Question(name.to_owned()));
    }
    let same = |theme: &str| {
        let plain = |text: &str| text.split([' ', '-', '_']).map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        plain(theme) == plain(name)
    };
    if let Some(question) = library.questions().iter().find(|q| same(&q.theme)) {
        return Ok(Link::Theme(question.theme.clone()));
    }
    let known = library.questions().iter().flat_map(|q| [q.id.as_str(), q.theme.as_str()]);
    match did_you_mean(name, known) {
        Some(near) => bail!("there is no question and no theme `{}`; did you mean `{near}`?", clean(name)),
        None => bail!("there is no question and no theme `{}`: `starcue questions` lists both", clean(name)),
    }
}

fn link(args: &Linked, on: bool, data: &DataArgs, context: &Context) -> Result<Status> {
    let history = data.history(context)?;
    let mut story = story(history.as_ref(), args.number)?;
    let Some(mut history) = history else { return none_yet(data, context) };
    let library = context.library()?;
    for name in &args.targets {
        // What a bank of another day had can still be taken away.
        let gone = story.links.iter().find(|l| !on && l.target() == name.trim()).cloned();
        let link = gone.map_or_else(|| target(library, name), Ok)?;
        let at = story.links.iter().position(|have| *have == link);
        match (on, at) {
            (true, None) => story.links.push(link),
            (true, Some(_)) => {}
            (false, Some(at)) => {
                story.links.remove(at);
            }
            (false, None) => bail!("story {} is not linked to `{}`", args.number, clean(link.target())),
        }
    }
    story.changed = SystemClock.now();
    history.put_story(&story)?;
    let list: Vec<String> = story.links.iter().map(|l| clean(l.target())).collect();
    let list = if list.is_empty() { "nothing".to_owned() } else { list.join(", ") };
    writeln!(io::stderr(), "starcue: story {} is linked to {list}", args.number)?;
    Ok(Status::Done)
}

fn delete(args: &Delete, data: &DataArgs, context: &Context) -> Result<Status> {
    let history = data.history(context)?;
    for number in &args.numbers {
        story(history.as_ref(), *number)?;
    }
    let Some(mut history) = history else { return none_yet(data, context) };
    let mut numbers = args.numbers.clone();
    numbers.sort_unstable();
    numbers.dedup();
    if !args.yes && !confirmed(&format!("Delete {} for good? Type yes: ", count(numbers.len())))? {
        writeln!(io::stderr(), "starcue: nothing was deleted")?;
        return Ok(Status::Done);
    }
    let gone = history.delete_stories(&numbers)?;
    writeln!(io::stderr(), "starcue: {} deleted", count(gone))?;
    Ok(Status::Done)
}

/// `1 story`, `2 stories`.
pub(in crate::cli) fn count(n: usize) -> String {
    if n == 1 { "1 story".to_owned() } else { format!("{n} stories") }
}
