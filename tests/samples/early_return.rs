//! `return` anywhere: in branches, in loops, nested, in expression position.

use super::checked;

#[checked(at(0.5), at(-0.5), at(2.0))]
fn guard_clauses(x: f64) -> f64 {
    if x < 0.0 {
        return x * x;
    }
    if x > 1.0 {
        return x.ln();
    }
    x.exp()
}

#[checked(at(0.5, 5), at(0.9, 5), at(1.5, 5), at(0.5, 0))]
fn from_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        y += x * y;
        if y > 2.0 {
            return y * i as f64;
        }
    }
    y - x
}

#[checked(at(0.5, 3), at(0.9, 3), at(1.5, 3), at(0.5, 0), at(0.5, 1))]
fn from_nested_loops(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let mut z = y;
        for j in 0..n {
            z = z * x + 0.3;
            if z > 1.2 {
                return z * y + (i * j) as f64 * x;
            }
        }
        y += z;
    }
    y * y
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn in_expression_position(x: f64, y: f64) -> f64 {
    let z = x * if x > y { return x * y } else { y + 1.0 };
    z + x
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn in_a_let(x: f64, y: f64) -> f64 {
    let z = if x > y {
        x - y
    } else {
        return x.sin() * y;
    };
    z * z * x
}

#[checked(at(0.5, 1.0), at(2.0, 1.0), at(-1.0, 1.0))]
fn in_a_block_value(x: f64, y: f64) -> f64 {
    let a = x * y;
    let b = {
        let t = a + 1.0;
        if t < 0.5 {
            return t * a;
        }
        t * t
    };
    if b > 5.0 {
        return b - a;
    }
    b * a
}

#[checked(at(0.5), at(1.5))]
fn every_path_returns(x: f64) -> f64 {
    if x > 1.0 {
        return x * x;
    } else {
        return x.sin();
    }
}

#[checked(at(0.5, 6), at(0.1, 2), at(0.5, 0))]
fn from_a_while(x: f64, n: i32) -> f64 {
    let mut y = x;
    let mut k = n;
    while k > 0 {
        y *= 1.0 + x;
        if y > 1.0 {
            return y + k as f64;
        }
        k -= 1;
    }
    y
}

#[checked(at(0.5), at(0.05), at(3.0))]
fn from_a_loop_that_never_breaks(x: f64) -> f64 {
    let mut y = x;
    let mut k = 1;
    loop {
        y = y * 1.5 + 0.1 * x;
        if y > 10.0 {
            return y * x;
        }
        if k == 6 {
            return y / k as f64;
        }
        k += 1;
    }
}

#[checked(at([0.5, 1.0, 2.0], 1.5), at([0.5, 1.0], 9.0), at([], 1.0), at([3.0], 1.0))]
fn linear_search(x: &[f64], bound: f64) -> f64 {
    for i in 0..x.len() {
        if x[i] > bound {
            return x[i] * x[i] - bound;
        }
    }
    bound.sqrt()
}

#[checked(at([0.0, 1.0, 2.0, 4.0], [1.0, 3.0, 2.0, 5.0], 1.5), at([0.0, 1.0, 2.0], [1.0, 3.0, 2.0], -1.0), at([0.0, 1.0, 2.0], [1.0, 3.0, 2.0], 7.0))]
fn linear_interpolation(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let n = xs.len();
    if x <= xs[0] {
        return ys[0];
    }
    for i in 1..n {
        if x < xs[i] {
            let t = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
            return ys[i - 1] * (1.0 - t) + ys[i] * t;
        }
    }
    ys[n - 1]
}

#[checked(at(0.5, 2.0), at(3.0, 2.0))]
fn returning_a_tuple(x: f64, y: f64) -> (f64, f64) {
    if x > y {
        return (x, y * y);
    }
    let s = x + y;
    (s * s, x)
}

#[checked(at([0.5, 2.0]), at([3.0, 2.0]))]
fn returning_an_array(x: [f64; 2]) -> [f64; 2] {
    let mut out = x;
    if x[0] < x[1] {
        out[0] = x[0] * x[1];
        return out;
    }
    out[1] = out[0] * out[0];
    out
}

#[checked(at(0.5, 4), at(0.5, 0), at(0.5, 1))]
fn returned_value_computed_late(x: f64, n: usize) -> f64 {
    let mut a = [x, x * x, 1.0];
    for i in 0..n {
        a[i % 3] += a[(i + 1) % 3];
        if i == 2 {
            return a[0] * a[1] * a[2];
        }
        a[2] *= x;
    }
    a[0] + a[2]
}

#[checked(at(0.3, 0.4), at(-0.3, 0.4), at(-0.3, -0.4))]
fn short_circuiting_return(x: f64, y: f64) -> f64 {
    let positive = x > 0.0 || {
        if y < 0.0 {
            return x * y;
        }
        false
    };
    if positive { x + y * y } else { x - y }
}
