//! Long rows, read where they lie.
//!
//! A compiled rubric has some hundred thousand words, elements and places. The build packs them
//! into the program, each item in as many bytes; a start copies none of them.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// What can be a part of an item: it takes a fixed number of bytes.
pub(crate) trait Part: Sized {
    /// How many.
    const SIZE: usize;
    /// Writes the bytes to the front, and leaves what is behind them.
    fn put(&self, bytes: &mut &mut [u8]);
    /// Takes what was put; there are [`Part::SIZE`] bytes.
    fn take(bytes: &mut &[u8]) -> Self;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Part for $number {
            const SIZE: usize = size_of::<$number>();

            fn put(&self, bytes: &mut &mut [u8]) {
                let (own, rest) = std::mem::take(bytes).split_at_mut(Self::SIZE);
                own.copy_from_slice(&self.to_le_bytes());
                *bytes = rest;
            }

            #[inline]
            fn take(bytes: &mut &[u8]) -> Self {
                let Some((own, rest)) = bytes.split_first_chunk() else { return 0 };
                *bytes = rest;
                <$number>::from_le_bytes(*own)
            }
        }
    )*};
}

numbers!(u8 u32 u64);

impl Part for bool {
    const SIZE: usize = 1;

    fn put(&self, bytes: &mut &mut [u8]) {
        u8::from(*self).put(bytes);
    }

    #[inline]
    fn take(bytes: &mut &[u8]) -> Self {
        u8::take(bytes) != 0
    }
}

impl<T: Part, const N: usize> Part for [T; N] {
    const SIZE: usize = N * T::SIZE;

    fn put(&self, bytes: &mut &mut [u8]) {
        self.iter().for_each(|item| item.put(bytes));
    }

    #[inline]
    fn take(bytes: &mut &[u8]) -> Self {
        std::array::from_fn(|_| T::take(bytes))
    }
}

/// What a [`Row`] is made of.
pub(crate) trait Item: Part {
    /// The bytes of one: an array.
    type Bytes: Copy + 'static;
    /// Packs it.
    fn pack(&self) -> Self::Bytes;
    /// Reads what was packed.
    fn read(bytes: &Self::Bytes) -> Self;
    /// Bytes by item, unless some are left over.
    fn cut(bytes: &[u8]) -> Option<&[Self::Bytes]>;
    /// Bytes end to end.
    fn join(items: &[Self::Bytes]) -> &[u8];
}

/// Makes items of what has a fixed size.
macro_rules! items {
    ($($of:ty)*) => {$(
        impl $crate::text::rows::Item for $of {
            type Bytes = [u8; <$of as $crate::text::rows::Part>::SIZE];

            fn pack(&self) -> Self::Bytes {
                let mut bytes = [0; <Self as $crate::text::rows::Part>::SIZE];
                $crate::text::rows::Part::put(self, &mut bytes.as_mut_slice());
                bytes
            }

            #[inline]
            fn read(bytes: &Self::Bytes) -> Self {
                <Self as $crate::text::rows::Part>::take(&mut bytes.as_slice())
            }

            fn cut(bytes: &[u8]) -> Option<&[Self::Bytes]> {
                let (items, rest) = bytes.as_chunks();
                rest.is_empty().then_some(items)
            }

            fn join(items: &[Self::Bytes]) -> &[u8] {
                items.as_flattened()
            }
        }
    )*};
}
pub(crate) use items;

items!(u32 u64);

/// Makes an item of a structure: its fields, in this order.
macro_rules! fixed {
    ($name:ident { $($field:ident: $of:ty),* $(,)? }) => {
        impl $crate::text::rows::Part for $name {
            const SIZE: usize = 0 $(+ <$of as $crate::text::rows::Part>::SIZE)*;

            fn put(&self, bytes: &mut &mut [u8]) {
                $($crate::text::rows::Part::put(&self.$field, bytes);)*
            }

            #[inline]
            fn take(bytes: &mut &[u8]) -> Self {
                Self { $($field: <$of as $crate::text::rows::Part>::take(bytes)),* }
            }
        }

        $crate::text::rows::items!($name);
    };
}
pub(crate) use fixed;

/// A row of items: bytes of the program itself, or such as were put together at run time.
pub(crate) struct Row<T: Item> {
    packed: Cow<'static, [T::Bytes]>,
}

impl<T: Item> Default for Row<T> {
    fn default() -> Self {
        Self { packed: Cow::Owned(Vec::new()) }
    }
}

impl<T: Item> fmt::Debug for Row<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a row of {} items", self.packed.len())
    }
}

