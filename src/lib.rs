//! Compile-time automatic differentiation of ordinary Rust functions.

pub use autodiff_macros::differentiable;
