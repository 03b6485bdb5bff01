//! Natural cubic splines through knots, and a smoothing fit of the knots' heights.

use super::checked;

/// The second derivatives at the knots.
#[checked(
    at([0.0, 1.0, 2.5, 3.0], [0.2, 0.7, 0.1, 0.5]),
    at([0.0, 1.0], [0.2, 0.7])
)]
fn curvatures(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut m = vec![0.0; n];
    let mut weight = vec![0.0; n];
    for i in 1..n - 1 {
        let (left, right) = (x[i] - x[i - 1], x[i + 1] - x[i]);
        let pivot = 2.0 * (left + right) - left * weight[i - 1];
        let jump = (y[i + 1] - y[i]) / right - (y[i] - y[i - 1]) / left;
        weight[i] = right / pivot;
        m[i] = (6.0 * jump - left * m[i - 1]) / pivot;
    }
    for i in (1..n - 1).rev() {
        m[i] -= weight[i] * m[i + 1];
    }
    m
}

/// The value of the spline at a point; straight on beyond the last knots' interval.
#[checked(
    at([0.0, 1.0, 2.5], [0.2, 0.7, 0.1], [0.0, 0.4, 0.0], 0.3),
    at([0.0, 1.0, 2.5], [0.2, 0.7, 0.1], [0.0, 0.4, 0.0], 1.7)
)]
fn evaluate(x: &[f64], y: &[f64], m: &[f64], at: f64) -> f64 {
    let interval = x[1..x.len() - 1]
        .iter()
        .take_while(|&&knot| knot < at)
        .count();
    let (i, j) = (interval, interval + 1);
    let h = x[j] - x[i];
    let (a, b) = ((x[j] - at) / h, (at - x[i]) / h);
    let bend = (a.powi(3) - a) * m[i] + (b.powi(3) - b) * m[j];
    a * y[i] + b * y[j] + bend * h * h / 6.0
}

/// The squared residuals of data, and the energy of bending.
#[checked(
    calls(curvatures, evaluate),
    options(wrt(heights, smoothing)),
    at([0.2, 0.7, 0.1, 0.5], 0.1, [0.0, 1.0, 2.5, 3.0], [(0.3, 0.4), (1.6, 0.3), (2.8, 0.35)]),
    at([0.2, 0.7, 0.1, 0.5], 0.1, [0.0, 1.0, 2.5, 3.0], [])
)]
fn smoothing_objective(heights: &[f64], smoothing: f64, knots: &[f64], data: &[(f64, f64)]) -> f64 {
    let m: Vec<f64> = curvatures(knots, heights);
    let mut residuals = 0.0;
    for (x, y) in data {
        residuals += (evaluate(knots, heights, &m, *x) - y).powi(2);
    }
    let bending: f64 = knots
        .windows(2)
        .zip(m.windows(2))
        .map(|(x, m)| (x[1] - x[0]) * (m[0] * m[0] + m[0] * m[1] + m[1] * m[1]) / 3.0)
        .sum();
    residuals + smoothing * bending
}
