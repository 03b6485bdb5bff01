//! A `&mut` is handed to a function that is a parameter itself.

use autodiff::differentiable;

#[differentiable(wrt(x))]
fn through_a_parameter(f: fn(&mut usize), x: f64) -> f64 {
    let mut n = 3;
    f(&mut n);
    x * n as f64
}

fn main() {}
