//! Banks, guides and rubrics: from TOML files to validated content.
//!
//! The built-in files are embedded; packs and a folder of the user's, of the same shape
//! (`questions/`, `questions/guides/`, `rubrics/`), are laid over them in this order: a question,
//! guide or rubric of the same id replaces the one below, anything else is added. What is built in
//! comes packed, and is unpacked when it is first asked for.

pub(crate) mod folder;
mod layer;
mod merge;
pub(crate) mod pack;
pub(crate) mod question;
#[allow(unreachable_pub, reason = "shapes of files: public as what they shape is")]
pub(crate) mod raw;
pub(crate) mod rubric;

pub(crate) use layer::Layer;
pub use layer::Origin;

use crate::diagnostics::{Problem, Problems, did_you_mean, line_of};
use crate::embedded;
use crate::text::language::Language;
use layer::Origins;
use question::{Ask, Difficulty, Guide, KeyPoint, Question, Sample, Step, Trap, Weak};
use rubric::{Rubric, RubricSource};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// One file of content.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Path for messages.
    pub(crate) path: String,
    /// Its place in the shape of a content folder, such as `rubrics/sales.toml`.
    pub(crate) place: String,
    /// The whole text.
    pub(crate) text: Cow<'static, str>,
}

/// All content: questions, guides, rubrics and languages.
#[derive(Debug)]
pub struct Library {
    questions: OnceLock<Vec<Question>>,
    /// Packed questions that were asked for one by one, while `questions` was not.
    single: OnceLock<Vec<OnceLock<Question>>>,
    /// Where each of `questions` stands, by id.
    by_id: OnceLock<HashMap<String, usize>>,
    guides: OnceLock<Vec<Guide>>,
    rules: OnceLock<RuleFiles>,
    /// Whether the rubrics are the built-in ones, as they were packed.
    packed: bool,
    compiled: Mutex<BTreeMap<String, Arc<Rubric>>>,
    origins: Origins,
}

/// Rubrics and languages as their files say them.
#[derive(Debug, Default)]
struct RuleFiles {
    rubrics: BTreeMap<String, RubricSource>,
    languages: BTreeMap<String, Arc<Language>>,
}

impl Library {
    /// The content that is built in.
    ///
    /// # Errors
    /// None today: the build has read it all. It shares the type of [`Library::open`].
    pub fn builtin() -> Result<Self, Problems> {
        Self::open(None)
    }

