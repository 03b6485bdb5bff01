//! Picking elements by masks and by indices.

use super::dims::Dims;
use super::element::{AnyTensor, Number};
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
    let place = |index: i64| super::parts::position(operation, index as isize, size);
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2], [3, 4]]);
    /// assert_eq!(x.gather(1, &tensor([[1], [0]])), tensor([[2], [3]]));
    /// ```
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

    /// This tensor with the elements of `source` added along `dim` at `indices`, which has the shape of `source`: in two
    /// dimensions and `dim` 1, `source[i, j]` is added to element `[i, indices[i, j]]`. The transpose of
    /// [`gather`](Self::gather).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([10, 20]);
    /// assert_eq!(x.scatter_add(0, &tensor([1, 1]), &tensor([3, 4])), tensor([10, 27]));
    /// ```
    ///
    /// # Panics
    ///
    /// When an index is outside, or the shapes differ in another dimension than `dim`.
    #[must_use]
    #[track_caller]
    pub fn scatter_add(&self, dim: isize, indices: &Tensor<i64>, source: &Self) -> Self {
        expect(self.try_scatter_add(dim, indices, source))
    }

    /// [`scatter_add`](Self::scatter_add) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When an index is outside, or the shapes differ in another dimension than `dim`.
    pub fn try_scatter_add(
        &self,
        dim: isize,
        indices: &Tensor<i64>,
        source: &Self,
    ) -> Result<Self, AutogradError> {
        let dim = dimension("scatter_add", dim, self.ndim())?;
        self.lines_match("scatter_add", dim, indices)?;
        if source.shape() != indices.shape() {
            let message = format!(
                "a source of shape {:?} has no place for each of the indices of shape {:?}",
                source.shape(),
                indices.shape()
            );
            return Err(AutogradError::shape("scatter_add", message));
        }
        checked("scatter_add", indices, self.shape()[dim])?;
        Ok(self + source.scattered(dim, indices, self.shape()[dim]))
    }

    /// The parts of this tensor at `indices`, a vector, along `dim`. Negative indices count from the end.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2], [3, 4]]);
    /// assert_eq!(x.index_select(1, &tensor([1, 1, 0])), tensor([[2, 2, 1], [4, 4, 3]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, an index is outside, or `indices` is no vector.
    #[must_use]
    #[track_caller]
    pub fn index_select(&self, dim: isize, indices: &Tensor<i64>) -> Self {
        expect(self.try_index_select(dim, indices))
    }

    /// [`index_select`](Self::index_select) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, an index is outside, or `indices` is no vector.
    pub fn try_index_select(
        &self,
        dim: isize,
        indices: &Tensor<i64>,
    ) -> Result<Self, AutogradError> {
        let d = dimension("index_select", dim, self.ndim())?;
        if indices.ndim() != 1 {
            return Err(AutogradError::shape(
                "index_select",
                format!("indices of shape {:?} are no vector", indices.shape()),
            ));
        }
        let mut shape = Dims::filled(self.ndim(), 1);
        shape[d] = indices.len();
        let mut whole = Dims::from(self.shape());
        whole[d] = indices.len();
        self.try_gather(
            dim,
            &indices
                .reshaped("ReshapeBackward", &shape)
                .broadcast_to(&whole),
        )
    }

    /// The rows of this table at `indices`, of any shape: the result has that shape and the rows' dimensions behind it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let table = tensor([[0.0, 1.0], [2.0, 3.0]]);
    /// assert_eq!(table.embedding(&tensor([1, 1])), tensor([[2.0, 3.0], [2.0, 3.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When an index is outside, or this is a single number.
    #[must_use]
    #[track_caller]
    pub fn embedding(&self, indices: &Tensor<i64>) -> Self {
        expect(self.try_embedding(indices))
    }

    /// [`embedding`](Self::embedding) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When an index is outside, or this is a single number.
    pub fn try_embedding(&self, indices: &Tensor<i64>) -> Result<Self, AutogradError> {
        let rows = self.try_index_select(0, &indices.reshape(&[-1]))?;
        let shape: Dims = indices
            .shape()
            .iter()
            .chain(&self.shape()[1..])
            .copied()
            .collect();
        Ok(rows.reshaped("ReshapeBackward", &shape))
    }

    /// This tensor with `value` where `mask` holds, stretched to a common shape with it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).masked_fill(&tensor([true, false]), 7), tensor([7, 2]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn masked_fill(&self, mask: &Tensor<bool>, value: T) -> Self {
        expect(self.try_masked_fill(mask, value))
    }

    /// [`masked_fill`](Self::masked_fill) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_masked_fill(&self, mask: &Tensor<bool>, value: T) -> Result<Self, AutogradError> {
        mask.try_where_else(&Self::full(&[], value), self)
    }

    /// The elements where `mask` holds, in row-major order, as a vector. The mask is stretched to this tensor's shape.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, -2.0], [3.0, -4.0]]);
    /// assert_eq!(x.masked_select(&x.gt(0.0)), tensor([1.0, 3.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the mask does not broadcast to this tensor's shape.
    #[must_use]
    #[track_caller]
    pub fn masked_select(&self, mask: &Tensor<bool>) -> Self {
        expect(self.try_masked_select(mask))
    }

    /// [`masked_select`](Self::masked_select) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the mask does not broadcast to this tensor's shape.
    pub fn try_masked_select(&self, mask: &Tensor<bool>) -> Result<Self, AutogradError> {
        let layout = mask.layout().broadcast_to(self.shape()).ok_or_else(|| {
            let message = format!(
                "a mask of shape {:?} does not stretch to {:?}",
                mask.shape(),
                self.shape()
            );
            AutogradError::shape("masked_select", message)
        })?;
        let mask = kernel::to_vec(&mask.view(layout));
        let places: Vec<i64> = mask
            .iter()
            .enumerate()
            .filter(|&(_, &holds)| holds)
            .map(|(place, _)| place as i64)
            .collect();
        self.reshaped("ReshapeBackward", &[self.len()])
            .try_index_select(0, &places.into())
    }

    /// The elements at the given places, one list of indices for each of the first dimensions, all of one length: for a
    /// matrix, element `k` of the result is `self[indices[0][k], indices[1][k]]`. Negative indices count from the end.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2], [3, 4]]);
    /// assert_eq!(x.index(&[&tensor([0, 1]), &tensor([1, 1])]), tensor([2, 4]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are more lists than dimensions, the lists have different lengths, or an index is outside.
    #[must_use]
    #[track_caller]
    pub fn index(&self, indices: &[&Tensor<i64>]) -> Self {
        expect(self.try_index(indices))
    }

    /// [`index`](Self::index) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are more lists than dimensions, the lists have different lengths, or an index is outside.
    pub fn try_index(&self, indices: &[&Tensor<i64>]) -> Result<Self, AutogradError> {
        let (rows, places) = self.flat_places("index", indices)?;
        rows.try_index_select(0, &places)
    }

    /// Replaces the elements at the given places by those of `values`; see [`index`](Self::index). Of values for one
    /// place, the last counts.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2], [3, 4]]);
    /// x.index_put_(&[&tensor([0, 1]), &tensor([1, 0])], &tensor([7, 8]))?;
    /// assert_eq!(x, tensor([[1, 7], [8, 4]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_) and [`try_index`](Self::try_index).
    pub fn index_put_(&self, indices: &[&Tensor<i64>], values: &Self) -> Result<(), AutogradError> {
        let (rows, places) = self.flat_places("index_put_", indices)?;
        let places = checked("index_put_", &places, rows.shape()[0])?;
        let mut shape = Dims::from(rows.shape());
        shape[0] = places.len();
        let values = values.try_broadcast_to(&shape)?;
        // Which of the new rows ends up in each place; the others keep what they have.
        let mut source = vec![0_i64; rows.shape()[0]];
        let mut taken = vec![false; rows.shape()[0]];
        for (k, &place) in places.iter().enumerate() {
            (source[place], taken[place]) = (k as i64, true);
        }
        if places.is_empty() {
            return Ok(());
        }
        let mut column = Dims::filled(rows.ndim(), 1);
        column[0] = taken.len();
        let chosen = values.index_select(0, &source.into());
        let taken = Tensor::fresh(taken, &column);
        self.in_place("index_put_", |whole| {
            Ok(taken
                .where_else(&chosen, &whole.reshaped("ReshapeBackward", rows.shape()))
                .reshaped("ReshapeBackward", whole.shape()))
        })
    }

    /// The first dimensions joined into one, and the places that the lists of indices name in it.
    fn flat_places(
        &self,
        operation: &str,
        indices: &[&Tensor<i64>],
    ) -> Result<(Self, Tensor<i64>), AutogradError> {
        let depth = indices.len();
        if depth == 0 || depth > self.ndim() {
            let message = format!(
                "{depth} lists of indices for a tensor of shape {:?}: expected one for each of the first dimensions",
                self.shape()
            );
            return Err(AutogradError::shape(operation, message));
        }
        let fits = |list: &&Tensor<i64>| list.ndim() == 1 && list.len() == indices[0].len();
        if !indices.iter().all(fits) {
            let shapes: Vec<&[usize]> = indices.iter().map(|list| list.shape()).collect();
            let message =
                format!("lists of indices of shapes {shapes:?}: expected vectors of one length");
            return Err(AutogradError::shape(operation, message));
        }
        let mut places = vec![0_i64; indices[0].len()];
        for (list, &size) in indices.iter().zip(self.shape()) {
            let list = checked(operation, list, size)?;
            places
                .iter_mut()
                .zip(list)
                .for_each(|(place, i)| *place = *place * size as i64 + i as i64);
        }
        let shape: Dims = [self.shape()[..depth].iter().product()]
            .into_iter()
            .chain(self.shape()[depth..].iter().copied())
            .collect();
        Ok((self.reshaped("ReshapeBackward", &shape), places.into()))
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
