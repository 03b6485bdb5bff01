//! Slices of any length, empty ones too.

use super::checked;

#[checked(at([]), at([0.5]), at([0.5, 2.0]), at([0.5, 2.0, -1.0]))]
fn sum_of_squares(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * x[i];
    }
    s
}

#[checked(at([], []), at([0.5], [1.0]), at([0.5, 2.0], [1.0, -1.0]), at([0.5, 2.0, -1.0], [0.1, 0.2, 0.3]))]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * y[i];
    }
    s
}

#[checked(at([0.5], [1.0]), at([0.5, 2.0], [1.0, -1.0]), at([], []))]
fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    let mut acc = 0.0;
    for i in 0..x.len() {
        acc += (x[i] - y[i]).powi(2);
    }
    acc
}

#[checked(at([0.5]), at([0.5, 2.0]), at([0.5, 2.0, -1.0, 3.0]))]
fn mean_and_variance(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mut mean = 0.0;
    for i in 0..x.len() {
        mean += x[i];
    }
    mean /= n;
    let mut variance = 0.0;
    for i in 0..x.len() {
        let d = x[i] - mean;
        variance += d * d;
    }
    (mean, variance / n)
}

#[checked(at([0.5]), at([0.5, 2.0]), at([0.5, 2.0, -1.0]), at([3.0, 1.0, 4.0, -1.5]))]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut m = x[0];
    for i in 1..x.len() {
        m = m.max(x[i]);
    }
    let mut s = 0.0;
    for i in 0..x.len() {
        s += (x[i] - m).exp();
    }
    m + s.ln()
}

#[checked(at([]), at([0.5]), at([0.5, 2.0]), at([0.5, 2.0, -1.0]))]
fn product_of_all(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for i in 0..x.len() {
        p *= x[i];
    }
    p
}

#[checked(at([0.5, 2.0, -1.0, 0.3], 0.1), at([0.5, 2.0], 0.1), at([0.5], 2.0))]
fn total_variation(u: &[f64], eps: f64) -> f64 {
    let mut tv = 0.0;
    for i in 1..u.len() {
        let d = u[i] - u[i - 1];
        tv += (d * d + eps * eps).sqrt();
    }
    tv
}

#[checked(at([0.5, 2.0, -1.0]), at([0.5]))]
fn cumulative_sums(x: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i];
        out[i] = s * s;
    }
    out
}

#[checked(at([], [1.0]), at([1.0, 2.0], [0.5, 3.0, 1.0]))]
fn slices_of_different_lengths(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        for j in 0..b.len() {
            s += (a[i] * b[j]).sin();
        }
    }
    s + b[0]
}

#[checked(at([1.0, 2.0, 0.5], [2, 0, 0, 1]), at([1.0, 2.0, 0.5], []), at([1.0], [0, 0, 0]))]
fn gathered(x: &[f64], indices: &[usize]) -> f64 {
    let mut s = 1.0;
    for k in 0..indices.len() {
        s += s * x[indices[k]];
    }
    s
}

#[checked(at([[0.5, 2.0], [1.0, -1.0]]), at([]), at([[0.3, 0.1]]))]
fn slice_of_arrays(points: &[[f64; 2]]) -> f64 {
    let mut s = 0.0;
    for i in 0..points.len() {
        s += points[i][0] * points[i][1] + points[i][0].powi(3);
    }
    s
}

#[checked(at([(0.5, 2.0), (1.0, -1.0)]), at([]))]
fn slice_of_tuples(samples: &[(f64, f64)]) -> f64 {
    let mut s = 0.0;
    for i in 0..samples.len() {
        let (x, y) = samples[i];
        s += (y - 2.0 * x.sin()).powi(2);
    }
    s
}

#[checked(at([0.5, 2.0], 1.5, [1.0, 0.5]), at([], 1.5, []), options(wrt(w, b)))]
fn linear_regression_residual(w: &[f64], b: f64, x: &[f64]) -> f64 {
    let mut prediction = b;
    for i in 0..w.len() {
        prediction += w[i] * x[i];
    }
    (prediction - 1.0).powi(2)
}

#[checked(at([1.0, 2.0, 0.5, -1.0], 2, 2), at([1.0, 2.0, 0.5, -1.0, 3.0, 0.1], 2, 3), at([], 0, 0))]
fn row_major_frobenius(m: &[f64], rows: usize, cols: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..rows {
        for j in 0..cols {
            let e = m[i * cols + j];
            s += e * e * (1 + i) as f64;
        }
    }
    s
}

#[checked(at([1.0, 2.0, 0.5, -1.0]), at([1.0]), at([1.0, 2.0]))]
fn first_and_last(x: &[f64]) -> f64 {
    let n = x.len();
    x[0] * x[n - 1] + x[n / 2]
}

#[checked(at([0.2, -0.4, 1.0], [0.5, 0.1, 0.3]), at([0.2], [0.5]))]
fn weighted_softmax(x: &[f64], w: &[f64]) -> f64 {
    let n = x.len();
    let mut e = vec![0.0; n];
    let mut z = 0.0;
    for i in 0..n {
        e[i] = x[i].exp();
        z += e[i];
    }
    let mut s = 0.0;
    for i in 0..n {
        s += w[i] * e[i] / z;
    }
    s
}

#[checked(at([1.0, 0.5, 2.0, 3.0, -1.0]), at([1.0, 2.0, 0.5]))]
fn second_differences(u: &[f64]) -> Vec<f64> {
    let n = u.len();
    let mut d = vec![0.0; n - 2];
    for i in 1..n - 1 {
        d[i - 1] = u[i - 1] - 2.0 * u[i] + u[i + 1].powi(2);
    }
    d
}
