//! Boxes and references, which are differentiated as what they point to.

use alloc::boxed::Box;

use super::{Differentiable, Tangent};

impl<A: Tangent + ?Sized> Tangent for Box<A> {
    #[inline]
    fn set_zero(&mut self) {
        (**self).set_zero();
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        (**self).accumulate(other);
    }

    #[inline]
    fn add_scaled(&mut self, factor: f64, other: &Self) {
        (**self).add_scaled(factor, other);
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        (**self).scale(factor);
    }

    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        (**self).dot(other)
    }

    #[inline]
    fn dimension(&self) -> usize {
        (**self).dimension()
    }

    #[inline]
    fn for_each_scalar(&self, visit: &mut impl FnMut(f64)) {
        (**self).for_each_scalar(visit);
    }

    #[inline]
    fn assign_scalars(&mut self, scalars: &mut impl FnMut() -> f64) {
        (**self).assign_scalars(scalars);
    }
}

/// The tangent is boxed as well, so that a recursive type has a tangent of finite size.
impl<A: Differentiable + ?Sized> Differentiable for Box<A> {
    type Tangent = Box<A::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        Box::new((**self).zero_tangent())
    }

    #[inline]
    fn move_by(&mut self, direction: &Self::Tangent) {
        (**self).move_by(direction);
    }
}

impl<A: Differentiable + ?Sized> Differentiable for &mut A {
    type Tangent = A::Tangent;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        (**self).zero_tangent()
    }

    #[inline]
    fn move_by(&mut self, direction: &Self::Tangent) {
        (**self).move_by(direction);
    }
}

/// A point may be borrowed, as the fields of a view are, but what is shared cannot be moved.
impl<A: Differentiable + ?Sized> Differentiable for &A {
    type Tangent = A::Tangent;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        (**self).zero_tangent()
    }

    fn move_by(&mut self, direction: &Self::Tangent) {
        assert!(
            direction.dimension() == 0,
            "a value behind a shared reference cannot be moved"
        );
    }
}
