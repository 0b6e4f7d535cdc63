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
    let first = judged::judge_first(&library, include_str!("../tests/bank/first.jsonl"));
    agreement(&mut page, &all, &first)?;
    mines(&mut page, &first)?;
    differences(&mut page, &all, &first)?;
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

/// One judge's verdict.
type By = fn(&Judged<'_>) -> Verdict;

fn agreement(page: &mut String, all: &[Judged<'_>], first: &[Judged<'_>]) -> std::fmt::Result {
    let weak = || all.iter().filter(|j| j.weak);
    let read = all.iter().filter(|j| j.reader.is_some()).count();
    writeln!(
        page,
        "\n## Writer, reader and scorer\n\n\
         Samples and weak answers were written without a look at the rules. The *writer* declared a band and the minefields of\n\
         each weak answer; a sample is meant to be of band 5 without any. A *reader* who had not written them labelled texts\n\
         blind, by `tests/eval/LABELS.md`. The *scorer* is starcue, which gets each answer in one go. Writers, editors and\n\
         readers are language models, no trained interviewers.\n\n\
         **First versions.** Only the {} weak answers as they were first written (`tests/bank/first.jsonl`), and the samples, say\n\
         how far the scorer agrees. (Thirteen samples were mended in a sentence each with its findings in view.)\n\n\
         **As they stand in the bank.** Editors who saw what the scorer finds, and no rule, then made each weak answer plainer\n\
         or corrected what it declares, where the two differed; {} of {} have their first text. So the scorer agrees with\n\
         them by selection, and that figure says nothing; that they are truly labelled, the blind reader says: other readers\n\
         read the new texts, mixed with samples. `tests/bank.rs` holds every weak answer to its declared band and minefields,\n\
         and floors under the agreement on the first versions. In all, {read} of the present texts have a reader's labels.\n",
        first.len(),
        first.iter().filter(|j| j.in_bank).count(),
        weak().count(),
    )?;
    writeln!(
        page,
        "| answers | judges | number | same band | within one | QWK | minefields: precision | recall | F1 |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    let mut row = |answers: &str, judges: &str, pairs: Vec<(Verdict, Verdict)>| {
        let a = Agreement::of(pairs.iter().map(|(a, b)| (a, b)));
        let share = |n: u32| 100.0 * f64::from(n) / f64::from(a.answers);
        // Where the first judge gives one band and no minefield to all, these say nothing.
        let one_band = pairs.windows(2).all(|w| w[0].0.band == w[1].0.band);
        let told = |value: f64| if value.is_finite() { format!("{value:.2}") } else { "–".to_owned() };
        writeln!(
            page,
            "| {answers} | {judges} | {} | {:.0} % | {:.0} % | {} | {} | {} | {} |",
            a.answers,
            share(a.exact),
            share(a.near),
            told(if one_band { f64::NAN } else { a.kappa }),
            told(a.precision()),
            told(a.recall()),
            told(a.f1())
        )
    };
    let by_reader = |of: By, judged: &[&Judged<'_>]| -> Vec<(Verdict, Verdict)> {
        judged.iter().filter_map(|j| Some((j.reader.clone()?, of(j)))).collect()
    };
    let (writer, scorer): (By, By) = (|j| j.writer.clone(), |j| j.scorer.clone());
    let first: Vec<&Judged<'_>> = first.iter().collect();
    let samples: Vec<&Judged<'_>> = all.iter().filter(|j| !j.weak).collect();
    let weak: Vec<&Judged<'_>> = weak().collect();
    row("weak, first versions", "reader, writer", by_reader(writer, &first))?;
    row("weak, first versions", "reader, scorer", by_reader(scorer, &first))?;
    row("weak, first versions", "writer, scorer", first.iter().map(|j| (writer(j), scorer(j))).collect())?;
    row("first versions and samples", "reader, scorer", by_reader(scorer, &[first, samples.clone()].concat()))?;
    row("samples", "writer, scorer", samples.iter().map(|j| (writer(j), scorer(j))).collect())?;
    row("weak, as they stand", "reader, writer", by_reader(writer, &weak))?;
    writeln!(page, "\nThe second judge's minefields are measured by the first's.")?;
    Ok(())
}

fn mines(page: &mut String, all: &[Judged<'_>]) -> std::fmt::Result {
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
        "\n| minefield of the first versions | declared and found | found only | declared only |\n| --- | --- | --- | --- |"
    )?;
    for (id, [both, found, declared]) in mines {
        writeln!(page, "| `{id}` | {both} | {found} | {declared} |")?;
    }
    Ok(())
}

fn differences(page: &mut String, all: &[Judged<'_>], first: &[Judged<'_>]) -> std::fmt::Result {
    let list = |ids: &BTreeSet<String>| match ids.is_empty() {
        true => "none".to_owned(),
        false => ids.iter().cloned().collect::<Vec<_>>().join(", "),
    };
    let cell = |v: &Verdict| format!("{}: {}", v.band, list(&v.minefields));
    let mut table = |title: &str, said: &str, rows: Vec<&Judged<'_>>, of: usize| {
        writeln!(
            page,
            "\n## {title}\n\n{} of {of} {said}\n\n| question | writer | reader | scorer |\n| --- | --- | --- | --- |",
            rows.len()
        )?;
        for j in rows {
            let reader = j.reader.as_ref().map_or_else(|| "-".to_owned(), cell);
            writeln!(page, "| `{}` | {} | {reader} | {} |", j.question.id, cell(&j.writer), cell(&j.scorer))?;
        }
        Ok::<(), std::fmt::Error>(())
    };
    let weak: Vec<&Judged<'_>> = all.iter().filter(|j| j.weak).collect();
    let unlike = |j: &&&Judged<'_>| j.reader.as_ref().is_some_and(|r| *r != j.writer);
    let rows = weak.iter().filter(unlike).copied().collect();
    table(
        "Where the reader differs from what the bank declares",
        "weak answers as they stand: in the band, or in a minefield.",
        rows,
        weak.len(),
    )?;
    let rows = first.iter().filter(|j| j.writer != j.scorer).collect();
    table(
        "Where the scorer differs from the writer",
        "first versions of weak answers: in the band, or in a minefield.",
        rows,
        first.len(),
    )
}
