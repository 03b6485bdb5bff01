//! Models with loops of many lines: mixtures, filters, recurrent cells, prices. Their text is long enough for the
//! two sweeps that large functions share.

use super::checked;

/// The log-posterior of a Gaussian mixture, after ADBench (Šrajer, Kukelova, Fitzgibbon 2018): `alphas` holds `k`
/// unnormalised log-weights, `means` `k` rows of `d`, `icf` for each component the logarithms of the diagonal and then
/// the strictly lower triangle of a factor of the inverse covariance, column after column; `x` holds `n` rows of `d`.
#[checked(
    at([0.3, -0.2], [0.1, 0.5, -0.4, 0.2], [0.1, -0.2, 0.3, 0.05, 0.2, -0.1], [0.7, -0.3, 0.2, 1.1], 0.7, 2, 2, 2),
    at([0.3], [0.1], [0.2], [0.7, -0.4, 1.5], 0.5, 1, 1, 3),
    panics([0.3], [0.1], [0.2, 0.1], [0.7], 0.5, 1, 1, 1)
)]
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

/// A Gaussian mixture without its prior, densely written.
#[checked(
    at(2, 2, 2, [0.3, -0.2], [0.1, 0.5, -0.4, 0.2], [0.1, -0.2, 0.3, 0.05, 0.2, -0.1], [0.7, -0.3, 0.2, 1.1]),
    at(1, 3, 1, [0.3, 0.1, -0.5], [0.1, 0.9, -0.3], [0.2, 0.1, -0.1], [0.7]),
    panics(1, 1, 2, [0.3], [0.1], [0.2], [0.7])
)]
fn short_gmm(
    d: usize,
    k: usize,
    n: usize,
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
) -> f64 {
    let icf_sz = d * (d + 1) / 2;
    let mut qdiags = vec![0.0; d * k];
    let mut sum_qs = vec![0.0; k];
    let mut xc = vec![0.0; d];
    let mut qx = vec![0.0; d];
    let mut main_term = vec![0.0; k];
    for ik in 0..k {
        for id in 0..d {
            let q = icf[ik * icf_sz + id];
            sum_qs[ik] += q;
            qdiags[ik * d + id] = q.exp();
        }
    }
    let mut slse = 0.0;
    for ix in 0..n {
        for ik in 0..k {
            for id in 0..d {
                xc[id] = x[ix * d + id] - means[ik * d + id];
            }
            for id in 0..d {
                qx[id] = qdiags[ik * d + id] * xc[id];
            }
            let mut lp = ik * icf_sz + d;
            for i in 0..d {
                for j in i + 1..d {
                    qx[j] += icf[lp] * xc[i];
                    lp += 1;
                }
            }
            let mut sq = 0.0;
            for id in 0..d {
                sq += qx[id] * qx[id];
            }
            main_term[ik] = alphas[ik] + sum_qs[ik] - 0.5 * sq;
        }
        let mut m = main_term[0];
        for ik in 1..k {
            if main_term[ik] > m {
                m = main_term[ik];
            }
        }
        let mut s = 0.0;
        for ik in 0..k {
            s += (main_term[ik] - m).exp();
        }
        slse += m + s.ln();
    }
    slse
}

