//! Activations: functions that networks put between linear maps, and the special functions that they need.

use super::element::Float;
use super::shape::{dimension, dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, is_grad_enabled, record};

/// A function of each element whose derivative is written in operations on tensors.
fn smooth<T: Float>(
    name: &'static str,
    x: &Tensor<T>,
    value: impl Fn(f64) -> f64,
    slope: impl Fn(&Tensor<T>) -> Tensor<T> + Send + Sync + 'static,
) -> Tensor<T> {
    let out = kernel::map(x, |v| T::from_f64(value(v.to_f64())));
    record(name, [x], [Keep::Input(0)], out, move |cx, g| {
        cx.give(0, || g * slope(&cx.saved(0)))
    })
}

impl<T: Float> Tensor<T> {
    /// `1 / sqrt(x)` of each element.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(4.0).rsqrt(), tensor(0.5));
    /// ```
    #[must_use]
    pub fn rsqrt(&self) -> Self {
        self.sqrt().recip()
    }

    /// The sign of each element: -1, 0 or 1; NaN of NaN. The gradient is 0.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([-3.0, 0.0, 2.0]).sign(), tensor([-1.0, 0.0, 1.0]));
    /// ```
    #[must_use]
    pub fn sign(&self) -> Self {
        let out = kernel::map(self, |v| {
            if v == T::ZERO || v.is_nan() {
                v
            } else {
                num_traits::Float::signum(v)
            }
        });
        record("SgnBackward", [self], [], out, |cx, g| {
            cx.give(0, || g.zeros_like())
        })
    }

    /// The logistic function `1 / (1 + exp(-x))` of each element.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([0.0, 800.0, -800.0]).sigmoid(), tensor([0.5, 1.0, 0.0]));
    /// ```
    #[must_use]
    pub fn sigmoid(&self) -> Self {
        let out = kernel::map(self, |v| {
            // The exponential of a number that is not positive does not overflow.
            let small = num_traits::Float::exp(-num_traits::Float::abs(v));
            if v >= T::ZERO {
                T::ONE / (T::ONE + small)
            } else {
                small / (T::ONE + small)
            }
        });
        record("SigmoidBackward", [self], [Keep::Output], out, |cx, g| {
            cx.give(0, || {
                let y = cx.saved(0);
                g * (&y * (1.0 - &y))
            });
        })
    }

    /// The error function of each element (NIST Digital Library of Mathematical Functions, 7.2.1).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(1.0).erf().to_string(), "tensor(0.8427)");
    /// ```
    #[must_use]
    pub fn erf(&self) -> Self {
        smooth("ErfBackward", self, libm::erf, |x| {
            (-x.square()).exp() * std::f64::consts::FRAC_2_SQRT_PI
        })
    }

    /// `1 - erf(x)` of each element, exact where that is tiny.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(10.0).erfc().to_string(), "tensor(2.0885e-45)");
    /// ```
    #[must_use]
    pub fn erfc(&self) -> Self {
        smooth("ErfcBackward", self, libm::erfc, |x| {
            (-x.square()).exp() * -std::f64::consts::FRAC_2_SQRT_PI
        })
    }

    /// `max(x, 0)` of each element. The gradient at 0 is 0.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([-1.0, 2.0]).relu(), tensor([0.0, 2.0]));
    /// ```
    #[must_use]
    pub fn relu(&self) -> Self {
        let out = kernel::map(self, |v| {
            if v > T::ZERO || v.is_nan() {
                v
            } else {
                T::ZERO
            }
        });
        record("ReluBackward", [self], [Keep::Output], out, |cx, g| {
            cx.give(0, || {
                if !is_grad_enabled() {
                    let passed = |g, y| if y > T::ZERO { g } else { T::ZERO };
                    return kernel::zip_owned(g, cx.value(0), passed);
                }
                cx.saved(0)
                    .detach()
                    .gt(T::ZERO)
                    .where_else(&g, &Self::zeros(&[]))
            });
        })
    }

    /// Each element where it is positive, and `slope` times it elsewhere.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([-1.0, 2.0]).leaky_relu(0.1), tensor([-0.1, 2.0]));
    /// ```
    #[must_use]
    pub fn leaky_relu(&self, slope: f64) -> Self {
        self.gt(T::ZERO).where_else(self, &(self * slope))
    }

    /// `ln(1 + exp(x))` of each element, exact for large and small ones.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([0.0, 800.0]).softplus(), tensor([2.0_f64.ln(), 800.0]));
    /// ```
    #[must_use]
    pub fn softplus(&self) -> Self {
        let value = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
        smooth("SoftplusBackward", self, value, Self::sigmoid)
    }

    /// `ln(sigmoid(x))` of each element, exact for large and small ones.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([0.0, -800.0]).log_sigmoid(), tensor([-2.0_f64.ln(), -800.0]));
    /// ```
    #[must_use]
    pub fn log_sigmoid(&self) -> Self {
        -(-self).softplus()
    }

