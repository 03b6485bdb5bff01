//! `f32`, and functions of both precisions.

use super::checked;

#[checked(at(1.2, 1.0), at(-0.3, 2.0))]
fn rosenbrock_single(x: f32, y: f32) -> f32 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[checked(at([0.5, 2.0, -1.0]), at([]))]
fn sum_of_squares_single(x: &[f32]) -> f32 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * x[i];
    }
    s
}

#[checked(at(0.7, 3), at(0.7, 0), at(0.7, 1))]
fn loop_single(x: f32, n: usize) -> f32 {
    let mut y = x;
    for i in 0..n {
        y = y.sin() + x / (i as f32 + 1.0);
    }
    y
}

#[checked(at(0.7), at(2.5))]
fn branches_single(x: f32) -> f32 {
    if x > 1.0_f32 {
        x.ln() * 2f32
    } else {
        x.exp() - std::f32::consts::PI
    }
}

#[checked(at([0.3, 0.1, 0.9], [1.0, 2.0, 0.5]), at([0.3], [1.0]))]
fn in_out_single(y: &mut [f32], x: &[f32]) -> f32 {
    let mut total = 0.0;
    for i in 0..y.len() {
        y[i] = 0.5 * y[i] + x[i] * x[i];
        total += y[i];
    }
    total
}

#[checked(at(0.7, 2.0))]
fn arrays_single(x: f32, y: f32) -> [f32; 2] {
    let a = [x * y, x + y];
    [a[0] * a[1], a[0].sqrt()]
}

#[checked(at([0.5, 2.0, -1.0]), at([]))]
fn accumulated_in_double(x: &[f32]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += f64::from(x[i]) * x[i] as f64;
    }
    s
}

#[checked(at(0.5, 2.0), at(1.5, -1.0))]
fn rounded_to_single(x: f64, y: f64) -> f32 {
    let z = (x * y) as f32;
    z * z + x as f32
}

#[checked(at(0.5, 2.0), at(1.5, -1.0))]
fn both_precisions(x: f32, y: f64) -> (f32, f64) {
    let z = f64::from(x) * y;
    (x * z as f32, z + y)
}
