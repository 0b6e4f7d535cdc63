//! Where the user's own data is, and whose it is: for every verb that keeps something.

use super::Context;
use crate::history::{Clock as _, DEFAULT_PERSON, History, SystemClock};
use crate::practice::{Coach, Judge, RubricJudge, Store, take_in};
use crate::report::clean;
use crate::words::tidy;
use crate::{Library, Question};
use anyhow::{Result, anyhow};
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use etcetera::BaseStrategy as _;
use std::io::Write as _;
use std::path::PathBuf;

/// Where the data is, and whose.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DataArgs {
    /// Folder where your answers are kept
    #[arg(long, global = true, value_name = "DIR", env = "STARCUE_DATA", hide_env_values = true,
          value_parser = OsStringValueParser::new().map(PathBuf::from))]
    data: Option<PathBuf>,
    /// Whose answers these are, where several people share a folder [default: me]
    #[arg(long, global = true, value_name = "NAME", value_parser = person)]
    person: Option<String>,
}

/// A name that can be shown on one line.
fn person(text: &str) -> Result<String, String> {
    let name = tidy(text).replace(['\n', '\t'], " ").trim().to_owned();
    if name.is_empty() { Err("a name has letters".to_owned()) } else { Ok(name) }
}

impl DataArgs {
    /// The data folder.
    pub(crate) fn folder(&self, context: &Context) -> Result<PathBuf> {
        if let Some(folder) = self.chosen().or(context.config.data.as_ref()) {
            return Ok(std::path::absolute(folder)?);
        }
        let base = etcetera::choose_base_strategy()
            .map_err(|_| anyhow!("there is no home folder: name one with `--data`, or use `practice --no-save`"))?;
        Ok(base.data_dir().join("starcue"))
    }

    /// The folder of the command line or the environment; an empty name is as good as none.
    fn chosen(&self) -> Option<&PathBuf> {
        self.data.as_ref().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// Where the data folder comes from.
    pub(crate) fn source(&self, context: &Context) -> &'static str {
        match self.chosen() {
            Some(_) if self.is_named() => "command line",
            Some(folder) if std::env::var_os("STARCUE_DATA").is_some_and(|v| v == folder.as_os_str()) => "STARCUE_DATA",
            Some(_) => "command line",
            None if context.config.data.is_some() => "config file",
            None => "default",
        }
    }

    /// Whether the folder must be named again in a command that finds it: what the environment says,
    /// it will say again.
    pub(crate) fn is_named(&self) -> bool {
        self.data.is_some() && std::env::var_os("STARCUE_DATA").is_none()
    }

    /// Whose the data is.
    pub(crate) fn person<'a>(&'a self, context: &'a Context) -> &'a str {
        self.person.as_deref().or(context.config.person.as_deref()).unwrap_or(DEFAULT_PERSON)
    }

    /// Where the name comes from.
    pub(crate) fn source_of_person(&self, context: &Context) -> &'static str {
        match (&self.person, &context.config.person) {
            (Some(_), _) => "command line",
            (None, Some(_)) => "config file",
            (None, None) => "default",
        }
    }

    /// The name of the command line, if there is one.
    pub(crate) fn named_person(&self) -> Option<&str> {
        self.person.as_deref()
    }

    /// The history, made where there is none yet.
    pub(crate) fn history_to_write(&self, context: &Context) -> Result<History> {
        self.history(context)?.map_or_else(|| Ok(History::open(&self.folder(context)?)?), Ok)
    }

    /// The history, where there is one. It takes finished answers first that it has missed.
    pub(crate) fn history(&self, context: &Context) -> Result<Option<History>> {
        let folder = self.folder(context)?;
        let store = Store::new(Some(folder.clone()), std::env::temp_dir());
        if store.finished().drafts.is_empty() {
            let mut history = History::open_existing(&folder)?;
            if let Some(history) = &mut history {
                expire(history, context)?;
            }
            return Ok(history);
        }
        let mut history = History::open(&folder)?;
        let library = context.library()?;
        let judge = judges(library);
        let coach = Coach { questions: library.questions(), judge: &judge };
        for told in take_in(&store, &mut history, &coach)? {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "starcue: {}", clean(&told));
        }
        expire(&mut history, context)?;
        Ok(Some(history))
    }
}

/// Deletes what is older than the config file lets it become, and says so.
pub(crate) fn expire(history: &mut History, context: &Context) -> Result<()> {
    let Some(days) = context.config.keep_days else { return Ok(()) };
    let age = jiff::SignedDuration::from_hours(i64::from(days) * 24);
    let count = history.expire(SystemClock.now().checked_sub(age)?)?;
    if count > 0 {
        let what = if count == 1 { "1 attempt was".to_owned() } else { format!("{count} attempts were") };
        let told =
            format!("starcue: {what} older than {days} days and deleted (`history.keep_days` in the config file)");
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{told}");
    }
    Ok(())
}

/// What finds the judge of a question in a library.
pub(crate) fn judges(
    library: &Library,
) -> impl for<'q> Fn(&str, Option<&'q Question>, &str) -> Result<Box<dyn Judge + 'q>, String> {
    |rubric, question, text| {
        let rubric = library.rubric(rubric).map_err(|e| e.to_string())?;
        Ok(Box::new(RubricJudge { rubric, question, text: text.to_owned() }))
    }
}
