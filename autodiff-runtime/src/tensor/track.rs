//! A tensor's side of gradient tracking.

use std::sync::Arc;

use super::element::{Element, Float, Number};
use super::{Tensor, kernel};
use crate::autograd::{
    AutogradError, Edge, GradFn, HookHandle, Leaf, NodeRef, is_grad_enabled, record, typed,
};

impl<T: Element> Tensor<T> {
    /// Whether gradients with respect to this tensor can be computed: it was marked by
    /// [`require_grad`](Self::require_grad), or computed from one that was.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// assert!((&x * 2.0).requires_grad() && !tensor(1.0).requires_grad());
    /// ```
    pub fn requires_grad(&self) -> bool {
        self.has_edge()
    }

    /// Whether this tensor was made by the user and not computed from tensors that require gradients.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// assert!(x.is_leaf() && !(&x * 2.0).is_leaf());
    /// ```
    pub fn is_leaf(&self) -> bool {
        self.edge()
            .is_none_or(|edge| edge.node.rule.leaf().is_some())
    }

    /// The operation that computed this tensor; `None` for leaves.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// assert_eq!(x.exp().grad_fn().unwrap().name(), "ExpBackward");
    /// assert!(x.grad_fn().is_none());
    /// ```
    pub fn grad_fn(&self) -> Option<GradFn> {
        self.edge()
            .filter(|edge| edge.node.rule.leaf().is_none())
            .map(GradFn)
    }

    /// The node of the graph that this tensor's gradient goes to: [`grad_fn`](Self::grad_fn), or the `AccumulateGrad` of
    /// a leaf.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// assert_eq!(x.gradient_edge().unwrap().name(), "AccumulateGrad");
    /// ```
    pub fn gradient_edge(&self) -> Option<GradFn> {
        self.edge().map(GradFn)
    }

    /// The same values, in the same memory, cut off from the graph.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(2.0).require_grad();
    /// let y = (&x * &x).detach();
    /// (&x * &y).backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor(4.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn detach(&self) -> Self {
        self.without_edge()
    }

    /// A new tensor of the same values in contiguous memory of its own. Recorded as `CloneBackward`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]);
    /// let y = x.copy();
    /// y.fill_(0.0)?;
    /// assert_eq!(x, tensor([1.0, 2.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn copy(&self) -> Self {
        let out = Self::fresh(kernel::to_vec(self), self.shape());
        record("CloneBackward", [self], [], out, |cx, g| cx.give(0, || g))
    }
}

impl<T: Float> Tensor<T> {
    /// This tensor as a leaf that requires gradients: [`backward`](Self::backward) adds to its [`grad`](Self::grad).
    /// The memory stays shared with other handles; a place in the graph is given up.
    ///
    /// ```compile_fail
    /// autodiff_runtime::tensor([1, 2, 3]).require_grad(); // integers have no gradients
    /// ```
    pub fn require_grad(self) -> Self {
        if self
            .edge()
            .is_some_and(|edge| edge.node.rule.leaf().is_some())
        {
            return self;
        }
        let value = self.into_untracked();
        let leaf = Leaf::new(T::into_any(value.without_edge()));
        value.with_edge(Edge::new(NodeRef::new(leaf)))
    }

