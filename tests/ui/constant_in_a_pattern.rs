#![allow(non_upper_case_globals)]

use autodiff::differentiable;

const lowest: usize = 0;

#[differentiable]
fn by_level(x: f64, level: usize) -> f64 {
    match level {
        lowest => x,
        _ => x * x,
    }
}

fn main() {}
