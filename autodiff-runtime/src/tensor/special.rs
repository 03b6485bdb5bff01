//! The gamma function's logarithm and its derivatives.

use super::element::Float;
use super::{Tensor, kernel};
use crate::autograd::{Keep, record};
use crate::special::polygamma;

impl<T: Float> Tensor<T> {
    /// The logarithm of the magnitude of the gamma function of each element.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(5.0).lgamma().to_string(), "tensor(3.1781)"); // ln(4!)
    /// ```
    #[must_use]
    pub fn lgamma(&self) -> Self {
        let out = kernel::map(self, |v| T::from_f64(libm::lgamma(v.to_f64())));
        record("LgammaBackward", [self], [Keep::Input(0)], out, |cx, g| {
            cx.give(0, || g * cx.saved(0).digamma())
        })
    }

    /// The derivative of [`lgamma`](Self::lgamma).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(1.0).digamma().to_string(), "tensor(-0.5772)");
    /// ```
    #[must_use]
    pub fn digamma(&self) -> Self {
        self.polygamma(0)
    }

    /// The derivative of order `order` of [`digamma`](Self::digamma). From order 3 on NaN below -10,000, where it would
    /// have to be summed up over too many poles; NaN for orders beyond 150, whose factorials no number holds.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).polygamma(1); // π² / 6
    /// assert_eq!(x.to_string(), "tensor(1.6449)");
    /// ```
    #[must_use]
    pub fn polygamma(&self, order: u32) -> Self {
        let out = kernel::map(self, |v| T::from_f64(polygamma(order, v.to_f64())));
        record(
            "PolygammaBackward",
            [self],
            [Keep::Input(0)],
            out,
            move |cx, g| {
                cx.give(0, || g * cx.saved(0).polygamma(order.saturating_add(1)));
            },
        )
    }
}
