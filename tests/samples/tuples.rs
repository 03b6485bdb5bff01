//! Tuples as parameters, locals and results.

use super::checked;

#[checked(at((0.5, 2.0)), at((-1.0, 0.1)))]
fn tuple_parameter(p: (f64, f64)) -> f64 {
    p.0 * p.1 + p.0.sin()
}

#[checked(at((0.5, 2.0), (1.5, -1.0)))]
fn tuple_pattern_in_the_parameters((a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
    a * d - b * c
}

#[checked(at((0.5, 2), 1.5), at((0.5, 0), 1.5))]
fn tuple_with_an_integer(p: (f64, usize), y: f64) -> f64 {
    let mut z = y;
    for _ in 0..p.1 {
        z *= p.0;
    }
    z
}

#[checked(at(0.5, 2.0), at(-1.0, 0.25))]
fn tuple_result(x: f64, y: f64) -> (f64, f64) {
    (x * y, x.sin() + y)
}

#[checked(at(0.5, 2.0))]
fn tuple_result_with_an_inactive_part(x: f64, y: f64) -> (f64, usize, bool) {
    (x * y, 3, x > y)
}

#[checked(at(0.5, (2.0, [1.0, 3.0])))]
fn nested_tuple(x: f64, p: (f64, [f64; 2])) -> f64 {
    let (a, [b, c]) = p;
    a * b + c * x * p.1[0]
}

#[checked(at(0.5, 2.0, 1.5))]
fn local_tuple_changed_in_place(x: f64, y: f64, z: f64) -> f64 {
    let mut p = (x, y);
    p.0 *= p.1;
    p.1 = p.0 + z;
    p.0 -= p.1 * x;
    p.0 * p.1
}

#[checked(at(0.5, 2.0), at(1.0, -0.5))]
fn tuple_of_tuples(x: f64, y: f64) -> f64 {
    let mut q = ((x, y), (y, x * y));
    q.0.1 *= q.1.1;
    q.1 = q.0;
    q.1.0 += y;
    q.0.0 * q.0.1 + q.1.0 * q.1.1
}

#[checked(at(0.5, 2.0, 3), at(0.5, 2.0, 0), at(0.5, 2.0, 1), at(0.5, 2.0, 2))]
fn fibonacci_like_pairs(x: f64, y: f64, n: usize) -> f64 {
    let mut pair = (x, y);
    for _ in 0..n {
        pair = (pair.1, pair.0 * pair.1 + 0.5);
    }
    pair.0 + pair.1
}

#[checked(at((1.0, 2.0), (0.5, -1.0)), at((0.1, 0.2), (3.0, 2.0)))]
fn complex_quotient(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let d = b.0 * b.0 + b.1 * b.1;
    ((a.0 * b.0 + a.1 * b.1) / d, (a.1 * b.0 - a.0 * b.1) / d)
}

#[checked(at((0.3, -0.2), 3), at((0.3, -0.2), 0), at((-0.5, 0.1), 1), at((-0.5, 0.1), 2))]
fn mandelbrot_orbit(c: (f64, f64), steps: usize) -> f64 {
    let mut z = (0.0, 0.0);
    for _ in 0..steps {
        let (re, im) = z;
        z = (re * re - im * im + c.0, 2.0 * re * im + c.1);
    }
    z.0 * z.0 + z.1 * z.1
}

#[checked(at(0.5, 2.0))]
fn tuple_by_if(x: f64, y: f64) -> f64 {
    let (a, b) = if x < y { (x * y, y) } else { (y, x + y) };
    a * b
}

#[checked(at([0.5, 2.0, -1.0], [0.3, 1.5, 0.7]))]
fn arrays_change_places_in_a_tuple(x: &[f64; 3], y: &[f64; 3]) -> f64 {
    let mut t = (*x, *y);
    t = (t.1, t.0);
    t.0[0] *= 2.0;
    let mut pair = [(x[0], *y), (y[1], t.0)];
    pair[0] = (pair[1].0, pair[1].1);
    let (mut a, mut b) = (*x, *y);
    (a, b) = (b, a);
    a[1] *= b[0];
    t.0[0] * t.1[1] + t.1[0] * t.0[2] + pair[0].0 * pair[0].1[0] + a[1] * b[2]
}

#[checked(at([0.5, 2.0, -1.0], 1), at([0.5, 2.0], 2))]
fn vectors_change_places_in_a_tuple(x: &[f64], n: usize) -> f64 {
    let mut t = (x.to_vec(), vec![1.5; x.len()]);
    for i in 0..n {
        t = (t.1, t.0);
        t.0[i] *= t.1[i];
    }
    t.0[0] * t.1[0] + t.0[1].sin()
}
