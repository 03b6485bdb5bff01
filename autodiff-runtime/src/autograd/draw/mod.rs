//! Drawing a graph: what is collected here, [`dot`] writes for Graphviz and [`svg`] draws as [`layout`] lays it out.

mod dot;
mod layout;
mod svg;

pub use dot::graph_to_dot;
pub use svg::graph_to_svg;

use std::collections::HashMap;

use super::node::GradFn;
use crate::tensor::{Element, Tensor};

/// What a box of a drawing stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Leaf,
    Operation,
    Result,
}

/// A box of a drawing.
#[derive(Debug)]
struct Item {
    kind: Kind,
    /// The lines of its label.
    label: Vec<String>,
}

/// The boxes of a drawing, each behind what it was computed from, and its arrows, from operands to results.
#[derive(Debug, Default)]
struct Drawing {
    items: Vec<Item>,
    arrows: Vec<(usize, usize)>,
}

impl Drawing {
    /// What stands behind `tensors`. Leaves have the names of `names`, or none.
    fn of<T: Element, U: Element>(tensors: &[&Tensor<T>], names: &[(&str, &Tensor<U>)]) -> Self {
        let mut found: HashMap<u64, GradFn> = HashMap::new();
        let mut open: Vec<GradFn> = tensors.iter().filter_map(|t| t.gradient_edge()).collect();
        while let Some(function) = open.pop() {
            let id = function.0.node.id;
            if found.contains_key(&id) {
                continue;
            }
            open.extend(function.next_functions().into_iter().flatten());
            found.insert(id, function);
        }
        // The numbers of nodes grow from operands to results.
        let mut ids: Vec<u64> = found.keys().copied().collect();
        ids.sort_unstable();
        let places: HashMap<u64, usize> = ids.iter().enumerate().map(|(i, &id)| (id, i)).collect();
        let mut drawing = Self::default();
        for (place, id) in ids.iter().enumerate() {
            let function = &found[id];
            drawing.items.push(item(function, names));
            let operands = function.next_functions().into_iter().flatten();
            drawing
                .arrows
                .extend(operands.map(|operand| (places[&operand.0.node.id], place)));
        }
        for tensor in tensors {
            if let Some(edge) = tensor.gradient_edge() {
                drawing
                    .arrows
                    .push((places[&edge.0.node.id], drawing.items.len()));
            }
            drawing.items.push(Item {
                kind: Kind::Result,
                label: vec![format!("{:?}", tensor.shape())],
            });
        }
        drawing
    }
}

/// The box of a node.
fn item<U: Element>(function: &GradFn, names: &[(&str, &Tensor<U>)]) -> Item {
    let Some(leaf) = function.0.node.rule.leaf() else {
        return Item {
            kind: Kind::Operation,
            label: vec![function.name().to_owned()],
        };
    };
    let is_leaf = |tensor: &Tensor<U>| {
        tensor
            .gradient_edge()
            .is_some_and(|edge| edge.is_same(function))
    };
    let named = names.iter().find(|(_, tensor)| is_leaf(tensor));
    Item {
        kind: Kind::Leaf,
        label: vec![
            named.map_or("leaf", |(name, _)| name).to_owned(),
            format!("{:?}", leaf.value().shape()),
        ],
    }
}
