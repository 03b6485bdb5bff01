//! Special functions, each with its derivatives.
//!
//! Each is a function of `f32` or `f64`, and beside it stands a companion of the same name with the derivatives, as beside
//! a `#[differentiable]` function: `erf(x)` has `erf::gradient(x)`, `erf::hessian(x)` and the others. First and second
//! derivatives are exact formulas, at poles and in the tails too. Values are those of the crate `libm`, where it has the
//! function; for `f32` everything is computed in double precision and rounded once.
//!
//! ```
//! use autodiff_runtime::special::{erf, normal_cdf};
//!
//! assert_eq!(erf::gradient(0.0), 2.0 / std::f64::consts::PI.sqrt());
//!
//! // The derivative of the distribution function is the density.
//! let (probability, density) = normal_cdf::value_and_gradient(1.0_f64);
//! assert!((probability - 0.841344746068543).abs() < 1e-15);
//! assert!((density - 0.241970724519143).abs() < 1e-15);
//! ```

mod bessel;
mod declare;
mod error_function;
mod gamma_function;
mod polygamma;

pub use bessel::{bessel_j0, bessel_j1, bessel_y0, bessel_y1};
pub use error_function::{erf, erfc, normal_cdf, normal_quantile};
pub use gamma_function::{beta, digamma, gamma, lgamma, trigamma};
#[cfg(feature = "tensor")]
pub(crate) use polygamma::polygamma;

/// A function of `P` real numbers with its first and second derivatives.
trait Smooth<const P: usize> {
    fn value(x: [f64; P]) -> f64;

    fn first(x: [f64; P]) -> [f64; P];

    fn second(x: [f64; P]) -> [[f64; P]; P];
}
