//! The methods of iterators that give an `Option`, taken apart where they stand.

use super::checked;

#[checked(at([0.5]), at([0.5, 2.5, 1.5]), at([0.5, -1.5, 2.0]), panics([]))]
fn largest_by_reduce(x: &[f64]) -> f64 {
    let m = x.iter().copied().reduce(f64::max).unwrap();
    m * m + x.len() as f64
}

#[checked(at([]), at([0.5, 2.5, 1.5]), at([1.5, -1.5]))]
fn fallbacks(x: &[f64]) -> f64 {
    let product = x.iter().copied().reduce(|a, b| a * b).unwrap_or(2.0);
    let first = x.iter().next().copied().unwrap_or(0.25);
    let last = x.iter().last().map_or(1.0, |v| v.sin());
    let second = x.iter().nth(1).copied().unwrap_or_else(|| first * 2.0);
    product + first * last * second
}

#[checked(at([0.5, 2.5, 1.5]), at([1.5, -1.5]), at([-1.0]), at([]))]
fn positions_and_finds(x: &[f64]) -> f64 {
    let k = x.iter().position(|v| *v > 1.0).unwrap_or(0);
    let found = x.iter().rev().find(|v| **v < 0.0).copied().unwrap_or(1.0);
    let total: f64 = x.iter().skip(k).sum();
    total * total * found
}

#[checked(at([0.5, 2.5, 1.5]), at([1.5, -1.5]), at([-1.0]), at([]))]
fn matched_with_some(x: &[f64]) -> f64 {
    let mut total = 0.5;
    if let Some(k) = x.iter().position(|v| *v > 1.0) {
        total += x[k] * k as f64 + x[k];
    } else {
        total *= 2.0;
    }
    if let Some(v) = x.iter().find(|v| **v < 0.0)
        && *v > -1.2
    {
        total += v * v;
    }
    let Some(first) = x.iter().copied().reduce(|a, b| a + b * a) else {
        return total;
    };
    if x.iter().any(|v| *v > 2.0) && x.iter().find(|v| **v > 2.0).is_some() {
        total += 1.0;
    }
    total * first
}

#[checked(at([0.5, 2.5, 1.5]), at([1.5, -1.5]), panics([]))]
fn largest_by_order(x: &[f64]) -> f64 {
    let largest = x
        .iter()
        .copied()
        .max_by(|a, b| a.partial_cmp(b).unwrap())
        .expect("no {numbers}");
    let smallest = x.iter().min_by(|a, b| a.total_cmp(b)).unwrap();
    largest * largest - smallest
}

#[checked(at([0.5, 2.5, 1.5], [2, 0, 1]), at([1.5], [0]), panics([1.5], []))]
fn integers_in_order(x: &[f64], order: &[usize]) -> f64 {
    let last = order.iter().copied().max().unwrap();
    let first = order.iter().min().copied().unwrap();
    let place = order
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.cmp(b.1))
        .unwrap()
        .0;
    x[last] * x[first] + place as f64 * x[0]
}

#[checked(at([(0.5, 1.0), (2.0, -1.0), (1.0, 3.0)]), at([(0.5, 2.0)]), panics([]))]
fn pairs_by_their_first(p: &[(f64, f64)]) -> f64 {
    let best = p
        .iter()
        .copied()
        .reduce(|a, b| if b.0 > a.0 { b } else { a })
        .unwrap();
    let (t, v) = p.iter().copied().last().unwrap();
    best.1 * best.1 + t * v
}
