//! What to rehearse on which day until an interview.
//!
//! Each day holds what is due by history, the weakest first, and what is new: a question of each
//! theme in turn, themes that were never touched first, questions for the wanted role before
//! others, easy ones before hard ones. A new question comes back once, after the gap that history
//! would give it; the last day brings nothing new.

use crate::content::question::Question;
use crate::history::schedule::gap;
use crate::history::{Latest, day_of};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeSet;

/// The band that is expected of a first answer, which says when it comes back.
const FIRST_BAND: u8 = 3;

/// What the plan is for.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// The first day.
    pub(crate) from: Date,
    /// How many days there are, at least 1.
    pub(crate) days: u16,
    /// How many rehearsals a day holds, at least 1.
    pub(crate) per_day: usize,
}

/// Why a question stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Why {
    /// It was answered before and is due again.
    Due,
    /// It was not answered yet.
    New,
    /// It was new earlier in the plan.
    Again,
}

/// One rehearsal.
#[derive(Debug, Clone)]
pub(crate) struct Item<'q> {
    /// The question.
    pub(crate) question: &'q Question,
    /// Why it stands there.
    pub(crate) why: Why,
    /// Band of the last answer, where there is one.
    pub(crate) band: Option<u8>,
}

/// One day.
#[derive(Debug, Clone)]
pub(crate) struct Day<'q> {
    /// Its date.
    pub(crate) date: Date,
    /// What to rehearse, in order.
    pub(crate) items: Vec<Item<'q>>,
}

/// A question that waits for its day.
struct Waiting<'q> {
    due: Date,
    item: Item<'q>,
}

/// How well a question fits the wish: greater is better.
pub(crate) type Fit<'f> = &'f dyn Fn(&Question) -> u8;

/// Lays out the days.
pub(crate) fn plan<'q>(
    questions: &[&'q Question],
    latest: &[Latest],
    fit: Fit<'_>,
    wish: &Wish,
    zone: &TimeZone,
) -> Vec<Day<'q>> {
    let mut waiting: Vec<Waiting<'q>> = Vec::new();
    for last in latest.iter().filter(|l| !l.own) {
        let question = questions.iter().find(|q| q.id == last.key);
        let due = day_of(last.at, zone).checked_add(gap(last.band).days());
        if let (Some(question), Ok(due)) = (question, due) {
            waiting.push(Waiting { due, item: Item { question, why: Why::Due, band: Some(last.band) } });
        }
    }
    let tried = |q: &Question| latest.iter().any(|l| !l.own && l.key == q.id);
    let mut new = over_themes(questions, &tried, fit).into_iter().peekable();

    let mut days = Vec::new();
    for at in 0..wish.days.max(1) {
        let Ok(date) = wish.from.checked_add(i32::from(at).days()) else { break };
        let last = at > 0 && at + 1 == wish.days;
        let slots = wish.per_day.max(1);
        // Old and new share a day, so that neither starves the other.
        let for_old = if last || new.peek().is_none() { slots } else { slots.div_ceil(2) };
        let mut items = take_due(&mut waiting, date, for_old, last);
        while items.len() < slots && !last {
            let Some(question) = new.next() else { break };
            items.push(Item { question, why: Why::New, band: None });
        }
        let left = slots - items.len();
        items.extend(take_due(&mut waiting, date, left, last));
        for item in items.iter().filter(|i| i.why == Why::New) {
            if let Ok(due) = date.checked_add(gap(FIRST_BAND).days()) {
                waiting.push(Waiting { due, item: Item { why: Why::Again, ..item.clone() } });
            }
        }
        days.push(Day { date, items });
    }
    days
}

/// Takes what is due on a day, the weakest first; on the last day also what would be due later.
fn take_due<'q>(waiting: &mut Vec<Waiting<'q>>, date: Date, most: usize, last: bool) -> Vec<Item<'q>> {
    waiting.sort_by_key(|w| (w.due > date, w.item.band.unwrap_or(FIRST_BAND), w.due, w.item.question.id.clone()));
    let due = waiting.iter().take(most).take_while(|w| last || w.due <= date).count();
    waiting.drain(..due).map(|w| w.item).collect()
}

/// What was not tried yet, one of each theme in turn.
fn over_themes<'q>(questions: &[&'q Question], tried: &dyn Fn(&Question) -> bool, fit: Fit<'_>) -> Vec<&'q Question> {
    let mut themes: Vec<(usize, Vec<&'q Question>)> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for &q in questions {
        let at = names.iter().position(|n| *n == q.theme).unwrap_or_else(|| {
            names.push(&q.theme);
            themes.push((0, Vec::new()));
            names.len() - 1
        });
        if tried(q) {
            themes[at].0 += 1;
        } else {
            themes[at].1.push(q);
        }
    }
    for (_, list) in &mut themes {
        list.sort_by_key(|q| (std::cmp::Reverse(fit(q)), q.difficulty));
    }
    let best = |list: &[&Question]| list.iter().map(|q| fit(q)).max().unwrap_or(0);
    themes.sort_by_key(|(tried, list)| (*tried, std::cmp::Reverse(best(list))));
    let longest = themes.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    (0..longest).flat_map(|i| themes.iter().filter_map(move |(_, list)| list.get(i).copied())).collect()
}

/// Themes of the bank that neither history nor the plan touches.
pub(crate) fn untouched<'q>(questions: &'q [Question], latest: &[Latest], days: &[Day<'_>]) -> Vec<&'q str> {
    let mut touched: BTreeSet<&str> = days.iter().flat_map(|d| &d.items).map(|i| i.question.theme.as_str()).collect();
    touched.extend(questions.iter().filter(|q| latest.iter().any(|l| l.key == q.id)).map(|q| q.theme.as_str()));
    let mut left = Vec::new();
    for q in questions {
        if !touched.contains(q.theme.as_str()) && !left.contains(&q.theme.as_str()) {
            left.push(q.theme.as_str());
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::script::question;

    fn told(days: &[Day<'_>]) -> Vec<String> {
        let one = |i: &Item<'_>| format!("{} {:?}", i.question.id, i.why).to_lowercase();
        days.iter().map(|d| d.items.iter().map(one).collect::<Vec<_>>().join(", ")).collect()
    }

    #[test]
    fn due_and_new_share_a_day_new_ones_come_back_and_the_last_day_brings_nothing_new() {
        let mut bank: Vec<Question> = [("a1", "A"), ("a2", "A"), ("b1", "B"), ("c1", "C"), ("c2", "C"), ("d1", "D")]
            .map(|(id, theme)| question(id, id, theme))
            .into();
        bank[4].role = "Nurse".into();
        let all: Vec<&Question> = bank.iter().collect();
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        let latest = [
            Latest { key: "a1".into(), own: false, at, band: 2 },
            Latest { key: "b1".into(), own: false, at, band: 5 },
            Latest { key: "Why us?".into(), own: true, at, band: 1 },
        ];
        let fit = |q: &Question| u8::from(q.role == "Nurse");
        let wish = Wish { from: "2026-11-22".parse().unwrap(), days: 6, per_day: 2 };
        let days = plan(&all, &latest, &fit, &wish, &TimeZone::UTC);
        assert_eq!(
            told(&days),
            ["a1 due, c2 new", "d1 new, a2 new", "c1 new", "", "c2 again", "a2 again, d1 again"],
            "the nurse's question leads its theme, and themes without an answer lead"
        );
        assert_eq!(days[5].date.to_string(), "2026-11-27");
        assert_eq!(untouched(&bank, &latest, &days), [""; 0]);
        assert_eq!(untouched(&bank, &latest, &[]), ["C", "D"]);
    }
}
