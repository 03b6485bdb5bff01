use autodiff::differentiable;

#[differentiable]
fn logarithms(x: &[f64]) -> Vec<f64> {
    x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).collect()
}

fn main() {}
