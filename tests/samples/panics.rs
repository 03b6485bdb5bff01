//! Panics: every derivative function panics where the function does, with the same message.

use super::checked;

#[checked(at([0.5, 2.0], 1), panics([0.5, 2.0], 2), panics([], 0))]
fn index_out_of_bounds(x: &[f64], i: usize) -> f64 {
    x[i] * x[i]
}

#[checked(at([0.5, 2.0], [1.0, -1.0]), panics([0.5, 2.0], [1.0]), panics([0.5], []))]
fn lengths_that_differ(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * y[i];
    }
    s
}

#[checked(at(0.5, 2.0), panics(-0.5, 2.0), panics(0.5, -2.0))]
fn failed_assertions(x: f64, y: f64) -> f64 {
    assert!(x > 0.0, "x must be positive, not {x}");
    let z = x * y;
    assert!(z > 0.0);
    z.sqrt()
}

#[checked(at(0.5, 1), panics(0.5, 2))]
fn explicit_panic(x: f64, kind: usize) -> f64 {
    match kind {
        1 => x * x,
        _ => panic!("unknown kind {kind} at x = {x}"),
    }
}

// Only with overflow checks does this panic.
#[cfg(debug_assertions)]
#[checked(at(0.5, 3), panics(0.5, 2))]
fn subtraction_below_zero(x: f64, n: usize) -> f64 {
    let m = n - 3;
    x * x * m as f64 + x
}

#[checked(at(0.5, 6, 4), panics(0.5, 6, 0))]
fn integer_division_by_zero(x: f64, a: usize, b: usize) -> f64 {
    x.powi((a / b) as i32)
}

#[checked(at([0.5, 2.0, -1.0], 3), panics([0.5, 2.0, -1.0], 4), panics([], 1))]
fn out_of_bounds_after_some_iterations(x: &[f64], n: usize) -> f64 {
    let mut work = vec![1.0; n];
    for i in 0..n {
        work[i] = x[i] * x[i];
    }
    let mut s = 0.0;
    for i in 0..n {
        s += work[i];
    }
    s
}

#[checked(at(0.5), panics(1.5))]
fn unused_value_that_panics(x: f64) -> f64 {
    let table = [1.0, 2.0];
    let i = (x * 2.0) as usize;
    let _unused = table[i];
    x * x
}

#[checked(at([0.5, 2.0], 1.0), panics([0.5, 2.0], 3.0), panics([0.5], 1.0))]
fn in_out_that_panics(x: &mut [f64], a: f64) -> f64 {
    x[0] *= a;
    assert!(x[0] < 1.0, "too large: {}", x[0]);
    x[1] += x[0];
    x[1] * a
}

// Only with overflow checks does this panic.
#[cfg(debug_assertions)]
#[checked(at(0.5, 200), panics(0.5, 250))]
fn overflowing_addition(x: f64, k: u8) -> f64 {
    let sum = k + 20;
    x * f64::from(sum)
}
