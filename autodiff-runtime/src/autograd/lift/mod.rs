//! Functions whose derivatives exist as code, applied to tracked tensors as one node of the graph.
//!
//! What `#[differentiable]` writes beside a function has the signatures asked for here, so one derivative serves both
//! worlds: the generated reverse pass is the node's backward pass, the generated Hessian-vector product its double
//! backward. There is [`scalars`] for functions of numbers, applied to each element, and [`slices`] for functions of
//! whole buffers:
//!
//! ```
//! use autodiff_runtime::{lift, tensor};
//!
//! // With `#[differentiable]` above it, the second function below would be its `work::vjp`.
//! fn work(force: &[f64], path: &[f64]) -> f64 {
//!     force.iter().zip(path).map(|(f, p)| f * p).sum()
//! }
//! fn work_vjp(force: &[f64], path: &[f64], dr: f64) -> (f64, (Vec<f64>, Vec<f64>)) {
//!     let scaled = |x: &[f64]| x.iter().map(|v| v * dr).collect();
//!     (work(force, path), (scaled(path), scaled(force)))
//! }
//!
//! let force = tensor([1.0, 2.0]).require_grad();
//! let path = tensor([3.0, 4.0]).require_grad();
//! let y = lift::slices("Work", work, work_vjp).apply([&force, &path]);
//! assert_eq!(y.to_string(), "tensor(11., grad_fn=<WorkBackward>)");
//! y.backward()?;
//! assert_eq!(force.grad().unwrap(), tensor([3.0, 4.0]));
//! assert_eq!(path.grad().unwrap(), tensor([1.0, 2.0]));
//! # Ok::<(), autodiff_runtime::AutogradError>(())
//! ```

mod node;
mod scalars;
mod signatures;
mod slices;

pub use scalars::{Scalars, SecondOfScalars, scalars};
pub use signatures::{
    ScalarFunction, ScalarGradient, ScalarHvp, SliceFunction, SliceHvp, SlicePullback, SliceResult,
    WeightedHvp,
};
pub use slices::{SecondOfSlices, Slices, slices};

/// In place of a second derivative: differentiating twice is an error.
#[derive(Clone, Copy, Debug)]
pub struct Once;

/// The Hessian-vector product of a function with one number as its value: `f::hvp`.
#[derive(Clone, Copy, Debug)]
pub struct Hvp<H>(H);

/// The Hessian-vector product of a weighted sum of a function's values.
#[derive(Clone, Copy, Debug)]
pub struct Weighted<H>(H);
