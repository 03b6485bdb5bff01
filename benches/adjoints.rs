//! Generated derivatives beside the best that we can write by hand, in one run.
//!
//! `cargo bench --bench adjoints`; each group has a line `generated` and a line `by hand`.

use std::hint::black_box;

use autodiff::{Workspace, differentiable};
use criterion::{Criterion, criterion_group, criterion_main};

#[differentiable(order = 1)]
fn squared_differences(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (x[i] - y[i]).powi(2);
    }
    sum
}

fn squared_differences_by_hand(x: &[f64], y: &[f64], x_bar: &mut [f64], y_bar: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    let adjoints = x_bar.iter_mut().zip(y_bar);
    for ((x, y), (x_bar, y_bar)) in x.iter().zip(y).zip(adjoints) {
        let difference = x - y;
        sum += difference * difference;
        *x_bar = 2.0 * difference;
        *y_bar = -2.0 * difference;
    }
    sum
}

#[differentiable(order = 1)]
fn recurrence(mut x: f64, c: f64, n: usize) -> f64 {
    for _ in 0..n {
        x = x * x + c;
    }
    x
}

fn recurrence_by_hand(mut x: f64, c: f64, n: usize, kept: &mut [f64]) -> (f64, f64) {
    for kept in &mut kept[..n] {
        *kept = x;
        x = x * x + c;
    }
    let (mut x_bar, mut c_bar) = (1.0, 0.0);
    for kept in kept[..n].iter().rev() {
        c_bar += x_bar;
        x_bar *= 2.0 * kept;
    }
    (x_bar, c_bar)
}

#[differentiable(order = 1)]
fn layer(w: &[f64], x: &[f64], rows: usize) -> f64 {
    let n = x.len();
    let mut sum = 0.0;
    for i in 0..rows {
        let mut row = 0.0;
        for j in 0..n {
            row += w[i * n + j] * x[j];
        }
        sum += row.tanh();
    }
    sum
}

fn layer_by_hand(w: &[f64], x: &[f64], w_bar: &mut [f64], x_bar: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    x_bar.fill(0.0);
    for (w, w_bar) in w.chunks_exact(x.len()).zip(w_bar.chunks_exact_mut(x.len())) {
        let row: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
        let value = row.tanh();
        sum += value;
        let row_bar = 1.0 - value * value;
        for ((w, w_bar), (x, x_bar)) in w.iter().zip(w_bar).zip(x.iter().zip(&mut *x_bar)) {
            *w_bar = x * row_bar;
            *x_bar += w * row_bar;
        }
    }
    sum
}

fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.7).sin() * 0.4).collect()
}

fn adjoints(criterion: &mut Criterion) {
    let (x, y) = (numbers(1000), numbers(2000).split_off(1000));
    let (mut x_bar, mut y_bar) = (vec![0.0; 1000], vec![0.0; 1000]);
    let mut workspace = Workspace::new();
    let mut group = criterion.benchmark_group("squared differences, n = 1000");
    group.bench_function("generated", |bencher| {
        bencher.iter(|| {
            let (x, y) = (black_box(&x), black_box(&y));
            squared_differences::gradient_into_with(&mut workspace, x, y, &mut x_bar, &mut y_bar)
        });
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter(|| {
            squared_differences_by_hand(black_box(&x), black_box(&y), &mut x_bar, &mut y_bar)
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("x = x * x + c, n = 1000");
    let mut kept = vec![0.0; 1000];
    group.bench_function("generated", |bencher| {
        bencher.iter(|| {
            let (mut x_bar, mut c_bar) = (0.0, 0.0);
            let (x, c) = black_box((0.3, 0.1));
            recurrence::vjp_into_with(&mut workspace, x, c, 1000, 1.0, &mut x_bar, &mut c_bar);
            (x_bar, c_bar)
        });
    });
    group.bench_function("generated, gradient", |bencher| {
        bencher.iter(|| recurrence::gradient(black_box(0.3), black_box(0.1), 1000));
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter(|| recurrence_by_hand(black_box(0.3), black_box(0.1), 1000, &mut kept));
    });
    group.finish();

    let (w, x) = (numbers(64 * 64), numbers(64));
    let (mut w_bar, mut x_bar) = (vec![0.0; 64 * 64], vec![0.0; 64]);
    let mut group = criterion.benchmark_group("layer of 64 by 64");
    group.bench_function("generated", |bencher| {
        bencher.iter(|| {
            let (w, x) = (black_box(&w), black_box(&x));
            layer::gradient_into_with(&mut workspace, w, x, 64, &mut w_bar, &mut x_bar)
        });
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter(|| layer_by_hand(black_box(&w), black_box(&x), &mut w_bar, &mut x_bar));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = adjoints
}
criterion_main!(benches);
