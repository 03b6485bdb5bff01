//! Reductions of dimensions to one number each.

use super::dims::Dims;
use super::element::{AnyTensor, Element, Float, Number};
use super::layout::Layout;
use super::shape::{dimension, dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, record};

/// The shape with the named dimensions reduced to size one.
fn kept(shape: &[usize], dims: &[usize]) -> Dims {
    shape
        .iter()
        .enumerate()
        .map(|(d, &size)| if dims.contains(&d) { 1 } else { size })
        .collect()
}

/// The layout of a reduction's result, stretched over the operand: every element names the place it is reduced to.
fn onto(shape: &[usize], dims: &[usize]) -> Layout {
    Layout::contiguous(&kept(shape, dims))
        .broadcast_to(shape)
        .expect("sizes of one stretch to anything")
}

fn dropped(shape: &[usize], dims: &[usize]) -> Dims {
    shape
        .iter()
        .enumerate()
        .filter(|(d, _)| !dims.contains(d))
        .map(|(_, &size)| size)
        .collect()
}

impl<T: Element> Tensor<T> {
    /// Another shape that differs by dimensions of size one only.
    fn with_ones(&self, shape: &[usize]) -> Self {
        if self.shape() == shape {
            self.share()
        } else {
            self.reshaped("ReshapeBackward", shape)
        }
    }
}

impl<T: Number> Tensor<T> {
    /// The sum of all elements.
    pub fn sum(&self) -> Self {
        let dims: Vec<usize> = (0..self.ndim()).collect();
        self.summed(&dims, false)
    }

    /// The sum over dimensions (all of them for an empty list), which disappear, or keep the size one with `keepdim`.
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
    pub fn mean(&self) -> Self {
        self.averaged(&(0..self.ndim()).collect::<Vec<_>>(), false)
    }

    /// The mean over dimensions (all of them for an empty list), which disappear, or keep the size one with `keepdim`.
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

impl<T: Number> Tensor<T> {
    /// The greatest element. Several that are equal share the gradient evenly; NaN if there is one.
    ///
    /// # Panics
    ///
    /// When there are no elements.
    #[track_caller]
    pub fn max(&self) -> Self {
        expect(self.try_max())
    }

    /// [`max`](Self::max) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no elements.
    pub fn try_max(&self) -> Result<Self, AutogradError> {
        self.extreme("MaxBackward", "max", &[], false, |a, b| a > b)
    }

    /// The least element, as [`max`](Self::max) otherwise.
    ///
    /// # Panics
    ///
    /// When there are no elements.
    #[track_caller]
    pub fn min(&self) -> Self {
        expect(self.try_min())
    }

    /// [`min`](Self::min) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no elements.
    pub fn try_min(&self) -> Result<Self, AutogradError> {
        self.extreme("MinBackward", "min", &[], false, |a, b| a < b)
    }

    /// The greatest elements over dimensions (all of them for an empty list). Several that are equal share the gradient
    /// evenly.
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or no elements in them.
    #[track_caller]
    pub fn amax(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_amax(dims, keepdim))
    }

    /// [`amax`](Self::amax) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or no elements in them.
    pub fn try_amax(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        self.extreme("AmaxBackward", "amax", dims, keepdim, |a, b| a > b)
    }

