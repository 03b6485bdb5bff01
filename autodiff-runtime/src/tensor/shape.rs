//! Shapes: views and rearrangements, each recorded with its inverse.

use super::dims::Dims;
use super::element::{Element, Number};
use super::layout::broadcast_shapes;
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, record, record_view};

/// Turns an error of a `try_` form into the panic of the plain form.
#[track_caller]
pub(crate) fn expect<V>(result: Result<V, AutogradError>) -> V {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// The dimension that `dim` names, counted from the end when negative.
pub(crate) fn dimension(operation: &str, dim: isize, ndim: usize) -> Result<usize, AutogradError> {
    let counted = if dim < 0 { dim + ndim as isize } else { dim };
    usize::try_from(counted)
        .ok()
        .filter(|&d| d < ndim)
        .ok_or_else(|| {
            AutogradError::shape(
                operation,
                format!(
                    "dimension {dim} of a tensor of {ndim} dimensions; there are {}",
                    allowed(ndim)
                ),
            )
        })
}

fn allowed(ndim: usize) -> String {
    if ndim == 0 {
        "none".to_owned()
    } else {
        format!("0 to {} (or -{ndim} to -1)", ndim - 1)
    }
}

/// The dimensions that `dims` names, in rising order; all of them for an empty list.
pub(crate) fn dimensions(
    operation: &str,
    dims: &[isize],
    ndim: usize,
) -> Result<Vec<usize>, AutogradError> {
    if dims.is_empty() {
        return Ok((0..ndim).collect());
    }
    let mut named = dims
        .iter()
        .map(|&d| dimension(operation, d, ndim))
        .collect::<Result<Vec<_>, _>>()?;
    named.sort_unstable();
    if named.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(AutogradError::shape(
            operation,
            format!("a dimension is named twice in {dims:?}"),
        ));
    }
    Ok(named)
}

/// The common shape of two operands.
pub(crate) fn common(operation: &str, a: &[usize], b: &[usize]) -> Result<Dims, AutogradError> {
    broadcast_shapes(a, b).map_err(|(dim, x, y)| {
        let message = format!(
            "shapes {a:?} and {b:?} do not broadcast: dimension {dim} has sizes {x} and {y}, which must be equal unless one is 1"
        );
        AutogradError::shape(operation, message)
    })
}

impl<T: Element> Tensor<T> {
    /// The same elements in row-major order as `shape`; one size may be -1 and follows from the others. A view where the
    /// strides allow it, a copy otherwise.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2, 3, 4]).reshape(&[2, -1]), tensor([[1, 2], [3, 4]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the numbers of elements differ.
    #[track_caller]
    pub fn reshape(&self, shape: &[isize]) -> Self {
        expect(self.try_reshape(shape))
    }

    /// [`reshape`](Self::reshape) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the numbers of elements differ.
    pub fn try_reshape(&self, shape: &[isize]) -> Result<Self, AutogradError> {
        let sizes = self.sizes("reshape", shape)?;
        Ok(self.reshaped("ReshapeBackward", &sizes))
    }

    /// [`reshape`](Self::reshape) that never copies.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2], [3, 4]]);
    /// assert_eq!(x.view_as_shape(&[4])?, tensor([1, 2, 3, 4]));
    /// assert!(x.t().view_as_shape(&[4]).is_err());
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the numbers of elements differ, or the elements do not lie so that strides could describe the shape: call
    /// [`contiguous`](Self::contiguous) first, or `reshape`.
    pub fn view_as_shape(&self, shape: &[isize]) -> Result<Self, AutogradError> {
        let sizes = self.sizes("view_as_shape", shape)?;
        if self.layout().reshape(&sizes).is_none() {
            let message = format!(
                "a tensor of shape {:?} and strides {:?} is no view of shape {sizes:?}; use `reshape`",
                self.shape(),
                &*self.layout().strides
            );
            return Err(AutogradError::shape("view_as_shape", message));
        }
        Ok(self.reshaped("ViewBackward", &sizes))
    }

    fn sizes(&self, operation: &str, shape: &[isize]) -> Result<Dims, AutogradError> {
        let wrong = || {
            let message = format!(
                "a tensor of shape {:?} ({} elements) cannot take the shape {shape:?}",
                self.shape(),
                self.len()
            );
            AutogradError::shape(operation, message)
        };
        let open = shape.iter().filter(|&&size| size == -1).count();
        if open > 1 || shape.iter().any(|&size| size < -1) {
            return Err(wrong());
        }
        let known = shape
            .iter()
            .filter(|&&size| size >= 0)
            .try_fold(1_usize, |product, &size| product.checked_mul(size as usize))
            .ok_or_else(wrong)?;
        let missing = match open {
            1 if known > 0 && self.len().is_multiple_of(known) => self.len() / known,
            0 if known == self.len() => 0,
            _ => return Err(wrong()),
        };
        Ok(shape
            .iter()
            .map(|&size| if size == -1 { missing } else { size as usize })
            .collect())
    }

