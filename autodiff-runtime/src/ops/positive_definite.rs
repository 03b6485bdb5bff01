//! The Cholesky factorisation.

use alloc::{vec, vec::Vec};

use super::declare::{adjoints, cotangent, higher_order, operations, output};
use super::factor::{Diagonal, lower, lower_transposed, transpose};
use super::kernel::{View, gemm};
use super::operation::{At, Core, Named};
use super::{companion, expect_len, kernel, sweeps};
use crate::__private::{Directional, Reader, SharedTape, filled};
use crate::{Matrix, Scalar, Workspace};

operations! {
    /// The lower triangular `L` with `L Lᵀ = a`, for a symmetric positive definite matrix of `n` rows and columns. Of a
    /// matrix that is not symmetric, the symmetric part `(a + aᵀ) / 2` is factorised: adjoints are symmetric therefore.
    ///
    /// With Φ, which takes the lower triangle and half the diagonal, the tangent is `L Φ(L⁻¹ da L⁻ᵀ)` and the adjoint the
    /// symmetric part of `L⁻ᵀ Φ(Lᵀ r) L⁻¹` (Murray, "Differentiation of the Cholesky decomposition", 2016, sections 3.1
    /// and 3.2).
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// let a = [4.0, 2.0, 2.0, 10.0];
    /// assert_eq!(ops::cholesky(&a, 2), [2.0, 0.0, 1.0, 3.0]);
    /// let (_, a_bar) = ops::cholesky::vjp(&a, 2, &[0.0, 0.0, 0.0, 6.0]);
    /// assert_eq!(a_bar, [0.25, -0.5, -0.5, 1.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `a` does not have `n * n` elements, and when it is not positive definite.
    fn cholesky(a da a_bar da_bar; n: usize) -> vector;
}

impl<T: Scalar> Core<T, 1> for cholesky {
    type Shape = (usize,);
    type Output = Vec<T>;
    type Kept = ();
    const READS_RESULT: bool = true;

    #[track_caller]
    fn forward((n,): (usize,), [a]: [&[T]; 1], _: &mut Workspace) -> (Vec<T>, ()) {
        expect_len("cholesky", "a", a.len(), [n, n]);
        let mut l = vec![T::zero(); n * n];
        for i in 0..n {
            for j in 0..=i {
                let (done, row) = l.split_at_mut(i * n);
                let other = if j < i {
                    &done[j * n..][..j]
                } else {
                    &row[..j]
                };
                let rest = symmetric(a, n, i, j) - kernel::dot(&row[..j], other);
                if j < i {
                    row[j] = rest / done[j * n + j];
                    continue;
                }
                assert!(
                    rest > T::zero(),
                    "`cholesky` takes a positive definite matrix, but pivot {i} of `a` is {rest}"
                );
                row[i] = rest.sqrt();
            }
        }
        (l, ())
    }

    fn tangent(at: &At<Self, T, 1>, [da]: [&[T]; 1], workspace: &mut Workspace) -> Vec<T> {
        let (n,) = at.shape;
        let l = at.y;
        let mut inner = filled(workspace, T::zero(), n * n);
        for i in 0..n {
            for j in 0..n {
                inner[i * n + j] = symmetric(da, n, i, j);
            }
        }
        // Row by row, `x Lᵀ = b` is `L xᵀ = bᵀ`; the matrix is symmetric, so that its transpose needs no turning.
        for _ in 0..2 {
            rows(&mut inner, n, |row| lower(l, row, Diagonal::Stored));
            transpose(&mut inner, n);
        }
        half(&mut inner, n);
        let mut dl = vec![T::zero(); n * n];
        gemm(View::new(l, n, n), View::new(&inner, n, n), &mut dl);
        workspace.give(inner);
        dl
    }

    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], workspace: &mut Workspace) {
        let (n,) = at.shape;
        let mut phi = projected(at.y, r, n, workspace);
        conjugate(at.y, &mut phi, n);
        add_symmetric(&phi, n, into);
        workspace.give(phi);
    }

    /// With `P = Φ(Lᵀ r)`, the derivative of `L⁻ᵀ P L⁻¹` is `L⁻ᵀ (dP - dLᵀ L⁻ᵀ P - P L⁻¹ dL) L⁻¹`.
    fn curvature(
        at: &At<Self, T, 1>,
        dx: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        workspace: &mut Workspace,
    ) {
        let (n,) = at.shape;
        let l = at.y;
        let mut dl = Self::tangent(at, dx, workspace);
        let mut inner = projected(&dl, r, n, workspace);
        let mut right = projected(l, r, n, workspace);
        let mut left = filled(workspace, T::zero(), 0);
        left.extend_from_slice(&right);
        // P L⁻¹, and the transpose of L⁻ᵀ P.
        rows(&mut right, n, |row| {
            lower_transposed(l, row, Diagonal::Stored)
        });
        transpose(&mut left, n);
        rows(&mut left, n, |row| {
            lower_transposed(l, row, Diagonal::Stored)
        });
        dl.iter_mut().for_each(|dl| *dl = -*dl);
        let minus_dl = View::new(&dl, n, n);
        gemm(minus_dl.t(), View::new(&left, n, n).t(), &mut inner);
        gemm(View::new(&right, n, n), minus_dl, &mut inner);
        conjugate(l, &mut inner, n);
        add_symmetric(&inner, n, into);
        for buffer in [dl, inner, right, left] {
            workspace.give(buffer);
        }
    }
}

/// An element of the symmetric part; exactly the element where the matrix is symmetric.
fn symmetric<T: Scalar>(a: &[T], n: usize, i: usize, j: usize) -> T {
    let half = T::from_literal(0.5);
    half * a[i * n + j] + half * a[j * n + i]
}

/// Calls `change` with each row.
fn rows<T>(a: &mut [T], n: usize, change: impl FnMut(&mut [T])) {
    if n > 0 {
        a.chunks_exact_mut(n).for_each(change);
    }
}

/// Φ, in place: the lower triangle, with half the diagonal.
fn half<T: Scalar>(a: &mut [T], n: usize) {
    for i in 0..n {
        a[i * n + i] *= T::from_literal(0.5);
        a[i * n + i + 1..(i + 1) * n].fill(T::zero());
    }
}

/// `Φ(Lᵀ r)`, where of `r` the lower triangle counts: the other one belongs to results that are always 0.
fn projected<T: Scalar>(l: &[T], r: &[T], n: usize, workspace: &mut Workspace) -> Vec<T> {
    let mut phi = filled(workspace, T::zero(), n * n);
    for k in 0..n {
        for i in 0..=k {
            // Row `i` of Lᵀ has its elements from column `i` on, row `k` of `r` up to column `k`.
            let up_to = (k + 1).min(i + 1);
            kernel::axpy(
                l[k * n + i],
                &r[k * n..][..up_to],
                &mut phi[i * n..][..up_to],
            );
        }
    }
    half(&mut phi, n);
    phi
}

/// `L⁻ᵀ a L⁻¹`, in place.
fn conjugate<T: Scalar>(l: &[T], a: &mut [T], n: usize) {
    // Row by row, `x L = b` is `Lᵀ xᵀ = bᵀ`.
    for _ in 0..2 {
        rows(a, n, |row| lower_transposed(l, row, Diagonal::Stored));
        transpose(a, n);
    }
}

/// Adds the symmetric part of `a`.
fn add_symmetric<T: Scalar>(a: &[T], n: usize, into: &mut [T]) {
    for i in 0..n {
        for j in 0..n {
            into[i * n + j] += symmetric(a, n, i, j);
        }
    }
}
