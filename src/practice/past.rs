//! What rehearsals know of the past, and what they leave to it.

use super::draft::{Draft, SetAside};
use super::judge::Judge;
use super::store::Store;
use super::{Coach, Failure};
use crate::content::question::Question;
use crate::history::{Attempt, Clock, Digest, Dismissal, Error, History, Latest, Placed, Recorded, Story, Topic};
use crate::words::Words;
use jiff::Timestamp;

/// Where finished answers go: tests put a keeper of their own here.
pub(crate) trait Journal {
    /// Saves attempts, all or none; those that are there already stay as they are.
    ///
    /// # Errors
    /// They can't be saved.
    fn record(&mut self, attempts: &[Attempt]) -> Result<Vec<Recorded>, Error>;

    /// The last attempt of a person at every question that they have tried.
    ///
    /// # Errors
    /// History can't be read.
    fn latest(&self, person: &str) -> Result<Vec<Latest>, Error>;

    /// The stories of a person, with their numbers.
    ///
    /// # Errors
    /// History can't be read.
    fn stories(&self, person: &str) -> Result<Vec<(i64, Story)>, Error>;

    /// What a person has dismissed.
    ///
    /// # Errors
    /// History can't be read.
    fn dismissals(&self, person: &str) -> Result<Vec<Placed>, Error>;

    /// Sets a finding of an attempt aside.
    ///
    /// # Errors
    /// History can't be written.
    fn dismiss(&mut self, attempt: i64, dismissal: &Dismissal) -> Result<(), Error>;
}

impl Journal for History {
    fn record(&mut self, attempts: &[Attempt]) -> Result<Vec<Recorded>, Error> {
        Self::record(self, attempts)
    }

    fn latest(&self, person: &str) -> Result<Vec<Latest>, Error> {
        Self::latest(self, person)
    }

    fn stories(&self, person: &str) -> Result<Vec<(i64, Story)>, Error> {
        Self::stories(self, Some(person))
    }

    fn dismissals(&self, person: &str) -> Result<Vec<Placed>, Error> {
        Self::dismissals(self, Some(person))
    }

    fn dismiss(&mut self, attempt: i64, dismissal: &Dismissal) -> Result<(), Error> {
        Self::dismiss(self, attempt, dismissal)
    }
}

/// The past of one person.
pub(crate) struct Past {
    /// Where finished answers go; an error is told when one is to go there. `None` where nothing is
    /// saved.
    pub(crate) journal: Option<Result<Box<dyn Journal>, Error>>,
    /// Whose it is.
    pub(crate) person: String,
    /// Who knows the time.
    pub(crate) clock: Box<dyn Clock>,
}

impl Past {
    /// Saves all that was said in a rehearsal, and what was dismissed in it; the number of the last
    /// answer. `None` where nothing is saved.
    ///
    /// # Errors
    /// Why it could not be saved, for people.
    pub(crate) fn record(&mut self, attempts: &[Attempt], dismissed: &[SetAside]) -> Option<Result<i64, String>> {
        let recorded = match self.journal.as_mut()? {
            Ok(journal) => record(&mut **journal, attempts, dismissed).map_err(|e| e.to_string()),
            Err(e) => Err(e.to_string()),
        };
        Some(recorded.and_then(|r| r.last().map(|r| r.id).ok_or_else(|| "there is nothing to save".to_owned())))
    }

