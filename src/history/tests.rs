//! The store, by its edges.

use super::store::FILE;
use super::transfer::{Counts, Imported, Layout, export, import};
use super::*;
use crate::assessment::{Kind, Section, Severity, Tenths};
use crate::words::{Place, Reply, Words};
use jiff::Timestamp;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// An assessment that fits any text.
fn assessment(score: f64, band: u8) -> String {
    format!(
        r#"{{"schema":"starcue.assessment/1","id":"x","question":null,"rubric":"behavioural","rubric_hash":"00ff","kind":"story","score":{score:.1},"band":{band},"sections":{{"situation":{{"level":2,"words":3,"evidence":[],"advice":""}},"result":{{"level":1,"words":2,"evidence":[],"advice":"Say more."}}}},"sentences":[],"behaviours":[],"motivations":[],"minefields":[{{"id":"no-resolution","severity":"serious","evidence":[],"absent":["result"],"advice":"End it."}},{{"id":"unstructured","severity":"mild","evidence":[{{"start":0,"end":2,"quote":"It","rule":"r"}},{{"start":1,"end":999,"quote":"?","rule":"r"}}],"advice":""}}],"metrics":{{"words":5}},"receipt":[{{"rule":"a","points":{score:.1}}}],"advice":[],"probes":[]}}"#
    )
}

/// An attempt with its own uid.
fn attempt(uid: &str, person: &str, at: &str, question: &str, score: f64, band: u8) -> Attempt {
    let mut words = Words::new(true);
    words.put(Place::Whole, "It broke: ü \"quoted\"\nand held.");
    words.replies.push(Reply { probe: "And then?".into(), text: "Nothing\u{1b}[2J more.".into() });
    let assessment = assessment(score, band);
    let read = assessment_of(&assessment, words.answer().text()).unwrap();
    Attempt {
        uid: uid.into(),
        person: person.into(),
        at: at.parse().unwrap(),
        topic: Topic {
            id: Some(question.into()),
            text: format!("Tell me about {question}."),
            theme: Some("Failure".into()),
        },
        mode: Mode::Spoken,
        seconds: Some(90),
        self_band: Some(3),
        parent: Some("the-one-before".into()),
        story: Some("story-1".into()),
        words,
        digest: Digest::of(&read),
        assessment,
    }
}

/// A story with a situation alone.
fn story(uid: &str, person: &str, title: &str, links: &[Link]) -> Story {
    let mut words = Words::new(false);
    words.put(Place::Section(Section::Situation), "In May the import broke.");
    let at = "2026-11-20T09:00:00Z".parse().unwrap();
    Story { uid: uid.into(), person: person.into(), at, changed: at, title: title.into(), words, links: links.to_vec() }
}

/// The minefield of [`assessment`] that comes from absence, set aside.
fn no_resolution(reason: &str) -> Dismissal {
    let first = &two_tidied()[0];
    let read = assessment_of(&first.assessment, first.words.answer().text()).unwrap();
    let words = dismissed_words(&read, "no-resolution", first.words.answer().text()).unwrap();
    Dismissal {
        finding: "no-resolution".into(),
        at: "2026-11-20T11:00:00Z".parse().unwrap(),
        reason: reason.into(),
        words,
    }
}

fn all(history: &History) -> Vec<Attempt> {
    let mut all = Vec::new();
    history
        .each(&Which::default(), &mut |_, a| {
            all.push(a);
            Ok(())
        })
        .unwrap();
    all
}

fn two() -> Vec<Attempt> {
    vec![
        attempt("a.0", "anna", "2026-11-20T10:00:00.123Z", "failure", 46.5, 2),
        attempt("b.0", "ben", "2026-11-21T10:00:00Z", "conflict", 80.0, 4),
    ]
}

