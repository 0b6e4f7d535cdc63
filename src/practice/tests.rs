//! Whole rehearsals, by script.

use super::script::{Act, Script, WordCount, question};
use super::*;
use crate::history::{Attempt, Dismissal, Error, Fixed, History, Latest, Link, Mode, Placed, Recorded, Story, Which};
use past::Journal;
use prompter::Then::{Back, Edit as Editor, Next, Quit, Skip};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

fn questions() -> Vec<Question> {
    vec![
        question("failure", "Tell me about a failure.", "Failure"),
        question("conflict", "Tell me about a conflict.", "Team Work"),
    ]
}

fn plan(pick: Pick) -> Plan {
    Plan { pick, filter: Filter::default(), rubric: None, story: None, options: Options::default(), named: false }
}

fn failure() -> Plan {
    plan(Pick::Id("failure".into()))
}

/// Noon of the day on which all this happens.
const NOW: &str = "2026-11-22T12:00:00Z";

fn history(data: &Path) -> History {
    History::open(data).unwrap()
}

/// The attempts in a data folder, oldest first.
fn kept(data: &Path) -> Vec<Attempt> {
    let mut kept = Vec::new();
    history(data)
        .each(&Which::default(), &mut |_, a| {
            kept.push(a);
            Ok(())
        })
        .unwrap();
    kept
}

/// Plays a script; what was seen and how it ended.
fn play(data: Option<&Path>, plan: Plan, acts: Vec<Act>) -> (String, Result<(), Failure>) {
    let journal = data.map(|data| History::open(data).map(|h| Box::new(h) as Box<dyn Journal>));
    play_with(data, journal, plan, acts)
}

/// The same with a journal of the test's own.
fn play_with(
    data: Option<&Path>,
    journal: Option<Result<Box<dyn Journal>, Error>>,
    plan: Plan,
    acts: Vec<Act>,
) -> (String, Result<(), Failure>) {
    play_at(NOW, data, journal, plan, acts)
}

/// The same at another time.
fn play_at(
    now: &str,
    data: Option<&Path>,
    journal: Option<Result<Box<dyn Journal>, Error>>,
    plan: Plan,
    acts: Vec<Act>,
) -> (String, Result<(), Failure>) {
    let clock = Box::new(Fixed(now.parse().unwrap()));
    let mut past = Past { journal, person: "anna".into(), clock };
    let spare = std::env::temp_dir();
    let mut store = Store::new(data.map(Path::to_path_buf), spare);
    let questions = questions();
    let judge = |rubric: &str, _: Option<&Question>, _: &str| -> Result<Box<dyn Judge>, String> {
        if rubric == "behavioural" { Ok(Box::new(WordCount)) } else { Err(format!("there is no rubric `{rubric}`")) }
    };
    let coach = Coach { questions: &questions, judge: &judge };
    let mut script = Script::new(acts);
    let result = practise(&mut script, &mut store, &mut past, &coach, plan);
    script.assert_played();
    (script.seen, result)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    files
}

fn whole_answer() -> Vec<Act> {
    vec![
        Act::Type("In May the import broke.", Next),
        Act::Type("I had one day.", Next),
        Act::Type("I rolled it back.", Next),
        Act::Type("Nothing was lost.", Next),
    ]
}

#[test]
fn an_answer_section_by_section_is_assessed_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.push(Act::Choose("sample answer"));
    acts.push(Act::Choose("Done"));
    let (seen, result) = play(Some(dir.path()), failure(), acts);
    assert!(result.is_ok());
    for text in [
        "Tell me about a failure.",
        "Engineer: Builds things.",
        "Title of ownership: Do you own it?",
        "Title of no-resolution: Say how[2J it ended.",
        "Task (2 of 4)\n  The purpose of the task.",
        "<16.0 of 100 for \"In May the import broke.\\n\\nI had one day.\\n\\nI rolled it back.\\n\\nNothing was lost.\">",
        "Why it works\n  It is honest.",
    ] {
        assert!(seen.contains(text), "no {text:?} in:\n{seen}");
    }
    assert!(!seen.contains('\u{1b}'));
    assert_eq!(files(&dir.path().join("drafts")), Vec::<PathBuf>::new());
    assert!(seen.contains("kept in history. See it again: starcue history show 1\n"), "{seen}");
    let kept = kept(dir.path());
    assert_eq!(kept.len(), 1);
    assert!(kept[0].words.to_text().contains("I rolled it back."));
    assert_eq!((kept[0].person.as_str(), kept[0].topic.theme.as_deref()), ("anna", Some("Failure")));
    assert_eq!((kept[0].at.to_string().as_str(), kept[0].digest.score.points()), (NOW, 16.0));
}

