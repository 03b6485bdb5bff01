//! Partial derivatives that the user gives: every function of the companion is that of a twin whose body is differentiated.

use autodiff::differentiable;

/// One number, or the parts of a pair, as an array.
macro_rules! parts {
    ($of:expr, $one:ident) => {
        [$of]
    };
    ($of:expr, $one:ident, $two:ident) => {
        [$of.0, $of.1]
    };
}

/// Checks all functions for scalars with directions `d` against those of the twin.
macro_rules! check_scalars {
    ($rule:ident, $twin:ident, ($($x:expr),*), ($($d:expr),*), [$($adjoint:ident),*]) => {{
        let close = |found: &[f64], wanted: &[f64]| {
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.iter().zip(wanted) {
                approx::assert_relative_eq!(found, wanted, max_relative = 1e-13, epsilon = 1e-15);
            }
        };
        macro_rules! gradient {
            ($of:expr) => {{
                let parts = $of;
                parts!(parts, $($adjoint),*)
            }};
        }
        let (value, tangent) = $rule::jvp($($x,)* $($d),*);
        let (wanted, wanted_tangent) = $twin::jvp($($x,)* $($d),*);
        close(&[value, tangent], &[wanted, wanted_tangent]);

        let expected = gradient!($twin::gradient($($x),*));
        close(&gradient!($rule::gradient($($x),*)), &expected);
        let (value, gradient) = $rule::value_and_gradient($($x),*);
        close(&[value], &[wanted]);
        close(&gradient!(gradient), &expected);
        let scaled = expected.map(|partial| partial * -0.75);
        let (value, adjoints) = $rule::vjp($($x,)* -0.75);
        close(&[value], &[wanted]);
        close(&gradient!(adjoints), &scaled);
        let (value, pullback) = $rule::pullback($($x),*);
        close(&[value], &[wanted]);
        close(&gradient!(pullback(-0.75)), &scaled);
        close(&gradient!(pullback(1.0)), &expected);

        let workspace = &mut autodiff::Workspace::new();
        $(let mut $adjoint = 0.5;)*
        close(&[$rule::vjp_into($($x,)* -0.75, $(&mut $adjoint),*)], &[wanted]);
        close(&[$($adjoint),*], &scaled.map(|partial| partial + 0.5));
        close(&[$rule::vjp_into_with(workspace, $($x,)* -0.75, $(&mut $adjoint),*)], &[wanted]);
        close(&[$($adjoint),*], &scaled.map(|partial| 2.0 * partial + 0.5));
        close(&[$rule::gradient_into($($x,)* $(&mut $adjoint),*)], &[wanted]);
        close(&[$($adjoint),*], &expected);
        $($adjoint = f64::NAN;)*
        close(&[$rule::gradient_into_with(workspace, $($x,)* $(&mut $adjoint),*)], &[wanted]);
        close(&[$($adjoint),*], &expected);

        let (gradient, product) = $rule::hvp($($x,)* $($d),*);
        let (_, wanted_product) = $twin::hvp($($x,)* $($d),*);
        close(&gradient!(gradient), &expected);
        close(&gradient!(product), &gradient!(wanted_product));
        let hessian = $twin::hessian($($x),*);
        close($rule::hessian($($x),*).as_flattened(), hessian.as_flattened());
        let (value, gradient, all) = $rule::value_gradient_hessian($($x),*);
        close(&[value], &[wanted]);
        close(&gradient!(gradient), &expected);
        close(all.as_flattened(), hessian.as_flattened());
    }};
}

mod one {
    use autodiff::differentiable;

    /// What a macro cannot look into.
    fn opaque(x: f64) -> f64 {
        x.sin().exp()
    }

    fn derivative_of_opaque(x: f64) -> f64 {
        x.cos() * opaque(x)
    }

    #[differentiable(partials(slope))]
    fn wave(x: f64) -> f64 {
        opaque(x)
    }

    #[differentiable(partials(curvature))]
    fn slope(x: f64) -> f64 {
        derivative_of_opaque(x)
    }

    #[differentiable]
    fn curvature(x: f64) -> f64 {
        x.sin().exp() * (x.cos().powi(2) - x.sin())
    }

    #[differentiable]
    fn twin(x: f64) -> f64 {
        x.sin().exp()
    }

    #[differentiable]
    fn twin_of_slope(x: f64) -> f64 {
        x.cos() * x.sin().exp()
    }

    #[test]
    fn a_partial_derivative_may_be_a_rule_itself() {
        for x in [-2.0, 0.0, 0.3, 1.7] {
            check_scalars!(wave, twin, (x), (0.7), [x_bar]);
            check_scalars!(slope, twin_of_slope, (x), (0.7), [x_bar]);
        }
    }
}

mod two {
    use autodiff::differentiable;

