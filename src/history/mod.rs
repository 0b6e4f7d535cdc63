//! The past: every finished answer with its assessment, in one SQLite file that is the user's alone.
//!
//! [`History`] is the store, [`schema`] its tables and how they grow, [`transfer`] its JSON,
//! [`schedule`] when a question is due again, [`progress`] what the attempts say together. Time
//! comes from a [`Clock`], so that tests are exact.

mod attempt;
mod clock;
pub(crate) mod coverage;
mod dismissal;
mod error;
mod mocks;
pub(crate) mod progress;
mod query;
pub(crate) mod redact;
pub(crate) mod schedule;
mod schema;
mod store;
mod stored;
mod story;
#[cfg(test)]
mod tests;
pub(crate) mod transfer;

pub(crate) use attempt::{Attempt, Digest, Entry, Mode, Topic};
#[cfg(test)]
pub(crate) use clock::Fixed;
pub(crate) use clock::{Clock, SystemClock, day_of, moment};
pub(crate) use dismissal::{Dismissal, Dismissed, Placed, dismissed_words, findings};
pub(crate) use error::Error;
pub(crate) use mocks::Mock;
pub(crate) use query::{Latest, Which};
pub(crate) use store::{History, Recorded};
pub(crate) use stored::assessment_of;
pub(crate) use story::{Link, Story};

/// Whose answers they are where nobody says a name.
pub(crate) const DEFAULT_PERSON: &str = "me";
