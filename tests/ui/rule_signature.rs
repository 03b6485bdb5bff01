//! What rustc says of rules that do not fit points at the rule.

use autodiff::differentiable;

fn plain(x: f64) -> f64 {
    x.cos()
}

#[differentiable(partials(plain))]
fn sine(x: f64) -> f64 {
    x.sin()
}

#[differentiable]
fn of_two(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable(partials(of_two))]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable(partials(absent))]
fn cube(x: f64) -> f64 {
    x.powi(3)
}

fn jvp(x: &[f64], dx: &[f64]) -> (f64, f64) {
    (x[0], dx[0])
}

fn vjp(x: &[f64], dr: f64) -> Vec<f64> {
    vec![x[0] * dr]
}

#[differentiable(jvp = jvp, vjp = vjp)]
fn first(x: &[f64]) -> f64 {
    x[0]
}

fn main() {}
