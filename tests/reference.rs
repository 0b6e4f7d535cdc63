//! `docs/reference.md` has every key, as the JSON Schemas have it.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use serde_json::Value;
use starcue::check::FileKind;
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn name(reference: &str) -> &str {
    reference.trim_start_matches("#/definitions/")
}

/// What a key takes, in words; tables of their own are put into `tables`.
fn takes(schema: &Value, tables: &mut Vec<String>) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        tables.push(name(reference).to_owned());
        return format!("table [{0}](#{1})", name(reference), name(reference).to_lowercase());
    }
    for all in ["allOf", "anyOf"] {
        if let Some(one) = schema[all].as_array().and_then(|a| a.iter().find(|s| s["type"] != "null")) {
            return takes(one, tables);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Value::as_str).map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("anything");
    match kind {
        "array" => {
            let count = schema["minItems"].as_u64().filter(|n| schema["maxItems"].as_u64() == Some(*n));
            let of = takes(&schema["items"], tables);
            count.map_or_else(|| format!("list: {of}"), |n| format!("list of {n}: {of}"))
        }
        "object" => {
            let mut of = takes(&schema["additionalProperties"], tables);
            if let Some(names) = schema["propertyNames"]["enum"].as_array() {
                let names: Vec<String> = names.iter().filter_map(Value::as_str).map(|n| format!("`{n}`")).collect();
                write!(of, ", under {}", names.join(", ")).unwrap();
            }
            format!("table of names: {of}")
        }
        "integer" | "number" => {
            let word = if kind == "integer" { "whole number" } else { "number" };
            match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
                (Some(a), Some(b)) if b < 1e6 => format!("{word}, {a} to {b}"),
                _ => word.to_owned(),
            }
        }
        "boolean" => "`true` or `false`".to_owned(),
        "string" => "text".to_owned(),
        other => other.to_owned(),
    }
}

fn table(page: &mut String, schema: &Value, tables: &mut Vec<String>) {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    page.push_str("| key | takes | what it is |\n| --- | --- | --- |\n");
    let properties = schema["properties"].as_object().unwrap();
    let must = |key: &str| required.contains(key);
    let ordered = properties.iter().filter(|(k, _)| must(k)).chain(properties.iter().filter(|(k, _)| !must(k)));
    for (key, of) in ordered {
        let star = if must(key) { "**" } else { "" };
        let said = of["description"].as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|");
        writeln!(page, "| {star}`{key}`{star} | {} | {said} |", takes(of, tables)).unwrap();
    }
}

#[test]
fn every_key_stands_in_the_reference() {
    let mut page = String::from(
        "# Every key of every file\n\nMade of the JSON Schemas under `schemas/` by `STARCUE_RENEW=1 cargo test --test reference`; a test \
         keeps it current. Keys in **bold** must be there. [rules.md](rules.md) tells what rules mean, [tutorial.md](tutorial.md) how one \
         begins.\n",
    );
    for (kind, place) in FileKind::ALL.into_iter().zip([
        "`questions/*.toml`",
        "`questions/guides/*.toml`",
        "`rubrics/ID.toml`, or any files in `rubrics/ID/`, which are read as one",
        "`rubrics/language/*.toml`",
        "`pack.toml`",
        "`plans/*.toml`",
    ]) {
        let root: Value = serde_json::from_str(kind.schema()).unwrap();
        write!(page, "\n## {}\n\n{place}: {}\n\n", kind.id(), root["description"].as_str().unwrap().replace('\n', " "))
            .unwrap();
        let mut tables = Vec::new();
        table(&mut page, &root, &mut tables);
        let mut told = BTreeSet::new();
        while !tables.is_empty() {
            let name = tables.remove(0);
            // Tables that two kinds of file share are told with each.
            if told.insert(name.clone()) {
                let of = &root["definitions"][&name];
                let said = of["description"].as_str().unwrap_or_default().replace('\n', " ");
                write!(page, "\n### {name}\n\n{said}\n\n").unwrap();
                table(&mut page, of, &mut tables);
            }
        }
    }
    let path = format!("{}/docs/reference.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("STARCUE_RENEW").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == page, "docs/reference.md is old: STARCUE_RENEW=1 cargo test --test reference");
}
