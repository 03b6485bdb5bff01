use autodiff::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Model {
    weight: f64,
    count: usize,
}

// Nothing says that the weight is a number with a derivative.
#[differentiable]
fn narrowed(model: &Model, x: f64) -> f64 {
    model.weight as f32 as f64 * x + model.count as f64
}

fn main() {}
