//! Calls of other differentiable functions: nested, recursive, in loops and branches, with whatever goes in and out.

use super::checked;

#[checked(at(0.5, 2.0), at(-1.5, 0.3))]
fn spring(x: f64, stiffness: f64) -> f64 {
    0.5 * stiffness * x * x + 0.1 * x.sin()
}

#[checked(at(0.7), at(-0.4))]
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

const STIFFNESS: f64 = 3.5;

#[checked(calls(spring, logistic), at(0.5, 1.5), at(-0.3, 2.5))]
fn two_springs(x: f64, y: f64) -> f64 {
    let first = spring(x, 2.0);
    let second = spring(y - x, STIFFNESS);
    first * second + logistic(first)
}

#[checked(calls(two_springs), at(0.5, 1.5))]
fn three_levels(x: f64, y: f64) -> f64 {
    two_springs(x * y, x + y) * two_springs(y, x)
}

#[checked(calls(logistic), at(0.5), at(-0.5))]
fn result_in_a_method(x: f64) -> f64 {
    let y = logistic(x);
    y.sqrt() + logistic(2.0 * x).ln() * logistic(y)
}

#[checked(calls(spring), at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 5))]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        y = 0.5 * y + spring(y, 1.0 + i as f64) * 0.1;
    }
    y
}

#[checked(calls(logistic, spring), at(0.5, 3), at(-0.5, 3), at(2.0, 0))]
fn in_branches(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut k = 0;
    while k < n {
        y = if y > 0.4 {
            logistic(y)
        } else {
            spring(y, 2.0) + 0.6
        };
        k += 1;
    }
    y
}

#[checked(calls(logistic), at(0.5, 4), at(3.0, 4), at(-9.0, 4))]
fn with_early_exits(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        if y > 2.0 {
            return logistic(y) * y;
        }
        y = y * 1.5 + logistic(y);
        if y < -8.0 {
            break;
        }
    }
    y
}

#[checked(calls(power), at(1.2, 0), at(1.2, 1), at(0.8, 5))]
fn power(x: f64, n: usize) -> f64 {
    if n == 0 {
        return 1.0;
    }
    x * power(x, n - 1)
}

#[checked(calls(odd), at(0.4, 0), at(0.4, 1), at(0.4, 4))]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { odd(x.sin(), n - 1) * x }
}

#[checked(calls(even), at(0.4, 0), at(0.4, 1), at(0.4, 3))]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 {
        1.0 + x
    } else {
        even(x.cos(), n - 1) + x
    }
}

#[checked(at([0.5, 2.0, -1.0], [1.0, 0.25, 3.0]), at([], []))]
fn inner_product(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i];
    }
    s
}

#[checked(calls(inner_product), at([0.5, 2.0, -1.0], [1.0, 0.25, 3.0]))]
fn cosine(a: &[f64], b: &[f64]) -> f64 {
    inner_product(a, b) / (inner_product(a, a) * inner_product(b, b)).sqrt()
}

#[checked(at([[1.0, 0.5], [-0.5, 2.0]], [0.3, 0.7]))]
fn matvec(m: &[[f64; 2]; 2], x: &[f64; 2]) -> [f64; 2] {
    [
        m[0][0] * x[0] + m[0][1] * x[1],
        m[1][0] * x[0] + m[1][1] * x[1] * x[1],
    ]
}

#[checked(calls(matvec), at([[1.0, 0.5], [-0.5, 2.0]], [0.3, 0.7], 0), at([[1.0, 0.5], [-0.5, 0.8]], [0.3, 0.7], 3))]
fn arrays_in_and_out(m: &[[f64; 2]; 2], x: &[f64; 2], n: usize) -> f64 {
    let mut y = *x;
    for _ in 0..n {
        y = matvec(m, &y);
    }
    let z: [f64; 2] = matvec(m, &y);
    z[0] * y[1] - z[1]
}

#[checked(calls(inner_product), at([[1.0, 0.5, 2.0], [-0.5, 2.0, 0.1]], [0.3, 0.7, -0.2]))]
fn rows(w: &[[f64; 3]; 2], x: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        s += inner_product(&w[i], x).tanh() * inner_product(&w[0], &w[i]);
    }
    s
}

