//! Rearrangements that copy: joining, turning, repeating, padding.

use super::construct::elements;
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
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// let (a, b) = (tensor([[1, 2]]), tensor([[3, 4], [5, 6]]));
    /// assert_eq!(Tensor::cat(&[&a, &b], 0), tensor([[1, 2], [3, 4], [5, 6]]));
    /// ```
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
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// let (a, b) = (tensor([1, 2]), tensor([3, 4]));
    /// assert_eq!(Tensor::stack(&[&a, &b], 1), tensor([[1, 3], [2, 4]]));
    /// ```
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).flip(&[1]), tensor([[2, 1], [4, 3]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or one is named twice.
    #[must_use]
    #[track_caller]
    pub fn flip(&self, dims: &[isize]) -> Self {
        expect(self.try_flip(dims))
    }

    /// [`flip`](Self::flip) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or one is named twice.
    pub fn try_flip(&self, dims: &[isize]) -> Result<Self, AutogradError> {
        Ok(self.flipped(dimensions("flip", dims, self.ndim())?))
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
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2, 3, 4]).roll(1, 0), tensor([4, 1, 2, 3]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[must_use]
    #[track_caller]
    pub fn roll(&self, shift: isize, dim: isize) -> Self {
        expect(self.try_roll(shift, dim))
    }

    /// [`roll`](Self::roll) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_roll(&self, shift: isize, dim: isize) -> Result<Self, AutogradError> {
        let d = dimension("roll", dim, self.ndim())?;
        let size = self.shape()[d];
        if size == 0 {
            return Ok(self.clone());
        }
        let shift = shift.rem_euclid(size as isize) as usize;
        let [moved, kept] = [(size - shift, shift), (0, size - shift)]
            .map(|(start, length)| self.narrow(dim, start, length));
        Self::try_cat(&[&moved, &kept], dim)
    }

    /// Zeros (or `false`) around this tensor: for each dimension, how many before and behind.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).pad(&[(1, 2)]), tensor([0, 1, 2, 0, 0]));
    /// ```
    ///
    /// # Panics
    ///
    /// Unless `widths` has a pair for each dimension, and the result fits into memory.
    #[must_use]
    #[track_caller]
    pub fn pad(&self, widths: &[(usize, usize)]) -> Self {
        expect(self.try_pad(widths))
    }

    /// [`pad`](Self::pad) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// Unless `widths` has a pair for each dimension, and the result has fewer elements than memory could address.
    pub fn try_pad(&self, widths: &[(usize, usize)]) -> Result<Self, AutogradError> {
        if widths.len() != self.ndim() {
            let message = format!(
                "{widths:?} does not have a pair for each dimension of shape {:?}",
                self.shape()
            );
            return Err(AutogradError::shape("pad", message));
        }
        let shape: Dims = self
            .shape()
            .iter()
            .zip(widths)
            .map(|(size, (before, behind))| size.saturating_add(*before).saturating_add(*behind))
            .collect();
        elements("pad", &shape)?;
        let whole = Layout::contiguous(&shape);
        let inside = widths
            .iter()
            .zip(self.shape())
            .enumerate()
            .fold(whole.clone(), |part, (d, (&(before, _), &size))| {
                part.slice(d, before, size, 1)
            });
        Ok(self.embedded(&whole, &inside))
    }
}

impl<T: Number> Tensor<T> {
    /// This tensor `counts[d]` times in a row along each dimension `d`; dimensions that are missing are put in front.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).repeat(&[2, 2]), tensor([[1, 2, 1, 2], [1, 2, 1, 2]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are fewer counts than dimensions, or the result does not fit into memory.
    #[must_use]
    #[track_caller]
    pub fn repeat(&self, counts: &[usize]) -> Self {
        expect(self.try_repeat(counts))
    }

    /// [`repeat`](Self::repeat) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are fewer counts than dimensions, or the result has more elements than memory could address.
    pub fn try_repeat(&self, counts: &[usize]) -> Result<Self, AutogradError> {
        let Some(missing) = counts.len().checked_sub(self.ndim()) else {
            let message = format!(
                "{counts:?} does not have a count for each dimension of shape {:?}",
                self.shape()
            );
            return Err(AutogradError::shape("repeat", message));
        };
        let sizes: Vec<usize> = vec![1; missing]
            .into_iter()
            .chain(self.shape().iter().copied())
            .collect();
        let pairs = || sizes.iter().zip(counts);
        let joined: Dims = pairs().map(|(a, &b)| a.saturating_mul(b)).collect();
        elements("repeat", &joined)?;
        // Each dimension becomes two, of which the first repeats.
        let apart: Dims = sizes.iter().flat_map(|&size| [1, size]).collect();
        let stretched: Dims = pairs().flat_map(|(&size, &count)| [count, size]).collect();
        Ok(self
            .reshaped("ReshapeBackward", &apart)
            .try_broadcast_to(&stretched)?
            .reshaped("RepeatBackward", &joined))
    }
}
