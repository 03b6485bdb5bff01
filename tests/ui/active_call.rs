//! A function that is handed in is called with an active value.

use autodiff::differentiable;

#[differentiable(wrt(x))]
fn through_a_parameter(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x * x) + 1.0
}

fn main() {}
