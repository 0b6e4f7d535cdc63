//! Packs: folders of content with a manifest, added by path, listed and removed.
//!
//! A pack that was added is a copy in the data folder (`packs/ID`). Packs lie over what is built in
//! and under the folder of `--content`, in the order of their ids, but each above those it needs.

mod version;

pub(crate) use version::at_least;

use crate::content::raw::{PackFile, SCHEMA};
use crate::content::{Layer, Origin, folder};
use crate::diagnostics::{Problem, line_of};
use crate::practice::files::new_folders;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Name of the manifest.
pub(crate) const MANIFEST: &str = "pack.toml";

/// Id and version of a pack.
pub(crate) type PackVersion = (String, String);

/// A pack that is there.
#[derive(Debug, Clone)]
pub(crate) struct Pack {
    /// What it says of itself.
    pub(crate) manifest: PackFile,
    /// Where it lies.
    pub(crate) folder: PathBuf,
}

impl Pack {
    /// Reads the pack in a folder.
    ///
    /// # Errors
    /// There is no manifest, or it can't be read, or it has a newer format; for people.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(MANIFEST);
        let text = folder::read_file(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => {
                format!("`{}` is no pack: it holds no `{MANIFEST}`", folder.display())
            }
            _ => format!("{}: {e}", path.display()),
        })?;
        let wrong = |e: &toml::de::Error| {
            let line = e.span().map_or(1, |s| line_of(&text, s.start));
            format!("{}:{line}: {}", path.display(), e.message().trim())
        };
        // A newer format may have keys that this one does not know: it is looked at first.
        let table: toml::Table = toml::from_str(&text).map_err(|e| wrong(&e))?;
        if let Some(schema) = table.get("schema").and_then(toml::Value::as_integer).filter(|s| *s > i64::from(SCHEMA)) {
            return Err(format!(
                "{}: this pack has format {schema}, and this starcue reads up to {SCHEMA}: update starcue, or ask \
                 the authors for an older version of the pack",
                path.display()
            ));
        }
        let manifest: PackFile = toml::from_str(&text).map_err(|e| wrong(&e))?;
        if !is_id(&manifest.id) {
            return Err(format!("{}: `{}` can't be the id of a pack", path.display(), manifest.id));
        }
        Ok(Self { manifest, folder: folder.to_path_buf() })
    }

    /// Its content as a layer.
    pub(crate) fn layer(&self, problems: &mut Vec<Problem>) -> Layer {
        let origin = Origin::Pack { id: self.manifest.id.clone(), version: self.manifest.version.clone() };
        Layer::of_folder(&self.folder, origin, problems)
    }
}

/// An id names a folder: nothing but small letters, digits, hyphens and dots inside.
fn is_id(id: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) && id.chars().all(inner)
}

/// All packs in a folder, lowest first, and what is wrong with those that can't be read.
pub(crate) fn list(folder: &Path) -> (Vec<Pack>, Vec<String>) {
    let mut wrong = Vec::new();
    let mut packs: Vec<Pack> = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // Where no folder is, or can be, there is no pack: `practice` tells a data folder that is none.
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return (packs, wrong),
        Err(e) => return (packs, vec![format!("{}: {e}", folder.display())]),
    };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    // What starts with a dot is a copy that was not finished.
    folders.retain(|p| p.is_dir() && !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')));
    folders.sort();
    for folder in folders {
        match Pack::read(&folder) {
            Ok(pack) => packs.push(pack),
            Err(why) => wrong.push(why),
        }
    }
    (in_order(packs), wrong)
}

/// By id, but each after those that it needs; packs that need each other stay by id.
fn in_order(mut packs: Vec<Pack>) -> Vec<Pack> {
    packs.sort_by(|a, b| a.manifest.id.cmp(&b.manifest.id));
    let mut ordered: Vec<Pack> = Vec::with_capacity(packs.len());
    while !packs.is_empty() {
        let waits = |pack: &Pack| packs.iter().any(|p| pack.manifest.needs.contains_key(&p.manifest.id));
        let next = packs.iter().position(|p| !waits(p)).unwrap_or(0);
        ordered.push(packs.remove(next));
    }
    ordered
}

