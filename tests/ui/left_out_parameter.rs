//! An argument that varies goes into a parameter that the callee holds constant.

use autodiff::differentiable;

#[differentiable(wrt(x))]
fn scaled(x: f64, factor: f64) -> f64 {
    x * factor
}

#[differentiable]
fn caller(x: f64) -> f64 {
    scaled(2.0, 3.0) + scaled(x, 3.0) + scaled(x, x)
}

fn main() {}
