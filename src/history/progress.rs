//! What the attempts of a person say together.

use super::attempt::Entry;
use super::clock::day_of;
use crate::assessment::Severity;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// The last so many answers are "recent".
pub(crate) const RECENT: usize = 5;

/// At most so many stretches of time are shown.
const STRETCHES: usize = 12;

/// What the attempts of a person say together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Progress {
    /// Number of attempts.
    pub(crate) attempts: usize,
    /// Number of questions.
    pub(crate) questions: usize,
    /// Days on which there was one.
    pub(crate) days: usize,
    /// The first day.
    pub(crate) first: Date,
    /// Days in a row up to today or yesterday.
    pub(crate) streak: usize,
    /// Most days in a row.
    pub(crate) longest: usize,
    /// How long a stretch of time is.
    pub(crate) unit: Stretch,
    /// Bands over time, oldest first; stretches without attempts are there too.
    pub(crate) bands: Vec<Bands>,
    /// Of the recent answers, in how many each section was absent, partial, clear.
    pub(crate) sections: [[usize; 3]; 4],
    /// The same of the answers before, where there are any.
    pub(crate) sections_before: Option<[[usize; 3]; 4]>,
    /// Minefields that recent answers hit, the commonest first: id, gravity, how many answers.
    pub(crate) hit: Vec<(String, Severity, usize)>,
    /// Minefields that only earlier answers hit: id, gravity, how many answers.
    pub(crate) cleared: Vec<(String, Severity, usize)>,
    /// Themes: name, attempts, band of the last one.
    pub(crate) themes: Vec<(String, usize, u8)>,
    /// Where the person judged too: how many answers, the mean distance from the tool, in tenths of a
    /// band (above zero where the person was the kinder).
    pub(crate) judged: Option<(usize, i32)>,
}

impl Progress {
    /// How much there is, in a line: `3 answers to 2 questions on 1 day since 2026-05-01`.
    pub(crate) fn extent(&self) -> String {
        let many = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        let (answers, questions) = (many(self.attempts, "answer"), many(self.questions, "question"));
        format!("{answers} to {questions} on {} since {}", many(self.days, "day"), self.first)
    }
}

/// How long a stretch of time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
}

/// The bands of one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bands {
    /// Its first day.
    pub(crate) from: Date,
    /// How many answers got each band, 1 to 5.
    pub(crate) counts: [usize; 5],
}

impl Bands {
    /// Number of answers.
    pub(crate) fn answers(&self) -> usize {
        self.counts.iter().sum()
    }

    /// The mean band in tenths; `None` without answers.
    pub(crate) fn mean(&self) -> Option<usize> {
        let sum: usize = self.counts.iter().enumerate().map(|(i, n)| (i + 1) * n).sum();
        (sum * 10 + self.answers() / 2).checked_div(self.answers())
    }
}

/// What attempts (newest first) say together; `None` where there is none.
pub(crate) fn progress(entries: &[Entry], now: Timestamp, zone: &TimeZone) -> Option<Progress> {
    let days: BTreeSet<Date> = entries.iter().map(|e| day_of(e.at, zone)).collect();
    let (first, last) = (*days.first()?, *days.last()?);
    let (streak, longest) = streaks(&days, day_of(now, zone));
    let (recent, before) = entries.split_at(entries.len().min(RECENT));
    let (hit, cleared) = minefields(recent, before);
    let unit = unit_for(first, last);
    let questions: BTreeSet<&str> = entries.iter().map(|e| e.topic.key()).collect();
    Some(Progress {
        attempts: entries.len(),
        questions: questions.len(),
        days: days.len(),
        first,
        streak,
        longest,
        unit,
        bands: bands(entries, unit, zone),
        sections: sections(recent),
        sections_before: (!before.is_empty()).then(|| sections(before)),
        hit,
        cleared,
        themes: themes(entries),
        judged: judged(entries),
    })
}

fn streaks(days: &BTreeSet<Date>, today: Date) -> (usize, usize) {
    let (mut longest, mut run, mut previous) = (0, 0, None::<Date>);
    for day in days {
        run = if previous.is_some_and(|p| p.tomorrow().ok() == Some(*day)) { run + 1 } else { 1 };
        longest = longest.max(run);
        previous = Some(*day);
    }
    let alive = previous.is_some_and(|last| last >= today || last.tomorrow().ok() == Some(today));
    (if alive { run } else { 0 }, longest)
}

