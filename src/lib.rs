#![doc = include_str!("../README.md")]

/// Makes a struct differentiable: the trait [`Differentiable`](trait@Differentiable) for it, and its tangent beside it.
///
/// The tangent of `Model` is `ModelTangent`, a struct of the same visibility and with the same fields, each of the type
/// that the field's own tangent has. It is [`Tangent`], `Clone`, `Debug` and `PartialEq`. Gradients are such tangents, and
/// so are directions.
///
/// ```
/// use autodiff::{Differentiable, Tangent};
///
/// #[derive(Differentiable, Debug, PartialEq)]
/// struct Layer {
///     weights: Vec<[f64; 2]>,
///     bias: f64,
///     /// Known not to move, as integers, `bool`, `char`, strings, ranges and `PhantomData` are: its tangent is `()`.
///     width: usize,
///     /// Said not to move.
///     #[no_derivative]
///     rate: f64,
/// }
///
/// let mut layer = Layer { weights: vec![[1.0, 2.0]], bias: 0.5, width: 2, rate: 0.1 };
/// let gradient = LayerTangent { weights: vec![[4.0, 0.0]], bias: 1.0, width: (), rate: () };
/// assert_eq!(gradient.flatten(), [4.0, 0.0, 1.0]);
///
/// // A step of gradient descent.
/// let mut step = gradient.clone();
/// step.scale(-0.5);
/// layer.move_by(&step);
/// assert_eq!(layer, Layer { weights: vec![[-1.0, 2.0]], bias: 0.0, width: 2, rate: 0.1 });
/// ```
///
/// Structs may have named fields, unnamed ones or none, and type parameters, lifetimes and const parameters. Type
/// parameters of fields that move are bound by `Differentiable`; the tangent takes over those parameters that its fields
/// mention. The type of a field that moves has to be `Differentiable`, as scalars, arrays, slices, `Vec`, `Box`,
/// references, tuples and `Option` of such types are, and structs with this derivation. There is none for enums.
///
/// # Options
///
/// They stand below the derivation, as in `#[differentiable(default)]`:
///
/// | option | meaning |
/// | --- | --- |
/// | `default` | the tangent is `Default`: the zero, of a shape that the type fixes, with empty `Vec`s |
/// | `copy` | the tangent is `Copy` |
/// | `tangent = Name` | the tangent's name, where the usual one is taken |
/// | `crate = path` | where the crate `autodiff` is found |
pub use autodiff_macros::Differentiable;
pub use autodiff_macros::differentiable;
#[doc(hidden)]
pub use autodiff_runtime::__private;
#[cfg(feature = "special")]
pub use autodiff_runtime::special;
#[cfg(feature = "tensor")]
pub use autodiff_runtime::{
    AutogradError, Backward, DType, Element, Float, Function, Grad, GradFn, HookHandle, Nested,
    Number, Operand, RunningStatistics, Saved, Saving, Tensor, checkpoint, detect_anomaly,
    enable_grad, functional, grad, grad_with, gradcheck, gradgradcheck, graph_to_dot, graph_to_svg,
    is_grad_enabled, lift, no_grad, optim, set_grad_enabled, tensor,
};
pub use autodiff_runtime::{
    Differentiable, Matrix, Scalar, Tangent, Workspace, check, ops, stop_gradient,
};
