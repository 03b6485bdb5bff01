use autodiff::differentiable;

#[differentiable]
fn twice(x: f64) -> f64 {
    let double = |y: f64| 2.0 * y;
    double(x)
}

fn main() {}
