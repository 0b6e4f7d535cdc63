//! `story list` and `story show`.

use super::{To, none_yet, story};
use crate::cli::data::DataArgs;
use crate::cli::{Context, Status, write_json, write_line};
use crate::history::{Clock as _, Link, Story, SystemClock, Which, moment, transfer};
use crate::report::{Paper, clean};
use crate::words::{Form, heading};
use crate::{Library, Section};
use anyhow::Result;
use serde::Serialize;
use std::io::Write as _;

/// List your stories (the same as no word at all)
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

impl Default for List {
    fn default() -> Self {
        Self { to: To::Human }
    }
}

/// Show one story: its sections, what it can answer, and the answers that told it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Number of the story
    number: i64,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

#[derive(Serialize)]
struct Row<'a> {
    number: i64,
    id: &'a str,
    person: &'a str,
    title: &'a str,
    at: String,
    changed: String,
    questions: Vec<&'a str>,
    themes: Vec<&'a str>,
    words: usize,
    missing: Vec<&'static str>,
}

impl<'a> Row<'a> {
    fn new(number: i64, s: &'a Story) -> Self {
        let of = |kind: &str| s.links.iter().filter(|l| l.kind() == kind).map(Link::target).collect();
        Self {
            number,
            id: &s.uid,
            person: &s.person,
            title: &s.title,
            at: s.at.to_string(),
            changed: s.changed.to_string(),
            questions: of("question"),
            themes: of("theme"),
            words: s.words.count(),
            missing: missing(s).map(Section::id).collect(),
        }
    }
}

/// The sections in which nothing stands.
fn missing(s: &Story) -> impl Iterator<Item = Section> {
    let blank = match &s.words.form {
        Form::Sections(sections) => sections.each_ref().map(|text| text.trim().is_empty()),
        Form::Free(_) => [false; 4],
    };
    Section::ALL.into_iter().filter(move |section| blank[section.index()])
}

/// Lists.
pub(super) fn list(args: &List, data: &DataArgs, context: &Context) -> Result<Status> {
    let person = data.person(context);
    let history = data.history(context)?;
    let stories = history.map_or_else(|| Ok(Vec::new()), |h| h.stories(Some(person)))?;
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &stories.iter().map(|(n, s)| Row::new(*n, s)).collect::<Vec<_>>())?,
        To::Jsonl => {
            for (number, story) in &stories {
                write_line(&mut out, &Row::new(*number, story))?;
            }
        }
        To::Human if stories.is_empty() => return none_yet(data, context),
        To::Human => {
            let mut paper = Paper::new(&mut out, context.look);
            for (number, story) in &stories {
                let lead = format!("{number:>4}  ");
                paper.item(&lead, &paper.look.heading(&clean(&story.title)))?;
                let mut facts = vec![format!("{} words", story.words.count())];
                let gaps: Vec<&str> = missing(story).map(Section::id).collect();
                if !gaps.is_empty() {
                    facts.push(format!("no {}", gaps.join(", no ")));
                }
                let links: Vec<String> = story.links.iter().map(|l| clean(l.target())).collect();
                facts.push(if links.is_empty() { "linked to nothing".to_owned() } else { links.join(", ") });
                paper.faint("      ", &facts.join(paper.look.sign(" · ", "; ")))?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// Shows.
pub(super) fn show(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let history = data.history(context)?;
    let story = story(history.as_ref(), args.number)?;
    let mut out = context.out();
    if args.to != To::Human {
        transfer::write_story(&story, true, &mut out)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(Status::Done);
    }
    let library = context.library()?;
    let zone = SystemClock.zone();
    let mut paper = Paper::new(&mut out, context.look);
    paper.line(&paper.look.heading(&format!("Story {}: {}", args.number, clean(&story.title))))?;
    paper.faint("", &format!("of {}, changed {}", clean(&story.person), moment(story.changed, &zone)))?;
    match &story.words.form {
        Form::Sections(sections) => {
            for (section, text) in Section::ALL.into_iter().zip(sections) {
                paper.heading(heading(section))?;
                if text.trim().is_empty() {
                    paper.faint("  ", &format!("nothing yet: starcue story edit {}", args.number))?;
                } else {
                    paper.prose("  ", text)?;
                }
            }
        }
        Form::Free(text) => {
            paper.line("")?;
            paper.prose("  ", text)?;
        }
    }
    paper.heading("It can answer")?;
    if story.links.is_empty() {
        paper.faint("  ", &format!("nothing yet: starcue story link {} THEME", args.number))?;
    }
    for link in &story.links {
        paper.item(&format!("  {} ", paper.bullet()), &linked(library, link))?;
    }
    if let Some(history) = &history {
        let which = Which { person: Some(story.person.clone()), ..Which::default() };
        let told: Vec<_> =
            history.list(&which)?.into_iter().filter(|e| e.story.as_deref() == Some(&story.uid)).collect();
        if !told.is_empty() {
            paper.heading("Answers that told it")?;
        }
        for e in told {
            let text = format!(
                "{}, {}: {} of 100, band {}: {}",
                e.id,
                moment(e.at, &zone),
                e.digest.score,
                e.digest.band,
                clean(&e.topic.text)
            );
            paper.item(&format!("  {} ", paper.bullet()), &text)?;
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

fn linked(library: &Library, link: &Link) -> String {
    clean(&match link {
        Link::Theme(theme) => format!("any question of the theme {theme}"),
        Link::Question(id) => match library.question(id) {
            Some(question) => format!("{} ({id})", question.text),
            None => format!("{id} (no longer in the bank)"),
        },
    })
}