#[test]
fn cold_shows_the_question_alone() {
    let mut cold = failure();
    cold.options.cold = true;
    let (seen, _) = play(None, cold, vec![Act::Type("", Quit)]);
    assert!(seen.contains("Tell me about a failure.") && !seen.contains("Do you own it?"));
}

#[test]
fn back_returns_with_the_text_and_skip_leaves_a_gap() {
    let acts = vec![
        Act::Type("It broke.", Next),
        Act::Type("I had", Back),
        Act::Type("It broke twice.", Next),
        Act::Accept,
        Act::Type("", Skip),
        Act::Type("It held.", Next),
        Act::Choose("Done"),
    ];
    let (seen, _) = play(None, failure(), acts);
    assert!(seen.contains("[Situation: \"It broke.\"]"), "{seen}");
    assert!(seen.contains("[Task: \"I had\"]"), "{seen}");
    assert!(seen.contains("for \"It broke twice.\\n\\nI had\\n\\nIt held.\""), "{seen}");
}

#[test]
fn ctrl_c_keeps_the_half_line_and_it_is_offered_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let acts = vec![Act::Type("It broke.", Next), Act::TypeAndInterrupt("I had one d")];
    let (seen, result) = play(Some(dir.path()), failure(), acts);
    assert!(matches!(result, Err(Failure::Stopped(Stop::Interrupted))));
    assert!(
        seen.contains("Your text is kept in ") && seen.contains("Go on with: starcue practice --resume\n"),
        "{seen}"
    );

    let acts = vec![
        Act::Choose("Go on"),
        Act::Type("I had one day.", Next),
        Act::Type("I rolled it back.", Next),
        Act::Type("", Next),
        Act::Choose("Done"),
    ];
    let (seen, result) = play(Some(dir.path()), failure(), acts);
    assert!(result.is_ok());
    assert!(seen.contains("unfinished answer to this question: 6 words, saved just now"), "{seen}");
    assert!(seen.contains("[Task: \"I had one d\"]"), "it goes on where it stopped: {seen}");
    assert!(seen.contains("for \"It broke.\\n\\nI had one day.\\n\\nI rolled it back.\""), "{seen}");
    assert!(files(&dir.path().join("drafts")).is_empty());
}

#[test]
fn a_killed_process_leaves_what_was_typed_at_every_prompt() {
    for at in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let mut acts = whole_answer();
        let last = if at < 4 {
            acts.truncate(at);
            "the last words"
        } else {
            acts.push(Act::Choose("follow-up"));
            "the last reply"
        };
        acts.push(Act::TypeAndVanish(last));
        let killed = catch_unwind(AssertUnwindSafe(|| play(Some(dir.path()), failure(), acts)));
        assert!(killed.is_err());
        let drafts = files(&dir.path().join("drafts"));
        let json = drafts.iter().find(|p| p.extension().is_some_and(|e| e == "json")).unwrap();
        assert!(std::fs::read_to_string(json).unwrap().contains(last), "at prompt {at}");
        let (seen, _) = play(Some(dir.path()), plan(Pick::Resume), vec![]);
        assert!(seen.contains(last), "{seen}");
    }
}

#[test]
fn the_end_of_input_keeps_the_text() {
    let dir = tempfile::tempdir().unwrap();
    let (_, result) = play(Some(dir.path()), failure(), vec![Act::Type("It broke.", Next)]);
    assert!(matches!(result, Err(Failure::Stopped(Stop::Ended))));
    let (seen, _) = play(Some(dir.path()), plan(Pick::Resume), vec![Act::Type("", Quit)]);
    assert!(seen.contains("[Task: \"\"]"), "{seen}");
}

