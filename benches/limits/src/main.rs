//! Limits: from JSONL to JSONL with every hit and its words, by one engine and nothing else.
//!
//! `limits ENGINE PATTERNS ANSWERS.jsonl`, where PATTERNS is the folder that `patterns.py` fills. Engines:
//! `e2e_tok` 300 token patterns and 1,000 phrases over one cutting into words; `aho-corasick` the phrases alone;
//! `one-by-one` the phrases, and 300 regexes one after the other.

mod tokens;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;
use std::borrow::Cow;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use tokens::{ElSrc, Phrases, Tok, TokPats};

#[derive(serde::Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    answer: Cow<'a, str>,
}

/// A pattern, and where it was found.
type Hit = (usize, usize, usize);

/// Finds every hit in a text.
trait Engine {
    fn find(&mut self, text: &str, hits: &mut Vec<Hit>);
}

struct Tokens {
    patterns: TokPats,
    phrases: Phrases,
    words: Vec<Tok>,
}

impl Engine for Tokens {
    fn find(&mut self, text: &str, hits: &mut Vec<Hit>) {
        self.patterns.lex.run(text, &mut self.words);
        self.patterns.on(&self.words, |p, start, end| hits.push((p, start, end)));
        self.phrases.on(&self.words, |p, start, end| hits.push((1000 + p, start, end)));
    }
}

struct Literals(AhoCorasick);

impl Engine for Literals {
    fn find(&mut self, text: &str, hits: &mut Vec<Hit>) {
        let bytes = text.as_bytes();
        let in_word = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
        for hit in self.0.find_overlapping_iter(text) {
            let starts = hit.start().checked_sub(1).is_none_or(|before| !in_word(before));
            if starts && !in_word(hit.end()) {
                hits.push((1000 + hit.pattern().as_usize(), hit.start(), hit.end()));
            }
        }
    }
}

struct OneByOne(Vec<Regex>, Literals);

impl Engine for OneByOne {
    fn find(&mut self, text: &str, hits: &mut Vec<Hit>) {
        for (at, regex) in self.0.iter().enumerate() {
            hits.extend(regex.find_iter(text).map(|m| (at, m.start(), m.end())));
        }
        self.1.find(text, hits);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [engine, folder, answers] = args.as_slice() else { return Err("limits ENGINE PATTERNS ANSWERS.jsonl".into()) };
    let read = |name: &str| fs::read_to_string(format!("{folder}/{name}"));
    let phrases = read("phrases.txt")?;
    let phrases: Vec<&str> = phrases.lines().collect();
    let literals = || {
        let builder = &mut AhoCorasick::builder();
        builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).match_kind(MatchKind::Standard);
        builder.build(&phrases).map(Literals)
    };
    let mut engine: Box<dyn Engine> = match engine.as_str() {
        "e2e_tok" => {
            let source: Vec<Vec<ElSrc>> = serde_json::from_str(&read("patterns.json")?)?;
            let patterns = TokPats::new(&source, &phrases);
            let phrases = Phrases::new(&patterns.lex, &phrases);
            Box::new(Tokens { patterns, phrases, words: Vec::new() })
        }
        "aho-corasick" => Box::new(literals()?),
        "one-by-one" => {
            let regexes = read("patterns.txt")?;
            let regexes = regexes.lines().map(|p| Regex::new(&format!("(?i){p}"))).collect::<Result<_, _>>()?;
            Box::new(OneByOne(regexes, literals()?))
        }
        other => return Err(format!("there is no engine `{other}`").into()),
    };
    let input = fs::read(answers)?;
    let mut out = io::BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let mut hits = Vec::new();
    for line in input.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        let record: Record = serde_json::from_slice(line)?;
        hits.clear();
        engine.find(&record.answer, &mut hits);
        write!(out, "{{\"id\":\"{}\",\"evidence\":[", record.id)?;
        for (at, (pattern, start, end)) in hits.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(out, "{comma}{{\"signal\":{pattern},\"start\":{start},\"end\":{end},\"text\":")?;
            serde_json::to_writer(&mut out, &record.answer[*start..*end])?;
            out.write_all(b"}")?;
        }
        out.write_all(b"]}\n")?;
    }
    Ok(out.flush()?)
}
