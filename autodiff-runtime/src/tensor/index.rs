//! Picking elements by masks and by indices.

use super::dims::Dims;
use super::element::{AnyTensor, Element, Number};
use super::layout::Layout;
use super::shape::{common, dimension, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Keep, record};

impl Tensor<bool> {
    /// The elements of `yes` where this mask holds and those of `no` elsewhere, all three stretched to a common shape.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let mask = tensor([true, false]);
    /// assert_eq!(mask.where_else(&tensor([1.0, 2.0]), &tensor(0.0)), tensor([1.0, 0.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn where_else<T: Number>(&self, yes: &Tensor<T>, no: &Tensor<T>) -> Tensor<T> {
        expect(self.try_where_else(yes, no))
    }

    /// [`where_else`](Self::where_else) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_where_else<T: Number>(
        &self,
        yes: &Tensor<T>,
        no: &Tensor<T>,
    ) -> Result<Tensor<T>, AutogradError> {
        let shape = common(
            "where_else",
            &common("where_else", yes.shape(), no.shape())?,
            self.shape(),
        )?;
        let start = Tensor::fresh(kernel::to_vec(&no.detach().broadcast_to(&shape)), &shape);
        let out = kernel::zip_three(
            start,
            self,
            yes,
            |no, mask, yes| if mask { yes } else { no },
        );
        let shapes = [Dims::from(yes.shape()), Dims::from(no.shape())];
        let keep = [Keep::Constant(AnyTensor::Bool(self.clone()))];
        Ok(record(
            "WhereBackward",
            [yes, no],
            keep,
            out,
            move |cx, g| {
                let mask: Tensor<bool> = cx.constant(0);
                let zero = Tensor::zeros(&[]);
                cx.give(0, || mask.where_else(&g, &zero).sum_to(&shapes[0]));
                cx.give(1, || mask.where_else(&zero, &g).sum_to(&shapes[1]));
            },
        ))
    }
}

/// Where along a dimension of `size` each index points, counted from the end when negative.
fn checked(
    operation: &str,
    indices: &Tensor<i64>,
    size: usize,
) -> Result<Vec<usize>, AutogradError> {
    let place = |index: i64| super::shape::position(operation, index as isize, size);
    kernel::to_vec(indices).into_iter().map(place).collect()
}

/// The strides with which elements of `shape` address a contiguous tensor whose dimension `dim` they choose by index.
fn lines(shape: &[usize], dim: usize, size: usize) -> (Layout, usize) {
    let mut whole = Dims::from(shape);
    whole[dim] = size;
    let mut layout = Layout::contiguous(&whole);
    let stride = layout.strides[dim];
    layout.shape[dim] = shape[dim];
    layout.strides[dim] = 0;
    (layout, stride)
}

impl<T: Number> Tensor<T> {
    /// The elements of this tensor along `dim` at `indices`, a tensor that has the shape of the result: in two
    /// dimensions and `dim` 1, element `[i, j]` of the result is `self[i, indices[i, j]]`. Negative indices count from
    /// the end.
    ///
    /// # Panics
    ///
    /// When an index is outside, or the shapes differ in another dimension than `dim`.
    #[track_caller]
    pub fn gather(&self, dim: isize, indices: &Tensor<i64>) -> Self {
        expect(self.try_gather(dim, indices))
    }

    /// [`gather`](Self::gather) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When an index is outside, or the shapes differ in another dimension than `dim`.
    pub fn try_gather(&self, dim: isize, indices: &Tensor<i64>) -> Result<Self, AutogradError> {
        let dim = dimension("gather", dim, self.ndim())?;
        self.lines_match("gather", dim, indices)?;
        let size = self.shape()[dim];
        let places = checked("gather", indices, size)?;
        let (layout, stride) = lines(indices.shape(), dim, size);
        let data = kernel::to_vec(self);
        let mut out = Vec::with_capacity(places.len());
        super::layout::for_each_run(indices.shape(), [&layout], |n, [start], [step]| {
            for k in 0..n {
                out.push(data[start + k * step + stride * places[out.len()]]);
            }
        });
        let keep = [Keep::Constant(AnyTensor::I64(indices.clone()))];
        Ok(record(
            "GatherBackward",
            [self],
            keep,
            Self::fresh(out, indices.shape()),
            move |cx, g| {
                cx.give(0, || g.scattered(dim, &cx.constant(0), size));
            },
        ))
    }

    fn lines_match(
        &self,
        operation: &str,
        dim: usize,
        indices: &Tensor<i64>,
    ) -> Result<(), AutogradError> {
        let fits = |(d, (a, b)): (usize, (&usize, &usize))| d == dim || a == b;
        if self.ndim() == indices.ndim()
            && self
                .shape()
                .iter()
                .zip(indices.shape())
                .enumerate()
                .all(fits)
        {
            return Ok(());
        }
        let message = format!(
            "indices of shape {:?} do not fit a tensor of shape {:?}: all dimensions but {dim} must agree",
            indices.shape(),
            self.shape()
        );
        Err(AutogradError::shape(operation, message))
    }

    /// The transpose of `gather`: zeros, `size` long in dimension `dim`, to which this tensor's elements are added at
    /// `indices`, which are inside.
    pub(crate) fn scattered(&self, dim: usize, indices: &Tensor<i64>, size: usize) -> Self {
        let places = checked("scatter_add", indices, size)
            .expect("the indices were checked when they were used first");
        let (layout, stride) = lines(indices.shape(), dim, size);
        let values = kernel::to_vec(self);
        let mut whole = Dims::from(indices.shape());
        whole[dim] = size;
        let mut out = vec![T::ZERO; whole.iter().product()];
        let mut next = 0;
        super::layout::for_each_run(indices.shape(), [&layout], |n, [start], [step]| {
            for k in 0..n {
                let place = &mut out[start + k * step + stride * places[next]];
                *place = T::plus(*place, values[next]);
                next += 1;
            }
        });
        let keep = [Keep::Constant(AnyTensor::I64(indices.clone()))];
        record(
            "ScatterAddBackward",
            [self],
            keep,
            Self::fresh(out, &whole),
            move |cx, g| {
                cx.give(0, || g.gather(dim as isize, &cx.constant(0)));
            },
        )
    }
}

impl<T: Element> Tensor<T> {
    /// Whether each element equals that of `other`, both stretched to a common shape.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn equal(&self, other: &Self) -> Tensor<bool> {
        let shape = expect(common("equal", self.shape(), other.shape()));
        kernel::zip(self, other, &shape, |a, b| a == b)
    }
}
