//! What each target does with its input: run by the fuzzer, and by `tests/fuzz.rs` over the corpus.

use starcue::check::{FileKind, check_text_beside, find_phrase};
use starcue::{Answer, Asked, Library, Rubric, assess};
use std::sync::{Arc, OnceLock};

/// A file of content: the first byte chooses its kind.
pub fn loader(data: &[u8]) {
    let Some((kind, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let kind = FileKind::ALL[usize::from(*kind) % FileKind::ALL.len()];
    // To read all of English took most of the time of a run.
    static LANGUAGE: OnceLock<String> = OnceLock::new();
    let spanish = include_str!("../examples/packs/atencion/rubrics/language/es.toml");
    let language = LANGUAGE.get_or_init(|| spanish.replacen("id = \"es\"", "id = \"en\"", 1));
    let report = check_text_beside(kind, text, language);
    for finding in &report.findings {
        if let (Some(span), Some(file)) = (&finding.span, report.texts.get(&finding.file)) {
            assert!(file.get(span.clone()).is_some(), "{}: {span:?} is no part of the text", finding.code.id);
        }
    }
}

/// The first line is a phrase of the rule language, what follows is a text.
pub fn phrases(data: &[u8]) {
    let Ok(input) = std::str::from_utf8(data) else { return };
    let (phrase, text) = input.split_once('\n').unwrap_or((input, "I let her finish."));
    if let Ok(found) = find_phrase(phrase, text) {
        for span in found {
            assert!(!text[span].is_empty());
        }
    }
}

/// An answer, judged by the largest rubric.
pub fn answers(data: &[u8]) {
    static RUBRIC: OnceLock<Arc<Rubric>> = OnceLock::new();
    let rubric = RUBRIC.get_or_init(|| {
        let library = Library::builtin().expect("it is tested");
        library.rubric("customer-escalation").expect("it is tested")
    });
    let Ok(text) = std::str::from_utf8(data) else { return };
    let a = assess(rubric, Asked::default(), &Answer::whole(text));
    assert!((1..=5).contains(&a.band));
    for span in &a.sentences {
        assert!(text.get(span.start..span.end).is_some());
    }
}
