//! `history compare`: what changed from one attempt to another.

use super::super::data::DataArgs;
use super::super::{Context, Status, write_json, write_line};
use super::show::{Remarks, judge_today, titles};
use super::{To, attempt, nothing_yet, number};
use crate::Assessment;
use crate::history::{Attempt, Clock as _, History, SystemClock, assessment_of, moment};
use crate::practice::{Change, RubricJudge};
use crate::report::{Paper, clean, clean_lines, level_word};
use crate::words::{Words, heading};
use crate::{Section, Tenths};
use anyhow::{Result, anyhow, bail};
use serde::Serialize;
use std::io::{self, Write as _};

/// Narrowest terminal in which two texts stand side by side.
const SIDE_BY_SIDE: usize = 96;

/// Compare two attempts: findings fixed, new and still there, points by rule, both texts
///
/// Both texts are judged by today's rubric, so that the difference is one of the answers. With one
/// number, the attempt is compared with the one before it: the one that it revises, or the last
/// answer to the same question. With none, the newest is.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Number of the earlier attempt; alone, the later one
    first: Option<i64>,
    /// Number of the later attempt
    second: Option<i64>,
    /// How the difference is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// One side of a comparison.
struct Side {
    number: i64,
    attempt: Attempt,
    assessment: Assessment,
}

