//! `starcue schema`: JSON Schemas of the files that people write.

use super::{Context, Status};
use crate::check::FileKind;
use crate::report::clean;
use anyhow::{Context as _, Result};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// Write the JSON Schema of a kind of file, so that your editor completes and validates it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue schema rubric > rubric.json
  starcue schema --into .schemas         all of them, a file each

docs/editors.md shows how VS Code, Helix and Neovim use them.")]
pub(crate) struct Args {
    /// The kind of file
    #[arg(required_unless_present = "into")]
    kind: Option<FileKind>,
    /// Write all schemas into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    into: Option<PathBuf>,
}

impl ValueEnum for FileKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
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
        for kind in FileKind::ALL {
            let file = folder.join(format!("{}.json", kind.id()));
            fs::write(&file, kind.schema()).with_context(|| format!("cannot write `{}`", file.display()))?;
            writeln!(io::stderr(), "Wrote {}", clean(&file.display().to_string()))?;
        }
    }
    Ok(Status::Done)
}
