//! Whole algorithms, as written by people who compute.

use super::checked;

#[checked(at([0.5, 2.0, -1.0], 1), at([0.5, 2.0], 0), at([1.0, 1.5, 0.2, 0.1], 3))]
fn softmax_cross_entropy(logits: &[f64], target: usize) -> f64 {
    let n = logits.len();
    let mut max = f64::NEG_INFINITY;
    for i in 0..n {
        if logits[i] > max {
            max = logits[i];
        }
    }
    let mut z = 0.0;
    for i in 0..n {
        z += (logits[i] - max).exp();
    }
    z.ln() + max - logits[target]
}

#[checked(at([1.0, 0.0], 0.1, 0), at([1.0, 0.0], 0.1, 1), at([1.0, 0.5], 0.1, 3))]
fn runge_kutta_pendulum(state: [f64; 2], h: f64, steps: usize) -> [f64; 2] {
    let mut y = state;
    for _ in 0..steps {
        let k1 = [y[1], -y[0].sin()];
        let k2 = [y[1] + 0.5 * h * k1[1], -(y[0] + 0.5 * h * k1[0]).sin()];
        let k3 = [y[1] + 0.5 * h * k2[1], -(y[0] + 0.5 * h * k2[0]).sin()];
        let k4 = [y[1] + h * k3[1], -(y[0] + h * k3[0]).sin()];
        for i in 0..2 {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    y
}

#[checked(
    at(1.1, 0.4, 0.1, 0.4, 0),
    at(1.1, 0.4, 0.1, 0.4, 1),
    at(1.1, 0.4, 0.1, 0.4, 10)
)]
fn lotka_volterra(alpha: f64, beta: f64, delta: f64, gamma: f64, steps: usize) -> f64 {
    let dt = 0.05;
    let (mut prey, mut predators) = (10.0, 5.0);
    for _ in 0..steps {
        let births = alpha * prey - beta * prey * predators;
        let deaths = delta * prey * predators - gamma * predators;
        prey += dt * births;
        predators += dt * deaths;
    }
    prey * predators
}

#[checked(at([0.0, 0.5, 1.0, 0.3, 0.0], 0.2, 3), at([0.0, 0.5, 0.0], 0.2, 0), at([0.1, 0.5, 0.2], 0.2, 1))]
fn heat_equation_energy(initial: &[f64], k: f64, steps: usize) -> f64 {
    let n = initial.len();
    let mut u = vec![0.0; n];
    for i in 0..n {
        u[i] = initial[i];
    }
    for _ in 0..steps {
        let mut left = u[0];
        for i in 1..n - 1 {
            let here = u[i];
            u[i] = here + k * (left - 2.0 * here + u[i + 1]);
            left = here;
        }
    }
    let mut e = 0.0;
    for i in 0..n {
        e += u[i] * u[i];
    }
    e
}

#[checked(at([4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0], 3), at([2.0], 1), at([], 0), at([4.0, 1.0, 1.0, 3.0], 2))]
fn cholesky_log_determinant(a: &[f64], n: usize) -> f64 {
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let mut s = a[i * n + j];
            for k in 0..j {
                s -= l[i * n + k] * l[j * n + k];
            }
            if i == j {
                l[i * n + i] = s.sqrt();
            } else {
                l[i * n + j] = s / l[j * n + j];
            }
        }
    }
    let mut log_determinant = 0.0;
    for i in 0..n {
        log_determinant += 2.0 * l[i * n + i].ln();
    }
    log_determinant
}

#[checked(
    at([[0.5, 2.0, 1.0], [3.0, 1.0, -1.0], [1.0, 1.0, 4.0]], [1.0, 2.0, 3.0]),
    at([[3.0, 2.0, 1.0], [0.5, 1.0, -1.0], [1.0, 2.5, 4.0]], [1.0, 0.0, -3.0]),
    tolerance = 1e-11
)]
fn linear_solve_with_pivoting(a: &[[f64; 3]; 3], b: &[f64; 3]) -> [f64; 3] {
    let mut m = *a;
    let mut x = *b;
    for k in 0..3 {
        let mut p = k;
        for i in k + 1..3 {
            if m[i][k].abs() > m[p][k].abs() {
                p = i;
            }
        }
        if p != k {
            (m[k], m[p]) = (m[p], m[k]);
            (x[k], x[p]) = (x[p], x[k]);
        }
        for i in k + 1..3 {
            let factor = m[i][k] / m[k][k];
            for j in k..3 {
                m[i][j] -= factor * m[k][j];
            }
            x[i] -= factor * x[k];
        }
    }
    for i in (0..3).rev() {
        for j in i + 1..3 {
            x[i] -= m[i][j] * x[j];
        }
        x[i] /= m[i][i];
    }
    x
}

