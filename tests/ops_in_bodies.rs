//! Operations and special functions inside of differentiable functions, against the same bodies written out.

use autodiff::{differentiable, ops, special};

/// Panics unless two lists of numbers agree.
#[track_caller]
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!(
            (a - b).abs() <= 1e-12 * b.abs().max(1.0),
            "{found:?} is not {expected:?}"
        );
    }
}

/// A regression whose error has a normal tail: slices, scalars and results in every position.
#[differentiable]
fn with_operations(a: &[f64], x: &[f64], b: &[f64], scale: f64) -> f64 {
    let y: Vec<f64> = ops::matvec(a, x, 2);
    let mut residual = 0.0;
    for i in 0..2 {
        residual += (y[i] - b[i]) * (y[i] - b[i]) * scale;
    }
    let share = ops::logsumexp(x) * ops::norm(b);
    special::normal_cdf(residual * 0.1) + share + ops::dot(x, x).sqrt()
}

#[differentiable]
fn written_out(a: &[f64], x: &[f64], b: &[f64], scale: f64) -> f64 {
    let n = x.len();
    let mut residual = 0.0;
    for i in 0..2 {
        let mut y = 0.0;
        for j in 0..n {
            y += a[i * n + j] * x[j];
        }
        residual += (y - b[i]) * (y - b[i]) * scale;
    }
    let mut sum = 0.0;
    let mut squares = 0.0;
    let mut norm = 0.0;
    for x in x {
        sum += x.exp();
        squares += x * x;
    }
    for b in b {
        norm += b * b;
    }
    special::normal_cdf(residual * 0.1) + sum.ln() * norm.sqrt() + squares.sqrt()
}

const A: [f64; 6] = [0.5, -0.25, 1.0, 2.0, 0.75, -1.5];
const X: [f64; 3] = [0.3, -0.6, 1.1];
const B: [f64; 2] = [0.8, -0.4];

#[test]
fn first_order() {
    let value = written_out(&A, &X, &B, 0.7);
    assert_close(&[with_operations(&A, &X, &B, 0.7)], &[value]);
    let (found, expected) = (
        with_operations::gradient(&A, &X, &B, 0.7),
        written_out::gradient(&A, &X, &B, 0.7),
    );
    assert_close(&found.0, &expected.0);
    assert_close(&found.1, &expected.1);
    assert_close(&found.2, &expected.2);
    assert_close(&[found.3], &[expected.3]);
    let (da, dx, db) = ([0.1; 6], [1.0, 2.0, -1.0], [0.5, 0.25]);
    let (_, found) = with_operations::jvp(&A, &X, &B, 0.7, &da, &dx, &db, 2.0);
    let (_, expected) = written_out::jvp(&A, &X, &B, 0.7, &da, &dx, &db, 2.0);
    assert_close(&[found], &[expected]);
}

#[test]
fn second_order() {
    let found = with_operations::hessian(&A, &X, &B, 0.7);
    let expected = written_out::hessian(&A, &X, &B, 0.7);
    assert_close(found.as_slice(), expected.as_slice());
}

/// In place, inside of a loop, with a result that is a `Vec`.
#[differentiable]
fn steps(x: &[f64], rate: f64, n: usize) -> f64 {
    let mut y = x.to_vec();
    for _ in 0..n {
        let p: Vec<f64> = ops::softmax(&y);
        ops::axpy(rate, &p, &mut y);
    }
    ops::sum(&y) + ops::max(&y) * special::beta(rate, 2.0)
}

#[test]
fn in_loops() {
    for n in 0..4 {
        let (gradient, slope) = steps::gradient(&X, 0.4, n);
        let h = 1e-6;
        for i in 0..3 {
            let (mut ahead, mut behind) = (X, X);
            ahead[i] += h;
            behind[i] -= h;
            let difference = (steps(&ahead, 0.4, n) - steps(&behind, 0.4, n)) / (2.0 * h);
            assert!((gradient[i] - difference).abs() < 1e-8);
        }
        let difference = (steps(&X, 0.4 + h, n) - steps(&X, 0.4 - h, n)) / (2.0 * h);
        assert!((slope - difference).abs() < 1e-8);
        let hessian = steps::hessian(&X, 0.4, n);
        for i in 0..4 {
            for j in 0..4 {
                assert!((hessian[(i, j)] - hessian[(j, i)]).abs() < 1e-12);
            }
        }
        let (ahead, behind) = (
            steps::gradient(&X, 0.4 + h, n),
            steps::gradient(&X, 0.4 - h, n),
        );
        for i in 0..3 {
            let difference = (ahead.0[i] - behind.0[i]) / (2.0 * h);
            assert!((hessian[(i, 3)] - difference).abs() < 1e-7);
        }
    }
}

