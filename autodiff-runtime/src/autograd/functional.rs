//! Derivatives of closures: products with Jacobians and Hessians, and these matrices whole.
//!
//! Each function calls the closure on leaves of its own, so the tensors passed in are neither changed nor tracked
//! through; nothing is left in anybody's `grad`.

use super::backward::{Grad, grad_with};
use super::error::AutogradError;
use super::mode::enable_grad;
use crate::tensor::{Float, Tensor};

/// For each input the gradient, and for each input the product of the Hessian with the directions.
pub type GradientsAndProducts<T> = (Vec<Tensor<T>>, Vec<Tensor<T>>);

/// Leaves with the values of `inputs`.
fn leaves<T: Float>(inputs: &[&Tensor<T>]) -> Vec<Tensor<T>> {
    inputs
        .iter()
        .map(|input| input.detach().require_grad())
        .collect()
}

fn references<T: Float>(tensors: &[Tensor<T>]) -> Vec<&Tensor<T>> {
    tensors.iter().collect()
}

fn matching<T: Float>(
    operation: &str,
    tensors: &[&Tensor<T>],
    directions: &[&Tensor<T>],
) -> Result<(), AutogradError> {
    let shapes = |list: &[&Tensor<T>]| list.iter().map(|t| t.shape().to_vec()).collect::<Vec<_>>();
    if shapes(tensors) == shapes(directions) {
        return Ok(());
    }
    let message = format!(
        "directions of shapes {:?} for tensors of shapes {:?}",
        shapes(directions),
        shapes(tensors)
    );
    Err(AutogradError::shape(operation, message))
}

/// The gradients of `<result, weights>` with respect to `inputs`, zeros where nothing depends on them.
fn pulled<T: Float>(
    result: &Tensor<T>,
    inputs: &[Tensor<T>],
    weights: Option<&Tensor<T>>,
    create_graph: bool,
) -> Result<Vec<Tensor<T>>, AutogradError> {
    if !result.requires_grad() {
        return Ok(inputs.iter().map(Tensor::zeros_like).collect());
    }
    let options = Grad::new()
        .create_graph(create_graph)
        .retain_graph(true)
        .materialize_grads(true);
    let options = match weights {
        Some(weights) => options.grad_outputs(&[weights]),
        None => options,
    };
    let gradients = grad_with(&[result], &references(inputs), options)?;
    Ok(gradients
        .into_iter()
        .map(|gradient| gradient.expect("missing gradients are zeros"))
        .collect())
}

/// The value of `f`, and the product of `v` with its Jacobian: the gradients of `<f(inputs), v>`.
///
/// ```
/// use autodiff_runtime::{functional, tensor};
///
/// let (value, gradients) = functional::vjp(|x| x[0].square(), &[&tensor([1.0, 3.0])], &tensor([1.0, 10.0]))?;
/// assert_eq!(value, tensor([1.0, 9.0]));
/// assert_eq!(gradients, [tensor([2.0, 60.0])]);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// When `v` has another shape than the result, or a backward pass fails.
pub fn vjp<T: Float>(
    f: impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[&Tensor<T>],
    v: &Tensor<T>,
) -> Result<(Tensor<T>, Vec<Tensor<T>>), AutogradError> {
    let inputs = leaves(inputs);
    let result = enable_grad(|| f(&inputs));
    matching("vjp", &[&result], &[v])?;
    let gradients = pulled(&result, &inputs, Some(&v.detach()), false)?;
    Ok((result.detach(), gradients))
}

/// The value of `f`, and its derivative in the directions `v`, one for each input: the product of its Jacobian with them.
///
/// By two backward passes: the gradient of `<f(inputs), w>` is linear in `w`, and its own gradient with respect to `w`
/// is the product.
///
/// ```
/// use autodiff_runtime::{functional, tensor};
///
/// let (value, tangent) = functional::jvp(|x| x[0].square(), &[&tensor([1.0, 3.0])], &[&tensor([1.0, 10.0])])?;
/// assert_eq!(value, tensor([1.0, 9.0]));
/// assert_eq!(tangent, tensor([2.0, 60.0]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// When the directions have other shapes than the inputs, or a backward pass fails.
pub fn jvp<T: Float>(
    f: impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[&Tensor<T>],
    v: &[&Tensor<T>],
) -> Result<(Tensor<T>, Tensor<T>), AutogradError> {
    matching("jvp", inputs, v)?;
    let inputs = leaves(inputs);
    let result = enable_grad(|| f(&inputs));
    let w = result.detach().zeros_like().require_grad();
    let gradients = pulled(&result, &inputs, Some(&w), true)?;
    let product = enable_grad(|| inner(&gradients, v));
    let derivative = pulled(&product, &[w], None, false)?.remove(0);
    Ok((result.detach(), derivative))
}

/// The sum of the inner products of pairs of tensors.
fn inner<T: Float>(a: &[Tensor<T>], b: &[&Tensor<T>]) -> Tensor<T> {
    a.iter()
        .zip(b)
        .map(|(a, b)| (a * b.detach()).sum())
        .reduce(|sum, term| sum + term)
        .unwrap_or_else(|| Tensor::zeros(&[]))
}

