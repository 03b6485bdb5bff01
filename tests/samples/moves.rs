//! `Vec`s that change hands: moved, swapped, taken and remade, in loops and branches.

use super::checked;

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn ping_pong(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![0.0; x.len()];
    for _ in 0..n {
        for i in 0..v.len() {
            w[i] = v[i] * v[i] * 0.5 + x[i];
        }
        let t = v;
        v = w;
        w = t;
    }
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * w[i];
    }
    s
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn swapped_buffers(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![0.0; x.len()];
    for _ in 0..n {
        for i in 0..v.len() {
            w[i] = v[i] * v[i] * 0.5 + x[i];
        }
        std::mem::swap(&mut v, &mut w);
    }
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * w[i];
    }
    s
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn swapped_as_a_tuple(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![0.25; x.len()];
    for _ in 0..n {
        for i in 0..v.len() {
            w[i] *= v[i] * v[i] * 0.5 + x[i];
        }
        (v, w) = (w, v);
    }
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * w[i];
    }
    s
}

#[checked(at([2.0, 3.0], [4.0, 5.0]))]
fn moved_once(x: Vec<f64>, y: Vec<f64>) -> f64 {
    let mut v = x;
    v[0] *= y[0];
    v = y;
    v[0] * v[1]
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn moved_then_remade(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut s = 0.0;
    for k in 0..n {
        let mut w = v;
        w[0] *= w[1];
        s += w[0] * w[0];
        v = vec![w[0] + k as f64, w[1] * 0.5];
    }
    s + v[0]
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn moved_in_branch(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![1.0, 2.0];
    for k in 0..n {
        if k % 2 == 0 {
            let t = v;
            v = w;
            w = t;
        } else {
            v[0] *= w[1];
        }
        w[0] += v[1] * v[0];
    }
    v[0] * w[0] * w[1]
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn different_lengths(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![3.0];
    for _ in 0..n {
        w = vec![v[0] * w[0]; w.len() + 1];
        std::mem::swap(&mut v, &mut w);
    }
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * v[i];
    }
    for i in 0..w.len() {
        s += w[i].sin();
    }
    s
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn taken_and_replaced(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut s = 0.0;
    for _ in 0..n {
        let old = std::mem::take(&mut v);
        s += old[0] * old[1];
        v = std::mem::replace(&mut v, vec![old[1], s]);
        v = vec![old[1], s + v.len() as f64];
    }
    s
}

#[checked(at([0.7, 1.3]), at([-0.7, 1.3]))]
fn moved_out_of_blocks(x: &[f64]) -> f64 {
    let v = x.to_vec();
    let w = {
        let mut u = v;
        u[0] *= u[1];
        u
    };
    let z = if w[0] > 0.0 {
        w
    } else {
        vec![w[0], w[1] * w[0]]
    };
    let q = match z.len() {
        2 => z,
        _ => vec![1.0],
    };
    q[0] * q[1]
}

#[checked(at([0.7, 1.3], 0), at([0.7, 1.3], 1), at([0.7, 1.3], 2), at([0.7, 1.3], 3))]
fn moved_away_and_back(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut s = 0.0;
    for _ in 0..n {
        let w = v;
        v = w;
        v[0] *= v[1];
        s += v[0];
    }
    s
}

#[checked(at([2.0, 3.0], 0), at([2.0, 3.0], 1), at([0.5, 0.25], 2), at([0.5, 0.25], 3))]
fn exchanged_and_returned(x: Vec<f64>, n: usize) -> Vec<f64> {
    let mut v = x;
    let mut w = v.clone();
    for _ in 0..n {
        w[0] *= v[1] * w[0];
        let t = w;
        w = v;
        v = t;
    }
    v
}
