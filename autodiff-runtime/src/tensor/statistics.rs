//! Reductions made of others: products, variances, norms; and which element is the extreme one.

use super::dims::Dims;
use super::element::{Float, Number};
use super::shape::{dimension, dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, record};

impl<T: Float> Tensor<T> {
    /// The variance over dimensions (all of them for an empty list): the sum of squared differences from the mean,
    /// divided by the number of elements less `correction` (1 for the unbiased estimate, 0 for the mean of squares).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, 3.0], [2.0, 8.0]]);
    /// assert_eq!(x.var(&[1], 1, false), tensor([2.0, 18.0]));
    /// assert_eq!(x.var(&[1], 0, true), tensor([[1.0], [9.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn var(&self, dims: &[isize], correction: usize, keepdim: bool) -> Self {
        expect(self.try_var(dims, correction, keepdim))
    }

    /// [`var`](Self::var) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_var(
        &self,
        dims: &[isize],
        correction: usize,
        keepdim: bool,
    ) -> Result<Self, AutogradError> {
        let count = self.freedom("var", dims, correction)?;
        let deviations = self - self.try_mean_dims(dims, true)?;
        Ok(deviations.square().try_sum_dims(dims, keepdim)? / count)
    }

    /// The square root of [`var`](Self::var). The gradient where all elements are equal is 0.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 5.0]).std(&[], 0, false), tensor(2.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn std(&self, dims: &[isize], correction: usize, keepdim: bool) -> Self {
        expect(self.try_std(dims, correction, keepdim))
    }

    /// [`std`](Self::std) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_std(
        &self,
        dims: &[isize],
        correction: usize,
        keepdim: bool,
    ) -> Result<Self, AutogradError> {
        let count = self.freedom("std", dims, correction)?;
        let deviations = self - self.try_mean_dims(dims, true)?;
        Ok(deviations.try_norm(dims, keepdim)? / count.sqrt())
    }

    /// The number of elements in dimensions, less `correction`.
    fn freedom(
        &self,
        operation: &str,
        dims: &[isize],
        correction: usize,
    ) -> Result<f64, AutogradError> {
        let named = dimensions(operation, dims, self.ndim())?;
        let count: usize = named.iter().map(|&d| self.shape()[d]).product();
        Ok(count.saturating_sub(correction) as f64)
    }

    /// The Euclidean norm over dimensions (all of them for an empty list). The gradient at the origin is 0.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[3.0, 4.0], [5.0, 12.0]]).norm(&[1], false), tensor([5.0, 13.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn norm(&self, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_norm(dims, keepdim))
    }

    /// [`norm`](Self::norm) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_norm(&self, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        let x = self.detach();
        let named: Vec<isize> = dimensions("norm", dims, self.ndim())?
            .into_iter()
            .map(|d| d as isize)
            .collect();
        let kept = kernel::map(
            &kernel::map(&x, |v| T::times(v, v)).sum_dims(&named, true),
            |v| num_traits::Float::sqrt(v),
        );
        let full = Dims::from(kept.shape());
        let shape = if keepdim {
            full.clone()
        } else {
            Dims::from(x.sum_dims(&named, false).shape())
        };
        let out = kept.reshaped("ReshapeBackward", &shape);
        Ok(record(
            "NormBackward",
            [self],
            [Keep::Input(0), Keep::Output],
            out,
            move |cx, g| {
                cx.give(0, || {
                    let norm = cx.saved(1).reshaped("ReshapeBackward", &full);
                    let origin = norm.detach().eq_elements(T::ZERO);
                    let direction = cx.saved(0) / origin.where_else(&Self::ones(&[]), &norm);
                    g.reshaped("ReshapeBackward", &full) * direction
                });
            },
        ))
    }

    /// The `p`-norm over dimensions (all of them for an empty list), `(Σ |x|ᵖ)` to the power `1/p`: for `p` infinite the
    /// greatest magnitude, for minus infinity the least, for 0 the number of elements that are not zero. The gradient at
    /// the origin is 0. For `p = 2` call [`norm`](Self::norm), which is faster.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([3.0, -4.0]);
    /// assert_eq!(x.norm_p(1.0, &[], false), tensor(7.0));
    /// assert_eq!(x.norm_p(f64::INFINITY, &[], false), tensor(4.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, one is named twice, or `p` is infinite and there are no elements.
    #[track_caller]
    pub fn norm_p(&self, p: f64, dims: &[isize], keepdim: bool) -> Self {
        expect(self.try_norm_p(p, dims, keepdim))
    }

    /// [`norm_p`](Self::norm_p) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, one is named twice, or `p` is infinite and there are no elements.
    pub fn try_norm_p(&self, p: f64, dims: &[isize], keepdim: bool) -> Result<Self, AutogradError> {
        let size = self.abs();
        if p == f64::INFINITY {
            return size.try_amax(dims, keepdim);
        }
        if p == f64::NEG_INFINITY {
            return size.try_amin(dims, keepdim);
        }
        if p == 0.0 {
            return self.sign().abs().try_sum_dims(dims, keepdim);
        }
        if p == 1.0 {
            return size.try_sum_dims(dims, keepdim);
        }
        // Zeros are left out: their power has an infinite derivative for `p` below 1, and so has the root at the origin.
        let one = Self::ones(&[]);
        let zero = self.detach().eq_elements(T::ZERO);
        let powers = zero.where_else(&Self::zeros(&[]), &zero.where_else(&one, &size).powf(p));
        let sum = powers.try_sum_dims(dims, keepdim)?;
        let origin = sum.detach().eq_elements(T::ZERO);
        let root = origin.where_else(&one, &sum).powf(1.0 / p);
        Ok(origin.where_else(&Self::zeros(&[]), &root))
    }
}

