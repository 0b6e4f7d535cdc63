//! A story told section by section, outside a rehearsal.

use super::brief::para;
use super::editor;
use super::files;
use super::prompter::{Page, Prompted, Prompter, Then};
use crate::assessment::Section;
use crate::words::{Place, Words, heading, tidy};

/// Has the sections of a story typed, or typed again. `keep` is called with all of it whenever it has
/// changed.
///
/// # Errors
/// As [`Prompter::write`]; what was typed until then was given to `keep`.
pub(crate) fn tell(
    prompter: &mut dyn Prompter,
    words: &mut Words,
    purpose: &dyn Fn(Section) -> String,
    keep: &mut dyn FnMut(&Words),
) -> Prompted<()> {
    let look = prompter.look();
    let how = "What happened, section by section; notes will do. What you type is kept as you type it. End with a line \
               that holds only a full stop, or with Ctrl-D. Commands, on a line of their own: :back goes back, :skip \
               goes on, :edit opens your editor, :quit leaves and keeps your text.";
    prompter.say(&format!("\n{}", para(&look, how)))?;
    let mut at = 0;
    while let Some(&section) = Section::ALL.get(at) {
        let title = format!("{} ({} of 4)", heading(section), at + 1);
        prompter.say(&format!("\n{}\n{}", look.heading(&title), para(&look, &purpose(section))))?;
        let place = Place::Section(section);
        let seed = words.at(place).to_owned();
        let mut put = |words: &mut Words, text: &str| {
            let text = tidy(text);
            if words.at(place) != text {
                words.put(place, &text);
                keep(words);
            }
        };
        let typed = prompter
            .write(&Page { title: heading(section), seed: &seed, limit: None }, &mut |text| put(words, text))?;
        put(words, &typed.text);
        match typed.then {
            Then::Next | Then::Skip => at += 1,
            Then::Back => at = at.saturating_sub(1),
            Then::Quit => break,
            Then::Edit => {
                if in_editor(prompter, words, purpose)? {
                    keep(words);
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Has the whole of it written in the candidate's editor; whether that worked.
fn in_editor(prompter: &mut dyn Prompter, words: &mut Words, purpose: &dyn Fn(Section) -> String) -> Prompted<bool> {
    let text = editor::template("Your story", words, purpose);
    let written = files::temporary_folder(&std::env::temp_dir()).and_then(|folder| {
        files::put(&folder, "story.md", &text, false)?;
        Ok(folder.join("story.md"))
    });
    let file = match written {
        Ok(file) => file,
        Err(e) => {
            prompter.say(&format!("The editor's file can't be written: {e}. Type here instead.\n"))?;
            return Ok(false);
        }
    };
    let opened = prompter.edit(&file)?;
    let read = opened.and_then(|()| std::fs::read_to_string(&file).map_err(|e| format!("It can't be read: {e}.")));
    match read {
        Ok(text) => {
            editor::read(&text, words);
            if let Some(folder) = file.parent() {
                // What was in it is kept now.
                let _ = std::fs::remove_dir_all(folder);
            }
            Ok(true)
        }
        Err(why) => {
            prompter.say(&format!("{why} Its file is kept: {}\n", file.display()))?;
            Ok(false)
        }
    }
}
