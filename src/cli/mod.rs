//! The command line: one file a verb.
//!
//! [`main`] parses the arguments, runs the verb and turns its `Status` into an exit status. A
//! verb gets its own arguments and the `Context`, writes its product to `Context::out` and
//! everything else to standard error, and never ends the process itself.

mod attempt;
mod check;
mod config;
mod coverage;
mod data;
mod diff;
mod evaluate;
mod explain;
mod guides;
mod history;
mod labelled;
mod mock;
mod new;
mod pack;
mod practice;
mod questions;
mod report;
mod rubrics;
mod schema;
mod score;
mod shell;
mod stamp;
mod story;
mod watch;

#[cfg(test)]
pub(crate) use diff::Shape as Diff;

use crate::config::Config;
use crate::content::Layer;
use crate::diagnostics::{Problems, did_you_mean};
use crate::packs::{self, PackVersion};
use crate::report::Look;
use crate::{Library, Origin};
use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Parser, Subcommand, ValueEnum};
use console::Term;
use etcetera::BaseStrategy as _;
use serde::Serialize;
use std::cell::OnceCell;
use std::io::{self, BufRead as _, BufWriter, IsTerminal as _, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A coach for behavioural interviews: rehearse answers, score them, see every point explained.
///
/// Everything happens on this machine. The same answer gets the same assessment everywhere, and
/// every point and every red flag names the words that caused it.
#[derive(Debug, Parser)]
#[command(name = "starcue", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// What holds for every verb.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
struct Global {
    /// Folder of your own questions, guides and rubrics, laid over the built-in ones [env: STARCUE_CONTENT]
    #[arg(long, global = true, value_name = "DIR")]
    content: Option<PathBuf>,
    /// File with your defaults; an empty name for none [env: STARCUE_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// ASCII only, no colour, no animation
    #[arg(long, global = true)]
    plain: bool,
    /// When to use colour (NO_COLOR is honoured) [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    color: Option<When>,
}

/// When to do what a terminal can show and a file cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Practice(practice::Args),
    History(history::Args),
    Story(story::Args),
    Watch(watch::Args),
    Check(check::Args),
    New(new::Args),
    Schema(schema::Args),
    Pack(pack::Args),
    Score(score::Args),
    Diff(diff::Args),
    Report(report::Args),
    Mock(mock::Args),
    Questions(questions::Args),
    Guides(guides::Args),
    Rubrics(rubrics::Args),
    Explain(explain::Args),
    Config(config::Args),
    Evaluate(evaluate::Args),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

/// How content is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// For people
    Human,
    /// As JSON
    Json,
}

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Status {
    /// Done: 0.
    Done,
    /// Done, but something is below `--fail-under` or matches `--fail-on`: 1.
    Flagged,
    /// Wrong usage, a missing file or bad records: 2.
    Bad,
    /// Interrupted by the person: 130.
    Interrupted,
}

impl Status {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Flagged => 1,
            Self::Bad => 2,
            Self::Interrupted => 130,
        }
    }
}

