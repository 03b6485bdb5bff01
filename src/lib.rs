#![doc = include_str!("../README.md")]

pub use autodiff_macros::differentiable;
#[doc(hidden)]
pub use autodiff_runtime::__private;
#[cfg(feature = "tensor")]
pub use autodiff_runtime::{
    AutogradError, Backward, DType, Element, Float, Function, Grad, GradFn, HookHandle, Nested,
    Number, Operand, RunningStatistics, Saved, Saving, Tensor, checkpoint, detect_anomaly,
    enable_grad, functional, grad, grad_with, gradcheck, gradgradcheck, graph_to_dot, graph_to_svg,
    is_grad_enabled, lift, no_grad, optim, set_grad_enabled, tensor,
};
pub use autodiff_runtime::{Differentiable, Matrix, Scalar, Tangent, Workspace, stop_gradient};
