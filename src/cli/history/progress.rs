//! `history progress`: what the attempts say together, drawn in the terminal.

use super::super::data::DataArgs;
use super::super::{Context, Status, write_json, write_line};
use super::show::Remarks;
use super::{To, nothing_yet};
use crate::history::progress::{Bands, Progress, RECENT, Stretch, progress};
use crate::history::schedule::{Due, due};
use crate::history::{Clock, Entry, History, SystemClock, Which, assessment_of};
use crate::practice::{Judge as _, RubricJudge};
use crate::report::{Paper, clean};
use crate::{Library, Section, Severity};
use anyhow::Result;
use console::{Alignment, Style, pad_str};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write as _};

/// Show your progress: bands over time, sections, minefields cleared, themes untouched, what is due
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only of this theme
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// All that is shown.
struct Shown<'a> {
    progress: &'a Progress,
    due: &'a [Due],
    untouched: &'a [&'a str],
    /// Minefields that recent answers hit and that were dismissed there: id, in how many answers.
    dismissed: &'a BTreeMap<String, usize>,
}

/// Shows.
pub(super) fn run(args: &Args, data: &DataArgs, context: &Context) -> Result<Status> {
    let Some(history) = data.history(context)? else { return nothing_yet(data, context) };
    let person = data.person(context);
    let which = Which { person: Some(person.to_owned()), theme: args.theme.clone(), ..Which::default() };
    let (now, zone) = (SystemClock.now(), SystemClock.zone());
    let entries = history.list(&which)?;
    let Some(progress) = progress(&entries, now, &zone) else { return nothing_yet(data, context) };
    let due = due(&history.latest(person)?, now, &zone);
    let library = context.library()?;
    let untouched = untouched(library, &progress);
    let dismissed = dismissed(&history, person, &entries)?;
    let shown = Shown { progress: &progress, due: &due, untouched: &untouched, dismissed: &dismissed };
    let mut out = context.out();
    match args.to {
        To::Human => {
            let judge = RubricJudge { rubric: library.rubric("behavioural")?, question: None, text: String::new() };
            let mut page = Page { paper: Paper::new(&mut out, context.look), judge, shown };
            page.whole(person)?;
        }
        To::Json => write_json(&mut out, &Json::new(person, &shown))?,
        To::Jsonl => {
            write_line(&mut out, &Json::new(person, &shown))?;
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// Of the minefields in recent answers those that were dismissed, with the number of answers.
fn dismissed(history: &History, person: &str, entries: &[Entry]) -> Result<BTreeMap<String, usize>> {
    let mut counts = BTreeMap::new();
    let mut remarks = Remarks::new(history);
    if remarks.of_person(person)?.is_empty() {
        return Ok(counts);
    }
    for entry in entries.iter().take(RECENT) {
        let Some(attempt) = history.get(entry.id)? else { continue };
        let answer = attempt.words.answer();
        // An assessment that can't be read has no findings to set aside; `show` says what is wrong.
        let Ok(assessment) = assessment_of(&attempt.assessment, answer.text()) else { continue };
        for note in remarks.of(entry.id, &attempt, &assessment)? {
            *counts.entry(note.finding).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Themes of the bank that no attempt has touched.
fn untouched<'l>(library: &'l Library, progress: &Progress) -> Vec<&'l str> {
    let mut themes: Vec<&str> = Vec::new();
    for question in library.questions() {
        let theme = question.theme.as_str();
        if !themes.contains(&theme) && !progress.themes.iter().any(|(touched, ..)| touched == theme) {
            themes.push(theme);
        }
    }
    themes
}

struct Page<'a> {
    paper: Paper<'a>,
    judge: RubricJudge<'a>,
    shown: Shown<'a>,
}

impl Page<'_> {
    fn whole(&mut self, person: &str) -> io::Result<()> {
        let p = self.shown.progress;
        let head = format!(
            "{}: {} to {} on {}, since {}",
            clean(person),
            count(p.attempts, "answer"),
            count(p.questions, "question"),
            count(p.days, "day"),
            p.first
        );
        self.paper.line(&self.paper.look.heading(&head))?;
        let streak = match p.streak {
            0 => format!("No streak now; the longest was {}.", count(p.longest, "day")),
            n => format!("Streak: {} in a row; the longest: {}.", count(n, "day"), count(p.longest, "day")),
        };
        self.paper.line(&streak)?;
        self.bands()?;
        self.sections()?;
        self.minefields()?;
        self.themes()?;
        self.judgement()?;
        self.next()
    }

    fn bands(&mut self) -> io::Result<()> {
        let p = self.shown.progress;
        self.paper.heading(match p.unit {
            Stretch::Day => "Bands by day",
            Stretch::Week => "Bands by week",
            Stretch::Month => "Bands by month",
        })?;
        let look = self.paper.look;
        for stretch in &p.bands {
            let day = match p.unit {
                Stretch::Day | Stretch::Week => stretch.from.to_string(),
                Stretch::Month => stretch.from.strftime("%Y-%m").to_string(),
            };
            let Some(mean) = stretch.mean() else {
                self.paper.line(&look.faint(&format!("  {day}  {}", look.sign("·", "."))))?;
                continue;
            };
            let text = format!("{}.{}  {}", mean / 10, mean % 10, count(stretch.answers(), "answer"));
            let bar = look.paint(colour(mean), &bar(mean, look.plain));
            let best = best(stretch);
            self.paper.line(&format!("  {day}  {bar}  {text}{}", look.faint(&format!(", best {best}"))))?;
        }
        Ok(())
    }

    fn sections(&mut self) -> io::Result<()> {
        let p = self.shown.progress;
        let recent = p.sections[0].iter().sum::<usize>();
        let title = if recent == 1 {
            "Sections in your last answer".to_owned()
        } else {
            format!("Sections in your last {recent} answers")
        };
        self.paper.heading(&title)?;
        let look = self.paper.look;
        for section in Section::ALL {
            let [absent, partial, clear] = p.sections[section.index()];
            let signs = [
                (clear, "●", "#", Style::new().green()),
                (partial, "◐", "+", Style::new().yellow()),
                (absent, "○", "-", Style::new().red()),
            ];
            let drawn: String = signs
                .iter()
                .map(|(n, fine, ascii, style)| look.paint(style.clone(), &look.sign(fine, ascii).repeat(*n)))
                .collect();
            let before = p.sections_before.map(|b| b[section.index()]);
            let before = before
                .map_or_else(String::new, |[a, p, c]| format!("; before: clear in {} %", c * 100 / (a + p + c).max(1)));
            let text = format!("clear {clear}, partial {partial}, absent {absent}{before}");
            let name = pad_str(section.id(), 9, Alignment::Left, None).into_owned();
            self.paper.line(&format!("  {name}  {}  {text}", pad_str(&drawn, RECENT, Alignment::Left, None)))?;
        }
        Ok(())
    }

    fn minefields(&mut self) -> io::Result<()> {
        let p = self.shown.progress;
        if p.hit.is_empty() && p.cleared.is_empty() {
            return Ok(());
        }
        let look = self.paper.look;
        let recent = p.attempts.min(RECENT);
        self.paper.heading("Minefields")?;
        for (id, severity, n) in &p.hit {
            let (sign, style) = match severity {
                Severity::Serious => (look.sign("✗", "!!"), Style::new().red().bold()),
                Severity::Mild => (look.sign("!", "! "), Style::new().yellow()),
            };
            let set_aside = self.shown.dismissed.get(id).map_or_else(String::new, |n| format!(", dismissed in {n}"));
            let text = format!("{}: in {n} of your last {recent}{set_aside}", clean(&self.judge.title(id)));
            self.paper.item(&format!("  {} ", look.paint(style, sign)), &text)?;
        }
        for (id, _, n) in &p.cleared {
            let sign = look.paint(Style::new().green(), look.sign("✓", "+ "));
            let text = format!("{}: cleared; in {} before", clean(&self.judge.title(id)), count(*n, "answer"));
            self.paper.item(&format!("  {sign} "), &text)?;
        }
        Ok(())
    }

    fn themes(&mut self) -> io::Result<()> {
        let Shown { progress: p, untouched, .. } = self.shown;
        self.paper.heading("Themes")?;
        let names: Vec<String> = p.themes.iter().map(|(theme, ..)| clean(theme)).collect();
        let widest = names.iter().map(|n| console::measure_text_width(n)).max().unwrap_or(0).min(32);
        let look = self.paper.look;
        for (name, (_, n, band)) in names.iter().zip(&p.themes) {
            let name = pad_str(name, widest, Alignment::Left, Some(look.sign("…", "~"))).into_owned();
            let tenths = usize::from(*band) * 10;
            let bar = look.paint(colour(tenths), &bar(tenths, look.plain));
            self.paper.line(&format!("  {name}  {bar}  last band {band}, {}", count(*n, "answer")))?;
        }
        if untouched.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = untouched.iter().map(|t| clean(t)).collect();
        self.paper.item("  Untouched: ", &list.join(", "))
    }

    fn judgement(&mut self) -> io::Result<()> {
        let Some((n, gap)) = self.shown.progress.judged else { return Ok(()) };
        self.paper.heading("Your own judgement")?;
        let (whole, tenth) = (gap.abs() / 10, gap.abs() % 10);
        let text = match gap {
            0 => "On average you judged as the tool did".to_owned(),
            1.. => format!("On average you gave {whole}.{tenth} bands more than the tool"),
            _ => format!("On average you gave {whole}.{tenth} bands less than the tool"),
        };
        self.paper.item("  ", &format!("{text}, in {}.", count(n, "answer")))
    }

    fn next(&mut self) -> io::Result<()> {
        self.paper.line("")?;
        match self.shown.due.len() {
            0 => self.paper.line("Nothing is due today. New questions: starcue practice"),
            n => self.paper.line(&format!("Due today: {}. Rehearse: starcue practice", count(n, "question"))),
        }
    }
}

/// Five cells for five bands, filled to the mean in tenths.
fn bar(tenths: usize, plain: bool) -> String {
    let full = (tenths + 5) / 10;
    let (on, off) = if plain { ("#", ".") } else { ("■", "□") };
    format!("{}{}", on.repeat(full.min(5)), off.repeat(5 - full.min(5)))
}

fn colour(tenths: usize) -> Style {
    match tenths {
        0..25 => Style::new().red(),
        25..35 => Style::new().yellow(),
        _ => Style::new().green(),
    }
}

fn best(stretch: &Bands) -> usize {
    stretch.counts.iter().rposition(|n| *n > 0).map_or(0, |at| at + 1)
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[derive(Serialize)]
struct Json<'a> {
    schema: &'a str,
    person: &'a str,
    attempts: usize,
    questions: usize,
    days: usize,
    first: String,
    streak: usize,
    longest_streak: usize,
    bands: Vec<JsonBands>,
    sections: Vec<JsonSection>,
    minefields: Vec<JsonMine<'a>>,
    cleared: Vec<JsonMine<'a>>,
    themes: Vec<JsonTheme<'a>>,
    untouched: &'a [&'a str],
    self_judged: usize,
    self_gap: Option<f64>,
    due: Vec<JsonDue<'a>>,
}

#[derive(Serialize)]
struct JsonBands {
    from: String,
    counts: [usize; 5],
    mean: Option<f64>,
}

#[derive(Serialize)]
struct JsonSection {
    section: &'static str,
    recent: [usize; 3],
    before: Option<[usize; 3]>,
}

#[derive(Serialize)]
struct JsonMine<'a> {
    id: &'a str,
    severity: &'static str,
    answers: usize,
    dismissed: usize,
}

