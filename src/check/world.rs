//! All content that can be referred to, read as its authors wrote it.

use super::codes::REPLACES;
use super::files::{File, Gathered};
use super::finding::{Finding, Findings};
use super::inside;
use super::schema::FileKind;
use super::tree::{Step, Tree, at};
use crate::Family;
use crate::content::raw::{BankFile, GuideFile, PackFile, RawRule, RubricFile};
use crate::content::{Layer, Source};
use crate::mock::Plan;
use crate::text::language::Language;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// How deep `extends` may go.
pub(super) const DEEPEST: usize = 10;

/// What a file says.
pub(super) enum Body {
    Bank(BankFile),
    Guide(GuideFile),
    Rubric(Box<RubricFile>),
    Language(Box<Language>),
    Pack(PackFile),
    Plan(Plan),
    /// It can't be read; its findings say why.
    Broken,
}

/// A file with what it says.
pub(super) struct Unit<'a> {
    pub(super) file: &'a File,
    /// Where everything stands; only of files whose findings are told.
    pub(super) tree: Option<Tree<'a>>,
    pub(super) body: Body,
}

impl<'a> Unit<'a> {
    /// Reads a file; where its findings are told, its shape is checked.
    fn read(file: &'a File) -> (Self, Findings) {
        let mut out = Findings::default();
        let mut good = true;
        let mut tree = None;
        if file.wanted {
            let (parsed, errors) = Tree::parse(&file.text);
            good = super::shape::check(file, &parsed, errors, &mut out);
            tree = Some(parsed);
        }
        let body = if good { body(file, tree.as_ref(), &mut out) } else { Body::Broken };
        (Self { file, tree, body }, out)
    }

    /// A finding at the value of a path; nothing where the file's findings are not told.
    pub(super) fn at(&self, code: &'static super::Code, path: &[Step], message: impl Into<String>) -> Option<Finding> {
        let tree = self.tree.as_ref()?;
        Some(Finding::new(code, self.file, Some(tree.value(path)), message))
    }

    /// The same, at a part of the text at a path where one is known: `part` finds it in the text.
    pub(super) fn within(
        &self,
        code: &'static super::Code,
        path: &[Step],
        part: impl Fn(&str) -> Option<std::ops::Range<usize>>,
        message: impl Into<String>,
    ) -> Option<Finding> {
        let tree = self.tree.as_ref()?;
        let narrow = tree.text(path).and_then(|(text, span)| {
            let inner = inside::of_source(self.file.text.get(span.clone())?, text, &part(text)?)?;
            Some(span.start + inner.start..span.start + inner.end)
        });
        let span = narrow.map_or_else(|| tree.value(path), |s| tree.tidy(s));
        Some(Finding::new(code, self.file, Some(span), message))
    }

    /// The rubric that this file is a part of.
    pub(super) fn rubric(&self) -> Option<&RubricFile> {
        match &self.body {
            Body::Rubric(rubric) => Some(rubric),
            _ => None,
        }
    }
}

/// The rules of a file, by family and the key that they stand under.
pub(super) fn families(file: &RubricFile) -> [(Family, &'static str, &[RawRule]); 5] {
    [
        (Family::Signal, "signal", &file.signals),
        (Family::SectionCue, "section_cue", &file.section_cues),
        (Family::Behaviour, "behaviour", &file.behaviours),
        (Family::Motivation, "motivation", &file.motivations),
        (Family::Minefield, "minefield", &file.minefields),
    ]
}

/// All content.
pub(super) struct World<'a> {
    pub(super) units: Vec<Unit<'a>>,
    /// Layer of each rubric that holds: the highest that has its id.
    rubrics: BTreeMap<String, usize>,
    /// Question to the number of the highest unit that has it.
    pub(super) questions: BTreeMap<String, usize>,
    guides: BTreeMap<String, usize>,
    plans: BTreeMap<String, usize>,
}

impl<'a> World<'a> {
    /// Reads all files; the shape of those whose findings are told is checked.
    pub(super) fn read(gathered: &'a Gathered, out: &mut Findings) -> Self {
        let read: Vec<(Unit<'_>, Findings)> = gathered.files.par_iter().map(Unit::read).collect();
        let mut units = Vec::with_capacity(read.len());
        for (unit, findings) in read {
            out.merge(findings);
            units.push(unit);
        }
        let mut world = Self {
            units,
            rubrics: BTreeMap::new(),
            questions: BTreeMap::new(),
            guides: BTreeMap::new(),
            plans: BTreeMap::new(),
        };
        world.index(gathered, out);
        world
    }

    fn index(&mut self, gathered: &Gathered, out: &mut Findings) {
        for (number, unit) in self.units.iter().enumerate() {
            let layer = unit.file.layer;
            let replaced = |of: Option<usize>, path: &[Step], what: &str, id: &str| {
                let below = &self.units[of?];
                let same_place = below.file.place == unit.file.place;
                if below.file.layer == layer || same_place {
                    return None;
                }
                let origin = &gathered.origins[below.file.layer];
                unit.at(REPLACES, path, format!("{what} `{id}` takes the place of the one that is {}", from(origin)))
            };
            match &unit.body {
                Body::Bank(bank) => {
                    for (index, q) in bank.questions.iter().enumerate() {
                        let before = self.questions.insert(q.id.clone(), number);
                        let path = at!["question", index, "id"];
                        out.extend(replaced(before, &path, "question", &q.id));
                    }
                }
                Body::Guide(guide) => {
                    let before = self.guides.insert(guide.id.clone(), number);
                    out.extend(replaced(before, &at!["id"], "guide", &guide.id));
                }
                Body::Plan(plan) => {
                    let before = self.plans.insert(plan.id.clone(), number);
                    out.extend(replaced(before, &at!["id"], "plan", &plan.id));
                }
                Body::Rubric(rubric) => {
                    let before = self.rubrics.insert(rubric.id.clone(), layer).filter(|l| *l < layer);
                    if let Some(below) = before {
                        let of = self
                            .units
                            .iter()
                            .position(|u| u.file.layer == below && u.rubric().is_some_and(|r| r.id == rubric.id));
                        out.extend(replaced(of, &at!["id"], "rubric", &rubric.id));
                    }
                }
                Body::Language(_) | Body::Pack(_) | Body::Broken => {}
            }
        }
    }

    /// All layers, what is built in first, without files that can't be read.
    pub(super) fn layers(&self, gathered: &Gathered) -> Vec<Layer> {
        let mut layers: Vec<Layer> =
            gathered.origins.iter().map(|o| Layer { origin: o.clone(), files: Vec::new() }).collect();
        for unit in &self.units {
            if !matches!(unit.body, Body::Broken) {
                layers[unit.file.layer].files.push(Source {
                    path: unit.file.path.clone(),
                    place: unit.file.place.clone(),
                    text: unit.file.text.clone(),
                });
            }
        }
        layers
    }

    /// Ids of all rubrics.
    pub(super) fn rubric_ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.rubrics.keys().map(String::as_str)
    }

