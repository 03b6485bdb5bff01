//! A small classifier: dense layers, layer normalisation, and the cross entropy of a batch.

use super::checked;

#[checked(at(0.7), at(-1.3))]
fn gelu(x: f64) -> f64 {
    const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;
    0.5 * x * (1.0 + (SQRT_2_OVER_PI * (x + 0.044715 * x.powi(3))).tanh())
}

/// Weights in rows of as many entries as there are inputs.
#[checked(at([0.5, -0.2, 0.3, 0.9, -0.7, 0.1], [0.1, 0.2], [1.0, -0.5, 0.3]))]
fn dense(weights: &[f64], biases: &[f64], input: &[f64]) -> Vec<f64> {
    weights
        .chunks_exact(input.len())
        .zip(biases)
        .map(|(row, bias)| bias + row.iter().zip(input).map(|(w, x)| w * x).sum::<f64>())
        .collect()
}

#[checked(at([0.5, -0.2, 1.3]))]
fn layer_norm(x: &mut [f64]) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    let scale = 1.0 / (variance + 1e-5).sqrt();
    for v in x.iter_mut() {
        *v = (*v - mean) * scale;
    }
}

#[checked(at([0.5, -0.2, 1.3], 1), panics([0.5, 0.1], 3))]
fn cross_entropy(logits: &[f64], label: usize) -> f64 {
    let largest = logits.iter().cloned().fold(f64::MIN, f64::max);
    let log_total = logits.iter().map(|l| (l - largest).exp()).sum::<f64>().ln();
    largest + log_total - logits[label]
}

#[checked(
    calls(dense, layer_norm, gelu),
    at([0.5, -0.2, 0.3, 0.9, -0.7, 0.1], [0.1, 0.2, -0.3], [0.3, 0.8, -0.6, 0.2, 0.4, 0.9], [0.0, 0.1], [1.0, -0.5])
)]
fn logits(w1: &[f64], b1: &[f64], w2: &[f64], b2: &[f64], input: &[f64]) -> Vec<f64> {
    let mut hidden: Vec<f64> = dense(w1, b1, input);
    layer_norm(&mut hidden);
    for h in &mut hidden {
        *h = gelu(*h);
    }
    dense(w2, b2, &hidden)
}

/// The mean loss over a batch, with weight decay.
#[checked(
    calls(logits, cross_entropy),
    options(wrt(w1, b1, w2, b2)),
    at(
        [0.5, -0.2, 0.3, 0.9, -0.7, 0.1], [0.1, 0.2, -0.3], [0.3, 0.8, -0.6, 0.2, 0.4, 0.9], [0.0, 0.1],
        [[1.0, -0.5], [0.3, 0.7]], [0, 1], 0.01
    )
)]
fn loss(
    w1: &[f64],
    b1: &[f64],
    w2: &[f64],
    b2: &[f64],
    inputs: &[[f64; 2]],
    labels: &[usize],
    decay: f64,
) -> f64 {
    let mut total = 0.0;
    for (input, &label) in inputs.iter().zip(labels) {
        let scores: Vec<f64> = logits(w1, b1, w2, b2, input);
        total += cross_entropy(&scores, label);
    }
    let penalty: f64 = w1.iter().chain(w2).map(|w| w * w).sum();
    total / inputs.len() as f64 + decay * penalty
}
