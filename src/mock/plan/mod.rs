//! Plans of mock interviews: which questions, how long, with which words around them.
//!
//! `file` is the shape as it is written; here plans are found, and their questions drawn.

mod file;

pub(crate) use file::{Draw, Form, Plan, Slot};

use super::interview::Turn;
use crate::content::question::{Difficulty, Question};
use crate::content::{Layer, folder};
use crate::diagnostics::did_you_mean;
use crate::practice::{Dice, Filter};
use crate::words::tidy;
use file::{half_a_minute, three_minutes};
use std::path::Path;

/// Plans that are built in: id and text.
pub(crate) const BUILTIN: &[(&str, &str)] = &[
    ("customer-support-30", include_str!("../../../plans/customer-support-30.toml")),
    ("engineer-45", include_str!("../../../plans/engineer-45.toml")),
    ("first-job-20", include_str!("../../../plans/first-job-20.toml")),
    ("health-and-care-30", include_str!("../../../plans/health-and-care-30.toml")),
    ("quick-10", include_str!("../../../plans/quick-10.toml")),
    ("retail-and-service-25", include_str!("../../../plans/retail-and-service-25.toml")),
    ("team-lead-60", include_str!("../../../plans/team-lead-60.toml")),
];

/// The rubric of a question that is in no bank.
const DEFAULT_RUBRIC: &str = "behavioural";

/// A plan made of options instead of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Made {
    /// What is drawn, where no question is named.
    pub(crate) draw: Draw,
    /// Ids of questions.
    pub(crate) questions: Vec<String>,
    /// Seconds to think.
    pub(crate) think: Option<u32>,
    /// Seconds to answer.
    pub(crate) answer: Option<u32>,
    /// Most follow-ups.
    pub(crate) probes: Option<u32>,
    /// The rubric.
    pub(crate) rubric: Option<String>,
}

impl Plan {
    /// A plan of options.
    pub(crate) fn made(made: Made) -> Self {
        let slots = if made.questions.is_empty() {
            vec![Slot { draw: Some(made.draw), ..Slot::default() }]
        } else {
            made.questions.into_iter().map(|id| Slot { id: Some(id), ..Slot::default() }).collect()
        };
        Self {
            schema: 1,
            id: "own".into(),
            title: "Mock interview".into(),
            about: String::new(),
            role: String::new(),
            minutes: 0,
            opening: String::new(),
            closing: String::new(),
            rubric: made.rubric,
            think: made.think.unwrap_or_else(half_a_minute),
            answer: made.answer.unwrap_or_else(three_minutes),
            probes: made.probes.unwrap_or(0),
            form: Form::Free,
            slots,
        }
    }

