//! One question, whole or in part.

use crate::report::{Paper, clean};
use crate::{Question, Section};
use std::io;

/// The whole of one question.
pub(super) fn whole(paper: &mut Paper<'_>, q: &Question) -> io::Result<()> {
    paper.item("", &paper.look.heading(&clean(&q.text)))?;
    let facts = [&q.id, &q.theme, &q.function, q.difficulty.id(), &format!("rubric {}", q.rubric)].map(clean);
    paper.faint("", &facts.join(paper.look.sign(" · ", ", ")))?;
    paper.prose("", &format!("{}: {}", q.role, q.about_role))?;
    let bullet = paper.bullet();
    paper.list("What they really ask", bullet, q.motivations.iter().map(|m| format!("{}: {}", m.id, m.line)))?;
    paper.list("Minefields", "!", q.minefields.iter().map(|m| format!("{}: {}", m.id, m.avoid)))?;
    paper.list("A strong answer", bullet, q.key_points.iter().map(|k| &k.text))?;
    sample(paper, q)?;
    paper.list("They may ask next", "?", &q.probes)?;
    paper.list("Tips", bullet, &q.tips)?;
    paper.list("Stories that fit", bullet, &q.stories)?;
    if q.weak.is_some() {
        weak(paper, q)?;
    }
    paper.list("Practise beside it", bullet, &q.related)?;
    paper.line("")?;
    paper.line(&paper.look.faint(&format!("Rehearse it: starcue practice {}", clean(&q.id))))
}

/// The sample answer and why it works.
pub(super) fn sample(paper: &mut Paper<'_>, q: &Question) -> io::Result<()> {
    paper.heading("A sample answer")?;
    for (section, text) in Section::ALL.into_iter().zip(q.sample.sections()) {
        paper.prose(&format!("  {:<11}", section.id()), text)?;
    }
    paper.heading("Why it works")?;
    paper.prose("  ", &q.why_it_works)
}

/// The same story told badly, and what is wrong with it.
pub(super) fn weak(paper: &mut Paper<'_>, q: &Question) -> io::Result<()> {
    let Some(weak) = &q.weak else { return paper.line("This question has no weak answer.") };
    paper.heading("The same story told badly")?;
    paper.prose("  ", &weak.answer)?;
    paper.heading("What is wrong with it")?;
    let mines = if weak.minefields.is_empty() { String::new() } else { format!(": {}", weak.minefields.join(", ")) };
    paper.prose("  ", &weak.why)?;
    paper.faint("  ", &clean(&format!("Band {}{mines}", weak.band)))
}
