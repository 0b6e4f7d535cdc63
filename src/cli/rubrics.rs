//! `starcue rubrics`: list the rubrics and show what one looks for.

use super::explain::RuleJson;
use super::{Context, Status, To, attempt, write_json};
use crate::report::{Paper, clean};
use crate::{Family, Rubric, RubricError, RuleInfo, Section};
use anyhow::{Result, anyhow};
use clap::Subcommand;
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;

/// List the rubrics, and show what one looks for
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  starcue rubrics                        what there is
  starcue rubrics show behavioural       bands, sections, behaviours, motivations, minefields
  starcue rubrics try listens \"I let her finish.\"    how a rule sees a text, and why it fired or not
  starcue explain no-resolution          one rule with its cues and examples"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the rubrics (the same as no word at all)
    List {
        /// How they are written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
    /// Show one rubric
    Show {
        /// Id of the rubric
        id: String,
        /// How it is written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
    /// Show how a rule sees a text: sentences, clauses, actors, moods, cues, and why they count or not
    Try(attempt::Args),
}

/// Lists or shows rubrics.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let library = context.library()?;
    let mut out = context.out();
    match args.verb.unwrap_or(Verb::List { to: args.to }) {
        Verb::List { to } => {
            let rubrics = library.rubric_ids().map(|id| library.rubric(id)).collect::<Result<Vec<_>, _>>()?;
            match to {
                To::Json => write_json(&mut out, &rubrics.iter().map(|r| Brief::new(r)).collect::<Vec<_>>())?,
                To::Human => list(&mut Paper::new(&mut out, context.look), &rubrics)?,
            }
        }
        Verb::Show { id, to } => {
            let rubric = library.rubric(&id).map_err(|e| match e {
                RubricError::Unknown { near: None, .. } => anyhow!("{e}; `starcue rubrics` lists them"),
                e => anyhow!(e),
            })?;
            match to {
                To::Json => write_json(&mut out, &Whole::new(&rubric))?,
                To::Human => show(&mut Paper::new(&mut out, context.look), &rubric)?,
            }
        }
        Verb::Try(args) => return attempt::run(&args, context),
    }
    out.flush()?;
    Ok(Status::Done)
}

fn list(paper: &mut Paper<'_>, rubrics: &[Arc<Rubric>]) -> io::Result<()> {
    for rubric in rubrics {
        let extends = rubric.extends.as_ref().map(|e| format!(" (extends {})", clean(e))).unwrap_or_default();
        paper.line(&format!("{}  {}{extends}", paper.look.heading(&clean(&rubric.id)), clean(&rubric.title)))?;
        paper.prose("  ", &rubric.description)?;
    }
    Ok(())
}

fn show(paper: &mut Paper<'_>, rubric: &Rubric) -> io::Result<()> {
    paper.item("", &paper.look.heading(&clean(&rubric.title)))?;
    let extends = rubric.extends.as_ref().map(|e| format!(", extends {e}")).unwrap_or_default();
    let version = rubric.version.as_ref().map(|v| format!(", version {v}")).unwrap_or_default();
    paper.faint("", &clean(&format!("{}{extends}{version}, hash {}", rubric.id, rubric.hash)))?;
    paper.prose("", &rubric.description)?;
    paper.heading("Bands")?;
    for band in rubric.bands.iter().rev() {
        let lead = format!("  {}  {:<12} from {:>5}  ", band.band, clean(&band.title), band.from.to_string());
        paper.prose(&lead, &band.anchor)?;
    }
    paper.heading("Sections")?;
    for section in Section::ALL {
        let info = rubric.section(section);
        let text = format!("{} ({} to {} % of the words)", info.purpose, info.share[0], info.share[1]);
        paper.prose(&format!("  {:<11}", section.id()), &text)?;
    }
    for (family, heading) in
        [(Family::Behaviour, "Behaviours"), (Family::Motivation, "Motivations"), (Family::Minefield, "Minefields")]
    {
        rules(paper, rubric, family, heading)?;
    }
    paper.line("")?;
    paper.line(&paper.look.faint("`starcue explain ID` tells how each is detected."))
}

fn rules(paper: &mut Paper<'_>, rubric: &Rubric, family: Family, heading: &str) -> io::Result<()> {
    let rules: Vec<&RuleInfo> = rubric.rules().iter().filter(|r| r.family == family).collect();
    if rules.is_empty() {
        return Ok(());
    }
    paper.heading(heading)?;
    let widest = rules.iter().map(|r| r.id.len()).max().unwrap_or(0).min(28);
    for rule in rules {
        let grave = match (rule.severity, rule.cap) {
            (Some(severity), Some(cap)) => format!(" ({}, at most {cap})", severity.id()),
            (Some(severity), None) => format!(" ({})", severity.id()),
            _ => String::new(),
        };
        paper.prose(&format!("  {:<widest$}  ", clean(&rule.id)), &format!("{}{grave}", rule.title))?;
    }
    Ok(())
}

/// A rubric in a list.
#[derive(Debug, Serialize)]
struct Brief<'a> {
    id: &'a str,
    hash: &'a str,
    version: Option<&'a str>,
    title: &'a str,
    description: &'a str,
    extends: Option<&'a str>,
}

impl<'a> Brief<'a> {
    fn new(rubric: &'a Rubric) -> Self {
        Self {
            id: &rubric.id,
            hash: &rubric.hash,
            version: rubric.version.as_deref(),
            title: &rubric.title,
            description: &rubric.description,
            extends: rubric.extends.as_deref(),
        }
    }
}

/// The whole of a rubric.
#[derive(Debug, Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    brief: Brief<'a>,
    bands: Vec<BandJson<'a>>,
    sections: Vec<SectionJson<'a>>,
    behaviours: Vec<RuleJson>,
    motivations: Vec<RuleJson>,
    minefields: Vec<RuleJson>,
}

#[derive(Debug, Serialize)]
struct BandJson<'a> {
    band: u8,
    title: &'a str,
    from: crate::Tenths,
    anchor: &'a str,
}

#[derive(Debug, Serialize)]
struct SectionJson<'a> {
    id: &'static str,
    title: &'a str,
    purpose: &'a str,
    share: [u32; 2],
}

impl<'a> Whole<'a> {
    fn new(rubric: &'a Rubric) -> Self {
        let family = |family| rubric.rules().iter().filter(|r| r.family == family).map(RuleJson::new).collect();
        let sections = Section::ALL.into_iter().map(|section| {
            let info = rubric.section(section);
            SectionJson { id: section.id(), title: &info.title, purpose: &info.purpose, share: info.share }
        });
        let bands = rubric.bands.iter();
        Self {
            brief: Brief::new(rubric),
            bands: bands.map(|b| BandJson { band: b.band, title: &b.title, from: b.from, anchor: &b.anchor }).collect(),
            sections: sections.collect(),
            behaviours: family(Family::Behaviour),
            motivations: family(Family::Motivation),
            minefields: family(Family::Minefield),
        }
    }
}
