//! Values that never move: their tangent is `()`, the vector space of dimension zero.

use alloc::string::String;
use core::marker::PhantomData;

use super::{Differentiable, Tangent};

impl Tangent for () {
    #[inline]
    fn set_zero(&mut self) {}

    #[inline]
    fn accumulate(&mut self, _other: &Self) {}

    #[inline]
    fn add_scaled(&mut self, _factor: f64, _other: &Self) {}

    #[inline]
    fn scale(&mut self, _factor: f64) {}

    #[inline]
    fn dot(&self, _other: &Self) -> f64 {
        0.0
    }

    #[inline]
    fn dimension(&self) -> usize {
        0
    }

    #[inline]
    fn for_each_scalar(&self, _visit: &mut impl FnMut(f64)) {}

    #[inline]
    fn assign_scalars(&mut self, _scalars: &mut impl FnMut() -> f64) {}
}

macro_rules! inactive {
    ($( [$($generics:tt)*] $inactive:ty; )*) => { $(
        impl<$($generics)*> Differentiable for $inactive {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}

            #[inline]
            fn move_by(&mut self, _direction: &()) {}
        }
    )* };
}

inactive! {
    [] ();
    [] bool;
    [] char;
    [] str;
    [] String;
    [] i8;
    [] i16;
    [] i32;
    [] i64;
    [] i128;
    [] isize;
    [] u8;
    [] u16;
    [] u32;
    [] u64;
    [] u128;
    [] usize;
    [A: ?Sized] PhantomData<A>;
}
