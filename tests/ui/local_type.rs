use autodiff::differentiable;

type Real = f64;

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    x * n as Real
}

fn main() {}
