//! Products of matrices and vectors, which are stored row by row, and convolutions: maps that are linear in each operand.

use alloc::{vec, vec::Vec};

use super::declare::{adjoints, cotangent, higher_order, operations, output};
use super::kernel::{View, gemm};
use super::operation::{At, Bilinear, Core, Named, bilinear};
use super::{companion, expect_len, kernel, sweeps};
use crate::__private::{Directional, Reader, SharedTape};
use crate::{Matrix, Scalar, Workspace};

operations! {
    /// The product of a matrix and a vector: `a` has `rows` rows of `x.len()` elements.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// let a = [1.0, 2.0, 3.0, 4.0];
    /// assert_eq!(ops::matvec(&a, &[1.0, 10.0], 2), [21.0, 43.0]);
    /// let (_, (a_bar, x_bar)) = ops::matvec::vjp(&a, &[1.0, 10.0], 2, &[1.0, 0.0]);
    /// assert_eq!(a_bar, [1.0, 10.0, 0.0, 0.0]);
    /// assert_eq!(x_bar, [1.0, 2.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `a` does not have `rows * x.len()` elements.
    fn matvec(a da a_bar da_bar, x dx x_bar dx_bar; rows: usize) -> vector;

    /// The product of a matrix of `m` rows and `k` columns and one of `k` rows and `n` columns. With the feature `tensor`,
    /// large products run on the tuned kernel of the crate `matrixmultiply`.
    ///
    /// The adjoints are `r bᵀ` and `aᵀ r` (Giles, "Collected matrix derivative results for forward and reverse mode
    /// algorithmic differentiation", 2008, section 2.2.2).
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// let (a, b) = ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0]);
    /// assert_eq!(ops::matmul(&a, &b, 2, 2, 1), [3.0, 7.0]);
    /// let (_, (a_bar, b_bar)) = ops::matmul::vjp(&a, &b, 2, 2, 1, &[1.0, 10.0]);
    /// assert_eq!(a_bar, [1.0, 1.0, 10.0, 10.0]);
    /// assert_eq!(b_bar, [31.0, 42.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `a` does not have `m * k` elements, or `b` not `k * n`.
    fn matmul(a da a_bar da_bar, b db b_bar db_bar; m: usize, k: usize, n: usize) -> vector;

    /// The outer product: the matrix of all `x[i] * y[j]`, row by row.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::outer(&[1.0, 2.0], &[1.0, 10.0]), [1.0, 10.0, 2.0, 20.0]);
    /// let (_, (x_bar, y_bar)) = ops::outer::vjp(&[1.0, 2.0], &[1.0, 10.0], &[1.0, 0.0, 0.0, 1.0]);
    /// assert_eq!((x_bar, y_bar), (vec![1.0, 10.0], vec![1.0, 2.0]));
    /// ```
    fn outer(x dx x_bar dx_bar, y dy y_bar dy_bar;) -> vector;

    /// The valid part of a one-dimensional convolution as neural networks have it, a cross-correlation: entry `i` is
    /// `Σⱼ x[i + j] * kernel[j]`, and there are `x.len() - kernel.len() + 1` entries. For a convolution in the sense of
    /// mathematics, reverse the kernel.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// let (x, kernel) = ([1.0, 2.0, 4.0, 8.0], [-1.0, 1.0]);
    /// assert_eq!(ops::conv1d(&x, &kernel), [1.0, 2.0, 4.0]);
    /// let (_, (x_bar, kernel_bar)) = ops::conv1d::vjp(&x, &kernel, &[1.0, 0.0, 1.0]);
    /// assert_eq!(x_bar, [-1.0, 1.0, -1.0, 1.0]);
    /// assert_eq!(kernel_bar, [5.0, 10.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When the kernel is empty, or longer than `x`.
    fn conv1d(x dx x_bar dx_bar, kernel dkernel kernel_bar dkernel_bar;) -> vector;
}

bilinear! { matvec matmul outer conv1d }

impl<T: Scalar> Bilinear<T> for matvec {
    type Shape = (usize,);
    type Output = Vec<T>;

    #[track_caller]
    fn map((rows,): (usize,), [a, x]: [&[T]; 2]) -> Vec<T> {
        expect_len("matvec", "a", a.len(), [rows, x.len()]);
        if x.is_empty() {
            return vec![T::zero(); rows];
        }
        a.chunks_exact(x.len())
            .map(|row| kernel::dot(row, x))
            .collect()
    }

    fn transpose(_: (usize,), [a, x]: [&[T]; 2], r: &[T], [a_bar, x_bar]: [&mut [T]; 2]) {
        if x.is_empty() {
            return;
        }
        let columns = x.len();
        let rows = a.chunks_exact(columns).zip(a_bar.chunks_exact_mut(columns));
        for ((row, row_bar), &r) in rows.zip(r) {
            kernel::axpy(r, x, row_bar);
            kernel::axpy(r, row, x_bar);
        }
    }
}

impl<T: Scalar> Bilinear<T> for matmul {
    type Shape = (usize, usize, usize);
    type Output = Vec<T>;

    #[track_caller]
    fn map((m, k, n): Self::Shape, [a, b]: [&[T]; 2]) -> Vec<T> {
        expect_len("matmul", "a", a.len(), [m, k]);
        expect_len("matmul", "b", b.len(), [k, n]);
        let mut product = vec![T::zero(); m * n];
        gemm(View::new(a, m, k), View::new(b, k, n), &mut product);
        product
    }

    fn transpose(
        (m, k, n): Self::Shape,
        [a, b]: [&[T]; 2],
        r: &[T],
        [a_bar, b_bar]: [&mut [T]; 2],
    ) {
        let r = View::new(r, m, n);
        gemm(r, View::new(b, k, n).t(), a_bar);
        gemm(View::new(a, m, k).t(), r, b_bar);
    }
}

impl<T: Scalar> Bilinear<T> for outer {
    type Shape = ();
    type Output = Vec<T>;

    fn map((): (), [x, y]: [&[T]; 2]) -> Vec<T> {
        let rows = x.iter().flat_map(|&x| y.iter().map(move |&y| x * y));
        rows.collect()
    }

    fn transpose((): (), [x, y]: [&[T]; 2], r: &[T], [x_bar, y_bar]: [&mut [T]; 2]) {
        if y.is_empty() {
            return;
        }
        for ((&x, x_bar), r) in x.iter().zip(x_bar).zip(r.chunks_exact(y.len())) {
            *x_bar += kernel::dot(r, y);
            kernel::axpy(x, r, y_bar);
        }
    }
}

impl<T: Scalar> Bilinear<T> for conv1d {
    type Shape = ();
    type Output = Vec<T>;

    #[track_caller]
    fn map((): (), [x, kernel]: [&[T]; 2]) -> Vec<T> {
        assert!(
            (1..=x.len()).contains(&kernel.len()),
            "`conv1d` takes a kernel of length 1 to that of `x`, but `kernel` has length {} and `x` has length {}",
            kernel.len(),
            x.len()
        );
        let mut result = vec![T::zero(); x.len() - kernel.len() + 1];
        for (j, &weight) in kernel.iter().enumerate() {
            kernel::axpy(weight, &x[j..], &mut result);
        }
        result
    }

    fn transpose((): (), [x, kernel]: [&[T]; 2], r: &[T], [x_bar, kernel_bar]: [&mut [T]; 2]) {
        for (j, (&weight, weight_bar)) in kernel.iter().zip(kernel_bar).enumerate() {
            kernel::axpy(weight, r, &mut x_bar[j..]);
            *weight_bar += kernel::dot(&x[j..][..r.len()], r);
        }
    }
}
