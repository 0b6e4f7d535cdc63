//! Which words of a text are at fault, and where they stand in the file.

use std::ops::Range;

/// The range in the source of a TOML string, quotes and all, that holds this part of its value; nothing
/// where the source does not read as the value.
pub(super) fn of_source(source: &str, value: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| source.starts_with(q))?;
    let inner = source.get(quotes.len()..source.len().checked_sub(quotes.len())?)?;
    // A first line end behind three quotes is no part of the text.
    let skipped = if quotes.len() == 3 { inner.len() - inner.trim_start_matches(['\r', '\n']).len() } else { 0 };
    let mut places = Places::new(value, part);
    let mut rest = inner[skipped..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let escaped = quotes.starts_with('"') && c == '\\';
        if !escaped {
            places.step(at, c)?;
            continue;
        }
        let (_, kind) = rest.next()?;
        let digits = match kind {
            'u' => 4,
            'U' => 8,
            'x' => 2,
            c if c.is_whitespace() => {
                // A backslash at the end of a line joins it to the next word.
                while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                continue;
            }
            _ => 0,
        };
        let meant = match kind {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'e' => '\u{1b}',
            _ if digits > 0 => {
                let hex: String = rest.by_ref().take(digits).map(|(_, c)| c).collect();
                char::from_u32(u32::from_str_radix(&hex, 16).ok()?)?
            }
            other => other,
        };
        places.step(at, meant)?;
    }
    let end = inner.len() - skipped;
    let range = places.finish(end)?;
    let shift = quotes.len() + skipped;
    Some(range.start + shift..range.end + shift)
}

/// Follows a value through its source.
struct Places<'a> {
    value: &'a str,
    at: usize,
    part: &'a Range<usize>,
    start: Option<usize>,
    end: Option<usize>,
}

impl<'a> Places<'a> {
    const fn new(value: &'a str, part: &'a Range<usize>) -> Self {
        Self { value, at: 0, part, start: None, end: None }
    }

    /// The character of the value that stands at this place of the source.
    fn step(&mut self, place: usize, c: char) -> Option<()> {
        if c == '\r' && !self.value[self.at..].starts_with('\r') {
            return Some(());
        }
        if !self.value[self.at..].starts_with(c) {
            return None;
        }
        if self.at == self.part.start {
            self.start = Some(place);
        }
        if self.at >= self.part.end && self.end.is_none() {
            self.end = Some(place);
        }
        self.at += c.len_utf8();
        Some(())
    }

    fn finish(self, end: usize) -> Option<Range<usize>> {
        let start = self.start.filter(|_| self.at == self.value.len())?;
        Some(start..self.end.unwrap_or(end))
    }
}

/// The part of a phrase of the rule language that a message about it means, if one does: a word that it
/// names, or the bracket that is one too many.
pub(super) fn of_phrase(phrase: &str, why: &str) -> Option<Range<usize>> {
    let one = |at: usize| at..at + 1;
    if why.contains("lacks a closing bracket") {
        let mut open = Vec::new();
        for (at, c) in phrase.char_indices() {
            match c {
                '(' => open.push(at),
                ')' => drop(open.pop()),
                _ => {}
            }
        }
        return open.pop().map(one);
    }
    if why.contains("outside of brackets") {
        let mut depth = 0_usize;
        for (at, c) in phrase.char_indices() {
            match c {
                '(' => depth += 1,
                ')' | '|' if depth == 0 => return Some(one(at)),
                ')' => depth -= 1,
                _ => {}
            }
        }
        return None;
    }
    if why.contains("empty alternative") {
        let mut before = ' ';
        for (at, c) in phrase.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            if matches!(before, '(' | '|') && matches!(c, ')' | '|') {
                return Some(one(at));
            }
            before = c;
        }
        return None;
    }
    let named = why.split('`').skip(1).step_by(2).filter(|word| !word.is_empty() && *word != phrase);
    named.filter_map(|word| whole_word(phrase, word)).next()
}

/// Where a word stands that is not a part of a longer one.
fn whole_word(phrase: &str, word: &str) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut places = phrase.match_indices(word).map(|(at, found)| at..at + found.len());
    places.find(|p| {
        let before = phrase[..p.start].chars().next_back();
        let after = phrase[p.end..].chars().next();
        !(word.starts_with(is_part) && before.is_some_and(is_part)
            || word.ends_with(is_part) && after.is_some_and(is_part))
    })
}

/// The part of a regular expression that the caret of its error stands under.
pub(super) fn of_regex(pattern: &str, error: &str) -> Option<Range<usize>> {
    let mut lines = error.lines().skip_while(|l| l.trim_start() != pattern);
    let indent = lines.next().map(|l| l.len() - l.trim_start().len())?;
    let carets = lines.next().filter(|l| l.trim().starts_with('^'))?;
    let start = carets.chars().take_while(|c| *c == ' ').count().checked_sub(indent)?;
    let long = carets.chars().filter(|c| *c == '^').count();
    let place = |n: usize| pattern.char_indices().map(|(at, _)| at).chain([pattern.len()]).nth(n);
    let (from, to) = (place(start)?, place(start + long).unwrap_or(pattern.len()));
    (from < to).then_some(from..to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_value_is_found_in_its_source() {
        for (source, value, part, found) in [
            ("\"name @dor\"", "name @dor", "@dor", "@dor"),
            ("'name @dor'", "name @dor", "@dor", "@dor"),
            (r#""say \"oh\" (x""#, "say \"oh\" (x", "(", "("),
            (r#""caf\u00e9 @dor x""#, "café @dor x", "@dor", "@dor"),
            ("\"\"\"\nlong \\\n   @dor\"\"\"", "long @dor", "@dor", "@dor"),
            (r#""tab\there""#, "tab\there", "\t", r"\t"),
        ] {
            let at = value.find(part).unwrap();
            let range = of_source(source, value, &(at..at + part.len())).unwrap();
            assert_eq!(&source[range], found, "{source}");
        }
        assert_eq!(of_source("\"other\"", "value", &(0..2)), None);
        assert_eq!(of_source("[1, 2]", "value", &(0..2)), None);
    }

    #[test]
    fn a_message_points_into_its_phrase() {
        for (phrase, why, part) in [
            ("name @dor (x)", "there is no word list `@dor`", Some("@dor")),
            ("a {0,99} b", "`{0,99}`: a gap goes from few", Some("{0,99}")),
            ("(a (b c", "`(a (b c` lacks a closing bracket", Some("(b c")),
            ("a b) c", "`a b) c` has a `)` or `|` outside of brackets", Some(") c")),
            ("(a||b)", "`(a||b)` has an empty alternative", Some("|b)")),
            ("dort @dor", "`dor` stands alone", Some("dor")),
            ("a b", "`a b` names no word of its own", None),
        ] {
            let found = of_phrase(phrase, why);
            match part {
                Some(part) => assert!(phrase[found.clone().unwrap().start..].starts_with(part), "{phrase}: {found:?}"),
                None => assert_eq!(found, None, "{phrase}"),
            }
        }
        assert_eq!(of_phrase("dort @dor", "`dor` stands alone"), Some(6..9));
    }

    #[test]
    fn a_regular_expression_is_pointed_into() {
        let at = |pattern: &str| of_regex(pattern, &regex::Regex::new(pattern).unwrap_err().to_string());
        assert_eq!(at("door (\\d+"), Some(5..6));
        assert_eq!(at("é[z-a]"), Some(3..6));
        assert_eq!(at("(a{1000}){1000}"), None);
    }
}
