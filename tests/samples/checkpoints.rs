//! Loops whose iterations are run again in segments.

use super::checked;

#[checked(
    at(0.4, 3.2, 0),
    at(0.4, 3.2, 1),
    at(0.4, 3.2, 2),
    at(0.4, 2.9, 3),
    at(0.4, 3.2, 10),
    at(0.4, 2.9, 16)
)]
fn logistic_map(x: f64, r: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint]
    for _ in 0..n {
        y = r * y * (1.0 - y);
    }
    y
}

#[checked(at([0.5, 0.2, 0.9, 0.1], 0.3, 0), at([0.5, 0.2, 0.9, 0.1], 0.3, 1), at([0.5, 0.2, 0.9, 0.1], 0.3, 7))]
fn heat_in_place(start: &[f64], rate: f64, steps: usize) -> f64 {
    let mut u = start.to_vec();
    #[checkpoint(every = 3)]
    for t in 0..steps {
        for i in 1..u.len() - 1 {
            u[i] += rate * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i].sin();
        }
        u[0] *= 1.0 + 0.01 * t as f64;
    }
    let mut total = 0.0;
    for i in 0..u.len() {
        total += u[i] * u[i];
    }
    total
}

#[checked(at([0.5, 0.2, 0.9], [1.0, -0.5, 0.25], 9), at([0.5, 0.2, 0.9], [1.0, -0.5, 0.25], 2))]
fn two_fields(p: [f64; 3], q: [f64; 3], steps: usize) -> f64 {
    let (mut p, mut q) = (p, q);
    let mut energy = 0.0;
    #[checkpoint]
    for t in 0..steps {
        for i in 0..3 {
            p[i] -= 0.1 * q[i].sin();
        }
        for i in 0..3 {
            q[i] += 0.1 * p[i] * p[(i + 1) % 3];
        }
        if t % 2 == 0 {
            energy += p[0] * q[2];
        }
    }
    energy + p[1] * q[1]
}

#[checked(at([0.5, 0.2, 0.9], 2), at([0.5, 0.2, 0.9], 5))]
fn in_out_state(x: &mut [f64], n: i32) {
    #[checkpoint(every = 2)]
    for k in (-n..n).rev() {
        for i in 1..x.len() {
            x[i] = (x[i] * x[i - 1]).cos() + 0.1 * f64::from(k);
        }
        x[0] = x[0].tanh();
    }
}

#[checked(at(0.4, 0.7, 1), at(0.4, 0.7, 4), at(0.4, 0.7, 11))]
fn strides(x: f64, y: f64, n: u32) -> (f64, f64) {
    let mut state = [(x, y), (y, x)];
    let mut last = 0.0;
    #[checkpoint]
    for k in (2..=n).rev().step_by(2) {
        let factor = 1.0 / f64::from(k);
        if k % 4 == 0 {
            continue;
        }
        state[0].0 = state[1].1 * factor + state[0].1.sin();
        state[1] = (state[0].0 * x, state[1].0);
        last = state[0].0 * state[1].0;
    }
    (last, state[0].0 + state[1].1)
}

#[checked(at([0.5, 0.2, 0.9], 5))]
fn memory_that_changes_before_and_behind(x: &[f64; 3], n: usize) -> f64 {
    let mut weights = [x[0], x[1] * x[2]];
    let mut counts = vec![0; 3];
    let mut total = 1.0;
    weights[0] *= 2.0;
    #[checkpoint]
    for i in 0..n {
        counts[i % 3] += 1;
        total = total * weights[i % 2] + x[i % 3].exp() * counts[i % 3] as f64;
    }
    weights[1] *= total;
    weights[0] + weights[1] * counts[0] as f64
}

#[checked(at([0.5, 0.2, 0.9], 3), at([0.5, 0.2, 0.9], 1))]
fn local_arrays_in_iterations(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    #[checkpoint(every = 2)]
    for _ in 0..n {
        let mut k = vec![0.0; v.len()];
        for i in 0..v.len() {
            k[i] = v[i] * v[(i + 1) % v.len()];
        }
        for i in 0..v.len() {
            v[i] += 0.5 * k[i].sqrt();
        }
    }
    v.iter().sum()
}

#[checked(at(0.4, 5), at(0.2, 2))]
fn one_behind_the_other(x: f64, n: usize) -> f64 {
    let mut a = [x, 1.0];
    #[checkpoint]
    for _ in 0..n {
        a[0] = (a[0] * a[1]).sin();
    }
    #[checkpoint(every = 1)]
    for i in 0..n {
        a[1] += a[0] * a[1] / (i as f64 + 1.0);
        a[0] *= a[1];
    }
    a[0] * a[1]
}

#[checked(at(0.5, 3), panics(0.5, 12), panics(0.5, 1000000000000))]
fn an_index_that_panics(x: f64, n: usize) -> f64 {
    let mut y = [x; 8];
    #[checkpoint]
    for i in 0..n {
        y[i + 1] = y[i] * y[i] + 0.1;
    }
    y[2] + y[7]
}

#[checked(at([0.5, 0.2, 0.9], 5), at([0.5, 0.2, 0.9], 0))]
fn integers_overwritten_in_sums(x: &[f64], n: usize) -> f64 {
    let mut order = vec![0; x.len()];
    let mut total = 0.0;
    for k in 0..n {
        for i in 0..x.len() {
            order[i] = (i * k + 1) % x.len();
        }
        let mut product = 1.0_f64;
        for i in 0..x.len() {
            product *= x[order[i]] + product.sin();
        }
        total += product;
    }
    total
}
