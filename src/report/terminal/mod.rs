//! The report of one assessment on a terminal: the next step first, the score second.

mod batch;
mod marked;

pub(crate) use batch::{line, line_header, summary};

use super::spans::whole_words;
use super::{Look, Paper, View, clean, kind_words, level_word, span};
use crate::Section;
use crate::Severity;
use crate::assessment::Evidence;
use console::Style;
use std::io::{self, Write};

/// Writes the report of one assessment.
pub(crate) fn assessment(out: &mut dyn Write, look: &Look, view: &View<'_>) -> io::Result<()> {
    let mut page = Page { look, view, paper: Paper::new(out, *look) };
    page.question()?;
    page.next_step()?;
    page.verdict()?;
    page.sections()?;
    page.minefields()?;
    page.shown()?;
    page.missing()?;
    page.motivations()?;
    page.text()?;
    page.receipt()?;
    page.probes()
}

/// The score and the one next step, for the foot of a report that is longer than its window.
pub(crate) fn gist(out: &mut dyn Write, look: &Look, view: &View<'_>) -> io::Result<()> {
    let mut page = Page { look, view, paper: Paper::new(out, *look) };
    page.score()?;
    page.first_advice()
}

struct Page<'a> {
    look: &'a Look,
    view: &'a View<'a>,
    paper: Paper<'a>,
}