    /// The built-in content with a folder of the user's laid over it.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn open(folder: Option<&Path>) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let layer = folder.map(|f| Layer::of_folder(f, Origin::Folder(f.display().to_string()), &mut problems));
        Self::layered(layer.as_slice(), problems)
    }

    /// The built-in content with layers over it, lowest first; `problems` are those of reading them.
    ///
    /// # Errors
    /// Every problem of every file.
    pub(crate) fn layered(layers: &[Layer], mut problems: Vec<Problem>) -> Result<Self, Problems> {
        let builtin = Self {
            questions: OnceLock::new(),
            single: OnceLock::new(),
            by_id: OnceLock::new(),
            guides: OnceLock::new(),
            rules: OnceLock::new(),
            packed: true,
            compiled: Mutex::default(),
            origins: Origins::new(),
        };
        let library = if layers.is_empty() { builtin } else { builtin.under(layers, &mut problems) };
        if problems.is_empty() { Ok(library) } else { Err(Problems(problems)) }
    }

    /// A library of these files alone: what the build packs.
    ///
    /// # Errors
    /// Every problem of every file.
    #[allow(dead_code, reason = "build.rs compiles this file too, and calls it there")]
    pub(crate) fn of(sources: &[Source]) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut shelves = Shelves::default();
        shelves.lay(sources, &mut problems);
        if problems.is_empty() { Ok(shelves.library()) } else { Err(Problems(problems)) }
    }

    /// This library with layers of files over it.
    fn under(self, layers: &[Layer], problems: &mut Vec<Problem>) -> Self {
        let rules = layers.iter().flat_map(|l| &l.files).any(|s| s.place.starts_with("rubrics/"));
        let mut shelves = Shelves {
            questions: self.questions().to_vec(),
            guides: self.guides().to_vec(),
            rules: if rules { RuleFiles::builtin() } else { RuleFiles::default() },
            origins: Origins::new(),
        };
        for layer in layers {
            let ids = shelves.lay(&layer.files, problems);
            shelves.origins.extend(ids.into_iter().map(|id| (id, layer.origin.clone())));
        }
        let mut library = shelves.library();
        if !rules {
            library.rules = OnceLock::new();
            library.packed = true;
        }
        library
    }

    /// Where a question comes from.
    #[must_use]
    pub fn origin_of_question(&self, id: &str) -> &Origin {
        self.origin("question", id)
    }

    /// Where a guide comes from.
    #[must_use]
    pub fn origin_of_guide(&self, id: &str) -> &Origin {
        self.origin("guide", id)
    }

    /// Where a rubric comes from.
    #[must_use]
    pub fn origin_of_rubric(&self, id: &str) -> &Origin {
        self.origin("rubric", id)
    }

    fn origin(&self, kind: &'static str, id: &str) -> &Origin {
        self.origins.get(&(kind, id.to_owned())).unwrap_or(&Origin::BuiltIn)
    }

    fn rules(&self) -> &RuleFiles {
        self.rules.get_or_init(RuleFiles::builtin)
    }

    /// The questions, built-in ones first, in the order of their files.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        self.questions.get_or_init(pack::questions)
    }

    /// The question with this id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        // One of those that are packed is unpacked alone: all of them take as long as judging many answers.
        let Some(questions) = self.questions.get() else {
            let place = pack::question_place(id)?;
            let single = self.single.get_or_init(|| (0..pack::question_count()).map(|_| OnceLock::new()).collect());
            return Some(single[place].get_or_init(|| pack::question(place)));
        };
        let of = |(at, question): (usize, &Question)| (question.id.clone(), at);
        let by_id = self.by_id.get_or_init(|| questions.iter().enumerate().map(of).collect());
        by_id.get(id).map(|at| &questions[*at])
    }

    /// The guides.
    #[must_use]
    pub fn guides(&self) -> &[Guide] {
        self.guides.get_or_init(pack::guides)
    }

    /// The guide with this id.
    #[must_use]
    pub fn guide(&self, id: &str) -> Option<&Guide> {
        self.guides().iter().find(|g| g.id == id)
    }

    /// Ids of the rubrics, in alphabetical order.
    pub fn rubric_ids(&self) -> impl Iterator<Item = &str> {
        let packed = embedded::PACK.rubrics.iter().map(|(id, ..)| *id).filter(|_| self.packed);
        let own = (!self.packed).then(|| self.rules().rubrics.keys().map(String::as_str));
        packed.chain(own.into_iter().flatten())
    }

    /// The rubric with this id, compiled on first use.
    ///
    /// # Errors
    /// [`RubricError::Unknown`] where there is none, with the nearest id; the problems of its
    /// files otherwise.
    pub fn rubric(&self, id: &str) -> Result<Arc<Rubric>, RubricError> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rubric) = compiled.get(id) {
            return Ok(Arc::clone(rubric));
        }
        let rubric = match self.packed.then(|| pack::rubric(id)).flatten() {
            Some(packed) => packed,
            None => self.compile(id)?,
        };
        let rubric = Arc::new(rubric);
        compiled.insert(id.to_owned(), Arc::clone(&rubric));
        Ok(rubric)
    }

    /// The rubric with this id, compiled from its files.
    fn compile(&self, id: &str) -> Result<Rubric, RubricError> {
        let rules = self.rules();
        if !rules.rubrics.contains_key(id) {
            let near = did_you_mean(id, self.rubric_ids()).map(str::to_owned);
            return Err(RubricError::Unknown { id: id.to_owned(), near });
        }
        rubric::compile(id, &rules.rubrics, &rules.languages).map_err(RubricError::Broken)
    }

    /// The table `[score]` that holds for a rubric, as its author wrote it.
    pub(crate) fn score_as_written(&self, id: &str) -> Option<raw::RawScore> {
        merge::merge(id, &self.rules().rubrics, &mut Vec::new()).score
    }
}

impl RuleFiles {
    /// Those of the files that are built in.
    fn builtin() -> Self {
        let sources: Vec<Source> = embedded::FILES
            .iter()
            .filter(|(place, _)| place.starts_with("rubrics/"))
            .map(|(place, text)| Source {
                path: (*place).to_owned(),
                place: (*place).to_owned(),
                text: Cow::Borrowed(*text),
            })
            .collect();
        let mut shelves = Shelves::default();
        let mut problems = Vec::new();
        shelves.lay(&sources, &mut problems);
        debug_assert!(problems.is_empty(), "the build has read these files: {problems:?}");
        shelves.rules
    }
}

/// Content while its layers are laid over each other.
#[derive(Debug, Default)]
struct Shelves {
    questions: Vec<Question>,
    guides: Vec<Guide>,
    rules: RuleFiles,
    origins: Origins,
}

impl Shelves {
    fn library(self) -> Library {
        Library {
            questions: self.questions.into(),
            single: OnceLock::new(),
            by_id: OnceLock::new(),
            guides: self.guides.into(),
            rules: self.rules.into(),
            packed: false,
            compiled: Mutex::default(),
            origins: self.origins,
        }
    }

