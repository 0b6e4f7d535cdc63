//! Checking content: every problem of every file in one run, each with its place.
//!
//! Files are read with the place of everything in them (`tree`), their shape is held against the
//! JSON Schemas under `schemas/` (`shape`), ids are looked up in all content (`references`), rules
//! and their examples are run (`rules`, `examples`), and so are the answers of questions (`bank`);
//! plans of interviews must find their questions, and fit into their time (`plans`).
//! `inside` finds the words at fault. Every diagnostic stands in one table (`codes`).

mod bank;
mod codes;
mod dead;
mod examples;
mod files;
mod finding;
mod inside;
mod plans;
mod references;
mod rules;
mod schema;
mod shape;
mod tree;
mod words;
mod world;

pub use codes::{CODES, Code, Level};
pub use finding::Finding;
pub use schema::FileKind;
#[cfg(test)]
pub(crate) use schema::bare_keys;

use crate::answer::Answer;
use crate::content::{Layer, Source};
use crate::diagnostics::Problems;
use crate::engine::matcher;
use crate::engine::pattern::{self, Lexicon};
use crate::engine::phrases::Gathered;
use crate::text::language::Language;
use crate::text::{Text, Vocabulary};
use crate::{Library, Rubric, RubricError};
use finding::Findings;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;
use world::World;

/// What is checked.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Layers over what is built in, lowest first.
    pub(crate) base: Vec<Layer>,
    /// Packs that are there: id and version.
    pub(crate) packs: Vec<crate::packs::PackVersion>,
    /// Files and folders whose findings are told; none: everything.
    pub(crate) inputs: Vec<PathBuf>,
    /// Only this rubric and its questions.
    pub(crate) rubric: Option<String>,
    /// Only these rules.
    pub(crate) rules: Vec<String>,
    /// Whether notes are wanted: some take longer to find.
    pub(crate) notes: bool,
}

impl Scope {
    fn wants(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|r| r == rule)
    }

    fn wants_rubric(&self, id: &str) -> bool {
        self.rubric.as_ref().is_none_or(|r| r == id)
    }
}

/// What a check has found.
#[derive(Debug, Default)]
pub struct Report {
    /// All findings, by file and place.
    pub findings: Vec<Finding>,
    /// How many files were checked.
    pub files: usize,
    /// How many rules of rubrics.
    pub rules: usize,
    /// How many examples of theirs were run.
    pub examples: usize,
    /// How many questions.
    pub questions: usize,
    /// Ids of all rubrics that there are, checked or not.
    pub rubrics: Vec<String>,
    /// Text of each file that was checked, by the path that the findings name.
    pub texts: BTreeMap<String, String>,
}

impl Report {
    /// How many findings are of this level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|f| f.level() == level).count()
    }
}

/// Checks files and folders of content beside what is built in; all that is built in where none
/// is named. Notes are told too.
#[must_use]
pub fn check(inputs: &[PathBuf]) -> Report {
    run(Scope { inputs: inputs.to_vec(), notes: true, ..Scope::default() })
}

/// Checks all that is built in; notes are not looked for.
#[must_use]
pub fn check_built_in() -> Report {
    run(Scope::default())
}

/// Checks one text as a file of this kind, beside the English language file and nothing else: what
/// it extends or names elsewhere is told as missing.
#[must_use]
pub fn check_text(kind: FileKind, text: &str) -> Report {
    check_text_beside(kind, text, files::ENGLISH.1)
}

/// The same, beside a language file of one's own, whose id must be `en`: a small one is read much sooner.
#[must_use]
pub fn check_text_beside(kind: FileKind, text: &str, language: &str) -> Report {
    let scope = Scope { notes: true, ..Scope::default() };
    let library = |layers: &[Layer]| {
        let files: Vec<Source> = layers.iter().flat_map(|l| l.files.clone()).collect();
        Library::of(&files)
    };
    finish(&scope, files::alone(kind, text, language), Findings::default(), library)
}

/// Where a phrase of the rule language matches an English text, in bytes.
///
/// # Errors
/// One sentence that says what is wrong with the phrase.
pub fn find_phrase(phrase: &str, text: &str) -> Result<Vec<Range<usize>>, String> {
    static ENGLISH: OnceLock<Result<Language, String>> = OnceLock::new();
    let language = ENGLISH.get_or_init(|| Language::parse(files::ENGLISH.1)).as_ref().map_err(Clone::clone)?;
    let (mut gathered, mut vocabulary) = (Gathered::default(), Vocabulary::of(language));
    let nodes = pattern::compile(phrase, &Lexicon::new(), &mut gathered.tables, language, &mut vocabulary)?;
    gathered.add(nodes);
    let phrases = gathered.lay(&vocabulary);
    let cut = Text::of(&Answer::whole(text), &vocabulary);
    Ok(matcher::find(&phrases, &cut).iter().map(|hit| cut.bytes(&hit.tokens())).collect())
}

