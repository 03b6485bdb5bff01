//! The arithmetic operators, with tensors and with numbers on either side.

use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::Tensor;
use super::element::{Float, Number};
use super::elementwise::Arithmetic;
use super::shape::{common, expect};
use crate::autograd::AutogradError;

macro_rules! operator {
    ($($Trait:ident $method:ident $Assign:ident $assign:ident $try_method:ident $in_place:ident $text:literal;)*) => {$(
        impl<T: Number> Tensor<T> {
            #[doc = concat!("`self ", $text, " other`, element by element, both stretched to a common shape.")]
            ///
            /// ```
            /// use autodiff_runtime::tensor;
            ///
            #[doc = concat!("assert_eq!(tensor([6, 8]).", stringify!($try_method), "(&tensor(2))?, tensor([6 ", $text, " 2, 8 ", $text, " 2]));")]
            #[doc = concat!("assert!(tensor([1, 2]).", stringify!($try_method), "(&tensor([1, 2, 3])).is_err());")]
            /// # Ok::<(), autodiff_runtime::AutogradError>(())
            /// ```
            ///
            /// # Errors
            ///
            /// When the shapes do not broadcast.
            ///
            /// # Panics
            ///
            /// Integers panic on a division by zero.
            pub fn $try_method(&self, other: &Self) -> Result<Self, AutogradError> {
                let shape = common($text, self.shape(), other.shape())?;
                Ok(T::arithmetic(Arithmetic::$Trait, self, other, &shape))
            }
        }
        impl<T: Number> $Trait<&Tensor<T>> for &Tensor<T> {
            type Output = Tensor<T>;
            #[track_caller]
            fn $method(self, other: &Tensor<T>) -> Tensor<T> {
                expect(self.$try_method(other))
            }
        }
        impl<T: Number> $Trait<Tensor<T>> for &Tensor<T> {
            type Output = Tensor<T>;
            #[track_caller]
            fn $method(self, other: Tensor<T>) -> Tensor<T> {
                self.$method(&other)
            }
        }
        impl<T: Number> $Trait<&Tensor<T>> for Tensor<T> {
            type Output = Tensor<T>;
            #[track_caller]
            fn $method(self, other: &Tensor<T>) -> Tensor<T> {
                (&self).$method(other)
            }
        }
        impl<T: Number> $Trait<Tensor<T>> for Tensor<T> {
            type Output = Tensor<T>;
            #[track_caller]
            fn $method(self, other: Tensor<T>) -> Tensor<T> {
                (&self).$method(&other)
            }
        }
        /// In place, as by the method; panics where that returns an error.
        impl<T: Number> $Assign<&Tensor<T>> for Tensor<T> {
            #[track_caller]
            fn $assign(&mut self, other: &Tensor<T>) {
                expect(self.$in_place(other));
            }
        }
        /// In place, as by the method; panics where that returns an error.
        impl<T: Number> $Assign<Tensor<T>> for Tensor<T> {
            #[track_caller]
            fn $assign(&mut self, other: Tensor<T>) {
                expect(self.$in_place(&other));
            }
        }
        operator!(@number f64, Float: $Trait $method $Assign $assign $in_place, T::from_f64);
        operator!(@number i64, Number: $Trait $method $Assign $assign $in_place, T::from_i64);
    )*};
    (@number $number:ty, $Bound:ident: $Trait:ident $method:ident $Assign:ident $assign:ident $in_place:ident, $convert:expr) => {
        /// With a number, converted to the tensor's type as by `as`.
        impl<T: $Bound> $Trait<$number> for &Tensor<T> {
            type Output = Tensor<T>;
            fn $method(self, number: $number) -> Tensor<T> {
                self.$method(&Tensor::full(&[], $convert(number)))
            }
        }
        /// With a number, converted to the tensor's type as by `as`.
        impl<T: $Bound> $Trait<$number> for Tensor<T> {
            type Output = Tensor<T>;
            fn $method(self, number: $number) -> Tensor<T> {
                (&self).$method(number)
            }
        }
        /// With a number, converted to the tensor's type as by `as`.
        impl<T: $Bound> $Trait<&Tensor<T>> for $number {
            type Output = Tensor<T>;
            fn $method(self, tensor: &Tensor<T>) -> Tensor<T> {
                (&Tensor::full(&[], $convert(self))).$method(tensor)
            }
        }
        /// With a number, converted to the tensor's type as by `as`.
        impl<T: $Bound> $Trait<Tensor<T>> for $number {
            type Output = Tensor<T>;
            fn $method(self, tensor: Tensor<T>) -> Tensor<T> {
                self.$method(&tensor)
            }
        }
        /// In place, as by the method; panics where that returns an error.
        impl<T: $Bound> $Assign<$number> for Tensor<T> {
            #[track_caller]
            fn $assign(&mut self, number: $number) {
                expect(self.$in_place(&Tensor::full(&[], $convert(number))));
            }
        }
    };
}

operator! {
    Add add AddAssign add_assign try_add add_ "+";
    Sub sub SubAssign sub_assign try_sub sub_ "-";
    Mul mul MulAssign mul_assign try_mul mul_ "*";
    Div div DivAssign div_assign try_div div_ "/";
}

impl<T: Number> Neg for &Tensor<T> {
    type Output = Tensor<T>;
    fn neg(self) -> Tensor<T> {
        T::negative(self)
    }
}

impl<T: Number> Neg for Tensor<T> {
    type Output = Tensor<T>;
    fn neg(self) -> Tensor<T> {
        -&self
    }
}
