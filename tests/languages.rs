//! Another language by content alone: a pack in Spanish, and the same program.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use starcue::check::{Level, check};
use starcue::{Answer, Asked, Library, Rubric, Section, assess, trace};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/packs/atencion")
}

fn rubric() -> Arc<Rubric> {
    Library::open(Some(&pack())).unwrap().rubric("atencion").unwrap()
}

const STORY: &str = "En mayo llamó un cliente furioso, porque su pedido no llegaba. Mi tarea era calmarlo y encontrar el \
    paquete. Lo escuché y le pedí disculpas. Después llamé al almacén y le ofrecí un envío urgente. Al final recibió todo en dos \
    días y dio las gracias.";

#[test]
fn the_pack_passes_the_check_with_nothing_to_mend() {
    let report = check(&[pack()]);
    let graver: Vec<_> = report.findings.iter().filter(|f| f.level() > Level::Note).collect();
    assert!(graver.is_empty() && report.rules > 5 && report.examples > 20, "{graver:#?}");
}

#[test]
fn the_form_of_a_verb_says_who_acts_where_no_subject_stands() {
    let rubric = rubric();
    let actor = |text: &str| {
        let seen = trace(&rubric, Asked::default(), &Answer::whole(text));
        (seen.sentences[0].clauses[0].actor, seen.sentences[0].clauses[0].mood)
    };
    assert_eq!(actor("Llamé al almacén."), ("speaker", "past"));
    assert_eq!(actor("Llamó al almacén."), ("other", "past"));
    assert_eq!(actor("Llamamos al almacén."), ("team", "past"));
    assert_eq!(actor("El técnico llamó al almacén."), ("other", "past"));
    assert_eq!(actor("Yo llamaría al almacén."), ("speaker", "hypothetical"));
}

#[test]
fn sentences_find_their_sections_and_findings_their_words() {
    let rubric = rubric();
    let a = assess(&rubric, Asked::default(), &Answer::whole(STORY));
    let sections: Vec<Option<Section>> = a.sentences.iter().map(|s| s.section).collect();
    assert_eq!(sections[0], Some(Section::Situation));
    assert_eq!(sections[1], Some(Section::Task));
    assert!(sections[2..4].iter().all(|s| *s == Some(Section::Action)), "{sections:?}");
    assert_eq!(sections[4], Some(Section::Result));
    let found: Vec<&str> = a.behaviours.iter().map(|b| &*b.id).collect();
    assert_eq!(found, ["escucha", "se-disculpa", "ofrece-opciones"]);
    assert_eq!(a.behaviours[1].evidence[0].quote(STORY), "pedí disculpas");
    assert!(a.motivations.iter().any(|m| &*m.id == "empatia") && a.minefields.is_empty() && a.band >= 4, "{a:#?}");
}

#[test]
fn what_is_denied_or_would_be_does_not_count() {
    let rubric = rubric();
    for text in
        ["No escuché a nadie.", "Yo escucharía al cliente.", "Mi jefe escuchó al cliente.", "Nunca pedí disculpas."]
    {
        let a = assess(&rubric, Asked::default(), &Answer::whole(&format!("{STORY} {text}")));
        let quotes: Vec<&str> = a
            .behaviours
            .iter()
            .flat_map(|b| &b.evidence)
            .map(|e| e.start)
            .filter(|s| *s >= STORY.len())
            .map(|_| text)
            .collect();
        assert!(quotes.is_empty(), "{text}");
    }
}
