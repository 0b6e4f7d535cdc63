//! `starcue schema`: JSON Schemas of the files that people write, and of what starcue writes.

use super::{Context, Status};
use crate::OutputKind;
use crate::check::FileKind;
use crate::report::clean;
use anyhow::{Context as _, Result};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

/// Write the JSON Schema of a kind of file, for editors, or of what starcue writes, for programs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue schema rubric > rubric.json
  starcue schema --into .schemas         all of them, a file each
  starcue schema assessment              what `score --to jsonl` writes, a line an answer

Files that people write: bank, guide, rubric, language, pack, plan; docs/editors.md shows how VS Code, Helix and Neovim
use these. What starcue writes: assessment, error, selection (`score --select`), summary (`score --summary`), diff,
agreement (`evaluate`) and history (`history export`); docs/formats.md tells which is which.")]
pub(crate) struct Args {
    /// The kind of file or output
    #[arg(required_unless_present = "into")]
    kind: Option<Kind>,
    /// Write all schemas into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    into: Option<PathBuf>,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File(FileKind),
    Output(OutputKind),
}

impl Kind {
    const fn id(self) -> &'static str {
        match self {
            Self::File(kind) => kind.id(),
            Self::Output(kind) => kind.id(),
        }
    }

    const fn schema(self) -> &'static str {
        match self {
            Self::File(kind) => kind.schema(),
            Self::Output(kind) => kind.schema(),
        }
    }
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<Kind>> = LazyLock::new(|| {
            let files = FileKind::ALL.into_iter().map(Kind::File);
            files.chain(OutputKind::ALL.into_iter().map(Kind::Output)).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

/// Writes them.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    if let Some(kind) = args.kind {
        let mut out = context.out();
        out.write_all(kind.schema().as_bytes())?;
        out.flush()?;
    }
    if let Some(folder) = &args.into {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        for kind in Kind::value_variants() {
            let file = folder.join(format!("{}.json", kind.id()));
            fs::write(&file, kind.schema()).with_context(|| format!("cannot write `{}`", file.display()))?;
            writeln!(io::stderr(), "Wrote {}", clean(&file.display().to_string()))?;
        }
    }
    Ok(Status::Done)
}