#[checked(at([1.0, 2.0, 0.5, -1.0, 0.3, 0.7], [0.5, 1.5, 1.0, 0.1, 2.0, -0.4], 2, 3, 2), at([1.0], [2.0], 1, 1, 1), at([], [], 0, 0, 0))]
fn matrix_product(a: &[f64], b: &[f64], n: usize, m: usize, p: usize) -> Vec<f64> {
    let mut c = vec![0.0; n * p];
    for i in 0..n {
        for k in 0..m {
            let a_ik = a[i * m + k];
            for j in 0..p {
                c[i * p + j] += a_ik * b[k * p + j];
            }
        }
    }
    c
}

#[checked(at([2.0, 1.0, 1.0, 3.0], 2, 4), at([2.0, 1.0, 1.0, 3.0], 2, 0), at([2.0], 1, 2))]
fn power_iteration(a: &[f64], n: usize, iterations: usize) -> f64 {
    let mut v = vec![1.0; n];
    let mut w = vec![0.0; n];
    let mut eigenvalue = 0.0;
    for _ in 0..iterations {
        for i in 0..n {
            w[i] = 0.0;
            for j in 0..n {
                w[i] += a[i * n + j] * v[j];
            }
        }
        let mut norm = 0.0;
        for i in 0..n {
            norm += w[i] * w[i];
        }
        norm = norm.sqrt();
        eigenvalue = 0.0;
        for i in 0..n {
            eigenvalue += v[i] * w[i];
        }
        for i in 0..n {
            v[i] = w[i] / norm;
        }
    }
    eigenvalue + v[0]
}

#[checked(at([0.5, 1e3, -1e3, 0.25]), at([]), at([1.5]))]
fn kahan_sum(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut carry = 0.0;
    for i in 0..x.len() {
        let y = x[i] - carry;
        let t = sum + y;
        carry = (t - sum) - y;
        sum = t;
    }
    sum
}

#[checked(at([0.3, -0.2, 0.5, 0.8, 0.1, -0.4], [0.7, -0.5], [1.0, 0.5, -1.0], 0.1))]
fn two_layer_network(w: &[f64; 6], v: &[f64; 2], x: &[f64; 3], bias: f64) -> f64 {
    let mut out = bias;
    for h in 0..2 {
        let mut a = 0.0;
        for i in 0..3 {
            a += w[h * 3 + i] * x[i];
        }
        out += v[h] * a.tanh();
    }
    (out - 1.0).powi(2)
}

#[checked(at([0.0, 0.0, 1.0, 0.2, 0.1, 1.3]), at([0.5, -0.5]), at([]))]
fn lennard_jones(positions: &[f64]) -> f64 {
    let n = positions.len() / 2;
    let mut energy = 0.0;
    for i in 0..n {
        for j in 0..i {
            let dx = positions[2 * i] - positions[2 * j];
            let dy = positions[2 * i + 1] - positions[2 * j + 1];
            let r2 = dx * dx + dy * dy;
            let s6 = 1.0 / (r2 * r2 * r2);
            energy += 4.0 * (s6 * s6 - s6);
        }
    }
    energy
}

#[checked(at([0.5, 0.2, 0.3], [[0.7, 0.3], [0.4, 0.6]], [0, 1, 1]), at([0.5, 0.2, 0.3], [[0.7, 0.3], [0.4, 0.6]], []), at([0.5, 0.2, 0.3], [[0.7, 0.3], [0.4, 0.6]], [1]))]
fn hidden_markov_forward(emission: &[f64], transition: &[[f64; 2]; 2], observed: &[usize]) -> f64 {
    let mut alpha = [0.5, 0.5];
    let mut log_likelihood = 0.0;
    for t in 0..observed.len() {
        let mut next = [0.0; 2];
        for j in 0..2 {
            for i in 0..2 {
                next[j] += alpha[i] * transition[i][j];
            }
            next[j] *= emission[(observed[t] + j) % 3];
        }
        let scale = next[0] + next[1];
        log_likelihood += scale.ln();
        alpha = [next[0] / scale, next[1] / scale];
    }
    log_likelihood
}

