//! Derivatives raise no lint in the crate that they stand in, however strict that crate is.
//!
//! This file is that crate: `cargo test` holds it to rustc's lints, `cargo clippy --all-targets` to clippy's.

#![deny(
    warnings,
    missing_docs,
    unused,
    unreachable_pub,
    single_use_lifetimes,
    unused_qualifications
)]
#![deny(
    trivial_casts,
    trivial_numeric_casts,
    unused_lifetimes,
    unused_results,
    let_underscore_drop
)]
#![deny(clippy::all, clippy::pedantic, clippy::float_cmp)]
#![forbid(
    unsafe_code,
    non_camel_case_types,
    non_snake_case,
    missing_docs,
    dead_code,
    unused_variables
)]
#![forbid(
    unused_mut,
    unused_assignments,
    unused_parens,
    unreachable_code,
    private_interfaces
)]

pub mod methods;
pub mod structs;

use autodiff::differentiable;

/// Straight-line code of scalars.
#[must_use]
#[differentiable]
pub fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// As many parameters as clippy allows: with directions and adjoints they are more.
#[must_use]
#[differentiable]
pub fn seven(
    mass: f64,
    speed: f64,
    force: &[f64],
    path: &[f64],
    charge: f64,
    potential: f64,
    heat: f64,
) -> f64 {
    0.5 * mass * speed * speed + force[0] * path[0] + charge * potential - heat
}

/// A private function that nothing calls but its companion.
#[differentiable]
fn only_through_its_companion(x: &[f64], weights: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += weights[i] * x[i].sin();
    }
    sum
}

/// Loops, branches, an early exit and a tape.
#[differentiable]
fn control(x: f64, limit: f64, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while i < n {
        y = y * y + x;
        if y > limit {
            return y.sqrt();
        }
        i += 1;
    }
    match n {
        0 => -y,
        1 | 2 => y.exp(),
        _ => y,
    }
}

/// In-out parameters and a result that is `()`.
#[differentiable]
fn scale(x: &mut [f64], factor: f64) {
    let n = x.len();
    for i in 1..n {
        x[i] *= factor * x[i - 1];
    }
}

/// Results that are not scalar, and an operation that panics.
#[differentiable]
fn polar(x: f64, y: f64) -> (f64, [f64; 2]) {
    assert!(x.is_finite(), "x is {x}");
    (x.hypot(y), [y.atan2(x), x])
}

/// A function that never returns for some arguments.
#[differentiable]
fn by_kind(x: f64, kind: u8) -> f64 {
    match kind {
        0 => x * x,
        1 => x.ln(),
        _ => panic!("no kind {kind}"),
    }
}

/// Types behind `impl`, and constants of all kinds.
#[differentiable]
fn anonymous<const SIGN: bool, const POWER: i32>(
    x: &[f64],
    weight: impl Fn(&[usize], &f64) -> f64,
    levels: &(impl AsRef<[f64]> + ?Sized),
) -> f64 {
    let shift: f64 = levels.as_ref()[0];
    let mut sum = shift * x[0];
    for (i, value) in x.iter().enumerate() {
        let w: f64 = weight(&[i], &0.5);
        sum += w * value.powi(POWER);
    }
    if SIGN { sum } else { -sum }
}

mod inner {
    use autodiff::differentiable;

    /// A function whose visibility is restricted.
    #[differentiable]
    pub(super) fn restricted(x: f64) -> f64 {
        x.tanh()
    }
}

/// Closures, written out with literals for arguments, and iterators.
#[must_use]
#[differentiable]
pub fn chains(x: &[f64], w: &[f64; 3]) -> f64 {
    let at = |i: usize| if i > 0 { x[i - 1] } else { 0.0 };
    let weights: Vec<f64> = w.iter().map(|v| v * at(1)).collect();
    let mut total = x.iter().zip(&weights).map(|(a, b)| a * b).sum::<f64>();
    for (i, v) in x.iter().enumerate().skip(1) {
        if i > 7 {
            break;
        }
        total += v;
    }
    for _ in x.windows(2) {
        total *= 1.5;
    }
    if let Some(k) = x.iter().position(|v| *v > 1.0) {
        total += w[k % 3];
    }
    total + at(0) * at(2) + x.iter().copied().fold(0.0, f64::max)
}

/// Derivatives by rules, private and only named by them.
pub mod by_rules {
    use autodiff::differentiable;

    /// Of second order.
    #[must_use]
    #[differentiable(partials(cosine))]
    pub fn sine(x: f64) -> f64 {
        x.sin()
    }

    #[differentiable(partials(negative_sine))]
    fn cosine(x: f64) -> f64 {
        x.cos()
    }

    #[differentiable]
    fn negative_sine(x: f64) -> f64 {
        -x.sin()
    }

    /// Deprecated, and therefore not mentioned.
    #[must_use]
    #[deprecated]
    #[differentiable(partials(one))]
    pub fn identity(x: f64) -> f64 {
        x
    }

    #[differentiable]
    fn one(_: f64) -> f64 {
        1.0
    }

    #[differentiable(jvp = total_jvp, vjp = total_vjp, hvp = total_hvp)]
    fn total<const N: usize>(x: &[f64], _: [u8; N]) -> f64 {
        x.iter().sum()
    }

    fn total_jvp<const N: usize>(x: &[f64], n: [u8; N], dx: &[f64]) -> (f64, f64) {
        (total(x, n), total(dx, n))
    }

    fn total_vjp<const N: usize>(x: &[f64], n: [u8; N], dr: f64) -> (f64, Vec<f64>) {
        (total(x, n), vec![dr; x.len()])
    }

    fn total_hvp<const N: usize>(x: &[f64], _: [u8; N], dx: &[f64]) -> (Vec<f64>, Vec<f64>) {
        (vec![1.0; x.len()], vec![0.0; dx.len()])
    }

    /// Uses one of the companion's functions.
    #[must_use]
    pub fn gradient(x: &[f64]) -> Vec<f64> {
        total::gradient(x, [])
    }
}

fn anonymous_negative(x: &[f64], direction: &[f64]) -> (f64, f64) {
    anonymous::jvp::<false, 2>(
        x,
        |i, w| if i.is_empty() { 0.0 } else { *w },
        &[1.0],
        direction,
    )
}

#[test]
fn derivatives_are_at_hand() {
    let (dx, dy) = rosenbrock::gradient(1.0, 1.0);
    assert!(dx.abs() + dy.abs() < 1e-12);
    let gradient = only_through_its_companion::gradient(&[0.0; 3], &[1.0, 2.0, 3.0]);
    assert!((gradient.0[2] - 3.0).abs() < 1e-12);
    assert!(control::gradient(0.5, 10.0, 3).0.is_finite());
    let (mut x, mut x_bar) = ([1.0, 2.0], [1.0, 1.0]);
    let factor_bar = scale::vjp(&mut x, 3.0, &mut x_bar);
    assert!((factor_bar - 2.0).abs() < 1e-12);
    let (_, tangent) = polar::jvp(3.0, 4.0, 1.0, 0.0);
    assert!((tangent.0 - 0.6).abs() < 1e-12);
    assert!((by_kind::gradient(2.0, 1) - 0.5).abs() < 1e-12);
    assert!((by_rules::gradient(&[3.0])[0] - by_rules::sine::gradient(0.0)).abs() < 1e-12);
    let (value, tangent) = anonymous_negative(&[3.0], &[1.0]);
    assert!((value + 7.5).abs() + (tangent + 4.0).abs() < 1e-12);
    assert!((inner::restricted::gradient(0.0) - 1.0).abs() < 1e-12);
}
