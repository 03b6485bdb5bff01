//! Iterator chains over slices, arrays, `Vec`s and ranges, with 0 to 3 items.

use super::checked;

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn sum_of_a_slice(x: &[f64]) -> f64 {
    x.iter().sum()
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn product_of_a_slice(x: &[f64]) -> f64 {
    x.iter().product::<f64>()
}

#[checked(at([], []), at([0.5], [2.0]), at([0.5, -1.5, 2.0], [1.0, 3.0, -0.5]), at([0.5, 1.0, 2.0], [1.0]), at([0.5], [1.0, 2.0]))]
fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(a, b)| (a - b).powi(2)).sum::<f64>()
}

#[checked(at([], []), at([0.5], [2.0]), at([0.5, -1.5, 2.0], [1.0, 3.0, -0.5]), at([0.5, 1.0, 2.0], [1.0]), at([0.5], [1.0, 2.0]))]
fn dot_of_zipped_iterators(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y.iter()).map(|(&a, &b)| a * b).sum()
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn largest_by_fold(x: &[f64]) -> f64 {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if m.is_finite() { m * m } else { 0.0 }
}

#[checked(at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn log_sum_exp(x: &[f64]) -> f64 {
    let m = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    m + x.iter().map(|v| (v - m).exp()).sum::<f64>().ln()
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn weighted_by_position(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .map(|(i, v)| (i + 1) as f64 * v * v)
        .sum()
}

#[checked(at([], 1.5), at([2.0], -0.5), at([0.5, 2.0, -1.0], 1.5))]
fn polynomial_from_the_end(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |y, c| y * x + c)
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn loop_over_references(x: &[f64]) -> f64 {
    let mut total = 1.0;
    for v in x {
        total = total * v + v.sin();
    }
    for v in x.iter() {
        total += v * v;
    }
    total
}

#[checked(at([0.5, -1.5, 2.0]))]
fn loop_over_values_of_an_array(x: [f64; 3]) -> f64 {
    let mut y = x;
    let mut total = 1.0;
    for v in y {
        y[1] = total;
        total += v * v * y[2];
        y[2] *= 2.0;
    }
    total + y[1]
}

#[checked(at([0.5, -1.5, 2.0]))]
fn loop_over_a_referenced_array(x: [f64; 3]) -> f64 {
    let mut total = 0.0;
    for (i, v) in (&x).into_iter().enumerate() {
        total += v.powi(i as i32 + 1);
    }
    for v in x {
        total *= v;
    }
    total
}

#[checked(at([]), at([0.5]), at([0.5, -1.5, 2.0]))]
fn loop_over_a_vec_by_value(x: Vec<f64>) -> f64 {
    let mut total = 0.5;
    for v in x {
        total = (total + v).sin();
    }
    total
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn loop_with_exits(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for (i, v) in x.iter().enumerate().rev() {
        if *v < -1.0 {
            continue;
        }
        if i > 3 {
            break;
        }
        total += v * v * i as f64;
        if total > 7.0 {
            return total * 2.0;
        }
    }
    total
}

#[checked(at([], []), at([0.5], []), at([], [0.75]), at([0.5, -1.5], [2.0, 0.25, -3.0]), at([0.5, 4.0], [2.0]))]
fn chained_loop_with_exits(x: &[f64], y: &[f64]) -> f64 {
    let mut total = 0.0;
    'all: for v in x.iter().chain(y) {
        if *v < -1.0 {
            continue;
        }
        for w in x {
            if *w > 3.0 {
                break 'all;
            }
            if *w < -1.0 {
                continue 'all;
            }
            total += v * w;
        }
        total += v.sin();
        if total > 3.0 {
            return total * 2.0;
        }
    }
    total
}

#[checked(at([], []), at([0.5], [2.0]), at([0.5, -1.5], [2.0, 0.25, -3.0]))]
fn chain_runs_the_first_one_first(x: &[f64], y: &[f64]) -> f64 {
    x.iter().chain(y.iter()).fold(1.0, |a, v| a * 0.5 + v * a)
}

#[checked(at([], []), at([0.5], [2.0]), at([0.5, -1.5], [2.0, 0.25, -3.0]))]
fn chain_backwards(x: &[f64], y: &[f64]) -> f64 {
    x.iter()
        .chain(y.iter())
        .rev()
        .fold(1.0, |a, v| a * 0.5 + v * a)
}

#[checked(at([], []), at([0.5], [2.0]), at([0.5, -1.5], [2.0, 0.25, -3.0]))]
fn chain_with_positions(x: &[f64], y: &[f64]) -> f64 {
    x.iter()
        .chain(y)
        .enumerate()
        .map(|(i, v)| v * v * i as f64)
        .sum()
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn filtered(x: &[f64]) -> f64 {
    x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).sum()
}

