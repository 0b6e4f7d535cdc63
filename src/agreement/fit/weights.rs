//! The weights of a score, as numbers that can be varied: read from rubrics, kept sane.

use crate::agreement::judge::Case;
use crate::assessment::{Kind, Section, Severity, Tenths};
use crate::{Family, Rubric};
use std::fmt;
use std::sync::Arc;

/// Which weight of `[score]`, of a minefield or of a band.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Points of a section at level 1 or 2.
    Section(Section, u8),
    /// Points of each behaviour.
    Behaviour,
    /// The most that behaviours give together.
    BehavioursAtMost,
    /// Points of a signal.
    Signal(Arc<str>),
    /// Points taken for a mild minefield.
    Mild,
    /// Points taken for a serious minefield.
    Serious,
    /// The most that minefields take together.
    MinefieldsAtMost,
    /// The highest score of a kind of answer.
    KindCap(&'static str),
    /// The highest score with a minefield.
    MinefieldCap(Arc<str>),
    /// The highest score under a condition of `[[score.cap]]`.
    Cap(String),
    /// The lowest score of a band.
    Band(u8),
}

impl Key {
    /// Whether it says how far a score may reach.
    pub(crate) const fn is_cap(&self) -> bool {
        matches!(self, Self::KindCap(_) | Self::MinefieldCap(_) | Self::Cap(_))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section(section, 1) => write!(f, "sections.{section}, partial"),
            Self::Section(section, _) => write!(f, "sections.{section}, clear"),
            Self::Behaviour => f.write_str("behaviour"),
            Self::BehavioursAtMost => f.write_str("behaviours_at_most"),
            Self::Signal(id) => write!(f, "signals.{id}"),
            Self::Mild => f.write_str("minefields.mild"),
            Self::Serious => f.write_str("minefields.serious"),
            Self::MinefieldsAtMost => f.write_str("minefields.at_most"),
            Self::KindCap(kind) => write!(f, "kind_caps.{kind}"),
            Self::MinefieldCap(id) => write!(f, "cap of {id}"),
            Self::Cap(id) => write!(f, "cap {id}"),
            Self::Band(band) => write!(f, "band {band} from"),
        }
    }
}

/// The names of the weights; their values go beside it in a list of the same order, in tenths.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    keys: Vec<Key>,
    /// Whether a weight is the cap of a serious minefield.
    grave: Vec<bool>,
}

/// The values of weights, in tenths of a point.
pub(crate) type Values = Vec<i32>;

impl Names {
    /// The weights of some rubrics, which must agree where they share one.
    ///
    /// # Errors
    /// The two rubrics and the weight on which they differ.
    pub(crate) fn of(rubrics: &[Arc<Rubric>]) -> Result<(Self, Values), String> {
        let (mut names, mut values) = (Self::default(), Values::new());
        for rubric in rubrics {
            for (key, value, grave) in weights(rubric) {
                match names.find(&key) {
                    None => {
                        names.keys.push(key);
                        names.grave.push(grave);
                        values.push(value);
                    }
                    Some(at) if values[at] == value => {}
                    Some(_) => {
                        let ids: Vec<&str> = rubrics.iter().map(|r| &*r.id).collect();
                        return Err(format!(
                            "the rubrics {} differ in the weight `{key}`: fit one at a time with --rubric",
                            ids.join(" and ")
                        ));
                    }
                }
            }
        }
        Ok((names, values))
    }

    /// All keys.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The place of a weight.
    pub(crate) fn find(&self, key: &Key) -> Option<usize> {
        self.keys.iter().position(|k| k == key)
    }

    /// The value of a weight; 0 where there is none.
    pub(crate) fn value(&self, values: &[i32], key: &Key) -> i32 {
        self.find(key).map_or(0, |at| values[at])
    }

    /// Where these values go against sense, rule by rule. Sensible are points that rise with the level by a
    /// quarter and more, graver minefields that weigh more, bands that rise by at least eight
    /// points, no band above 2 without a story, none above 3 with a serious minefield, and about
    /// 100 points in all. A search may not add to what the present values have of it.
    pub(crate) fn faults(&self, values: &[i32]) -> Vec<bool> {
        let get = |key: &Key| self.value(values, key);
        let bands = [2, 3, 4, 5].map(|band| get(&Key::Band(band)));
        let mut most = get(&Key::BehavioursAtMost);
        let mut faults = Vec::with_capacity(self.keys.len() + 16);
        let mut must = |sound: bool| faults.push(!sound);
        must(bands[0] >= 100);
        for pair in bands.windows(2) {
            must(pair[0] + 80 <= pair[1]);
        }
        for section in Section::ALL {
            let (partial, clear) = (get(&Key::Section(section, 1)), get(&Key::Section(section, 2)));
            must(partial >= 0 && partial * 4 <= clear * 3 && clear <= 350);
            most += clear;
        }
        let (mild, serious, all) = (get(&Key::Mild), get(&Key::Serious), get(&Key::MinefieldsAtMost));
        must(0 <= mild && mild <= serious && serious <= all && all <= 600);
        for ((key, value), grave) in self.keys.iter().zip(values).zip(&self.grave) {
            match key {
                Key::Signal(_) => {
                    most += value;
                    must((0..=150).contains(value));
                }
                Key::Behaviour => must((0..=100).contains(value)),
                Key::BehavioursAtMost => must((0..=450).contains(value)),
                Key::KindCap("not-an-answer") => must((0..bands[0]).contains(value)),
                Key::KindCap(kind) if *kind != "story" => must((0..bands[1]).contains(value)),
                Key::MinefieldCap(_) if *grave => must((0..bands[2]).contains(value)),
                Key::MinefieldCap(_) | Key::Cap(_) => must((0..=1000).contains(value)),
                _ => {}
            }
        }
        must((900..=1100).contains(&most));
        must(bands[3] <= most);
        faults
    }
}

