//! The greatest and the least elements.

use super::dims::Dims;
use super::element::{AnyTensor, Number};
use super::reduce::{dropped, kept, onto};
use super::shape::{dimension, dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, record};

impl<T: Number> Tensor<T> {
    /// The greatest element. Several that are equal share the gradient evenly; NaN if there is one.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 4, 2]).max(), tensor(4));
    /// ```
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([3, 1, 2]).min(), tensor(1));
    /// ```
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 4], [3, 2]]).amax(&[0], false), tensor([3, 4]));
    /// ```
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 4], [3, 2]]).amin(&[1], true), tensor([[1], [2]]));
    /// ```
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (values, indices) = tensor([[1.0, 5.0], [7.0, 2.0]]).min_dim(1, false);
    /// assert_eq!((values, indices), (tensor([1.0, 2.0]), tensor([0, 1])));
    /// ```
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