impl<T: Number> Tensor<T> {
    /// The product of all elements. Its derivatives are exact also where elements are zero.
    ///
    /// ```
    /// use autodiff_runtime::{grad, tensor};
    ///
    /// let x = tensor([2.0, 0.0, 5.0]).require_grad();
    /// assert_eq!(grad(&[&x.prod()], &[&x])?, [tensor([0.0, 10.0, 0.0])]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn prod(&self) -> Self {
        self.reshaped("ReshapeBackward", &[self.len()])
            .prod_dim(0, false)
    }

    /// The product along `dim`. Its derivatives are exact also where elements are zero.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).prod_dim(1, false), tensor([2, 12]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[track_caller]
    pub fn prod_dim(&self, dim: isize, keepdim: bool) -> Self {
        expect(self.try_prod_dim(dim, keepdim))
    }

    /// [`prod_dim`](Self::prod_dim) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_prod_dim(&self, dim: isize, keepdim: bool) -> Result<Self, AutogradError> {
        let d = dimension("prod_dim", dim, self.ndim())?;
        let mut factors = self.clone();
        // Halves are multiplied by each other until one element is left: no derivative ever divides by an element.
        while factors.shape()[d] > 1 {
            let half = factors.shape()[d] / 2;
            let product = factors.narrow(dim, 0, half) * factors.narrow(dim, half, half);
            factors = match factors.shape()[d] % 2 {
                0 => product,
                _ => Self::cat(&[&product, &factors.narrow(dim, 2 * half, 1)], dim),
            };
        }
        if factors.shape()[d] == 0 {
            let mut shape = Dims::from(self.shape());
            shape[d] = 1;
            factors = Self::ones(&shape);
        }
        Ok(if keepdim {
            factors
        } else {
            factors.squeeze(d as isize)
        })
    }

    /// The index of the greatest element along `dim`, the first one among equals.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 5], [7, 7]]).argmax(1, false), tensor([1, 0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn argmax(&self, dim: isize, keepdim: bool) -> Tensor<i64> {
        expect(self.try_argmax(dim, keepdim))
    }

    /// [`argmax`](Self::argmax) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or it is empty.
    pub fn try_argmax(&self, dim: isize, keepdim: bool) -> Result<Tensor<i64>, AutogradError> {
        Ok(self.detach().try_max_dim(dim, keepdim)?.1)
    }

    /// The index of the least element along `dim`, the first one among equals.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 5], [7, 7]]).argmin(0, false), tensor([0, 0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn argmin(&self, dim: isize, keepdim: bool) -> Tensor<i64> {
        expect(self.try_argmin(dim, keepdim))
    }

    /// [`argmin`](Self::argmin) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or it is empty.
    pub fn try_argmin(&self, dim: isize, keepdim: bool) -> Result<Tensor<i64>, AutogradError> {
        Ok(self.detach().try_min_dim(dim, keepdim)?.1)
    }
}
