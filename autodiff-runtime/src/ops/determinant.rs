//! The determinant, whose derivatives exist at singular matrices too.

use alloc::vec::Vec;

use super::declare::{adjoints, cotangent, higher_order, operations, output};
use super::factor::{Diagonal, Factors, Pivoting, lower, lower_transposed};
use super::kernel::{View, gemm};
use super::operation::{At, Core, Kept, Named};
use super::{companion, expect_len, kernel, sweeps};
use crate::__private::{Directional, Reader, SharedTape, filled};
use crate::{Matrix, Scalar, Workspace};

operations! {
    /// The determinant of a matrix of `n` rows and columns; of nothing 1.
    ///
    /// Its gradient is the matrix of cofactors, at singular matrices too. It is taken from a factorisation `P a Q = L U` with
    /// full pivoting, by Schur complements that divide by all pivots but the last.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::det(&[2.0, 1.0, 3.0, 4.0], 2), 5.0);
    /// assert_eq!(ops::det::gradient(&[2.0, 1.0, 3.0, 4.0], 2), [4.0, -3.0, -1.0, 2.0]);
    /// // A singular matrix: its determinant is 0, the derivatives of it are not.
    /// assert_eq!(ops::det::gradient(&[1.0, 2.0, 2.0, 4.0], 2), [4.0, -2.0, -2.0, 1.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `a` does not have `n * n` elements.
    fn det(a da a_bar da_bar; n: usize) -> scalar;
}

impl<T: Scalar> Core<T, 1> for det {
    type Shape = (usize,);
    type Output = T;
    type Kept = Factors<T>;
    const READS_RESULT: bool = false;

    #[track_caller]
    fn forward((n,): (usize,), [a]: [&[T]; 1], workspace: &mut Workspace) -> (T, Factors<T>) {
        expect_len("det", "a", a.len(), [n, n]);
        let factors = Factors::new(a, n, Pivoting::Full, workspace);
        (determinant(&factors), factors)
    }

    fn tangent(at: &At<Self, T, 1>, [da]: [&[T]; 1], workspace: &mut Workspace) -> T {
        let mut cofactors = filled(workspace, T::zero(), da.len());
        add_cofactors(at.kept, T::one(), &mut cofactors, workspace);
        let tangent = kernel::dot(&cofactors, da);
        workspace.give(cofactors);
        tangent
    }

    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], workspace: &mut Workspace) {
        add_cofactors(at.kept, r[0], into, workspace);
    }

    fn curvature(
        at: &At<Self, T, 1>,
        [da]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        workspace: &mut Workspace,
    ) {
        let (n,) = at.shape;
        let rank = at.kept.pivots().take_while(|pivot| *pivot != T::zero());
        let missing = n - rank.count();
        match missing {
            0 | 1 => add_change_of_cofactors(at.kept, da, r[0], into, workspace),
            2 => add_change_by_minors(at.x[0], n, da, r[0], into, workspace),
            // All minors of two rows and columns less are 0.
            _ => {}
        }
    }
}

fn determinant<T: Scalar>(factors: &Factors<T>) -> T {
    let pivots = factors.pivots();
    pivots.fold(factors.sign(), |product, pivot| product * pivot)
}

/// The upper triangle `U = [D u; 0 s]` in parts, for `adj(U) = |D| [s D⁻¹, -D⁻¹ u; 0, 1]`.
struct Parts<T> {
    /// The number of rows of D.
    m: usize,
    /// `|D|`.
    determinant: T,
    /// `D⁻¹`.
    inverse: Vec<T>,
    /// `D⁻¹ u`.
    column: Vec<T>,
    /// The last pivot.
    s: T,
}

