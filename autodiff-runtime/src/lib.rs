//! What derivatives stand on at run time: the traits of differentiable values and of their tangents, matrices and
//! reusable buffers. Users reach all of it through the crate `autodiff`.

#![no_std]

extern crate alloc;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod differentiable;
mod matrix;
mod scalar;
mod workspace;

pub use differentiable::{Differentiable, Tangent, stop_gradient};
pub use matrix::Matrix;
pub use scalar::Scalar;
pub use workspace::Workspace;
