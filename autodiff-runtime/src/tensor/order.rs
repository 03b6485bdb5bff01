//! Sorting, and what follows from it; running products.

use super::dims::Dims;
use super::element::Number;
use super::extremes::is_nan;
use super::scan::around;
use super::shape::{dimension, expect};
use super::{Tensor, kernel};
use crate::autograd::AutogradError;

impl<T: Number> Tensor<T> {
    /// The elements along `dim` in rising order (falling with `descending`), and where each of them was. Equal elements
    /// keep their order, and NaN counts as the greatest. Gradients go back to where the elements came from.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (values, indices) = tensor([3, 1, 2]).sort(0, false);
    /// assert_eq!((values, indices), (tensor([1, 2, 3]), tensor([1, 2, 0])));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[track_caller]
    pub fn sort(&self, dim: isize, descending: bool) -> (Self, Tensor<i64>) {
        expect(self.try_sort(dim, descending))
    }

    /// [`sort`](Self::sort) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_sort(
        &self,
        dim: isize,
        descending: bool,
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        let indices = self.order("sort", dim, descending)?;
        Ok((self.try_gather(dim, &indices)?, indices))
    }

    /// The indices that [`sort`](Self::sort) gives.
    fn order(
        &self,
        operation: &str,
        dim: isize,
        descending: bool,
    ) -> Result<Tensor<i64>, AutogradError> {
        let d = dimension(operation, dim, self.ndim())?;
        let [before, size, behind] = around(self.shape(), d);
        let data = kernel::to_vec(self);
        let mut indices = vec![0_i64; data.len()];
        let rises = |a: T, b: T| {
            a.partial_cmp(&b)
                .unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
        };
        for outer in 0..before {
            for inner in 0..behind {
                let place = |i: usize| (outer * size + i) * behind + inner;
                let mut line: Vec<usize> = (0..size).collect();
                line.sort_by(|&a, &b| {
                    let order = rises(data[place(a)], data[place(b)]);
                    if descending { order.reverse() } else { order }
                });
                line.into_iter()
                    .enumerate()
                    .for_each(|(i, from)| indices[place(i)] = from as i64);
            }
        }
        Ok(Tensor::fresh(indices, self.shape()))
    }

    /// The `count` greatest elements along `dim` (least with `largest` false), in order, and where each of them was.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (values, indices) = tensor([3, 1, 2]).topk(2, 0, true);
    /// assert_eq!((values, indices), (tensor([3, 2]), tensor([0, 2])));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it has fewer elements.
    #[track_caller]
    pub fn topk(&self, count: usize, dim: isize, largest: bool) -> (Self, Tensor<i64>) {
        expect(self.try_topk(count, dim, largest))
    }

    /// [`topk`](Self::topk) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or it has fewer elements.
    pub fn try_topk(
        &self,
        count: usize,
        dim: isize,
        largest: bool,
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        let indices = self
            .order("topk", dim, largest)?
            .try_narrow(dim, 0, count)?;
        Ok((self.try_gather(dim, &indices)?, indices))
    }

    /// The median along `dim` and where it was: the lower one of the two in the middle of an even number; NaN if
    /// there is one. The gradient goes to it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (value, index) = tensor([3.0, 1.0, 2.0]).median(0, false);
    /// assert_eq!((value, index), (tensor(2.0), tensor(2)));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or it is empty.
    #[track_caller]
    pub fn median(&self, dim: isize, keepdim: bool) -> (Self, Tensor<i64>) {
        expect(self.try_median(dim, keepdim))
    }

    /// [`median`](Self::median) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or it is empty.
    pub fn try_median(
        &self,
        dim: isize,
        keepdim: bool,
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        let d = dimension("median", dim, self.ndim())?;
        let size = self.shape()[d];
        if size == 0 {
            let message = format!("dimension {d} of shape {:?} is empty", self.shape());
            return Err(AutogradError::shape("median", message));
        }
        let order = self.order("median", dim, false)?;
        let mut indices = order.narrow(dim, (size - 1) / 2, 1);
        // NaN is sorted to the end; where there is one, it is the median.
        let last = order.narrow(dim, size - 1, 1);
        let missing = kernel::map(&self.detach().gather(dim, &last), is_nan);
        indices = missing.where_else(&last, &indices);
        let values = self.try_gather(dim, &indices)?;
        Ok(if keepdim {
            (values, indices)
        } else {
            (values.squeeze(d as isize), indices.squeeze(d as isize))
        })
    }

    /// The running products along `dim`. The derivatives are exact also where elements are zero: nothing is divided by
    /// one. The number of recorded operations grows with the logarithm of the length.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([2, 3, 4]).cumprod(0), tensor([2, 6, 24]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[must_use]
    #[track_caller]
    pub fn cumprod(&self, dim: isize) -> Self {
        expect(self.try_cumprod(dim))
    }

    /// [`cumprod`](Self::cumprod) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_cumprod(&self, dim: isize) -> Result<Self, AutogradError> {
        let d = dimension("cumprod", dim, self.ndim())?;
        let size = self.shape()[d];
        let mut products = self.clone();
        let mut reach = 1;
        // After each round an element is the product of `2 reach` elements up to its own (Hillis and Steele, 1986).
        while reach < size {
            let mut shape = Dims::from(self.shape());
            shape[d] = reach;
            let shifted = Self::cat(
                &[&Self::ones(&shape), &products.narrow(dim, 0, size - reach)],
                dim,
            );
            products = shifted * products;
            reach *= 2;
        }
        Ok(products)
    }
}