/// The weights of a rubric with their values, and whether each is the cap of a serious minefield.
fn weights(rubric: &Rubric) -> Vec<(Key, i32, bool)> {
    let points = &rubric.program.points;
    let mut all = Vec::new();
    let mut put = |key: Key, value: Tenths| all.push((key, value.0, false));
    for section in Section::ALL {
        let [partial, clear] = points.sections[section.index()];
        put(Key::Section(section, 1), partial);
        put(Key::Section(section, 2), clear);
    }
    put(Key::Behaviour, points.behaviour);
    put(Key::BehavioursAtMost, points.behaviours_at_most);
    for (rule, given) in &points.signals {
        put(Key::Signal(Arc::clone(&rubric.program.rules[*rule].id)), *given);
    }
    put(Key::Mild, points.mild);
    put(Key::Serious, points.serious);
    put(Key::MinefieldsAtMost, points.minefields_at_most);
    for (kind, cap) in &points.kind_caps {
        put(Key::KindCap(kind.id()), *cap);
    }
    for cap in &points.caps {
        put(Key::Cap(cap.id.clone()), cap.at);
    }
    for band in rubric.bands.iter().filter(|b| b.band > 1) {
        put(Key::Band(band.band), band.from);
    }
    for rule in rubric.rules().iter().filter(|r| r.family == Family::Minefield) {
        if let Some(cap) = rule.cap {
            all.push((Key::MinefieldCap(Arc::clone(&rule.id)), cap.0, rule.severity == Some(Severity::Serious)));
        }
    }
    all
}

/// An answer, reduced to what its score is made of: scoring it anew costs a few additions.
#[derive(Debug)]
pub(crate) struct Item {
    /// The band that readers gave.
    pub(crate) want: u8,
    /// Weights whose points are given.
    given: Vec<usize>,
    behaviours: i32,
    mild: i32,
    serious: i32,
    /// Weights that cap the score.
    caps: Vec<usize>,
}

/// Where the weights stand that every answer needs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fixed {
    behaviour: usize,
    behaviours_at_most: usize,
    mild: usize,
    serious: usize,
    minefields_at_most: usize,
    bands: [usize; 4],
}

impl Fixed {
    /// The places of the thresholds of bands 2 to 5.
    pub(crate) const fn bands(&self) -> [usize; 4] {
        self.bands
    }

    /// Finds them.
    pub(crate) fn of(names: &Names) -> Option<Self> {
        let mut bands = [0; 4];
        for (slot, band) in bands.iter_mut().zip(2..) {
            *slot = names.find(&Key::Band(band))?;
        }
        Some(Self {
            behaviour: names.find(&Key::Behaviour)?,
            behaviours_at_most: names.find(&Key::BehavioursAtMost)?,
            mild: names.find(&Key::Mild)?,
            serious: names.find(&Key::Serious)?,
            minefields_at_most: names.find(&Key::MinefieldsAtMost)?,
            bands,
        })
    }
}

impl Item {
    /// What the score of a judged answer is made of; nothing where readers gave it no band.
    pub(crate) fn of(case: &Case, names: &Names) -> Option<Self> {
        let made_of = &case.ingredients;
        let rules = &case.rubric.program.rules;
        let mut given: Vec<usize> = Section::ALL
            .into_iter()
            .filter_map(|s| {
                let level = made_of.levels[s.index()].min(2);
                (level > 0).then(|| names.find(&Key::Section(s, level))).flatten()
            })
            .collect();
        given.extend(made_of.signals.iter().filter_map(|(r, _)| names.find(&Key::Signal(Arc::clone(&rules[*r].id)))));
        let count = |severity: Severity| -> i32 {
            made_of.minefields.iter().map(|r| i32::from(rules[*r].severity == severity)).sum()
        };
        let mut caps: Vec<usize> = names.find(&Key::KindCap(made_of.kind.id())).into_iter().collect();
        let minefields = made_of.minefields.iter();
        caps.extend(minefields.filter_map(|r| names.find(&Key::MinefieldCap(Arc::clone(&rules[*r].id)))));
        let others = &case.rubric.program.points.caps;
        caps.extend(made_of.caps.iter().filter_map(|at| names.find(&Key::Cap(others[*at].id.clone()))));
        Some(Self {
            want: case.gold.labels.overall?,
            given,
            behaviours: i32::try_from(made_of.behaviours.len()).unwrap_or(i32::MAX),
            mild: count(Severity::Mild),
            serious: count(Severity::Serious),
            caps,
        })
    }

    /// The score with these weights, in tenths: what the engine's receipt sums to.
    pub(crate) fn score(&self, at: &Fixed, values: &[i32]) -> i32 {
        let points: i32 = self.given.iter().map(|w| values[*w]).sum();
        let behaviours = (self.behaviours * values[at.behaviour]).min(values[at.behaviours_at_most]);
        let taken =
            (self.mild * values[at.mild] + self.serious * values[at.serious]).min(values[at.minefields_at_most]);
        let sum = (points + behaviours - taken).max(0);
        self.caps.iter().map(|w| values[*w]).fold(sum.min(1000), i32::min)
    }
}

/// The band of a score, 1 to 5.
pub(crate) fn band(at: &Fixed, values: &[i32], score: i32) -> u8 {
    1 + at.bands.iter().map(|b| u8::from(score >= values[*b])).sum::<u8>()
}

/// The ids of the kinds, in the order of the documentation.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    Kind::ALL.into_iter().map(Kind::id)
}
