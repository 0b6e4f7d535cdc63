//! When a question is due again.
//!
//! A question comes back at even gaps, whatever was before: spacing beats massing (Latimier, Peyre
//! and Ramus 2021: g = 0.74), and gaps that grow are no better than even ones. Only how well the
//! last answer went sets the gap, so that weak answers come back sooner.

use super::clock::day_of;
use super::query::Latest;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Unit};

/// Days until a question comes back after an answer of this band.
pub(crate) const fn gap(band: u8) -> i32 {
    match band {
        0..=1 => 1,
        2 => 2,
        3 => 4,
        4 => 7,
        _ => 14,
    }
}

/// A question that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    /// The question's id, else its text.
    pub(crate) key: String,
    /// Whether it is a question of one's own, that no bank has.
    pub(crate) own: bool,
    /// Band of the last answer.
    pub(crate) band: u8,
    /// Days since the last answer.
    pub(crate) days: i32,
    /// Since which day it is due.
    pub(crate) since: Date,
}

impl Due {
    /// Why it is due, in a few words.
    pub(crate) fn why(&self) -> String {
        let days = if self.days == 1 { "yesterday".to_owned() } else { format!("{} days ago", self.days) };
        format!("band {} {days}", self.band)
    }
}

/// What is due, the weakest first, then what has waited longest.
pub(crate) fn due(latest: &[Latest], now: Timestamp, zone: &TimeZone) -> Vec<Due> {
    let today = day_of(now, zone);
    let mut due: Vec<Due> = latest
        .iter()
        .filter_map(|l| {
            let day = day_of(l.at, zone);
            let since = day.checked_add(gap(l.band).days()).ok()?;
            let days = day.until((Unit::Day, today)).ok()?.get_days();
            (since <= today).then(|| Due { key: l.key.clone(), own: l.own, band: l.band, days, since })
        })
        .collect();
    due.sort_by(|a, b| (a.band, a.since, &a.key).cmp(&(b.band, b.since, &b.key)));
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_answers_come_back_sooner_and_every_gap_is_even() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let one = |key: &str, day: &str, band| Latest {
            key: key.into(),
            own: false,
            at: at(&format!("{day}T23:30:00Z")),
            band,
        };
        let latest = [
            one("fresh", "2026-11-22", 1),
            one("weak", "2026-11-21", 1),
            one("fair", "2026-11-18", 3),
            one("good", "2026-11-16", 4),
            one("old", "2026-11-01", 5),
        ];
        let keys =
            |now: &str| -> Vec<String> { due(&latest, at(now), &TimeZone::UTC).into_iter().map(|d| d.key).collect() };
        assert_eq!(keys("2026-11-22T00:10:00Z"), ["weak", "fair", "old"]);
        assert_eq!(keys("2026-11-23T00:10:00Z"), ["weak", "fresh", "fair", "good", "old"]);
        assert_eq!(due(&latest, at("2026-11-22T01:00:00Z"), &TimeZone::UTC)[0].why(), "band 1 yesterday");
    }
}
