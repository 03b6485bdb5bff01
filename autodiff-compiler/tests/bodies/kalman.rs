/// The negative log-likelihood of a linear state-space model by the Kalman filter, with 2-D arrays throughout.
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
        let inverse = [[s[1][1] / det, -s[0][1] / det], [-s[1][0] / det, s[0][0] / det]];
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
