/// Fits of a saturating response by damped Newton steps until the step is small, with an early return where they fail.
fn newton(x: &[f64], y: &[f64], start: &[f64; 3], damping: f64, limit: usize) -> f64 {
    let mut a = start[0];
    let mut b = start[1];
    let mut c = start[2];
    let mut previous = 1e30;
    let mut iteration = 0;
    let mut step = 1.0;
    while step > 1e-9 && iteration < limit {
        let mut h = [[0.0; 3]; 3];
        let mut g = [0.0; 3];
        let mut sum = 0.0;
        for i in 0..x.len() {
            let e = (-b * x[i]).exp();
            let model = a * (1.0 - e) + c;
            let residual = model - y[i];
            let da = 1.0 - e;
            let db = a * x[i] * e;
            let dc = 1.0;
            let weight = 1.0 / (1.0 + residual * residual);
            sum += weight * residual * residual;
            let partials = [da, db, dc];
            for p in 0..3 {
                g[p] += weight * residual * partials[p];
                for q in 0..3 {
                    h[p][q] += weight * partials[p] * partials[q];
                }
            }
        }
        if sum.is_nan() {
            return previous + 1e6 * damping;
        }
        for p in 0..3 {
            h[p][p] += damping * (1.0 + h[p][p]);
        }
        let mut d = [0.0; 3];
        for p in 0..3 {
            d[p] = -g[p];
        }
        for p in 0..3 {
            let pivot = h[p][p];
            if pivot.abs() < 1e-14 {
                return sum + pivot;
            }
            for q in p + 1..3 {
                let factor = h[q][p] / pivot;
                for r in p..3 {
                    h[q][r] -= factor * h[p][r];
                }
                d[q] -= factor * d[p];
            }
        }
        for back in 0..3 {
            let p = 2 - back;
            let mut rest = d[p];
            for q in p + 1..3 {
                rest -= h[p][q] * d[q];
            }
            d[p] = rest / h[p][p];
        }
        let scale = if sum < previous { 1.0 } else { 0.5 };
        a += scale * d[0];
        b += scale * d[1];
        c += scale * d[2];
        if b < 0.0 {
            b = 0.01 * (1.0 - b);
        }
        step = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        previous = sum;
        iteration += 1;
    }
    let mut curvature = 0.0;
    for i in 0..x.len() {
        let e = (-b * x[i]).exp();
        let second = -a * b * b * e;
        curvature += second * second;
    }
    let mut total = previous + 0.1 * curvature;
    let norm = a * a + b * b + c * c;
    if norm > 100.0 {
        total += (norm - 100.0).sqrt();
    }
    total
}
