use autodiff::differentiable;

struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
fn area(x: f64, y: f64) -> f64 {
    let corner = Point { x, y };
    corner.x * corner.y
}

fn main() {}
