//! Graphs as text and as pictures.

use std::path::Path;

use autodiff::{Tensor, graph_to_dot, graph_to_svg, tensor};

#[test]
fn a_graph_is_drawn_once_however_often_its_parts_are_used() {
    let w = tensor([1.0, 2.0]).require_grad();
    let y = w.sin();
    let sum = (&y * &y).sum();
    let dot = graph_to_dot(&[&sum], &[("w \"q\"", &w)]);
    assert_eq!(dot.matches("SinBackward").count(), 1);
    assert_eq!(dot.matches(" -> ").count(), 5, "{dot}");
    assert!(dot.contains("label = \"w \\\"q\\\"\\n[2]\""), "{dot}");
    assert!(dot.contains("n4 [label = \"[]\""), "{dot}");
    let svg = graph_to_svg(&[&sum], &[("w <&>", &w)]);
    assert_eq!(svg.matches("SinBackward").count(), 1);
    assert_eq!(svg.matches("marker-end").count(), 5, "{svg}");
    assert!(svg.contains("w &lt;&amp;&gt;"), "{svg}");
}

/// The rectangles of the boxes: left, top, right and bottom.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let number = |line: &str, name: &str| -> f64 {
        let (_, rest) = line.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    svg.lines()
        .filter(|line| line.starts_with("<rect x="))
        .map(|line| {
            let [x, y] = ["x", "y"].map(|name| number(line, name));
            [x, y, x + number(line, "width"), y + number(line, "height")]
        })
        .collect()
}

/// A layered network in which everything is connected with everything.
fn tangle() -> Tensor {
    let leaves: Vec<Tensor> = (0..6)
        .map(|i| tensor(f64::from(i)).require_grad())
        .collect();
    let mut layer = leaves.clone();
    for round in 0..4 {
        layer = (0..6)
            .map(|i| (&layer[i] * &layer[(i * 5 + round) % 6]).sin() + &leaves[(i + round) % 6])
            .collect();
    }
    layer.iter().fold(tensor(0.0), |sum, x| sum + x)
}

#[test]
fn boxes_do_not_overlap_and_stay_inside() {
    let svg = graph_to_svg::<f64, f64>(&[&tangle()], &[]);
    let boxes = boxes(&svg);
    assert_eq!(boxes.len(), 6 + 4 * 6 * 3 + 6 + 1);
    let (_, size) = svg.split_once("viewBox=\"0 0 ").unwrap();
    let size: Vec<f64> = size
        .split('"')
        .next()
        .unwrap()
        .split(' ')
        .map(|v| v.parse().unwrap())
        .collect();
    for (i, a) in boxes.iter().enumerate() {
        assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= size[0] && a[3] <= size[1]);
        for b in &boxes[..i] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{a:?} and {b:?}");
        }
    }
}

#[test]
fn two_separate_chains_are_drawn_beside_each_other_without_a_crossing() {
    let (x, y) = (tensor(1.0).require_grad(), tensor(2.0).require_grad());
    let svg = graph_to_svg(&[&x.sin().exp(), &y.cos().exp()], &[("x", &x), ("y", &y)]);
    // Straight lines: every arrow starts and ends at one abscissa.
    for line in svg.lines().filter(|line| line.starts_with("<path d=\"M")) {
        let (_, path) = line.split_once("d=\"M").unwrap();
        let path = path.split('"').next().unwrap();
        let start = path.split(' ').next().unwrap();
        let end: Vec<&str> = path.split(' ').collect();
        assert_eq!(start, end[end.len() - 2], "{path}");
    }
}

#[test]
fn nothing_long_chains_and_untracked_results_are_drawn_too() {
    let none: [&Tensor; 0] = [];
    assert!(graph_to_svg::<f64, f64>(&none, &[]).ends_with("</svg>\n"));
    assert!(graph_to_svg::<f64, f64>(&[&tensor(1.0)], &[]).contains(">[]<"));
    let x = tensor(1.0).require_grad();
    let mut y = x.clone();
    for _ in 0..5000 {
        y = &y * &x;
    }
    let svg = graph_to_svg(&[&y], &[("x", &x)]);
    assert_eq!(svg.matches("MulBackward").count(), 5000);
}

#[test]
fn the_graph_in_the_documentation_is_drawn_by_the_example_beside_it() {
    let x = tensor([[0.5, -1.0]]);
    let w = Tensor::ones(&[3, 2]).require_grad();
    let b = Tensor::zeros(&[3]).require_grad();
    let y = x.linear(&w, Some(&b)).tanh();
    let loss = (&y * &y).mean() + w.square().sum() * 0.01;
    let svg = graph_to_svg(&[&loss], &[("w", &w), ("b", &b)]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("autodiff-runtime/docs/graph.svg");
    if std::env::var_os("AUTODIFF_BLESS").is_some() {
        std::fs::write(&file, &svg).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(
        kept == svg,
        "docs/graph.svg is stale: run with AUTODIFF_BLESS=1"
    );
}
