//! Other names for what a record holds: `--map answer=COLUMN`.

use super::{Bad, Code};
use crate::Section;
use std::fmt;
use std::str::FromStr;

/// What can be mapped.
pub(super) const NAMES: [&str; 8] = ["id", "question", "rubric", "answer", "situation", "task", "action", "result"];

/// One other name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// Index into [`NAMES`].
    ours: usize,
    theirs: String,
}

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (ours, theirs) = text.split_once('=').ok_or("write it as `answer=COLUMN`")?;
        let (ours, theirs) = (ours.trim(), theirs.trim());
        let known = NAMES.iter().position(|n| *n == ours);
        let ours = known.ok_or_else(|| format!("`{ours}` is none of {}", NAMES.join(", ")))?;
        if theirs.is_empty() {
            return Err(format!("the name of the column for `{}` is empty", NAMES[ours]));
        }
        Ok(Self { ours, theirs: theirs.to_owned() })
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", NAMES[self.ours], self.theirs)
    }
}

/// Names of keys and columns that stand for ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Map(Vec<Mapping>);

impl Map {
    /// The other names; `None` where there are none.
    pub(crate) fn new(list: &[Mapping]) -> Option<Self> {
        (!list.is_empty()).then(|| Self(list.to_vec()))
    }

    /// What a key of JSON stands for: an index into [`NAMES`]. Sections stand beside the answer
    /// only where they were mapped.
    pub(super) fn key(&self, key: &str) -> Option<usize> {
        if let Some(mapped) = self.0.iter().find(|m| m.theirs == key) {
            return Some(mapped.ours);
        }
        let own = NAMES.iter().position(|n| *n == key)?;
        (Section::from_id(key).is_none() && !self.is_mapped(own)).then_some(own)
    }

    fn is_mapped(&self, ours: usize) -> bool {
        self.0.iter().any(|m| m.ours == ours)
    }

    /// The names of the columns of a table, in lower case, with ours in their places. A column that
    /// has one of our names, but was not meant, loses it.
    pub(super) fn columns(&self, names: Vec<String>) -> Result<Vec<String>, Bad> {
        for mapping in &self.0 {
            if !names.contains(&mapping.theirs.to_lowercase()) {
                let have = names.join(", ");
                return Err(Bad::new(
                    Code::NoAnswer,
                    format!("the header has no column `{}` (`--map {mapping}`): it has {have}", mapping.theirs),
                ));
            }
        }
        let rename = |name: String| {
            if let Some(mapped) = self.0.iter().find(|m| m.theirs.to_lowercase() == name) {
                return NAMES[mapped.ours].to_owned();
            }
            let taken = NAMES.iter().position(|n| *n == name).is_some_and(|own| self.is_mapped(own));
            if taken { String::new() } else { name }
        };
        Ok(names.into_iter().map(rename).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(list: &[&str]) -> Map {
        Map::new(&list.iter().map(|m| m.parse().unwrap()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn columns_of_any_name_can_hold_the_answer() {
        let named = |names: &[&str]| {
            map(&["answer=Response Text", "id=nr"]).columns(names.iter().map(|n| (*n).to_owned()).collect())
        };
        assert_eq!(named(&["nr", "answer", "response text"]).unwrap(), ["id", "", "answer"]);
        let missing = named(&["nr", "answer"]).unwrap_err();
        assert!(
            missing.message.contains("no column `Response Text` (`--map answer=Response Text`): it has nr, answer")
        );
    }

    #[test]
    fn keys_of_json_are_mapped_likewise() {
        let map = map(&["answer=text", "action=did"]);
        let name = |key: &str| map.key(key).map(|i| NAMES[i]);
        assert_eq!(
            [name("text"), name("answer"), name("id"), name("did"), name("task")],
            [Some("answer"), None, Some("id"), Some("action"), None]
        );
    }

    #[test]
    fn a_slip_in_a_mapping_is_told() {
        assert!("answers=x".parse::<Mapping>().unwrap_err().contains("none of id, question"));
        assert!("answer".parse::<Mapping>().is_err() && "answer= ".parse::<Mapping>().is_err());
    }
}
