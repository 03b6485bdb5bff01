//! Arrays as parameters, by value and by reference, nested, and as results.

use super::checked;

#[checked(at([0.5, 2.0, -1.0]))]
fn array_by_value(x: [f64; 3]) -> f64 {
    x[0] * x[1] + x[2].sin() * x[0]
}

#[checked(at([0.5, 2.0, -1.0]))]
fn array_by_reference(x: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        s += x[i] * x[i];
    }
    s.sqrt()
}

#[checked(at([0.5, 2.0, -1.0], [1.0, 0.2, 0.7]))]
fn cross_product(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

#[checked(at([[1.0, 2.0], [0.5, -1.0]]))]
fn determinant_of_nested(m: [[f64; 2]; 2]) -> f64 {
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[checked(at([[1.0, 2.0, 0.3], [0.5, -1.0, 0.2], [0.1, 0.7, 2.0]], [0.4, 1.0, -2.0]))]
fn matrix_times_vector(m: &[[f64; 3]; 3], v: &[f64; 3]) -> [f64; 3] {
    let mut y = [0.0; 3];
    for i in 0..3 {
        for j in 0..3 {
            y[i] += m[i][j] * v[j];
        }
    }
    y
}

#[checked(at([[1.0, 2.0], [0.5, -1.0]], [[0.3, 0.1], [1.2, 0.9]]))]
fn two_by_two_product(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let mut c = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[checked(at([0.5, 2.0, -1.0, 0.3]))]
fn array_parameter_destructured([a, b, c, d]: [f64; 4]) -> f64 {
    (a * b - c) * d + a
}

#[checked(at([0.5, 2.0, -1.0]))]
fn mutable_array_parameter(mut x: [f64; 3]) -> f64 {
    x[0] *= x[1];
    x[2] += x[0];
    x[1] = x[2] * x[0];
    x[0] + x[1] * x[2]
}

#[checked(at([0.5, 2.0, -1.0]))]
fn returns_its_changed_parameter(mut x: [f64; 3]) -> [f64; 3] {
    for i in 1..3 {
        x[i] += x[i - 1] * x[i - 1];
    }
    x
}

#[checked(at([[[1.0, 2.0], [3.0, 4.0]], [[0.1, 0.2], [0.3, 0.4]]]))]
fn three_levels(x: [[[f64; 2]; 2]; 2]) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                s += x[i][j][k] * x[k][j][i] * (1 + i + 2 * j) as f64;
            }
        }
    }
    s
}

#[checked(at([0.5, 2.0, -1.0], 0), at([0.5, 2.0, -1.0], 2))]
fn indexed_by_a_parameter(x: [f64; 3], i: usize) -> f64 {
    x[i] * x[(i + 1) % 3]
}

#[checked(at([0.5, 2.0], 1.5))]
fn array_and_scalar(x: [f64; 2], a: f64) -> f64 {
    a * x[0].powi(2) + x[1] / a
}

#[checked(at([(0.5, 2.0), (1.0, -1.0)]))]
fn array_of_tuples(p: [(f64, f64); 2]) -> f64 {
    let mut area = 0.0;
    for i in 0..2 {
        let j = (i + 1) % 2;
        area += p[i].0 * p[j].1 - 0.5 * p[i].1 * p[i].0;
    }
    area
}

#[checked(at([1.0, 0.5, -0.3, 2.0], 0.7), at([1.0, 0.5, -0.3, 2.0], -1.2))]
fn horner(c: &[f64; 4], x: f64) -> f64 {
    let mut p = 0.0;
    for i in (0..4).rev() {
        p = p * x + c[i];
    }
    p
}

const DEGREE: usize = 3;

#[checked(at([1.0, 0.5, -0.3], 0.7))]
fn length_by_a_constant(c: [f64; DEGREE], x: f64) -> [f64; DEGREE] {
    let mut out = [0.0; DEGREE];
    let mut power = 1.0;
    for i in 0..DEGREE {
        out[i] = c[i] * power;
        power *= x;
    }
    out
}

#[checked(at([0.9, 0.1, 0.3, 0.2]))]
fn normalised_quaternion_rotation(q: [f64; 4]) -> [[f64; 3]; 3] {
    let n = (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).sqrt();
    let [w, x, y, z] = [q[0] / n, q[1] / n, q[2] / n, q[3] / n];
    [
        [
            1.0 - 2.0 * (y * y + z * z),
            2.0 * (x * y - w * z),
            2.0 * (x * z + w * y),
        ],
        [
            2.0 * (x * y + w * z),
            1.0 - 2.0 * (x * x + z * z),
            2.0 * (y * z - w * x),
        ],
        [
            2.0 * (x * z - w * y),
            2.0 * (y * z + w * x),
            1.0 - 2.0 * (x * x + y * y),
        ],
    ]
}

#[checked(at([0.1, 0.2, 0.3]), at([0.0, -1.0, 2.0]))]
fn whole_rows_copied(x: [f64; 3]) -> f64 {
    let mut m = [[0.0; 3]; 2];
    m[0] = x;
    m[1] = m[0];
    m[0][1] *= 3.0;
    m[1][2] += m[0][1];
    let row = m[1];
    m[1][0] = 7.0;
    row[0] * m[0][0] + row[2] * m[1][2] + m[1][0]
}
