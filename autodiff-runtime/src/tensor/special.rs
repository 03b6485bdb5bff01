//! The gamma function's logarithm and its derivatives.

use std::f64::consts::PI;

use super::element::Float;
use super::{Tensor, kernel};
use crate::autograd::{Keep, record};

/// The Bernoulli numbers of even index, from B₂ on.
const BERNOULLI: [f64; 8] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
];

/// Factorials beyond leave the range of the numbers.
const HIGHEST: u32 = 150;

fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}

/// The derivative of order `order` of the digamma function ψ: by the recurrence of `x` and `x + 1` up to where the
/// asymptotic series holds (NIST Digital Library of Mathematical Functions, 5.5.2, 5.11.2, 5.15.5 and 5.15.8), and by
/// reflection (5.5.4, 5.15.6) far below zero.
fn polygamma(order: u32, x: f64) -> f64 {
    if order > HIGHEST {
        return f64::NAN;
    }
    if x <= 0.0 && x == x.floor() {
        return match order {
            0 if x == 0.0 => f64::NEG_INFINITY.copysign(-x.signum()),
            order if order % 2 == 1 => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    match order {
        0 if x < -20.0 => return polygamma(0, 1.0 - x) - PI / (PI * (x - x.round())).tan(),
        1 if x < -20.0 => {
            return (PI / (PI * (x - x.round())).sin()).powi(2) - polygamma(1, 1.0 - x);
        }
        _ if x < -10_000.0 || x.is_nan() => return f64::NAN,
        _ => {}
    }
    let sign = if order.is_multiple_of(2) { -1.0 } else { 1.0 };
    let power = order as i32;
    let (mut x, mut sum) = (x, 0.0);
    while x < 12.0 + f64::from(order) {
        sum += sign * factorial(order) / x.powi(power + 1);
        x += 1.0;
    }
    if x.is_infinite() {
        return if order == 0 { x } else { 0.0 };
    }
    let leading = if order == 0 {
        x.ln()
    } else {
        sign * factorial(order - 1) / x.powi(power)
    };
    let series: f64 = BERNOULLI
        .iter()
        .zip(1_u32..)
        .map(|(&bernoulli, k)| {
            // (2k + order - 1)! / (2k)!, without large factorials.
            let ratio = (1..order).map(|i| f64::from(2 * k + i)).product::<f64>();
            let ratio = if order == 0 {
                1.0 / f64::from(2 * k)
            } else {
                ratio
            };
            bernoulli * ratio / x.powi(2 * k as i32 + power)
        })
        .sum();
    sum + leading + sign * (factorial(order) / (2.0 * x.powi(power + 1)) + series)
}

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

    /// The derivative of order `order` of [`digamma`](Self::digamma). From order 2 on NaN below -10,000, where it would
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

#[cfg(test)]
mod tests {
    use super::polygamma;

    #[test]
    fn tabulated_values() {
        let euler = 0.577_215_664_901_532_9;
        let apery = 1.202_056_903_159_594_2;
        let pi2 = std::f64::consts::PI.powi(2);
        for (order, x, expected) in [
            (0, 1.0, -euler),
            (0, 0.5, -euler - 2.0 * 2.0_f64.ln()),
            (0, 2.0, 1.0 - euler),
            (0, -0.5, 2.0 - euler - 2.0 * 2.0_f64.ln()),
            (1, 1.0, pi2 / 6.0),
            (1, 0.5, pi2 / 2.0),
            (1, -0.5, pi2 / 2.0 + 4.0),
            (2, 1.0, -2.0 * apery),
            (2, 0.5, -14.0 * apery),
            (3, 1.0, pi2 * pi2 / 15.0),
        ] {
            let found = polygamma(order, x);
            assert!(
                (found - expected).abs() < 1e-13 * expected.abs().max(1.0),
                "ψ{order}({x}) = {expected}, not {found}"
            );
        }
    }

    #[test]
    fn reflection_and_recurrence_agree_and_poles_are_infinite() {
        for x in [-20.3, -19.7, -25.25] {
            for order in 0..2 {
                let step = if order == 0 { 1.0 / x } else { -1.0 / (x * x) };
                let (here, next) = (polygamma(order, x), polygamma(order, x + 1.0));
                assert!(
                    (next - here - step).abs() < 1e-11 * here.abs(),
                    "order {order} at {x}"
                );
            }
        }
        assert_eq!(polygamma(1, -3.0), f64::INFINITY);
        assert!(polygamma(0, -3.0).is_nan() && polygamma(2, f64::NAN).is_nan());
        assert_eq!(polygamma(0, f64::INFINITY), f64::INFINITY);
        assert_eq!(polygamma(0, 0.0), f64::NEG_INFINITY);
    }
}
