//! Long rows are packed as bytes, each item in as many: reading them back is little more than a copy.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// What is packed in a fixed number of bytes.
pub(crate) trait Fixed: Sized {
    /// How many.
    const SIZE: usize;
    /// Adds the bytes.
    fn put(&self, bytes: &mut Vec<u8>);
    /// Reads what was put; there are [`Fixed::SIZE`] bytes.
    fn get(bytes: &mut &[u8]) -> Self;
}

macro_rules! fixed_numbers {
    ($($number:ty)*) => {$(
        impl Fixed for $number {
            const SIZE: usize = size_of::<$number>();

            fn put(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn get(bytes: &mut &[u8]) -> Self {
                let Some((own, rest)) = bytes.split_first_chunk() else { return 0 };
                *bytes = rest;
                <$number>::from_le_bytes(*own)
            }
        }
    )*};
}

fixed_numbers!(u8 u32 u64);

impl Fixed for bool {
    const SIZE: usize = 1;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn get(bytes: &mut &[u8]) -> Self {
        u8::get(bytes) != 0
    }
}

impl<T: Fixed, const N: usize> Fixed for [T; N] {
    const SIZE: usize = N * T::SIZE;

    fn put(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|item| item.put(bytes));
    }

    fn get(bytes: &mut &[u8]) -> Self {
        std::array::from_fn(|_| T::get(bytes))
    }
}

/// Makes a structure of its fields, in this order.
macro_rules! fixed {
    ($name:ident { $($field:ident: $of:ty),* $(,)? }) => {
        impl crate::text::numbers::Fixed for $name {
            const SIZE: usize = 0 $(+ <$of as crate::text::numbers::Fixed>::SIZE)*;

            fn put(&self, bytes: &mut Vec<u8>) {
                $(crate::text::numbers::Fixed::put(&self.$field, bytes);)*
            }

            // A start reads all of a rubric.
            #[inline]
            fn get(bytes: &mut &[u8]) -> Self {
                Self { $($field: <$of as crate::text::numbers::Fixed>::get(bytes)),* }
            }
        }
    };
}
pub(crate) use fixed;

pub(crate) fn serialize<T: Fixed, S: Serializer>(items: &[T], s: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(items.len() * T::SIZE);
    items.iter().for_each(|item| item.put(&mut bytes));
    s.serialize_bytes(&bytes)
}

pub(crate) fn deserialize<'de, T: Fixed, D: Deserializer<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    struct Bytes<T>(PhantomData<T>);
    impl<T: Fixed> Visitor<'_> for Bytes<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "items of {} bytes", T::SIZE)
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            if bytes.len().is_multiple_of(T::SIZE) {
                Ok(bytes.chunks_exact(T::SIZE).map(|mut item| T::get(&mut item)).collect())
            } else {
                Err(E::invalid_length(bytes.len(), &self))
            }
        }
    }
    d.deserialize_bytes(Bytes(PhantomData))
}
