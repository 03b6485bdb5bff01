//! The target of a sampler: the eight schools, as a hierarchical model with parameters off centre.

use super::checked;

#[checked(at(0.4, -0.2, 0.8))]
fn normal(x: f64, mean: f64, deviation: f64) -> f64 {
    let z = (x - mean) / deviation;
    -0.5 * z * z - deviation.ln()
}

#[checked(at(1.3, 5.0))]
fn half_cauchy(x: f64, scale: f64) -> f64 {
    -(x / scale).powi(2).ln_1p()
}

/// `mean`, the logarithm of `spread`, and the standardised effects.
#[checked(
    calls(normal, half_cauchy),
    options(wrt(parameters)),
    at([4.0, 1.2, 0.3, -0.5, 0.8], [28.0, 8.0, -3.0], [15.0, 10.0, 16.0])
)]
fn log_posterior(parameters: &[f64], effects: &[f64], errors: &[f64]) -> f64 {
    let (hyper, standardised) = parameters.split_at(2);
    let (mean, log_spread) = (hyper[0], hyper[1]);
    let spread = log_spread.exp();
    let prior = normal(mean, 0.0, 5.0) + half_cauchy(spread, 5.0) + log_spread;
    let likelihood: f64 = standardised
        .iter()
        .zip(effects.iter().zip(errors))
        .map(|(eta, (effect, error))| {
            normal(*eta, 0.0, 1.0) + normal(*effect, mean + spread * eta, *error)
        })
        .sum();
    prior + likelihood
}

/// The change of the Hamiltonian along a proposal, with the gradient of a normal surrogate.
#[checked(
    calls(log_posterior),
    options(wrt(start, momentum, step)),
    at([4.0, 1.2, 0.3], [0.5, -0.2, 0.1], [28.0], [15.0], 0.05, 0),
    at([4.0, 1.2, 0.3], [0.5, -0.2, 0.1], [28.0], [15.0], 0.05, 3)
)]
fn energy_error(
    start: &[f64],
    momentum: &[f64],
    effects: &[f64],
    errors: &[f64],
    step: f64,
    steps: usize,
) -> f64 {
    let (mut q, mut p) = (start.to_vec(), momentum.to_vec());
    for _ in 0..steps {
        for (p, q) in p.iter_mut().zip(&q) {
            *p -= 0.5 * step * q;
        }
        for (q, p) in q.iter_mut().zip(&p) {
            *q += step * p;
        }
        for (p, q) in p.iter_mut().zip(&q) {
            *p -= 0.5 * step * q;
        }
    }
    let kinetic = |p: &[f64]| 0.5 * p.iter().map(|p| p * p).sum::<f64>();
    let before = kinetic(momentum) - log_posterior(start, effects, errors);
    let after = kinetic(&p) - log_posterior(&q, effects, errors);
    after - before
}
