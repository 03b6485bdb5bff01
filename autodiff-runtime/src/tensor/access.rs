//! Asking a tensor for its shape and its elements.

use std::sync::{Arc, OnceLock};

use super::Tensor;
use super::element::{AnyTensor, DType, Element};
use super::kernel;
use super::layout::Layout;
use super::storage::Buffer;
use crate::autograd::{AutogradError, Edge};

impl<T: Element> Tensor<T> {
    /// The size of each dimension; empty for a single number.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2, 3]]).shape(), [1, 3]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.layout().shape
    }

    /// The number of dimensions.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2, 3]]).ndim(), 2);
    /// ```
    pub fn ndim(&self) -> usize {
        self.layout().ndim()
    }

    /// The number of elements.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2, 3]]).len(), 3);
    /// ```
    pub fn len(&self) -> usize {
        self.layout().len()
    }

    /// Whether there are no elements.
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    ///
    /// assert!(Tensor::<f64>::zeros(&[2, 0]).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element type.
    ///
    /// ```
    /// use autodiff_runtime::{DType, tensor};
    ///
    /// assert_eq!(tensor([1, 2]).dtype(), DType::I64);
    /// ```
    pub fn dtype(&self) -> DType {
        T::DTYPE
    }

    /// Whether the elements lie one after the other in row-major order.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1, 2], [3, 4]]);
    /// assert!(x.is_contiguous() && !x.t().is_contiguous());
    /// ```
    pub fn is_contiguous(&self) -> bool {
        self.layout.is_none() || self.layout().is_contiguous()
    }

    /// The only element.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[2.5]]).item(), 2.5);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is not exactly one; [`try_item`](Self::try_item) returns an error instead.
    #[track_caller]
    pub fn item(&self) -> T {
        self.try_item().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The only element.
    ///
    /// # Errors
    ///
    /// When there is not exactly one.
    pub fn try_item(&self) -> Result<T, AutogradError> {
        if self.len() == 1 {
            return Ok(self.with_data(|data| data[self.layout().offset]));
        }
        Err(AutogradError::shape(
            "item",
            format!(
                "a tensor of shape {:?} is not a single number; take one by `get`",
                self.shape()
            ),
        ))
    }

    /// The element at `index`, one number for each dimension; `None` outside.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.get(&[1, 0]), Some(3.0));
    /// assert_eq!(x.get(&[2, 0]), None);
    /// ```
    pub fn get(&self, index: &[usize]) -> Option<T> {
        let position = self.layout().position(index)?;
        Some(self.with_data(|data| data[position]))
    }

    /// The elements in row-major order.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2], [3, 4]]).t().to_vec(), [1, 3, 2, 4]);
    /// ```
    pub fn to_vec(&self) -> Vec<T> {
        kernel::to_vec(self)
    }

    /// The number of in-place changes that the memory of this tensor has seen, through whichever tensor or view.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]);
    /// x.add_(&tensor(1.0))?;
    /// assert_eq!(x.at(0).version(), 1);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn version(&self) -> u32 {
        self.storage.version()
    }

    /// Whether both are the same tensor: the same memory seen the same way, at the same place in the graph.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0]);
    /// assert!(x.is_same(&x.clone()));
    /// assert!(!x.is_same(&x.copy()));
    /// ```
    pub fn is_same(&self, other: &Self) -> bool {
        let edges = match (self.edge(), other.edge()) {
            (None, None) => true,
            (Some(a), Some(b)) => a.same(&b),
            _ => false,
        };
        edges && self.shares_memory(other) && self.layout() == other.layout()
    }

    /// Whether both are kept in the same memory, so that an in-place change of one may show in the other.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, 2.0]]);
    /// assert!(x.shares_memory(&x.t()));
    /// ```
    pub fn shares_memory(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.storage, &other.storage)
    }

    /// Whether this tensor is the whole of its storage as that was made, and no view or changed since.
    pub(crate) fn is_as_made(&self) -> bool {
        self.layout.is_none() && self.storage.version() == 0
    }

    /// The elements for writing, where no other tensor can see them and they lie in order.
    pub(crate) fn unshared(&mut self) -> Option<&mut [T]> {
        Some(self.unshared_with_layout()?.1)
    }

    /// As [`unshared`](Self::unshared), with the layout beside them.
    pub(crate) fn unshared_with_layout(&mut self) -> Option<(&Layout, &mut [T])> {
        let (made, data) = Arc::get_mut(&mut self.storage)?.unshared();
        // A storage is made for a tensor that fills it in order.
        let Some(layout) = &self.layout else {
            return Some((made, data));
        };
        let range = layout.offset..layout.offset + layout.len();
        layout
            .is_contiguous()
            .then(|| (&**layout, &mut data[range]))
    }

    /// This tensor in contiguous memory that nobody else holds, without a place in the graph.
    pub(crate) fn into_own_memory(mut self) -> Self {
        if self.unshared().is_some() {
            return self.into_untracked();
        }
        let data: Buffer<T> = kernel::to_vec(&self).into();
        Self::fresh(data, self.shape())
    }

    /// This tensor without a place in the graph.
    pub(crate) fn into_untracked(self) -> Self {
        Self {
            edge: None,
            family: OnceLock::new(),
            ..self
        }
    }
}

/// Does the same with a tensor of any element type.
macro_rules! each {
    ($any:expr, $tensor:ident => $body:expr) => {
        match $any {
            AnyTensor::F32($tensor) => $body,
            AnyTensor::F64($tensor) => $body,
            AnyTensor::I64($tensor) => $body,
            AnyTensor::Bool($tensor) => $body,
        }
    };
}

impl AnyTensor {
    pub(crate) fn shape(&self) -> &[usize] {
        each!(self, t => t.shape())
    }

    pub(crate) fn version(&self) -> u32 {
        each!(self, t => t.version())
    }

    pub(crate) fn with_edge(self, edge: Edge) -> Self {
        match self {
            Self::F32(t) => Self::F32(t.with_edge(edge)),
            Self::F64(t) => Self::F64(t.with_edge(edge)),
            Self::I64(t) => Self::I64(t.with_edge(edge)),
            Self::Bool(t) => Self::Bool(t.with_edge(edge)),
        }
    }

    /// As [`Tensor::share`].
    pub(crate) fn share(&self) -> Self {
        match self {
            Self::F32(t) => Self::F32(t.share()),
            Self::F64(t) => Self::F64(t.share()),
            Self::I64(t) => Self::I64(t.share()),
            Self::Bool(t) => Self::Bool(t.share()),
        }
    }

    pub(crate) fn has_nan(&self) -> bool {
        match self {
            Self::F32(t) => t.to_vec().iter().any(|v| v.is_nan()),
            Self::F64(t) => t.to_vec().iter().any(|v| v.is_nan()),
            Self::I64(_) | Self::Bool(_) => false,
        }
    }

    /// The sum with `other`, in the memory of `self`, so that whoever holds it sees the sum. Without `create_graph`.
    pub(crate) fn add_in_place(self, other: Self) -> Self {
        match (self, other) {
            (Self::F32(a), Self::F32(b)) => Self::F32(a.accumulate(b)),
            (Self::F64(a), Self::F64(b)) => Self::F64(a.accumulate(b)),
            _ => unreachable!("both gradients of one leaf have its element type"),
        }
    }
}
