//! Which stories can answer which themes, and where there is a hole.

use super::attempt::Entry;
use super::story::{Link, Story};
use crate::content::question::Question;

/// How a story covers a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cover {
    /// Place of the story in the list.
    pub(crate) story: usize,
    /// Best band of the answers that told it, where there is one.
    pub(crate) band: Option<u8>,
}

/// One theme and the stories that can answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The theme.
    pub(crate) theme: String,
    /// Number of its questions in the bank.
    pub(crate) questions: usize,
    /// Its stories, in the order of the list; none is a hole.
    pub(crate) covers: Vec<Cover>,
    /// What kind of experience would fill a hole, as the bank says.
    pub(crate) fits: Option<String>,
}

/// All themes: those of the bank in its order, then those that only links name.
///
/// A story covers a theme that it is linked to, the themes of the questions that it is linked to,
/// and those that it was told for.
pub(crate) fn coverage(stories: &[(i64, Story)], entries: &[Entry], bank: &[Question]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for question in bank {
        match rows.iter_mut().find(|r| r.theme == question.theme) {
            Some(row) => {
                row.questions += 1;
                row.fits = row.fits.take().or_else(|| question.stories.first().cloned());
            }
            None => rows.push(Row {
                theme: question.theme.clone(),
                questions: 1,
                covers: Vec::new(),
                fits: question.stories.first().cloned(),
            }),
        }
    }
    for (at, (_, story)) in stories.iter().enumerate() {
        for link in &story.links {
            let theme = match link {
                Link::Theme(theme) => Some(theme.as_str()),
                Link::Question(id) => bank.iter().find(|q| q.id == *id).map(|q| q.theme.as_str()),
            };
            if let Some(theme) = theme {
                cover(&mut rows, theme, at, None);
            }
        }
        for told in entries.iter().filter(|e| e.story.as_deref() == Some(story.uid.as_str())) {
            if let Some(theme) = &told.topic.theme {
                cover(&mut rows, theme, at, Some(told.digest.band));
            }
        }
    }
    rows
}

fn cover(rows: &mut Vec<Row>, theme: &str, story: usize, band: Option<u8>) {
    let at = rows.iter().position(|r| r.theme == theme).unwrap_or_else(|| {
        rows.push(Row { theme: theme.to_owned(), questions: 0, covers: Vec::new(), fits: None });
        rows.len() - 1
    });
    let covers = &mut rows[at].covers;
    match covers.iter_mut().find(|c| c.story == story) {
        Some(have) => have.band = have.band.max(band),
        None => covers.push(Cover { story, band }),
    }
}
