//! Where drafts and finished answers are kept: one small file each, readable by the user alone.
//!
//! A lock file tells a draft that a running starcue holds from one that was left behind; the lock goes with
//! the process, however it ends.

use super::draft::{Draft, Topic, Unreadable};
use super::files::{is_held, json_files, new_folders, private_file, private_folder, put, stamp, temporary_folder};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Folder of the drafts in the data folder.
const DRAFTS: &str = "drafts";
/// Folder of the finished answers in the data folder.
const ANSWERS: &str = "answers";

/// The keeper of drafts.
#[derive(Debug)]
pub(crate) struct Store {
    root: Option<PathBuf>,
    spare: PathBuf,
    notices: Vec<String>,
    told: bool,
}

/// The place of one draft, held as long as this lives.
#[derive(Debug)]
pub(crate) struct Slot {
    name: String,
    at: Option<At>,
    lost: bool,
}

#[derive(Debug)]
struct At {
    root: PathBuf,
    /// Held, never read.
    _lock: Option<File>,
}

/// A draft that was left behind.
#[derive(Debug)]
pub(crate) struct Found {
    /// The draft.
    pub(crate) draft: Draft,
    path: PathBuf,
}

/// What the drafts folder holds.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Drafts that nobody holds, newest first.
    pub(crate) drafts: Vec<Found>,
    /// Files that are no drafts, said for people.
    pub(crate) problems: Vec<String>,
}

impl Store {
    /// A store in this data folder; without one, nothing is ever written. Where the folder can't be
    /// written, a new folder below `spare` takes what was typed.
    pub(crate) fn new(root: Option<PathBuf>, spare: PathBuf) -> Self {
        Self { root, spare, notices: Vec::new(), told: false }
    }

    /// What the candidate has to know since the last call, each once.
    pub(crate) fn notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// Whether drafts are written at all.
    pub(crate) fn keeps(&self) -> bool {
        self.root.is_some()
    }

    /// The data folder.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Whether this is the data folder that was asked for.
    pub(crate) fn is_in(&self, root: &Path) -> bool {
        self.root.as_deref() == Some(root)
    }

    /// A place for a new draft. That it can be written is found out here, before anything is typed.
    pub(crate) fn begin(&mut self, topic: &Topic) -> Slot {
        let name = format!("{}-{}", topic.slug(), stamp());
        let mut slot = Slot { name, at: None, lost: false };
        if let Some(root) = self.root.clone() {
            match take(&root, &slot.name) {
                Ok(at) => slot.at = Some(at),
                Err(e) => self.move_beside(&mut slot, &root, &e),
            }
        }
        slot
    }

    /// Takes over a draft that was left behind; `None` where another starcue was faster.
    pub(crate) fn adopt(&mut self, found: Found) -> Option<(Slot, Draft)> {
        let name = found.path.file_stem()?.to_string_lossy().into_owned();
        let root = found.path.parent()?.parent()?.to_path_buf();
        match take(&root, &name) {
            Ok(at) => Some((Slot { name, at: Some(at), lost: false }, found.draft)),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => None,
            Err(e) => {
                let mut slot = Slot { name, at: None, lost: false };
                self.move_beside(&mut slot, &root, &e);
                Some((slot, found.draft))
            }
        }
    }

    /// Saves a draft; `durable` waits until the disk has it. Where its folder fails, a spare one is
    /// taken and told in the notices; where that fails as well, [`Slot::is_lost`] says so.
    pub(crate) fn save(&mut self, slot: &mut Slot, draft: &mut Draft, durable: bool) {
        let Some(root) = slot.at.as_ref().map(|at| at.root.clone()) else {
            return;
        };
        draft.saved = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let json = draft.to_json(&slot.name);
        let Err(e) = put(&root.join(DRAFTS), &slot.file("json"), &json, durable) else {
            slot.lost = false;
            return;
        };
        self.move_beside(slot, &root, &e);
        if let Some(at) = slot.at.as_ref().filter(|_| !slot.lost) {
            slot.lost = put(&at.root.join(DRAFTS), &slot.file("json"), &json, durable).is_err();
        }
    }

    /// Ends a rehearsal that history could not take: its answers go to the finished ones, from where
    /// history takes them later, and the draft goes. The path of the answer, if one was written.
    pub(crate) fn finish(&mut self, mut slot: Slot, mut draft: Draft) -> Option<PathBuf> {
        if draft.words.is_blank() {
            if !draft.earlier.is_empty() {
                draft.words = draft.earlier.pop()?;
            } else {
                slot.clear();
                return None;
            }
        }
        self.save(&mut slot, &mut draft, true);
        let at = slot.at.as_ref()?;
        let folder = at.root.join(ANSWERS);
        let name = slot.file("json");
        let kept = private_folder(&folder).and_then(|()| put(&folder, &name, &draft.to_json(&slot.name), true));
        match kept {
            Ok(()) => {
                slot.clear();
                Some(folder.join(name))
            }
            // The draft itself stays, and is offered next time.
            Err(_) => slot.path(),
        }
    }

