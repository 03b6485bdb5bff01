//! Leaves: where gradients add up.

use std::sync::{Arc, Mutex};

use super::engine::{Walk, add_gradients, settled};
use super::error::AutogradError;
use super::hooks::{Hook, HookHandle, HookList, hooks_of, lock, register};
use super::node::{Edge, Gradients, NodeRef, Rule};
use crate::tensor::element::AnyTensor;

/// The node of a tensor that requires gradients and was made by the user.
pub(crate) struct Leaf {
    /// The tensor, without its place in the graph.
    value: AnyTensor,
    gradient: Mutex<Option<AnyTensor>>,
    after: Arc<HookList>,
}

impl Leaf {
    pub(crate) fn new(value: AnyTensor) -> Self {
        Self {
            value,
            gradient: Mutex::new(None),
            after: Arc::default(),
        }
    }

    pub(crate) fn value(&self) -> &AnyTensor {
        &self.value
    }

    pub(crate) fn gradient(&self) -> Option<AnyTensor> {
        lock(&self.gradient).clone()
    }

    pub(crate) fn set_gradient(&self, gradient: Option<AnyTensor>) {
        *lock(&self.gradient) = gradient;
    }

    pub(crate) fn register_after(&self, hook: Hook) -> HookHandle {
        register(&self.after, 0, hook)
    }

    /// Adds a gradient. Without `create_graph` the sum is made in place, so that a tensor taken out earlier by
    /// `grad()` sees it.
    pub(crate) fn accumulate(&self, node: &NodeRef, gradient: AnyTensor, create_graph: bool) {
        {
            let mut slot = lock(&self.gradient);
            *slot = Some(match slot.take() {
                None => settled(gradient, create_graph),
                Some(old) if create_graph => add_gradients(old, gradient),
                Some(old) => old.add_in_place(gradient),
            });
        }
        for hook in hooks_of(&self.after, 0) {
            hook(&self.value.clone().with_edge(Edge::new(node.clone())));
        }
    }
}

impl Rule for Leaf {
    fn name(&self) -> &str {
        "AccumulateGrad"
    }

    fn edges(&self) -> &[Option<Edge>] {
        &[]
    }

    fn run<'a>(
        &'a self,
        node: &'a NodeRef,
        gradients: Gradients,
        walk: &mut Walk<'a>,
    ) -> Result<(), AutogradError> {
        if let Some(gradient) = gradients.first {
            self.accumulate(node, gradient, walk.create_graph);
        }
        Ok(())
    }

    fn leaf(&self) -> Option<&Leaf> {
        Some(self)
    }
}
