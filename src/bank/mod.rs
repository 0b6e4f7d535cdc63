//! Finding one's way in the bank: search by words, questions like another, a plan over the days.

pub(crate) mod like;
pub(crate) mod plan;
pub mod search;
