//! Which question is rehearsed.

use super::prompter::{Prompted, Prompter};
use crate::content::question::{Difficulty, Question};
use crate::history::Latest;
use crate::history::schedule::due;
use crate::report::clean;
use jiff::Timestamp;
use jiff::tz::TimeZone;
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
    /// Whether it lets everything through.
    pub(crate) fn is_open(&self) -> bool {
        self.theme.is_none() && self.role.is_none() && self.difficulty.is_none()
    }

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

/// A question that is offered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Offer<'q> {
    /// One of the bank.
    Bank(&'q Question),
    /// One of the candidate's own, that was answered before.
    Own(String),
}

/// All that is offered, the best first, a line for each.
#[derive(Debug, Default)]
pub(crate) struct Offers<'q> {
    list: Vec<(Offer<'q>, String)>,
    /// How many are due.
    pub(crate) due: usize,
}

/// What to rehearse next: what is due, the weakest first; then what is new, a question of each theme
/// in turn, the least touched themes first; then what was answered well enough, the longest ago
/// first. `own` says whether questions of the candidate's own may be there too.
pub(crate) fn offers<'q>(
    questions: &[&'q Question],
    latest: &[Latest],
    own: bool,
    now: Timestamp,
    zone: &TimeZone,
) -> Offers<'q> {
    let find = |key: &str| questions.iter().copied().find(|q| q.id == key);
    let mut offers = Offers::default();
    for due in due(latest, now, zone) {
        let offer = if due.own { own.then(|| Offer::Own(due.key.clone())) } else { find(&due.key).map(Offer::Bank) };
        if let Some(offer) = offer {
            // First, for a narrow list is cut off at the end.
            let line = format!("Due, {}: {}", due.why(), line(&offer, ""));
            offers.list.push((offer, line));
        }
    }
    offers.due = offers.list.len();
    let tried = |q: &Question| latest.iter().find(|l| !l.own && l.key == q.id);
    let mark = if latest.is_empty() { "" } else { "New: " };
    for q in over_themes(questions, |q| tried(q).is_some()) {
        offers.list.push((Offer::Bank(q), format!("{mark}{}", line(&Offer::Bank(q), ""))));
    }
    let mut rest: Vec<(&Latest, &'q Question)> = questions.iter().filter_map(|q| Some((tried(q)?, *q))).collect();
    rest.retain(|(_, q)| !offers.list.iter().any(|(o, _)| *o == Offer::Bank(q)));
    rest.sort_by_key(|(l, _)| l.at);
    for (l, q) in rest {
        offers.list.push((Offer::Bank(q), line(&Offer::Bank(q), &format!("last band {}", l.band))));
    }
    offers
}

/// The questions that were not tried yet, one of each theme in turn: easy ones before hard ones,
/// themes with the fewest answers first.
fn over_themes<'q>(questions: &[&'q Question], tried: impl Fn(&Question) -> bool) -> Vec<&'q Question> {
    let mut themes: Vec<(usize, Vec<&'q Question>)> = Vec::new();
    for &q in questions {
        let at = themes.iter().position(|(_, list)| list.first().is_some_and(|have| have.theme == q.theme));
        match at {
            Some(at) => themes[at].1.push(q),
            None => themes.push((0, vec![q])),
        }
    }
    for (count, list) in &mut themes {
        *count = list.iter().filter(|q| tried(q)).count();
        list.retain(|q| !tried(q));
        list.sort_by_key(|q| q.difficulty);
    }
    themes.sort_by_key(|(count, _)| *count);
    let longest = themes.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    (0..longest).flat_map(|i| themes.iter().filter_map(move |(_, list)| list.get(i).copied())).collect()
}

fn line(offer: &Offer<'_>, note: &str) -> String {
    let note = if note.is_empty() { String::new() } else { format!("; {note}") };
    clean(&match offer {
        Offer::Bank(q) => format!("{} ({}, {}{note})", q.text, q.theme, q.difficulty.id()),
        Offer::Own(text) => format!("{text} (your own{note})"),
    })
}

/// Lets the candidate pick a question, or takes the only one; `None` where they want none.
///
/// # Errors
/// As [`Prompter::pick`].
pub(crate) fn pick<'q>(prompter: &mut dyn Prompter, offers: Offers<'q>) -> Prompted<Option<Offer<'q>>> {
    let (mut list, lines): (Vec<Offer<'q>>, Vec<String>) = offers.list.into_iter().unzip();
    if list.len() == 1 {
        return Ok(list.pop());
    }
    if offers.due > 0 {
        let due = if offers.due == 1 { "1 question is".to_owned() } else { format!("{} questions are", offers.due) };
        prompter.say(&format!("\n{due} due again: weak answers come back sooner, strong ones later.\n"))?;
    }
    let at = prompter.pick("Which question? Type to search, Esc to leave", &lines)?;
    Ok(at.filter(|at| *at < list.len()).map(|at| list.swap_remove(at)))
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

    /// A number, for dice of the same fall.
    pub(crate) const fn number(&self) -> u64 {
        self.0
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

#[cfg(test)]
mod tests {
    use super::super::script::question;
    use super::*;

    #[test]
    fn due_comes_first_then_new_over_themes_then_the_rest() {
        let bank: Vec<Question> = [("a1", "A"), ("a2", "A"), ("a3", "A"), ("b1", "B"), ("b2", "B"), ("c1", "C")]
            .map(|(id, theme)| question(id, id, theme))
            .into();
        let all: Vec<&Question> = bank.iter().collect();
        let one = |key: &str, day: &str, band, own| Latest {
            key: key.into(),
            own,
            at: format!("{day}T10:00:00Z").parse().unwrap(),
            band,
        };
        let latest = [
            one("b1", "2026-11-21", 5, false),
            one("a1", "2026-11-20", 2, false),
            one("Why us?", "2026-11-18", 3, true),
            one("gone", "2026-11-01", 1, false),
        ];
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let lines = |own| -> Vec<String> {
            let offers = offers(&all, &latest, own, now, &TimeZone::UTC);
            offers.list.into_iter().map(|(_, line)| line).collect()
        };
        assert_eq!(
            lines(true),
            [
                "Due, band 2 2 days ago: a1 (A, beginner)",
                "Due, band 3 4 days ago: Why us? (your own)",
                "New: c1 (C, beginner)",
                "New: a2 (A, beginner)",
                "New: b2 (B, beginner)",
                "New: a3 (A, beginner)",
                "b1 (B, beginner; last band 5)",
            ]
        );
        assert_eq!(lines(false).len(), 6);
    }
}
