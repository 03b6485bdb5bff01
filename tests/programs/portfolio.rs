//! The risk of a portfolio: variance, contributions to it, value at risk and expected shortfall over scenarios.

use super::checked;

/// Weights that sum to one.
#[checked(at([0.2, -0.4, 0.7]))]
fn softmax(scores: &[f64]) -> Vec<f64> {
    let largest = scores.iter().fold(f64::NEG_INFINITY, |m, &s| m.max(s));
    let exponentials: Vec<f64> = scores.iter().map(|s| (s - largest).exp()).collect();
    let total: f64 = exponentials.iter().sum();
    exponentials.into_iter().map(|e| e / total).collect()
}

#[checked(at([0.2, 0.5, 0.3], [0.04, 0.01, 0.0, 0.01, 0.09, 0.02, 0.0, 0.02, 0.16]))]
fn marginal_risk(weights: &[f64], covariance: &[f64]) -> Vec<f64> {
    covariance
        .chunks(weights.len())
        .map(|row| row.iter().zip(weights).map(|(c, w)| c * w).sum())
        .collect()
}

#[checked(
    calls(marginal_risk),
    at([0.2, 0.5, 0.3], [0.04, 0.01, 0.0, 0.01, 0.09, 0.02, 0.0, 0.02, 0.16])
)]
fn volatility(weights: &[f64], covariance: &[f64]) -> f64 {
    let marginal: Vec<f64> = marginal_risk(weights, covariance);
    let variance: f64 = weights.iter().zip(&marginal).map(|(w, m)| w * m).sum();
    variance.sqrt()
}

/// How far the contributions of the assets are from equal shares.
#[checked(
    calls(marginal_risk, volatility),
    at([0.2, 0.5, 0.3], [0.04, 0.01, 0.0, 0.01, 0.09, 0.02, 0.0, 0.02, 0.16])
)]
fn imbalance(weights: &[f64], covariance: &[f64]) -> f64 {
    let total = volatility(weights, covariance);
    let share = 1.0 / weights.len() as f64;
    let marginal: Vec<f64> = marginal_risk(weights, covariance);
    weights
        .iter()
        .zip(marginal)
        .map(|(w, m)| {
            let contribution = w * m / (total * total);
            (contribution - share).powi(2)
        })
        .sum()
}

/// The mean loss of the worst scenarios beyond a level (Rockafellar and Uryasev).
#[checked(
    at([0.2, 0.5, 0.3], [[0.1, -0.2, 0.05], [-0.3, 0.1, 0.02], [0.05, -0.4, -0.1]], 0.04, 0.9)
)]
fn expected_shortfall(weights: &[f64], scenarios: &[[f64; 3]], level: f64, confidence: f64) -> f64 {
    let excess: f64 = scenarios
        .iter()
        .map(|returns| -returns.iter().zip(weights).map(|(r, w)| r * w).sum::<f64>())
        .filter(|&loss| loss > level)
        .map(|loss| loss - level)
        .sum();
    level + excess / ((1.0 - confidence) * scenarios.len() as f64)
}

#[checked(
    calls(softmax, imbalance, expected_shortfall),
    at(
        [0.2, -0.4, 0.7], [0.04, 0.01, 0.0, 0.01, 0.09, 0.02, 0.0, 0.02, 0.16],
        [[0.1, -0.2, 0.05], [-0.3, 0.1, 0.02], [0.05, -0.4, -0.1]], 0.04
    )
)]
fn objective(scores: &[f64], covariance: &[f64], scenarios: &[[f64; 3]], level: f64) -> f64 {
    let weights: Vec<f64> = softmax(scores);
    let entropy: f64 = weights.iter().map(|w| -w * w.ln()).sum();
    imbalance(&weights, covariance) + expected_shortfall(&weights, scenarios, level, 0.9)
        - 0.01 * entropy
}