    /// Another shape of as many elements, as a view where possible.
    pub(crate) fn reshaped(&self, name: &'static str, shape: &[usize]) -> Self {
        let before = Dims::from(self.shape());
        match self.layout().reshape(shape) {
            Some(layout) => record_view(name, self, self.view(layout), move |cx, g| {
                cx.give(0, || g.reshaped("ReshapeBackward", &before))
            }),
            None => {
                let out = Self::fresh(kernel::to_vec(self), shape);
                record(name, [self], [], out, move |cx, g| {
                    cx.give(0, || g.reshaped("ReshapeBackward", &before))
                })
            }
        }
    }

    /// A view of all of this tensor, at a place of its own in the graph.
    pub(crate) fn alias(&self) -> Self {
        record_view(
            "AliasBackward",
            self,
            self.view(self.layout().clone()),
            |cx, g| cx.give(0, || g),
        )
    }

    /// The same elements in contiguous memory: this tensor itself where it is so already.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert!(tensor([[1, 2], [3, 4]]).t().contiguous().is_contiguous());
    /// ```
    pub fn contiguous(&self) -> Self {
        if self.is_contiguous() {
            self.clone()
        } else {
            self.copy()
        }
    }

    /// Dimension `i` of the result is dimension `order[i]` of this tensor. A view.
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    ///
    /// assert_eq!(Tensor::<f64>::zeros(&[2, 3, 4]).permute(&[2, 0, 1]).shape(), [4, 2, 3]);
    /// ```
    ///
    /// # Panics
    ///
    /// Unless `order` names every dimension once.
    #[track_caller]
    pub fn permute(&self, order: &[isize]) -> Self {
        expect(self.try_permute(order))
    }

    /// [`permute`](Self::permute) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// Unless `order` names every dimension once.
    pub fn try_permute(&self, order: &[isize]) -> Result<Self, AutogradError> {
        if order.len() != self.ndim()
            || dimensions("permute", order, self.ndim())?.len() != self.ndim()
        {
            let message = format!(
                "{order:?} does not name each of the {} dimensions of shape {:?} once",
                self.ndim(),
                self.shape()
            );
            return Err(AutogradError::shape("permute", message));
        }
        let order = order
            .iter()
            .map(|&d| dimension("permute", d, self.ndim()))
            .collect::<Result<Dims, _>>()?;
        Ok(self.permuted("PermuteBackward", order))
    }

    fn permuted(&self, name: &'static str, order: Dims) -> Self {
        let out = self.view(self.layout().permute(&order));
        record_view(name, self, out, move |cx, g| {
            cx.give(0, || {
                let mut inverse = Dims::filled(order.len(), 0);
                order
                    .iter()
                    .enumerate()
                    .for_each(|(to, &from)| inverse[from] = to);
                g.permuted(name, inverse)
            });
        })
    }

    /// Dimensions `a` and `b` exchanged. A view.
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    ///
    /// assert_eq!(Tensor::<f64>::zeros(&[2, 3, 4]).transpose(0, -1).shape(), [4, 3, 2]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions.
    #[track_caller]
    pub fn transpose(&self, a: isize, b: isize) -> Self {
        expect(self.try_transpose(a, b))
    }

    /// [`transpose`](Self::transpose) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions.
    pub fn try_transpose(&self, a: isize, b: isize) -> Result<Self, AutogradError> {
        let (a, b) = (
            dimension("transpose", a, self.ndim())?,
            dimension("transpose", b, self.ndim())?,
        );
        let mut order: Dims = (0..self.ndim()).collect();
        order.swap(a, b);
        Ok(self.permuted("TransposeBackward", order))
    }

    /// The transpose of a matrix: the last two dimensions exchanged; a tensor of fewer dimensions as it is. A view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).t(), tensor([[1, 3], [2, 4]]));
    /// ```
    pub fn t(&self) -> Self {
        if self.ndim() < 2 {
            self.clone()
        } else {
            self.transpose(-2, -1)
        }
    }

    /// A new dimension of size one at `dim`, counted from the end of the result when negative. A view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).unsqueeze(-1), tensor([[1], [2]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When `dim` is beyond the result's dimensions.
    #[track_caller]
    pub fn unsqueeze(&self, dim: isize) -> Self {
        expect(self.try_unsqueeze(dim))
    }

    /// [`unsqueeze`](Self::unsqueeze) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When `dim` is beyond the result's dimensions.
    pub fn try_unsqueeze(&self, dim: isize) -> Result<Self, AutogradError> {
        let dim = dimension("unsqueeze", dim, self.ndim() + 1)?;
        let out = self.view(self.layout().unsqueeze(dim));
        Ok(record_view("UnsqueezeBackward", self, out, move |cx, g| {
            cx.give(0, || g.dropped(dim))
        }))
    }