    /// The turns of an interview after this plan: questions that are named, and draws without
    /// repetition. The same dice draw the same questions.
    ///
    /// # Errors
    /// A question is in no bank, or there are too few that are like what is to be drawn.
    pub(crate) fn turns(&self, bank: &[Question], dice: &mut Dice) -> Result<Vec<Turn>, String> {
        let mut turns: Vec<Turn> = Vec::new();
        // What is named is not drawn as well.
        let mut taken: Vec<&str> = self.slots.iter().filter_map(|s| s.id.as_deref()).collect();
        for slot in &self.slots {
            let mut add = |asked: &str, question: Option<&Question>| {
                let own = question.map_or(DEFAULT_RUBRIC, |q| &q.rubric);
                let rubric = slot.rubric.as_deref().or(self.rubric.as_deref()).unwrap_or(own);
                turns.push(Turn::new(
                    turns.len(),
                    asked,
                    question,
                    rubric,
                    [
                        slot.think.unwrap_or(self.think),
                        slot.answer.unwrap_or(self.answer),
                        slot.probes.unwrap_or(self.probes),
                    ],
                    self.form,
                ));
            };
            if let Some(id) = &slot.id {
                let question = bank.iter().find(|q| q.id == *id).ok_or_else(|| {
                    let near = did_you_mean(id, bank.iter().map(|q| q.id.as_str()));
                    let hint = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                    format!("the plan `{}` asks `{}`, which no bank has{hint}", self.id, tidy(id))
                })?;
                add(&question.text, Some(question));
            }
            if let Some(text) = &slot.text {
                add(&tidy(text), None);
            }
            let Some(draw) = &slot.draw else { continue };
            let level = draw.level.as_deref();
            let difficulty = level.map(|l| {
                let why = || {
                    format!("the plan `{}`: a level is beginner, intermediate or advanced, not `{}`", self.id, tidy(l))
                };
                Difficulty::from_id(l).ok_or_else(why)
            });
            let filter =
                Filter { theme: draw.theme.clone(), role: draw.role.clone(), difficulty: difficulty.transpose()? };
            let like = filter.of(bank).map_err(|why| format!("the plan `{}`: {why}", self.id))?;
            for n in 0..draw.number {
                let left: Vec<&Question> = like.iter().copied().filter(|q| !taken.contains(&q.id.as_str())).collect();
                let question = dice.one(&left).ok_or_else(|| {
                    format!(
                        "the plan `{}` draws {} questions of a sort of which only {n} are left",
                        self.id, draw.number
                    )
                })?;
                taken.push(&question.id);
                add(&question.text, Some(question));
            }
        }
        Ok(turns)
    }

    /// How many questions it asks.
    pub(crate) fn questions(&self) -> usize {
        self.slots.iter().map(Slot::number).sum()
    }
}

/// The plans that are built in, then those of each layer (`plans/*.toml`), which replace the ones below of
/// their id; what is wrong with a file stands in its place.
pub(crate) fn all(layers: &[Layer]) -> Vec<Result<Plan, String>> {
    let mut plans: Vec<Result<Plan, String>> = BUILTIN.iter().map(|(id, text)| Plan::parse(text, &place(id))).collect();
    for source in layers.iter().flat_map(|l| &l.files).filter(|s| s.place.starts_with(FOLDER)) {
        let read = Plan::parse(&source.text, &source.path);
        let same = |have: &Result<Plan, String>| matches!((have, &read), (Ok(have), Ok(new)) if have.id == new.id);
        match plans.iter().position(same) {
            Some(at) => plans[at] = read,
            None => plans.push(read),
        }
    }
    plans
}

/// Folder of plans in a folder of content.
pub(crate) const FOLDER: &str = "plans/";

/// Where the plan with this id stands in a folder of content.
pub(crate) fn place(id: &str) -> String {
    format!("{FOLDER}{id}.toml")
}

/// The plan in a file.
///
/// # Errors
/// It can't be read, or is wrong.
pub(crate) fn read(file: &Path) -> Result<Plan, String> {
    let name = file.display().to_string();
    let text = folder::read_file(file).map_err(|e| format!("the plan `{name}` can't be read: {e}"))?;
    Plan::parse(&text, &name)
}

