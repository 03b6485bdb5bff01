//! Reductions made of others: products, variances, norms; and which element is the extreme one.

use super::dims::Dims;
use super::element::Float;
use super::shape::{dimension, dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, record};

impl<T: Float> Tensor<T> {
    /// The product of all elements. Its derivatives are exact also where elements are zero.
    pub fn prod(&self) -> Self {
        self.reshaped("ReshapeBackward", &[self.len()])
            .prod_dim(0, false)
    }

    /// The product along `dim`. Its derivatives are exact also where elements are zero.
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[track_caller]
    pub fn prod_dim(&self, dim: isize, keepdim: bool) -> Self {
        let d = expect(dimension("prod_dim", dim, self.ndim()));
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
        if keepdim {
            factors
        } else {
            factors.squeeze(d as isize)
        }
    }

    /// The variance over dimensions (all of them for an empty list): the sum of squared differences from the mean,
    /// divided by the number of elements less `correction` (1 for the unbiased estimate, 0 for the mean of squares).
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn var(&self, dims: &[isize], correction: usize, keepdim: bool) -> Self {
        let named = expect(dimensions("var", dims, self.ndim()));
        let count: usize = named.iter().map(|&d| self.shape()[d]).product();
        let deviations = self - self.mean_dims(dims, true);
        deviations.square().sum_dims(dims, keepdim) / count.saturating_sub(correction) as f64
    }

    /// The square root of [`var`](Self::var). The gradient where all elements are equal is 0.
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[track_caller]
    pub fn std(&self, dims: &[isize], correction: usize, keepdim: bool) -> Self {
        let named = expect(dimensions("std", dims, self.ndim()));
        let count: usize = named.iter().map(|&d| self.shape()[d]).product();
        let deviations = self - self.mean_dims(dims, true);
        deviations.norm(dims, keepdim) / (count.saturating_sub(correction) as f64).sqrt()
    }

    /// The Euclidean norm over dimensions (all of them for an empty list). The gradient at the origin is 0.
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

    /// The index of the greatest element along `dim`, the first one among equals.
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn argmax(&self, dim: isize, keepdim: bool) -> Tensor<i64> {
        self.detach().max_dim(dim, keepdim).1
    }

    /// The index of the least element along `dim`, the first one among equals.
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn argmin(&self, dim: isize, keepdim: bool) -> Tensor<i64> {
        self.detach().min_dim(dim, keepdim).1
    }
}
