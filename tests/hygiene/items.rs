//! Items of every kind around a function, attributes on it, and macros that make it.

use crate::check;

/// Types named like the primitive ones that generated code names of its own accord.
mod own_types {
    struct usize;
    struct bool;
    struct u32;

    #[autodiff::differentiable]
    pub(super) fn f(x: &[f64], c: f64) -> f64 {
        let mut y = c;
        for i in 0..x.len() {
            let mut j = 0;
            while j < i {
                y = y * y * 0.5 + x[j];
                j += 1;
            }
            if j > 5 {
                return y;
            }
            y += x[i].sin();
        }
        y
    }
}

/// Names that differ by case and underscores alone, labels, lifetimes.
mod alike {
    #[autodiff::differentiable]
    #[allow(clippy::duplicate_underscore_argument)]
    pub(super) fn case(x: f64, X: f64, x_: f64, _x: f64, __x: f64) -> f64 {
        let term = x * X;
        let Term = term * x_;
        let _term = Term * _x;
        let __term = _term * __x;
        let _ = Term;
        __term * x
    }

    #[autodiff::differentiable]
    pub(super) fn labels(x: f64, n: usize) -> f64 {
        let mut y = x;
        'x: for i in 0..n {
            'ad: for j in 0..n {
                if i * j > 3 {
                    continue 'x;
                }
                if j > 2 {
                    break 'ad;
                }
                y *= x;
            }
        }
        y
    }

    #[autodiff::differentiable]
    pub(super) fn lifetimes<'a, 'x>(x: &'a [f64], y: &'x f64) -> f64 {
        x[0] * *y * *y
    }
}

/// Attributes on the function.
mod attributes {
    #[autodiff::differentiable]
    #[inline(always)]
    #[must_use = "it has no other effect"]
    #[track_caller]
    #[doc(alias = "square")]
    #[cfg(not(any()))]
    #[cfg_attr(all(), cold)]
    pub(in crate::items) fn many(x: f64, n: usize) -> f64 {
        assert!(n > 0, "n is {n}");
        x * x
    }

    #[autodiff::differentiable]
    #[cfg(any())]
    pub(super) fn absent(x: Missing) -> f64 {
        x
    }

    #[autodiff::differentiable]
    #[deny(deprecated)]
    #[deprecated(note = "there are better ones")]
    #[doc(hidden)]
    pub(super) fn old(x: f64) -> f64 {
        x * x
    }

    #[autodiff::differentiable]
    #[expect(unused_variables)]
    pub(super) fn unused(x: f64, unused: f64) -> f64 {
        x * x
    }

    #[autodiff::differentiable]
    pub(self) fn private(x: f64) -> f64 {
        x * x
    }

    pub(super) fn through_private(x: f64) -> f64 {
        private::gradient(x)
    }
}

/// Functions in functions, closures, methods and generic functions.
mod nested {
    pub(super) fn in_a_closure(x: f64) -> f64 {
        let derivative = |x: f64| {
            #[autodiff::differentiable]
            fn cube(x: f64) -> f64 {
                x * x * x
            }
            cube::gradient(x)
        };
        derivative(x)
    }

    pub(super) fn in_a_generic_function<T: Default>(x: f64) -> f64 {
        #[autodiff::differentiable]
        fn squares<const N: usize>(x: [f64; N]) -> f64 {
            let mut s = 0.0;
            for i in 0..N {
                s += x[i] * x[i];
            }
            s
        }
        squares::gradient([x, 1.0])[0]
    }

    pub(super) struct Circle;

    impl Circle {
        pub(super) fn in_a_method(&self, radius: f64) -> f64 {
            #[autodiff::differentiable]
            fn area(radius: f64) -> f64 {
                std::f64::consts::PI * radius * radius
            }
            area::gradient(radius)
        }
    }
}

/// Functions whose parts come from macros: an expression stays one, whatever stands around it.
mod made {
    macro_rules! of_expressions {
        ($name:ident, $a:expr, $b:expr) => {
            #[autodiff::differentiable]
            pub(super) fn $name(x: f64, n: usize) -> f64 {
                let m = $a * n;
                x * $b * x / $b - $b * m as f64
            }
        };
    }
    of_expressions!(of_expressions, 1 + 2, 2.0 + 3.0);

    macro_rules! of_parts {
        ($(#[$meta:meta])* $vis:vis fn $name:ident($x:ident: $ty:ty) { $body:block, $literal:literal, $pattern:pat, $op:tt }) => {
            $(#[$meta])*
            #[autodiff::differentiable]
            $vis fn $name($x: $ty, n: usize) -> $ty {
                let y = $body $op $literal;
                match n {
                    $pattern => y * $x,
                    _ => $x,
                }
            }
        };
    }
    of_parts! {
        /// Of every kind of fragment.
        #[inline]
        pub(super) fn of_parts(x: f64) { { 2.0 }, 3.0, 1 | 2, - }
    }

    macro_rules! of_names {
        ($x:ident, $e:expr) => {
            #[autodiff::differentiable]
            pub(super) fn of_names($x: f64) -> f64 {
                let x = 3.0;
                $e * x
            }
        };
    }
    of_names!(x, x * x);
}

#[test]
fn items_do_not_matter() {
    let x = [0.3, 0.2, 0.1];
    let (_, c_bar) = own_types::f::gradient(&x, 0.4);
    check(|c| own_types::f(&x, c), 0.4, c_bar);
    assert_eq!(own_types::f::hessian(&x, 0.4).rows(), 4);
    let derivatives = alike::case::gradient(2.0, 3.0, 5.0, 7.0, 11.0);
    assert_eq!(derivatives.0, 2.0 * 2.0 * 3.0 * 5.0 * 7.0 * 11.0);
    check(
        |x| alike::labels(x, 3),
        0.9,
        alike::labels::gradient(0.9, 3),
    );
    assert_eq!(alike::lifetimes::gradient(&[2.0], &3.0), (vec![9.0], 12.0));
}

#[test]
fn attributes_hold_for_what_they_stand_on() {
    assert_eq!(attributes::many::gradient(3.0, 1), 6.0);
    assert_eq!(attributes::old::gradient(3.0), 6.0);
    assert_eq!(attributes::unused::gradient(3.0, 1.0), (6.0, 0.0));
    assert_eq!(attributes::through_private(3.0), 6.0);
}

#[test]
fn functions_stand_in_any_item() {
    assert_eq!(nested::in_a_closure(2.0), 12.0);
    assert_eq!(nested::in_a_generic_function::<u8>(2.0), 4.0);
    let area = nested::Circle.in_a_method(1.5);
    assert_eq!(
        area,
        std::f64::consts::PI * 1.5 + std::f64::consts::PI * 1.5
    );
}

#[test]
fn fragments_of_macros_stay_whole() {
    assert_eq!(made::of_expressions(2.0, 1), 4.0 - 15.0);
    assert_eq!(made::of_expressions::gradient(2.0, 1), 4.0);
    assert_eq!(made::of_parts(4.0, 2), -4.0);
    assert_eq!(made::of_parts::gradient(4.0, 2), -1.0);
    assert_eq!(made::of_names(2.0), 12.0);
    assert_eq!(made::of_names::gradient(2.0), 12.0);
}
