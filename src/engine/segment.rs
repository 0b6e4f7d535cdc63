//! Which section each sentence serves: cues and a few features, then the best path.

use super::context::{Cue, in_context};
use super::measures::{Facts, same};
use super::program::{FEATURES, Program, STATES};
use crate::answer::{Answer, PartKind};
use crate::assessment::Section;
use crate::text::{Actor, Mark, Mood, Text, Traits, Voice};

/// The features of each sentence, by place in [`FEATURES`].
pub(crate) fn features(text: &Text, source: &str, cues: &[Cue]) -> Vec<[f64; FEATURES.len()]> {
    let count = text.sentences.len();
    let mut rows = vec![[0.0; FEATURES.len()]; count];
    for (at, sentence) in text.sentences.iter().enumerate() {
        put(&mut rows, at, const { feature("bias") }, 1.0);
        put(&mut rows, at, const { feature("first") }, flag(at == 0));
        put(&mut rows, at, const { feature("second") }, flag(at == 1));
        put(&mut rows, at, const { feature("early") }, flag(count > 3 && at * 3 < count));
        put(&mut rows, at, const { feature("late") }, flag(count > 3 && (at + 1) * 3 > count * 2));
        put(&mut rows, at, const { feature("last") }, flag(count > 1 && at + 1 == count));
        let tokens = &text.tokens[sentence.clone()];
        put(&mut rows, at, const { feature("figure") }, flag(tokens.iter().any(|t| t.mark.any(Mark::FIGURE))));
        put(&mut rows, at, const { feature("short") }, flag(text.words(sentence) < 6));
        let last = tokens.iter().rev().find(|t| t.mark.any(Mark::STOP));
        put(
            &mut rows,
            at,
            const { feature("question") },
            flag(last.is_some_and(|t| source[t.start as usize..t.end as usize].contains('?'))),
        );
    }
    let mut deeds = vec![0usize; count];
    for clause in text.clauses.iter().filter(|c| c.verb.is_some()) {
        let at = clause.sentence;
        let deed = clause.is_deed(text);
        let told = matches!(clause.mood, Mood::Past | Mood::Present);
        if clause.voice == Voice::Others {
            put(&mut rows, at, const { feature("others_words") }, 1.0);
            continue;
        }
        match clause.mood {
            Mood::Present => put(&mut rows, at, const { feature("present") }, 1.0),
            Mood::Habit => put(&mut rows, at, const { feature("habit") }, 1.0),
            Mood::Hypothetical => put(&mut rows, at, const { feature("hypothetical") }, 1.0),
            Mood::Past | Mood::None => {}
        }
        if !told {
            continue;
        }
        let feature = match (clause.actor, deed) {
            (Actor::Speaker, true) => {
                deeds[at] += 1;
                const { feature("speaker_deed") }
            }
            (Actor::Speaker, false) => const { feature("speaker_state") },
            (Actor::Team, _) => const { feature("team_deed") },
            (Actor::Other, true) => const { feature("other_deed") },
            (Actor::Other, false) => const { feature("other_state") },
            (Actor::Unknown, true) => const { feature("unknown_deed") },
            (Actor::Unknown, false) => const { feature("thing_state") },
        };
        put(&mut rows, at, feature, 1.0);
    }
    for (at, n) in deeds.iter().enumerate() {
        put(&mut rows, at, const { feature("speaker_deeds") }, flag(*n > 1));
        put(&mut rows, at, const { feature("fragment") }, flag(!text.clauses_of(at).iter().any(|c| c.verb.is_some())));
    }
    // Where the speaker's deeds begin and end frames the rest: context before, outcome after.
    let first_deed = deeds.iter().position(|n| *n > 0);
    let last_deed = deeds.iter().rposition(|n| *n > 0);
    for at in 0..count {
        let has = |feature: usize| rows[at][feature] > 0.0;
        let (others, things) = (
            has(const { feature("other_deed") }) || has(const { feature("other_state") }),
            has(const { feature("thing_state") }) || has(const { feature("unknown_deed") }),
        );
        let present = has(const { feature("present") }) || has(const { feature("habit") });
        let after = first_deed.is_some_and(|f| at > f);
        let done = last_deed.is_none_or(|l| at > l);
        put(&mut rows, at, const { feature("before_deeds") }, flag(first_deed.is_none_or(|f| at < f)));
        put(&mut rows, at, const { feature("after_deeds") }, flag(after));
        put(&mut rows, at, const { feature("first_deed") }, flag(first_deed == Some(at)));
        put(&mut rows, at, const { feature("no_deed_to_come") }, flag(done && after));
        put(&mut rows, at, const { feature("other_after_deeds") }, flag(after && others && deeds[at] == 0));
        put(&mut rows, at, const { feature("thing_after_deeds") }, flag(after && things && deeds[at] == 0));
        put(&mut rows, at, const { feature("present_after_deeds") }, flag(after && present));
    }
    for (at, sentence) in text.sentences.iter().enumerate() {
        let had = text.clauses_of(at).iter().any(|c| {
            c.verb.is_some_and(|v| {
                let verb = &text.tokens[v];
                verb.is(Traits::HAVE.with(Traits::MAYBE_WOULD))
                    && c.mood == Mood::Past
                    && text.tokens[v + 1..c.tokens.end.min(v + 4)].iter().any(|t| t.is(Traits::PARTICIPLE))
            })
        });
        debug_assert!(!sentence.is_empty());
        put(&mut rows, at, const { feature("perfect") }, flag(had));
    }
    for cue in cues.iter().filter(|c| c.negated) {
        put(&mut rows, cue.sentence, const { feature("negated") }, 1.0);
    }
    rows
}