    /// Lays files over what is there; tells what they hold.
    fn lay(&mut self, layer: &[Source], problems: &mut Vec<Problem>) -> Vec<(&'static str, String)> {
        let mut rubrics: BTreeMap<String, RubricSource> = BTreeMap::new();
        let mut ids: Vec<(&'static str, String)> = Vec::new();
        for source in layer {
            if source.place.starts_with("questions/guides/") {
                if let Some(raw) = parse::<raw::GuideFile>(source, problems) {
                    check_schema(raw.schema, source, problems);
                    ids.push(("guide", raw.id.clone()));
                    put(&mut self.guides, guide(raw), |g| &g.id);
                }
            } else if source.place.starts_with("questions/") {
                if let Some(raw) = parse::<raw::BankFile>(source, problems) {
                    check_schema(raw.schema, source, problems);
                    for q in raw.questions {
                        if let Some(q) = question(q, source, problems) {
                            ids.push(("question", q.id.clone()));
                            put(&mut self.questions, q, |q| &q.id);
                        }
                    }
                }
            } else if source.place.starts_with("rubrics/language/") {
                match Language::parse(&source.text) {
                    Ok(language) => drop(self.rules.languages.insert(language.id.clone(), Arc::new(language))),
                    Err(message) => problems.push(Problem {
                        code: "syntax",
                        file: source.path.clone(),
                        line: None,
                        message,
                        help: None,
                    }),
                }
            } else if source.place.starts_with("rubrics/")
                && let Some(raw) = parse::<raw::RubricFile>(source, problems)
            {
                check_schema(raw.schema, source, problems);
                rubrics.entry(raw.id.clone()).or_default().add(source, raw);
            }
        }
        // A rubric of a later layer replaces the whole of an earlier one with its id: to build on
        // a built-in rubric, give yours an id of its own and `extends` the other.
        ids.extend(rubrics.keys().map(|id| ("rubric", id.clone())));
        self.rules.rubrics.extend(rubrics);
        ids
    }
}

/// Why there is no rubric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RubricError {
    /// No rubric has this id.
    #[error("there is no rubric `{id}`{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// The id that was asked for.
        id: String,
        /// The nearest id that there is.
        near: Option<String>,
    },
    /// Its files have problems.
    #[error("{0}")]
    Broken(Problems),
}

fn put<T>(list: &mut Vec<T>, item: T, id: impl Fn(&T) -> &String) {
    match list.iter().position(|have| id(have) == id(&item)) {
        Some(at) => list[at] = item,
        None => list.push(item),
    }
}

fn check_schema(schema: u32, source: &Source, problems: &mut Vec<Problem>) {
    if schema > raw::SCHEMA {
        problems.push(Problem {
            code: "newer-schema",
            file: source.path.clone(),
            line: None,
            message: format!("this file has format {schema}; this starcue reads up to {}", raw::SCHEMA),
            help: Some("update starcue, or ask the author for an older version".to_owned()),
        });
    }
}

fn parse<T: DeserializeOwned>(source: &Source, problems: &mut Vec<Problem>) -> Option<T> {
    match toml::from_str(&source.text) {
        Ok(value) => Some(value),
        Err(e) => {
            let line = e.span().map(|s| line_of(&source.text, s.start));
            problems.push(Problem {
                code: "syntax",
                file: source.path.clone(),
                line,
                message: e.message().trim().to_owned(),
                help: None,
            });
            None
        }
    }
}

fn ask(raw: raw::RawAsk) -> Ask {
    Ask { id: raw.id, line: raw.line }
}

fn trap(raw: raw::RawTrap) -> Trap {
    Trap { id: raw.id, avoid: raw.avoid }
}

fn question(raw: raw::RawQuestion, source: &Source, problems: &mut Vec<Problem>) -> Option<Question> {
    let Some(difficulty) = Difficulty::from_id(&raw.difficulty) else {
        problems.push(Problem {
            code: "unknown-word",
            file: source.path.clone(),
            line: None,
            message: format!("question `{}` has difficulty `{}`", raw.id, raw.difficulty),
            help: Some("write beginner, intermediate or advanced".to_owned()),
        });
        return None;
    };
    Some(Question {
        id: raw.id,
        text: raw.text,
        theme: raw.theme,
        role: raw.role,
        about_role: raw.about_role,
        function: raw.function,
        difficulty,
        rubric: raw.rubric,
        motivations: raw.motivations.into_iter().map(ask).collect(),
        minefields: raw.minefields.into_iter().map(trap).collect(),
        key_points: raw.key_points.into_iter().map(|k| KeyPoint { text: k.text, behaviours: k.behaviours }).collect(),
        sample: Sample {
            situation: raw.sample.situation,
            task: raw.sample.task,
            action: raw.sample.action,
            result: raw.sample.result,
        },
        why_it_works: raw.why_it_works,
        probes: raw.probes,
        tips: raw.tips,
        stories: raw.stories,
        related: raw.related,
        weak: raw.weak.map(|w| Weak { band: w.band, minefields: w.minefields, why: w.why, answer: w.answer }),
    })
}

fn guide(raw: raw::GuideFile) -> Guide {
    Guide {
        id: raw.id,
        title: raw.title,
        summary: raw.summary,
        steps: raw
            .steps
            .into_iter()
            .map(|s| Step {
                title: s.title,
                text: s.text,
                section: s.section,
                behaviours: s.behaviours,
                practices: s.practices,
                phrases: s.phrases,
            })
            .collect(),
        competencies: raw.competencies.into_iter().map(ask).collect(),
        mistakes: raw.mistakes.into_iter().map(trap).collect(),
        scenarios: raw.scenarios,
        tips: raw.tips,
    }
}
