//! Embeds starcue as a library: JSONL with `id`, `question`, `rubric` and `answer` in, JSONL out.
//!
//! `cargo run --release --example embed < examples/answers.jsonl`

use starcue::assessment::{AssessmentJson, EvidenceDetail, Fields};
use starcue::{Answer, Asked, Library, assess};
use std::io::{BufRead as _, Write as _};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let library = Library::builtin()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let (Some(id), Some(text)) = (record["id"].as_str(), record["answer"].as_str()) else { continue };
        let question = record["question"].as_str();
        let rubric = library.rubric(record["rubric"].as_str().unwrap_or("behavioural"))?;
        let answer = Answer::whole(text);
        let assessment = assess(&rubric, question.map(Asked::text).unwrap_or_default(), &answer);
        let json = AssessmentJson {
            id,
            question,
            assessment: &assessment,
            text: answer.text(),
            detail: EvidenceDetail::Quotes,
            include_text: false,
            fields: Fields::default(),
        };
        serde_json::to_writer(&mut out, &json)?;
        writeln!(out)?;
    }
    Ok(())
}
