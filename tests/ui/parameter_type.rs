use autodiff::differentiable;

#[differentiable]
fn doubled(x: Box<f64>) -> f64 {
    2.0 * *x
}

fn main() {}
