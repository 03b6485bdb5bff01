use autodiff::differentiable;

#[differentiable]
fn pick(x: f64, n: usize, m: usize) -> f64 {
    match (n, (m, n + m)) {
        (0, (k, 5) | (5, k)) => x * k as f64,
        _ => x,
    }
}

fn main() {}
