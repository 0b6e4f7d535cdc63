//! A proposal as a rubric in TOML, for a person to read, try and accept.

use super::weights::{Key, kinds};
use super::{Agreement, Fit};
use crate::assessment::Tenths;
use crate::content::raw::RawScore;
use crate::{Rubric, Section};
use std::fmt::Write as _;
use std::sync::Arc;

/// Writes a rubric that extends the present one and replaces its weights.
///
/// `score` is the present table, for the conditions of its further caps.
pub(crate) fn write(fit: &Fit, rubric: &Rubric, score: Option<&RawScore>) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = compose(&mut out, fit, rubric, score);
    out
}

fn compose(out: &mut String, fit: &Fit, rubric: &Rubric, score: Option<&RawScore>) -> std::fmt::Result {
    let value = |key: &Key| points(fit.names.value(&fit.proposed, key));
    let id = &rubric.id;
    writeln!(out, "# Proposed by `starcue evaluate --fit`: nothing has been changed. Read it, try it with")?;
    writeln!(out, "# `--content`, and take over what you find right.")?;
    writeln!(out, "#")?;
    writeln!(out, "# On {} labelled answers, {} folds:", fit.answers, fit.folds)?;
    agreement(out, "present weights", &fit.before)?;
    agreement(out, "these weights, other answers (cross-validated)", &fit.crossed)?;
    agreement(out, "these weights, the same answers", &fit.after)?;
    writeln!(out, "#")?;
    for (key, from, to) in fit.changes() {
        writeln!(out, "# {key}: {} → {}", points(from), points(to))?;
    }
    if fit.changes().next().is_none() {
        writeln!(out, "# No change was worth making.")?;
    }
    writeln!(out, "schema = 1")?;
    writeln!(out, "id = {}", quoted(&format!("{id}-fitted")))?;
    writeln!(out, "title = {}", quoted(&format!("{} (fitted)", rubric.title)))?;
    writeln!(out, "extends = {}", quoted(id))?;
    for band in &rubric.bands {
        writeln!(out, "\n[[band]]\nband = {}\ntitle = {}", band.band, quoted(&band.title))?;
        let from = if band.band == 1 { "0".to_owned() } else { value(&Key::Band(band.band)) };
        writeln!(out, "from = {from}\nanchor = {}", quoted(&band.anchor))?;
    }
    writeln!(out, "\n[score]")?;
    for section in Section::ALL {
        let (partial, clear) = (value(&Key::Section(section, 1)), value(&Key::Section(section, 2)));
        writeln!(out, "sections.{section} = [{partial}, {clear}]")?;
    }
    writeln!(out, "behaviour = {}", value(&Key::Behaviour))?;
    writeln!(out, "behaviours_at_most = {}", value(&Key::BehavioursAtMost))?;
    let (mild, serious, most) = (value(&Key::Mild), value(&Key::Serious), value(&Key::MinefieldsAtMost));
    writeln!(out, "minefields = {{ mild = {mild}, serious = {serious}, at_most = {most} }}")?;
    let caps = kinds().filter(|k| fit.names.find(&Key::KindCap(k)).is_some());
    let caps: Vec<String> = caps.map(|k| format!("{k} = {}", value(&Key::KindCap(k)))).collect();
    writeln!(out, "kind_caps = {{ {} }}", caps.join(", "))?;
    writeln!(out, "\n[score.signals]")?;
    for key in fit.names.keys() {
        if let Key::Signal(id) = key {
            writeln!(out, "{} = {}", bare(id), value(key))?;
        }
    }
    for cap in score.iter().flat_map(|s| &s.caps) {
        let when = toml::Value::try_from(&cap.when).map(|w| w.to_string()).unwrap_or_default();
        writeln!(out, "\n[[score.cap]]\nid = {}", quoted(&cap.id))?;
        writeln!(out, "at = {}\nwhen = {when}\nwhy = {}", value(&Key::Cap(cap.id.clone())), quoted(&cap.why))?;
    }
    for (key, _, to) in fit.changes() {
        if let Key::MinefieldCap(id) = key {
            writeln!(out, "\n[[minefield]]\nid = {}\ncap = {}", quoted(id), points(to))?;
        }
    }
    Ok(())
}

fn agreement(out: &mut String, what: &str, a: &Agreement) -> std::fmt::Result {
    writeln!(out, "#   {what:<47} kappa {:.3}  exact {:.3}  Spearman {:.3}", a.kappa, a.exact, a.spearman)
}

/// Points as people write them: no decimal where none is needed.
pub(crate) fn points(tenths: i32) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { Tenths(tenths).to_string() }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key, in quotes where it needs them.
fn bare(id: &Arc<str>) -> String {
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if plain { id.to_string() } else { quoted(id) }
}
