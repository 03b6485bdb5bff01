//! The likelihood of a hidden Markov model, by the forward algorithm in logarithms.

use super::checked;

#[checked(at([0.3, -1.2, 0.8]), at([0.4]))]
fn log_sum_exp(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|v| (v - largest).exp()).sum();
    largest + sum.ln()
}

/// Turns unnormalised logarithms into those of probabilities.
#[checked(calls(log_sum_exp), at([0.5, -0.2, 0.7]))]
fn normalise(logits: &mut [f64]) {
    let total = log_sum_exp(&*logits);
    logits.iter_mut().for_each(|l| *l -= total);
}

/// The logarithm of a normal density.
#[checked(at(0.4, -0.2, 0.8))]
fn log_emission(observed: f64, mean: f64, log_deviation: f64) -> f64 {
    let z = (observed - mean) / log_deviation.exp();
    -0.5 * z * z - log_deviation - 0.5 * std::f64::consts::TAU.ln()
}

#[checked(
    calls(normalise, log_emission, log_sum_exp),
    at([0.3, 1.4, -0.2], vec![vec![0.5, -0.2], vec![0.1, 0.7]], [0.1, 1.2], [-0.3, 0.2]),
    at([0.3], vec![vec![0.5, -0.2], vec![0.1, 0.7]], [0.1, 1.2], [-0.3, 0.2]),
    at([], vec![vec![0.5, -0.2], vec![0.1, 0.7]], [0.1, 1.2], [-0.3, 0.2])
)]
fn log_likelihood(
    observations: &[f64],
    transition_logits: &[Vec<f64>],
    means: &[f64],
    log_deviations: &[f64],
) -> f64 {
    if observations.is_empty() {
        return 0.0;
    }
    let states = means.len();
    let mut transition = transition_logits.to_vec();
    for row in &mut transition {
        normalise(row);
    }
    let emissions = |observed: f64| -> Vec<f64> {
        means
            .iter()
            .zip(log_deviations)
            .map(|(&mean, &deviation)| log_emission(observed, mean, deviation))
            .collect()
    };
    let uniform = -(states as f64).ln();
    let mut alpha: Vec<f64> = emissions(observations[0])
        .iter()
        .map(|e| e + uniform)
        .collect();
    for &observed in &observations[1..] {
        let emitted = emissions(observed);
        alpha = (0..states)
            .map(|to| {
                let paths: Vec<f64> = (0..states)
                    .map(|from| alpha[from] + transition[from][to])
                    .collect();
                log_sum_exp(&paths) + emitted[to]
            })
            .collect();
    }
    log_sum_exp(&alpha)
}