#[checked(at([]), at([0.5]), at([-0.5, 1.5]), at([0.5, -1.5, 2.0]))]
fn mean_of_the_positive(x: &[f64]) -> f64 {
    let n = x.iter().filter(|&&v| v > 0.0).count();
    if n == 0 {
        return 0.0;
    }
    x.iter()
        .filter(|v| v.is_sign_positive())
        .map(|v| v * v)
        .sum::<f64>()
        / n as f64
}

#[checked(at([]), at([0.5]), at([-0.5, 1.5]), at([0.5, -1.5, 2.0]))]
fn filter_of_computed_items(x: &[f64]) -> f64 {
    x.iter()
        .map(|v| v * v - 1.0)
        .filter(|v| *v > 0.0)
        .enumerate()
        .map(|(i, v)| v * (i + 2) as f64)
        .sum()
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0, 0.25]))]
fn skip_and_take(x: &[f64]) -> f64 {
    let a: f64 = x.iter().skip(1).map(|v| v * v).sum();
    let b: f64 = x.iter().take(2).map(|v| v.sin()).sum();
    let c: f64 = x.iter().skip(1).take(1).sum();
    a + b * c
        + x.iter()
            .rev()
            .skip(1)
            .rev()
            .enumerate()
            .map(|(i, v)| v * i as f64)
            .sum::<f64>()
}

#[checked(at([0.5, -1.5, 2.0, 0.25], 0), at([0.5, -1.5, 2.0, 0.25], 2), at([0.5, -1.5], 3), at([], 1))]
fn skip_and_take_backwards(x: &[f64], n: usize) -> f64 {
    let a = x.iter().skip(n).rev().fold(0.5, |a, v| a * v + 1.0);
    let b = x.iter().take(n).rev().fold(0.5, |a, v| a * v + 1.0);
    a + 2.0 * b
}

#[checked(at([0.5, -1.5, 2.0, 0.25, 3.0], 2), at([0.5, -1.5, 2.0, 0.25], 3), at([0.5, -1.5], 1), at([], 1))]
fn strides_over_elements(x: &[f64], step: usize) -> f64 {
    let a = x.iter().step_by(step).fold(0.5, |a, v| a * v + 1.0);
    let b = x.iter().step_by(step).rev().fold(0.5, |a, v| a * v + 1.0);
    let c: f64 = x
        .iter()
        .skip(1)
        .step_by(2)
        .zip(x.iter().step_by(2))
        .map(|(p, q)| p * q)
        .sum();
    a + 2.0 * b + c
}

#[checked(at([]), at([0.5]), at([0.5, -1.5]), at([0.5, -1.5, 2.0]))]
fn differences_of_neighbours(x: &[f64]) -> f64 {
    x.iter()
        .zip(x.iter().skip(1))
        .map(|(a, b)| (b - a).powi(2))
        .sum()
}

#[checked(at([0.5, 1.0, 2.0], [1.5, -1.0]), at([0.5], [1.5, -1.0, 4.0]), at([], [1.0]))]
fn zip_backwards_trims_the_longer(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).rev().fold(1.0, |a, (v, w)| a * v + w)
}

#[checked(at([0.5, 1.0, 2.0], [1.5, -1.0]), at([0.5], [1.5, -1.0, 4.0]), at([], [1.0]))]
fn zip_with_a_reversed(x: &[f64], y: &[f64]) -> f64 {
    x.iter()
        .zip(y.iter().rev())
        .fold(1.0, |a, (v, w)| a * v + w)
}

#[checked(at([0.5, 1.0, 2.0], [1.5, -1.0, 2.5]), at([0.5], [1.5, -1.0, 4.0]), at([], [1.0]))]
fn three_zipped(x: &[f64], y: &[f64]) -> f64 {
    let mut total = 0.0;
    for ((a, b), i) in x.iter().zip(y).zip(0..) {
        total += a * b * i as f64 + b;
    }
    for (i, (a, b)) in (1..).zip(x.iter().zip(y)) {
        total += a * b.powi(i);
    }
    total
}

#[checked(at([0.5, 1.0, 2.0], 2), at([0.5], 4), at([], 3))]
fn zip_with_ranges(x: &[f64], n: usize) -> f64 {
    let a: f64 = x.iter().zip(1..n).map(|(v, k)| v * k as f64).sum();
    let b: f64 = (2..=n).zip(x).map(|(k, v)| v.powi(k as i32)).sum();
    let c: f64 = (0..n).rev().zip(x).map(|(k, v)| v * v * k as f64).sum();
    let d: f64 = x
        .iter()
        .zip((0..10).step_by(3))
        .map(|(v, k)| v * k as f64)
        .sum();
    a + b + c + d
}

