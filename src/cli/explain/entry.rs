//! One thing that is explained, for people and as JSON.

use crate::batch::Code;
use crate::content::rubric::KindInfo;
use crate::report::{Paper, clean};
use crate::{Family, Guide, Library, Question, Rubric, RuleInfo, Section, Tenths};
use serde::Serialize;
use std::io;

/// What a rule is and how it is detected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct RuleJson {
    id: String,
    family: &'static str,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    advice: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    probe: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<Tenths>,
    cues: Vec<String>,
    regex: Vec<String>,
    guards: Vec<String>,
    from_absence: bool,
    #[serde(rename = "match")]
    matches: Vec<String>,
    no_match: Vec<String>,
    known_miss: Vec<String>,
    known_noise: Vec<String>,
}

impl RuleJson {
    /// The public face of a rule.
    pub(crate) fn new(rule: &RuleInfo) -> Self {
        Self {
            id: rule.id.to_string(),
            family: rule.family.id(),
            title: rule.title.clone(),
            why: rule.why.clone(),
            advice: rule.advice.to_string(),
            probe: rule.probe.clone(),
            severity: rule.severity.map(crate::Severity::id),
            cap: rule.cap,
            cues: rule.cues.clone(),
            regex: rule.regex.clone(),
            guards: rule.guards.clone(),
            from_absence: rule.from_absence,
            matches: rule.matches.clone(),
            no_match: rule.no_match.clone(),
            known_miss: rule.known_miss.clone(),
            known_noise: rule.known_noise.clone(),
        }
    }
}

/// One thing that is explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Entry {
    id: String,
    /// What kind of thing it is.
    is: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    meaning: String,
    /// What to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    remedy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<RuleJson>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rubrics: Vec<String>,
    /// Questions that ask for it or warn of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<String>,
    /// The verb that shows the whole of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    see: String,
}

impl Entry {
    pub(super) fn plain(id: &str, is: &'static str, meaning: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            is,
            title: String::new(),
            meaning: meaning.into(),
            remedy: String::new(),
            rule: None,
            rubrics: Vec::new(),
            questions: Vec::new(),
            see: String::new(),
        }
    }

    pub(super) fn rule(rule: &RuleInfo, rubric: &Rubric, library: &Library) -> Self {
        let asks = |q: &&Question| match rule.family {
            Family::Behaviour => q.expects().any(|b| b == &*rule.id),
            Family::Motivation => q.motivations.iter().any(|m| m.id == *rule.id),
            Family::Minefield => q.minefields.iter().any(|m| m.id == *rule.id),
            Family::Signal | Family::SectionCue => false,
        };
        Self {
            title: rule.title.clone(),
            rule: Some(RuleJson::new(rule)),
            rubrics: vec![rubric.id.to_string()],
            questions: library.questions().iter().filter(asks).map(|q| q.id.clone()).collect(),
            ..Self::plain(&rule.id, rule.family.id(), "")
        }
    }

    pub(super) fn section(section: Section, rubric: &Rubric) -> Self {
        let info = rubric.section(section);
        let share = format!("By convention {} to {} % of the words.", info.share[0], info.share[1]);
        Self {
            title: info.title.clone(),
            remedy: share,
            rubrics: vec![rubric.id.to_string()],
            ..Self::plain(section.id(), "section", info.purpose.clone())
        }
    }

    pub(super) fn kind(kind: &KindInfo, rubric: &Rubric) -> Self {
        let meaning = match kind.kind {
            crate::Kind::Story => "One specific event that happened.",
            crate::Kind::General => "Habits, opinions and general claims instead of one event.",
            crate::Kind::Hypothetical => "What the speaker would do, not what they did.",
            crate::Kind::NotAnAnswer => "Too little, off topic, copied, or a list of words: nothing to judge.",
        };
        let title = if kind.name == kind.kind.id() { String::new() } else { kind.name.clone() };
        Self {
            title,
            remedy: kind.advice.clone(),
            rubrics: vec![rubric.id.to_string()],
            ..Self::plain(kind.kind.id(), "kind of answer", meaning)
        }
    }

    pub(super) fn rubric(rubric: &Rubric) -> Self {
        let see = format!("starcue rubrics show {}", rubric.id);
        Self { title: rubric.title.clone(), see, ..Self::plain(&rubric.id, "rubric", rubric.description.clone()) }
    }

    pub(super) fn question(q: &Question) -> Self {
        let see = format!("starcue questions show {}", q.id);
        Self {
            title: q.text.clone(),
            see,
            ..Self::plain(&q.id, "question", format!("{}, {}", q.theme, q.difficulty.id()))
        }
    }

    pub(super) fn guide(guide: &Guide) -> Self {
        let see = format!("starcue guides show {}", guide.id);
        Self { title: guide.title.clone(), see, ..Self::plain(&guide.id, "guide", guide.summary.clone()) }
    }

    pub(super) fn diagnostic(code: &crate::check::Code) -> Self {
        Self {
            title: format!("{}: {}", code.level.id(), code.title),
            remedy: code.remedy.to_owned(),
            ..Self::plain(code.id, "diagnostic of `check`", code.meaning)
        }
    }

    pub(super) fn code(code: Code) -> Self {
        Self { remedy: code.remedy().to_owned(), ..Self::plain(code.id(), "code of a bad record", code.meaning()) }
    }

    /// Writes it for people.
    pub(super) fn show(&self, paper: &mut Paper<'_>) -> io::Result<()> {
        let grave = self.rule.as_ref().and_then(|r| r.severity).map(|s| format!(", {s}")).unwrap_or_default();
        let head = paper.look.heading(&clean(&self.id));
        paper.line(&format!("{head}  {}", paper.look.faint(&format!("{}{grave}", self.is))))?;
        for text in [&self.title, &self.meaning, &self.remedy] {
            if !text.is_empty() && *text != self.id {
                paper.prose("  ", text)?;
            }
        }
        if let Some(rule) = &self.rule {
            show_rule(paper, rule)?;
        }
        for (lead, ids) in [("In the rubrics", &self.rubrics), ("In the questions", &self.questions)] {
            if !ids.is_empty() {
                paper.line("")?;
                paper.prose(&paper.look.faint(&format!("  {lead}: ")), &ids.join(", "))?;
            }
        }
        if self.see.is_empty() {
            return Ok(());
        }
        paper.line(&paper.look.faint(&format!("  The whole of it: {}", clean(&self.see))))
    }
}

