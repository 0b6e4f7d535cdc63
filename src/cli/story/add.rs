//! `story add` and `story edit`.

use super::{story, target};
use crate::batch::{self, Input, InputFormat};
use crate::cli::data::DataArgs;
use crate::cli::{Context, Status};
use crate::history::{Clock as _, History, Link, Story, SystemClock};
use crate::practice::{Interrupt, Stop, Terminal, keep_beside, stamp, tell};
use crate::report::clean;
use crate::words::{Form, Words, one_line, tidy};
use crate::{Answer, Asked, Library, PartKind, Section, assess};
use anyhow::{Result, anyhow, bail};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// Add a story: told here section by section, from a file, or from an attempt
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A few words for lists [default: how it begins]
    title: Option<String>,
    /// Read it from this file; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "attempt")]
    file: Option<PathBuf>,
    /// How the file is written [default: by its ending, else text]
    #[arg(long, value_name = "FORMAT", requires = "file")]
    from: Option<InputFormat>,
    /// Take the answer of this attempt
    #[arg(long, value_name = "NUMBER")]
    attempt: Option<i64>,
    /// What it can answer: ids of questions, names of themes
    #[arg(long, value_name = "ID|THEME", value_delimiter = ',')]
    link: Vec<String>,
}

/// Change a story: its sections, or its title alone
#[derive(Debug, clap::Args)]
pub(super) struct Edit {
    /// Number of the story
    number: i64,
    /// Another title; the sections stay
    #[arg(long)]
    title: Option<String>,
}

/// Adds one.
pub(super) fn add(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let library = context.library()?;
    let mut links: Vec<Link> = args.link.iter().map(|name| target(library, name)).collect::<Result<_>>()?;
    let mut history = data.history_to_write(context)?;
    let words = match (&args.file, args.attempt) {
        (Some(file), _) => from_file(library, file, args.from)?,
        (None, Some(number)) => {
            let attempt = history.get(number)?.ok_or_else(|| anyhow!("there is no attempt {number}"))?;
            links.extend(attempt.topic.id.filter(|id| library.question(id).is_some()).map(Link::Question));
            by_section(library, &attempt.words.answer())?
        }
        (None, None) => Words::new(false),
    };
    let now = SystemClock.now();
    let title = args.title.as_deref().map(one_line).unwrap_or_default();
    let mut story = Story {
        uid: format!("story-{}", stamp()),
        person: data.person(context).to_owned(),
        at: now,
        changed: now,
        title,
        words,
        links,
    };
    if story.words.is_blank() {
        return typed(&mut history, story, context);
    }
    title_of(&mut story);
    let number = history.put_story(&story)?;
    told(number, &story)?;
    Ok(Status::Done)
}

/// Changes one.
pub(super) fn edit(args: &Edit, data: &DataArgs, context: &Context) -> Result<Status> {
    let history = data.history(context)?;
    let mut story = story(history.as_ref(), args.number)?;
    let Some(mut history) = history else { return Ok(Status::Done) };
    story.changed = SystemClock.now();
    if let Some(title) = &args.title {
        story.title = one_line(title);
        history.put_story(&story)?;
        told(args.number, &story)?;
        return Ok(Status::Done);
    }
    if story.words.is_free() {
        story.words = by_section(context.library()?, &story.words.answer())?;
    }
    typed(&mut history, story, context)
}

