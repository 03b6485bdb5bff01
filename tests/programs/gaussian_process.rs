//! The marginal likelihood of a Gaussian process, by Cholesky's factors of its covariance matrix.

use super::checked;

/// The squared-exponential kernel.
#[checked(at(0.3, 1.1, 1.5, 0.7))]
fn kernel(a: f64, b: f64, variance: f64, length_scale: f64) -> f64 {
    let distance = (a - b) / length_scale;
    variance * (-0.5 * distance * distance).exp()
}

/// The covariance matrix by rows, as all matrices here.
#[checked(calls(kernel), at([0.0, 0.4, 1.1], 1.5, 0.7, 0.3), at([], 1.5, 0.7, 0.3))]
fn covariance(x: &[f64], variance: f64, length_scale: f64, noise: f64) -> Vec<f64> {
    let n = x.len();
    let mut k = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let value = kernel(x[i], x[j], variance, length_scale);
            k[i * n + j] = value;
            k[j * n + i] = value;
        }
        k[i * n + i] += noise * noise;
    }
    k
}

/// The lower triangular factor `L` of `A = L Lᵀ`.
#[checked(
    at([4.0, 1.0, 0.5, 1.0, 3.0, -0.2, 0.5, -0.2, 2.0], 3),
    at([2.0], 1),
    panics([-2.0], 1)
)]
fn cholesky(a: &[f64], n: usize) -> Vec<f64> {
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            if i == j {
                let pivot = a[i * n + i] - sum;
                assert!(pivot > 0.0, "the matrix is not positive definite");
                l[i * n + i] = pivot.sqrt();
            } else {
                l[i * n + j] = (a[i * n + j] - sum) / l[j * n + j];
            }
        }
    }
    l
}

/// Solves `L z = b`.
#[checked(at([2.0, 0.0, 0.5, 1.5], [1.0, -0.3]))]
fn forward_substitution(l: &[f64], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut z = b.to_vec();
    for (i, row) in l.chunks_exact(n).enumerate() {
        for j in 0..i {
            z[i] -= row[j] * z[j];
        }
        z[i] /= row[i];
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
    let k: Vec<f64> = covariance(x, variance, length_scale, noise);
    let l: Vec<f64> = cholesky(&k, x.len());
    let z: Vec<f64> = forward_substitution(&l, y);
    let quadratic: f64 = z.iter().map(|v| v * v).sum();
    let log_determinant: f64 = l.iter().step_by(x.len() + 1).map(|d| d.ln()).sum();
    let n = y.len() as f64;
    -0.5 * quadratic - log_determinant - 0.5 * n * std::f64::consts::TAU.ln()
}
