//! The type of a constant behind a reference is not known to the macro.

use autodiff::differentiable;

const TABLE: [f64; 3] = [1.0, 2.0, 3.0];

#[differentiable]
fn first(table: &[f64; 3], x: f64) -> f64 {
    table[0] * x
}

#[differentiable]
fn caller(x: f64) -> f64 {
    first(&TABLE, x)
}

fn main() {}
