//! What bodies may contain besides arithmetic: inactive code of every kind, items, names made by macros. The crate
//! denies warnings, so the generated code raises none.

#![deny(warnings)]
// The bodies are those that clippy would have had otherwise.
#![allow(clippy::all)]

use autodiff::differentiable;

/// An enum that only rustc knows.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Linear,
    Power(usize),
}

/// A struct that only rustc knows.
struct Config {
    scale: f64,
    weights: [f64; 2],
}

impl Config {
    fn weight(&self, i: usize) -> f64 {
        self.weights[i]
    }
}

const LIMIT: usize = 3;
static TABLE: [[f64; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];
type Real = f64;

fn widened(i: u8) -> f64 {
    f64::from(i)
}

fn pair(k: i64) -> (f64, usize) {
    (k as f64, 1)
}

fn coefficients() -> [f64; 3] {
    [1.0, 2.0, 3.0]
}

fn note(_: u64) {}

#[differentiable]
fn by_name(x: f64, name: &str) -> f64 {
    match name {
        "square" | "power" => x * x,
        _ if name.len() > 3 => 2.0 * x,
        _ => 0.0,
    }
}

#[differentiable]
fn by_order(x: f64, y: f64) -> f64 {
    let low = match x.partial_cmp(&y) {
        Some(std::cmp::Ordering::Less) => x * x,
        _ => y,
    };
    if x.total_cmp(&y).is_lt() { low } else { -low }
}

#[differentiable(wrt(x))]
fn configured(x: f64, config: &Config, mode: Mode) -> f64 {
    let mut sum = match mode {
        Mode::Linear => x,
        Mode::Power(_) => x * x,
    };
    for i in 0..2 {
        sum += config.weight(i) * config.weights[i] * x;
    }
    sum * config.scale
}

#[differentiable]
fn handed_functions(x: f64, f: fn(f64) -> f64, g: impl Fn(u8) -> f64 + Copy) -> f64 {
    let mut sum = x * f(2.0);
    for i in 0..3 {
        sum += g(i) * x;
    }
    sum
}

#[differentiable]
fn inactive_results(x: f64, n: usize) -> f64 {
    let (a, k) = pair(3);
    let w: [f64; 3] = coefficients();
    let mut sum = x * a;
    for i in 0..LIMIT {
        sum += w[i] * TABLE[i % 2][k] * x;
    }
    note(3);
    let _ = widened(4);
    match n {
        LIMIT => sum,
        n => sum * widened(3) * n as f64,
    }
}

#[differentiable]
fn inner_items(x: f64) -> f64 {
    use std::f64::consts::PI;
    const N: usize = 3;
    fn twice(k: i32) -> f64 {
        2.0 * f64::from(k)
    }
    let mut a = [x; N];
    a[N - 1] = twice(N as i32);
    let y: Real = a[0] * a[N - 1];
    y * PI
}

#[differentiable(scalar(Real))]
fn aliased(x: Real, y: &[Real; 2]) -> Real {
    let mut sum: Real = 0.0;
    for i in 0..2 {
        sum += x * y[i] * std::f64::consts::PI + Real::from(2.0).max(f64::EPSILON);
    }
    sum.sin() * 0.5
}

#[differentiable]
fn messages(x: f64, n: usize) -> f64 {
    assert!(n < 9, "n is {n} {:?}", x);
    debug_assert_eq!(n, n);
    let mut sum = x;
    for i in (0..n).step_by(2).rev() {
        sum += x * i as f64;
    }
    sum
}

#[differentiable]
fn over_ranges(
    x: &[f64],
    part: std::ops::Range<usize>,
    rest: &std::ops::RangeInclusive<usize>,
) -> f64 {
    let mut sum = 0.0;
    for i in part {
        sum += x[i];
    }
    for i in rest.clone().rev() {
        sum *= x[i];
    }
    sum
}

#[differentiable]
fn ping_pong(x: &[f64], n: usize) -> f64 {
    let mut v = vec![0.0; n];
    let mut w = vec![1.0; n];
    for k in 0..3 {
        for i in 0..n {
            v[i] = w[i] * x[i] + k as f64;
        }
        let t = v;
        v = w;
        w = t;
    }
    let mut sum = 0.0;
    for i in 0..n {
        sum += w[i] * v[i];
    }
    sum
}

macro_rules! with_hidden_name {
    ($name:ident, $x:ident, $y:expr) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            let x = 2.0;
            let y = $y;
            let t = {
                let x = x * 3.0;
                x + 1.0
            };
            x * y * t
        }
    };
}

with_hidden_name!(same_spelling, x, x * x);
with_hidden_name!(other_spelling, y, y.sin());

macro_rules! for_each_type {
    ($($name:ident: $ty:ty),*) => {$(
        #[differentiable]
        fn $name(x: $ty, n: usize) -> $ty {
            let mut sum = x;
            for i in 0..n {
                sum += x * i as $ty;
            }
            sum
        }
    )*};
}

for_each_type!(double: f64, single: f32);