impl<T: Item> Row<T> {
    /// The items.
    #[inline]
    pub(crate) fn items(&self) -> Items<'_, T> {
        Items(&self.packed)
    }

    /// Some of the items; there must be as many.
    #[inline]
    pub(crate) fn range(&self, range: Range<usize>) -> Items<'_, T> {
        Items(&self.packed[range])
    }

    /// One item; there must be one.
    #[inline]
    pub(crate) fn at(&self, at: usize) -> T {
        T::read(&self.packed[at])
    }

    /// How many items there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.packed.len()
    }

    /// Adds an item.
    pub(crate) fn push(&mut self, item: &T) {
        self.packed.to_mut().push(item.pack());
    }

    /// Puts an item in the place of another.
    pub(crate) fn set(&mut self, at: usize, item: &T) {
        self.packed.to_mut()[at] = item.pack();
    }
}

impl<T: Item> FromIterator<T> for Row<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { packed: Cow::Owned(items.into_iter().map(|item| item.pack()).collect()) }
    }
}

impl<T: Item> Extend<T> for Row<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.packed.to_mut().extend(items.into_iter().map(|item| item.pack()));
    }
}

impl<T: Item> Serialize for Row<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(T::join(&self.packed))
    }
}

/// Rows are read from bytes that live as long as the program.
impl<'de: 'static, T: Item> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Bytes<T>(PhantomData<T>);
        impl<'de: 'static, T: Item> Visitor<'de> for Bytes<T> {
            type Value = Row<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "items of {} bytes", T::SIZE)
            }

            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                let items = T::cut(bytes).ok_or_else(|| E::invalid_length(bytes.len(), &self))?;
                Ok(Row { packed: Cow::Borrowed(items) })
            }
        }
        d.deserialize_bytes(Bytes(PhantomData))
    }
}

/// Some items of a [`Row`], side by side.
pub(crate) struct Items<'a, T: Item>(&'a [T::Bytes]);

impl<T: Item> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Item> Copy for Items<'_, T> {}

impl<'a, T: Item> Items<'a, T> {
    /// No items.
    pub(crate) const NONE: Self = Self(&[]);

    /// How many there are.
    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[inline]
    pub(crate) const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// One of them; there must be one.
    #[inline]
    pub(crate) fn at(self, at: usize) -> T {
        T::read(&self.0[at])
    }

    /// One after the other.
    #[inline]
    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + use<'a, T> {
        self.0.iter().map(T::read)
    }

    /// The first.
    #[inline]
    pub(crate) fn first(self) -> Option<T> {
        self.0.first().map(T::read)
    }

    /// The first, and the others.
    #[inline]
    pub(crate) fn split_first(self) -> Option<(T, Self)> {
        self.0.split_first().map(|(first, rest)| (T::read(first), Self(rest)))
    }

    /// The last, and the others.
    #[inline]
    pub(crate) fn split_last(self) -> Option<(T, Self)> {
        self.0.split_last().map(|(last, rest)| (T::read(last), Self(rest)))
    }

    /// Those before one, and that one with all that follow.
    #[inline]
    pub(crate) fn split_at(self, at: usize) -> (Self, Self) {
        let (before, after) = self.0.split_at(at);
        (Self(before), Self(after))
    }
}

impl<T: Item + PartialEq> Items<'_, T> {
    /// Whether an item is among them.
    #[inline]
    pub(crate) fn contains(self, item: &T) -> bool {
        self.iter().any(|one| one == *item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Pair {
        word: u32,
        bits: [u64; 2],
        loose: bool,
    }

    fixed!(Pair { word: u32, bits: [u64; 2], loose: bool });

    const PAIRS: [Pair; 3] = [
        Pair { word: 7, bits: [1, u64::MAX], loose: true },
        Pair { word: u32::MAX, bits: [0, 2], loose: false },
        Pair { word: 9, bits: [3, 4], loose: true },
    ];

    #[test]
    fn a_row_reads_back_what_was_put_and_copies_nothing() {
        let mut row: Row<Pair> = PAIRS[..2].iter().copied().collect();
        row.push(&PAIRS[0]);
        row.set(2, &PAIRS[2]);
        // A test may leave bytes behind that live as long as the program.
        let packed: &'static [u8] = postcard::to_stdvec(&row).unwrap().leak();
        let read: Row<Pair> = postcard::from_bytes(packed).unwrap();
        assert!(matches!(read.packed, Cow::Borrowed(_)));
        assert_eq!(read.items().iter().collect::<Vec<_>>(), PAIRS);
        assert_eq!((read.len(), read.at(1)), (3, PAIRS[1]));
        let (first, rest) = read.items().split_first().unwrap();
        let (last, middle) = rest.split_last().unwrap();
        assert_eq!((first, last, middle.at(0)), (PAIRS[0], PAIRS[2], PAIRS[1]));
        assert!(read.range(1..1).split_first().is_none());
    }

    #[test]
    fn bytes_that_make_no_whole_items_are_refused() {
        let packed: &'static [u8] = postcard::to_stdvec(&Row::<u32>::from_iter([1, 2])).unwrap().leak();
        assert!(postcard::from_bytes::<Row<u64>>(packed).is_ok());
        assert!(postcard::from_bytes::<Row<Pair>>(packed).is_err());
    }
}
