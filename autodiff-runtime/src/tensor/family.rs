//! What an in-place operation does to all handles and views of the tensor that it changes.
//!
//! A tensor value knows the node that made it. An in-place operation makes a newer node for the whole tensor, of which
//! every other handle and view must hear: they share a `Family`, which holds that node and the layout that it is for. A
//! handle or view then stands for a region of the newest whole. Nodes never hold a family, so none keeps itself alive.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Tensor;
use super::element::Element;
use super::layout::Layout;
use super::region::region_of;
use crate::autograd::{Edge, lock};

/// The present place in the graph of a tensor that was changed in place.
#[derive(Debug, Default)]
pub(crate) struct Family {
    changed: AtomicBool,
    current: Mutex<Option<Current>>,
}

#[derive(Debug)]
struct Current {
    whole: Layout,
    edge: Edge,
    /// The places of regions that were asked for since the change, so that hooks and retained gradients of a view are
    /// found again.
    regions: Vec<(Layout, Edge)>,
}

impl<T: Element> Tensor<T> {
    /// The family, where an in-place change may have given this tensor another place in the graph.
    #[inline]
    fn changed(&self) -> Option<&Family> {
        self.family
            .get()
            .map(|family| &**family)
            .filter(|family| family.changed.load(Ordering::Acquire))
    }

    /// Where this tensor's gradient goes.
    #[inline]
    pub(crate) fn edge(&self) -> Option<Edge> {
        match self.changed() {
            None => self.edge.clone(),
            Some(family) => self.edge_in(family),
        }
    }

    /// [`edge`](Self::edge) of a tensor that is given up: without a reference to count.
    #[inline]
    pub(crate) fn take_edge(&mut self) -> Option<Edge> {
        match self.changed() {
            None => self.edge.take(),
            Some(family) => self.edge_in(family),
        }
    }

    /// Whether there is such a place.
    #[inline]
    pub(crate) fn has_edge(&self) -> bool {
        match self.changed() {
            None => self.edge.is_some(),
            Some(family) => self.edge_in(family).is_some(),
        }
    }

    #[cold]
    fn edge_in(&self, family: &Family) -> Option<Edge> {
        let mut current = lock(&family.current);
        let Some(current) = &mut *current else {
            return self.edge.clone();
        };
        // A view that was taken after the change has a younger node than the change.
        if let Some(own) = self
            .edge
            .as_ref()
            .filter(|own| own.node.id > current.edge.node.id)
        {
            return Some(own.clone());
        }
        if current.whole == *self.layout() {
            return Some(current.edge.clone());
        }
        if let Some((_, edge)) = current
            .regions
            .iter()
            .find(|(layout, _)| layout == self.layout())
        {
            return Some(edge.clone());
        }
        let edge = region_of::<T>(
            current.edge.clone(),
            current.whole.clone(),
            self.layout().clone(),
        );
        current.regions.push((self.layout().clone(), edge.clone()));
        Some(edge)
    }

    /// The whole of which this tensor is a view or a handle: its layout and its place in the graph. Without any place in
    /// the graph it is this tensor where that fills the storage, and all of the storage where it does not.
    pub(crate) fn whole(&self) -> (Layout, Option<Edge>) {
        if let Some(family) = self.family.get()
            && let Some(current) = &*lock(&family.current)
        {
            return (current.whole.clone(), Some(current.edge.clone()));
        }
        let Some(edge) = &self.edge else {
            let len = self.storage.read().len();
            let fills = self.layout().is_contiguous() && self.len() == len;
            return (
                if fills {
                    self.layout().clone()
                } else {
                    Layout::contiguous(&[len])
                },
                None,
            );
        };
        let (mut layout, mut edge) = (self.layout(), edge);
        while let Some(base) = edge.node.rule.view_of() {
            layout = base;
            edge = edge.node.rule.edges()[0]
                .as_ref()
                .expect("a view is recorded only of a tensor that requires gradients");
        }
        (layout.clone(), Some(edge.clone()))
    }

    /// Makes `edge` the place in the graph of the whole tensor of which this one is a part.
    pub(crate) fn supersede(&self, whole: Layout, edge: Edge) {
        let family = self.family();
        // The former state is dropped after the lock is released: a graph may hang on it.
        let former = lock(&family.current).replace(Current {
            whole,
            edge,
            regions: Vec::new(),
        });
        drop(former);
        family.changed.store(true, Ordering::Release);
    }
}
