//! Straight-line scalar functions and every differentiable method of `f64`.

use super::checked;

#[checked(at(1.2, 1.0), at(-0.3, 2.0), at(1.0, 1.0))]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[checked(at(0.5), at(-2.0), at(0.0))]
fn identity(x: f64) -> f64 {
    x
}

#[checked(at(0.5), at(-2.0))]
fn constant_result(_x: f64) -> f64 {
    3.25
}

#[checked(at(0.5, 1.5, -2.0))]
fn ignores_the_middle(x: f64, _unused: f64, z: f64) -> f64 {
    x * z - 4.0
}

#[checked(at(1.7), at(-0.4))]
fn same_value_many_times(x: f64) -> f64 {
    x * x * x - x * x + x / (x + 3.0) - x
}

#[checked(at(2.0, 3.0), at(-1.0, 0.25))]
fn operators(x: f64, y: f64) -> f64 {
    -x + y - (x - y) * (x + y) / (1.0 + x * x) + 2.0 / y
}

#[checked(at(7.5, 2.0), at(-7.5, 2.0), at(7.5, -2.25))]
fn remainder(x: f64, y: f64) -> f64 {
    x % y + y * (x % 3.0)
}

#[checked(at(0.7), at(-1.9), at(3.0))]
fn trigonometry(x: f64) -> f64 {
    x.sin() * x.cos() + (0.3 * x).tan()
}

#[checked(at(0.3), at(-0.6), at(0.0))]
fn inverse_trigonometry(x: f64) -> f64 {
    x.asin() * x.acos() + (2.0 * x).atan()
}

#[checked(at(0.8), at(-1.1))]
fn hyperbolic(x: f64) -> f64 {
    x.sinh() - x.cosh() * (0.5 * x).tanh()
}

#[checked(at(0.4, 2.5), at(-0.2, 1.5))]
fn inverse_hyperbolic(x: f64, y: f64) -> f64 {
    x.asinh() + y.acosh() * x.atanh()
}

#[checked(at(1.3), at(0.2))]
fn exponentials(x: f64) -> f64 {
    x.exp() - (0.5 * x).exp2() + (x * x).exp_m1()
}

#[checked(at(1.3), at(0.2), at(20.0))]
fn logarithms(x: f64) -> f64 {
    x.ln() + x.log2() * x.log10() - x.ln_1p()
}

#[checked(at(3.0, 2.0), at(0.7, 10.0))]
fn logarithm_to_a_base(x: f64, base: f64) -> f64 {
    x.log(base) + x.log(7.0)
}

#[checked(at(2.0), at(0.3))]
fn roots(x: f64) -> f64 {
    x.sqrt() + x.cbrt() + x.recip()
}

#[checked(at(-8.0), at(5.0))]
fn cube_root_of_either_sign(x: f64) -> f64 {
    x.cbrt() * x
}

#[checked(at(1.5), at(-0.8))]
fn integer_powers(x: f64) -> f64 {
    x.powi(0) + x.powi(1) + x.powi(2) - x.powi(3) + x.powi(7) + x.powi(-1) + x.powi(-4)
}

#[checked(at(1.5, 0), at(1.5, 1), at(1.5, 2), at(1.5, 3), at(-0.5, 5), at(2.0, -3))]
fn integer_power_at_run_time(x: f64, n: i32) -> f64 {
    x.powi(n) + 2.0 * x
}

#[checked(at(1.5, 2.5), at(0.3, -1.2), at(2.0, 0.5))]
fn real_powers(x: f64, p: f64) -> f64 {
    x.powf(p) + p.powi(2) * x.powf(1.5) + 2.0_f64.powf(p)
}

#[checked(at(0.6, 0.8), at(-1.0, 2.0), at(3.0, -0.5), at(-1.0, -1.5))]
fn polar(x: f64, y: f64) -> f64 {
    y.atan2(x) + x.hypot(y)
}

#[checked(at(0.6, 0.8, 0.1), at(-1.0, 2.0, 3.0))]
fn fused(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c) * c.mul_add(2.0, a) + a.mul_add(a, a)
}

#[checked(at(1.5, -0.5), at(-2.0, 3.0))]
fn absolute_values(x: f64, y: f64) -> f64 {
    x.abs() * y + (x * y).abs() + (x - y).abs().sqrt()
}