#[derive(Serialize)]
struct JsonTheme<'a> {
    theme: &'a str,
    answers: usize,
    last_band: u8,
}

#[derive(Serialize)]
struct JsonDue<'a> {
    question: &'a str,
    last_band: u8,
    days: i32,
    since: String,
}

impl<'a> Json<'a> {
    fn new(person: &'a str, shown: &Shown<'a>) -> Self {
        let p = shown.progress;
        let mines = |list: &'a [(String, Severity, usize)]| {
            list.iter()
                .map(|(id, severity, answers)| JsonMine {
                    id,
                    severity: severity.id(),
                    answers: *answers,
                    dismissed: shown.dismissed.get(id).copied().unwrap_or(0),
                })
                .collect()
        };
        let tenths = |t: usize| t as f64 / 10.0;
        Self {
            schema: "starcue.progress/1",
            person,
            attempts: p.attempts,
            questions: p.questions,
            days: p.days,
            first: p.first.to_string(),
            streak: p.streak,
            longest_streak: p.longest,
            bands: p
                .bands
                .iter()
                .map(|b| JsonBands { from: b.from.to_string(), counts: b.counts, mean: b.mean().map(tenths) })
                .collect(),
            sections: Section::ALL
                .map(|s| JsonSection {
                    section: s.id(),
                    recent: p.sections[s.index()],
                    before: p.sections_before.map(|b| b[s.index()]),
                })
                .into(),
            minefields: mines(&p.hit),
            cleared: mines(&p.cleared),
            themes: p
                .themes
                .iter()
                .map(|(theme, answers, band)| JsonTheme { theme, answers: *answers, last_band: *band })
                .collect(),
            untouched: shown.untouched,
            self_judged: p.judged.map_or(0, |(n, _)| n),
            self_gap: p.judged.map(|(_, gap)| f64::from(gap) / 10.0),
            due: shown
                .due
                .iter()
                .map(|d| JsonDue { question: &d.key, last_band: d.band, days: d.days, since: d.since.to_string() })
                .collect(),
        }
    }
}
