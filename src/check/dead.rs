//! Cues that can never match, guards that can never void anything, and those that no example uses.
//!
//! A cue is put to the test with sentences made of its own words: where the engine finds it in none
//! of them, nobody's sentence will do.

use crate::answer::Answer;
use crate::engine::matcher::{Hit, find_those};
use crate::engine::phrases::Op;
use crate::engine::program::{Program, Use};
use crate::text::rows::Items;
use crate::text::vocabulary::{UNKNOWN, WordId};
use crate::text::{Text, Traits};
use std::collections::{BTreeSet, HashSet};

/// How many sentences are made of a cue before it is given up: each takes other alternatives, and
/// every other one the optional parts.
const TRIALS: usize = 24;

/// A word that no rule and no language knows: it fills gaps.
const STRANGER: &str = "blix";

/// What became of a cue's own sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// One of them is caught.
    Alive,
    /// None is caught.
    Unfound,
    /// All that are caught are voided by a guard or an immune phrase.
    Covered,
}

/// Makes sentences of phrases.
pub(super) struct Speaker<'a> {
    program: &'a Program,
    /// How each number of a word is written.
    written: Vec<Option<&'a str>>,
    /// Words with traits: first those that do little else.
    plainest: Vec<WordId>,
}

/// What cues may hold.
pub(super) struct Room {
    /// By word: whether one of them names it.
    words: Vec<bool>,
    /// Whether one of them may hold words that it does not name.
    open: bool,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        let mut written: Vec<Option<&str>> = vec![None; program.vocabulary.len()];
        for (word, id) in program.vocabulary.words() {
            let slot = &mut written[id as usize];
            // Of several spellings the plain one: `not`, and not `n't`.
            let rank = |w: &str| (w.contains('\''), std::cmp::Reverse(w.len()), w.to_owned());
            if slot.is_none_or(|have| rank(word) < rank(have)) {
                *slot = Some(word);
            }
        }
        let traits = |id: &WordId| program.vocabulary.traits_of(*id);
        let count = u32::try_from(written.len()).unwrap_or(u32::MAX);
        let mut plainest: Vec<WordId> = (UNKNOWN + 1..count).filter(|id| traits(id) != Traits::NONE).collect();
        plainest.sort_by_cached_key(|id| {
            let awkward = traits(id).any(Traits::LIGHT.with(Traits::NEGATION).with(Traits::COORDINATOR));
            (awkward, traits(id).0.count_ones(), written[*id as usize].unwrap_or(STRANGER))
        });
        Self { program, written, plainest }
    }

    fn ops(&self, phrase: usize) -> Items<'a, Op> {
        self.program.phrases.phrase(u32::try_from(phrase).unwrap_or(u32::MAX))
    }

    /// Tries the sentences of the phrase with this number, which is a cue of this rule.
    pub(super) fn fate(&self, rule: usize, phrase: usize) -> Fate {
        let ops = self.ops(phrase);
        let mut fate = Fate::Unfound;
        for trial in 0..TRIALS {
            let mut words = Vec::new();
            self.say(ops, trial, &mut words);
            let said = sentence(&words);
            // In front of the phrase, what may stand there: nothing, somebody who acts, a time.
            for lead in ["", "I ", "In May "] {
                let hits = self.hits(&format!("{lead}{said}."), |p| p == phrase || self.voids(rule, p));
                let Some(hit) = hits.iter().find(|h| h.phrase == phrase) else { continue };
                if !self.is_covered(rule, hit, &hits) {
                    return Fate::Alive;
                }
                fate = Fate::Covered;
            }
        }
        fate
    }

    fn hits(&self, text: &str, wanted: impl Fn(usize) -> bool) -> Vec<Hit> {
        find_those(&self.program.phrases, &Text::of(&Answer::whole(text), &self.program.vocabulary), wanted)
    }

    fn voids(&self, rule: usize, phrase: usize) -> bool {
        let uses = self.program.uses.of_phrase(phrase);
        uses.contains(&Use::Immune) || uses.contains(&Use::Guard(rule))
    }

    fn is_covered(&self, rule: usize, hit: &Hit, hits: &[Hit]) -> bool {
        hits.iter().any(|h| self.voids(rule, h.phrase) && h.start < hit.end && hit.start < h.end)
    }

    fn say(&self, ops: Items<'_, Op>, trial: usize, words: &mut Vec<String>) {
        let phrases = &self.program.phrases;
        for op in ops.iter() {
            match op {
                Op::Word(id) => words.push(self.word(id)),
                Op::Set(set) => {
                    let mut ids: Vec<WordId> = phrases.sets.words(set).collect();
                    ids.sort_unstable();
                    words.extend(ids.get(trial % ids.len().max(1)).map(|id| self.word(*id)));
                }
                Op::Traits(traits) => words.push(self.word_with(traits)),
                Op::Number => words.push("7".to_owned()),
                Op::Money => words.push("$7".to_owned()),
                Op::Name => words.push("Priya".to_owned()),
                Op::Any => words.push(STRANGER.to_owned()),
                Op::Gap(least, most, _) => {
                    let filled = usize::from(least) + (trial % 3).min(usize::from(most - least));
                    words.extend(std::iter::repeat_n(STRANGER.to_owned(), filled));
                }
                Op::Choice(choice) => {
                    // Other alternatives in each trial, and inner ones not in step with outer ones.
                    let rows = phrases.rows(&phrases.choice(choice));
                    if let Some(row) = rows.iter().nth(trial % rows.len().max(1)) {
                        self.say(phrases.ops(row), trial / rows.len(), words);
                    }
                }
                Op::Optional(inner) if trial % 2 == 1 => self.say(phrases.ops(inner), trial / 2, words),
                Op::Optional(_) | Op::Start | Op::End => {}
            }
        }
    }

    fn word(&self, id: WordId) -> String {
        self.written.get(id as usize).copied().flatten().unwrap_or(STRANGER).to_owned()
    }

    /// A word of a class: rather one that does nothing else.
    fn word_with(&self, traits: Traits) -> String {
        let found = self.plainest.iter().find(|id| self.program.vocabulary.traits_of(**id).any(traits));
        found.map_or_else(|| STRANGER.to_owned(), |id| self.word(*id))
    }

    /// What the cues of a rule may hold.
    pub(super) fn room(&self, cues: &[usize]) -> Room {
        let mut words = vec![false; self.written.len()];
        let (mut open, mut seen) = (false, HashSet::new());
        for cue in cues {
            open |= self.names(self.ops(*cue), &mut seen, &mut |word| words[word as usize] = true);
        }
        Room { words, open }
    }

    /// Whether a guard could ever overlap one of these cues: a word of both, or room for one.
    pub(super) fn may_overlap(&self, guard: usize, cues: &Room) -> bool {
        let mut shared = false;
        let open = self.names(self.ops(guard), &mut HashSet::new(), &mut |word| shared |= cues.words[word as usize]);
        open || cues.open || shared
    }

    /// Tells the words that elements name, those of choices that were seen already left out; returns
    /// whether they may hold any others.
    fn names(&self, ops: Items<'_, Op>, seen: &mut HashSet<u32>, tell: &mut dyn FnMut(WordId)) -> bool {
        let phrases = &self.program.phrases;
        let mut open = false;
        // Light words are stepped over, so that a phrase may hold them too.
        let is_light = |id: WordId| self.program.vocabulary.traits_of(id).any(Traits::LIGHT);
        for op in ops.iter() {
            match op {
                Op::Word(id) => {
                    open |= is_light(id);
                    tell(id);
                }
                Op::Set(set) => {
                    for id in phrases.sets.words(set) {
                        open |= is_light(id);
                        tell(id);
                    }
                }
                Op::Choice(choice) if seen.insert(choice) => {
                    for row in phrases.rows(&phrases.choice(choice)).iter() {
                        open |= self.names(phrases.ops(row), seen, tell);
                    }
                }
                Op::Optional(inner) => open |= self.names(phrases.ops(inner), seen, tell),
                Op::Choice(_) | Op::Start | Op::End | Op::Gap(_, 0, _) => {}
                Op::Gap(..) | Op::Traits(_) | Op::Number | Op::Money | Op::Name | Op::Any => open = true,
            }
        }
        open
    }

    /// Of the phrases of a rule, those that one of these texts needs: cues that are found, and guards
    /// that overlap one.
    pub(super) fn used<'t>(&self, rule: usize, texts: impl Iterator<Item = &'t str>) -> BTreeSet<usize> {
        let mut used = BTreeSet::new();
        let is = |phrase: usize, of: Use| self.program.uses.of_phrase(phrase).contains(&of);
        for text in texts {
            let hits = self.hits(text, |p| is(p, Use::Cue(rule)) || is(p, Use::Guard(rule)));
            let cues: Vec<&Hit> = hits.iter().filter(|h| is(h.phrase, Use::Cue(rule))).collect();
            used.extend(cues.iter().map(|h| h.phrase));
            let guards = hits.iter().filter(|h| is(h.phrase, Use::Guard(rule)));
            used.extend(guards.filter(|g| cues.iter().any(|c| g.start < c.end && c.start < g.end)).map(|g| g.phrase));
        }
        used
    }
}

/// Words as a sentence: pieces such as `'s` are glued to what is before them.
fn sentence(words: &[String]) -> String {
    let mut said = String::new();
    for word in words {
        if !said.is_empty() && !word.starts_with('\'') {
            said.push(' ');
        }
        said.push_str(word);
    }
    said
}
