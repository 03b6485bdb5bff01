use autodiff::differentiable;

#[differentiable]
fn product(x: &[f64], y: &[f64]) -> f64 {
    (0..9).map(|i| x[i]).rev().zip(y).map(|(a, b)| a * b).sum()
}

fn main() {}