#[test]
fn nothing_typed_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    play(Some(dir.path()), failure(), vec![Act::Type("", Quit)]).1.unwrap();
    let four = || (0..4).map(|_| Act::Type("  ", Next));
    let (seen, result) = play(Some(dir.path()), failure(), four().chain([Act::Choose("Leave")]).collect());
    assert!(result.is_ok() && seen.contains("Nothing was typed"), "{seen}");
    assert!(files(&dir.path().join("drafts")).is_empty() && files(&dir.path().join("answers")).is_empty());
}

#[test]
fn replies_are_worth_points_and_become_part_of_the_answer() {
    let mut acts = whole_answer();
    acts.extend([
        Act::Choose("Answer 2 follow-up"),
        Act::Type("The result was good.", Next),
        Act::Type("", Skip),
        Act::Choose("Answer the follow-up question"),
        Act::Type("", Editor),
        Act::Edit(Ok(|_| "I listened.\n".into())),
        Act::Choose("Done"),
    ]);
    let (seen, _) = play(None, failure(), acts);
    assert!(seen.contains("Worth of this reply: 16.0 -> 20.0 (+4.0)"), "{seen}");
    assert!(seen.contains("Fixed     Title of no-resolution"), "{seen}");
    assert!(seen.contains("Worth of this reply: 20.0 -> 22.0 (+2.0)"), "{seen}");
    assert!(seen.contains("Gained    Title of listens"), "{seen}");
}

#[test]
fn answering_again_starts_from_the_text_and_shows_before_and_after() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.extend([
        Act::Choose("one section"),
        Act::Choose("Result"),
        Act::Type("Nothing was lost, and the result held.", Next),
        Act::Choose("Answer again"),
        Act::Type("It broke.", Next),
        Act::Accept,
        Act::Accept,
        Act::Accept,
        Act::Choose("Done"),
    ]);
    let (seen, _) = play(Some(dir.path()), failure(), acts);
    assert!(seen.contains("[Result: \"Nothing was lost.\"]"), "{seen}");
    assert!(seen.contains("Score     16.0 -> 20.0 (+4.0), band 2, as before"), "{seen}");
    assert!(seen.contains("Section   result: absent -> partial"), "{seen}");
    assert!(seen.contains("Fixed     Title of no-resolution"), "{seen}");
    assert!(seen.contains("Score     20.0 -> 17.0 (-3.0)"), "{seen}");
    let kept = kept(dir.path());
    let scores: Vec<f64> = kept.iter().map(|a| a.digest.score.points()).collect();
    assert_eq!(scores, [16.0, 20.0, 17.0], "earlier answers are kept");
    assert_eq!((kept[1].parent.as_ref(), kept[2].parent.as_ref()), (Some(&kept[0].uid), Some(&kept[1].uid)));
}

#[test]
fn one_section_again_can_be_left_without_harm() {
    let mut acts = whole_answer();
    acts.extend([Act::Choose("one section"), Act::Escape, Act::Choose("assessment again"), Act::Escape]);
    let (seen, result) = play(None, failure(), acts);
    assert!(result.is_ok());
    assert_eq!(seen.matches("<16.0 of 100").count(), 2);
}

#[test]
fn free_form_in_one_go() {
    let mut free = failure();
    free.options.free = true;
    let (seen, _) = play(None, free, vec![Act::Type("It broke. I fixed it.\n", Next), Act::Choose("Done")]);
    assert!(seen.contains("<5.0 of 100 for \"It broke. I fixed it.\">"), "{seen}");
    assert!(!seen.contains("one section"), "{seen}");
}

#[test]
fn the_editor_holds_all_sections_and_its_file_goes_when_it_was_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut plan = failure();
    plan.options.editor = true;
    let fill = |text: String| text.replace("the action. -->", "the action. -->\nI fixed it.");
    let (seen, _) = play(Some(dir.path()), plan, vec![Act::Edit(Ok(fill)), Act::Choose("Done")]);
    assert!(seen.contains("for \"I fixed it.\""), "{seen}");
    assert!(files(&dir.path().join("drafts")).is_empty());
}

