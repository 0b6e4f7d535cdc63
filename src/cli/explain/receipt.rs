//! The lines of a receipt: `section.result`, `behaviour.listens`, `cap.no-resolution`, `floor`, …

use super::Entry;
use crate::{Rubric, Section};
use std::sync::Arc;

/// What a line of a receipt stands for; `look_up` finds what is behind it.
pub(super) fn explain(id: &str, rubrics: &[Arc<Rubric>], look_up: impl Fn(&str) -> Vec<Entry>) -> Vec<Entry> {
    let line = |meaning: String| Entry::plain(id, "line of a receipt", meaning);
    if id == "floor" {
        return vec![line("Brings a sum below nothing up to 0: no score is negative.".to_owned())];
    }
    let Some((family, rest)) = id.split_once('.') else { return Vec::new() };
    let behind = look_up(rest);
    let cap = rubrics.iter().flat_map(|r| &r.caps).find(|c| c.id == rest);
    let meaning = match family {
        "section" => match Section::from_id(rest) {
            Some(_) => format!("Points for the level of the section `{rest}`: partial gives fewer than clear."),
            None => return Vec::new(),
        },
        "behaviour" if !behind.is_empty() => {
            format!(
                "Points for showing `{rest}`: once, however often it is said, and behaviours together give only so much."
            )
        }
        "signal" if !behind.is_empty() => format!("Points for the signal `{rest}`: once, however often it is said."),
        "minefield" if !behind.is_empty() => {
            format!("Points taken for the minefield `{rest}`; minefields together take only so much.")
        }
        "cap" if rest == "ceiling" => "Brings a sum above 100 down to 100.".to_owned(),
        "cap" if cap.is_some() || !behind.is_empty() => format!(
            "Brings the score down to the most that an answer with `{rest}` can reach. Of several caps the lowest counts."
        ),
        _ => return Vec::new(),
    };
    let meaning = match cap.filter(|_| family == "cap") {
        Some(cap) => format!("{meaning} This one lies at {}: {}", cap.at, cap.why),
        None => meaning,
    };
    let mut entries = vec![line(meaning)];
    entries.extend(behind);
    entries
}