#[checked(at(1.5, -0.5), at(-2.0, 3.0))]
fn larger_and_smaller(x: f64, y: f64) -> f64 {
    x.max(y) * 2.0 + x.min(y).sin() + x.max(0.25) - y.min(1.0)
}

#[checked(at(1.5), at(-2.0), at(0.4))]
fn clamped(x: f64) -> f64 {
    x.clamp(-1.0, 1.0) * x + (3.0 * x).clamp(-10.0, 10.0)
}

#[checked(at(0.5, -1.0, 2.0), at(3.0, -1.0, 2.0), at(-4.0, -1.0, 2.0))]
fn clamped_by_active_bounds(x: f64, low: f64, high: f64) -> f64 {
    x.clamp(low, high) * (high - low)
}

#[checked(at(2.7), at(-2.7), at(0.3))]
fn piecewise_constant(x: f64) -> f64 {
    x * x.floor() + x.ceil() - x * x.round() + x.trunc() * 2.0 + x.signum() * x
}

#[checked(at(2.7), at(-2.7))]
fn fractional_part(x: f64) -> f64 {
    x.fract() * x.fract() + x
}

#[checked(at(2.5, -1.0), at(-2.5, 1.0), at(2.0, 0.5))]
fn sign_of_another(x: f64, y: f64) -> f64 {
    x.copysign(y) + y * 0.5
}

#[checked(at(7.5, 2.0), at(-7.3, 2.0))]
fn euclidean_remainder(x: f64, y: f64) -> f64 {
    x.rem_euclid(y) * y
}

#[checked(at(0.7), at(-2.0))]
fn angles_in_degrees(x: f64) -> f64 {
    x.to_degrees().to_radians().sin() + x.to_radians() + 0.01 * x.to_degrees()
}

#[checked(at(0.7), at(-2.0))]
fn sine_and_cosine_at_once(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    s * c + 2.0 * s
}

#[checked(at(0.7, 1.2), at(2.0, -0.4))]
fn methods_by_path(x: f64, y: f64) -> f64 {
    f64::sin(x) + f64::max(x, y) * f64::powi(y, 2)
}

#[checked(at(0.7), at(-2.0))]
fn standard_constants(x: f64) -> f64 {
    (std::f64::consts::PI * x).sin() + x * std::f64::consts::E - f64::EPSILON
}

#[checked(at(0.3, 0.9, -1.4))]
fn deep_expression(a: f64, b: f64, c: f64) -> f64 {
    ((a * b).sin() + (b * c).cos()).exp() / (1.0 + (a - (b - (c - (a * (b + c)))))).abs().sqrt()
}

#[checked(
    at(100.0, 95.0, 0.05, 0.2, 0.5),
    at(80.0, 95.0, 0.01, 0.3, 2.0),
    tolerance = 1e-11
)]
fn black_scholes_with_a_logistic_normal(s: f64, k: f64, r: f64, sigma: f64, t: f64) -> f64 {
    let root = sigma * t.sqrt();
    let d1 = ((s / k).ln() + (r + 0.5 * sigma * sigma) * t) / root;
    let d2 = d1 - root;
    let n1 = 1.0 / (1.0 + (-1.5976 * d1 - 0.07056 * d1.powi(3)).exp());
    let n2 = 1.0 / (1.0 + (-1.5976 * d2 - 0.07056 * d2.powi(3)).exp());
    s * n1 - k * (-r * t).exp() * n2
}

#[checked(at(1.0, 2.0), at(-3.0, 0.5))]
fn softplus_and_sigmoid(x: f64, y: f64) -> f64 {
    let softplus = x.max(0.0) + (-x.abs()).exp().ln_1p();
    let sigmoid = 1.0 / (1.0 + (-y).exp());
    softplus * sigmoid
}

#[checked(at(0.5, 1.5, 2.5), options(wrt(x, z)))]
fn with_respect_to_some(x: f64, y: f64, z: f64) -> f64 {
    x * y.sin() + z.powf(y) * x
}

#[checked(at(0.5, 1.5), options(order = 1))]
fn first_order_only(x: f64, y: f64) -> f64 {
    (x * y).exp() * y
}
