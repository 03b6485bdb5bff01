//! Rearrangements that copy: joining, turning, repeating, padding, triangles and diagonals.

use super::dims::Dims;
use super::element::{Element, Number};
use super::layout::Layout;
use super::scan::around;
use super::shape::{dimension, dimensions, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, record, record_many};

impl<T: Element> Tensor<T> {
    /// Tensors one after the other along `dim`; their other dimensions agree.
    ///
    /// # Panics
    ///
    /// When there are none, or their shapes differ in another dimension.
    #[track_caller]
    pub fn cat(tensors: &[&Self], dim: isize) -> Self {
        expect(Self::try_cat(tensors, dim))
    }

    /// [`cat`](Self::cat) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are none, or their shapes differ in another dimension.
    pub fn try_cat(tensors: &[&Self], dim: isize) -> Result<Self, AutogradError> {
        let first = tensors
            .first()
            .ok_or_else(|| AutogradError::shape("cat", "there is nothing to join"))?;
        let dim = dimension("cat", dim, first.ndim())?;
        let mut shape = Dims::from(first.shape());
        shape[dim] = 0;
        for tensor in tensors {
            let fits = tensor.ndim() == shape.len()
                && (0..shape.len()).all(|d| d == dim || tensor.shape()[d] == shape[d]);
            if !fits {
                let message = format!(
                    "shapes {:?} and {:?} cannot be joined: all dimensions but {dim} must agree",
                    first.shape(),
                    tensor.shape()
                );
                return Err(AutogradError::shape("cat", message));
            }
            shape[dim] += tensor.shape()[dim];
        }
        let parts: Vec<(Vec<T>, usize)> = tensors
            .iter()
            .map(|t| (kernel::to_vec(t), t.shape()[dim]))
            .collect();
        let [before, _, behind] = around(&shape, dim);
        let mut out = Vec::with_capacity(shape.iter().product());
        for outer in 0..before {
            for (part, size) in &parts {
                out.extend_from_slice(&part[outer * size * behind..(outer + 1) * size * behind]);
            }
        }
        let sizes: Vec<usize> = parts.iter().map(|(_, size)| *size).collect();
        Ok(record_many(
            "CatBackward",
            tensors,
            Self::fresh(out, &shape),
            move |cx, g| {
                let mut start = 0;
                for (input, &size) in sizes.iter().enumerate() {
                    cx.give(input, || g.narrow(dim as isize, start, size));
                    start += size;
                }
            },
        ))
    }

    /// Tensors of one shape along a new dimension `dim`.
    ///
    /// # Panics
    ///
    /// When there are none, or their shapes differ.
    #[track_caller]
    pub fn stack(tensors: &[&Self], dim: isize) -> Self {
        expect(Self::try_stack(tensors, dim))
    }

    /// [`stack`](Self::stack) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are none, or their shapes differ.
    pub fn try_stack(tensors: &[&Self], dim: isize) -> Result<Self, AutogradError> {
        let lifted = tensors
            .iter()
            .map(|t| t.try_unsqueeze(dim))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(other) = tensors.iter().find(|t| t.shape() != tensors[0].shape()) {
            let message = format!(
                "shapes {:?} and {:?} differ",
                tensors[0].shape(),
                other.shape()
            );
            return Err(AutogradError::shape("stack", message));
        }
        Self::try_cat(&lifted.iter().collect::<Vec<_>>(), dim)
    }

    /// The order of elements reversed along dimensions (all of them for an empty list).
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[must_use]
    #[track_caller]
    pub fn flip(&self, dims: &[isize]) -> Self {
        self.flipped(expect(dimensions("flip", dims, self.ndim())))
    }

    fn flipped(&self, dims: Vec<usize>) -> Self {
        let mut data = kernel::to_vec(self);
        for &dim in &dims {
            let [_, size, behind] = around(self.shape(), dim);
            for block in data.chunks_mut((size * behind).max(1)) {
                for i in 0..size / 2 {
                    let (front, back) = block.split_at_mut((size - 1 - i) * behind);
                    front[i * behind..(i + 1) * behind].swap_with_slice(&mut back[..behind]);
                }
            }
        }
        record(
            "FlipBackward",
            [self],
            [],
            Self::fresh(data, self.shape()),
            move |cx, g| cx.give(0, || g.flipped(dims.clone())),
        )
    }

    /// The elements moved `shift` places along `dim`; what is moved beyond the end comes back at the beginning.
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[must_use]
    #[track_caller]
    pub fn roll(&self, shift: isize, dim: isize) -> Self {
        let d = expect(dimension("roll", dim, self.ndim()));
        let size = self.shape()[d];
        if size == 0 {
            return self.clone();
        }
        let shift = shift.rem_euclid(size as isize) as usize;
        Self::cat(
            &[
                &self.narrow(dim, size - shift, shift),
                &self.narrow(dim, 0, size - shift),
            ],
            dim,
        )
    }

