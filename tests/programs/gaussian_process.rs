//! The marginal likelihood of a Gaussian process, by Cholesky's factors of its covariance matrix.

use super::checked;

/// The squared-exponential kernel.
#[checked(at(0.3, 1.1, 1.5, 0.7))]
fn kernel(a: f64, b: f64, variance: f64, length_scale: f64) -> f64 {
    let distance = (a - b) / length_scale;
    variance * (-0.5 * distance * distance).exp()
}

#[checked(calls(kernel), at([0.0, 0.4, 1.1], 1.5, 0.7, 0.3), at([], 1.5, 0.7, 0.3))]
fn covariance(x: &[f64], variance: f64, length_scale: f64, noise: f64) -> Vec<Vec<f64>> {
    let n = x.len();
    let mut k = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let value = kernel(x[i], x[j], variance, length_scale);
            k[i][j] = value;
            k[j][i] = value;
        }
        k[i][i] += noise * noise;
    }
    k
}

/// The lower triangular factor `L` of `A = L Lᵀ`.
#[checked(
    at(vec![vec![4.0, 1.0, 0.5], vec![1.0, 3.0, -0.2], vec![0.5, -0.2, 2.0]]),
    at(vec![vec![2.0]]),
    panics(vec![vec![-2.0]])
)]
fn cholesky(a: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            if i == j {
                let pivot = a[i][i] - sum;
                assert!(pivot > 0.0, "the matrix is not positive definite");
                l[i][i] = pivot.sqrt();
            } else {
                l[i][j] = (a[i][j] - sum) / l[j][j];
            }
        }
    }
    l
}

/// Solves `L z = b`.
#[checked(at(vec![vec![2.0, 0.0], vec![0.5, 1.5]], [1.0, -0.3]))]
fn forward_substitution(l: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut z = b.to_vec();
    for i in 0..z.len() {
        for j in 0..i {
            z[i] -= l[i][j] * z[j];
        }
        z[i] /= l[i][i];
    }
    z
}

/// The logarithm of the density of the observations.
#[checked(
    calls(covariance, cholesky, forward_substitution),
    at([0.0, 0.4, 1.1], [0.3, 0.6, -0.2], 1.5, 0.7, 0.3),
    at([0.5], [0.3], 1.5, 0.7, 0.3)
)]
fn log_marginal_likelihood(
    x: &[f64],
    y: &[f64],
    variance: f64,
    length_scale: f64,
    noise: f64,
) -> f64 {
    let k: Vec<Vec<f64>> = covariance(x, variance, length_scale, noise);
    let l: Vec<Vec<f64>> = cholesky(&k);
    let z: Vec<f64> = forward_substitution(&l, y);
    let quadratic: f64 = z.iter().map(|v| v * v).sum();
    let log_determinant: f64 = (0..l.len()).map(|i| l[i][i].ln()).sum();
    let n = y.len() as f64;
    -0.5 * quadratic - log_determinant - 0.5 * n * std::f64::consts::TAU.ln()
}
