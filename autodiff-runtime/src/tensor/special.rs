//! The gamma function's logarithm and its derivatives.

use super::element::Float;
use super::{Tensor, kernel};
use crate::autograd::{Keep, record};
use crate::special::polygamma;

impl<T: Float> Tensor<T> {
    /// The logarithm of the magnitude of the gamma function of each element.
    #[must_use]
    pub fn lgamma(&self) -> Self {
        let out = kernel::map(self, |v| T::from_f64(libm::lgamma(v.to_f64())));
        record("LgammaBackward", [self], [Keep::Input(0)], out, |cx, g| {
            cx.give(0, || g * cx.saved(0).digamma())
        })
    }

    /// The derivative of [`lgamma`](Self::lgamma).
    #[must_use]
    pub fn digamma(&self) -> Self {
        self.polygamma(0)
    }

    /// The derivative of order `order` of [`digamma`](Self::digamma). From order 2 on NaN below -10,000, where it would
    /// have to be summed up over too many poles.
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
