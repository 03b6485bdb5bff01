//! What a differentiable function gives is indexed, and nothing says what it is.

use autodiff::differentiable;

#[differentiable]
fn rotated(x: f64) -> [f64; 2] {
    [x.cos(), x.sin()]
}

#[differentiable]
fn first(x: f64) -> f64 {
    let r = rotated(x);
    r[0] * x
}

fn main() {}
