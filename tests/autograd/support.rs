//! What the tests share.

use autodiff::{AutogradError, Element, Float, Tensor, grad};

/// Asserts what a tensor prints.
#[track_caller]
pub fn prints<T: Element>(tensor: &Tensor<T>, expected: &str) {
    assert_eq!(tensor.to_string(), expected);
}

/// Asserts what a tensor's gradient prints.
#[track_caller]
pub fn grad_prints<T: Float>(tensor: &Tensor<T>, expected: &str) {
    prints(&tensor.grad().expect("there is a gradient"), expected);
}

/// The name of the operation that made a tensor.
#[track_caller]
pub fn made_by<T: Element>(tensor: &Tensor<T>) -> String {
    tensor
        .grad_fn()
        .expect("the tensor was computed")
        .name()
        .to_owned()
}

/// Asserts that the message of an error says what went wrong and what to do.
#[track_caller]
pub fn says(error: &AutogradError, parts: &[&str]) {
    let message = error.to_string();
    for part in parts {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
}

/// Asserts that two tensors agree but for rounding.
#[track_caller]
pub fn close(found: &Tensor, expected: &Tensor) {
    assert_eq!(found.shape(), expected.shape());
    let near = |(a, b): (f64, f64)| {
        (a - b).abs() <= 1e-12 * b.abs().max(1.0) || a == b || (a.is_nan() && b.is_nan())
    };
    assert!(
        found.to_vec().into_iter().zip(expected.to_vec()).all(near),
        "{found:?} is not {expected:?}"
    );
}

/// The gradient of the sum of `f` at `x`.
pub fn slope(x: Tensor, f: impl Fn(&Tensor) -> Tensor) -> Tensor {
    let x = x.require_grad();
    grad(&[&f(&x).sum()], &[&x]).unwrap().remove(0)
}
