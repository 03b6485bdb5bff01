/// A shallow-water channel by an upwind scheme with limiters and wet-dry cases, and its misfit with gauges.
fn flow(depth: &[f64], speed: &[f64], bed: &[f64], friction: f64, gauge: &[f64], steps: usize) -> f64 {
    let n = depth.len();
    let dt = 0.02;
    let gravity = 9.81;
    let mut h = vec![0.0; n];
    let mut q = vec![0.0; n];
    for i in 0..n {
        h[i] = depth[i];
        q[i] = depth[i] * speed[i];
    }
    let mut misfit = 0.0;
    let mut largest = 0.0;
    for step in 0..steps {
        let mut flux_h = vec![0.0; n + 1];
        let mut flux_q = vec![0.0; n + 1];
        for i in 1..n {
            let left = h[i - 1];
            let right = h[i];
            if left < 1e-6 && right < 1e-6 {
                flux_h[i] = 0.0;
                flux_q[i] = 0.0;
                continue;
            }
            let u_left = if left > 1e-6 { q[i - 1] / left } else { 0.0 };
            let u_right = if right > 1e-6 { q[i] / right } else { 0.0 };
            let c_left = (gravity * left.max(0.0)).sqrt();
            let c_right = (gravity * right.max(0.0)).sqrt();
            let slowest = (u_left - c_left).min(u_right - c_right);
            let fastest = (u_left + c_left).max(u_right + c_right);
            let momentum_left = q[i - 1] * u_left + 0.5 * gravity * left * left;
            let momentum_right = q[i] * u_right + 0.5 * gravity * right * right;
            if slowest >= 0.0 {
                flux_h[i] = q[i - 1];
                flux_q[i] = momentum_left;
            } else if fastest <= 0.0 {
                flux_h[i] = q[i];
                flux_q[i] = momentum_right;
            } else {
                let width = fastest - slowest;
                let product = fastest * slowest;
                flux_h[i] = (fastest * q[i - 1] - slowest * q[i] + product * (right - left)) / width;
                flux_q[i] = (fastest * momentum_left - slowest * momentum_right
                    + product * (q[i] - q[i - 1]))
                    / width;
            }
            largest = f64::max(largest, fastest.abs());
        }
        flux_h[0] = 0.0;
        flux_q[0] = 0.5 * gravity * h[0] * h[0];
        flux_h[n] = 0.0;
        flux_q[n] = 0.5 * gravity * h[n - 1] * h[n - 1];
        for i in 0..n {
            let slope = if i == 0 {
                bed[1] - bed[0]
            } else if i == n - 1 {
                bed[n - 1] - bed[n - 2]
            } else {
                0.5 * (bed[i + 1] - bed[i - 1])
            };
            h[i] -= dt * (flux_h[i + 1] - flux_h[i]);
            q[i] -= dt * (flux_q[i + 1] - flux_q[i] + gravity * h[i] * slope);
            if h[i] > 1e-3 {
                let u = q[i] / h[i];
                let drag = 1.0 + dt * friction * u.abs() / h[i].powf(4.0 / 3.0);
                q[i] /= drag;
            } else {
                q[i] = 0.0;
            }
        }
        let middle = n / 2;
        let residual = h[middle] + bed[middle] - gauge[step];
        misfit += match step % 3 {
            0 => residual * residual,
            1 => (1.0 + residual * residual).sqrt() - 1.0,
            _ => residual.abs(),
        };
    }
    let mut volume = 0.0;
    for i in 0..n {
        volume += h[i];
    }
    misfit + 1e-3 * volume * volume + 1e-6 * largest
}
