//! Reading a folder of content: `questions/`, `questions/guides/`, `rubrics/` and `plans/`.

use super::Source;
use crate::diagnostics::Problem;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// The largest file of content, in bytes: the largest that is built in has some 65 000.
pub(crate) const LARGEST: u64 = 4 << 20;

/// How deep folders may lie in each other: a link that leads back up ends here.
const DEEPEST: usize = 12;

/// Reads a file of content as text.
///
/// # Errors
/// It can't be read, is no UTF-8, or is larger than [`LARGEST`]; no more than that is ever read.
pub(crate) fn read_file(path: &Path) -> io::Result<String> {
    let too_large = || {
        let why = format!("larger than {} MiB, which no bank or rubric is", LARGEST >> 20);
        io::Error::new(io::ErrorKind::FileTooLarge, why)
    };
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        // To open a pipe would wait for its other end.
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no plain file"));
    }
    if meta.len() > LARGEST {
        return Err(too_large());
    }
    let mut text = String::new();
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text).map_err(|e| match e.kind() {
        io::ErrorKind::InvalidData => io::Error::new(e.kind(), "not UTF-8: save the file as UTF-8"),
        _ => e,
    })?;
    if text.len() as u64 > LARGEST { Err(too_large()) } else { Ok(text) }
}

/// The code of a file that can't be read.
pub(crate) fn code_of(e: &io::Error) -> &'static str {
    if e.kind() == io::ErrorKind::FileTooLarge { "too-large" } else { "unreadable" }
}

/// Reads all files of content below a folder, in alphabetical order.
pub(crate) fn read(folder: &Path, problems: &mut Vec<Problem>) -> Vec<Source> {
    let mut found = Vec::new();
    let mut wrong = |code, path: &Path, message: String, help: Option<&str>| {
        let (file, help) = (path.display().to_string(), help.map(str::to_owned));
        problems.push(Problem { code, file, line: None, message, help });
    };
    if let Err(e) = fs::read_dir(folder) {
        wrong(
            "unreadable",
            folder,
            e.to_string(),
            Some("name a folder that holds `questions/`, `rubrics/` or `plans/`"),
        );
        return found;
    }
    // Nothing but these is looked at: the folder may hold anything else.
    let mut open: Vec<_> = ["rubrics", "questions", "plans"].into_iter().map(|d| (folder.join(d), 0)).collect();
    open.retain(|(path, _)| path.is_dir());
    while let Some((path, depth)) = open.pop() {
        if path.is_dir() {
            match fs::read_dir(&path) {
                Err(e) => wrong("unreadable", &path, e.to_string(), None),
                Ok(_) if depth > DEEPEST => {
                    wrong("unreadable", &path, format!("folders in folders deeper than {DEEPEST}"), None);
                }
                Ok(entries) => {
                    let mut inner: Vec<_> = entries.flatten().map(|e| (e.path(), depth + 1)).collect();
                    inner.sort();
                    open.extend(inner.into_iter().rev());
                }
            }
            continue;
        }
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let place = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        match read_file(&path) {
            Ok(text) => found.push(Source { path: path.display().to_string(), place, text: Cow::Owned(text) }),
            Err(e) => wrong(code_of(&e), &path, e.to_string(), None),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_content_are_read_in_order_and_none_without_bound() {
        let dir = tempfile::tempdir().unwrap();
        let at = |p: &str| dir.path().join(p);
        for folder in ["plans", "questions/guides", "rubrics/mine", "target/questions"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for file in
            ["plans/p.toml", "questions/b.toml", "questions/a.toml", "questions/guides/g.toml", "rubrics/mine/r.toml"]
        {
            fs::write(at(file), "schema = 1").unwrap();
        }
        for file in ["notes.toml", "questions/readme.md", "target/questions/q.toml"] {
            fs::write(at(file), "x").unwrap();
        }
        File::create(at("questions/huge.toml")).unwrap().set_len(50 << 20).unwrap();
        fs::write(at("questions/latin.toml"), b"id = \"caf\xe9\"").unwrap();
        let mut problems = Vec::new();
        let places: Vec<String> = read(dir.path(), &mut problems).into_iter().map(|s| s.place).collect();
        let all =
            ["plans/p.toml", "questions/a.toml", "questions/b.toml", "questions/guides/g.toml", "rubrics/mine/r.toml"];
        assert_eq!(places, all);
        let codes: Vec<&str> = problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, ["too-large", "unreadable"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_up_ends() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("questions")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("questions"), dir.path().join("questions/again")).unwrap();
        let mut problems = Vec::new();
        assert!(read(dir.path(), &mut problems).is_empty());
        assert!(!problems.is_empty());
    }
}