impl<T: Scalar> Parts<T> {
    /// The parts of a triangle of one row at least; `None` where D is singular, and so all cofactors are 0.
    fn new(factors: &Factors<T>, workspace: &mut Workspace) -> Option<Self> {
        let n = factors.size();
        let m = n - 1;
        let u = &factors.lu;
        if factors.pivots().take(m).any(|pivot| pivot == T::zero()) {
            return None;
        }
        let mut inverse = filled(workspace, T::zero(), m * m);
        let mut column = filled(workspace, T::zero(), m);
        for i in (0..m).rev() {
            // Row `i` of `D X = [I u]`, from the rows below it.
            let pivot = u[i * n + i];
            column[i] = u[i * n + m];
            inverse[i * m + i] = T::one();
            for k in i + 1..m {
                let factor = u[i * n + k];
                let below = column[k];
                column[i] -= factor * below;
                let (row, rows_below) = inverse[i * m..].split_at_mut(m);
                kernel::axpy(-factor, &rows_below[(k - i - 1) * m..][..m], row);
            }
            column[i] /= pivot;
            inverse[i * m..][..m].iter_mut().for_each(|x| *x /= pivot);
        }
        Some(Parts {
            m,
            determinant: factors
                .pivots()
                .take(m)
                .fold(T::one(), |product, pivot| product * pivot),
            inverse,
            column,
            s: u[m * n + m],
        })
    }

    /// `adj(U)` of `m + 1` rows, times `factor`.
    fn adjugate(&self, factor: T, workspace: &mut Workspace) -> Vec<T> {
        let (m, n) = (self.m, self.m + 1);
        let scale = factor * self.determinant;
        let mut adjugate = filled(workspace, T::zero(), n * n);
        for i in 0..m {
            kernel::axpy(
                scale * self.s,
                &self.inverse[i * m..][..m],
                &mut adjugate[i * n..][..m],
            );
            adjugate[i * n + m] = -scale * self.column[i];
        }
        adjugate[m * n + m] = scale;
        adjugate
    }

    fn give_back(self, workspace: &mut Workspace) {
        workspace.give(self.inverse);
        workspace.give(self.column);
    }
}

/// Adds the cofactors times `factor`.
fn add_cofactors<T: Scalar>(
    factors: &Factors<T>,
    factor: T,
    into: &mut [T],
    workspace: &mut Workspace,
) {
    if factors.size() == 0 {
        return;
    }
    if let Some(parts) = Parts::new(factors, workspace) {
        let mut adjugate = parts.adjugate(factor, workspace);
        add_back(factors, &mut adjugate, into);
        workspace.give(adjugate);
        parts.give_back(workspace);
    }
}

/// Adds the transpose of `± Q M L⁻¹ P`, which is the adjugate where `M` is that of U.
fn add_back<T: Scalar>(factors: &Factors<T>, m: &mut [T], into: &mut [T]) {
    let n = factors.size();
    for (i, row) in m.chunks_exact_mut(n).enumerate() {
        lower_transposed(&factors.lu, row, Diagonal::Ones);
        for (&x, &j) in row.iter().zip(&factors.rows) {
            into[j * n + factors.columns[i]] += factors.sign() * x;
        }
    }
}