    /// Zeros (or `false`) around this tensor: for each dimension, how many before and behind.
    ///
    /// # Panics
    ///
    /// Unless `widths` has a pair for each dimension.
    #[must_use]
    #[track_caller]
    pub fn pad(&self, widths: &[(usize, usize)]) -> Self {
        assert_eq!(
            widths.len(),
            self.ndim(),
            "pad: {widths:?} does not have a pair for each dimension of shape {:?}",
            self.shape()
        );
        let shape: Dims = self
            .shape()
            .iter()
            .zip(widths)
            .map(|(&size, &(before, behind))| before + size + behind)
            .collect();
        let whole = Layout::contiguous(&shape);
        let inside = widths
            .iter()
            .zip(self.shape())
            .enumerate()
            .fold(whole.clone(), |part, (d, (&(before, _), &size))| {
                part.slice(d, before, size, 1)
            });
        self.embedded(&whole, &inside)
    }
}

impl<T: Number> Tensor<T> {
    /// This tensor `counts[d]` times in a row along each dimension `d`; dimensions that are missing are put in front.
    ///
    /// # Panics
    ///
    /// When there are fewer counts than dimensions.
    #[must_use]
    #[track_caller]
    pub fn repeat(&self, counts: &[usize]) -> Self {
        assert!(
            counts.len() >= self.ndim(),
            "repeat: {counts:?} does not have a count for each dimension of shape {:?}",
            self.shape()
        );
        let missing = counts.len() - self.ndim();
        let sizes: Vec<usize> = vec![1; missing]
            .into_iter()
            .chain(self.shape().iter().copied())
            .collect();
        // Each dimension becomes two, of which the first repeats.
        let apart: Dims = sizes.iter().flat_map(|&size| [1, size]).collect();
        let stretched: Dims = sizes
            .iter()
            .zip(counts)
            .flat_map(|(&size, &count)| [count, size])
            .collect();
        let joined: Dims = sizes
            .iter()
            .zip(counts)
            .map(|(&size, &count)| size * count)
            .collect();
        self.reshaped("ReshapeBackward", &apart)
            .broadcast_to(&stretched)
            .reshaped("RepeatBackward", &joined)
    }

    /// The elements of matrices on and below a diagonal, zeros above: 0 is the main diagonal, 1 the one above it.
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions.
    #[must_use]
    #[track_caller]
    pub fn tril(&self, diagonal: isize) -> Self {
        self.triangle("tril", move |row, column| column - row <= diagonal)
    }

    /// The elements of matrices on and above a diagonal, zeros below: 0 is the main diagonal, 1 the one above it.
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions.
    #[must_use]
    #[track_caller]
    pub fn triu(&self, diagonal: isize) -> Self {
        self.triangle("triu", move |row, column| column - row >= diagonal)
    }

    #[track_caller]
    fn triangle(
        &self,
        operation: &str,
        keeps: impl Fn(isize, isize) -> bool + Send + Sync + Copy + 'static,
    ) -> Self {
        assert!(
            self.ndim() >= 2,
            "{operation}: a tensor of shape {:?} is no matrix",
            self.shape()
        );
        let (rows, columns) = (self.shape()[self.ndim() - 2], self.shape()[self.ndim() - 1]);
        let mask: Vec<bool> = (0..rows * columns)
            .map(|i| keeps((i / columns) as isize, (i % columns) as isize))
            .collect();
        Tensor::fresh(mask, &[rows, columns]).where_else(self, &Self::zeros(&[]))
    }

    /// The main diagonal of a matrix, as a view.
    ///
    /// # Panics
    ///
    /// Unless this is a matrix.
    #[track_caller]
    pub fn diagonal(&self) -> Self {
        assert_eq!(
            self.ndim(),
            2,
            "diagonal: a tensor of shape {:?} is no matrix",
            self.shape()
        );
        self.part(
            "DiagonalBackward",
            along_diagonal(self.layout()),
            along_diagonal,
        )
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

    /// The square matrix with this vector on its main diagonal and zeros elsewhere.
    ///
    /// # Panics
    ///
    /// Unless this is a vector.
    #[must_use]
    #[track_caller]
    pub fn diag(&self) -> Self {
        assert_eq!(
            self.ndim(),
            1,
            "diag: a tensor of shape {:?} is no vector; for the diagonal of a matrix call `diagonal`",
            self.shape()
        );
        let whole = Layout::contiguous(&[self.len(), self.len()]);
        let part = along_diagonal(&whole);
        self.embedded(&whole, &part)
    }

    /// The sum of the main diagonal of a matrix.
    ///
    /// # Panics
    ///
    /// Unless this is a matrix.
    #[track_caller]
    pub fn trace(&self) -> Self {
        self.diagonal().sum()
    }
}

fn along_diagonal(layout: &Layout) -> Layout {
    let size = layout.shape[0].min(layout.shape[1]);
    Layout {
        shape: [size].into_iter().collect(),
        strides: [layout.strides[0] + layout.strides[1]]
            .into_iter()
            .collect(),
        offset: layout.offset,
    }
}
