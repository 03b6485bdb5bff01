//! Linear systems, and the logarithm of the determinant.

use alloc::{vec, vec::Vec};

use super::declare::{adjoints, cotangent, higher_order, operations, output};
use super::factor::{Factors, Pivoting};
use super::kernel::{View, gemm};
use super::operation::{At, Core, Named};
use super::{companion, expect_len, kernel, sweeps};
use crate::__private::{Directional, Reader, SharedTape, filled};
use crate::{Matrix, Scalar, Workspace};

operations! {
    /// The solution `x` of `a x = b`, for a square matrix `a`, by Gaussian elimination with partial pivoting.
    ///
    /// With `s` the solution of `aᵀ s = r`, the adjoints are `-s xᵀ` and `s` (Giles, "Collected matrix derivative results
    /// for forward and reverse mode algorithmic differentiation", 2008, section 2.3.1): the factorisation serves both.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// let a = [2.0, 0.0, 1.0, 4.0];
    /// assert_eq!(ops::solve(&a, &[2.0, 9.0]), [1.0, 2.0]);
    /// let (_, (a_bar, b_bar)) = ops::solve::vjp(&a, &[2.0, 9.0], &[0.0, 4.0]);
    /// assert_eq!(b_bar, [-0.5, 1.0]);
    /// assert_eq!(a_bar, [0.5, 1.0, -1.0, -2.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `a` does not have `b.len()` rows of `b.len()` elements, and when it is singular or not finite.
    fn solve(a da a_bar da_bar, b db b_bar db_bar;) -> vector;

    /// The logarithm of the magnitude of the determinant of a matrix of `n` rows and columns, which does not overflow.
    ///
    /// Its gradient is the transposed inverse (Giles 2008, section 2.2.4). Of a singular matrix the value is -∞, and there
    /// are no derivatives: they are NaN.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// let a = [2.0, 0.0, 1.0, -4.0];
    /// assert_eq!(ops::logdet(&a, 2), 8.0_f64.ln());
    /// assert_eq!(ops::logdet::gradient(&a, 2), [0.5, 0.125, 0.0, -0.25]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `a` does not have `n * n` elements.
    fn logdet(a da a_bar da_bar; n: usize) -> scalar;
}

impl<T: Scalar> Core<T, 2> for solve {
    type Shape = ();
    type Output = Vec<T>;
    type Kept = Factors<T>;
    const READS_RESULT: bool = true;

    #[track_caller]
    fn forward((): (), [a, b]: [&[T]; 2], workspace: &mut Workspace) -> (Vec<T>, Factors<T>) {
        let n = b.len();
        expect_len("solve", "a", a.len(), [n, n]);
        let factors = Factors::new(a, n, Pivoting::Partial, workspace);
        assert!(
            factors.is_regular(),
            "`solve` takes a regular matrix, but `a` is singular or not finite"
        );
        let mut x = vec![T::zero(); n];
        factors.solve(b, &mut x);
        (x, factors)
    }

    /// `a dx = db - da x`.
    fn tangent(at: &At<Self, T, 2>, [da, db]: [&[T]; 2], workspace: &mut Workspace) -> Vec<T> {
        let n = db.len();
        let mut right = filled(workspace, T::zero(), n);
        for (i, right) in right.iter_mut().enumerate() {
            *right = db[i] - kernel::dot(&da[i * n..][..n], at.y);
        }
        let mut dx = vec![T::zero(); n];
        at.kept.solve(&right, &mut dx);
        workspace.give(right);
        dx
    }

    fn reverse(
        at: &At<Self, T, 2>,
        r: &[T],
        [a_bar, b_bar]: [&mut [T]; 2],
        workspace: &mut Workspace,
    ) {
        let n = r.len();
        let (mut s, mut scratch) = (
            filled(workspace, T::zero(), n),
            filled(workspace, T::zero(), n),
        );
        at.kept.solve_transposed(r, &mut s, &mut scratch);
        kernel::axpy(T::one(), &s, b_bar);
        subtract_outer(&s, at.y, a_bar);
        workspace.give(s);
        workspace.give(scratch);
    }

