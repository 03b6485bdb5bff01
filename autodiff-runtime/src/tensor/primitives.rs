//! The functions of the table of rules that tensors have: which primitives, under which names.

use std::borrow::Cow;

use autodiff_rules::Prim;

use super::Tensor;
use super::element::Float;
use super::elementwise::{Primitive, binary, unary};
use super::shape::{common, expect};
use crate::autograd::AutogradError;

/// The functions of the table: primitive, method and node of each.
macro_rules! primitives {
    (
        unary { $($(#[$doc:meta])* $Unary:ident $unary:ident $unary_name:literal;)* }
        binary { $($(#[$doc2:meta])* $Binary:ident $binary:ident $try_binary:ident $binary_name:literal;)* }
        operators { $($Operator:ident $operator_name:literal;)* }
        others { $($Other:ident $other_name:literal;)* }
    ) => {
        $(pub(crate) struct $Unary;
        impl Primitive for $Unary {
            const PRIM: Prim = Prim::$Unary;
            const NAME: &'static str = $unary_name;
        })*
        $(pub(crate) struct $Binary;
        impl Primitive for $Binary {
            const PRIM: Prim = Prim::$Binary;
            const NAME: &'static str = $binary_name;
        })*
        $(pub(crate) struct $Operator;
        impl Primitive for $Operator {
            const PRIM: Prim = Prim::$Operator;
            const NAME: &'static str = $operator_name;
        })*
        $(pub(crate) struct $Other;
        impl Primitive for $Other {
            const PRIM: Prim = Prim::$Other;
            const NAME: &'static str = $other_name;
        })*

        impl<T: Float> Tensor<T> {
            $($(#[$doc])*
            ///
            /// Element by element.
            ///
            /// ```
            /// use autodiff_runtime::tensor;
            ///
            #[doc = concat!("assert_eq!(tensor(1.0).", stringify!($unary), "().item(), 1.0_f64.", stringify!($unary), "());")]
            /// ```
            #[must_use]
            pub fn $unary(&self) -> Self {
                unary::<T, $Unary>(self)
            })*

            $($(#[$doc2])*
            ///
            /// Element by element, both stretched to a common shape.
            ///
            /// # Panics
            ///
            /// When the shapes do not broadcast.
            #[must_use]
            #[track_caller]
            pub fn $binary(&self, other: &Self) -> Self {
                expect(self.$try_binary(other))
            }

            #[doc = concat!("[`", stringify!($binary), "`](Self::", stringify!($binary), ") with an error instead of a panic.")]
            ///
            /// # Errors
            ///
            /// When the shapes do not broadcast.
            pub fn $try_binary(&self, other: &Self) -> Result<Self, AutogradError> {
                let shape = common(stringify!($binary), self.shape(), other.shape())?;
                Ok(binary::<T, $Binary>(Cow::Borrowed(self), other, &shape))
            })*
        }

        /// A primitive of the table on tensors of shapes that broadcast.
        pub(crate) fn call<T: Float>(prim: Prim, arg: &dyn Fn(usize) -> Tensor<T>) -> Tensor<T> {
            let two = |f: fn(Cow<'_, Tensor<T>>, &Tensor<T>, &[usize]) -> Tensor<T>| {
                let (a, b) = (arg(0), arg(1));
                let shape = super::layout::broadcast_shapes(a.shape(), b.shape()).expect("the operands of one rule broadcast");
                f(Cow::Owned(a), &b, &shape)
            };
            match prim {
                $(Prim::$Other => unary::<T, $Other>(&arg(0)),)*
                $(Prim::$Unary => unary::<T, $Unary>(&arg(0)),)*
                $(Prim::$Binary => two(binary::<T, $Binary>),)*
                $(Prim::$Operator => two(binary::<T, $Operator>),)*
                _ => unreachable!("no rule of an operation on tensors is written with `{}`", prim.name()),
            }
        }
    };
}

primitives! {
    unary {
        /// The sine.
        Sin sin "SinBackward";
        /// The cosine.
        Cos cos "CosBackward";
        /// The tangent.
        Tan tan "TanBackward";
        /// The arc sine.
        Asin asin "AsinBackward";
        /// The arc cosine.
        Acos acos "AcosBackward";
        /// The arc tangent.
        Atan atan "AtanBackward";
        /// The hyperbolic sine.
        Sinh sinh "SinhBackward";
        /// The hyperbolic cosine.
        Cosh cosh "CoshBackward";
        /// The hyperbolic tangent.
        Tanh tanh "TanhBackward";
        /// The inverse hyperbolic sine.
        Asinh asinh "AsinhBackward";
        /// The inverse hyperbolic cosine.
        Acosh acosh "AcoshBackward";
        /// The inverse hyperbolic tangent.
        Atanh atanh "AtanhBackward";
        /// `e` to the power of the element.
        Exp exp "ExpBackward";
        /// 2 to the power of the element.
        Exp2 exp2 "Exp2Backward";
        /// `exp(x) - 1`, exact near 0.
        ExpM1 exp_m1 "Expm1Backward";
        /// The natural logarithm.
        Ln ln "LogBackward";
        /// `ln(1 + x)`, exact near 0.
        Ln1p ln_1p "Log1pBackward";
        /// The logarithm to base 2.
        Log2 log2 "Log2Backward";
        /// The logarithm to base 10.
        Log10 log10 "Log10Backward";
        /// The square root; its gradient at 0 is infinite.
        Sqrt sqrt "SqrtBackward";
        /// The cube root; its gradient at 0 is infinite.
        Cbrt cbrt "CbrtBackward";
        /// `1 / x`.
        Recip recip "ReciprocalBackward";
        /// The absolute value; its gradient at 0 is 0.
        Abs abs "AbsBackward";
        /// The largest integer not above; the gradient is 0.
        Floor floor "FloorBackward";
        /// The smallest integer not below; the gradient is 0.
        Ceil ceil "CeilBackward";
        /// The nearest integer, halves to the even one; the gradient is 0.
        RoundTiesEven round "RoundBackward";
        /// The integer part; the gradient is 0.
        Trunc trunc "TruncBackward";
        /// `x - trunc(x)`; the gradient is 1.
        Fract fract "FracBackward";
    }
    binary {
        /// `self` to the power `other`. The derivative with respect to the exponent is 0 at base 0.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor([2.0, 3.0]).pow(&tensor(3.0)), tensor([8.0, 27.0]));
        /// ```
        Powf pow try_pow "PowBackward";
        /// The greater one, NaN if one of them is; equal ones share the gradient evenly when both require one, and have none
        /// otherwise.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor([1.0, 3.0]).maximum(&tensor(2.0)), tensor([2.0, 3.0]));
        /// ```
        Max maximum try_maximum "MaximumBackward";
        /// The lesser one, NaN if one of them is; equal ones share the gradient evenly when both require one, and have none
        /// otherwise.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor([1.0, 3.0]).minimum(&tensor(2.0)), tensor([1.0, 2.0]));
        /// ```
        Min minimum try_minimum "MinimumBackward";
        /// The angle of the point with ordinate `self` and abscissa `other`; the gradient at the origin is 0.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor(1.0).atan2(&tensor(0.0)), tensor(std::f64::consts::FRAC_PI_2));
        /// ```
        Atan2 atan2 try_atan2 "Atan2Backward";
        /// `sqrt(self² + other²)` without overflow; the gradient at the origin is 0.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor(3e200).hypot(&tensor(4e200)).to_string(), "tensor(5.0000e+200)");
        /// ```
        Hypot hypot try_hypot "HypotBackward";
        /// The remainder `self - other * trunc(self / other)`, of the sign of `self`.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor([7.0, -7.0]).rem(&tensor(4.0)), tensor([3.0, -3.0]));
        /// ```
        Rem rem try_rem "FmodBackward";
        /// The magnitude of `self` with the sign of `other`.
        ///
        /// ```
        /// use autodiff_runtime::tensor;
        ///
        /// assert_eq!(tensor([3.0, -3.0]).copysign(&tensor(-1.0)), tensor([-3.0, -3.0]));
        /// ```
        Copysign copysign try_copysign "CopysignBackward";
    }
    operators {
        Add "AddBackward";
        Sub "SubBackward";
        Mul "MulBackward";
        Div "DivBackward";
    }
    others {
        Neg "NegBackward";
        Signum "SignBackward";
        Round "RoundBackward";
    }
}
