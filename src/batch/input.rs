//! Which files are read, and as what.

use clap::ValueEnum;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How answers are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// One answer a file; labels such as `Situation:` split it into sections
    Text,
    /// One answer a file; headings such as `## Situation` split it into sections
    Markdown,
    /// One answer a file, with its question and rubric
    Toml,
    /// One JSON object a line
    Jsonl,
    /// One answer a row, under a header
    Csv,
    /// One answer a row (in a build with the feature `parquet`)
    Parquet,
}

impl InputFormat {
    /// The format that a file's ending tells, if it tells one. `.gz` and `.zst` after it say nothing
    /// of that.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let packed = |e: &std::ffi::OsStr| e.eq_ignore_ascii_case("gz") || e.eq_ignore_ascii_case("zst");
        let path = if path.extension().is_some_and(packed) { Path::new(path.file_stem()?) } else { path };
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "toml" => Some(Self::Toml),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// One file to read, or standard input.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Its path; `None` for standard input.
    pub(crate) path: Option<PathBuf>,
    /// Its name for ids and messages: the path as it was given, `-` for standard input.
    pub(crate) name: Arc<str>,
    /// How it is written.
    pub(crate) format: InputFormat,
    /// Its size, where that is known.
    pub(crate) bytes: Option<u64>,
}

/// Why the files cannot be read: wrong usage, said before any work is done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// It is not there, or not ours to read.
    #[error("cannot read `{}`: {}", path.display(), reason(error))]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Its name does not tell what it is.
    #[error(
        "cannot tell the format of `{}` by its name: say `--from text`, `markdown`, `toml`, `jsonl`, `csv` or `parquet`",
        path.display()
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// Nothing in it has an ending that we know.
    #[error("no answers in the folder `{}`: it holds no file that ends in {}", path.display(), endings(*from))]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
        /// The format that was asked for.
        from: Option<InputFormat>,
    },
    /// A pattern that no file matches, or that is none.
    #[error("no file matches `{pattern}`{}", why.as_deref().map(|w| format!(": {w}")).unwrap_or_default())]
    NoMatch {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: Option<String>,
    },
    /// Parquet without the library for it.
    #[error("cannot read `{name}`: {NO_PARQUET}")]
    NoParquet {
        /// The file.
        name: Arc<str>,
    },
    /// Parquet from standard input.
    #[error("Parquet can't be read from standard input, for its directory stands at its end: name the file")]
    ParquetStdin,
    /// Standard input can be read only once.
    #[error("`-` stands twice among the files: standard input can be read once")]
    StdinTwice,
}

/// What to say to who wants Parquet of a build that has it not.
pub(crate) const NO_PARQUET: &str = "this starcue was built without Parquet: build it with \
    `cargo build --release --features parquet`, or convert to JSONL or CSV";

