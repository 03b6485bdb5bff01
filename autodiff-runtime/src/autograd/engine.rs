//! The walk back through the graph.

use std::collections::{BinaryHeap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use super::anomaly::detecting;
use super::error::AutogradError;
use super::mode::set_grad_enabled;
use super::node::{Edge, Gradients, NodeRef};
use crate::tensor::element::AnyTensor;

/// What a walk is asked for.
pub(crate) struct Request {
    /// Where to start.
    pub(crate) roots: Vec<Edge>,
    /// The gradients there.
    pub(crate) starts: Vec<AnyTensor>,
    /// Record the walk itself.
    pub(crate) create_graph: bool,
    /// Keep saved values for another walk.
    pub(crate) retain_graph: bool,
    /// The places whose gradients are wanted; `None` walks to every leaf and adds up there.
    pub(crate) targets: Option<Vec<Edge>>,
}

struct Slot<'a> {
    node: &'a NodeRef,
    gradients: Gradients,
}

/// A walk under way: the nodes that gradients have reached, the youngest to be visited first. The roots, which outlive
/// it, keep all nodes.
pub(crate) struct Walk<'a> {
    /// Larger than that of every earlier walk.
    tag: u64,
    heap: BinaryHeap<(u64, u32)>,
    slots: Vec<Option<Slot<'a>>>,
    free: Vec<u32>,
    /// For each node below the roots, whether a target lies on it or behind it. `None`: every node counts.
    reaches: Option<HashMap<u64, bool>>,
    targets: Vec<(Edge, Option<AnyTensor>)>,
    pub(crate) create_graph: bool,
    pub(crate) retain_graph: bool,
    /// Gradients with NaN end the walk with an error.
    detect_anomaly: bool,
}

static NEXT_WALK: AtomicU64 = AtomicU64::new(1);

/// Walks from the roots and returns the gradient that arrived at each target, `None` where none did.
pub(crate) fn walk(request: Request) -> Result<Vec<Option<AnyTensor>>, AutogradError> {
    let Request {
        roots,
        starts,
        create_graph,
        retain_graph,
        targets,
    } = request;
    let reaches = targets
        .as_ref()
        .map(|targets| reachability(&roots, targets));
    let mut walk = Walk {
        tag: NEXT_WALK.fetch_add(1, Ordering::Relaxed),
        heap: BinaryHeap::new(),
        slots: Vec::new(),
        free: Vec::new(),
        reaches,
        targets: targets
            .into_iter()
            .flatten()
            .map(|edge| (edge, None))
            .collect(),
        create_graph,
        retain_graph,
        detect_anomaly: detecting(),
    };
    set_grad_enabled(create_graph, || {
        for (edge, gradient) in roots.iter().zip(starts) {
            walk.add(edge, gradient);
        }
        while let Some((_, slot)) = walk.heap.pop() {
            let entry = walk.slots[slot as usize]
                .take()
                .expect("a slot on the heap is filled");
            walk.free.push(slot);
            walk.visit(entry)?;
        }
        Ok(())
    })?;
    Ok(walk
        .targets
        .into_iter()
        .map(|(_, gradient)| gradient)
        .collect())
}

impl<'a> Walk<'a> {
    /// Whether the gradient along `edge` is asked for.
    pub(crate) fn wants(&self, edge: &Edge) -> bool {
        self.reaches
            .as_ref()
            .is_none_or(|reaches| reaches.get(&edge.node.id).copied().unwrap_or(false))
    }

    /// Hands over the gradient of input `input` of the node `from`.
    pub(crate) fn give(
        &mut self,
        from: &NodeRef,
        input: usize,
        edge: &'a Edge,
        mut gradient: AnyTensor,
    ) -> Result<(), AutogradError> {
        if let Some(extras) = from.extras.get() {
            gradient = extras.apply_to_input(input as u32, gradient);
        }
        if self.detect_anomaly && gradient.has_nan() {
            return Err(AutogradError::Anomaly {
                node: from.rule.name().to_owned(),
                input,
            });
        }
        self.add(edge, gradient);
        Ok(())
    }

    /// Adds a gradient to what has arrived at an edge.
    fn add(&mut self, edge: &'a Edge, gradient: AnyTensor) {
        let index = self.slot_of(&edge.node);
        let slot = self.slots[index]
            .as_mut()
            .expect("the slot of a waiting node is filled");
        let arrived = slot.gradients.slot(edge.output());
        *arrived = Some(match arrived.take() {
            None => gradient,
            Some(before) => add_gradients(before, gradient),
        });
    }

