//! Loops in loops: triangular bounds, carried values on several levels, inner loops of no iterations.

use super::checked;

#[checked(at(0.5, 0, 2), at(0.5, 1, 1), at(0.5, 2, 3), at(0.5, 3, 0))]
fn rectangle(x: f64, n: usize, m: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        for j in 0..m {
            y = y * x + (i * m + j) as f64 * 0.1;
        }
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 4))]
fn triangle(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        for j in 0..i {
            y += x * y * (i - j) as f64 * 0.2;
        }
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn reset_in_each_row(x: f64, n: usize) -> f64 {
    let mut total = 1.0;
    for i in 0..n {
        let mut row = x;
        for _ in 0..=i {
            row *= row + 0.2;
        }
        total += row * total;
    }
    total
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn carried_on_both_levels(x: f64, n: usize) -> f64 {
    let mut a = x;
    let mut b = 1.0;
    for _ in 0..n {
        for _ in 0..n {
            a = a * b + 0.1;
            b = b.cos() * x;
        }
        b += a * a;
    }
    a + b
}

#[checked(at([0.5, 2.0, -1.0, 0.3]), at([0.5]), at([]), at([1.0, 3.0]))]
fn pairwise_energy(x: &[f64]) -> f64 {
    let mut e = 0.0;
    for i in 0..x.len() {
        for j in i + 1..x.len() {
            let d = x[i] - x[j];
            e += 1.0 / (1.0 + d * d);
        }
    }
    e
}

#[checked(at([1.0, 2.0, 0.5, -1.0], [0.5, 1.5, 1.0, 0.1], 2), at([1.0], [3.0], 1), at([], [], 0))]
fn matmul_trace(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            let mut s = 0.0;
            for k in 0..n {
                s += a[i * n + k] * b[k * n + j];
            }
            c[i * n + j] = s * s;
        }
    }
    let mut trace = 0.0;
    for i in 0..n {
        trace += c[i * n + i];
    }
    trace
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn loop_inside_a_branch_inside_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        if i % 2 == 0 {
            for j in 0..i + 1 {
                y = y.sin() * (1.0 + x * j as f64);
            }
        } else {
            let mut k = i;
            while k > 0 {
                y += x * x;
                k -= 1;
            }
        }
        y *= 1.5;
    }
    y
}

#[checked(at(0.5, 2), at(0.5, 0), at(0.5, 1))]
fn four_levels(x: f64, n: usize) -> f64 {
    let mut y = x;
    for a in 0..n {
        for b in 0..=a {
            for c in b..n {
                for d in (0..c).rev() {
                    y = 0.9 * y + x * (a + b + c + d) as f64 * 0.1 + 0.05 * y * y;
                }
            }
        }
    }
    y
}

#[checked(at([1.0, 0.5, -0.5, 2.0, 1.5], [0.25, 0.5, 0.25]), at([1.0, 2.0], [0.3]), at([1.0, 2.0, 3.0], [0.3, 0.1, 0.2]))]
fn convolution(signal: &[f64], kernel: &[f64]) -> Vec<f64> {
    let n = signal.len() + 1 - kernel.len();
    let mut out = vec![0.0; n];
    for i in 0..n {
        for j in 0..kernel.len() {
            out[i] += signal[i + j] * kernel[j];
        }
    }
    out
}

#[checked(at([0.5, 2.0, 1.0], 3), at([0.5, 2.0, 1.0], 0), at([0.5], 2))]
fn repeated_smoothing(x: &[f64], passes: usize) -> f64 {
    let n = x.len();
    let mut u = vec![0.0; n];
    for i in 0..n {
        u[i] = x[i];
    }
    for _ in 0..passes {
        for i in 0..n {
            let left = if i > 0 { u[i - 1] } else { u[n - 1] };
            u[i] = 0.5 * (u[i] + left * u[i]);
        }
    }
    let mut s = 0.0;
    for i in 0..n {
        s += u[i] * u[i];
    }
    s
}

#[checked(at(0.4, 3), at(0.4, 0), at(0.4, 1))]
fn inner_trip_count_is_carried(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut m = 1;
    for _ in 0..n {
        for _ in 0..m {
            y = y * y + 0.3 * x;
        }
        m = (m * 2) % 5;
    }
    y + m as f64
}
