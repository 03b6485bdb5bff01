//! Buffers that outlive a call, so that repeated calls allocate nothing.

use alloc::{boxed::Box, vec::Vec};
use core::{
    any::{Any, TypeId, type_name},
    fmt,
};

/// The buffers of derivative functions, kept from one call to the next.
///
/// The functions whose names end in `_with` take their temporary buffers from a workspace and give them back. Once
/// the buffers have grown to the sizes that the calls need, such a call allocates nothing. A workspace has no content
/// that matters: a new one is as good, only slower at first.
///
/// ```
/// use autodiff_runtime::Workspace;
///
/// let mut workspace = Workspace::new();
/// let mut buffer = workspace.take::<f64>();
/// buffer.resize(1000, 0.0);
/// let address = buffer.as_ptr();
/// workspace.give(buffer);
///
/// let buffer = workspace.take::<f64>();
/// assert!(buffer.is_empty() && buffer.capacity() >= 1000 && buffer.as_ptr() == address);
/// ```
#[derive(Default)]
pub struct Workspace {
    /// One pool a type of element. They are few, so that a search from the front beats a map.
    pools: Vec<Pool>,
}

/// The buffers of one type of element.
struct Pool {
    element: TypeId,
    element_name: &'static str,
    /// A `Vec<Vec<T>>` where `T` is the type that `element` names.
    buffers: Box<dyn Any + Send + Sync>,
}

impl Workspace {
    /// A workspace without buffers; this does not allocate.
    ///
    /// ```
    /// use autodiff_runtime::Workspace;
    ///
    /// assert!(Workspace::new().take::<f64>().is_empty());
    /// ```
    pub const fn new() -> Self {
        Workspace { pools: Vec::new() }
    }

    /// An empty buffer: the one given back last, with its capacity, or a new one where none is left.
    ///
    /// ```
    /// use autodiff_runtime::Workspace;
    ///
    /// let mut workspace = Workspace::new();
    /// workspace.give(vec![1.0, 2.0]);
    /// assert_eq!(workspace.take::<f64>(), []);
    /// ```
    #[inline]
    pub fn take<T: Send + Sync + 'static>(&mut self) -> Vec<T> {
        self.pool::<T>().and_then(Vec::pop).unwrap_or_default()
    }

    /// Takes back a buffer; its elements are dropped.
    ///
    /// ```
    /// use autodiff_runtime::Workspace;
    ///
    /// let mut workspace = Workspace::new();
    /// let stack = workspace.take::<(usize, f64)>();
    /// workspace.give(stack);
    /// ```
    #[inline]
    pub fn give<T: Send + Sync + 'static>(&mut self, mut buffer: Vec<T>) {
        buffer.clear();
        match self.pool() {
            Some(buffers) => buffers.push(buffer),
            None => self.open_pool(buffer),
        }
    }

    fn pool<T: 'static>(&mut self) -> Option<&mut Vec<Vec<T>>> {
        let pool = self
            .pools
            .iter_mut()
            .find(|pool| pool.element == TypeId::of::<T>())?;
        pool.buffers.downcast_mut()
    }

    #[cold]
    fn open_pool<T: Send + Sync + 'static>(&mut self, buffer: Vec<T>) {
        self.pools.push(Pool {
            element: TypeId::of::<T>(),
            element_name: type_name::<T>(),
            buffers: Box::new(alloc::vec![buffer]),
        });
    }
}

/// Shows the types of which the workspace has buffers.
impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elements: Vec<&str> = self.pools.iter().map(|pool| pool.element_name).collect();
        f.debug_struct("Workspace")
            .field("elements", &elements)
            .finish()
    }
}
