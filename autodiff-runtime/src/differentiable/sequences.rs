//! Slices, arrays, vectors and options: values of which several stand in a row.

use alloc::vec::Vec;

use super::{Differentiable, Tangent, assert_same_len};

impl<A: Tangent> Tangent for [A] {
    #[inline]
    fn set_zero(&mut self) {
        self.iter_mut().for_each(A::set_zero);
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        assert_same_len(self.len(), other.len());
        for (ours, theirs) in self.iter_mut().zip(other) {
            ours.accumulate(theirs);
        }
    }

    #[inline]
    fn add_scaled(&mut self, factor: f64, other: &Self) {
        assert_same_len(self.len(), other.len());
        for (ours, theirs) in self.iter_mut().zip(other) {
            ours.add_scaled(factor, theirs);
        }
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        for ours in self {
            ours.scale(factor);
        }
    }

    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        assert_same_len(self.len(), other.len());
        self.iter()
            .zip(other)
            .map(|(ours, theirs)| ours.dot(theirs))
            .sum()
    }

    #[inline]
    fn dimension(&self) -> usize {
        self.iter().map(A::dimension).sum()
    }

    #[inline]
    fn for_each_scalar(&self, visit: &mut impl FnMut(f64)) {
        for ours in self {
            ours.for_each_scalar(visit);
        }
    }

    #[inline]
    fn assign_scalars(&mut self, scalars: &mut impl FnMut() -> f64) {
        for ours in self {
            ours.assign_scalars(scalars);
        }
    }
}

impl<A: Differentiable> Differentiable for [A] {
    type Tangent = Vec<A::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(A::zero_tangent).collect()
    }

    #[inline]
    fn move_by(&mut self, direction: &Self::Tangent) {
        move_each(self, direction);
    }
}

#[inline]
fn move_each<A: Differentiable>(values: &mut [A], directions: &[A::Tangent]) {
    assert_same_len(values.len(), directions.len());
    for (value, direction) in values.iter_mut().zip(directions) {
        value.move_by(direction);
    }
}

/// Tangents that are stored like a slice, given how they are seen as one.
macro_rules! tangents_like_slices {
    ($( [$($generics:tt)*] $sequence:ty: $as_slice:ident, $as_mut_slice:ident; )*) => { $(
        impl<$($generics)*> Tangent for $sequence {
            #[inline]
            fn set_zero(&mut self) {
                self.$as_mut_slice().set_zero();
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                self.$as_mut_slice().accumulate(other.$as_slice());
            }

            #[inline]
            fn add_scaled(&mut self, factor: f64, other: &Self) {
                self.$as_mut_slice().add_scaled(factor, other.$as_slice());
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                self.$as_mut_slice().scale(factor);
            }

            #[inline]
            fn dot(&self, other: &Self) -> f64 {
                self.$as_slice().dot(other.$as_slice())
            }

            #[inline]
            fn dimension(&self) -> usize {
                self.$as_slice().dimension()
            }

            #[inline]
            fn for_each_scalar(&self, visit: &mut impl FnMut(f64)) {
                self.$as_slice().for_each_scalar(visit);
            }

            #[inline]
            fn assign_scalars(&mut self, scalars: &mut impl FnMut() -> f64) {
                self.$as_mut_slice().assign_scalars(scalars);
            }
        }
    )* };
}

tangents_like_slices! {
    [A: Tangent] Vec<A>: as_slice, as_mut_slice;
    [A: Tangent, const N: usize] [A; N]: as_slice, as_mut_slice;
    // The tangent of `None` is `None`: an option is a row of none or one.
    [A: Tangent] Option<A>: as_slice, as_mut_slice;
}

impl<A: Differentiable> Differentiable for Vec<A> {
    type Tangent = Vec<A::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_slice().zero_tangent()
    }

    #[inline]
    fn move_by(&mut self, direction: &Self::Tangent) {
        move_each(self, direction);
    }
}

impl<A: Differentiable, const N: usize> Differentiable for [A; N] {
    type Tangent = [A::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.each_ref().map(A::zero_tangent)
    }

    #[inline]
    fn move_by(&mut self, direction: &Self::Tangent) {
        move_each(self, direction);
    }
}

impl<A: Differentiable> Differentiable for Option<A> {
    type Tangent = Option<A::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(A::zero_tangent)
    }

    #[inline]
    fn move_by(&mut self, direction: &Self::Tangent) {
        move_each(self.as_mut_slice(), direction.as_slice());
    }
}