fn show_rule(paper: &mut Paper<'_>, rule: &RuleJson) -> io::Result<()> {
    for (lead, text) in [("Why: ", &rule.why), ("Better: ", &rule.advice), ("They ask: ", &rule.probe)] {
        if !text.is_empty() {
            paper.prose(&format!("  {lead}"), text)?;
        }
    }
    if let Some(cap) = rule.cap {
        paper.line(&format!("  An answer with it reaches at most {cap} of 100."))?;
    }
    paper.heading("  How it is detected")?;
    let words = !(rule.cues.is_empty() && rule.regex.is_empty());
    if rule.from_absence && words {
        paper.line("  By what is missing, or by what is said:")?;
    }
    let bullet = paper.bullet();
    paper.items(bullet, &rule.cues)?;
    paper.items("regex", &rule.regex)?;
    paper.items("not", &rule.guards)?;
    if !words {
        let how = match rule.family {
            "motivation" => "  From the behaviours and signals that speak for it.",
            _ => "  From what is missing, or from other rules, not from words of its own.",
        };
        paper.line(how)?;
    }
    if !(rule.matches.is_empty() && rule.no_match.is_empty()) {
        paper.heading("  Examples")?;
    }
    paper.items(paper.look.sign("✓", "caught:"), &rule.matches)?;
    paper.items(paper.look.sign("✗", "left alone:"), &rule.no_match)?;
    paper.items("missed so far:", &rule.known_miss)?;
    paper.items("caught wrongly so far:", &rule.known_noise)
}

/// Folds entries that differ in nothing but the rubric; an inherited rule is told once.
pub(super) fn merge(entries: Vec<Entry>) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::new();
    for entry in entries {
        let twin = merged.iter_mut().find(|e| {
            (&e.id, e.is, &e.title, &e.meaning, &e.remedy, &e.rule)
                == (&entry.id, entry.is, &entry.title, &entry.meaning, &entry.remedy, &entry.rule)
        });
        match twin {
            Some(twin) => {
                for rubric in entry.rubrics {
                    if !twin.rubrics.contains(&rubric) {
                        twin.rubrics.push(rubric);
                    }
                }
            }
            None => merged.push(entry),
        }
    }
    merged
}
