//! Generated interview-like answers: the same for the same seed on every machine.
//!
//! They are about 180 words long and mix typed, typographic and speech-like text. They measure
//! speed and shake out surprises; they say nothing about judgement.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The seed of the corpus that figures are quoted for.
pub(crate) const SEED: u64 = 20_261_122;

/// A generated answer.
#[derive(Debug, Clone)]
pub(crate) struct Generated {
    /// What was asked.
    pub(crate) question: String,
    /// What was said.
    pub(crate) answer: String,
}

/// So many answers.
pub(crate) fn answers(count: usize, seed: u64) -> Vec<Generated> {
    let templates: Templates = toml::from_str(include_str!("templates.toml")).expect("the templates are well formed");
    let mut writer = Writer { templates: &templates, random: Random(seed) };
    (0..count).map(|_| writer.write()).collect()
}

#[derive(Debug, Deserialize)]
struct Templates {
    questions: Vec<String>,
    situation: Vec<String>,
    task: Vec<String>,
    action: Vec<String>,
    result: Vec<String>,
    reflection: Vec<String>,
    filler: Vec<String>,
    slots: BTreeMap<String, Vec<String>>,
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

struct Writer<'a> {
    templates: &'a Templates,
    random: Random,
}

impl Writer<'_> {
    fn write(&mut self) -> Generated {
        let t = self.templates;
        // A sum of four dice is bell-shaped enough: 50 to 340 words, 180 or so as a rule.
        let target = 50 + (0..4).map(|_| self.random.below(66)).sum::<usize>();
        let mut opening = self.some(&t.situation, &[1, 1, 2]);
        opening.extend(self.some(&t.task, &[0, 1, 1, 2]));
        let mut middle = Vec::new();
        while words(&opening) + words(&middle) + 34 < target {
            let pool = if self.random.below(100) < 12 { &t.filler } else { &t.action };
            middle.push(self.sentence(pool));
        }
        let mut end = self.some(&t.result, &[0, 1, 1, 2]);
        end.extend(self.some(&t.reflection, &[0, 1, 1]));
        let between = *self.random.one(&[" ", " ", "\n\n"]);
        let parts = [opening, middle, end].map(|p| p.join(" "));
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        let text = parts.join(between);
        let answer = match self.random.below(100) {
            0..10 => text.replace('\'', "’").replace("; ", " — "),
            10..14 => text.replace("customer", "café customer").replace("process", "naïve process"),
            14..20 => text.to_lowercase().replace(". ", " ").replace(',', ""),
            _ => text,
        };
        Generated { question: self.random.one(&t.questions).clone(), answer }
    }

    fn some(&mut self, pool: &[String], counts: &[usize]) -> Vec<String> {
        let count = *self.random.one(counts);
        (0..count).map(|_| self.sentence(pool)).collect()
    }

    fn sentence(&mut self, pool: &[String]) -> String {
        let mut rest = self.random.one(pool).as_str();
        let mut out = String::with_capacity(rest.len() * 2);
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').expect("a slot is closed");
            out.push_str(before);
            out.push_str(&self.slot(slot));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn slot(&mut self, name: &str) -> String {
        let slots = &self.templates.slots;
        let word = |random: &mut Random, of: &str| random.one(&slots[of]).clone();
        match name {
            "obj2" => word(&mut self.random, "obj"),
            "Who" => capital(&word(&mut self.random, "who")),
            "hedge_c" => capital(&word(&mut self.random, "hedge")),
            name => word(&mut self.random, name),
        }
    }
}

fn words(sentences: &[String]) -> usize {
    sentences.iter().map(|s| s.split(' ').count()).sum()
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