#[test]
fn an_editor_that_fails_leaves_its_file_and_typing_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let acts = vec![
        Act::Type("It broke.", Editor),
        Act::Edit(Err("The editor `vi` ended with status 1.")),
        Act::Type("", Quit),
    ];
    let (seen, _) = play(Some(dir.path()), failure(), acts);
    assert!(seen.contains("ended with status 1. Its file is kept: "), "{seen}");
    assert!(seen.contains("[Task: \"\"]"), "typing goes on at the first gap: {seen}");
    let drafts = files(&dir.path().join("drafts"));
    assert!(drafts.iter().any(|f| f.extension().is_some_and(|e| e == "md")), "{drafts:?}");
    // The candidate went on in that file after the rehearsal was over.
    let file = drafts.iter().find(|f| f.extension().is_some_and(|e| e == "md")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    std::fs::write(file, "# Situation\nIt broke.\n# Result\nIt held.\n").unwrap();
    let (seen, _) = play(Some(dir.path()), plan(Pick::Resume), vec![Act::Type("", Quit)]);
    assert!(seen.contains("was found and taken over"), "{seen}");
    assert!(!file.exists());
}

#[test]
fn without_saving_the_text_is_shown_when_one_leaves_early() {
    let acts = vec![Act::TypeAndInterrupt("It broke and")];
    let (seen, _) = play(None, failure(), acts);
    assert!(seen.contains("Your answer was not saved. Here it is:\n\nSituation:\nIt broke and\n"), "{seen}");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_told_before_typing_and_named_when_leaving() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let named = Plan { named: true, ..failure() };
    let (seen, _) = play(Some(&file.join("data")), named, vec![Act::TypeAndInterrupt("It broke")]);
    let told = seen.find("can't be written to").unwrap();
    assert!(told < seen.find("[Situation").unwrap(), "{seen}");
    assert_eq!(seen.matches("--data").count(), 1, "{seen}");
    let root = seen.split("--resume --data ").nth(1).unwrap().trim().to_owned();
    let (seen, _) = play(Some(Path::new(&root)), plan(Pick::Resume), vec![Act::Type("", Quit)]);
    assert!(seen.contains("[Situation: \"It broke\"]"), "{seen}");
    std::fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_broken_draft_is_told_and_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let drafts = dir.path().join("drafts");
    std::fs::create_dir(&drafts).unwrap();
    std::fs::write(drafts.join("failure-1.json"), "{").unwrap();
    let (seen, result) = play(Some(dir.path()), failure(), vec![Act::Type("", Quit)]);
    assert!(result.is_ok());
    assert!(seen.contains("could not be read") && seen.contains("failure-1.json.broken"), "{seen}");
}

#[test]
fn drafts_can_be_left_alone_or_thrown_away() {
    let dir = tempfile::tempdir().unwrap();
    play(Some(dir.path()), failure(), vec![Act::Type("first", Quit)]).1.unwrap();
    play(Some(dir.path()), failure(), vec![Act::Choose("Start anew (it is kept)"), Act::Type("second", Quit)])
        .1
        .unwrap();
    let drafts = || files(&dir.path().join("drafts")).len();
    assert_eq!(drafts(), 2);
    play(Some(dir.path()), failure(), vec![Act::Choose("Throw it away"), Act::Type("", Quit)]).1.unwrap();
    assert_eq!(drafts(), 1);
    let (seen, _) = play(Some(dir.path()), plan(Pick::Id("conflict".into())), vec![Act::Type("", Quit)]);
    assert!(!seen.contains("unfinished"), "another question has no draft: {seen}");
    let (seen, _) = play(Some(dir.path()), plan(Pick::Any), vec![Act::Escape]);
    assert!(seen.contains("An answer is unfinished, saved just now: Tell me about a failure."), "{seen}");
}

