//! `starcue watch`: an answer in one's own editor, assessed on every save.

use super::{Context, Status, score, write_line};
use crate::assessment::{Assessment, AssessmentJson, EvidenceDetail, Fields};
use crate::batch::{self, Bad, Input, InputFormat, Judged};
use crate::practice::{Change, Interrupt, RubricJudge};
use crate::report::{Delivery, View, clean, terminal};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

/// Between two looks at the file.
const PAUSE: Duration = Duration::from_millis(150);

/// Assess a file anew on every save, while you write it in your own editor
///
/// The file holds one answer as text, Markdown or TOML. Beside the assessment stands what changed
/// since the save before it. Ctrl-C ends it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file; it need not be there yet
    file: PathBuf,
    /// How the answer is written [default: by the file's ending, else text]
    #[arg(long, value_name = "FORMAT")]
    from: Option<InputFormat>,
    /// Rubric that judges it [default: the file's, or the question's, or `behavioural`]
    #[arg(long, value_name = "ID")]
    rubric: Option<String>,
    /// What was asked, where the file does not say: an id of the bank, or any text
    #[arg(long, value_name = "ID|TEXT")]
    question: Option<String>,
    /// How the assessment is written [default: human on a terminal, else jsonl]
    #[arg(long, value_name = "FORMAT")]
    to: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people; on a terminal each takes the place of the one before it
    Human,
    /// As JSON, a line for each save
    Jsonl,
}

/// After so many looks a file that is away is not just being saved.
const GONE: u32 = 14;

/// A file that is looked at again and again.
#[derive(Debug, Default)]
struct Watched {
    stamp: Option<(SystemTime, u64)>,
    bytes: Option<Vec<u8>>,
    /// Looks since the file was there.
    missed: u32,
}

/// What a look at a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The same as before.
    Same,
    /// Another content.
    Changed,
    /// It was there, and is gone; said once.
    Gone,
}

impl Watched {
    /// Whether the file has another content than at the last look. A file that is away for a moment,
    /// as while an editor saves it, has not changed.
    fn look(&mut self, path: &Path) -> io::Result<Seen> {
        let meta = match fs::metadata(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(self.miss()),
            meta => meta?,
        };
        self.missed = 0;
        let stamp = (meta.modified()?, meta.len());
        if self.stamp == Some(stamp) {
            return Ok(Seen::Same);
        }
        let bytes = match fs::read(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(self.miss()),
            bytes => bytes?,
        };
        self.stamp = Some(stamp);
        let changed = self.bytes.as_ref() != Some(&bytes);
        self.bytes = Some(bytes);
        Ok(if changed { Seen::Changed } else { Seen::Same })
    }

    fn miss(&mut self) -> Seen {
        self.missed = self.missed.saturating_add(1);
        if self.missed != GONE || self.bytes.is_none() {
            return Seen::Same;
        }
        // When it comes back, it is shown again.
        *self = Self { missed: GONE, ..Self::default() };
        Seen::Gone
    }
}

/// Watches until Ctrl-C.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let format = args.from.or_else(|| InputFormat::of(&args.file)).unwrap_or(InputFormat::Text);
    if matches!(format, InputFormat::Jsonl | InputFormat::Csv) {
        bail!("`watch` follows one answer, and this format holds many: `starcue score` reads it");
    }
    if args.file.is_dir() {
        bail!("`{}` is a folder; `watch` follows one file", args.file.display());
    }
    let library = context.library()?;
    if let Some(id) = &args.rubric {
        library.rubric(id)?;
    }
    let name: Arc<str> = args.file.display().to_string().into();
    let to = args.to.unwrap_or(if context.terminal { Form::Human } else { Form::Jsonl });
    let interrupt = Interrupt::watch()?;
    let mut page = Page { context, to, before: None };
    let mut watched = Watched::default();
    if !args.file.exists() {
        writeln!(io::stderr(), "starcue: waiting for `{}`; Ctrl-C ends it", clean(&name))?;
    }
    // What is wrong with the file now; said once, and the next save may mend it.
    let mut trouble = String::new();
    while !interrupt.take() {
        let seen = watched.look(&args.file);
        let saved = matches!(seen, Ok(Seen::Changed));
        let now = match seen {
            Ok(Seen::Same) => trouble.clone(),
            Ok(Seen::Gone) => format!("`{name}` is gone; waiting for it; Ctrl-C ends it"),
            Ok(Seen::Changed) => {
                let input = Input { path: Some(args.file.clone()), name: Arc::clone(&name), format, bytes: None };
                let judge = |r| score::judge(library, r, args.rubric.as_deref(), args.question.as_deref());
                match one(&input).and_then(judge) {
                    Ok(judged) => {
                        page.show(judged)?;
                        String::new()
                    }
                    Err(bad) => format!("{name}: {} [{}]", bad.message, bad.code),
                }
            }
            Err(e) => format!("`{name}` can't be read ({e}); it is looked at again; Ctrl-C ends it"),
        };
        if (now != trouble || saved) && !now.is_empty() {
            writeln!(io::stderr(), "starcue: {}", clean(&now))?;
        }
        trouble = now;
        thread::sleep(PAUSE);
    }
    Ok(Status::Interrupted)
}

