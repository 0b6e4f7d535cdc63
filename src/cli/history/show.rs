//! `history show`: one attempt with its assessment.

use super::super::data::DataArgs;
use super::super::{Context, Status};
use super::{To, attempt, nothing_yet, number};
use crate::history::{Attempt, Clock as _, Dismissed, History, SystemClock, assessment_of, moment, transfer};
use crate::report::{Paper, Remark, View, clean, terminal};
use crate::{Asked, Assessment, Library, Rubric, RubricError, assess};
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

/// Show one attempt: what was said, and the assessment that it got
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Number of the attempt [default: the newest]
    number: Option<i64>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Shows.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(history) = data.history(context)? else {
        return match args.number {
            Some(number) => Err(anyhow!("there is no attempt {number}: there is no history yet")),
            None => nothing_yet(data, context),
        };
    };
    let Some(id) = number(&history, data, context, args.number)? else { return nothing_yet(data, context) };
    let attempt = attempt(&history, id)?;
    let mut out = context.out();
    match args.to {
        To::Json | To::Jsonl => {
            transfer::write_attempt(&history, &attempt, id, &mut out)?;
        }
        To::Human => human(&history, id, &attempt, context, &mut Paper::new(&mut out, context.look))?,
    }
    out.flush()?;
    Ok(Status::Done)
}

fn human(history: &History, id: i64, a: &Attempt, context: &Context, paper: &mut Paper<'_>) -> Result<()> {
    let library = context.library()?;
    let answer = a.words.answer();
    let assessment = assessment_of(&a.assessment, answer.text()).map_err(|e| anyhow!("attempt {id}: {e}"))?;
    let (rubric, gone) = titles(library, &a.digest.rubric)?;

    let zone = SystemClock.zone();
    paper.line(&paper.look.heading(&format!("Attempt {id} of {}, {}", clean(&a.person), moment(a.at, &zone))))?;
    let mut facts: Vec<String> = a.topic.theme.iter().map(|t| clean(t)).collect();
    facts.push(a.mode.id().to_owned());
    facts.extend(a.seconds.map(|s| format!("{s} s long")));
    facts.extend(a.self_band.map(|b| format!("you gave it band {b}")));
    paper.faint("", &facts.join(paper.look.sign(" · ", ", ")))?;
    if let Some(uid) = &a.story
        && let Some((number, story)) = history.story_named(uid)?
    {
        paper.faint("", &format!("It tells story {number}: {}", clean(&story.title)))?;
    }
    if let Some(parent) = &a.parent {
        match history.id_of(parent)? {
            Some(parent) => {
                paper.faint("", &format!("It revises attempt {parent}: starcue history compare {parent} {id}"))?;
            }
            None => paper.faint("", "It revises an attempt that is no longer there.")?,
        }
    }
    for later in history.revisions(&a.uid)? {
        paper.faint("", &format!("Revised by attempt {later}: starcue history compare {id} {later}"))?;
    }
    paper.line("")?;
    let asked = clean(&a.topic.text);
    let remarks = Remarks::new(history).of(id, a, &assessment)?;
    let view = View {
        assessment: &assessment,
        rubric: &rubric,
        question: Some(&asked),
        text: answer.text(),
        remarks: &remarks,
        delivery: a.delivery(),
    };
    let look = paper.look;
    terminal::assessment(paper.out, &look, &view)?;
    if gone {
        paper.line("")?;
        return Ok(paper.faint("", &format!("The rubric `{}` is no longer there.", clean(&a.digest.rubric)))?);
    }
    if *assessment.rubric_hash != *rubric.hash {
        let today = judge_today(library, &rubric, a);
        let text = format!(
            "This was judged by an earlier form of the rubric. Today's gives {} of 100, band {} of 5.",
            today.score, today.band
        );
        paper.line("")?;
        paper.faint("", &text)?;
    }
    Ok(())
}

/// What is said beside findings that were dismissed; the dismissals of a person are read once.
pub(in crate::cli) struct Remarks<'h> {
    history: &'h History,
    by_person: BTreeMap<String, Dismissed>,
}

impl<'h> Remarks<'h> {
    /// Nothing is read yet.
    pub(in crate::cli) const fn new(history: &'h History) -> Self {
        Self { history, by_person: BTreeMap::new() }
    }

    /// What a person has dismissed.
    pub(in crate::cli) fn of_person(&mut self, person: &str) -> Result<&Dismissed> {
        if !self.by_person.contains_key(person) {
            let dismissed = Dismissed::new(self.history.dismissals(Some(person))?);
            self.by_person.insert(person.to_owned(), dismissed);
        }
        Ok(&self.by_person[person])
    }

    /// What is said beside the findings of an attempt.
    pub(in crate::cli) fn of(&mut self, id: i64, a: &Attempt, assessment: &Assessment) -> Result<Vec<Remark>> {
        let dismissed = self.of_person(&a.person)?;
        let answer = a.words.answer();
        let covered = dismissed.all(assessment, answer.text(), id).into_iter();
        Ok(covered.map(|(finding, p)| Remark { finding: finding.to_owned(), text: clean(&p.note(id)) }).collect())
    }
}

/// The rubric with this id and `false`; where it is gone, one that knows the common titles and `true`.
pub(in crate::cli) fn titles(library: &Library, id: &str) -> Result<(Arc<Rubric>, bool)> {
    match library.rubric(id) {
        Ok(rubric) => Ok((rubric, false)),
        Err(RubricError::Unknown { .. }) => Ok((library.rubric("behavioural")?, true)),
        Err(e) => Err(e.into()),
    }
}

/// What a rubric of today says of an old answer.
pub(in crate::cli) fn judge_today(library: &Library, rubric: &Rubric, a: &Attempt) -> Assessment {
    let question = a.topic.id.as_deref().and_then(|id| library.question(id));
    assess(rubric, question.map_or_else(|| Asked::text(&a.topic.text), Asked::bank), &a.words.answer())
}
