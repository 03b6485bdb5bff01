//! `windows` and `chunks`: iterators whose items are parts of a sequence.

use super::checked;

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn total_variation(x: &[f64]) -> f64 {
    x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}

#[checked(at([], 2), at([0.5], 1), at([0.5, -1.5, 2.0], 2), at([0.5, -1.5, 2.0], 3), at([0.5, -1.5], 5), panics([0.5], 0))]
fn windows_of_any_size(x: &[f64], n: usize) -> f64 {
    x.windows(n).map(|w| w.iter().product::<f64>() * w[0]).sum()
}

#[checked(at([]), at([0.5]), at([0.5, -1.5, 3.0]), at([0.5, -1.5, 2.0, 4.0]))]
fn second_differences(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for (i, w) in x.windows(3).enumerate() {
        let curvature = w[0] - 2.0 * w[1] + w[2];
        total += curvature * curvature * (i + 1) as f64;
    }
    total
}

#[checked(at([0.0, 0.5, 1.5], [1.0, 2.0, 0.5]), at([0.0], [1.0]), at([], []))]
fn trapezoids(x: &[f64], y: &[f64]) -> f64 {
    x.windows(2)
        .zip(y.windows(2))
        .map(|(a, b)| 0.5 * (a[1] - a[0]) * (b[0] + b[1]))
        .sum()
}

#[checked(at([0.5, 1.5, 2.5]), panics([0.5, 1.5]))]
fn beyond_the_window(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| if w[0] > 0.75 { w[1] * w[0] } else { w[1] })
        .sum::<f64>()
        + x.windows(3).map(|w| w[2] * w[1]).sum::<f64>()
        + x[2]
}

#[checked(at([0.5, 1.5, 2.5]), panics([2.5, 0.5]))]
fn an_index_beyond_the_window(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| {
            let k = if w[0] > 2.0 { 2 } else { 1 };
            w[k] * w[0]
        })
        .sum()
}

#[checked(at([], 2), at([0.5, 1.0, 2.0], 2), at([0.5, 1.0, 2.0, 3.0], 2), at([0.5, 1.0], 3), panics([0.5], 0))]
fn chunks_of_any_size(x: &[f64], n: usize) -> f64 {
    x.chunks(n)
        .enumerate()
        .map(|(i, c)| c.iter().product::<f64>() * (i + c.len()) as f64)
        .sum()
}

#[checked(at([], 2), at([0.5, 1.0, 2.0], 2), at([0.5, 1.0, 2.0, 3.0], 2), at([0.5, 1.0], 3), panics([0.5], 0))]
fn exact_chunks(x: &[f64], n: usize) -> f64 {
    x.chunks_exact(n)
        .map(|c| c.iter().map(|v| v * v).sum::<f64>().sqrt() * c[0])
        .sum()
}

#[checked(at([0.5, 1.0, 2.0, 3.0], [1.0, -1.0]), at([], [1.0, -1.0]))]
fn rows_of_a_flat_matrix(m: &[f64], v: &[f64]) -> Vec<f64> {
    m.chunks_exact(v.len())
        .map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
        .collect()
}

#[checked(at([0.5, 1.0, 2.0, 3.0, 0.25]), at([]))]
fn rows_changed_in_place(m: &mut [f64]) {
    for row in m.chunks_exact_mut(2) {
        let norm = row[0].hypot(row[1]);
        for v in row.iter_mut() {
            *v /= norm;
        }
    }
    for (i, part) in m.chunks_mut(3).enumerate() {
        part[0] += i as f64;
        for v in part {
            *v *= 2.0;
        }
    }
}

#[checked(at([0.5, 1.0, 2.0, 3.0]), at([0.5]), at([]))]
fn chunks_backwards(x: &[f64]) -> f64 {
    let a = x.chunks(2).rev().fold(1.0, |a, c| a * 0.5 + c[0] * a);
    let b = x
        .windows(2)
        .rev()
        .step_by(2)
        .fold(1.0, |a, w| a * w[0] + w[1]);
    a + b
}

#[checked(at([0.5, 1.0, 2.0, 3.0], 1), at([0.5, 2.0], 0), panics([0.5], 2))]
fn elements_of_a_section(x: &[f64], n: usize) -> f64 {
    let head: f64 = x[..n].iter().map(|v| v * v).sum();
    let tail = x[n..].iter().fold(1.0, |a, v| a * v);
    let mut y = x.to_vec();
    for v in &mut y[n..] {
        *v *= head + 1.0;
    }
    for v in y[..n].iter_mut() {
        *v += tail;
    }
    y.iter().zip(&x[n..]).map(|(a, b)| a * b).sum::<f64>() + head * tail
}

#[checked(at([1.5, 0.5, 2.0, 3.0]), at([0.5]), at([]))]
fn windows_in_a_closure(x: &[f64]) -> f64 {
    let slope = |w: &[f64]| w[1] - w[0];
    let steepest = x.windows(2).map(slope).fold(0.0, f64::max);
    let middle = |w: &[f64]| {
        let [a, b] = w else { return 0.0 };
        0.5 * (a + b)
    };
    steepest * steepest + x.windows(2).map(middle).sum::<f64>()
}

#[checked(at([[0.5, 1.0, 2.0], [3.0, -1.0, 0.25]]))]
fn windows_of_rows(m: [[f64; 3]; 2]) -> f64 {
    m.iter()
        .map(|row| row.windows(2).map(|w| w[0] * w[1]).sum::<f64>())
        .product::<f64>()
        + m.windows(2).map(|w| w[0][1] * w[1][2]).sum::<f64>()
}