#[test]
fn questions_are_chosen_by_list_filter_and_dice() {
    let (seen, _) = play(None, plan(Pick::Any), vec![Act::Pick("conflict"), Act::Type("", Quit)]);
    assert!(seen.contains("Tell me about a failure. (Failure, beginner)"), "{seen}");
    assert!(seen.contains("\nTell me about a conflict.\n"), "{seen}");
    assert!(play(None, plan(Pick::Any), vec![Act::Escape]).1.is_ok());

    let mut themed = plan(Pick::Any);
    themed.filter.theme = Some("team-work".into());
    let (seen, _) = play(None, themed, vec![Act::Type("", Quit)]);
    assert!(seen.contains("\nTell me about a conflict.\n"), "the only one needs no list: {seen}");

    let random = |seed| play(None, plan(Pick::Random(Dice::seeded(seed))), vec![Act::Type("", Quit)]).0;
    let seen: Vec<String> = (0..8).map(random).collect();
    assert_eq!(seen[3], random(3));
    assert!(seen.iter().any(|s| *s != seen[0]));
}

#[test]
fn the_next_question_follows_the_last() {
    let mut acts = whole_answer();
    acts.extend([Act::Choose("Another question"), Act::Pick("conflict"), Act::Type("", Quit)]);
    let (seen, result) = play(None, failure(), acts);
    assert!(result.is_ok());
    assert!(seen.contains("\nTell me about a conflict.\n"), "{seen}");
}

#[test]
fn wishes_that_cannot_be_met_say_what_can() {
    let wish = |plan: Plan| match play(None, plan, vec![]).1 {
        Err(Failure::Wish(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(wish(plan(Pick::Id("falure".into()))), "there is no question `falure`; did you mean `failure`?");
    let mut theme = plan(Pick::Any);
    theme.filter.theme = Some("cooking".into());
    assert_eq!(wish(theme), "no question has the theme `cooking`; there are: Failure, Team Work");
    assert!(wish(plan(Pick::Resume)).contains("no draft"));
    let mut rubric = failure();
    rubric.rubric = Some("nursing".into());
    assert_eq!(wish(rubric), "there is no rubric `nursing`");
}

#[test]
fn a_question_of_ones_own_has_no_brief_and_no_sample() {
    let own = plan(Pick::Own("Why\u{1b}[2J us?".into()));
    let (seen, _) =
        play(None, own, vec![Act::Type("x", Skip), Act::Accept, Act::Accept, Act::Accept, Act::Choose("Done")]);
    assert!(seen.contains("\nWhy us?\n") && !seen.contains("sample"), "{seen}");
}

/// A history on a full disk.
struct Full;

impl Journal for Full {
    fn record(&mut self, _: &[Attempt]) -> Result<Vec<Recorded>, Error> {
        Err(Error::Full("history.db".into()))
    }

    fn latest(&self, _: &str) -> Result<Vec<Latest>, Error> {
        Ok(Vec::new())
    }

    fn stories(&self, _: &str) -> Result<Vec<(i64, Story)>, Error> {
        Ok(Vec::new())
    }

    fn dismissals(&self, _: &str) -> Result<Vec<Placed>, Error> {
        Ok(Vec::new())
    }

    fn dismiss(&mut self, _: i64, _: &Dismissal) -> Result<(), Error> {
        Err(Error::Full("history.db".into()))
    }
}

#[test]
fn an_answer_that_history_cannot_take_is_kept_beside_and_taken_later() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.push(Act::Choose("Done"));
    let journal = Some(Ok(Box::new(Full) as Box<dyn Journal>));
    let (seen, result) = play_with(Some(dir.path()), journal, failure(), acts);
    assert!(result.is_ok());
    assert!(seen.contains("could not be saved in history: the disk with "), "{seen}");
    let beside = files(&dir.path().join("answers"));
    assert_eq!(beside.len(), 1);
    assert!(seen.contains(&format!("Your answer is kept in {}; history will take it", beside[0].display())), "{seen}");
    assert!(kept(dir.path()).is_empty());

    let (seen, _) = play(Some(dir.path()), failure(), vec![Act::Type("", Quit)]);
    assert!(seen.contains("1 finished answer was taken into history."), "{seen}");
    assert!(files(&dir.path().join("answers")).is_empty());
    assert_eq!(kept(dir.path())[0].person, "anna");
    let (seen, _) = play(Some(dir.path()), failure(), vec![Act::Type("", Quit)]);
    assert!(!seen.contains("taken into history"), "once is enough: {seen}");
}

#[test]
fn a_damaged_history_is_told_before_typing_left_alone_and_costs_no_answer() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("history.db");
    std::fs::write(&file, "this is no database, but it is somebody's").unwrap();
    let mut acts = whole_answer();
    acts.push(Act::Choose("Done"));
    let (seen, result) = play(Some(dir.path()), failure(), acts);
    assert!(result.is_ok());
    assert!(seen.find("is damaged").unwrap() < seen.find("[Situation").unwrap(), "{seen}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "this is no database, but it is somebody's");
    assert_eq!(files(&dir.path().join("answers")).len(), 1);
}

#[test]
fn answering_again_without_a_change_is_no_new_attempt() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.extend([Act::Choose("Answer again"), Act::Accept, Act::Accept, Act::Accept, Act::Accept]);
    acts.push(Act::Choose("Done"));
    play(Some(dir.path()), failure(), acts).1.unwrap();
    assert_eq!(kept(dir.path()).len(), 1);
}

#[test]
fn an_answer_that_was_given_again_is_in_history_though_the_second_is_never_finished() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.extend([Act::Choose("Answer again"), Act::TypeAndInterrupt("It")]);
    assert!(play(Some(dir.path()), failure(), acts).1.is_err());
    assert_eq!(kept(dir.path()).len(), 1);
    let mut acts = vec![Act::Type("It broke.", Next), Act::Accept, Act::Accept, Act::Accept];
    acts.push(Act::Choose("Done"));
    play(Some(dir.path()), plan(Pick::Resume), acts).1.unwrap();
    let kept = kept(dir.path());
    assert_eq!((kept.len(), kept[1].parent.as_ref()), (2, Some(&kept[0].uid)));
}

