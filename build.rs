//! Checks the shape of the built-in content and embeds it.
//!
//! A file that does not parse, has an unknown key, or names an id twice stops the build here,
//! with its path; what the rules mean is checked by the tests and by `starcue check`.

#[allow(dead_code, unreachable_pub, reason = "the build looks at shapes and ids alone")]
#[path = "src/content/raw.rs"]
mod raw;

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

fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut files = Vec::new();
    toml_files(&root.join("questions"), &mut files);
    toml_files(&root.join("rubrics"), &mut files);
    files.sort();
    println!("cargo::rerun-if-changed=src/content/raw.rs");

    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut unique = |kind: &str, id: &str, path: &str| {
        if let Some(first) = ids.insert(format!("{kind} `{id}`"), path.to_owned()) {
            panic!("{kind} `{id}` stands in {first} and again in {path}: ids are unique");
        }
    };
    let mut table = String::from("pub(super) static EMBEDDED: &[(&str, &str)] = &[\n");
    for file in &files {
        let path = file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{path}: {e}"));
        println!("cargo::rerun-if-changed={}", file.display());
        if path.starts_with("questions/guides/") {
            let guide: raw::GuideFile = parse(&path, &text);
            unique("guide", &guide.id, &path);
        } else if path.starts_with("questions/") {
            let bank: raw::BankFile = parse(&path, &text);
            for q in &bank.questions {
                unique("question", &q.id, &path);
            }
        } else if path.starts_with("rubrics/language/") {
            let _: toml::Table = parse(&path, &text);
        } else {
            let rubric: raw::RubricFile = parse(&path, &text);
            assert!(!rubric.id.is_empty(), "{path}: a rubric file names its `id`");
        }
        writeln!(table, "    ({path:?}, include_str!({:?})),", file.display().to_string()).expect("to a string");
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("embedded.rs");
    fs::write(&out, table).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
}