/// Sets a feature of a sentence.
fn put(rows: &mut [[f64; FEATURES.len()]], sentence: usize, feature: usize, value: f64) {
    rows[sentence][feature] = value;
}

/// The place of a feature. Where its name is none, the program is not built.
const fn feature(name: &str) -> usize {
    let mut at = 0;
    while at < FEATURES.len() {
        if same(FEATURES[at].as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no such feature")
}

const fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

/// Gives each sentence its section: the best path through cue scores, features and transitions.
pub(crate) fn sections(
    program: &Program,
    text: &Text,
    source: &str,
    answer: &Answer,
    cues: &[Cue],
    facts: &Facts,
) -> Vec<Option<Section>> {
    let scores = emissions(program, text, source, answer, cues, facts);
    best_path(program, &scores)
}

/// What cues, features and the typed section say for each sentence.
pub(crate) fn emissions(
    program: &Program,
    text: &Text,
    source: &str,
    answer: &Answer,
    cues: &[Cue],
    facts: &Facts,
) -> Vec<[f64; STATES]> {
    let mut scores = vec![[0.0; STATES]; text.sentences.len()];
    let segmentation = &program.segmentation;
    for (at, row) in features(text, source, cues).into_iter().enumerate() {
        for (feature, value) in row.into_iter().enumerate().filter(|(_, v)| *v != 0.0) {
            add(&mut scores, Some(at), &segmentation.features[feature], value);
            add(&mut scores, at.checked_add(1), &segmentation.previous.features[feature], value);
            add(&mut scores, at.checked_sub(1), &segmentation.next.features[feature], value);
        }
    }
    for (at, sentence) in text.sentences.iter().enumerate() {
        let words = text.tokens[sentence.clone()].iter().filter(|t| t.is_word());
        for (place, token) in words.enumerate() {
            let opener = if place == 0 { weights_of(&segmentation.openers, &token.word) } else { None };
            for weights in weights_of(&segmentation.words, &token.word).into_iter().chain(opener) {
                add(&mut scores, Some(at), weights, 1.0);
            }
        }
    }
    // A rule speaks once for a sentence, however often it is hit.
    let mut last = None;
    for cue in cues {
        let rule = &program.rules[cue.rule];
        let Some(weights) = &rule.speaks else { continue };
        if last != Some((cue.rule, cue.sentence)) && in_context(rule, cue, facts).is_ok() {
            add(&mut scores, Some(cue.sentence), weights, 1.0);
            if let Some(weights) = weights_of(&segmentation.previous.rules, &cue.rule) {
                add(&mut scores, cue.sentence.checked_add(1), weights, 1.0);
            }
            if let Some(weights) = weights_of(&segmentation.next.rules, &cue.rule) {
                add(&mut scores, cue.sentence.checked_sub(1), weights, 1.0);
            }
            last = Some((cue.rule, cue.sentence));
        }
    }
    for part in answer.parts() {
        let PartKind::Section(section) = part.kind else { continue };
        for (at, sentence) in text.sentences.iter().enumerate() {
            if part.range.contains(&text.bytes(sentence).start) {
                scores[at][section.index()] += program.segmentation.typed;
            }
        }
    }
    scores
}

/// What a word or a rule says for each section, where it says anything.
fn weights_of<'r, Key: Ord + Copy>(rows: &'r [(Key, [f64; STATES])], key: &Key) -> Option<&'r [f64; STATES]> {
    rows.binary_search_by_key(key, |(k, _)| *k).ok().map(|at| &rows[at].1)
}

/// Adds weights to the scores of a sentence, where there is one.
fn add(scores: &mut [[f64; STATES]], sentence: Option<usize>, weights: &[f64; STATES], value: f64) {
    if let Some(row) = sentence.and_then(|at| scores.get_mut(at)) {
        for (score, weight) in row.iter_mut().zip(weights) {
            *score += value * weight;
        }
    }
}

fn best_path(program: &Program, scores: &[[f64; STATES]]) -> Vec<Option<Section>> {
    let Some(first) = scores.first() else { return Vec::new() };
    let transitions = &program.segmentation.transitions;
    let mut best = *first;
    for state in 0..STATES {
        best[state] += transitions[STATES][state];
    }
    let mut from: Vec<[usize; STATES]> = Vec::with_capacity(scores.len());
    for row in &scores[1..] {
        let mut next = [0.0; STATES];
        let mut back = [0; STATES];
        for state in 0..STATES {
            let mut top = f64::NEG_INFINITY;
            for before in 0..STATES {
                let value = best[before] + transitions[before][state];
                if value > top {
                    top = value;
                    back[state] = before;
                }
            }
            next[state] = top + row[state];
        }
        best = next;
        from.push(back);
    }
    let mut state = 0;
    for s in 1..STATES {
        if best[s] > best[state] {
            state = s;
        }
    }
    let mut path = vec![state];
    for back in from.iter().rev() {
        state = back[state];
        path.push(state);
    }
    path.reverse();
    path.into_iter().map(|s| Section::ALL.get(s).copied()).collect()
}