/// The cross entropy of a recurrent cell with gates over a sequence.
#[checked(
    at([[0.1, -0.2, 0.3, 0.2, -0.1, 0.4, 0.5, -0.3], [0.2, 0.1, -0.3, 0.4, 0.2, -0.1, 0.3, 0.6]],
        [[0.1, 0.2, -0.1, 0.3], [-0.2, 0.1, 0.2, 0.05]], [0.4, -0.2, 0.3, 0.5], [[0.5, 0.2], [0.3, 0.7], [0.6, 0.1]], 2),
    at([[0.1, -0.2, 0.3, 0.2, -0.1, 0.4, 0.5, -0.3]], [[0.1, 0.2, -0.1, 0.3]], [0.4], [[0.5], [0.3]], 1)
)]
fn lstm(w: &[[f64; 8]], bias: &[[f64; 4]], output: &[f64], x: &[Vec<f64>], hidden: usize) -> f64 {
    let mut state = vec![0.0; hidden];
    let mut cell = vec![0.0; hidden];
    let mut logits = vec![0.0; hidden];
    let mut loss = 0.0;
    let mut count = 0;
    for t in 0..x.len() - 1 {
        let mut norm = 0.0;
        for j in 0..hidden {
            let input = x[t][j];
            let before = state[j];
            let forget_in = w[j][0] * input + w[j][1] * before + bias[j][0];
            let ingate_in = w[j][2] * input + w[j][3] * before + bias[j][1];
            let outgate_in = w[j][4] * input + w[j][5] * before + bias[j][2];
            let change_in = w[j][6] * input + w[j][7] * before + bias[j][3];
            let forget = 1.0 / (1.0 + (-forget_in).exp());
            let ingate = 1.0 / (1.0 + (-ingate_in).exp());
            let outgate = 1.0 / (1.0 + (-outgate_in).exp());
            let change = change_in.tanh();
            cell[j] = cell[j] * forget + ingate * change;
            let out = outgate * cell[j].tanh();
            state[j] = out;
            norm += out * out;
        }
        let scale = 1.0 / (1e-6 + norm).sqrt();
        for j in 0..hidden {
            state[j] *= scale;
        }
        let mut largest = f64::NEG_INFINITY;
        for j in 0..hidden {
            let mut sum = 0.0;
            for i in 0..hidden {
                sum += output[j * hidden + i] * state[i];
            }
            logits[j] = sum;
            largest = largest.max(sum);
        }
        let mut total = 0.0;
        for j in 0..hidden {
            total += (logits[j] - largest).exp();
        }
        let log_total = largest + total.ln();
        for j in 0..hidden {
            let target = x[t + 1][j];
            loss -= target * (logits[j] - log_total);
            count += 1;
        }
    }
    let mut decay = 0.0;
    for j in 0..hidden {
        for k in 0..8 {
            decay += w[j][k] * w[j][k];
        }
        for i in 0..hidden {
            let entry = output[j * hidden + i];
            decay += entry * entry;
        }
    }
    loss / count as f64 + 1e-4 * decay
}

/// The negative log-likelihood of a linear state-space model by the Kalman filter, with 2-D arrays throughout.
#[checked(
    at([[0.9, 0.1, 0.0, 0.2], [0.0, 0.8, 0.1, 0.0], [0.1, 0.0, 0.7, 0.1], [0.0, 0.2, 0.0, 0.6]],
        [[1.0, 0.2, 0.0, 0.1], [0.0, 0.3, 1.0, 0.0]], [0.3, 0.2, 0.4, 0.1], [0.5, 0.4], [[0.7, -0.2], [0.3, 0.5]])
)]
fn kalman(a: &[[f64; 4]; 4], c: &[[f64; 4]; 2], q: &[f64; 4], r: &[f64; 2], y: &[[f64; 2]]) -> f64 {
    let mut mean = [0.0; 4];
    let mut cov = [[0.0; 4]; 4];
    for i in 0..4 {
        cov[i][i] = 1.0;
    }
    let mut total = 0.0;
    for t in 0..y.len() {
        let mut predicted = [0.0; 4];
        for i in 0..4 {
            for j in 0..4 {
                predicted[i] += a[i][j] * mean[j];
            }
        }
        let mut half = [[0.0; 4]; 4];
        for i in 0..4 {
            for j in 0..4 {
                let mut sum = 0.0;
                for k in 0..4 {
                    sum += a[i][k] * cov[k][j];
                }
                half[i][j] = sum;
            }
        }
        let mut ahead = [[0.0; 4]; 4];
        for i in 0..4 {
            for j in 0..4 {
                let mut sum = 0.0;
                for k in 0..4 {
                    sum += half[i][k] * a[j][k];
                }
                ahead[i][j] = sum;
            }
            ahead[i][i] += q[i] * q[i];
        }
        let mut innovation = [0.0; 2];
        for i in 0..2 {
            let mut seen = 0.0;
            for j in 0..4 {
                seen += c[i][j] * predicted[j];
            }
            innovation[i] = y[t][i] - seen;
        }
        let mut cross = [[0.0; 2]; 4];
        for i in 0..4 {
            for j in 0..2 {
                for k in 0..4 {
                    cross[i][j] += ahead[i][k] * c[j][k];
                }
            }
        }
        let mut s = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..4 {
                    s[i][j] += c[i][k] * cross[k][j];
                }
            }
            s[i][i] += r[i] * r[i];
        }
        let det = s[0][0] * s[1][1] - s[0][1] * s[1][0];
        let inverse = [
            [s[1][1] / det, -s[0][1] / det],
            [-s[1][0] / det, s[0][0] / det],
        ];
        let mut gain = [[0.0; 2]; 4];
        for i in 0..4 {
            for j in 0..2 {
                gain[i][j] = cross[i][0] * inverse[0][j] + cross[i][1] * inverse[1][j];
            }
        }
        let mut quadratic = 0.0;
        for i in 0..2 {
            for j in 0..2 {
                quadratic += innovation[i] * inverse[i][j] * innovation[j];
            }
        }
        total += 0.5 * (quadratic + det.ln());
        for i in 0..4 {
            mean[i] = predicted[i];
            for j in 0..2 {
                mean[i] += gain[i][j] * innovation[j];
            }
        }
        for i in 0..4 {
            for j in 0..4 {
                let removed = gain[i][0] * cross[j][0] + gain[i][1] * cross[j][1];
                cov[i][j] = ahead[i][j] - removed;
            }
        }
    }
    total
}

