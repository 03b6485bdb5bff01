//! The arithmetic operators, with tensors and with numbers on either side.

use std::borrow::Cow;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::dims::same;
use super::element::{DType, Float, Number};
use super::elementwise::Arithmetic;
use super::shape::{common, expect};
use super::{Tensor, kernel};
use crate::autograd::AutogradError;

/// An operator on two tensors, named `text` in errors.
pub(crate) fn arithmetic<T: Number>(
    text: &str,
    operator: Arithmetic,
    a: Cow<'_, Tensor<T>>,
    b: &Tensor<T>,
) -> Result<Tensor<T>, AutogradError> {
    divisible(text, b)?;
    if same(a.shape(), b.shape()) {
        return Ok(T::arithmetic(operator, a, b, b.shape()));
    }
    let shape = common(text, a.shape(), b.shape())?;
    Ok(T::arithmetic(operator, a, b, &shape))
}

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
            /// When the shapes do not broadcast, or integers are divided by zero.
            pub fn $try_method(&self, other: &Self) -> Result<Self, AutogradError> {
                arithmetic($text, Arithmetic::$Trait, Cow::Borrowed(self), other)
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
                expect(arithmetic($text, Arithmetic::$Trait, Cow::Owned(self), other))
            }
        }
        impl<T: Number> $Trait<Tensor<T>> for Tensor<T> {
            type Output = Tensor<T>;
            #[track_caller]
            fn $method(self, other: Tensor<T>) -> Tensor<T> {
                self.$method(&other)
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
                self.$method(&Tensor::full(&[], $convert(number)))
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

/// That integers, which have no infinity, are not divided by zero.
fn divisible<T: Number>(operator: &str, divisor: &Tensor<T>) -> Result<(), AutogradError> {
    if T::DTYPE == DType::I64 && operator == "/" && kernel::to_vec(divisor).contains(&T::ZERO) {
        return Err(AutogradError::argument(
            "an integer is divided by zero; `cast` to floating point, or replace zeros by `masked_fill`",
        ));
    }
    Ok(())
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
