//! The two nodes of a lifted function: its value, and its gradient where that is recorded itself.

use std::sync::{Arc, Mutex};

use crate::autograd::custom::{Function, Saved, Saving};
use crate::autograd::error::AutogradError;
use crate::autograd::hooks::lock;
use crate::autograd::mode::{is_grad_enabled, no_grad};
use crate::tensor::{Float, Tensor};

/// A function of tensors with its derivatives. None of this is recorded.
pub(super) trait Lifted<T: Float>: Send + Sync + 'static {
    fn name(&self) -> &str;

    fn value(&self, x: &[&Tensor<T>]) -> Tensor<T>;

    /// The gradient of `<value(x), g>` with respect to each of `x`.
    fn pulled(&self, x: &[Tensor<T>], g: &Tensor<T>) -> Result<Vec<Tensor<T>>, AutogradError>;

    /// The gradients of `Σ <pulled(x, g)ᵢ, wᵢ>` with respect to each of `x`, and to `g`.
    fn pulled_again(
        &self,
        x: &[Tensor<T>],
        g: &Tensor<T>,
        w: &[Tensor<T>],
    ) -> Result<(Vec<Tensor<T>>, Tensor<T>), AutogradError>;

    /// Whether there is a second derivative.
    fn twice(&self) -> bool;
}

/// The value of a lifted function.
pub(super) struct Value<L>(pub(super) Arc<L>);

impl<T: Float, L: Lifted<T>> Function<T> for Value<L> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn forward(&self, saving: &mut Saving<'_, T>, inputs: &[&Tensor<T>]) -> Tensor<T> {
        saving.save_for_backward(inputs);
        self.0.value(inputs)
    }

    fn backward(
        &self,
        saved: &Saved<T>,
        gradient: &Tensor<T>,
    ) -> Result<Vec<Option<Tensor<T>>>, AutogradError> {
        let inputs = saved.tensors();
        if !is_grad_enabled() {
            let pulled = self.0.pulled(inputs, gradient)?;
            return Ok(pulled.into_iter().map(Some).collect());
        }
        let pulled = no_grad(|| self.0.pulled(inputs, gradient))?;
        let flat: Vec<Tensor<T>> = pulled.iter().map(|part| part.reshape(&[-1])).collect();
        let function = Gradient {
            lifted: Arc::clone(&self.0),
            value: Mutex::new(Some(Tensor::cat(&flat.iter().collect::<Vec<_>>(), 0))),
        };
        let operands: Vec<&Tensor<T>> = inputs.iter().chain([gradient]).collect();
        let whole = function.apply(&operands);
        Ok(parts(&whole, inputs).into_iter().map(Some).collect())
    }

    fn once_differentiable(&self) -> bool {
        !self.0.twice()
    }
}

/// The gradient of a lifted function as a function of its own: of where it is taken, and of the gradient of the value.
/// The gradients of all inputs are one vector, since a function has one result.
struct Gradient<T: Float, L> {
    lifted: Arc<L>,
    /// Computed ahead, where an error can be returned; the forward pass takes it.
    value: Mutex<Option<Tensor<T>>>,
}

impl<T: Float, L: Lifted<T>> Function<T> for Gradient<T, L> {
    fn name(&self) -> &str {
        self.lifted.name()
    }

    fn forward(&self, saving: &mut Saving<'_, T>, inputs: &[&Tensor<T>]) -> Tensor<T> {
        saving.save_for_backward(inputs);
        lock(&self.value)
            .take()
            .expect("a function is applied once")
    }

    fn backward(
        &self,
        saved: &Saved<T>,
        gradient: &Tensor<T>,
    ) -> Result<Vec<Option<Tensor<T>>>, AutogradError> {
        let (g, x) = saved
            .tensors()
            .split_last()
            .expect("the forward pass saves its inputs, of which the last is the gradient");
        let (to_x, to_g) = self.lifted.pulled_again(x, g, &parts(gradient, x))?;
        Ok(to_x.into_iter().chain([to_g]).map(Some).collect())
    }

    fn once_differentiable(&self) -> bool {
        true
    }
}

/// A vector cut into tensors of the shapes of `like`.
fn parts<T: Float>(vector: &Tensor<T>, like: &[Tensor<T>]) -> Vec<Tensor<T>> {
    let mut start = 0;
    like.iter()
        .map(|x| {
            let part = vector.narrow(0, start, x.len());
            start += x.len();
            part.reshaped("ReshapeBackward", x.shape())
        })
        .collect()
}
