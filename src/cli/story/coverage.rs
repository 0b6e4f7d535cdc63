//! `story coverage`: stories against themes, and where the holes are.

use super::{To, count};
use crate::cli::data::DataArgs;
use crate::cli::{Context, Status, write_json, write_line};
use crate::history::coverage::{Cover, Row, coverage};
use crate::history::{Story, Which};
use crate::report::{Paper, clean};
use anyhow::Result;
use console::{Alignment, Style, measure_text_width, pad_str};
use serde::Serialize;
use std::io::{self, Write as _};

/// Show which stories can answer which themes, and where there is a hole
///
/// A story covers a theme that it is linked to, the themes of its questions, and those for which you
/// have told it in `practice`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Shows.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let person = data.person(context);
    let history = data.history(context)?;
    let (stories, entries) = match &history {
        Some(history) => {
            let which = Which { person: Some(person.to_owned()), ..Which::default() };
            (history.stories(Some(person))?, history.list(&which)?)
        }
        None => Default::default(),
    };
    let rows = coverage(&stories, &entries, context.library()?.questions());
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &Json::new(person, &stories, &rows))?,
        To::Jsonl => {
            write_line(&mut out, &Json::new(person, &stories, &rows))?;
        }
        To::Human => human(&stories, &rows, &mut Paper::new(&mut out, context.look))?,
    }
    out.flush()?;
    Ok(Status::Done)
}

fn human(stories: &[(i64, Story)], rows: &[Row], paper: &mut Paper<'_>) -> io::Result<()> {
    let covered = rows.iter().filter(|r| !r.covers.is_empty()).count();
    let head = format!("{}, {covered} of {} themes covered", count(stories.len()), rows.len());
    paper.line(&paper.look.heading(&head))?;
    if !stories.is_empty() {
        let widest = rows.iter().map(|r| measure_text_width(&clean(&r.theme))).max().unwrap_or(0);
        let cells: usize = stories.iter().map(|(n, _)| cell_width(*n) + 2).sum();
        paper.line("")?;
        // A table is hard to hear: it stands only where there is room, and somebody to see it.
        if !paper.look.plain && widest + cells + 2 <= paper.look.width {
            table(stories, rows, widest, paper)?;
        } else {
            linear(stories, rows, paper)?;
        }
    }
    holes(rows, paper)?;
    let idle = |at: usize| !rows.iter().any(|r| r.covers.iter().any(|c| c.story == at));
    let idle: Vec<&(i64, Story)> = stories.iter().enumerate().filter(|(at, _)| idle(*at)).map(|(_, s)| s).collect();
    if !idle.is_empty() {
        paper.heading("Stories that answer nothing yet")?;
        for (number, story) in idle {
            paper.item(&format!("  {number}  "), &clean(&story.title))?;
        }
        paper.line("Link one: starcue story link NUMBER THEME")?;
    }
    Ok(())
}

fn cell_width(number: i64) -> usize {
    number.to_string().len().max(2)
}

fn table(stories: &[(i64, Story)], rows: &[Row], widest: usize, paper: &mut Paper<'_>) -> io::Result<()> {
    let look = paper.look;
    let numbers: String = stories.iter().map(|(n, _)| format!("  {n:>w$}", w = cell_width(*n))).collect();
    paper.line(&look.faint(&format!("  {:widest$}{numbers}", "Story")))?;
    for row in rows {
        let name = pad_str(&clean(&row.theme), widest, Alignment::Left, None).into_owned();
        let mut line = format!("  {name}");
        for (at, (number, _)) in stories.iter().enumerate() {
            let (sign, style) = match row.covers.iter().find(|c| c.story == at) {
                Some(Cover { band: Some(band), .. }) => (format!("●{band}"), Style::new().green()),
                Some(_) => ("○".to_owned(), Style::new()),
                None => ("·".to_owned(), Style::new().dim()),
            };
            let sign = pad_str(&sign, cell_width(*number), Alignment::Right, None).into_owned();
            line.push_str(&format!("  {}", look.paint(style, &sign)));
        }
        paper.line(&line)?;
    }
    paper.line("")?;
    for (number, story) in stories {
        paper.item(&format!("  {number:>4}  "), &clean(&story.title))?;
    }
    paper.faint("  ", "● told, with its best band   ○ linked, not told yet   · not covered")
}

fn linear(stories: &[(i64, Story)], rows: &[Row], paper: &mut Paper<'_>) -> io::Result<()> {
    for row in rows.iter().filter(|r| !r.covers.is_empty()) {
        let list: Vec<String> = row
            .covers
            .iter()
            .map(|c| {
                let (number, story) = &stories[c.story];
                let told = c.band.map_or_else(|| "not told yet".to_owned(), |b| format!("told, best band {b}"));
                format!("story {number} ({}): {told}", clean(&story.title))
            })
            .collect();
        paper.item("  ", &format!("{}: {}.", clean(&row.theme), list.join("; ")))?;
    }
    Ok(())
}

fn holes(rows: &[Row], paper: &mut Paper<'_>) -> io::Result<()> {
    let holes: Vec<&Row> = rows.iter().filter(|r| r.covers.is_empty()).collect();
    if holes.is_empty() {
        return paper.line("\nNo holes: every theme has a story.");
    }
    paper.heading("Holes: themes without a story")?;
    for row in holes {
        let fits = row.fits.as_deref().map_or_else(String::new, |f| format!(": {}", clean(f)));
        paper.item(&format!("  {} ", paper.bullet()), &format!("{}{fits}", clean(&row.theme)))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Json<'a> {
    schema: &'a str,
    person: &'a str,
    stories: Vec<JsonStory<'a>>,
    themes: Vec<JsonTheme<'a>>,
    holes: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonStory<'a> {
    number: i64,
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct JsonTheme<'a> {
    theme: &'a str,
    questions: usize,
    stories: Vec<JsonCover>,
}

#[derive(Serialize)]
struct JsonCover {
    number: i64,
    best_band: Option<u8>,
}

impl<'a> Json<'a> {
    fn new(person: &'a str, stories: &'a [(i64, Story)], rows: &'a [Row]) -> Self {
        let cover = |c: &Cover| JsonCover { number: stories[c.story].0, best_band: c.band };
        Self {
            schema: "starcue.coverage/1",
            person,
            stories: stories
                .iter()
                .map(|(number, s)| JsonStory { number: *number, id: &s.uid, title: &s.title })
                .collect(),
            themes: rows
                .iter()
                .map(|r| JsonTheme {
                    theme: &r.theme,
                    questions: r.questions,
                    stories: r.covers.iter().map(cover).collect(),
                })
                .collect(),
            holes: rows.iter().filter(|r| r.covers.is_empty()).map(|r| r.theme.as_str()).collect(),
        }
    }
}
