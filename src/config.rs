//! The config file: defaults that a person sets once, in TOML.

use crate::diagnostics::{did_you_mean, line_of};
use etcetera::BaseStrategy as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use toml::Value;

/// Name of the variable that names the file; an empty one means: no file.
pub(crate) const VARIABLE: &str = "STARCUE_CONFIG";

/// Every key with what its value is, as messages and `starcue config` name it.
pub(crate) const KEYS: [(&str, &str); 14] = [
    ("person", "a name"),
    ("data", "a folder"),
    ("content", "a folder"),
    ("color", "\"auto\", \"always\" or \"never\""),
    ("plain", "true or false"),
    ("history.keep_days", "a number of days, 1 or more"),
    ("practice.cold", "true or false"),
    ("practice.free", "true or false"),
    ("practice.editor", "true or false"),
    ("practice.judge_first", "true or false"),
    ("practice.spoken", "true or false"),
    ("practice.timed", "true or false"),
    ("speech.read_aloud", "a command and its arguments, such as [\"espeak-ng\"]"),
    ("speech.transcribe", "a command and its arguments, such as [\"my-transcriber\", \"{seconds}\"]"),
];

/// What the config file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// Where the file is, or would be; `None` where it is not wanted.
    pub(crate) path: Option<PathBuf>,
    /// Whether it is there.
    pub(crate) found: bool,
    /// Whose answers are kept.
    pub(crate) person: Option<String>,
    /// The data folder.
    pub(crate) data: Option<PathBuf>,
    /// The folder of the user's own content.
    pub(crate) content: Option<PathBuf>,
    /// When to use colour.
    pub(crate) color: Option<String>,
    /// ASCII only, no colour.
    pub(crate) plain: Option<bool>,
    /// After how many days attempts and mock interviews are deleted; none for never.
    pub(crate) keep_days: Option<u32>,
    /// Rehearse without the brief.
    pub(crate) cold: Option<bool>,
    /// Answer in one go.
    pub(crate) free: Option<bool>,
    /// Answer in the editor.
    pub(crate) editor: Option<bool>,
    /// Judge oneself first.
    pub(crate) judge_first: Option<bool>,
    /// Tell it aloud.
    pub(crate) spoken: Option<bool>,
    /// With a clock.
    pub(crate) timed: Option<bool>,
    /// The command that reads a question aloud, with its arguments; empty is none.
    pub(crate) read_aloud: Vec<String>,
    /// The command that writes down what is said, with its arguments; empty is none.
    pub(crate) transcribe: Vec<String>,
}

impl Config {
    /// Reads the file that was named; else the one that the variable names; else the one that stands
    /// where the platform expects it, if it is there.
    ///
    /// # Errors
    /// It can't be read, or says what it can't say; for people.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self, String> {
        let variable = std::env::var_os(VARIABLE).map(PathBuf::from);
        let wanted = named.map(Path::to_path_buf).or(variable);
        if wanted.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
            return Ok(Self::default());
        }
        let must = wanted.is_some();
        let usual = || Some(etcetera::choose_base_strategy().ok()?.config_dir().join("starcue").join("config.toml"));
        let Some(path) = wanted.or_else(usual) else { return Ok(Self::default()) };
        match fs::read_to_string(&path) {
            Ok(text) => Self::read(&text, &path),
            Err(e) if e.kind() == io::ErrorKind::NotFound && !must => Ok(Self { path: Some(path), ..Self::default() }),
            Err(e) => Err(format!("the config file `{}` can't be read: {e}", path.display())),
        }
    }

    /// What a text says; paths in it are meant from its own folder.
    fn read(text: &str, path: &Path) -> Result<Self, String> {
        let wrong = |line: usize, why: &str| format!("{}:{line}: {why}", path.display());
        let table: toml::Table = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| line_of(text, s.start));
            wrong(line, e.message().trim())
        })?;
        let mut config = Self { path: Some(path.to_path_buf()), found: true, ..Self::default() };
        for (name, value) in flat(table) {
            if let Err(why) = config.set(&name, value, path) {
                let key = name.rsplit('.').next().unwrap_or(&name);
                let is_key = |l: &str| l.split('=').next().is_some_and(|k| k.trim().trim_matches(['"', '\'']) == key);
                let line = text.lines().position(is_key).unwrap_or(0) + 1;
                return Err(wrong(line, &why));
            }
        }
        Ok(config)
    }

    fn set(&mut self, name: &str, value: Value, path: &Path) -> Result<(), String> {
        let Some((_, what)) = KEYS.iter().find(|(key, _)| *key == name) else {
            let near = did_you_mean(name, KEYS.iter().map(|(key, _)| *key));
            let near =
                near.map_or_else(|| "`starcue config` lists all keys".to_owned(), |n| format!("did you mean `{n}`?"));
            return Err(format!("there is no key `{}`; {near}", crate::report::clean(name)));
        };
        let wrong = || format!("`{name}` wants {what}");
        let text =
            |value: &Value| value.as_str().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).ok_or_else(wrong);
        match name {
            "person" => self.person = Some(crate::words::tidy(&text(&value)?).replace('\n', " ")),
            "data" => self.data = Some(folder(&text(&value)?, path)),
            "content" => self.content = Some(folder(&text(&value)?, path)),
            "color" => {
                let when = text(&value)?;
                let known = ["auto", "always", "never"].contains(&when.as_str());
                self.color = Some(known.then_some(when).ok_or_else(wrong)?);
            }
            "speech.read_aloud" => self.read_aloud = command(&value).ok_or_else(wrong)?,
            "speech.transcribe" => self.transcribe = command(&value).ok_or_else(wrong)?,
            "history.keep_days" => {
                let days = value.as_integer().and_then(|d| u32::try_from(d).ok()).filter(|d| (1..=100_000).contains(d));
                self.keep_days = Some(days.ok_or_else(wrong)?);
            }
            _ => {
                let on = Some(value.as_bool().ok_or_else(wrong)?);
                match name {
                    "plain" => self.plain = on,
                    "practice.cold" => self.cold = on,
                    "practice.free" => self.free = on,
                    "practice.editor" => self.editor = on,
                    "practice.spoken" => self.spoken = on,
                    "practice.timed" => self.timed = on,
                    _ => self.judge_first = on,
                }
            }
        }
        Ok(())
    }
}

