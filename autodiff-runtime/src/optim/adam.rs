//! Adam and AdamW.

use super::{Optimizer, leaves, write};
use crate::autograd::no_grad;
use crate::tensor::{Float, Tensor};

/// Steps scaled by running moments of the gradients (Kingma and Ba, arXiv 1412.6980).
///
/// ```
/// use autodiff_runtime::optim::{Adam, Optimizer};
/// use autodiff_runtime::tensor;
///
/// let x = tensor([1.0, -2.0]).require_grad();
/// let mut optimizer = Adam::new(&[&x], 0.1);
/// for _ in 0..300 {
///     optimizer.zero_grad();
///     x.square().sum().backward()?;
///     optimizer.step();
/// }
/// assert!(x.abs().max().item() < 0.01);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
#[derive(Debug)]
pub struct Adam<T: Float = f64> {
    parameters: Vec<Tensor<T>>,
    moments: Vec<Option<Moments<T>>>,
    rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: f64,
    decoupled: bool,
}

#[derive(Debug)]
struct Moments<T: Float> {
    steps: i32,
    mean: Tensor<T>,
    square: Tensor<T>,
}

impl<T: Float> Adam<T> {
    /// Adam with the constants of its authors: decay of the moments 0.9 and 0.999, `epsilon` 1e-8.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Adam, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let optimizer = Adam::new(&[&x], 0.1);
    /// assert!(optimizer.parameters()[0].is_same(&x));
    /// ```
    ///
    /// # Panics
    ///
    /// When a parameter is no leaf that requires gradients.
    #[track_caller]
    pub fn new(parameters: &[&Tensor<T>], rate: f64) -> Self {
        let parameters = leaves(parameters);
        let moments = parameters.iter().map(|_| None).collect();
        Self {
            parameters,
            moments,
            rate,
            betas: (0.9, 0.999),
            epsilon: 1e-8,
            weight_decay: 0.0,
            decoupled: false,
        }
    }

    /// AdamW: the weight decay shrinks the parameters themselves and stays out of the moments (Loshchilov and Hutter,
    /// arXiv 1711.05101).
    ///
    /// ```
    /// use autodiff_runtime::optim::{Adam, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, -2.0]).require_grad();
    /// let mut optimizer = Adam::decoupled(&[&x], 0.1, 0.01);
    /// for _ in 0..300 {
    ///     optimizer.zero_grad();
    ///     x.square().sum().backward()?;
    ///     optimizer.step();
    /// }
    /// assert!(x.abs().max().item() < 0.01);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When a parameter is no leaf that requires gradients.
    #[track_caller]
    pub fn decoupled(parameters: &[&Tensor<T>], rate: f64, weight_decay: f64) -> Self {
        Self {
            weight_decay,
            decoupled: true,
            ..Self::new(parameters, rate)
        }
    }

    /// The decay of the first and second moment.
    ///
    /// ```
    /// use autodiff_runtime::optim::Adam;
    /// use autodiff_runtime::tensor;
    ///
    /// let _ = Adam::new(&[&tensor(1.0).require_grad()], 0.1).betas(0.9, 0.99);
    /// ```
    #[must_use]
    pub fn betas(mut self, first: f64, second: f64) -> Self {
        self.betas = (first, second);
        self
    }

    /// What is added to the root of the second moment.
    ///
    /// ```
    /// use autodiff_runtime::optim::Adam;
    /// use autodiff_runtime::tensor;
    ///
    /// let _ = Adam::new(&[&tensor(1.0).require_grad()], 0.1).epsilon(1e-6);
    /// ```
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    /// How strongly parameters are drawn to zero.
    ///
    /// ```
    /// use autodiff_runtime::optim::{Adam, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let mut optimizer = Adam::new(&[&x], 0.1).weight_decay(0.5);
    /// (&x * 0.0).backward()?;
    /// optimizer.step();
    /// assert!(x.item() < 1.0);
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
    /// use autodiff_runtime::optim::{Adam, Optimizer};
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let mut optimizer = Adam::new(&[&x], 0.1);
    /// x.square().backward()?;
    /// optimizer.set_rate(0.0);
    /// optimizer.step();
    /// assert_eq!(x, tensor(1.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
    }
}

impl<T: Float> Optimizer<T> for Adam<T> {
    fn parameters(&self) -> &[Tensor<T>] {
        &self.parameters
    }

    fn step(&mut self) {
        let (first, second) = self.betas;
        no_grad(|| {
            for (parameter, moments) in self.parameters.iter().zip(&mut self.moments) {
                let Some(gradient) = parameter.grad() else {
                    continue;
                };
                let mut gradient = gradient.detach();
                let mut shrink = 1.0;
                if self.decoupled {
                    shrink -= self.rate * self.weight_decay;
                } else if self.weight_decay != 0.0 {
                    gradient = parameter * self.weight_decay + gradient;
                }
                let before = moments.take().unwrap_or_else(|| Moments {
                    steps: 0,
                    mean: gradient.zeros_like(),
                    square: gradient.zeros_like(),
                });
                let now = Moments {
                    steps: before.steps.saturating_add(1),
                    mean: before.mean * first + &gradient * (1.0 - first),
                    square: before.square * second + gradient.square() * (1.0 - second),
                };
                let scale = (&now.square / (1.0 - second.powi(now.steps))).sqrt() + self.epsilon;
                let direction = &now.mean / scale * (self.rate / (1.0 - first.powi(now.steps)));
                write(parameter, &(parameter * shrink - direction));
                *moments = Some(now);
            }
        });
    }
}