#[checked(at([1.0, 0.5, 0.25], 0.3), at([2.0], 1.5), at([], 0.5))]
fn clenshaw(c: &[f64], x: f64) -> f64 {
    let (mut b1, mut b2) = (0.0, 0.0);
    for k in (1..c.len()).rev() {
        (b1, b2) = (2.0 * x * b1 - b2 + c[k], b1);
    }
    if c.is_empty() { x } else { c[0] + x * b1 - b2 }
}

#[checked(at([0.5, 1.2, 0.9, 1.4], 0.1, 0.2), at([0.5], 0.1, 0.2), at([], 0.1, 0.2))]
fn kalman_likelihood(z: &[f64], q: f64, r: f64) -> f64 {
    let (mut mean, mut variance) = (0.0, 1.0);
    let mut log_likelihood = 0.0;
    for k in 0..z.len() {
        let predicted = variance + q * q;
        let innovation = z[k] - mean;
        let s = predicted + r * r;
        log_likelihood -=
            0.5 * ((2.0 * std::f64::consts::PI * s).ln() + innovation * innovation / s);
        let gain = predicted / s;
        mean += gain * innovation;
        variance = (1.0 - gain) * predicted;
    }
    log_likelihood
}

#[checked(at([1.0, 2.0, 3.0, 1.5], [4.0, 4.5, 5.0, 4.0], [1.0, 0.5, 1.0], [1.0, 0.5, 2.0, 1.0]), at([1.0], [2.0], [], [3.0]))]
fn tridiagonal_solve(x: &[f64], diagonal: &[f64], off: &[f64], rhs: &[f64]) -> Vec<f64> {
    let n = diagonal.len();
    let mut c = vec![0.0; n];
    let mut d = vec![0.0; n];
    d[0] = rhs[0] * x[0] / diagonal[0];
    for i in 1..n {
        c[i - 1] = off[i - 1] / (diagonal[i - 1] - if i > 1 { off[i - 2] * c[i - 2] } else { 0.0 });
        let m = diagonal[i] - off[i - 1] * c[i - 1];
        d[i] = (rhs[i] * x[i] - off[i - 1] * d[i - 1]) / m;
    }
    for i in (0..n - 1).rev() {
        d[i] -= c[i] * d[i + 1];
    }
    d
}

#[checked(at([1.0, 0.5, -0.3, 0.2, 0.7, -0.1, 0.4, 0.9]), at([1.0, 0.5]), at([2.0]))]
fn haar_wavelet_energy(signal: &[f64]) -> f64 {
    let mut n = signal.len();
    let mut a = vec![0.0; n];
    let mut work = vec![0.0; n];
    for i in 0..n {
        a[i] = signal[i];
    }
    let mut energy = 0.0;
    while n > 1 {
        n /= 2;
        for i in 0..n {
            work[i] = 0.5 * (a[2 * i] + a[2 * i + 1]);
            work[n + i] = 0.5 * (a[2 * i] - a[2 * i + 1]);
        }
        for i in 0..2 * n {
            a[i] = work[i];
        }
        for i in n..2 * n {
            energy += a[i] * a[i] * a[i];
        }
    }
    energy + a[0] * a[0]
}

#[checked(at([0.5, -0.5], 0.1, 0), at([0.5, -0.5], 0.001, 1), at([-1.2, 1.0], 0.001, 3))]
fn gradient_descent_on_rosenbrock(start: [f64; 2], rate: f64, steps: usize) -> f64 {
    let mut x = start;
    for _ in 0..steps {
        let g0 = -2.0 * (1.0 - x[0]) - 400.0 * x[0] * (x[1] - x[0] * x[0]);
        let g1 = 200.0 * (x[1] - x[0] * x[0]);
        x[0] -= rate * g0;
        x[1] -= rate * g1;
    }
    (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2)
}

