//! The scalar of the twins: a hyper-dual number whose value is computed as the plain function computes it.

use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::marker::PhantomData;
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

/// The dual numbers of `num-dual` that carry the derivatives: two directions and their mixed second derivative.
pub type Dual = num_dual::HyperDual64;

/// The plain scalars that a twin stands for.
pub trait Float: num_traits::Float + fmt::Debug + fmt::Display + fmt::LowerExp + 'static {
    /// The value in double precision, where derivatives are computed.
    fn widen(self) -> f64;
    /// The nearest value of this type.
    fn narrow(value: f64) -> Self;
    /// The Euclidean remainder, which is no method of `num_traits::Float`.
    fn rem_euclid(self, other: Self) -> Self;
    /// The value that an empty sum has.
    fn empty_sum() -> Self;
}

macro_rules! impl_float {
    ($($float:ident)*) => {$(
        impl Float for $float {
            fn widen(self) -> f64 {
                f64::from(self)
            }
            fn narrow(value: f64) -> Self {
                value as $float
            }
            fn rem_euclid(self, other: Self) -> Self {
                $float::rem_euclid(self, other)
            }
            fn empty_sum() -> Self {
                std::iter::empty::<$float>().sum()
            }
        }
    )*};
}
impl_float!(f32 f64);

/// A scalar of type `F` with derivatives.
///
/// The value takes the same steps as in the plain function, in `F`'s own arithmetic, so that both take the same
/// branches and agree to the last bit; the derivatives are `num-dual`'s, in double precision.
#[derive(Clone, Copy)]
pub struct S<F> {
    dual: Dual,
    scalar: PhantomData<F>,
}

/// A constant.
pub fn lit<F: Float>(value: f64) -> S<F> {
    S::constant(F::narrow(value))
}

/// The value without its derivatives.
pub fn stop_gradient<F: Float>(x: S<F>) -> S<F> {
    S::constant(x.plain())
}

impl<F: Float> S<F> {
    /// A dual number as a scalar, its value rounded to `F`.
    pub fn new(dual: Dual) -> Self {
        Self::exact(dual, F::narrow(dual.re))
    }

    /// A constant.
    pub fn constant(value: F) -> Self {
        Self::exact(Dual::from_re(0.0), value)
    }

    /// Derivatives of `dual` at the value that plain arithmetic gives.
    pub(crate) fn exact(mut dual: Dual, value: F) -> Self {
        dual.re = value.widen();
        S {
            dual,
            scalar: PhantomData,
        }
    }

    /// The dual number.
    pub fn dual(self) -> Dual {
        self.dual
    }

    /// The plain value.
    pub fn plain(&self) -> F {
        F::narrow(self.dual.re)
    }

    /// Whether no derivative is carried.
    pub(crate) fn is_constant(&self) -> bool {
        self.dual.eps1 == 0.0 && self.dual.eps2 == 0.0 && self.dual.eps1eps2 == 0.0
    }

    /// The derivatives times a constant factor.
    pub(crate) fn scaled(dual: Dual, factor: f64) -> Dual {
        Dual::new(
            dual.re * factor,
            dual.eps1 * factor,
            dual.eps2 * factor,
            dual.eps1eps2 * factor,
        )
    }
}

