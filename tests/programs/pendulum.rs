//! A damped pendulum, integrated by Runge and Kutta's method of fourth order and fitted to observed angles.

use super::checked;

const GRAVITY: f64 = 9.81;

/// The rate of change of angle and angular velocity.
#[checked(at([0.5, -0.2], 1.3, 0.15))]
fn rate(state: [f64; 2], length: f64, damping: f64) -> [f64; 2] {
    let [angle, velocity] = state;
    [
        velocity,
        -GRAVITY / length * angle.sin() - damping * velocity,
    ]
}

#[checked(at([0.5, -0.2], [0.1, 0.4], 0.5))]
fn advanced(state: [f64; 2], rate: [f64; 2], by: f64) -> [f64; 2] {
    [state[0] + by * rate[0], state[1] + by * rate[1]]
}

#[checked(calls(rate, advanced), at([0.5, -0.2], 0.05, 1.3, 0.15))]
fn runge_kutta_step(state: [f64; 2], dt: f64, length: f64, damping: f64) -> [f64; 2] {
    let k1: [f64; 2] = rate(state, length, damping);
    let halfway: [f64; 2] = advanced(state, k1, dt / 2.0);
    let k2: [f64; 2] = rate(halfway, length, damping);
    let halfway: [f64; 2] = advanced(state, k2, dt / 2.0);
    let k3: [f64; 2] = rate(halfway, length, damping);
    let end: [f64; 2] = advanced(state, k3, dt);
    let k4: [f64; 2] = rate(end, length, damping);
    let mut next = state;
    for i in 0..2 {
        next[i] += dt / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
    next
}

/// The angle at each of the first `steps` multiples of `dt`.
#[checked(
    calls(runge_kutta_step),
    at([0.5, -0.2], 0.05, 0, 1.3, 0.15),
    at([0.5, -0.2], 0.05, 4, 1.3, 0.15)
)]
fn trajectory(start: [f64; 2], dt: f64, steps: usize, length: f64, damping: f64) -> Vec<f64> {
    let mut state = start;
    let mut angles = Vec::with_capacity(steps);
    for _ in 0..steps {
        state = runge_kutta_step(state, dt, length, damping);
        angles.push(state[0]);
    }
    angles
}

/// The mechanical energy for each unit of mass, by which the steps are judged.
#[checked(at([0.5, -0.2], 1.3))]
fn energy(state: [f64; 2], length: f64) -> f64 {
    let speed = length * state[1];
    0.5 * speed.powi(2) + GRAVITY * length * (1.0 - state[0].cos())
}

/// The sum of squared residuals of a pendulum that starts at rest.
#[checked(
    calls(trajectory),
    at(0.4, 1.3, 0.15, [0.38, 0.33, 0.25, 0.15], 0.05),
    at(0.4, 1.3, 0.15, [], 0.05)
)]
fn misfit(angle: f64, length: f64, damping: f64, observed: &[f64], dt: f64) -> f64 {
    let predicted: Vec<f64> = trajectory([angle, 0.0], dt, observed.len(), length, damping);
    predicted
        .iter()
        .zip(observed)
        .map(|(p, o)| (p - o).powi(2))
        .sum()
}

/// How much energy is lost in relation to what was there.
#[checked(calls(runge_kutta_step, energy), at([0.5, -0.2], 0.05, 5, 1.3, 0.15))]
fn dissipated(start: [f64; 2], dt: f64, steps: usize, length: f64, damping: f64) -> f64 {
    let end = (0..steps).fold(start, |state, _| {
        runge_kutta_step(state, dt, length, damping)
    });
    1.0 - energy(end, length) / energy(start, length)
}
