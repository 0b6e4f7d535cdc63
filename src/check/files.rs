//! Which files are checked, and which are there beside them.

use super::codes::{Code, NOT_CONTENT, UNREADABLE};
use super::finding::{Finding, Findings};
use super::schema::FileKind;
use crate::content::{Layer, Origin, Source, folder};
use crate::mock::plan;
use crate::packs::MANIFEST;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file of content.
#[derive(Debug)]
pub(super) struct File {
    /// Path as it is told.
    pub(super) path: String,
    /// Place in the shape of a content folder.
    pub(super) place: String,
    /// The whole text.
    pub(super) text: Cow<'static, str>,
    /// What kind of file it is.
    pub(super) kind: FileKind,
    /// Whether its findings are told; the others are only there to be referred to.
    pub(super) wanted: bool,
    /// Layer that it belongs to: 0 is built in, higher ones take precedence.
    pub(super) layer: usize,
}

/// The files of all layers, lowest first.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) files: Vec<File>,
    /// Where each layer comes from, by its number.
    pub(super) origins: Vec<Origin>,
}

impl Gathered {
    fn add(&mut self, layer: Layer, wanted: impl Fn(&Source) -> bool) {
        let number = self.origins.len();
        self.origins.push(layer.origin);
        for source in layer.files {
            let Some(kind) = FileKind::of_place(&source.place) else { continue };
            let wanted = wanted(&source);
            self.files.push(File {
                path: source.path,
                place: source.place,
                text: source.text,
                kind,
                wanted,
                layer: number,
            });
        }
    }
}

/// Gathers what is built in, the layers over it, and the files and folders that were named; where
/// none was, all are wanted.
pub(super) fn gather(base: Vec<Layer>, inputs: &[PathBuf], out: &mut Findings) -> Gathered {
    let mut roots: BTreeMap<PathBuf, Vec<Input>> = BTreeMap::new();
    let mut alone: Vec<Layer> = Vec::new();
    for path in inputs {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        match root_of(&whole) {
            Some(root) => roots.entry(root).or_default().push(Input { path: path.clone(), whole }),
            None if path.is_dir() => {
                let said = "the folder holds no `questions`, no `rubrics`, no `plans` and no `pack.toml`";
                out.push(Finding::of_path(NOT_CONTENT, &path.display().to_string(), said));
            }
            None => alone.extend(lone_file(path, out)),
        }
    }
    let mut gathered = Gathered::default();
    let mut builtin = Layer::builtin();
    builtin.files.extend(plan::BUILTIN.iter().map(|(id, text)| {
        let place = plan::place(id);
        Source { path: place.clone(), place, text: Cow::Borrowed(text) }
    }));
    gathered.add(builtin, |_| inputs.is_empty());
    for layer in base {
        let named = matches!(&layer.origin, Origin::Folder(folder)
            if std::path::absolute(folder).is_ok_and(|f| roots.contains_key(&f)));
        if !named {
            gathered.add(layer, |_| inputs.is_empty());
        }
    }
    for (root, inputs) in roots {
        let mut problems = Vec::new();
        let mut layer = Layer::of_folder(&root, Origin::Folder(root.display().to_string()), &mut problems);
        let manifest = root.join(MANIFEST);
        if manifest.is_file() {
            match folder::read_file(&manifest) {
                Ok(text) => layer.files.push(Source {
                    path: manifest.display().to_string(),
                    place: MANIFEST.to_owned(),
                    text: Cow::Owned(text),
                }),
                Err(e) => out.push(unreadable(&manifest, &e)),
            }
        }
        for problem in problems {
            if let Some(told) = told_as(&inputs, Path::new(&problem.file)) {
                let code = Code::of(problem.code).unwrap_or(UNREADABLE);
                out.push(Finding::of_path(code, &told, problem.message));
            }
        }
        let mut wanted = Vec::new();
        for source in &mut layer.files {
            if let Some(told) = told_as(&inputs, Path::new(&source.path)) {
                source.path = told;
                wanted.push(source.place.clone());
            }
        }
        for input in inputs.iter().filter(|i| i.path.is_file()) {
            let told = input.path.display().to_string();
            if !layer.files.iter().any(|s| s.path == told) && !out.tells(&told) {
                out.push(Finding::of_path(NOT_CONTENT, &told, "this is no TOML file of content"));
            }
        }
        gathered.add(layer, |source| wanted.contains(&source.place));
    }
    for layer in alone {
        gathered.add(layer, |_| true);
    }
    gathered
}

