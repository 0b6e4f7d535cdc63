//! Labelled answers, as the verbs read and judge them.

use crate::Library;
use crate::agreement::gold::{self, Division};
use crate::agreement::judge::{Case, judge};
use crate::batch::Input;
use crate::report::clean;
use anyhow::{Result, bail};
use std::io::{self, Write as _};

/// The labelled answers of the inputs, or of one part of them, judged; and how many records were bad. What is wrong
/// with each of these is said on standard error.
///
/// # Errors
/// There is none to judge.
pub(super) fn cases(
    library: &Library,
    inputs: &[Input],
    part: Option<Division>,
    rubric: Option<&str>,
) -> Result<(Vec<Case>, usize)> {
    let mut bad = 0;
    let mut complain = |place: String, message: &str| {
        bad += 1;
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "starcue: {}", clean(&format!("{place}: {message}")));
    };
    let mut labelled = Vec::new();
    for record in gold::read(inputs) {
        match record {
            Ok(gold) if part.is_none_or(|part| gold.division() == part) => labelled.push(gold),
            Ok(_) => {}
            Err((origin, bad)) => complain(origin.place(), &format!("{} [{}]", bad.message, bad.code)),
        }
    }
    let mut cases = Vec::with_capacity(labelled.len());
    for judged in judge(labelled, library, rubric) {
        match judged {
            Ok(case) => cases.push(case),
            Err((gold, e)) => complain(gold.origin.place(), &e.to_string()),
        }
    }
    if cases.is_empty() {
        bail!("there is no labelled answer to judge");
    }
    Ok((cases, bad))
}
