use autodiff::differentiable;

#[differentiable]
fn scaled(x: f64, weight: impl FnOnce() -> f64) -> f64 {
    x * x * weight()
}

#[differentiable]
fn summed(x: f64, weight: Box<dyn Fn(usize) -> f64>) -> f64 {
    x * weight(0) + x * x * weight(1)
}

fn main() {}
