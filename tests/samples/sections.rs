//! Parts of arrays, slices and `Vec`s: `x[a..b]`, rows of a matrix, `split_at`, the rest of a slice pattern.

use super::checked;

#[checked(at([0.5, 2.0, -1.0, 3.0], 2), at([0.5, 2.0], 1), at([0.5], 0), panics([0.5, 2.0, -1.0], 2))]
fn half_by_half(x: &[f64], n: usize) -> f64 {
    let second = &x[n..2 * n];
    let mut total = 0.0;
    for i in 0..n {
        total += second[i] * x[i].sin();
    }
    total
}

#[checked(at([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [0.5, -1.0, 2.0]), at([1.0, 2.0], [0.5, 0.25]), at([], []), panics([1.0], [0.5, 1.0]))]
fn squared_norm_of_a_product(a: &[f64], x: &[f64]) -> f64 {
    let n = x.len();
    let rows = if n == 0 { 0 } else { a.len() / n };
    let mut total = 0.0;
    if n == 2 && a.len() == 1 {
        total += a[0..n][0];
    }
    for i in 0..rows {
        let row = &a[i * n..(i + 1) * n];
        let mut y = 0.0;
        for j in 0..n {
            y += row[j] * x[j];
        }
        total += y * y;
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0]), at([0.5, 2.0]), panics([0.5]))]
fn every_form_of_bounds(x: &[f64]) -> f64 {
    let all = &x[..];
    let from = &x[1..];
    let to = &x[..2];
    let through = &x[0..=1];
    let last = &x[..=0];
    all[0] * from[0] + to[1] * to[1] * through[0] + last[0] * through[1]
}

#[checked(at([0.5, 2.0, -1.0, 3.0, 0.25]), panics([0.5, 2.0, -1.0]))]
fn sections_of_sections(x: &[f64]) -> f64 {
    let inner = &(&x[1..])[1..3];
    let innermost = &inner[..=1][1..];
    inner[0] * inner[1] + innermost[0].powi(3) + x[0]
}

#[checked(at([0.5, 2.0, -1.0], 1, 2), panics([0.5, 2.0, -1.0], 2, 1), panics([0.5, 2.0, -1.0], 1, 4), panics([0.5, 2.0, -1.0], 5, 6), panics([0.5, 2.0, -1.0], 0, 0))]
fn bounds_that_do_not_fit(x: &[f64], a: usize, b: usize) -> f64 {
    let part = &x[a..b];
    part[0] * part[0] * x[0]
}

#[checked(at([0.5, 2.0, -1.0], 1), at([0.5, 2.0, -1.0], 3), panics([0.5, 2.0, -1.0], 4))]
fn nothing_of_the_section_is_read(x: &[f64], a: usize) -> f64 {
    let rest = &x[a..];
    x[0] * rest.len() as f64
}

#[checked(at([0.5, 2.0, -1.0, 3.0], 2), at([0.5, 2.0], 1), at([0.5, 2.0], 0), panics([0.5, 2.0], 3))]
fn split_in_two(x: &[f64], middle: usize) -> f64 {
    let (left, right) = x.split_at(middle);
    let mut total = 0.0;
    for i in 0..left.len().min(right.len()) {
        total += left[i] * right[i] * right[i];
    }
    for i in 0..right.len() {
        total += right[i].exp();
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0], 2), at([0.5, 2.0, -1.0], 1))]
fn split_in_two_places(x: &mut [f64], middle: usize) {
    let (left, right) = x.split_at_mut(middle);
    for i in 0..left.len() {
        left[i] *= right[i];
        right[i] += left[i].sin();
    }
}

