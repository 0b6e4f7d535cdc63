//! Findings that do not hold: dismissed with a reason, in the middle of a rehearsal.

use super::draft::SetAside;
use super::prompter::{Page, Prompted, Then};
use super::session::Rehearsal;
use crate::assessment::Assessment;
use crate::history::{Dismissal, Dismissed, Placed, dismissed_words, findings};
use crate::report::{Remark, clean};
use crate::words::one_line;

/// Stands for the answer at hand, which has no number yet: those of history begin at 1.
const HERE: i64 = 0;

impl Rehearsal<'_> {
    /// What was dismissed: in this answer, and in the past.
    fn dismissed(&self) -> Dismissed {
        let here = self.draft.dismissed.iter().map(|s| Placed {
            attempt: if s.answer == self.draft.earlier.len() { HERE } else { HERE - 1 },
            dismissal: s.dismissal.clone(),
        });
        Dismissed::new(self.past.dismissals().into_iter().chain(here))
    }

    /// What is said beside the findings that were dismissed.
    pub(super) fn remarks(&self, assessment: &Assessment) -> Vec<Remark> {
        let dismissed = self.dismissed();
        let answer = self.draft.words.answer();
        let covered = dismissed.all(assessment, answer.text(), HERE).into_iter();
        let text = |p: &Placed| match p.attempt {
            // Of an answer before, in this rehearsal.
            ..HERE => format!("dismissed before: {}", p.dismissal.reason),
            _ => p.note(HERE),
        };
        covered.map(|(finding, p)| Remark { finding: finding.to_owned(), text: clean(&text(p)) }).collect()
    }

    /// Ids of the findings that stand.
    pub(super) fn open_findings(&self, assessment: &Assessment) -> Vec<String> {
        let remarks = self.remarks(assessment);
        findings(assessment).filter(|id| !remarks.iter().any(|n| n.finding == *id)).map(str::to_owned).collect()
    }

    /// Asks which finding does not hold, and why.
    pub(super) fn dismiss(&mut self) -> Prompted<()> {
        let Some(assessment) = self.assessed.clone() else { return Ok(()) };
        let ids = self.open_findings(&assessment);
        let titles: Vec<String> = ids.iter().map(|id| clean(&self.judge.title(id))).collect();
        let names: Vec<&str> = titles.iter().map(String::as_str).chain(["None: back"]).collect();
        let at = self.prompter.choose("Which finding does not hold?", &names, ids.len())?;
        let Some(id) = ids.get(at) else { return Ok(()) };
        let answer = self.draft.words.answer();
        let Some(words) = dismissed_words(&assessment, id, answer.text()) else { return Ok(()) };
        let number = self.draft.dismissed.len();
        let dismissal = Dismissal { finding: id.clone(), at: self.past.clock.now(), reason: String::new(), words };
        let set_aside = SetAside { answer: self.draft.earlier.len(), dismissal };
        let Self { prompter, store, slot, draft, .. } = self;
        let mut put = |text: &str| {
            let reason = one_line(text);
            draft.dismissed.truncate(number);
            if !reason.is_empty() {
                let dismissal = Dismissal { reason, ..set_aside.dismissal.clone() };
                draft.dismissed.push(SetAside { dismissal, ..set_aside });
            }
            store.save(slot, draft, false);
        };
        let typed = prompter.write(&Page { title: "Why it does not hold", seed: "", limit: None }, &mut put)?;
        put(if matches!(typed.then, Then::Next | Then::Quit) { &typed.text } else { "" });
        let said = if self.draft.dismissed.len() > number {
            "Dismissed, here and where the same words cause it. The points stay as they are.\n"
        } else {
            "Nothing was dismissed.\n"
        };
        self.prompter.say(said)
    }

    /// Brings the words of what was dismissed in this answer up to date: replies may have followed.
    pub(super) fn refresh_dismissed(&mut self) {
        let Some(assessment) = &self.assessed else { return };
        let answer = self.draft.words.answer();
        let now = self.draft.earlier.len();
        for set_aside in self.draft.dismissed.iter_mut().filter(|s| s.answer == now) {
            if let Some(words) = dismissed_words(assessment, &set_aside.dismissal.finding, answer.text()) {
                set_aside.dismissal.words = words;
            }
        }
    }
}
