//! Linear systems: factorisations and solutions of square matrices, single or in batches.
//!
//! The derivatives are those of Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
//! differentiation" (2008), written in operations on tensors.

use super::dims::Dims;
use super::element::Float;
use super::layout::broadcast_shapes;
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, record};

/// The size of the square matrices that a tensor holds.
fn square<T: Float>(operation: &str, a: &Tensor<T>) -> Result<usize, AutogradError> {
    match a.shape() {
        [.., rows, columns] if rows == columns => Ok(*rows),
        shape => Err(AutogradError::shape(
            operation,
            format!("a tensor of shape {shape:?} holds no square matrices"),
        )),
    }
}

fn singular(operation: &str) -> AutogradError {
    AutogradError::argument(format!(
        "{operation}: the matrix is singular, or not a number"
    ))
}

/// `P A = L U` of one matrix, in place, with partial pivoting: L below the diagonal, U on and above it. Returns the rows
/// in their new order and whether their permutation is odd.
fn factorise<T: Float>(a: &mut [T], n: usize) -> (Vec<usize>, bool) {
    let mut rows: Vec<usize> = (0..n).collect();
    let mut odd = false;
    for k in 0..n {
        let size = |i: usize| num_traits::Float::abs(a[i * n + k]);
        let mut pivot = k;
        for i in k + 1..n {
            if size(i) > size(pivot) {
                pivot = i;
            }
        }
        if pivot != k {
            (0..n).for_each(|j| a.swap(k * n + j, pivot * n + j));
            rows.swap(k, pivot);
            odd = !odd;
        }
        let diagonal = a[k * n + k];
        if diagonal == T::ZERO {
            continue;
        }
        for i in k + 1..n {
            let factor = a[i * n + k] / diagonal;
            a[i * n + k] = factor;
            for j in k + 1..n {
                a[i * n + j] = a[i * n + j] - factor * a[k * n + j];
            }
        }
    }
    (rows, odd)
}

/// Solves `A X = B` for one matrix and `m` columns.
fn solve_one<T: Float>(a: &[T], b: &[T], n: usize, m: usize) -> Option<Vec<T>> {
    let mut lu = a.to_vec();
    let (rows, _) = factorise(&mut lu, n);
    if (0..n).any(|i| lu[i * n + i] == T::ZERO || !num_traits::Float::is_finite(lu[i * n + i])) {
        return None;
    }
    let mut x: Vec<T> = rows
        .iter()
        .flat_map(|&row| b[row * m..(row + 1) * m].iter().copied())
        .collect();
    eliminate(&lu, &mut x, n, m, true, true);
    eliminate(&lu, &mut x, n, m, false, false);
    Some(x)
}

/// Solves `A X = B` in place for a triangular `A`; with `unit` its diagonal counts as ones.
fn eliminate<T: Float>(a: &[T], x: &mut [T], n: usize, m: usize, lower: bool, unit: bool) {
    for step in 0..n {
        let i = if lower { step } else { n - 1 - step };
        for j in if lower { 0..i } else { i + 1..n } {
            let factor = a[i * n + j];
            for c in 0..m {
                x[i * m + c] = x[i * m + c] - factor * x[j * m + c];
            }
        }
        if !unit {
            for c in 0..m {
                x[i * m + c] = x[i * m + c] / a[i * n + i];
            }
        }
    }
}

/// Matrices and right sides with one batch: that to which those of both are stretched.
struct System<T: Float> {
    matrices: Tensor<T>,
    columns: Tensor<T>,
    was_vector: bool,
}

impl<T: Float> System<T> {
    fn of(operation: &str, a: &Tensor<T>, b: &Tensor<T>) -> Result<Self, AutogradError> {
        let n = square(operation, a)?;
        let was_vector = b.ndim() == 1;
        let columns = if was_vector {
            b.unsqueeze(1)
        } else {
            b.clone()
        };
        let wrong = || {
            let message = format!(
                "right sides of shape {:?} do not fit matrices of shape {:?}",
                b.shape(),
                a.shape()
            );
            AutogradError::shape(operation, message)
        };
        let [outer @ .., rows, count] = columns.shape() else {
            return Err(wrong());
        };
        if *rows != n {
            return Err(wrong());
        }
        let batch = broadcast_shapes(&a.shape()[..a.ndim() - 2], outer).map_err(|_| wrong())?;
        let whole = |last: [usize; 2]| batch.iter().copied().chain(last).collect::<Dims>();
        Ok(Self {
            matrices: a.try_broadcast_to(&whole([n, n]))?,
            columns: columns.try_broadcast_to(&whole([n, *count]))?,
            was_vector,
        })
    }

    fn back(&self, x: Tensor<T>) -> Tensor<T> {
        if self.was_vector { x.squeeze(-1) } else { x }
    }
}

impl<T: Float> Tensor<T> {
    /// The solution `x` of `self x = b`, for square matrices, single or a batch, and right sides `b`: one vector, or
    /// matrices of columns; batches are stretched to a common shape. By Gaussian elimination with partial pivoting.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let a = tensor([[2.0, 0.0], [1.0, 4.0]]);
    /// assert_eq!(a.solve(&tensor([2.0, 9.0]))?, tensor([1.0, 2.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For shapes that do not fit, and for singular matrices.
    pub fn solve(&self, b: &Self) -> Result<Self, AutogradError> {
        let system = System::of("solve", self, b)?;
        Ok(system.back(system.matrices.solved(&system.columns)?))
    }

