//! The regression models of the NIST data sets, as a user would write them down.
//!
//! Nothing here knows about derivatives: `#[differentiable(wrt(b))]` writes `model::gradient(b, x)` beside each
//! function, the row of the Jacobian that belongs to the observation at `x`. Sets that share a formula share a function.

use autodiff::differentiable;
use std::f64::consts::PI;

/// `b1 * (1 - exp(-b2 x))`, for Misra1a and `BoxBOD`.
#[differentiable(wrt(b))]
pub(crate) fn misra1a(b: &[f64; 2], x: f64) -> f64 {
    b[0] * (1.0 - (-b[1] * x).exp())
}

/// `b1 * (1 - (1 + b2 x / 2)^-2)`.
#[differentiable(wrt(b))]
pub(crate) fn misra1b(b: &[f64; 2], x: f64) -> f64 {
    b[0] * (1.0 - (1.0 + b[1] * x / 2.0).powi(-2))
}

/// `b1 * (1 - (1 + 2 b2 x)^-1/2)`.
#[differentiable(wrt(b))]
pub(crate) fn misra1c(b: &[f64; 2], x: f64) -> f64 {
    b[0] * (1.0 - 1.0 / (1.0 + 2.0 * b[1] * x).sqrt())
}

/// `b1 b2 x / (1 + b2 x)`.
#[differentiable(wrt(b))]
pub(crate) fn misra1d(b: &[f64; 2], x: f64) -> f64 {
    b[0] * b[1] * x / (1.0 + b[1] * x)
}

/// `exp(-b1 x) / (b2 + b3 x)`, for Chwirut1 and Chwirut2.
#[differentiable(wrt(b))]
pub(crate) fn chwirut(b: &[f64; 3], x: f64) -> f64 {
    (-b[0] * x).exp() / (b[1] + b[2] * x)
}

/// Three decaying exponentials `b1 exp(-b2 x) + b3 exp(-b4 x) + b5 exp(-b6 x)`, for Lanczos1 to Lanczos3.
#[differentiable(wrt(b))]
pub(crate) fn lanczos(b: &[f64; 6], x: f64) -> f64 {
    let mut y = 0.0;
    for k in 0..3 {
        y += b[2 * k] * (-b[2 * k + 1] * x).exp();
    }
    y
}

/// Two Gaussian peaks on a decaying exponential, for Gauss1 to Gauss3.
#[differentiable(wrt(b))]
pub(crate) fn gauss(b: &[f64; 8], x: f64) -> f64 {
    let mut y = b[0] * (-b[1] * x).exp();
    for peak in (2..8).step_by(3) {
        let distance = (x - b[peak + 1]) / b[peak + 2];
        y += b[peak] * (-distance * distance).exp();
    }
    y
}

/// `b1 x^b2`.
#[differentiable(wrt(b))]
pub(crate) fn danwood(b: &[f64; 2], x: f64) -> f64 {
    b[0] * x.powf(b[1])
}

/// Quadratic over quadratic, `(b1 + b2 x + b3 x²) / (1 + b4 x + b5 x²)`.
#[differentiable(wrt(b))]
pub(crate) fn kirby2(b: &[f64; 5], x: f64) -> f64 {
    (b[0] + x * (b[1] + x * b[2])) / (1.0 + x * (b[3] + x * b[4]))
}

/// Cubic over cubic, `(b1 + b2 x + b3 x² + b4 x³) / (1 + b5 x + b6 x² + b7 x³)`, for Hahn1 and Thurber.
#[differentiable(wrt(b))]
pub(crate) fn cubic_ratio(b: &[f64; 7], x: f64) -> f64 {
    let numerator = b[0] + x * (b[1] + x * (b[2] + x * b[3]));
    let denominator = 1.0 + x * (b[4] + x * (b[5] + x * b[6]));
    numerator / denominator
}

/// `log y = b1 - b2 x1 exp(-b3 x2)`, the one model with two predictors (weeks, degrees Celsius).
#[differentiable(wrt(b))]
pub(crate) fn nelson(b: &[f64; 3], x: [f64; 2]) -> f64 {
    let [weeks, celsius] = x;
    b[0] - b[1] * weeks * (-b[2] * celsius).exp()
}

/// `b1 + b2 exp(-b4 x) + b3 exp(-b5 x)`.
#[differentiable(wrt(b))]
pub(crate) fn mgh17(b: &[f64; 5], x: f64) -> f64 {
    b[0] + b[1] * (-b[3] * x).exp() + b[2] * (-b[4] * x).exp()
}

/// `b1 - b2 x - atan(b3 / (x - b4)) / π`.
#[differentiable(wrt(b))]
pub(crate) fn roszman1(b: &[f64; 4], x: f64) -> f64 {
    b[0] - b[1] * x - (b[2] / (x - b[3])).atan() / PI
}

/// The Southern Oscillation: a yearly cycle and two cycles whose periods `b4` and `b7` are to be found.
#[differentiable(wrt(b))]
pub(crate) fn enso(b: &[f64; 9], x: f64) -> f64 {
    let year = 2.0 * PI * x / 12.0;
    let mut y = b[0] + b[1] * year.cos() + b[2] * year.sin();
    for cycle in (3..9).step_by(3) {
        let phase = 2.0 * PI * x / b[cycle];
        y += b[cycle + 1] * phase.cos() + b[cycle + 2] * phase.sin();
    }
    y
}

/// `b1 (x² + b2 x) / (x² + b3 x + b4)`, the problem of Kowalik and Osborne.
#[differentiable(wrt(b))]
pub(crate) fn mgh09(b: &[f64; 4], x: f64) -> f64 {
    b[0] * x * (x + b[1]) / (x * (x + b[2]) + b[3])
}

/// `b1 exp(b2 / (x + b3))`, the problem of Meyer.
#[differentiable(wrt(b))]
pub(crate) fn mgh10(b: &[f64; 3], x: f64) -> f64 {
    b[0] * (b[1] / (x + b[2])).exp()
}

/// Logistic growth `b1 / (1 + exp(b2 - b3 x))`.
#[differentiable(wrt(b))]
pub(crate) fn rat42(b: &[f64; 3], x: f64) -> f64 {
    b[0] / (1.0 + (b[1] - b[2] * x).exp())
}

/// Generalised logistic growth `b1 / (1 + exp(b2 - b3 x))^(1 / b4)`.
#[differentiable(wrt(b))]
pub(crate) fn rat43(b: &[f64; 4], x: f64) -> f64 {
    b[0] / (1.0 + (b[1] - b[2] * x).exp()).powf(1.0 / b[3])
}

/// A Gaussian peak `b1 / b2 * exp(-((x - b3) / b2)² / 2)`.
#[differentiable(wrt(b))]
pub(crate) fn eckerle4(b: &[f64; 3], x: f64) -> f64 {
    b[0] / b[1] * (-0.5 * ((x - b[2]) / b[1]).powi(2)).exp()
}

/// `b1 (b2 + x)^(-1 / b3)`.
#[differentiable(wrt(b))]
pub(crate) fn bennett5(b: &[f64; 3], x: f64) -> f64 {
    b[0] * (b[1] + x).powf(-1.0 / b[2])
}