/// Checks what is in the scope.
pub(crate) fn run(mut scope: Scope) -> Report {
    let mut out = Findings::default();
    let gathered = files::gather(std::mem::take(&mut scope.base), &scope.inputs, &mut out);
    finish(&scope, gathered, out, |layers| Library::layered(&layers[1..], Vec::new()))
}

fn finish(
    scope: &Scope,
    gathered: files::Gathered,
    mut out: Findings,
    library: impl FnOnce(&[Layer]) -> Result<Library, Problems>,
) -> Report {
    let world = World::read(&gathered, &mut out);
    references::check(&world, &scope.packs, &mut out);
    let mut report = Report::default();
    let library = library(&world.layers(&gathered));
    match &library {
        Ok(library) => judge(&world, library, scope, &mut out, &mut report),
        Err(problems) => {
            for problem in &problems.0 {
                if !out.has_error(&problem.file) {
                    out.push(Finding::of_path(codes::BROKEN_RUBRIC, &problem.file, problem.message.clone()));
                }
            }
        }
    }
    report.rubrics = world.rubric_ids().map(str::to_owned).collect();
    report.files = gathered.files.iter().filter(|f| f.wanted).count();
    report.findings = out.into_sorted();
    // To take down what was read takes a while too.
    rayon::join(|| drop(library), || drop(world));
    for file in gathered.files.into_iter().filter(|f| f.wanted) {
        report.texts.insert(file.path, file.text.into_owned());
    }
    report
}

/// The built-in content with layers and further files and folders over it.
///
/// # Errors
/// What is wrong in the files, as the loader says it.
pub(crate) fn library(base: Vec<Layer>, inputs: &[PathBuf]) -> Result<Library, Problems> {
    let mut out = Findings::default();
    let gathered = files::gather(base, inputs, &mut out);
    let mut layers: Vec<Layer> =
        gathered.origins.into_iter().map(|origin| Layer { origin, files: Vec::new() }).collect();
    for file in gathered.files {
        layers[file.layer].files.push(Source { path: file.path, place: file.place, text: file.text });
    }
    Library::layered(&layers.split_off(1), Vec::new())
}

/// Runs what needs compiled rubrics.
fn judge(world: &World<'_>, library: &Library, scope: &Scope, out: &mut Findings, report: &mut Report) {
    let ids: Vec<String> = world.touched_rubrics().into_iter().filter(|id| scope.wants_rubric(id)).collect();
    let rubrics = || -> Vec<_> {
        ids.par_iter().map(|id| library.rubric(id).map(|rubric| of_rubric(world, library, &rubric, scope))).collect()
    };
    let banks = || {
        let mut out = Findings::default();
        if scope.rules.is_empty() {
            bank::check(world, library, scope, &mut out);
            plans::check(world, library, &mut out);
        }
        out
    };
    let (rubrics, banks) = rayon::join(rubrics, banks);
    for (id, judged) in ids.iter().zip(rubrics) {
        match judged {
            Ok((found, rules, examples)) => {
                out.merge(found);
                report.rules += rules;
                report.examples += examples;
            }
            Err(RubricError::Broken(problems)) => rules::broken(world, id, &problems, out),
            // A chain that ends nowhere or in a circle is told by the references.
            Err(RubricError::Unknown { .. }) => {}
        }
    }
    out.merge(banks);
    report.questions = world
        .units
        .iter()
        .filter(|u| u.file.wanted)
        .map(|u| match &u.body {
            world::Body::Bank(bank) => bank.questions.len(),
            _ => 0,
        })
        .sum();
}

/// What is found in a rubric that compiles; how many rules it has of its own, and examples of these.
fn of_rubric(world: &World<'_>, library: &Library, rubric: &Rubric, scope: &Scope) -> (Findings, usize, usize) {
    let own = rubric.rules().iter().filter(|r| scope.wants(&r.id)).filter(|r| {
        let places = rules::places(world, &rubric.id, r.family, &r.id);
        places.iter().any(|p| p.unit.rubric().is_some_and(|f| *f.id == *rubric.id))
    });
    let (mut rules, mut examples) = (0, 0);
    for rule in own {
        rules += 1;
        let all = [&rule.matches, &rule.no_match, &rule.known_miss, &rule.known_noise];
        examples += all.iter().map(|l| l.len()).sum::<usize>();
    }
    let mut out = Findings::default();
    rules::check(world, rubric, scope, &mut out);
    examples::check(world, library, rubric, scope, &mut out);
    (out, rules, examples)
}