#[checked(at([0.5, -1.0, 2.0], [1.5, 2.5]), at([-0.5], [1.5, -1.0, 4.0]), at([], [1.0]), at([3.0, 1.0], []))]
fn zip_with_a_filter(x: &[f64], y: &[f64]) -> f64 {
    let a: f64 = x
        .iter()
        .filter(|v| **v > 0.0)
        .zip(y)
        .map(|(v, w)| v * w)
        .sum();
    let b: f64 = y
        .iter()
        .zip(x.iter().filter(|v| **v > 0.0))
        .map(|(v, w)| v * w * w)
        .sum();
    a + 3.0 * b
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn range_with_map(x: f64, n: usize) -> f64 {
    (0..n)
        .map(|i| x.powi(i as i32) / (i + 1) as f64)
        .sum::<f64>()
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 7))]
fn ranges_of_every_kind(x: f64, n: i32) -> f64 {
    let a: f64 = (1..=n).map(|k| x / f64::from(k)).sum();
    let b: f64 = (-n..n).rev().map(|k| x * k as f64 + x * x).product();
    let c = (0..n).step_by(2).fold(x, |y, k| y * x + k as f64);
    let d = (0..=n).rev().step_by(3).fold(x, |y, k| y * x + k as f64);
    a + b
        + c * d
        + (0..n)
            .filter(|k| k % 2 == 1)
            .map(|k| x * f64::from(k))
            .sum::<f64>()
}

#[checked(at([0.5, 1.0, 2.0]), at([0.5]), at([]))]
fn indices_of_a_range(x: &[f64]) -> f64 {
    (0..x.len()).map(|i| x[i] * x[x.len() - 1 - i]).sum()
}

#[checked(at([0.5, 1.0, 2.0]), at([0.5]), at([]))]
fn nested_sums(x: &[f64]) -> f64 {
    x.iter()
        .map(|a| x.iter().map(|b| (a - b).powi(2)).sum::<f64>().exp() * a)
        .sum::<f64>()
}

#[checked(at([[0.5, 1.0], [2.0, -1.0], [0.25, 3.0]], [1.5, -0.5]))]
fn matrix_times_vector(m: [[f64; 2]; 3], v: [f64; 2]) -> f64 {
    m.iter()
        .map(|row| row.iter().zip(&v).map(|(a, b)| a * b).sum::<f64>())
        .map(|y| y * y)
        .sum()
}

#[checked(at([[0.5, 1.0], [2.0, -1.0], [0.25, 3.0]]))]
fn rows_by_value(m: [[f64; 2]; 3]) -> f64 {
    let mut total = 0.0;
    for row in m {
        let mut r = row;
        r[0] *= r[1];
        total += r[0] + row[0];
    }
    for mut row in m {
        row[1] += row[0];
        total *= row[1];
    }
    total + m.into_iter().map(|[a, b]| a * b).sum::<f64>()
}

#[checked(at([[0.5, 1.0], [2.0, -1.0], [0.25, 3.0]]))]
fn flattened(m: [[f64; 2]; 3]) -> f64 {
    let a: f64 = m.iter().flatten().map(|v| v * v).sum();
    let b = m
        .iter()
        .flat_map(|row| row.iter().map(|v| v + row[0]))
        .fold(1.0, |a, v| a * v);
    let mut c = 0.0;
    for v in m.iter().flat_map(|row| row.iter().rev()) {
        if *v < 0.0 {
            continue;
        }
        if *v > 2.5 {
            break;
        }
        c = c * 0.5 + v * v;
    }
    a * b + c
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn triangle_of_a_flat_map(x: f64, n: usize) -> f64 {
    (0..n)
        .flat_map(|i| (0..=i).map(move |j| (i * 3 + j) as f64))
        .map(|k| (k * x).sin())
        .sum()
}

#[checked(at([(0.5, 1.0), (2.0, -1.0)]), at([]))]
fn pairs_in_a_slice(points: &[(f64, f64)]) -> f64 {
    let a: f64 = points.iter().map(|(x, y)| x * y).sum();
    let b: f64 = points.iter().map(|&(x, y)| x.hypot(y)).sum();
    let c: f64 = points.iter().map(|p| p.0 - p.1 * p.0).sum();
    let d: f64 = points.iter().copied().map(|p| p.0 * p.1).product();
    a + b * c + d
}

#[checked(at([0.5, 1.5], [1.0, 2.0]), at([0.25], [3.0]), at([], []))]
fn item_bound_as_a_whole(x: &[f64], y: &[f64]) -> f64 {
    let a: f64 = x.iter().zip(y).map(|pair| pair.0 * pair.1).sum();
    let b: f64 = x
        .iter()
        .zip(y)
        .map(|pair| {
            let (a, b) = pair;
            a + b * a
        })
        .sum();
    let c: f64 = x
        .iter()
        .enumerate()
        .filter(|pair| *pair.1 > 0.3)
        .map(|p| p.1 * p.0 as f64)
        .sum();
    a * b + c
}
