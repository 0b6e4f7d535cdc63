//! Counting: what conditions and metrics are made of.

use super::measures::{Facts, PLAIN, plain};
use super::program::Program;
use crate::assessment::{Metrics, Section};
use crate::content::rubric::Family;
use crate::fnv;
use crate::text::lexer::{Token, UNPRINTED, lex};
use crate::text::vocabulary::UNKNOWN;
use crate::text::{Actor, Mark, Mood, Text, Traits, Vocabulary, Voice};

/// Shorter words carry little: they are left out where answer and question are compared.
const CONTENT_LETTERS: usize = 4;

/// Counts what can be counted before sections are known.
#[allow(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
pub(super) fn count(program: &Program, text: &Text, source: &str, question: Option<&str>, facts: &mut Facts) {
    let mut put = |at: usize, value: f64| facts.plain[at] = value;
    let words = text.tokens.iter().filter(|t| t.is_word()).count();
    let of_words = |n: usize| 100.0 * n as f64 / words.max(1) as f64;
    let tokens = |f: &dyn Fn(&Token) -> bool| text.tokens.iter().filter(|t| f(t)).count() as f64;
    put(const { plain("words") }, words as f64);
    put(const { plain("sentences") }, text.sentences.len() as f64);
    put(const { plain("numbers") }, tokens(&|t| t.is_number() && t.is_word()));
    put(const { plain("figures") }, tokens(&|t| t.mark.any(Mark::FIGURE)));
    put(const { plain("fillers") }, text.fillers as f64);
    put(const { plain("first_singular") }, tokens(&|t| t.is(Traits::FIRST_SINGULAR)));
    put(const { plain("first_plural") }, tokens(&|t| t.is(Traits::FIRST_PLURAL)));
    let known = text.tokens.iter().filter(|t| t.is_word() && (t.word != UNKNOWN || t.mark.any(Mark::FIGURE))).count();
    put(const { plain("known_share") }, of_words(known));
    let capital = |at: &usize| {
        let t = &text.tokens[*at];
        t.mark.any(Mark::CAPITAL) && !t.is(Traits::SPEAKER) && *at > 0 && text.tokens[at - 1].is_word()
    };
    put(const { plain("names") }, (0..text.tokens.len()).filter(capital).count() as f64);
    let lengths: Vec<usize> = text.sentences.iter().map(|s| text.words(s)).collect();
    put(const { plain("longest_sentence") }, lengths.iter().copied().max().unwrap_or(0) as f64);
    put(const { plain("mean_sentence") }, words as f64 / lengths.len().max(1) as f64);

    let signs = source.bytes().filter(|b| b.is_ascii() && SIGNS & (1 << b) != 0).count();
    put(const { plain("signs") }, of_words(signs));
    let in_capitals = |t: &&Token| {
        let word = &source[t.start as usize..t.end as usize];
        word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase())
    };
    put(const { plain("capitals") }, of_words(text.tokens.iter().filter(|t| t.is_word()).filter(in_capitals).count()));
    put(const { plain("tangles") }, of_words(tangles(text, &program.vocabulary)));
    let written = text.tokens.iter().filter(|t| t.is_word()).map(|t| print_of(t, source));
    put(const { plain("variety") }, of_words(distinct(written.collect()).len()));
    put(const { plain("repeated_share") }, of_words(repeated(text, source)));

    let mut clauses = Clauses::default();
    for clause in text.clauses.iter().filter(|c| c.verb.is_some()) {
        if clause.voice == Voice::Others {
            clauses.quotes += 1;
            continue;
        }
        clauses.all += 1;
        let deed = clause.is_deed(text);
        match clause.mood {
            Mood::Past => {
                clauses.past += 1;
                if deed {
                    clauses.deeds[actor_index(clause.actor)] += 1;
                }
            }
            Mood::Present => {
                clauses.present += 1;
                clauses.now += usize::from(deed && clause.actor == Actor::Speaker);
            }
            Mood::Habit => clauses.habit += 1,
            Mood::Hypothetical => clauses.hypothetical += 1,
            Mood::None => {}
        }
    }
    put(const { plain("clauses") }, clauses.all as f64);
    put(const { plain("deeds.speaker") }, clauses.deeds[0] as f64);
    put(const { plain("deeds.team") }, clauses.deeds[1] as f64);
    put(const { plain("deeds.other") }, clauses.deeds[2] as f64);
    put(const { plain("deeds.unknown") }, clauses.deeds[3] as f64);
    put(const { plain("now.speaker") }, clauses.now as f64);
    put(const { plain("past") }, clauses.past as f64);
    put(const { plain("present") }, clauses.present as f64);
    put(const { plain("habit") }, clauses.habit as f64);
    put(const { plain("hypothetical") }, clauses.hypothetical as f64);
    let of_clauses = |n: usize| 100.0 * n as f64 / clauses.all.max(1) as f64;
    put(const { plain("past_share") }, of_clauses(clauses.past));
    put(const { plain("present_share") }, of_clauses(clauses.present));
    put(const { plain("habit_share") }, of_clauses(clauses.habit));
    put(const { plain("hypothetical_share") }, of_clauses(clauses.hypothetical));
    put(const { plain("quotes") }, clauses.quotes as f64);

    if let Some(question) = question {
        let (tokens, _) = lex(question, &program.vocabulary);
        let asked = distinct(content_words(question, &tokens));
        let content = content_words(source, &text.tokens);
        let in_question = content.iter().filter(|w| asked.binary_search(w).is_ok()).count();
        let content_count = content.len();
        let shared = distinct(content).iter().filter(|w| asked.binary_search(w).is_ok()).count();
        put(const { plain("question_shared") }, shared as f64);
        put(const { plain("question_overlap") }, 100.0 * in_question as f64 / content_count.max(1) as f64);
    }
    debug_assert_eq!(facts.plain.len(), PLAIN.len());
}

