//! `starcue config`: the settings that hold, and where each comes from.

use super::data::DataArgs;
use super::{Context, Status, To, write_json};
use crate::config::KEYS;
use crate::report::{Paper, clean};
use anyhow::Result;
use serde::Serialize;
use std::io::Write as _;

/// Show the settings that hold, and where each of them comes from
///
/// A setting comes from the command line, else from a variable, else from the config file, else it is
/// the default. The config file is TOML: `person`, `data`, `content`, `color`, `plain`, and under
/// `[history]` `keep_days`, under `[practice]` `cold`, `free`, `editor`, `judge_first`, `spoken` and `timed`; under `[speech]` the
/// commands `read_aloud` and `transcribe`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    to: To,
}

/// A setting with its value and where that comes from.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Setting {
    key: &'static str,
    value: String,
    from: &'static str,
}

#[derive(Serialize)]
struct Json<'a> {
    file: Option<String>,
    found: bool,
    settings: &'a [Setting],
}

/// Shows them.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let config = &context.config;
    let mut settings = Vec::new();
    for (key, _) in KEYS {
        let flag = |on: Option<bool>| match on {
            Some(on) => (on.to_string(), "config file"),
            None => ("false".to_owned(), "default"),
        };
        let command = |words: &[String]| match words {
            [] => (String::new(), "default"),
            words => (words.join(" "), "config file"),
        };
        let (value, from) = match key {
            "person" => (args.data.person(context).to_owned(), args.data.source_of_person(context)),
            "data" => (args.data.folder(context)?.display().to_string(), args.data.source(context)),
            "content" => context.content_setting(),
            "color" => context.color_setting(),
            "plain" => context.plain_setting(),
            "history.keep_days" => match config.keep_days {
                Some(days) => (days.to_string(), "config file"),
                None => (String::new(), "default"),
            },
            "practice.cold" => flag(config.cold),
            "practice.free" => flag(config.free),
            "practice.editor" => flag(config.editor),
            "practice.spoken" => flag(config.spoken),
            "practice.timed" => flag(config.timed),
            "speech.read_aloud" => command(&config.read_aloud),
            "speech.transcribe" => command(&config.transcribe),
            _ => flag(config.judge_first),
        };
        settings.push(Setting { key, value, from });
    }
    let mut out = context.out();
    match args.to {
        To::Json => {
            let file = config.path.as_ref().map(|p| p.display().to_string());
            write_json(&mut out, &Json { file, found: config.found, settings: &settings })?;
        }
        To::Human => {
            let mut paper = Paper::new(&mut out, context.look);
            let file = match &config.path {
                Some(path) if config.found => clean(&path.display().to_string()),
                Some(path) => format!("{} (not there)", clean(&path.display().to_string())),
                None => "none".to_owned(),
            };
            paper.line(&format!("Config file: {file}"))?;
            for s in &settings {
                let value = if s.value.is_empty() { "none".to_owned() } else { clean(&s.value) };
                paper.line(&format!("  {:<20}  {value}  {}", s.key, paper.look.faint(&format!("({})", s.from))))?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}
