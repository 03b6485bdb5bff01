//! Conversions between twins and the plain world: `as`, constants, and calls of functions that know plain scalars only.

use crate::point::Point;
use crate::scalar::{Float, S, lit};

/// `self as T`.
pub trait Cast<T> {
    /// The cast value.
    fn cast(self) -> T;
}

/// `value as T`.
pub fn cast<T, A: Cast<T>>(value: A) -> T {
    value.cast()
}

macro_rules! casts {
    ($($from:ident: $($to:ident)*;)*) => {$($(
        impl Cast<$to> for $from {
            fn cast(self) -> $to {
                self as $to
            }
        }
    )*)*};
}
casts! {
    u8: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize char f32 f64;
    u16: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    u32: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    u64: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    u128: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    usize: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    i8: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    i16: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    i32: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    i64: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    i128: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    isize: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    bool: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
    char: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
}

macro_rules! scalar_casts {
    ($($int:ident)*) => {$(
        impl<F: Float> Cast<S<F>> for $int where $int: Cast<F> {
            fn cast(self) -> S<F> {
                S::constant(Cast::<F>::cast(self))
            }
        }
        impl<F: Float> Cast<$int> for S<F> {
            fn cast(self) -> $int {
                self.dual().re as $int
            }
        }
    )*};
}
scalar_casts!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl<F: Float, G: Float> Cast<S<G>> for S<F> {
    fn cast(self) -> S<G> {
        S::new(self.dual())
    }
}

/// A constant, or the result of a plain call, as the twin sees it.
pub trait Lift {
    /// The twin's type.
    type Lifted;
    /// The same value, its derivatives zero.
    fn lift(self) -> Self::Lifted;
}

/// See [`Lift`].
pub fn lift<A: Lift>(value: A) -> A::Lifted {
    value.lift()
}

/// A twin's value as a plain function takes it.
pub trait Lower<T> {
    /// The plain value.
    fn lower(self) -> T;
}

/// See [`Lower`].
pub fn lower<T, A: Lower<T>>(value: A) -> T {
    value.lower()
}

impl<A: Lift, E> Lift for Result<A, E> {
    type Lifted = Result<A::Lifted, E>;
    fn lift(self) -> Self::Lifted {
        self.map(lift)
    }
}

impl<A: Lift> Lift for Option<A> {
    type Lifted = Option<A::Lifted>;
    fn lift(self) -> Self::Lifted {
        self.map(lift)
    }
}

macro_rules! lift_scalar {
    ($($float:ident)*) => {$(
        impl Lift for $float {
            type Lifted = S<$float>;
            fn lift(self) -> S<$float> {
                S::constant(self)
            }
        }
        impl Lower<$float> for S<$float> {
            fn lower(self) -> $float {
                self.plain()
            }
        }
    )*};
}
lift_scalar!(f32 f64);

macro_rules! lift_identity {
    ($($ty:ty)*) => {$(
        impl Lift for $ty {
            type Lifted = $ty;
            fn lift(self) -> $ty {
                self
            }
        }
        impl Lower<$ty> for $ty {
            fn lower(self) -> $ty {
                self
            }
        }
    )*};
}
lift_identity!(() bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize &'static str String);

impl<A: Lift, const N: usize> Lift for [A; N] {
    type Lifted = [A::Lifted; N];
    fn lift(self) -> Self::Lifted {
        self.map(Lift::lift)
    }
}

impl<A: Lower<B>, B, const N: usize> Lower<[B; N]> for [A; N] {
    fn lower(self) -> [B; N] {
        self.map(Lower::lower)
    }
}

impl<A: Lift> Lift for Vec<A> {
    type Lifted = Vec<A::Lifted>;
    fn lift(self) -> Self::Lifted {
        self.into_iter().map(Lift::lift).collect()
    }
}

/// A test process is short-lived, so what a reference points to is leaked rather than kept somewhere.
fn leak<A>(values: Vec<A>) -> &'static [A] {
    Box::leak(values.into_boxed_slice())
}

impl<A: Lift + Clone> Lift for &[A]
where
    A::Lifted: 'static,
{
    type Lifted = &'static [A::Lifted];
    fn lift(self) -> Self::Lifted {
        leak(self.iter().cloned().map(Lift::lift).collect())
    }
}

impl<A: Lift + Clone, const N: usize> Lift for &[A; N]
where
    A::Lifted: 'static,
{
    type Lifted = &'static [A::Lifted; N];
    fn lift(self) -> Self::Lifted {
        Box::leak(Box::new(self.clone().lift()))
    }
}

impl<A: Lower<B> + Clone, B: 'static> Lower<&'static [B]> for &[A] {
    fn lower(self) -> &'static [B] {
        leak(self.iter().cloned().map(Lower::lower).collect())
    }
}

impl<A: Lower<B> + Clone, B: 'static> Lower<&'static [B]> for &Vec<A> {
    fn lower(self) -> &'static [B] {
        self.as_slice().lower()
    }
}

impl<A: Lower<B> + Clone, B: 'static, const N: usize> Lower<&'static [B; N]> for &[A; N] {
    fn lower(self) -> &'static [B; N] {
        Box::leak(Box::new(self.clone().lower()))
    }
}

impl<A: Lower<B> + Clone, B: 'static, const N: usize> Lower<&'static [B]> for &[A; N] {
    fn lower(self) -> &'static [B] {
        self.as_slice().lower()
    }
}

macro_rules! lift_tuple {
    ($($A:ident $B:ident $index:tt),*) => {
        impl<$($A: Lift),*> Lift for ($($A,)*) {
            type Lifted = ($($A::Lifted,)*);
            fn lift(self) -> Self::Lifted {
                ($(self.$index.lift(),)*)
            }
        }
        impl<$($A: Lower<$B>, $B),*> Lower<($($B,)*)> for ($($A,)*) {
            fn lower(self) -> ($($B,)*) {
                ($(self.$index.lower(),)*)
            }
        }
    };
}
lift_tuple!(A P 0, B Q 1);
lift_tuple!(A P 0, B Q 1, C R 2);
lift_tuple!(A P 0, B Q 1, C R 2, D T 3);

/// The point's own components as constants, for parameters outside of `wrt`.
pub(crate) fn constant_components<P: Point>(point: &P) -> Vec<crate::Dual> {
    let mut values = Vec::new();
    point.components(&mut values);
    values
        .into_iter()
        .map(|value| lit::<f64>(value).dual())
        .collect()
}
