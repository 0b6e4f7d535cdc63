//! Files for the user alone. One is written beside its place and moved there, so that a reader finds the
//! old text or the new one and never half of either.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A name that no other rehearsal has: the time and the process.
pub(crate) fn stamp() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", since.as_millis(), std::process::id())
}

/// Writes a text that its own place can't take into a new folder for temporary files; its path.
///
/// # Errors
/// The disk's.
pub(crate) fn keep_beside(name: &str, text: &str) -> io::Result<PathBuf> {
    let folder = temporary_folder(&std::env::temp_dir())?;
    put(&folder, name, text, true)?;
    Ok(folder.join(name))
}

/// Writes a file for the user alone, whole or not at all.
///
/// # Errors
/// The disk's.
pub(crate) fn put(folder: &Path, name: &str, text: &str, durable: bool) -> io::Result<()> {
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let written = (|| {
        let mut file = private_file().create(true).truncate(true).open(&beside)?;
        file.write_all(text.as_bytes())?;
        if durable {
            file.sync_all()?;
        }
        fs::rename(&beside, folder.join(name))
    })();
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    } else if durable && let Ok(folder) = File::open(folder) {
        // A folder that can't be synced (some network disks) still has the file.
        let _ = folder.sync_all();
    }
    written
}

/// The JSON files of a folder, by name; none where there is no folder.
pub(crate) fn json_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|e| e.path());
    let mut paths: Vec<PathBuf> = paths.filter(|p| p.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    paths
}

/// Whether a running starcue holds this lock.
pub(crate) fn is_held(lock: &Path) -> bool {
    File::open(lock).is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

/// Makes a folder for the user alone, or makes it so.
///
/// # Errors
/// The disk's.
pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        new_folders(folder)?;
    }
    restrict(folder)
}

#[cfg(unix)]
fn restrict(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
}

fn builder() -> fs::DirBuilder {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix has modes"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// A folder for the user alone, with those above it; one that is there stays as it is.
///
/// # Errors
/// The disk's.
pub(crate) fn new_folders(folder: &Path) -> io::Result<()> {
    builder().recursive(true).create(folder)
}

/// A new folder for the user alone. It was not there before, so nobody can have prepared it.
///
/// # Errors
/// The disk's.
pub(crate) fn temporary_folder(parent: &Path) -> io::Result<PathBuf> {
    let folder = parent.join(format!("starcue-{}", stamp()));
    builder().create(&folder)?;
    Ok(folder)
}

/// How a file for the user alone is opened.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
