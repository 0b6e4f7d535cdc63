//! Many answers of many people, counted: by person, theme, question and minefield.

use super::clean;
use super::table::{encode, guard};
use crate::Library;
use crate::assessment::{Section, Severity, Tenths};
use crate::batch::Judged;
use crate::history::{Digest, Entry};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One answer as a cohort counts it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Whose it is, where that is known.
    pub(crate) person: Option<String>,
    /// When it was given, for people; empty where that is not known.
    pub(crate) at: String,
    /// Its name.
    pub(crate) name: String,
    /// The question: its text where that is known, else what the record called it.
    pub(crate) question: Option<String>,
    /// The theme of the question.
    pub(crate) theme: Option<String>,
    /// What the assessment says in short.
    pub(crate) digest: Digest,
}

impl Row {
    /// The row of a record that was judged here and now.
    pub(crate) fn judged(judged: &Judged, person: Option<&str>, library: &Library) -> Self {
        let id = judged.record.question.as_deref().unwrap_or_default().trim();
        Self {
            person: person.map(str::to_owned),
            at: String::new(),
            name: judged.record.id.clone(),
            question: judged.asked.clone(),
            theme: library.question(id).map(|q| q.theme.clone()),
            digest: Digest::of(&judged.assessment),
        }
    }

    /// The row of an attempt of history.
    pub(crate) fn of(entry: &Entry, at: String) -> Self {
        Self {
            person: Some(entry.person.clone()),
            at,
            name: entry.id.to_string(),
            question: Some(entry.topic.text.clone()),
            theme: entry.topic.theme.clone(),
            digest: entry.digest.clone(),
        }
    }
}

/// Answers that have something in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// What they have in common.
    pub(crate) name: String,
    /// How many they are.
    pub(crate) answers: usize,
    /// How many got each band, 1 to 5.
    pub(crate) bands: [usize; 5],
    /// By section: in how many it is absent, partial, clear.
    pub(crate) levels: [[usize; 3]; 4],
    /// By minefield: how grave, and in how many.
    pub(crate) minefields: BTreeMap<String, (Severity, usize)>,
    sum: i64,
}

impl Group {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn add(&mut self, d: &Digest) {
        self.answers += 1;
        self.sum += i64::from(d.score.0);
        self.bands[usize::from(d.band.clamp(1, 5)) - 1] += 1;
        for (counts, level) in self.levels.iter_mut().zip(d.levels) {
            counts[usize::from(level.min(2))] += 1;
        }
        for (id, severity) in &d.minefields {
            self.minefields.entry(id.clone()).or_insert((*severity, 0)).1 += 1;
        }
    }

    /// The mean score; nothing of nothing.
    pub(crate) fn mean_score(&self) -> Tenths {
        let n = i64::try_from(self.answers.max(1)).unwrap_or(1);
        Tenths(i32::try_from((self.sum * 2 + n) / (2 * n)).unwrap_or(0))
    }

    /// The mean band in tenths.
    pub(crate) fn mean_band(&self) -> Tenths {
        let sum: usize = self.bands.iter().enumerate().map(|(i, n)| (i + 1) * n).sum();
        Tenths(i32::try_from((sum * 20 + self.answers) / (2 * self.answers.max(1))).unwrap_or(0))
    }

    /// The mean level of a section, 0 to 2, in tenths.
    pub(crate) fn mean_level(&self, section: Section) -> Tenths {
        let [_, partial, clear] = self.levels[section.index()];
        let sum = partial + 2 * clear;
        Tenths(i32::try_from((sum * 20 + self.answers) / (2 * self.answers.max(1))).unwrap_or(0))
    }

    /// The section that is told worst, where one is.
    pub(crate) fn weakest(&self) -> Option<Section> {
        let score = |s: &Section| {
            let [_, partial, clear] = self.levels[s.index()];
            partial + 2 * clear
        };
        let [best, worst] = [Section::ALL.into_iter().max_by_key(score)?, Section::ALL.into_iter().min_by_key(score)?];
        (score(&worst) < score(&best)).then_some(worst)
    }

    /// The minefields, commonest first, serious ones before mild ones.
    pub(crate) fn commonest(&self) -> Vec<(&str, Severity, usize)> {
        let mut list: Vec<_> = self.minefields.iter().map(|(id, (severity, n))| (id.as_str(), *severity, *n)).collect();
        list.sort_by(|a, b| (b.2, b.1).cmp(&(a.2, a.1)).then(a.0.cmp(b.0)));
        list
    }
}

/// What many answers say together.
#[derive(Debug, Clone)]
pub(crate) struct Cohort {
    /// All of them.
    pub(crate) all: Group,
    /// By person, by name.
    pub(crate) persons: Vec<Group>,
    /// By theme, the weakest first.
    pub(crate) themes: Vec<Group>,
    /// By question, the weakest first.
    pub(crate) questions: Vec<Group>,
    /// By minefield: the answers that have it, the commonest first.
    pub(crate) minefields: Vec<Group>,
    /// The answers, in the order in which they came.
    pub(crate) rows: Vec<Row>,
}

