//! Views of parts of a tensor.

use super::Tensor;
use super::dims::Dims;
use super::element::Element;
use super::layout::Layout;
use super::shape::{dimension, expect};
use crate::autograd::{AutogradError, record_view};

/// The index that `index` names among `size`, counted from the end when negative.
pub(crate) fn position(operation: &str, index: isize, size: usize) -> Result<usize, AutogradError> {
    let counted = if index < 0 {
        index + size as isize
    } else {
        index
    };
    usize::try_from(counted)
        .ok()
        .filter(|&i| i < size)
        .ok_or_else(|| {
            AutogradError::shape(
                operation,
                format!("index {index} of a dimension of size {size}"),
            )
        })
}

impl<T: Element> Tensor<T> {
    /// The part at `index` of dimension `dim`, which disappears; a negative index counts from the end. A view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.select(0, -1), tensor([3.0, 4.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension or index.
    #[track_caller]
    pub fn select(&self, dim: isize, index: isize) -> Self {
        expect(self.try_select(dim, index))
    }

    /// [`select`](Self::select) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension or index.
    pub fn try_select(&self, dim: isize, index: isize) -> Result<Self, AutogradError> {
        let dim = dimension("select", dim, self.ndim())?;
        let index = position("select", index, self.shape()[dim])?;
        let layout = self.layout().select(dim, index);
        Ok(self.part("SelectBackward", layout, move |whole| {
            whole.select(dim, index)
        }))
    }

    /// The part at `index` of the first dimension: `select(0, index)`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).at(-1), tensor([3, 4]));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`select`](Self::select).
    #[track_caller]
    pub fn at(&self, index: isize) -> Self {
        self.select(0, index)
    }

    /// [`at`](Self::at) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// As [`try_select`](Self::try_select).
    pub fn try_at(&self, index: isize) -> Result<Self, AutogradError> {
        self.try_select(0, index)
    }

    /// Every `step`-th index of dimension `dim` from `start` up to but without `end`. Negative bounds count from the end,
    /// bounds beyond it are cut to it. A view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([0, 1, 2, 3, 4]).slice(0, 1, -1, 2), tensor([1, 3]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or `step` is zero.
    #[track_caller]
    pub fn slice(&self, dim: isize, start: isize, end: isize, step: usize) -> Self {
        expect(self.try_slice(dim, start, end, step))
    }

    /// [`slice`](Self::slice) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or `step` is zero.
    pub fn try_slice(
        &self,
        dim: isize,
        start: isize,
        end: isize,
        step: usize,
    ) -> Result<Self, AutogradError> {
        let dim = dimension("slice", dim, self.ndim())?;
        if step == 0 {
            return Err(AutogradError::shape("slice", "a step of 0 leads nowhere"));
        }
        let size = self.shape()[dim];
        // A longer step leads out of the tensor as well, and cannot overflow.
        let step = step.min(size.max(1));
        let cut = |bound: isize| {
            (if bound < 0 {
                bound + size as isize
            } else {
                bound
            })
            .clamp(0, size as isize) as usize
        };
        let (start, end) = (cut(start), cut(end));
        let count = end.saturating_sub(start).div_ceil(step);
        let layout = self.layout().slice(dim, start, count, step);
        Ok(self.part("SliceBackward", layout, move |whole| {
            whole.slice(dim, start, count, step)
        }))
    }

    /// `length` indices of dimension `dim` from `start` on. A view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([0, 1, 2, 3]).narrow(0, 1, 2), tensor([1, 2]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are not so many.
    #[track_caller]
    pub fn narrow(&self, dim: isize, start: usize, length: usize) -> Self {
        expect(self.try_narrow(dim, start, length))
    }

    /// [`narrow`](Self::narrow) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are not so many.
    pub fn try_narrow(
        &self,
        dim: isize,
        start: usize,
        length: usize,
    ) -> Result<Self, AutogradError> {
        let d = dimension("narrow", dim, self.ndim())?;
        let size = self.shape()[d];
        match start.checked_add(length) {
            Some(end) if end <= size => self.try_slice(dim, start as isize, end as isize, 1),
            _ => Err(AutogradError::shape(
                "narrow",
                format!("{length} indices from {start} on of dimension {d}, which has size {size}"),
            )),
        }
    }

    /// The parts at each index of dimension `dim`. Views.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).unbind(1), [tensor([1, 3]), tensor([2, 4])]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[track_caller]
    pub fn unbind(&self, dim: isize) -> Vec<Self> {
        expect(self.try_unbind(dim))
    }

    /// [`unbind`](Self::unbind) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_unbind(&self, dim: isize) -> Result<Vec<Self>, AutogradError> {
        let d = dimension("unbind", dim, self.ndim())?;
        (0..self.shape()[d])
            .map(|i| self.try_select(dim, i as isize))
            .collect()
    }

    /// Consecutive parts of dimension `dim`, each `size` long but for a shorter last one. Views.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let parts = tensor([1, 2, 3]).split(2, 0);
    /// assert_eq!(parts, [tensor([1, 2]), tensor([3])]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or `size` is zero.
    #[track_caller]
    pub fn split(&self, size: usize, dim: isize) -> Vec<Self> {
        expect(self.try_split(size, dim))
    }

    /// [`split`](Self::split) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or `size` is zero.
    pub fn try_split(&self, size: usize, dim: isize) -> Result<Vec<Self>, AutogradError> {
        if size == 0 {
            return Err(AutogradError::shape("split", "parts of size 0 never end"));
        }
        let total = self.shape()[dimension("split", dim, self.ndim())?];
        (0..total)
            .step_by(size)
            .map(|start| self.try_narrow(dim, start, size.min(total - start)))
            .collect()
    }

    /// At most `count` consecutive parts of dimension `dim`, all of one length but for a shorter last one. Views.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let parts = tensor([1, 2, 3]).chunk(2, 0);
    /// assert_eq!(parts, [tensor([1, 2]), tensor([3])]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, or `count` is zero.
    #[track_caller]
    pub fn chunk(&self, count: usize, dim: isize) -> Vec<Self> {
        expect(self.try_chunk(count, dim))
    }

    /// [`chunk`](Self::chunk) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, or `count` is zero.
    pub fn try_chunk(&self, count: usize, dim: isize) -> Result<Vec<Self>, AutogradError> {
        if count == 0 {
            return Err(AutogradError::shape(
                "chunk",
                "there are no parts to cut into",
            ));
        }
        let total = self.shape()[dimension("chunk", dim, self.ndim())?];
        self.try_split(total.div_ceil(count).max(1), dim)
    }

    /// A view of a part of this tensor. `region` gives the layout of the part in a whole of any strides.
    pub(crate) fn part(
        &self,
        name: &'static str,
        layout: Layout,
        region: impl Fn(&Layout) -> Layout + Send + Sync + 'static,
    ) -> Self {
        let whole = Dims::from(self.shape());
        record_view(name, self, self.view(layout), move |cx, g| {
            cx.give(0, || {
                let base = Layout::contiguous(&whole);
                let part = region(&base);
                g.embedded(&base, &part)
            });
        })
    }
}
