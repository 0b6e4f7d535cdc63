//! Versions of packs: numbers with dots between them.

use std::cmp::Ordering;

/// Whether a version is the wanted one or newer. A number that is missing is 0.
pub(crate) fn at_least(there: &str, wanted: &str) -> bool {
    compare(there, wanted) != Ordering::Less
}

/// Compares number by number, not letter by letter: 1.10 is newer than 1.9.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |v: &str| -> Vec<u64> { v.split('.').map(|n| n.parse().unwrap_or(0)).collect() };
    let (mut a, mut b) = (numbers(a), numbers(b));
    let length = a.len().max(b.len());
    a.resize(length, 0);
    b.resize(length, 0);
    a.cmp(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(at_least("1.10", "1.9") && at_least("2", "1.9.9") && at_least("1.2.0", "1.2"));
        assert!(!at_least("1.2", "1.2.1") && !at_least("0.9", "1"));
    }
}
