use autodiff::differentiable;

fn helper(x: f64) -> f64 {
    x.sin()
}

#[differentiable]
fn composed(x: f64) -> f64 {
    helper(x) * x
}

fn main() {}