    /// The slot of a node, put on the heap if it was not yet.
    fn slot_of(&mut self, node: &'a NodeRef) -> usize {
        let holds =
            |slot: &Option<Slot<'a>>| slot.as_ref().is_some_and(|slot| slot.node.same(node));
        // Marks only grow, so a node with an older mark has not been met by this walk. A newer mark is that of a walk
        // running at the same time, which may have covered the one of this walk.
        let mark = node.mark.walk.load(Ordering::Relaxed);
        if mark >= self.tag {
            let guess = node.mark.slot.load(Ordering::Relaxed) as usize;
            if self.slots.get(guess).is_some_and(holds) {
                return guess;
            }
            if let Some(found) = self.slots.iter().position(holds) {
                return found;
            }
        }
        let slot = Some(Slot {
            node,
            gradients: Gradients::default(),
        });
        let index = match self.free.pop() {
            Some(index) => {
                self.slots[index as usize] = slot;
                index
            }
            None => {
                self.slots.push(slot);
                (self.slots.len() - 1) as u32
            }
        };
        node.mark.walk.fetch_max(self.tag, Ordering::Relaxed);
        node.mark.slot.store(index, Ordering::Relaxed);
        self.heap.push((node.id, index));
        index as usize
    }

    fn visit(&mut self, slot: Slot<'a>) -> Result<(), AutogradError> {
        let Slot {
            node,
            mut gradients,
        } = slot;
        if let Some(extras) = node.extras.get() {
            for (output, arrived) in std::iter::once(&mut gradients.first)
                .chain(&mut gradients.rest)
                .enumerate()
            {
                if let Some(gradient) = arrived.take() {
                    let gradient = extras.apply(output as u32, gradient);
                    extras.update_retained(output as u32, |_| Some(gradient.clone()));
                    *arrived = Some(gradient);
                }
            }
        }
        let targets = self.reaches.is_some();
        if targets {
            for (edge, captured) in self
                .targets
                .iter_mut()
                .filter(|(edge, _)| edge.node.same(node))
            {
                *captured = gradients.slot(edge.output()).clone();
            }
            let goes_on = node
                .rule
                .edges()
                .iter()
                .flatten()
                .any(|edge| self.wants(edge));
            if !goes_on {
                return Ok(());
            }
        }
        node.rule.run(node, gradients, self)
    }
}

/// For every node below the roots, whether one of the targets lies on it or behind it. Iterative, since a graph may be a
/// million nodes deep.
fn reachability(roots: &[Edge], targets: &[Edge]) -> HashMap<u64, bool> {
    // Nodes point at older ones only, so nothing below the oldest target can reach one.
    let oldest = targets
        .iter()
        .map(|edge| edge.node.id)
        .min()
        .unwrap_or(u64::MAX);
    let mut reaches: HashMap<u64, bool> = targets.iter().map(|edge| (edge.node.id, true)).collect();
    // Targets may point at each other, so they are walked like all others.
    let mut open: Vec<(&NodeRef, usize)> = Vec::new();
    let mut entered: std::collections::HashSet<u64> = std::collections::HashSet::new();
    for root in roots {
        if entered.insert(root.node.id) {
            open.push((&root.node, 0));
        }
        while let Some((node, next)) = open.last_mut() {
            let node = *node;
            match node.rule.edges().get(*next) {
                Some(edge) => {
                    *next += 1;
                    if let Some(edge) = edge
                        && edge.node.id >= oldest
                        && entered.insert(edge.node.id)
                    {
                        open.push((&edge.node, 0));
                    }
                }
                None => {
                    let found = node
                        .rule
                        .edges()
                        .iter()
                        .flatten()
                        .any(|edge| reaches.get(&edge.node.id) == Some(&true));
                    *reaches.entry(node.id).or_insert(false) |= found;
                    open.pop();
                }
            }
        }
    }
    reaches
}

/// The sum of two gradients that nobody else needs any more: made in place where recording is off and one of them is
/// held by nobody else.
pub(crate) fn add_gradients(a: AnyTensor, b: AnyTensor) -> AnyTensor {
    match (a, b) {
        (AnyTensor::F32(a), AnyTensor::F32(b)) => AnyTensor::F32(a.add_gradient(b)),
        (AnyTensor::F64(a), AnyTensor::F64(b)) => AnyTensor::F64(a.add_gradient(b)),
        _ => unreachable!("both gradients of one output have its element type"),
    }
}

/// A gradient in the form in which a leaf keeps it: with memory of its own, since later ones are added in place.
pub(crate) fn settled(gradient: AnyTensor, create_graph: bool) -> AnyTensor {
    match gradient {
        AnyTensor::F32(g) => AnyTensor::F32(g.settled(create_graph)),
        AnyTensor::F64(g) => AnyTensor::F64(g.settled(create_graph)),
        other => other,
    }
}
