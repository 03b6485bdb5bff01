//! Simulations and solvers with loops of many lines. Their text is long enough for the
//! two sweeps that large functions share.

use super::checked;

/// Reaction and diffusion by explicit steps: seventy temporaries in the inner of two loops.
#[checked(
    at([0.4, -0.3], [0.9, 0.5, 1.2, -0.4], [0.1, 0.6], 2, 2), at([0.4], [0.9, 0.5, 1.2, -0.4], [0.1], 1, 1),
    at([0.4], [0.9, 0.5, 1.2, -0.4], [0.1], 1, 0), panics([0.4], [0.9, 0.5, 1.2, -0.4], [0.1], 2, 1)
)]
fn dense(u0: &[f64], k: &[f64], target: &[f64], n: usize, steps: usize) -> f64 {
    let dx = 1.0 / n as f64;
    let dt = 0.1 * dx * dx;
    let mut u = vec![0.0; n];
    let mut v = vec![0.0; n];
    for i in 0..n {
        u[i] = u0[i];
        v[i] = 0.5 * u0[i] * u0[i];
    }
    let mut loss = 0.0;
    for s in 0..steps {
        let time = s as f64 * dt;
        for i in 0..n {
            let a0 = u[i] * k[0] + v[i];
            let a1 = a0 * a0 - k[1] * v[i];
            let a2 = (a1 * k[2]).sin();
            let a3 = a2.exp() * dx;
            let a4 = a3 / (1.0 + a1 * a1);
            let a5 = a4.tanh() + time;
            let a6 = a5 * a2 - a0;
            let a7 = (a6 * a6 + 1.0).sqrt();
            let a8 = a7.ln() * k[3];
            let a9 = a8 * a4 + a3 * a1;
            let a10 = a9 * a6 + k[2];
            let a11 = (a9 - a10).sin();
            let a12 = a11 / (2.0 + a9 * a9);
            let a13 = a12.cos() * a7;
            let a14 = a13 + 0.5 * a12 * dx;
            let a15 = a14 * a11 + k[3];
            let a16 = (a14 - a15).sin();
            let a17 = a16 / (2.0 + a14 * a14);
            let a18 = a17.cos() * a12;
            let a19 = a18 + 0.5 * a17 * dx;
            let a20 = a19 * a16 + k[0];
            let a21 = (a19 - a20).sin();
            let a22 = a21 / (2.0 + a19 * a19);
            let a23 = a22.cos() * a17;
            let a24 = a23 + 0.5 * a22 * dx;
            let a25 = a24 * a21 + k[1];
            let a26 = (a24 - a25).sin();
            let a27 = a26 / (2.0 + a24 * a24);
            let a28 = a27.cos() * a22;
            let a29 = a28 + 0.5 * a27 * dx;
            let a30 = a29 * a26 + k[2];
            let a31 = (a29 - a30).sin();
            let a32 = a31 / (2.0 + a29 * a29);
            let a33 = a32.cos() * a27;
            let a34 = a33 + 0.5 * a32 * dx;
            let a35 = a34 * a31 + k[3];
            let a36 = (a34 - a35).sin();
            let a37 = a36 / (2.0 + a34 * a34);
            let a38 = a37.cos() * a32;
            let a39 = a38 + 0.5 * a37 * dx;
            let a40 = a39 * a36 + k[0];
            let a41 = (a39 - a40).sin();
            let a42 = a41 / (2.0 + a39 * a39);
            let a43 = a42.cos() * a37;
            let a44 = a43 + 0.5 * a42 * dx;
            let a45 = a44 * a41 + k[1];
            let a46 = (a44 - a45).sin();
            let a47 = a46 / (2.0 + a44 * a44);
            let a48 = a47.cos() * a42;
            let a49 = a48 + 0.5 * a47 * dx;
            let a50 = a49 * a46 + k[2];
            let a51 = (a49 - a50).sin();
            let a52 = a51 / (2.0 + a49 * a49);
            let a53 = a52.cos() * a47;
            let a54 = a53 + 0.5 * a52 * dx;
            let a55 = a54 * a51 + k[3];
            let a56 = (a54 - a55).sin();
            let a57 = a56 / (2.0 + a54 * a54);
            let a58 = a57.cos() * a52;
            let a59 = a58 + 0.5 * a57 * dx;
            let a60 = a59 * a56 + k[0];
            let a61 = (a59 - a60).sin();
            let a62 = a61 / (2.0 + a59 * a59);
            let a63 = a62.cos() * a57;
            let a64 = a63 + 0.5 * a62 * dx;
            let a65 = a64 * a61 + k[1];
            let a66 = (a64 - a65).sin();
            let a67 = a66 / (2.0 + a64 * a64);
            let a68 = a67.cos() * a62;
            let a69 = a68 + 0.5 * a67 * dx;
            u[i] += dt * a69;
            v[i] += dt * a68 * u[i];
            if u[i] > 3.0 {
                u[i] = 3.0 + 0.1 * (u[i] - 3.0);
            }
        }
        for i in 0..n {
            let r = u[i] - target[i];
            loss += r * r * dx;
        }
    }
    loss
}

