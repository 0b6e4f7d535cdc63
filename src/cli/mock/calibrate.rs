//! `mock calibrate`: answers of known bands for new raters.

use super::numbers::pair;
use super::run::{name, said, stopped};
use crate::Section;
use crate::cli::data::judges;
use crate::cli::{Context, Status};
use crate::mock::agreement::Pairs;
use crate::mock::{calibration, coach};
use crate::practice::{Interrupt, Prompter as _, Terminal};
use crate::report::{Paper, level_word};
use anyhow::{Result, anyhow, bail};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Your name
    #[arg(long, value_name = "NAME", default_value = "you")]
    coach: String,
}

/// Has the set rated; shows the known bands and the agreement at the end.
pub(super) fn run(args: &Args, context: &Context) -> Result<Status> {
    let Some(mut terminal) = Terminal::open(context.look) else {
        bail!("`mock calibrate` is a conversation and needs a terminal")
    };
    terminal.interrupt = Interrupt::watch()?;
    let rater = name(&args.coach);
    let set = calibration::set().map_err(|why| anyhow!(why))?;
    let judges = judges(context.library()?);
    let judge = judges("behavioural", None, "").map_err(|why| anyhow!(why))?;
    let mut pairs = Pairs::default();
    let mut told = String::new();
    let look = terminal.look();
    for (i, known) in set.iter().enumerate() {
        said(&mut terminal, &format!("\nAnswer {} of {}\n", i + 1, set.len()))?;
        let mut desk = coach::Desk { prompter: &mut terminal, rater: &rater, now: String::new() };
        if stopped(desk.show(&known.question, &known.answer))?.is_none() {
            break;
        }
        let Some(rated) = stopped(desk.rate(&*judge, true))? else { break };
        let Some(rating) = rated else { continue };
        pairs.add((rating.overall, rating.sections), (known.band, known.levels.map(Some)), true);
        let mut bytes = Vec::new();
        let mut paper = Paper::new(&mut bytes, look);
        let sign = if rating.overall == known.band { look.sign("✓", "+") } else { look.sign("✗", "-") };
        paper.item(
            &format!("{sign} "),
            &format!("{}: you band {}, known band {}. {}", known.id, rating.overall, known.band, known.why),
        )?;
        for section in Section::ALL {
            let (mine, theirs) = (rating.sections[section.index()], known.levels[section.index()]);
            if let Some(mine) = mine.filter(|m| *m != theirs) {
                paper.item("    ", &format!("{section}: you {}, known {}", level_word(mine), level_word(theirs)))?;
            }
        }
        told.push_str(&String::from_utf8_lossy(&bytes));
    }
    let agreement = pairs.agreement(&rater, "the known bands");
    if agreement.answers == 0 {
        said(&mut terminal, "\nNothing was rated.\n")?;
        return Ok(Status::Done);
    }
    let mut bytes = Vec::new();
    let mut paper = Paper::new(&mut bytes, look);
    pair(&mut paper, &agreement)?;
    let more = "Two careful readers agree within one band nearly always, and on the same band in about two of three answers. \
                Where you differ, read the anchor of the known band again.";
    paper.faint("  ", more)?;
    said(&mut terminal, "\n")?;
    stopped(terminal.product(&format!("{told}{}", String::from_utf8_lossy(&bytes))))?;
    Ok(Status::Done)
}
