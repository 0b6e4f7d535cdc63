//! What holds of every assessment, whatever the answer.

use starcue::assessment::Evidence;
use starcue::{Answer, Assessment, Tenths};

/// The first thing that is wrong with an assessment.
pub(crate) fn fault(answer: &Answer, a: &Assessment) -> Option<String> {
    let text = answer.text();
    let sum: i32 = a.receipt.iter().map(|l| l.points.0).sum();
    if a.score != Tenths(sum) {
        return Some(format!("the receipt sums to {} and the score is {}", Tenths(sum), a.score));
    }
    if !(0..=1000).contains(&a.score.0) || !(1..=5).contains(&a.band) {
        return Some(format!("score {} or band {} is out of range", a.score, a.band));
    }
    let mut end = 0;
    for s in &a.sentences {
        let Some(between) = text.get(end..s.start) else {
            return Some(format!("the sentence {}..{} is out of order or cuts a letter", s.start, s.end));
        };
        if !between.trim().is_empty() {
            return Some(format!("no sentence covers {between:?}"));
        }
        if text.get(s.start..s.end).is_none_or(str::is_empty) {
            return Some(format!("the sentence {}..{} addresses no text", s.start, s.end));
        }
        end = s.end;
    }
    if !text[end..].trim().is_empty() {
        return Some(format!("no sentence covers {:?}", &text[end..]));
    }
    let lists = (a.sections.iter().map(|s| ("section", &s.evidence)))
        .chain(a.behaviours.iter().map(|f| (&*f.id, &f.evidence)))
        .chain(a.motivations.iter().map(|f| (&*f.id, &f.evidence)))
        .chain(a.minefields.iter().map(|m| (&*m.id, &m.evidence)));
    for (of, list) in lists {
        if let Some(e) = list.iter().find(|e| !addresses_words(text, e)) {
            return Some(format!("{of}: the evidence {}..{} of `{}` addresses no words", e.start, e.end, e.rule));
        }
        if list.windows(2).any(|w| (w[0].start, w[0].end) > (w[1].start, w[1].end)) {
            return Some(format!("{of}: its evidence is not in the order of the text"));
        }
    }
    let bare = a.minefields.iter().find(|m| m.evidence.is_empty() && m.absent.is_empty());
    bare.map(|m| format!("the minefield `{}` names neither words nor what is missing", m.id))
}

fn addresses_words(text: &str, e: &Evidence) -> bool {
    text.get(e.start..e.end).is_some_and(|quote| !quote.trim().is_empty() && quote.trim() == quote)
}