    /// The files of a rubric.
    pub(super) fn rubric<'s>(&'s self, id: &str) -> impl Iterator<Item = (&'s Unit<'a>, &'s RubricFile)> + use<'s, 'a> {
        let (layer, id) = (self.rubrics.get(id).copied(), id.to_owned());
        self.units.iter().filter(move |u| Some(u.file.layer) == layer).filter_map(move |u| {
            let file = u.rubric().filter(|r| r.id == id)?;
            Some((u, file))
        })
    }

    /// A rubric and those that it extends, itself first, as far as they are there and make no circle.
    pub(super) fn chain(&self, id: &str) -> Vec<String> {
        let mut chain: Vec<String> = Vec::new();
        let mut next = Some(id.to_owned());
        while let Some(id) = next.filter(|id| self.rubrics.contains_key(id) && !chain.contains(id)) {
            next = self.rubric(&id).find_map(|(_, f)| f.extends.clone());
            chain.push(id);
            if chain.len() == DEEPEST {
                break;
            }
        }
        chain
    }

    /// The rules of a rubric with those that it inherits: id to family.
    pub(super) fn rules(&self, id: &str) -> BTreeMap<String, Family> {
        let mut rules = BTreeMap::new();
        for part in self.chain(id).iter().rev() {
            for (_, file) in self.rubric(part) {
                for removed in &file.remove {
                    rules.remove(removed);
                }
            }
            for (_, file) in self.rubric(part) {
                for (family, _, all) in families(file) {
                    rules.extend(all.iter().map(|r| (r.id.clone(), family)));
                }
            }
        }
        rules
    }

    /// Rubrics that a file whose findings are told has a part in, by itself or by inheritance.
    pub(super) fn touched_rubrics(&self) -> Vec<String> {
        let told = |id: &String| self.rubric(id).any(|(u, _)| u.file.wanted);
        let of_language: BTreeSet<&str> = self.units.iter().filter(|u| u.file.wanted).filter_map(language_id).collect();
        let touched = self.rubric_ids().filter(|id| {
            let chain = self.chain(id);
            let language = chain.iter().find_map(|p| self.rubric(p).find_map(|(_, f)| f.language.clone()));
            chain.iter().any(told) || of_language.contains(language.as_deref().unwrap_or("en"))
        });
        touched.map(str::to_owned).collect()
    }

    /// Ids of all languages.
    pub(super) fn languages(&self) -> impl Iterator<Item = &str> + Clone {
        self.units.iter().filter_map(language_id)
    }

    /// The language with this id: of several, the one of the highest layer.
    pub(super) fn language(&self, id: &str) -> Option<&Language> {
        self.units.iter().rev().find_map(|u| match &u.body {
            Body::Language(language) if language.id == id => Some(&**language),
            _ => None,
        })
    }
}

fn language_id<'s>(unit: &'s Unit<'_>) -> Option<&'s str> {
    match &unit.body {
        Body::Language(language) => Some(&language.id),
        _ => None,
    }
}

fn from(origin: &crate::Origin) -> String {
    match origin {
        crate::Origin::BuiltIn => "built in".to_owned(),
        other => format!("in {other}"),
    }
}

/// Reads a file whose shape is right, from its tree where it has one.
fn body(file: &File, tree: Option<&Tree<'_>>, out: &mut Findings) -> Body {
    fn read<T: DeserializeOwned>(file: &File, tree: Option<&Tree<'_>>) -> Result<T, toml::de::Error> {
        tree.map_or_else(|| toml::from_str(&file.text), Tree::read)
    }
    let read = match file.kind {
        FileKind::Bank => read(file, tree).map(Body::Bank),
        FileKind::Guide => read(file, tree).map(Body::Guide),
        FileKind::Rubric => read(file, tree).map(|r| Body::Rubric(Box::new(r))),
        FileKind::Pack => read(file, tree).map(Body::Pack),
        FileKind::Plan => read(file, tree).map(Body::Plan),
        FileKind::Language => match Language::parse(&file.text) {
            Ok(language) => return Body::Language(Box::new(language)),
            Err(message) => {
                if file.wanted {
                    out.push(Finding::new(super::codes::UNKNOWN_WORD, file, None, message));
                }
                return Body::Broken;
            }
        },
    };
    read.unwrap_or_else(|e| {
        // The schema should have found it; where it has not, the loader's own words must do.
        if file.wanted {
            out.push(Finding::new(super::codes::WRONG_TYPE, file, e.span(), e.message().trim()));
        }
        Body::Broken
    })
}
