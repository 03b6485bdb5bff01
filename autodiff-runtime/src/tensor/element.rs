//! The types that a tensor's elements can have.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::ops::{Add, AddAssign, Div, Mul, Neg, Rem, Sub};

use super::elementwise::Arithmetic;
use super::pool::Pool;
use super::{Tensor, kernel, primitives};

/// A tensor of any element type: what travels along the edges of the graph.
#[derive(Clone, Debug)]
pub(crate) enum AnyTensor {
    F32(Tensor<f32>),
    F64(Tensor<f64>),
    I64(Tensor<i64>),
    Bool(Tensor<bool>),
}

pub(crate) mod sealed {
    use super::{AnyTensor, Pool};
    use crate::tensor::Tensor;

    /// Keeps [`Element`](super::Element) to the four types that the graph knows.
    pub trait Sealed: Sized {
        #[doc(hidden)]
        #[allow(
            private_interfaces,
            reason = "the methods are for this crate alone; a sealed trait's items cannot be less than public"
        )]
        fn into_any(tensor: Tensor<Self>) -> AnyTensor
        where
            Self: super::Element;
        #[doc(hidden)]
        #[allow(
            private_interfaces,
            reason = "the methods are for this crate alone; a sealed trait's items cannot be less than public"
        )]
        fn from_any(tensor: AnyTensor) -> Option<Tensor<Self>>
        where
            Self: super::Element;
        #[doc(hidden)]
        #[allow(
            private_interfaces,
            reason = "the methods are for this crate alone; a sealed trait's items cannot be less than public"
        )]
        fn ref_any(tensor: &AnyTensor) -> Option<&Tensor<Self>>
        where
            Self: super::Element;
        /// The sum, or for truth values whether one holds: what becomes of several values for one place.
        #[doc(hidden)]
        fn combine(a: Self, b: Self) -> Self;
        /// The buffers that this thread keeps.
        #[doc(hidden)]
        #[allow(
            private_interfaces,
            reason = "the methods are for this crate alone; a sealed trait's items cannot be less than public"
        )]
        fn pool() -> &'static std::thread::LocalKey<std::cell::RefCell<Pool<Self>>>;
    }
}

/// The name of an element type at run time.
///
/// ```
/// use autodiff_runtime::{DType, tensor};
///
/// assert_eq!(tensor([1.0_f32]).dtype(), DType::F32);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DType {
    /// 32-bit floating point.
    F32,
    /// 64-bit floating point, the default.
    F64,
    /// 64-bit signed integers: indices and counts.
    I64,
    /// Truth values: masks.
    Bool,
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::I64 => "i64",
            Self::Bool => "bool",
        })
    }
}

/// What a tensor can hold: `f32`, `f64`, `i64` and `bool`.
pub trait Element:
    sealed::Sealed + Copy + Debug + Display + Default + PartialEq + PartialOrd + Send + Sync + 'static
{
    /// This type's name at run time.
    const DTYPE: DType;
}

/// Elements that can be calculated with: `f32`, `f64` and `i64`.
pub trait Number:
    Element
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + AddAssign
    + Neg<Output = Self>
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// `value` rounded to this type as `as` does.
    fn from_f64(value: f64) -> Self;
    /// This number as `f64`, rounded as `as` does.
    fn to_f64(self) -> f64;
    /// `value` as this type, rounded as `as` does.
    fn from_i64(value: i64) -> Self;
    /// `a + b`, wrapping around for integers.
    fn plus(a: Self, b: Self) -> Self;
    /// `a - b`, wrapping around for integers.
    fn minus(a: Self, b: Self) -> Self;
    /// `a * b`, wrapping around for integers.
    fn times(a: Self, b: Self) -> Self;
    /// `-a`, wrapping around for integers.
    fn negated(a: Self) -> Self;
    /// An operator on tensors that broadcast to `shape`, recorded.
    #[doc(hidden)]
    #[allow(
        private_interfaces,
        reason = "for this crate alone, and the trait is sealed"
    )]
    fn arithmetic(
        operator: Arithmetic,
        a: Cow<'_, Tensor<Self>>,
        b: &Tensor<Self>,
        shape: &[usize],
    ) -> Tensor<Self>;
    /// The negative of a tensor, recorded.
    #[doc(hidden)]
    fn negative(a: &Tensor<Self>) -> Tensor<Self>;
}

