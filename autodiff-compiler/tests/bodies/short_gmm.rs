/// A Gaussian mixture without its prior, densely written.
fn gmm(d: usize, k: usize, n: usize, alphas: &[f64], means: &[f64], icf: &[f64], x: &[f64]) -> f64 {
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
            for id in 0..d { sq += qx[id] * qx[id]; }
            main_term[ik] = alphas[ik] + sum_qs[ik] - 0.5 * sq;
        }
        let mut m = main_term[0];
        for ik in 1..k { if main_term[ik] > m { m = main_term[ik]; } }
        let mut s = 0.0;
        for ik in 0..k { s += (main_term[ik] - m).exp(); }
        slse += m + s.ln();
    }
    slse
}
