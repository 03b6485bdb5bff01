//! `while`, `loop`, `loop` with a value; conditions on integers and on active values.

use super::checked;

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn counted_by_hand(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let mut y = x;
    while i < n {
        y = y * x + i as f64;
        i += 1;
    }
    y
}

#[checked(at(0.5), at(20.0), at(3.0), at(100.0))]
fn halved_until_small(x: f64) -> f64 {
    let mut y = x;
    while y > 1.0 {
        y = y * 0.5 + 0.1 * x.sin();
    }
    y * y
}

#[checked(at(2.0), at(9.0), at(0.3))]
fn newton_square_root(a: f64) -> f64 {
    let mut x = if a > 1.0 { a } else { 1.0 };
    while (x * x - a).abs() > 1e-10 {
        x = 0.5 * (x + a / x);
    }
    x
}

#[checked(at(0.5, 1000), at(1.5, 12), at(0.9, 1), at(0.5, 0))]
fn collatz_steps_weighted(x: f64, start: u64) -> f64 {
    let mut k = start;
    let mut y = x;
    while k > 1 {
        if k % 2 == 0 {
            k /= 2;
            y *= x;
        } else {
            k = 3 * k + 1;
            y += 0.1;
        }
        if k > 500 {
            k = 1;
        }
    }
    y
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 3))]
fn loop_until_break(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let mut y = x;
    loop {
        if i == n {
            break;
        }
        y = y.sin() + x;
        i += 1;
    }
    y
}

#[checked(at(0.5), at(0.9), at(0.1))]
fn loop_with_a_value(x: f64) -> f64 {
    let mut term = 1.0;
    let mut k = 0;
    let sum = loop {
        k += 1;
        term *= x / k as f64;
        if term.abs() < 1e-3 {
            break term + x;
        }
        if k == 4 {
            break x * x;
        }
    };
    sum * term
}

#[checked(at(0.7, 0.3), at(2.5, 0.9), at(-1.0, 0.5))]
fn keplers_equation(mean_anomaly: f64, eccentricity: f64) -> f64 {
    let mut e = mean_anomaly;
    let mut iterations = 0;
    loop {
        let f = e - eccentricity * e.sin() - mean_anomaly;
        let step = f / (1.0 - eccentricity * e.cos());
        e -= step;
        iterations += 1;
        if step.abs() < 1e-13 || iterations >= 20 {
            return e;
        }
    }
}

#[checked(at(0.5, 10), at(0.5, 0), at(0.5, 1), at(0.5, 3))]
fn while_with_break_and_continue(x: f64, n: i32) -> f64 {
    let mut i = n;
    let mut y = x;
    while i > 0 {
        i -= 1;
        if i % 3 == 1 {
            continue;
        }
        y = y * x + 1.0;
        if y > 2.5 {
            break;
        }
    }
    y + i as f64 * x
}

#[checked(at(48, 18, 0.5), at(7, 0, 0.5), at(12, 12, 0.5))]
fn greatest_common_divisor(a: u32, b: u32, x: f64) -> f64 {
    let (mut a, mut b) = (a, b);
    let mut y = x;
    while b != 0 {
        (a, b) = (b, a % b);
        y = y * y + x;
    }
    y * f64::from(a)
}

#[checked(at([0.1, 0.2, 0.4, 0.8], 0.5), at([0.1, 0.2], 5.0), at([3.0], 0.5), at([], 0.5))]
fn cumulative_until_threshold(x: &[f64], threshold: f64) -> f64 {
    let mut s = 0.0;
    let mut i = 0;
    while i < x.len() && s < threshold {
        s += x[i] * x[i] + 0.1 * x[i];
        i += 1;
    }
    s * i as f64
}

#[checked(at(1.0, 2.0), at(0.5, 0.1))]
fn arithmetic_geometric_mean(a: f64, b: f64) -> f64 {
    let (mut a, mut g) = (a, b);
    while (a - g).abs() > 1e-9 * a {
        (a, g) = (0.5 * (a + g), (a * g).sqrt());
    }
    a
}

#[checked(at(0.5, 5), at(0.5, 0), at(0.5, 1))]
fn while_with_a_block_condition(x: f64, n: usize) -> f64 {
    let mut left = n;
    let mut y = x;
    while {
        y += 0.1 * x * y;
        left > 0
    } {
        left -= 1;
        y = y.cos();
    }
    y
}

#[checked(at(0.3, 6), at(0.3, 0), at(0.3, 1))]
fn countdown(x: f64, n: usize) -> f64 {
    let mut k = n;
    let mut p = 1.0;
    while k != 0 {
        p = (p + x) * k as f64 * 0.3;
        k -= 1;
    }
    p
}

#[checked(at(2.0, 10), at(2.0, 0), at(1.1, 1), at(1.1, 7))]
fn power_by_squaring(x: f64, n: u32) -> f64 {
    let mut result = 1.0;
    let mut base = x;
    let mut e = n;
    while e > 0 {
        if e & 1 == 1 {
            result *= base;
        }
        base *= base;
        e >>= 1;
    }
    result
}

#[checked(at(0.0, 2.0), at(1.0, 1.5))]
fn bisection(low: f64, high: f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let mut k = 0;
    while k < 6 {
        let mid = 0.5 * (a + b);
        if mid * mid - 2.0 > 0.0 {
            b = mid;
        } else {
            a = mid;
        }
        k += 1;
    }
    a * b
}

#[checked(at(1.5), at(-0.4), at(3.9))]
fn range_reduced_sine(x: f64) -> f64 {
    let mut r = x;
    let mut halvings = 0;
    while r.abs() > 0.25 {
        r *= 0.5;
        halvings += 1;
    }
    let mut s = r - r.powi(3) / 6.0 + r.powi(5) / 120.0;
    let mut c = 1.0 - r.powi(2) / 2.0 + r.powi(4) / 24.0;
    while halvings > 0 {
        (s, c) = (2.0 * s * c, c * c - s * s);
        halvings -= 1;
    }
    s
}
