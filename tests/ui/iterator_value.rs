use autodiff::differentiable;

#[differentiable]
fn total(x: &[f64]) -> f64 {
    let (values, factor) = (x.iter(), 2.0);
    factor * values.sum::<f64>()
}

fn main() {}