/// The endings of file names that are looked for.
const fn endings(from: Option<InputFormat>) -> &'static str {
    match from {
        None => ".txt, .md, .toml, .jsonl, .csv or .parquet",
        Some(InputFormat::Text) => ".txt",
        Some(InputFormat::Markdown) => ".md",
        Some(InputFormat::Toml) => ".toml",
        Some(InputFormat::Jsonl) => ".jsonl",
        Some(InputFormat::Csv) => ".csv",
        Some(InputFormat::Parquet) => ".parquet",
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// The inputs that the names stand for, in their order; folders are walked in the order of names.
pub(crate) fn inputs(names: &[PathBuf], from: Option<InputFormat>) -> Result<Vec<Input>, InputError> {
    let mut found = Vec::new();
    for name in &expand(names)? {
        if name.as_os_str() == "-" {
            if found.iter().any(|i: &Input| i.path.is_none()) {
                return Err(InputError::StdinTwice);
            }
            let format = from.unwrap_or(InputFormat::Jsonl);
            found.push(Input { path: None, name: "-".into(), format, bytes: None });
            continue;
        }
        let unreadable = |error| InputError::Unreadable { path: name.clone(), error };
        let meta = fs::metadata(name).map_err(unreadable)?;
        if meta.is_dir() {
            let before = found.len();
            walk(name, from, &mut found)?;
            if found.len() == before {
                return Err(InputError::EmptyFolder { path: name.clone(), from });
            }
            continue;
        }
        if meta.is_file() {
            // Found out now, and not after an hour's work. (A pipe would lose its first bytes.)
            fs::File::open(name).map_err(unreadable)?;
        }
        let format =
            from.or_else(|| InputFormat::of(name)).ok_or_else(|| InputError::UnknownFormat { path: name.clone() })?;
        found.push(file(name, format, meta.is_file().then_some(meta.len())));
    }
    for input in found.iter().filter(|i| i.format == InputFormat::Parquet) {
        if cfg!(not(feature = "parquet")) {
            return Err(InputError::NoParquet { name: Arc::clone(&input.name) });
        }
        if input.path.is_none() {
            return Err(InputError::ParquetStdin);
        }
    }
    Ok(found)
}

/// Names with patterns such as `answers/**/*.md.gz` in place of which stand the files that match, by
/// name: for lists that are too long for a shell. A file that is called so is taken as it is.
fn expand(names: &[PathBuf]) -> Result<Vec<PathBuf>, InputError> {
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        let pattern = match name.to_str() {
            Some(text) if text.contains(['*', '?', '[']) && !name.exists() => text,
            _ => {
                all.push(name.clone());
                continue;
            }
        };
        let no_match = |why: Option<String>| InputError::NoMatch { pattern: pattern.to_owned(), why };
        let before = all.len();
        for path in glob::glob(pattern).map_err(|e| no_match(Some(e.to_string())))? {
            all.push(path.map_err(|e| no_match(Some(e.to_string())))?);
        }
        if all.len() == before {
            return Err(no_match(None));
        }
    }
    Ok(all)
}

fn file(path: &Path, format: InputFormat, bytes: Option<u64>) -> Input {
    Input { path: Some(path.to_owned()), name: path.to_string_lossy().into(), format, bytes }
}

/// Adds the files of a folder that have a known ending; hidden ones are left alone, and so are
/// links to folders, which may lead in a circle.
fn walk(folder: &Path, from: Option<InputFormat>, found: &mut Vec<Input>) -> Result<(), InputError> {
    let unreadable = |error| InputError::Unreadable { path: folder.to_owned(), error };
    let mut entries = fs::read_dir(folder).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            walk(&path, from, found)?;
        } else if let Some(format) = InputFormat::of(&path)
            && let Ok(meta) = fs::metadata(&path)
            && meta.is_file()
            && from.is_none_or(|f| f == format)
        {
            found.push(file(&path, format, Some(meta.len())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_files_by_name_and_leaves_strangers_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["c.md", "b/z.jsonl", "a.txt", "photo.png", ".hidden.txt"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        let found = inputs(&[dir.path().to_owned()], None).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|i| i.path.as_deref().unwrap().strip_prefix(dir.path()).unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["a.txt", "b/z.jsonl", "c.md"]);
        let only = inputs(&[dir.path().to_owned()], Some(InputFormat::Jsonl)).unwrap();
        assert_eq!(only.len(), 1, "--from narrows a folder to files of that format");
    }

    #[test]
    fn a_pattern_stands_for_the_files_that_match_and_a_packed_file_keeps_its_format() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.jsonl.gz", "a.csv.zst", "c.txt"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        let found = inputs(&[dir.path().join("[ab].*")], None).unwrap();
        assert_eq!(found.iter().map(|i| i.format).collect::<Vec<_>>(), [InputFormat::Csv, InputFormat::Jsonl]);
        let none = inputs(&[dir.path().join("*.md")], None).unwrap_err();
        assert!(none.to_string().starts_with("no file matches"), "{none}");
    }

    #[test]
    fn what_cannot_be_read_is_said_with_the_next_step() {
        let dir = tempfile::tempdir().unwrap();
        let missing = inputs(&[dir.path().join("gone.txt")], None).unwrap_err();
        assert!(missing.to_string().ends_with("gone.txt`: there is no such file"), "{missing}");
        assert!(matches!(inputs(&[dir.path().to_owned()], None), Err(InputError::EmptyFolder { .. })));
        let odd = dir.path().join("answer.docx");
        fs::write(&odd, "x").unwrap();
        assert!(inputs(&[odd], None).unwrap_err().to_string().contains("--from text"));
        assert!(matches!(inputs(&["-".into(), "-".into()], None), Err(InputError::StdinTwice)));
    }
}