/// The price of an American option in a local-volatility model, by an implicit scheme and the Thomas algorithm.
#[checked(
    at(1.05, 1.0, 0.03, -0.05, 0.04, [0.2, 0.25], 7, 2), at(0.9, 1.0, 0.02, -0.05, 0.04, [0.3], 6, 3)
)]
fn option(
    spot: f64,
    strike: f64,
    rate: f64,
    skew: f64,
    smile: f64,
    volatility: &[f64],
    nodes: usize,
    steps: usize,
) -> f64 {
    let maturity = 1.0;
    let dt = maturity / steps as f64;
    let low = (spot * 0.2).ln();
    let high = (spot * 5.0).ln();
    let dx = (high - low) / (nodes - 1) as f64;
    let mut price = vec![0.0; nodes];
    let mut payoff = vec![0.0; nodes];
    for i in 0..nodes {
        let s = (low + i as f64 * dx).exp();
        payoff[i] = (strike - s).max(0.0);
        price[i] = payoff[i];
    }
    let mut lower = vec![0.0; nodes];
    let mut diagonal = vec![0.0; nodes];
    let mut upper = vec![0.0; nodes];
    let mut right = vec![0.0; nodes];
    for step in 0..steps {
        let time = maturity - (step + 1) as f64 * dt;
        let bucket = (step * volatility.len()) / steps;
        let level = volatility[bucket];
        for i in 1..nodes - 1 {
            let s = (low + i as f64 * dx).exp();
            let moneyness = (s / strike).ln() / (1.0 + time).sqrt();
            let sigma = level + skew * moneyness + smile * moneyness * moneyness;
            let floored = if sigma < 0.01 { 0.01 } else { sigma };
            let variance = floored * floored;
            let diffusion = 0.5 * variance * dt / (dx * dx);
            let drift = (rate - 0.5 * variance) * dt / (2.0 * dx);
            lower[i] = drift - diffusion;
            diagonal[i] = 1.0 + 2.0 * diffusion + rate * dt;
            upper[i] = -drift - diffusion;
            right[i] = price[i];
        }
        diagonal[0] = 1.0;
        upper[0] = 0.0;
        right[0] = strike * (-rate * (maturity - time)).exp() - low.exp();
        lower[nodes - 1] = 0.0;
        diagonal[nodes - 1] = 1.0;
        right[nodes - 1] = 0.0;
        for i in 1..nodes {
            let factor = lower[i] / diagonal[i - 1];
            diagonal[i] -= factor * upper[i - 1];
            right[i] -= factor * right[i - 1];
        }
        price[nodes - 1] = right[nodes - 1] / diagonal[nodes - 1];
        for back in 1..nodes {
            let i = nodes - 1 - back;
            let continuation = (right[i] - upper[i] * price[i + 1]) / diagonal[i];
            price[i] = continuation.max(payoff[i]);
        }
    }
    let position = (spot.ln() - low) / dx;
    let at = position as usize;
    let weight = position - at as f64;
    let value = (1.0 - weight) * price[at] + weight * price[at + 1];
    let convexity = price[at + 1] - 2.0 * price[at] + price[at - 1];
    let mut penalty = 0.0;
    for k in 1..volatility.len() {
        let jump = volatility[k] - volatility[k - 1];
        penalty += jump * jump;
    }
    value + 0.01 * convexity + 0.001 * penalty
}
