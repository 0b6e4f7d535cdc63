//! Findings as SARIF 2.1.0, for code scanners.

use super::{region, whole_message};
use crate::check::{CODES, Report};
use serde_json::{Value, json};

/// The whole log.
pub(crate) fn sarif(report: &Report) -> Value {
    let rules: Vec<Value> = CODES
        .iter()
        .map(|code| {
            json!({
                "id": code.id,
                "shortDescription": { "text": code.title },
                "fullDescription": { "text": code.meaning },
                "help": { "text": code.remedy },
                "defaultConfiguration": { "level": code.level.id() },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let mut place = json!({ "artifactLocation": { "uri": uri(&finding.file) } });
            if let Some((span, start, end)) = region(report, finding) {
                place["region"] = json!({
                    "startLine": start.line,
                    "startColumn": start.column,
                    "endLine": end.line,
                    "endColumn": end.column,
                    "byteOffset": span.start,
                    "byteLength": span.len(),
                });
            }
            json!({
                "ruleId": finding.code.id,
                "ruleIndex": CODES.iter().position(|c| c.id == finding.code.id),
                "level": finding.level().id(),
                "message": { "text": whole_message(finding) },
                "locations": [{ "physicalLocation": place }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "starcue",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A path as a relative reference: `/` between folders, what an address can't hold in percent signs.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_an_address() {
        assert_eq!(uri("my rules/é.toml"), "my%20rules/%C3%A9.toml");
    }
}