#[derive(Default)]
struct Clauses {
    all: usize,
    past: usize,
    present: usize,
    habit: usize,
    hypothetical: usize,
    now: usize,
    quotes: usize,
    deeds: [usize; 4],
}

const fn actor_index(actor: Actor) -> usize {
    match actor {
        Actor::Speaker => 0,
        Actor::Team => 1,
        Actor::Other => 2,
        Actor::Unknown => 3,
    }
}

fn content_words(text: &str, tokens: &[Token]) -> Vec<u64> {
    let written = |t: &Token| &text[t.start as usize..t.end as usize];
    let content = tokens.iter().filter(|t| {
        t.is_word()
            && !t.is(Traits::COMMON.with(Traits::LIGHT).with(Traits::NUMBER))
            && written(t).chars().take(CONTENT_LETTERS).count() == CONTENT_LETTERS
    });
    content.map(|t| print_of(t, text)).collect()
}

/// Signs of code and of markup; prose has few of them.
const SIGNS: u128 = bits(b"[]{}|=<>~@\\_*#^");

/// A bit for each of some ASCII characters.
const fn bits(signs: &[u8]) -> u128 {
    let (mut bits, mut at) = (0, 0);
    while at < signs.len() {
        bits |= 1 << signs[at];
        at += 1;
    }
    bits
}

/// Words that cannot stand where they stand: one in a hundred at most in what people say and
/// write, four and more in shuffled words. A word said twice is a stutter and none.
fn tangles(text: &Text, vocabulary: &Vocabulary) -> usize {
    // A letter inside a sentence is a name, and no article: an A, blood group A, our A-level.
    let is_letter = |at: usize, token: &Token| {
        token.end - token.start == 1
            && token.mark.any(Mark::CAPITAL)
            && !token.is(Traits::SPEAKER)
            && !text.sentences.iter().any(|s| s.start == at)
    };
    let tangled = |(at, pair): &(usize, &[Token])| {
        pair[0].word != pair[1].word
            && vocabulary.tangles(pair[0].word, pair[1].word)
            && !(is_letter(*at, &pair[0]) || is_letter(at + 1, &pair[1]))
    };
    text.tokens.windows(2).enumerate().filter(tangled).count()
}

