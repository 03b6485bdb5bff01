//! A function is called with an active value, and is not differentiable.

use autodiff::differentiable;

mod helpers {
    pub fn square(x: f64) -> f64 {
        x * x
    }
}

fn cube(x: f64) -> f64 {
    x * x * x
}

#[differentiable]
fn caller(x: f64) -> f64 {
    cube(x) + helpers::square(x)
}

fn main() {}
