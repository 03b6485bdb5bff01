use autodiff::differentiable;

#[differentiable(default)]
struct Model {
    weight: f64,
}

fn main() {}
