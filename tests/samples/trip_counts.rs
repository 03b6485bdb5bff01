//! Trip counts: announced but not run, different in each iteration of an outer loop, wider than their type.

use super::checked;

#[checked(at(0.5, 0), at(0.5, 2), at(0.5, 18_446_744_073_709_551_615))]
fn converged_long_before_the_end(x: f64, n: usize) -> f64 {
    let mut y = x;
    for k in 0..n {
        let next = (y + x / y) * 0.5 + k as f64 * 1e-3;
        if (next - y).abs() < 0.05 || k > 6 {
            break;
        }
        y = next.sqrt();
    }
    y
}

#[checked(at([0.5, 2.0, -0.3], 18_446_744_073_709_551_615), at([0.5], 18_446_744_073_709_551_615), at([0.7, 0.2], 1), at([], 0))]
fn returned_from_within_two_endless_loops(x: &[f64], n: usize) -> f64 {
    let mut y = 0.4;
    for i in 0..n {
        for j in (0..n).rev() {
            if i >= x.len() {
                return y * y;
            }
            y = (y * x[i]).sin() + 0.1 * y;
            if n - j > 3 {
                break;
            }
        }
    }
    y
}

#[checked(at([0.5, 2.0, -0.3], 18_446_744_073_709_551_615), at([0.5], 2), at([], 7))]
fn inner_loop_that_never_runs(x: &[f64], n: usize) -> f64 {
    let mut y = 0.4;
    for i in 0..x.len() {
        y = (y * x[i]).sin();
        if i > 7 {
            for _ in 0..n {
                y = (y * x[0]).cos();
            }
        }
    }
    y
}

#[checked(at([0.5, 1.2, -0.3, 0.8], 4), at([0.5, 1.2, -0.3, 0.8], 3), at([0.5], 1), at([0.5], 0))]
fn three_loops_of_which_two_are_triangular(x: &[f64], n: usize) -> f64 {
    let mut y = 0.4;
    for i in 0..n {
        for j in 0..=i {
            for k in (j..i).rev() {
                y = (y * x[k]).sin() + x[j] * y;
            }
            y = (y * x[i]).cos();
        }
    }
    y
}

#[checked(at([0.5, 1.2, -0.3, 0.8], 5), at([0.5, 1.2, -0.3, 0.8], 2), at([0.5, 0.1, 0.2, 0.3], 0))]
fn rows_that_are_skipped(x: &[f64], n: usize) -> f64 {
    let mut y = 0.4;
    for i in (0..n).rev() {
        if i % 3 == 1 {
            continue;
        }
        for j in 0..4 {
            if (i + j) % 2 == 0 {
                y = (y * x[j]).sin() + y * y;
            }
        }
    }
    y
}

#[checked(at([0.5, 1.2, -0.3, 0.8], 3), at([0.5, 1.2, -0.3], 1), at([0.5], 2), at([0.4, 0.6], 0))]
fn rows_of_lengths_computed_inside(x: &[f64], steps: usize) -> f64 {
    let mut u = x.to_vec();
    for t in 0..steps {
        let n = u.len() - 1;
        for i in (0..n).rev() {
            u[i] = (u[i] * u[i + 1]).sin();
        }
        let half = (n + 1) / 2;
        for i in half..=n {
            u[i] = (u[i] * u[0]).cos() * u[i];
        }
        for _ in 0..(n * 2).min(3).max(1) {
            u[0] = (u[0] + t as f64).tanh() * u[n];
        }
    }
    u[0] + u[u.len() - 1]
}

#[checked(at([0.5, 1.2, -0.3, 0.8], 4), at([0.5, 1.2, -0.3, 0.8], 1), at([0.5, 1.2, -0.3, 0.8], 0))]
fn rows_of_different_lengths_run_again(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    let mut work = [0.0; 4];
    for i in 0..n {
        for j in 0..4 {
            work[j] = x[j] * (i + j) as f64 * 0.1;
        }
        for j in 0..(7 * i) % 4 {
            for k in j..4 {
                work[j] = (work[j] * x[k]).sin() + work[k] * work[j];
            }
        }
        sum += work[0] * work[1] + work[2] * work[3];
    }
    sum
}

#[checked(at(0.5, 126), at(0.5, -128), at(0.5, 3))]
fn more_steps_than_the_greatest_index(x: f64, last: i8) -> f64 {
    let mut y = x;
    for k in i8::MIN..=i8::MAX {
        y = (y * x + k as f64 * 0.01).sin() * (k as f64 * 0.02).cos();
        if k == last {
            break;
        }
    }
    y
}

#[checked(at(0.5, 99), at(0.5, -100), at(0.5, 3))]
fn more_steps_than_the_greatest_index_downwards(x: f64, last: i8) -> f64 {
    let mut y = x;
    for k in (-100_i8..100).rev() {
        y = (y * x + k as f64 * 0.01).sin() * (k as f64 * 0.02).cos();
        if k == last {
            break;
        }
    }
    y
}

#[checked(at(0.5, 1), at(0.5, 3), at(-0.2, 2))]
fn inner_loop_over_a_whole_type(x: f64, n: u8) -> f64 {
    let mut y = x;
    for i in 0..n {
        for k in (i8::MIN..i8::MAX).step_by(50) {
            y = (y * x + k as f64 * 0.01).sin() + i as f64 * 0.1 * y;
        }
        for k in (u8::MIN..=u8::MAX).rev().step_by(100) {
            y = (y * x - k as f64 * 0.01).cos();
        }
    }
    y
}

#[checked(at(0.5, 9_223_372_036_854_775_807), at(0.5, -9_223_372_036_854_775_808), at(0.5, 0))]
fn nearly_a_whole_wide_type(x: f64, low: i64) -> f64 {
    let mut y = x;
    for k in low..=i64::MAX {
        y = (y * x).sin() + (k % 3) as f64 * y;
        if k - low == 3 {
            break;
        }
    }
    for k in (i64::MIN..=low).rev() {
        if low.abs_diff(k) == 3 {
            return y * x;
        }
        y = (y * x).cos() + (k % 3) as f64 * y;
    }
    y
}
