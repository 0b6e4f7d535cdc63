//! Text of answers and files is not ours: it may try to steer a terminal.

/// One line for a terminal: control characters and bidirectional controls are dropped, and any
/// white space becomes a space.
pub(crate) fn clean(text: &str) -> String {
    clean_lines(text).split('\n').map(str::trim_end).collect::<Vec<_>>().join(" ")
}

/// Several lines for a terminal: line ends and tabs stay, whatever else could steer it is dropped.
pub(crate) fn clean_lines(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter_map(harmless).collect()
}

/// The character, what stands in for it, or nothing.
pub(crate) fn harmless(c: char) -> Option<char> {
    match c {
        '\n' => Some('\n'),
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        c if c.is_control() => None,
        // Bidirectional controls, and signs of no width that hide what a line says.
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_bidirectional_controls_never_reach_a_terminal() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}]0;title\u{7} \u{202e}desrever"), "[31mred]0;title desrever");
        assert_eq!(clean("one\r\ntwo\tthree\u{9b}31m"), "one two three31m");
        assert_eq!(clean_lines("one\r\n\r\ntwo"), "one\n\ntwo");
    }
}
