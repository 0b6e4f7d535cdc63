//! Layers of content: what is built in, packs, and folders of the user's.

use super::{Source, folder};
use crate::diagnostics::Problem;
use crate::embedded;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Where a piece of content comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is built in.
    BuiltIn,
    /// A pack with this id and version.
    Pack {
        /// Id of the pack.
        id: String,
        /// Its version.
        version: String,
    },
    /// A folder or file of the user's.
    Folder(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::Pack { id, version } => write!(f, "pack {id} {version}"),
            Self::Folder(path) => f.write_str(path),
        }
    }
}

/// Kind and id of a piece of content to where it comes from; what is built in is not listed.
pub(super) type Origins = BTreeMap<(&'static str, String), Origin>;

/// Content of one origin, laid over what is below it.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Its files.
    pub(crate) files: Vec<Source>,
}

impl Layer {
    /// What is built in, as its authors wrote it.
    pub(crate) fn builtin() -> Self {
        let files = embedded::FILES.iter().map(|(place, text)| Source {
            path: (*place).to_owned(),
            place: (*place).to_owned(),
            text: Cow::Borrowed(*text),
        });
        Self { origin: Origin::BuiltIn, files: files.collect() }
    }

    /// A folder of the user's.
    pub(crate) fn of_folder(folder: &Path, origin: Origin, problems: &mut Vec<Problem>) -> Self {
        Self { origin, files: folder::read(folder, problems) }
    }
}
