//! Heat in a rod with a conductivity that varies, by the scheme of Crank and Nicolson, and the inverse problem.

use super::checked;

/// Solves a tridiagonal system by Thomas's algorithm.
#[checked(at([0.0, -1.0, -0.5], [4.0, 3.0, 5.0], [-1.0, -0.3, 0.0], [1.0, 0.5, -0.2]))]
fn solve_tridiagonal(lower: &[f64], diagonal: &[f64], upper: &[f64], right: &[f64]) -> Vec<f64> {
    let n = diagonal.len();
    let mut c = vec![0.0; n];
    let mut x = vec![0.0; n];
    c[0] = upper[0] / diagonal[0];
    x[0] = right[0] / diagonal[0];
    for i in 1..n {
        let pivot = diagonal[i] - lower[i] * c[i - 1];
        c[i] = upper[i] / pivot;
        x[i] = (right[i] - lower[i] * x[i - 1]) / pivot;
    }
    for i in (0..n - 1).rev() {
        x[i] -= c[i] * x[i + 1];
    }
    x
}

/// One step; the ends are held at zero. `conductivity` has one entry for each interval.
#[checked(
    calls(solve_tridiagonal),
    at([0.3, 0.9, 0.4], [1.0, 0.7, 0.8, 1.2], 0.25)
)]
fn step(u: &[f64], conductivity: &[f64], ratio: f64) -> Vec<f64> {
    let n = u.len();
    let at = |i: isize| {
        if i < 0 || i >= n as isize {
            0.0
        } else {
            u[i as usize]
        }
    };
    let (mut lower, mut diagonal) = (vec![0.0; n], vec![0.0; n]);
    let (mut upper, mut right) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        let west = 0.5 * ratio * conductivity[i];
        let east = 0.5 * ratio * conductivity[i + 1];
        lower[i] = -west;
        upper[i] = -east;
        diagonal[i] = 1.0 + west + east;
        let k = i as isize;
        right[i] = west * at(k - 1) + (1.0 - west - east) * at(k) + east * at(k + 1);
    }
    solve_tridiagonal(&lower, &diagonal, &upper, &right)
}

/// The misfit to a measured profile after some steps, with a penalty on rough conductivities.
#[checked(
    calls(step),
    at([0.3, 0.9, 0.4], [1.0, 0.7, 0.8, 1.2], [0.2, 0.5, 0.3], 0.25, 0),
    at([0.3, 0.9, 0.4], [1.0, 0.7, 0.8, 1.2], [0.2, 0.5, 0.3], 0.25, 3)
)]
fn misfit(
    initial: &[f64],
    conductivity: &[f64],
    measured: &[f64],
    ratio: f64,
    steps: usize,
) -> f64 {
    let mut u = initial.to_vec();
    for _ in 0..steps {
        u = step(&u, conductivity, ratio);
    }
    let data: f64 = u.iter().zip(measured).map(|(a, b)| (a - b).powi(2)).sum();
    let roughness: f64 = conductivity
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).powi(2))
        .sum();
    data + 0.01 * roughness
}