#[checked(at([0.5, 2.0, -1.0]), at([0.25]))]
fn squares(x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    for i in 0..x.len() {
        y[i] = x[i] * x[i] + x[0];
    }
    y
}

#[checked(calls(squares, inner_product), at([0.5, 2.0, -1.0]))]
fn vectors_out(x: &[f64]) -> f64 {
    let y: Vec<f64> = squares(x);
    let z: Vec<f64> = squares(&y);
    inner_product(&y, &z) + z[0]
}

#[checked(calls(squares), at([0.5, 2.0, -1.0], 2))]
fn vectors_handed_on(x: &[f64], n: usize) -> Vec<f64> {
    let mut y: Vec<f64> = squares(x);
    for _ in 0..n {
        for i in 0..y.len() {
            y[i] *= 0.5;
        }
        y = squares(&y);
    }
    y
}

#[checked(at([0.5, 0.3]))]
fn taken_by_value(x: Vec<f64>) -> f64 {
    x[0] * x[1].exp()
}

#[checked(calls(taken_by_value, squares), at([0.5, 0.3]))]
fn vectors_by_value(x: &[f64]) -> f64 {
    let y: Vec<f64> = squares(x);
    taken_by_value(y) + taken_by_value(x.to_vec())
}

#[checked(at(0.5, 2.0))]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[checked(at((0.5, 2.0), 3))]
fn from_a_pair(p: (f64, f64), n: i32) -> f64 {
    p.0.powi(n) * p.1
}

#[checked(calls(polar, from_a_pair), at(0.5, 2.0))]
fn tuples(x: f64, y: f64) -> f64 {
    let (r, phi) = polar(x, y);
    let back: (f64, f64) = polar(r * phi.cos(), r * phi.sin());
    from_a_pair((r, phi), 2) + from_a_pair(back, 3)
}

#[checked(at(0.5, [1.0, 2.0]))]
fn mixed_results(x: f64, v: &[f64; 2]) -> (f64, usize, [f64; 2]) {
    (x * v[0], 1, [v[1] * x, x.exp()])
}

#[checked(calls(mixed_results), at(0.5, [1.0, 2.0]))]
fn parts_of_results(x: f64, v: &[f64; 2]) -> f64 {
    let (a, i, w): (f64, usize, [f64; 2]) = mixed_results(x, v);
    a * w[i] + v[i]
}

#[checked(at([0.5, 2.0, -1.0], 0.1))]
fn scale_in_place(x: &mut [f64], factor: f64) {
    for i in 0..x.len() {
        x[i] *= factor + x[i];
    }
}

#[checked(calls(scale_in_place, inner_product), at([0.5, 2.0, -1.0], 0.1, 2), at([0.5, 2.0], 0.1, 0))]
fn in_place(x: &[f64], factor: f64, n: usize) -> f64 {
    let mut y = x.to_vec();
    for _ in 0..n {
        scale_in_place(&mut y, factor);
    }
    inner_product(&y, x)
}

#[checked(calls(scale_in_place), at([0.5, 2.0, -1.0], 0.1))]
fn in_out_handed_on(x: &mut [f64], factor: f64) -> f64 {
    scale_in_place(x, factor);
    let s = x[0] * x[1];
    scale_in_place(x, s);
    s
}

#[checked(at(0.5, 2.0))]
fn bump(x: &mut f64, by: f64) {
    *x += by * *x;
}

#[checked(calls(bump), at(0.5, 2.0, 3))]
fn scalars_in_place(x: f64, by: f64, n: usize) -> f64 {
    let mut y = x;
    let mut v = [x, by];
    for i in 0..n {
        bump(&mut y, by / (1.0 + i as f64));
        bump(&mut v[i % 2], y);
    }
    y * v[0] - v[1]
}

