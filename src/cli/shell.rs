//! `starcue completions` and `starcue man`: what the shell and its manual know of the program.

use super::{Cli, Context, Status};
use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// Write the completions of a shell: verbs, options and their values
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue completions bash > ~/.local/share/bash-completion/completions/starcue
  starcue completions zsh > ~/.zfunc/_starcue
  starcue completions fish > ~/.config/fish/completions/starcue.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Write the manual page, or one page for every verb
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  starcue man | man -l -
  starcue man --into ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Write a page for the program and one for every verb into this folder
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

/// Writes the completions.
pub(crate) fn completions(args: &CompletionsArgs, context: &Context) -> Result<Status> {
    // Made in memory: the generator panics where it cannot write, and a closed pipe is no error.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "starcue", &mut script);
    let mut out = context.out();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::Done)
}

/// Writes the manual.
pub(crate) fn man(args: &ManArgs, context: &Context) -> Result<Status> {
    let command = Cli::command();
    match &args.into {
        Some(folder) => {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            clap_mangen::generate_to(command, folder)
                .with_context(|| format!("cannot write into `{}`", folder.display()))?;
        }
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            let mut out = context.out();
            out.write_all(&page)?;
            out.flush()?;
        }
    }
    Ok(Status::Done)
}
