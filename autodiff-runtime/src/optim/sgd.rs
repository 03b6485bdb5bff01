//! Gradient descent.

use super::{Optimizer, leaves};
use crate::autograd::no_grad;
use crate::tensor::{Float, Tensor};

/// Gradient descent, plain or with momentum, that of Nesterov included (Sutskever and others, "On the importance of
/// initialization and momentum in deep learning", 2013, in PyTorch's form), and with weight decay.
///
/// ```
/// use autodiff_runtime::optim::{Sgd, Optimizer};
/// use autodiff_runtime::tensor;
///
/// let x = tensor([1.0, -2.0]).require_grad();
/// let mut optimizer = Sgd::new(&[&x], 0.1).momentum(0.5).nesterov(true);
/// for _ in 0..60 {
///     optimizer.zero_grad();
///     x.square().sum().backward()?;
///     optimizer.step();
/// }
/// assert!(x.abs().max().item() < 0.01);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
#[derive(Debug)]
pub struct Sgd<T: Float = f64> {
    parameters: Vec<Tensor<T>>,
    velocities: Vec<Option<Tensor<T>>>,
    rate: f64,
    momentum: f64,
    nesterov: bool,
    weight_decay: f64,
}

impl<T: Float> Sgd<T> {
    /// Steps of `rate` times the gradient.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Sgd, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let mut optimizer = Sgd::new(&[&x], 0.25);
    /// x.square().backward()?;
    /// optimizer.step();
    /// assert_eq!(x, tensor(0.5));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When a parameter is no leaf that requires gradients.
    #[track_caller]
    pub fn new(parameters: &[&Tensor<T>], rate: f64) -> Self {
        let parameters = leaves(parameters);
        let velocities = vec![None; parameters.len()];
        Self {
            parameters,
            velocities,
            rate,
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
        }
    }

    /// The share of the last step's velocity that is kept.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Sgd, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(0.0).require_grad();
    /// let mut optimizer = Sgd::new(&[&x], 1.0).momentum(0.5);
    /// for _ in 0..2 {
    ///     optimizer.zero_grad();
    ///     (&x * -1.0).backward()?;
    ///     optimizer.step();
    /// }
    /// assert_eq!(x, tensor(2.5)); // a step of 1, and one of 1 + 0.5
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// Takes the gradient as if one step of momentum were taken already.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Sgd, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(0.0).require_grad();
    /// let mut optimizer = Sgd::new(&[&x], 1.0).momentum(0.5).nesterov(true);
    /// (&x * -1.0).backward()?;
    /// optimizer.step();
    /// assert_eq!(x, tensor(1.5));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    #[must_use]
    pub fn nesterov(mut self, nesterov: bool) -> Self {
        self.nesterov = nesterov;
        self
    }

    /// Adds the parameter times this to its gradient.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Sgd, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let mut optimizer = Sgd::new(&[&x], 1.0).weight_decay(0.5);
    /// (&x * 0.0).backward()?;
    /// optimizer.step();
    /// assert_eq!(x, tensor(0.5));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    #[must_use]
    pub fn weight_decay(mut self, decay: f64) -> Self {
        self.weight_decay = decay;
        self
    }

    /// Changes the rate for the steps to come.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Sgd, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let mut optimizer = Sgd::new(&[&x], 1.0);
    /// optimizer.set_rate(0.25);
    /// x.square().backward()?;
    /// optimizer.step();
    /// assert_eq!(x, tensor(0.5));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
    }
}

impl<T: Float> Optimizer<T> for Sgd<T> {
    fn parameters(&self) -> &[Tensor<T>] {
        &self.parameters
    }

    fn step(&mut self) {
        no_grad(|| {
            for (parameter, velocity) in self.parameters.iter().zip(&mut self.velocities) {
                let Some(gradient) = parameter.grad() else {
                    continue;
                };
                let mut gradient = gradient.detach();
                if self.weight_decay != 0.0 {
                    gradient = parameter * self.weight_decay + gradient;
                }
                if self.momentum != 0.0 {
                    let kept = match velocity.take() {
                        Some(velocity) => velocity * self.momentum + &gradient,
                        None => gradient.copy(),
                    };
                    gradient = if self.nesterov {
                        gradient + &kept * self.momentum
                    } else {
                        kept.clone()
                    };
                    *velocity = Some(kept);
                }
                parameter.descend(&gradient, T::from_f64(self.rate));
            }
        });
    }
}