fn unit_for(first: Date, last: Date) -> Stretch {
    let days = first.until((Unit::Day, last)).map_or(i32::MAX, |span| span.get_days());
    match usize::try_from(days).unwrap_or(0) {
        n if n < STRETCHES => Stretch::Day,
        n if n < (STRETCHES - 1) * 7 => Stretch::Week,
        _ => Stretch::Month,
    }
}

/// The first day of the stretch that a day is in.
fn start(day: Date, unit: Stretch) -> Date {
    match unit {
        Stretch::Day => day,
        Stretch::Week => {
            let since = i32::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(since.days()).unwrap_or(day)
        }
        Stretch::Month => day.first_of_month(),
    }
}

fn bands(entries: &[Entry], unit: Stretch, zone: &TimeZone) -> Vec<Bands> {
    let mut found: BTreeMap<Date, [usize; 5]> = BTreeMap::new();
    for e in entries {
        let counts = found.entry(start(day_of(e.at, zone), unit)).or_default();
        counts[usize::from(e.digest.band.clamp(1, 5) - 1)] += 1;
    }
    let Some((&last, _)) = found.last_key_value() else { return Vec::new() };
    let step = match unit {
        Stretch::Day => 1.day(),
        Stretch::Week => 1.week(),
        Stretch::Month => 1.month(),
    };
    let mut stretches = Vec::new();
    let mut at = Some(last);
    while let Some(from) = at.filter(|_| stretches.len() < STRETCHES) {
        if found.first_key_value().is_some_and(|(first, _)| from < *first) {
            break;
        }
        stretches.push(Bands { from, counts: found.get(&from).copied().unwrap_or_default() });
        at = from.checked_sub(step).ok();
    }
    stretches.reverse();
    stretches
}

fn sections(entries: &[Entry]) -> [[usize; 3]; 4] {
    let mut counts = [[0; 3]; 4];
    for e in entries {
        for (count, level) in counts.iter_mut().zip(e.digest.levels) {
            count[usize::from(level.min(2))] += 1;
        }
    }
    counts
}

type Mines = Vec<(String, Severity, usize)>;

fn minefields(recent: &[Entry], before: &[Entry]) -> (Mines, Mines) {
    let count = |entries: &[Entry]| {
        let mut counts: BTreeMap<String, (Severity, usize)> = BTreeMap::new();
        for (id, severity) in entries.iter().flat_map(|e| &e.digest.minefields) {
            let entry = counts.entry(id.clone()).or_insert((*severity, 0));
            *entry = (entry.0.max(*severity), entry.1 + 1);
        }
        counts
    };
    let sorted = |counts: BTreeMap<String, (Severity, usize)>| {
        let mut list: Mines = counts.into_iter().map(|(id, (severity, n))| (id, severity, n)).collect();
        list.sort_by(|a, b| (b.2, b.1, &a.0).cmp(&(a.2, a.1, &b.0)));
        list
    };
    let recent = count(recent);
    let mut earlier = count(before);
    earlier.retain(|id, _| !recent.contains_key(id));
    (sorted(recent), sorted(earlier))
}

fn themes(entries: &[Entry]) -> Vec<(String, usize, u8)> {
    let mut found: BTreeMap<&str, (usize, u8)> = BTreeMap::new();
    for e in entries {
        let Some(theme) = &e.topic.theme else { continue };
        // Newest first: the first one that is met says the band.
        found.entry(theme).or_insert((0, e.digest.band)).0 += 1;
    }
    found.into_iter().map(|(theme, (n, band))| (theme.to_owned(), n, band)).collect()
}

fn judged(entries: &[Entry]) -> Option<(usize, i32)> {
    let gaps: Vec<i32> =
        entries.iter().filter_map(|e| Some(i32::from(e.self_band?) - i32::from(e.digest.band))).collect();
    let count = i32::try_from(gaps.len()).ok()?;
    Some((gaps.len(), (gaps.iter().sum::<i32>() * 10).checked_div(count)?))
}