    /// This tensor without its dimension `dim`, which has size one.
    fn dropped(&self, dim: usize) -> Self {
        let out = self.view(self.layout().select(dim, 0));
        record_view("SqueezeBackward", self, out, move |cx, g| {
            cx.give(0, || g.unsqueeze(dim as isize))
        })
    }

    /// This tensor without dimension `dim` if that has size one, and as it is otherwise. A view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1], [2]]).squeeze(1), tensor([1, 2]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[track_caller]
    pub fn squeeze(&self, dim: isize) -> Self {
        expect(self.try_squeeze(dim))
    }

    /// [`squeeze`](Self::squeeze) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_squeeze(&self, dim: isize) -> Result<Self, AutogradError> {
        let dim = dimension("squeeze", dim, self.ndim())?;
        Ok(if self.shape()[dim] == 1 {
            self.dropped(dim)
        } else {
            self.clone()
        })
    }

    /// Dimensions `first` to `last` as one.
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    ///
    /// assert_eq!(Tensor::<f64>::zeros(&[2, 3, 4]).flatten(1, -1).shape(), [2, 12]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no such dimensions, or `last` comes before `first`.
    #[track_caller]
    pub fn flatten(&self, first: isize, last: isize) -> Self {
        expect(self.try_flatten(first, last))
    }

    /// [`flatten`](Self::flatten) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are no such dimensions, or `last` comes before `first`.
    pub fn try_flatten(&self, first: isize, last: isize) -> Result<Self, AutogradError> {
        if self.ndim() == 0 {
            return self.try_reshape(&[1]);
        }
        let (first, last) = (
            dimension("flatten", first, self.ndim())?,
            dimension("flatten", last, self.ndim())?,
        );
        if first > last {
            let message = format!("dimension {first} comes after {last}");
            return Err(AutogradError::shape("flatten", message));
        }
        let shape = self.shape();
        let sizes: Dims = shape[..first]
            .iter()
            .copied()
            .chain([shape[first..=last].iter().product()])
            .chain(shape[last + 1..].iter().copied())
            .collect();
        Ok(self.reshaped("ReshapeBackward", &sizes))
    }
}

impl<T: Number> Tensor<T> {
    /// As [`broadcast_to`](Self::broadcast_to), where a size of -1 leaves that dimension as it is.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1], [2]]).expand(&[-1, 2]), tensor([[1, 1], [2, 2]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shape of this tensor does not broadcast to `shape`.
    #[track_caller]
    pub fn expand(&self, shape: &[isize]) -> Self {
        expect(self.try_expand(shape))
    }

    /// [`expand`](Self::expand) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shape of this tensor does not broadcast to `shape`.
    pub fn try_expand(&self, shape: &[isize]) -> Result<Self, AutogradError> {
        let missing = shape.len().saturating_sub(self.ndim());
        let size = |(d, &size): (usize, &isize)| match size {
            -1 if d >= missing => self.shape().get(d - missing).copied(),
            size => usize::try_from(size).ok(),
        };
        let sizes: Option<Vec<usize>> = shape.iter().enumerate().map(size).collect();
        let sizes = sizes.ok_or_else(|| {
            let message = format!(
                "{shape:?} is no shape for a tensor of shape {:?}: -1 stands for the size of a dimension that is there",
                self.shape()
            );
            AutogradError::shape("expand", message)
        })?;
        self.try_broadcast_to(&sizes)
    }

    /// This tensor stretched to `shape` without a copy: dimensions of size one repeat, missing ones are put in front.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).broadcast_to(&[2, 2]), tensor([[1, 2], [1, 2]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shape of this tensor does not broadcast to `shape`.
    #[track_caller]
    pub fn broadcast_to(&self, shape: &[usize]) -> Self {
        expect(self.try_broadcast_to(shape))
    }

    /// [`broadcast_to`](Self::broadcast_to) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shape of this tensor does not broadcast to `shape`.
    pub fn try_broadcast_to(&self, shape: &[usize]) -> Result<Self, AutogradError> {
        if self.shape() == shape {
            return Ok(self.clone());
        }
        super::construct::elements("broadcast_to", shape)?;
        let layout = self.layout().broadcast_to(shape).ok_or_else(|| {
            let message = format!(
                "a tensor of shape {:?} does not stretch to {shape:?}: only sizes of 1 repeat",
                self.shape()
            );
            AutogradError::shape("broadcast_to", message)
        })?;
        let before = Dims::from(self.shape());
        Ok(record_view(
            "ExpandBackward",
            self,
            self.view(layout),
            move |cx, g| cx.give(0, || g.sum_to(&before)),
        ))
    }
}
