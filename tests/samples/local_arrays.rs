//! Local arrays and `vec![v; n]`: made, filled, copied whole, overwritten, nested.

use super::checked;

#[checked(at(0.5, 2.0))]
fn built_from_expressions(x: f64, y: f64) -> f64 {
    let a = [x * y, x, y.sin(), 1.0];
    a[0] * a[2] + a[1] * a[3]
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn vector_of_a_run_time_length(x: f64, n: usize) -> f64 {
    let mut v = vec![x; n + 1];
    for i in 1..v.len() {
        v[i] = v[i - 1] * v[i] + i as f64 * 0.1;
    }
    v[n] * v[0]
}

#[checked(at(0.5, 2.0), at(1.0, -1.0))]
fn array_of_an_active_value(x: f64, y: f64) -> f64 {
    let mut a = [x * y; 4];
    a[1] = y;
    a[2] *= a[1];
    a[0] * a[1] * a[2] + a[3]
}

#[checked(at(0.5, 2.0), at(1.0, -1.0))]
fn copies_are_independent(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y];
    let b = a;
    a[0] = b[1] * 2.0;
    a[2] += a[0];
    let mut c = a;
    c[1] = a[2] * b[2];
    a[0] * b[0] + c[1] * a[1]
}

#[checked(at([0.5, 2.0, -1.0]))]
fn whole_array_assigned(x: [f64; 3]) -> f64 {
    let mut a = [1.0; 3];
    let s = a[0] * x[0];
    a = x;
    a[1] *= s;
    a = [a[1], a[2], a[0]];
    a[0] * a[1] + a[2]
}

#[checked(at([0.5, 2.0, -1.0], 0), at([0.5, 2.0, -1.0], 1), at([0.5, 2.0, -1.0], 2), at([0.5, 2.0, -1.0], 3))]
fn whole_array_assigned_in_a_loop(x: [f64; 3], n: usize) -> f64 {
    let mut a = x;
    for i in 0..n {
        let mut next = [0.0; 3];
        for j in 0..3 {
            next[j] = a[(j + 1) % 3] * x[j] + 0.1 * i as f64;
        }
        a = next;
    }
    a[0] + a[1] * a[2]
}

#[checked(at([0.5, 2.0, -1.0], 3), at([0.5, 2.0, -1.0], 0), at([0.5, 2.0, -1.0], 1))]
fn two_buffers_exchanged(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut a = vec![0.0; n];
    let mut b = vec![1.0; n];
    for i in 0..n {
        a[i] = x[i];
    }
    for _ in 0..steps {
        for i in 0..n {
            b[i] = a[i] * a[(i + 1) % n];
        }
        (a, b) = (b, a);
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i] + 0.5 * b[i];
    }
    s
}

#[checked(at(0.5, 2.0))]
fn nested_local_array(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [x * y, 1.0]];
    m[0][1] += m[1][0];
    m[1] = [m[0][0], m[0][1] * y];
    let [[a, b], [c, d]] = m;
    a * d - b * c
}

#[checked(at([1.0, 2.0, 3.0], 2), at([0.5], 3), at([0.5, 0.1], 0))]
fn vector_of_vectors(x: &[f64], rows: usize) -> f64 {
    let n = x.len();
    let mut m = vec![vec![0.0; n]; rows];
    for i in 0..rows {
        for j in 0..n {
            m[i][j] = x[j] * (i + j) as f64 + x[0];
        }
    }
    let mut s = 0.0;
    for i in 0..rows {
        for j in 0..n {
            s += m[i][j] * m[i][n - 1 - j];
        }
    }
    s
}

#[checked(at([1.0, 2.0, 3.0]), at([0.5]))]
fn vector_of_arrays(x: &[f64]) -> f64 {
    let n = x.len();
    let mut pairs = vec![[0.0; 2]; n];
    for i in 0..n {
        pairs[i] = [x[i].sin(), x[i].cos()];
    }
    for i in 0..n {
        pairs[i][0] *= pairs[n - 1 - i][1];
    }
    let mut s = 0.0;
    for i in 0..n {
        s += pairs[i][0] * pairs[i][1];
    }
    s
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn made_anew_in_each_iteration(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let mut work = [y; 3];
        work[i % 3] *= x;
        let extra = vec![work[0]; i + 1];
        y = work[0] * work[1] + work[2] * extra[i];
    }
    y
}

