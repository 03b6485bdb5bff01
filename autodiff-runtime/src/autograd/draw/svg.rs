//! A graph as a picture.

use std::fmt::Write as _;

use super::layout::place;
use super::{Drawing, Kind};
use crate::tensor::{Element, Tensor};

/// The width of a letter of the font, in its size.
const LETTER: f64 = 7.3;
const LINE: f64 = 15.0;
/// What a box is wider and higher than its label.
const ROOM: [f64; 2] = [16.0, 9.0];
/// From one layer to the next.
const STEP: f64 = 62.0;
const MARGIN: f64 = 10.0;

/// The graph behind `tensors` as an image in the SVG format, with leaves on top (blue, with the names that `names` gives
/// them), operations below what they were computed from, and results (green) at the bottom.
///
/// ```
/// use autodiff_runtime::{Tensor, graph_to_svg, tensor};
///
/// let x = tensor([[0.5, -1.0]]);
/// let w = Tensor::ones(&[3, 2]).require_grad();
/// let b = Tensor::zeros(&[3]).require_grad();
/// let y = x.linear(&w, Some(&b)).tanh();
/// let loss = (&y * &y).mean() + w.square().sum() * 0.01;
/// let svg = graph_to_svg(&[&loss], &[("w", &w), ("b", &b)]);
/// assert!(svg.starts_with("<svg") && svg.contains("TanhBackward"));
/// ```
///
/// This is that graph:
///
#[doc = include_str!("../../../docs/graph.svg")]
pub fn graph_to_svg<T: Element, U: Element>(
    tensors: &[&Tensor<T>],
    names: &[(&str, &Tensor<U>)],
) -> String {
    let drawing = Drawing::of(tensors, names);
    let letters = |line: &String| line.chars().count();
    let width = |label: &Vec<String>| {
        label.iter().map(letters).max().unwrap_or_default() as f64 * LETTER + ROOM[0]
    };
    let height = |label: &Vec<String>| label.len() as f64 * LINE + ROOM[1];
    let widths: Vec<f64> = drawing
        .items
        .iter()
        .map(|item| width(&item.label))
        .collect();
    let placed = place(&drawing, &widths);
    let layers = placed.centres.iter().map(|&(_, layer)| layer).max();
    let [across, down] = [
        placed.extent + 2.0 * MARGIN,
        layers.unwrap_or_default() as f64 * STEP + STEP / 2.0 + 2.0 * MARGIN,
    ];
    let x = |x: f64| x + MARGIN;
    let y = |layer: usize| layer as f64 * STEP + STEP / 4.0 + MARGIN;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{across:.0}\" height=\"{down:.0}\" viewBox=\"0 0 {across:.0} {down:.0}\" font-family=\"monospace\" font-size=\"12\" text-anchor=\"middle\">\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (route, &(from, to)) in placed.routes.iter().zip(&drawing.arrows) {
        let mut path = String::new();
        for (i, &(across, layer)) in route.iter().enumerate() {
            let edge = if i == 0 {
                height(&drawing.items[from].label) / 2.0
            } else if i == route.len() - 1 {
                -height(&drawing.items[to].label) / 2.0
            } else {
                0.0
            };
            let (px, py) = (x(across), y(layer) + edge);
            // Curves leave and arrive vertically, so that they join smoothly at bends.
            let written = match i {
                0 => write!(path, "M{px:.1} {py:.1}"),
                1 => {
                    let first = route[0];
                    let top = y(first.1) + height(&drawing.items[from].label) / 2.0;
                    let middle = (top + py) / 2.0;
                    write!(
                        path,
                        "C{:.1} {middle:.1} {px:.1} {middle:.1} {px:.1} {py:.1}",
                        x(first.0)
                    )
                }
                _ => write!(path, "S{px:.1} {:.1} {px:.1} {py:.1}", py - STEP / 3.0),
            };
            written.expect("writing to a string does not fail");
        }
        text += &format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"#555\" marker-end=\"url(#arrow)\"/>\n"
        );
    }
    for (item, &(across, layer)) in drawing.items.iter().zip(&placed.centres) {
        let colour = match item.kind {
            Kind::Leaf => "#cfdff5",
            Kind::Operation => "#eeeeee",
            Kind::Result => "#cfe8cf",
        };
        let (width, height) = (width(&item.label), height(&item.label));
        let (cx, cy) = (x(across), y(layer));
        text += &format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"3\" fill=\"{colour}\" stroke=\"#555\"/>\n",
            cx - width / 2.0,
            cy - height / 2.0
        );
        for (i, line) in item.label.iter().enumerate() {
            let baseline = cy - height / 2.0 + ROOM[1] / 2.0 + (i as f64 + 0.75) * LINE;
            text += &format!(
                "<text x=\"{cx:.1}\" y=\"{baseline:.1}\">{}</text>\n",
                escaped(line)
            );
        }
    }
    text + "</svg>\n"
}

/// Text between tags. Control characters, which the format does not permit, become blanks; so does the end of a line,
/// since an empty line would end the image inside of documentation.
fn escaped(text: &str) -> String {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(blank).collect();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
