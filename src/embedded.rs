//! The built-in content, as `build.rs` leaves it: the files, and the same packed.

use crate::content::pack::Pack;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
