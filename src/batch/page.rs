//! `html`: one page of all answers.

use super::{Done, Keep, Outcome, Tally, Writer};
use crate::report::cohort::{Cohort, Row};
use crate::report::dossier::{Audience, Dossier, Item, Unjudged};
use crate::report::{Delivery, html};
use crate::{Library, Rubric};
use std::io::{self, Write};
use std::sync::Arc;

/// One answer whole, or of several what they say together, and each of them. What they say together
/// stands first, so all is kept until the end.
pub(crate) struct Html<'a> {
    library: &'a Library,
    delivery: Delivery,
    rows: Vec<Row>,
    items: Vec<Item>,
    bad: Vec<Unjudged>,
}

impl<'a> Html<'a> {
    /// An empty page. `delivery`: how the one answer was told.
    pub(crate) const fn new(library: &'a Library, delivery: Delivery) -> Self {
        Self { library, delivery, rows: Vec::new(), items: Vec::new(), bad: Vec::new() }
    }

    fn add(&mut self, outcome: &Outcome) {
        match &outcome.result {
            Ok(judged) => {
                self.rows.push(Row::judged(judged, None, self.library));
                self.items.push(Item::judged(judged, Vec::new()));
            }
            Err(bad) => self.bad.push(Unjudged::new(&outcome.origin, bad, Some(self.items.len()))),
        }
    }

    fn dossier(&mut self) -> Dossier {
        let (rows, mut items, bad) =
            (std::mem::take(&mut self.rows), std::mem::take(&mut self.items), std::mem::take(&mut self.bad));
        let title = match (items.as_mut_slice(), bad.as_slice()) {
            ([one], []) => {
                one.delivery = self.delivery;
                one.question.clone().unwrap_or_else(|| one.name.clone())
            }
            ([_], _) => "1 answer".to_owned(),
            (items, _) => format!("{} answers", items.len()),
        };
        let lead = match bad.len() {
            0 => None,
            1 => Some("1 record could not be judged; it stands in its place below.".to_owned()),
            n => Some(format!("{n} records could not be judged; they stand in their places below.")),
        };
        let mut rubrics: Vec<Arc<Rubric>> = Vec::new();
        for item in &items {
            if !rubrics.iter().any(|r| Arc::ptr_eq(r, &item.rubric)) {
                rubrics.push(Arc::clone(&item.rubric));
            }
        }
        rubrics.sort_by(|a, b| a.id.cmp(&b.id));
        let (cohort, lead) = (Some(Cohort::of(rows)), lead.into_iter().collect());
        Dossier { title, audience: Audience::Candidate, lead, progress: None, cohort, rubrics, items, bad }
    }
}

impl Writer for Html<'_> {
    fn keep(&self) -> Keep {
        Keep::Everything
    }

    fn put(&mut self, _out: &mut dyn Write, done: Done) -> io::Result<()> {
        done.kept.iter().for_each(|outcome| self.add(outcome));
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _tally: &Tally) -> io::Result<()> {
        out.write_all(html::page(&self.dossier()).as_bytes())
    }
}
