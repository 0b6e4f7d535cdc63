//! `score` by the small rubric of `tests/cli/content`, and the lines that it writes.

use assert_cmd::Command;
use serde_json::Value;

pub(crate) fn score() -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    command.args(["score", "--content", "tests/cli/content", "--rubric", "drill"]);
    for key in ["STARCUE_CONTENT", "NO_COLOR", "COLUMNS"] {
        command.env_remove(key);
    }
    command
}

pub(crate) fn lines(bytes: &[u8]) -> Vec<Value> {
    bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).unwrap()).collect()
}
