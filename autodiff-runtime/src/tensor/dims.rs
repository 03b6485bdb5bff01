//! A short list of dimensions, kept inline up to six of them.

use std::fmt;
use std::ops::{Deref, DerefMut};

const INLINE: usize = 6;

/// Sizes or strides, one for each dimension. Up to six need no allocation.
#[derive(Clone)]
pub(crate) enum Dims {
    Inline { len: u8, items: [usize; INLINE] },
    Heap(Box<[usize]>),
}

impl Dims {
    /// `len` times `value`.
    #[inline]
    pub(crate) fn filled(len: usize, value: usize) -> Self {
        if len <= INLINE {
            Self::Inline {
                len: len as u8,
                items: [value; INLINE],
            }
        } else {
            Self::Heap(vec![value; len].into_boxed_slice())
        }
    }

    /// This list without its entry at `position`.
    pub(crate) fn without(&self, position: usize) -> Self {
        self.iter()
            .enumerate()
            .filter(|&(i, _)| i != position)
            .map(|(_, &d)| d)
            .collect()
    }

    /// This list with `value` put in at `position`.
    pub(crate) fn with(&self, position: usize, value: usize) -> Self {
        self[..position]
            .iter()
            .copied()
            .chain([value])
            .chain(self[position..].iter().copied())
            .collect()
    }
}

/// Whether two lists are equal. They are so short that a call of `memcmp` would cost more.
#[inline]
pub(crate) fn same(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

impl Deref for Dims {
    type Target = [usize];

    #[inline]
    fn deref(&self) -> &[usize] {
        match self {
            Self::Inline { len, items } => &items[..usize::from(*len)],
            Self::Heap(items) => items,
        }
    }
}

impl DerefMut for Dims {
    #[inline]
    fn deref_mut(&mut self) -> &mut [usize] {
        match self {
            Self::Inline { len, items } => &mut items[..usize::from(*len)],
            Self::Heap(items) => items,
        }
    }
}

impl From<&[usize]> for Dims {
    #[inline]
    fn from(slice: &[usize]) -> Self {
        let mut dims = Self::filled(slice.len(), 0);
        dims.iter_mut()
            .zip(slice)
            .for_each(|(to, &from)| *to = from);
        dims
    }
}

impl FromIterator<usize> for Dims {
    fn from_iter<I: IntoIterator<Item = usize>>(iter: I) -> Self {
        let mut items = [0; INLINE];
        let mut len = 0;
        let mut iter = iter.into_iter();
        while let Some(item) = iter.next() {
            if len == INLINE {
                let rest: Vec<usize> = items.into_iter().chain([item]).chain(iter).collect();
                return Self::Heap(rest.into_boxed_slice());
            }
            items[len] = item;
            len += 1;
        }
        Self::Inline {
            len: len as u8,
            items,
        }
    }
}

impl PartialEq for Dims {
    fn eq(&self, other: &Self) -> bool {
        same(self, other)
    }
}

impl fmt::Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_dimensions_go_to_the_heap_and_compare_alike() {
        for n in 0..9 {
            let list: Vec<usize> = (1..=n).collect();
            let collected: Dims = list.iter().copied().collect();
            assert_eq!(&*collected, &list[..]);
            assert_eq!(collected, Dims::from(&list[..]));
            assert_eq!(matches!(collected, Dims::Heap(_)), n > INLINE);
        }
    }

    #[test]
    fn with_and_without_are_inverse() {
        let dims = Dims::from(&[2, 3, 4][..]);
        for position in 0..=3 {
            assert_eq!(dims.with(position, 9).without(position), dims);
        }
    }
}
