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

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn collected(x: &[f64]) -> Vec<f64> {
    x.iter().map(|v| v.exp() - 1.0).collect()
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn collected_and_read(x: &[f64]) -> f64 {
    let squares: Vec<f64> = x.iter().map(|v| v * v).collect();
    let doubled = squares
        .iter()
        .zip(x)
        .map(|(s, v)| s * v)
        .collect::<Vec<_>>();
    let backwards: Vec<_> = doubled.iter().rev().copied().collect();
    backwards.iter().zip(&squares).map(|(a, b)| a * b).sum()
}

#[checked(at([0.5, 1.5, 2.5], [1.0]), at([0.25], []), at([], [2.0, 3.0]))]
fn collected_from_a_chain(x: &[f64], y: &[f64]) -> Vec<f64> {
    x.iter()
        .chain(y)
        .enumerate()
        .map(|(i, v)| v * v * i as f64)
        .collect()
}

#[checked(at([0.5, 1.5, 2.5], 1), at([0.25], 2), at([], 1))]
fn collected_pairs(x: &[f64], n: usize) -> f64 {
    let pairs: Vec<(usize, f64)> = x.iter().map(|v| v.sin()).enumerate().skip(n).collect();
    let rows: Vec<[f64; 2]> = x.iter().map(|v| [*v, v * v]).collect();
    let a: f64 = pairs.iter().map(|&(i, v)| v * i as f64).sum();
    a + rows.iter().map(|r| r[0] * r[1]).sum::<f64>()
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn collected_from_a_range(x: f64, n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * x).cos()).collect()
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn scaled_in_place(x: &mut [f64]) {
    for v in x.iter_mut() {
        *v *= 2.0;
    }
    for (i, v) in x.iter_mut().enumerate() {
        *v += i as f64 * *v * *v;
    }
    x.iter_mut().for_each(|v| *v = v.sin());
}

#[checked(at([0.5, 1.5, 2.5], [1.0, 2.0, 3.0]), at([0.25], [0.5, 2.0]), at([], []))]
fn axpy_in_place(y: &mut [f64], x: &[f64]) {
    for (a, b) in y.iter_mut().zip(x) {
        *a += 2.0 * b * *a;
    }
    y.iter_mut()
        .zip(x.iter())
        .rev()
        .for_each(|(a, b)| *a -= b * b);
}

#[checked(at([[0.5, 1.5], [2.5, -1.0]]))]
fn rows_in_place(m: &mut [[f64; 2]; 2]) -> f64 {
    let mut total = 0.0;
    for row in m.iter_mut() {
        let norm = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        for v in row.iter_mut() {
            *v /= norm;
        }
        total += norm;
    }
    for row in m {
        for v in row {
            *v *= total;
        }
    }
    total
}

#[checked(at([0.5, 1.5, 2.5], 1.0), at([0.25], 0.5), at([], 2.0))]
fn local_vec_in_place(x: &[f64], a: f64) -> f64 {
    let mut y = x.to_vec();
    y.iter_mut().for_each(|v| *v *= a);
    for v in &mut y {
        *v += 1.0;
    }
    y.iter().zip(x).map(|(p, q)| p * q).sum::<f64>() + y.into_iter().map(|v| v * a).product::<f64>()
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]), at([0.5, -1.0]))]
fn all_and_any(x: &[f64]) -> f64 {
    let positive = x.iter().all(|v| *v > 0.0);
    let large = x.iter().any(|&v| v > 2.0);
    let first_two = x.iter().take(2).any(|v| *v > 1.0);
    let total: f64 = x.iter().sum();
    if positive && large {
        total * total
    } else if first_two {
        total.sin()
    } else {
        total * 3.0
    }
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]), at([1.5, -1.0, 0.5]))]
fn while_conditions(x: &[f64]) -> f64 {
    let a: f64 = x.iter().take_while(|v| **v < 2.0).map(|v| v * v).sum();
    let b: f64 = x.iter().skip_while(|v| **v < 1.0).map(|v| v.sin()).sum();
    a + 2.0 * b
}

#[checked(at([0.5, 1.5, 2.5, -1.0]), at([0.25]), at([]), at([1.5, -1.0, 0.5]))]
fn limits_on_a_filter(x: &[f64]) -> f64 {
    let a: f64 = x.iter().filter(|v| **v > 0.0).take(2).map(|v| v * v).sum();
    let b: f64 = x
        .iter()
        .filter(|v| **v > 0.0)
        .skip(1)
        .map(|v| v.sin())
        .sum();
    let mut c = 0.0;
    for v in x.iter().filter(|v| **v > 0.0).take(2) {
        if *v > 1.0 {
            continue;
        }
        c += v * 3.0;
    }
    a + 2.0 * b + c
}

