//! `mock agreement`: coaches and the tool, coaches and coaches.

use super::kept::of;
use crate::Section;
use crate::cli::data::DataArgs;
use crate::cli::{Context, Status, To, write_json};
use crate::mock::agreement::{Agreement, TOOL, Verdict, agreements};
use crate::report::{Paper, clean};
use anyhow::Result;
use std::collections::BTreeMap;
use std::io::{self, Write as _};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Count ratings too that were given after the tool's had been shown
    #[arg(long)]
    late: bool,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// Shows how far they agree.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(history) = data.history(context)? else {
        writeln!(io::stderr(), "starcue: there is no mock interview yet")?;
        return Ok(Status::Done);
    };
    let interviews = history.mocks(data.named_person())?.iter().map(of).collect::<Result<Vec<_>>>()?;
    let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
    for interview in &interviews {
        for turn in interview.turns.iter().filter(|t| !t.ratings.is_empty()) {
            let uid = interview.attempt_of(turn);
            if let Some((_, attempt)) = history.attempt_named(&uid)? {
                verdicts.insert(uid, (attempt.digest.band, attempt.digest.levels));
            }
        }
    }
    let list = agreements(&interviews, &|uid| verdicts.get(uid).copied(), args.late);
    let mut out = context.out();
    match args.to {
        To::Json => write_json(&mut out, &list)?,
        To::Human if list.is_empty() => {
            writeln!(
                io::stderr(),
                "starcue: no answer of a mock interview was rated yet; `starcue mock rate` takes ratings"
            )?;
        }
        To::Human => {
            let mut paper = Paper::new(&mut out, context.look);
            for a in &list {
                pair(&mut paper, a)?;
            }
            let how = "QWK is a kappa in which a disagreement by two bands counts four times one by a single band: 1 is full \
                       agreement, 0 what chance would give. The bias is by how much the first is the kinder. Few answers say little: \
                       with fewer than 30 take the figures as a hint.";
            paper.line("")?;
            paper.faint("", how)?;
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// One pair of raters.
pub(super) fn pair(paper: &mut Paper<'_>, a: &Agreement) -> io::Result<()> {
    let figure = |k: Option<f64>| k.map_or_else(|| "none".to_owned(), |k| format!("{k:.2}"));
    let second = if a.second == TOOL { "the tool".to_owned() } else { clean(&a.second) };
    paper.heading(&format!("{} and {second}", clean(&a.first)))?;
    let answers = if a.answers == 1 { "1 answer".to_owned() } else { format!("{} answers", a.answers) };
    let line = format!(
        "{answers}: QWK {}, same band {:.0} %, at most one apart {:.0} %, bias {:+.2}",
        figure(a.qwk),
        a.exact * 100.0,
        a.adjacent * 100.0,
        a.bias
    );
    paper.item("  ", &line)?;
    let sections: Vec<String> = Section::ALL.iter().map(|s| format!("{s} {}", figure(a.sections[s.index()]))).collect();
    paper.item("  ", &format!("by section: {}", sections.join(", ")))?;
    if a.late > 0 {
        paper.item("  ", &format!("{} of the ratings came after the tool's had been shown", a.late))?;
    }
    Ok(())
}
