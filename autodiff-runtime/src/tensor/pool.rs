//! Large buffers of dropped tensors, kept for the next ones of the thread.
//!
//! The operating system hands out large blocks page by page at the first touch, which costs more than an elementwise
//! operation on them. A graph's tensors come and go in the same sizes, so a few kept buffers spare nearly all of it.

use std::cell::RefCell;
use std::mem::size_of;

use super::element::Element;

/// Smaller buffers are left to the allocator, which keeps them itself.
const SMALLEST_BYTES: usize = 64 << 10;
/// What a thread keeps at most, of each element type.
const MOST_BYTES: usize = 64 << 20;

/// The buffers that a thread keeps, the latest last.
#[derive(Debug)]
pub(crate) struct Pool<T> {
    buffers: Vec<Vec<T>>,
    bytes: usize,
}

impl<T> Pool<T> {
    pub(crate) const fn new() -> RefCell<Self> {
        RefCell::new(Self {
            buffers: Vec::new(),
            bytes: 0,
        })
    }
}

fn bytes<T>(buffer: &Vec<T>) -> usize {
    buffer.capacity() * size_of::<T>()
}

/// An empty vector with room for `len` elements.
pub(crate) fn take<T: Element>(len: usize) -> Vec<T> {
    let mut buffer = kept(len).unwrap_or_else(|| Vec::with_capacity(len));
    buffer.clear();
    buffer
}

/// A vector of `len` elements, whatever they are: for who writes all of them.
pub(crate) fn take_filled<T: Element>(len: usize) -> Vec<T> {
    match kept(len) {
        None => vec![T::default(); len],
        Some(mut buffer) => {
            buffer.resize(len, T::default());
            buffer
        }
    }
}

/// A kept buffer with room for `len` elements and with those of its former life.
fn kept<T: Element>(len: usize) -> Option<Vec<T>> {
    if len.saturating_mul(size_of::<T>()) < SMALLEST_BYTES {
        return None;
    }
    // A buffer much larger than asked for would be held in the place of a small one.
    let fits = |buffer: &Vec<T>| buffer.capacity() >= len && buffer.capacity() / 2 <= len;
    let found = T::pool().try_with(|pool| {
        let mut pool = pool.borrow_mut();
        let index = pool.buffers.iter().rposition(fits)?;
        let buffer = pool.buffers.remove(index);
        pool.bytes -= bytes(&buffer);
        Some(buffer)
    });
    found.ok().flatten()
}

/// Keeps the memory of `buffer` if there is room for it.
pub(crate) fn give<T: Element>(buffer: Vec<T>) {
    let size = bytes(&buffer);
    if !(SMALLEST_BYTES..=MOST_BYTES).contains(&size) {
        return;
    }
    // When the thread is ending its pool is gone, and the buffer goes too.
    let _ = T::pool().try_with(|pool| {
        let mut pool = pool.borrow_mut();
        while pool.bytes + size > MOST_BYTES {
            let oldest = pool.buffers.remove(0);
            pool.bytes -= bytes(&oldest);
        }
        pool.bytes += size;
        pool.buffers.push(buffer);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_for_its_size_and_the_pool_stays_bounded() {
        let len = 100_000;
        let mut buffer = take::<f64>(len);
        buffer.resize(len, 1.0);
        let place = buffer.as_ptr();
        give(buffer);
        let again = take::<f64>(len);
        assert_eq!((again.as_ptr(), again.len()), (place, 0));
        give(again);
        let filled = take_filled::<f64>(len);
        assert_eq!((filled.as_ptr(), filled.len()), (place, len));
        give(filled);
        assert!(
            take::<f64>(len / 10).capacity() < len / 2,
            "a small tensor must not hold a large buffer"
        );
        for _ in 0..200 {
            give(Vec::<f64>::with_capacity(len));
        }
        <f64 as crate::tensor::element::sealed::Sealed>::pool().with_borrow(|pool| {
            assert!(pool.bytes <= MOST_BYTES);
            assert_eq!(pool.bytes, pool.buffers.iter().map(bytes).sum::<usize>());
        });
    }
}
