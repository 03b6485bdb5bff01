//! `match`: guards, ranges, or-patterns, bindings, tuples, on integers, booleans and active floats.

use super::checked;

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 7), at(0.5, 100))]
fn on_an_integer(x: f64, kind: usize) -> f64 {
    match kind {
        0 => x,
        1 => x * x,
        2 | 3 => x.sin(),
        4..=9 => x.exp() * kind as f64,
        _ => 1.0 / x,
    }
}

#[checked(at(0.5, -3), at(0.5, 0), at(0.5, 4), at(0.5, 5))]
fn with_guards(x: f64, k: i32) -> f64 {
    match k {
        n if n < 0 => x.powi(-n),
        0 => 1.0 + x,
        n if n % 2 == 0 => x * n as f64,
        n => x - n as f64 * x * x,
    }
}

#[checked(at(0.5, 3), at(0.5, 12), at(0.5, 40))]
fn with_bindings(x: f64, k: u32) -> f64 {
    match k {
        n @ 0..=9 => x * f64::from(n),
        n @ (10 | 12 | 14) => x.powi(n as i32 / 2),
        n => x / f64::from(n),
    }
}

#[checked(
    at(0.5, true, 1),
    at(0.5, true, 2),
    at(0.5, false, 2),
    at(0.5, false, 0)
)]
fn on_a_tuple(x: f64, flag: bool, k: usize) -> f64 {
    match (flag, k) {
        (true, 1) => x.cos(),
        (true, n) => x * n as f64,
        (false, 0) => 2.0 - x,
        (false, _) => x * x * x,
    }
}

#[checked(at(-2.0), at(0.5), at(3.0))]
fn guards_on_an_active_value(x: f64) -> f64 {
    match x {
        v if v < 0.0 => v * v,
        v if v < 1.0 => v.sin() + x,
        v => v.ln() * v,
    }
}

#[checked(at(-0.5), at(0.25), at(0.75), at(9.0))]
fn float_ranges(x: f64) -> f64 {
    match x {
        0.0..=0.5 => 2.0 * x * x,
        t @ 0.5..1.0 => 1.0 - 2.0 * (1.0 - t) * (1.0 - t),
        t if t < 0.0 => -t,
        _ => x.sqrt(),
    }
}

#[checked(at(0.5, 2.0, 0), at(0.5, 2.0, 1), at(0.5, 2.0, 2))]
fn as_a_statement(x: f64, y: f64, k: usize) -> f64 {
    let mut z = x * y;
    match k {
        0 => z += x,
        1 => {
            z *= y;
            z -= x * x;
        }
        _ => {}
    }
    z * z
}

#[checked(at(0.5, 2.0, 'a'), at(0.5, 2.0, 'x'), at(0.5, 2.0, '7'))]
fn on_a_character(x: f64, y: f64, operation: char) -> f64 {
    match operation {
        'a'..='m' => x + y * x,
        'n'..='z' => x * y,
        _ => x / y,
    }
}

#[checked(at(0.5, 2.0, "sum"), at(0.5, 2.0, "product"), at(0.5, 2.0, "other"))]
fn on_a_string(x: f64, y: f64, kind: &str) -> f64 {
    match kind {
        "sum" => x + y,
        "product" => x * y,
        _ => x - y * y,
    }
}

#[checked(at(0.5, 2.0), at(2.0, 0.5), at(-1.0, -2.0))]
fn on_a_comparison(x: f64, y: f64) -> f64 {
    match x > y {
        true => x * x * y,
        false => y.exp() - x,
    }
}

#[checked(at([0.5, 2.0, 1.0], [0, 1, 2, 3, 1]), at([0.5, 2.0, 1.0], []), at([0.5, 2.0, 1.0], [2, 2]))]
fn a_small_interpreter(x: &[f64], program: &[usize]) -> f64 {
    let mut acc = x[0];
    let mut saved = x[1];
    for pc in 0..program.len() {
        match program[pc] {
            0 => acc += x[2],
            1 => acc *= saved,
            2 => {
                let t = saved;
                saved = acc;
                acc = t;
            }
            _ => acc = acc.sin() + saved,
        }
    }
    acc * saved
}

#[checked(at(0.5, 1, 2), at(0.5, 3, 0), at(0.5, 2, 2))]
fn nested_matches(x: f64, a: usize, b: usize) -> f64 {
    let t = match a {
        1 => match b {
            0 => x,
            n => x.powi(n as i32),
        },
        2 if b == 2 => x + 1.0,
        _ => x * x,
    };
    t * match b {
        0 => 3.0,
        _ => x,
    }
}

#[checked(at(0.5, 2.0, 3), at(0.5, 2.0, 0), at(0.5, 2.0, 1), at(0.5, 2.0, 2))]
fn inside_a_loop(x: f64, y: f64, n: usize) -> f64 {
    let mut s = y;
    for i in 0..n {
        s = match i % 3 {
            0 => s * x,
            1 => s + x.sin() * s,
            _ => s * s,
        };
    }
    s
}

#[checked(at(0.5, 2.0, 1), at(0.5, 2.0, 4))]
fn an_arm_that_returns(x: f64, y: f64, k: usize) -> f64 {
    let z = match k {
        1 => return x * y,
        n => x.powi(n as i32),
    };
    z * y + x
}

const LOW: i32 = -1;
const HIGH: i32 = 4;

#[checked(at(0.5, -1), at(0.5, 4), at(0.5, 2), at(0.5, 9))]
fn constants_in_patterns(x: f64, k: i32) -> f64 {
    match k {
        LOW => x * 2.0,
        HIGH => x * x,
        LOW..=HIGH => x.exp(),
        _ => -x,
    }
}
