//! Questions that are like another.
//!
//! Two questions are alike where they probe the same: motivations, minefields and behaviours, each
//! the more the rarer it is in the bank; then where theme, role or function are the same, where the
//! words of the one find the other, and where one names the other as worth practising beside it.

use super::search::search;
use crate::content::question::Question;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many of the things that are shared are told to people.
const TOLD: usize = 5;

/// What a question probes: the kind (0 motivation, 1 minefield, 2 behaviour) and the id.
type Probed<'q> = (usize, &'q str);

/// A question that is like another, and why.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Alike<'q> {
    /// The question.
    #[serde(skip)]
    pub(crate) question: &'q Question,
    /// How alike: greater is more; only comparable for one question.
    pub(crate) score: f64,
    /// Whether one names the other as worth practising beside it.
    pub(crate) related: bool,
    /// Whether the theme is the same.
    pub(crate) same_theme: bool,
    /// Motivations, minefields and behaviours of both, rarest first.
    pub(crate) shared: Vec<&'q str>,
}

impl Alike<'_> {
    /// Why it is alike, in a few words: the rarest of what is shared.
    pub(crate) fn why(&self) -> String {
        let marks = [(self.related, "related"), (self.same_theme, "same theme")];
        let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark);
        marks.chain(self.shared.iter().copied().take(TOLD)).collect::<Vec<_>>().join(", ")
    }
}

fn probed(q: &Question) -> Vec<Probed<'_>> {
    let motivations = q.motivations.iter().map(|m| (0, m.id.as_str()));
    let minefields = q.minefields.iter().map(|m| (1, m.id.as_str()));
    let mut all: Vec<Probed<'_>> = motivations.chain(minefields).chain(q.expects().map(|id| (2, id))).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The other questions, the most alike first.
pub(crate) fn like<'q>(questions: &'q [Question], to: &'q Question) -> Vec<Alike<'q>> {
    let all: Vec<Vec<Probed<'q>>> = questions.iter().map(probed).collect();
    let mut having: BTreeMap<Probed<'q>, u32> = BTreeMap::new();
    for one in all.iter().flatten() {
        *having.entry(*one).or_default() += 1;
    }
    let of = f64::from(u32::try_from(questions.len()).unwrap_or(u32::MAX));
    let rarity = |one: &Probed<'_>| (1.0 + of / having.get(one).map_or(1.0, |n| f64::from(*n))).ln();
    let mine = probed(to);
    // As much weight as all that is probed, for words alone tell of scenes and not of what is asked.
    let by_words = search(questions, &format!("{} {}", to.text, to.stories.join(" ")));
    let best = by_words.iter().map(|f| f.score).fold(f64::MIN_POSITIVE, f64::max);
    let in_words: BTreeMap<&str, f64> = by_words.iter().map(|f| (f.question.id.as_str(), f.score / best)).collect();

    let mut alike: Vec<Alike<'q>> = (questions.iter().zip(&all))
        .filter(|(q, _)| q.id != to.id)
        .map(|(question, theirs)| {
            let mut shared: Vec<&Probed<'q>> = theirs.iter().filter(|one| mine.contains(one)).collect();
            shared.sort_by(|a, b| rarity(b).total_cmp(&rarity(a)).then(a.cmp(b)));
            let sum = |list: &[Probed<'_>]| list.iter().map(rarity).sum::<f64>();
            let common: f64 = shared.iter().map(|one| rarity(one)).sum();
            // Jaccard's share, weighted: what both probe of what either probes.
            let probes = common / (sum(&mine) + sum(theirs) - common).max(f64::MIN_POSITIVE);
            let related = to.related.contains(&question.id) || question.related.contains(&to.id);
            let same_theme = question.theme == to.theme;
            let worth = |holds: bool, points: f64| if holds { points } else { 0.0 };
            let score = probes
                + in_words.get(question.id.as_str()).copied().unwrap_or(0.0)
                + worth(same_theme, 0.4)
                + worth(related, 0.3)
                + worth(question.function == to.function, 0.1)
                + worth(question.role == to.role, 0.1)
                + worth(question.difficulty == to.difficulty, 0.05);
            Alike { question, score, related, same_theme, shared: shared.into_iter().map(|(_, id)| *id).collect() }
        })
        .collect();
    alike.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.question.id.cmp(&b.question.id)));
    alike
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::question::Ask;
    use crate::practice::script::question;

    #[test]
    fn what_both_probe_comes_before_what_has_nothing_in_common() {
        let mut bank: Vec<Question> = [
            ("a", "When did you fail?", "X"),
            ("b", "Why us?", "Y"),
            ("c", "Which failure cost most?", "X"),
            ("d", "Who?", "Y"),
        ]
        .map(|(id, text, theme)| question(id, text, theme))
        .into();
        for (q, id) in bank.iter_mut().zip(["judgment", "empathy", "judgment", "judgment"]) {
            q.motivations = vec![Ask { id: id.into(), line: "?".into() }];
        }
        bank[0].related = vec!["b".into()];
        let alike = like(&bank, &bank[0]);
        let order: Vec<&str> = alike.iter().map(|a| a.question.id.as_str()).collect();
        assert_eq!(order, ["c", "d", "b"]);
        assert_eq!(alike[0].why(), "same theme, judgment, no-resolution");
        assert!(alike[2].related && !alike[2].shared.contains(&"judgment"));
    }
}
