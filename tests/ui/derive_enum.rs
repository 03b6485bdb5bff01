use autodiff::Differentiable;

#[derive(Differentiable)]
enum Shape {
    Circle(f64),
    Square(f64),
}

// What uses the enum raises nothing more.
#[derive(Differentiable)]
struct Part {
    shape: Shape,
    mass: f64,
}

fn main() {}