#[test]
fn what_was_saved_comes_back_and_saving_twice_changes_nothing() {
    let mut history = History::in_memory();
    let first = history.record(&two()).unwrap();
    assert_eq!(first, [Recorded { id: 1, new: true }, Recorded { id: 2, new: true }]);
    assert_eq!(history.record(&two()[..1]).unwrap(), [Recorded { id: 1, new: false }]);
    let mut back = history.get(1).unwrap().unwrap();
    // What could steer a terminal does not come back.
    assert_eq!(back.words.replies[0].text, "Nothing more.");
    back.words.replies[0].text = "Nothing\u{1b}[2J more.".into();
    assert_eq!(back, two()[0]);
    assert_eq!(history.get(3).unwrap(), None);
    let entries = history.list(&Which::default()).unwrap();
    assert_eq!(entries.iter().map(|e| e.id).collect::<Vec<_>>(), [2, 1]);
    let d = &entries[1].digest;
    assert_eq!((d.kind, d.score, d.band, d.levels, d.words), (Kind::Story, Tenths(465), 2, [2, 0, 0, 1], 5));
    assert_eq!(
        d.minefields,
        [("no-resolution".to_owned(), Severity::Serious), ("unstructured".to_owned(), Severity::Mild)]
    );
}

#[test]
fn lists_are_cut_by_person_question_theme_and_number() {
    let mut history = History::in_memory();
    history.record(&two()).unwrap();
    let ids = |which: Which| -> Vec<i64> { history.list(&which).unwrap().iter().map(|e| e.id).collect() };
    assert_eq!(ids(Which { person: Some("anna".into()), ..Which::default() }), [1]);
    assert_eq!(ids(Which { question: Some("conflict".into()), ..Which::default() }), [2]);
    assert_eq!(ids(Which { theme: Some("Nothing".into()), ..Which::default() }), [0_i64; 0]);
    assert_eq!(ids(Which { limit: Some(1), ..Which::default() }), [2]);
    assert_eq!(history.people().unwrap(), [("anna".to_owned(), 1), ("ben".to_owned(), 1)]);
}

#[test]
fn the_attempt_before_is_the_one_revised_or_the_last_at_the_question() {
    let mut history = History::in_memory();
    let mut later = attempt("c.0", "anna", "2026-11-22T10:00:00Z", "failure", 50.0, 3);
    let mut revised = attempt("c.1", "anna", "2026-11-22T10:00:00Z", "failure", 60.0, 3);
    later.parent = None;
    revised.parent = Some("c.0".into());
    history.record(&two()).unwrap();
    history.record(&[later, revised]).unwrap();
    let before: Vec<Option<i64>> = (1..=4).map(|id| history.before(id).unwrap()).collect();
    assert_eq!(before, [None, None, Some(1), Some(3)]);
    assert_eq!(history.revisions("c.0").unwrap(), [4]);
    let latest = history.latest("anna").unwrap();
    assert_eq!((latest.len(), latest[0].band), (1, 3));
}

#[test]
fn an_export_comes_in_again_without_loss_in_both_layouts() {
    let mut history = History::in_memory();
    let mut attempts = two();
    attempts[1].topic.id = None;
    attempts.iter_mut().for_each(|a| a.words.replies[0].text = "Nothing more.".into());
    history.record(&attempts).unwrap();
    let story = story("story-1", "anna", "The import", &[Link::Theme("Failure".into())]);
    history.put_story(&story).unwrap();
    history.dismiss(1, &no_resolution("It did end.")).unwrap();
    for layout in [Layout::Json, Layout::Lines] {
        let mut out = Vec::new();
        assert_eq!(
            export(&history, &Which::default(), layout, &mut out).unwrap(),
            Counts { attempts: 2, stories: 1, mocks: 0 }
        );
        let text = String::from_utf8(out).unwrap();
        let mut other = History::in_memory();
        assert_eq!(
            import(&mut other, &text, None).unwrap(),
            Imported { new: Counts { attempts: 2, stories: 1, mocks: 0 }, known: Counts::default() }
        );
        assert_eq!(all(&other), attempts);
        assert_eq!(other.stories(None).unwrap(), [(1, story.clone())]);
        assert_eq!(other.dismissals(Some("anna")).unwrap()[0].dismissal, no_resolution("It did end."));
        assert_eq!(
            import(&mut other, &text, None).unwrap(),
            Imported { new: Counts::default(), known: Counts { attempts: 2, stories: 1, mocks: 0 } }
        );
        let mut again = Vec::new();
        export(&other, &Which::default(), layout, &mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), text);
        let mut coach = History::in_memory();
        import(&mut coach, &text, Some("candidate 7")).unwrap();
        assert!(all(&coach).iter().all(|a| a.person == "candidate 7"));
    }
}