    pub mod of {
        use autodiff::differentiable;

        #[differentiable]
        pub fn x(x: f64, n: usize, y: &f64) -> f64 {
            (x * y).cos() * y * n as f64
        }

        #[differentiable]
        pub fn y(x: f64, n: usize, y: &f64) -> f64 {
            (x * y).cos() * x * n as f64
        }
    }

    #[differentiable(partials(of::x, self::of::y))]
    fn product(x: f64, n: usize, y: &f64) -> f64 {
        let terms: Vec<f64> = std::iter::repeat_n((x * y).sin(), n).collect();
        terms.iter().sum()
    }

    #[differentiable]
    fn twin(x: f64, n: usize, y: &f64) -> f64 {
        (x * y).sin() * n as f64
    }

    #[test]
    fn paths_and_inactive_parameters() {
        for n in [0, 3] {
            check_scalars!(product, twin, (0.4, n, &1.3), (0.7, &-0.2), [x_bar, y_bar]);
        }
    }
}

mod left_out {
    use autodiff::differentiable;

    #[differentiable(wrt(y, x), partials(by_x, by_y))]
    fn scaled(x: f64, scale: f64, label: String, y: f64) -> f64 {
        scale * x.hypot(y) + label.len() as f64
    }

    #[differentiable(wrt(x, y))]
    fn by_x(x: f64, scale: f64, _label: String, y: f64) -> f64 {
        scale * x / x.hypot(y)
    }

    #[differentiable(wrt(x, y))]
    fn by_y(x: f64, scale: f64, _label: String, y: f64) -> f64 {
        scale * y / x.hypot(y)
    }

    #[differentiable(wrt(x, y))]
    fn twin(x: f64, scale: f64, label: String, y: f64) -> f64 {
        scale * x.hypot(y) + label.len() as f64
    }

    #[test]
    fn parameters_that_are_left_out_have_no_partial_derivative() {
        let label = || "ab".to_owned();
        check_scalars!(
            scaled,
            twin,
            (3.0, -2.0, label(), 4.0),
            (0.7, 0.1),
            [x_bar, y_bar]
        );
    }
}

mod generic {
    use autodiff::differentiable;
    use num_traits::Float;

    #[differentiable(partials(double))]
    fn square<T: Float>(x: T) -> T {
        x * x
    }

    #[differentiable]
    fn double<T: Float>(x: T) -> T {
        x + x
    }

    #[test]
    fn rules_of_generic_functions() {
        assert_eq!(square::hessian(3.0_f32), [[2.0_f32]]);
        assert_eq!(square::value_gradient_hessian(3.0), (9.0, 6.0, [[2.0]]));
        assert_eq!(square::pullback(3.0).1(0.5), 3.0);
    }
}

mod first_order {
    use autodiff::differentiable;

    #[differentiable(order = 1, partials(plain))]
    fn cube(x: f64) -> f64 {
        x.powi(3)
    }

    /// With first derivatives alone, the partial derivatives need none of their own.
    fn plain(x: f64) -> f64 {
        3.0 * x * x
    }

    #[test]
    fn partial_derivatives_are_plain_functions() {
        assert_eq!(cube::jvp(2.0, 0.5), (8.0, 6.0));
        assert_eq!(cube::gradient(2.0), 12.0);
    }
}

mod renamed {
    use autodiff::differentiable;

    #[differentiable(companion = Slope)]
    fn slope(x: f64) -> f64 {
        2.0 * x
    }

    #[differentiable(companion = Square, partials(slope), with(slope = Slope))]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[test]
    fn companions_of_partial_derivatives_may_have_other_names() {
        assert_eq!(Square::hvp(3.0, 0.5), (6.0, 1.0));
        assert_eq!(square(3.0), 9.0);
        assert_eq!(Slope::gradient(3.0), slope(1.0));
    }
}

#[differentiable(partials(never))]
#[allow(unused_variables, reason = "the function panics before it needs them")]
fn fails(x: f64) -> f64 {
    panic!("the primal first")
}

#[differentiable]
fn never(x: f64) -> f64 {
    assert!(x.is_nan(), "the derivative first");
    x
}

#[test]
fn what_panics_first_is_the_function_itself() {
    fn check(call: impl FnOnce() + std::panic::UnwindSafe) {
        let message = std::panic::catch_unwind(call).unwrap_err();
        assert_eq!(message.downcast_ref(), Some(&"the primal first"));
    }
    check(|| _ = fails(1.0));
    check(|| _ = fails::jvp(1.0, 1.0));
    check(|| _ = fails::vjp(1.0, 1.0));
    check(|| _ = fails::gradient(1.0));
    check(|| _ = fails::pullback(1.0).0);
    check(|| _ = fails::hvp(1.0, 1.0));
    check(|| _ = fails::hessian(1.0));
}