/// The one record of a file.
fn one(input: &Input) -> Result<batch::Record, Bad> {
    batch::first(input).unwrap_or_else(|| Err(Bad::new(batch::Code::NoAnswer, "the file is empty")))
}

struct Page<'a> {
    context: &'a Context,
    to: Form,
    before: Option<Assessment>,
}

impl Page<'_> {
    fn show(&mut self, judged: Judged) -> Result<()> {
        let mut out = self.context.out();
        let text = judged.record.answer.text();
        match self.to {
            Form::Jsonl => {
                let json = AssessmentJson {
                    id: &judged.record.id,
                    question: judged.record.question.as_deref(),
                    assessment: &judged.assessment,
                    text,
                    detail: EvidenceDetail::Quotes,
                    include_text: false,
                    fields: Fields::default(),
                };
                write_line(&mut out, &json)?;
            }
            Form::Human => {
                let look = self.context.look;
                let asked = judged.asked.as_deref();
                if self.context.terminal && !look.plain {
                    out.write_all(b"\x1b[H\x1b[2J\x1b[3J")?;
                } else if self.before.is_some() {
                    writeln!(out, "\n{}\n", "-".repeat(look.width.min(60)))?;
                }
                let view = View {
                    assessment: &judged.assessment,
                    rubric: &judged.rubric,
                    question: asked,
                    text,
                    remarks: &[],
                    delivery: Delivery::default(),
                };
                terminal::assessment(&mut out, &look, &view)?;
                if let Some(before) = &self.before {
                    let question = asked.unwrap_or_default().to_owned();
                    let judge = RubricJudge { rubric: Arc::clone(&judged.rubric), question: None, text: question };
                    let change = Change::between(before, &judged.assessment).report(&judge, &look);
                    out.write_all(look.plainly(&change).as_bytes())?;
                }
                if self.context.terminal {
                    // What counts most stands first, and has left the window by now.
                    terminal::gist(&mut out, &look, &view)?;
                }
                writeln!(out, "\n{}", look.faint("Watching; Ctrl-C ends it."))?;
            }
        }
        out.flush()?;
        self.before = Some(judged.assessment);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_changed_when_its_content_has() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("answer.md");
        let mut watched = Watched::default();
        let mut look = || watched.look(&file).unwrap();
        assert!((0..2 * GONE).all(|_| look() == Seen::Same), "it is not there yet");
        fs::write(&file, "one").unwrap();
        assert_eq!([look(), look()], [Seen::Changed, Seen::Same]);
        fs::remove_file(&file).unwrap();
        assert_eq!(look(), Seen::Same, "an editor puts it back in a moment");
        fs::write(&file, "three").unwrap();
        assert_eq!(look(), Seen::Changed);
        let later = SystemTime::now() + Duration::from_secs(9);
        fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert_eq!(look(), Seen::Same, "saved without a change");
        fs::remove_file(&file).unwrap();
        let looks: Vec<Seen> = (0..2 * GONE).map(|_| look()).collect();
        assert_eq!(looks.iter().filter(|seen| **seen == Seen::Gone).count(), 1, "that it is gone is said once");
        fs::write(&file, "three").unwrap();
        assert_eq!(look(), Seen::Changed, "it is back, and shown again");
    }
}