    fn solved(&self, b: &Self) -> Result<Self, AutogradError> {
        let (n, m) = (b.shape()[b.ndim() - 2], b.shape()[b.ndim() - 1]);
        let (matrices, columns) = (kernel::to_vec(self), kernel::to_vec(b));
        let mut out = Vec::with_capacity(columns.len());
        if !columns.is_empty() {
            for (a, b) in matrices.chunks(n * n).zip(columns.chunks(n * m)) {
                out.extend(solve_one(a, b, n, m).ok_or_else(|| singular("solve"))?);
            }
        }
        let out = Self::fresh(out, b.shape());
        Ok(record(
            "LinalgSolveBackward",
            [self, b],
            [Keep::Input(0), Keep::Output],
            out,
            |cx, g: Self| {
                let a = cx.saved(0);
                let right = a
                    .t()
                    .solved(&g)
                    .expect("the transpose of a regular matrix is regular");
                cx.give(0, || -right.matmul(&cx.saved(1).t()));
                cx.give(1, || right.clone());
            },
        ))
    }

    /// The solution `x` of `self x = b` where the matrices are triangular, as [`solve`](Self::solve) otherwise; of the
    /// other triangle nothing counts.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let a = tensor([[2.0, 1.0], [0.0, 4.0]]);
    /// assert_eq!(a.triangular_solve(&tensor([4.0, 8.0]), true)?, tensor([1.0, 2.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For shapes that do not fit, and for zeros on the diagonal.
    pub fn triangular_solve(&self, b: &Self, upper: bool) -> Result<Self, AutogradError> {
        let system = System::of("triangular_solve", self, b)?;
        let triangle = if upper {
            system.matrices.triu(0)
        } else {
            system.matrices.tril(0)
        };
        Ok(system.back(triangle.triangle_solved(&system.columns, upper)?))
    }

    fn triangle_solved(&self, b: &Self, upper: bool) -> Result<Self, AutogradError> {
        let (n, m) = (b.shape()[b.ndim() - 2], b.shape()[b.ndim() - 1]);
        let (matrices, mut out) = (kernel::to_vec(self), kernel::to_vec(b));
        if !out.is_empty() {
            for (a, x) in matrices.chunks(n * n).zip(out.chunks_mut(n * m)) {
                if (0..n).any(|i| a[i * n + i] == T::ZERO) {
                    return Err(singular("triangular_solve"));
                }
                eliminate(a, x, n, m, !upper, false);
            }
        }
        let out = Self::fresh(out, b.shape());
        Ok(record(
            "TriangularSolveBackward",
            [self, b],
            [Keep::Input(0), Keep::Output],
            out,
            move |cx, g: Self| {
                let right = cx
                    .saved(0)
                    .t()
                    .triangle_solved(&g, !upper)
                    .expect("the diagonal has no zeros");
                cx.give(0, || {
                    let whole = -right.matmul(&cx.saved(1).t());
                    if upper { whole.triu(0) } else { whole.tril(0) }
                });
                cx.give(1, || right.clone());
            },
        ))
    }

    /// The inverse of square matrices, single or a batch.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[2.0, 0.0], [0.0, 4.0]]).inv()?, tensor([[0.5, 0.0], [0.0, 0.25]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For matrices that are not square, and for singular ones.
    pub fn inv(&self) -> Result<Self, AutogradError> {
        let n = square("inv", self)?;
        self.solved(&Self::eye(n).broadcast_to(self.shape()))
    }

    /// The determinants of square matrices, single or a batch. The gradient is that of the product of eigenvalues also
    /// at singular matrices: the transposed adjugate.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[2.0, 1.0], [0.0, 4.0]]).det()?, tensor(8.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For matrices that are not square.
    pub fn det(&self) -> Result<Self, AutogradError> {
        let n = square("det", self)?;
        let batch = Dims::from(&self.shape()[..self.ndim() - 2]);
        if n == 0 {
            return Ok(Self::ones(&batch));
        }
        let determinant = |a: &[T]| {
            let mut lu = a.to_vec();
            let (_, odd) = factorise(&mut lu, n);
            (0..n).fold(if odd { -T::ONE } else { T::ONE }, |product, i| {
                product * lu[i * n + i]
            })
        };
        let out: Vec<T> = kernel::to_vec(self)
            .chunks(n * n)
            .map(determinant)
            .collect();
        Ok(record(
            "DetBackward",
            [self],
            [Keep::Input(0)],
            Self::fresh(out, &batch),
            |cx, g: Self| {
                cx.give(0, || {
                    let cofactors = cx.saved(0).cofactors();
                    g.unsqueeze(-1).unsqueeze(-1) * cofactors
                });
            },
        ))
    }