    /// The least elements over dimensions, as [`amax`](Self::amax) otherwise.
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or no elements in them.
    #[track_caller]
    pub fn amin(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_amin(dims, keepdim))
    }

    /// [`amin`](Self::amin) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or no elements in them.
    pub fn try_amin(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        self.extreme("AminBackward", "amin", dims, keepdim, |a, b| a < b)
    }

    fn extreme(
        &self,
        name: &'static str,
        operation: &str,
        dims: &[isize],
        keepdim: bool,
        beats: fn(T, T) -> bool,
    ) -> Result<Self, AutogradError> {
        let dims = dimensions(operation, dims, self.ndim())?;
        let (before, kept) = (Dims::from(self.shape()), kept(self.shape(), &dims));
        let count: usize = dims.iter().map(|&d| before[d]).product();
        if count == 0 {
            return Err(AutogradError::shape(
                operation,
                format!(
                    "a tensor of shape {:?} has no elements to choose from",
                    self.shape()
                ),
            ));
        }
        let mut out: Vec<Option<T>> = vec![None; kept.iter().product()];
        kernel::fold(
            self,
            &onto(self.shape(), &dims),
            &mut out,
            |best, v| match best {
                Some(best) if is_nan(best) || !(is_nan(v) || beats(v, best)) => Some(best),
                _ => Some(v),
            },
        );
        let out: Vec<T> = out
            .into_iter()
            .map(|best| best.expect("every place has an element"))
            .collect();
        let shape = if keepdim {
            kept.clone()
        } else {
            dropped(&before, &dims)
        };
        Ok(record(
            name,
            [self],
            [Keep::Input(0), Keep::Output],
            Self::fresh(out, &shape),
            move |cx, g| {
                cx.give(0, || {
                    // The shares are constant wherever the choice is, so nothing of them is recorded.
                    let (x, best) = (cx.saved(0).detach(), cx.saved(1).detach().with_ones(&kept));
                    let chosen = kernel::zip(&x, &best, &before, |v, best| {
                        if v == best || is_nan(v) && is_nan(best) {
                            T::ONE
                        } else {
                            T::ZERO
                        }
                    });
                    let shares = &chosen
                        / chosen
                            .sum_dims(&dims.iter().map(|&d| d as isize).collect::<Vec<_>>(), true);
                    g.with_ones(&kept) * shares
                });
            },
        ))
    }

    /// The greatest element of each run along `dim`, and its index; the first one among equals. The gradient goes to it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (values, indices) = tensor([[1.0, 5.0], [7.0, 2.0]]).max_dim(1, false);
    /// assert_eq!(values, tensor([5.0, 7.0]));
    /// assert_eq!(indices, tensor([1, 0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn max_dim(&self, dim: isize, keepdim: bool) -> (Self, Tensor<i64>) {
        expect(self.try_max_dim(dim, keepdim))
    }

    /// [`max_dim`](Self::max_dim) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or it is empty.
    pub fn try_max_dim(
        &self,
        dim: isize,
        keepdim: bool,
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        self.extreme_dim("MaxBackward", "max_dim", dim, keepdim, |a, b| a > b)
    }

    /// The least element of each run along `dim`, and its index, as [`max_dim`](Self::max_dim) otherwise.
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn min_dim(&self, dim: isize, keepdim: bool) -> (Self, Tensor<i64>) {
        expect(self.try_min_dim(dim, keepdim))
    }

    /// [`min_dim`](Self::min_dim) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or it is empty.
    pub fn try_min_dim(
        &self,
        dim: isize,
        keepdim: bool,
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        self.extreme_dim("MinBackward", "min_dim", dim, keepdim, |a, b| a < b)
    }

    fn extreme_dim(
        &self,
        name: &'static str,
        operation: &str,
        dim: isize,
        keepdim: bool,
        beats: fn(T, T) -> bool,
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        let dim = dimension(operation, dim, self.ndim())?;
        let size = self.shape()[dim];
        if size == 0 {
            return Err(AutogradError::shape(
                operation,
                format!(
                    "dimension {dim} of shape {:?} has nothing to choose from",
                    self.shape()
                ),
            ));
        }
        let kept = kept(self.shape(), &[dim]);
        let mut best = kernel::to_vec(&self.select(dim as isize, 0).detach());
        let mut indices = vec![0_i64; best.len()];
        for index in 1..size {
            let row = kernel::to_vec(&self.select(dim as isize, index as isize).detach());
            for ((best, found), v) in best.iter_mut().zip(&mut indices).zip(row) {
                if !is_nan(*best) && (is_nan(v) || beats(v, *best)) {
                    (*best, *found) = (v, index as i64);
                }
            }
        }
        let indices = Tensor::fresh(indices, &kept);
        let shape = if keepdim {
            kept.clone()
        } else {
            dropped(self.shape(), &[dim])
        };
        let values = record(
            name,
            [self],
            [Keep::Constant(AnyTensor::I64(indices.clone()))],
            Self::fresh(best, &shape),
            move |cx, g| {
                cx.give(0, || {
                    g.with_ones(&kept).scattered(dim, &cx.constant(0), size)
                });
            },
        );
        Ok((values, indices.reshaped("ReshapeBackward", &shape)))
    }
}

/// Whether a number is none; integers always are.
pub(super) fn is_nan<T: Number>(v: T) -> bool {
    v.partial_cmp(&v).is_none()
}

impl Tensor<bool> {
    /// Whether all elements hold.
    pub fn all(&self) -> Self {
        self.all_dims(&[], false)
    }

    /// Whether any element holds.
    pub fn any(&self) -> Self {
        self.any_dims(&[], false)
    }

    /// Whether all elements hold, over dimensions (all of them for an empty list).
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