#[checked(at([0.5, 2.0, -1.0], [0.0, 0.0, 0.0]))]
fn rate(u: &[f64], du: &mut [f64]) {
    for i in 0..u.len() {
        du[i] = u[(i + 1) % u.len()] * u[i] - 0.5 * u[i];
    }
}

#[checked(calls(rate), at([0.5, 2.0, -1.0], 0.1, 0), at([0.5, 2.0, -1.0], 0.1, 3))]
fn time_stepping(u: &mut [f64], dt: f64, steps: usize) {
    let mut du = vec![0.0; u.len()];
    for _ in 0..steps {
        rate(u.to_vec().as_slice(), &mut du);
        for i in 0..u.len() {
            u[i] += dt * du[i];
        }
    }
}

#[checked(calls(rate), at([0.5, 2.0, -1.0], 0.1, 3))]
fn time_stepping_in_place(start: &[f64], dt: f64, steps: usize) -> f64 {
    let mut u = start.to_vec();
    let mut du = vec![0.0; u.len()];
    for _ in 0..steps {
        rate(&u, &mut du);
        for i in 0..u.len() {
            u[i] += dt * du[i];
        }
    }
    u[0] * u[1] + u[2]
}

#[checked(calls(runge_kutta_rate), at([1.0, 0.2], 0.1, 4))]
fn runge_kutta(start: [f64; 2], dt: f64, steps: usize) -> [f64; 2] {
    let mut u = start;
    for _ in 0..steps {
        let k1: [f64; 2] = runge_kutta_rate(u);
        let k2: [f64; 2] = runge_kutta_rate([u[0] + 0.5 * dt * k1[0], u[1] + 0.5 * dt * k1[1]]);
        for i in 0..2 {
            u[i] += dt * k2[i];
        }
    }
    u
}

#[checked(at([1.0, 0.2]))]
fn runge_kutta_rate(u: [f64; 2]) -> [f64; 2] {
    [u[1], -u[0].sin() - 0.1 * u[1]]
}

#[checked(calls(summed_with), at([0.5, 2.0, -1.0], 0.7))]
fn inactive_arguments(x: &[f64], scale: f64) -> f64 {
    let table = [1.0, 2.0, 3.0];
    summed_with(&table, x, scale) + summed_with(x, &table, 2.0)
}

#[checked(at([1.0, 2.0, 3.0], [0.5, 2.0, -1.0], 0.7))]
fn summed_with(a: &[f64], b: &[f64], scale: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += (a[i] * b[i]).sin() * scale;
    }
    s
}

pub mod shapes {
    use super::checked;

    #[checked(at(0.5, 2.0))]
    pub fn area(a: f64, b: f64) -> f64 {
        a * b + a.powi(2)
    }
}

#[checked(calls(shapes::area), at(0.5, 2.0))]
fn by_its_path(a: f64, b: f64) -> f64 {
    shapes::area(a, b) * shapes::area(b, a)
}

#[checked(panics(-1.0), at(1.0))]
fn positive_root(x: f64) -> f64 {
    assert!(x > 0.0, "{x} is not positive");
    x.sqrt()
}

#[checked(calls(positive_root), at(1.0), panics(-2.0), panics(0.1))]
fn panics_inside(x: f64) -> f64 {
    let y = positive_root(x + 1.5);
    let z = positive_root(x - 0.5);
    y * z
}

#[checked(calls(log_or_zero), at(0.5), at(-0.5))]
fn result_discarded(x: f64) -> f64 {
    let _unused: f64 = log_or_zero(x);
    let kept = log_or_zero(x + 1.0);
    kept * x
}

#[checked(at(0.5), at(-0.5))]
fn log_or_zero(x: f64) -> f64 {
    if x > 0.0 { x.ln() } else { 0.0 }
}