/// A damped three-body problem integrated by a symplectic scheme, and its distance from observations.
#[checked(
    at([0.1, 0.2, 1.1, -0.3, -0.7, 0.9], [0.3, -0.1, 0.2, 0.5, -0.4, 0.1], [1.0, 0.8, 1.3], 0.1, [0.2, 0.1, 1.0, -0.2, -0.8, 1.0], 1),
    panics([0.1, 0.2, 1.1, -0.3, -0.7, 0.9], [0.3, -0.1, 0.2, 0.5, -0.4, 0.1], [1.0, 0.8, 1.3], 0.1, [0.2, 0.1, 1.0, -0.2, -0.8, 1.0], 2)
)]
fn orbit(
    position: &[f64],
    velocity: &[f64],
    mass: &[f64; 3],
    drag: f64,
    observed: &[f64],
    steps: usize,
) -> f64 {
    let dt = 0.01;
    let softening = 1e-3;
    let mut x = [0.0; 6];
    let mut v = [0.0; 6];
    for i in 0..6 {
        x[i] = position[i];
        v[i] = velocity[i];
    }
    let mut misfit = 0.0;
    let mut energy_0 = 0.0;
    for step in 0..steps {
        for sub in 0..4 {
            let weight = if sub % 2 == 0 { 1.0 } else { 0.5 };
            let h = dt * weight;
            let x01 = x[2] - x[0];
            let y01 = x[3] - x[1];
            let x02 = x[4] - x[0];
            let y02 = x[5] - x[1];
            let x12 = x[4] - x[2];
            let y12 = x[5] - x[3];
            let r01 = x01 * x01 + y01 * y01 + softening;
            let r02 = x02 * x02 + y02 * y02 + softening;
            let r12 = x12 * x12 + y12 * y12 + softening;
            let d01 = r01.sqrt();
            let d02 = r02.sqrt();
            let d12 = r12.sqrt();
            let f01 = 1.0 / (r01 * d01);
            let f02 = 1.0 / (r02 * d02);
            let f12 = 1.0 / (r12 * d12);
            let ax0 = mass[1] * f01 * x01 + mass[2] * f02 * x02;
            let ay0 = mass[1] * f01 * y01 + mass[2] * f02 * y02;
            let ax1 = mass[2] * f12 * x12 - mass[0] * f01 * x01;
            let ay1 = mass[2] * f12 * y12 - mass[0] * f01 * y01;
            let ax2 = -mass[0] * f02 * x02 - mass[1] * f12 * x12;
            let ay2 = -mass[0] * f02 * y02 - mass[1] * f12 * y12;
            let speed_0 = (v[0] * v[0] + v[1] * v[1]).sqrt();
            let speed_1 = (v[2] * v[2] + v[3] * v[3]).sqrt();
            let speed_2 = (v[4] * v[4] + v[5] * v[5]).sqrt();
            let damping_0 = (-drag * speed_0 * h).exp();
            let damping_1 = (-drag * speed_1 * h).exp();
            let damping_2 = (-drag * speed_2 * h).exp();
            v[0] = (v[0] + h * ax0) * damping_0;
            v[1] = (v[1] + h * ay0) * damping_0;
            v[2] = (v[2] + h * ax1) * damping_1;
            v[3] = (v[3] + h * ay1) * damping_1;
            v[4] = (v[4] + h * ax2) * damping_2;
            v[5] = (v[5] + h * ay2) * damping_2;
            for i in 0..6 {
                x[i] += h * v[i];
            }
            let kinetic_0 = 0.5 * mass[0] * (v[0] * v[0] + v[1] * v[1]);
            let kinetic_1 = 0.5 * mass[1] * (v[2] * v[2] + v[3] * v[3]);
            let kinetic_2 = 0.5 * mass[2] * (v[4] * v[4] + v[5] * v[5]);
            let potential_01 = mass[0] * mass[1] / d01;
            let potential_02 = mass[0] * mass[2] / d02;
            let potential_12 = mass[1] * mass[2] / d12;
            let kinetic = kinetic_0 + kinetic_1 + kinetic_2;
            let potential = potential_01 + potential_02 + potential_12;
            let energy = kinetic - potential;
            if step == 0 && sub == 0 {
                energy_0 = energy;
            } else {
                let drift = (energy - energy_0) / (1.0 + energy_0 * energy_0);
                misfit += 1e-3 * drift * drift;
            }
        }
        let at = 6 * step;
        for i in 0..6 {
            let residual = x[i] - observed[at + i];
            let scaled = residual / (1.0 + 0.1 * i as f64);
            misfit += (1.0 + scaled * scaled).ln();
        }
    }
    let mut momentum_x = 0.0;
    let mut momentum_y = 0.0;
    for i in 0..3 {
        momentum_x += mass[i] * v[2 * i];
        momentum_y += mass[i] * v[2 * i + 1];
    }
    misfit + 0.01 * (momentum_x * momentum_x + momentum_y * momentum_y).sqrt()
}

