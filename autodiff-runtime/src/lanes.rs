//! Derivatives along several directions at once.

use core::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::Scalar;

/// The derivative of a scalar along one direction, which is a scalar itself, or along several at once: [`Lanes`].
///
/// Generated second-order code is generic over it, so that the same body computes a Hessian-vector product without
/// overhead and several columns of a Hessian in one sweep.
pub trait Directional:
    Copy
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Neg<Output = Self>
    + Mul<<Self as Directional>::Scalar, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign<<Self as Directional>::Scalar>
{
    /// What is differentiated.
    type Scalar;

    /// The derivative of a constant.
    fn zero() -> Self;

    /// The same derivative along each direction.
    fn splat(derivative: Self::Scalar) -> Self;

    /// One derivative a direction.
    fn lanes(&self) -> &[Self::Scalar];

    /// As [`Self::lanes`], to be written to.
    fn lanes_mut(&mut self) -> &mut [Self::Scalar];
}

impl<T: Scalar> Directional for T {
    type Scalar = T;

    #[inline(always)]
    fn zero() -> T {
        <T as num_traits::Zero>::zero()
    }

    #[inline(always)]
    fn splat(derivative: T) -> T {
        derivative
    }

    #[inline(always)]
    fn lanes(&self) -> &[T] {
        core::slice::from_ref(self)
    }

    #[inline(always)]
    fn lanes_mut(&mut self) -> &mut [T] {
        core::slice::from_mut(self)
    }
}

/// The derivatives of one scalar along `K` directions.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lanes<T, const K: usize>([T; K]);

impl<T, const K: usize> Lanes<T, K> {
    /// These derivatives.
    pub const fn from_array(derivatives: [T; K]) -> Self {
        Self(derivatives)
    }
}

impl<T> Lanes<T, 0> {
    /// The derivative along no direction.
    pub const fn zero() -> Self {
        Self([])
    }
}

impl<T: Scalar, const K: usize> Directional for Lanes<T, K> {
    type Scalar = T;

    #[inline(always)]
    fn zero() -> Self {
        Self([<T as num_traits::Zero>::zero(); K])
    }

    #[inline(always)]
    fn splat(derivative: T) -> Self {
        Self([derivative; K])
    }

    #[inline(always)]
    fn lanes(&self) -> &[T] {
        &self.0
    }

    #[inline(always)]
    fn lanes_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Scalar, const K: usize> Add for Lanes<T, K> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(core::array::from_fn(|k| self.0[k] + other.0[k]))
    }
}

impl<T: Scalar, const K: usize> Sub for Lanes<T, K> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(core::array::from_fn(|k| self.0[k] - other.0[k]))
    }
}

impl<T: Scalar, const K: usize> Neg for Lanes<T, K> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(|lane| -lane))
    }
}

impl<T: Scalar, const K: usize> Mul<T> for Lanes<T, K> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: T) -> Self {
        Self(core::array::from_fn(|k| self.0[k] * factor))
    }
}

impl<T: Scalar, const K: usize> AddAssign for Lanes<T, K> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        for k in 0..K {
            self.0[k] += other.0[k];
        }
    }
}

impl<T: Scalar, const K: usize> SubAssign for Lanes<T, K> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        for k in 0..K {
            self.0[k] -= other.0[k];
        }
    }
}

impl<T: Scalar, const K: usize> MulAssign<T> for Lanes<T, K> {
    #[inline(always)]
    fn mul_assign(&mut self, factor: T) {
        for lane in &mut self.0 {
            *lane *= factor;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that an operation on three directions is that on each of them.
    fn check(
        all: impl Fn(Lanes<f64, 3>, Lanes<f64, 3>, f64) -> Lanes<f64, 3>,
        one: impl Fn(f64, f64, f64) -> f64,
    ) {
        let (a, b, factor) = ([1.5, -2.0, 0.25], [0.5, 3.0, -4.0], 1.75);
        let expected = core::array::from_fn(|k| one(a[k], b[k], factor));
        assert_eq!(all(Lanes(a), Lanes(b), factor), Lanes(expected));
    }

    #[test]
    fn operations_work_lane_by_lane() {
        check(|a, b, _| a + b, |a, b, _| a + b);
        check(|a, b, _| a - b, |a, b, _| a - b);
        check(|a, _, _| -a, |a, _, _| -a);
        check(|a, _, factor| a * factor, |a, _, factor| a * factor);
        check(|_, _, factor| Lanes::splat(factor), |_, _, factor| factor);
        check(|_, _, _| Directional::zero(), |_, _, _| 0.0);
    }

    #[test]
    fn a_scalar_is_its_own_only_lane() {
        let mut derivative = 2.5;
        assert_eq!(Directional::lanes(&derivative), [2.5]);
        derivative.lanes_mut()[0] = 1.5;
        assert_eq!(derivative, 1.5);
        assert_eq!(<f32 as Directional>::splat(3.0), 3.0);
    }
}
