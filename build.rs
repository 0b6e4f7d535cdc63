//! Reads the built-in content, compiles it and packs it into the program.
//!
//! A file that does not parse, has an unknown key, names an id twice, or holds a rule that cannot
//! be compiled stops the build here, with its path. What rules do to text is checked by the tests
//! and by `starcue check`.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the build reads and compiles; the program does the rest"
)]

#[path = "src/answer.rs"]
mod answer;
#[path = "src/assessment.rs"]
mod assessment;
#[path = "src/content/mod.rs"]
mod content;
#[path = "src/diagnostics.rs"]
mod diagnostics;
#[path = "src/engine/mod.rs"]
mod engine;
#[path = "src/fnv.rs"]
mod fnv;
#[path = "src/text/mod.rs"]
mod text;

/// The build starts from the files: nothing is packed yet.
mod embedded {
    use crate::content::pack::Pack;

    pub(crate) static FILES: &[(&str, &str)] = &[];
    pub(crate) static PACK: Pack = Pack { questions: &[], question_ids: &[], guides: &[], rubrics: &[] };
}

pub use content::{Library, RubricError};

use content::Source;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn toml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            toml_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "toml") {
            found.push(path);
        }
    }
}

/// Ids that stand in two files: laid over each other they would hide one of them.
fn refuse_twins(sources: &[Source]) {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for source in sources.iter().filter(|s| s.place.starts_with("questions/")) {
        let table: toml::Table = toml::from_str(&source.text).unwrap_or_else(|e| panic!("{}: {e}", source.path));
        let questions = table.get("question").and_then(toml::Value::as_array).into_iter().flatten();
        let named = questions.filter_map(|q| q.get("id")).map(|id| ("question", id));
        for (kind, id) in named.chain(table.get("id").map(|id| ("guide", id))) {
            if let Some(first) = ids.insert(format!("{kind} {id}"), source.path.clone()) {
                panic!("{kind} {id} stands in {first} and again in {}: ids are unique", source.path);
            }
        }
    }
}

fn packed<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("these types can be packed")
}

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut files = Vec::new();
    toml_files(&root.join("questions"), &mut files);
    toml_files(&root.join("rubrics"), &mut files);
    files.sort();

    let mut sources = Vec::new();
    let mut code = String::from("pub(crate) static FILES: &[(&str, &str)] = &[\n");
    for file in &files {
        let place = file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{place}: {e}"));
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(code, "    ({place:?}, include_str!({:?})),", file.display().to_string()).expect("to a string");
        sources.push(Source { path: place.clone(), place, text: text.into() });
    }
    refuse_twins(&sources);
    let library = Library::of(&sources).unwrap_or_else(|problems| panic!("{problems}"));

    let save = |name: &str, bytes: Vec<u8>| -> String {
        let path = out.join(name);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        format!("include_bytes!({:?})", path.display().to_string())
    };
    let mut questions = Vec::new();
    let mut places = Vec::new();
    for question in library.questions() {
        let from = questions.len();
        questions.extend(packed(question));
        places.push((question.id.as_str(), from, questions.len()));
    }
    places.sort_unstable();
    let questions = save("questions.pack", questions);
    let guides = save("guides.pack", packed(library.guides()));
    writeln!(code, "];\npub(crate) static PACK: Pack = Pack {{\n    questions: {questions},\n    question_ids: &{places:?},\n    guides: {guides},")
        .expect("to a string");
    code.push_str("    rubrics: &[\n");
    for id in library.rubric_ids() {
        let rubric = library.rubric(id).unwrap_or_else(|e| panic!("{e}"));
        let program = save(&format!("{id}.rubric.pack"), packed(&*rubric));
        let rules = save(&format!("{id}.rules.pack"), packed(rubric.rules()));
        writeln!(code, "        ({id:?}, {program}, {rules}),").expect("to a string");
    }
    code.push_str("    ],\n};\n");
    fs::write(out.join("embedded.rs"), code).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
}
