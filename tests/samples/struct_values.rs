//! Structs of the user's that change: in-out parameters, locals, copies.

use super::{checked, twinned};

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector {
    pub x: f64,
    pub y: f64,
}

#[twinned]
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub position: Vector,
    pub velocity: [f64; 2],
    pub weights: Vec<f64>,
    pub time: f64,
    pub steps: usize,
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.0, steps: 0 }, 0.1, 3),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 }, 0.2, 0)
)]
fn step(state: &mut State, dt: f64, n: usize) {
    for _ in 0..n {
        state.velocity[0] -= dt * state.position.x.sin();
        state.velocity[1] -= dt * state.position.y;
        state.position.x += dt * state.velocity[0];
        state.position.y += dt * state.velocity[1];
        state.time += dt;
        state.steps += 1;
        for w in &mut state.weights {
            *w *= state.time;
        }
    }
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], 0.1),
    at([], 0.1)
)]
fn shift(points: &mut [Vector], by: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..points.len() {
        points[i].x *= by;
        sum += points[i].x * points[i].y;
    }
    for p in points.iter_mut() {
        p.y = p.x.exp();
    }
    sum
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.5, steps: 0 }),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 })
)]
fn copied(state: &State) -> f64 {
    let mut position = state.position;
    position.x *= state.time;
    let other = position;
    position.y += other.x;
    let mut whole = state.clone();
    whole.velocity[0] = position.y;
    whole.time *= 2.0;
    for w in &mut whole.weights {
        *w *= whole.time;
    }
    let mut sum = other.x * position.y + whole.velocity[0] * state.velocity[1];
    for (a, b) in whole.weights.iter().zip(&state.weights) {
        sum += a * b;
    }
    sum
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.5, steps: 0 }, 2.0),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 }, 1.5)
)]
fn owned(mut state: State, k: f64) -> f64 {
    state.position.x *= k;
    for w in &mut state.weights {
        *w += k;
    }
    let mut sum = state.position.x * state.position.y;
    for w in state.weights {
        sum += w * state.time;
    }
    sum
}