#[checked(at([0.5, 2.0, -1.0, 3.0], 3), at([0.5], 1), at([0.5], 0))]
fn rows_written_in_place(x: &[f64], n: usize) -> f64 {
    let mut table = vec![0.0; n * x.len()];
    for i in 0..n {
        let row = &mut table[i * x.len()..(i + 1) * x.len()];
        for j in 0..x.len() {
            row[j] = x[j] * (i as f64 + 1.0);
            row[j] *= row[j];
        }
    }
    let mut total = 0.0;
    for k in 0..table.len() {
        total += table[k].cos();
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0, 0.1, 0.2], 3), at([0.5, 2.0], 2), at([0.5, 2.0, 1.5], 1))]
fn a_recurrence_over_rows(x: &[f64], d: usize) -> f64 {
    let mut state = vec![0.1; x.len() + d];
    for i in 0..x.len() / d {
        let (before, after) = state.split_at_mut((i + 1) * d);
        let before = &before[i * d..];
        for j in 0..d {
            after[j] = (before[j] * x[i * d + j]).sin() + before[d - 1 - j];
        }
    }
    let mut total = 0.0;
    for k in 0..state.len() {
        total += state[k] * state[k];
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0]), at([0.5, 2.0]))]
fn sections_copied(x: &[f64]) -> Vec<f64> {
    let n = x.len() / 2;
    let mut y = vec![1.0; x.len()];
    y[..n].copy_from_slice(&x[n..2 * n]);
    y[n..].fill(2.5);
    let kept = y[..n].to_vec();
    for i in 0..n {
        y[n + i] *= kept[i] * x[i];
    }
    y[..n].swap(0, 0);
    y
}

#[checked(at([[0.5, 2.0], [1.0, -1.0], [0.25, 3.0]]), panics([[0.5, 2.0]]))]
fn sections_of_rows(x: &[[f64; 2]]) -> f64 {
    let tail = &x[1..];
    let mut total = tail[0][1];
    for i in 0..tail.len() {
        let row = &tail[i];
        total += row[0] * row[1..][0];
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0]), at([0.5, 2.0]), at([0.5]), at([]))]
fn the_rest_of_a_pattern(x: &[f64]) -> f64 {
    match x {
        [] => 0.0,
        [only] => only * only,
        [first, middle @ .., last] => {
            let mut total = first * last;
            for i in 0..middle.len() {
                total += middle[i].powi(3) * first;
            }
            total
        }
    }
}

#[checked(at([0.5, 2.0, -1.0]), at([0.5]))]
fn sections_chosen_in_a_loop(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let prefix = &x[..=i];
        let mut product = 1.0;
        for j in 0..prefix.len() {
            product *= prefix[j];
        }
        total += product.tanh();
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0], [1.0, 2.0]), panics([0.5, 2.0, -1.0], [1.0, 2.0]), panics([0.5], [1.0, 2.0]))]
fn overlapping_sections(x: &mut [f64], w: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..3 {
        let window = &mut x[i..i + w.len()];
        if i < 3 - w.len() + 1 {
            for j in 0..w.len() {
                window[j] = window[j] * w[j] + window[0];
            }
        }
        total += window[0] * window[1];
    }
    total
}

#[checked(at([0.5, 2.0, -1.0, 3.0]), at([0.5]), at([]))]
fn a_part_chosen_by_a_branch(x: &[f64]) -> f64 {
    let n = if x.len() > 2 { 2 } else { x.len() };
    let part = &x[x.len() - n..];
    let mut total = 0.0;
    let mut i = 0;
    while i < part.len() {
        if part[i] < 0.0 {
            break;
        }
        total += part[i].sqrt() * (1.0 + total);
        i += 1;
    }
    total
}

const TABLE: [f64; 4] = [1.0, 0.5, 0.25, 2.0];

#[checked(at([0.5, 2.0], 1), at([0.5, 2.0], 2), panics([0.5, 2.0], 4), panics([0.5, 2.0], 5))]
fn parts_of_a_constant(x: &[f64], a: usize) -> f64 {
    let row = &TABLE[a..];
    let mut total = 0.0;
    for i in 0..x.len() {
        total += x[i] * x[i] * row[i] + x[i] * TABLE[..2][i];
    }
    total
}

#[checked(at([1.0, 2.0, 0.5], [0.5, 2.0, -1.0]))]
fn the_rest_behind_a_reference(a: [f64; 3], x: &[f64; 3]) -> f64 {
    let [first, rest @ ..] = &a;
    let [others @ .., last] = x;
    first * rest[0] * rest[1].powi(2) + others[0] * others[1] * last
}
