//! Assertions, constants, statics, printing, and calls whose arguments or results are inactive.

use super::checked;

const GRAVITY: f64 = 9.81;
const WEIGHTS: [f64; 3] = [0.25, 0.5, 0.25];
const ORDER: usize = 3;
static TABLE: [[f64; 2]; 2] = [[1.0, 0.5], [-0.5, 2.0]];

mod quadrature {
    pub const POINTS: usize = 3;
    pub const NODES: [f64; POINTS] = [-0.774_596_669_241_483_4, 0.0, 0.774_596_669_241_483_4];

    pub fn weight(i: usize) -> f64 {
        if i == 1 { 8.0 / 9.0 } else { 5.0 / 9.0 }
    }
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|k| k as f64).product()
}

fn bucket(x: f64) -> usize {
    if x < 1.0 { 0 } else { 2 }
}

fn is_large(x: f64) -> bool {
    x.abs() > 1.0
}

fn describe(values: &[f64]) -> usize {
    values.iter().filter(|value| **value > 0.0).count()
}

#[checked(at(0.5, 2.0))]
fn named_constants(theta: f64, length: f64) -> f64 {
    -GRAVITY / length * theta.sin() + WEIGHTS[1] * theta
}

#[checked(at([0.5, 2.0, 1.0, -1.0, 0.3]), at([0.5, 2.0, 1.0]))]
fn smoothing_by_constant_weights(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() + 1 - ORDER {
        let mut y = 0.0;
        for k in 0..ORDER {
            y += WEIGHTS[k] * x[i + k];
        }
        s += y * y;
    }
    s
}

#[checked(at([0.5, 2.0]))]
fn statics(x: [f64; 2]) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        for j in 0..2 {
            s += x[i] * TABLE[i][j] * x[j];
        }
    }
    s
}

#[checked(at(0.5, 2.0), at(-1.0, 1.0))]
fn constants_declared_inside(x: f64, y: f64) -> f64 {
    const HALF: f64 = 0.5;
    const COUNT: usize = 2;
    let mut s = 0.0;
    for i in 0..COUNT {
        s += HALF * x.powi(i as i32 + 1) * y;
    }
    s
}

#[checked(at(0.5, 2.0), at(0.0, 1.0))]
fn gauss_quadrature(a: f64, b: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..quadrature::POINTS {
        let t = 0.5 * (a + b) + 0.5 * (b - a) * quadrature::NODES[i];
        s += quadrature::weight(i) * (t * t).sin();
    }
    0.5 * (b - a) * s
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 5))]
fn taylor_with_an_inactive_call(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for k in 0..=n {
        s += x.powi(k as i32) / factorial(k);
    }
    s
}

#[checked(at(0.5, 3.0), at(1.5, 3.0))]
fn annotated_inactive_result(x: f64, y: f64) -> f64 {
    let i: usize = bucket(x);
    let table = [x, y, x * y];
    table[i] * y
}

#[checked(at(0.5, 3.0), at(1.5, 3.0))]
fn result_used_as_an_index(x: f64, y: f64) -> f64 {
    let table = [x * 2.0, y, x * y];
    table[bucket(x * 1.1)] + x
}

#[checked(at(0.5, 3.0), at(1.5, 3.0))]
fn result_used_as_a_condition(x: f64, y: f64) -> f64 {
    if is_large(x) { x * y } else { x + y * y }
}

#[checked(at([0.5, -3.0, 1.0]), at([]))]
fn result_used_as_a_bound(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in 0..describe(x) {
        s += x[i] * s;
    }
    s
}

#[checked(at(0.5, 3.0), at(1.5, 3.0))]
fn assertions(x: f64, y: f64) -> f64 {
    assert!(x > 0.0);
    assert!(y != x, "x and y must differ: {x} and {}", y);
    let z = x * y;
    assert_eq!(1 + 1, 2, "arithmetic");
    assert_ne!(z, 0.0);
    debug_assert!(z.is_finite(), "z = {z:?}");
    z * z
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn assertions_inside_loops(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        y = y * x + 1.0;
        debug_assert!(y > 0.0, "step {i}: {y}");
        assert!(i < n);
    }
    y
}

#[checked(at(0.5, 2), at(0.5, 0))]
fn a_panic_that_is_not_reached(x: f64, k: usize) -> f64 {
    match k {
        0 => x,
        2 => x * x,
        _ => panic!("no such kind: {k}"),
    }
}

#[checked(at(0.5, 2), at(0.5, 1))]
fn unreachable_arms(x: f64, k: usize) -> f64 {
    let y = if k % 2 == 0 {
        x.sin()
    } else if k % 2 == 1 {
        x * x
    } else {
        unreachable!()
    };
    y * x
}

#[checked(at(0.5, 2.0, [1.0, 2.0]), options(wrt(x, y)))]
fn inactive_parameters_in_calls(x: f64, y: f64, data: &[f64]) -> f64 {
    let n = describe(data);
    let mut s = x;
    for i in 0..n {
        s += y * data[i] * factorial(i);
    }
    s * s
}

#[checked(at(1.5, 0.5))]
fn limits_of_the_type(x: f64, y: f64) -> f64 {
    let mut best = f64::INFINITY;
    let candidates = [x * x, x * y, y + 3.0];
    for i in 0..3 {
        if candidates[i] < best {
            best = candidates[i];
        }
    }
    let mut worst = f64::NEG_INFINITY;
    for i in 0..3 {
        worst = worst.max(candidates[i]);
    }
    best * worst
}

#[checked(at(0.5, 2.0))]
fn questions_about_values(x: f64, y: f64) -> f64 {
    let z = x / y;
    if z.is_nan() || z.is_infinite() || !z.is_finite() {
        return 0.0;
    }
    if z.is_sign_negative() {
        -z * x
    } else {
        z * y * x
    }
}