/// Every operation that the functions above do not have.
#[differentiable]
fn the_others(a: &[f64], b: &[f64]) -> f64 {
    let x: Vec<f64> = ops::solve(a, b);
    let l: Vec<f64> = ops::cholesky(a, 2);
    let p: Vec<f64> = ops::matmul(a, &l, 2, 2, 2);
    let products: Vec<f64> = ops::outer(&x, b);
    let sums: Vec<f64> = ops::cumsum(&products);
    let filtered: Vec<f64> = ops::conv1d(&sums, &x);
    let logarithms: Vec<f64> = ops::log_softmax(&filtered);
    ops::det(&p, 2) * ops::logdet(a, 2)
        + ops::min(&logarithms) * ops::mean(&sums)
        + ops::norm_squared(&filtered)
}

/// Every special function of one variable.
#[differentiable]
fn special_functions(x: f64) -> f64 {
    let gammas =
        special::gamma(x) + special::lgamma(x) * special::digamma(x) + special::trigamma(x);
    let errors = special::erf(x) * special::erfc(x) + special::normal_quantile(x * 0.5);
    let bessel = special::bessel_j0(x) * special::bessel_y1(x)
        + special::bessel_j1(x) * special::bessel_y0(x);
    gammas * errors + bessel
}

/// In single precision.
#[differentiable]
fn single(x: &[f32]) -> f32 {
    special::erf(ops::sum(x)) * ops::dot(x, x)
}

#[test]
fn the_other_operations() {
    let (a, b) = ([2.0, 0.3, 0.5, 1.5], [0.7, -0.2]);
    let all = |point: &[f64]| the_others(&point[..4], &point[4..]);
    let gradient = |point: &[f64]| {
        let (a_bar, b_bar) = the_others::gradient(&point[..4], &point[4..]);
        [a_bar, b_bar].concat()
    };
    let point = [&a[..], &b[..]].concat();
    let hessian = the_others::hessian(&a, &b);
    let h = 1e-6;
    for i in 0..6 {
        let (mut ahead, mut behind) = (point.clone(), point.clone());
        ahead[i] += h;
        behind[i] -= h;
        let difference = (all(&ahead) - all(&behind)) / (2.0 * h);
        assert!(
            (gradient(&point)[i] - difference).abs() < 1e-7,
            "partial {i}"
        );
        let (ahead, behind) = (gradient(&ahead), gradient(&behind));
        for j in 0..6 {
            let difference = (ahead[j] - behind[j]) / (2.0 * h);
            assert!(
                (hessian[(i, j)] - difference).abs() < 1e-6,
                "second partial {i}, {j}"
            );
            assert!(
                (hessian[(i, j)] - hessian[(j, i)]).abs() < 1e-10,
                "symmetry at {i}, {j}"
            );
        }
    }
}

#[test]
fn the_special_functions() {
    let (x, h) = (0.8, 1e-6);
    let difference = (special_functions(x + h) - special_functions(x - h)) / (2.0 * h);
    let slope = special_functions::gradient(x);
    assert!((slope - difference).abs() < 1e-7 * slope.abs());
    let gradient = special_functions::gradient;
    let difference = (gradient(x + h) - gradient(x - h)) / (2.0 * h);
    let [[curvature]] = special_functions::hessian(x);
    assert!((curvature - difference).abs() < 1e-6 * curvature.abs());
}

#[test]
fn single_precision() {
    let x = [0.5_f32, -0.25];
    let (slope, squares) = (special::erf::gradient(0.25_f32), 0.3125);
    let expected = x.map(|x| slope * squares + special::erf(0.25) * 2.0 * x);
    let found = single::gradient(&x);
    assert!((found[0] - expected[0]).abs() < 1e-6 && (found[1] - expected[1]).abs() < 1e-6);
}

/// What an operation gives needs no annotation.
#[differentiable]
fn entropy(x: &[f64]) -> f64 {
    let shares = ops::softmax(x);
    let logarithms = ops::log_softmax(x);
    -ops::dot(&shares, &logarithms)
}

#[test]
fn results_without_annotation() {
    let x = [0.3, -0.2, 0.7];
    let direction = [0.5, 1.0, -2.0];
    let (_, along) = entropy::jvp(&x, &direction);
    let gradient = entropy::gradient(&x);
    let sum: f64 = gradient.iter().zip(direction).map(|(g, d)| g * d).sum();
    assert!((along - sum).abs() < 1e-14);
    let step = 1e-6;
    let moved = |sign: f64| {
        let x: Vec<f64> = x
            .iter()
            .zip(direction)
            .map(|(x, d)| x + sign * step * d)
            .collect();
        entropy(&x)
    };
    assert!((along - (moved(1.0) - moved(-1.0)) / (2.0 * step)).abs() < 1e-8);
}
