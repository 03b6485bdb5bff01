use autodiff::differentiable;

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    x * n.overflowing_sub(1).0 as f64
}

fn main() {}
