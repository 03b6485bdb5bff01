//! The likelihood of a position that is measured along a track of nearly constant velocity, by a Kalman filter.

use super::checked;

#[checked(at([[1.0, 0.1], [0.3, 0.8]], [[0.5, -0.2], [0.7, 1.4]]))]
fn multiply(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let mut c = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            c[i][j] = (0..2).map(|k| a[i][k] * b[k][j]).sum();
        }
    }
    c
}

#[checked(at([[1.0, 0.1], [0.3, 0.8]]))]
fn transposed(a: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    [[a[0][0], a[1][0]], [a[0][1], a[1][1]]]
}

/// The state and its covariance one step later.
#[checked(
    calls(multiply, transposed),
    at([0.5, 1.0], [[1.0, 0.1], [0.1, 0.8]], 0.1, 0.3)
)]
fn predict(
    state: [f64; 2],
    covariance: [[f64; 2]; 2],
    dt: f64,
    acceleration_noise: f64,
) -> ([f64; 2], [[f64; 2]; 2]) {
    let transition = [[1.0, dt], [0.0, 1.0]];
    let q = acceleration_noise.powi(2);
    let noise = [
        [q * dt.powi(4) / 4.0, q * dt.powi(3) / 2.0],
        [q * dt.powi(3) / 2.0, q * dt.powi(2)],
    ];
    let moved: [[f64; 2]; 2] = multiply(transition, covariance);
    let back: [[f64; 2]; 2] = transposed(transition);
    let mut predicted: [[f64; 2]; 2] = multiply(moved, back);
    for (row, noise) in predicted.iter_mut().zip(&noise) {
        for (entry, q) in row.iter_mut().zip(noise) {
            *entry += q;
        }
    }
    ([state[0] + dt * state[1], state[1]], predicted)
}

/// The state and covariance after a measurement of the position, and the measurement's log-density.
#[checked(at([0.5, 1.0], [[1.0, 0.1], [0.1, 0.8]], 0.7, 0.2))]
fn update(
    state: [f64; 2],
    covariance: [[f64; 2]; 2],
    measured: f64,
    measurement_noise: f64,
) -> ([f64; 2], [[f64; 2]; 2], f64) {
    let innovation = measured - state[0];
    let variance = covariance[0][0] + measurement_noise * measurement_noise;
    let gain = [covariance[0][0] / variance, covariance[1][0] / variance];
    let state = [
        state[0] + gain[0] * innovation,
        state[1] + gain[1] * innovation,
    ];
    let mut updated = covariance;
    for i in 0..2 {
        for j in 0..2 {
            updated[i][j] -= gain[i] * covariance[0][j];
        }
    }
    let log_density =
        -0.5 * (innovation * innovation / variance + variance.ln() + std::f64::consts::TAU.ln());
    (state, updated, log_density)
}

#[checked(
    calls(predict, update),
    at([0.1, 0.35, 0.4, 0.7], 0.1, 0.3, 0.2),
    at([], 0.1, 0.3, 0.2)
)]
fn log_likelihood(
    measurements: &[f64],
    dt: f64,
    acceleration_noise: f64,
    measurement_noise: f64,
) -> f64 {
    let mut state = [0.0, 1.0];
    let mut covariance: [[f64; 2]; 2] = [[1.0, 0.0], [0.0, 1.0]];
    let mut total = 0.0;
    for &measured in measurements {
        (state, covariance) = predict(state, covariance, dt, acceleration_noise);
        let log_density: f64;
        (state, covariance, log_density) = update(state, covariance, measured, measurement_noise);
        total += log_density;
    }
    total
}
