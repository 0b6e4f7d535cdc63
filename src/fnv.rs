//! FNV-1a, 64 bits: a quick hash of a few bytes that is the same on every machine. It tells things
//! apart; it is no safeguard against forgery.

/// The hash of nothing.
pub(crate) const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of `bytes` after what `hash` has seen.
pub(crate) fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}
