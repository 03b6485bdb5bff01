//! Kinks, ties, infinite slopes and inactive operands: the gradient is what the conventions say, exactly.
//!
//! The principle is the minimum-norm subgradient over the active operands.

use super::checked;

#[checked(at(2.0), edge(at(0.0), gradient(0.0)), edge(at(-0.0), gradient(0.0)))]
fn absolute_value(x: f64) -> f64 {
    x.abs()
}

#[checked(at(2.0, 1.0), edge(at(1.5, 1.5), gradient(0.5, 0.5)))]
fn tied_maximum(x: f64, y: f64) -> f64 {
    x.max(y)
}

#[checked(at(2.0, 1.0), edge(at(1.5, 1.5), gradient(1.0, 1.5)))]
fn tied_minimum(x: f64, y: f64) -> f64 {
    2.0 * x.min(y) + if x > y { 0.0 } else { 0.5 * y }
}

#[checked(at(2.0), edge(at(0.0), gradient(0.0)))]
fn relu(x: f64) -> f64 {
    x.max(0.0)
}

#[checked(at(2.0), edge(at(1.0), gradient(0.0)))]
fn tied_with_an_inactive_local(x: f64) -> f64 {
    let bound = 1.0;
    x.min(bound)
}

#[checked(at(2.0, 1.0), edge(at(1.0, 1.0), gradient(0.0)), options(wrt(x)))]
fn tied_with_an_inactive_parameter(x: f64, bound: f64) -> f64 {
    x.max(bound)
}

#[checked(at(0.3), edge(at(0.0), gradient(0.0)), edge(at(1.0), gradient(0.0)))]
fn clamp_at_constant_bounds(x: f64) -> f64 {
    x.clamp(0.0, 1.0)
}

#[checked(at(3.0, 4.0), edge(at(0.0, 0.0), gradient(0.0, 0.0)))]
fn hypotenuse_at_the_origin(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

#[checked(at(3.0, 4.0), edge(at(0.0, 0.0), gradient(0.0, 0.0)))]
fn angle_at_the_origin(x: f64, y: f64) -> f64 {
    y.atan2(x)
}

#[checked(at(2.0), edge(at(0.0), gradient(0.0)))]
fn power_zero(x: f64) -> f64 {
    x.powi(0) + x.powf(0.0)
}

#[checked(at(2.0), edge(at(0.0), gradient(1.0)))]
fn power_one(x: f64) -> f64 {
    x.powi(1)
}

#[checked(at(2.0), edge(at(0.0), gradient(0.0)), edge(at(-2.0), gradient(-4.0)))]
fn constant_exponent_takes_no_logarithm(x: f64) -> f64 {
    x.powf(2.0)
}

#[checked(at(2.0, 3.0), edge(at(0.0, 2.0), gradient(0.0, 0.0)))]
fn exponent_at_base_zero(x: f64, p: f64) -> f64 {
    x.powf(p)
}

#[checked(at(2.0), edge(at(0.0), gradient(f64::INFINITY)))]
fn square_root_at_zero(x: f64) -> f64 {
    x.sqrt()
}

#[checked(at(2.0, 3.0), edge(at(0.0, 0.0), gradient(f64::NAN)), options(wrt(x)))]
fn zero_times_infinity(x: f64, zero: f64) -> f64 {
    x.sqrt() * zero
}

#[checked(at(2.0), edge(at(0.0), gradient(0.0)))]
fn guarded_square_root(x: f64) -> f64 {
    if x > 0.0 { x.sqrt() } else { 0.0 }
}

#[checked(at(2.3), edge(at(2.0), gradient(0.0)), edge(at(0.0), gradient(0.0)))]
fn steps(x: f64) -> f64 {
    x.floor() + x.ceil() + x.round() + x.trunc() + x.signum()
}

#[checked(at(2.0), edge(at(0.0), gradient(0.0)))]
fn a_value_that_cannot_reach_the_result(x: f64) -> f64 {
    let unused = x.ln() / x;
    let mut y = unused.sqrt();
    y = x * x;
    y
}

#[checked(at(2.0, 3.0), edge(at(2.0, f64::NAN), gradient(4.0)), options(wrt(x)))]
fn an_inactive_not_a_number(x: f64, weight: f64) -> f64 {
    let mut y = x * x;
    if weight > 0.0 {
        y *= weight;
    }
    y
}

#[checked(
    at(2.0, 3.0),
    edge(at(0.0, f64::INFINITY), gradient(f64::INFINITY, 0.0))
)]
fn product_with_infinity(x: f64, y: f64) -> f64 {
    x * y
}

#[checked(at(7.5, 2.0), edge(at(6.0, 2.0), gradient(1.0, -3.0)))]
fn remainder_at_a_multiple(x: f64, y: f64) -> f64 {
    x % y
}

#[checked(at([1.0, 2.0, 0.5]), edge(at([2.0, 1.0, 2.0]), gradient(0.5, 0.0, 0.5)), edge(at([3.0]), gradient(1.0)))]
fn tie_of_a_running_maximum(x: &[f64]) -> f64 {
    let mut m = x[0];
    for i in 1..x.len() {
        m = m.max(x[i]);
    }
    m
}

#[checked(at([1.0, 2.0, 0.5]), edge(at([2.0, 1.0, 2.0]), gradient(1.0, 0.0, 0.0)))]
fn comparison_decides_a_tie(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for i in 0..x.len() {
        if x[i] > m {
            m = x[i];
        }
    }
    m
}