#[test]
fn what_is_due_is_offered_first() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.push(Act::Choose("Done"));
    play(Some(dir.path()), plan(Pick::Id("conflict".into())), acts).1.unwrap();
    let (seen, _) = play(Some(dir.path()), plan(Pick::Any), vec![Act::Escape]);
    assert!(seen.contains("[Which question? Type to search, Esc to leave New: Tell me about a failure."), "{seen}");
    assert!(seen.contains(" | Tell me about a conflict. (Team Work, beginner; last band 2)]"), "{seen}");
    let journal = Some(Ok(Box::new(history(dir.path())) as Box<dyn Journal>));
    let (seen, _) = play_at("2026-11-24T00:10:00Z", Some(dir.path()), journal, plan(Pick::Any), vec![Act::Escape]);
    assert!(seen.contains("1 question is due again"), "{seen}");
    assert!(
        seen.contains("Esc to leave Due, band 2 2 days ago: Tell me about a conflict. (Team Work, beginner) | New")
    );
}

#[test]
fn who_judges_first_sees_both_judgements_and_history_has_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = failure();
    first.options.judge_first = true;
    let mut acts = whole_answer();
    acts.extend([Act::Choose("Band 4: Band no 4"), Act::Choose("one section"), Act::Choose("Result")]);
    acts.extend([Act::Type("The result held.", Next), Act::Choose("rather not"), Act::Choose("Done")]);
    let (seen, result) = play(Some(dir.path()), first, acts);
    assert!(result.is_ok());
    let asked = seen.find("Before you see it").unwrap();
    assert!(asked < seen.find("of 100").unwrap(), "{seen}");
    assert_eq!(seen.matches("You gave it band 4, the rules give it band 2.").count(), 1, "{seen}");
    let bands: Vec<Option<u8>> = kept(dir.path()).iter().map(|a| a.self_band).collect();
    assert_eq!(bands, [Some(4), None]);
}

/// A story of `anna`, linked to a theme.
fn story(data: &Path, theme: &str) -> (i64, Story) {
    let mut words = crate::words::Words::new(false);
    for (section, text) in
        crate::Section::ALL.into_iter().zip(["In May it broke.", "I was on duty.", "I mended it.", ""])
    {
        words.put(crate::words::Place::Section(section), text);
    }
    let at = NOW.parse().unwrap();
    let links = vec![Link::Theme(theme.into())];
    let story =
        Story { uid: "s-1".into(), person: "anna".into(), at, changed: at, title: "The import".into(), words, links };
    (history(data).put_story(&story).unwrap(), story)
}

