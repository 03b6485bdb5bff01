//! A cart that is steered to a target: rollout of a control sequence, and its cost.

use super::checked;

/// The state of a cart with a pole: position, angle and their rates.
#[checked(at([0.1, 0.2, -0.1, 0.3], 0.7))]
fn dynamics(state: &[f64; 4], force: f64) -> [f64; 4] {
    const CART: f64 = 1.0;
    const POLE: f64 = 0.1;
    const LENGTH: f64 = 0.5;
    const GRAVITY: f64 = 9.81;
    let [_, angle, speed, turning] = *state;
    let (sin, cos) = angle.sin_cos();
    let total = CART + POLE;
    let push = (force + POLE * LENGTH * turning.powi(2) * sin) / total;
    let turn = (GRAVITY * sin - cos * push) / (LENGTH * (4.0 / 3.0 - POLE * cos * cos / total));
    [
        speed,
        turning,
        push - POLE * LENGTH * turn * cos / total,
        turn,
    ]
}

/// One step by the midpoint rule.
#[checked(calls(dynamics), at([0.1, 0.2, -0.1, 0.3], 0.7, 0.05))]
fn step(state: &[f64; 4], force: f64, dt: f64) -> [f64; 4] {
    let slope: [f64; 4] = dynamics(state, force);
    let mut middle = *state;
    for (m, s) in middle.iter_mut().zip(slope) {
        *m += 0.5 * dt * s;
    }
    let slope: [f64; 4] = dynamics(&middle, force);
    let mut next = *state;
    for (n, s) in next.iter_mut().zip(slope) {
        *n += dt * s;
    }
    next
}

#[checked(at([0.1, 0.2, -0.1, 0.3], 0.7))]
fn running_cost(state: &[f64; 4], force: f64) -> f64 {
    let [position, angle, speed, turning] = state;
    position.powi(2)
        + 5.0 * (1.0 - angle.cos())
        + 0.1 * (speed * speed + turning * turning)
        + 0.01 * force * force
}

/// The cost of shooting once with these forces, saturated by the motor.
#[checked(
    calls(step, running_cost),
    at([0.1, 0.2, -0.1, 0.3], [0.7, -0.4, 0.2, 1.8], 0.05, 2.0),
    at([0.1, 0.2, -0.1, 0.3], [], 0.05, 2.0)
)]
fn shooting_cost(start: [f64; 4], forces: &[f64], dt: f64, strongest: f64) -> f64 {
    let mut state = start;
    let mut cost = 0.0;
    for &force in forces {
        let saturated = strongest * (force / strongest).tanh();
        cost += dt * running_cost(&state, saturated);
        state = step(&state, saturated, dt);
    }
    cost + 10.0 * running_cost(&state, 0.0)
}
