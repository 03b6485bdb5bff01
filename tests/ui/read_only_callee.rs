//! A variable behind `&mut` is handed to a function that only reads: `&*x` says so.

use autodiff::differentiable;

#[differentiable]
fn first(x: &[f64]) -> f64 {
    x[0]
}

#[differentiable]
fn caller(x: &mut [f64]) -> f64 {
    first(x)
}

#[differentiable]
fn as_it_should_be(x: &mut [f64]) -> f64 {
    first(&*x)
}

fn main() {}
