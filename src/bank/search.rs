//! Full-text search with ranking.
//!
//! BM25 (Robertson and Zaragoza 2009) over fields of different weight, as BM25F has it: a word in
//! the question itself counts more than one in its sample. There is no index: a bank is scanned
//! faster than an index would be built, and a process searches once.

use crate::content::question::Question;

/// How soon further hits of a word stop to add.
const SATURATION: f64 = 1.2;
/// How far long questions are held back.
const LENGTH: f64 = 0.6;

/// A question that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'q> {
    /// The question.
    pub question: &'q Question,
    /// How well it fits: greater is better; only comparable within one search.
    pub score: f64,
    /// How many of the words stand in it.
    pub words: usize,
}

/// The fields of a question with their weights.
fn fields(q: &Question) -> impl Iterator<Item = (f64, &str)> {
    let heads = [(6.0, q.text.as_str()), (4.0, &q.theme), (4.0, &q.role), (3.0, &q.function), (3.0, &q.id)];
    let lines = (q.key_points.iter().map(|k| k.text.as_str()))
        .chain(q.motivations.iter().flat_map(|m| [m.line.as_str(), m.id.as_str()]))
        .chain(q.minefields.iter().flat_map(|m| [m.avoid.as_str(), m.id.as_str()]))
        .chain(q.stories.iter().chain(&q.tips).map(String::as_str));
    let rest = q.sample.sections().into_iter().chain(q.probes.iter().map(String::as_str));
    heads
        .into_iter()
        .chain(lines.map(|t| (2.0, t)))
        .chain([(1.5, q.about_role.as_str()), (1.0, q.why_it_works.as_str())])
        .chain(rest.map(|t| (1.0, t)))
}

/// The words of a text in lower case, and where apostrophes part them: `client's` is `client`, `s`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at = ends(text, at, false);
        let from = at;
        at = ends(text, at, true);
        (from < at).then(|| &text[from..at])
    })
}

/// Where a run of letters and digits, or of anything else, ends that begins at a byte.
fn ends(text: &str, from: usize, letters: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        // Nearly all are ASCII: these need no decoding.
        let (is_letter, length) = if byte.is_ascii() {
            (byte.is_ascii_alphanumeric(), 1)
        } else {
            text[at..].chars().next().map_or((false, 1), |c| (c.is_alphanumeric(), c.len_utf8()))
        };
        if is_letter != letters {
            break;
        }
        at += length;
    }
    at
}

/// The stem of an English word in lower case, cut so that the forms of one word meet: `refunded`,
/// `refunds` and `refund`; `bullies` and `bully`. It need not be a word.
fn stem(word: &str) -> String {
    let mut word = word.to_lowercase();
    for (ending, instead) in
        [("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ings", ""), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")]
    {
        let Some(rest) = word.strip_suffix(ending) else { continue };
        if rest.chars().count() < 3 || ending == "s" && rest.ends_with(['s', 'u', 'i']) {
            continue;
        }
        word = format!("{rest}{instead}");
        break;
    }
    while word.ends_with('e') && word.chars().count() > 3 {
        word.pop();
    }
    // `planned`, `planning` and `plan`; `called` keeps its `call`.
    let mut last = word.chars().rev();
    if let (Some(a), Some(b)) = (last.next(), last.next())
        && a == b
        && !"aeiouls".contains(a)
    {
        word.pop();
    }
    if word.ends_with('y') && word.chars().count() > 3 {
        word.pop();
        word.push('i');
    }
    word
}

/// The questions that have any of the words, best first.
///
/// Those with more of the words that tell questions apart come before those with fewer; words that
/// most questions have weigh next to nothing. Forms of a word count as the word.
#[must_use]
pub fn search<'q>(questions: &'q [Question], wanted: &str) -> Vec<Found<'q>> {
    let mut stems: Vec<String> = Vec::new();
    for word in words(wanted).map(stem) {
        if !stems.contains(&word) {
            stems.push(word);
        }
    }
    let by_first = by_first(&stems);
    let sums: Vec<(f64, Vec<f64>)> = questions.iter().map(|q| sum(q, &stems, &by_first)).collect();
    let mean = sums.iter().map(|(length, _)| length).sum::<f64>() / as_number(sums.len().max(1));
    let having: Vec<usize> =
        (0..stems.len()).map(|at| sums.iter().filter(|(_, hits)| hits[at] > 0.0).count()).collect();
    let rarity: Vec<f64> = having
        .iter()
        .map(|having| {
            let having = as_number(*having);
            (1.0 + (as_number(sums.len()) - having + 0.5) / (having + 0.5)).ln()
        })
        .collect();
    let telling = |hits: &[f64]| hits.iter().zip(&having).filter(|(h, n)| **h > 0.0 && 2 * **n <= sums.len()).count();
    let mut found: Vec<(usize, Found<'q>)> = questions
        .iter()
        .zip(&sums)
        .filter_map(|(question, (length, hits))| {
            let words = hits.iter().filter(|h| **h > 0.0).count();
            let norm = SATURATION * (1.0 - LENGTH + LENGTH * length / mean);
            let score = hits.iter().zip(&rarity).map(|(h, r)| r * h * (SATURATION + 1.0) / (h + norm)).sum();
            (words > 0).then(|| (telling(hits), Found { question, score, words }))
        })
        .collect();
    found.sort_by(|(more, a), (less, b)| {
        less.cmp(more).then(b.score.total_cmp(&a.score)).then_with(|| a.question.id.cmp(&b.question.id))
    });
    found.into_iter().map(|(_, found)| found).collect()
}

