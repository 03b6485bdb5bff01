//! Checking the derivatives of a function against differences.

use super::backward::{Grad, grad_with};
use super::error::AutogradError;
use super::mode::no_grad;
use crate::tensor::Tensor;

/// Relative and absolute difference that a derivative may have from the difference quotient.
const TOLERANCE: f64 = 1e-6;

/// Checks the gradients of `f` at `inputs` against difference quotients: the derivative of every element of the result
/// with respect to every element of the inputs.
///
/// The quotient is the one of order four, `(8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h`, with
/// `h = max(1, |x|) / 1000` (Abramowitz and Stegun, Handbook of Mathematical Functions, 25.3.6), so `f` should have no
/// kink within `2h` of the inputs.
///
/// ```
/// use autodiff_runtime::{gradcheck, tensor};
///
/// gradcheck(|x| x[0].sin() * &x[1], &[tensor([0.5, 1.5]), tensor(2.0)]).unwrap();
/// // What is detached has no gradient, though the result depends on it.
/// let error = gradcheck(|x| x[0].sin() * x[0].detach(), &[tensor([0.5])]).unwrap_err();
/// assert!(error.to_string().contains("by differences"));
/// ```
///
/// # Errors
///
/// [`Mismatch`](AutogradError::Mismatch), which prints both Jacobians; whatever error the backward pass has.
pub fn gradcheck(f: impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor]) -> Result<(), AutogradError> {
    for index in 0..inputs.len() {
        let (backward, differences) = (
            by_backward(&f, inputs, index)?,
            by_differences(&f, inputs, index),
        );
        let close = |a: f64, b: f64| {
            (a - b).abs() <= TOLERANCE * b.abs().max(1.0) || (a.is_nan() && b.is_nan())
        };
        if !backward
            .iter()
            .zip(&differences)
            .all(|(&a, &b)| close(a, b))
        {
            let columns = inputs[index].len();
            let message = format!(
                "the Jacobian with respect to input {index} by backward passes is\n{}and by differences\n{}",
                table(&backward, columns),
                table(&differences, columns)
            );
            return Err(AutogradError::Mismatch { message });
        }
    }
    Ok(())
}

/// Checks the second derivatives of `f` at `inputs`: [`gradcheck`] of its gradients, as functions of the inputs and of
/// the gradient that flows into the result.
///
/// ```
/// use autodiff_runtime::{gradgradcheck, tensor};
///
/// gradgradcheck(|x| x[0].sin() * &x[1], &[tensor([0.5, 1.0]), tensor([2.0, -1.0])])?;
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// As [`gradcheck`].
pub fn gradgradcheck(
    f: impl Fn(&[Tensor]) -> Tensor,
    inputs: &[Tensor],
) -> Result<(), AutogradError> {
    let result = no_grad(|| f(inputs));
    // Any weights do, so long as they are all different and none is small.
    let weights: Vec<f64> = (0..result.len())
        .map(|i| 1.0 + 0.7 * (i as f64 + 1.0).sin())
        .collect();
    let mut extended = inputs.to_vec();
    extended.push(Tensor::from_vec(weights, result.shape())?);
    for index in 0..inputs.len() {
        let failed = std::cell::RefCell::new(None);
        let gradient = |all: &[Tensor]| {
            let (weights, inputs) = all.split_last().expect("the weights stand last");
            // The input may be untracked in a call for a difference quotient; its gradient is needed all the same.
            let input = if inputs[index].requires_grad() {
                inputs[index].clone()
            } else {
                inputs[index].clone().require_grad()
            };
            let mut inputs = inputs.to_vec();
            inputs[index] = input.clone();
            let options = Grad::new()
                .create_graph(true)
                .materialize_grads(true)
                .grad_outputs(&[weights]);
            let result = super::mode::enable_grad(|| f(&inputs));
            if !result.requires_grad() {
                return input.zeros_like();
            }
            match grad_with(&[&result], &[&input], options) {
                Ok(mut gradients) => gradients.remove(0).expect("missing gradients are zeros"),
                Err(error) => {
                    failed.replace(Some(error));
                    input.zeros_like()
                }
            }
        };
        let checked = gradcheck(gradient, &extended);
        match failed.take() {
            Some(error) => return Err(error),
            None => checked?,
        }
    }
    Ok(())
}

/// The Jacobian of `f` with respect to one input, row by row of the result, by backward passes.
fn by_backward(
    f: &impl Fn(&[Tensor]) -> Tensor,
    inputs: &[Tensor],
    index: usize,
) -> Result<Vec<f64>, AutogradError> {
    let mut inputs: Vec<Tensor> = inputs.iter().map(Tensor::detach).collect();
    let input = inputs[index].clone().require_grad();
    inputs[index] = input.clone();
    let result = f(&inputs);
    let mut jacobian = Vec::with_capacity(result.len() * input.len());
    for row in 0..result.len() {
        if !result.requires_grad() {
            jacobian.resize(jacobian.len() + input.len(), 0.0);
            continue;
        }
        let mut unit = vec![0.0; result.len()];
        unit[row] = 1.0;
        let unit = Tensor::from_vec(unit, result.shape())?;
        let options = Grad::new()
            .retain_graph(true)
            .materialize_grads(true)
            .grad_outputs(&[&unit]);
        let gradient = grad_with(&[&result], &[&input], options)?
            .remove(0)
            .expect("missing gradients are zeros");
        if gradient.shape() != input.shape() {
            let message = format!(
                "the gradient of an input of shape {:?} has shape {:?}",
                input.shape(),
                gradient.shape()
            );
            return Err(AutogradError::shape("gradcheck", message));
        }
        jacobian.extend(gradient.to_vec());
    }
    Ok(jacobian)
}

/// The Jacobian of `f` with respect to one input, row by row of the result, by difference quotients.
fn by_differences(f: &impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor], index: usize) -> Vec<f64> {
    let mut inputs: Vec<Tensor> = inputs.iter().map(Tensor::detach).collect();
    let (original, shape) = (inputs[index].to_vec(), inputs[index].shape().to_vec());
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(original.len());
    for element in 0..original.len() {
        let h = 1e-3 * original[element].abs().max(1.0);
        let mut at = |steps: f64| {
            let mut moved = original.clone();
            moved[element] += steps * h;
            inputs[index] = Tensor::fresh(moved, &shape);
            no_grad(|| f(&inputs)).to_vec()
        };
        let near = at(1.0).into_iter().zip(at(-1.0)).map(|(a, b)| a - b);
        let far = at(2.0)
            .into_iter()
            .zip(at(-2.0))
            .map(|(a, b)| a - b)
            .collect::<Vec<f64>>();
        columns.push(
            near.zip(far)
                .map(|(near, far)| (8.0 * near - far) / (12.0 * h))
                .collect(),
        );
    }
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows)
        .flat_map(|row| columns.iter().map(move |column| column[row]))
        .collect()
}

fn table(jacobian: &[f64], columns: usize) -> String {
    let mut text = String::new();
    for row in jacobian.chunks(columns.max(1)) {
        let row: Vec<String> = row.iter().map(|v| format!("{v:>16.9}")).collect();
        text.push_str(&row.join(" "));
        text.push('\n');
    }
    text
}
