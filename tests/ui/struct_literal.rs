use autodiff::differentiable;

enum Shape {
    Circle { radius: f64 },
}

#[differentiable]
fn area(radius: f64) -> f64 {
    let shape = Shape::Circle { radius };
    let Shape::Circle { radius } = shape;
    radius * radius
}

fn main() {}
