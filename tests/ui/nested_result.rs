//! A called function gives `Vec`s of `Vec`s.

use autodiff::differentiable;

#[differentiable]
fn table(x: f64, n: usize) -> Vec<Vec<f64>> {
    vec![vec![x * x; n]; n]
}

#[differentiable]
fn corner(x: f64, n: usize) -> f64 {
    let rows: Vec<Vec<f64>> = table(x, n);
    rows[n - 1][0]
}

fn main() {}
