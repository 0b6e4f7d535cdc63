//! What would tell who somebody is, masked: names, employers, addresses, e-mails, numbers.
//!
//! A mask is a label such as `[name 2]`; the same words get the same label in all that is exported
//! together. Offsets of evidence move with the text, so that a quote stays exactly what stands at its
//! span. It goes by rules: whoever hands an export on reads it first.

mod export;
mod find;

use super::attempt::Attempt;
use super::stored::assessment_of;
use crate::assessment::{Assessment, Evidence};
use crate::words::{Form, Words};
use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) use export::export;
pub(crate) use find::Vocabulary;
use find::{Kind, found};

/// Masks texts, and remembers what it masked.
#[derive(Debug)]
pub(crate) struct Masker<'v> {
    vocabulary: &'v Vocabulary,
    /// Words that must go, whatever they look like: the person's name, what the user named.
    words: Vec<(String, Kind)>,
    labels: BTreeMap<(Kind, String), usize>,
    counts: BTreeMap<Kind, usize>,
}

/// A text after masking, and how its offsets moved.
struct Masked {
    text: String,
    /// Range before, range after, in order.
    moved: Vec<(Range<usize>, Range<usize>)>,
}

impl Masked {
    /// Where an offset of the text before stands now; within a mask, at its beginning or its end.
    fn at(&self, offset: usize, end: bool) -> usize {
        let mut shift = (0, 0);
        for (before, after) in &self.moved {
            if offset < before.start || (offset == before.start && !end) {
                break;
            }
            if offset < before.end || (offset == before.end && end && offset > before.start) {
                return if end { after.end } else { after.start };
            }
            if offset == before.start {
                break;
            }
            shift = (before.end, after.end);
        }
        shift.1 + (offset - shift.0)
    }

    #[cfg(test)]
    fn span(&self, span: Range<usize>) -> Range<usize> {
        self.at(span.start, false)..self.at(span.end, true)
    }
}

