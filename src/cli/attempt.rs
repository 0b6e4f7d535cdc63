//! `rubrics try`: how a rule sees a text.

use super::{Context, Status};
use crate::{Answer, Asked, trace};
use anyhow::Result;
use std::io::Write as _;

/// Show how a rule sees a text: sentences, clauses, actors, moods, cues, and why they count or not
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The rule; `all` for every rule
    rule: String,
    /// The text
    text: String,
    /// The rubric
    #[arg(long, default_value = "behavioural", value_name = "ID")]
    rubric: String,
    /// Write everything as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let rubric = context.library()?.rubric(&args.rubric)?;
    let answer = Answer::whole(&args.text);
    let t = trace(&rubric, Asked::default(), &answer);
    let mut out = context.out();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &t)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(Status::Done);
    }
    writeln!(out, "kind: {} ({})", t.kind, t.kind_name)?;
    for s in &t.sentences {
        writeln!(out, "{}  [{}]", s.section, s.cues.join(", "))?;
        for c in &s.clauses {
            let marks =
                [(c.others_words, "others' words"), (c.passive, "passive"), (c.deed, "deed"), (c.negation, "negation")];
            let marks: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, m)| *m).collect();
            writeln!(out, "    {} | {} {} {}", c.text, c.actor, c.mood, marks.join(", "))?;
        }
    }
    for c in t.cues.iter().filter(|c| args.rule == "all" || c.rule == args.rule) {
        let verdict = c.void.map_or("counts".to_owned(), |v| format!("void by `{v}`"));
        let denied = if c.negated { ", denied" } else { "" };
        writeln!(out, "{} `{}`: {verdict} (actor {}, mood {}{denied})", c.rule, c.quote, c.actor, c.mood)?;
    }
    let fired: Vec<String> = t.fired.iter().map(|(f, r)| format!("{f} {r}")).collect();
    writeln!(out, "fired: {}", fired.join(", "))?;
    out.flush()?;
    Ok(Status::Done)
}
