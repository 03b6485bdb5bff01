//! Reductions of dimensions to one number each.

use super::dims::Dims;
use super::element::{Element, Float, Number};
use super::layout::Layout;
use super::shape::{dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, record};

/// The shape with the named dimensions reduced to size one.
pub(super) fn kept(shape: &[usize], dims: &[usize]) -> Dims {
    shape
        .iter()
        .enumerate()
        .map(|(d, &size)| if dims.contains(&d) { 1 } else { size })
        .collect()
}

/// The layout of a reduction's result, stretched over the operand: every element names the place it is reduced to.
pub(super) fn onto(shape: &[usize], dims: &[usize]) -> Layout {
    Layout::contiguous(&kept(shape, dims))
        .broadcast_to(shape)
        .expect("sizes of one stretch to anything")
}

pub(super) fn dropped(shape: &[usize], dims: &[usize]) -> Dims {
    shape
        .iter()
        .enumerate()
        .filter(|(d, _)| !dims.contains(d))
        .map(|(_, &size)| size)
        .collect()
}

impl<T: Element> Tensor<T> {
    /// Another shape that differs by dimensions of size one only.
    pub(super) fn with_ones(&self, shape: &[usize]) -> Self {
        if self.shape() == shape {
            self.share()
        } else {
            self.reshaped("ReshapeBackward", shape)
        }
    }
}

impl<T: Number> Tensor<T> {
    /// The sum of all elements.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).sum(), tensor(10));
    /// ```
    pub fn sum(&self) -> Self {
        let dims: Vec<usize> = (0..self.ndim()).collect();
        self.summed(&dims, false)
    }

    /// The sum over dimensions (all of them for an empty list), which disappear, or keep the size one with `keepdim`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).sum_dims(&[0], true), tensor([[4, 6]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn sum_dims(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_sum_dims(dims, keepdim))
    }

    /// [`sum_dims`](Self::sum_dims) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_sum_dims(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        Ok(self.summed(&dimensions("sum", dims, self.ndim())?, keepdim))
    }

    fn summed(&self, dims: &[usize], keepdim: bool) -> Self {
        let (before, kept) = (Dims::from(self.shape()), kept(self.shape(), dims));
        let mut out = vec![T::ZERO; kept.iter().product()];
        kernel::fold_sum(self, &onto(self.shape(), dims), &mut out);
        let shape = if keepdim {
            kept.clone()
        } else {
            dropped(&before, dims)
        };
        record(
            "SumBackward",
            [self],
            [],
            Self::fresh(out, &shape),
            move |cx, g| {
                cx.give(0, || g.with_ones(&kept).broadcast_to(&before));
            },
        )
    }

    /// The transpose of stretching to this tensor's shape: the sum over what was repeated.
    pub(crate) fn sum_to(self, shape: &[usize]) -> Self {
        if self.shape() == shape {
            return self;
        }
        let missing = self.ndim() - shape.len();
        let repeated = |d: usize| d < missing || (shape[d - missing] == 1 && self.shape()[d] != 1);
        let dims: Vec<usize> = (0..self.ndim()).filter(|&d| repeated(d)).collect();
        self.summed(&dims, true).with_ones(shape)
    }
}

impl<T: Float> Tensor<T> {
    /// The mean of all elements; NaN where there are none.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 4.0]).mean(), tensor(2.5));
    /// ```
    pub fn mean(&self) -> Self {
        self.averaged(&(0..self.ndim()).collect::<Vec<_>>(), false)
    }

    /// The mean over dimensions (all of them for an empty list), which disappear, or keep the size one with `keepdim`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1.0, 4.0], [0.0, 2.0]]).mean_dims(&[1], false), tensor([2.5, 1.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn mean_dims(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_mean_dims(dims, keepdim))
    }

    /// [`mean_dims`](Self::mean_dims) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_mean_dims(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        Ok(self.averaged(&dimensions("mean", dims, self.ndim())?, keepdim))
    }

    fn averaged(&self, dims: &[usize], keepdim: bool) -> Self {
        let (before, kept) = (Dims::from(self.shape()), kept(self.shape(), dims));
        let count = T::from_f64(dims.iter().map(|&d| before[d]).product::<usize>() as f64);
        let mut out = vec![T::ZERO; kept.iter().product()];
        kernel::fold_sum(self, &onto(self.shape(), dims), &mut out);
        out.iter_mut().for_each(|sum| *sum = *sum / count);
        let shape = if keepdim {
            kept.clone()
        } else {
            dropped(&before, dims)
        };
        record(
            "MeanBackward",
            [self],
            [],
            Self::fresh(out, &shape),
            move |cx, g| {
                cx.give(0, || {
                    (g / Tensor::full(&[], count))
                        .with_ones(&kept)
                        .broadcast_to(&before)
                });
            },
        )
    }
}

impl Tensor<bool> {
    /// Whether all elements hold.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).all(), tensor(false));
    /// ```
    pub fn all(&self) -> Self {
        self.all_dims(&[], false)
    }

    /// Whether any element holds.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([true, false]).any(), tensor(true));
    /// ```
    pub fn any(&self) -> Self {
        self.any_dims(&[], false)
    }

    /// Whether all elements hold, over dimensions (all of them for an empty list).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[true, false], [true, true]]).all_dims(&[1], false), tensor([false, true]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn all_dims(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_all_dims(dims, keepdim))
    }

    /// [`all_dims`](Self::all_dims) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_all_dims(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        self.folded("all", dims, keepdim, true, |acc, v| acc && v)
    }

    /// Whether any element holds, over dimensions (all of them for an empty list).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[true, false], [false, false]]).any_dims(&[1], false), tensor([true, false]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn any_dims(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_any_dims(dims, keepdim))
    }

    /// [`any_dims`](Self::any_dims) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_any_dims(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        self.folded("any", dims, keepdim, false, |acc, v| acc || v)
    }

    fn folded(
        &self,
        operation: &str,
        dims: &[isize],
        keepdim: bool,
        start: bool,
        f: fn(bool, bool) -> bool,
    ) -> Result<Self, AutogradError> {
        let dims = dimensions(operation, dims, self.ndim())?;
        let kept = kept(self.shape(), &dims);
        let mut out = vec![start; kept.iter().product()];
        kernel::fold(self, &onto(self.shape(), &dims), &mut out, f);
        let shape = if keepdim {
            kept
        } else {
            dropped(self.shape(), &dims)
        };
        Ok(Self::fresh(out, &shape))
    }
}
