//! Operations on slices, each with its derivatives.
//!
//! Each operation is a function, and beside it stands a companion of the same name with the derivatives, as beside a
//! `#[differentiable]` function: `dot(a, b)` has `dot::jvp(a, b, da, db)`, `dot::vjp(a, b, dr)`, `dot::vjp_into(…)`,
//! `dot::gradient(a, b)`, `dot::hvp(…)` and the others; operations with a `Vec` as result have `jacobian` in place of
//! gradient and Hessian. Their adjoints are written by hand, in the best way known. All are generic over `f32` and `f64`, and
//! can be called from inside of differentiable functions.
//!
//! Matrices are slices too, row by row. A direction or an adjoint that is not as long as its operand panics, as do
//! operands that do not fit each other, naming both lengths.
//!
//! ```
//! use autodiff_runtime::{Workspace, ops};
//!
//! // A linear classifier's loss for one example, by hand: the adjoints are chained from the last to the first.
//! let (weights, x, label) = ([0.1, -0.2, 0.3, 0.4, 0.5, -0.6], [1.0, 2.0], 0);
//! let scores = ops::matvec(&weights, &x, 3);
//! let loss = -ops::log_softmax(&scores)[label];
//!
//! let mut workspace = Workspace::new();
//! let (mut scores_bar, mut weights_bar, mut x_bar) = ([0.0; 3], [0.0; 6], [0.0; 2]);
//! ops::log_softmax::vjp_into_with(&mut workspace, &scores, &[-1.0, 0.0, 0.0], &mut scores_bar);
//! ops::matvec::vjp_into_with(&mut workspace, &weights, &x, 3, &scores_bar, &mut weights_bar, &mut x_bar);
//!
//! // A small step against the gradient makes the loss smaller.
//! let mut moved = weights;
//! for (weight, gradient) in moved.iter_mut().zip(&weights_bar) {
//!     *weight -= 0.1 * gradient;
//! }
//! assert!(-ops::log_softmax(&ops::matvec(&moved, &x, 3))[label] < loss);
//! ```

mod companion;
mod declare;
mod determinant;
mod exponentials;
mod factor;
mod kernel;
mod operation;
mod positive_definite;
mod products;
mod sums;
mod sweeps;
mod systems;
#[cfg(test)]
mod tests;
mod updates;

pub use determinant::det;
pub use exponentials::{log_softmax, logsumexp, max, min, softmax};
pub use positive_definite::cholesky;
pub use products::{conv1d, matmul, matvec, outer};
pub use sums::{cumsum, dot, mean, norm, norm_squared, sum};
pub use systems::{logdet, solve};
pub use updates::axpy;

/// Panics unless an operand is as long as a matrix of `rows` and `columns`.
#[inline]
#[track_caller]
fn expect_len(operation: &str, operand: &str, len: usize, [rows, columns]: [usize; 2]) {
    assert!(
        rows.checked_mul(columns) == Some(len),
        "`{operation}` takes {rows} rows of {columns} elements as `{operand}`, but `{operand}` has length {len}"
    );
}
