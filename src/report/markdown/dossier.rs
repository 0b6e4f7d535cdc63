//! A whole report as Markdown: what the HTML page says, in tables and lists.

use super::{assessment, escape};
use crate::Section;
use crate::history::progress::Progress;
use crate::report::cohort::{Cohort, Group};
use crate::report::dossier::{Audience, Dossier, Item};
use std::fmt::Write as _;

/// The report.
pub(crate) fn page(d: &Dossier) -> String {
    let mut text = format!("# {}\n", escape(&d.title));
    for line in &d.lead {
        let _ = write!(text, "\n{}\n", escape(line));
    }
    if let Some(progress) = &d.progress {
        self::progress(&mut text, progress, d);
    }
    if let Some(cohort) = d.together() {
        self::cohort(&mut text, cohort, d);
    }
    for item in &d.items {
        self::item(&mut text, item, d.audience);
    }
    if !d.bad.is_empty() {
        text.push_str("\n## Not judged\n\n");
        for bad in &d.bad {
            let _ = writeln!(text, "- {}", escape(&bad.why));
        }
    }
    text
}

fn item(text: &mut String, item: &Item, audience: Audience) {
    let _ = write!(text, "\n{}", assessment(&item.name, &item.view()));
    if !item.facts.is_empty() {
        let _ = write!(text, "\n{}\n", escape(&item.facts.join(" · ")));
    }
    for rating in &item.ratings {
        let late = if rating.blind { "" } else { " (given after the tool's was shown)" };
        let _ = write!(text, "\n## {} gave band {}{late}\n\n", escape(&rating.rater), rating.overall);
        let differences = item.differences(rating);
        if differences.is_empty() {
            text.push_str("Coach and tool agree.\n");
        }
        for line in differences {
            let _ = writeln!(text, "- {}", escape(&line));
        }
    }
    let mut notes = item.notes_for(audience).peekable();
    if notes.peek().is_some() {
        text.push_str("\n## Coach's notes\n\n");
    }
    for note in notes {
        let words = note.span.as_ref().and_then(|s| item.text.get(s.clone()));
        let words = words.map_or_else(String::new, |w| format!(" “{}”", escape(w)));
        let private = if note.private { " (for coaches)" } else { "" };
        let (clock, by) = (escape(&note.clock), escape(&note.by));
        let _ = writeln!(text, "- {clock} {by}{private}{words}: {}", escape(&note.text));
    }
}

fn progress(text: &mut String, p: &Progress, d: &Dossier) {
    let _ = write!(text, "\n## Progress\n\n{}.\n\n| from | answers | mean band |\n| --- | ---: | ---: |\n", p.extent());
    for bands in &p.bands {
        let mean = bands.mean().map_or_else(String::new, |m| format!("{}.{}", m / 10, m % 10));
        let _ = writeln!(text, "| {} | {} | {mean} |", bands.from, bands.answers());
    }
    for (heading, mines) in [("Minefields of late", &p.hit), ("Minefields cleared", &p.cleared)] {
        if !mines.is_empty() {
            let _ = write!(text, "\n### {heading}\n\n");
            for (id, severity, n) in mines {
                let _ = writeln!(text, "- {} ({}): {n}", escape(d.title(id)), severity.id());
            }
        }
    }
}

fn cohort(text: &mut String, c: &Cohort, d: &Dossier) {
    text.push_str("\n## All answers together\n\n");
    if c.all.answers == 0 {
        text.push_str("There are no judged answers.\n");
        return;
    }
    let (answers, score, band) = (c.all.answers, c.all.mean_score(), c.all.mean_band());
    let word = if answers == 1 { "answer" } else { "answers" };
    let _ = write!(
        text,
        "{answers} {word}, {score} of 100 and band {band} on average.\n\n| band | answers |\n| ---: | ---: |\n"
    );
    for (i, n) in c.all.bands.iter().enumerate().rev() {
        let _ = writeln!(text, "| {} | {n} |", i + 1);
    }
    text.push_str("\n| section | absent | partial | clear | mean level |\n| --- | ---: | ---: | ---: | ---: |\n");
    for section in Section::ALL {
        let [absent, partial, clear] = c.all.levels[section.index()];
        let mean = c.all.mean_level(section);
        let _ = writeln!(text, "| {section} | {absent} | {partial} | {clear} | {mean} |");
    }
    // Minefields are named by their ids, all others as people know them.
    groups(text, "Commonest minefields", &c.minefields, |id| d.title(id), d);
    for (heading, list) in
        [("By person", c.apart(&c.persons)), ("By theme", c.apart(&c.themes)), ("By question", c.apart(&c.questions))]
    {
        groups(text, heading, list, |name| name, d);
    }
}

fn groups<'g>(
    text: &mut String,
    heading: &str,
    groups: &'g [Group],
    name: impl Fn(&'g str) -> &'g str,
    d: &'g Dossier,
) {
    if groups.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\n### {heading}\n\n| | answers | mean score | mean band | weakest section | commonest minefield |\n\
         | --- | ---: | ---: | ---: | --- | --- |\n"
    );
    for g in groups {
        let mine = g
            .commonest()
            .first()
            .map_or_else(|| "none".to_owned(), |(id, _, n)| format!("{} ({n})", escape(d.title(id))));
        let weakest = g.weakest().map_or("none", Section::id);
        let (name, n, score, band) = (escape(name(&g.name)), g.answers, g.mean_score(), g.mean_band());
        let _ = writeln!(text, "| {name} | {n} | {score} | {band} | {weakest} | {mine} |");
    }
}