    /// The matrix of cofactors: entry `[i, j]` is the derivative of the determinant with respect to that element. Each is
    /// a determinant of its own, so nothing is divided by and singular matrices are as good as any.
    fn cofactors(&self) -> Self {
        let n = self.shape()[self.ndim() - 1] as isize;
        let without = |x: &Self, dim: isize, index: isize| {
            Self::cat(
                &[&x.slice(dim, 0, index, 1), &x.slice(dim, index + 1, n, 1)],
                dim,
            )
        };
        let entry = |i: isize, j: isize| {
            let minor = without(&without(self, -2, i), -1, j)
                .det()
                .expect("a minor of a square matrix is square");
            if (i + j) % 2 == 0 { minor } else { -minor }
        };
        let rows: Vec<Self> = (0..n)
            .map(|i| {
                let row: Vec<Self> = (0..n).map(|j| entry(i, j)).collect();
                Self::stack(&row.iter().collect::<Vec<_>>(), -1)
            })
            .collect();
        Self::stack(&rows.iter().collect::<Vec<_>>(), -2)
    }

    /// The signs of the determinants of square matrices, and the logarithms of their magnitudes, which do not overflow.
    /// Only the logarithms have gradients.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (sign, logarithm) = tensor([[1.0, 0.0], [0.0, -1.0]]).slogdet()?;
    /// assert_eq!((sign, logarithm), (tensor(-1.0), tensor(0.0)));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For matrices that are not square.
    pub fn slogdet(&self) -> Result<(Self, Self), AutogradError> {
        let n = square("slogdet", self)?;
        let batch = Dims::from(&self.shape()[..self.ndim() - 2]);
        if n == 0 {
            return Ok((Self::ones(&batch), Self::zeros(&batch)));
        }
        let (mut signs, mut logarithms) = (Vec::new(), Vec::new());
        for a in kernel::to_vec(self).chunks(n * n) {
            let mut lu = a.to_vec();
            let (_, odd) = factorise(&mut lu, n);
            let pivots = || (0..n).map(|i| lu[i * n + i]);
            let sign = |v: T| {
                if v == T::ZERO {
                    v
                } else {
                    num_traits::Float::signum(v)
                }
            };
            signs.push(
                pivots().fold(if odd { -T::ONE } else { T::ONE }, |product, v| {
                    product * sign(v)
                }),
            );
            logarithms.push(pivots().fold(T::ZERO, |sum, v| {
                sum + num_traits::Float::ln(num_traits::Float::abs(v))
            }));
        }
        let value = Self::fresh(logarithms, &batch);
        let value = record(
            "SlogdetBackward",
            [self],
            [Keep::Input(0)],
            value,
            |cx, g: Self| {
                cx.give(0, || {
                    let a = cx.saved(0);
                    // At a singular matrix the logarithm is -∞ and has no gradient.
                    let inverse = a
                        .t()
                        .inv()
                        .unwrap_or_else(|_| a.full_like(<T as num_traits::Float>::nan()));
                    g.unsqueeze(-1).unsqueeze(-1) * inverse
                });
            },
        );
        Ok((Self::fresh(signs, &batch), value))
    }

    /// The lower triangular `L` with `L Lᵀ = self`, for symmetric positive definite matrices, single or a batch. Only the
    /// symmetric part of the matrices counts for the gradient, only the lower triangle for the value.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[4.0, 2.0], [2.0, 10.0]]).cholesky()?, tensor([[2.0, 0.0], [1.0, 3.0]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// For matrices that are not square, and for ones that are not positive definite.
    pub fn cholesky(&self) -> Result<Self, AutogradError> {
        let n = square("cholesky", self)?;
        let mut out = kernel::to_vec(self);
        for a in out.chunks_mut((n * n).max(1)) {
            for j in 0..n {
                for i in j..n {
                    let inner = (0..j).fold(T::ZERO, |sum, k| sum + a[i * n + k] * a[j * n + k]);
                    let rest = a[i * n + j] - inner;
                    if i == j {
                        if rest <= T::ZERO || rest.is_nan() {
                            return Err(AutogradError::argument(format!(
                                "cholesky: the matrix is not positive definite (pivot {j} is {rest})"
                            )));
                        }
                        a[i * n + j] = num_traits::Float::sqrt(rest);
                    } else {
                        a[i * n + j] = rest / a[j * n + j];
                        a[j * n + i] = T::ZERO;
                    }
                }
            }
        }
        Ok(record(
            "LinalgCholeskyBackward",
            [self],
            [Keep::Output],
            Self::fresh(out, self.shape()),
            |cx, g: Self| {
                cx.give(0, || {
                    let lower = cx.saved(0);
                    // Φ takes the lower triangle with half the diagonal; the gradient is L⁻ᵀ Φ(Lᵀ g) L⁻¹, made symmetric.
                    let product = lower.t().matmul(&g.tril(0));
                    let phi = product.tril(0) - product.tril(0).triu(0) * 0.5;
                    let solve = |b: &Self| {
                        lower
                            .t()
                            .triangle_solved(b, true)
                            .expect("the diagonal is positive")
                    };
                    let inner = solve(&solve(&phi).t()).t();
                    (&inner + inner.t()) * 0.5
                });
            },
        ))
    }
}
