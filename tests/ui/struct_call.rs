//! A function that takes a struct calls a differentiable one.

use autodiff::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn energy(spring: &Spring, x: f64) -> f64 {
    0.5 * spring.stiffness * square(x)
}

fn main() {}
