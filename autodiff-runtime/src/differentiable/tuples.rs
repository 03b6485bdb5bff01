//! Tuples of one to twelve values, each of which is differentiated as its type says.

use super::{Differentiable, Tangent};

macro_rules! tuples {
    ($( ($($A:ident $i:tt),+) )*) => { $(
        impl<$($A: Tangent),+> Tangent for ($($A,)+) {
            #[inline]
            fn set_zero(&mut self) {
                $( self.$i.set_zero(); )+
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                $( self.$i.accumulate(&other.$i); )+
            }

            #[inline]
            fn add_scaled(&mut self, factor: f64, other: &Self) {
                $( self.$i.add_scaled(factor, &other.$i); )+
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                $( self.$i.scale(factor); )+
            }

            #[inline]
            fn dot(&self, other: &Self) -> f64 {
                0.0 $( + self.$i.dot(&other.$i) )+
            }

            #[inline]
            fn dimension(&self) -> usize {
                0 $( + self.$i.dimension() )+
            }

            #[inline]
            fn for_each_scalar(&self, visit: &mut impl FnMut(f64)) {
                $( self.$i.for_each_scalar(visit); )+
            }

            #[inline]
            fn assign_scalars(&mut self, scalars: &mut impl FnMut() -> f64) {
                $( self.$i.assign_scalars(scalars); )+
            }
        }

        impl<$($A: Differentiable),+> Differentiable for ($($A,)+) {
            type Tangent = ($($A::Tangent,)+);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($( self.$i.zero_tangent(), )+)
            }

            #[inline]
            fn move_by(&mut self, direction: &Self::Tangent) {
                $( self.$i.move_by(&direction.$i); )+
            }
        }
    )* };
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}