impl<'v> Masker<'v> {
    /// A masker that knows these words to be ordinary ones, and masks `extra` wherever it stands.
    pub(crate) fn new(vocabulary: &'v Vocabulary, extra: &[String]) -> Self {
        let words =
            extra.iter().map(|w| (w.trim().to_lowercase(), Kind::Named)).filter(|(w, _)| !w.is_empty()).collect();
        Self { vocabulary, words, labels: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// The name that stands for a person; what they are called is masked in all texts from now on.
    pub(crate) fn person(&mut self, name: &str) -> String {
        if name == super::DEFAULT_PERSON {
            return name.to_owned();
        }
        let label = self.label(Kind::Person, name);
        for word in name.split_whitespace().map(str::to_lowercase) {
            let known = self.words.iter().any(|(w, _)| *w == word);
            if word.chars().count() > 1 && !known && !self.vocabulary.is_ordinary(&word) {
                self.words.push((word, Kind::Name));
            }
        }
        let whole = name.to_lowercase();
        if !self.words.iter().any(|(w, _)| *w == whole) && !self.vocabulary.is_ordinary(&whole) {
            self.words.push((whole, Kind::Name));
        }
        label
    }

    fn label(&mut self, kind: Kind, words: &str) -> String {
        let key: String = words.to_lowercase().trim_end_matches("'s").trim_end_matches("\u{2019}s").to_owned();
        let next = self.labels.keys().filter(|(k, _)| *k == kind).count() + 1;
        let number = *self.labels.entry((kind, key)).or_insert(next);
        format!("[{} {number}]", kind.word())
    }

    /// How much was masked, by kind: `[("name", 3)]`.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.counts.iter().map(|(kind, n)| (kind.word(), *n))
    }

    /// What was masked, with what stands for it: for the eyes of whoever exports.
    pub(crate) fn told(&self) -> Vec<String> {
        self.labels.iter().map(|((kind, words), n)| format!("{words} → [{} {n}]", kind.word())).collect()
    }

    /// A text without what would tell who somebody is.
    pub(crate) fn text(&mut self, text: &str) -> String {
        self.mask(text).text
    }

    fn mask(&mut self, text: &str) -> Masked {
        let mut out = Masked { text: String::with_capacity(text.len()), moved: Vec::new() };
        let mut at = 0;
        for (range, kind) in found(text, self.vocabulary, &self.words) {
            out.text.push_str(&text[at..range.start]);
            let label = self.label(kind, &text[range.clone()]);
            *self.counts.entry(kind).or_default() += 1;
            let start = out.text.len();
            out.text.push_str(&label);
            at = range.end;
            out.moved.push((range, start..out.text.len()));
        }
        out.text.push_str(&text[at..]);
        out
    }

    /// An attempt without it: the answer, the replies, the question and the evidence alike.
    ///
    /// # Errors
    /// Its assessment can't be read.
    pub(crate) fn attempt(&mut self, a: &Attempt) -> Result<(Attempt, Moved), String> {
        let before = a.words.answer();
        let mut assessment = assessment_of(&a.assessment, before.text())?;
        let mut words = a.words.clone();
        let mut parts: Vec<Masked> = Vec::new();
        let mut one = |masker: &mut Self, text: &mut String| {
            // Offsets address the text as it is joined, without white space at the ends of its parts.
            text.truncate(text.trim_end().len());
            let masked = masker.mask(text);
            text.clone_from(&masked.text);
            if !text.trim().is_empty() {
                parts.push(masked);
            }
        };
        match &mut words.form {
            Form::Free(text) => one(self, text),
            Form::Sections(sections) => sections.iter_mut().for_each(|text| one(self, text)),
        }
        for reply in &mut words.replies {
            one(self, &mut reply.text);
        }
        for reply in &mut words.replies {
            reply.probe = self.text(&reply.probe);
        }
        let moved =
            Moved { before: before.parts().iter().map(|p| p.range.clone()).collect(), parts, after: parts_of(&words) };
        moved.assessment(&mut assessment);
        let mut topic = a.topic.clone();
        if topic.id.is_none() {
            topic.text = self.text(&topic.text);
        }
        let text = words.answer().text().to_owned();
        let masked = Attempt {
            assessment: Attempt::json_of(&a.uid, &topic, &assessment, &text),
            person: self.person(&a.person),
            topic,
            words,
            ..a.clone()
        };
        Ok((masked, moved))
    }
}

fn parts_of(words: &Words) -> Vec<Range<usize>> {
    words.answer().parts().iter().map(|p| p.range.clone()).collect()
}

/// How the offsets of an answer moved.
pub(crate) struct Moved {
    before: Vec<Range<usize>>,
    parts: Vec<Masked>,
    after: Vec<Range<usize>>,
}

impl Moved {
    /// Where a span stands now.
    pub(crate) fn span(&self, span: Range<usize>) -> Range<usize> {
        let end = |offset: usize, end: bool| {
            let part = self.before.iter().rposition(|p| p.start < offset || (p.start == offset && !end)).unwrap_or(0);
            let (Some(before), Some(masked), Some(after)) =
                (self.before.get(part), self.parts.get(part), self.after.get(part))
            else {
                return offset;
            };
            after.start + masked.at(offset.clamp(before.start, before.end) - before.start, end)
        };
        end(span.start, false)..end(span.end, true).max(end(span.start, false))
    }

    fn assessment(&self, a: &mut Assessment) {
        let move_all = |list: &mut Vec<Evidence>| {
            for e in list {
                let span = self.span(e.start..e.end);
                (e.start, e.end) = (span.start, span.end);
            }
        };
        a.sections.iter_mut().for_each(|s| move_all(&mut s.evidence));
        a.behaviours.iter_mut().for_each(|f| move_all(&mut f.evidence));
        a.motivations.iter_mut().for_each(|f| move_all(&mut f.evidence));
        a.minefields.iter_mut().for_each(|m| move_all(&mut m.evidence));
        for s in &mut a.sentences {
            let span = self.span(s.start..s.end);
            (s.start, s.end) = (span.start, span.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_move_with_the_text() {
        let vocabulary = Vocabulary::default();
        let mut masker = Masker::new(&vocabulary, &[]);
        let text = "I rang Sarah Connor at sarah@acme.example, then she rang me.";
        let masked = masker.mask(text);
        assert_eq!(masked.text, "I rang [name 1] at [e-mail 1], then she rang me.");
        let moved = |words: &str| {
            let at = text.find(words).unwrap();
            &masked.text[masked.span(at..at + words.len())]
        };
        assert_eq!((moved("I rang"), moved("then she")), ("I rang", "then she"));
        assert_eq!(moved("rang Sarah"), "rang [name 1]", "a quote that cuts a name takes the whole mask");
        assert_eq!(moved("Connor at"), "[name 1] at");
        assert_eq!(moved("she rang me."), "she rang me.");
    }
}