#[test]
fn an_import_that_is_wrong_brings_nothing_and_says_where() {
    let mut out = Vec::new();
    let mut full = History::in_memory();
    full.record(&two()).unwrap();
    export(&full, &Which::default(), Layout::Lines, &mut out).unwrap();
    let good = String::from_utf8(out).unwrap();
    let mut history = History::in_memory();
    for (text, said) in [
        (good.replacen("\"band\":4", "\"band\":9", 2), "attempt 2: score 80 and band 9 are none"),
        (good[..good.len() - 9].to_owned(), "this is no JSON"),
        (good.replacen("attempt/1", "attempt/2", 1), "a later starcue"),
        ("[1]".to_owned(), "record 1 is none of"),
        (r#"{"schema":"starcue.assessment/1"}"#.to_owned(), "record 1 is none of"),
    ] {
        let error = import(&mut history, &text, None).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    assert!(all(&history).is_empty());
    assert_eq!(import(&mut history, "", None).unwrap(), Imported::default());
}

#[test]
fn deleted_attempts_leave_nothing_in_the_files_and_numbers_are_not_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = History::open(dir.path()).unwrap();
    let mut secret = two();
    secret[1].words.put(Place::Whole, "the-secret-word");
    history.record(&secret).unwrap();
    let holds = || {
        fs::read_dir(dir.path()).unwrap().any(|e| {
            let bytes = fs::read(e.unwrap().path()).unwrap();
            bytes.windows(15).any(|w| w == b"the-secret-word")
        })
    };
    assert!(holds());
    assert_eq!(history.delete(&[2, 7]).unwrap(), 1);
    assert!(!holds());
    assert_eq!(history.record(&secret[1..]).unwrap(), [Recorded { id: 3, new: true }]);
}

#[test]
#[cfg(unix)]
fn the_files_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("a/data");
    let mut history = History::open(&data).unwrap();
    history.record(&two()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_file_that_is_not_ours_is_left_alone_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for name in ["newer", "foreign", "broken", "empty"] {
        fs::create_dir(at(name)).unwrap();
    }
    drop(History::open(&at("newer")).unwrap());
    let set = |name: &str, sql: &str| Connection::open(at(name).join(FILE)).unwrap().execute_batch(sql).unwrap();
    set("newer", "PRAGMA user_version = 7");
    set("foreign", "CREATE TABLE bookmarks (url TEXT)");
    fs::write(at("broken").join(FILE), "no database at all, but some text of the user").unwrap();
    fs::write(at("empty").join(FILE), "").unwrap();
    let error = |name: &str| History::open(&at(name)).unwrap_err().to_string();
    assert!(error("newer").contains("written by a later starcue (format 7;"), "{}", error("newer"));
    assert!(error("foreign").contains("another program"), "{}", error("foreign"));
    assert!(error("broken").contains("is damaged"), "{}", error("broken"));
    assert!(fs::read_to_string(at("broken").join(FILE)).unwrap().starts_with("no database"));
    assert!(History::open(&at("empty")).is_ok(), "a file that was only just made");
    assert!(History::open_existing(&at("nowhere")).unwrap().is_none());
    assert!(!at("nowhere").exists());
    let error = History::open(&at("broken").join(FILE).join("data")).unwrap_err().to_string();
    assert!(error.contains("can't be opened"), "{error}");
}

#[test]
fn a_page_that_was_overwritten_is_told_when_it_is_met() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = History::open(dir.path()).unwrap();
    history.record(&two()).unwrap();
    drop(history);
    let mut bytes = fs::read(dir.path().join(FILE)).unwrap();
    bytes[4096..].fill(0xAB);
    fs::write(dir.path().join(FILE), bytes).unwrap();
    let result = History::open(dir.path()).and_then(|h| h.list(&Which::default()));
    assert!(matches!(result, Err(Error::Corrupt { .. })), "{result:?}");
}

#[test]
fn a_full_disk_saves_none_of_several_and_the_next_try_works() {
    let mut history = History::in_memory();
    history.limit_pages(1);
    let mut large = two();
    large[1].words.put(Place::Whole, &"word ".repeat(50_000));
    let error = history.record(&large).unwrap_err();
    assert!(matches!(error, Error::Full(_)), "{error}");
    assert!(history.list(&Which::default()).unwrap().is_empty());
    history.limit_pages(1_000_000);
    assert_eq!(history.record(&large).unwrap().len(), 2);
}

