use autodiff::differentiable;

fn small(n: usize) -> Vec<f64> {
    vec![1.0; n]
}

fn large(n: usize) -> Vec<f64> {
    vec![2.0; n]
}

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    x * (if n < 9 { small(n) } else { large(n) }).len() as f64
}

fn main() {}
