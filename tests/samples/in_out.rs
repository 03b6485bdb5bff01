//! In-out parameters: `&mut` slices, arrays, scalars and tuples, with and without a result.

use super::checked;

#[checked(at(0.5, 2.0), at(-1.0, 0.3))]
fn accumulate_into(total: &mut f64, x: f64) {
    *total += x * x;
}

#[checked(at(0.5, 2.0), at(-1.0, 0.3))]
fn overwrite(out: &mut f64, x: f64) {
    *out = x.sin();
}

#[checked(at(0.5), at(-1.0))]
fn square_in_place(x: &mut f64) {
    *x *= *x;
    *x += 1.0;
    *x = *x * *x - *x;
}

#[checked(at(0.5, 2.0), at(3.0, -1.0))]
fn swap_scaled(a: &mut f64, b: &mut f64) {
    let t = *a * 2.0;
    *a = *b * t;
    *b = t;
}

#[checked(at(0.5, 2.0), at(3.0, -1.0))]
fn result_beside_an_in_out(state: &mut f64, x: f64) -> f64 {
    let old = *state;
    *state = 0.9 * old + 0.1 * x;
    (old - x) * *state
}

#[checked(at([], 2.0), at([0.5], 2.0), at([0.5, -1.0, 3.0], -0.4))]
fn scale(x: &mut [f64], a: f64) {
    for i in 0..x.len() {
        x[i] *= a;
    }
}

#[checked(at([], [], 2.0), at([0.5], [1.5], 2.0), at([0.5, -1.0, 3.0], [1.0, 2.0, 0.1], -0.4))]
fn axpy(y: &mut [f64], x: &[f64], a: f64) {
    for i in 0..y.len() {
        y[i] += a * x[i];
    }
}

#[checked(at([1.0, 0.5, 2.0]), at([1.5]), at([]), at([0.3, 0.2]))]
fn prefix_products(x: &mut [f64]) {
    for i in 1..x.len() {
        x[i] *= x[i - 1];
    }
}

#[checked(at([1.0, 0.5, 2.0, -0.7]), at([1.5]), at([0.4, 0.8]))]
fn normalise(x: &mut [f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * x[i];
    }
    let norm = s.sqrt();
    for i in 0..x.len() {
        x[i] /= norm;
    }
    norm
}

#[checked(at([1.0, 0.5, 2.0, -0.7]), at([1.5]), at([0.4, 0.8]), at([]))]
fn reverse_with_squares(x: &mut [f64]) {
    let n = x.len();
    for i in 0..n / 2 {
        let t = x[i];
        x[i] = x[n - 1 - i] * x[n - 1 - i];
        x[n - 1 - i] = t;
    }
}

#[checked(at([0.0, 1.0, 0.5, 2.0, 0.0], 0.1, 3), at([0.0, 1.0, 0.0], 0.2, 0), at([0.0, 1.0, 3.0, 0.0], 0.2, 1))]
fn heat_steps(u: &mut [f64], k: f64, steps: usize) {
    let n = u.len();
    let mut next = vec![0.0; n];
    for _ in 0..steps {
        for i in 1..n - 1 {
            next[i] = u[i] + k * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        for i in 1..n - 1 {
            u[i] = next[i];
        }
    }
}

#[checked(at([0.5, 1.0, 2.0], 0.3), at([1.0, -1.0, 0.5], 2.0))]
fn array_in_place(x: &mut [f64; 3], a: f64) {
    x[0] += a * x[1];
    x[1] *= x[2];
    x[2] = x[0] * x[1];
}

#[checked(at([[0.5, 1.0], [2.0, -1.0]], 0.3))]
fn row_operation(m: &mut [[f64; 2]; 2], a: f64) {
    for j in 0..2 {
        m[1][j] -= a * m[0][j] * m[1][0];
    }
}

#[checked(at((0.5, 1.0), 0.3))]
fn tuple_in_place(p: &mut (f64, f64), dt: f64) {
    p.1 -= dt * p.0.sin();
    p.0 += dt * p.1;
}

#[checked(at([1.0, 2.0], [0.5, 0.1], 3), at([1.0, 2.0], [0.5, 0.1], 0), at([1.0], [0.5], 1), at([1.0], [0.5], 2))]
fn leapfrog(q: &mut [f64], p: &mut [f64], steps: usize) -> f64 {
    let dt = 0.1;
    for _ in 0..steps {
        for i in 0..q.len() {
            p[i] -= 0.5 * dt * q[i] * q[i] * q[i];
        }
        for i in 0..q.len() {
            q[i] += dt * p[i];
        }
        for i in 0..q.len() {
            p[i] -= 0.5 * dt * q[i] * q[i] * q[i];
        }
    }
    let mut energy = 0.0;
    for i in 0..q.len() {
        energy += 0.5 * p[i] * p[i] + 0.25 * q[i].powi(4);
    }
    energy
}

#[checked(at([1.0, 2.0, 3.0], [0.3, 0.7], 1), at([1.0, 2.0, 3.0], [0.3, 0.7], 5))]
fn returns_early_after_a_store(x: &mut [f64], w: &[f64], k: usize) -> f64 {
    x[0] *= w[0];
    if k >= x.len() {
        return x[0];
    }
    x[k] += w[1] * x[0];
    x[k] * w[0]
}

#[checked(at([0.2, 0.4, 0.1], [1.0, 0.5]))]
fn out_parameter_only_written(out: &mut [f64], x: &[f64]) {
    out[0] = x[0] * x[1];
    out[1] = x[0].exp();
    out[2] = 4.0;
}

#[checked(at([3.0, 1.0, 2.0]), at([1.0, 2.0, 3.0]), at([0.5]), at([]))]
fn bubble_sort(x: &mut [f64]) {
    let n = x.len();
    for i in 0..n {
        for j in 0..n - 1 - i {
            if x[j] > x[j + 1] {
                let t = x[j];
                x[j] = x[j + 1];
                x[j + 1] = t;
            }
        }
    }
}

#[checked(at([1.0, 2.0, 0.5], [0.1, 0.2, 0.3], [2, 0, 2, 1]), at([1.0], [2.0], [0, 0]), at([1.0], [2.0], []))]
fn scatter_add(out: &mut [f64], x: &[f64], indices: &[usize]) {
    for k in 0..indices.len() {
        let i = indices[k];
        out[i] += x[i] * out[i];
    }
}

#[checked(at([0.5, 2.0], 3, [1.0, 0.7]), at([0.5, 2.0], 0, [1.0, 0.7]), options(wrt(x)))]
fn in_out_with_inactive_companions(x: &mut [f64], n: usize, w: &[f64]) {
    for _ in 0..n {
        for i in 0..x.len() {
            x[i] = w[i] * x[i] * (1.0 - x[i]);
        }
    }
}