/// Has it typed. Every change goes to the store at once.
fn typed(history: &mut History, mut story: Story, context: &Context) -> Result<Status> {
    let Some(mut terminal) = Terminal::open(context.look) else {
        bail!("a story is told at a terminal; give one with `--file FILE`, where `-` is standard input");
    };
    terminal.interrupt = Interrupt::watch()?;
    let rubric = context.library()?.rubric("behavioural")?;
    let purpose = |section: Section| rubric.section(section).purpose.clone();
    let mut words = story.words.clone();
    let titled = !story.title.is_empty();
    let mut saved = Ok(0);
    let mut keep = |words: &Words| {
        words.clone_into(&mut story.words);
        story.changed = SystemClock.now();
        if !titled {
            story.title.clear();
            title_of(&mut story);
        }
        saved = history.put_story(&story);
    };
    let end = tell(&mut terminal, &mut words, &purpose, &mut keep);
    match saved {
        Ok(0) if story.words.is_blank() => writeln!(io::stderr(), "\nstarcue: nothing was typed, nothing was kept")?,
        Ok(0) => writeln!(io::stderr(), "\nstarcue: nothing was changed")?,
        Ok(number) => {
            writeln!(io::stderr())?;
            told(number, &story)?;
        }
        Err(e) => {
            let text = story.words.to_text();
            let beside = keep_beside("story.md", &text);
            let beside =
                beside.map_err(|why| anyhow!("{e}; nor could it be written beside ({why}). Here it is:\n\n{text}"))?;
            bail!("{e}. Your story is kept in {0}; take it in with: starcue story add --file {0}", beside.display());
        }
    }
    match end {
        Ok(()) | Err(Stop::Ended) => Ok(Status::Done),
        Err(Stop::Interrupted) => Ok(Status::Interrupted),
        Err(Stop::Failed(e)) => Err(e.into()),
    }
}

fn told(number: i64, story: &Story) -> io::Result<()> {
    let title = clean(&story.title);
    writeln!(io::stderr(), "starcue: story {number} is kept: {title}")?;
    if story.links.is_empty() {
        writeln!(io::stderr(), "Say what it can answer: starcue story link {number} THEME")?;
    }
    Ok(())
}

/// Where nobody says a title, the first words are it.
fn title_of(story: &mut Story) {
    const WORDS: usize = 8;
    if story.title.is_empty() {
        let answer = story.words.answer();
        let first = answer.text().split(['.', '!', '?', '\n']).find(|s| !s.trim().is_empty()).unwrap_or_default();
        let words: Vec<&str> = first.split_whitespace().take(WORDS).collect();
        story.title = console::truncate_str(&words.join(" "), 60, "").trim_end_matches(',').to_owned();
    }
}

/// The story in a file.
fn from_file(library: &Library, file: &Path, from: Option<InputFormat>) -> Result<Words> {
    let path = (file.as_os_str() != "-").then(|| file.to_path_buf());
    let format = from.or_else(|| InputFormat::of(file)).unwrap_or(InputFormat::Text);
    if path.is_none() && io::stdin().is_terminal() {
        writeln!(io::stderr(), "starcue: reading standard input; Ctrl-D ends it")?;
    }
    let input = Input { path, name: file.to_string_lossy().into(), format, bytes: None };
    let name = file.display();
    match batch::first(&input) {
        Some(Ok(record)) => by_section(library, &record.answer),
        Some(Err(bad)) => bail!("`{name}`: {} [{}]", bad.message, bad.code),
        None => bail!("`{name}` is empty"),
    }
}

/// An answer by section: as it was written, else as the engine cuts it.
fn by_section(library: &Library, answer: &Answer) -> Result<Words> {
    let mut sections: [String; 4] = Default::default();
    let mut add = |section: Section, text: &str| {
        let to = &mut sections[section.index()];
        if !to.is_empty() {
            to.push(' ');
        }
        to.push_str(text.trim());
    };
    if answer.parts().iter().any(|p| p.kind == PartKind::Whole) {
        let rubric = library.rubric("behavioural")?;
        let mut at = Section::Situation;
        for sentence in assess(&rubric, Asked::default(), answer).sentences {
            // An aside stays where it was said.
            at = sentence.section.unwrap_or(at);
            add(at, answer.text().get(sentence.start..sentence.end).unwrap_or_default());
        }
    } else {
        for part in answer.parts() {
            match part.kind {
                PartKind::Section(section) => add(section, &answer.text()[part.range.clone()]),
                // What was said to a follow-up is more of what one did.
                PartKind::Whole | PartKind::Reply => add(Section::Action, &answer.text()[part.range.clone()]),
            }
        }
    }
    Ok(Words { form: Form::Sections(sections.map(|s| tidy(&s))), replies: Vec::new() })
}
