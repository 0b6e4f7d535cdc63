//! What holds for any input at all: no panic, real spans, points that sum, phrases where a regular
//! expression finds them.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod common;
#[path = "../benches/corpus/mod.rs"]
mod corpus;

use proptest::prelude::*;
use regex::Regex;
use starcue::{Answer, Asked, Library, Rubric, assess};
use std::sync::{Arc, LazyLock};

static RUBRICS: LazyLock<Vec<Arc<Rubric>>> = LazyLock::new(|| {
    let library = Library::builtin().unwrap();
    library.rubric_ids().map(|id| library.rubric(id).unwrap()).collect()
});

fn holds(answer: &Answer, question: Option<&str>) {
    for rubric in RUBRICS.iter() {
        let asked = question.map(Asked::text).unwrap_or_default();
        let assessment = assess(rubric, asked, answer);
        if let Some(fault) = common::fault(answer, &assessment) {
            panic!("{}: {fault}\nin {:?}", rubric.id, answer.text());
        }
        assert_eq!(assessment, assess(rubric, asked, answer), "the same input gives the same assessment");
    }
}

/// Pieces that answers are made of, and pieces that break programs.
fn piece() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "I",
        "we",
        "she",
        "my manager",
        "the customer",
        "called",
        "let her finish",
        "asked him what",
        "was",
        "would",
        "not",
        "didn't",
        "didn\u{2019}t",
        "don't",
        "n't",
        "I'd",
        "couldn't've",
        "never",
        "and",
        "but",
        "so",
        "because",
        "if",
        "when",
        "last year",
        "in 2019",
        "$40",
        "40%",
        "£1,200",
        "3:30",
        "12.5",
        "1st",
        "two",
        "um",
        "uh",
        "like",
        "you know",
        "e.g.",
        "Mr.",
        "a.m.",
        "sorry",
        "as a result",
        "I learned",
        "follow-up",
        "well-",
        "--",
        "wi-fi",
        "node.js",
        "done.Then",
        "gonna",
        "dont",
        "organised",
        "ORGANIZED",
        "the the the",
    ]);
    let marks = prop::sample::select(vec![
        ". ",
        ", ",
        "; ",
        ": ",
        "! ",
        "?",
        "…",
        "...",
        "?!",
        "\"",
        "\u{201c}",
        "\u{201d}",
        "'",
        "\u{2018}",
        "(",
        ")",
        "[",
        " - ",
        " — ",
        "/",
        "|",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "\n- ",
        "\n* ",
        "\n1. ",
        "#",
        ">",
        "\u{a0}",
        "\u{200b}",
        "\u{feff}",
        "\u{2028}",
        "\0",
        "\u{7}",
        "\u{1b}[31m",
        "**",
        "`",
        "~",
        "@",
        "%",
        "&",
        "_",
        "<b>",
        "{0,3}",
    ]);
    let odd = prop::sample::select(vec![
        "café",
        "cafe\u{301}",
        "naïve",
        "Straße",
        "İstanbul",
        "ſure",
        "\u{212a}",
        "ﬁne",
        "日本語",
        "привет",
        "مرحبا",
        "👩‍💻",
        "🇫🇷",
        "\u{301}",
        "½",
        "²",
        "١٢",
        "Ⅳ",
        "𝒳",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ]);
    prop_oneof![
        8 => words.prop_map(|w| format!("{w} ")),
        4 => marks.prop_map(str::to_owned),
        2 => odd.prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-zA-Z']{1,12}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_assessed(text in text(), question in proptest::option::of(text())) {
        holds(&Answer::whole(&text), question.as_deref());
    }

    #[test]
    fn any_four_sections_and_a_reply_are_assessed(parts in [text(), text(), text(), text()], reply in text()) {
        let sections = parts.each_ref().map(String::as_str);
        holds(&Answer::sectioned(sections).with_reply(&reply), None);
    }

    #[test]
    fn any_string_is_assessed(text in any::<String>()) {
        holds(&Answer::whole(&text), None);
    }
}