/// Compares.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(history) = data.history(context)? else { return nothing_yet(data, context) };
    let Some((before, after)) = which(args, data, context, &history)? else { return nothing_yet(data, context) };
    let library = context.library()?;
    let (before, after) = ((before, attempt(&history, before)?), (after, attempt(&history, after)?));
    let (rubric, gone) = titles(library, &after.1.digest.rubric)?;
    let side = |(number, attempt): (i64, Attempt)| -> Result<Side> {
        let assessment = if gone {
            let answer = attempt.words.answer();
            assessment_of(&attempt.assessment, answer.text()).map_err(|e| anyhow!("attempt {number}: {e}"))?
        } else {
            judge_today(library, &rubric, &attempt)
        };
        Ok(Side { number, attempt, assessment })
    };
    let (before, after) = (side(before)?, side(after)?);
    let mut change = Change::between(&before.assessment, &after.assessment);
    let mut remarks = Remarks::new(&history);
    for side in [&before, &after] {
        let said = remarks.of(side.number, &side.attempt, &side.assessment)?;
        change.dismissed.extend(said.into_iter().map(|n| n.finding));
    }
    let mut out = context.out();
    match args.to {
        To::Human => {
            let judge = RubricJudge { rubric, question: None, text: after.attempt.topic.text.clone() };
            human(&before, &after, &change, &judge, &mut Paper::new(&mut out, context.look))?;
        }
        To::Json => write_json(&mut out, &Json::new(&before, &after, &change))?,
        To::Jsonl => {
            write_line(&mut out, &Json::new(&before, &after, &change))?;
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// The numbers that are meant, earlier first.
fn which(args: &Args, data: &DataArgs, context: &Context, history: &History) -> Result<Option<(i64, i64)>> {
    if let (Some(first), Some(second)) = (args.first, args.second) {
        return Ok(Some((first, second)));
    }
    let Some(after) = number(history, data, context, args.first)? else { return Ok(None) };
    attempt(history, after)?;
    match history.before(after)? {
        Some(before) => Ok(Some((before, after))),
        None => bail!("attempt {after} is the first at its question; name two: starcue history compare A B"),
    }
}

fn human(before: &Side, after: &Side, change: &Change, judge: &RubricJudge<'_>, paper: &mut Paper<'_>) -> Result<()> {
    let look = paper.look;
    let zone = SystemClock.zone();
    let (asked, old) = (clean(&after.attempt.topic.text), clean(&before.attempt.topic.text));
    paper.faint("", &asked)?;
    if asked != old {
        paper.faint("", &format!("Attempt {} answers another question: {old}", before.number))?;
    }
    let names = [before, after].map(|s| format!("Attempt {}, {}", s.number, moment(s.attempt.at, &zone)));
    paper.line(&names.join(look.sign(" → ", " -> ")))?;
    paper.out.write_all(look.plainly(&change.report(judge, &look)).as_bytes())?;
    for side in [before, after] {
        let then = side.attempt.digest.score;
        if then != side.assessment.score {
            let text = format!("Attempt {} had {then} points when it was saved: the rubric has changed.", side.number);
            paper.faint("  ", &text)?;
        }
    }
    let columns = paper.look.width >= SIDE_BY_SIDE && !look.plain;
    if columns {
        let width = paper.look.width.saturating_sub(5) / 2;
        let left = console::pad_str(&names[0], width, console::Alignment::Left, None).into_owned();
        paper.line("")?;
        paper.line(&look.faint(&format!("  {left} │ {}", names[1])))?;
    }
    for (title, [old, new]) in passages(&before.attempt.words, &after.attempt.words) {
        paper.heading(&title)?;
        if old == new {
            paper.faint("  ", "as before")?;
            paper.prose("  ", &new)?;
        } else if columns {
            beside(paper, &old, &new)?;
        } else {
            for (name, text) in names.iter().zip([&old, &new]) {
                paper.faint("  ", name)?;
                paper.prose("    ", if text.is_empty() { "(nothing)" } else { text })?;
            }
        }
    }
    Ok(())
}

/// What is set against what: sections where both answers have them, else the whole; then replies.
fn passages(old: &Words, new: &Words) -> Vec<(String, [String; 2])> {
    let mut passages = Vec::new();
    let text = |words: &Words| words.without_replies().answer().text().to_owned();
    if old.is_free() || new.is_free() {
        passages.push(("Answer".to_owned(), [text(old), text(new)]));
    } else {
        for section in Section::ALL {
            let of = |words: &Words| words.answer().section(section).trim().to_owned();
            passages.push((heading(section).to_owned(), [of(old), of(new)]));
        }
    }
    let replies = |words: &Words| -> String {
        let list = words.replies.iter().map(|r| format!("{} {}", r.probe, r.text.trim()));
        list.collect::<Vec<_>>().join("\n\n")
    };
    passages.push(("Follow-ups".to_owned(), [replies(old), replies(new)]));
    passages.retain(|(_, [old, new])| !old.is_empty() || !new.is_empty());
    passages
}

/// Two texts in two columns, a bar between them.
fn beside(paper: &mut Paper<'_>, old: &str, new: &str) -> io::Result<()> {
    let width = paper.look.width.saturating_sub(5) / 2;
    let wrap = |text: &str| -> Vec<String> {
        let text = clean_lines(text);
        text.lines()
            .flat_map(|l| textwrap::wrap(l, width).into_iter().map(|l| l.into_owned()).collect::<Vec<_>>())
            .collect()
    };
    let (old, new) = (wrap(old), wrap(new));
    let pad = |text: &str| console::pad_str(text, width, console::Alignment::Left, None).into_owned();
    let look = paper.look;
    for i in 0..old.len().max(new.len()) {
        let cell = |lines: &[String]| lines.get(i).cloned().unwrap_or_default();
        paper.line(&format!("  {} {} {}", pad(&cell(&old)), look.faint("│"), cell(&new)))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Json<'a> {
    schema: &'a str,
    before: JsonSide<'a>,
    after: JsonSide<'a>,
    gain: Tenths,
    fixed: &'a [String],
    new: &'a [String],
    still: &'a [String],
    gained: &'a [String],
    lost: &'a [String],
    dismissed: &'a [String],
    sections: Vec<JsonSection>,
    points: Vec<JsonPoints<'a>>,
}

#[derive(Serialize)]
struct JsonSide<'a> {
    number: i64,
    id: &'a str,
    at: String,
    score: Tenths,
    band: u8,
    score_when_saved: Tenths,
}

#[derive(Serialize)]
struct JsonSection {
    section: &'static str,
    before: &'static str,
    after: &'static str,
}

#[derive(Serialize)]
struct JsonPoints<'a> {
    rule: &'a str,
    points: Tenths,
}

impl<'a> Json<'a> {
    fn new(before: &'a Side, after: &'a Side, change: &'a Change) -> Self {
        let side = |s: &'a Side| JsonSide {
            number: s.number,
            id: &s.attempt.uid,
            at: s.attempt.at.to_string(),
            score: s.assessment.score,
            band: s.assessment.band,
            score_when_saved: s.attempt.digest.score,
        };
        let sections = change.sections.iter();
        Self {
            schema: "starcue.comparison/1",
            before: side(before),
            after: side(after),
            gain: Tenths(change.score[1].0 - change.score[0].0),
            fixed: &change.fixed,
            new: &change.new,
            still: &change.still,
            gained: &change.gained,
            lost: &change.lost,
            dismissed: &change.dismissed,
            sections: sections
                .map(|(s, b, a)| JsonSection { section: s.id(), before: level_word(*b), after: level_word(*a) })
                .collect(),
            points: change.points.iter().map(|(rule, points)| JsonPoints { rule, points: *points }).collect(),
        }
    }
}
