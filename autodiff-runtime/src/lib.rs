//! What derivatives stand on at run time: the traits of differentiable values and of their tangents, matrices and
//! reusable buffers, and, with the feature `tensor`, tensors whose gradients are tracked. Users reach all of it through
//! the crate `autodiff`.

#![cfg_attr(not(feature = "tensor"), no_std)]

extern crate alloc;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "tensor")]
mod autograd;
pub mod check;
mod differentiable;
mod lanes;
mod matrix;
pub mod ops;
#[cfg(feature = "tensor")]
pub mod optim;
mod scalar;
mod shared_tape;
#[cfg(feature = "special")]
pub mod special;
mod tape;
#[cfg(feature = "tensor")]
mod tensor;
mod workspace;

#[cfg(feature = "tensor")]
pub use autograd::{
    AutogradError, Backward, Function, Grad, GradFn, HookHandle, Saved, Saving, checkpoint,
    detect_anomaly, enable_grad, functional, grad, grad_with, gradcheck, gradgradcheck,
    graph_to_dot, graph_to_svg, is_grad_enabled, lift, no_grad, set_grad_enabled,
};
pub use differentiable::{Differentiable, Tangent, stop_gradient};
pub use matrix::Matrix;
pub use scalar::Scalar;
#[cfg(feature = "tensor")]
pub use tensor::{
    DType, Element, Float, Nested, Number, Operand, RunningStatistics, Tensor, tensor,
};
pub use workspace::Workspace;