/// What every verb may use.
#[derive(Debug)]
pub(crate) struct Context {
    /// How text for people looks on standard output.
    pub(crate) look: Look,
    /// Whether standard output is a terminal.
    pub(crate) terminal: bool,
    /// Whether standard error may carry a progress bar.
    pub(crate) progress: bool,
    /// What the config file says.
    pub(crate) config: Config,
    content: Option<PathBuf>,
    settings: [(String, &'static str); 3],
    library: OnceCell<Library>,
}

impl Context {
    fn new(global: &Global) -> Result<Self> {
        let config = Config::load(global.config.as_deref()).map_err(|why| anyhow!(why))?;
        let (plain, from_plain) = match config.plain {
            _ if global.plain => (true, "command line"),
            Some(plain) => (plain, "config file"),
            None => (false, "default"),
        };
        let of_config = config.color.as_deref().and_then(|when| When::from_str(when, true).ok());
        let (when, from_when) = match (global.color, of_config) {
            (Some(when), _) => (when, "command line"),
            (None, Some(when)) => (when, "config file"),
            (None, None) => (When::Auto, "default"),
        };
        let (content, from_content) = match (&global.content, content_of_environment()) {
            (Some(folder), _) => (Some(folder.clone()), "command line"),
            (None, Some(folder)) => (Some(folder), "STARCUE_CONTENT"),
            (None, None) if config.content.is_some() => (config.content.clone(), "config file"),
            (None, None) => (None, "default"),
        };
        let terminal = io::stdout().is_terminal();
        let colourless = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !colourless && !plain,
        };
        console::set_colors_enabled(color);
        console::set_colors_enabled_stderr(color);
        let width = Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        let width = width.or_else(|| std::env::var("COLUMNS").ok()?.parse().ok()).unwrap_or(80);
        let shown = content.as_ref().map_or_else(String::new, |folder| folder.display().to_string());
        let when_id = when.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
        Ok(Self {
            look: Look { color, plain, width: width.clamp(40, 120) },
            terminal,
            progress: io::stderr().is_terminal() && !plain && when != When::Never && !colourless,
            settings: [(shown, from_content), (when_id, from_when), (plain.to_string(), from_plain)],
            config,
            content,
            library: OnceCell::new(),
        })
    }

    /// The folder of the user's own content, and where that comes from.
    pub(crate) fn content_setting(&self) -> (String, &'static str) {
        self.settings[0].clone()
    }

    /// When to use colour, and where that comes from.
    pub(crate) fn color_setting(&self) -> (String, &'static str) {
        self.settings[1].clone()
    }

    /// Whether to be plain, and where that comes from.
    pub(crate) fn plain_setting(&self) -> (String, &'static str) {
        self.settings[2].clone()
    }

    /// The content, opened on first use.
    pub(crate) fn library(&self) -> Result<&Library> {
        if let Some(library) = self.library.get() {
            return Ok(library);
        }
        let (layers, _) = self.layers()?;
        let library = Library::layered(&layers, Vec::new()).context("the content cannot be used")?;
        Ok(self.library.get_or_init(|| library))
    }

    /// What lies over the built-in content, lowest first, and the packs among it: id and version.
    pub(crate) fn layers(&self) -> Result<(Vec<Layer>, Vec<PackVersion>)> {
        let mut problems = Vec::new();
        let mut layers = Vec::new();
        let mut packs = Vec::new();
        if let Some(folder) = self.packs_folder() {
            let (all, wrong) = packs::list(&folder);
            if let Some(why) = wrong.first() {
                return Err(anyhow!("a pack cannot be used: {why}; `starcue pack remove` takes one away"));
            }
            for pack in all {
                layers.push(pack.layer(&mut problems));
                packs.push((pack.manifest.id, pack.manifest.version));
            }
        }
        if let Some(folder) = &self.content {
            layers.push(Layer::of_folder(folder, Origin::Folder(folder.display().to_string()), &mut problems));
        }
        match problems.is_empty() {
            true => Ok((layers, packs)),
            false => Err(Problems(problems)).context("the content cannot be read"),
        }
    }

    /// The content with further files and folders over it.
    pub(crate) fn library_with(&self, files: &[PathBuf]) -> Result<Library> {
        let (base, _) = self.layers()?;
        Ok(crate::check::library(base, files)?)
    }

    /// The folder of the user's own content.
    pub(crate) fn content_folder(&self) -> Option<&Path> {
        self.content.as_deref()
    }

    /// Where packs are kept; `None` where there is no home folder.
    pub(crate) fn packs_folder(&self) -> Option<PathBuf> {
        let named = std::env::var_os("STARCUE_DATA").filter(|v| !v.is_empty()).map(PathBuf::from);
        let usual = || Some(etcetera::choose_base_strategy().ok()?.data_dir().join("starcue"));
        let data = named.or_else(|| self.config.data.clone()).or_else(usual)?;
        Some(std::path::absolute(data.join("packs")).unwrap_or_else(|_| data.join("packs")))
    }

    /// Standard output, buffered: flush it at the end.
    pub(crate) fn out(&self) -> impl Write + use<> {
        BufWriter::new(io::stdout().lock())
    }
}

/// The folder that the environment names; an empty variable is as good as none.
fn content_of_environment() -> Option<PathBuf> {
    std::env::var_os("STARCUE_CONTENT").filter(|v| !v.is_empty()).map(PathBuf::from)
}

/// Runs the program: parses the arguments, runs the verb, says what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version come this way too, with status 0. A closed pipe is no error.
            let _ = e.print();
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    // The content is not taken down piece by piece: the process ends, and all of it with it.
    let context = Context::new(&cli.global).map(ManuallyDrop::new);
    match context.and_then(|context| run(cli.verb, &context)) {
        Ok(status) => ExitCode::from(status.code()),
        Err(e) if is_closed_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            let _ = writeln!(io::stderr(), "starcue: {}", crate::report::clean_lines(&format!("{e:#}")));
            ExitCode::from(Status::Bad.code())
        }
    }
}

fn run(verb: Verb, context: &Context) -> Result<Status> {
    match verb {
        Verb::Practice(args) => practice::run(args, context),
        Verb::History(args) => history::run(args, context),
        Verb::Story(args) => story::run(args, context),
        Verb::Watch(args) => watch::run(&args, context),
        Verb::Config(args) => config::run(&args, context),
        Verb::Check(args) => check::run(&args, context),
        Verb::New(args) => new::run(&args, context),
        Verb::Schema(args) => schema::run(&args, context),
        Verb::Pack(args) => pack::run(args, context),
        Verb::Score(args) => score::run(&args, context),
        Verb::Diff(args) => diff::run(&args, context),
        Verb::Report(args) => report::run(args, context),
        Verb::Mock(args) => mock::run(args, context),
        Verb::Questions(args) => questions::run(args, context),
        Verb::Guides(args) => guides::run(args, context),
        Verb::Rubrics(args) => rubrics::run(args, context),
        Verb::Explain(args) => explain::run(args, context),
        Verb::Evaluate(args) => evaluate::run(args, context),
        Verb::Completions(args) => shell::completions(&args, context),
        Verb::Man(args) => shell::man(&args, context),
    }
}

/// Writes a value as JSON for people who read it too.
fn write_json(out: &mut dyn Write, value: &(impl Serialize + ?Sized)) -> Result<()> {
    // The source of an error of writing is the error itself: a closed pipe stays one.
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Writes a value as JSON, on one line.
fn write_line(out: &mut dyn Write, value: &(impl Serialize + ?Sized)) -> Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Whether the person says yes to something that can't be undone.
fn confirmed(question: &str) -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here: add `--yes` to delete without a question");
    }
    write!(io::stderr(), "{question}")?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

/// What to say of an id that is not there.
fn unknown<'a>(what: &str, id: &str, known: impl IntoIterator<Item = &'a str>, list: &str) -> anyhow::Error {
    match did_you_mean(id, known) {
        Some(near) => anyhow!("there is no {what} `{id}`; did you mean `{near}`?"),
        None => anyhow!("there is no {what} `{id}`: `{list}` lists them"),
    }
}

/// Whether the reader of our output went away, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_errors_however_deep_it_lies() {
        let pipe = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing");
        let full = anyhow::Error::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(is_closed_pipe(&pipe));
        assert!(!is_closed_pipe(&full));
    }
}
