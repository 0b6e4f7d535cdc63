//! Which regular expressions can match a text at all, told for all of them in one pass over its bytes.
//!
//! Of each expression a factor is taken: a few classes of bytes that stand side by side in every
//! match. All factors are looked for at once, a bit for each class (shift-and); only where one is
//! found is its expression built, and run.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

/// Bits for all factors together.
const BITS: usize = 128;

/// More classes than these in one factor tell little more.
const LONGEST: usize = 6;

/// A class of bytes: a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bytes([u64; 4]);

impl Bytes {
    const NONE: Self = Self([0; 4]);

    fn of(ranges: impl IntoIterator<Item = (u8, u8)>) -> Self {
        let mut bytes = Self::NONE;
        for (from, to) in ranges {
            for byte in from..=to {
                bytes.0[usize::from(byte / 64)] |= 1 << (byte % 64);
            }
        }
        bytes
    }

    const fn has(&self, byte: u8) -> bool {
        self.0[(byte / 64) as usize] & (1 << (byte % 64)) != 0
    }

    fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|n| self.0[n] | other.0[n]))
    }

    /// How much it tells to find one of them: more for few and for signs than for letters.
    fn worth(self) -> u32 {
        (0..=u8::MAX).filter(|b| self.has(*b)).map(|b| if b == b' ' { 40 } else { 4 }).sum::<u32>().max(1).ilog2()
    }
}

/// What is known of the matches of an expression.
#[derive(Debug, Clone, Default)]
struct Known {
    /// Where all matches are as long as each other: their classes.
    exact: Option<Vec<Bytes>>,
    /// What each of them begins and ends with.
    prefix: Vec<Bytes>,
    suffix: Vec<Bytes>,
    /// Factors that each of them has.
    factors: Vec<Vec<Bytes>>,
}

impl Known {
    fn exact(classes: Vec<Bytes>) -> Self {
        Self { prefix: classes.clone(), suffix: classes.clone(), factors: vec![classes.clone()], exact: Some(classes) }
    }

    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::exact(Vec::new()),
            HirKind::Literal(literal) => Self::exact(literal.0.iter().map(|b| Bytes::of([(*b, *b)])).collect()),
            HirKind::Class(Class::Bytes(class)) => {
                Self::exact(vec![Bytes::of(class.ranges().iter().map(|r| (r.start(), r.end())))])
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges: Option<Vec<(u8, u8)>> = class
                    .ranges()
                    .iter()
                    .map(|r| Some((r.start(), r.end())))
                    .map(|r| {
                        r.filter(|(_, to)| to.is_ascii())
                            .and_then(|(a, b)| Some((a.try_into().ok()?, b.try_into().ok()?)))
                    })
                    .collect();
                // A class with further letters is one to four bytes long.
                ranges.map_or_else(Self::default, |ranges| Self::exact(vec![Bytes::of(ranges)]))
            }
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Repetition(repetition) => {
                Self::repeated(Self::of(&repetition.sub), repetition.min, repetition.max)
            }
            HirKind::Concat(parts) => Self::concat(parts.iter().map(Self::of)),
            HirKind::Alternation(parts) => Self::either(&parts.iter().map(Self::of).collect::<Vec<_>>()),
        }
    }

    fn repeated(one: Self, min: u32, max: Option<u32>) -> Self {
        let times = (min as usize).min(LONGEST);
        let some = Self::concat(std::iter::repeat_n(one, times));
        if max == Some(min) && min as usize == times { some } else { Self { exact: None, ..some }.unless_none(times) }
    }

    fn unless_none(self, times: usize) -> Self {
        if times == 0 { Self::default() } else { self }
    }

    fn concat(parts: impl Iterator<Item = Self>) -> Self {
        let mut all = Self { exact: Some(Vec::new()), ..Self::default() };
        // The classes that stand side by side up to here.
        let mut run: Vec<Bytes> = Vec::new();
        for part in parts {
            match (&mut all.exact, &part.exact) {
                (Some(classes), Some(more)) => {
                    classes.extend(more);
                    run.extend(more);
                }
                (_, Some(more)) => run.extend(more),
                (exact, None) => {
                    run.extend(&part.prefix);
                    if exact.take().is_some() {
                        all.prefix.clone_from(&run);
                    }
                    all.factors.push(std::mem::replace(&mut run, part.suffix));
                    all.factors.extend(part.factors);
                }
            }
        }
        if let Some(exact) = &all.exact {
            all.prefix.clone_from(exact);
        }
        all.suffix.clone_from(&run);
        all.factors.push(run);
        all
    }

    fn either(parts: &[Self]) -> Self {
        let shortest = |of: &dyn Fn(&Self) -> usize| parts.iter().map(of).min().unwrap_or(0);
        let merged = |length: usize, of: &dyn Fn(&Self, usize) -> Bytes| -> Vec<Bytes> {
            (0..length).map(|at| parts.iter().fold(Bytes::NONE, |all, part| all.with(of(part, at)))).collect()
        };
        let prefix = merged(shortest(&|p| p.prefix.len()), &|p, at| p.prefix[at]);
        let length = shortest(&|p| p.suffix.len());
        let suffix = merged(length, &|p, at| p.suffix[p.suffix.len() - length + at]);
        let lengths: Option<Vec<usize>> = parts.iter().map(|p| p.exact.as_ref().map(Vec::len)).collect();
        let same = lengths.is_some_and(|l| l.windows(2).all(|w| w[0] == w[1]));
        let exact = same.then(|| prefix.clone());
        Self { exact, factors: vec![prefix.clone(), suffix.clone()], prefix, suffix }
    }

    /// The part of a factor that tells most; nothing where none tells anything.
    fn best(&self, longest: usize) -> Option<Vec<Bytes>> {
        let least = 1024_u32.ilog2();
        let worth = |classes: &[Bytes]| classes.iter().map(|c| least.saturating_sub(c.worth())).sum::<u32>();
        let parts = self.factors.iter().flat_map(|f| f.windows(longest.min(f.len()).max(1)));
        parts.filter(|part| worth(part) > 0).max_by_key(|part| worth(part)).map(<[Bytes]>::to_vec)
    }
}

