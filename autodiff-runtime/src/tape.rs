//! Tapes: what a forward sweep keeps for the reverse sweep, found again by the iteration that kept it.
//!
//! A tape grows with the iterations that happen. The number that its loops announce is no more than a hint of how much
//! room to make: a loop over `0..1 << 40` may panic in its third iteration, and until then its derivative must neither
//! panic nor run out of memory.

use alloc::vec::Vec;
use core::{array::from_fn, mem, ops::Index};

use crate::Workspace;

/// The most bytes that a tape reserves ahead of its loop; a longer one grows by doubling.
const MOST_RESERVED: usize = 8 << 20;

/// Elements by the number of the iteration, counted from 0.
///
/// It takes as much memory as iterations have run, those included that kept nothing.
#[derive(Debug)]
pub struct Tape<T> {
    values: Vec<T>,
}

impl<T: Copy> Tape<T> {
    /// An empty tape with room for as many elements as the product of `trips`, where that is plausible.
    #[inline]
    pub fn new(trips: &[usize]) -> Self {
        Self::in_buffer(Vec::new(), trips)
    }

    #[inline]
    fn in_buffer(mut values: Vec<T>, trips: &[usize]) -> Self {
        let announced = trips
            .iter()
            .fold(1, |size: usize, n| size.saturating_mul(*n));
        values.reserve_exact(announced.min(MOST_RESERVED / size_of::<T>().max(1)));
        Self { values }
    }

    /// What the first `iterations` iterations kept, each of which has kept something.
    #[inline]
    pub fn kept(&self, iterations: usize) -> &[T] {
        &self.values[..iterations]
    }

    /// Keeps `value` for an iteration, in place of what was kept for it before.
    #[inline]
    pub fn put(&mut self, iteration: usize, value: T) {
        let length = self.values.len();
        if iteration == length && length < self.values.capacity() {
            self.values.push(value);
        } else if let Some(kept) = self.values.get_mut(iteration) {
            *kept = value;
        } else {
            // By way of a value of its own: the address of `self` would keep the fields out of registers.
            self.values = extended(mem::take(&mut self.values), iteration, value);
        }
    }
}

impl<T: Copy + Send + Sync + 'static> Tape<T> {
    /// As [`Self::new`], in a buffer of a workspace.
    #[inline]
    pub fn taken(workspace: &mut Workspace, trips: &[usize]) -> Self {
        Self::in_buffer(workspace.take(), trips)
    }

    /// Gives the buffer back to the workspace.
    #[inline]
    pub fn give(self, workspace: &mut Workspace) {
        workspace.give(self.values);
    }
}

/// `values` made long enough for an element at `index`; the elements between are never read.
#[cold]
#[inline(never)]
fn extended<T: Copy>(mut values: Vec<T>, index: usize, value: T) -> Vec<T> {
    values.resize(index + 1, value);
    values
}

impl<T> Index<usize> for Tape<T> {
    type Output = T;

    #[inline]
    fn index(&self, iteration: usize) -> &T {
        &self.values[iteration]
    }
}

/// Elements by the numbers of the iterations of nested loops, where the inner ones run differently often: `LEVELS`
/// loops around the innermost one.
///
/// The rows stand one behind the other in the order in which they were begun, so that it takes as much memory as
/// iterations have run.
#[derive(Debug)]
pub struct Rows<T, const LEVELS: usize> {
    /// For each loop but the innermost, by the position of its iteration: where the row of the next loop starts.
    starts: [Vec<usize>; LEVELS],
    values: Tape<T>,
}

impl<T: Copy, const LEVELS: usize> Rows<T, LEVELS> {
    /// Without rows.
    #[inline]
    #[expect(clippy::new_without_default, reason = "generated code calls `new`")]
    pub fn new() -> Self {
        Self {
            starts: from_fn(|_| Vec::new()),
            values: Tape::new(&[0]),
        }
    }

    /// Keeps `value` for an iteration of the innermost loop, in the row of iterations of the loops around it. A row is
    /// written before the next one is begun.
    #[inline]
    pub fn put(&mut self, row: [usize; LEVELS], iteration: usize, value: T) {
        let mut at = 0;
        for (level, number) in row.into_iter().enumerate() {
            at += number;
            if at >= self.starts[level].len() {
                let end = match self.starts.get(level + 1) {
                    Some(next) => next.len(),
                    None => self.values.values.len(),
                };
                self.starts[level].resize(at + 1, end);
            }
            at = self.starts[level][at];
        }
        self.values.put(at + iteration, value);
    }
}