    /// What was dismissed so far; nothing where there is no past.
    pub(crate) fn dismissals(&self) -> Vec<Placed> {
        match &self.journal {
            Some(Ok(journal)) => journal.dismissals(&self.person).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The stories that can answer a question; none where there is no past.
    pub(crate) fn stories_for(&self, question: &Question) -> Vec<(i64, Story)> {
        let mut stories = match &self.journal {
            Some(Ok(journal)) => journal.stories(&self.person).unwrap_or_default(),
            _ => Vec::new(),
        };
        stories.retain(|(_, story)| super::can_answer(story, question));
        stories
    }

    /// The last attempts at every question; none where there is no past.
    pub(crate) fn latest(&self) -> Vec<Latest> {
        match &self.journal {
            Some(Ok(journal)) => journal.latest(&self.person).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

/// Saves attempts, then what was dismissed in them.
fn record(journal: &mut dyn Journal, attempts: &[Attempt], dismissed: &[SetAside]) -> Result<Vec<Recorded>, Error> {
    let recorded = journal.record(attempts)?;
    for set_aside in dismissed {
        // An answer that was given again without a change is the one before it.
        let of = |a: &Attempt| a.uid.rsplit('.').next().and_then(|n| n.parse::<usize>().ok());
        let at = attempts.iter().rposition(|a| of(a).is_some_and(|n| n <= set_aside.answer));
        if let Some(recorded) = at.and_then(|at| recorded.get(at)) {
            journal.dismiss(recorded.id, &set_aside.dismissal)?;
        }
    }
    Ok(recorded)
}

/// A rehearsal as attempts, oldest first: each revises the one before it. An answer that was given
/// again without a change counts once.
pub(crate) fn attempts(
    name: &str,
    draft: &Draft,
    judge: &dyn Judge,
    question: Option<&Question>,
    at: Timestamp,
) -> Vec<Attempt> {
    let topic =
        Topic { id: draft.topic.id.clone(), text: draft.topic.text.clone(), theme: question.map(|q| q.theme.clone()) };
    let mut last: Option<&Words> = None;
    let mut attempts: Vec<Attempt> = Vec::new();
    for (number, words) in draft.earlier.iter().chain([&draft.words]).enumerate() {
        if words.is_blank() || last == Some(words) {
            continue;
        }
        last = Some(words);
        let uid = format!("{name}.{number}");
        let answer = words.answer();
        let assessment = judge.assess(&answer);
        attempts.push(Attempt {
            assessment: Attempt::json_of(&uid, &topic, &assessment, answer.text()),
            person: draft.person.clone(),
            at,
            topic: topic.clone(),
            mode: draft.mode,
            seconds: None,
            self_band: None,
            parent: attempts.last().map(|a| a.uid.clone()),
            story: draft.story.clone(),
            words: words.clone(),
            digest: Digest::of(&assessment),
            uid,
        });
    }
    // Those before it were saved with theirs when they were given.
    if let Some(last) = attempts.last_mut() {
        last.self_band = draft.self_band;
        last.seconds = draft.seconds;
    }
    attempts
}

/// Takes finished answers into history that it could not take when they were given; what to tell.
///
/// # Errors
/// History does not take them now either.
pub(crate) fn take_in(store: &Store, journal: &mut dyn Journal, coach: &Coach<'_>) -> Result<Vec<String>, Error> {
    let finished = store.finished();
    let mut told = finished.problems;
    let mut count = 0;
    for found in finished.drafts {
        let topic = &found.draft.topic;
        let question = coach.question(topic.id.as_deref());
        let judge = match (coach.judge)(&topic.rubric, question, &topic.text) {
            Ok(judge) => judge,
            Err(why) => {
                told.push(format!("A finished answer was left where it is: {why}."));
                continue;
            }
        };
        let seconds = i64::try_from(found.draft.saved).unwrap_or(0);
        let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        record(journal, &attempts(&found.name(), &found.draft, &*judge, question, at), &found.draft.dismissed)?;
        if let Err(e) = found.remove() {
            told.push(format!("A finished answer is in history now, but its file can't be removed: {e}."));
        }
        count += 1;
    }
    if count > 0 {
        let answers =
            if count == 1 { "1 finished answer was".to_owned() } else { format!("{count} finished answers were") };
        told.push(format!("{answers} taken into history."));
    }
    Ok(told)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Wish(error.to_string())
    }
}
