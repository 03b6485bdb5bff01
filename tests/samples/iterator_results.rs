//! What iterator chains give: `Vec`s, arrays, accumulators, places changed in place; and what they leave when they panic.

use super::checked;

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

#[checked(at([0.5, 1.5, 2.5], 3), at([0.25], 0), at([], 2))]
fn positions_behind_a_flat_map(x: &[f64], n: usize) -> f64 {
    let mut total = 0.5;
    for (i, v) in x
        .iter()
        .copied()
        .chain((0..n).flat_map(|i| [i as f64, 0.25]))
        .enumerate()
    {
        total += v * v * i as f64;
        if i > 4 {
            return total;
        }
    }
    total
}

#[checked(at([0.5, 1.5, 2.5], [1.0, 2.0]), at([0.25], []), at([], [3.0]))]
fn limits_of_limits(x: &[f64], y: &[f64]) -> f64 {
    let a: f64 = x
        .iter()
        .skip(1)
        .zip(y.iter().rev().take(1))
        .map(|(a, b)| a * b)
        .sum();
    let b = x.iter().chain(y).skip(1).take(2).fold(1.0, |p, v| p * v);
    let c: Vec<f64> = x
        .iter()
        .zip((1..).step_by(2))
        .skip(1)
        .map(|(v, k)| v * k as f64)
        .collect();
    let d = x
        .iter()
        .rev()
        .enumerate()
        .rev()
        .fold(0.5, |p, (i, v)| p * v + i as f64);
    a * b + c.iter().sum::<f64>() + d
}

#[checked(at([0.5, 1.5, 2.5], [1.0, 2.0]), at([0.25], []), at([2.0], [3.0, 4.0]))]
fn closure_that_counts_in_a_zip(x: &[f64], y: &[f64]) -> f64 {
    let mut asked = 0.0;
    let a: f64 = x
        .iter()
        .map(|v| {
            asked += 1.0;
            v * asked
        })
        .zip(y)
        .map(|(a, b)| a * b)
        .sum();
    let b: f64 = y
        .iter()
        .filter(|v| **v < 3.5)
        .zip(x.iter().map(|v| v * v))
        .map(|(a, b)| a * b)
        .sum();
    a + b * asked
}

fn weight(k: usize) -> usize {
    k * k + 1
}

#[checked(at([0.5, 1.5, 2.5], [2, 0, 1]), at([0.25], []))]
fn sums_of_what_a_function_gives(x: &[f64], order: &[usize]) -> f64 {
    let total: usize = order.iter().map(|&k| weight(k)).sum();
    let weights: Vec<usize> = order.iter().map(|&k| weight(k)).collect();
    let squares: usize = weights.iter().map(|w| w * w).sum();
    x.iter().map(|v| v * v * total as f64).sum::<f64>() + x[0] * squares as f64
}