    /// The gradient that has been added up in this leaf, or that was retained for this tensor; `None` before the first.
    ///
    /// For a leaf without a recorded backward pass, the tensor returned shares its memory: a later backward pass that
    /// adds to the gradient shows in it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(3.0).require_grad();
    /// assert_eq!(x.grad(), None);
    /// x.square().backward()?;
    /// assert_eq!(x.grad(), Some(tensor(6.0)));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn grad(&self) -> Option<Self> {
        let edge = self.edge()?;
        let gradient = match edge.node.rule.leaf() {
            Some(leaf) => leaf.gradient(),
            None => edge.node.extras.get()?.retained(edge.output()),
        };
        T::from_any(gradient?)
    }

    /// Puts `gradient` in place of what this leaf has added up.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(3.0).require_grad();
    /// x.set_grad(&tensor(1.0))?;
    /// x.square().backward()?;
    /// assert_eq!(x.grad(), Some(tensor(7.0)));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Shape`](AutogradError::Shape) for a gradient of another shape, [`NoGradient`](AutogradError::NoGradient) unless
    /// this is a leaf that requires gradients.
    pub fn set_grad(&self, gradient: &Self) -> Result<(), AutogradError> {
        if gradient.shape() != self.shape() {
            let message = format!(
                "a gradient of shape {:?} cannot belong to a tensor of shape {:?}",
                gradient.shape(),
                self.shape()
            );
            return Err(AutogradError::shape("set_grad", message));
        }
        let edge = self.edge().filter(|edge| edge.node.rule.leaf().is_some());
        let edge = edge.ok_or_else(|| AutogradError::NoGradient {
            what: "the tensor given to `set_grad`".to_owned(),
        })?;
        if let Some(leaf) = edge.node.rule.leaf() {
            leaf.set_gradient(Some(T::into_any(gradient.clone())));
        }
        Ok(())
    }

    /// Forgets the gradient, so that [`grad`](Self::grad) is `None` again.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(3.0).require_grad();
    /// x.square().backward()?;
    /// x.zero_grad();
    /// assert_eq!(x.grad(), None);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn zero_grad(&self) {
        let Some(edge) = self.edge() else { return };
        match edge.node.rule.leaf() {
            Some(leaf) => leaf.set_gradient(None),
            None => {
                if let Some(extras) = edge.node.extras.get() {
                    extras.update_retained(edge.output(), |_| None);
                }
            }
        }
    }

    /// Keeps the gradient of this computed tensor, so that [`grad`](Self::grad) gives it after a backward pass. A leaf
    /// keeps its gradient anyway.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(3.0).require_grad();
    /// let y = x.square();
    /// y.retain_grad()?;
    /// (&y * 5.0).backward()?;
    /// assert_eq!(y.grad(), Some(tensor(5.0)));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoGradient`](AutogradError::NoGradient) unless this tensor requires gradients.
    pub fn retain_grad(&self) -> Result<(), AutogradError> {
        let edge = self.edge().ok_or_else(|| AutogradError::NoGradient {
            what: "the tensor given to `retain_grad`".to_owned(),
        })?;
        if edge.node.rule.leaf().is_none() {
            edge.node.extras().retain(edge.output());
        }
        Ok(())
    }

    /// Whether [`retain_grad`](Self::retain_grad) was called on this computed tensor.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let y = tensor(3.0).require_grad().square();
    /// y.retain_grad()?;
    /// assert!(y.retains_grad());
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn retains_grad(&self) -> bool {
        self.edge().is_some_and(|edge| {
            edge.node
                .extras
                .get()
                .is_some_and(|extras| extras.retains(edge.output()))
        })
    }

    /// Calls `hook` with the gradient of this tensor whenever one arrives, before it goes further. What the hook returns
    /// takes the gradient's place; `None` leaves it. Hooks run in the order of registration and stay until
    /// [`HookHandle::remove`].
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(2.0).require_grad();
    /// x.register_hook(|g| Some(g * 10.0))?;
    /// (&x * 3.0).backward()?;
    /// assert_eq!(x.grad(), Some(tensor(30.0)));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoGradient`](AutogradError::NoGradient) unless this tensor requires gradients.
    ///
    /// # Panics
    ///
    /// A backward pass panics when the hook returns a gradient of another shape.
    pub fn register_hook(
        &self,
        hook: impl Fn(&Self) -> Option<Self> + Send + Sync + 'static,
    ) -> Result<HookHandle, AutogradError> {
        let edge = self.edge().ok_or_else(|| AutogradError::NoGradient {
            what: "the tensor given to `register_hook`".to_owned(),
        })?;
        Ok(edge.node.extras().register(edge.output(), typed(hook)))
    }

    /// Calls `hook` with this leaf after each time that a gradient was added to it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(2.0).require_grad();
    /// x.register_post_accumulate_grad_hook(|x| assert_eq!(x.grad(), Some(tensor(3.0))))?;
    /// (&x * 3.0).backward()?;
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoGradient`](AutogradError::NoGradient) unless this is a leaf that requires gradients.
    pub fn register_post_accumulate_grad_hook(
        &self,
        hook: impl Fn(&Self) + Send + Sync + 'static,
    ) -> Result<HookHandle, AutogradError> {
        let edge = self.edge();
        let leaf = edge.as_ref().and_then(|edge| edge.node.rule.leaf());
        let what = "the tensor given to `register_post_accumulate_grad_hook` is no leaf; it";
        let leaf = leaf.ok_or_else(|| AutogradError::NoGradient {
            what: what.to_owned(),
        })?;
        let typed = move |variable: &super::element::AnyTensor| {
            if let Some(variable) = T::from_any(variable.clone()) {
                hook(&variable);
            }
            None
        };
        Ok(leaf.register_after(Arc::new(typed)))
    }

    /// The sum of two gradients that nobody needs apart any more.
    pub(crate) fn add_gradient(self, other: Self) -> Self {
        if is_grad_enabled() && (self.requires_grad() || other.requires_grad()) {
            return &self + &other;
        }
        let mut first = self;
        if first.unshared().is_some() {
            kernel::zip_owned(first, &other, T::plus)
        } else {
            kernel::zip_owned(other, &first, T::plus)
        }
    }

    /// Adds `other` in the memory of this gradient.
    pub(crate) fn accumulate(mut self, other: Self) -> Self {
        if self.unshared().is_some() {
            return kernel::zip_owned(self, &other, T::plus);
        }
        kernel::zip_into(&self, &other, T::plus);
        self.into_untracked()
    }

    /// This gradient in a form that later ones can be added to in place: in memory of its own, or recorded.
    pub(crate) fn settled(self, create_graph: bool) -> Self {
        if create_graph && self.requires_grad() {
            self
        } else {
            self.into_own_memory()
        }
    }
}

impl<T: Number> Tensor<T> {
    /// The same numbers as another element type, converted as by `as`. Recorded as `ToCopyBackward`: the gradient is
    /// converted back.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.5, -2.5]).cast::<i64>(), tensor([1, -2]));
    /// ```
    pub fn cast<U: Number>(&self) -> Tensor<U> {
        if let Some(same) = U::from_any(T::into_any(self.clone())) {
            return same;
        }
        let out = kernel::map(self, |v| U::from_f64(v.to_f64()));
        record("ToCopyBackward", [self], [], out, |cx, g: Tensor<U>| {
            cx.give(0, || g.cast::<T>())
        })
    }
}
