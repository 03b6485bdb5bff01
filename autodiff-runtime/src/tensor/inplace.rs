//! Changing a tensor's elements in place.

use super::element::{Element, Number};
use super::region::copy_slices;
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, Edge, is_grad_enabled, next_id};

impl<T: Element> Tensor<T> {
    /// Writes the elements of `values`, of this tensor's shape, over those of this tensor. The graph does not hear of it.
    pub(crate) fn overwrite(&self, values: &Self) {
        debug_assert_eq!(self.shape(), values.shape());
        kernel::zip_into(self, values, |_, value| value);
    }

    /// Subtracts `rate` times `direction`, which has this tensor's shape. The graph does not hear of it.
    ///
    /// # Panics
    ///
    /// When elements of this tensor share memory.
    #[track_caller]
    pub(crate) fn descend(&self, direction: &Self, rate: T)
    where
        T: Number,
    {
        assert!(
            !self.layout().overlaps_itself(),
            "a parameter of shape {:?} whose elements share memory (a broadcast) cannot be moved; `copy()` it before `require_grad()`",
            self.shape()
        );
        kernel::zip_into(self, direction, |x, d| T::minus(x, T::times(d, rate)));
    }

    /// Replaces this tensor's elements by what `compute` makes of it. The result is stretched to this tensor's shape.
    ///
    /// What is recorded is the operation that makes a new tensor, from a copy of this one: so its own saved values do not
    /// fall victim to the change, and a later result that was computed from the old values notices it by the version.
    pub(crate) fn in_place(
        &self,
        operation: &str,
        compute: impl FnOnce(&Self) -> Result<Self, AutogradError>,
    ) -> Result<(), AutogradError>
    where
        T: Number,
    {
        if self.layout().overlaps_itself() {
            let message = format!(
                "a tensor of shape {:?} whose elements share memory (a broadcast) cannot be changed in place; `copy()` it first",
                self.shape()
            );
            return Err(AutogradError::shape(operation, message));
        }
        if !is_grad_enabled() {
            let values = compute(&self.without_edge())?.fitted(operation, self.shape())?;
            self.overwrite(&values);
            return Ok(());
        }
        let (whole, origin) = self.whole();
        if origin
            .as_ref()
            .is_some_and(|origin| origin.node.rule.leaf().is_some())
        {
            return Err(AutogradError::LeafModified {
                operation: operation.to_owned(),
            });
        }
        let mut before = Self::fresh(kernel::to_vec(self), self.shape());
        before.edge = self.edge();
        let newest = next_id();
        let values = compute(&before)?.fitted(operation, self.shape())?;
        // The place in the graph must be younger than those of all handles, by which they know that it supersedes them.
        let old = values.edge().is_some_and(|edge| edge.node.id < newest);
        let values = if old { values.alias() } else { values };
        self.overwrite(&values);
        match (origin, values.edge()) {
            (None, None) => {}
            (_, Some(inserted)) if whole == *self.layout() => self.supersede(whole, inserted),
            (origin, inserted) => {
                let node = copy_slices::<T>(origin, inserted, whole.clone(), self.layout().clone());
                self.supersede(whole, Edge::new(node));
            }
        }
        Ok(())
    }

    fn fitted(&self, operation: &str, shape: &[usize]) -> Result<Self, AutogradError>
    where
        T: Number,
    {
        if self.layout().broadcast_to(shape).is_none() {
            let message = format!(
                "a result of shape {:?} does not fit into a tensor of shape {shape:?}",
                self.shape()
            );
            return Err(AutogradError::shape(operation, message));
        }
        self.try_broadcast_to(shape)
    }
}

impl<T: Number> Tensor<T> {
    /// Adds `other` in place, stretched to this tensor's shape.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]);
    /// x.add_(&tensor(10.0))?;
    /// assert_eq!(x, tensor([11.0, 12.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`LeafModified`](AutogradError::LeafModified) for a leaf that requires gradients, outside `no_grad`;
    /// [`Shape`](AutogradError::Shape) for a shape that does not broadcast to this one, or a tensor that is itself
    /// stretched.
    pub fn add_(&self, other: &Self) -> Result<(), AutogradError> {
        self.in_place("add_", |x| x.try_add(other))
    }

    /// Subtracts `other` in place.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]);
    /// x.sub_(&tensor(1.0))?;
    /// assert_eq!(x, tensor([0.0, 1.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_).
    pub fn sub_(&self, other: &Self) -> Result<(), AutogradError> {
        self.in_place("sub_", |x| x.try_sub(other))
    }

    /// Multiplies by `other` in place.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]);
    /// x.mul_(&tensor(3.0))?;
    /// assert_eq!(x, tensor([3.0, 6.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_).
    pub fn mul_(&self, other: &Self) -> Result<(), AutogradError> {
        self.in_place("mul_", |x| x.try_mul(other))
    }

    /// Divides by `other` in place.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]);
    /// x.div_(&tensor(2.0))?;
    /// assert_eq!(x, tensor([0.5, 1.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_).
    pub fn div_(&self, other: &Self) -> Result<(), AutogradError> {
        self.in_place("div_", |x| x.try_div(other))
    }

    /// Replaces the elements by those of `source`, stretched to this tensor's shape.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0, 3.0]).require_grad();
    /// let y = &x * 1.0;
    /// y.at(1).copy_(&tensor(7.0))?;
    /// y.powi(2).sum().backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor([2.0, 0.0, 6.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_).
    pub fn copy_(&self, source: &Self) -> Result<(), AutogradError> {
        self.in_place("copy_", |_| Ok(source.clone()))
    }

    /// Replaces every element by `value`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1, 2]);
    /// x.fill_(7)?;
    /// assert_eq!(x, tensor([7, 7]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_).
    pub fn fill_(&self, value: T) -> Result<(), AutogradError> {
        self.in_place("fill_", |_| Ok(Self::full(&[], value)))
    }

    /// Replaces every element by zero.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1, 2]);
    /// x.at(0).zero_()?;
    /// assert_eq!(x, tensor([0, 2]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_`](Self::add_).
    pub fn zero_(&self) -> Result<(), AutogradError> {
        self.fill_(T::ZERO)
    }
}
