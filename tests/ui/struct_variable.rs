use autodiff::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
fn total(points: &[Point]) -> f64 {
    let mut sum = 0.0;
    for i in 1..points.len() {
        let pair = [points[i - 1], Point { x: 1.0, y: 2.0 }];
        for point in &pair {
            sum += point.x * point.y;
        }
    }
    sum
}

fn main() {}
