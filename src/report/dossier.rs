//! What a report is about: judged answers, what they say together, and for whom it is written.
//!
//! The same [`Dossier`] becomes HTML and Markdown, so that both say the same.

use super::cohort::Cohort;
use super::{Delivery, Remark, View};
use crate::batch::{Bad, Judged, Origin};
use crate::history::progress::Progress;
use crate::{Assessment, Rubric, Section};
use std::ops::Range;
use std::sync::Arc;

/// For whom a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Audience {
    /// Whoever gave the answers: what to do next, nothing that was written for coaches alone.
    #[default]
    Candidate,
    /// Their coach: all of it, with ids.
    Coach,
}

/// Whether the rubric that judged an answer is still the one of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vintage {
    /// It is.
    Today,
    /// It has changed since.
    Earlier,
    /// It is no longer there; titles come from another one.
    Gone,
}

impl Vintage {
    /// Of an assessment whose titles this rubric gives; `gone`: in place of the one that judged.
    pub(crate) fn of(assessment: &Assessment, rubric: &Rubric, gone: bool) -> Self {
        if gone {
            Self::Gone
        } else if *assessment.rubric_hash == *rubric.hash {
            Self::Today
        } else {
            Self::Earlier
        }
    }
}

/// A rubric that has judged an answer, in the form that it had then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JudgedBy {
    /// Title of today.
    pub(crate) title: String,
    /// Id.
    pub(crate) id: String,
    /// Version, where its author gave it one.
    pub(crate) version: Option<String>,
    /// Hash of all its rules.
    pub(crate) hash: String,
}

/// What a coach gave one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rating {
    /// The coach.
    pub(crate) rater: String,
    /// The band of the whole, 1 to 5.
    pub(crate) overall: u8,
    /// The levels of the sections, 0 to 2, in STAR order, where they were given.
    pub(crate) sections: [Option<u8>; 4],
    /// Whether it was given before the tool's were shown.
    pub(crate) blind: bool,
}

/// What a coach wrote down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// Who.
    pub(crate) by: String,
    /// When, as the clock of the interview says it: `12:05`.
    pub(crate) clock: String,
    /// What.
    pub(crate) text: String,
    /// The words of the answer that it is about.
    pub(crate) span: Option<Range<usize>>,
    /// Whether it is for coaches alone.
    pub(crate) private: bool,
}

/// One judged answer.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Its name: an id, a path, a number.
    pub(crate) name: String,
    /// What was asked, where that is known.
    pub(crate) question: Option<String>,
    /// What else is known: whose, when, how long.
    pub(crate) facts: Vec<String>,
    /// The text that the spans address.
    pub(crate) text: String,
    /// The judgement.
    pub(crate) assessment: Assessment,
    /// The rubric that gives the titles.
    pub(crate) rubric: Arc<Rubric>,
    /// Whether it is the one that judged.
    pub(crate) vintage: Vintage,
    /// What coaches gave it.
    pub(crate) ratings: Vec<Rating>,
    /// What coaches wrote.
    pub(crate) notes: Vec<Note>,
    /// What the candidate says of findings that were dismissed.
    pub(crate) remarks: Vec<Remark>,
    /// How it was told.
    pub(crate) delivery: Delivery,
}

impl Item {
    /// A record that was judged here and now.
    pub(crate) fn judged(judged: &Judged, facts: Vec<String>) -> Self {
        Self {
            name: judged.record.id.clone(),
            question: judged.asked.clone(),
            facts,
            text: judged.record.answer.text().to_owned(),
            assessment: judged.assessment.clone(),
            rubric: Arc::clone(&judged.rubric),
            vintage: Vintage::Today,
            ratings: Vec::new(),
            notes: Vec::new(),
            remarks: Vec::new(),
            delivery: Delivery::default(),
        }
    }

