//! Stores with computed indices: overwriting what is read later, twice in a loop, through index arrays.

use super::checked;

#[checked(at([0.5, 2.0, -1.0]), at([1.0, 0.1, 0.2]))]
fn overwritten_after_a_nonlinear_use(x: [f64; 3]) -> f64 {
    let mut a = x;
    let s = a[0] * a[1];
    a[0] = s.sin();
    let t = a[0] * a[2] * s;
    a[1] = t;
    a[0] = a[1] * a[0];
    a[0] + s * a[1]
}

#[checked(at([0.5, 2.0, -1.0], [0, 1, 2, 0]), at([0.5, 2.0, -1.0], []), at([0.5, 2.0, -1.0], [1, 1, 1]))]
fn indirect_products(x: &[f64], idx: &[usize]) -> f64 {
    let n = x.len();
    let mut a = vec![1.0; n];
    for k in 0..idx.len() {
        a[idx[k]] *= x[idx[k]] + 0.5;
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i] * a[i];
    }
    s
}

#[checked(at([0.5, 2.0, -1.0], [0, 2, 2, 1, 0]), at([0.5], [0, 0]), at([0.5], []))]
fn histogram_of_active_weights(x: &[f64], bins: &[usize]) -> Vec<f64> {
    let mut h = vec![0.0; x.len()];
    for k in 0..bins.len() {
        h[bins[k]] += x[bins[k]] * (k + 1) as f64;
        h[0] += h[bins[k]] * 0.5;
    }
    h
}

#[checked(at([[0.5, 2.0], [1.0, -1.0]], 1, 0), at([[0.5, 2.0], [1.0, -1.0]], 0, 0))]
fn every_operator_on_an_element(m: [[f64; 2]; 2], i: usize, j: usize) -> f64 {
    let mut a = m;
    a[i][j] += a[j][i];
    a[i][j] *= a[1 - i][j];
    a[i][j] -= m[i][1 - j];
    a[i][j] /= 1.0 + a[0][0] * a[0][0];
    a[i][1 - j] = a[i][j] * a[i][j];
    a[0][0] + 2.0 * a[0][1] + 3.0 * a[1][0] + 4.0 * a[1][1]
}

#[checked(at([0.5, 2.0, -1.0, 0.4]), at([0.5]), at([0.5, 0.2]))]
fn shifted_left(x: &[f64]) -> f64 {
    let n = x.len();
    let mut a = vec![0.0; n];
    for i in 0..n {
        a[i] = x[i];
    }
    for i in 0..n - 1 {
        a[i] = a[i + 1] * a[i];
    }
    for i in (1..n).rev() {
        a[i] += a[i - 1] * a[i];
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i] * (i + 1) as f64;
    }
    s
}

#[checked(at([0.5, 2.0, -1.0], 4), at([0.5, 2.0, -1.0], 0), at([0.5, 2.0, -1.0], 1))]
fn one_slot_for_everything(x: [f64; 3], n: usize) -> f64 {
    let mut slot = [1.0];
    for i in 0..n {
        slot[0] = slot[0] * x[i % 3] + 0.5;
        slot[0] *= slot[0];
    }
    slot[0]
}

#[checked(at([0.5, 2.0, -1.0]))]
fn element_to_element(x: [f64; 3]) -> f64 {
    let mut a = x;
    a[0] = a[1];
    a[1] = a[2] * a[0];
    a[2] = a[2];
    a[0] = a[0] * a[0];
    a[0] * a[1] * a[2]
}

#[checked(at([0.5, 2.0, -1.0], 1), at([0.5, 2.0, -1.0], 0), at([0.5, 2.0, -1.0], 2))]
fn index_computed_from_the_store(x: [f64; 3], k: usize) -> f64 {
    let mut a = x;
    let mut i = k;
    a[i] *= 2.0 * a[0];
    i = (i + 1) % 3;
    a[i] += a[k];
    i = (i * 2 + k) % 3;
    a[i] = a[i].sin() * a[k];
    a[0] + a[1] * a[2]
}

#[checked(at([0.5, 2.0, -1.0, 3.0]), at([0.5, 2.0]))]
fn permuted_by_an_integer_array(x: &[f64]) -> f64 {
    let n = x.len();
    let mut order = vec![0; n];
    for i in 0..n {
        order[i] = (i + 1) % n;
    }
    let mut a = vec![0.0; n];
    for i in 0..n {
        a[order[i]] = x[i] * x[order[i]];
        order[i] = i;
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[order[i]] * (i + 1) as f64;
    }
    s
}

#[checked(at([0.2, 0.7, 0.4], 0.5), at([0.2], 0.5), at([], 0.5))]
fn stored_only_on_a_condition(x: &[f64], bound: f64) -> f64 {
    let n = x.len();
    let mut kept = vec![0.0; n];
    let mut count = 0;
    for i in 0..n {
        if x[i] < bound {
            kept[count] = x[i] * bound;
            count += 1;
        }
    }
    let mut p = 1.0;
    for i in 0..count {
        p *= 1.0 + kept[i];
    }
    p
}

#[checked(at([0.5, 2.0, -1.0]))]
fn swapped_elements(x: [f64; 3]) -> f64 {
    let mut a = x;
    let t = a[0];
    a[0] = a[2];
    a[2] = t * a[1];
    (a[0], a[1]) = (a[1], a[0]);
    a[0] * 2.0 + a[1] * a[2]
}

#[checked(at([0.5, 2.0, -1.0], 3), at([0.5, 2.0, -1.0], 0))]
fn read_modify_write_chain(x: &[f64], n: usize) -> f64 {
    let mut acc = [0.0; 2];
    for i in 0..n {
        let k = i % 2;
        acc[k] += x[i] * x[i];
        acc[1 - k] *= 1.0 + acc[k];
        acc[k] = acc[k] / (1.0 + acc[1 - k]);
    }
    acc[0] + 3.0 * acc[1]
}

#[checked(at([[1.0, 2.0, 0.1], [0.5, -1.0, 0.2], [0.3, 0.4, 0.6]]))]
fn transposed_in_place(m: &[[f64; 3]; 3]) -> f64 {
    let mut a = *m;
    for i in 0..3 {
        for j in 0..i {
            let t = a[i][j];
            a[i][j] = a[j][i] * 2.0;
            a[j][i] = t;
        }
    }
    let mut s = 0.0;
    for i in 0..3 {
        for j in 0..3 {
            s += a[i][j] * m[i][j];
        }
    }
    s
}

#[checked(at(0.5, 2.0))]
fn constants_overwrite_active_elements(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y];
    let before = a[2] * a[0];
    a[2] = 3.0;
    let between = a[2] * a[1];
    a[1] = 0.0;
    a[0] += a[1];
    before + between * a[0] + a[2]
}
