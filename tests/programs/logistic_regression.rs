//! Logistic regression with a penalty on the weights.

use super::checked;

/// `ln(1 + exp(x))` without overflow.
#[checked(at(0.7), at(-2.0), at(40.0))]
fn softplus(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}

#[checked(at([0.5, -0.2], [1.0, 2.0]), at([], []))]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[checked(
    calls(softplus, dot),
    options(wrt(weights, intercept)),
    at([0.5, -0.2], 0.1, [[1.0, 2.0], [0.3, -0.7], [-1.5, 0.2]], [true, false, true], 0.1),
    at([0.5, -0.2], 0.1, [], [], 0.1)
)]
fn negative_log_likelihood(
    weights: &[f64],
    intercept: f64,
    features: &[[f64; 2]],
    labels: &[bool],
    penalty: f64,
) -> f64 {
    let mut total = 0.5 * penalty * dot(weights, weights);
    for (row, &label) in features.iter().zip(labels) {
        let score = intercept + dot(weights, row);
        total += if label {
            softplus(-score)
        } else {
            softplus(score)
        };
    }
    total
}

/// The weights after a few steps of gradient descent, as meta-learning differentiates them: by the learning rate too.
#[checked(
    calls(dot),
    at([0.5, -0.2], 0.3, [[1.0, 2.0], [0.3, -0.7]], [1.0, 0.0], 0),
    at([0.5, -0.2], 0.3, [[1.0, 2.0], [0.3, -0.7]], [1.0, 0.0], 3)
)]
fn descended(
    start: &[f64],
    learning_rate: f64,
    features: &[[f64; 2]],
    labels: &[f64],
    steps: usize,
) -> Vec<f64> {
    let mut weights = start.to_vec();
    for _ in 0..steps {
        let mut gradient = vec![0.0; weights.len()];
        for (row, label) in features.iter().zip(labels) {
            let residual = 1.0 / (1.0 + (-dot(&weights, row)).exp()) - label;
            for (g, x) in gradient.iter_mut().zip(row) {
                *g += residual * x;
            }
        }
        for (w, g) in weights.iter_mut().zip(&gradient) {
            *w -= learning_rate * g;
        }
    }
    weights
}
