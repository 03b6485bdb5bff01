//! Compile-time automatic differentiation of ordinary Rust functions.

pub use autodiff_macros::differentiable;
#[doc(hidden)]
pub use autodiff_runtime::__private;
pub use autodiff_runtime::{Differentiable, Matrix, Scalar, Tangent, Workspace, stop_gradient};
