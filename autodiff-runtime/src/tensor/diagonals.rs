//! Triangles and diagonals of matrices, single or in batches.

use super::Tensor;
use super::dims::Dims;
use super::element::Number;
use super::layout::Layout;
use super::shape::{dimension, expect};
use crate::autograd::AutogradError;

impl<T: Number> Tensor<T> {
    /// The elements of matrices (the last two dimensions) on and below a diagonal, zeros above: 0 is the main diagonal, 1
    /// the one above it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).tril(0), tensor([[1, 0], [3, 4]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions.
    #[must_use]
    #[track_caller]
    pub fn tril(&self, diagonal: isize) -> Self {
        expect(self.try_tril(diagonal))
    }

    /// [`tril`](Self::tril) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are fewer than two dimensions.
    pub fn try_tril(&self, diagonal: isize) -> Result<Self, AutogradError> {
        self.triangle("tril", move |row, column| column - row <= diagonal)
    }

    /// The elements of matrices (the last two dimensions) on and above a diagonal, zeros below: 0 is the main diagonal, 1
    /// the one above it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).triu(1), tensor([[0, 2], [0, 0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions.
    #[must_use]
    #[track_caller]
    pub fn triu(&self, diagonal: isize) -> Self {
        expect(self.try_triu(diagonal))
    }

    /// [`triu`](Self::triu) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are fewer than two dimensions.
    pub fn try_triu(&self, diagonal: isize) -> Result<Self, AutogradError> {
        self.triangle("triu", move |row, column| column - row >= diagonal)
    }

    fn triangle(
        &self,
        operation: &str,
        keeps: impl Fn(isize, isize) -> bool,
    ) -> Result<Self, AutogradError> {
        let [.., rows, columns] = *self.shape() else {
            return Err(no_matrix(operation, self));
        };
        let mask: Vec<bool> = (0..rows * columns)
            .map(|i| keeps((i / columns) as isize, (i % columns) as isize))
            .collect();
        Tensor::fresh(mask, &[rows, columns]).try_where_else(self, &Self::zeros(&[]))
    }

    /// A diagonal of the matrices that dimensions `first` and `second` make, as a view: both disappear, and the diagonal
    /// is a new last dimension. `offset` 0 is the main diagonal, 1 the one above it, -1 the one below.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2, 3], [4, 5, 6]]);
    /// assert_eq!(x.diagonal(0, 0, 1), tensor([1, 5]));
    /// assert_eq!(x.diagonal(1, 0, 1), tensor([2, 6]));
    /// assert_eq!(x.unsqueeze(0).diagonal(-1, -2, -1), tensor([[4]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or they are the same.
    #[track_caller]
    pub fn diagonal(&self, offset: isize, first: isize, second: isize) -> Self {
        expect(self.try_diagonal(offset, first, second))
    }

    /// [`diagonal`](Self::diagonal) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or they are the same.
    pub fn try_diagonal(
        &self,
        offset: isize,
        first: isize,
        second: isize,
    ) -> Result<Self, AutogradError> {
        let [rows, columns] = [
            dimension("diagonal", first, self.ndim())?,
            dimension("diagonal", second, self.ndim())?,
        ];
        if rows == columns {
            let message = format!("dimension {rows} twice: a diagonal runs along two dimensions");
            return Err(AutogradError::shape("diagonal", message));
        }
        let along = move |layout: &Layout| along_diagonal(layout, offset, rows, columns);
        Ok(self.part("DiagonalBackward", along(self.layout()), along))
    }

    /// The elements at equal indices of two dimensions of one size, as a view: the second dimension disappears.
    pub(crate) fn diagonal_of(&self, first: usize, second: usize) -> Self {
        let along = move |layout: &Layout| {
            let mut view = layout.clone();
            view.strides[first] += layout.strides[second];
            Layout {
                shape: view.shape.without(second),
                strides: view.strides.without(second),
                offset: view.offset,
            }
        };
        self.part("DiagonalBackward", along(self.layout()), along)
    }

    /// Square matrices with the vectors of the last dimension on a diagonal and zeros elsewhere; of a vector one matrix.
    /// `offset` 0 is the main diagonal, 1 the one above it, -1 the one below.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).diag(0), tensor([[1, 0], [0, 2]]));
    /// assert_eq!(tensor([7]).diag(-1), tensor([[0, 0], [7, 0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When this is a single number, or the matrices do not fit into memory.
    #[must_use]
    #[track_caller]
    pub fn diag(&self, offset: isize) -> Self {
        expect(self.try_diag(offset))
    }

    /// [`diag`](Self::diag) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When this is a single number, or the matrices have more elements than memory could address.
    pub fn try_diag(&self, offset: isize) -> Result<Self, AutogradError> {
        let Some((&size, batch)) = self.shape().split_last() else {
            let message = "a single number is no diagonal; `unsqueeze(0)` makes a vector of it";
            return Err(AutogradError::shape("diag", message));
        };
        let side = size.saturating_add(offset.unsigned_abs());
        let shape: Dims = batch.iter().copied().chain([side, side]).collect();
        super::construct::elements("diag", &shape)?;
        let whole = Layout::contiguous(&shape);
        let part = along_diagonal(&whole, offset, batch.len(), batch.len() + 1);
        Ok(self.embedded(&whole, &part))
    }

    /// The sums of the main diagonals of matrices (the last two dimensions).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).trace(), tensor(5));
    /// assert_eq!(tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]).trace(), tensor([5, 13]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions.
    #[track_caller]
    pub fn trace(&self) -> Self {
        expect(self.try_trace())
    }

    /// [`trace`](Self::trace) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are fewer than two dimensions.
    pub fn try_trace(&self) -> Result<Self, AutogradError> {
        if self.ndim() < 2 {
            return Err(no_matrix("trace", self));
        }
        self.try_diagonal(0, -2, -1)?.try_sum_dims(&[-1], false)
    }
}

fn no_matrix<T: Number>(operation: &str, tensor: &Tensor<T>) -> AutogradError {
    AutogradError::shape(
        operation,
        format!(
            "a tensor of shape {:?} holds no matrices, which take two dimensions",
            tensor.shape()
        ),
    )
}

/// The places of a diagonal of the matrices that two dimensions make, as a last dimension.
fn along_diagonal(layout: &Layout, offset: isize, rows: usize, columns: usize) -> Layout {
    let [start, other] = [(columns, offset > 0), (rows, offset < 0)]
        .map(|(dim, skips)| (dim, if skips { offset.unsigned_abs() } else { 0 }));
    let left = |(dim, skipped): (usize, usize)| layout.shape[dim].saturating_sub(skipped);
    let size = left(start).min(left(other));
    let without = |dims: &Dims, last: usize| -> Dims {
        let others = (0..dims.len()).filter(|&d| d != rows && d != columns);
        others.map(|d| dims[d]).chain([last]).collect()
    };
    let diagonal = Layout {
        shape: without(&layout.shape, size),
        strides: without(
            &layout.strides,
            layout.strides[rows] + layout.strides[columns],
        ),
        offset: layout.offset,
    };
    // The offset of an empty diagonal may be of any size.
    let skip = |(dim, skipped): (usize, usize)| skipped.saturating_mul(layout.strides[dim]);
    diagonal.skip(skip(start).saturating_add(skip(other)))
}
