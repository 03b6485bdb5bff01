//! The operations as anybody would write them down, over numbers that carry derivatives: the oracle.

use num_dual::{DualNum, HyperDual64};

type D = HyperDual64;

fn zero() -> D {
    D::from(0.0)
}

fn total(terms: impl Iterator<Item = D>) -> D {
    terms.fold(zero(), |sum, term| sum + term)
}

/// A function of operands and sizes.
pub type Reference = fn(&[Vec<D>], &[usize]) -> Vec<D>;

pub fn dot(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    vec![total(x[0].iter().zip(&x[1]).map(|(a, b)| *a * *b))]
}

pub fn sum(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    vec![total(x[0].iter().copied())]
}

pub fn mean(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    vec![total(x[0].iter().copied()) / x[0].len() as f64]
}

pub fn norm_squared(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    vec![total(x[0].iter().map(|x| *x * *x))]
}

pub fn norm(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    vec![norm_squared(x, sizes)[0].sqrt()]
}

pub fn cumsum(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    let x = &x[0];
    (0..x.len())
        .map(|i| total(x[..=i].iter().copied()))
        .collect()
}

pub fn logsumexp(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    vec![total(x[0].iter().map(D::exp)).ln()]
}

pub fn softmax(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    let sum = total(x[0].iter().map(D::exp));
    x[0].iter().map(|x| x.exp() / sum).collect()
}

pub fn log_softmax(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    softmax(x, sizes).iter().map(D::ln).collect()
}

fn extreme(x: &[D], beats: fn(f64, f64) -> bool) -> Vec<D> {
    let first = x[0];
    vec![x.iter().fold(first, |best, x| match beats(x.re, best.re) {
        true => *x,
        false => best,
    })]
}

pub fn max(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    extreme(&x[0], |a, b| a > b)
}

pub fn min(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    extreme(&x[0], |a, b| a < b)
}

pub fn matmul(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    let [m, k, n] = sizes else {
        panic!("three sizes")
    };
    let entry = |i, j| total((0..*k).map(|l| x[0][i * k + l] * x[1][l * n + j]));
    (0..m * n).map(|at| entry(at / n, at % n)).collect()
}

pub fn matvec(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    matmul(x, &[sizes[0], x[1].len(), 1])
}

pub fn outer(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    matmul(x, &[x[0].len(), 1, x[1].len()])
}

pub fn conv1d(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    let (x, kernel) = (&x[0], &x[1]);
    x.windows(kernel.len())
        .map(|window| total(window.iter().zip(kernel).map(|(a, b)| *a * *b)))
        .collect()
}

/// Gauss and Jordan's elimination of `[a | b]`, where `b` has one column; and the product of the pivots.
fn eliminate(a: &[D], b: &[D]) -> (Vec<D>, D) {
    let n = b.len();
    let mut rows: Vec<Vec<D>> = (0..n)
        .map(|i| {
            let mut row = a[i * n..][..n].to_vec();
            row.push(b[i]);
            row
        })
        .collect();
    let mut determinant = D::from(1.0);
    for k in 0..n {
        let pivot = (k..n)
            .max_by(|i, j| rows[*i][k].re.abs().total_cmp(&rows[*j][k].re.abs()))
            .expect("a row is left");
        if pivot != k {
            rows.swap(k, pivot);
            determinant = -determinant;
        }
        let top = rows[k].clone();
        determinant *= top[k];
        for (i, row) in rows.iter_mut().enumerate() {
            let factor = row[k] / top[k];
            for (x, top_x) in row.iter_mut().zip(&top) {
                *x = match i == k {
                    true => *top_x / top[k],
                    false => *x - factor * *top_x,
                };
            }
        }
    }
    (rows.iter().map(|row| row[n]).collect(), determinant)
}

pub fn solve(x: &[Vec<D>], _: &[usize]) -> Vec<D> {
    eliminate(&x[0], &x[1]).0
}

pub fn det(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    vec![eliminate(&x[0], &vec![zero(); sizes[0]]).1]
}

pub fn logdet(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    let det = det(x, sizes)[0];
    vec![if det.re < 0.0 { (-det).ln() } else { det.ln() }]
}

/// Cholesky and Banachiewicz's algorithm, for the symmetric part.
pub fn cholesky(x: &[Vec<D>], sizes: &[usize]) -> Vec<D> {
    let (n, a) = (sizes[0], &x[0]);
    let mut l = vec![zero(); n * n];
    for i in 0..n {
        for j in 0..=i {
            let inner = total((0..j).map(|k| l[i * n + k] * l[j * n + k]));
            let rest = (a[i * n + j] + a[j * n + i]) * 0.5 - inner;
            l[i * n + j] = if i == j {
                rest.sqrt()
            } else {
                rest / l[j * n + j]
            };
        }
    }
    l
}