impl Page<'_> {
    fn question(&mut self) -> io::Result<()> {
        match self.view.question {
            Some(question) => self.paper.faint("", &clean(question)),
            None => Ok(()),
        }
    }

    fn next_step(&mut self) -> io::Result<()> {
        self.paper.heading("Next step")?;
        self.first_advice()?;
        let advice = self.view.assessment.advice.iter().skip(1);
        // The rest stands below beside what it is about; what does not, stands here.
        let elsewhere = self.view.told_elsewhere();
        for more in advice.filter(|a| !elsewhere.contains(&a.as_str())) {
            self.paper.item(&format!("  {} ", self.look.sign("·", "-")), more)?;
        }
        Ok(())
    }

    fn first_advice(&mut self) -> io::Result<()> {
        let mut advice = self.view.assessment.advice.iter();
        let step = advice.next().map_or("No rule asks for a change. Tell it aloud, and keep it short.", String::as_str);
        let arrow = self.look.paint(Style::new().cyan().bold(), self.look.sign("→", "->"));
        self.paper.item(&format!("  {arrow} "), step)
    }

    fn score(&mut self) -> io::Result<()> {
        let a = self.view.assessment;
        self.paper.line("")?;
        if let Some(words) = kind_words(a.kind) {
            self.paper.painted("", Some(Style::new().yellow().bold()), words)?;
        }
        let title = self.view.rubric.band(a.band).map_or("", |b| &b.title);
        let bar = self.bar(a.band);
        let score = self.look.heading(&format!("{} of 100", a.score));
        self.paper.line(&format!("{score}  {bar}  band {} of 5, {title}", a.band))
    }

    fn verdict(&mut self) -> io::Result<()> {
        self.score()?;
        match self.view.rubric.band(self.view.assessment.band) {
            Some(band) => self.paper.faint("  ", &band.anchor),
            None => Ok(()),
        }
    }

    fn bar(&self, band: u8) -> String {
        let full = self.look.sign("■", "#").repeat(usize::from(band.min(5)));
        let rest = self.look.sign("□", ".").repeat(usize::from(5 - band.min(5)));
        let style = match band {
            0..=2 => Style::new().red(),
            3 => Style::new().yellow(),
            _ => Style::new().green(),
        };
        format!("{}{}", self.look.paint(style, &full), self.look.faint(&rest))
    }

    fn sections(&mut self) -> io::Result<()> {
        self.paper.heading("Sections")?;
        let titles = Section::ALL.map(|s| self.view.rubric.section(s).title.clone());
        let widest = titles.iter().map(|t| console::measure_text_width(t)).max().unwrap_or(0);
        for (section, title) in Section::ALL.into_iter().zip(titles) {
            let f = self.view.assessment.section(section);
            let (fine, ascii, style) = match f.level {
                0 => ("○", "[  ]", Style::new().red()),
                1 => ("◐", "[# ]", Style::new().yellow()),
                _ => ("●", "[##]", Style::new().green()),
            };
            let sign = self.look.paint(style, self.look.sign(fine, ascii));
            let words = if f.words == 1 { "1 word".to_owned() } else { format!("{} words", f.words) };
            let level = level_word(f.level);
            let title = console::pad_str(&title, widest, console::Alignment::Left, None).into_owned();
            self.paper.line(&format!("  {sign} {title}  {level:<7}  {}", self.look.faint(&format!("{words:>9}"))))?;
            if !f.advice.is_empty() {
                self.paper.item("      ", &f.advice)?;
            }
        }
        Ok(())
    }

    fn minefields(&mut self) -> io::Result<()> {
        let view = self.view;
        if view.assessment.minefields.is_empty() {
            return Ok(());
        }
        self.paper.heading("Minefields")?;
        for m in &view.assessment.minefields {
            let (fine, ascii, style) = match m.severity {
                Severity::Serious => ("✗", "!!", Style::new().red().bold()),
                Severity::Mild => ("!", "! ", Style::new().yellow()),
            };
            let sign = self.look.paint(style, self.look.sign(fine, ascii));
            let name = self.look.heading(view.title(&m.id));
            let why = if m.evidence.is_empty() {
                match m.absent.is_empty() {
                    true => String::new(),
                    false => format!(": missing {}", view.absent(m).join(", ")),
                }
            } else {
                format!(": {}", self.quotes(&m.evidence))
            };
            self.paper.item(&format!("  {sign} "), &format!("{name} ({}){why}", m.severity.id()))?;
            self.remark(&m.id)?;
            if !m.advice.is_empty() {
                self.paper.item("      ", &m.advice)?;
            }
        }
        Ok(())
    }

    fn shown(&mut self) -> io::Result<()> {
        let view = self.view;
        if view.assessment.behaviours.is_empty() {
            return Ok(());
        }
        self.paper.heading("What you showed")?;
        let sign = self.look.paint(Style::new().green(), self.look.sign("✓", "+"));
        for f in &view.assessment.behaviours {
            let text = format!("{}: {}", self.look.heading(view.title(&f.id)), self.quotes(&f.evidence));
            self.paper.item(&format!("  {sign} "), &text)?;
            self.remark(&f.id)?;
        }
        Ok(())
    }

    /// What a person has said of a finding.
    fn remark(&mut self, id: &str) -> io::Result<()> {
        match self.view.remark(id) {
            Some(remark) => self.paper.item(&format!("      {} ", self.look.sign("⊘", "x")), remark),
            None => Ok(()),
        }
    }

    /// The first few with advice; the others by name, so that they do not bury the rest.
    fn missing(&mut self) -> io::Result<()> {
        const ADVISED: usize = 4;
        let view = self.view;
        if view.assessment.missing.is_empty() {
            return Ok(());
        }
        self.paper.heading("Expected, and not found")?;
        let (advised, named) = view.assessment.missing.split_at(view.assessment.missing.len().min(ADVISED));
        let lead = format!("  {} ", self.look.sign("○", "-"));
        for id in advised {
            let advice = view.rubric.rule(id).map_or("", |r| &r.advice);
            let between = if advice.is_empty() { "" } else { ": " };
            let text = format!("{}{between}{advice}", self.look.heading(view.title(id)));
            self.paper.item(&lead, &text)?;
        }
        if named.is_empty() {
            return Ok(());
        }
        let titles: Vec<_> = named.iter().map(|id| view.title(id)).collect();
        self.paper.item(&lead, &titles.join(", "))
    }

    fn motivations(&mut self) -> io::Result<()> {
        let view = self.view;
        if view.assessment.motivations.is_empty() {
            return Ok(());
        }
        self.paper.heading("What they look for, and found")?;
        let titles: Vec<_> = view.assessment.motivations.iter().map(|f| view.title(&f.id)).collect();
        self.paper.item("  ", &titles.join(self.look.sign(" · ", ", ")))?;
        for f in &view.assessment.motivations {
            if let Some(remark) = view.remark(&f.id) {
                let text = format!("{}: {remark}", view.title(&f.id));
                self.paper.item(&format!("      {} ", self.look.sign("⊘", "x")), &text)?;
            }
        }
        Ok(())
    }

    fn text(&mut self) -> io::Result<()> {
        self.paper.heading("Your answer")?;
        let legend = if self.look.color {
            format!("{} shown   {} minefield", marked::shown(self.look, "so"), marked::minefield(self.look, "so"))
        } else {
            "[+shown+]  [!minefield!]".to_owned()
        };
        self.paper.line(&format!("  {legend}"))?;
        let lines = marked::lines(self.look, self.view, self.paper.width.saturating_sub(2).max(10));
        for line in lines {
            self.paper.line(&format!("  {line}"))?;
        }
        let m = &self.view.assessment.metrics;
        let facts = format!(
            "{} words, about {} spoken; I {}, we {}, numbers {}, fillers {}",
            m.words,
            span(u32::try_from(m.speaking_seconds).unwrap_or(u32::MAX)),
            m.first_person_singular,
            m.first_person_plural,
            m.numbers,
            m.fillers
        );
        self.paper.faint("  ", &facts)?;
        let told = self.view.delivery.lines(self.view.rubric, m);
        if !told.is_empty() {
            self.paper.heading("How you told it")?;
        }
        for line in told {
            self.paper.item(&format!("  {} ", self.paper.bullet()), &line)?;
        }
        Ok(())
    }

    fn receipt(&mut self) -> io::Result<()> {
        let a = self.view.assessment;
        self.paper.heading("Where the points come from")?;
        let widest = a.receipt.iter().map(|l| l.rule.len()).max().unwrap_or(0).min(32);
        let per_line = (self.paper.width.saturating_sub(2) / (widest + 9)).max(1);
        for row in a.receipt.chunks(per_line) {
            let cells: Vec<_> =
                row.iter().map(|l| format!("{:>+6.1} {:<widest$}", l.points.points(), l.rule)).collect();
            self.paper.line(&format!("  {}", cells.join("  ").trim_end()))?;
        }
        let rubric = format!("by rubric {}", clean(&a.rubric_name()));
        self.paper.faint(&format!("{:>8} ", a.score.to_string()), &rubric)
    }

    fn probes(&mut self) -> io::Result<()> {
        let probes = &self.view.assessment.probes;
        if probes.is_empty() {
            return Ok(());
        }
        self.paper.heading("They may ask next")?;
        for probe in probes {
            self.paper.item("  ? ", probe)?;
        }
        Ok(())
    }

    /// Up to three quotes, each on one line of its own words.
    fn quotes(&self, evidence: &[Evidence]) -> String {
        const SHOWN: usize = 3;
        let (open, close) = (self.look.sign("“", "\""), self.look.sign("”", "\""));
        let mut quotes: Vec<String> = Vec::new();
        for e in evidence {
            let quote = clean(self.view.text.get(whole_words(self.view.text, e.start..e.end)).unwrap_or_default());
            let quote = console::truncate_str(&quote, 72, self.look.sign("…", "...")).into_owned();
            let quote = format!("{open}{quote}{close}");
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        let more = quotes.len().saturating_sub(SHOWN);
        quotes.truncate(SHOWN);
        let list = quotes.join(self.look.sign(" · ", ", "));
        if more > 0 { format!("{list} and {more} more") } else { list }
    }
}
