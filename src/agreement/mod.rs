//! How far a rubric agrees with people who labelled answers, and weights that would agree better.
//!
//! [`gold`] reads labelled answers, [`judge`] lets the engine judge them, [`figures`] counts what
//! agrees, [`bootstrap`] says how sure that is, [`baseline`] what one gets for nothing, and
//! [`fit`] proposes weights. Everything is deterministic: the same files give the same figures on
//! any number of threads.

pub(crate) mod fit;
pub(crate) mod gold;
pub(crate) mod judge;
pub(crate) mod random;
mod sha256;
pub(crate) mod statistics;