#[test]
fn inactive_code_runs_as_written() {
    assert_eq!(by_name(3.0, "power"), 9.0);
    assert_eq!(by_name::gradient(3.0, "power"), 6.0);
    assert_eq!(by_name::gradient(3.0, "other"), 2.0);
    assert_eq!(by_order(2.0, 3.0), 4.0);
    assert_eq!(by_order::gradient(2.0, 3.0), (4.0, 0.0));
    assert_eq!(by_order::gradient(3.0, 2.0), (0.0, -1.0));
    let config = Config {
        scale: 2.0,
        weights: [1.0, 3.0],
    };
    assert_eq!(configured(3.0, &config, Mode::Linear), 66.0);
    assert_eq!(configured::gradient(3.0, &config, Mode::Power(1)), 32.0);
    assert_eq!(
        handed_functions(1.0, f64::sqrt, widened),
        2.0_f64.sqrt() + 3.0
    );
    assert_eq!(
        handed_functions::gradient(1.0, f64::sqrt, widened),
        2.0_f64.sqrt() + 3.0
    );
    assert_eq!(inactive_results(1.0, 3), inactive_results::gradient(1.0, 3));
    assert_eq!(inactive_results(1.0, 2), inactive_results::gradient(1.0, 2));
    assert_eq!(inner_items(1.0), inner_items::gradient(1.0));
    assert_eq!(aliased::gradient(0.0, &[1.0, 2.0]).1, [0.0, 0.0]);
    assert_eq!(messages(1.0, 5), messages::gradient(1.0, 5));
    assert_eq!(over_ranges(&[2.0, 3.0, 5.0], 0..2, &(1..=2)), 75.0);
    assert_eq!(
        over_ranges::gradient(&[2.0, 3.0, 5.0], 0..2, &(1..=2)),
        [15.0, 40.0, 15.0]
    );
}

fn scaled(config: &Config, i: &usize) -> f64 {
    config.scale + *i as f64
}

fn entry(row: &[f64], at: &(usize, usize)) -> f64 {
    row[at.0] * at.1 as f64
}

fn positive(n: &usize) -> bool {
    assert!(*n < 9, "a condition that is not asked for");
    *n > 0
}

static STANDARD: Config = Config {
    scale: 2.0,
    weights: [1.0, 3.0],
};

/// References to values that no variable holds, each made when and as often as the call is.
#[differentiable(wrt(x))]
fn lent(
    x: &[f64],
    n: usize,
    config: &Config,
    f: fn(&f64) -> f64,
    g: impl Fn(&[usize], &f64) -> f64,
) -> f64 {
    let mut sum = 0.0;
    let mut i = 0;
    while i < n && positive(&(n - i)) && g(&[i, n], &1.5) > 0.0 {
        let weight: f64 = scaled(config, &(i + 1)) * scaled(&STANDARD, &2)
            + entry(&[1.0, i as f64, 3.0], &(i % 3, n))
            + entry(&TABLE[1], &(0, i))
            + entry(&vec![0.5; 3], &(1, 1))
            + f(&TABLE[0][1])
            + f(&(i as f64));
        sum += weight * x[i];
        i += 1;
    }
    if i > n || !x.is_empty() && g(&[2, 1], &(x.len() as f64)) > 0.0 {
        sum += x[0];
    }
    sum
}

#[test]
fn references_to_fresh_values_are_lent() {
    let config = Config {
        scale: 0.5,
        weights: [1.0, 3.0],
    };
    let g = |places: &[usize], x: &f64| places[0] as f64 + x;
    for n in 0..4 {
        let value = lent(&[1.0; 3], n, &config, |x| x + 1.0, g);
        let gradient = lent::gradient(&[1.0; 3], n, &config, |x| x + 1.0, g);
        assert!(gradient[0] >= 1.0);
        assert_eq!(value, gradient.iter().sum::<f64>());
    }
}

/// Functions that can't be cloned, handed in by value.
#[differentiable]
fn weighted(x: f64, y: f64, weight: impl Fn(usize) -> f64, mut next: impl FnMut() -> f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += weight(i) * x * x * y + next();
    }
    sum
}

/// A value that has no copies.
struct Once(f64);

#[test]
fn functions_that_have_no_copies_are_called_in_place() {
    let once = Once(2.0);
    let weight = |i: usize| once.0 * i as f64;
    let mut calls = Once(0.0);
    let mut next = || {
        calls.0 += 1.0;
        calls.0
    };
    assert_eq!(weighted(3.0, 5.0, weight, &mut next), 270.0 + 6.0);
    assert_eq!(
        weighted::gradient(3.0, 5.0, weight, &mut next),
        (180.0, 54.0)
    );
    let (value, _, hessian) = weighted::value_gradient_hessian(3.0, 5.0, weight, &mut next);
    assert_eq!(value, 270.0 + 24.0);
    assert_eq!(hessian, [[60.0, 36.0], [36.0, 0.0]]);
    let (_, pullback) = weighted::pullback(3.0, 5.0, weight, &mut next);
    assert_eq!(pullback(2.0), (360.0, 108.0));
}

#[test]
fn moved_vectors_carry_their_derivatives() {
    let gradient = ping_pong::gradient(&[0.5, 2.0], 2);
    assert_eq!(gradient, [4.8125, 113.0]);
    assert_eq!(
        ping_pong::jvp(&[0.5, 2.0], 2, &[1.0, 0.0]),
        (ping_pong(&[0.5, 2.0], 2), 4.8125)
    );
}

#[test]
fn names_of_macros_stay_apart() {
    assert_eq!(same_spelling(3.0), 126.0);
    assert_eq!(same_spelling::gradient(3.0), 84.0);
    assert_eq!(other_spelling::gradient(0.0), 14.0);
    assert_eq!(other_spelling(0.0), 0.0);
    assert_eq!((double(1.0, 3), double::gradient(1.0, 3)), (4.0, 4.0));
    assert_eq!((single(1.0, 3), single::gradient(1.0, 3)), (4.0, 4.0));
}
