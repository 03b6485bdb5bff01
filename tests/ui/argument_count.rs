use autodiff::differentiable;

#[differentiable]
fn largest(x: f64, y: f64) -> f64 {
    f64::max(x) + y
}

fn main() {}
