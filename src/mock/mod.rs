//! Mock interviews: several questions after a plan, timed, with a coach beside the machine.
//!
//! [`plan`] reads plans and draws their questions, [`interview`] is what is kept of one, [`desk`]
//! keeps it while it runs, [`session`] leads through it, [`coach`] takes ratings and notes,
//! [`agreement`] counts how far coach and tool agree, [`calibration`] is the set for new raters.

pub(crate) mod agreement;
pub(crate) mod calibration;
pub(crate) mod coach;
pub(crate) mod desk;
pub(crate) mod interview;
pub(crate) mod plan;
pub(crate) mod session;

pub(crate) use desk::Desk;
pub(crate) use interview::{Interview, Note, Rating, State, Turn};
pub(crate) use plan::{Form, Plan};
