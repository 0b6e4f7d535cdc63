//! Why a cue does not count, in words: an author must not have to guess.

use super::context::{Cue, Void};
use super::program::{Polarity, Rule};
use crate::assessment::Section;
use crate::text::{Text, Voice};

/// Says why a cue is void: what the text says, and what the rule asks for.
pub(crate) fn why(rule: &Rule, cue: &Cue, void: Void, text: &Text, source: &str) -> String {
    match void {
        Void::Guarded => match cue.guarded.as_ref().map(|g| text.bytes(g)) {
            Some(bytes) => format!("a guard or an immune phrase covers “{}”", &source[bytes]),
            None => "a guard or an immune phrase covers it".to_owned(),
        },
        Void::Actor => {
            let wanted: Vec<&str> = rule.actors.iter().map(|a| a.id()).collect();
            format!("who acts is `{}`, and the rule wants `{}`", cue.actor.id(), wanted.join("` or `"))
        }
        Void::Mood => {
            let mut wanted: Vec<&str> = rule.moods.iter().map(|m| m.id()).filter(|m| *m != "none").collect();
            wanted.dedup();
            format!("the clause is `{}`, and the rule wants `{}`", cue.mood.id(), wanted.join("` or `"))
        }
        Void::Polarity => match rule.polarity {
            Polarity::Negated => "it is not denied, and the rule wants it denied".to_owned(),
            _ => "it is denied".to_owned(),
        },
        Void::Voice => match cue.voice {
            Voice::Others => "these are somebody else's words".to_owned(),
            Voice::Own => "these are the speaker's own words, and the rule wants somebody else's".to_owned(),
        },
        Void::Section => {
            let wanted: Vec<&str> = rule.within.iter().map(|s| s.map_or("other", Section::id)).collect();
            format!("its sentence serves another section than `{}`", wanted.join("` or `"))
        }
        Void::Only => "none of the conditions under `only` holds".to_owned(),
        Void::Kind => "the text as a whole is no answer, and what is no answer shows no behaviour".to_owned(),
    }
}