#[test]
fn several_writers_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let folder = dir.path();
            scope.spawn(move || {
                let mut history = History::open(folder).unwrap();
                for n in 0..25 {
                    let uid = format!("{writer}.{n}");
                    history.record(&[attempt(&uid, "anna", "2026-11-22T10:00:00Z", "failure", 50.0, 3)]).unwrap();
                }
            });
        }
    });
    let history = History::open(dir.path()).unwrap();
    assert_eq!(history.count(&Which::default()).unwrap(), 100);
    assert_eq!(all(&history).len(), 100);
}

#[test]
fn a_span_that_the_text_does_not_have_is_left_out() {
    let read = assessment_of(&assessment(50.0, 3), "It held.").unwrap();
    assert_eq!(read.minefields[1].evidence.len(), 1);
    assert!(assessment_of("{}", "").is_err());
}

#[test]
fn progress_counts_days_bands_sections_minefields_and_themes() {
    let mut history = History::in_memory();
    let days = ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-19", "2026-11-20", "2026-11-21"];
    let attempts = days.iter().enumerate().map(|(i, day)| {
        let mut a = attempt(&i.to_string(), "anna", &format!("{day}T10:00:00Z"), "failure", 50.0, 3);
        if i > 0 {
            a.digest.minefields.remove(0);
            a.digest.band = 4;
        }
        a
    });
    history.record(&attempts.collect::<Vec<_>>()).unwrap();
    let entries = history.list(&Which::default()).unwrap();
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    let p = progress::progress(&entries, now, &jiff::tz::TimeZone::UTC).unwrap();
    assert_eq!((p.attempts, p.questions, p.days, p.streak, p.longest), (6, 1, 6, 3, 3));
    assert_eq!(p.unit, progress::Stretch::Day);
    assert_eq!(
        (p.bands.len(), p.bands[0].mean(), p.bands[3].mean(), p.bands[11].mean()),
        (12, Some(30), None, Some(40))
    );
    assert_eq!((p.sections[0], p.sections_before.unwrap()[3]), ([0, 0, 5], [0, 1, 0]));
    assert_eq!(p.hit, [("unstructured".to_owned(), Severity::Mild, 5)]);
    assert_eq!(p.cleared, [("no-resolution".to_owned(), Severity::Serious, 1)]);
    assert_eq!(p.themes, [("Failure".to_owned(), 6, 4)]);
    assert_eq!(p.judged, Some((6, -8)));
    let later: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    assert_eq!(progress::progress(&entries, later, &jiff::tz::TimeZone::UTC).unwrap().streak, 0);
    assert!(progress::progress(&[], now, &jiff::tz::TimeZone::UTC).is_none());
}

#[test]
fn a_story_is_changed_linked_and_deleted_for_good() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = History::open(dir.path()).unwrap();
    let theme = Link::Theme("Failure".into());
    let mut first = story("s-1", "anna", "The import", &[Link::Question("failure".into()), theme.clone()]);
    assert_eq!(history.put_story(&first).unwrap(), 1);
    assert_eq!(history.put_story(&story("s-2", "ben", "The deadline", &[])).unwrap(), 2);
    first.words.put(Place::Section(Section::Result), "the-secret-word");
    first.links = vec![theme];
    assert_eq!(history.put_story(&first).unwrap(), 1, "it is the same story");
    assert_eq!(history.stories(Some("anna")).unwrap(), [(1, first.clone())]);
    assert_eq!(history.stories(None).unwrap().len(), 2);
    assert_eq!(history.delete_stories(&[1, 9]).unwrap(), 1);
    assert_eq!(history.story(1).unwrap(), None);
    let holds = fs::read_dir(dir.path()).unwrap().any(|e| {
        let bytes = fs::read(e.unwrap().path()).unwrap();
        bytes.windows(15).any(|w| w == b"the-secret-word")
    });
    assert!(!holds);
}

