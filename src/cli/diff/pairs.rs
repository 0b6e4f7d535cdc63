//! Reads two results side by side, and pairs their records by id.
//!
//! As long as both are in the same order, one record of each is in memory; where they are not,
//! those that wait for their partner are kept.

use crate::Tenths;
use crate::batch::{Input, open};
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

/// A line of results, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Line {
    schema: String,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    record: usize,
    #[serde(default)]
    score: Tenths,
    #[serde(default)]
    pub(super) band: u8,
    #[serde(default)]
    pub(super) rubric: String,
    #[serde(default)]
    pub(super) rubric_hash: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    receipt: Vec<Receipt>,
    #[serde(default)]
    minefields: Vec<Id>,
    #[serde(default)]
    code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Receipt {
    rule: String,
    points: Tenths,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Id {
    id: String,
}

impl Line {
    /// Its score; none of a bad record.
    pub(super) fn score(&self) -> Option<Tenths> {
        self.code.is_none().then_some(self.score)
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        match &self.id {
            Value::String(id) => id.clone(),
            Value::Null => format!("record {}", self.record),
            other => other.to_string(),
        }
    }

    /// What each rule gave or took. A minefield counts even where no cap was needed, a bad record
    /// by its code.
    pub(super) fn rules(&self) -> BTreeMap<String, Tenths> {
        let mut rules: BTreeMap<String, Tenths> = BTreeMap::new();
        for line in &self.receipt {
            rules.entry(line.rule.clone()).or_default().0 += line.points.0;
        }
        rules.extend(self.minefields.iter().map(|m| (format!("minefield.{}", m.id), Tenths(0))));
        rules.extend(self.code.iter().map(|code| (format!("error.{code}"), Tenths(0))));
        rules
    }
}

/// One of the two files.
struct Results {
    name: String,
    lines: Box<dyn BufRead>,
    number: usize,
    seen: HashMap<String, usize>,
    buffer: Vec<u8>,
}

/// What pairs two records: the id, and how often it was there before.
type Key = (String, usize);

impl Results {
    fn open(input: &Input) -> Result<Self> {
        let name = input.name.to_string();
        let lines = open(input).with_context(|| format!("cannot read `{name}`"))?;
        Ok(Self { name, lines: Box::new(lines), number: 0, seen: HashMap::new(), buffer: Vec::new() })
    }

    fn next(&mut self) -> Result<Option<(Key, Line)>> {
        loop {
            self.buffer.clear();
            let place = || format!("`{}`, line {}", self.name, self.number + 1);
            if self.lines.read_until(b'\n', &mut self.buffer).with_context(place)? == 0 {
                return Ok(None);
            }
            if self.buffer.iter().all(u8::is_ascii_whitespace) {
                self.number += 1;
                continue;
            }
            let line: Line = serde_json::from_slice(&self.buffer)
                .with_context(|| format!("{} is no result of `starcue score --to jsonl`", place()))?;
            if !line.schema.starts_with("starcue.assessment/") && !line.schema.starts_with("starcue.error/") {
                bail!("{} is no result of `starcue score --to jsonl`", place());
            }
            if line.code.is_none() && line.receipt.is_empty() && line.score != Tenths(0) {
                bail!("{} has no receipt: write the results without `--select`", place());
            }
            self.number += 1;
            let name = line.name();
            let times = self.seen.entry(name.clone()).and_modify(|n| *n += 1).or_insert(0);
            return Ok(Some(((name, *times), line)));
        }
    }
}

/// Hands out the records of both files in pairs, in the order in which they are complete; at the
/// end those that have no partner, the old ones first.
pub(super) fn each(
    old: &Input,
    new: &Input,
    mut with: impl FnMut(Option<&Line>, Option<&Line>) -> Result<()>,
) -> Result<()> {
    let (mut old, mut new) = (Results::open(old)?, Results::open(new)?);
    let mut alone: [BTreeMap<usize, (Key, Line)>; 2] = Default::default();
    let mut places: [HashMap<Key, usize>; 2] = Default::default();
    loop {
        let (was, is) = (old.next()?, new.next()?);
        let (was, is) = match (was, is) {
            (None, None) => break,
            (Some((a, was)), Some((b, is))) if a == b => {
                with(Some(&was), Some(&is))?;
                continue;
            }
            other => other,
        };
        for (side, found, number) in [(0, was, old.number), (1, is, new.number)] {
            let Some((key, line)) = found else { continue };
            match places[1 - side].remove(&key).and_then(|at| alone[1 - side].remove(&at)) {
                Some((_, other)) if side == 0 => with(Some(&line), Some(&other))?,
                Some((_, other)) => with(Some(&other), Some(&line))?,
                None => {
                    places[side].insert(key.clone(), number);
                    alone[side].insert(number, (key, line));
                }
            }
        }
    }
    let [was, is] = alone;
    was.values().try_for_each(|(_, line)| with(Some(line), None))?;
    is.values().try_for_each(|(_, line)| with(None, Some(line)))
}
