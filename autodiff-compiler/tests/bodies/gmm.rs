/// The log-posterior of a Gaussian mixture, after ADBench (Šrajer, Kukelova, Fitzgibbon 2018): `alphas` holds `k`
/// unnormalised log-weights, `means` `k` rows of `d`, `icf` for each component the logarithms of the diagonal and then
/// the strictly lower triangle of a factor of the inverse covariance, column after column; `x` holds `n` rows of `d`.
fn gmm(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    gamma: f64,
    wishart_m: usize,
    d: usize,
    n: usize,
) -> f64 {
    let k = alphas.len();
    let triangle = d * (d - 1) / 2;
    let stride = d + triangle;
    assert_eq!(means.len(), k * d, "one mean for each component");
    assert_eq!(icf.len(), k * stride, "one factor for each component");
    assert_eq!(x.len(), n * d, "n points of d coordinates");

    // The factors' diagonals and the logarithms of their determinants.
    let mut diagonals = vec![0.0; k * d];
    let mut log_determinants = vec![0.0; k];
    for c in 0..k {
        let mut sum = 0.0;
        for i in 0..d {
            let q = icf[c * stride + i];
            sum += q;
            diagonals[c * d + i] = q.exp();
        }
        log_determinants[c] = sum;
    }

    // The likelihood of each point.
    let mut likelihood = 0.0;
    let mut centred = vec![0.0; d];
    let mut scaled = vec![0.0; d];
    let mut terms = vec![0.0; k];
    for p in 0..n {
        for c in 0..k {
            for i in 0..d {
                centred[i] = x[p * d + i] - means[c * d + i];
            }
            for i in 0..d {
                scaled[i] = diagonals[c * d + i] * centred[i];
            }
            let mut entry = c * stride + d;
            for column in 0..d {
                for row in column + 1..d {
                    scaled[row] += icf[entry] * centred[column];
                    entry += 1;
                }
            }
            let mut square = 0.0;
            for i in 0..d {
                square += scaled[i] * scaled[i];
            }
            terms[c] = alphas[c] + log_determinants[c] - 0.5 * square;
        }

        let mut largest = terms[0];
        for c in 1..k {
            if terms[c] > largest {
                largest = terms[c];
            }
        }
        let mut total = 0.0;
        for c in 0..k {
            total += (terms[c] - largest).exp();
        }
        likelihood += largest + total.ln();
    }

    // The normalisation of the weights.
    let mut largest = alphas[0];
    for c in 1..k {
        if alphas[c] > largest {
            largest = alphas[c];
        }
    }
    let mut total = 0.0;
    for c in 0..k {
        total += (alphas[c] - largest).exp();
    }
    let normalisation = n as f64 * (largest + total.ln());

    // The Wishart prior of the factors, less its constant.
    let mut prior = 0.0;
    for c in 0..k {
        let mut frobenius = 0.0;
        for i in 0..d {
            frobenius += diagonals[c * d + i] * diagonals[c * d + i];
        }
        for t in 0..triangle {
            let entry = icf[c * stride + d + t];
            frobenius += entry * entry;
        }
        prior += 0.5 * gamma * gamma * frobenius - wishart_m as f64 * log_determinants[c];
    }

    likelihood - normalisation + prior
}
