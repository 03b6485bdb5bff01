//! What forward sweeps leave for reverse sweeps, last in, first out.

use alloc::{boxed::Box, vec::Vec};
use core::any::{Any, TypeId};

/// What the forward sweeps of functions that call each other leave for their reverse sweeps.
///
/// Each type of element has a stack of its own; those that numerical code keeps most need no search. Nothing is ever
/// taken off: a [`Reader`] goes from the ends of the stacks downwards, so that the reverse sweep can run again.
#[derive(Default)]
pub struct SharedTape {
    doubles: Vec<f64>,
    singles: Vec<f32>,
    lengths: Vec<usize>,
    flags: Vec<bool>,
    others: Vec<Stack>,
}

/// The elements of one type.
struct Stack {
    element: TypeId,
    /// A `Vec<T>` where `T` is the type that `element` names.
    elements: Box<dyn Any + Send + Sync>,
    len: fn(&(dyn Any + Send + Sync)) -> usize,
}

impl SharedTape {
    /// A tape with nothing on it; this does not allocate.
    pub const fn new() -> Self {
        Self {
            doubles: Vec::new(),
            singles: Vec::new(),
            lengths: Vec::new(),
            flags: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Leaves one element.
    #[inline]
    pub fn push<T: Send + Sync + 'static>(&mut self, element: T) {
        self.stack::<T>().push(element);
    }

    /// Leaves several elements.
    #[inline]
    pub fn push_all<T: Send + Sync + 'static, const N: usize>(&mut self, elements: [T; N]) {
        self.stack::<T>().extend(elements);
    }

    /// Leaves copies of all elements of a slice.
    #[inline]
    pub fn push_slice<T: Clone + Send + Sync + 'static>(&mut self, elements: &[T]) {
        self.stack::<T>().extend_from_slice(elements);
        self.lengths.push(elements.len());
    }

    /// Reads what was left, last first.
    #[inline]
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            tape: self,
            doubles: self.doubles.len(),
            singles: self.singles.len(),
            lengths: self.lengths.len(),
            flags: self.flags.len(),
            others: self
                .others
                .iter()
                .map(|stack| (stack.len)(&*stack.elements))
                .collect(),
        }
    }

    /// The stack of a type. Which one that is is known when the function is compiled, but for the rare types.
    #[inline]
    fn stack<T: Send + Sync + 'static>(&mut self) -> &mut Vec<T> {
        let element = TypeId::of::<T>();
        let stack: &mut dyn Any = if element == TypeId::of::<f64>() {
            &mut self.doubles
        } else if element == TypeId::of::<f32>() {
            &mut self.singles
        } else if element == TypeId::of::<usize>() {
            &mut self.lengths
        } else if element == TypeId::of::<bool>() {
            &mut self.flags
        } else {
            let position = self
                .others
                .iter()
                .position(|stack| stack.element == element);
            let position = position.unwrap_or_else(|| self.open::<T>());
            &mut *self.others[position].elements
        };
        stack
            .downcast_mut()
            .expect("a stack holds elements of its type")
    }

    #[cold]
    fn open<T: Send + Sync + 'static>(&mut self) -> usize {
        self.others.push(Stack {
            element: TypeId::of::<T>(),
            elements: Box::new(Vec::<T>::new()),
            len: |elements| elements.downcast_ref::<Vec<T>>().map_or(0, Vec::len),
        });
        self.others.len() - 1
    }
}

/// Reads a tape from its end to its beginning.
pub struct Reader<'t> {
    tape: &'t SharedTape,
    doubles: usize,
    singles: usize,
    lengths: usize,
    flags: usize,
    others: Vec<usize>,
}

impl<'t> Reader<'t> {
    /// The element that was left last, among those of its type that have not been read yet.
    #[inline]
    pub fn pop<T: Send + Sync + 'static>(&mut self) -> &'t T {
        &self.last::<T>(1)[0]
    }

    /// The elements that were left last, the last of them at the end.
    #[inline]
    pub fn pop_all<T: Send + Sync + 'static, const N: usize>(&mut self) -> &'t [T; N] {
        self.last(N)
            .try_into()
            .expect("that many elements were asked for")
    }

    /// The slice that was left last.
    #[inline]
    pub fn pop_slice<T: Send + Sync + 'static>(&mut self) -> &'t [T] {
        let len = *self.pop::<usize>();
        self.last(len)
    }

    #[inline]
    fn last<T: Send + Sync + 'static>(&mut self, count: usize) -> &'t [T] {
        let tape = self.tape;
        let element = TypeId::of::<T>();
        let (stack, cursor): (&'t dyn Any, &mut usize) = if element == TypeId::of::<f64>() {
            (&tape.doubles, &mut self.doubles)
        } else if element == TypeId::of::<f32>() {
            (&tape.singles, &mut self.singles)
        } else if element == TypeId::of::<usize>() {
            (&tape.lengths, &mut self.lengths)
        } else if element == TypeId::of::<bool>() {
            (&tape.flags, &mut self.flags)
        } else {
            let position = tape
                .others
                .iter()
                .position(|stack| stack.element == element);
            let position = position.expect("what is read was left before");
            (&*tape.others[position].elements, &mut self.others[position])
        };
        let stack: &'t Vec<T> = stack
            .downcast_ref()
            .expect("a stack holds elements of its type");
        let end = *cursor;
        *cursor = end - count;
        &stack[end - count..end]
    }
}

#[cfg(test)]
mod tests {
    use super::SharedTape;

    #[test]
    fn what_is_left_last_is_read_first_however_often() {
        let mut tape = SharedTape::new();
        tape.push(1.5);
        tape.push_slice(&[2.0, 3.0]);
        tape.push([4_u8, 5]);
        tape.push(6_usize);
        tape.push_slice::<f32>(&[]);
        tape.push(true);
        tape.push_all([2.5, 3.5, 4.5]);
        for _ in 0..2 {
            let mut reader = tape.reader();
            assert_eq!(*reader.pop_all::<f64, 2>(), [3.5, 4.5]);
            assert_eq!(*reader.pop::<f64>(), 2.5);
            assert!(*reader.pop::<bool>());
            assert!(reader.pop_slice::<f32>().is_empty());
            assert_eq!(*reader.pop::<usize>(), 6);
            assert_eq!(*reader.pop::<[u8; 2]>(), [4, 5]);
            assert_eq!(reader.pop_slice::<f64>(), [2.0, 3.0]);
            assert_eq!(*reader.pop::<f64>(), 1.5);
        }
    }
}
