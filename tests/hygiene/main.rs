//! Generated code means the same whatever names the user has chosen.

#![allow(
    confusable_idents,
    dead_code,
    unused_imports,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unused_macros
)]
// The names of this file are chosen to be in the way.
#![allow(
    clippy::legacy_numeric_constants,
    clippy::extra_unused_type_parameters,
    clippy::many_single_char_names,
    clippy::needless_lifetimes,
    clippy::needless_pub_self,
    clippy::needless_range_loop,
    clippy::wrong_self_convention,
    clippy::too_many_arguments
)]
// One function takes every name that generated code is known to use, so that it has many parameters.

mod constants;
mod items;
mod methods;
mod traits;

use autodiff::differentiable;

/// Stands in the way of every name of the standard library that generated code could have used.
mod shadowed_prelude {
    use autodiff::differentiable;

    struct Vec;
    struct Option;
    struct Some;
    struct Box;
    struct String;
    struct Fn;
    trait Clone {}
    trait Copy {}
    trait Iterator {}
    trait Default {}
    macro_rules! vec {
        ($($tokens:tt)*) => {
            compile_error!("the user's `vec!` was taken for the one of std")
        };
    }
    mod std {}
    mod core {}
    mod alloc {}
    mod autodiff_runtime {}

    #[differentiable]
    pub(super) fn f(x: &[f64], c: f64, n: usize) -> f64 {
        let mut y = c;
        for i in 0..n {
            let mut j = 0;
            while j < i {
                y = y * y * 0.5 + x[j];
                j += 1;
            }
            y += x[i].sin();
        }
        y
    }
}

/// Modules named like the types of numbers, as `use std::f64;` brings them in.
mod shadowed_numbers {
    use autodiff::differentiable;
    use std::{f64, usize};

    #[differentiable]
    pub(super) fn f(f64: f64, usize: usize) -> f64 {
        let mut i32 = f64 * f64::consts::PI;
        for bool in 0..usize {
            i32 += f64 * bool as f64;
        }
        i32
    }
}

/// Parameters named like everything that differentiation adds.
#[differentiable]
#[allow(clippy::too_many_arguments)]
fn collisions(
    x: f64,
    dx: f64,
    x_bar: f64,
    dr: f64,
    sub: f64,
    k: f64,
    workspace: &[f64],
    value: f64,
) -> f64 {
    let x_dot = x * dx;
    let mul_1 = x_bar * dr + x_dot;
    let mut k_1 = sub * k;
    for lane in 0..workspace.len() {
        k_1 = k_1 * workspace[lane] + mul_1;
    }
    let gradient = k_1 * value;
    let hessian = gradient * gradient;
    hessian + x
}

/// A const parameter named like that of the lanes.
#[differentiable]
fn lanes<const K: usize, const N: usize>(x: &[f64; K], y: [f64; N]) -> f64 {
    let mut s = 0.0;
    for k in 0..K {
        for n in 0..N {
            s += x[k] * x[k] * y[n];
        }
    }
    s
}

/// Raw identifiers, and identifiers that are keywords elsewhere.
#[differentiable]
fn raw(r#type: f64, r#in: &[f64], r#match: usize, union: f64) -> f64 {
    let r#fn = r#type * union;
    let r#loop = r#fn * r#fn;
    r#loop * r#in[r#match]
}

/// Letters beyond ASCII.
#[differentiable]
fn größe(α: f64, β: f64) -> f64 {
    let γ = α * β;
    γ * γ.sin()
}

/// A function named like a function of its companion.
#[differentiable]
fn gradient(jvp: f64, vjp: f64) -> f64 {
    let hessian = jvp * vjp;
    hessian * jvp
}

/// Constants named like variables of ours, which the function uses.
mod constants_in_use {
    use autodiff::differentiable;

    const x_tape: f64 = 2.0;
    const x_bar: f64 = 3.0;

    #[differentiable]
    pub(super) fn f(x: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = y * y * x_tape + x_bar;
        }
        y
    }
}

/// A function inside a function, and one made by a macro.
fn local(x: f64) -> f64 {
    #[differentiable]
    fn square(x: f64) -> f64 {
        x * x
    }
    square::gradient(x)
}

macro_rules! power {
    ($name:ident, $x:ident, $e:expr) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            let y = $x * $e;
            y * $x
        }
    };
}

power!(of_macro, x, 2.0);

/// Half the difference of two values of `f`, over `h`.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-5;
    (f(x + h) - f(x - h)) / (2.0 * h)
}

/// Holds the derivative `exact` against a difference of `f` at `x`.
#[track_caller]
fn check(f: impl Fn(f64) -> f64, x: f64, exact: f64) {
    let expected = difference(f, x);
    assert!(
        (exact - expected).abs() <= 1e-6 * expected.abs().max(1.0),
        "{exact}, but differences give {expected}"
    );
}

#[test]
fn preludes_may_be_shadowed() {
    let x = [0.3, 0.2, 0.1];
    let (_, c_bar) = shadowed_prelude::f::gradient(&x, 0.4, 3);
    check(|c| shadowed_prelude::f(&x, c, 3), 0.4, c_bar);
    let hessian = shadowed_prelude::f::hessian(&x, 0.4, 3);
    check(
        |c| shadowed_prelude::f::gradient(&x, c, 3).1,
        0.4,
        hessian[(3, 3)],
    );
    let (_, pullback) = shadowed_prelude::f::pullback(&x, 0.4, 3);
    assert_eq!(pullback(1.0).1, c_bar);
    check(
        |x| shadowed_numbers::f(x, 3),
        0.5,
        shadowed_numbers::f::gradient(0.5, 3),
    );
}

#[test]
fn names_of_ours_may_be_taken() {
    let w = [0.5, 0.25];
    let f = |x: f64| collisions(x, 0.2, 0.3, 0.4, 0.5, 0.6, &w, 0.7);
    let all = collisions::gradient(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, &w, 0.7);
    check(f, 0.1, all.0);
    let hessian = collisions::hessian(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, &w, 0.7);
    check(
        |x| collisions::gradient(x, 0.2, 0.3, 0.4, 0.5, 0.6, &w, 0.7).0,
        0.1,
        hessian[(0, 0)],
    );
    let (_, tangent) = collisions::jvp(
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
        0.6,
        &w,
        0.7,
        1.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        &[0.0, 0.0],
        0.0,
    );
    check(f, 0.1, tangent);

    let y = [0.5, 0.25, 2.0];
    check(
        |x| lanes(&[x, 0.2], y),
        0.3,
        lanes::gradient(&[0.3, 0.2], y).0[0],
    );
    check(
        |x| lanes::gradient(&[x, 0.2], y).0[0],
        0.3,
        lanes::hessian(&[0.3, 0.2], y)[(0, 0)],
    );
    check(
        |x| raw(x, &[0.5, 2.0], 1, 0.3),
        0.7,
        raw::gradient(0.7, &[0.5, 2.0], 1, 0.3).0,
    );
    check(|x| größe(x, 2.0), 0.7, größe::gradient(0.7, 2.0).0);
    check(|x| gradient(x, 2.0), 0.7, gradient::gradient(0.7, 2.0).0);
    check(
        |x| constants_in_use::f(x, 3),
        0.1,
        constants_in_use::f::gradient(0.1, 3),
    );
}

#[test]
fn functions_may_stand_anywhere() {
    assert_eq!(local(1.5), 3.0);
    assert_eq!(of_macro::gradient(1.5), 6.0);
}
