//! English as the engine hears it: who acts in a clause, and whether it happened.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use starcue::{Answer, Asked, Library, assess, trace};

/// Actor and mood of the clause that holds these words.
fn heard(text: &str, words: &str) -> (&'static str, &'static str) {
    let library = Library::builtin().unwrap();
    let rubric = library.rubric("behavioural").unwrap();
    let seen = trace(&rubric, Asked::default(), &Answer::whole(text));
    let mut clauses = seen.sentences.iter().flat_map(|s| &s.clauses);
    let clause = clauses.find(|c| c.text.contains(words)).unwrap();
    (clause.actor, clause.mood)
}

#[test]
fn a_short_d_is_had_before_been_and_would_before_have() {
    assert_eq!(heard("I'd been to see how the club does it.", "been"), ("speaker", "past"));
    assert_eq!(heard("I'd rung the club before that.", "rung"), ("speaker", "past"));
    assert_eq!(heard("I'd had a call from them.", "had"), ("speaker", "past"));
    assert_eq!(heard("I'd done a test with a probe.", "done"), ("speaker", "past"));
    assert_eq!(heard("Which I'd got my manager to sign off.", "got"), ("speaker", "past"));
    assert_eq!(heard("And I'd wrote down what he said.", "wrote"), ("speaker", "past"));
    assert_eq!(heard("I'd have been there at nine.", "been"), ("speaker", "hypothetical"));
    assert_eq!(heard("I'd ring the club first.", "ring"), ("speaker", "hypothetical"));
}

#[test]
fn what_follows_a_heading_in_notes_is_the_speakers() {
    assert_eq!(heard("Steps: pulled all invoices; found the old price list.", "pulled"), ("speaker", "past"));
    assert_eq!(heard("Steps: pulled all invoices; found the old price list.", "found"), ("speaker", "past"));
    // With a subject it is no heading.
    assert_eq!(heard("He asked: did you call?", "did you"), ("other", "past"));
}

#[test]
fn a_clause_that_only_tells_which_thing_leaves_the_next_verb_to_the_speaker() {
    assert_eq!(heard("I rang the two specialists we use, found one and booked him.", "found"), ("speaker", "past"));
    assert_eq!(heard("I took every number we had and drove it over.", "drove"), ("speaker", "past"));
}

#[test]
fn what_nobody_is_named_for_is_the_speakers_where_it_is_denied_too() {
    assert_eq!(heard("The lady thanked me. Haven't been near it since.", "been"), ("speaker", "past"));
    assert_eq!(heard("The lady thanked me. Never checked the fuse again.", "checked"), ("speaker", "past"));
    assert_eq!(heard("I meant to write it up but never got round to it.", "got round"), ("speaker", "past"));
    assert_eq!(heard("I couldn't be bothered to tell them.", "bothered").0, "speaker");
    assert_eq!(heard("I asked the guests. None came.", "came").0, "unknown");
    assert_eq!(heard("I asked the guests. Nobody came.", "came").0, "other");
}

#[test]
fn what_cannot_follow_could_goes_back_to_who_acts() {
    assert_eq!(heard("I looked for what we could honestly do and found two finished jobs.", "found").0, "speaker");
    assert_eq!(heard("I stayed until she could breathe again and wrote it down.", "wrote").0, "speaker");
    assert_eq!(
        heard("I phoned both before they could read it, explained it and offered a date.", "explained").0,
        "speaker"
    );
    assert_eq!(heard("He said he could come and brought the part.", "brought").0, "other");
}

#[test]
fn a_letter_inside_a_sentence_is_no_article() {
    let library = Library::builtin().unwrap();
    let rubric = library.rubric("behavioural").unwrap();
    let story = "In our A-level drama group I was to direct a short play, and two of us stopped coming three weeks \
                 before the night. I rang both and asked what was wrong. One had work on Tuesdays, so I moved us to \
                 Thursday, and I gave the other a part with fewer lines. Our A team and the B team took turns with \
                 the lights. We played twice to a full hall, got an A, and the A of the year before was only for \
                 the stage. I kept my A in a frame.";
    let kind = |text: &str| assess(&rubric, Asked::default(), &Answer::whole(text)).kind.id();
    assert_eq!(kind(story), "story");
    // In small letters the same words are out of order.
    assert_eq!(kind(&story.to_lowercase()), "not-an-answer");
}

#[test]
fn a_deed_goes_back_from_what_was_noticed_to_who_noticed_it() {
    assert_eq!(heard("I noticed he was getting angry and lowered my voice.", "lowered").0, "speaker");
    assert_eq!(heard("I asked what she needed and wrote it down.", "wrote").0, "speaker");
    assert_eq!(heard("I made sure the client knew the date and sent a summary.", "sent").0, "speaker");
    // What is done to the speaker is not the speaker's, nor what somebody else asks for.
    assert_eq!(heard("I noticed he was upset and shouted at me.", "shouted").0, "other");
    assert_eq!(heard("My manager told me the budget was gone and asked for ideas.", "asked").0, "other");
    // Behind a clause that tells which thing is meant it goes on, too.
    assert_eq!(heard("I read the records, which nobody had touched, and found the error.", "found").0, "speaker");
}

#[test]
fn a_note_may_open_with_a_few_words_and_a_comma() {
    assert_eq!(heard("Step two, called the bank and froze the card.", "called").0, "speaker");
    assert_eq!(heard("With her agreement, moved the meeting.", "moved").0, "speaker");
    assert_eq!(heard("First thing, rang the client.", "rang").0, "speaker");
    assert_ne!(heard("The second call, made at noon, helped.", "made").0, "speaker");
    assert_ne!(heard("Parcels, sent by mistake, came back.", "sent").0, "speaker");
}

#[test]
fn a_condition_needs_no_if() {
    assert_eq!(heard("Had I asked him earlier, we would have finished.", "I asked").1, "hypothetical");
    assert_eq!(heard("Had he told me, I would have moved the date.", "he told").1, "hypothetical");
    // "Had" with nobody behind it is a note.
    assert_eq!(heard("Had a call from the bank and I would not wait.", "Had a call").1, "past");
}
