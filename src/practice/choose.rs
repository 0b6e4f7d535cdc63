//! Which question is rehearsed.

use super::prompter::{Prompted, Prompter};
use crate::content::question::{Difficulty, Question};
use crate::report::clean;
use std::collections::BTreeSet;

/// What a question must be like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// Theme, or a part of its name.
    pub(crate) theme: Option<String>,
    /// Role, or a part of its name.
    pub(crate) role: Option<String>,
    /// Difficulty.
    pub(crate) difficulty: Option<Difficulty>,
}

impl Filter {
    /// The questions that are like this.
    ///
    /// # Errors
    /// None is; the message names what there is.
    pub(crate) fn of<'q>(&self, questions: &'q [Question]) -> Result<Vec<&'q Question>, String> {
        let theme = |q: &&Question| self.theme.as_ref().is_none_or(|t| is_like(&q.theme, t));
        let role = |q: &&Question| self.role.as_ref().is_none_or(|r| is_like(&q.role, r));
        let difficulty = |q: &&Question| self.difficulty.is_none_or(|d| q.difficulty == d);
        let found: Vec<&Question> = questions.iter().filter(theme).filter(role).filter(difficulty).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        if let Some(asked) = &self.theme
            && !questions.iter().any(|q| theme(&q))
        {
            return Err(format!("no question has the theme `{asked}`; there are: {}", list(questions, |q| &q.theme)));
        }
        if let Some(asked) = &self.role
            && !questions.iter().any(|q| role(&q))
        {
            return Err(format!("no question is for the role `{asked}`; there are: {}", list(questions, |q| &q.role)));
        }
        Err("no question is like that; ask for less, or see `starcue questions list`".to_owned())
    }
}

fn list(questions: &[Question], name: impl Fn(&Question) -> &String) -> String {
    let names: BTreeSet<&str> = questions.iter().map(|q| name(q).as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// `Escalation Management`, `escalation-management` and `escalation` all mean the same theme.
fn is_like(name: &str, asked: &str) -> bool {
    let plain = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    };
    plain(name).contains(&plain(asked))
}

/// Lets the candidate pick a question, or takes the only one; `None` where they want none.
///
/// # Errors
/// As [`Prompter::pick`].
pub(crate) fn pick<'q>(prompter: &mut dyn Prompter, questions: &[&'q Question]) -> Prompted<Option<&'q Question>> {
    if let [only] = questions {
        return Ok(Some(only));
    }
    let line = |q: &&Question| clean(&format!("{} ({}, {})", q.text, q.theme, q.difficulty.id()));
    let items: Vec<String> = questions.iter().map(line).collect();
    Ok(prompter.pick("Which question? Type to search, Esc to leave", &items)?.and_then(|i| questions.get(i).copied()))
}

/// Numbers that look random and are the same for the same seed, on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice that nobody can foresee.
    pub(crate) fn unseeded() -> Self {
        use std::hash::{BuildHasher, RandomState};
        Self(RandomState::new().hash_one(0_u8))
    }

    /// One of `list`; `None` where it is empty. (SplitMix64.)
    pub(crate) fn one<'x, T>(&mut self, list: &[&'x T]) -> Option<&'x T> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let at = usize::try_from(z.checked_rem(list.len() as u64)?).ok()?;
        list.get(at).copied()
    }
}
