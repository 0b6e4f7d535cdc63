//! Answers of known bands, for raters who begin.

use serde::Deserialize;

/// An answer whose band is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    /// Its name.
    pub(crate) id: String,
    /// The question.
    pub(crate) question: String,
    /// The answer.
    pub(crate) answer: String,
    /// The band of the whole, 1 to 5.
    pub(crate) band: u8,
    /// The levels of the sections, 0 to 2, in STAR order.
    pub(crate) levels: [u8; 4],
    /// Why, in a line or two.
    pub(crate) why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    #[allow(dead_code, reason = "it stands in the file for whoever reads it")]
    schema: u32,
    answer: Vec<Known>,
}

/// The set, in the order in which it is rated.
///
/// # Errors
/// The built-in file is broken: for developers.
pub(crate) fn set() -> Result<Vec<Known>, String> {
    let set: Set = toml::from_str(include_str!("../../calibration/behavioural.toml")).map_err(|e| e.to_string())?;
    Ok(set.answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_has_every_band_and_the_rules_are_never_far_from_it() {
        let set = set().unwrap();
        let library = crate::Library::builtin().unwrap();
        let rubric = library.rubric("behavioural").unwrap();
        for band in 1..=5 {
            assert!(set.iter().any(|k| k.band == band), "no answer of band {band}");
        }
        for known in &set {
            assert!(known.levels.iter().all(|l| *l <= 2) && !known.why.is_empty());
            let a = crate::assess(&rubric, crate::Asked::text(&known.question), &crate::Answer::whole(&known.answer));
            assert!(a.band.abs_diff(known.band) <= 1, "{}: known {}, rules {}", known.id, known.band, a.band);
        }
    }
}
