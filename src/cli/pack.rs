//! `starcue pack`: banks and rubrics that others wrote.

use super::{Context, Status, To, write_json};
use crate::check::{Level, Scope, run as check};
use crate::packs::{self, Pack, at_least};
use crate::report::findings::drawn;
use crate::report::{Paper, clean};
use anyhow::{Context as _, Result, anyhow, bail};
use clap::Subcommand;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// Add, list and remove packs: banks, guides and rubrics that others wrote
///
/// A pack is a folder with a manifest (`pack.toml`) beside `questions/` and `rubrics/`. Adding one
/// copies it into your data folder. Packs lie over what is built in and under your own `--content`,
/// in the order of their ids, but each above those it needs; of two things with one id the upper
/// holds. `starcue questions show ID --origin` tells where a question comes from.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  starcue pack add ~/Downloads/nursing     checks it, and copies it
  starcue pack                             what is there
  starcue pack remove nursing"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check the pack in a folder and copy it; one of the same id is replaced
    Add {
        /// Folder of the pack
        folder: PathBuf,
        /// Replace a newer version with an older one
        #[arg(long)]
        older: bool,
    },
    /// List the packs (the same as no word at all)
    List {
        /// How they are written
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        to: To,
    },
    /// Remove a pack
    Remove {
        /// Id of the pack
        id: String,
    },
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    manifest: &'a crate::content::raw::PackFile,
    folder: String,
}

/// Adds, lists or removes packs.
pub(crate) fn run(args: Args, context: &Context) -> Result<Status> {
    let into =
        context.packs_folder().ok_or_else(|| anyhow!("there is no home folder: set STARCUE_DATA to a folder"))?;
    match args.verb.unwrap_or(Verb::List { to: args.to }) {
        Verb::Add { folder, older } => add(&folder, older, &into, context),
        Verb::List { to } => {
            let (packs, wrong) = packs::list(&into);
            let mut out = context.out();
            match to {
                To::Json => {
                    let all: Vec<Listed<'_>> = packs
                        .iter()
                        .map(|p| Listed { manifest: &p.manifest, folder: p.folder.display().to_string() })
                        .collect();
                    write_json(&mut out, &all)?;
                }
                To::Human => list(&mut Paper::new(&mut out, context.look), &packs, &into)?,
            }
            out.flush()?;
            for why in &wrong {
                writeln!(io::stderr(), "starcue: {}", clean(why))?;
            }
            Ok(if wrong.is_empty() { Status::Done } else { Status::Bad })
        }
        Verb::Remove { id } => {
            let (packs, _) = packs::list(&into);
            let folder = into.join(&id);
            let pack = match packs.iter().find(|p| p.manifest.id == id) {
                Some(pack) => pack.clone(),
                // One that can't be read can still be taken away, by the name of its folder.
                None if std::path::Path::new(&id).components().count() == 1
                    && folder.join(packs::MANIFEST).exists() =>
                {
                    bail!("the pack in `{}` can't be read: delete that folder by hand", folder.display())
                }
                None => {
                    let known = packs.iter().map(|p| p.manifest.id.as_str());
                    return Err(super::unknown("pack", &clean(&id), known, "starcue pack"));
                }
            };
            let needs: Vec<&str> =
                packs.iter().filter(|p| p.manifest.needs.contains_key(&id)).map(|p| p.manifest.id.as_str()).collect();
            if !needs.is_empty() {
                bail!("`{id}` is needed by `{}`: remove that first", needs.join("`, `"));
            }
            packs::remove(&pack).with_context(|| format!("can't delete `{}`", pack.folder.display()))?;
            writeln!(io::stderr(), "Removed {} {}.", clean(&id), clean(&pack.manifest.version))?;
            Ok(Status::Done)
        }
    }
}

fn add(folder: &std::path::Path, older: bool, into: &std::path::Path, context: &Context) -> Result<Status> {
    let pack = Pack::read(folder).map_err(|why| anyhow!(why))?;
    let id = &pack.manifest.id;
    let (there, _) = packs::list(into);
    let before = there.iter().find(|p| p.manifest.id == *id);
    if let Some(before) = before
        && !at_least(&pack.manifest.version, &before.manifest.version)
        && !older
    {
        let (new, old) = (&pack.manifest.version, &before.manifest.version);
        bail!("`{id}` is there as version {old}, which is newer than {new}: `--older` takes the older one");
    }
    let mut problems = Vec::new();
    let others: Vec<&Pack> = there.iter().filter(|p| p.manifest.id != *id).collect();
    let report = check(Scope {
        base: others.iter().map(|p| p.layer(&mut problems)).collect(),
        packs: others.iter().map(|p| (p.manifest.id.clone(), p.manifest.version.clone())).collect(),
        inputs: vec![folder.to_path_buf()],
        ..Scope::default()
    });
    let errors = report.count(Level::Error);
    if errors > 0 {
        let mut out = context.out();
        drawn(&mut out, &context.look, &report)?;
        out.flush()?;
        let shown = folder.display();
        writeln!(io::stderr(), "starcue: the pack was not added: `starcue check {shown}` finds {errors} errors")?;
        return Ok(Status::Flagged);
    }
    let added = packs::add(&pack, into).with_context(|| format!("can't copy the pack to `{}`", into.display()))?;
    let replaced = before.map(|b| format!(" in place of {}", b.manifest.version)).unwrap_or_default();
    let said = format!(
        "Added {id} {}{replaced}: {} questions, {} rules; in {}.",
        pack.manifest.version,
        report.questions,
        report.rules,
        added.folder.display()
    );
    writeln!(io::stderr(), "{}", clean(&said))?;
    Ok(Status::Done)
}

fn list(paper: &mut Paper<'_>, packs: &[Pack], into: &std::path::Path) -> io::Result<()> {
    if packs.is_empty() {
        let said = format!("No packs in {}: `starcue pack add FOLDER` adds one.", into.display());
        return paper.line(&paper.look.faint(&clean(&said)));
    }
    for pack in packs {
        let m = &pack.manifest;
        paper.line(&format!("{}  {}  {}", paper.look.heading(&clean(&m.id)), clean(&m.version), clean(&m.title)))?;
        paper.prose("  ", &m.description)?;
        let needs = m.needs.iter().map(|(id, v)| format!("{id} {v}")).collect::<Vec<_>>().join(", ");
        let needs = if needs.is_empty() { String::new() } else { format!("; needs {needs}") };
        paper.faint("  ", &clean(&format!("by {}; {}{needs}", m.authors.join(", "), m.licence)))?;
    }
    Ok(())
}
