//! The compiler of `autodiff`: from the tokens of a function to the tokens of its derivatives.

pub mod analysis;
pub mod attr;
mod check;
pub mod derivatives;
pub mod derive_differentiable;
pub mod diagnostics;
pub mod differentiate;
mod dump;
pub mod emit;
mod expand;
mod hir;
#[doc(hidden)]
pub mod interpret;
pub mod ir;
pub mod lower;
mod methods;
mod nesting;
pub mod parse;
mod rule;
pub mod signature;
pub mod simplify;
mod strip;

pub use expand::expand;
