//! Rehearsals: choose a question, answer it, see what it was worth, do better.
//!
//! [`practise`] leads from one rehearsal to the next; [`session`] is one of them, a state machine
//! that talks to a [`prompter::Prompter`] and keeps every text in a [`store::Store`].

pub(crate) mod brief;
mod choose;
mod compare;
mod dismiss;
mod draft;
pub(crate) mod editor;
mod entry;
pub(crate) mod files;
mod interrupt;
mod judge;
mod past;
mod prompter;
#[cfg(test)]
pub(crate) mod script;
mod session;
mod speech;
mod store;
mod telling;
mod terminal;
#[cfg(test)]
mod tests;
mod timing;

pub(crate) use choose::{Dice, Filter};
pub(crate) use compare::Change;
pub(crate) use files::{keep_beside, stamp};
pub(crate) use interrupt::Interrupt;
pub(crate) use judge::{Beside, Judge, RubricJudge};
pub(crate) use past::{Journal, Past, take_in};
pub(crate) use prompter::{Page, Prompted, Prompter, Stop, Then};
#[cfg(test)]
pub(crate) use script::question as script_question;
pub(crate) use session::{Options, Timing};
pub(crate) use speech::{Speech, face};
pub(crate) use store::{Store, forget, kept};
pub(crate) use telling::tell;
pub(crate) use terminal::Terminal;

use crate::content::question::Question;
use crate::diagnostics::did_you_mean;
use crate::history::{Link, Mode, Story};
use crate::words::tidy;
use choose::Offer;
use draft::{Draft, Topic};
use session::{End, Rehearsal};
use std::time::{SystemTime, UNIX_EPOCH};
use store::{Found, Slot};

/// What is to be rehearsed first.
#[derive(Debug)]
pub(crate) enum Pick {
    /// The question with this id.
    Id(String),
    /// A question of one's own.
    Own(String),
    /// One that the candidate picks.
    Any,
    /// One that the dice pick.
    Random(Dice),
    /// The newest draft.
    Resume,
}

/// The wishes of a candidate.
#[derive(Debug)]
pub(crate) struct Plan {
    /// What is to be rehearsed first.
    pub(crate) pick: Pick,
    /// Which questions come into question.
    pub(crate) filter: Filter,
    /// The rubric, where it is not the question's.
    pub(crate) rubric: Option<String>,
    /// The story to rehearse from, with its number.
    pub(crate) story: Option<(i64, Story)>,
    /// How to rehearse.
    pub(crate) options: Options,
    /// Whether the data folder was named on the command line.
    pub(crate) named: bool,
}

/// Who stands behind the rehearsals.
pub(crate) struct Coach<'a> {
    /// All questions.
    pub(crate) questions: &'a [Question],
    /// Makes the judge of a question, or says why there is none.
    #[expect(clippy::type_complexity, reason = "a seam for tests, named once")]
    pub(crate) judge: &'a dyn Fn(&str, Option<&'a Question>, &str) -> Result<Box<dyn Judge + 'a>, String>,
}

impl<'a> Coach<'a> {
    /// The question of the bank with this id.
    pub(crate) fn question(&self, id: Option<&str>) -> Option<&'a Question> {
        id.and_then(|id| self.questions.iter().find(|q| q.id == id))
    }
}

/// Why there was no rehearsal.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The wishes can't be met.
    Wish(String),
    /// The person or the terminal stopped it; drafts are kept.
    Stopped(Stop),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// The rubric of a question of one's own.
const DEFAULT_RUBRIC: &str = "behavioural";