/// The length of a question and the hits of each stem in it, both weighted by field.
fn sum(question: &Question, stems: &[String], by_first: &[Vec<usize>]) -> (f64, Vec<f64>) {
    let mut length = 0.0;
    let mut hits = vec![0.0; stems.len()];
    for (weight, text) in fields(question) {
        for word in words(text) {
            length += 1.0;
            // Most words differ at once: only what may fit is stemmed.
            for at in &by_first[usize::from(word.as_bytes()[0])] {
                if alike(word, &stems[*at]) && stem(word) == stems[*at] {
                    hits[*at] += weight;
                }
            }
        }
    }
    (length, hits)
}

/// By the first byte of a word: the stems that it may have.
fn by_first(stems: &[String]) -> Vec<Vec<usize>> {
    let may = |byte: u8, stem: &String| {
        let first = stem.as_bytes().first().copied().unwrap_or_default();
        // In another script, case may be what differs.
        !byte.is_ascii() || !first.is_ascii() || first.eq_ignore_ascii_case(&byte)
    };
    let of = |byte| (0..).zip(stems).filter(|(_, stem)| may(byte, stem)).map(|(at, _)| at).collect();
    (0..=u8::MAX).map(of).collect()
}

/// Whether a word begins as a stem does, whatever its case: in its first two letters.
fn alike(word: &str, stem: &str) -> bool {
    match (word.as_bytes(), stem.as_bytes()) {
        ([a, b, ..], [x, y, ..]) if a.is_ascii() && b.is_ascii() => {
            a.eq_ignore_ascii_case(x) && (b.eq_ignore_ascii_case(y) || *y == b'i' && b.eq_ignore_ascii_case(&b'y'))
        }
        ([a], [x]) => a.eq_ignore_ascii_case(x),
        ([_], _) | (_, [_]) => false,
        _ => true,
    }
}

/// The word of the bank that is closest to one of the wanted that no question has.
#[must_use]
pub fn meant<'q>(questions: &'q [Question], wanted: &str) -> Option<(String, &'q str)> {
    let mut known: std::collections::BTreeMap<String, &'q str> = std::collections::BTreeMap::new();
    for word in questions.iter().flat_map(fields).flat_map(|(_, text)| words(text)) {
        known.entry(stem(word)).or_insert(word);
    }
    let unknown = words(wanted).find(|w| !known.contains_key(&stem(w)))?;
    let near = crate::diagnostics::did_you_mean(&stem(unknown), known.keys().map(String::as_str))?;
    Some((unknown.to_owned(), known.get(near)?))
}

#[allow(clippy::cast_precision_loss, reason = "counts of questions are far below 2^52")]
const fn as_number(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::script::question;

    fn ids<'q>(bank: &'q [Question], words: &str) -> Vec<&'q str> {
        search(bank, words).into_iter().map(|f| f.question.id.as_str()).collect()
    }

    fn bank() -> Vec<Question> {
        let mut bank: Vec<Question> = [("a", "Tell me about a refund."), ("b", "When did you fail?"), ("c", "Why us?")]
            .map(|(id, text)| question(id, text, "Work"))
            .into();
        bank[2].sample.action = "I refunded her and planned the rest; failing was no option.".into();
        bank
    }

    #[test]
    fn a_word_in_the_question_beats_one_in_the_sample_and_more_words_beat_fewer() {
        let bank = bank();
        assert_eq!(ids(&bank, "refund"), ["a", "c"]);
        assert_eq!(ids(&bank, "Refunds PLANNING"), ["c", "a"]);
        assert_eq!(ids(&bank, "zebra"), [""; 0]);
        assert_eq!(ids(&bank, " ?! "), [""; 0]);
    }

    #[test]
    fn words_that_most_questions_have_do_not_decide() {
        let texts = ["Tell me about a refund.", "Tell me about a delay.", "Tell me about a flood.", "A flood?"];
        let bank: Vec<Question> =
            ["a", "b", "c", "d"].into_iter().zip(texts).map(|(i, t)| question(i, t, "Work")).collect();
        assert_eq!(ids(&bank, "tell me about the flood")[..2], ["c", "d"]);
    }

    #[test]
    fn forms_of_a_word_meet_and_short_words_stay_whole() {
        for forms in [
            &["refund", "refunds", "refunded", "Refunding"][..],
            &["bully", "bullies", "bullied"],
            &["plan", "plans", "planned", "planning"],
            &["decide", "decides", "decided", "deciding"],
            &["call", "called", "calling"],
            &["boss", "bosses"],
            &["disagree", "disagrees", "disagreed", "disagreeing"],
        ] {
            let stems: Vec<String> = forms.iter().map(|w| stem(w)).collect();
            assert!(stems.iter().all(|s| *s == stems[0]), "{forms:?}: {stems:?}");
        }
        assert_eq!([stem("bus"), stem("as"), stem("ring"), stem("été")], ["bus", "as", "ring", "été"]);
    }

    #[test]
    fn a_slip_of_the_finger_is_told_with_what_was_meant() {
        let bank = bank();
        assert_eq!(meant(&bank, "a refnud"), Some(("refnud".into(), "refund")));
        assert_eq!(meant(&bank, "refund"), None);
    }
}