#[test]
fn an_import_takes_the_newer_form_of_a_story() {
    let mut old = History::in_memory();
    old.put_story(&story("s-1", "anna", "The import", &[])).unwrap();
    let mut newer = story("s-1", "anna", "The import that failed", &[]);
    newer.changed = "2026-11-21T09:00:00Z".parse().unwrap();
    let mut other = History::in_memory();
    other.put_story(&newer).unwrap();
    let text = |history: &History| {
        let mut out = Vec::new();
        export(history, &Which::default(), Layout::Json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    import(&mut other, &text(&old), None).unwrap();
    assert_eq!(other.stories(None).unwrap()[0].1.title, "The import that failed");
    import(&mut old, &text(&other), None).unwrap();
    assert_eq!(old.stories(None).unwrap()[0].1.title, "The import that failed");
}

#[test]
fn coverage_counts_links_and_what_was_told_and_names_holes() {
    use crate::practice::script_question as question;
    let bank =
        [question("failure", "?", "Failure"), question("conflict", "?", "Team Work"), question("x", "?", "Ethics")];
    let told = Link::Question("conflict".into());
    let stories = [(4, story("story-1", "anna", "The import", &[])), (7, story("s-2", "anna", "The row", &[told]))];
    let mut history = History::in_memory();
    history.record(&two()).unwrap();
    let rows = coverage::coverage(&stories, &history.list(&Which::default()).unwrap(), &bank);
    let cover = |story, band| coverage::Cover { story, band };
    let covers: Vec<_> = rows.iter().map(|r| (r.theme.as_str(), r.covers.clone())).collect();
    assert_eq!(
        covers,
        [("Failure", vec![cover(0, Some(4))]), ("Team Work", vec![cover(1, None)]), ("Ethics", Vec::new())]
    );
}

#[test]
fn a_history_of_the_first_version_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    schema::first_version(&dir.path().join(FILE));
    let mut history = History::open(dir.path()).unwrap();
    history.record(&two()).unwrap();
    history.put_story(&story("s-1", "anna", "The import", &[])).unwrap();
    assert_eq!((all(&history), history.stories(None).unwrap().len()), (two_tidied(), 1));
}

/// [`two`] as it comes back: without what could steer a terminal.
fn two_tidied() -> Vec<Attempt> {
    let mut two = two();
    two.iter_mut().for_each(|a| a.words.replies[0].text = "Nothing more.".into());
    two
}

#[test]
fn a_dismissal_covers_the_same_words_and_goes_with_its_attempt() {
    let mut history = History::in_memory();
    let mut other = attempt("a.1", "anna", "2026-11-22T10:00:00Z", "failure", 46.5, 2);
    other.words.replies[0].text = "Something else.".into();
    history.record(&two()).unwrap();
    history.record(&[other]).unwrap();
    let dismissal = no_resolution("It did end.");
    history.dismiss(1, &dismissal).unwrap();
    history.dismiss(1, &Dismissal { reason: "It ended.".into(), ..dismissal.clone() }).unwrap();
    let placed = history.dismissals(Some("anna")).unwrap();
    assert_eq!((placed.len(), placed[0].dismissal.reason.as_str()), (1, "It ended."));
    assert!(history.dismissals(Some("ben")).unwrap().is_empty(), "it is hers alone");
    let covered = |history: &History, id: i64| {
        let attempt = history.get(id).unwrap().unwrap();
        let answer = attempt.words.answer();
        let read = assessment_of(&attempt.assessment, answer.text()).unwrap();
        let dismissed = Dismissed::new(history.dismissals(Some("anna")).unwrap());
        let all = dismissed.all(&read, answer.text(), id);
        all.into_iter().map(|(finding, p)| (finding.to_owned(), p.note(id))).collect::<Vec<_>>()
    };
    let no_resolution = |note: &str| vec![("no-resolution".to_owned(), note.to_owned())];
    assert_eq!(covered(&history, 1), no_resolution("dismissed: It ended."));
    assert_eq!(covered(&history, 2), no_resolution("dismissed in attempt 1: It ended."), "the same text");
    assert_eq!(covered(&history, 3), [], "another text lacks it anew");
    // By words: `It` at the start of both.
    let words = vec!["it".to_owned()];
    history.dismiss(1, &Dismissal { finding: "unstructured".into(), words, ..dismissal }).unwrap();
    assert_eq!(covered(&history, 3)[0].0, "unstructured");
    assert!(history.restore(1, "unstructured").unwrap() && !history.restore(1, "unstructured").unwrap());
    history.delete(&[1]).unwrap();
    assert!(history.dismissals(None).unwrap().is_empty());
}
