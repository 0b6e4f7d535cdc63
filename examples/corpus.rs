//! Writes generated answers as JSONL, the same on every machine: `cargo run --release --example corpus -- 20000`

#[path = "../benches/corpus/mod.rs"]
mod corpus;

use std::io::{BufWriter, Write as _, stdout};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).map_or(Ok(1_000), |n| n.parse())?;
    let mut out = BufWriter::new(stdout().lock());
    for (i, g) in corpus::answers(count, corpus::SEED).into_iter().enumerate() {
        let record = serde_json::json!({ "id": format!("a{i:06}"), "question": g.question, "answer": g.answer });
        writeln!(out, "{record}")?;
    }
    out.flush()?;
    Ok(())
}
