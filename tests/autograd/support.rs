//! What the tests share.

use autodiff::{AutogradError, Element, Float, Tensor};

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