/// Adds the derivative of the cofactors along `da`, times `factor`, for a matrix whose rank is full or one less.
///
/// With `X = L⁻¹ P da Q`, cut like U into `[X₁ x; y z]`, the derivative of `adj(U)` along X is that of the adjugate of a
/// block matrix with a Schur complement, `|D| [σ D⁻¹ + D⁻¹ b c D⁻¹, -D⁻¹ b; -c D⁻¹, 1]` with `σ = s - c D⁻¹ b`, at `c = 0`.
fn add_change_of_cofactors<T: Scalar>(
    factors: &Factors<T>,
    da: &[T],
    factor: T,
    into: &mut [T],
    workspace: &mut Workspace,
) {
    let n = factors.size();
    if n == 0 {
        return;
    }
    let Some(parts) = Parts::new(factors, workspace) else {
        return;
    };
    let m = parts.m;
    let direction = moved(factors, da, workspace);
    // The blocks of X.
    let mut block = filled(workspace, T::zero(), m * m);
    let mut above = filled(workspace, T::zero(), m);
    for i in 0..m {
        block[i * m..][..m].copy_from_slice(&direction[i * n..][..m]);
        above[i] = direction[i * n + m];
    }
    let (left, corner) = direction[m * n..].split_at(m);

    let product = |a: &[T], b: &[T], rows: usize, columns: usize, workspace: &mut Workspace| {
        let mut product = filled(workspace, T::zero(), rows * columns);
        gemm(
            View::new(a, rows, m),
            View::new(b, m, columns),
            &mut product,
        );
        product
    };
    let inverse = &parts.inverse;
    let relative = product(inverse, &block, m, m, workspace);
    let trace = (0..m).fold(T::zero(), |sum, i| sum + relative[i * m + i]);
    let change_of_s = corner[0] - kernel::dot(left, &parts.column);
    // D⁻¹ X₁ D⁻¹, y D⁻¹, D⁻¹ X₁ D⁻¹ u and D⁻¹ x.
    let twice = product(&relative, inverse, m, m, workspace);
    let bottom = product(left, inverse, 1, m, workspace);
    let along = product(&relative, &parts.column, m, 1, workspace);
    let shift = product(inverse, &above, m, 1, workspace);

    let mut change = parts.adjugate(factor * trace, workspace);
    let scale = factor * parts.determinant;
    for i in 0..m {
        let row = &mut change[i * n..][..n];
        kernel::axpy(scale * change_of_s, &inverse[i * m..][..m], row);
        kernel::axpy(-scale * parts.s, &twice[i * m..][..m], row);
        kernel::axpy(scale * parts.column[i], &bottom, row);
        row[m] += scale * (along[i] - shift[i]);
    }
    kernel::axpy(-scale, &bottom, &mut change[m * n..]);
    add_back(factors, &mut change, into);
    for buffer in [
        direction, block, above, relative, twice, bottom, along, shift, change,
    ] {
        workspace.give(buffer);
    }
    parts.give_back(workspace);
}

/// `L⁻¹ P da Q`.
fn moved<T: Scalar>(factors: &Factors<T>, da: &[T], workspace: &mut Workspace) -> Vec<T> {
    let n = factors.size();
    let mut moved = filled(workspace, T::zero(), n * n);
    let mut column = filled(workspace, T::zero(), n);
    for j in 0..n {
        for i in 0..n {
            column[i] = da[factors.rows[i] * n + factors.columns[j]];
        }
        lower(&factors.lu, &mut column, Diagonal::Ones);
        for i in 0..n {
            moved[i * n + j] = column[i];
        }
    }
    workspace.give(column);
    moved
}

/// As [`add_change_of_cofactors`], by the definition: each cofactor is a determinant, whose own cofactors are minors of two
/// rows and columns less. That is slow, but right where two pivots are 0.
fn add_change_by_minors<T: Scalar>(
    a: &[T],
    n: usize,
    da: &[T],
    factor: T,
    into: &mut [T],
    workspace: &mut Workspace,
) {
    let sign = |odd: bool| if odd { -factor } else { factor };
    for (i, j) in (0..n * n).map(|at| (at / n, at % n)) {
        for (k, l) in (0..n * n).map(|at| (at / n, at % n)) {
            if k == i || l == j {
                continue;
            }
            let mut minor = workspace.take();
            for row in (0..n).filter(|row| *row != i && *row != k) {
                let columns = (0..n).filter(|column| *column != j && *column != l);
                minor.extend(columns.map(|column| a[row * n + column]));
            }
            let factors = Factors::new(&minor, n - 2, Pivoting::Full, workspace);
            // Rows and columns behind those that are left out have moved up by one.
            let odd = (i + j + k + l + usize::from(k > i) + usize::from(l > j)) % 2 == 1;
            into[i * n + j] += sign(odd) * determinant(&factors) * da[k * n + l];
            workspace.give(minor);
            factors.give_back(workspace);
        }
    }
}
