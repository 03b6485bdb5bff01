//! The options of the attribute that change no derivative: where things are found, and what they are called.

use autodiff::differentiable;

/// A crate that hands the facade on under another name.
mod facade {
    pub mod renamed {
        pub use ::autodiff::*;
    }
}

mod without_the_facade {
    /// What the generated code must not need.
    mod autodiff {}

    use super::facade;

    #[facade::renamed::differentiable(crate = super::facade::renamed)]
    pub fn power(x: f64, y: &[f64]) -> f64 {
        let mut total = 0.0;
        for v in y {
            total += v.powf(x);
        }
        total
    }

    #[facade::renamed::differentiable(crate = super::facade::renamed, partials(double))]
    pub fn square(x: f64) -> f64 {
        x * x
    }

    #[facade::renamed::differentiable(crate = crate::facade::renamed)]
    fn double(x: f64) -> f64 {
        2.0 * x
    }

    #[test]
    fn it_works_all_the_same() {
        assert_eq!(power::gradient(2.0, &[1.0, 1.0]), (0.0, vec![2.0, 2.0]));
        assert_eq!(square::hessian(3.0), [[2.0]]);
    }
}

mod aliases {
    use super::differentiable;

    type Real = f64;
    mod units {
        pub type Single = f32;
    }
    type Pair = (Real, Real);

    #[differentiable(scalar(Real, Single))]
    fn mixed(x: Real, y: [units::Single; 2], p: (Real, usize)) -> Real {
        let first: Real = y[0] as Real;
        let half = 0.5 as Real;
        x * first + Real::from(y[1]) * Real::max(p.0, half)
    }

    #[test]
    fn of_scalars() {
        let gradient: (Real, [f32; 2], (Real, ())) = mixed::gradient(2.0, [3.0, 4.0], (5.0, 1));
        assert_eq!(gradient, (3.0, [2.0, 5.0], (4.0, ())));
        let _: Pair = (gradient.0, gradient.2.0);
    }
}

mod companions {
    pub mod geo {
        use autodiff::differentiable;

        /// A module of the function's own name stands beside it.
        #[differentiable(companion = Geo)]
        pub fn geo(x: f64) -> f64 {
            x.ln()
        }
    }
    pub use geo::{Geo, geo};

    #[test]
    fn of_another_name() {
        assert_eq!(geo(1.0), 0.0);
        assert_eq!(Geo::gradient(2.0), 0.5);
        assert_eq!(geo::Geo::hessian(2.0), [[-0.25]]);
    }
}

mod callees {
    use super::{companions, differentiable};
    use autodiff::stop_gradient;

    #[differentiable(with(companions::geo = companions::Geo, geo = companions::geo::Geo))]
    fn both(x: f64) -> f64 {
        use super::companions::geo;
        companions::geo(x) * geo(x * x)
    }

    #[test]
    fn with_companions_of_other_names() {
        let x: f64 = 1.7;
        approx::assert_relative_eq!(both::gradient(x), 4.0 * x.ln() / x);
        let second = 4.0 * (1.0 - x.ln()) / (x * x);
        approx::assert_relative_eq!(both::hessian(x)[0][0], second, max_relative = 1e-14);
    }

    #[differentiable]
    fn stopped(x: f64, y: &[f64]) -> f64 {
        use autodiff::stop_gradient as constant;
        let weights: [f64; 2] = autodiff::stop_gradient([y[0] * x, y[1]]);
        let (a, b): (f64, f64) = stop_gradient((x, x * y[1]));
        let scale = ::autodiff::stop_gradient(x) * x;
        let _ = constant(0);
        scale * weights[0] + a * y[0] + b * weights[1] * x
    }

    #[test]
    fn with_gradients_that_stop() {
        let (x, y) = (2.0, &[3.0, 5.0]);
        let by_x = x * (y[0] * x) + x * y[1] * y[1];
        assert_eq!(stopped::gradient(x, y), (by_x, vec![x, 0.0]));
        assert_eq!(
            stopped::hvp(x, y, 1.0, &[1.0, 1.0]).1,
            (0.0, vec![0.0, 0.0])
        );
    }
}

mod auxiliary {
    use super::differentiable;

    #[differentiable]
    fn rotated(x: &[f64], n: usize) -> (Vec<usize>, Vec<f64>, [bool; 2]) {
        let mut order = vec![0; x.len()];
        let mut y = vec![0.0; x.len()];
        for i in 0..x.len() {
            order[i] = (i + n) % x.len();
            y[order[i]] = x[i] * x[i];
        }
        (order, y, [n > 0, n > 1])
    }

    #[test]
    fn results_without_derivative_have_an_empty_tangent() {
        let (order, flags) = (vec![1, 0], [true, false]);
        let (value, tangent) = rotated::jvp(&[2.0, 3.0], 1, &[1.0, 0.5]);
        assert_eq!(value, (order, vec![9.0, 4.0], flags));
        assert_eq!(tangent, ((), vec![3.0, 4.0], ()));
        let cotangent = ((), vec![1.0, 10.0], ());
        assert_eq!(rotated::vjp(&[2.0, 3.0], 1, cotangent).1, [40.0, 6.0]);
        let jacobian = rotated::jacobian(&[2.0, 3.0], 1);
        assert_eq!(jacobian.as_slice(), [0.0, 6.0, 4.0, 0.0]);
    }
}