#[checked(calls(inner_product), at([0.5, 2.0], 2, 0.1), at([0.5, -2.0], 1, 0.1), at([], 0, 0.1))]
fn evaluated_when_needed(x: &[f64], n: usize, least: f64) -> f64 {
    let mut i = 0;
    let mut s = 1.0;
    while i < n && inner_product(&[x[i]], &[1.0]) > least {
        s *= x[i];
        i += 1;
    }
    if n == 0 || inner_product(&[x[n - 1], s], &[1.0, 1.0]) > 0.0 {
        s += least;
    }
    match i {
        k if k > 0 && inner_product(&[x[k - 1]], &[s]) > 0.5 => {
            s * inner_product(&[s, x[k - 1]], &[s, least])
        }
        k if k > 99 && inner_product(&[x[k]], &[s]) > 0.5 => 0.0,
        _ => s * s,
    }
}

#[checked(calls(bump), at(0.5, 2.0))]
fn fresh_and_changed(x: f64, by: f64) -> f64 {
    bump(&mut (x * by), by);
    let mut y = x;
    bump(&mut y, by);
    y
}

#[checked(at([0.5, 2.0], [1.0, -0.5], 0.3))]
fn exchange_heat(a: &mut [f64], b: &mut [f64], rate: f64) {
    for i in 0..a.len() {
        let flow = rate * (a[i] - b[i]) * a[i];
        a[i] -= flow;
        b[i] += flow;
    }
}

#[checked(calls(exchange_heat), at([0.5, 2.0, 1.0, -0.5], 0.3, 2), at([0.5, 2.0], 0.3, 0))]
fn halves_handed_on(start: &[f64], rate: f64, steps: usize) -> f64 {
    let mut u = start.to_vec();
    for _ in 0..steps {
        let (left, right) = u.split_at_mut(start.len() / 2);
        exchange_heat(left, right, rate);
    }
    u[0] * u[u.len() - 1]
}

#[checked(calls(scale_in_place), at([[0.5, 2.0], [1.0, -0.3]], 0.1))]
fn rows_handed_on(m: &mut [[f64; 2]; 2], factor: f64) {
    for row in m.iter_mut() {
        scale_in_place(row, factor);
    }
    for part in m[0].chunks_mut(1) {
        scale_in_place(part, factor);
    }
}

#[checked(at([0.5, 2.0], 0.3))]
fn lifted(v: &[f64; 2], height: f64) -> [f64; 3] {
    [v[0] * height, v[1] / height, v[0] + v[1]]
}

#[checked(calls(lifted), at([0.5, 2.0], 0.3))]
fn array_taken_apart(v: &[f64; 2], height: f64) -> f64 {
    let [x, _, z] = lifted(v, height);
    x * z
}

#[checked(calls(spring, logistic), at([0.4, 0.7, -0.3], 0.3))]
fn in_chains_and_closures(x: &[f64], stiffness: f64) -> f64 {
    let energy = |x: f64| spring(x, stiffness) + 1.0;
    x.iter().map(|x| spring(*x, stiffness)).sum::<f64>() * energy(x[0])
        + x.iter().copied().map(|x| logistic(x)).sum::<f64>()
        + x.iter().fold(0.0, |sum, x| sum * 0.5 + logistic(*x))
}

#[checked(at([0.4, 0.7], [0.3, 1.1]))]
fn layer(w: &[f64], out: &mut [f64]) {
    for i in 0..out.len() {
        out[i] = w[i] * out[i].tanh();
    }
}

#[checked(calls(layer, inner_product), at([0.4, 0.7, -0.3, 1.1], 1, 4), at([0.4, 0.7], 0, 1))]
fn sections(w: &[f64], from: usize, to: usize) -> f64 {
    let mut out = vec![0.5; to - from];
    layer(&w[from..to], &mut out);
    layer(&w[..1], &mut out[..1]);
    inner_product(&out, &w[from..to])
}

#[checked(calls(logistic, spring), at(0.9), at(-2.0))]
fn only_compared(x: f64) -> f64 {
    let mut y = x;
    while logistic(y) > 0.6 {
        y *= 0.7;
    }
    if logistic(y) > 0.1 && spring(y, 2.0) < 1.0 {
        y * x
    } else {
        y
    }
}

#[checked(calls(logistic), at([0.4, 0.7, -0.3]))]
fn in_compound_assignments(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for v in x {
        s *= logistic(*v);
        s += logistic(s * v);
    }
    -s + logistic(logistic(s))
}
