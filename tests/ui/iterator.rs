use autodiff::differentiable;

#[differentiable]
fn total(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for value in x.iter() {
        sum += value;
    }
    sum
}

fn main() {}
