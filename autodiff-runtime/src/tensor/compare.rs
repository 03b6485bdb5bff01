//! Comparisons, masks and limits.

use super::element::{Element, Float, Number};
use super::shape::{common, expect};
use super::{Tensor, kernel};
use crate::autograd::AutogradError;

/// The other side of a comparison: a tensor or a number.
///
/// ```
/// use autodiff_runtime::tensor;
///
/// let x = tensor([1.0, 3.0]);
/// assert_eq!(x.gt(2.0), x.gt(&tensor(2.0)));
/// ```
pub trait Operand<T: Element> {
    /// The operand as a tensor.
    #[doc(hidden)]
    fn operand(&self) -> Tensor<T>;
}

impl<T: Element> Operand<T> for &Tensor<T> {
    fn operand(&self) -> Tensor<T> {
        (*self).clone()
    }
}

impl<T: Element> Operand<T> for T {
    fn operand(&self) -> Tensor<T> {
        Tensor::full(&[], *self)
    }
}

macro_rules! comparisons {
    ($($name:ident $try_name:ident $operator:tt $words:literal;)*) => {
        impl<T: Element> Tensor<T> {
            $(
                #[doc = concat!("Whether each element is ", $words, " that of `other`, a tensor or a number, both stretched to a common shape.")]
                ///
                /// ```
                /// use autodiff_runtime::tensor;
                ///
                #[doc = concat!("assert_eq!(tensor([1, 3]).", stringify!($name), "(&tensor([2, 3])), tensor([1 ", stringify!($operator), " 2, 3 ", stringify!($operator), " 3]));")]
                #[doc = concat!("assert_eq!(tensor(1.5).", stringify!($name), "(2.0), tensor(1.5 ", stringify!($operator), " 2.0));")]
                /// ```
                ///
                /// # Panics
                ///
                /// When the shapes do not broadcast.
                #[track_caller]
                pub fn $name(&self, other: impl Operand<T>) -> Tensor<bool> {
                    expect(self.$try_name(other))
                }

                #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") with an error instead of a panic.")]
                ///
                /// # Errors
                ///
                /// When the shapes do not broadcast.
                pub fn $try_name(&self, other: impl Operand<T>) -> Result<Tensor<bool>, AutogradError> {
                    let other = other.operand();
                    let shape = common(stringify!($name), self.shape(), other.shape())?;
                    Ok(kernel::zip(self, &other, &shape, |a, b| a $operator b))
                }
            )*
        }
    };
}

comparisons! {
    eq_elements try_eq_elements == "equal to";
    ne_elements try_ne_elements != "different from";
    lt try_lt < "less than";
    le try_le <= "at most";
    gt try_gt > "greater than";
    ge try_ge >= "at least";
}

impl Tensor<bool> {
    /// Where this mask does not hold.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).logical_not(), tensor([false, true]));
    /// ```
    #[must_use]
    pub fn logical_not(&self) -> Self {
        kernel::map(self, |v| !v)
    }

    /// Where both masks hold.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).logical_and(&tensor(true)), tensor([true, false]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn logical_and(&self, other: &Self) -> Self {
        expect(self.try_logical_and(other))
    }

    /// [`logical_and`](Self::logical_and) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_logical_and(&self, other: &Self) -> Result<Self, AutogradError> {
        let shape = common("logical_and", self.shape(), other.shape())?;
        Ok(kernel::zip(self, other, &shape, |a, b| a && b))
    }

    /// Where one of the masks holds, or both.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).logical_or(&tensor(true)), tensor([true, true]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn logical_or(&self, other: &Self) -> Self {
        expect(self.try_logical_or(other))
    }

    /// [`logical_or`](Self::logical_or) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_logical_or(&self, other: &Self) -> Result<Self, AutogradError> {
        let shape = common("logical_or", self.shape(), other.shape())?;
        Ok(kernel::zip(self, other, &shape, |a, b| a || b))
    }

    /// Where one of the masks holds, but not both.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).logical_xor(&tensor(true)), tensor([false, true]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn logical_xor(&self, other: &Self) -> Self {
        expect(self.try_logical_xor(other))
    }

    /// [`logical_xor`](Self::logical_xor) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_logical_xor(&self, other: &Self) -> Result<Self, AutogradError> {
        let shape = common("logical_xor", self.shape(), other.shape())?;
        Ok(kernel::zip(self, other, &shape, |a, b| a != b))
    }

    /// 1 where this mask holds and 0 elsewhere.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).to_number::<f64>(), tensor([1.0, 0.0]));
    /// ```
    pub fn to_number<T: Number>(&self) -> Tensor<T> {
        kernel::map(self, |v| if v { T::ONE } else { T::ZERO })
    }
}

impl<T: Float> Tensor<T> {
    /// Where elements are NaN.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([f64::NAN, 1.0]).is_nan(), tensor([true, false]));
    /// ```
    pub fn is_nan(&self) -> Tensor<bool> {
        kernel::map(self, |v| v.is_nan())
    }

    /// Each element cut to lie between `low` and `high`; NaN stays NaN. The gradient is 0 outside and at the bounds.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([-2.0, 0.5, 3.0]).clamp(0.0, 1.0), tensor([0.0, 0.5, 1.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When `low` is greater than `high`, or one of them is NaN.
    #[must_use]
    #[track_caller]
    pub fn clamp(&self, low: T, high: T) -> Self {
        expect(self.try_clamp(low, high))
    }

    /// [`clamp`](Self::clamp) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When `low` is greater than `high`, or one of them is NaN.
    pub fn try_clamp(&self, low: T, high: T) -> Result<Self, AutogradError> {
        if low <= high {
            let [low, high] = [low, high].map(|bound| Self::full(&[], bound));
            return self.try_maximum(&low)?.try_minimum(&high);
        }
        Err(AutogradError::argument(format!(
            "clamp: there is nothing between {low} and {high}"
        )))
    }
}
