use autodiff::differentiable;

fn lookup(n: usize) -> Option<f64> {
    if n > 2 { None } else { Some(2.0) }
}

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    match lookup(n) {
        Some(scale) => scale * x,
        None => x,
    }
}

fn main() {}
