//! Labelled `break` and `continue`, and labelled blocks.

use super::checked;

#[checked(
    at(0.5, 3, 3),
    at(0.5, 0, 3),
    at(0.5, 3, 0),
    at(1.2, 4, 5),
    at(0.5, 1, 1)
)]
fn break_outer(x: f64, n: usize, m: usize) -> f64 {
    let mut y = x;
    'outer: for i in 0..n {
        for j in 0..m {
            y = y * x + (i + j) as f64 * 0.1;
            if y > 1.5 {
                break 'outer;
            }
        }
        y += 0.2;
    }
    y
}

#[checked(
    at(0.5, 3, 3),
    at(0.5, 0, 3),
    at(0.5, 3, 0),
    at(1.2, 4, 5),
    at(0.5, 2, 1)
)]
fn continue_outer(x: f64, n: usize, m: usize) -> f64 {
    let mut y = x;
    'rows: for i in 0..n {
        for j in 0..m {
            if j > i {
                continue 'rows;
            }
            y = y.sin() + x * (i * j) as f64;
        }
        y *= 2.0;
    }
    y
}

#[checked(at(0.5, 0.2), at(2.0, 0.2), at(0.5, 3.0))]
fn labelled_block(x: f64, y: f64) -> f64 {
    let z = 'found: {
        if x > 1.0 {
            break 'found x * y;
        }
        let t = x + y;
        if t > 2.0 {
            break 'found t * t;
        }
        t.sin()
    };
    z * x
}

#[checked(at(0.5, 0.2), at(2.0, 0.2), at(0.5, 3.0))]
fn labelled_block_as_a_statement(x: f64, y: f64) -> f64 {
    let mut z = x;
    'skip: {
        z *= y;
        if x > 1.0 {
            break 'skip;
        }
        z += 1.0;
        if y > 2.0 {
            break 'skip;
        }
        z = z * z;
    }
    z + x
}

#[checked(at(0.3, 4), at(0.3, 0), at(0.9, 9))]
fn loop_value_through_a_label(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut k = 0;
    let found = 'search: loop {
        for j in 0..3 {
            y += x * x;
            if k >= n {
                break 'search y * j as f64;
            }
            if y > 3.0 {
                break 'search y;
            }
        }
        k += 1;
    };
    found + y
}

#[checked(at([[0.5, -1.0, 2.0], [1.0, 1.0, 1.0], [0.1, 0.2, -0.3]]), at([[0.5, 1.0, 2.0], [1.0, 1.0, 1.0], [0.1, 0.2, 0.3]]))]
fn rows_without_negatives(m: &[[f64; 3]; 3]) -> f64 {
    let mut s = 0.0;
    'row: for i in 0..3 {
        let mut p = 1.0;
        for j in 0..3 {
            if m[i][j] < 0.0 {
                continue 'row;
            }
            p *= m[i][j];
        }
        s += p;
    }
    s
}

#[checked(at([1.0, 2.0, 4.0, 8.0], 5.0), at([1.0, 2.0], 9.0), at([3.0, 2.5], 5.0), at([], 1.0))]
fn first_pair_above(x: &[f64], bound: f64) -> f64 {
    let mut result = bound * 0.1;
    'search: for i in 0..x.len() {
        for j in 0..i {
            let s = x[i] * 0.9 + x[j];
            if s > bound {
                result = s * x[j];
                break 'search;
            }
            result += 0.01 * s;
        }
    }
    result
}

#[checked(at(0.4, 3), at(0.4, 0), at(0.4, 1))]
fn three_levels(x: f64, n: usize) -> f64 {
    let mut y = x;
    'a: for i in 0..n {
        'b: for j in 0..n {
            for k in 0..n {
                y += 0.1 * x * (i + j + k) as f64;
                if k == 2 {
                    continue 'b;
                }
                if i == 2 && j == 1 {
                    break 'a;
                }
                if j == 2 {
                    continue 'a;
                }
            }
            y *= 1.1;
        }
        y = y.sin();
    }
    y
}

#[checked(at(0.4, 7), at(0.4, 0), at(3.0, 7))]
fn while_inside_for(x: f64, n: u32) -> f64 {
    let mut y = x;
    'numbers: for i in 2..=n {
        let mut d = 2;
        while d * d <= i {
            if i % d == 0 {
                y += 0.01 * x;
                continue 'numbers;
            }
            d += 1;
        }
        y *= 1.0 + x / f64::from(i);
        if y > 20.0 {
            break 'numbers;
        }
    }
    y
}

#[checked(at(0.5, 3), at(0.5, 0), at(-1.2, 7))]
fn bounds_that_are_loops(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut k = n;
    for i in loop {
        k /= 2;
        if k < 2 {
            break k;
        }
    }..'high: {
        if n > 5 {
            break 'high 4;
        }
        n
    } {
        y = y * x + 0.1 * i as f64;
    }
    y
}