    /// Each element where it is positive, and `alpha (exp(x) - 1)` elsewhere.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([3.0, -800.0]).elu(2.0), tensor([3.0, -2.0]));
    /// ```
    #[must_use]
    pub fn elu(&self, alpha: f64) -> Self {
        let positive = self.gt(T::ZERO);
        // Large elements are taken out before the exponential: its infinite slope would meet their zero gradient.
        let rest = positive.where_else(&Self::zeros(&[]), self);
        positive.where_else(self, &(rest.exp_m1() * alpha))
    }

    /// The self-normalising activation of Klambauer and others (arXiv 1706.02515): `scale * elu(x)` with constants that
    /// keep mean 0 and variance 1.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, -1.0]).selu().to_string(), "tensor([ 1.0507, -1.1113])");
    /// ```
    #[must_use]
    pub fn selu(&self) -> Self {
        self.elu(1.673_263_242_354_377_2) * 1.050_700_987_355_480_5
    }

    /// `x * sigmoid(x)` of each element, also called swish.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, -1.0]).silu().to_string(), "tensor([ 0.7311, -0.2689])");
    /// ```
    #[must_use]
    pub fn silu(&self) -> Self {
        self * self.sigmoid()
    }

    /// `x * tanh(softplus(x))` of each element.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, -1.0]).mish().to_string(), "tensor([ 0.8651, -0.3034])");
    /// ```
    #[must_use]
    pub fn mish(&self) -> Self {
        self * self.softplus().tanh()
    }

    /// `x` times the probability that a normal variable is less, `x (1 + erf(x / √2)) / 2`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, -1.0]).gelu().to_string(), "tensor([ 0.8413, -0.1587])");
    /// ```
    #[must_use]
    pub fn gelu(&self) -> Self {
        self * ((self * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0) * 0.5
    }

    /// `ln(sum(exp(x)))` over dimensions (all of them for an empty list), without overflow; of no elements, -∞.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([800.0, 800.0]).logsumexp(&[], false), tensor(800.0 + 2.0_f64.ln()));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions.
    #[track_caller]
    pub fn logsumexp(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_logsumexp(dims, keepdim))
    }

    /// [`logsumexp`](Self::logsumexp) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions.
    pub fn try_logsumexp(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        dimensions("logsumexp", dims, self.ndim())?;
        if self.is_empty() {
            return Ok(self.try_sum_dims(dims, keepdim)?.ln());
        }
        // The value does not depend on the shift, so its gradient is left out. An infinite shift would make NaN of it.
        let shift = self.detach().try_amax(dims, true)?;
        let shift = kernel::map(&shift, |v| if v.is_infinite() { T::ZERO } else { v });
        let sum = (self - &shift).exp().try_sum_dims(dims, true)?;
        let result = sum.ln() + &shift;
        if keepdim {
            return Ok(result);
        }
        let shape = self.detach().try_sum_dims(dims, false)?;
        Ok(result.reshaped("ReshapeBackward", shape.shape()))
    }

    /// `exp(x) / sum(exp(x))` along `dim`, without overflow.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[0.0, 0.0], [800.0, 0.0]]).softmax(1), tensor([[0.5, 0.5], [1.0, 0.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[must_use]
    #[track_caller]
    pub fn softmax(&self, dim: isize) -> Self {
        expect(self.try_softmax(dim))
    }

    /// [`softmax`](Self::softmax) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_softmax(&self, dim: isize) -> Result<Self, AutogradError> {
        let dim = dimension("softmax", dim, self.ndim())? as isize;
        let out = kernel::map(&self.detach().log_softmax_value(dim), |v| {
            num_traits::Float::exp(v)
        });
        Ok(record(
            "SoftmaxBackward",
            [self],
            [Keep::Output],
            out,
            move |cx, g| {
                cx.give(0, || {
                    let y = cx.saved(0);
                    let weighted = &g * &y;
                    &weighted - &y * weighted.sum_dims(&[dim], true)
                });
            },
        ))
    }

    /// The logarithm of [`softmax`](Self::softmax), exact where that is tiny.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([800.0, 0.0]).log_softmax(0), tensor([0.0, -800.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[must_use]
    #[track_caller]
    pub fn log_softmax(&self, dim: isize) -> Self {
        expect(self.try_log_softmax(dim))
    }

    /// [`log_softmax`](Self::log_softmax) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_log_softmax(&self, dim: isize) -> Result<Self, AutogradError> {
        let dim = dimension("log_softmax", dim, self.ndim())? as isize;
        let out = self.detach().log_softmax_value(dim);
        Ok(record(
            "LogSoftmaxBackward",
            [self],
            [Keep::Output],
            out,
            move |cx, g| {
                cx.give(0, || &g - cx.saved(0).exp() * g.sum_dims(&[dim], true));
            },
        ))
    }

    /// The value of `log_softmax` of a tensor that is not tracked.
    fn log_softmax_value(&self, dim: isize) -> Self {
        if self.is_empty() {
            self.clone()
        } else {
            self - self.logsumexp(&[dim], true)
        }
    }
}
