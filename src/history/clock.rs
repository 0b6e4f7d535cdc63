//! The time, behind a trait: tests say what it is.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Who knows the time.
pub(crate) trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Where the user's days begin and end.
    fn zone(&self) -> TimeZone;
}

/// The clock and the time zone of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    /// In whole milliseconds, as history keeps it.
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

/// The user's day of a moment.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// A moment as people write it: `2026-11-22 14:05`.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A clock that stands still: for tests.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed(pub(crate) Timestamp);

#[cfg(test)]
impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}
