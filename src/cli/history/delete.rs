//! `history delete`: for good.

use super::super::data::DataArgs;
use super::super::{Context, Status, confirmed};
use super::transfer::{attempts, counted};
use super::{attempt, nothing_yet};
use crate::history::transfer::Counts;
use crate::history::{History, Which};
use crate::mock::desk;
use crate::practice;
use crate::report::clean;
use anyhow::Result;
use std::io::{self, Write as _};
use std::path::Path;

/// Delete attempts for good, with what was dismissed in them: nothing of them stays in the file
///
/// `--all` deletes everything of a person: attempts, stories, mock interviews, and the drafts of what
/// was never finished. `--all --everybody` does so for all people.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Numbers of the attempts
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    numbers: Vec<i64>,
    /// Everything of the person, finished or not
    #[arg(long)]
    all: bool,
    /// Of all people, and drafts that can't be read
    #[arg(long, requires = "all", conflicts_with = "person")]
    everybody: bool,
    /// Without a question
    #[arg(long)]
    yes: bool,
}

/// Deletes, after a question.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    if args.all {
        return all(args, data, context);
    }
    let Some(mut history) = data.history(context)? else { return nothing_yet(data, context) };
    let mut numbers = args.numbers.clone();
    numbers.sort_unstable();
    numbers.dedup();
    for number in &numbers {
        attempt(&history, *number)?;
    }
    if !sure(args, &attempts(numbers.len()))? {
        return Ok(Status::Done);
    }
    let deleted = history.delete(&numbers)?;
    writeln!(io::stderr(), "starcue: {} deleted", attempts(deleted))?;
    Ok(Status::Done)
}

fn sure(args: &Args, what: &str) -> Result<bool> {
    let sure = args.yes || confirmed(&format!("Delete {what} for good? Type yes: "))?;
    if !sure {
        writeln!(io::stderr(), "starcue: nothing was deleted")?;
    }
    Ok(sure)
}

/// Everything of a person, or of everybody.
fn all(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let person = (!args.everybody).then(|| data.person(context));
    let folder = data.folder(context)?;
    // Drafts may be all that there is.
    let mut history = data.history(context)?;
    let Kept { numbers, stories, mocks } = history.as_ref().map_or_else(|| Ok(Kept::default()), |h| kept(h, person))?;
    let counts = Counts { attempts: numbers.len(), stories: stories.len(), mocks: mocks.len() };
    let open = Unfinished::of(&folder, person);
    if counts == Counts::default() && open == Unfinished::default() && !args.everybody {
        return nothing_yet(data, context);
    }
    let whose = person.map_or_else(|| "everybody".to_owned(), |p| format!("`{}`", clean(p)));
    if !sure(args, &format!("all {} of {whose}", open.beside(counts)))? {
        return Ok(Status::Done);
    }
    let mut deleted = Counts::default();
    if let Some(history) = &mut history {
        deleted = Counts {
            attempts: history.delete(&numbers)?,
            stories: history.delete_stories(&stories)?,
            mocks: history.delete_mocks(&mocks)?,
        };
    }
    let forgotten = practice::forget(&folder, person)?;
    let open = Unfinished { interviews: desk::forget(&folder, person)?, drafts: forgotten.drafts };
    writeln!(io::stderr(), "starcue: {} deleted", open.beside(deleted))?;
    for left in &forgotten.left {
        writeln!(io::stderr(), "starcue: {}", clean(left))?;
    }
    Ok(if forgotten.left.is_empty() { Status::Done } else { Status::Bad })
}

/// What history has of somebody, by number.
#[derive(Debug, Default)]
struct Kept {
    numbers: Vec<i64>,
    stories: Vec<i64>,
    mocks: Vec<i64>,
}

fn kept(history: &History, person: Option<&str>) -> Result<Kept> {
    let which = Which { person: person.map(str::to_owned), ..Which::default() };
    Ok(Kept {
        numbers: history.list(&which)?.iter().map(|e| e.id).collect(),
        stories: history.stories(person)?.into_iter().map(|(id, _)| id).collect(),
        mocks: history.mocks(person)?.into_iter().map(|m| m.id).collect(),
    })
}

/// What was begun and never finished.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// Drafts of `practice`.
    drafts: usize,
    /// Mock interviews.
    interviews: usize,
}

impl Unfinished {
    /// Of a person, or of all.
    pub(super) fn of(folder: &Path, person: Option<&str>) -> Self {
        Self { drafts: practice::kept(folder, person), interviews: desk::kept(folder, person) }
    }

    /// `1 draft and 2 unfinished interviews`; nothing where there is none.
    pub(super) fn told(self) -> Option<String> {
        let many = |n: usize, one: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {one}s")),
        };
        let parts: Vec<String> =
            [many(self.drafts, "draft"), many(self.interviews, "unfinished interview")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    /// With what is finished.
    fn beside(self, counts: Counts) -> String {
        match self.told() {
            None => counted(counts),
            Some(open) if counts == Counts::default() => open,
            Some(open) => format!("{}, and {open}", counted(counts)),
        }
    }
}
