//! A function of the user's own that is called like the one that stops gradients is not taken for it.

use autodiff::differentiable;

fn stop_gradient(x: f64) -> f64 {
    2.0 * x
}

#[differentiable]
fn doubled(x: f64) -> f64 {
    stop_gradient(x) * x
}

fn main() {}