#[test]
fn extreme_texts_are_assessed() {
    let cases = [
        String::new(),
        " \n\t ".to_owned(),
        "\u{feff}".to_owned(),
        "\u{feff}\u{feff}I did.".to_owned(),
        ".".repeat(5_000),
        "?!,;:".repeat(2_000),
        "\"".repeat(2_001),
        "(".repeat(3_000),
        "'".repeat(3_000),
        "-".repeat(3_000),
        "\n".repeat(5_000),
        "- \n".repeat(2_000),
        "a".repeat(100_000),
        "É".repeat(50_000),
        "n't ".repeat(3_000),
        "I ".repeat(5_000),
        "not ".repeat(5_000),
        "and ".repeat(5_000),
        "I called her and ".repeat(2_000),
        "let let let her her her finish finish ".repeat(500),
        "9".repeat(20_000),
        "1,".repeat(10_000),
        "$".repeat(5_000),
        "\0".repeat(5_000),
        "👩‍💻".repeat(2_000),
        "\u{301}".repeat(5_000),
        "don't".repeat(3_000),
        "x'y'".repeat(3_000),
        "a-b-".repeat(3_000),
        "I called. ".repeat(5_000),
    ];
    for text in &cases {
        holds(&Answer::whole(text), Some("Tell me about a time you called somebody."));
    }
}

#[test]
fn generated_answers_are_assessed() {
    for g in corpus::answers(300, corpus::SEED) {
        holds(&Answer::whole(&g.answer), Some(&g.question));
    }
}

/// Phrases of two and three words that come up in the generated answers.
const PHRASES: [&str; 24] = [
    "i learned that",
    "my manager",
    "as a result",
    "in the end",
    "the outcome was",
    "the root",
    "my task was",
    "we were always",
    "on time",
    "looking back",
    "a small prototype",
    "the rollback plan",
    "of the",
    "and we",
    "if i had",
    "to do it",
    "a lot of",
    "who",
    "the",
    "listened first",
    "three options compared",
    "i was not",
    "at that time",
    "e mail",
];

/// A language without light words, contractions and spellings: phrases are nothing but words.
const LANGUAGE: &str = r#"
schema = 1
id = "plain"
title = "Plain"
verbs = { doubling = [], irregular = [], regular = [] }
words = {}
negation = { triggers = [], pseudo = [] }
"#;

#[test]
fn a_phrase_is_found_where_a_regular_expression_finds_it_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let rubrics = folder.path().join("rubrics");
    std::fs::create_dir_all(rubrics.join("language")).unwrap();
    std::fs::write(rubrics.join("language/plain.toml"), LANGUAGE).unwrap();
    let drill = include_str!("cli/content/rubrics/drill.toml");
    // The drill without its rules: the bands, sections and kinds stay.
    let frame = drill.split("[[behaviour]]").next().unwrap().replace("language = \"en\"", "language = \"plain\"");
    let mut rubric = frame.replace("id = \"drill\"", "id = \"phrases\"");
    for (n, phrase) in PHRASES.iter().enumerate() {
        rubric.push_str(&format!(
            "[[behaviour]]\nid = \"p{n:02}\"\nactor = [\"any\"]\nmood = [\"any\"]\npolarity = \"any\"\nvoice = \"any\"\ncues = [{phrase:?}]\n"
        ));
    }
    std::fs::write(rubrics.join("phrases.toml"), rubric).unwrap();
    let library = Library::open(Some(folder.path())).unwrap();
    let rubric = library.rubric("phrases").unwrap();
    let expressions: Vec<Regex> = PHRASES
        .iter()
        .map(|phrase| {
            // Between two words: blanks, one line break, one hyphen inside a word, or a comma.
            let between = r"(?:[ ,]*(?:\r?\n)?[ ,]*|-)";
            Regex::new(&format!(r"(?i)\b{}\b", phrase.replace(' ', between))).unwrap()
        })
        .collect();
    let mut compared = 0;
    for g in corpus::answers(1_000, 11) {
        let answer = Answer::whole(&g.answer);
        let a = assess(&rubric, Asked::default(), &answer);
        for (n, (phrase, expression)) in PHRASES.iter().zip(&expressions).enumerate() {
            let id = format!("p{n:02}");
            let found: Vec<&str> = a
                .behaviours
                .iter()
                .filter(|b| *b.id == id)
                .flat_map(|b| b.evidence.iter().map(|e| e.quote(answer.text())))
                .collect();
            let wanted: Vec<&str> = expression.find_iter(answer.text()).map(|m| m.as_str()).collect();
            // A phrase never crosses the end of a sentence, or the cut of a run-on one: there a
            // regular expression sees more.
            if a.sentences.iter().all(|s| s.end - s.start < 140) {
                assert_eq!(found, wanted, "`{phrase}` in {:?}", answer.text());
                compared += wanted.len();
            } else {
                assert!(found.iter().all(|f| expression.is_match(f)), "`{phrase}` in {:?}", answer.text());
            }
        }
    }
    assert!(compared > 3_000, "only {compared} hits were compared");
}
