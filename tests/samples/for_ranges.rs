//! `for` over every kind of integer range, with trip counts 0, 1, 2, 3.

use super::checked;

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn half_open(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y * y + x;
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn inclusive(x: f64, n: usize) -> f64 {
    let mut y = 1.0;
    for i in 1..=n {
        y += x.powi(i as i32) / i as f64;
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn reversed(x: f64, n: usize) -> f64 {
    let mut y = 1.0;
    for i in (0..n).rev() {
        y = y * x + (i + 1) as f64 * x.sin();
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn inclusive_reversed(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (1..=n).rev() {
        y = (y + i as f64).sqrt() * x;
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3), at(0.5, 7), at(0.5, 8))]
fn stepped(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).step_by(3) {
        y = y * x + i as f64;
    }
    y
}

#[checked(at(0.5, 1, 6), at(0.5, 6, 1), at(0.5, 3, 3), at(0.5, 0, 5))]
fn stepped_inclusive(x: f64, from: usize, to: usize) -> f64 {
    let mut y = 1.0 + x;
    for i in (from..=to).step_by(2) {
        y *= x + i as f64;
    }
    y
}

#[checked(at(0.5, 7), at(0.5, 0), at(0.5, 1), at(0.5, 4))]
fn reversed_and_stepped(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).rev().step_by(2) {
        y = y.sin() + x * i as f64;
    }
    y
}

#[checked(at(0.5, 7), at(0.5, 0), at(0.5, 1), at(0.5, 4))]
fn stepped_and_reversed(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).step_by(2).rev() {
        y = y.sin() + x * i as f64;
    }
    y
}

#[checked(at(0.5, -2, 2), at(0.5, 2, -2), at(0.5, -1, 0))]
fn signed_bounds(x: f64, from: i32, to: i32) -> f64 {
    let mut y = 0.0;
    for k in from..to {
        y += (k as f64 * x).cos() * x;
    }
    y
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn other_integer_types(x: f64, n: u8) -> f64 {
    let mut y = x;
    for i in 0..n {
        y = y * y + f64::from(i);
    }
    for j in -2_i64..3 {
        y += x * j as f64 * y;
    }
    for k in 1_u32..=2 {
        y *= x.powi(k as i32);
    }
    y
}

#[checked(at(0.5, 4), at(0.5, 0), at(0.5, 1))]
fn bounds_from_expressions(x: f64, n: usize) -> f64 {
    let m = n / 2;
    let mut y = x;
    for i in m..2 * n - m {
        y += (i - m) as f64 * x * y;
    }
    y
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn bound_changed_inside_the_loop(x: f64, n: usize) -> f64 {
    let mut m = n;
    let mut y = x;
    for i in 0..m {
        m += i;
        y = y * x + m as f64;
    }
    y * m as f64
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1), at(0.5, 2))]
fn index_shadowed_and_reused(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let i = i * i + 1;
        y += x / i as f64;
    }
    for i in 0..n {
        y *= 1.0 + x * i as f64;
    }
    y
}

#[checked(at(0.5, 2.0, 0), at(0.5, 2.0, 1), at(0.5, 2.0, 2), at(0.5, 2.0, 3))]
fn swapped_in_a_loop(x: f64, y: f64, n: usize) -> f64 {
    let mut a = x;
    let mut b = y;
    for _ in 0..n {
        let t = a * 1.5;
        a = b;
        b = t + x;
    }
    a * a + b
}

#[checked(at(0.5, 2.0, 0), at(0.5, 2.0, 1), at(0.5, 2.0, 2), at(0.5, 2.0, 5))]
fn three_variables_rotating(x: f64, y: f64, n: usize) -> f64 {
    let (mut a, mut b, mut c) = (x, y, x * y);
    for _ in 0..n {
        (a, b, c) = (b * c, c + a, a.sin());
    }
    a + b * c
}

#[checked(at(0.3, 0), at(0.3, 1), at(0.3, 2), at(0.3, 4))]
fn carried_integer(x: f64, n: usize) -> f64 {
    let mut k = 1;
    let mut y = x;
    for _ in 0..n {
        k = 2 * k + 1;
        y = y * x + k as f64 * x;
    }
    y
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1), at(0.5, 2))]
fn overwritten_each_time(x: f64, n: usize) -> f64 {
    let mut last = 1.0;
    let mut s = 0.0;
    for i in 0..n {
        last = x * (i + 1) as f64;
        s += last * last;
    }
    s + last
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1), at(0.5, 2))]
fn used_before_overwritten(x: f64, n: usize) -> f64 {
    let mut previous = x;
    let mut s = 0.0;
    for i in 0..n {
        s += previous * (i + 1) as f64;
        previous = x.powi(i as i32 + 2);
    }
    s * previous
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn empty_body_and_unused_results(x: f64, n: usize) -> f64 {
    let mut unused = x;
    for _ in 0..n {
        unused *= x;
    }
    for _ in 0..n {}
    x * 2.0
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn loop_of_constants(x: f64, n: usize) -> f64 {
    let mut weight = 1.0;
    for i in 0..n {
        weight = 0.5 * weight + i as f64;
    }
    weight * x * x
}

#[checked(at([0.5, 2.0, -1.0, 0.3, 1.0]), at([0.5]), at([0.5, 2.0]), at([]))]
fn two_loops_in_a_row(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i];
    }
    let mut t = s;
    for i in 0..x.len() {
        t = t * 0.5 + x[i] * s;
    }
    t
}

#[checked(at([0.5, 2.0, -1.0, 0.3, 1.0]), at([0.5]), at([0.5, 2.0]), at([]))]
fn even_then_odd(x: &[f64]) -> f64 {
    let mut even = 1.0;
    for i in (0..x.len()).step_by(2) {
        even *= x[i] + 1.5;
    }
    let mut odd = 0.0;
    for i in (1..x.len()).step_by(2) {
        odd += x[i] * even;
    }
    even - odd
}

#[checked(at(0.1, 100), at(0.9, 50))]
fn many_iterations(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = 0.5 * (y + x / y.abs().max(0.1)) + 0.01 * y.sin();
    }
    y
}

#[checked(at(0.5, 250), at(0.5, 254))]
fn near_the_end_of_a_type(x: f64, from: u8) -> f64 {
    let mut y = x;
    for i in from..=255 {
        y = y * x + f64::from(i) / 256.0;
    }
    y
}
