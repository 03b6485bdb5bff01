//! Second derivatives are asked of a function that has first derivatives alone.

use autodiff::differentiable;

#[differentiable(order = 1)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn caller(x: f64) -> f64 {
    square(x) * x
}

fn main() {}
