//! Integer, boolean and index arithmetic, and casts.

use super::checked;

#[checked(at(0.5, 7), at(0.5, 0))]
fn integer_arithmetic(x: f64, n: usize) -> f64 {
    let a = n * 3 + 1;
    let b = a / 2 - n % 3;
    let c = (a << 1) ^ (b & 5) | 1;
    x * a as f64 + x.powi(b as i32 % 4) - c as f64 * x * x
}

#[checked(at(0.5, -7), at(0.5, 4))]
fn signed_arithmetic(x: f64, k: i32) -> f64 {
    let a = -k / 2 + k.abs() - k % 4;
    let b = k.pow(2).min(9).max(a);
    x * f64::from(a) + x * x * f64::from(b)
}

#[checked(at(2.73, 3), at(-1.26, 5))]
fn casts_back_and_forth(x: f64, n: u8) -> f64 {
    let m = n as usize + 2;
    let k = m as i64 - 4;
    let t = x as i32;
    let u = (x.abs() * 10.0) as usize;
    x * k as f64 + t as f64 * x * x + u as f64 + n as f64 * x
}

#[checked(at(3.7), at(0.2), at(1.5))]
fn table_lookup_by_cast(x: f64) -> f64 {
    let table = [0.0, 1.0, 4.0, 9.0, 16.0];
    let i = x.floor() as usize;
    let t = x - i as f64;
    table[i] * (1.0 - t) + table[i + 1] * t
}

#[checked(at(0.5, 6, 4), at(0.5, 0, 1), at(0.5, 3, 3))]
fn comparisons_of_integers(x: f64, a: usize, b: usize) -> f64 {
    let mut y = x;
    if a == b || a > 2 * b {
        y *= 3.0;
    }
    if a != 0 && b <= a {
        y += x * x;
    }
    let larger = if a >= b { a } else { b };
    y * larger as f64
}

#[checked(at(0.5, true, false), at(0.5, true, true), at(0.5, false, false))]
fn boolean_arithmetic(x: f64, a: bool, b: bool) -> f64 {
    let both = a & b;
    let either = a | b;
    let one = a ^ b;
    let mut y = x;
    if both {
        y = y.sin();
    }
    if either && !both {
        y *= 2.0;
    }
    if one == either {
        y += x * y;
    }
    y + (one as u8) as f64 * x
}

#[checked(at([0.5, 2.0, -1.0, 0.7], 3), at([0.5, 2.0, -1.0, 0.7], 0), at([1.5], 1))]
fn index_arithmetic(x: &[f64], shift: usize) -> f64 {
    let n = x.len();
    let mut s = 0.0;
    for i in 0..n {
        let j = (i * 7 + shift) % n;
        let k = n - 1 - i;
        s += x[j] * x[k] + x[i.min(j)] * x[i.max(k)];
    }
    s
}

#[checked(at(0.5, 5), at(0.5, 0), at(0.5, 1))]
fn integer_state_machine(x: f64, n: usize) -> f64 {
    let mut state = 7_u32;
    let mut y = x;
    for _ in 0..n {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12345) % 1000;
        if state % 2 == 0 {
            y += x * f64::from(state) / 1000.0;
        } else {
            y *= 0.5 + x;
        }
    }
    y
}

#[checked(at(0.5, 12), at(0.5, 0))]
fn methods_of_integers(x: f64, n: u32) -> f64 {
    let bits = n.count_ones() + n.trailing_zeros().min(3);
    let half = n.saturating_sub(10) + n.div_ceil(5);
    let root = n.isqrt();
    x.powi(bits as i32) + x * f64::from(half) - f64::from(root) * x * x
}

#[checked(at(0.5, 3), at(-0.4, 2))]
fn float_from_integers(x: f64, n: i32) -> f64 {
    let half = n as f64 / 2.0;
    let third = f64::from(n) / 3.0;
    let exact = n as f32 as f64;
    (x - half) * (x + third) * exact
}

#[checked(at(0.5, 4, 2), at(0.5, 6, 0), at(0.5, 6, 6))]
fn binomial_weights(x: f64, n: usize, k: usize) -> f64 {
    let mut c = 1_usize;
    for i in 0..k {
        c = c * (n - i) / (i + 1);
    }
    c as f64 * x.powi(k as i32) * (1.0 - x).powi((n - k) as i32)
}

#[checked(at([3, 1, 2], [0.5, 1.5, 2.5, 3.5]), at([], [0.5]), at([0, 0, 0], [0.5]))]
fn integer_arrays(order: &[usize], x: &[f64]) -> f64 {
    let mut seen = vec![0; x.len()];
    let mut s = 1.0;
    for k in 0..order.len() {
        seen[order[k]] += 1;
        s += x[order[k]] * s / seen[order[k]] as f64;
    }
    s
}

#[checked(at(0.5, 10), at(0.5, 0))]
fn counting_on_the_way(x: f64, n: usize) -> (f64, usize) {
    let mut y = x;
    let mut above = 0;
    for _ in 0..n {
        y = 3.7 * y * (1.0 - y);
        if y > 0.5 {
            above += 1;
        }
    }
    (y, above)
}
