use autodiff::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
fn mirrored(points: &[Point]) -> f64 {
    let mirrored: Vec<Point> = points
        .iter()
        .map(|point| Point {
            x: -point.x,
            ..*point
        })
        .collect();
    mirrored[0].x
}

fn main() {}
