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
/// Differentiates the function or method that it stands above; on an `impl` block, all functions inside.
///
/// What that gives is told on the front page of this crate.
///
/// # Options
///
/// | option | meaning |
/// | --- | --- |
/// | `wrt(x, y)` | the parameters that derivatives are taken with respect to |
/// | `order = 1` | first derivatives alone; 2 is the default |
/// | `partials(df_dx, df_dy)` | the partial derivatives of a function of scalars, one for each active parameter: differentiable functions of the same parameters. The body is not read. With `order = 1`, ordinary functions do |
/// | `jvp = path`, `vjp = path` | the derivatives of any function, with the signatures that `f::jvp` and `f::vjp` have. The body is not read |
/// | `hvp = path` | beside these, its second derivatives |
/// | `companion = Name` | the name of the type with the derivatives, where that of the function is taken |
/// | `with(f = path::Name)` | where the derivatives of a function `f` are that is called here, or is a partial derivative |
/// | `scalar(Real)` | aliases of `f32` and `f64` in the signature |
/// | `associated` | on a method without `self` |
/// | `skip` | on a function inside of a differentiable `impl` block: not this one |
/// | `crate = path` | where the crate `autodiff` is found |
///
/// On a `for` loop inside of the body, `#[checkpoint]` or `#[checkpoint(every = 64)]` keeps the state at the beginning of
/// each segment of iterations alone.
pub use autodiff_macros::differentiable;
#[doc(hidden)]
pub use autodiff_runtime::__private;
/// # Inside of differentiable functions
///
/// The operations are called like any differentiable function. A result that is taken apart here is annotated:
///
/// ```
/// use autodiff::{differentiable, ops};
///
/// #[differentiable]
/// fn cross_entropy(weights: &[f64], x: &[f64], label: usize) -> f64 {
///     let scores: Vec<f64> = ops::matvec(weights, x, 2);
///     ops::logsumexp(&scores) - scores[label]
/// }
///
/// let (weights_bar, _) = cross_entropy::gradient(&[0.0; 4], &[1.0, 2.0], 0);
/// assert_eq!(weights_bar, [-0.5, -1.0, 0.5, 1.0]);
/// ```
pub use autodiff_runtime::ops;
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
    Differentiable, Matrix, Scalar, Tangent, Workspace, check, stop_gradient,
};