#[test]
fn a_question_that_a_story_can_answer_is_told_from_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut from_story = plan(Pick::Any);
    from_story.story = Some(story(dir.path(), "Team Work"));
    // One question is linked: there is nothing to choose.
    let acts = vec![
        Act::Accept,
        Act::Accept,
        Act::Type("I mended it with Ben.", Next),
        Act::Type("We were on time.", Next),
        Act::Choose("Done"),
    ];
    let (seen, result) = play(Some(dir.path()), from_story, acts);
    assert!(result.is_ok());
    assert!(seen.contains("Tell me about a conflict.") && seen.contains("From your story 1: The import"), "{seen}");
    assert!(seen.contains("[Situation: \"In May it broke.\"]"), "{seen}");
    let kept = kept(dir.path());
    assert_eq!((kept[0].story.as_deref(), kept[0].topic.id.as_deref()), (Some("s-1"), Some("conflict")));
    assert!(kept[0].words.to_text().contains("I was on duty."));
}

#[test]
fn a_story_is_told_from_memory_where_it_is_to_be_cold_and_shown_where_it_is_told_in_one_go() {
    let dir = tempfile::tempdir().unwrap();
    let story = story(dir.path(), "Team Work");
    let with = |cold, free| {
        let mut plan = failure();
        plan.story = Some(story.clone());
        (plan.options.cold, plan.options.free) = (cold, free);
        plan
    };
    let (seen, _) = play(None, with(true, false), vec![Act::Type("", Quit)]);
    assert!(seen.contains("Tell it from memory.") && seen.contains("[Situation: \"\"]"), "{seen}");
    let (seen, _) = play(None, with(false, true), vec![Act::Type("", Quit)]);
    assert!(seen.contains("Action:\n  I mended it.") || seen.contains("I mended it."), "{seen}");
    // Without a story, those that fit are named.
    let (seen, _) = play(Some(dir.path()), plan(Pick::Id("conflict".into())), vec![Act::Type("", Quit)]);
    assert!(seen.contains("Stories of yours that can answer it") && seen.contains("- 1: The import"), "{seen}");
    assert!(seen.contains("starcue practice conflict --story NUMBER"), "{seen}");
}

#[test]
fn a_finding_that_does_not_hold_is_dismissed_and_remembered_for_the_same_words() {
    let dir = tempfile::tempdir().unwrap();
    let mut acts = whole_answer();
    acts.push(Act::Choose("Dismiss a finding"));
    acts.push(Act::Choose("Title of no-resolution"));
    acts.push(Act::Type("Nothing was lost *is*\nthe end.", Next));
    acts.push(Act::Choose("See the assessment again"));
    acts.push(Act::Choose("Done"));
    let (seen, result) = play(Some(dir.path()), failure(), acts);
    assert!(result.is_ok());
    assert!(seen.contains("Dismissed, here and where the same words cause it."), "{seen}");
    assert!(seen.contains("<no-resolution: dismissed: Nothing was lost *is* the end.>"), "{seen}");
    let placed = history(dir.path()).dismissals(Some("anna")).unwrap();
    assert_eq!((placed.len(), placed[0].attempt), (1, 1));
    assert_eq!(kept(dir.path())[0].digest.minefields.len(), 1, "the assessment is what it was");

    // The same words again, in another rehearsal; then others.
    let mut acts = whole_answer();
    acts.push(Act::Choose("Answer one section again"));
    acts.push(Act::Choose("Task"));
    acts.push(Act::Type("I had two days.", Next));
    acts.push(Act::Choose("Done"));
    let (seen, _) = play(Some(dir.path()), failure(), acts);
    let marked = seen.matches("<no-resolution: dismissed in attempt 1: ").count();
    assert_eq!(marked, 1, "the changed answer is another: {seen}");
}

