//! `questions search` and `questions like`.

use super::{Context, Filter, To, named, write_json};
use crate::Question;
use crate::bank::like;
use crate::bank::search;
use crate::report::{Paper, clean};
use anyhow::Result;
use serde::Serialize;
use std::io::{self, Write};

/// Find questions by words, the best first: in the question, its role and theme, key points, sample and tips
#[derive(Debug, clap::Args)]
pub(super) struct Search {
    /// Words; other forms of them count too
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    /// Show so many at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    #[command(flatten)]
    filter: Filter,
}

/// Find questions that are like another: the same motivations, minefields and behaviours, theme and words
#[derive(Debug, clap::Args)]
pub(super) struct Like {
    /// Id of the question
    id: String,
    /// Show so many at most
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    #[command(flatten)]
    filter: Filter,
}

/// A question that was found, for a script.
#[derive(Serialize)]
struct Line<'a, R: Serialize> {
    id: &'a str,
    text: &'a str,
    theme: &'a str,
    role: &'a str,
    function: &'a str,
    difficulty: &'a str,
    #[serde(flatten)]
    rank: R,
}

/// How a search ranks a question.
#[derive(Serialize)]
struct Rank {
    score: f64,
    words: usize,
}

impl<'a, R: Serialize> Line<'a, R> {
    fn new(q: &'a Question, rank: R) -> Self {
        Self {
            id: &q.id,
            text: &q.text,
            theme: &q.theme,
            role: &q.role,
            function: &q.function,
            difficulty: q.difficulty.id(),
            rank,
        }
    }
}

/// Searches.
pub(super) fn search(args: &Search, context: &Context, out: &mut dyn Write) -> Result<()> {
    let questions = context.library()?.questions();
    let words = args.words.join(" ");
    let all = search::search(questions, &words);
    let found: Vec<_> = all.iter().filter(|f| args.filter.lets(f.question)).collect();
    let shown = &found[..found.len().min(args.limit.into())];
    match args.filter.to {
        To::Json => {
            let rank = |f: &search::Found<'_>| Rank { score: round(f.score), words: f.words };
            write_json(out, &shown.iter().map(|f| Line::new(f.question, rank(f))).collect::<Vec<_>>())?;
        }
        To::Human if shown.is_empty() => {
            let meant = search::meant(questions, &words)
                .map(|(wrong, near)| format!("no question has `{}`; did you mean `{near}`?", clean(&wrong)));
            let hint = meant
                .or_else(|| args.filter.hint(questions))
                .unwrap_or_else(|| "try fewer filters or other words".into());
            writeln!(io::stderr(), "starcue: nothing is found in {} questions: {hint}", questions.len())?;
        }
        To::Human => {
            let mut paper = Paper::new(out, context.look);
            for f in shown {
                row(&mut paper, f.question, "")?;
            }
            rest(&mut paper, found.len(), shown.len())?;
        }
    }
    Ok(())
}

/// Finds what is like a question.
pub(super) fn like(args: &Like, context: &Context, out: &mut dyn Write) -> Result<()> {
    let library = context.library()?;
    let to = named(library, &args.id)?;
    let mut alike = like::like(library.questions(), to);
    alike.retain(|a| args.filter.lets(a.question));
    alike.truncate(args.limit.into());
    match args.filter.to {
        To::Json => {
            let mut lines = Vec::new();
            for a in &alike {
                let mut rank = serde_json::to_value(a)?;
                rank["score"] = round(a.score).into();
                lines.push(Line::new(a.question, rank));
            }
            write_json(out, &lines)?;
        }
        To::Human if alike.is_empty() => {
            writeln!(io::stderr(), "starcue: no other question is like that: try fewer filters")?;
        }
        To::Human => {
            let mut paper = Paper::new(out, context.look);
            paper.item("", &paper.look.heading(&clean(&to.text)))?;
            for a in &alike {
                row(&mut paper, a.question, &a.why())?;
            }
        }
    }
    Ok(())
}

/// One found question: id and place, its text, and why it is here.
fn row(paper: &mut Paper<'_>, q: &Question, why: &str) -> io::Result<()> {
    let sign = paper.look.sign(" · ", ", ");
    let facts = [&q.theme, &q.role, q.difficulty.id()].map(clean).join(sign);
    paper.line(&format!("{}  {}", clean(&q.id), paper.look.faint(&facts)))?;
    paper.item("    ", &clean(&q.text))?;
    if why.is_empty() { Ok(()) } else { paper.faint("    ", &clean(why)) }
}

fn rest(paper: &mut Paper<'_>, found: usize, shown: usize) -> io::Result<()> {
    match found - shown {
        0 => Ok(()),
        more => paper.line(&paper.look.faint(&format!("… and {more} more: --limit {found} shows them"))),
    }
}

/// A score with as many digits as mean something.
fn round(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}