    /// `aᵀ ds = -daᵀ s`, and the adjoint `-s xᵀ` moves with both factors.
    fn curvature(
        at: &At<Self, T, 2>,
        dx: [&[T]; 2],
        r: &[T],
        [a_bar, b_bar]: [&mut [T]; 2],
        workspace: &mut Workspace,
    ) {
        let n = r.len();
        let zeros = |workspace: &mut Workspace| filled(workspace, T::zero(), n);
        let (mut s, mut ds) = (zeros(workspace), zeros(workspace));
        let (mut right, mut scratch) = (zeros(workspace), zeros(workspace));
        at.kept.solve_transposed(r, &mut s, &mut scratch);
        for (i, &s) in s.iter().enumerate() {
            kernel::axpy(-s, &dx[0][i * n..][..n], &mut right);
        }
        at.kept.solve_transposed(&right, &mut ds, &mut scratch);
        kernel::axpy(T::one(), &ds, b_bar);
        subtract_outer(&ds, at.y, a_bar);
        subtract_outer(&s, &Self::tangent(at, dx, workspace), a_bar);
        for buffer in [s, ds, right, scratch] {
            workspace.give(buffer);
        }
    }
}

/// `into -= s xᵀ`.
fn subtract_outer<T: Scalar>(s: &[T], x: &[T], into: &mut [T]) {
    for (i, &s) in s.iter().enumerate() {
        kernel::axpy(-s, x, &mut into[i * x.len()..][..x.len()]);
    }
}

impl<T: Scalar> Core<T, 1> for logdet {
    type Shape = (usize,);
    type Output = T;
    type Kept = Factors<T>;
    const READS_RESULT: bool = false;

    #[track_caller]
    fn forward((n,): (usize,), [a]: [&[T]; 1], workspace: &mut Workspace) -> (T, Factors<T>) {
        expect_len("logdet", "a", a.len(), [n, n]);
        let factors = Factors::new(a, n, Pivoting::Partial, workspace);
        let value = factors
            .pivots()
            .fold(T::zero(), |sum, pivot| sum + pivot.abs().ln());
        (value, factors)
    }

    /// The trace of `a⁻¹ da`.
    fn tangent(at: &At<Self, T, 1>, [da]: [&[T]; 1], workspace: &mut Workspace) -> T {
        let inverse = inverse_transposed(at.kept, workspace);
        let trace = kernel::dot(&inverse, da);
        workspace.give(inverse);
        trace
    }

    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], workspace: &mut Workspace) {
        let inverse = inverse_transposed(at.kept, workspace);
        kernel::axpy(r[0], &inverse, into);
        workspace.give(inverse);
    }

    /// The derivative of `a⁻ᵀ` is `-a⁻ᵀ daᵀ a⁻ᵀ`.
    fn curvature(
        at: &At<Self, T, 1>,
        [da]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        workspace: &mut Workspace,
    ) {
        let n = at.kept.size();
        let inverse = inverse_transposed(at.kept, workspace);
        let mut product = filled(workspace, T::zero(), n * n);
        let view = View::new(&inverse, n, n);
        gemm(View::new(da, n, n).t(), view, &mut product);
        let mut change = filled(workspace, T::zero(), n * n);
        gemm(view, View::new(&product, n, n), &mut change);
        kernel::axpy(-r[0], &change, into);
        for buffer in [inverse, product, change] {
            workspace.give(buffer);
        }
    }
}

/// `a⁻ᵀ`, by factors of `a` without a permutation of columns; NaNs where `a` is singular.
fn inverse_transposed<T: Scalar>(factors: &Factors<T>, workspace: &mut Workspace) -> Vec<T> {
    let n = factors.size();
    let mut inverse = filled(workspace, T::nan(), n * n);
    if factors.is_regular() {
        let mut unit = filled(workspace, T::zero(), n);
        for (j, row) in inverse.chunks_exact_mut(n.max(1)).enumerate() {
            // Column `j` of the inverse is row `j` of its transpose.
            unit[j] = T::one();
            factors.solve(&unit, row);
            unit[j] = T::zero();
        }
        workspace.give(unit);
    }
    inverse
}