impl Cohort {
    /// The groups, where they say more than all answers together and each answer by itself; else none.
    pub(crate) fn apart<'g>(&self, groups: &'g [Group]) -> &'g [Group] {
        let one = groups.len() < 2 && !self.rows.is_empty();
        if one || groups.iter().all(|g| g.answers < 2) { &[] } else { groups }
    }

    /// Counts answers.
    pub(crate) fn of(rows: Vec<Row>) -> Self {
        let mut all = Group::named("all");
        let (mut persons, mut themes, mut questions, mut minefields) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for row in &rows {
            all.add(&row.digest);
            add(&mut persons, row.person.as_deref(), &row.digest);
            add(&mut themes, row.theme.as_deref(), &row.digest);
            add(&mut questions, row.question.as_deref(), &row.digest);
            for (id, _) in &row.digest.minefields {
                add(&mut minefields, Some(id), &row.digest);
            }
        }
        let weakest_first = |groups: BTreeMap<String, Group>| {
            let mut groups: Vec<Group> = groups.into_values().collect();
            groups.sort_by_key(Group::mean_score);
            groups
        };
        let mut minefields: Vec<Group> = minefields.into_values().collect();
        minefields.sort_by_key(|g| std::cmp::Reverse(g.answers));
        Self {
            all,
            persons: persons.into_values().collect(),
            themes: weakest_first(themes),
            questions: weakest_first(questions),
            minefields,
            rows,
        }
    }

    /// The numbers as CSV: a row for all answers and one for each group.
    pub(crate) fn csv(&self) -> Vec<u8> {
        const COLUMNS: [&str; 16] = [
            "by",
            "name",
            "answers",
            "mean_score",
            "mean_band",
            "band_1",
            "band_2",
            "band_3",
            "band_4",
            "band_5",
            "situation_mean_level",
            "task_mean_level",
            "action_mean_level",
            "result_mean_level",
            "commonest_minefield",
            "its_answers",
        ];
        let mut out = encode(&COLUMNS.map(Cow::Borrowed));
        let kinds = [
            ("all", std::slice::from_ref(&self.all)),
            ("person", &self.persons),
            ("theme", &self.themes),
            ("question", &self.questions),
            ("minefield", &self.minefields),
        ];
        for (by, groups) in kinds {
            for g in groups {
                let mut cells: Vec<Cow<'_, str>> = vec![by.into(), safe(&g.name).into(), g.answers.to_string().into()];
                if g.answers == 0 {
                    cells.resize(COLUMNS.len(), "".into());
                } else {
                    cells.extend([g.mean_score().to_string().into(), g.mean_band().to_string().into()]);
                    cells.extend(g.bands.iter().map(|n| n.to_string().into()));
                    cells.extend(Section::ALL.map(|s| g.mean_level(s).to_string().into()));
                    match g.commonest().first() {
                        Some((id, _, n)) => cells.extend([safe(id).into(), n.to_string().into()]),
                        None => cells.extend(["".into(), "0".into()]),
                    }
                }
                out.extend(encode(&cells));
            }
        }
        out
    }
}

/// A name for a cell: on one line, no command to a terminal, no formula.
fn safe(name: &str) -> String {
    guard(&clean(name)).into_owned()
}

fn add(groups: &mut BTreeMap<String, Group>, name: Option<&str>, digest: &Digest) {
    if let Some(name) = name {
        groups.entry(name.to_owned()).or_insert_with(|| Group::named(name)).add(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn row(person: &str, theme: &str, score: i32, band: u8, mines: &[(&str, Severity)]) -> Row {
        let digest = Digest {
            rubric: "behavioural".into(),
            rubric_hash: String::new(),
            kind: Kind::Story,
            score: Tenths(score),
            band,
            levels: [2, 1, 2, band.min(4) / 2],
            minefields: mines.iter().map(|(id, severity)| ((*id).to_owned(), *severity)).collect(),
            words: 100,
        };
        Row {
            person: Some(person.into()),
            at: String::new(),
            name: "1".into(),
            question: Some(format!("q {theme}")),
            theme: Some(theme.into()),
            digest,
        }
    }

    #[test]
    fn answers_are_counted_in_all_and_by_what_they_have_in_common() {
        let rude = [("confrontational", Severity::Serious), ("unstructured", Severity::Mild)];
        let cohort = Cohort::of(vec![
            row("anna", "Conflict", 400, 2, &rude),
            row("anna", "Failure", 800, 4, &[]),
            row("ben", "Conflict", 500, 3, &rude[1..]),
        ]);
        assert_eq!((cohort.all.answers, cohort.all.bands), (3, [0, 1, 1, 1, 0]));
        assert_eq!((cohort.all.mean_score(), cohort.all.mean_band()), (Tenths(567), Tenths(30)));
        assert_eq!(cohort.all.weakest(), Some(Section::Task));
        assert_eq!(Cohort::of(Vec::new()).all.weakest(), None, "nothing is worst of nothing");
        assert_eq!(cohort.all.commonest()[0], ("unstructured", Severity::Mild, 2));
        assert_eq!(cohort.persons.iter().map(|g| (&*g.name, g.answers)).collect::<Vec<_>>(), [("anna", 2), ("ben", 1)]);
        assert_eq!(cohort.themes[0].name, "Conflict", "the weakest theme comes first");
        assert_eq!(cohort.minefields[0].answers, 2);
    }

    #[test]
    fn the_numbers_go_to_a_spreadsheet_that_takes_no_name_for_a_formula() {
        let csv = Cohort::of(vec![row("=cmd|' /C calc'!A0", "a,b", 400, 2, &[])]).csv();
        let text = String::from_utf8(csv).unwrap();
        assert!(text.contains("person,'=cmd|' /C calc'!A0,1,40.0,2.0,0,1,0,0,0,2.0,1.0,2.0,1.0,,0\n"), "{text}");
        assert!(text.contains("theme,\"a,b\",1,"), "{text}");
        let columns = text.lines().next().unwrap().matches(',').count();
        assert!(Cohort::of(Vec::new()).csv().ends_with(format!("all,all,0{}\n", ",".repeat(columns - 2)).as_bytes()));
    }
}
