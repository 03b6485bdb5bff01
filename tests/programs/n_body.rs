//! Bodies under gravity: energies, and a leapfrog integrator.

use super::checked;

const GRAVITATION: f64 = 1.0;
const SOFTENING: f64 = 0.05;

#[checked(at([0.1, 0.2, -0.3], [1.0, -0.5, 0.4]))]
fn squared_distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

#[checked(at([1.0, 0.5], [[0.1, 0.2, -0.3], [0.4, -0.1, 0.2]]), at([], []))]
fn kinetic_energy(masses: &[f64], velocities: &[[f64; 3]]) -> f64 {
    masses
        .iter()
        .zip(velocities)
        .map(|(m, v)| 0.5 * m * v.iter().map(|c| c * c).sum::<f64>())
        .sum()
}

#[checked(
    calls(squared_distance),
    at([1.0, 0.5, 0.2], [[0.1, 0.2, -0.3], [0.4, -0.9, 0.2], [-1.0, 0.3, 0.7]]),
    at([1.0], [[0.1, 0.2, -0.3]])
)]
fn potential_energy(masses: &[f64], positions: &[[f64; 3]]) -> f64 {
    let mut energy = 0.0;
    for (i, a) in positions.iter().enumerate() {
        for (j, b) in positions.iter().enumerate().skip(i + 1) {
            let distance = (squared_distance(a, b) + SOFTENING.powi(2)).sqrt();
            energy -= GRAVITATION * masses[i] * masses[j] / distance;
        }
    }
    energy
}

#[checked(
    at([1.0, 0.5], [[0.1, 0.2, -0.3], [0.4, -0.9, 0.2]], [[0.1, 0.0, 0.3], [0.4, 0.1, 0.2]], 0.02)
)]
fn kick(masses: &[f64], positions: &[[f64; 3]], velocities: &mut [[f64; 3]], dt: f64) {
    let n = masses.len();
    for i in 0..n {
        for j in 0..n {
            if i == j {
                continue;
            }
            let mut separation = [0.0; 3];
            for k in 0..3 {
                separation[k] = positions[j][k] - positions[i][k];
            }
            let squared: f64 = separation.iter().map(|s| s * s).sum();
            let factor = GRAVITATION * masses[j] / (squared + SOFTENING.powi(2)).powf(1.5);
            for (v, s) in velocities[i].iter_mut().zip(separation) {
                *v += dt * factor * s;
            }
        }
    }
}

#[checked(at([[0.1, 0.2, -0.3], [0.4, -0.9, 0.2]], [[0.1, 0.0, 0.3], [0.4, 0.1, 0.2]], 0.02))]
fn drift(positions: &mut [[f64; 3]], velocities: &[[f64; 3]], dt: f64) {
    for (position, velocity) in positions.iter_mut().zip(velocities) {
        for (x, v) in position.iter_mut().zip(velocity) {
            *x += dt * v;
        }
    }
}

#[checked(
    calls(kick, drift),
    at([1.0, 0.5], [[0.1, 0.2, -0.3], [0.4, -0.9, 0.2]], [[0.1, 0.0, 0.3], [0.4, 0.1, 0.2]], 0.02, 0),
    at([1.0, 0.5], [[0.1, 0.2, -0.3], [0.4, -0.9, 0.2]], [[0.1, 0.0, 0.3], [0.4, 0.1, 0.2]], 0.02, 3)
)]
fn leapfrog(
    masses: &[f64],
    positions: &mut [[f64; 3]],
    velocities: &mut [[f64; 3]],
    dt: f64,
    steps: usize,
) {
    for _ in 0..steps {
        kick(masses, &*positions, velocities, 0.5 * dt);
        drift(positions, &*velocities, dt);
        kick(masses, &*positions, velocities, 0.5 * dt);
    }
}

/// By how much the energy changes on the way: a small difference of large numbers.
#[checked(
    calls(leapfrog, kinetic_energy, potential_energy),
    tolerance = 1e-9,
    at([1.0, 0.5], [[0.1, 0.2, -0.3], [0.4, -0.9, 0.2]], [[0.1, 0.0, 0.3], [0.4, 0.1, 0.2]], 0.1, 3)
)]
fn energy_drift(
    masses: &[f64],
    positions: &[[f64; 3]],
    velocities: &[[f64; 3]],
    dt: f64,
    steps: usize,
) -> f64 {
    let before = kinetic_energy(masses, velocities) + potential_energy(masses, positions);
    let mut positions = positions.to_vec();
    let mut velocities = velocities.to_vec();
    leapfrog(masses, &mut positions, &mut velocities, dt, steps);
    let after = kinetic_energy(masses, &velocities) + potential_energy(masses, &positions);
    (after - before) / before
}
