//! Typed indices: a [`ValueId`] can't be mistaken for a [`MemoryId`].

use std::fmt;
use std::ops::{Index, IndexMut};

macro_rules! typed_id {
    ($($(#[$meta:meta])* $name:ident, $letter:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u32);

        impl TypedId for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 of a kind in one function"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
    )*};
}

/// An index into an [`IdVec`].
pub trait TypedId: Copy {
    /// The id at `index`.
    fn new(index: usize) -> Self;
    /// The position that this id stands for.
    fn index(self) -> usize;
}

typed_id! {
    /// A scalar value, defined exactly once.
    ValueId, "v";
    /// A named place in memory: an array, a slice, a `Vec`, a tuple, or a scalar behind a reference.
    MemoryId, "m";
    /// A buffer that carries values from the forward sweep to the reverse sweep.
    TapeId, "t";
}

/// A vector indexed by one kind of id.
#[derive(Clone, Debug)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    id: std::marker::PhantomData<I>,
}

impl<I: TypedId, T> IdVec<I, T> {
    /// Appends `item` and returns its id.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// All items with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.items
            .iter()
            .enumerate()
            .map(|(i, item)| (I::new(i), item))
    }
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            id: std::marker::PhantomData,
        }
    }
}

impl<I: TypedId, T> Index<I> for IdVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: TypedId, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}