/// One rehearsal after another, until the candidate has enough.
///
/// # Errors
/// The wishes can't be met, or something stopped it.
pub(crate) fn practise(
    prompter: &mut dyn Prompter,
    store: &mut Store,
    past: &mut Past,
    coach: &Coach<'_>,
    mut plan: Plan,
) -> Result<(), Failure> {
    settle(prompter, store, past, coach)?;
    loop {
        let Some((slot, draft)) = next(prompter, store, past, coach, &mut plan)? else { return Ok(()) };
        let question = coach.question(draft.topic.id.as_deref());
        let judge = (coach.judge)(&draft.topic.rubric, question, &draft.topic.text);
        let judge = judge.map_err(Failure::Wish)?;
        let rehearsal = Rehearsal {
            prompter,
            store,
            judge: &*judge,
            question,
            options: plan.options,
            story: plan.story.as_ref(),
            named: plan.named,
            past,
            slot,
            draft,
            assessed: None,
        };
        match rehearsal.run() {
            End::Another => {
                if !matches!(plan.pick, Pick::Random(_)) {
                    plan.pick = Pick::Any;
                }
            }
            End::Done | End::Left => return Ok(()),
            End::Stopped(stop) => return Err(Failure::Stopped(stop)),
        }
    }
}

/// Says what is wrong with history before anything is typed, and lets it take what it missed.
fn settle(prompter: &mut dyn Prompter, store: &Store, past: &mut Past, coach: &Coach<'_>) -> Prompted<()> {
    let told = match &mut past.journal {
        None => return Ok(()),
        Some(Ok(journal)) => match take_in(store, &mut **journal, coach) {
            Ok(told) => told,
            Err(e) => vec![format!("Finished answers could not be taken into history: {e}.")],
        },
        Some(Err(e)) => vec![format!("{e}.\nYour answers will be kept beside it, and history can take them later.")],
    };
    for line in told {
        prompter.say(&format!("{}\n", crate::report::clean_lines(&line)))?;
    }
    Ok(())
}

/// The next rehearsal: a draft that is taken up again, or a new one.
fn next(
    prompter: &mut dyn Prompter,
    store: &mut Store,
    past: &Past,
    coach: &Coach<'_>,
    plan: &mut Plan,
) -> Result<Option<(Slot, Draft)>, Failure> {
    if matches!(plan.pick, Pick::Resume) {
        let newest = waiting(prompter, store, past, None)?.into_iter().next();
        let taken = newest.and_then(|found| store.adopt(found));
        return taken.map(Some).ok_or_else(|| Failure::Wish("there is no draft to go on with".to_owned()));
    }
    let Some(topic) = topic(prompter, store, past, coach, plan)? else { return Ok(None) };
    // Told before anything is typed: a rubric that does not exist, or is broken.
    let question = coach.question(topic.id.as_deref());
    (coach.judge)(&topic.rubric, question, &topic.text).map_err(Failure::Wish)?;
    if let Some(found) = waiting(prompter, store, past, Some(&topic))?.into_iter().next()
        && let Some(taken) = offer(prompter, store, found)?
    {
        return Ok(Some(taken));
    }
    let free = plan.options.free || plan.options.spoken;
    let mut draft = Draft::new(&past.person, topic, free);
    if plan.options.spoken {
        draft.mode = Mode::Spoken;
    }
    if let Some((_, story)) = &plan.story {
        draft.story = Some(story.uid.clone());
        // From memory, where it is to be as in an interview.
        if !free && !plan.options.cold && !story.words.is_free() {
            draft.words = story.words.clone();
        }
    }
    Ok(Some((store.begin(&draft.topic), draft)))
}

