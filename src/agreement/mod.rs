//! How far a rubric agrees with people who labelled answers, and weights that would agree better.
//!
//! [`gold`] reads labelled answers, [`judge`] lets the engine judge them, [`figures`] counts what
//! agrees, [`bootstrap`] says how sure that is, [`baseline`] what one gets for nothing, [`report`]
//! brings it together with the [`causes`] of wrong bands, [`show`] writes it down, [`misses`] lists the differences, and [`fit`]
//! proposes weights. Everything is deterministic: the same files give the same figures on any
//! number of threads.

pub(crate) mod baseline;
pub(crate) mod bootstrap;
mod causes;
pub(crate) mod dismissed;
pub(crate) mod figures;
pub(crate) mod fit;
pub(crate) mod gold;
pub(crate) mod judge;
pub(crate) mod misses;
mod random;
pub(crate) mod report;
mod sha256;
pub(crate) mod show;
pub(crate) mod statistics;
