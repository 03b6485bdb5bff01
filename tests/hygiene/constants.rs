//! Constants, statics, unit structs and variants named like variables of generated code, mentioned or not.

use autodiff::differentiable;

use crate::check;

/// Everything that a name in a pattern can stand for in place of a variable.
mod taken {
    pub const term: f64 = 2.0;
    pub const workspace: &str = "";
    pub static x_bar: f64 = 3.0;
    pub static dx: [u8; 3] = [0; 3];
    pub struct dr;
    pub struct value(pub f64);
    pub enum Names {
        gradient,
        hessian,
    }
    pub use Names::{gradient, hessian};
    pub const K: usize = 3;
    pub const k: usize = 3;
    pub const ad: u8 = 1;
    pub const y_tape: u8 = 1;
    pub const y_tape_cursor: u8 = 1;
    pub const trips_tape: u8 = 1;
    pub const base: u8 = 1;
    pub const columns: u8 = 1;
    pub const at: u8 = 1;
    pub const part: u8 = 1;
    pub const hx: u8 = 1;
    pub const parameter_2: u8 = 1;
}

macro_rules! function {
    () => {
        /// A body with loops, a tape and temporaries, in which none of those names occurs.
        #[autodiff::differentiable]
        pub(super) fn f(x: &[f64], c: f64, (a, n): (f64, usize)) -> f64 {
            let mut y = c * a;
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
    };
}

mod by_glob {
    use super::taken::*;
    function!();
}

mod by_name {
    use super::taken::{
        K, ad, at, base, columns, dr, dx, gradient, hessian, hx, k, parameter_2, part, term,
        trips_tape, value, workspace, x_bar, y_tape, y_tape_cursor,
    };
    function!();
}

mod in_a_function {
    pub(super) fn run<const x_bar: usize>(x: &[f64], c: f64) -> f64 {
        const term: f64 = 2.0;
        static dr: f64 = 2.0;
        struct workspace;
        function!();
        f::gradient(x, c, (1.5, x_bar)).1
    }
}

/// Constants with such names as lengths of arrays and in the signature.
mod in_use {
    const term: usize = 3;
    const next: usize = 2;
    const x_bar: usize = 2;

    #[autodiff::differentiable]
    pub(super) fn f(x: &[f64; x_bar], n: usize) -> f64 {
        let mut a = [0.0; term];
        let mut b = vec![[1.0; next]; n];
        let c: [f64; x_bar] = [x[0], x[1]];
        for i in 0..term {
            a[i] = x[i % x_bar] * c[i % next];
        }
        for i in 0..n {
            b[i][0] *= a[i % term];
        }
        let mut s = 0.0;
        for i in 0..n {
            s += b[i][0] * b[i][0] * b[i][1];
        }
        s
    }
}

/// Names in refutable patterns: new variables here, and constants by their path.
#[differentiable]
fn matched(x: f64, n: usize) -> f64 {
    match n {
        limits::lowest => x,
        other if other > 3 => x * other as f64,
        term => x * x + term as f64,
    }
}

mod limits {
    pub(super) const lowest: usize = 0;
}

/// Indices that nest, beside parameters of their names.
#[differentiable]
fn nested(x: &[[Vec<f64>; 2]; 2], i: [Vec<f64>; 2], part: &[[f64; 2]]) -> f64 {
    x[0][1][2] * i[1][0] * part[0][1] * part[0][1] * x[1][0][0]
}

#[test]
fn constants_do_not_stand_in_for_variables() {
    let x = [0.3, 0.2, 0.1];
    let (_, c_bar, tuple) = by_glob::f::gradient(&x, 0.4, (1.5, 3));
    check(|c| by_glob::f(&x, c, (1.5, 3)), 0.4, c_bar);
    check(|a| by_glob::f(&x, 0.4, (a, 3)), 1.5, tuple.0);
    let all = by_name::f::value_gradient_hessian(&x, 0.4, (1.5, 3));
    check(|c| by_name::f(&x, c, (1.5, 3)), 0.4, all.1.1);
    check(
        |c| by_name::f::gradient(&x, c, (1.5, 3)).1,
        0.4,
        all.2[(3, 3)],
    );
    assert!(in_a_function::run::<3>(&x, 0.4).is_finite());
    check(
        |x| in_use::f(&[x, 0.2], 3),
        0.3,
        in_use::f::gradient(&[0.3, 0.2], 3)[0],
    );
}

#[test]
fn names_in_patterns_are_what_rustc_takes_them_for() {
    for (n, gradient) in [(0, 1.0), (2, 6.0), (5, 5.0)] {
        assert_eq!(matched::gradient(3.0, n), gradient);
    }
}

#[test]
fn shapes_are_those_of_each_element() {
    let x = [
        [vec![1.0], vec![2.0, 3.0, 4.0]],
        [vec![5.0, 6.0], Vec::new()],
    ];
    let i = [vec![2.0], vec![3.0, 1.0]];
    let (x_bar, i_bar, part_bar) = nested::gradient(&x, i.clone(), &[[0.0, 2.0]]);
    assert_eq!(
        x_bar,
        [
            [vec![0.0], vec![0.0, 0.0, 60.0]],
            [vec![48.0, 0.0], Vec::new()]
        ]
    );
    assert_eq!(i_bar, [vec![0.0], vec![80.0, 0.0]]);
    assert_eq!(part_bar, [[0.0, 240.0]]);
    let hessian = nested::hessian(&x, i, &[[0.0, 2.0]]);
    assert_eq!((hessian.rows(), hessian[(10, 10)]), (11, 120.0));
}