fn topic(
    prompter: &mut dyn Prompter,
    store: &Store,
    past: &Past,
    coach: &Coach<'_>,
    plan: &mut Plan,
) -> Result<Option<Topic>, Failure> {
    let question = match &mut plan.pick {
        Pick::Own(text) => {
            let text = tidy(text);
            return Ok(Some(own_topic(&text, plan)));
        }
        Pick::Id(id) => {
            let question = coach.questions.iter().find(|q| q.id == *id);
            Some(question.ok_or_else(|| {
                let near = did_you_mean(id, coach.questions.iter().map(|q| q.id.as_str()));
                let hint = near.map_or_else(
                    || "see `starcue questions list`, or ask your own with `--question`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                Failure::Wish(format!("there is no question `{id}`; {hint}"))
            })?)
        }
        Pick::Random(dice) => {
            let questions = plan.filter.of(coach.questions).map_err(Failure::Wish)?;
            dice.one(&told_by(plan.story.as_ref(), questions)?)
        }
        Pick::Any | Pick::Resume => {
            let questions = told_by(plan.story.as_ref(), plan.filter.of(coach.questions).map_err(Failure::Wish)?)?;
            remind(prompter, store, past, plan.named)?;
            let own = plan.filter.is_open() && plan.story.is_none();
            let (now, zone) = (past.clock.now(), past.clock.zone());
            let offers = choose::offers(&questions, &past.latest(), own, now, &zone);
            match choose::pick(prompter, offers)? {
                Some(Offer::Own(text)) => return Ok(Some(own_topic(&text, plan))),
                Some(Offer::Bank(question)) => Some(question),
                None => None,
            }
        }
    };
    Ok(question.map(|q| {
        let rubric = plan.rubric.clone().unwrap_or_else(|| q.rubric.clone());
        Topic { id: Some(q.id.clone()), text: q.text.clone(), rubric }
    }))
}

/// The questions that a story can answer, as its links say; all, where it has no link.
fn told_by<'q>(story: Option<&(i64, Story)>, questions: Vec<&'q Question>) -> Result<Vec<&'q Question>, Failure> {
    let Some((number, story)) = story.filter(|(_, s)| !s.links.is_empty()) else { return Ok(questions) };
    let fits: Vec<&Question> = questions.into_iter().filter(|q| can_answer(story, q)).collect();
    if fits.is_empty() {
        let why = "is linked to no question that is like that; link it to more, or name a question";
        return Err(Failure::Wish(format!("story {number} {why}")));
    }
    Ok(fits)
}

/// Whether a story is linked to a question, or to its theme.
fn can_answer(story: &Story, question: &Question) -> bool {
    story.links.iter().any(|link| match link {
        Link::Question(id) => *id == question.id,
        Link::Theme(theme) => *theme == question.theme,
    })
}

/// A question of one's own.
fn own_topic(text: &str, plan: &Plan) -> Topic {
    let rubric = plan.rubric.clone().unwrap_or_else(|| DEFAULT_RUBRIC.to_owned());
    Topic { id: None, text: text.to_owned(), rubric }
}

/// Says that drafts wait, to somebody who has no question in mind.
fn remind(prompter: &mut dyn Prompter, store: &Store, past: &Past, named: bool) -> Prompted<()> {
    let drafts = waiting(prompter, store, past, None)?;
    let Some(newest) = drafts.first() else { return Ok(()) };
    let how = session::command("practice --resume", store.root().filter(|_| named));
    let (asked, age) = (crate::report::clean(&newest.draft.topic.text), age(newest.draft.saved));
    prompter.say(&format!("\nAn answer is unfinished, saved {age}: {asked}\nGo on with it: {how}\n"))
}

/// The drafts of this person that were left behind.
fn waiting(prompter: &mut dyn Prompter, store: &Store, past: &Past, topic: Option<&Topic>) -> Prompted<Vec<Found>> {
    let mut waiting = store.waiting(topic);
    waiting.drafts.retain(|found| found.draft.person == past.person);
    for problem in waiting.problems {
        prompter.say(&format!("{}\n", crate::report::clean(&problem)))?;
    }
    Ok(waiting.drafts)
}

/// Offers a draft that was left behind. `None` where a new one is wanted.
fn offer(prompter: &mut dyn Prompter, store: &mut Store, found: Found) -> Prompted<Option<(Slot, Draft)>> {
    let (count, age) = (found.draft.words.count(), age(found.draft.saved));
    let text = format!("\nThere is an unfinished answer to this question: {count} words, saved {age}.\n");
    prompter.say(&text)?;
    let items = ["Go on with it", "Start anew (it is kept)", "Throw it away and start anew"];
    match prompter.choose("What shall become of it?", &items, 1)? {
        0 => Ok(store.adopt(found)),
        1 => Ok(None),
        _ => {
            if let Some((slot, _)) = store.adopt(found) {
                store.discard(slot);
            }
            Ok(None)
        }
    }
}

fn age(saved: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (count, unit) = match now.saturating_sub(saved) {
        s @ ..60 => return if s < 5 { "just now".to_owned() } else { format!("{s} seconds ago") },
        s @ 60..3600 => (s / 60, "minute"),
        s @ 3600..86_400 => (s / 3600, "hour"),
        s => (s / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}