/// The plan with this id, or in the file of this name.
///
/// # Errors
/// There is none, or it is wrong.
pub(crate) fn find(name: &str, layers: &[Layer]) -> Result<Plan, String> {
    if name.ends_with(".toml") || name.contains(std::path::MAIN_SEPARATOR) {
        return read(Path::new(name));
    }
    let plans = all(layers);
    if let Some(plan) = plans.iter().flatten().find(|p| p.id == name) {
        return Ok(plan.clone());
    }
    if let Some(Err(why)) = plans.iter().find(|p| p.as_ref().is_err_and(|why| why.contains(name))) {
        return Err(why.clone());
    }
    let near = did_you_mean(name, plans.iter().flatten().map(|p| p.id.as_str()));
    let hint = near.map_or_else(|| "`starcue mock plans` lists them".to_owned(), |n| format!("did you mean `{n}`?"));
    Err(format!("there is no plan `{}`; {hint}", tidy(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Library;

    #[test]
    fn every_plan_that_ships_is_built_in_and_asks_what_the_bank_has() {
        let library = Library::builtin().unwrap();
        let mut names: Vec<String> = std::fs::read_dir("plans")
            .unwrap()
            .map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, BUILTIN.iter().map(|(id, _)| (*id).to_owned()).collect::<Vec<_>>());
        for (plan, (id, _)) in all(&[]).into_iter().zip(BUILTIN) {
            let plan = plan.unwrap();
            assert_eq!(plan.id, *id);
            for seed in 0..20 {
                let turns = plan.turns(library.questions(), &mut Dice::seeded(seed)).unwrap();
                assert_eq!(turns.len(), plan.questions());
                let mut ids: Vec<_> = turns.iter().filter_map(|t| t.question.clone()).collect();
                let all = ids.len();
                ids.sort();
                ids.dedup();
                assert_eq!(ids.len(), all, "{id}: no question comes twice");
                let seconds: u32 = turns.iter().map(|t| t.think + t.answer).sum();
                assert!(seconds / 60 <= plan.minutes, "{id}: {} minutes", seconds / 60);
                for turn in turns {
                    library.rubric(&turn.rubric).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_byte_order_mark_shifts_no_line() {
        let broken = |mark: &str| Plan::parse(&format!("{mark}schema = 1\nx = ]\n"), "p.toml").unwrap_err();
        assert_eq!(broken(""), broken("\u{feff}"));
        assert!(broken("\u{feff}").starts_with("p.toml:2: "), "{}", broken("\u{feff}"));
    }

    #[test]
    fn the_same_dice_draw_the_same_questions() {
        let library = Library::builtin().unwrap();
        let plan = Plan::made(Made { draw: Draw { number: 4, ..Draw::default() }, ..Made::default() });
        let asked = |seed| -> Vec<Option<String>> {
            let turns = plan.turns(library.questions(), &mut Dice::seeded(seed)).unwrap();
            turns.into_iter().map(|t| t.question).collect()
        };
        assert_eq!(asked(7), asked(7));
        assert!((0..9).any(|seed| asked(seed) != asked(7)));
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_said_with_its_line() {
        let plan = |body: &str| {
            let head = "schema = 1\nid = \"p\"\ntitle = \"P\"\n";
            Plan::parse(&format!("{head}{body}"), "p.toml").unwrap_err()
        };
        for (body, said) in [
            ("[[question]]\nidd = \"x\"", "p.toml:5: unknown field `idd`"),
            ("", "missing field `question`"),
            ("[[question]]\nid = \"x\"\ntext = \"y\"", "question 1 needs one of"),
            ("[[question]]\nthink = 3", "question 1 needs one of"),
            ("answer = 99999\n[[question]]\nid = \"x\"", "at most 3600 seconds"),
            ("think = ", "p.toml:4: "),
        ] {
            let error = plan(body);
            assert!(error.contains(said), "{error}");
        }
        let bank = Library::builtin().unwrap();
        let turns = |body: &str| {
            let text = format!("schema = 1\nid = \"p\"\ntitle = \"P\"\n[[question]]\n{body}");
            Plan::parse(&text, "p").unwrap().turns(bank.questions(), &mut Dice::seeded(1)).unwrap_err()
        };
        assert!(turns("id = \"mistake-at-wrok\"").contains("did you mean `mistake-at-work`?"));
        assert!(turns("draw = { theme = \"Ethics\", number = 400 }").contains("only"));
        assert!(turns("draw = { level = \"hard\" }").contains("a level is beginner"));
        assert!(turns("draw = { theme = \"Basketry\" }").contains("no question has the theme `Basketry`"));
        assert!(find("engineer-54", &[]).unwrap_err().contains("did you mean `engineer-45`?"));
    }
}
