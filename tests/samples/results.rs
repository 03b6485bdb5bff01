//! Results of every shape: arrays, nested arrays, tuples, `Vec`s, nothing.

use super::checked;

#[checked(at(0.5), at(-2.0))]
fn one_element_array(x: f64) -> [f64; 1] {
    [x * x]
}

#[checked(at(0.5, 2.0), at(-2.0, 1.0))]
fn array_from_scalars(r: f64, theta: f64) -> [f64; 2] {
    [r * theta.cos(), r * theta.sin()]
}

#[checked(at(0.5, 2.0))]
fn array_with_constant_parts(x: f64, y: f64) -> [f64; 4] {
    [1.0, x * y, 0.0, y]
}

#[checked(at([0.5, 2.0, 1.0]))]
fn array_to_nested_array(x: [f64; 3]) -> [[f64; 3]; 3] {
    let mut m = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            m[i][j] = x[i] * x[j] + if i == j { 1.0 } else { 0.0 };
        }
    }
    m
}

#[checked(at([0.5, 2.0, 1.0], 0.3), at([], 0.3))]
fn vector_result(x: &[f64], a: f64) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    for i in 0..x.len() {
        y[i] = (a * x[i]).sin() * x[i];
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 3))]
fn vector_of_a_computed_length(x: f64, n: usize) -> Vec<f64> {
    let mut y = vec![1.0; n + 1];
    for i in 1..=n {
        y[i] = y[i - 1] * x;
    }
    y
}

#[checked(at([0.5, 2.0], 3), at([0.5], 1))]
fn vector_of_arrays(x: &[f64], n: usize) -> Vec<[f64; 2]> {
    let mut out = vec![[0.0; 2]; n];
    for i in 0..n {
        out[i][0] = x[0] * i as f64;
        out[i][1] = x[x.len() - 1] * out[i][0];
    }
    out
}

#[checked(at([0.5, 2.0]))]
fn vector_literal(x: &[f64]) -> Vec<f64> {
    vec![x[0] * x[1], x[0], 3.0]
}

#[checked(at([0.5, 2.0], 1.5))]
fn tuple_of_different_shapes(x: [f64; 2], a: f64) -> (f64, [f64; 2], f64) {
    (x[0] * a, [x[1], a * x[1]], x[0] + x[1])
}

#[checked(at([0.5, 2.0, 0.1]), at([]))]
fn tuple_with_a_vector(x: &[f64]) -> (Vec<f64>, f64) {
    let mut squares = vec![0.0; x.len()];
    let mut s = 0.0;
    for i in 0..x.len() {
        squares[i] = x[i] * x[i];
        s += squares[i].sqrt() * x[i];
    }
    (squares, s)
}

#[checked(at([3.0, 1.0, 2.0]), at([1.0]))]
fn minimum_and_where(x: &[f64]) -> (f64, usize) {
    let mut best = x[0];
    let mut k = 0;
    for i in 1..x.len() {
        if x[i] < best {
            best = x[i];
            k = i;
        }
    }
    (best * best, k)
}

#[checked(at(0.5, 2.0))]
fn a_component_that_is_a_parameter(x: f64, y: f64) -> (f64, f64, f64) {
    (x, y, x * y)
}

#[checked(at(0.5, 2.0))]
fn the_same_component_twice(x: f64, y: f64) -> [f64; 3] {
    let p = x * y;
    [p, p, p * p]
}

#[checked(at(0.5, 2.0), at(2.0, 0.5))]
fn result_by_branch(x: f64, y: f64) -> [f64; 2] {
    if x < y { [x * y, y] } else { [y.sin(), x * x] }
}

#[checked(at([0.5, 2.0, 1.0, 3.0]))]
fn jacobian_of_a_map(x: &[f64; 4]) -> [f64; 2] {
    [x[0] * x[1] - x[2], (x[3] * x[0]).sin()]
}

#[checked(at(0.1, 0.2, 0.3))]
fn more_results_than_inputs(a: f64, b: f64, c: f64) -> [f64; 5] {
    [a * b, b * c, c * a, a.exp(), b - c]
}
