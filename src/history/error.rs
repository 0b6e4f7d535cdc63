//! Why history can't be read or written, said for people.

use rusqlite::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

/// Why history can't be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A later starcue wrote it.
    #[error(
        "the history in {} was written by a later starcue (format {found}; this one knows up to {known}). It was left \
         alone: update starcue, or name another folder with `--data`", .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The latest that this program knows.
        known: i64,
    },
    /// The file is damaged, or no database.
    #[error(
        "the history in {} is damaged ({why}). It was left as it is: move it away to begin a new one, or try \
         `sqlite3 OLD .recover | sqlite3 NEW` to save what can be saved", .path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// A database, but of another program.
    #[error("{} is a database of another program; name another folder with `--data`", .0.display())]
    Foreign(PathBuf),
    /// The disk is full.
    #[error("the disk with {} is full", .0.display())]
    Full(PathBuf),
    /// Another starcue holds it for too long.
    #[error("another program holds {} and does not let go", .0.display())]
    Busy(PathBuf),
    /// The file can't be opened or written.
    #[error("{} can't be {doing}: {why}", .path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// What was tried: "opened" or "written".
        doing: &'static str,
        /// What the system says.
        why: String,
    },
    /// A file that is to be imported is no export.
    #[error("{0}")]
    Import(String),
    /// Anything else that SQLite says.
    #[error("the history in {} can't be used: {why}", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// What an export is written to fails.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl Error {
    /// What an error of SQLite means for the file at `path`.
    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let why = match error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            other => other.to_string(),
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Corrupt { path, why },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            Some(ErrorCode::CannotOpen) => Self::Unreachable { path, doing: "opened", why },
            Some(ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::PermissionDenied) => {
                Self::Unreachable { path, doing: "written", why }
            }
            _ => Self::Other { path, why },
        }
    }

    /// What an error of the file system means for the file at `path`.
    pub(super) fn of_io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path.to_path_buf()),
            _ => Self::Unreachable { path: path.to_path_buf(), doing: "opened", why: error.to_string() },
        }
    }
}
