//! A graph in the language of Graphviz.

use super::{Drawing, Kind};
use crate::tensor::{Element, Tensor};

/// The graph behind `tensors` in the DOT language of Graphviz: operations as boxes, leaves with their names, edges from
/// operands to results. A leaf without a name in `names` shows its shape alone. [`graph_to_svg`](super::graph_to_svg)
/// draws the same without Graphviz.
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
    let drawing = Drawing::of(tensors, names);
    let mut text = String::from(
        "digraph {\n  node [shape = box, style = filled, fillcolor = \"#eeeeee\", fontname = monospace];\n",
    );
    for (index, item) in drawing.items.iter().enumerate() {
        let colour = match item.kind {
            Kind::Leaf => ", fillcolor = \"#cfdff5\"",
            Kind::Operation => "",
            Kind::Result => ", fillcolor = \"#cfe8cf\"",
        };
        let lines: Vec<String> = item.label.iter().map(|line| escaped(line)).collect();
        let label = lines.join("\\n");
        text.push_str(&format!("  n{index} [label = \"{label}\"{colour}];\n"));
    }
    for (from, to) in &drawing.arrows {
        text.push_str(&format!("  n{from} -> n{to};\n"));
    }
    text.push_str("}\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