/// Copies a pack into the folder of packs; the one of the same id that is there is replaced.
///
/// # Errors
/// It can't be read or written; what was there before stays.
pub(crate) fn add(pack: &Pack, into: &Path) -> io::Result<Pack> {
    new_folders(into)?;
    let id = &pack.manifest.id;
    let (fresh, old, place) = (into.join(format!(".{id}.new")), into.join(format!(".{id}.old")), into.join(id));
    remove_if_there(&fresh)?;
    remove_if_there(&old)?;
    new_folders(&fresh)?;
    copy(pack, &fresh)?;
    if place.exists() {
        fs::rename(&place, &old)?;
    }
    if let Err(e) = fs::rename(&fresh, &place) {
        if old.exists() {
            fs::rename(&old, &place)?;
        }
        return Err(e);
    }
    remove_if_there(&old)?;
    Ok(Pack { manifest: pack.manifest.clone(), folder: place })
}

/// Copies the manifest, the content, and the texts that tell of licence and use.
fn copy(pack: &Pack, to: &Path) -> io::Result<()> {
    fs::copy(pack.folder.join(MANIFEST), to.join(MANIFEST))?;
    let mut problems = Vec::new();
    for source in pack.layer(&mut problems).files {
        let place = to.join(&source.place);
        if let Some(parent) = place.parent() {
            new_folders(parent)?;
        }
        fs::write(place, source.text.as_bytes())?;
    }
    if let Some(problem) = problems.first() {
        return Err(io::Error::other(problem.to_string()));
    }
    for entry in fs::read_dir(&pack.folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let kept = ["LICEN", "README", "COPYING"].iter().any(|start| name.starts_with(start));
        if kept && let Ok(text) = folder::read_file(&entry.path()) {
            fs::write(to.join(entry.file_name()), text)?;
        }
    }
    Ok(())
}

/// Takes a pack away.
///
/// # Errors
/// It can't be deleted.
pub(crate) fn remove(pack: &Pack) -> io::Result<()> {
    fs::remove_dir_all(&pack.folder)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(dir: &Path, id: &str, more: &str) -> PathBuf {
        let folder = dir.join(id);
        fs::create_dir_all(folder.join("questions")).unwrap();
        let manifest = format!(
            "schema = 1\nid = \"{id}\"\nversion = \"1.0\"\ntitle = \"T\"\nlicence = \"CC0-1.0\"\nauthors = [\"A\"]\n{more}"
        );
        fs::write(folder.join(MANIFEST), manifest).unwrap();
        fs::write(folder.join("questions/q.toml"), "schema = 1\n").unwrap();
        fs::write(folder.join("LICENSE"), "Do as you like.\n").unwrap();
        fs::write(folder.join("secret.key"), "x").unwrap();
        folder
    }

    #[test]
    fn a_pack_is_copied_replaced_and_taken_away_whole() {
        let dir = tempfile::tempdir().unwrap();
        let into = dir.path().join("data/packs");
        let source = Pack::read(&pack(dir.path(), "sales", "")).unwrap();
        add(&source, &into).unwrap();
        fs::write(into.join("sales/questions/old.toml"), "schema = 1\n").unwrap();
        let added = add(&source, &into).unwrap();
        assert!(added.folder.join("questions/q.toml").is_file() && added.folder.join("LICENSE").is_file());
        assert!(!added.folder.join("secret.key").exists(), "only what is content is taken");
        assert!(!added.folder.join("questions/old.toml").exists(), "the old one is replaced, not mixed");
        let (listed, wrong) = list(&into);
        assert_eq!((listed.len(), wrong.len()), (1, 0));
        remove(&listed[0]).unwrap();
        assert!(list(&into).0.is_empty());
    }

    #[test]
    fn a_pack_lies_above_those_it_needs() {
        let dir = tempfile::tempdir().unwrap();
        pack(dir.path(), "alpha", "[needs]\nzeta = \"1.0\"\n");
        pack(dir.path(), "beta", "");
        pack(dir.path(), "zeta", "");
        let ids: Vec<String> = list(dir.path()).0.into_iter().map(|p| p.manifest.id).collect();
        assert_eq!(ids, ["beta", "zeta", "alpha"]);
    }

    #[test]
    fn a_newer_format_is_refused_before_its_keys_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let folder = pack(dir.path(), "sales", "");
        fs::write(folder.join(MANIFEST), "schema = 9\nid = \"sales\"\nnewer_key = true\n").unwrap();
        let why = Pack::read(&folder).unwrap_err();
        assert!(why.contains("format 9") && why.contains("update starcue"), "{why}");
    }

    #[test]
    fn an_id_can_name_no_folder_elsewhere() {
        for id in ["../up", "a/b", "", ".hidden", "Big"] {
            assert!(!is_id(id), "{id}");
        }
        assert!(is_id("nursing-2.1"));
    }
}
