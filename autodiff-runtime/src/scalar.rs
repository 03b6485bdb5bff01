//! The floating-point types that functions are differentiated over.

use core::{
    fmt::{Debug, Display},
    iter::{Product, Sum},
    ops::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign},
};

use num_traits::{Float, FloatConst};

use crate::{Differentiable, Tangent};

/// A real scalar: `f32` or `f64`, and nothing else.
///
/// A generic function `fn f<T: num_traits::Float>(…)` is differentiated for every `T: Scalar`. A scalar is its own
/// tangent.
///
/// ```
/// use autodiff_runtime::Scalar;
///
/// fn midpoint<T: Scalar>(a: T, b: T) -> T {
///     T::from_literal(0.5) * (a + b)
/// }
/// assert_eq!(midpoint(1.0_f32, 2.0), 1.5);
/// assert_eq!(midpoint(1.0_f64, 2.0), 1.5);
/// ```
// The names of the methods avoid those of `num_traits`, whose traits a generic function may bound the same parameter
// by: a name common to both would make the function's own calls ambiguous in its derivatives.
pub trait Scalar:
    Float
    + FloatConst
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + Sum
    + Product
    + Default
    + Debug
    + Display
    + Send
    + Sync
    + Differentiable<Tangent = Self>
    + Tangent
    + sealed::Sealed
    + 'static
{
    /// The constant `c`, rounded to this type.
    ///
    /// ```
    /// use autodiff_runtime::Scalar;
    ///
    /// assert_eq!(f32::from_literal(0.1), 0.1_f32);
    /// ```
    fn from_literal(c: f64) -> Self;

    /// The integer `n`, rounded to this type.
    ///
    /// ```
    /// use autodiff_runtime::Scalar;
    ///
    /// assert_eq!(f32::from_integer(-3), -3.0_f32);
    /// ```
    fn from_integer(n: i32) -> Self;

    /// The same number as an `f64`, which holds every scalar exactly.
    ///
    /// ```
    /// use autodiff_runtime::Scalar;
    ///
    /// assert_eq!(Scalar::widen(0.5_f32), 0.5_f64);
    /// ```
    fn widen(self) -> f64;
}

macro_rules! scalars {
    ($($scalar:ty),*) => { $(
        impl Scalar for $scalar {
            #[inline]
            fn from_literal(c: f64) -> Self {
                c as Self
            }

            #[inline]
            fn from_integer(n: i32) -> Self {
                n as Self
            }

            #[inline]
            fn widen(self) -> f64 {
                f64::from(self)
            }
        }

        impl sealed::Sealed for $scalar {}

        impl Differentiable for $scalar {
            type Tangent = Self;

            #[inline]
            fn zero_tangent(&self) -> Self {
                0.0
            }

            #[inline]
            fn move_by(&mut self, direction: &Self) {
                *self += direction;
            }
        }

        impl Tangent for $scalar {
            #[inline]
            fn set_zero(&mut self) {
                *self = 0.0;
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                *self += other;
            }

            #[inline]
            fn add_scaled(&mut self, factor: f64, other: &Self) {
                *self += (factor * f64::from(*other)) as Self;
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                *self = (factor * f64::from(*self)) as Self;
            }

            #[inline]
            fn dot(&self, other: &Self) -> f64 {
                f64::from(*self) * f64::from(*other)
            }

            #[inline]
            fn dimension(&self) -> usize {
                1
            }

            #[inline]
            fn for_each_scalar(&self, visit: &mut impl FnMut(f64)) {
                visit(f64::from(*self));
            }

            #[inline]
            fn assign_scalars(&mut self, scalars: &mut impl FnMut() -> f64) {
                *self = scalars() as Self;
            }
        }
    )* };
}

scalars!(f32, f64);

mod sealed {
    /// Keeps the set of scalars closed, so that methods can be added.
    pub trait Sealed {}
}
