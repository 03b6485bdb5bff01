//! The loops that operations share.

use crate::Scalar;

/// How many sums run side by side: enough to fill vector registers and to hide the latency of addition.
const LANES: usize = 8;

/// The sum of the products. Several partial sums run side by side, which is faster and rounds less than one.
#[inline]
pub(super) fn dot<T: Scalar>(a: &[T], b: &[T]) -> T {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let mut lanes = [T::zero(); LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for (lane, (&a, &b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    let rest = a_rest.iter().zip(b_rest);
    rest.fold(total(lanes), |sum, (&a, &b)| sum + a * b)
}

/// The sum, with the same partial sums.
#[inline]
pub(super) fn sum<T: Scalar>(x: &[T]) -> T {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [T::zero(); LANES];
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    rest.iter().fold(total(lanes), |sum, &x| sum + x)
}

/// The sum of the partial sums, in pairs.
#[inline]
fn total<T: Scalar>([a, b, c, d, e, f, g, h]: [T; LANES]) -> T {
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// `into += factor * x`.
#[inline]
pub(super) fn axpy<T: Scalar>(factor: T, x: &[T], into: &mut [T]) {
    for (into, &x) in into.iter_mut().zip(x) {
        *into += factor * x;
    }
}

/// A matrix of `rows` times `columns` scalars, as it is stored or transposed.
#[derive(Clone, Copy)]
pub(super) struct View<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    transposed: bool,
}

impl<'a, T: Scalar> View<'a, T> {
    /// The matrix with these elements, row by row.
    #[inline]
    pub(super) fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        View {
            data,
            rows,
            columns,
            transposed: false,
        }
    }

    /// The transpose.
    #[inline]
    pub(super) fn t(self) -> Self {
        View {
            rows: self.columns,
            columns: self.rows,
            transposed: !self.transposed,
            ..self
        }
    }

    #[inline]
    fn at(&self, i: usize, j: usize) -> T {
        if self.transposed {
            self.data[j * self.rows + i]
        } else {
            self.data[i * self.columns + j]
        }
    }
}

/// `into += a b`, row by row.
pub(super) fn gemm<T: Scalar>(a: View<T>, b: View<T>, into: &mut [T]) {
    let columns = b.columns;
    if into.is_empty() || a.columns == 0 {
        return;
    }
    #[cfg(feature = "tensor")]
    if a.rows * a.columns * b.columns > SMALL {
        return tuned(a, b, into);
    }
    for (i, row) in into.chunks_exact_mut(columns).enumerate() {
        if b.transposed && !a.transposed {
            let a = &a.data[i * a.columns..][..a.columns];
            for (entry, b) in row.iter_mut().zip(b.data.chunks_exact(b.rows)) {
                *entry += dot(a, b);
            }
        } else if b.transposed {
            for (j, entry) in row.iter_mut().enumerate() {
                for k in 0..a.columns {
                    *entry += a.at(i, k) * b.at(k, j);
                }
            }
        } else {
            for (k, b) in b.data.chunks_exact(columns).enumerate() {
                axpy(a.at(i, k), b, row);
            }
        }
    }
}

/// Products of fewer multiplications are not worth the call of the tuned kernel.
#[cfg(feature = "tensor")]
const SMALL: usize = 16 * 16 * 16;

/// `into += a b` by the tuned kernel behind `ndarray`, the crate `matrixmultiply`, whose own interface is unsafe.
#[cfg(feature = "tensor")]
fn tuned<T: Scalar>(a: View<T>, b: View<T>, into: &mut [T]) {
    use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder, linalg::general_mat_mul};

    let (rows, columns) = (a.rows, b.columns);
    let view = |m: View<'_, T>| {
        let strides = if m.transposed {
            (1, m.rows)
        } else {
            (m.columns, 1)
        };
        (m.rows, m.columns).strides(strides)
    };
    let a = ArrayView2::from_shape(view(a), a.data).expect("the shape fits the elements");
    let b = ArrayView2::from_shape(view(b), b.data).expect("the shape fits the elements");
    let mut into =
        ArrayViewMut2::from_shape((rows, columns), into).expect("the shape fits the elements");
    general_mat_mul(T::one(), &a, &b, T::one(), &mut into);
}
