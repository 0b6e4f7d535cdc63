//! `starcue new`: files to start from.

use super::{Context, Status};
use crate::report::clean;
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Start a bank, guide, rubric, plan or pack of your own
///
/// Writes a commented file that passes `starcue check` as it is, into the place where starcue looks
/// for it. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue new rubric sales --dir my          writes my/rubrics/sales.toml
  starcue new bank sales --dir my --rubric sales
  starcue new pack nursing                   a folder `nursing` with a manifest, a bank and a rubric
  starcue new plan night-desk --dir my       the plan of a mock interview
  starcue new guide closing --output -       to standard output")]
pub(crate) struct Args {
    /// What to start
    kind: Kind,
    /// Its id: lower-case letters, digits and hyphens
    #[arg(value_parser = id)]
    id: String,
    /// The content folder to put it into [default: that of `--content`, else this folder]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Write to this file instead; `-` for standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "dir")]
    output: Option<PathBuf>,
    /// For a bank: the rubric that judges its questions
    #[arg(long, value_name = "ID", default_value = "behavioural", value_parser = id)]
    rubric: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Questions
    Bank,
    /// A method or a playbook
    Guide,
    /// Rules that judge answers
    Rubric,
    /// The plan of a mock interview
    Plan,
    /// A folder with a manifest, a bank and a rubric, to be shared
    Pack,
}

fn id(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edges = text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.ends_with('-');
    if edges && text.chars().all(good) && !text.contains("--") && text.len() <= 60 {
        Ok(text.to_owned())
    } else {
        Err("write it like `night-shift`: lower-case letters, digits and hyphens".to_owned())
    }
}

impl Kind {
    const fn template(self) -> &'static str {
        match self {
            Self::Bank => include_str!("templates/bank.toml"),
            Self::Guide => include_str!("templates/guide.toml"),
            Self::Rubric => include_str!("templates/rubric.toml"),
            Self::Plan => include_str!("templates/plan.toml"),
            Self::Pack => include_str!("templates/pack.toml"),
        }
    }

    fn place(self, id: &str) -> PathBuf {
        match self {
            Self::Bank => Path::new("questions").join(format!("{id}.toml")),
            Self::Guide => Path::new("questions/guides").join(format!("{id}.toml")),
            Self::Rubric => Path::new("rubrics").join(format!("{id}.toml")),
            Self::Plan => PathBuf::from(crate::mock::plan::place(id)),
            Self::Pack => PathBuf::from(crate::packs::MANIFEST),
        }
    }
}

/// Starts it.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let here = || context.content_folder().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let dir = match (&args.dir, args.kind) {
        (Some(dir), _) => dir.clone(),
        (None, Kind::Pack) => PathBuf::from(&args.id),
        (None, _) => here(),
    };
    let file = args.output.clone().unwrap_or_else(|| tidy(&dir.join(args.kind.place(&args.id))));
    if args.output.as_ref().is_some_and(|o| o.as_os_str() == "-") {
        let mut out = context.out();
        out.write_all(text(args.kind, &args.id, &args.rubric, &file, &dir).as_bytes())?;
        out.flush()?;
        return Ok(Status::Done);
    }
    let mut written = vec![(args.kind, file, args.rubric.as_str())];
    if args.kind == Kind::Pack && args.output.is_none() {
        written.push((Kind::Rubric, tidy(&dir.join(Kind::Rubric.place(&args.id))), ""));
        written.push((Kind::Bank, tidy(&dir.join(Kind::Bank.place(&args.id))), &args.id));
    }
    if let Some((_, there, _)) = written.iter().find(|(_, file, _)| file.exists()) {
        bail!("`{}` is there already, and nothing is overwritten", there.display());
    }
    for (kind, file, rubric) in &written {
        if let Some(folder) = file.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        }
        let mut new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(file)
            .with_context(|| format!("cannot write `{}`", file.display()))?;
        new.write_all(text(*kind, &args.id, rubric, file, &dir).as_bytes())?;
        writeln!(io::stderr(), "Wrote {}", clean(&file.display().to_string()))?;
    }
    let check = if args.kind == Kind::Pack { dir } else { written.swap_remove(0).1 };
    writeln!(io::stderr(), "Next: starcue check {}", clean(&check.display().to_string()))?;
    Ok(Status::Done)
}

/// Without a `./` in front.
fn tidy(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_path_buf()
}

fn text(kind: Kind, id: &str, rubric: &str, file: &Path, dir: &Path) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    kind.template()
        .replace("{id}", id)
        .replace("{title}", &title)
        .replace("{rubric}", if rubric.is_empty() { "behavioural" } else { rubric })
        .replace("{file}", &clean(&file.display().to_string()))
        .replace("{folder}", &clean(&dir.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_what_it_may_be() {
        assert_eq!(id("night-shift").as_deref(), Ok("night-shift"));
        for bad in ["", "Night", "a b", "../x", "-a", "a-", "a--b", "2b"] {
            assert!(id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_placeholder_is_left() {
        for kind in [Kind::Bank, Kind::Guide, Kind::Rubric, Kind::Plan, Kind::Pack] {
            let text = text(kind, "night-shift", "behavioural", Path::new("f.toml"), Path::new("d"));
            for left in ["{id}", "{title}", "{rubric}", "{file}", "{folder}"] {
                assert!(!text.contains(left), "{left}");
            }
            assert!(text.contains("night-shift") && text.parse::<toml::Table>().is_ok());
        }
    }
}
