//! How a rule saw a text, for those who write rules.

use super::clean;
use crate::{ClauseTrace, Trace};
use std::io::{self, Write};

/// Writes a trace: sentences with their clauses, then cues with what became of them. `rule` is an
/// id, or `all`.
pub(crate) fn write(out: &mut dyn Write, trace: &Trace, rule: &str) -> io::Result<()> {
    writeln!(out, "kind: {} ({})", trace.kind, trace.kind_name)?;
    for sentence in &trace.sentences {
        let cues = sentence.cues.join(", ");
        writeln!(out, "{}{}", sentence.section, if cues.is_empty() { cues } else { format!("  [{cues}]") })?;
        for clause in &sentence.clauses {
            writeln!(out, "    {}  <- {}", clean(&clause.text), traits(clause))?;
        }
    }
    for cue in trace.cues.iter().filter(|c| rule == "all" || c.rule == rule) {
        let verdict = cue.void.map_or("counts".to_owned(), |v| format!("void by `{v}`"));
        let denied = if cue.negated { ", denied" } else { "" };
        let (quote, actor, mood) = (clean(&cue.quote), cue.actor, cue.mood);
        writeln!(out, "{} `{quote}`: {verdict} (actor {actor}, mood {mood}{denied})", cue.rule)?;
        if let Some(why) = &cue.why {
            writeln!(out, "    {}", clean(why))?;
        }
    }
    let fired: Vec<String> = trace
        .fired
        .iter()
        .filter(|(_, id)| rule == "all" || id == rule)
        .map(|(family, id)| format!("{family} {id}"))
        .collect();
    if fired.is_empty() { writeln!(out, "fired: nothing") } else { writeln!(out, "fired: {}", fired.join(", ")) }
}

/// What the engine knows of a clause, in words.
fn traits(clause: &ClauseTrace) -> String {
    let mut words = vec![clause.actor, clause.mood];
    for (is, word) in [
        (clause.others_words, "others' words"),
        (clause.passive, "passive"),
        (clause.deed, "deed"),
        (clause.negation, "negation"),
    ] {
        if is {
            words.push(word);
        }
    }
    words.join(", ")
}