/// Fits of a saturating response by damped Newton steps until the step is small, with an early return where they fail.
#[checked(
    at([0.5, 1.0, 2.0, 3.0], [0.5, 0.8, 1.1, 1.3], [1.0, 0.7, 0.1], 0.1, 1),
    at([0.5, 1.0, 2.0, 3.0], [0.5, 0.8, 1.1, 1.3], [1.0, 0.7, 0.1], 0.1, 3),
    at([0.5, 1.0, 2.0, 3.0], [0.5, 0.8, 1.1, 1.3], [1.0, 0.7, 0.1], 0.1, 0)
)]
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

/// A shallow-water channel by an upwind scheme with limiters and wet-dry cases, and its misfit with gauges.
#[checked(
    at([1.0, 0.8, 1.3, 0.9], [0.3, -0.2, 0.1, 0.4], [0.0, 0.1, 0.05, 0.2], 0.02, [1.1, 0.9, 1.2], 3),
    at([1.0, 0.8], [9.0, 8.5], [0.0, 0.1], 0.02, [0.7], 1), at([0.9, 1.2], [-9.0, -8.0], [0.0, 0.1], 0.02, [0.7], 1),
    at([1.0, 1.4], [0.1, 0.2], [0.0, 0.1], 0.02, [], 0)
)]
fn flow(
    depth: &[f64],
    speed: &[f64],
    bed: &[f64],
    friction: f64,
    gauge: &[f64],
    steps: usize,
) -> f64 {
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
                flux_h[i] =
                    (fastest * q[i - 1] - slowest * q[i] + product * (right - left)) / width;
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

/// A chain of reactions in a tube: source terms with many rates in two nested loops.
#[checked(
    at([1.5, 0.8, 0.3, 0.6], [900.0, 700.0, 500.0, 800.0], [0.7, 0.9], 350.0, 2, 2),
    at([1.5, 0.8, 0.3, 0.6], [900.0, 700.0, 500.0, 800.0], [0.7, 0.9], 350.0, 1, 1)
)]
fn reactor(
    rate: &[f64],
    energy: &[f64],
    inlet: &[f64],
    temperature: f64,
    cells: usize,
    sweeps: usize,
) -> f64 {
    let mut fuel = vec![0.0; cells];
    let mut oxygen = vec![0.0; cells];
    let mut heat = vec![0.0; cells];
    for cell in 0..cells {
        fuel[cell] = inlet[0];
        oxygen[cell] = inlet[1];
        heat[cell] = temperature;
    }
    let gas = 8.314;
    let dt = 1e-3;
    for sweep in 0..sweeps {
        let ramp = 1.0 + 0.1 * (sweep as f64 * dt).sin();
        let mut carry_fuel = inlet[0] * ramp;
        let mut carry_oxygen = inlet[1];
        let mut carry_heat = temperature;
        for cell in 0..cells {
            let local = 0.5 * (heat[cell] + carry_heat);
            let inverse = 1.0 / (gas * local);
            let k1 = rate[0] * (-energy[0] * inverse).exp();
            let k2 = rate[1] * (-energy[1] * inverse).exp();
            let k3 = rate[2] * (-energy[2] * inverse).exp();
            let k4 = rate[3] * (-energy[3] * inverse).exp();
            let f = 0.5 * (fuel[cell] + carry_fuel);
            let o = 0.5 * (oxygen[cell] + carry_oxygen);
            let root = (o + 1e-9).sqrt();
            let r1 = k1 * f * root;
            let r2 = k2 * f * o;
            let third = 1.0 + 0.3 * f + 0.2 * o;
            let r3 = k3 * o * third;
            let falloff = k4 / (k3 + 1e-3);
            let blend = falloff / (1.0 + falloff);
            let width = 0.75 - 1.27 * (blend + 1e-9).log10();
            let broad = (0.6_f64).powf(1.0 / (1.0 + width * width));
            let r4 = k4 * blend * broad * f;
            let net = r1 + r2 - 0.1 * r3 + r4;
            let consumed = 2.0 * r1 + r2 + r4;
            let capacity = 1.0 + 1e-4 * local + 1e-7 * local * local;
            let release = (r1 * 800.0 + r2 * 400.0 + r4 * 120.0 - r3 * 30.0) / capacity;
            let loss = 1e-2 * (local - 300.0) + 1e-9 * (local * local - 9e4);
            let conduction = 0.05 * (carry_heat - heat[cell]);
            let mixing = 0.2 * (carry_fuel - fuel[cell]);
            let breathing = 0.2 * (carry_oxygen - oxygen[cell]);
            let stiffness = (net * net + consumed * consumed + 1e-12).sqrt();
            let limiter = 1.0 / (1.0 + dt * stiffness);
            let df = dt * limiter * (mixing - net);
            let do_ = dt * limiter * (breathing - consumed);
            let dh = dt * limiter * (release - loss + conduction);
            carry_fuel = fuel[cell];
            carry_oxygen = oxygen[cell];
            carry_heat = heat[cell];
            fuel[cell] += df;
            oxygen[cell] += do_;
            heat[cell] += dh;
            if fuel[cell] < 0.0 {
                fuel[cell] = 0.0;
            }
            if oxygen[cell] < 0.0 {
                oxygen[cell] = 0.0;
            }
        }
    }
    let mut left = 0.0;
    let mut hottest = 0.0;
    for cell in 0..cells {
        left += fuel[cell] * fuel[cell];
        hottest += (heat[cell] / 1000.0).powi(4);
    }
    left / inlet[0] + 0.01 * hottest.sqrt().sqrt()
}
