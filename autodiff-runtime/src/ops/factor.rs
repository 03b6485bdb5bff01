//! Factorisations of square matrices, stored row by row, and solutions of triangular systems.

use alloc::vec::Vec;

use super::operation::{Kept, Left};
use crate::__private::{Reader, SharedTape, copied};
use crate::{Scalar, Workspace};

/// `P A Q = L U`: the unit lower triangle below the diagonal, the upper one on and above it.
pub struct Factors<T> {
    pub(super) lu: Vec<T>,
    /// Row `i` of `P A` is row `rows[i]` of `A`.
    pub(super) rows: Vec<usize>,
    /// Column `j` of `A Q` is column `columns[j]` of `A`.
    pub(super) columns: Vec<usize>,
    /// Whether the permutations together are odd.
    pub(super) odd: bool,
}

/// Which elements a pivot is chosen from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pivoting {
    /// The column.
    Partial,
    /// Everything that is left: a singular matrix then has its zeros at the end.
    Full,
}

impl<T: Scalar> Factors<T> {
    /// Factorises a matrix of `n` rows and columns.
    pub(super) fn new(a: &[T], n: usize, pivoting: Pivoting, workspace: &mut Workspace) -> Self {
        let mut lu = copied(workspace, a);
        let (mut rows, mut columns) = (workspace.take(), workspace.take());
        rows.extend(0..n);
        columns.extend(0..n);
        let mut odd = false;
        for k in 0..n {
            let candidates = if pivoting == Pivoting::Full {
                k..n
            } else {
                k..k + 1
            };
            let (mut row, mut column) = (k, k);
            for i in k..n {
                for j in candidates.clone() {
                    if lu[i * n + j].abs() > lu[row * n + column].abs() {
                        (row, column) = (i, j);
                    }
                }
            }
            if row != k {
                (0..n).for_each(|j| lu.swap(k * n + j, row * n + j));
                rows.swap(k, row);
                odd = !odd;
            }
            if column != k {
                (0..n).for_each(|i| lu.swap(i * n + k, i * n + column));
                columns.swap(k, column);
                odd = !odd;
            }
            let pivot = lu[k * n + k];
            if pivot == T::zero() {
                continue;
            }
            let (top, below) = lu.split_at_mut((k + 1) * n);
            let top = &top[k * n..];
            for row in below.chunks_exact_mut(n) {
                let factor = row[k] / pivot;
                row[k] = factor;
                super::kernel::axpy(-factor, &top[k + 1..], &mut row[k + 1..]);
            }
        }
        Factors {
            lu,
            rows,
            columns,
            odd,
        }
    }

    /// The number of rows.
    pub(super) fn size(&self) -> usize {
        self.rows.len()
    }

    /// The diagonal of U.
    pub(super) fn pivots(&self) -> impl Iterator<Item = T> {
        let n = self.size();
        self.lu.iter().step_by(n + 1).copied()
    }

    /// The sign of the permutations.
    pub(super) fn sign(&self) -> T {
        if self.odd { -T::one() } else { T::one() }
    }

    /// Whether systems have solutions.
    pub(super) fn is_regular(&self) -> bool {
        self.pivots()
            .all(|pivot| pivot != T::zero() && pivot.is_finite())
    }

    /// Solves `A x = b`, by factors without a permutation of columns.
    pub(super) fn solve(&self, b: &[T], x: &mut [T]) {
        for (x, &row) in x.iter_mut().zip(&self.rows) {
            *x = b[row];
        }
        lower(&self.lu, x, Diagonal::Ones);
        upper(&self.lu, x);
    }

    /// Solves `Aᵀ x = b`, by factors without a permutation of columns; `scratch` is as long as `x`.
    pub(super) fn solve_transposed(&self, b: &[T], x: &mut [T], scratch: &mut [T]) {
        scratch.copy_from_slice(b);
        upper_transposed(&self.lu, scratch);
        lower_transposed(&self.lu, scratch, Diagonal::Ones);
        for (&row, &value) in self.rows.iter().zip(&*scratch) {
            x[row] = value;
        }
    }
}

impl<T: Scalar> Kept for Factors<T> {
    fn give_back(self, workspace: &mut Workspace) {
        workspace.give(self.lu);
        workspace.give(self.rows);
        workspace.give(self.columns);
    }
}

impl<T: Scalar> Left for Factors<T> {
    fn leave(&self, tape: &mut SharedTape) {
        tape.push_slice(&self.lu);
        tape.push_slice(&self.rows);
        tape.push_slice(&self.columns);
        tape.push(self.odd);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let odd = *reader.pop();
        let columns = reader.pop_slice().to_vec();
        let rows = reader.pop_slice().to_vec();
        let lu = reader.pop_slice().to_vec();
        Factors {
            lu,
            rows,
            columns,
            odd,
        }
    }
}

/// What stands on the diagonal of a triangle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Diagonal {
    Stored,
    Ones,
}

/// Solves `L x = b` in place, where L is the lower triangle of `l`.
pub(super) fn lower<T: Scalar>(l: &[T], x: &mut [T], diagonal: Diagonal) {
    let n = x.len();
    for i in 0..n {
        let row = &l[i * n..][..n];
        x[i] -= super::kernel::dot(&row[..i], &x[..i]);
        if diagonal == Diagonal::Stored {
            x[i] /= row[i];
        }
    }
}

/// Solves `Lᵀ x = b` in place, where L is the lower triangle of `l`.
pub(super) fn lower_transposed<T: Scalar>(l: &[T], x: &mut [T], diagonal: Diagonal) {
    let n = x.len();
    for i in (0..n).rev() {
        let row = &l[i * n..][..n];
        if diagonal == Diagonal::Stored {
            x[i] /= row[i];
        }
        let value = x[i];
        super::kernel::axpy(-value, &row[..i], &mut x[..i]);
    }
}

/// Solves `U x = b` in place, where U is the upper triangle of `u`.
fn upper<T: Scalar>(u: &[T], x: &mut [T]) {
    let n = x.len();
    for i in (0..n).rev() {
        let row = &u[i * n..][..n];
        x[i] = (x[i] - super::kernel::dot(&row[i + 1..], &x[i + 1..])) / row[i];
    }
}

/// Solves `Uᵀ x = b` in place, where U is the upper triangle of `u`.
fn upper_transposed<T: Scalar>(u: &[T], x: &mut [T]) {
    let n = x.len();
    for i in 0..n {
        let row = &u[i * n..][..n];
        x[i] /= row[i];
        let value = x[i];
        super::kernel::axpy(-value, &row[i + 1..], &mut x[i + 1..]);
    }
}

/// Transposes a square matrix in place.
pub(super) fn transpose<T>(a: &mut [T], n: usize) {
    for i in 0..n {
        for j in 0..i {
            a.swap(i * n + j, j * n + i);
        }
    }
}
