//! `if` and `else`: as statements, as values, with conditions on active values.

use super::checked;

#[checked(at(0.5), at(-0.5), at(3.0))]
fn piecewise(x: f64) -> f64 {
    if x < 0.0 {
        -x * x
    } else if x < 1.0 {
        x.sin()
    } else {
        x.ln() + x
    }
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn if_without_else(x: f64, y: f64) -> f64 {
    let mut z = x * y;
    if x > y {
        z += x.exp();
    }
    z * z
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn if_as_an_operand(x: f64, y: f64) -> f64 {
    x * if x > y { y } else { x * x } + if y > 0.0 { 1.0 } else { x }
}

#[checked(at(0.5, 1.0, true), at(0.5, 1.0, false))]
fn condition_on_a_parameter(x: f64, y: f64, flag: bool) -> f64 {
    let z = if flag { x.sin() } else { y.cos() };
    if !flag { z * x } else { z * y }
}

#[checked(at(0.5, 1.0), at(-0.5, 1.0), at(0.5, -1.0), at(-0.5, -1.0))]
fn logical_operators(x: f64, y: f64) -> f64 {
    let mut r = 0.0;
    if x > 0.0 && y > 0.0 {
        r += x * y;
    }
    if x > 0.0 || y > 0.0 {
        r += x.exp() - y;
    }
    if !(x > 0.0) ^ (y > 0.0) {
        r *= y + 2.0;
    }
    r
}

#[checked(at(0.5, 1.0), at(-0.5, 1.0), at(0.5, -3.0))]
fn short_circuit_with_a_block(x: f64, y: f64) -> f64 {
    let mut z = x;
    if x > 0.0 && {
        z *= y;
        z > 0.0
    } {
        z += 1.0;
    }
    z * z + y
}

#[checked(at(0.5, 1.0), at(2.0, 1.0), at(1.0, -2.0))]
fn nested_ifs(x: f64, y: f64) -> f64 {
    let mut a = x;
    if x > 1.5 {
        a *= y;
        if y > 0.0 {
            a += x * x;
        } else {
            a -= y;
        }
    } else {
        if y < 0.0 {
            a = y * y;
        }
        a += 1.0;
    }
    a * x
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn both_branches_overwrite(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    let before = a;
    if x < y {
        a = a * a;
    } else {
        a = a.sin();
    }
    a * before
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn condition_changed_after_the_branch(x: f64, y: f64) -> f64 {
    let mut a = x;
    if a < y {
        a = a * 3.0 + y;
    }
    if a < y {
        a = a * 5.0;
    }
    a * a
}

#[checked(at(0.5, 1.0), at(2.0, 1.0))]
fn boolean_kept_in_a_variable(x: f64, y: f64) -> f64 {
    let small = x < y;
    let mut x = x;
    if small {
        x = 4.0 * x;
    }
    let still = x < y;
    if small && !still { x * y } else { x + y }
}

#[checked(at(2.0), at(0.5), at(-1.0))]
fn one_branch_is_constant(x: f64) -> f64 {
    if x > 1.0 {
        x * x
    } else if x > 0.0 {
        4.0
    } else {
        0.0
    }
}

#[checked(at(3.0), at(-3.0), at(0.5))]
fn huber(x: f64) -> f64 {
    let delta = 1.0;
    if x.abs() <= delta {
        0.5 * x * x
    } else {
        delta * (x.abs() - 0.5 * delta)
    }
}

#[checked(at(1e-9), at(0.7), at(-0.4))]
fn guarded_division(x: f64) -> f64 {
    if x.abs() < 1e-4 {
        1.0 - x * x / 6.0
    } else {
        x.sin() / x
    }
}

#[checked(
    at(0.5, 1.0, 2.0),
    at(2.0, 1.0, 0.5),
    at(1.0, 2.0, 0.5),
    at(1.0, 0.1, 5.0)
)]
fn sorted_by_hand(a: f64, b: f64, c: f64) -> (f64, f64, f64) {
    let (mut a, mut b, mut c) = (a, b, c);
    if a > b {
        (a, b) = (b, a);
    }
    if b > c {
        (b, c) = (c, b);
    }
    if a > b {
        (a, b) = (b, a);
    }
    (a * 2.0, b * a, c)
}

#[checked(at(1.0, 0.5, 0.5), at(0.2, 1.0, 1.0), at(1.0, -3.0, 2.0))]
fn quadratic_root(a: f64, b: f64, c: f64) -> f64 {
    let d = b * b - 4.0 * a * c;
    if d < 0.0 {
        return -b / (2.0 * a);
    }
    let q = if b < 0.0 {
        -0.5 * (b - d.sqrt())
    } else {
        -0.5 * (b + d.sqrt())
    };
    q / a - c / q
}

#[checked(at([1.0, -0.5, 2.0, -3.0]), at([]), at([-1.0]))]
fn leaky_relu_layer(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += if x[i] > 0.0 { x[i] } else { 0.01 * x[i] } * (i + 1) as f64;
    }
    s * s
}

#[checked(at(0.3, 5), at(0.3, 0), at(-2.0, 3), at(0.3, 2), at(0.3, 1))]
fn branches_inside_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        if i % 2 == 0 {
            y = y * y + 0.1;
        } else if y > 0.2 {
            y = y.sin();
        } else {
            y += x;
        }
    }
    y
}
