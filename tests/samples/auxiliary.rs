//! Results that are not differentiable beside those that are, let-chains, and arrays made element by element.

use super::checked;

#[checked(at([0.5, -2.0, 0.1]), at([1.5, 0.2, 3.0]))]
fn flags_and_counts(x: &[f64; 3]) -> (f64, bool, usize, (i32, f64), char) {
    let positive = x.iter().filter(|v| **v > 0.0).count();
    let sum = x.iter().map(|v| v * v).sum::<f64>();
    let first = x[0] * sum;
    (
        sum,
        sum > 2.0,
        positive,
        (positive as i32 - 3, first.sin()),
        'c',
    )
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn iterations_beside_the_root(x: f64, n: usize) -> (f64, usize, bool) {
    let mut y = 1.0 + x;
    let mut steps = 0;
    while steps < n {
        y = 0.5 * (y + x / y);
        steps += 1;
    }
    (y, steps, steps == 0)
}

#[checked(at([0.5, 2.0, 4.0], 1), at([5.0, 2.0, 4.0], 2), at([0.5, -2.0, 4.0], 0), at([], 0))]
fn chains_of_conditions(x: &[f64], i: usize) -> f64 {
    let mut total = 1.0;
    if let [first, second, ..] = x
        && i > 0
        && let product = first * second
        && product < 4.0
    {
        total += product * product;
    } else if let [first, .., last] = x
        && first < last
    {
        total -= first * last.sin();
    }
    let scaled = if i == 2
        && let k = x.len() - i
        && k == 1
    {
        x[k] * 3.0
    } else {
        0.5
    };
    total * scaled
}

#[checked(at([0.5, 2.0, 4.0]), at([5.0, 2.0, 4.0]), at([0.5, 0.3, 0.1]))]
fn chains_in_loops(x: &[f64]) -> f64 {
    let mut k = 0;
    let mut product = 1.0;
    while k < 2
        && let v = x[k]
        && v < 3.0
    {
        product *= 1.0 + v * v;
        k += 1;
    }
    product
}

#[checked(at((0.5, 2), 1.5), at((-0.5, 2), 1.5), at((0.5, 0), 1.5), at((-0.5, 7), 1.5), at((0.5, 7), 0.1))]
fn chains_in_guards(p: (f64, usize), y: f64) -> f64 {
    match p {
        (x, n @ 1..=3)
            if let m = n * 2
                && m < 7
                && x > 0.0 =>
        {
            x.powi(m as i32) * y
        }
        (x, n)
            if let (product, 0) = (x * y, n)
                && product > 0.0 =>
        {
            product + y
        }
        (x, n)
            if n > 5
                && let 3 = n - 4 =>
        {
            y * x.sin()
        }
        (x, _) => x * y,
    }
}

#[checked(at([0.5, -2.0, 0.1], 1.5))]
fn arrays_by_map(x: [f64; 3], a: f64) -> f64 {
    let mut seen = 0.0;
    let y = x.map(|v| {
        seen += v * a;
        v.sin() * seen
    });
    let pairs = y.map(|v| (v, v * a));
    let flags = x.map(|v| v > 0.0);
    let [p, q, r] = pairs.map(|(u, v)| u - v);
    let nested = [x, y].map(|row| row.map(f64::tanh).iter().sum::<f64>());
    let counted = if flags[0] { nested[0] } else { nested[1] };
    p * q + r + seen + counted
}

#[checked(at([0.5, -2.0, 0.1], 1.5))]
fn arrays_from_functions(x: &[f64; 3], a: f64) -> [[f64; 3]; 3] {
    let weights: [f64; 3] = std::array::from_fn(|i| a.powi(i as i32));
    let mut total = 0.0;
    std::array::from_fn(|i| {
        total += x[i];
        core::array::from_fn(|j| x[i] * weights[j] + total * if i == j { a } else { 0.0 })
    })
}

#[checked(at([0.5, -2.0, 0.1, 3.0], 2), at([0.5, -2.0, 0.1, 3.0], 0))]
fn indices_from_functions(x: &[f64; 4], shift: usize) -> f64 {
    let order: [usize; 4] = std::array::from_fn(|i| (i + shift) % 4);
    let mut total = 0.0;
    for (k, v) in order.map(|i| x[i]).iter().enumerate() {
        total += v * (k as f64 + 1.0) * x[k];
    }
    total
}

#[checked(at([0.5, -2.0, 0.1], true), at([0.5, -2.0, 0.1], false))]
fn lengths_from_what_is_around(x: &[f64; 3], early: bool) -> ([f64; 3], [[f64; 2]; 3]) {
    const TWO: usize = 2;
    let shifted = |by: f64| -> [f64; 3] { std::array::from_fn(|i| x[i] * by) };
    if early {
        return (std::array::from_fn(|i| x[i] * x[2 - i]), [[x[0]; 2]; 3]);
    }
    let pair = std::array::from_fn::<f64, TWO, _>(|i| x[i] * x[i + 1]);
    match x.len() {
        3 => (
            shifted(pair[0]),
            std::array::from_fn(|i| [x[i], pair[1] * x[i]]),
        ),
        _ => ([0.0; 3], [pair; 3]),
    }
}
