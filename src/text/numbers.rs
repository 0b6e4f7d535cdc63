//! Rows of numbers are packed as bytes: reading them back is a copy.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

pub(crate) fn serialize<S: Serializer>(numbers: &[u32], s: S) -> Result<S::Ok, S::Error> {
    s.serialize_bytes(&numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u32>, D::Error> {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<u32>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("numbers of four bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            let (numbers, rest) = bytes.as_chunks::<4>();
            if rest.is_empty() {
                Ok(numbers.iter().map(|n| u32::from_le_bytes(*n)).collect())
            } else {
                Err(E::invalid_length(bytes.len(), &self))
            }
        }
    }
    d.deserialize_bytes(Bytes)
}
