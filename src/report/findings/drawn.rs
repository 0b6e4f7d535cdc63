//! Findings for people: the line itself, with what is wrong drawn under it.

use crate::check::{Finding, Level, Report};
use crate::report::{Look, clean};
use annotate_snippets::{AnnotationKind, Group, Level as Grave, Renderer, Snippet};
use std::io::{self, Write};

/// Draws the findings of a report, and says how many there are.
pub(crate) fn drawn(out: &mut dyn Write, look: &Look, report: &Report) -> io::Result<()> {
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() }.term_width(look.width);
    // Findings stand by file.
    for of_file in report.findings.chunk_by(|a, b| a.file == b.file) {
        let text = report.texts.get(&of_file[0].file).map(|t| shown(t));
        for finding in of_file {
            writeln!(out, "{}\n", look.plainly(&one(&renderer, finding, text.as_deref())))?;
        }
    }
    Ok(())
}

/// The text of a file without what would steer a terminal, byte for byte in its places.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match crate::report::harmless(c) {
            Some('\n') if c != '\n' && c != '\r' => shown.extend(std::iter::repeat_n(' ', c.len_utf8())),
            Some(_) => shown.push(c),
            None => shown.extend(std::iter::repeat_n('?', c.len_utf8())),
        }
    }
    shown
}

fn one(renderer: &Renderer, finding: &Finding, text: Option<&str>) -> String {
    let grave = match finding.level() {
        Level::Error => Grave::ERROR,
        Level::Warning => Grave::WARNING,
        Level::Note => Grave::NOTE,
    };
    let title = grave.primary_title(clean(&finding.message)).id(finding.code.id);
    let path = clean(&finding.file);
    let mut group = match (text, &finding.span) {
        (Some(text), Some(span)) => {
            let mark = AnnotationKind::Primary.span(span.clone()).label(finding.label.as_deref().map(clean));
            title.element(Snippet::source(text).path(path).annotation(mark))
        }
        _ => title.element(annotate_snippets::Origin::path(path)),
    };
    for help in &finding.help {
        group = group.element(Grave::HELP.message(clean(help)));
    }
    let groups: [Group<'_>; 1] = [group];
    renderer.render(&groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_line_is_drawn_harmless_and_in_its_place() {
        let text = "id = \"a\u{1b}[31m\u{202e}\"\r\n";
        let drawn = shown(text);
        assert_eq!(drawn.len(), text.len());
        assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'), "{drawn:?}");
    }
}