/// A command: a list of texts, the first of which is a program.
fn command(value: &Value) -> Option<Vec<String>> {
    let words: Option<Vec<String>> = value.as_array()?.iter().map(|w| w.as_str().map(str::to_owned)).collect();
    words.filter(|words| words.first().is_none_or(|program| !program.trim().is_empty()))
}

/// The keys of a file with those of its tables: `practice.cold`.
fn flat(table: toml::Table) -> Vec<(String, Value)> {
    let mut keys = Vec::new();
    for (name, value) in table {
        match value {
            Value::Table(inner) => keys.extend(inner.into_iter().map(|(key, v)| (format!("{name}.{key}"), v))),
            value => keys.push((name, value)),
        }
    }
    keys
}

/// A folder as the file means it: `~/` is the home folder, what is relative starts beside the file.
fn folder(text: &str, file: &Path) -> PathBuf {
    if let Some(rest) = text.strip_prefix("~/")
        && let Ok(home) = etcetera::home_dir()
    {
        return home.join(rest);
    }
    file.parent().unwrap_or_else(|| Path::new(".")).join(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        Config::read(text, Path::new("/etc/starcue/config.toml"))
    }

    #[test]
    fn every_key_is_read() {
        let text = "person = 'anna'\ndata = 'mine'\ncontent = '/srv/content'\ncolor = 'never'\nplain = true\n\
                    [history]\nkeep_days = 90\n[practice]\ncold = true\nfree = false\neditor = true\njudge_first = true\nspoken = true\n\
                    timed = true\n[speech]\nread_aloud = ['espeak-ng', '-v', 'en']\n";
        let config = read(text).unwrap();
        assert_eq!(config.person.as_deref(), Some("anna"));
        assert_eq!(config.data.as_deref(), Some(Path::new("/etc/starcue/mine")));
        assert_eq!(config.content.as_deref(), Some(Path::new("/srv/content")));
        assert_eq!((config.color.as_deref(), config.plain), (Some("never"), Some(true)));
        assert_eq!((config.cold, config.free, config.editor), (Some(true), Some(false), Some(true)));
        assert_eq!((config.judge_first, config.spoken, config.timed), (Some(true), Some(true), Some(true)));
        assert_eq!((config.read_aloud.len(), config.transcribe.len()), (3, 0));
        assert_eq!(config.keep_days, Some(90));
        assert!(config.found && read("").unwrap().data.is_none());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, said) in [
            ("person = 'a'\nperso = 'b'", "config.toml:2: there is no key `perso`; did you mean `person`?"),
            ("plain = 'yes'", "config.toml:1: `plain` wants true or false"),
            (
                "\n[practice]\ncolds = true",
                "config.toml:3: there is no key `practice.colds`; did you mean `practice.cold`?",
            ),
            ("color = 'red'", "`color` wants \"auto\", \"always\" or \"never\""),
            ("[history]\nkeep_days = 0", "config.toml:2: `history.keep_days` wants a number of days"),
            ("data = ' '", "`data` wants a folder"),
            (
                "[speech]\nread_aloud = 'espeak-ng'",
                "config.toml:2: `speech.read_aloud` wants a command and its arguments",
            ),
            ("[speech]\ntranscribe = ['']", "config.toml:2: `speech.transcribe` wants a command"),
            ("a = \n", "config.toml:1: "),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        assert!(Config::load(Some(Path::new("/nowhere/config.toml"))).unwrap_err().contains("can't be read"));
        assert_eq!(Config::load(Some(Path::new(""))).unwrap(), Config::default());
    }
}