/// Elements whose tensors can require gradients: `f32` and `f64`.
#[diagnostic::on_unimplemented(
    message = "tensors of `{Self}` have no gradients",
    note = "elements are to be `f32` or `f64`; `cast` converts a tensor"
)]
pub trait Float: Number + num_traits::Float + autodiff_rules::Real {
    /// A primitive of the table on tensors of shapes that broadcast, recorded. Being no generic function, it is compiled
    /// once here, and not by everybody who uses one primitive, whose derivative may need any other.
    #[doc(hidden)]
    fn primitive(
        prim: autodiff_rules::Prim,
        operand: &dyn Fn(usize) -> Tensor<Self>,
    ) -> Tensor<Self>;
    #[doc(hidden)]
    /// `c = alpha * a b + beta * c` on strided matrices, by a tuned kernel.
    fn gemm(
        a: ndarray::ArrayView2<'_, Self>,
        b: ndarray::ArrayView2<'_, Self>,
        c: &mut ndarray::ArrayViewMut2<'_, Self>,
    );
}

macro_rules! element {
    ($($type:ty: $variant:ident, $combine:expr;)*) => {$(
        #[allow(private_interfaces, reason = "see the trait")]
        impl sealed::Sealed for $type {
            fn into_any(tensor: Tensor<Self>) -> AnyTensor {
                AnyTensor::$variant(tensor)
            }
            fn from_any(tensor: AnyTensor) -> Option<Tensor<Self>> {
                match tensor {
                    AnyTensor::$variant(tensor) => Some(tensor),
                    _ => None,
                }
            }
            fn ref_any(tensor: &AnyTensor) -> Option<&Tensor<Self>> {
                match tensor {
                    AnyTensor::$variant(tensor) => Some(tensor),
                    _ => None,
                }
            }
            fn combine(a: Self, b: Self) -> Self {
                $combine(a, b)
            }
            fn pool() -> &'static std::thread::LocalKey<std::cell::RefCell<Pool<Self>>> {
                thread_local! {
                    static POOL: std::cell::RefCell<Pool<$type>> = const { Pool::new() };
                }
                &POOL
            }
        }
        impl Element for $type {
            const DTYPE: DType = DType::$variant;
        }
    )*};
}
element! {
    f32: F32, Number::plus;
    f64: F64, Number::plus;
    i64: I64, Number::plus;
    bool: Bool, std::ops::BitOr::bitor;
}

macro_rules! float {
    ($($type:ty),*) => {$(
        impl Number for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn plus(a: Self, b: Self) -> Self {
                a + b
            }
            fn minus(a: Self, b: Self) -> Self {
                a - b
            }
            fn times(a: Self, b: Self) -> Self {
                a * b
            }
            fn negated(a: Self) -> Self {
                -a
            }
            fn from_i64(value: i64) -> Self {
                value as Self
            }
            #[allow(private_interfaces, reason = "see the trait")]
            fn arithmetic(operator: Arithmetic, a: Cow<'_, Tensor<Self>>, b: &Tensor<Self>, shape: &[usize]) -> Tensor<Self> {
                operator.float(a, b, shape)
            }
            fn negative(a: &Tensor<Self>) -> Tensor<Self> {
                a.negative()
            }
        }
        impl Float for $type {
            fn primitive(prim: autodiff_rules::Prim, operand: &dyn Fn(usize) -> Tensor<Self>) -> Tensor<Self> {
                primitives::call(prim, operand)
            }
            fn gemm(a: ndarray::ArrayView2<'_, Self>, b: ndarray::ArrayView2<'_, Self>, c: &mut ndarray::ArrayViewMut2<'_, Self>) {
                #[cfg(not(feature = "gemm"))]
                ndarray::linalg::general_mat_mul(1.0, &a, &b, 0.0, c);
                #[cfg(feature = "gemm")]
                super::gemm::multiply(a, b, c);
            }
        }
    )*};
}
float!(f32, f64);

impl Number for i64 {
    const ZERO: Self = 0;
    const ONE: Self = 1;
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    fn to_f64(self) -> f64 {
        self as f64
    }
    fn plus(a: Self, b: Self) -> Self {
        a.wrapping_add(b)
    }
    fn minus(a: Self, b: Self) -> Self {
        a.wrapping_sub(b)
    }
    fn times(a: Self, b: Self) -> Self {
        a.wrapping_mul(b)
    }
    fn negated(a: Self) -> Self {
        a.wrapping_neg()
    }
    fn from_i64(value: i64) -> Self {
        value
    }
    #[allow(private_interfaces, reason = "see the trait")]
    fn arithmetic(
        operator: Arithmetic,
        a: Cow<'_, Tensor<Self>>,
        b: &Tensor<Self>,
        shape: &[usize],
    ) -> Tensor<Self> {
        operator.integer(&a, b, shape)
    }
    fn negative(a: &Tensor<Self>) -> Tensor<Self> {
        kernel::map(a, i64::wrapping_neg)
    }
}
