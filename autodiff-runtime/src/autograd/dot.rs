//! Drawing a graph.

use std::collections::HashSet;

use super::node::GradFn;
use crate::tensor::{Element, Tensor};

/// The graph behind `tensors` in the DOT language of Graphviz: operations as boxes, leaves with their names, edges from
/// operands to results. A leaf without a name in `names` shows its shape alone.
///
/// ```
/// use autodiff_runtime::{graph_to_dot, tensor};
///
/// let w = tensor([1.0, 2.0]).require_grad();
/// let dot = graph_to_dot(&[&w.sin().sum()], &[("w", &w)]);
/// assert!(dot.starts_with("digraph"));
/// assert!(dot.contains("SinBackward") && dot.contains("w\\n[2]"));
/// ```
pub fn graph_to_dot<T: Element, U: Element>(
    tensors: &[&Tensor<T>],
    names: &[(&str, &Tensor<U>)],
) -> String {
    let mut text = String::from(
        "digraph {\n  rankdir = BT;\n  node [shape = box, style = filled, fillcolor = \"#eeeeee\", fontname = monospace];\n",
    );
    let mut seen = HashSet::new();
    let mut open: Vec<GradFn> = Vec::new();
    let put = |text: &mut String, line: String| {
        text.push_str("  ");
        text.push_str(&line);
        text.push_str(";\n");
    };
    for (index, tensor) in tensors.iter().enumerate() {
        put(
            &mut text,
            format!(
                "result{index} [label = \"{:?}\", fillcolor = \"#cfe8cf\"]",
                tensor.shape()
            ),
        );
        if let Some(edge) = tensor.gradient_edge() {
            put(&mut text, format!("n{} -> result{index}", edge.0.node.id));
            open.push(edge);
        }
    }
    while let Some(function) = open.pop() {
        let node = &function.0.node;
        if !seen.insert(node.id) {
            continue;
        }
        let mut label = escaped(function.name());
        let mut colour = "";
        if let Some(leaf) = node.rule.leaf() {
            let is_leaf = |tensor: &Tensor<U>| {
                tensor
                    .gradient_edge()
                    .is_some_and(|edge| edge.is_same(&function))
            };
            let name = names
                .iter()
                .find(|(_, tensor)| is_leaf(tensor))
                .map_or("leaf", |(name, _)| name);
            label = format!("{}\\n{:?}", escaped(name), leaf.value().shape());
            colour = ", fillcolor = \"#cfdff5\"";
        }
        put(
            &mut text,
            format!("n{} [label = \"{label}\"{colour}]", node.id),
        );
        for next in function.next_functions().into_iter().flatten() {
            put(&mut text, format!("n{} -> n{}", next.0.node.id, node.id));
            open.push(next);
        }
    }
    text.push_str("}\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