/// The factors of some expressions.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Gate {
    /// By byte: the bits of the classes that it is in.
    classes: Vec<u128>,
    first: u128,
    last: u128,
    /// By expression: its last bit; `None` where nothing is known of its matches.
    of: Vec<Option<u8>>,
}

impl Gate {
    /// The gate of some expressions; those that cannot be read go through.
    pub(crate) fn of(expressions: &[&str]) -> Self {
        let longest = (BITS / expressions.len().max(1)).clamp(1, LONGEST);
        let mut gate = Self { classes: vec![0; 256], ..Self::default() };
        let mut next = 0;
        for source in expressions {
            let hir = regex_syntax::ParserBuilder::new().case_insensitive(true).build().parse(source);
            let factor = hir.ok().and_then(|hir| Known::of(&hir).best(longest)).filter(|f| next + f.len() <= BITS);
            let Some(factor) = factor else {
                gate.of.push(None);
                continue;
            };
            gate.first |= 1 << next;
            for class in &factor {
                for byte in 0..=u8::MAX {
                    if class.has(byte) {
                        gate.classes[usize::from(byte)] |= 1 << next;
                    }
                }
                next += 1;
            }
            gate.last |= 1 << (next - 1);
            gate.of.push(u8::try_from(next - 1).ok());
        }
        gate
    }

    /// The expressions that may match a text, in their order.
    pub(crate) fn open<'a>(&'a self, text: &str) -> impl Iterator<Item = usize> + use<'a> {
        let mut state = 0_u128;
        let mut found = 0_u128;
        if self.first != 0 {
            for byte in text.bytes() {
                state = (state << 1 | self.first) & self.classes[usize::from(byte)];
                found |= state;
            }
        }
        let open = move |bit: &Option<u8>| bit.is_none_or(|bit| found & self.last & (1 << bit) != 0);
        self.of.iter().enumerate().filter(move |(_, bit)| open(bit)).map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(expression: &str, text: &str) -> bool {
        Gate::of(&[expression]).open(text).next().is_some()
    }

    #[test]
    fn a_text_without_what_every_match_has_is_passed_over() {
        assert!(!opens(", or (?:an? )?[a-z]+", "a tea or a coffee, black"));
        assert!(opens(", or (?:an? )?[a-z]+", "a tea, OR a coffee"));
        assert!(!opens(r"(?-u)[0-9]+[.,][0-9]+", "in 2019, by 3 of us."));
        assert!(opens(r"(?-u)[0-9]+[.,][0-9]+", "at 3,400 a month"));
        assert!(!opens(r"(?-iu:\b[A-Z][A-Z0-9]{1,15}s?\b)", "I told Ann. She left."));
        assert!(opens(r"(?-iu:\b[A-Z][A-Z0-9]{1,15}s?\b)", "the ETLs ran"));
    }

    #[test]
    fn of_what_may_be_anything_nothing_is_asked() {
        for expression in ["a*", "(x|.*)", "", "(", "\\w*é?"] {
            assert!(opens(expression, ""), "{expression}");
        }
    }

    #[test]
    fn the_gate_is_open_wherever_the_expression_matches() {
        let texts =
            ["", "Kelvin \u{212a} scale", "ſtop", "a1.b22, or c", "x_y.com field", "(four)", "19:30 or ten", "été"];
        let expressions = [
            r"k",
            r"stop",
            r"(a|bc|\d+)[.,]",
            r"[a-z]{1,3}[0-9]",
            r"\([^)]{4,60}\)",
            r"(?:^|[.!?] )(?:No|Well),?",
            r"\b(?:19|20):\d\d",
            r"(?-u:[a-z]+_[a-z]+)",
            r"é.é",
            r"(x|y)_+(y|z)?[.]",
            r"or (?:maybe )?ten",
        ];
        for expression in expressions {
            let regex = regex::RegexBuilder::new(expression).case_insensitive(true).build().unwrap();
            for text in texts {
                assert!(opens(expression, text) || !regex.is_match(text), "{expression} in {text}");
            }
        }
    }
}
