//! What callers of rules are told, and partial derivatives that vary with other parameters.

use autodiff::differentiable;

fn jvp(x: f64, dx: f64) -> (f64, f64) {
    (x * x, 2.0 * x * dx)
}

fn vjp(x: f64, dr: f64) -> (f64, f64) {
    (x * x, 2.0 * x * dr)
}

#[differentiable(jvp = jvp, vjp = vjp)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn fourth(x: f64) -> f64 {
    square(square(x))
}

#[differentiable(wrt(x, y), partials(by_x, by_y))]
fn product(x: f64, y: f64, z: f64) -> f64 {
    x * y * z
}

#[differentiable(wrt(x, z))]
fn by_x(x: f64, y: f64, z: f64) -> f64 {
    x * 0.0 + y * z
}

#[differentiable(wrt(x, y))]
fn by_y(x: f64, y: f64, z: f64) -> f64 {
    x * z + y * 0.0
}

fn main() {}
