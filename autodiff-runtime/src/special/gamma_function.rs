//! The gamma function and its kin.

use core::f64::consts::PI;

use super::Smooth;
use super::declare::{count, functions, parts, sum};
use super::polygamma::{difference, polygamma};
use crate::__private::{Directional, Reader, SharedTape};
use crate::{Scalar, Workspace};

functions! {
    /// The gamma function `Γ(x)`; NaN at its poles, the negative integers.
    ///
    /// Its derivatives are `Γ ψ` and `Γ (ψ² + ψ₁)` (NIST Digital Library of Mathematical Functions, 5.2.2).
    ///
    /// ```
    /// use autodiff_runtime::special::gamma;
    ///
    /// assert_eq!(gamma(5.0), 24.0);
    /// // Euler's constant.
    /// assert!((gamma::gradient(1.0_f64) + 0.5772156649015329).abs() < 1e-15);
    /// ```
    fn gamma(x dx x_bar dx_bar);

    /// The logarithm of the magnitude of the gamma function; ∞ at its poles.
    ///
    /// ```
    /// use autodiff_runtime::special::{digamma, lgamma};
    ///
    /// assert_eq!(lgamma(2.0), 0.0);
    /// assert_eq!(lgamma::gradient(3.5), digamma(3.5));
    /// ```
    fn lgamma(x dx x_bar dx_bar);

    /// The digamma function `ψ`, the derivative of [`lgamma`](fn@lgamma).
    ///
    /// ```
    /// use autodiff_runtime::special::digamma;
    ///
    /// // ψ(x + 1) = ψ(x) + 1/x
    /// assert!((digamma(3.5_f64) - digamma(2.5) - 0.4).abs() < 1e-15);
    /// ```
    fn digamma(x dx x_bar dx_bar);

    /// The trigamma function `ψ₁`, the derivative of [`digamma`](fn@digamma).
    ///
    /// ```
    /// use autodiff_runtime::special::{digamma, trigamma};
    ///
    /// assert!((trigamma(1.0_f64) - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-15);
    /// assert_eq!(digamma::gradient(2.5), trigamma(2.5));
    /// ```
    fn trigamma(x dx x_bar dx_bar);

    /// The beta function `Γ(a) Γ(b) / Γ(a + b)`.
    ///
    /// Its derivative with respect to `a` is `B (ψ(a) - ψ(a + b))`.
    ///
    /// ```
    /// use autodiff_runtime::special::beta;
    ///
    /// let (value, (da, db)) = beta::value_and_gradient(2.0_f64, 3.0);
    /// assert!((value - 1.0 / 12.0).abs() < 1e-16);
    /// assert!((da + 13.0 / 144.0).abs() < 1e-15 && (db + 7.0 / 144.0).abs() < 1e-15);
    /// ```
    fn beta(a da a_bar da_bar, b db b_bar db_bar);
}

/// `x * y`, where a `y` that has vanished counts for nothing, however large `x` is.
fn product(x: f64, y: f64) -> f64 {
    if y == 0.0 { 0.0 } else { x * y }
}

impl Smooth<1> for gamma {
    fn value([x]: [f64; 1]) -> f64 {
        libm::tgamma(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [product(polygamma(0, x), libm::tgamma(x))]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        let psi = polygamma(0, x);
        [[product(psi * psi + polygamma(1, x), libm::tgamma(x))]]
    }
}

impl Smooth<1> for lgamma {
    fn value([x]: [f64; 1]) -> f64 {
        libm::lgamma(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [polygamma(0, x)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[polygamma(1, x)]]
    }
}

impl Smooth<1> for digamma {
    fn value([x]: [f64; 1]) -> f64 {
        polygamma(0, x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [polygamma(1, x)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[polygamma(2, x)]]
    }
}

impl Smooth<1> for trigamma {
    fn value([x]: [f64; 1]) -> f64 {
        polygamma(1, x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [polygamma(2, x)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[polygamma(3, x)]]
    }
}

impl Smooth<2> for beta {
    fn value([a, b]: [f64; 2]) -> f64 {
        if a > b {
            of_ordered(b, a)
        } else {
            of_ordered(a, b)
        }
    }

    fn first([a, b]: [f64; 2]) -> [f64; 2] {
        let value = Self::value([a, b]);
        [(a, b), (b, a)].map(|(x, y)| product(difference(0, x, y), value))
    }

    fn second([a, b]: [f64; 2]) -> [[f64; 2]; 2] {
        let value = Self::value([a, b]);
        let (da, db) = (difference(0, a, b), difference(0, b, a));
        let entry = |slopes: f64, curvature: f64| product(slopes + curvature, value);
        let off = entry(da * db, -polygamma(1, a + b));
        [
            [entry(da * da, difference(1, a, b)), off],
            [off, entry(db * db, difference(1, b, a))],
        ]
    }
}

/// From here on the remainder of Stirling's series is small.
const LARGE: f64 = 10.0;

/// The beta function for `a <= b`. Where arguments are large, gamma functions overflow and their logarithms lose digits
/// against each other; their leading terms are then put together by hand, as Didonato and Morris do ("Algorithm 708:
/// significant digit computation of the incomplete beta function ratios", 1992).
fn of_ordered(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if a <= 0.0 || b < LARGE || !b.is_finite() {
        return libm::tgamma(a) / libm::tgamma(sum) * libm::tgamma(b);
    }
    if a < LARGE {
        let logarithm = -(b - 0.5) * libm::log1p(a / b) - a * libm::log(sum) + a + remainder(b)
            - remainder(sum);
        return libm::tgamma(a) * libm::exp(logarithm);
    }
    let logarithm =
        (a - 0.5) * libm::log(a / sum) - b * libm::log1p(a / b) + remainder(a) + remainder(b)
            - remainder(sum);
    libm::exp(logarithm) * libm::sqrt(2.0 * PI / b)
}

/// What Stirling's formula for `ln Γ(x)` lacks: `Σ B₂ₖ / (2k (2k-1) x²ᵏ⁻¹)` (NIST Digital Library of Mathematical
/// Functions, 5.11.1).
fn remainder(x: f64) -> f64 {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let square = 1.0 / (x * x);
    TERMS
        .iter()
        .rev()
        .fold(0.0, |sum, term| sum * square + term)
        / x
}
