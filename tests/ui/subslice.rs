use autodiff::differentiable;

#[differentiable]
fn second(x: &[f64]) -> f64 {
    let rest = &x[1..];
    rest[0]
}

fn main() {}