#[checked(at(0.5, 0), at(0.5, 3))]
fn endless_ranges(x: f64, n: usize) -> f64 {
    let a: f64 = (1..).take(n).map(|k| x / k as f64).sum();
    let mut b = x;
    for k in 0.. {
        if k >= n {
            break;
        }
        b = b * x + k as f64;
    }
    let c = (1..)
        .map(|k| x * k as f64)
        .take_while(|y| *y < 2.2)
        .fold(1.0, |a, y| a * y);
    a + b + c
}

#[checked(at(0.5, 0), at(0.5, 3))]
fn once_and_repeat(x: f64, n: usize) -> f64 {
    let a: f64 = std::iter::once(x)
        .chain((0..n).map(|k| x * k as f64))
        .map(|v| v * v)
        .sum();
    let b = std::iter::repeat(x).take(n).fold(1.0, |a, v| a * v + 1.0);
    let c: f64 = std::iter::repeat_n(x, n)
        .chain(std::iter::once(x * x))
        .sum();
    let d: f64 = std::iter::zip([1.0, 2.0, 3.0], [x, x * x, x * x * x])
        .map(|(a, b)| a * b)
        .sum();
    a + b * c + d
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn chains_by_name(x: &[f64]) -> f64 {
    let squares = x.iter().map(|v| v * v);
    let shifted = squares.enumerate().map(|(i, v)| v + i as f64);
    let n = 2;
    let limited = shifted.take(n);
    let n = 0;
    limited.sum::<f64>() + n as f64
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn clones_of_a_chain(x: &[f64]) -> f64 {
    let squares = x.iter().map(|v| v * v);
    let n = squares.clone().count() as f64;
    let total: f64 = squares.clone().sum();
    squares.map(|v| (v - total / n).powi(2)).sum()
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn tuple_accumulator(x: &[f64]) -> f64 {
    let (sum, squares, n) = x
        .iter()
        .fold((0.0, 0.0, 0), |(a, b, n), v| (a + v, b + v * v, n + 1));
    let (even, odd) = x.iter().enumerate().fold((0.0, 1.0), |acc, (i, v)| {
        if i % 2 == 0 {
            (acc.0 + v, acc.1)
        } else {
            (acc.0, acc.1 * v)
        }
    });
    sum * squares + n as f64 * even + odd
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn array_accumulator(x: &[f64]) -> f64 {
    let sums = x.iter().fold([0.0; 3], |mut acc, v| {
        acc[0] += v;
        acc[1] += v * v;
        acc[2] = acc[0] * acc[1];
        acc
    });
    let swapped = x.iter().fold([1.0, 2.0], |acc, v| [acc[1] * v, acc[0] + v]);
    sums.iter().sum::<f64>() * swapped[0] + swapped[1]
}

#[checked(at([0.5, 1.5, 2.5]), at([0.25]), at([]))]
fn vec_accumulator(x: &[f64]) -> f64 {
    let counts = x.iter().fold(vec![0.0; 2], |mut acc, v| {
        let k = if *v > 1.0 { 1 } else { 0 };
        acc[k] += v * v;
        acc
    });
    counts[0] * 2.0 + counts[1]
}

#[checked(at([0.5, 1.5, 2.5], [2, 0, 1]), at([0.25], []), at([0.25], [0, 0]))]
fn gathered_by_indices(x: &[f64], order: &[usize]) -> f64 {
    order
        .iter()
        .map(|&i| x[i])
        .fold(1.0, |a, v| a * 0.5 + v * a)
}

#[checked(at([0.5, 1.5, 2.5], [2, 0, 1]), at([0.25], []), at([0.25], [0, 0]))]
fn integer_sums(x: &[f64], order: &[usize]) -> f64 {
    let n: usize = order.iter().sum();
    let m = order.iter().map(|k| k + 1).product::<usize>();
    let largest = order.iter().copied().fold(0, usize::max);
    x.iter()
        .map(|v| v * n as f64 + v * v * m as f64)
        .sum::<f64>()
        + x[largest]
}

#[checked(at([0.5, 1.5, 2.5]))]
fn arrays_mapped(x: [f64; 3]) -> f64 {
    let squares = x.map(|v| v * v);
    let roots = squares.map(f64::sqrt);
    let table: [f64; 4] = std::array::from_fn(|i| x[i % 3] * i as f64);
    let again = core::array::from_fn::<f64, 2, _>(|i| table[i] + roots[i]);
    squares.iter().sum::<f64>() + again[0] * again[1] + table.iter().product::<f64>() + table[3]
}

#[checked(at([0.5, 1.5, 2.5]))]
fn mapped_result(x: [f64; 3]) -> [f64; 3] {
    x.map(|v| v.sin() * x[0])
}

#[checked(at([0.5, 1.5, 2.5], [1.0, 2.0]), at([0.25], []), at([], [1.0]))]
fn effects_in_order(x: &[f64], y: &[f64]) -> f64 {
    let mut seen = 0.0;
    let a: f64 = x
        .iter()
        .map(|v| {
            seen = seen * 2.0 + v;
            seen
        })
        .filter(|v| *v < 4.0)
        .sum();
    let mut turns = 0;
    for v in y.iter().inspect(|_| turns += 1) {
        seen += v * v;
    }
    a + seen * turns as f64
}

#[checked(at([0.5, 1.5, 2.5, 3.5], 2), at([0.25], 3), at([], 1))]
fn effects_of_what_is_skipped(x: &[f64], n: usize) -> f64 {
    let mut turns = 0;
    let a: f64 = x
        .iter()
        .map(|v| {
            turns += 1;
            v * turns as f64
        })
        .skip(n)
        .sum();
    let b: f64 = x
        .iter()
        .map(|v| {
            turns += 1;
            v * turns as f64
        })
        .step_by(n)
        .sum();
    let c: f64 = x
        .iter()
        .map(|v| {
            turns += 1;
            v * turns as f64
        })
        .zip(1..n)
        .map(|(v, k)| v * k as f64)
        .sum();
    a + b * c * turns as f64
}

#[checked(at([0.5, 1.5, 2.5], 1), panics([0.5], 1), panics([0.5, 1.5], 0))]
fn panics_where_the_primal_does(x: &[f64], step: usize) -> f64 {
    (0..3).step_by(step).map(|i| x[i] * x[i]).sum()
}

#[checked(at([0.5, 1.5, 2.5], 250), panics([0.5, 1.5], 255))]
fn overflow_in_a_closure(x: &[f64], start: u8) -> f64 {
    x.iter()
        .fold((0.0, start), |(a, k), v| (a + v * v, k + 1))
        .0
}

#[checked(at([0.5, 1.5, 2.5], 2), panics([0.5, 1.5], 3))]
fn lazy_up_to_the_limit(x: &[f64], n: usize) -> f64 {
    (0..10).map(|i| x[i] * x[i]).take(n).sum()
}

#[checked(at([[1.0, 2.0], [0.5, -1.0]], 1), panics([[1.0, 2.0], [0.5, -1.0]], 2))]
fn row_of_a_matrix(m: [[f64; 2]; 2], k: usize) -> f64 {
    m[k].iter()
        .zip(m[1 - k % 2].iter())
        .map(|(a, b)| a * b)
        .sum()
}

#[checked(at([0.5, 1.5]), at([]))]
fn single_precision_sum(x: &[f32]) -> f32 {
    x.iter().map(|v| v * v).sum::<f32>().cos() + 1.0
}

#[checked(at([0.5, 1.5, -2.5], 0.1), at([], 0.1), at([4.0], 0.1))]
fn soft_threshold(x: &[f64], lambda: f64) -> f64 {
    x.iter()
        .map(|&v| {
            if v.abs() > lambda {
                v.signum() * (v.abs() - lambda)
            } else {
                0.0
            }
        })
        .map(|v| v * v)
        .sum::<f64>()
        + lambda * x.iter().map(|v| v.abs()).sum::<f64>()
}

#[checked(at([0.5, 1.5, 2.5], [0.25, 0.5, 0.75], 3), at([0.5], [2.0], 2))]
fn gradient_descent_over_iterators(x: &[f64], y: &[f64], steps: usize) -> f64 {
    let mut w = 0.1;
    for _ in 0..steps {
        let slope = x
            .iter()
            .zip(y)
            .map(|(x, y)| 2.0 * (w * x - y) * x)
            .sum::<f64>()
            / x.len() as f64;
        w -= 0.1 * slope;
    }
    x.iter()
        .zip(y.iter())
        .map(|(x, y)| (w * x - y).powi(2))
        .sum::<f64>()
}
