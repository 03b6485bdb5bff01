//! Generic functions over scalars, as users bound them and as their derivatives add the bound `Scalar`.

use std::{iter::Sum, ops::AddAssign};

use autodiff_runtime::{Scalar, Tangent};
use num_traits::{Float, FloatConst, FromPrimitive};

fn primal<T: Float + FloatConst + FromPrimitive + AddAssign + Sum>(x: &[T]) -> T {
    let mut total: T = x.iter().map(|&x| x.sin().powi(2)).sum();
    total += T::from_f64(0.5).unwrap() * T::PI().max(T::zero());
    total
}

/// The bound that derivatives add makes no call of the primal ambiguous.
fn companion<T: Float + FloatConst + FromPrimitive + AddAssign + Sum + Scalar>(x: &[T]) -> T {
    let mut total: T = x.iter().map(|&x| x.sin().powi(2)).sum();
    total += T::from_f64(0.5).unwrap() * T::PI().max(T::zero());
    total
}

#[test]
fn the_bound_scalar_goes_with_those_of_num_traits() {
    assert_eq!(primal(&[1.0_f64, 2.0]), companion(&[1.0, 2.0]));
    assert_eq!(primal(&[1.0_f32, 2.0]), companion(&[1.0, 2.0]));
}

fn check_conversions<T: Scalar>() {
    for c in [0.5, -2.0, 1e30, f64::INFINITY] {
        assert_eq!(T::from_literal(c).widen(), T::from(c).unwrap().widen());
    }
    assert_eq!(T::from_integer(-7), T::from(-7).unwrap());
    assert!(T::from_literal(f64::NAN).is_nan());
    assert!(T::from_literal(-0.0).is_sign_negative());
}

#[test]
fn constants_are_rounded_once() {
    check_conversions::<f32>();
    check_conversions::<f64>();
    assert_eq!(f32::from_literal(0.1), 0.1_f32);
    assert_eq!(f32::from_integer(16_777_217), 16_777_216.0);
}

#[test]
fn single_precision_is_scaled_without_rounding_the_factor() {
    let mut x = 3.0_f32;
    x.scale(1.0 / 3.0);
    assert_eq!(x, 1.0);
}
