//! Where a mock interview is kept while it runs: one file, renewed whole with every change.
//!
//! A lock tells an interview that a running starcue holds from one that was left behind.

use super::interview::Interview;
use crate::practice::files;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Folder of unfinished interviews in the data folder.
const FOLDER: &str = "mocks";

/// The place of one interview, held as long as this lives.
#[derive(Debug)]
pub(crate) struct Desk {
    folder: PathBuf,
    name: String,
    lock: Option<File>,
    /// Why the last save failed, until one works.
    pub(crate) trouble: Option<String>,
}

/// Unfinished interviews that nobody holds, the newest first, and what is wrong with other files.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// The interviews.
    pub(crate) interviews: Vec<Interview>,
    /// Files that are none, said for people.
    pub(crate) problems: Vec<String>,
}

impl Desk {
    /// Takes the place of an interview; `None` where another starcue has it.
    ///
    /// # Errors
    /// The folder can't be written.
    pub(crate) fn take(data: &Path, id: &str) -> io::Result<Option<Self>> {
        let folder = data.join(FOLDER);
        files::private_folder(data)?;
        files::private_folder(&folder)?;
        let lock = files::private_file().create(true).open(folder.join(format!("{id}.lock")))?;
        let lock = match lock.try_lock() {
            Ok(()) => Some(lock),
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            // A disk without locks: the interview is kept all the same.
            Err(fs::TryLockError::Error(_)) => None,
        };
        Ok(Some(Self { folder, name: id.to_owned(), lock, trouble: None }))
    }

    /// Saves it; `durable` waits until the disk has it. What fails is told in `trouble`.
    pub(crate) fn save(&mut self, interview: &Interview, durable: bool) {
        let saved = files::put(&self.folder, &format!("{}.json", self.name), &interview.to_json(), durable);
        self.trouble = saved.err().map(|e| e.to_string());
    }

    /// The file for an editor, beside the interview.
    pub(crate) fn editor_file(&self) -> PathBuf {
        self.folder.join(format!("{}.md", self.name))
    }

    /// The file itself.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.name))
    }

    /// Removes the interview, which history has now.
    pub(crate) fn clear(self) {
        for ending in ["json", "md"] {
            // What is not there need not go.
            let _ = fs::remove_file(self.folder.join(format!("{}.{ending}", self.name)));
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.lock.take();
        let _ = fs::remove_file(self.folder.join(format!("{}.lock", self.name)));
    }
}

/// The interviews that were left behind.
pub(crate) fn waiting(data: &Path) -> Waiting {
    let mut waiting = Waiting::default();
    let Ok(entries) = fs::read_dir(data.join(FOLDER)) else { return waiting };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "json"));
    paths.sort();
    for path in paths.into_iter().rev() {
        if files::is_held(&path.with_extension("lock")) {
            continue;
        }
        let read = fs::read_to_string(&path).map_err(|e| e.to_string()).and_then(|t| Interview::from_json(&t));
        match read {
            Ok(interview) => waiting.interviews.push(interview),
            Err(why) => waiting.problems.push(format!("{} was left alone: {why}.", path.display())),
        }
    }
    waiting.interviews.sort_by_key(|i| std::cmp::Reverse(i.at));
    waiting
}

/// The unfinished interviews of a person, or of all, that nobody holds: how many there are.
pub(crate) fn kept(data: &Path, person: Option<&str>) -> usize {
    waiting(data).interviews.iter().filter(|i| person.is_none_or(|p| i.person == p)).count()
}

/// Removes the unfinished interviews of a person, or of all; how many.
///
/// # Errors
/// One can't be removed.
pub(crate) fn forget(data: &Path, person: Option<&str>) -> io::Result<usize> {
    let mut count = 0;
    for interview in waiting(data).interviews.iter().filter(|i| person.is_none_or(|p| i.person == p)) {
        if let Some(desk) = Desk::take(data, &interview.id)? {
            fs::remove_file(desk.path())?;
            desk.clear();
            count += 1;
        }
    }
    Ok(count)
}