#[checked(at([0.5, 1.0, 1.5]), at([0.3, 0.1, 4.0]))]
fn ring_buffer(x: [f64; 3]) -> f64 {
    let mut ring = x;
    let mut head = 0;
    for i in 0..7 {
        let next = (head + 1) % 3;
        ring[head] = 0.5 * ring[next] * ring[head] + 0.1 * i as f64;
        head = next;
    }
    ring[head] + ring[0]
}

#[checked(at(0.5, 6), at(0.5, 2), at(0.5, 3))]
fn dynamic_programming(x: f64, n: usize) -> f64 {
    let mut f = vec![0.0; n + 1];
    f[0] = 1.0;
    f[1] = x;
    for i in 2..=n {
        f[i] = x * f[i - 1] + f[i - 2] * f[i - 2] * 0.25;
    }
    f[n]
}

#[checked(at([0.5, 2.0, 1.0], true), at([0.5, 2.0, 1.0], false))]
fn chosen_array(x: [f64; 3], flag: bool) -> f64 {
    let a = if flag { x } else { [x[2], x[0] * x[1], 1.0] };
    a[0] * a[1] + a[2]
}

#[checked(at(0.3, 0.6))]
fn tuple_with_an_array(x: f64, y: f64) -> f64 {
    let mut state = ([x, y], 1.0);
    state.0[1] *= x;
    state.1 = state.0[0] + state.0[1];
    state.0[0] = state.1 * y;
    state.0[0] * state.1
}

#[checked(at([0.5, 2.0]), at([1.0, 1.0]))]
fn lengths_and_emptiness(x: &[f64]) -> f64 {
    let a = [x[0], x[1], 1.0];
    let v = vec![x[1]; 2];
    let factor = (a.len() * v.len()) as f64;
    if v.is_empty() {
        0.0
    } else {
        factor * a[0] * v[1]
    }
}

#[checked(at(0.2, 0), at(0.2, 1), at(0.2, 5))]
fn array_filled_by_a_while(x: f64, n: usize) -> f64 {
    let mut powers = vec![0.0; n + 1];
    let mut p = 1.0;
    let mut i = 0;
    while i <= n {
        powers[i] = p;
        p *= x + 0.5;
        i += 1;
    }
    let mut s = 0.0;
    while i > 0 {
        i -= 1;
        s = s * x + powers[i];
    }
    s
}

#[checked(
    at(vec![vec![0.5, -0.2], vec![0.1, 0.7, 0.4]], 3),
    at(vec![vec![0.5, -0.2], vec![0.1, 0.7, 0.4]], 0)
)]
fn nested_copy_behind_an_exit(x: &[Vec<f64>], n: usize) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let mut y = x.to_vec();
    for row in &mut y {
        for v in row.iter_mut() {
            *v *= *v;
        }
    }
    y[0][0] * y[1][1] + y[1][2] * y[0][1]
}

#[checked(
    at(vec![vec![0.5, -0.2], vec![0.1, 0.7, 0.4]], 0),
    at(vec![vec![0.5, -0.2], vec![0.1, 0.7, 0.4]], 1),
    at(vec![vec![0.5, -0.2], vec![0.1, 0.7, 0.4]], 3)
)]
fn nested_copies_in_a_loop(x: &[Vec<f64>], n: usize) -> f64 {
    let mut s = 0.5;
    for i in 0..n {
        let mut y = x.to_vec();
        y[1][2] *= s;
        let z = y.clone();
        y[0][i % 2] *= s + z[1][2];
        let both = [y.clone(), z];
        s += both[0][0][i % 2] * both[1][1][2];
    }
    s
}

#[checked(at([0.5, -0.2], 0), at([0.5, -0.2], 1), at([0.5, -0.2], 3))]
fn copies_of_growing_rows(x: &[f64], n: usize) -> f64 {
    let mut rows = Vec::new();
    let mut s = 1.0;
    for i in 0..n {
        rows.push(vec![x[0] * s; i + 1]);
        let mut copy = rows.clone();
        copy[i][i] *= x[1];
        s += copy[i][i] * copy[0][0];
    }
    s
}
