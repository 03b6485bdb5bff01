use autodiff::differentiable;

fn lookup(n: usize) -> Result<f64, usize> {
    if n > 2 { Err(n) } else { Ok(2.0) }
}

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    match lookup(n) {
        Ok(scale) => scale * x,
        Err(_) => x,
    }
}

fn main() {}
