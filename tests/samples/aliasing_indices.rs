//! Different index expressions that may or may not name the same element.

use super::checked;

#[checked(at([0.5, 2.0, -1.0], 0, 1), at([0.5, 2.0, -1.0], 1, 1), at([0.5, 2.0, -1.0], 2, 0))]
fn maybe_the_same_element(x: [f64; 3], i: usize, j: usize) -> f64 {
    let mut a = x;
    a[i] = a[j] * a[j];
    a[j] += a[i];
    a[i] * a[j] + a[0]
}

#[checked(at([0.5, 2.0, -1.0], 0, 1), at([0.5, 2.0, -1.0], 1, 1))]
fn read_store_read(x: &[f64], i: usize, j: usize) -> f64 {
    let mut a = vec![1.0; 3];
    a[i] = x[i];
    let first = a[j];
    a[j] = x[j] * first + x[2];
    let second = a[i];
    a[i] *= second;
    first * second + a[i] * a[j]
}

#[checked(at([0.5, 2.0, -1.0, 0.3], [0, 1, 2, 3], [0, 1, 2, 3]), at([0.5, 2.0, -1.0, 0.3], [3, 0, 0, 1], [0, 3, 3, 0]), at([0.5], [], []))]
fn updates_through_two_index_arrays(x: &[f64], from: &[usize], to: &[usize]) -> f64 {
    let n = x.len();
    let mut a = vec![0.0; n];
    for i in 0..n {
        a[i] = x[i];
    }
    for k in 0..from.len() {
        a[to[k]] += 0.5 * a[from[k]] * a[to[k]];
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i] * a[i];
    }
    s
}

#[checked(at([0.5, 2.0, -1.0, 0.3], 1), at([0.5, 2.0, -1.0, 0.3], 2), at([0.5, 2.0, -1.0, 0.3], 4))]
fn strided_recurrence(x: &[f64], stride: usize) -> f64 {
    let n = x.len();
    let mut a = vec![1.0; n];
    for i in 0..n {
        a[i] = x[i] * a[i % stride];
        a[i % stride] += 0.1 * a[i];
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i] * (1 + i) as f64;
    }
    s
}

#[checked(at([0.5, 2.0, -1.0], 0), at([0.5, 2.0, -1.0], 1), at([0.5, 2.0, -1.0], 2))]
fn self_assignment_through_indices(x: [f64; 3], k: usize) -> f64 {
    let mut a = x;
    a[k] = a[2 - k];
    a[k] = a[k] * a[1];
    a[2 - k] = a[k];
    a[0] + a[1] * 2.0 + a[2] * 3.0
}

#[checked(at([0.5, 2.0, -1.0, 1.5]), at([0.5, 2.0]))]
fn two_pointers(x: &[f64]) -> f64 {
    let mut a = vec![0.0; x.len()];
    for i in 0..x.len() {
        a[i] = x[i];
    }
    let mut low = 0;
    let mut high = x.len() - 1;
    while low <= high {
        a[low] = a[high] * a[low];
        a[high] += a[low];
        if high == 0 {
            break;
        }
        low += 1;
        high -= 1;
    }
    let mut s = 0.0;
    for i in 0..x.len() {
        s += a[i] * (i + 1) as f64;
    }
    s
}

#[checked(at([[0.5, 2.0], [1.0, -1.0]], 0, 0), at([[0.5, 2.0], [1.0, -1.0]], 0, 1))]
fn row_read_after_element_store(m: [[f64; 2]; 2], i: usize, j: usize) -> f64 {
    let mut a = m;
    a[i][0] *= a[j][1];
    let row = a[j];
    a[j][0] = row[0] * row[1];
    a[i] = row;
    a[0][0] * a[1][1] + a[0][1] * a[1][0] + row[0]
}