#[test]
fn a_dismissal_without_a_reason_is_none_and_one_that_is_being_typed_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let dismiss = |last: Act| {
        let mut acts = whole_answer();
        acts.push(Act::Choose("Dismiss a finding"));
        acts.push(Act::Choose("no-resolution"));
        acts.push(last);
        acts
    };
    let mut acts = dismiss(Act::Type(" ", Next));
    acts.push(Act::Choose("Done"));
    let (seen, _) = play(Some(dir.path()), failure(), acts);
    assert!(seen.contains("Nothing was dismissed."), "{seen}");
    let vanished =
        catch_unwind(AssertUnwindSafe(|| play(Some(dir.path()), failure(), dismiss(Act::TypeAndVanish("It did en")))));
    assert!(vanished.is_err());
    let (seen, _) = play(Some(dir.path()), plan(Pick::Resume), vec![Act::Choose("Done")]);
    assert!(seen.contains("<no-resolution: dismissed: It did en>"), "{seen}");
    assert_eq!(history(dir.path()).dismissals(None).unwrap().len(), 1);
}

/// A plan with a clock, told aloud or not.
fn timed(spoken: bool) -> Plan {
    let mut plan = failure();
    plan.options.spoken = spoken;
    plan.options.timing = Some(Timing { think: 20, answer: None });
    plan
}

#[test]
fn what_is_told_aloud_is_timed_and_kept_as_a_transcript() {
    let dir = tempfile::tempdir().unwrap();
    let acts = vec![
        Act::Wait(12),
        Act::Wait(95),
        Act::Type("Um, in May it broke.", Next),
        Act::Choose("Answer again"),
        Act::Wait(3),
        Act::Wait(70),
        Act::Type("In May it broke and I mended it.", Next),
        Act::Choose("Done"),
    ];
    let (seen, result) = play(Some(dir.path()), timed(true), acts);
    assert!(result.is_ok());
    for text in [
        "<aloud: Tell me about a failure.>",
        "[Think: 20 s]",
        "[Speak: 150 s]",
        "You spoke for 1 min 35 s.",
        "<spoken in 95 s>",
    ] {
        assert!(seen.contains(text), "no {text:?} in:\n{seen}");
    }
    assert_eq!(seen.matches("[What you said: \"\"]").count(), 2, "said anew: {seen}");
    let told: Vec<_> = kept(dir.path()).iter().map(|a| (a.mode, a.seconds)).collect();
    assert_eq!(told, [(Mode::Spoken, Some(95)), (Mode::Spoken, Some(70))]);
}

#[test]
fn a_command_of_the_users_own_writes_down_what_is_said_and_its_failure_costs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut plan = failure();
    plan.options.spoken = true;
    let acts = vec![
        Act::Say(Ok(("I rolled it bag.", 40))),
        Act::Type("I rolled it back.", Next),
        Act::Choose("Answer again"),
        Act::Say(Err("`listen` ended with status 3.")),
        Act::Type("I rolled it back twice.", Next),
        Act::Choose("Done"),
    ];
    let (seen, _) = play(Some(dir.path()), plan, acts);
    assert!(
        seen.contains("[Speak: 150 s, listening]") && seen.contains("[What you said: \"I rolled it bag.\"]"),
        "{seen}"
    );
    assert!(seen.contains("`listen` ended with status 3. Type what you said instead."), "{seen}");
    let told: Vec<_> = kept(dir.path()).iter().map(|a| a.seconds).collect();
    assert_eq!(told, [Some(40), None]);
}

#[test]
fn what_was_heard_survives_a_kill_before_it_is_corrected() {
    let dir = tempfile::tempdir().unwrap();
    let vanished = catch_unwind(AssertUnwindSafe(|| {
        let acts = vec![Act::Wait(20), Act::Say(Ok(("I rolled it back.", 40))), Act::TypeAndVanish("I rolled it b")];
        play(Some(dir.path()), timed(true), acts)
    }));
    assert!(vanished.is_err());
    let (seen, _) = play(Some(dir.path()), plan(Pick::Resume), vec![Act::Accept, Act::Choose("Done")]);
    assert!(seen.contains("[What you said: \"I rolled it b\"]") && seen.contains("<spoken in 40 s>"), "{seen}");
}

#[test]
fn a_written_answer_has_a_clock_too() {
    let mut acts = vec![Act::Wait(20)];
    acts.extend(whole_answer());
    acts.push(Act::Choose("Done"));
    let (seen, _) = play(None, timed(false), acts);
    assert!(seen.contains("Your time begins: 2 min 30 s.") && seen.contains("<written in 0 s>"), "{seen}");
    assert!(!seen.contains("<aloud"), "{seen}");
}
