//! The independent oracle: dual numbers with the interface of `f64` and `f32`, and the checks of derivative functions against them.
//!
//! It shares no code with the compiler or the rule table. A sample function is run a second time on [`S`],
//! whose derivatives come from the crate `num-dual`; [`check`] compares every derivative function with that,
//! with finite differences and with the other derivative functions.

mod cast;
mod check;
mod compare;
mod edge;
mod function;
mod panics;
mod point;
mod scalar;
mod scalar_methods;

pub use cast::{Cast, Lift, Lower, cast, lift, lower};
pub use check::check;
pub use function::{
    Accumulate, All, Dense, Derivatives, Expect, First, Flat, Function, Matrix, Output, Product,
    Pullback, Push, Scalar, Second,
};
pub use oracle_macros::{checked, twin_checked, twin_twinned, twinned};
pub use point::{Point, constants, count};
pub use scalar::{Dual, Float, S, lit, stop_gradient};

/// Whether a dual number's value matches a pattern of float literals.
#[macro_export]
macro_rules! plain {
    ($name:ident, $pattern:pat) => {
        matches!($name.plain(), $pattern)
    };
}
