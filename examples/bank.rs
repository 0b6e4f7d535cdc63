//! Writes `docs/bank.md`: what is in the bank, and how far writer, reader and scorer agree on its
//! answers. `cargo run --release --example bank > docs/bank.md`

#![allow(clippy::expect_used, clippy::print_stdout, reason = "it stops where it is surprised, and prints its page")]

#[path = "../tests/bank/judged.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, clippy::cast_precision_loss, reason = "shared with a test")]
mod judged;

use judged::{Agreement, Judged, Verdict};
use starcue::{Difficulty, Library, Question};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn main() -> std::fmt::Result {
    let library = Library::builtin().expect("what is built in");
    let labels = judged::labels(include_str!("../tests/bank/blind.jsonl"));
    let all = judged::judge(&library, &labels);
    let mut page = String::new();
    counts(&mut page, library.questions())?;
    agreement(&mut page, &all)?;
    differences(&mut page, &all)?;
    print!("{page}");
    Ok(())
}

fn counts(page: &mut String, questions: &[Question]) -> std::fmt::Result {
    let set = |of: fn(&Question) -> &String| questions.iter().map(of).collect::<BTreeSet<_>>();
    let (themes, roles, functions) = (set(|q| &q.theme), set(|q| &q.role), set(|q| &q.function));
    writeln!(page, "# The bank\n\nWritten by `cargo run --release --example bank > docs/bank.md`: do not edit.\n")?;
    writeln!(
        page,
        "{} questions in {} themes, for {} roles in {} functions. Each has a sample answer by section, the same story told\n\
         badly, what they really ask, minefields, key points, probes, tips, stories that fit and related questions.\n",
        questions.len(),
        themes.len(),
        roles.len(),
        functions.len()
    )?;
    writeln!(page, "| theme | beginner | intermediate | advanced | roles |\n| --- | --- | --- | --- | --- |")?;
    for theme in themes {
        let of = |d: Difficulty| questions.iter().filter(|q| q.theme == *theme && q.difficulty == d).count();
        let [beginner, intermediate, advanced] = Difficulty::ALL.map(of);
        let here: BTreeSet<&str> = questions.iter().filter(|q| q.theme == *theme).map(|q| q.role.as_str()).collect();
        writeln!(page, "| {theme} | {beginner} | {intermediate} | {advanced} | {} |", here.len())?;
    }
    writeln!(page, "\n| function | questions | roles |\n| --- | --- | --- |")?;
    for function in functions {
        let here: Vec<&Question> = questions.iter().filter(|q| q.function == *function).collect();
        let roles: BTreeSet<&str> = here.iter().map(|q| q.role.as_str()).collect();
        writeln!(page, "| {function} | {} | {} |", here.len(), roles.into_iter().collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

fn agreement(page: &mut String, all: &[Judged<'_>]) -> std::fmt::Result {
    let read: Vec<&Judged<'_>> = all.iter().filter(|j| j.reader.is_some()).collect();
    writeln!(
        page,
        "\n## Writer, reader and scorer\n\n\
         Samples and weak answers were written without a look at the rules. The *writer* declared a band and the minefields of\n\
         each weak answer; a sample is meant to be of band 5 without any. A *reader* who had not written them labelled {} of\n\
         the texts blind, by `tests/eval/LABELS.md` (writer and reader are language models, no trained interviewers;\n\
         thirteen samples were mended after that in a sentence each, with the scorer's findings in view, and keep their labels). The *scorer* is starcue, which gets each answer in one go.\n",
        read.len()
    )?;
    writeln!(
        page,
        "| judges | answers | same band | within one | QWK | minefields: precision | recall | F1 |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    let row = |page: &mut String, name: &str, pairs: Vec<(&Verdict, &Verdict)>| {
        let a = Agreement::of(pairs.into_iter());
        let share = |n: u32| 100.0 * f64::from(n) / f64::from(a.answers);
        writeln!(
            page,
            "| {name} | {} | {:.0} % | {:.0} % | {:.2} | {:.2} | {:.2} | {:.2} |",
            a.answers,
            share(a.exact),
            share(a.near),
            a.kappa,
            a.precision(),
            a.recall(),
            a.f1()
        )
    };
    let reader = |j: &'_ &Judged<'_>| -> Verdict { j.reader.clone().expect("a label") };
    let labels: Vec<Verdict> = read.iter().map(reader).collect();
    let pairs = read.iter().zip(&labels);
    row(page, "reader, writer", pairs.clone().map(|(j, l)| (l, &j.writer)).collect())?;
    row(page, "reader, scorer", pairs.clone().map(|(j, l)| (l, &j.scorer)).collect())?;
    row(page, "writer, scorer (the same answers)", read.iter().map(|j| (&j.writer, &j.scorer)).collect())?;
    row(page, "writer, scorer (all)", all.iter().map(|j| (&j.writer, &j.scorer)).collect())?;
    let weak = |j: &&Judged<'_>| j.weak;
    row(page, "reader, scorer (weak)", pairs.filter(|(j, _)| j.weak).map(|(j, l)| (l, &j.scorer)).collect())?;
    row(page, "writer, scorer (weak)", all.iter().filter(weak).map(|j| (&j.writer, &j.scorer)).collect())?;
    writeln!(
        page,
        "\nThe second judge's minefields are measured by the first's. `tests/bank.rs` holds floors under these figures."
    )?;
    let mut mines: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    for j in all.iter().filter(|j| j.weak) {
        let (declared, found) = (&j.writer.minefields, &j.scorer.minefields);
        for id in declared.union(found) {
            let at = if !found.contains(id) { 2 } else { usize::from(!declared.contains(id)) };
            mines.entry(id).or_default()[at] += 1;
        }
    }
    writeln!(
        page,
        "\n| minefield of weak answers | declared and found | found only | declared only |\n| --- | --- | --- | --- |"
    )?;
    for (id, [both, found, declared]) in mines {
        writeln!(page, "| `{id}` | {both} | {found} | {declared} |")?;
    }
    Ok(())
}

fn differences(page: &mut String, all: &[Judged<'_>]) -> std::fmt::Result {
    let list = |ids: &BTreeSet<String>| match ids.is_empty() {
        true => "none".to_owned(),
        false => ids.iter().cloned().collect::<Vec<_>>().join(", "),
    };
    let differs = |j: &&Judged<'_>| j.weak && j.writer != j.scorer;
    let apart: Vec<&Judged<'_>> = all.iter().filter(differs).collect();
    writeln!(
        page,
        "\n## Where they differ\n\n\
         {} of {} weak answers that the scorer does not judge as their writer: in the band, or in a minefield.\n\n\
         | question | writer | reader | scorer |\n| --- | --- | --- | --- |",
        apart.len(),
        all.iter().filter(|j| j.weak).count()
    )?;
    let cell = |v: &Verdict| format!("{}: {}", v.band, list(&v.minefields));
    for j in apart {
        let reader = j.reader.as_ref().map_or_else(|| "-".to_owned(), cell);
        writeln!(page, "| `{}` | {} | {reader} | {} |", j.question.id, cell(&j.writer), cell(&j.scorer))?;
    }
    Ok(())
}
