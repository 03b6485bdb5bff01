//! A function that computes in two floating-point types calls a differentiable one.

use autodiff::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn caller(x: f32) -> f64 {
    let y = f64::from(x);
    square(y)
}

fn main() {}
