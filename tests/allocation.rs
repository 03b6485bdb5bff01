//! Repeated calls with a workspace allocate nothing.

// The bodies are written as people write them, whatever clippy would have had instead.
#![allow(clippy::all)]

use autodiff::{Workspace, differentiable};

/// A recurrence: its reverse needs a tape as long as the loop.
#[differentiable]
fn recurrence(x: f64, c: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y * y + c;
    }
    y
}

/// A loop whose number of iterations is known only at its end.
#[differentiable]
fn newton(a: f64, start: f64) -> f64 {
    let mut y = start;
    while (y * y - a).abs() > 1e-12 {
        y = 0.5 * (y + a / y);
    }
    y
}

/// Nested loops that overwrite an array.
#[differentiable]
fn diffuse(x: &[f64; 8], rate: f64, steps: usize) -> f64 {
    let mut u = *x;
    for _ in 0..steps {
        for i in 1..7 {
            u[i] += rate * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i];
        }
    }
    let mut energy = 0.0;
    for i in 0..8 {
        energy += u[i] * u[i];
    }
    energy
}

/// An ordinary loss over slices.
#[differentiable]
fn loss(w: &[f64], x: &[f64], y: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..y.len() {
        let mut activation = 0.0;
        for j in 0..w.len() {
            activation += w[j] * x[i * w.len() + j];
        }
        let residual = activation.tanh() - y[i];
        loss += residual * residual;
    }
    loss
}

/// Tapes of different sizes, and rows of different lengths.
#[differentiable]
fn rows(x: &[f64], steps: usize) -> f64 {
    let mut y = 0.5;
    for i in 0..x.len() {
        for j in 0..i {
            y = (y * x[i]).sin() + x[j];
        }
    }
    for i in 0..steps {
        y = (y + x[i % x.len()]).cos() * y;
    }
    y
}

/// Loops that announce far more than they run.
#[differentiable]
fn announced(x: &[f64], n: usize) -> f64 {
    let mut y = 0.5;
    for i in 0..x.len() {
        if i == 100 {
            for _ in 0..n {
                y = (y * x[i]).sin();
            }
        }
        for _ in i..n.min(i + 3) {
            y = (y * x[i]).cos();
        }
    }
    for i in (0..n).rev() {
        y = (y * x[0]).sin() + y;
        if i + 10 < n {
            break;
        }
    }
    y
}

/// Checks that `call` allocates nothing from its second run on.
#[track_caller]
fn check(mut call: impl FnMut(&mut Workspace) -> f64) {
    let mut workspace = Workspace::new();
    let first = call(&mut workspace);
    for _ in 0..3 {
        let mut again = f64::NAN;
        let allocations = allocation_counter::measure(|| again = call(&mut workspace));
        assert_eq!(allocations.count_total, 0, "allocations of a warm call");
        assert_eq!(again, first, "the value of a warm call");
    }
}

#[test]
fn warm_calls_allocate_nothing() {
    let (mut a, mut b) = (0.0, 0.0);
    check(|workspace| recurrence::gradient_into_with(workspace, 0.1, 0.2, 500, &mut a, &mut b));
    check(|workspace| recurrence::vjp_into_with(workspace, 0.1, 0.2, 500, 1.0, &mut a, &mut b));
    check(|workspace| newton::gradient_into_with(workspace, 2.0, 1.0, &mut a, &mut b));
    let mut u_bar = [0.0; 8];
    let u = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    check(|workspace| diffuse::gradient_into_with(workspace, &u, 0.1, 100, &mut u_bar, &mut a));
    let x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    check(|workspace| rows::gradient_into_with(workspace, &x, 100, &mut u_bar));
    check(|workspace| announced::gradient_into_with(workspace, &x, 1 << 30, &mut u_bar));
    let (mut w_bar, mut x_bar, mut y_bar) = ([0.0; 3], [0.0; 12], [0.0; 4]);
    let x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2];
    check(|workspace| {
        let (w, y) = ([0.5, -0.5, 0.25], [0.0, 1.0, 0.0, 1.0]);
        loss::gradient_into_with(workspace, &w, &x, &y, &mut w_bar, &mut x_bar, &mut y_bar)
    });
}

/// The most memory that a tape reserves on the strength of a trip count, in bytes.
const RESERVED: u64 = 8 << 20;

#[test]
fn memory_follows_what_runs() {
    let x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    let calls: [(&str, &dyn Fn()); 4] = [
        ("gradient", &|| _ = announced::gradient(&x, 1 << 40)),
        ("pullback", &|| _ = announced::pullback(&x, 1 << 40).1(1.0)),
        ("hvp", &|| _ = announced::hvp(&x, 1 << 40, &x)),
        ("hessian", &|| _ = announced::hessian(&x, 1 << 40)),
    ];
    for (name, call) in calls {
        let allocations = allocation_counter::measure(call);
        assert!(
            allocations.bytes_max < 3 * RESERVED,
            "{name} took {} bytes",
            allocations.bytes_max
        );
    }
}