/// A number for some letters and digits, whatever their case; two texts have the same by a chance of
/// one in 2^64.
fn print(text: &str) -> u64 {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.fold(fnv::EMPTY, |hash, b| fnv::fnv(hash, &[b.to_ascii_lowercase()]));
    }
    let mut hash = fnv::EMPTY;
    let mut add = |c: char| hash = fnv::fnv(hash, c.encode_utf8(&mut [0; 4]).as_bytes());
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        if c.is_ascii() {
            add(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(&mut add);
        }
    }
    hash
}

/// The [`print()`] of a token's letters: the lexer made it, where there are only letters.
fn print_of(token: &Token, source: &str) -> u64 {
    if token.print == UNPRINTED { print(&source[token.start as usize..token.end as usize]) } else { token.print }
}

/// Sorted, each once.
fn distinct(mut prints: Vec<u64>) -> Vec<u64> {
    prints.sort_unstable();
    prints.dedup();
    prints
}

/// Words in sentences that stand in the answer already.
fn repeated(text: &Text, source: &str) -> usize {
    let mut seen: Vec<(u64, usize)> =
        text.sentences.iter().map(|s| (print(&source[text.bytes(s)]), text.words(s))).collect();
    seen.sort_unstable();
    seen.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[1].1).sum()
}

/// Counts what needs the sections.
#[allow(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
pub(super) fn count_sections(text: &Text, sections: &[Option<Section>], facts: &mut Facts) {
    facts.words = [0; 4];
    facts.sentences = [0; 4];
    let mut other = 0;
    let mut breaks = 0;
    let mut furthest: Option<Section> = None;
    for (sentence, section) in text.sentences.iter().zip(sections) {
        let words = text.words(sentence);
        match section {
            Some(s) => {
                facts.words[s.index()] += words;
                facts.sentences[s.index()] += 1;
                if furthest.is_some_and(|f| *s < f) {
                    breaks += 1;
                }
                furthest = Some(*s);
            }
            None => other += words,
        }
    }
    facts.plain[const { plain("other_share") }] = 100.0 * other as f64 / facts.plain[const { plain("words") }].max(1.0);
    facts.plain[const { plain("order_breaks") }] = f64::from(breaks);
}

/// Counts the behaviours that were found.
#[allow(clippy::cast_precision_loss, reason = "a handful")]
pub(super) fn count_behaviours(program: &Program, facts: &mut Facts) {
    let n = program.rules.iter().enumerate().filter(|(i, r)| r.family == Family::Behaviour && facts.fired[*i]).count();
    facts.plain[const { plain("behaviours") }] = n as f64;
    facts.plain[const { plain("words_per_behaviour") }] = facts.plain[const { plain("words") }] / n.max(1) as f64;
}

/// The plain counts of the public JSON.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they were counts before")]
pub(super) fn metrics(program: &Program, facts: &Facts) -> Metrics {
    let get = |at: usize| facts.plain[at] as usize;
    let words = get(const { plain("words") });
    Metrics {
        words,
        speaking_seconds: (words * 60 + program.words_per_minute as usize / 2)
            / program.words_per_minute.max(1) as usize,
        first_person_singular: get(const { plain("first_singular") }),
        first_person_plural: get(const { plain("first_plural") }),
        numbers: get(const { plain("numbers") }),
        fillers: get(const { plain("fillers") }),
    }
}

/// Whether a sentence ends at a full stop or a line, and not in the middle of a run-on one.
pub(super) fn ends_sentence(text: &Text, at: usize) -> bool {
    let end = text.sentences[at].end;
    let stop = text.tokens[end - 1].mark.any(Mark::STOP.with(Mark::QUOTE));
    stop || text.tokens.get(end).is_none_or(|t| t.mark.any(Mark::LINE))
}