    /// Finished answers that history has not taken yet.
    pub(crate) fn finished(&self) -> Waiting {
        let mut waiting = Waiting::default();
        let Some(folder) = self.root.as_ref().map(|r| r.join(ANSWERS)) else { return waiting };
        for path in json_files(&folder) {
            match read(&path) {
                Ok(draft) => waiting.drafts.push(Found { draft, path }),
                Err(why) => waiting.problems.push(format!("{} was left alone: {why}.", path.display())),
            }
        }
        waiting
    }

    /// Throws a draft away.
    pub(crate) fn discard(&mut self, mut slot: Slot) {
        slot.clear();
    }

    /// The drafts that were left behind: all, or those of one question.
    pub(crate) fn waiting(&self, topic: Option<&Topic>) -> Waiting {
        let mut waiting = Waiting::default();
        let Some(folder) = self.root.as_ref().map(|r| r.join(DRAFTS)) else { return waiting };
        for path in json_files(&folder) {
            if is_held(&path.with_extension("lock")) {
                continue;
            }
            match read(&path) {
                Ok(draft) if topic.is_none_or(|t| t.same(&draft.topic)) => waiting.drafts.push(Found { draft, path }),
                Ok(_) => {}
                Err(Unreadable::Newer(schema)) => waiting
                    .problems
                    .push(format!("{} was written by a later starcue ({schema}); it was left alone.", path.display())),
                Err(Unreadable::Broken(why)) => waiting.problems.push(set_aside(&path, &why)),
            }
        }
        waiting.drafts.sort_by(|a, b| (b.draft.saved, &b.path).cmp(&(a.draft.saved, &a.path)));
        waiting
    }

    fn move_beside(&mut self, slot: &mut Slot, from: &Path, why: &io::Error) {
        let beside = temporary_folder(&self.spare);
        match beside.and_then(|beside| Ok((take(&beside, &slot.name)?, beside))) {
            Ok((at, beside)) => {
                if !self.told {
                    self.told = true;
                    self.notices.push(format!(
                        "Drafts can't be written to {} ({why}). Your text is kept in {} instead.",
                        from.display(),
                        beside.join(DRAFTS).join(slot.file("json")).display()
                    ));
                }
                slot.at = Some(at);
                slot.lost = false;
            }
            _ => {
                if !slot.lost {
                    self.notices.push(format!(
                        "Drafts can be written neither to {} ({why}) nor to {}: your text is in memory only. It will \
                         be shown when you leave.",
                        from.display(),
                        self.spare.display()
                    ));
                }
                slot.lost = true;
            }
        }
    }
}

impl Found {
    /// The name of the rehearsal.
    pub(crate) fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Removes the file, which is kept elsewhere now.
    pub(crate) fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

impl Slot {
    /// The name of the rehearsal, that no other has.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn file(&self, ending: &str) -> String {
        format!("{}.{ending}", self.name)
    }

