//! The program with a data folder of its own, and what it writes.

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

pub(crate) fn starcue(data: &Path) -> Command {
    let mut command = Command::cargo_bin("starcue").unwrap();
    for key in ["STARCUE_CONTENT", "NO_COLOR", "COLUMNS"] {
        command.env_remove(key);
    }
    command.env("STARCUE_CONFIG", "").env("STARCUE_DATA", data).env("TZ", "UTC");
    command
}

/// What a command writes to standard output where all is well.
pub(crate) fn written(command: &mut Command) -> Vec<u8> {
    command.assert().success().get_output().stdout.clone()
}

/// The objects of JSONL.
pub(crate) fn lines(bytes: &[u8]) -> Vec<Value> {
    serde_json::Deserializer::from_slice(bytes).into_iter().map(Result::unwrap).collect()
}