    /// The judgement as reports see it.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            assessment: &self.assessment,
            rubric: &self.rubric,
            question: self.question.as_deref(),
            text: &self.text,
            remarks: &self.remarks,
            delivery: self.delivery,
        }
    }

    /// The notes that this reader may see.
    pub(crate) fn notes_for(&self, audience: Audience) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |n| audience == Audience::Coach || !n.private)
    }

    /// Where a coach and the tool differ, said for people; empty where they agree.
    pub(crate) fn differences(&self, rating: &Rating) -> Vec<String> {
        let a = &self.assessment;
        let mut said = Vec::new();
        if rating.overall != a.band {
            let more = if rating.overall > a.band { "higher" } else { "lower" };
            let apart = rating.overall.abs_diff(a.band);
            let bands = if apart == 1 { "band" } else { "bands" };
            said.push(format!("overall: coach {}, tool {}: {apart} {bands} {more}", rating.overall, a.band));
        }
        for section in Section::ALL {
            let tool = a.section(section);
            if let Some(level) = rating.sections[section.index()].filter(|level| *level != tool.level) {
                let why = match tool.evidence.first() {
                    Some(e) => format!("; the tool went by “{}”", super::clean(e.quote(&self.text))),
                    None if tool.level == 0 => "; the tool found no words for it".to_owned(),
                    None => String::new(),
                };
                let (coach, tool) = (super::level_word(level), super::level_word(tool.level));
                said.push(format!("{}: coach {coach}, tool {tool}{why}", self.rubric.section(section).title));
            }
        }
        said
    }
}

/// A record that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unjudged {
    /// Its id, or its number.
    pub(crate) name: String,
    /// Where it stands, what is wrong with it, and the code of that.
    pub(crate) why: String,
    /// How many of the answers that are shown stand before it, where it is shown in its place.
    pub(crate) after: Option<usize>,
}

impl Unjudged {
    /// A bad record; `after`: how many answers stand before it, where it is shown in its place.
    pub(crate) fn new(origin: &Origin, bad: &Bad, after: Option<usize>) -> Self {
        Self {
            name: bad.id.clone().unwrap_or_else(|| format!("record {}", origin.record)),
            why: format!("{}: {} [{}]", origin.place(), bad.message, bad.code),
            after,
        }
    }
}

/// What stands in a report in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown<'a> {
    /// An answer, whole.
    Answer(&'a Item),
    /// A record that could not be judged.
    Unjudged(&'a Unjudged),
}

/// All that one report says.
#[derive(Debug)]
pub(crate) struct Dossier {
    /// Its title.
    pub(crate) title: String,
    /// For whom it is.
    pub(crate) audience: Audience,
    /// What is said first, a paragraph each.
    pub(crate) lead: Vec<String>,
    /// The progress of one person.
    pub(crate) progress: Option<Progress>,
    /// What many answers say together.
    pub(crate) cohort: Option<Cohort>,
    /// Rubrics that know the titles of rules.
    pub(crate) rubrics: Vec<Arc<Rubric>>,
    /// The answers that are shown whole.
    pub(crate) items: Vec<Item>,
    /// Records that could not be judged, in their order.
    pub(crate) bad: Vec<Unjudged>,
}

impl Dossier {
    /// What many answers say together, where that says more than the answers that are shown.
    pub(crate) fn together(&self) -> Option<&Cohort> {
        self.cohort.as_ref().filter(|c| c.rows.len() != 1 || self.items.is_empty())
    }

    /// The answers that are shown whole, and among them the bad records that have a place there.
    pub(crate) fn shown(&self) -> Vec<Shown<'_>> {
        let mut shown = Vec::with_capacity(self.items.len() + self.bad.len());
        let mut bad = self.bad.iter().filter(|b| b.after.is_some()).peekable();
        for (before, item) in self.items.iter().enumerate() {
            while let Some(one) = bad.next_if(|b| b.after.is_some_and(|after| after <= before)) {
                shown.push(Shown::Unjudged(one));
            }
            shown.push(Shown::Answer(item));
        }
        shown.extend(bad.map(Shown::Unjudged));
        shown
    }

    /// The bad records that are listed after all answers.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Unjudged> {
        self.bad.iter().filter(|b| b.after.is_none())
    }

    /// The title of a rule in the rubrics of the answers; its id where none has one.
    pub(crate) fn title<'t>(&'t self, id: &'t str) -> &'t str {
        let title = self.rubrics.iter().find_map(|rubric| rubric.rule(id).map(|r| r.title.as_str()));
        title.filter(|t| !t.is_empty()).unwrap_or(id)
    }

    /// The rubrics of the answers that are shown, each once.
    pub(crate) fn judged_by(&self) -> Vec<JudgedBy> {
        let mut list: Vec<JudgedBy> = Vec::new();
        for item in &self.items {
            let title = if item.vintage == Vintage::Gone { "no longer there" } else { &item.rubric.title };
            let one = JudgedBy {
                title: title.to_owned(),
                id: item.assessment.rubric.to_string(),
                version: item.assessment.rubric_version.as_ref().map(ToString::to_string),
                hash: item.assessment.rubric_hash.to_string(),
            };
            if !list.contains(&one) {
                list.push(one);
            }
        }
        list
    }
}