    /// Whether the text could not be written anywhere.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost
    }

    /// Path of the draft file, where there is one.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.at.as_ref().map(|at| at.root.join(DRAFTS).join(self.file("json")))
    }

    /// The data folder that holds the draft.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.at.as_ref().map(|at| at.root.as_path())
    }

    /// The file for the candidate's editor, beside the draft.
    pub(crate) fn editor_file(&self) -> Option<PathBuf> {
        self.at.as_ref().map(|at| at.root.join(DRAFTS).join(self.file("md")))
    }

    fn clear(&mut self) {
        if let Some(At { root, _lock }) = self.at.take() {
            let folder = root.join(DRAFTS);
            for ending in ["json", "md", "reply.md", "lock"] {
                // What is not there need not go, and what can't go does no harm.
                let _ = fs::remove_file(folder.join(self.file(ending)));
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(at) = &self.at {
            let folder = at.root.join(DRAFTS);
            let _ = fs::remove_file(folder.join(self.file("lock")));
        }
    }
}

fn read(path: &Path) -> Result<Draft, Unreadable> {
    let bytes = fs::read(path).map_err(|e| Unreadable::Broken(e.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|e| Unreadable::Broken(e.to_string()))?;
    Draft::from_json(&text)
}

fn set_aside(path: &Path, why: &str) -> String {
    let aside = path.with_extension("json.broken");
    match fs::rename(path, &aside) {
        Ok(()) => format!("A draft could not be read ({why}). It was kept aside as {}.", aside.display()),
        Err(_) => format!("A draft could not be read ({why}): {}.", path.display()),
    }
}

fn take(root: &Path, name: &str) -> io::Result<At> {
    if !root.exists() {
        new_folders(root)?;
    }
    let drafts = root.join(DRAFTS);
    private_folder(&drafts)?;
    let lock = private_file().create(true).open(drafts.join(format!("{name}.lock")))?;
    match lock.try_lock() {
        Ok(()) => Ok(At { root: root.to_path_buf(), _lock: Some(lock) }),
        Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        // A disk without locks: the draft is kept all the same.
        Err(fs::TryLockError::Error(_)) => Ok(At { root: root.to_path_buf(), _lock: None }),
    }
}

/// What [`forget`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Forgotten {
    /// How many drafts and unsaved answers were deleted.
    pub(crate) drafts: usize,
    /// What could not be, said for people: a draft that is open, a file that nobody can read.
    pub(crate) left: Vec<String>,
}

/// The drafts, and answers that history has not taken yet, of one person, or of all: how many there
/// are.
pub(crate) fn kept(root: &Path, person: Option<&str>) -> usize {
    owned(root, person, &mut Vec::new()).len()
}

/// Deletes the drafts, and the answers that history has not taken yet, of one person; of all, files
/// go too that can't be read.
///
/// # Errors
/// A file can't be deleted.
pub(crate) fn forget(root: &Path, person: Option<&str>) -> io::Result<Forgotten> {
    let mut done = Forgotten::default();
    for path in owned(root, person, &mut done.left) {
        for ending in ["json", "md", "reply.md", "lock"] {
            match fs::remove_file(path.with_extension(ending)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
        done.drafts += 1;
    }
    if person.is_none() {
        for file in fs::read_dir(root.join(DRAFTS)).into_iter().flatten().flatten().map(|e| e.path()) {
            if file.extension().is_some_and(|e| e == "broken") {
                fs::remove_file(file)?;
                done.drafts += 1;
            }
        }
    }
    Ok(done)
}

/// The files of drafts and answers of a person that nobody holds; what is left out goes to `left`.
fn owned(root: &Path, person: Option<&str>, left: &mut Vec<String>) -> Vec<PathBuf> {
    let files = [DRAFTS, ANSWERS].into_iter().flat_map(|folder| json_files(&root.join(folder)));
    let mut owned = Vec::new();
    for path in files {
        let whose = read(&path).map(|draft| draft.person);
        let mut told = |why: &str| left.push(format!("{} was left: {why}.", path.display()));
        match (&whose, person) {
            (Ok(whose), Some(person)) if whose != person => {}
            (Err(_), Some(_)) => told("it can't be read, so nobody knows whose it is"),
            _ if is_held(&path.with_extension("lock")) => told("another starcue has it open"),
            _ => owned.push(path),
        }
    }
    owned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Place;

    fn topic(id: &str) -> Topic {
        Topic { id: Some(id.into()), text: "Why?".into(), rubric: "behavioural".into() }
    }

    fn store(root: &Path, spare: &Path) -> Store {
        Store::new(Some(root.to_path_buf()), spare.to_path_buf())
    }

    fn typed(text: &str) -> Draft {
        let mut draft = Draft::new("me", topic("failure"), true);
        draft.words.put(Place::Whole, text);
        draft
    }

    #[test]
    fn a_draft_that_is_left_behind_is_found_again_and_a_held_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let (root, mut s) = (dir.path().join("data"), store(&dir.path().join("data"), dir.path()));
        let mut slot = s.begin(&topic("failure"));
        s.save(&mut slot, &mut typed("It broke"), true);
        assert_eq!(store(&root, dir.path()).waiting(None).drafts.len(), 0, "it is held");
        drop(slot);
        let mut waiting = s.waiting(Some(&topic("failure"))).drafts;
        assert_eq!(waiting.len(), 1);
        assert_eq!(s.waiting(Some(&topic("other"))).drafts.len(), 0);
        let (slot, draft) = s.adopt(waiting.remove(0)).unwrap();
        assert_eq!(draft.words.at(Place::Whole), "It broke");
        let kept = s.finish(slot, draft).unwrap();
        assert!(kept.starts_with(root.join(ANSWERS)) && kept.exists());
        assert_eq!(fs::read_dir(root.join(DRAFTS)).unwrap().count(), 0, "no draft, lock or half file stays");
    }

    #[test]
    #[cfg(unix)]
    fn folders_and_files_are_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("a/data");
        let mut s = store(&root, dir.path());
        let mut slot = s.begin(&topic("failure"));
        s.save(&mut slot, &mut typed("x"), false);
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&root.join(DRAFTS)), mode(&slot.path().unwrap())), (0o700, 0o700, 0o600));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_once_and_the_text_is_kept_beside() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("blocked");
        fs::write(&blocked, "a file, no folder").unwrap();
        let mut s = store(&blocked.join("data"), dir.path());
        let mut slot = s.begin(&topic("failure"));
        s.save(&mut slot, &mut typed("It broke"), false);
        s.save(&mut slot, &mut typed("It broke twice"), false);
        let notices = s.notices();
        assert_eq!(notices.len(), 1, "{notices:?}");
        let path = slot.path().unwrap();
        assert!(notices[0].contains(&path.display().to_string()));
        assert!(fs::read_to_string(path).unwrap().contains("It broke twice"));
        assert!(s.notices().is_empty());
    }

    #[test]
    fn a_folder_that_fails_while_one_types_loses_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("data");
        let mut s = store(&root, dir.path());
        let mut slot = s.begin(&topic("failure"));
        s.save(&mut slot, &mut typed("It"), false);
        fs::remove_dir_all(&root).unwrap();
        fs::write(&root, "").unwrap();
        s.save(&mut slot, &mut typed("It broke"), false);
        assert!(!slot.is_lost());
        assert!(fs::read_to_string(slot.path().unwrap()).unwrap().contains("It broke"));
        assert_eq!(s.notices().len(), 1);
    }

    #[test]
    fn where_nothing_can_be_written_the_text_is_known_to_be_in_memory_only() {
        let mut s = store(Path::new("/dev/null/data"), Path::new("/dev/null"));
        let mut slot = s.begin(&topic("failure"));
        s.save(&mut slot, &mut typed("It broke"), false);
        assert!(slot.is_lost());
        assert_eq!(s.notices().len(), 1);
    }

    #[test]
    fn a_broken_draft_is_kept_aside_and_a_newer_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let drafts = dir.path().join(DRAFTS);
        fs::create_dir(&drafts).unwrap();
        fs::write(drafts.join("a.json"), b"{\"schema\":\"starcue.dr").unwrap();
        fs::write(drafts.join("b.json"), [0xff, 0xfe]).unwrap();
        fs::write(drafts.join("c.json"), r#"{"schema":"starcue.draft/9"}"#).unwrap();
        let waiting = store(dir.path(), dir.path()).waiting(None);
        assert!(waiting.drafts.is_empty());
        assert_eq!(waiting.problems.len(), 3, "{:?}", waiting.problems);
        assert!(drafts.join("a.json.broken").exists() && drafts.join("b.json.broken").exists());
        assert!(drafts.join("c.json").exists());
    }

    #[test]
    fn what_one_person_left_behind_can_be_deleted_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let mut s = store(dir.path(), dir.path());
        for person in ["anna", "ben"] {
            let mut slot = s.begin(&topic("failure"));
            let mut draft = Draft { person: person.into(), ..typed("It broke") };
            s.save(&mut slot, &mut draft, false);
            let mut other = s.begin(&topic("teamwork"));
            s.save(&mut other, &mut draft, false);
            s.finish(other, draft).unwrap();
        }
        fs::write(dir.path().join(DRAFTS).join("x.json"), "{").unwrap();
        let mut open = s.begin(&topic("conflict"));
        s.save(&mut open, &mut Draft { person: "anna".into(), ..typed("Now") }, false);
        assert_eq!(kept(dir.path(), Some("anna")), 2);
        let done = forget(dir.path(), Some("anna")).unwrap();
        assert_eq!((done.drafts, done.left.len()), (2, 2), "{done:?}");
        assert!(done.left.iter().any(|l| l.contains("has it open")), "{done:?}");
        assert_eq!((kept(dir.path(), Some("anna")), kept(dir.path(), Some("ben"))), (0, 2));
        drop(open);
        assert_eq!(forget(dir.path(), None).unwrap().drafts, 4, "all of everybody, and what can't be read");
        let left = |folder: &str| fs::read_dir(dir.path().join(folder)).unwrap().count();
        assert_eq!((left(DRAFTS), left(ANSWERS)), (0, 0));
    }

    #[test]
    fn without_a_folder_nothing_is_written() {
        let mut s = Store::new(None, PathBuf::from("/dev/null"));
        let mut slot = s.begin(&topic("failure"));
        s.save(&mut slot, &mut typed("It broke"), true);
        assert!(slot.path().is_none() && !slot.is_lost() && s.notices().is_empty());
        assert!(s.finish(slot, typed("It broke")).is_none());
    }
}
