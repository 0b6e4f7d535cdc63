//! A batch for people: a line an answer, and a summary.

use crate::assessment::Severity;
use crate::batch::Tally;
use crate::report::{Look, View, clean};
use crate::{Kind, Tenths};
use console::{Alignment, Style};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Columns of an id.
const ID: usize = 24;

/// What stands above the lines.
pub(crate) fn line_header(look: &Look) -> String {
    let id = console::pad_str("answer", ID, Alignment::Left, None).into_owned();
    format!("{}\n", look.faint(&format!("score  band  {id}  minefields")))
}

/// One answer on one line, cut to the width.
pub(crate) fn line(look: &Look, id: &str, view: &View<'_>) -> String {
    let a = view.assessment;
    let id = clean(id);
    let id = console::pad_str(&id, ID, Alignment::Left, Some(look.sign("…", "~"))).into_owned();
    let mut notes: Vec<String> = Vec::new();
    if a.kind != Kind::Story {
        notes.push(look.paint(Style::new().yellow(), &format!("[{}]", a.kind.id())));
    }
    notes.extend(a.minefields.iter().map(|m| flag(look, m.severity, &m.id)));
    let line = format!("{:>5}  {}  {id}  {}", a.score.to_string(), band(look, a.band), notes.join(" "));
    format!("{}\n", console::truncate_str(line.trim_end(), look.width, look.sign("…", "~")))
}

fn band(look: &Look, band: u8) -> String {
    let style = match band {
        0..=2 => Style::new().red(),
        3 => Style::new().yellow(),
        _ => Style::new().green(),
    };
    look.paint(style, &format!("{band:>4}"))
}

/// A minefield's id; a serious one bears a mark that needs no colour.
fn flag(look: &Look, severity: Severity, id: &str) -> String {
    match severity {
        Severity::Serious => look.paint(Style::new().red().bold(), &format!("{id}!")),
        Severity::Mild => id.to_owned(),
    }
}

/// How the answers are spread over the bands, and what is hit most.
pub(crate) fn summary(out: &mut dyn Write, look: &Look, tally: &Tally) -> io::Result<()> {
    let Some(mean) = tally.mean() else { return Ok(()) };
    out.write_all(format_summary(look, tally, mean).as_bytes())
}

fn format_summary(look: &Look, tally: &Tally, mean: Tenths) -> String {
    /// Most minefields that are listed.
    const COMMONEST: usize = 8;
    let mut text = String::new();
    let title = format!("{}, {mean} of 100 on average", tally.answers());
    let _ = writeln!(text, "\n{}", look.heading(&title));
    let most = tally.bands.iter().copied().max().unwrap_or(0).max(1);
    let room = look.width.saturating_sub(24).clamp(10, 40);
    for (i, n) in tally.bands.iter().enumerate().rev() {
        let bar = look.sign("■", "#").repeat((n * room).div_ceil(most));
        let _ = writeln!(text, "{}", format!("  band {}  {n:>6}  {bar}", i + 1).trim_end());
    }
    let kinds = Kind::ALL.iter().zip(tally.kinds).filter(|(_, n)| *n > 0);
    let kinds: Vec<_> = kinds.map(|(kind, n)| format!("{n} {}", kind.id())).collect();
    let _ = writeln!(text, "  kinds: {}", kinds.join(", "));
    let commonest = tally.commonest();
    if !commonest.is_empty() {
        let _ = writeln!(text, "\n{}", look.heading("Commonest minefields"));
        for (id, severity, n) in commonest.iter().take(COMMONEST) {
            let share = (n * 100 + tally.judged / 2) / tally.judged.max(1);
            let _ = writeln!(text, "  {n:>6}  {share:>3} %  {}", flag(look, *severity, id));
        }
    }
    text
}
