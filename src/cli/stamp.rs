//! Whether files have changed since the last look: for everything that runs again on every save.

use super::{Context, Status};
use crate::practice::Interrupt;
use crate::report::clean_lines;
use anyhow::Result;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// When each file was last written, and how long it was.
#[derive(Debug, Default)]
struct Stamps(Option<Vec<(PathBuf, SystemTime, u64)>>);

impl Stamps {
    /// Between two looks.
    const PAUSE: Duration = Duration::from_millis(200);

    /// Whether anything has changed since the last look; the first look is a change. A file that is
    /// away for a moment, as while an editor saves it, has not changed.
    fn have_changed(&mut self, paths: &[PathBuf]) -> bool {
        let mut now = Vec::new();
        for path in paths {
            gather(path, &mut now, 0);
        }
        let before = self.0.as_ref();
        if now.is_empty() && before.is_some() || before == Some(&now) {
            return false;
        }
        self.0 = Some(now);
        true
    }
}

fn gather(path: &Path, found: &mut Vec<(PathBuf, SystemTime, u64)>, depth: usize) {
    let Ok(meta) = fs::metadata(path) else { return };
    if meta.is_file() {
        if depth == 0 || path.extension().is_some_and(|e| e == "toml") {
            found.push((path.to_path_buf(), meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), meta.len()));
        }
    } else if depth < 8 {
        let mut inner: Vec<PathBuf> = fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        inner.sort();
        inner.iter().for_each(|p| gather(p, found, depth + 1));
    }
}

/// Runs `again` now and after every save of these files or of content in these folders, until Ctrl-C. What
/// `again` says is wrong is told, and the next save may mend it. `human`: on a terminal each run takes the
/// place of the one before it, and a line says how to end.
pub(crate) fn on_every_save(
    paths: &[PathBuf],
    human: bool,
    context: &Context,
    mut again: impl FnMut() -> Result<()>,
) -> Result<Status> {
    let interrupt = Interrupt::watch()?;
    let mut stamps = Stamps::default();
    while !interrupt.take() {
        if stamps.have_changed(paths) {
            if human && context.terminal && !context.look.plain {
                io::stdout().write_all(b"\x1b[H\x1b[2J\x1b[3J")?;
            }
            if let Err(e) = again() {
                writeln!(io::stderr(), "starcue: {}", clean_lines(&format!("{e:#}")))?;
            }
            if human {
                writeln!(io::stdout(), "\n{}", context.look.faint("Watching; Ctrl-C ends it."))?;
            }
        }
        std::thread::sleep(Stamps::PAUSE);
    }
    Ok(Status::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_is_a_change_and_a_look_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.toml");
        fs::write(&file, "a = 1").unwrap();
        let paths = [dir.path().to_path_buf()];
        let mut stamps = Stamps::default();
        assert!(stamps.have_changed(&paths), "the first look");
        assert!(!stamps.have_changed(&paths));
        fs::write(&file, "a = 12").unwrap();
        assert!(stamps.have_changed(&paths));
        fs::remove_file(&file).unwrap();
        assert!(!stamps.have_changed(&paths), "an editor puts it back in a moment");
        fs::write(dir.path().join("notes.txt"), "x").unwrap();
        assert!(!stamps.have_changed(&paths), "what is no content does not matter");
    }
}