impl<T: Copy + Send + Sync + 'static, const LEVELS: usize> Rows<T, LEVELS> {
    /// As [`Self::new`], in buffers of a workspace.
    #[inline]
    pub fn taken(workspace: &mut Workspace) -> Self {
        Self {
            starts: from_fn(|_| workspace.take()),
            values: Tape::taken(workspace, &[0]),
        }
    }

    /// Gives the buffers back to the workspace, the last one first: each serves the same purpose in the next call.
    #[inline]
    pub fn give(self, workspace: &mut Workspace) {
        self.values.give(workspace);
        for starts in self.starts.into_iter().rev() {
            workspace.give(starts);
        }
    }
}

impl<T, const LEVELS: usize> Index<([usize; LEVELS], usize)> for Rows<T, LEVELS> {
    type Output = T;

    #[inline]
    fn index(&self, (row, iteration): ([usize; LEVELS], usize)) -> &T {
        let start = row
            .iter()
            .zip(&self.starts)
            .fold(0, |start, (iteration, starts)| starts[start + iteration]);
        &self.values[start + iteration]
    }
}

/// The elements of a stack from its end to its beginning. The stack stays as it is, so that it can be read again.
#[derive(Debug)]
pub struct Back<'a, T> {
    left: &'a [T],
}

impl<'a, T: Copy> Back<'a, T> {
    /// From the end of `stack`.
    #[inline]
    pub fn new(stack: &'a [T]) -> Self {
        Self { left: stack }
    }

    /// The element ahead of those read so far. A reverse sweep reads as often as its forward sweep has written.
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "there is no end to be told")]
    pub fn next(&mut self) -> T {
        let at = self.left.len() - 1;
        let element = self.left[at];
        self.left = &self.left[..at];
        element
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Back, MOST_RESERVED, Rows, Tape};
    use crate::Workspace;

    #[test]
    fn a_tape_reserves_what_is_announced_and_plausible() {
        assert_eq!(Tape::<f64>::new(&[7, 3]).values.capacity(), 21);
        assert_eq!(Tape::<f64>::new(&[7, 0]).values.capacity(), 0);
        for trips in [&[1 << 40][..], &[usize::MAX], &[usize::MAX, usize::MAX]] {
            let tape = Tape::<[f64; 8]>::new(trips);
            assert_eq!(tape.values.capacity() * 64, MOST_RESERVED);
        }
    }

    #[test]
    fn a_tape_keeps_the_last_value_of_each_iteration() {
        for announced in [0, 2, 5, usize::MAX] {
            let mut tape = Tape::new(&[announced]);
            for iteration in [0, 1, 4, 1, 9] {
                tape.put(iteration, iteration * 10);
            }
            tape.put(1, 7);
            assert_eq!([tape[0], tape[1], tape[4], tape[9]], [0, 7, 40, 90]);
        }
    }

    #[test]
    fn rows_of_different_lengths_keep_apart() {
        let mut rows = Rows::<_, 2>::new();
        let kept = |i: usize, j: usize, k: usize| i % 3 != 1 && (i + j + k).is_multiple_of(2);
        let all = || {
            let inner = |i: usize| (0..i).flat_map(move |j| (0..3 * j % 5).map(move |k| (i, j, k)));
            (0..7).flat_map(inner).filter(|(i, j, k)| kept(*i, *j, *k))
        };
        for (i, j, k) in all() {
            rows.put([i, j], k, [i, j, k]);
        }
        for (i, j, k) in all() {
            assert_eq!(rows[([i, j], k)], [i, j, k]);
        }
    }

    #[test]
    fn buffers_return_to_where_they_were() {
        let mut workspace = Workspace::new();
        let mut capacities = Vec::new();
        for _ in 0..2 {
            let mut rows = Rows::<usize, 1>::taken(&mut workspace);
            for k in 0..100 {
                rows.put([k / 50], k % 50, k);
            }
            capacities.push((rows.starts[0].capacity(), rows.values.values.capacity()));
            rows.give(&mut workspace);
        }
        assert_eq!(capacities[0], capacities[1]);
    }

    #[test]
    fn a_stack_is_read_from_its_end_and_again() {
        let stack = [1, 2, 3];
        for _ in 0..2 {
            let mut back = Back::new(&stack);
            assert_eq!([back.next(), back.next(), back.next()], [3, 2, 1]);
        }
    }
}
