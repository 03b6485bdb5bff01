//! An epidemic of susceptible, infected and recovered people, fitted to counts of cases.

use super::checked;

#[checked(at([0.9, 0.08, 0.02], 0.4, 0.1))]
fn derivative([s, i, _r]: [f64; 3], transmission: f64, recovery: f64) -> [f64; 3] {
    let infections = transmission * s * i;
    let recoveries = recovery * i;
    [-infections, infections - recoveries, recoveries]
}

/// One day in steps of Heun's method.
#[checked(
    calls(derivative),
    at([0.9, 0.08, 0.02], 0.4, 0.1, 0),
    at([0.9, 0.08, 0.02], 0.4, 0.1, 3)
)]
fn one_day(mut state: [f64; 3], transmission: f64, recovery: f64, substeps: usize) -> [f64; 3] {
    let dt = 1.0 / substeps as f64;
    for _ in 0..substeps {
        let slope: [f64; 3] = derivative(state, transmission, recovery);
        let mut guess = state;
        for (g, d) in guess.iter_mut().zip(&slope) {
            *g += dt * d;
        }
        let next: [f64; 3] = derivative(guess, transmission, recovery);
        for ((x, a), b) in state.iter_mut().zip(slope).zip(next) {
            *x += 0.5 * dt * (a + b);
        }
    }
    state
}

/// The transmission of a day, lowered by measures from `lockdown` on.
#[checked(at(0.4, 0.5, 3, 2), at(0.4, 0.5, 3, 5))]
fn transmission_on(base: f64, reduction: f64, lockdown: usize, day: usize) -> f64 {
    match day {
        d if d < lockdown => base,
        d => base * (1.0 - reduction * (1.0 - (-((d - lockdown + 1) as f64) / 4.0).exp())),
    }
}

/// Minus the logarithm of the probability of daily counts (Poisson, up to a constant).
#[checked(
    calls(one_day, transmission_on),
    options(wrt(base, reduction, recovery, seed)),
    at(0.4, 0.5, 0.1, 0.01, 1000.0, [4, 5, 7, 6, 5], 3),
    at(0.4, 0.5, 0.1, 0.01, 1000.0, [], 3)
)]
fn negative_log_likelihood(
    base: f64,
    reduction: f64,
    recovery: f64,
    seed: f64,
    population: f64,
    cases: &[u32],
    lockdown: usize,
) -> f64 {
    let mut state = [1.0 - seed, seed, 0.0];
    let mut loss = 0.0;
    for (day, &count) in cases.iter().enumerate() {
        let before = state[0];
        let transmission = transmission_on(base, reduction, lockdown, day);
        state = one_day(state, transmission, recovery, 4);
        let expected = population * (before - state[0]);
        loss += expected - f64::from(count) * expected.ln();
    }
    loss
}
