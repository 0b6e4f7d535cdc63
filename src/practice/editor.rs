//! The candidate's own editor: which one, what its file looks like, and how it is read back.

use crate::assessment::Section;
use crate::words::{Form, Words, heading, tidy};
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The command of the candidate's editor: `VISUAL`, else `EDITOR`, else the first common one that
/// is installed. A variable that is set but empty counts as not set.
pub(crate) fn find() -> Option<OsString> {
    let named =
        ["VISUAL", "EDITOR"].into_iter().filter_map(env::var_os).find(|v| !v.to_string_lossy().trim().is_empty());
    named.or_else(|| {
        let path = env::var_os("PATH")?;
        ["sensible-editor", "nano", "vi"]
            .into_iter()
            .find(|name| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
            .map(OsString::from)
    })
}

/// Opens a file in an editor and waits until it is closed.
///
/// # Errors
/// Why it did not work, said for people.
pub(crate) fn open(editor: &OsString, file: &Path) -> Result<(), String> {
    let status = command(editor, file)
        .status()
        .map_err(|e| format!("The editor `{}` could not be started: {e}.", tidy(&editor.to_string_lossy())))?;
    if status.success() {
        return Ok(());
    }
    let how = status.code().map_or_else(|| "was stopped".to_owned(), |code| format!("ended with status {code}"));
    Err(format!("The editor `{}` {how}.", tidy(&editor.to_string_lossy())))
}

/// The shell splits the command, so that `EDITOR="code --wait"` and quoted paths work as they do
/// for other programs; the file's name is never seen by it.
#[cfg(unix)]
fn command(editor: &OsString, file: &Path) -> Command {
    let mut script = editor.clone();
    script.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg("sh").arg(file);
    command
}

#[cfg(not(unix))]
fn command(editor: &OsString, file: &Path) -> Command {
    let text = editor.to_string_lossy().into_owned();
    let mut words = text.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg(file);
    command
}

/// The file that is opened: the question and the purposes as comments, and what was said so far.
pub(crate) fn template(question: &str, words: &Words, purpose: impl Fn(Section) -> String) -> String {
    let mut out = format!(
        "<!-- {} -->\n<!-- Write your answer, save, and close the editor. Comments like this one are not read. -->\n",
        comment(question)
    );
    match &words.form {
        Form::Free(text) => out.push_str(&format!("\n{text}\n")),
        Form::Sections(sections) => {
            for (section, text) in Section::ALL.into_iter().zip(sections) {
                let purpose = comment(&purpose(section));
                out.push_str(&format!("\n# {}\n<!-- {purpose} -->\n\n{}\n", heading(section), text.trim_end()));
            }
        }
    }
    out
}

/// Reads the file back into the words that it was made from; replies stay.
pub(crate) fn read(file: &str, words: &mut Words) {
    let text = without_comments(&tidy(file));
    match &mut words.form {
        Form::Free(whole) => text.trim().clone_into(whole),
        Form::Sections(sections) => {
            let mut found: [String; 4] = Default::default();
            // Text above the first heading is no reason to lose it.
            let mut at = Section::Situation;
            for line in text.lines() {
                match section_heading(line) {
                    Some(section) => at = section,
                    None => {
                        found[at.index()].push_str(line);
                        found[at.index()].push('\n');
                    }
                }
            }
            for (section, text) in sections.iter_mut().zip(found) {
                text.trim().clone_into(section);
            }
        }
    }
}

fn section_heading(line: &str) -> Option<Section> {
    let title = line.trim().strip_prefix('#')?.trim_start_matches('#').trim().trim_end_matches(':');
    Section::from_id(&title.to_ascii_lowercase())
}

fn comment(text: &str) -> String {
    tidy(text).replace('\n', " ").replace("--", "- -")
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        let Some(length) = rest[start..].find("-->") else { break };
        out.push_str(&rest[..start]);
        rest = &rest[start + length + 3..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Place;

    #[test]
    fn what_was_written_comes_back_by_section() {
        let mut words = Words::new(false);
        words.put(Place::Section(Section::Situation), "It broke.");
        let file = template("Why --> now?", &words, |s| format!("purpose of {s}"));
        assert!(file.contains("# Action\n<!-- purpose of action -->"));
        let edited =
            file.replace("<!-- purpose of action -->\n\n", "<!-- purpose of action -->\n\nI fixed it.\r\n\nTwice.");
        read(&edited, &mut words);
        assert_eq!(words.at(Place::Section(Section::Situation)), "It broke.");
        assert_eq!(words.at(Place::Section(Section::Action)), "I fixed it.\n\nTwice.");
        assert_eq!(words.at(Place::Section(Section::Result)), "");
    }

    #[test]
    fn a_file_without_headings_loses_nothing() {
        let mut words = Words::new(false);
        read("All in one. <!-- open comment", &mut words);
        assert_eq!(words.at(Place::Section(Section::Situation)), "All in one. <!-- open comment");
        let mut free = Words::new(true);
        read("<!-- a\nb -->\n# Not a section\nText.", &mut free);
        assert_eq!(free.at(Place::Whole), "# Not a section\nText.");
    }

    #[test]
    #[cfg(unix)]
    fn an_editor_that_fails_or_is_not_there_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("it's a file.md");
        open(&OsString::from("printf x >"), &file).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "x");
        assert!(open(&OsString::from("false"), &file).unwrap_err().contains("status 1"));
        assert!(open(&OsString::from("/nowhere/editor"), &file).unwrap_err().contains("status 127"));
    }
}
