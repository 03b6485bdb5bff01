//! A beam of finite elements (Euler and Bernoulli): assembly into a band, its solver, compliance and mass.

use super::checked;

/// The half bandwidth of the stiffness matrix, its diagonal included.
const BAND: usize = 4;

#[checked(at(2.1, 0.3, 0.5))]
fn element_stiffness(modulus: f64, height: f64, length: f64) -> [[f64; 4]; 4] {
    let inertia = height.powi(3) / 12.0;
    let k = modulus * inertia / length.powi(3);
    let l = length;
    [
        [12.0 * k, 6.0 * k * l, -12.0 * k, 6.0 * k * l],
        [6.0 * k * l, 4.0 * k * l * l, -6.0 * k * l, 2.0 * k * l * l],
        [-12.0 * k, -6.0 * k * l, 12.0 * k, -6.0 * k * l],
        [6.0 * k * l, 2.0 * k * l * l, -6.0 * k * l, 4.0 * k * l * l],
    ]
}

/// The lower band of the stiffness of a beam that is clamped at its left end: row `i` holds the entries from column
/// `i + 1 - BAND` to the diagonal.
#[checked(calls(element_stiffness), at(2.1, [0.9, 0.7], 0.5))]
fn assemble(modulus: f64, heights: &[f64], length: f64) -> Vec<[f64; BAND]> {
    let unknowns = 2 * heights.len();
    let mut band = vec![[0.0; BAND]; unknowns];
    for (e, &height) in heights.iter().enumerate() {
        let local: [[f64; 4]; 4] = element_stiffness(modulus, height, length);
        for i in 0..4 {
            for j in 0..=i {
                if 2 * e + j < 2 {
                    continue;
                }
                let (row, column) = (2 * e + i - 2, 2 * e + j - 2);
                band[row][BAND - 1 + column - row] += local[i][j];
            }
        }
    }
    band
}

/// Solves `A u = f` by Cholesky's factors within the band, in place.
#[checked(at(
    [[0.0, 0.0, 0.0, 4.0], [0.0, 0.0, 1.0, 5.0], [0.0, 0.5, -1.0, 3.0], [0.2, 0.3, 0.4, 2.0]],
    [1.0, 0.5, -0.3, 0.7]
))]
fn solve_banded(band: &mut [[f64; BAND]], f: &mut [f64]) {
    let n = f.len();
    for i in 0..n {
        let first = (i + 1).saturating_sub(BAND);
        for j in first..=i {
            let mut sum = band[i][BAND - 1 + j - i];
            for k in first.max((j + 1).saturating_sub(BAND))..j {
                sum -= band[i][BAND - 1 + k - i] * band[j][BAND - 1 + k - j];
            }
            band[i][BAND - 1 + j - i] = if i == j {
                sum.sqrt()
            } else {
                sum / band[j][BAND - 1]
            };
        }
    }
    for i in 0..n {
        for k in (i + 1).saturating_sub(BAND)..i {
            f[i] -= band[i][BAND - 1 + k - i] * f[k];
        }
        f[i] /= band[i][BAND - 1];
    }
    for i in (0..n).rev() {
        for k in i + 1..n.min(i + BAND) {
            f[i] -= band[k][BAND - 1 + i - k] * f[k];
        }
        f[i] /= band[i][BAND - 1];
    }
}

/// The work of the loads, which a stiff beam keeps small.
#[checked(
    calls(assemble, solve_banded),
    at(2.1, [0.9, 0.7, 0.5], 0.5, [0.0, 0.1, 1.0]),
    at(2.1, [0.9], 0.5, [0.2])
)]
fn compliance(modulus: f64, heights: &[f64], length: f64, loads: &[f64]) -> f64 {
    let mut band: Vec<[f64; BAND]> = assemble(modulus, heights, length);
    let mut displacements = vec![0.0; 2 * heights.len()];
    for (u, load) in displacements.iter_mut().step_by(2).zip(loads) {
        *u = *load;
    }
    solve_banded(&mut band, &mut displacements);
    displacements
        .iter()
        .step_by(2)
        .zip(loads)
        .map(|(u, load)| u * load)
        .sum()
}

/// What a designer minimises: compliance, and the mass above what is allowed.
#[checked(calls(compliance), at(2.1, [0.9, 0.7, 0.5], 0.5, [0.0, 0.1, 1.0], 0.8))]
fn objective(modulus: f64, heights: &[f64], length: f64, loads: &[f64], allowed: f64) -> f64 {
    let mass: f64 = heights.iter().map(|h| h * length).sum();
    let excess = (mass - allowed).max(0.0);
    compliance(modulus, heights, length, loads) + 10.0 * excess * excess
}