macro_rules! operator {
    ($($Op:ident $op:ident $OpAssign:ident $op_assign:ident;)*) => {$(
        impl<F: Float> $Op for S<F> {
            type Output = S<F>;
            fn $op(self, other: S<F>) -> S<F> {
                S::exact(derivative::$op(self, other), self.plain().$op(other.plain()))
            }
        }
        impl<F: Float> $Op<&S<F>> for S<F> {
            type Output = S<F>;
            fn $op(self, other: &S<F>) -> S<F> {
                self.$op(*other)
            }
        }
        impl<F: Float> $Op<S<F>> for &S<F> {
            type Output = S<F>;
            fn $op(self, other: S<F>) -> S<F> {
                (*self).$op(other)
            }
        }
        impl<F: Float> $Op<&S<F>> for &S<F> {
            type Output = S<F>;
            fn $op(self, other: &S<F>) -> S<F> {
                (*self).$op(*other)
            }
        }
        impl<F: Float> $OpAssign for S<F> {
            fn $op_assign(&mut self, other: S<F>) {
                *self = (*self).$op(other);
            }
        }
        impl<F: Float> $OpAssign<&S<F>> for S<F> {
            fn $op_assign(&mut self, other: &S<F>) {
                *self = (*self).$op(*other);
            }
        }
    )*};
}
operator! {
    Add add AddAssign add_assign;
    Sub sub SubAssign sub_assign;
    Mul mul MulAssign mul_assign;
    Div div DivAssign div_assign;
    Rem rem RemAssign rem_assign;
}

/// The operators on the dual parts.
mod derivative {
    use super::{Dual, Float, S};

    pub(super) fn add<F: Float>(x: S<F>, y: S<F>) -> Dual {
        x.dual + y.dual
    }
    pub(super) fn sub<F: Float>(x: S<F>, y: S<F>) -> Dual {
        x.dual - y.dual
    }
    pub(super) fn mul<F: Float>(x: S<F>, y: S<F>) -> Dual {
        x.dual * y.dual
    }
    pub(super) fn div<F: Float>(x: S<F>, y: S<F>) -> Dual {
        x.dual / y.dual
    }
    /// `x % y = x - y * trunc(x / y)`, the quotient being locally constant.
    pub(super) fn rem<F: Float>(x: S<F>, y: S<F>) -> Dual {
        let (a, b) = (x.dual.re, y.dual.re);
        let quotient = ((a - a % b) / b).round();
        x.dual - S::<F>::scaled(y.dual, quotient)
    }
}

impl<F: Float> Neg for S<F> {
    type Output = S<F>;
    fn neg(self) -> S<F> {
        S::exact(-self.dual, -self.plain())
    }
}

impl<F: Float> Neg for &S<F> {
    type Output = S<F>;
    fn neg(self) -> S<F> {
        -*self
    }
}

impl<F: Float> PartialEq for S<F> {
    fn eq(&self, other: &Self) -> bool {
        self.dual.re == other.dual.re
    }
}

impl<F: Float> PartialOrd for S<F> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.dual.re.partial_cmp(&other.dual.re)
    }
}

impl<F: Float> Default for S<F> {
    fn default() -> Self {
        lit(0.0)
    }
}

impl<F: Float> Sum for S<F> {
    fn sum<I: Iterator<Item = S<F>>>(iter: I) -> Self {
        iter.fold(S::constant(F::empty_sum()), |sum, x| sum + x)
    }
}

impl<'a, F: Float> Sum<&'a S<F>> for S<F> {
    fn sum<I: Iterator<Item = &'a S<F>>>(iter: I) -> Self {
        iter.copied().sum()
    }
}

impl<F: Float> Product for S<F> {
    fn product<I: Iterator<Item = S<F>>>(iter: I) -> Self {
        iter.fold(lit(1.0), |product, x| product * x)
    }
}

impl<'a, F: Float> Product<&'a S<F>> for S<F> {
    fn product<I: Iterator<Item = &'a S<F>>>(iter: I) -> Self {
        iter.copied().product()
    }
}

impl<F: Float> fmt::Debug for S<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.plain(), f)
    }
}

impl<F: Float> fmt::Display for S<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.plain(), f)
    }
}

impl<F: Float> fmt::LowerExp for S<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerExp::fmt(&self.plain(), f)
    }
}

macro_rules! from {
    ($($from:ident)*) => {$(
        impl<F: Float> From<$from> for S<F> {
            fn from(value: $from) -> Self {
                lit(f64::from(value))
            }
        }
    )*};
}
from!(bool i8 i16 i32 u8 u16 u32);

impl From<S<f32>> for S<f64> {
    fn from(value: S<f32>) -> Self {
        S::new(value.dual)
    }
}