/// The Jacobian of `f` with respect to each input: a tensor whose first dimensions are those of the result, and whose
/// last are those of the input.
///
/// ```
/// use autodiff_runtime::{functional, tensor};
///
/// let j = functional::jacobian(|x| x[0].powi(2), &[&tensor([1.0, 3.0])])?;
/// assert_eq!(j[0], tensor([[2.0, 0.0], [0.0, 6.0]]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// When a backward pass fails.
pub fn jacobian<T: Float>(
    f: impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[&Tensor<T>],
) -> Result<Vec<Tensor<T>>, AutogradError> {
    let inputs = leaves(inputs);
    let result = enable_grad(|| f(&inputs));
    let mut rows: Vec<Vec<T>> = vec![Vec::new(); inputs.len()];
    for row in 0..result.len() {
        let mut unit = vec![T::ZERO; result.len()];
        unit[row] = T::ONE;
        let gradients = pulled(
            &result,
            &inputs,
            Some(&Tensor::from_vec(unit, result.shape())?),
            false,
        )?;
        rows.iter_mut()
            .zip(&gradients)
            .for_each(|(rows, gradient)| rows.extend(gradient.to_vec()));
    }
    rows.into_iter()
        .zip(&inputs)
        .map(|(rows, input)| Tensor::from_vec(rows, &[result.shape(), input.shape()].concat()))
        .collect()
}

/// The Hessian of `f`, whose result is a single number: block `[i][j]` holds the derivatives with respect to an element
/// of input `i` (first dimensions) and one of input `j` (last dimensions).
///
/// ```
/// use autodiff_runtime::{functional, tensor};
///
/// let h = functional::hessian(|x| x[0].powi(3).sum(), &[&tensor([1.0, 2.0])])?;
/// assert_eq!(h[0][0], tensor([[6.0, 0.0], [0.0, 12.0]]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// When the result is not a single number, or a backward pass fails.
pub fn hessian<T: Float>(
    f: impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[&Tensor<T>],
) -> Result<Vec<Vec<Tensor<T>>>, AutogradError> {
    let inputs = leaves(inputs);
    let gradients = gradient_graph("hessian", &f, &inputs)?;
    let mut blocks = Vec::with_capacity(inputs.len());
    for gradient in &gradients {
        let mut rows: Vec<Vec<T>> = vec![Vec::new(); inputs.len()];
        for element in gradient.reshape(&[-1]).unbind(0) {
            let second = pulled(&element, &inputs, None, false)?;
            rows.iter_mut()
                .zip(&second)
                .for_each(|(rows, second)| rows.extend(second.to_vec()));
        }
        let of_pair = |(rows, input): (Vec<T>, &Tensor<T>)| {
            Tensor::from_vec(rows, &[gradient.shape(), input.shape()].concat())
        };
        blocks.push(
            rows.into_iter()
                .zip(&inputs)
                .map(of_pair)
                .collect::<Result<Vec<_>, _>>()?,
        );
    }
    Ok(blocks)
}

fn gradient_graph<T: Float>(
    operation: &str,
    f: &impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[Tensor<T>],
) -> Result<Vec<Tensor<T>>, AutogradError> {
    let result = enable_grad(|| f(inputs));
    if result.len() != 1 {
        let message = format!(
            "the function's result has shape {:?}; a Hessian is that of a single number",
            result.shape()
        );
        return Err(AutogradError::shape(operation, message));
    }
    enable_grad(|| pulled(&result, inputs, None, true))
}

/// The gradients of `f`, whose result is a single number, and the product of its Hessian with the directions `v`, one
/// for each input.
///
/// ```
/// use autodiff_runtime::{Tensor, functional, tensor};
///
/// let f = |x: &[Tensor]| x[0].powi(3).sum();
/// let (gradients, products) = functional::hvp(f, &[&tensor([1.0, 2.0])], &[&tensor([1.0, 10.0])])?;
/// assert_eq!(gradients, [tensor([3.0, 12.0])]);
/// assert_eq!(products, [tensor([6.0, 120.0])]);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// When the result is not a single number, the directions have other shapes than the inputs, or a backward pass fails.
pub fn hvp<T: Float>(
    f: impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[&Tensor<T>],
    v: &[&Tensor<T>],
) -> Result<GradientsAndProducts<T>, AutogradError> {
    matching("hvp", inputs, v)?;
    let inputs = leaves(inputs);
    let gradients = gradient_graph("hvp", &f, &inputs)?;
    let product = enable_grad(|| inner(&gradients, v));
    let second = pulled(&product, &inputs, None, false)?;
    Ok((gradients.iter().map(Tensor::detach).collect(), second))
}

/// The gradients of `f` and the product of the directions `v` with its Hessian, which is symmetric where the second
/// derivatives are continuous; then this is [`hvp`].
///
/// ```
/// use autodiff_runtime::{Tensor, functional, tensor};
///
/// let f = |x: &[Tensor]| x[0].powi(3).sum();
/// let (_, products) = functional::vhp(f, &[&tensor([1.0, 2.0])], &[&tensor([1.0, 10.0])])?;
/// assert_eq!(products, [tensor([6.0, 120.0])]);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// As [`hvp`].
pub fn vhp<T: Float>(
    f: impl Fn(&[Tensor<T>]) -> Tensor<T>,
    inputs: &[&Tensor<T>],
    v: &[&Tensor<T>],
) -> Result<GradientsAndProducts<T>, AutogradError> {
    hvp(f, inputs, v)
}