/// The English language file: place and text.
pub(super) const ENGLISH: (&str, &str) = ("rubrics/language/en.toml", include_str!("../../rubrics/language/en.toml"));

/// One text as a file of this kind, with nothing beside it but a language.
pub(super) fn alone(kind: FileKind, text: &str, language: &str) -> Gathered {
    let source = |place: String, text: &str| Source { path: place.clone(), place, text: Cow::Owned(text.to_owned()) };
    let mut gathered = Gathered::default();
    let english = vec![source(ENGLISH.0.to_owned(), language)];
    gathered.add(Layer { origin: Origin::BuiltIn, files: english }, |_| false);
    let file = vec![source(kind.place("text"), text)];
    gathered.add(Layer { origin: Origin::Folder("text".to_owned()), files: file }, |_| true);
    gathered
}

/// A file or folder that was named.
struct Input {
    path: PathBuf,
    whole: PathBuf,
}

/// The path of a file as its user would say it, if it was named, or lies in a folder that was.
fn told_as(inputs: &[Input], file: &Path) -> Option<String> {
    inputs.iter().find_map(|input| {
        let rest = file.strip_prefix(&input.whole).ok()?;
        let told = if rest.as_os_str().is_empty() { input.path.clone() } else { input.path.join(rest) };
        Some(told.strip_prefix(".").unwrap_or(&told).display().to_string())
    })
}

/// Folders of a content folder.
const FOLDERS: [&str; 3] = ["questions", "rubrics", "plans"];

/// The content folder that a path is, or lies in.
fn root_of(path: &Path) -> Option<PathBuf> {
    let holds = |p: &Path| FOLDERS.iter().any(|d| p.join(d).is_dir()) || p.join(MANIFEST).is_file();
    if path.is_dir() && holds(path) {
        return Some(path.to_path_buf());
    }
    if path.file_name().is_some_and(|n| n == MANIFEST) {
        return path.parent().map(Path::to_path_buf);
    }
    let inner = path
        .ancestors()
        .find(|a| a.file_name().is_some_and(|n| FOLDERS.iter().any(|f| n == *f)) && (*a != path || path.is_dir()))?;
    inner.parent().map(Path::to_path_buf)
}

fn unreadable(path: &Path, e: &std::io::Error) -> Finding {
    let code = Code::of(folder::code_of(e)).unwrap_or(UNREADABLE);
    Finding::of_path(code, &path.display().to_string(), e.to_string())
}

/// A file that lies in no content folder: its keys say what it is.
fn lone_file(path: &Path, out: &mut Findings) -> Option<Layer> {
    let told = path.display().to_string();
    let text = match folder::read_file(path) {
        Ok(text) => text,
        Err(e) => {
            out.push(unreadable(path, &e));
            return None;
        }
    };
    let (tree, _) = super::tree::Tree::parse(&text);
    let has = |keys: &[&str]| keys.iter().any(|k| tree.root().get(*k).is_some());
    // Plans and banks have questions; only a plan has an id and times of its own.
    let kind = if has(&["question"]) && has(&["id", "minutes", "think", "answer", "opening"])
        || has(&["minutes", "opening", "closing"])
    {
        FileKind::Plan
    } else if has(&["question"]) {
        FileKind::Bank
    } else if has(&["licence", "needs", "authors"]) {
        FileKind::Pack
    } else if has(&["verbs", "words", "inflect"]) {
        FileKind::Language
    } else if has(&["extends", "band", "behaviour", "minefield", "motivation", "signal", "section_cue", "section"]) {
        FileKind::Rubric
    } else if has(&["summary", "step", "scenarios", "mistake", "competency"]) {
        FileKind::Guide
    } else {
        out.push(Finding::of_path(NOT_CONTENT, &told, "nothing in it tells what kind of file it is"));
        return None;
    };
    let stem = path.file_stem().map_or_else(|| "file".into(), |s| s.to_string_lossy());
    let source = Source { path: told.clone(), place: kind.place(&stem), text: Cow::Owned(text) };
    Some(Layer { origin: Origin::Folder(told), files: vec![source] })
}
