//! The memory behind tensors: shared, versioned, with room inside for the very small ones.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::element::Element;
use super::layout::Layout;
use super::pool;

const INLINE: usize = 4;

/// Elements; up to four of them need no allocation of their own.
#[derive(Debug)]
pub(crate) enum Buffer<T> {
    Inline { len: u8, items: [T; INLINE] },
    Heap(Vec<T>),
}

impl<T: Element> Buffer<T> {
    pub(crate) fn filled(len: usize, value: T) -> Self {
        if len <= INLINE {
            Self::Inline {
                len: len as u8,
                items: [value; INLINE],
            }
        } else {
            Self::Heap(vec![value; len])
        }
    }
}

impl<T: Element> From<Vec<T>> for Buffer<T> {
    fn from(items: Vec<T>) -> Self {
        Self::Heap(items)
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Inline { len, items } => &items[..usize::from(*len)],
            Self::Heap(items) => items,
        }
    }
}

impl<T> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Inline { len, items } => &mut items[..usize::from(*len)],
            Self::Heap(items) => items,
        }
    }
}

/// A buffer that several tensors (views of it) share. Each write through a shared handle counts up the version, so that
/// a value kept for the backward pass is known to be stale.
#[derive(Debug)]
pub(crate) struct Storage<T: Element> {
    /// Where the elements of the tensor lie that it was made for: in order, and nothing beside them.
    layout: Layout,
    data: RwLock<Buffer<T>>,
    version: AtomicU32,
}

impl<T: Element> Drop for Storage<T> {
    fn drop(&mut self) {
        if let (_, Buffer::Heap(items)) = self.unshared() {
            pool::give(std::mem::take(items));
        }
    }
}

impl<T: Element> Storage<T> {
    pub(crate) fn new(data: Buffer<T>, layout: Layout) -> Arc<Self> {
        Arc::new(Self {
            layout,
            data: RwLock::new(data),
            version: AtomicU32::new(0),
        })
    }

    #[inline]
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// A panic while writing leaves plain numbers behind, never a broken invariant, so poisoning is not passed on.
    #[inline]
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Buffer<T>> {
        self.data.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Exclusive access; counts as one in-place change.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Buffer<T>> {
        let guard = self.data.write().unwrap_or_else(PoisonError::into_inner);
        self.version.fetch_add(1, Ordering::Release);
        guard
    }

    /// Access without a lock for a storage that nobody else can see, which therefore keeps its version.
    #[inline]
    pub(crate) fn unshared(&mut self) -> (&Layout, &mut Buffer<T>) {
        let data = self.data.get_mut().unwrap_or_else(PoisonError::into_inner);
        (&self.layout, data)
    }

    #[inline]
    pub(crate) fn version(&self) -> u32 {
        self.version.load(Ordering::Acquire)
    }
}

fn address<T: Element>(storage: &Arc<Storage<T>>) -> usize {
    Arc::as_ptr(storage).addr()
}

/// Writes one storage while reading another, which counts as one in-place change. Locks are taken as by [`read_two`];
/// of one storage that is both, a copy is read.
pub(crate) fn write_and_read<T: Element>(
    target: &Arc<Storage<T>>,
    source: &Arc<Storage<T>>,
    body: impl FnOnce(&mut [T], &[T]),
) {
    match address(target).cmp(&address(source)) {
        std::cmp::Ordering::Equal => {
            let mut target = target.write();
            let copy = target.to_vec();
            body(&mut target, &copy);
        }
        std::cmp::Ordering::Less => {
            let (mut target, source) = (target.write(), source.read());
            body(&mut target, &source);
        }
        std::cmp::Ordering::Greater => {
            let (source, mut target) = (source.read(), target.write());
            body(&mut target, &source);
        }
    }
}

/// Reads two storages. Locks are taken in the order of addresses, and a shared one only once: a waiting writer between
/// two readers of the same lock, or two readers in opposite order, could otherwise lock up.
pub(crate) fn read_two<T: Element, U: Element, R>(
    a: &Arc<Storage<T>>,
    b: &Arc<Storage<U>>,
    body: impl FnOnce(&[T], &[U]) -> R,
) -> R {
    match address(a).cmp(&address(b)) {
        std::cmp::Ordering::Equal => {
            let guard = a.read();
            let same: &dyn std::any::Any = &*guard;
            let second = same
                .downcast_ref::<Buffer<U>>()
                .expect("one storage has one element type");
            body(&guard, second)
        }
        std::cmp::Ordering::Less => {
            let (first, second) = (a.read(), b.read());
            body(&first, &second)
        }
        std::cmp::Ordering::Greater => {
            let (second, first) = (b.read(), a.read());
            body(&first, &second)
        }
    }
}
