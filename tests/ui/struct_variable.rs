use autodiff::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
fn total(points: &[Point]) -> f64 {
    let mut sum = 0.0;
    for i in 0..points.len() {
        let point = points[i];
        sum += point.x * point.y;
    }
    sum
}

fn main() {}