#[checked(at([0.1, 0.4, 0.8], 0.55), at([0.0, 0.5, 0.2], 0.11))]
fn de_casteljau(control: [f64; 3], t: f64) -> f64 {
    let mut b = control;
    for level in 1..3 {
        for i in 0..3 - level {
            b[i] = (1.0 - t) * b[i] + t * b[i + 1];
        }
    }
    b[0]
}

#[checked(at([[0.9, 0.3], [0.2, 0.8]], 0), at([[0.9, 0.3], [0.2, 0.8]], 1), at([[0.9, 0.3], [0.2, 0.8]], 3))]
fn matrix_power(a: [[f64; 2]; 2], n: usize) -> [[f64; 2]; 2] {
    let mut p = [[1.0, 0.0], [0.0, 1.0]];
    for _ in 0..n {
        let mut next = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    next[i][j] += p[i][k] * a[k][j];
                }
            }
        }
        p = next;
    }
    p
}

#[checked(at(0.5, 2.0, 4), at(0.0, 1.0, 0), at(0.5, 1.0, 2))]
fn simpson_rule(a: f64, b: f64, panels: usize) -> f64 {
    if panels == 0 {
        return 0.0;
    }
    let h = (b - a) / (2 * panels) as f64;
    let mut s = 0.0;
    for i in 0..=2 * panels {
        let x = a + i as f64 * h;
        let w = match i {
            0 => 1.0,
            _ if i == 2 * panels => 1.0,
            _ if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        s += w * (-x * x).exp();
    }
    s * h / 3.0
}

#[checked(at([1.0, 2.0, 3.0], [2.1, 3.9, 6.2], [0.5, 1.0]), at([], [], [0.5, 1.0]), options(wrt(beta)))]
fn poisson_regression(x: &[f64], y: &[f64], beta: &[f64; 2]) -> f64 {
    let mut nll = 0.0;
    for i in 0..x.len() {
        let eta = beta[0] + beta[1] * x[i];
        nll += eta.exp() - y[i] * eta;
    }
    nll
}

#[checked(at([0.3, 0.8, -0.5], [1.0, 0.7, 0.2], 0.5), at([], [], 0.5), at([0.3], [1.0], 0.5))]
fn momentum_update(w: &mut [f64], velocity: &mut [f64], rate: f64) {
    for i in 0..w.len() {
        let gradient = 2.0 * w[i] * w[i].cos();
        velocity[i] = 0.9 * velocity[i] - rate * gradient;
        w[i] += velocity[i];
    }
}

#[checked(at([0.6, 1.1, -0.4], 0.7, 0.2), at([0.6], 0.7, 0.2))]
fn gated_recurrence(x: &[f64], w: f64, u: f64) -> f64 {
    let mut h = 0.0;
    for t in 0..x.len() {
        let gate = 1.0 / (1.0 + (-(w * x[t] + u * h)).exp());
        let candidate = (w * h * gate + u * x[t]).tanh();
        h = (1.0 - gate) * h + gate * candidate;
    }
    h
}

#[checked(at([1.0, 0.5, 0.2, 2.0], [0.0, 1.0], 3), at([1.0, 0.5, 0.2, 2.0], [0.0, 1.0], 0))]
fn conjugate_gradient(a: &[f64; 4], b: &[f64; 2], iterations: usize) -> f64 {
    let m = [[a[0] + 2.0, a[1]], [a[1], a[3] + a[2]]];
    let mut x = [0.1, 0.2];
    let mut r = [0.0; 2];
    for i in 0..2 {
        r[i] = b[i] - m[i][0] * x[0] - m[i][1] * x[1];
    }
    let mut p = r;
    let mut rr = r[0] * r[0] + r[1] * r[1];
    for _ in 0..iterations {
        if rr < 1e-20 {
            break;
        }
        let mp = [
            m[0][0] * p[0] + m[0][1] * p[1],
            m[1][0] * p[0] + m[1][1] * p[1],
        ];
        let step = rr / (p[0] * mp[0] + p[1] * mp[1]);
        for i in 0..2 {
            x[i] += step * p[i];
            r[i] -= step * mp[i];
        }
        let next = r[0] * r[0] + r[1] * r[1];
        for i in 0..2 {
            p[i] = r[i] + next / rr * p[i];
        }
        rr = next;
    }
    x[0] * x[0] + x[1]
}
