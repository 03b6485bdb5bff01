//! Optimisers: what to do with gradients once they are there.
//!
//! An optimiser holds handles to leaves. After a backward pass, [`Optimizer::step`] moves each leaf that has a gradient,
//! without recording, and [`Optimizer::zero_grad`] forgets the gradients.
//!
//! ```
//! use autodiff_runtime::optim::{Optimizer, Sgd};
//! use autodiff_runtime::tensor;
//!
//! let x = tensor([4.0, -2.0]).require_grad();
//! let mut optimizer = Sgd::new(&[&x], 0.1).momentum(0.5);
//! for _ in 0..100 {
//!     optimizer.zero_grad();
//!     (&x - 1.0).square().sum().backward()?;
//!     optimizer.step();
//! }
//! assert!((&x.detach() - 1.0).abs().lt(1e-6).all().item());
//! # Ok::<(), autodiff_runtime::AutogradError>(())
//! ```

mod adam;
mod lbfgs;
mod sgd;

pub use adam::Adam;
pub use lbfgs::Lbfgs;
pub use sgd::Sgd;

use crate::autograd::no_grad;
use crate::tensor::{Float, Tensor};

/// What optimisers have in common.
///
/// ```
/// use autodiff_runtime::optim::{Sgd, Optimizer};
/// use autodiff_runtime::tensor;
///
/// let x = tensor(1.0).require_grad();
/// let mut optimizer = Sgd::new(&[&x], 0.25);
/// x.square().backward()?;
/// optimizer.step();
/// optimizer.zero_grad();
/// assert_eq!((x.item(), x.grad()), (0.5, None));
/// assert_eq!(optimizer.parameters().len(), 1);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
pub trait Optimizer<T: Float> {
    /// The leaves that are moved.
    fn parameters(&self) -> &[Tensor<T>];

    /// Moves every leaf that has a gradient by one step.
    fn step(&mut self);

    /// Forgets the gradients of all leaves.
    fn zero_grad(&self) {
        self.parameters().iter().for_each(Tensor::zero_grad);
    }
}

/// Handles to `parameters`.
///
/// # Panics
///
/// When one of them is no leaf that requires gradients: it would never move.
#[track_caller]
fn leaves<T: Float>(parameters: &[&Tensor<T>]) -> Vec<Tensor<T>> {
    for (index, parameter) in parameters.iter().enumerate() {
        assert!(
            parameter.is_leaf() && parameter.requires_grad(),
            "parameter {index} is no leaf that requires gradients; make it one by `require_grad()`"
        );
    }
    parameters
        .iter()
        .map(|&parameter| parameter.clone())
        .collect()
}

/// Writes new values into a leaf.
fn write<T: Float>(parameter: &Tensor<T>, value: &Tensor<T>) {
    no_grad(|| parameter.copy_(value))
        .expect("a leaf takes values of its own shape while nothing is recorded");
}
