//! The n-dimensional tensor.

mod access;
mod activation;
mod arrange;
mod compare;
mod construct;
mod diagonals;
pub(crate) mod dims;
mod display;
mod einsum;
pub(crate) mod element;
mod elementwise;
mod extremes;
mod family;
#[cfg(feature = "gemm")]
mod gemm;
mod index;
mod inplace;
pub(crate) mod kernel;
pub(crate) mod layout;
mod linalg;
mod losses;
mod matmul;
mod normalise;
mod operators;
mod order;
mod parts;
mod pool;
mod primitives;
mod reduce;
mod region;
mod scan;
#[cfg(feature = "serde")]
mod serialise;
mod shape;
mod special;
mod statistics;
mod storage;
mod traced;
mod track;
mod windows;

use std::sync::{Arc, OnceLock};

pub use compare::Operand;
pub use construct::{Nested, tensor};
pub use element::{DType, Element, Float, Number};
pub use normalise::RunningStatistics;
pub(crate) use shape::{common, expect};

use crate::autograd::Edge;
use family::Family;
use layout::Layout;
use storage::{Buffer, Storage};

/// An n-dimensional array whose gradients can be tracked.
///
/// Elements are `f64` (the default), `f32`, `i64` or `bool`. A tensor is a handle: cloning it is cheap and gives the
/// same tensor, with the same memory and the same gradient; [`copy`](Self::copy) makes a new one. Views
/// ([`reshape`](Self::reshape), [`transpose`](Self::transpose), [`slice`](Self::slice), ..) share memory with what they
/// were taken from.
///
/// Operations on a tensor that requires gradients are recorded, and [`backward`](Self::backward) computes the gradients
/// with respect to all tensors marked by [`require_grad`](Self::require_grad):
///
/// ```
/// use autodiff_runtime::tensor;
///
/// let x = tensor([[1.0, 2.0], [3.0, 4.0]]).require_grad();
/// let y = &x + 2.0;
/// let z = y.powi(2) * 3.0;
/// z.mean().backward()?;
/// assert_eq!(x.grad().unwrap(), tensor([[4.5, 6.0], [7.5, 9.0]]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// Operators panic on shapes that do not broadcast, naming both; each has a `try_` form that returns an error instead.
pub struct Tensor<T: Element = f64> {
    storage: Arc<Storage<T>>,
    /// Where the elements lie, for a view; otherwise the storage knows.
    layout: Option<Arc<Layout>>,
    /// What made this tensor, as of its making. In-place changes supersede it: see [`family`].
    edge: Option<Edge>,
    /// Shared by all handles and views of one tensor, once there are several.
    family: OnceLock<Arc<Family>>,
}

// Operations move tensors about a lot.
const _: () = assert!(size_of::<Option<Tensor>>() <= 7 * size_of::<u64>());

// A panic in an operation leaves no tensor half made: results appear as a whole, and what locks guard stays valid.
impl<T: Element> std::panic::UnwindSafe for Tensor<T> {}
impl<T: Element> std::panic::RefUnwindSafe for Tensor<T> {}

impl<T: Element> Tensor<T> {
    /// A new tensor of `shape` with `data` in row-major order, which has as many elements.
    pub(crate) fn fresh(data: impl Into<Buffer<T>>, shape: &[usize]) -> Self {
        let data = data.into();
        debug_assert_eq!(data.len(), shape.iter().product::<usize>());
        Self {
            storage: Storage::new(data, Layout::contiguous(shape)),
            layout: None,
            edge: None,
            family: OnceLock::new(),
        }
    }

    pub(crate) fn layout(&self) -> &Layout {
        match &self.layout {
            None => self.storage.layout(),
            Some(layout) => layout,
        }
    }

    pub(crate) fn storage(&self) -> &Arc<Storage<T>> {
        &self.storage
    }

    /// The same memory by another layout, of the same family but not yet in the graph.
    pub(crate) fn view(&self, layout: Layout) -> Self {
        Self {
            storage: Arc::clone(&self.storage),
            layout: Some(Arc::new(layout)),
            edge: None,
            family: OnceLock::from(self.family()),
        }
    }

    /// The same tensor for use inside of operations: unlike a clone it does not hear of later in-place changes of the
    /// graph, so neither handle pays for being able to.
    pub(crate) fn share(&self) -> Self {
        Self {
            storage: Arc::clone(&self.storage),
            layout: self.layout.clone(),
            edge: self.edge(),
            family: OnceLock::new(),
        }
    }

    /// The same values without a place in the graph and cut off from in-place changes of it.
    pub(crate) fn without_edge(&self) -> Self {
        Self {
            storage: Arc::clone(&self.storage),
            layout: self.layout.clone(),
            edge: None,
            family: OnceLock::new(),
        }
    }

    /// This tensor at a place in the graph.
    pub(crate) fn with_edge(mut self, edge: Edge) -> Self {
        self.edge = Some(edge);
        self
    }

    fn family(&self) -> Arc<Family> {
        Arc::clone(self.family.get_or_init(Arc::default))
    }

    /// Runs `body` on the memory that the layout points into.
    pub(crate) fn with_data<R>(&self, body: impl FnOnce(&[T]) -> R) -> R {
        body(&self.storage.read())
    }
}

impl<T: Element> Clone for Tensor<T> {
    /// Another handle to the same tensor.
    fn clone(&self) -> Self {
        Self {
            storage: Arc::clone(&self.storage),
            layout: self.layout.clone(),
            edge: self.edge.clone(),
            family: OnceLock::from(self.family()),
        }
    }
}

impl<T: Element> PartialEq for Tensor<T> {
    /// Whether shapes and all elements are equal; gradients do not count.
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape()
            && storage::read_two(&self.storage, &other.storage, |a, b| {
                let mut equal = true;
                layout::for_each_run(
                    self.shape(),
                    [self.layout(), other.layout()],
                    |n, [i, j], [di, dj]| {
                        equal &= (0..n).all(|k| a[i + k * di] == b[j + k * dj]);
                    },
                );
                equal
            })
    }
}
